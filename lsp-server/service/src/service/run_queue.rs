//! Which runs are under way. A run that ends soon does not wait for one that does not.
//!
//! How long a script runs is known once it has run. So each run begins among the short ones, where it may take
//! [`SHORT_RUN`]. One that needs longer is ended there and begun anew among the long ones: a run is a function of its
//! request, so the first try leaves nothing behind.
//!
//! What takes longer than that, or has to wait, is shown: as a lens that stops it, and as a progress.

use core::time::Duration;
use std::collections::{HashMap, VecDeque};

use serde_json::{Value, json};

use super::Service;
use super::lifecycle::PendingRequest;
use crate::event::{Event, Finished, JobResult};
use crate::file_url::percent_decoded;
use crate::host::Lane;
use crate::json::Json;
use crate::lsp::{self, Error, Id, Url};
use crate::results::RunState;
use crate::routes::Route;
use crate::snapshot::{Snapshot, TimeSlice};

/// What a run may take before others are let in: people hardly notice it, and nearly every script needs less.
const SHORT_RUN: Duration = Duration::from_millis(250);

/// Runs of a lane at once. Two, because one that was stopped may take some milliseconds to notice.
const PLACES: usize = 2;

/// Runs that wait, and runs that are under way.
#[derive(Debug, Default)]
pub(super) struct RunQueue {
    short: Line,
    long: Line,
    /// What the client was told to look at, by its serial number.
    shown: HashMap<u64, RunState>,
}

/// Of one lane.
#[derive(Debug, Default)]
struct Line {
    waiting: VecDeque<Turn>,
    /// Those that were stopped keep their places until they have noticed.
    going: Vec<Turn>,
}

/// A run and all that it needs.
#[derive(Debug, Clone)]
pub(super) struct Turn {
    pub id: Id,
    pub serial: u64,
    pub route: &'static Route,
    pub snapshot: Snapshot,
    pub params: Value,
    /// Whether results of an earlier run were shown when it came.
    pub hides: bool,
}

impl Turn {
    fn uri(&self) -> &Url {
        &self.snapshot.document.uri
    }

    fn stopped(&self) -> bool {
        self.snapshot.stop.is_set()
    }
}

impl RunQueue {
    /// How far the run of a document is, if it has one.
    pub(super) fn state(&self, uri: &Url) -> Option<RunState> {
        let lines = [&self.short, &self.long];
        let of = |turn: &&Turn| turn.uri() == uri && !turn.stopped();
        let going = lines.iter().flat_map(|line| &line.going).any(|turn| of(&turn));
        let waiting = lines.iter().flat_map(|line| &line.waiting).any(|turn| of(&turn));
        match (going, waiting) {
            (true, _) => Some(RunState::Running),
            (_, true) => Some(RunState::Queued),
            _ => None,
        }
    }

    /// Whether the run of a document has to do with sample data.
    pub(super) fn reads_sample(&self, uri: &Url) -> bool {
        let lines = [&self.short, &self.long];
        let mut turns = lines.into_iter().flat_map(|line| line.waiting.iter().chain(&line.going));
        turns.any(|turn| {
            turn.uri() == uri && turn.params.get("sample").and_then(Value::as_bool) != Some(false)
        })
    }

    /// A run that there is a place for.
    fn next(&mut self) -> Option<(Lane, Turn)> {
        for (lane, line) in [(Lane::Run, &mut self.short), (Lane::LongRun, &mut self.long)] {
            line.waiting.retain(|turn| !turn.stopped());
            if line.going.len() < PLACES
                && let Some(turn) = line.waiting.pop_front()
            {
                line.going.push(turn.clone());
                return Some((lane, turn));
            }
        }
        None
    }

    fn ended(&mut self, serial: u64) -> Option<Turn> {
        [&mut self.short, &mut self.long].into_iter().find_map(|line| {
            let at = line.going.iter().position(|turn| turn.serial == serial)?;
            Some(line.going.swap_remove(at))
        })
    }

    /// Runs that are worth showing: all but those that may be over before they are seen.
    fn worth_showing(&self) -> impl Iterator<Item = (&Turn, RunState)> {
        let waiting =
            self.short.waiting.iter().chain(&self.long.waiting).map(|turn| (turn, RunState::Queued));
        let going = self.long.going.iter().map(|turn| (turn, RunState::Running));
        let known = self.short.going.iter().filter(|turn| self.shown.contains_key(&turn.serial));
        let known = known.map(|turn| (turn, RunState::Running));
        waiting.chain(going).chain(known).filter(|(turn, _)| !turn.stopped())
    }
}

impl Service {
    /// Begins it as soon as there is a place for it.
    pub(super) fn enqueue_run(&mut self, turn: Turn) {
        self.runs.short.waiting.push_back(turn);
    }

    /// Fills the places, and shows what is under way. After each event, which may have ended a run in many ways.
    pub(super) fn start_runs(&mut self) {
        while let Some((lane, turn)) = self.runs.next() {
            self.start_run(lane, turn);
        }
        if !self.runs.shown.is_empty() || self.runs.worth_showing().next().is_some() {
            self.show_runs();
        }
    }

    fn start_run(&self, lane: Lane, turn: Turn) {
        let Turn { id, serial, route, mut snapshot, params, .. } = turn;
        snapshot.slice = TimeSlice::new((lane == Lane::Run).then_some(SHORT_RUN));
        self.host.jobs.run(
            lane,
            Box::new(move || {
                // Cancelled before it began: answered long ago.
                let result = match snapshot.check_cancelled() {
                    Ok(()) => route.run_guarded(&snapshot, params),
                    Err(error) => Ok(Err(error)),
                };
                let used_up = snapshot.slice.is_used_up();
                Some(Event::Job(JobResult(Finished::Run { id, serial, used_up, result })))
            }),
        );
    }

    /// A run has come to its end, or to that of its time among the short ones.
    pub(super) fn run_ended(
        &mut self,
        id: &Id,
        serial: u64,
        used_up: bool,
        result: Result<lsp::Result<Json>, String>,
    ) {
        match self.runs.ended(serial) {
            Some(turn) if used_up && !turn.stopped() => self.runs.long.waiting.push_back(turn),
            _ => self.done(id, serial, result),
        }
    }

    /// Has the client look at what has changed since it looked last.
    fn show_runs(&mut self) {
        let now: Vec<(Turn, RunState)> =
            self.runs.worth_showing().map(|(turn, state)| (turn.clone(), state)).collect();
        let now_shown: HashMap<u64, RunState> =
            now.iter().map(|(turn, state)| (turn.serial, *state)).collect();
        let mut changed = self.runs.shown.keys().any(|serial| !now_shown.contains_key(serial));
        for (turn, state) in now {
            let before = self.runs.shown.get(&turn.serial).copied();
            match before {
                Some(shown) if shown == state => continue,
                // What an earlier run showed is gone.
                None if turn.hides => self.results_changed(turn.uri()),
                _ => changed = true,
            }
            self.show_progress(&turn, before, state);
        }
        self.runs.shown = now_shown;
        if changed {
            self.refresh_lenses();
        }
    }

    /// A run has ended by itself, and the client was told.
    pub(super) fn run_shown(&mut self, serial: u64) {
        self.runs.shown.remove(&serial);
    }

    fn show_progress(&mut self, turn: &Turn, before: Option<RunState>, state: RunState) {
        let serial = turn.serial;
        match self.flights.progress(&turn.id, serial) {
            Some(token) if before.is_some() || state == RunState::Queued => {
                let value = json!({ "kind": "report", "message": state.word() });
                self.outbox.notify("$/progress", json!({ "token": token, "value": value }));
            }
            // Once: the client may not have agreed yet.
            None if before.is_none() && self.client.work_done_progress => {
                let about = PendingRequest::RunProgress(serial);
                let token = run_token(serial);
                self.ask("window/workDoneProgress/create", json!({ "token": token }), Some(about));
            }
            _ => {}
        }
    }

    /// The client will show the progress, if the run still goes on.
    pub(super) fn run_progress_agreed(&mut self, serial: u64) {
        let Some(uri) = self.flights.begin_progress(serial, run_token(serial).into()) else { return };
        let state = self.runs.state(&uri);
        let mut value = run_progress(&uri);
        if let (Some(value), Some(RunState::Queued)) = (value.as_object_mut(), state) {
            value.insert("message".to_owned(), RunState::Queued.word().into());
        }
        self.outbox.notify("$/progress", json!({ "token": run_token(serial), "value": value }));
    }

    /// The client's user has pressed the button of a progress.
    pub(super) fn cancel_progress(&mut self, params: lsp::WorkDoneProgressCancelParams) {
        let token = serde_json::to_value(params.token).unwrap_or_default();
        if let Some(flight) = self.flights.take_progress(&token) {
            self.say(lsp::MessageType::INFO, "stopped on request");
            self.land(flight, Err(Error::request_cancelled()));
        }
    }
}

/// Of the progress that the server itself begins for a run.
fn run_token(serial: u64) -> String {
    format!("air-run-{serial}")
}

/// Where a progress begins.
pub(super) fn run_progress(uri: &Url) -> Value {
    let name = uri.path().rsplit('/').next().unwrap_or_default();
    let name = percent_decoded(name).unwrap_or_else(|| name.to_owned());
    json!({ "kind": "begin", "title": format!("Running {name}"), "cancellable": true })
}
