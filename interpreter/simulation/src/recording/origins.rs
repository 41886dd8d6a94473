//! Where a value comes from: from peer to peer and value to value, back to what services answered.

use air_semantics::hir::{InstrId, InstrKind, Role};
use rustc_hash::FxHashSet;

use super::moment::{MomentId, MomentKind};
use super::record::Recording;
use crate::report::Reason;
use crate::shorten::shorten;

/// A moment that a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// When.
    pub moment: MomentId,
    /// How many values are between; 0 for the value itself.
    pub depth: u32,
    /// One line.
    pub text: String,
}

/// Origins of one value; beyond that the oldest are left out.
const MAX_ORIGINS: usize = 200;
/// Values of one stream that are followed.
const MAX_ELEMENTS: usize = 20;
/// What belongs to one state is told together with it.
const NEAR: u32 = 4;
/// A value in one line.
const MAX_VALUE_CHARS: usize = 80;

impl Recording {
    /// Where the value that is bound at a moment comes from, the value itself first. Copies on other peers are left out:
    /// each origin is where something first was.
    pub fn origins(&self, bound: MomentId) -> Vec<Origin> {
        let (mut origins, mut seen) = (Vec::new(), FxHashSet::default());
        let mut open = vec![(bound, 0)];
        while let Some((at, depth)) = open.pop() {
            let Some(binding) = self.binding(at) else { continue };
            let first = self.first_bound.get(&binding.place).map_or(at, |first| MomentId(*first));
            if !seen.insert(first) || origins.len() >= MAX_ORIGINS {
                continue;
            }
            let Some(binding) = self.binding(first) else { continue };
            let value = self.short(&binding.value);
            let peer = self.peer_name(first);
            let set = format!("{} = {value} on {peer}", binding.name);
            let Some(instr) = self.moment(first).instr() else {
                let text = format!("{set}: supplied by the host");
                origins.push(Origin { moment: first, depth, text });
                continue;
            };
            let how = self.how(instr);
            origins.push(Origin { moment: first, depth, text: format!("{set}, by {how}") });
            let asked = self.asked_at.get(&binding.place).map(|asked| MomentId(*asked));
            if let Some((moment, asked)) = asked.and_then(|at| Some((at, self.asked(at)?))) {
                let request = &asked.request;
                let arguments: Vec<String> = request.arguments.iter().map(|it| self.short(it)).collect();
                let text = format!(
                    "{} asked {}.{} [{}]",
                    self.peer_name(moment),
                    request.service_id,
                    request.function_name,
                    shorten(&arguments.join(" "), MAX_VALUE_CHARS)
                );
                origins.push(Origin { moment, depth: depth + 1, text });
            }
            // The last one is followed first.
            let read = self.read_by(instr, asked.unwrap_or(first), first);
            open.extend(read.into_iter().rev().map(|read| (read, depth + 1)));
        }
        origins
    }

    /// Moments at which what an instruction reads was bound.
    fn read_by(&self, instr: InstrId, at: MomentId, before: MomentId) -> Vec<MomentId> {
        let hir = self.hir();
        let Some(node) = hir.instr(instr) else { return Vec::new() };
        let mut from = instr;
        if node.kind == InstrKind::Next {
            // It binds what its fold reads.
            let folds = self.iterations_at(&self.moment(at)).iter().rev().map(|at| at.fold);
            let name = hir.operands_of(node).iter().find_map(|operand| operand.kind.name());
            let is_it = |fold: &InstrId| {
                let iterator = hir.instr(*fold).and_then(|fold| hir.operand(fold, Role::Iterator));
                iterator.is_some_and(|iterator| iterator.kind.name() == name)
            };
            from = folds.clone().find(is_it).unwrap_or(instr);
        }
        let Some(node) = hir.instr(from) else { return Vec::new() };
        let mut read = Vec::new();
        for operand in hir.operands_of(node) {
            let written = matches!(
                operand.role,
                Role::Output | Role::Target | Role::Iterator | Role::Declared | Role::Peer
            );
            let Some(name) = operand.kind.name().filter(|_| !written) else { continue };
            let Some(held) = self.value_of(hir.name(name), at, Some(instr)) else { continue };
            let values = held.all().map(|value| value.moment).filter(|moment| *moment < before);
            read.extend(values.take(MAX_ELEMENTS));
        }
        read
    }

    /// The call whose answer is bound at a moment: the peer that asked, as reports show it, and the call's number there.
    pub fn answer_of(&self, bound: MomentId) -> Option<(&str, u32)> {
        let binding = self.binding(bound)?;
        let instr = self.moment(bound).instr().and_then(|instr| self.hir().instr(instr))?;
        let asked = MomentId(*self.asked_at.get(&binding.place).filter(|_| instr.kind == InstrKind::Call)?);
        Some((self.peer_name(asked), self.asked(asked)?.id))
    }

    /// When the host had the answer to a call ready.
    pub fn answered_at(&self, peer: &str, id: u32) -> Option<MomentId> {
        let mine = |at: &&u32| {
            let at = MomentId(**at);
            self.peer_name(at) == peer && self.asked(at).is_some_and(|asked| asked.id == id)
        };
        let asked = MomentId(*self.asked_at.values().find(mine)?);
        self.asked(asked).filter(|asked| asked.answer.is_some()).map(|asked| MomentId(asked.answered_at))
    }

    /// The value of a state that is written at a moment.
    pub fn value_written(&self, wrote: MomentId) -> Option<&air_interpreter::Value> {
        let written = self.moment(wrote);
        let mut near = (wrote.0.saturating_sub(NEAR)..wrote.0.saturating_add(NEAR)).map(MomentId);
        let bound = near.find(|at| {
            let moment = self.moment(*at);
            moment.kind == MomentKind::Bound
                && (moment.peer, moment.instr, moment.iterations)
                    == (written.peer, written.instr, written.iterations)
        });
        bound.and_then(|at| self.binding(at)).map(|binding| &binding.value)
    }

    fn how(&self, instr: InstrId) -> String {
        let text = self.hir().instr(instr).map(|instr| self.hir().text_at(instr.range)).unwrap_or_default();
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.show(&shorten(&line, MAX_VALUE_CHARS)).into_owned()
    }

    /// A value in one line.
    pub fn short(&self, value: &air_interpreter::Value) -> String {
        shorten(&self.show_value(value).to_json(), MAX_VALUE_CHARS).into_owned()
    }

    /// The peer of a moment, as reports show it.
    pub fn peer_name(&self, at: MomentId) -> &str {
        self.shown_peers.get(self.peer_of(at)).map_or("", String::as_str)
    }

    /// Why an instruction has not run at a moment: when it will, or why it never does. With the moment to look at.
    pub fn why_not(&self, instr: InstrId, at: MomentId) -> (Option<MomentId>, String) {
        let mut last = None;
        for moment in self.moments_at(instr) {
            if moment > at {
                let event = self.invocation_of(moment).map_or(0, |invocation| invocation.event);
                let text = match last {
                    None => format!("it runs later: on {}, in event {event}", self.peer_name(moment)),
                    Some(_) => format!(
                        "it has run, and runs once more: on {}, in event {event}",
                        self.peer_name(moment)
                    ),
                };
                return (Some(moment), text);
            }
            last = Some(moment);
        }
        if let Some(last) = last {
            return (Some(last), format!("it has run: on {}", self.peer_name(last)));
        }
        let Some(range) = self.hir().instr(instr).map(|instr| instr.range) else {
            return (None, "there is no such instruction".to_owned());
        };
        let (start, end) = (u32::from(range.start()), u32::from(range.end()));
        let around =
            self.report.not_executed.iter().filter(|it| it.range.start <= start && end <= it.range.end);
        let reason = around.min_by_key(|it| it.range.end - it.range.start);
        match reason {
            Some(reason) => {
                let span = match &reason.reason {
                    Reason::Blocked { by: span }
                    | Reason::AfterError { at: span, .. }
                    | Reason::Comparison { at: span, .. }
                    | Reason::Variable { set_at: Some(span), .. }
                    | Reason::NoError { branch: span } => Some(span.start),
                    _ => None,
                };
                let moment = span.and_then(|start| {
                    let instr = self.instr_from(start)?;
                    self.moments_at(instr).filter(|moment| *moment <= at).last()
                });
                (moment, format!("it never runs: {}", reason.text))
            }
            None => (None, "it never runs".to_owned()),
        }
    }

    /// The instruction that begins at a byte of the script.
    pub fn instr_from(&self, start: u32) -> Option<InstrId> {
        let instrs = (0..).map(InstrId).zip(&self.hir().instrs);
        let mut found = instrs.filter(|(_, instr)| u32::from(instr.range.start()) == start);
        found.next().map(|(id, _)| id)
    }
}
