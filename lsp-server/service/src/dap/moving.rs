//! Steps, `continue`, and jumps, forward and back.

use air_semantics::hir::InstrId;
use air_simulation::recording::{MomentId, MomentKind, Recording};
use dapts::{OutputEvent, OutputEventCategory, SteppingGranularity, StoppedEvent, StoppedEventReason, event};

use super::expression::Scene;
use super::message::{Out, Refusal};
use super::session::Session;
use super::variables::shown;

/// A single step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    In,
    Over,
    Out,
    Back,
    /// Back over what is inside.
    Previous,
    /// Back to where the instruction around began.
    BackOut,
}

impl Session {
    /// One step of a thread; `false` if the run is over and one stood at its end.
    pub(super) fn step(
        &mut self,
        step: Step,
        thread: u64,
        granularity: Option<SteppingGranularity>,
        out: &mut Out,
    ) -> Result<bool, Refusal> {
        let from = self.moment_of(thread)?;
        let single = granularity == Some(SteppingGranularity::Instruction);
        let recording = &self.recording;
        let undone = self.trail.pop_if(|(_, to)| *to == from && step == Step::Back && !single);
        let to = match step {
            _ if undone.is_some() => undone.map_or(from, |(from, _)| from),
            Step::In | Step::Over if single => recording.forward(from),
            Step::Back if single => recording.backward(from),
            Step::In => recording.step_in(from),
            Step::Over => recording.next(from),
            Step::Out => recording.step_out(from),
            Step::Back => recording.step_back(from),
            Step::Previous => recording.previous(from),
            Step::BackOut => recording.step_back_out(from),
        };
        let forward = matches!(step, Step::In | Step::Over | Step::Out);
        if forward && from == recording.last() {
            return Ok(false);
        }
        // What stands in between still prints, and stops.
        let to = self.between(from, to, step, out);
        if step == Step::In && !single {
            if self.trail.last().is_some_and(|(_, end)| *end != from) {
                self.trail.clear();
            }
            self.stepped(to.0);
        } else {
            if undone.is_none() {
                self.trail.clear();
            }
            self.go(to.0);
        }
        self.stopped(to.1, to.2, out);
        Ok(true)
    }

    /// Where a step ends: earlier than wanted, if it goes over a breakpoint.
    fn between(
        &self,
        from: MomentId,
        to: MomentId,
        step: Step,
        out: &mut Out,
    ) -> (MomentId, StoppedEventReason, Option<u64>) {
        let plain = (to, StoppedEventReason::Step, None);
        if !matches!(step, Step::Over | Step::Out) {
            return plain;
        }
        self.log(from, to, out);
        let hits = self.breakpoints.iter().filter(|it| it.log.is_none());
        let hit = hits.filter_map(|it| Some((it.next(from)?, it.reason(), Some(it.id))));
        hit.min_by_key(|(at, ..)| *at).filter(|(at, ..)| *at < to).unwrap_or(plain)
    }

    /// On to the next breakpoint, or to the end; `false` if one stood there.
    pub(super) fn go_on(&mut self, out: &mut Out) -> bool {
        let from = self.at;
        if from == self.recording.last() {
            return false;
        }
        let hits = self.breakpoints.iter().filter(|it| it.log.is_none());
        let hit = hits.filter_map(|it| Some((it.next(from)?, it.reason(), Some(it.id))));
        let last = (self.recording.last(), StoppedEventReason::Pause, None);
        let (to, reason, id) = hit.min_by_key(|(at, ..)| *at).unwrap_or(last);
        self.log(from, to, out);
        self.trail.clear();
        self.go(to);
        self.stopped(reason, id, out);
        true
    }

    /// Back to the breakpoint before, or to the beginning.
    pub(super) fn go_back(&mut self, out: &mut Out) {
        let from = self.at;
        let hits = self.breakpoints.iter().filter(|it| it.log.is_none());
        let hit = hits.filter_map(|it| Some((it.before(from)?, it.reason(), Some(it.id))));
        let first = (self.recording.first(), StoppedEventReason::Entry, None);
        let (to, reason, id) = hit.max_by_key(|(at, ..)| *at).unwrap_or(first);
        self.trail.clear();
        self.go(to);
        self.stopped(reason, id, out);
    }

    /// Straight to a moment.
    pub(super) fn jump(&mut self, to: MomentId, out: &mut Out) {
        self.trail.clear();
        self.go(to.min(self.recording.last()));
        self.stopped(StoppedEventReason::Goto, None, out);
    }

    /// Prints what log points on the way have to say.
    fn log(&self, from: MomentId, to: MomentId, out: &mut Out) {
        let mut lines: Vec<(MomentId, u64, String)> = Vec::new();
        for point in &self.breakpoints {
            let Some(message) = &point.log else { continue };
            let passed = point.hits.iter().filter(|hit| from < **hit && **hit <= to);
            lines.extend(passed.map(|hit| (*hit, point.id, filled(&self.recording, *hit, message))));
        }
        lines.sort();
        for (at, _, line) in lines {
            let instr = self.recording.instr_of(at);
            let span = instr.map(|instr| self.places.of(&self.recording.script, instr));
            out.event::<event::Output>(OutputEvent {
                category: Some(OutputEventCategory::Console),
                output: format!("{}: {line}\n", self.recording.peer_name(at)),
                source: Some(self.source()),
                line: span.map(|span| span.line),
                column: span.map(|span| span.column),
                ..OutputEvent::default()
            });
        }
    }

    /// Says where one stands now.
    pub(super) fn stopped(&mut self, reason: StoppedEventReason, breakpoint: Option<u64>, out: &mut Out) {
        let at = self.at;
        let over = self.recording.moment(at).kind == MomentKind::End;
        if over && !self.told_end {
            self.told_end = true;
            for printed in &self.recording.report.printed {
                print(out, OutputEventCategory::Stdout, format!("{}: {}\n", printed.peer, printed.text));
            }
            print(out, OutputEventCategory::Console, format!("{}\n", self.recording.report.outcome.text));
        }
        let failure = self.recording.failure(at);
        let text = failure.map(|failure| self.recording.show(&failure.message).into_owned());
        let description = match (over, reason.clone()) {
            (true, _) => Some(format!("The run is over: {}", self.recording.report.outcome.text)),
            (_, StoppedEventReason::Exception) => Some("Paused on an error".to_owned()),
            _ => None,
        };
        out.event::<event::Stopped>(StoppedEvent {
            reason,
            description,
            text,
            thread_id: Some(self.thread()),
            all_threads_stopped: Some(true),
            hit_breakpoint_ids: breakpoint.map(|id| vec![id]),
            ..StoppedEvent::default()
        });
    }

    /// Where an instruction that is running at a moment began.
    pub(super) fn began(&self, instr: InstrId, at: MomentId) -> Option<MomentId> {
        let peer = self.recording.peer_of(at);
        let before = self.recording.moments_at(instr).take_while(|began| *began <= at);
        before.filter(|began| self.recording.peer_of(*began) == peer).last()
    }
}

/// A line of output.
pub(super) fn print(out: &mut Out, category: OutputEventCategory, output: String) {
    out.event::<event::Output>(OutputEvent { category: Some(category), output, ..OutputEvent::default() });
}

/// A log message with its `{expressions}` filled in.
fn filled(recording: &Recording, at: MomentId, message: &str) -> String {
    let scene = Scene { recording, at, instr: recording.instr_of(at) };
    let mut line = String::new();
    let mut rest = message;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((expression, after)) = after.split_once('}') else { break };
        line.push_str(before);
        match scene.value(expression) {
            Ok(value) => line.push_str(&shown(&value, 1000)),
            Err(Refusal(text)) => line.push_str(&format!("<{text}>")),
        }
        rest = after;
    }
    line + rest
}
