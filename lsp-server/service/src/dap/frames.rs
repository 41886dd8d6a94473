//! Threads, stacks and scopes.

use air_interpreter::recorder::Iteration;
use air_semantics::hir::InstrId;
use air_simulation::recording::MomentId;
use air_simulation::shorten;
use dapts::{
    Scope, ScopePresentationHint, ScopesArguments, ScopesResponse, Source, StackFrame,
    StackFramePresentationHint, StackTraceArguments, StackTraceResponse, Thread, ThreadsResponse,
};

use super::message::{Answer, body};
use super::plain::{frame, scope};
use super::session::{Opened, Place, Session};

/// An instruction in a stack, in characters.
const MAX_NAME_CHARS: usize = 60;

impl Session {
    /// The peers of the run, each with how far it has come; those that have not begun have no stack yet.
    pub(super) fn threads(&self) -> Answer {
        let recording = &self.recording;
        let mut counts = vec![(0_usize, 0_usize); recording.peers().len()];
        let shown: Vec<Option<MomentId>> =
            (0..counts.len()).map(|peer| recording.at_of_peer(peer, self.at)).collect();
        for stop in recording.stops(false) {
            let peer = recording.peer_of(stop);
            if let Some((until, all)) = counts.get_mut(peer) {
                *all += 1;
                *until += usize::from(shown.get(peer).copied().flatten().is_some_and(|at| stop <= at));
            }
        }
        let peers = (1..).zip(recording.peers().iter().zip(counts));
        let threads =
            peers.map(|(id, (name, (until, all)))| Thread { id, name: format!("{name} · {until}/{all}") });
        body(ThreadsResponse { threads: threads.collect() })
    }

    pub(super) fn source(&self) -> Source {
        let name = |path: &str| path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned();
        match &self.path {
            Some(path) => Source { name: Some(name(path)), path: Some(path.clone()), ..Source::default() },
            None => {
                Source { name: Some("script.air".to_owned()), source_reference: Some(1), ..Source::default() }
            }
        }
    }

    /// The instructions that a peer is in, and the events that led there.
    pub(super) fn stack_trace(&mut self, arguments: &StackTraceArguments) -> Answer {
        let Ok(at) = self.moment_of(arguments.thread_id) else {
            return body(StackTraceResponse { stack_frames: Vec::new(), total_frames: Some(0) });
        };
        let mut frames = Vec::new();
        for frame in self.recording.stack(at) {
            let name = self.frame_name(frame.instr, &frame.iterations, frames.is_empty());
            let place = Place { at, instr: Some(frame.instr), iterations: frame.iterations };
            frames.push((name, place, StackFramePresentationHint::Normal));
        }
        for cause in self.recording.causes(at) {
            let instr = self.recording.instr_of(cause.moment);
            let iterations = self.recording.iterations_of(cause.moment).to_vec();
            let place = Place { at: cause.moment, instr, iterations };
            frames.push((cause.text, place, StackFramePresentationHint::Subtle));
        }
        let total = frames.len() as u64;
        let start = usize::try_from(arguments.start_frame.unwrap_or(0)).unwrap_or(usize::MAX);
        let levels = arguments.levels.filter(|levels| *levels > 0);
        let levels = levels.and_then(|levels| usize::try_from(levels).ok()).unwrap_or(usize::MAX);
        let mut stack_frames = Vec::new();
        for (name, place, hint) in frames.into_iter().skip(start).take(levels) {
            let span = place.instr.map(|instr| self.places.of(&self.recording.script, instr));
            self.frames.push(place);
            stack_frames.push(StackFrame {
                source: Some(self.source()),
                line: span.map_or(0, |span| span.line),
                column: span.map_or(0, |span| span.column),
                end_line: span.map(|span| span.end_line),
                end_column: span.map(|span| span.end_column),
                presentation_hint: Some(hint),
                can_restart: Some(hint == StackFramePresentationHint::Normal),
                ..frame(self.frames.len() as u64, name)
            });
        }
        body(StackTraceResponse { stack_frames, total_frames: Some(total) })
    }

    /// What an instruction is called: its words without what is inside, and the element that its fold stands on.
    fn frame_name(&self, instr: InstrId, iterations: &[Iteration], innermost: bool) -> String {
        let hir = self.recording.script.hir();
        let Some(node) = hir.instr(instr) else { return String::new() };
        let inner = hir.children_of(node).first().and_then(|child| hir.instr(*child));
        let text = hir.text_at(node.range);
        let text = match inner {
            Some(inner) => {
                let end = usize::from(inner.range.start()) - usize::from(node.range.start());
                text.get(..end).unwrap_or(text)
            }
            None => text.strip_suffix(')').unwrap_or(text),
        };
        let words: Vec<&str> = text.trim_start_matches('(').split_whitespace().collect();
        let mut name = shorten(&words.join(" "), MAX_NAME_CHARS).into_owned();
        let own = iterations.last().filter(|last| last.fold == instr || innermost);
        if let Some(Iteration { round, index, .. }) = own {
            name += &match round {
                0 => format!(" #{}", index + 1),
                _ => format!(" #{}.{}", round + 1, index + 1),
            };
        }
        name
    }

    /// What can be looked at in a frame.
    pub(super) fn scopes(&mut self, arguments: &ScopesArguments) -> Answer {
        let place = self.place(Some(arguments.frame_id))?;
        let at = place.at;
        let values = self.recording.values_in(at, place.instr);
        let streams = values.iter().filter(|held| held.is_stream()).count();
        let scalars = values.len() - streams;
        let errors = self.recording.errors(at).len();
        let kept = self.recording.kept(at).len();
        let on_its_way = self.recording.on_its_way(at).len();
        let locals = Some(ScopePresentationHint::Locals);
        let named = |count: usize| u32::try_from(count).ok();
        let mut scopes = vec![("Values", Opened::Values(place.clone()), locals, named(scalars), false)];
        if streams > 0 {
            scopes.push(("Streams", Opened::Streams(place), None, named(streams), false));
        }
        scopes.push(("Particle", Opened::Particle(at), None, None, false));
        if errors > 0 {
            scopes.push(("Errors", Opened::Errors(at), None, named(errors), false));
        }
        if kept > 0 {
            scopes.push(("Kept by this peer", Opened::Kept(at), None, named(kept), true));
        }
        if on_its_way > 0 {
            scopes.push(("On its way", Opened::OnItsWay(at), None, named(on_its_way), false));
        }
        let shown = |(name, opened, presentation_hint, named_variables, expensive)| Scope {
            presentation_hint,
            named_variables,
            expensive,
            ..scope(name, self.open(opened))
        };
        let scopes = scopes.into_iter().map(shown).collect();
        body(ScopesResponse { scopes })
    }
}
