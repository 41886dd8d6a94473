//! A recording that is looked at: where one stands, and what clients may ask more of.

use air_interpreter::Value;
use air_interpreter::recorder::Iteration;
use air_semantics::hir::InstrId;
use air_simulation::recording::{Change, MomentId, Recording, record};

use super::breakpoints::Breakpoint;
use super::launch::Launched;
use super::message::Refusal;
use super::places::{Origin, Places};

/// A run that is looked at.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) recording: Recording,
    pub(super) places: Places,
    /// The script's file, as the client names it.
    pub(super) path: Option<String>,
    /// Answers that were changed by hand.
    pub(super) changes: Vec<Change>,
    /// Where one stands.
    pub(super) at: MomentId,
    /// Single steps that led here: each undoes itself, wherever it came from.
    pub(super) trail: Vec<(MomentId, MomentId)>,
    /// Those of lines, functions, data and errors.
    pub(super) breakpoints: Vec<Breakpoint>,
    pub(super) next_breakpoint: u64,
    /// Frames that the client knows; valid until it moves.
    pub(super) frames: Vec<Place>,
    /// What can be opened; likewise.
    pub(super) opened: Vec<Opened>,
    /// Whether the end was announced.
    pub(super) told_end: bool,
}

/// What a frame stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) at: MomentId,
    pub(super) instr: Option<InstrId>,
    pub(super) iterations: Vec<Iteration>,
}

/// What has variables in it.
#[derive(Debug, Clone)]
pub(super) enum Opened {
    /// Scalars and canons of a frame.
    Values(Place),
    /// Its streams and maps.
    Streams(Place),
    Particle(MomentId),
    Errors(MomentId),
    Kept(MomentId),
    OnItsWay(MomentId),
    /// A value that was bound at a moment.
    Bound(MomentId),
    /// A stream: the moments at which its values were bound.
    Stream(Vec<MomentId>),
    /// Where the value comes from.
    From(MomentId),
    /// A part of a value.
    Part(Value),
    /// An error.
    Failure(MomentId),
}

/// More steps are not remembered one by one.
const MAX_TRAIL: usize = 10_000;

impl Session {
    /// Runs and records.
    pub(super) fn start(launched: Launched, origin: Origin) -> Result<Session, Refusal> {
        let Launched { request, path } = launched;
        let recording = record(&request).map_err(|problem| Refusal(problem.message))?;
        Ok(Session {
            places: Places::new(&request.run.text, origin),
            at: recording.first(),
            recording,
            path,
            changes: request.changes,
            trail: Vec::new(),
            breakpoints: Vec::new(),
            next_breakpoint: 1,
            frames: Vec::new(),
            opened: Vec::new(),
            told_end: false,
        })
    }

    /// Stands somewhere else from now on.
    pub(super) fn go(&mut self, at: MomentId) {
        self.at = at;
        self.frames.clear();
        self.opened.clear();
    }

    /// A step that is undone by the step back.
    pub(super) fn stepped(&mut self, at: MomentId) {
        if self.trail.len() < MAX_TRAIL {
            self.trail.push((self.at, at));
        }
        self.go(at);
    }

    /// What something that has variables in it is called.
    pub(super) fn open(&mut self, opened: Opened) -> u32 {
        self.opened.push(opened);
        u32::try_from(self.opened.len()).unwrap_or(u32::MAX)
    }

    /// The frame of this number; without one, that of the moment where one stands.
    pub(super) fn place(&self, frame: Option<u64>) -> Result<Place, Refusal> {
        let Some(frame) = frame else {
            let instr = self.recording.instr_of(self.at);
            let iterations = self.recording.iterations_of(self.at).to_vec();
            return Ok(Place { at: self.at, instr, iterations });
        };
        let at = usize::try_from(frame).ok().and_then(|frame| frame.checked_sub(1));
        let place = at.and_then(|at| self.frames.get(at)).cloned();
        place.ok_or_else(|| Refusal(format!("there is no frame {frame}: the debugger has moved since")))
    }

    /// The moment that a thread shows.
    pub(super) fn moment_of(&self, thread: u64) -> Result<MomentId, Refusal> {
        let peer = usize::try_from(thread).ok().and_then(|thread| thread.checked_sub(1));
        let peer = peer.filter(|peer| *peer < self.recording.peers().len());
        let at = peer.and_then(|peer| self.recording.at_of_peer(peer, self.at));
        at.ok_or_else(|| Refusal(format!("there is no thread {thread} yet")))
    }

    pub(super) fn thread(&self) -> u64 {
        self.recording.peer_of(self.at) as u64 + 1
    }
}
