//! What is around a moment: instructions, and behind them the events that led to it.

use air_interpreter::recorder::Iteration;
use air_semantics::hir::{InstrId, InstrKind};

use super::moment::{MomentId, MomentKind};
use super::record::Recording;
use super::tape::Waited;
use crate::report::EventKind;

/// An instruction that is running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The instruction.
    pub instr: InstrId,
    /// The element that each fold around it stands on, outermost first; of a fold its own element too.
    pub iterations: Vec<Iteration>,
}

/// Why something ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// The event that began here.
    pub event: u64,
    /// What made it happen: the call that sent the particle or asked for the answer.
    pub moment: MomentId,
    /// One line.
    pub text: String,
}

/// Causes behind a moment.
const MAX_CAUSES: usize = 100;

impl Recording {
    /// The instruction of a moment and those around it, innermost first. A `seq` is left out: it says nothing.
    pub fn stack(&self, at: MomentId) -> Vec<Frame> {
        let moment = self.moment(at);
        let iterations = self.iterations_at(&moment);
        let mut frames = Vec::new();
        let mut around = self.instr_of(at);
        // Folds that are around what is looked at now.
        let mut folds = iterations.len();
        while let Some(instr) = around {
            let kind = self.hir().instr(instr).map(|instr| instr.kind);
            while folds
                .checked_sub(1)
                .and_then(|last| iterations.get(last))
                .is_some_and(|last| last.fold != instr && !self.contains(last.fold, instr))
            {
                folds -= 1;
            }
            if frames.is_empty() || kind != Some(InstrKind::Seq) {
                let iterations = iterations.get(..folds).unwrap_or_default().to_vec();
                frames.push(Frame { instr, iterations });
            }
            if iterations.get(folds.wrapping_sub(1)).is_some_and(|last| last.fold == instr) {
                folds -= 1;
            }
            around = self.parent(instr);
        }
        frames
    }

    /// The events that led to a moment, the last one first.
    pub fn causes(&self, at: MomentId) -> Vec<Cause> {
        let mut causes = Vec::new();
        let mut event = self.invocation_of(at).map(|invocation| invocation.event);
        while let Some(number) = event.take()
            && causes.len() < MAX_CAUSES
        {
            let found = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
            let Some(found) = found.and_then(|at| self.report.events.get(at)) else { break };
            let Some(cause) = found.causes.last().copied() else { break };
            let Some(begins) = self.of_event.get(&number) else { break };
            let begins = MomentId(self.moments_of(*begins as usize).start);
            let Some(peer) = found.peer.as_deref() else { break };
            let (moment, text) = match (found.kind, &found.from) {
                (EventKind::Delivery, Some(from)) => {
                    let text = format!("event {number}: the particle came from {from} to {peer}");
                    (self.sender_of(begins), text)
                }
                _ => {
                    let asked = found.answers.last().and_then(|id| self.request_of(cause, *id));
                    let what = asked.and_then(|at| self.asked(at)).map_or_else(String::new, |asked| {
                        let request = &asked.request;
                        format!(" of {}.{}", request.service_id, request.function_name)
                    });
                    (asked, format!("event {number}: {peer} got the answer{what}"))
                }
            };
            let Some(moment) = moment.filter(|moment| *moment < begins) else { break };
            causes.push(Cause { event: number, moment, text });
            event = Some(cause);
        }
        causes
    }

    /// Where an event asked for the call of this number.
    fn request_of(&self, event: u64, id: u32) -> Option<MomentId> {
        let asking = *self.of_event.get(&event)? as usize;
        let mut moments = self.moments_of(asking).map(MomentId);
        moments.find(|at| {
            self.moment(*at).kind == MomentKind::Requested
                && self.asked(*at).is_some_and(|asked| asked.id == id)
        })
    }

    /// Whether, and why, an instruction does not go on at a moment: what it last said that it waits for.
    pub fn waits_at(&self, instr: InstrId, at: MomentId) -> Option<&Waited> {
        let peer = self.moment(at).peer;
        let base = self.base_of(at);
        // What it said last: that it is done, or that it waits.
        let said = |before: &MomentId| {
            let moment = self.moment(*before);
            let says = matches!(moment.kind, MomentKind::Waits | MomentKind::Left | MomentKind::Failed);
            says && moment.peer == peer && moment.instr() == Some(instr)
        };
        (base..=at.0).rev().map(MomentId).find(said).and_then(|last| self.waited(last))
    }
}
