//! What a peer holds at a moment.

use std::collections::BTreeMap;
use std::rc::Rc;

use air_interpreter::data::ExecutedState;
use air_interpreter::recorder::Iteration;
use air_interpreter::value::Value;
use air_semantics::hir::InstrId;
use air_semantics::resolve::{Binding as Variable, BindingKind};

use super::moment::{Moment, MomentId, MomentKind};
use super::record::Recording;
use super::tape::Binding;
use crate::report::Fate;

/// A variable, stream or map with what it holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Held<'r> {
    /// Its name, tag included.
    pub name: Rc<str>,
    /// What was put in before, in order; empty for what has one value.
    pub earlier: Vec<HeldValue<'r>>,
    /// What was put in last.
    pub latest: HeldValue<'r>,
}

/// One value, and when it came.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeldValue<'r> {
    /// The moment at which it was bound.
    pub moment: MomentId,
    /// The value and where it comes from.
    pub binding: &'r Binding,
}

impl<'r> Held<'r> {
    /// The value that was put in last.
    pub fn last(&self) -> &'r Value {
        &self.latest.binding.value
    }

    /// All values, in order.
    pub fn all(&self) -> impl Iterator<Item = &HeldValue<'r>> {
        self.earlier.iter().chain([&self.latest])
    }

    /// Whether it can hold more than one.
    pub fn is_stream(&self) -> bool {
        self.name.starts_with(['$', '%'])
    }
}

/// Something that was sent or asked for and has not come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnItsWay {
    /// What it is: `@a→@b`, or peer and call.
    pub what: String,
    /// The event that it comes of.
    pub event: u64,
    /// What becomes of it.
    pub fate: Fate,
}

/// A state of the trace that a peer keeps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct State<'r> {
    /// Where it stands in the trace.
    pub position: u32,
    /// When it was written.
    pub moment: MomentId,
    /// The state.
    pub state: &'r ExecutedState,
}

impl Recording {
    /// What can be used at a moment by the instruction that it is of, in the order in which it was first bound.
    pub fn values(&self, at: MomentId) -> Vec<Held<'_>> {
        self.values_in(at, self.instr_of(at))
    }

    /// The same for an instruction around it.
    pub fn values_in(&self, at: MomentId, instr: Option<InstrId>) -> Vec<Held<'_>> {
        let moment = self.moment(at);
        let mut values: Vec<Held<'_>> = Vec::new();
        for (name, moments) in self.bound.get(&moment.peer).into_iter().flatten() {
            values.extend(self.held_among(name, moments, at, instr));
        }
        let first = |held: &Held<'_>| held.all().next().map(|value| value.moment);
        values.sort_by_key(first);
        values
    }

    /// What one name holds at a moment, for an instruction.
    pub fn value_of(&self, name: &str, at: MomentId, instr: Option<InstrId>) -> Option<Held<'_>> {
        let all = self.bound.get(&self.moment(at).peer)?;
        let (name, moments) = all.iter().find(|(known, _)| **known == *name)?;
        self.held_among(name, moments, at, instr)
    }

    fn held_among(
        &self,
        name: &Rc<str>,
        moments: &[u32],
        at: MomentId,
        instr: Option<InstrId>,
    ) -> Option<Held<'_>> {
        // Those that load what the host supplies.
        if name.contains("-given-") {
            return None;
        }
        let here = self.moment(at);
        let mut iterations = self.iterations_at(&here);
        if let Some(instr) = instr.filter(|instr| here.instr() != Some(*instr)) {
            let own = usize::from(iterations.iter().any(|at| at.fold == instr));
            iterations = iterations.get(..self.folds_around(instr, &here) + own).unwrap_or_default();
        }
        let base = self.base_of(at);
        let end = moments.partition_point(|moment| *moment <= at.0);
        let begin = moments.partition_point(|moment| *moment < base);
        let stream = name.starts_with(['$', '%']);
        let mut found = Vec::new();
        for moment in moments.get(begin..end).unwrap_or_default().iter().rev() {
            let moment = MomentId(*moment);
            if !self.is_visible(name, moment, instr, iterations) || self.is_forgotten(moment, at) {
                continue;
            }
            let Some(binding) = self.binding(moment) else { continue };
            found.push(HeldValue { moment, binding });
            if !stream {
                break;
            }
        }
        found.reverse();
        let latest = found.pop()?;
        Some(Held { name: Rc::clone(name), earlier: found, latest })
    }

    /// Whether a value that was bound is what its name means in an instruction.
    fn is_visible(
        &self,
        name: &str,
        bound: MomentId,
        instr: Option<InstrId>,
        iterations: &[Iteration],
    ) -> bool {
        let moment = self.moment(bound);
        let Some(variable) = moment.instr().and_then(|instr| self.variable(instr, name)) else {
            // Loaded before the script begins.
            return moment.instr().is_none();
        };
        let range = instr.and_then(|instr| self.hir().instr(instr)).map(|instr| instr.range);
        if range.is_some_and(|range| !variable.scope.contains_range(range)) {
            return false;
        }
        let at = self.iterations_at(&moment);
        let outside = match variable.kind {
            // A stream lives as long as its `new`.
            BindingKind::New(new) => self.folds_around(new, &moment),
            BindingKind::Script if name.starts_with(['$', '%']) => 0,
            _ => at.len(),
        };
        let outside = if name.starts_with(['$', '%']) { outside } else { at.len() };
        iterations.starts_with(at.get(..outside).unwrap_or_default())
    }

    /// The variable that a name means in an instruction's own words.
    fn variable(&self, instr: InstrId, name: &str) -> Option<&Variable> {
        let resolution = self.script.resolution();
        let range = self.hir().instr(instr)?.range;
        let mut places = resolution.within(range).iter().filter(|place| place.instr == instr);
        let place = places.find(|place| self.hir().text_at(place.range) == name)?;
        resolution.binding(place.binding)
    }

    /// What a client drops when its run ends with an error, once it has ended.
    fn is_forgotten(&self, bound: MomentId, at: MomentId) -> bool {
        let (bound, here) = (self.invocation_number(bound), self.invocation_number(at));
        let forgotten = bound.and_then(|bound| self.invocations.get(bound)).is_some_and(|it| it.forgotten);
        forgotten && bound != here
    }

    /// The first moment that counts for what a peer holds at another one.
    pub(super) fn base_of(&self, at: MomentId) -> u32 {
        let base = self.invocation_number(at).and_then(|number| self.bases.get(number));
        base.and_then(|base| self.invocations.get(*base as usize)).map_or(0, |base| base.first)
    }

    /// Errors that came up on the peer of a moment until then, in order of time.
    pub fn errors(&self, at: MomentId) -> Vec<MomentId> {
        let peer = self.moment(at).peer;
        let until = self.failed.partition_point(|failed| *failed <= at.0);
        let failed = self.failed.get(..until).unwrap_or_default().iter().map(|failed| MomentId(*failed));
        failed.filter(|failed| self.moment(*failed).peer == peer).collect()
    }

    /// The trace that the peer of a moment has by then, as far as this walk has written it.
    pub fn kept(&self, at: MomentId) -> Vec<State<'_>> {
        let all = self.wrote.get(&self.moment(at).peer).map_or(&[] as &[u32], Vec::as_slice);
        let base = self.base_of(at);
        let (begin, end) =
            (all.partition_point(|moment| *moment < base), all.partition_point(|moment| *moment <= at.0));
        let mut states = BTreeMap::new();
        for moment in all.get(begin..end).unwrap_or_default() {
            let moment = MomentId(*moment);
            let Moment { payload, .. } = self.moment(moment);
            if let Some((position, state)) = self.writes.get(payload as usize) {
                states.insert(*position, State { position: *position, moment, state });
            }
        }
        states.into_values().collect()
    }

    /// What was sent or asked for before a moment and comes after it, or never.
    pub fn on_its_way(&self, at: MomentId) -> Vec<OnItsWay> {
        let over = matches!(self.moment(at).kind, MomentKind::End | MomentKind::Ended | MomentKind::Sent);
        let now = self.invocation_of(at).map_or(0, |invocation| invocation.event);
        let is_over = |fate: &Fate| match fate {
            Fate::Arrived { event } => *event <= now,
            _ => false,
        };
        let mut all = Vec::new();
        for event in &self.report.events {
            if event.number > now {
                break;
            }
            let peer = event.peer.as_deref().unwrap_or_default();
            for asked in event.asked.iter().filter(|asked| !is_over(&asked.fate)) {
                if event.number == now && !over && !self.is_requested(asked.id, at) {
                    continue;
                }
                let what = format!("{peer} waits for {}.{}", asked.service, asked.function);
                all.push(OnItsWay { what, event: event.number, fate: asked.fate.clone() });
            }
            if event.number == now && !over {
                continue;
            }
            for sent in event.sent.iter().filter(|sent| !is_over(&sent.fate)) {
                let what = format!("{peer}→{}", sent.to);
                all.push(OnItsWay { what, event: event.number, fate: sent.fate.clone() });
            }
        }
        all
    }

    fn is_requested(&self, id: u32, at: MomentId) -> bool {
        let Some(number) = self.invocation_number(at) else { return false };
        let moments = self.moments_of(number).take_while(|moment| *moment <= at.0).map(MomentId);
        let requests = moments.filter(|moment| self.moment(*moment).kind == MomentKind::Requested);
        requests.filter_map(|moment| self.asked(moment)).any(|asked| asked.id == id)
    }
}
