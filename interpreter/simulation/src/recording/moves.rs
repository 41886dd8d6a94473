//! From one moment to another.
//!
//! All are functions of the recording and the moment alone; at the first and the last moment they stay there.

use air_interpreter::recorder::Iteration;
use air_semantics::hir::{Instr, InstrId, InstrKind};

use super::index::is_bracket;
use super::moment::{Moment, MomentId, MomentKind};
use super::record::Recording;
use super::tape::Waited;
use crate::report::Fate;

impl Recording {
    /// Where a reader begins: the first instruction.
    pub fn first(&self) -> MomentId {
        MomentId(self.stops.first().copied().unwrap_or_default())
    }

    /// The end of the run.
    pub fn last(&self) -> MomentId {
        MomentId(self.stops.last().copied().unwrap_or_default())
    }

    /// The next moment of all peers, instructions that only hold others together included.
    pub fn forward(&self, at: MomentId) -> MomentId {
        let next = self.all_stops.partition_point(|stop| *stop <= at.0);
        self.all_stops.get(next).map_or_else(|| self.last(), |stop| MomentId(*stop))
    }

    /// Undoes [`Recording::forward`].
    pub fn backward(&self, at: MomentId) -> MomentId {
        let before = self.all_stops.partition_point(|stop| *stop < at.0);
        let stop = before.checked_sub(1).and_then(|before| self.all_stops.get(before));
        stop.or_else(|| self.all_stops.first()).map_or(at, |stop| MomentId(*stop))
    }

    /// The next instruction: of a call that sends the particle the first on the peer that gets it, else of this peer.
    pub fn step_in(&self, at: MomentId) -> MomentId {
        let here = self.moment(at);
        let followed = self.followed(at);
        followed
            .or_else(|| self.stop_after(at, |moment| moment.peer == here.peer && !is_end(moment)))
            .or_else(|| self.stop_after(at, |_| true))
            .unwrap_or_else(|| self.last())
    }

    /// The instruction before: on the first one after a particle came, that which sent it.
    pub fn step_back(&self, at: MomentId) -> MomentId {
        let here = self.moment(at);
        if is_end(&here) {
            return self.stop_before(at, |_| true).unwrap_or(at);
        }
        let begins = self.invocation_of(at).map_or(0, |invocation| invocation.first);
        let mine = |moment: &Moment| moment.peer == here.peer;
        self.stop_before(at, mine)
            .filter(|stop| stop.0 >= begins)
            .or_else(|| self.sender_of(at))
            .or_else(|| self.stop_before(at, mine))
            .or_else(|| self.stop_before(at, |_| true))
            .unwrap_or_else(|| self.first())
    }

    /// The next instruction of this peer that is not inside of this one; if this peer does nothing more, the next of any.
    pub fn next(&self, at: MomentId) -> MomentId {
        let here = self.moment(at);
        self.stop_after(at, |moment| {
            moment.peer == here.peer && !is_end(moment) && !self.is_inside(moment, &here)
        })
        .or_else(|| self.stop_after(at, |moment| !self.is_inside(moment, &here)))
        .unwrap_or_else(|| self.last())
    }

    /// The instruction of this peer before this one, what is inside of others left out.
    pub fn previous(&self, at: MomentId) -> MomentId {
        let here = self.moment(at);
        if is_end(&here) {
            return self.stop_before(at, |_| true).unwrap_or(at);
        }
        // Something closed is around it that is not around this.
        let hidden = |moment: &Moment| {
            let mut around = moment.instr().and_then(|instr| self.parent(instr));
            while let Some(outer) = around {
                let kind = self.hir().instr(outer).map(|instr| instr.kind);
                if kind.is_some_and(|kind| !is_bracket(kind)) && !self.contains(outer, here.instr) {
                    return true;
                }
                around = self.parent(outer);
            }
            false
        };
        self.stop_before(at, |moment| moment.peer == here.peer && !hidden(moment))
            .or_else(|| self.sender_of(at))
            .or_else(|| self.stop_before(at, |_| true))
            .unwrap_or_else(|| self.first())
    }

    /// The next instruction of this peer outside of the one around this.
    pub fn step_out(&self, at: MomentId) -> MomentId {
        let here = self.moment(at);
        let Some(around) = here.instr().and_then(|instr| self.parent(instr)) else { return self.last() };
        let folds = self.iterations_at(&here);
        let folds = folds.get(..self.folds_around(around, &here)).unwrap_or_default();
        let outside = |moment: &Moment| {
            moment.peer == here.peer && !is_end(moment) && !self.is_within(moment, around, folds)
        };
        self.stop_after(at, outside)
            .or_else(|| self.stop_after(at, |moment| !self.is_within(moment, around, folds)))
            .unwrap_or_else(|| self.last())
    }

    /// Where the instruction around this one began.
    pub fn step_back_out(&self, at: MomentId) -> MomentId {
        let here = self.moment(at);
        let around = here.instr().and_then(|instr| self.parent(instr));
        let Some(around) = around else { return self.step_back(at) };
        let folds = self.folds_around(around, &here);
        let stops = self.all_stops.partition_point(|stop| *stop < at.0);
        let before = self.all_stops.get(..stops).unwrap_or_default().iter().rev();
        let mut began = before.filter(|stop| {
            let moment = self.moment(MomentId(**stop));
            moment.peer == here.peer
                && moment.instr == around
                && self.iterations_at(&moment).len() == folds
                && self.iterations_at(&here).starts_with(self.iterations_at(&moment))
        });
        began.next().map_or_else(|| self.step_back(at), |stop| MomentId(*stop))
    }

    /// The last moment of a peer at or before a moment; `None` if it has not begun.
    pub fn at_of_peer(&self, peer: usize, at: MomentId) -> Option<MomentId> {
        let here = self.invocation_number(at)?;
        let invocations = self.invocations.get(..=here)?;
        let number = invocations.iter().rposition(|invocation| usize::from(invocation.peer) == peer)?;
        if number == here {
            return Some(at);
        }
        let moments = self.moments_of(number);
        // What a reader sees of it: its last stop, if the peer has one.
        let last = MomentId(moments.end.saturating_sub(1));
        let stop = self.stop_before(MomentId(moments.end), |moment| usize::from(moment.peer) == peer);
        Some(stop.unwrap_or(last))
    }

    /// All moments at which an instruction begins, its repetitions left out.
    pub fn moments_at(&self, instr: InstrId) -> impl Iterator<Item = MomentId> {
        let stops = self.all_stops.iter().map(|stop| MomentId(*stop));
        stops.filter(move |stop| self.moment(*stop).instr() == Some(instr))
    }

    /// Where a reader may stop, in order of time; with `all`, instructions that only hold others together included.
    pub fn stops(&self, all: bool) -> impl ExactSizeIterator<Item = MomentId> + DoubleEndedIterator {
        let stops = if all { &self.all_stops } else { &self.stops };
        stops.iter().map(|stop| MomentId(*stop))
    }

    /// Where an event arrives at its peer, as a reader sees it.
    pub fn stop_of_event(&self, event: u64) -> Option<MomentId> {
        let invocation = *self.of_event.get(&event)? as usize;
        let moments = self.moments_of(invocation);
        let next = self.stops.partition_point(|stop| *stop < moments.start);
        let inside = self.stops.get(next).filter(|stop| moments.contains(stop));
        Some(MomentId(inside.copied().unwrap_or(moments.start)))
    }

    /// The first stop on the peer that gets the particle which the call at this moment sends.
    fn followed(&self, at: MomentId) -> Option<MomentId> {
        let here = self.moment(at);
        let instr = here.instr().filter(|_| here.kind == MomentKind::Entered)?;
        let kind = self.hir().instr(instr)?.kind;
        if !matches!(kind, InstrKind::Call | InstrKind::Canon) {
            return None;
        }
        let invocation = self.invocation_of(at)?;
        let ends = |moment: &Moment| !matches!(moment.kind, MomentKind::Waits | MomentKind::Wrote);
        let mut after = (at.0 + 1..).map(MomentId).take(8).map(|next| (next, self.moment(next)));
        let (next, _) = after.find(|(_, moment)| moment.kind == MomentKind::Waits || ends(moment))?;
        let Some(Waited::Peer(receiver, true)) = self.waited(next) else { return None };
        let receiver = self.show(receiver);
        let event = self.report.events.get(usize::try_from(invocation.event).ok()?.checked_sub(1)?)?;
        let arrived = event.sent.iter().find_map(|sent| match sent.fate {
            Fate::Arrived { event } if sent.to == receiver => Some(event),
            _ => None,
        })?;
        let peer = self.shown_peers.iter().position(|peer| *peer == receiver)?;
        let begins = self.invocations.get(*self.of_event.get(&arrived)? as usize)?.first;
        let begins = MomentId(begins.checked_sub(1)?);
        self.stop_after(begins, |moment| usize::from(moment.peer) == peer && !is_end(moment))
    }

    /// The call that sent the particle whose arrival began this.
    pub(super) fn sender_of(&self, at: MomentId) -> Option<MomentId> {
        let (cause, receiver) = self.cause_of(at)?;
        let sender = *self.of_event.get(&cause)? as usize;
        let moments = self.moments_of(sender);
        let sends = |at: &u32| {
            let waited = self.waited(MomentId(*at));
            matches!(waited, Some(Waited::Peer(to, true)) if *self.show(to) == *receiver)
        };
        let sent = moments.clone().find(sends).unwrap_or(moments.end.saturating_sub(1));
        let on = self.invocations.get(sender)?.peer;
        self.stop_before(MomentId(sent + 1), |moment| moment.peer == on).filter(|stop| *stop < at)
    }

    /// The event that sent the particle which this invocation began with, and the receiver.
    fn cause_of(&self, at: MomentId) -> Option<(u64, &str)> {
        let event = self.invocation_of(at)?.event;
        let event = self.report.events.get(usize::try_from(event).ok()?.checked_sub(1)?)?;
        event.from.as_ref()?;
        Some((*event.causes.last()?, event.peer.as_deref()?))
    }

    fn stop_after(&self, at: MomentId, wanted: impl Fn(&Moment) -> bool) -> Option<MomentId> {
        let next = self.stops.partition_point(|stop| *stop <= at.0);
        let mut stops = self.stops.get(next..)?.iter().map(|stop| MomentId(*stop));
        stops.find(|stop| wanted(&self.moment(*stop)))
    }

    fn stop_before(&self, at: MomentId, wanted: impl Fn(&Moment) -> bool) -> Option<MomentId> {
        let before = self.stops.partition_point(|stop| *stop < at.0);
        let stops = self.stops.get(..before)?.iter().map(|stop| MomentId(*stop));
        stops.rev().find(|stop| wanted(&self.moment(*stop)))
    }

    pub(super) fn parent(&self, instr: InstrId) -> Option<InstrId> {
        self.hir().instr(instr).and_then(|instr| instr.parent)
    }

    /// Whether an instruction is another one or stands in it.
    pub(super) fn contains(&self, outer: InstrId, inner: InstrId) -> bool {
        let range = |instr: InstrId| self.hir().instr(instr).map(|Instr { range, .. }| *range);
        range(outer).zip(range(inner)).is_some_and(|(outer, inner)| outer.contains_range(inner))
    }

    /// How many of the folds around a moment are around an instruction.
    pub(super) fn folds_around(&self, instr: InstrId, moment: &Moment) -> usize {
        let around = |fold: InstrId| fold != instr && self.contains(fold, instr);
        self.iterations_at(moment).iter().take_while(|at| around(at.fold)).count()
    }

    /// Whether a moment stands in an instruction, in these elements of the folds around that.
    fn is_within(&self, moment: &Moment, instr: InstrId, folds: &[Iteration]) -> bool {
        moment.instr().is_some_and(|inner| self.contains(instr, inner))
            && self.iterations_at(moment).starts_with(folds)
    }

    /// Whether a moment is of something inside of what another one is of.
    fn is_inside(&self, moment: &Moment, of: &Moment) -> bool {
        moment.instr != of.instr
            && of.instr != Moment::NOWHERE
            && moment.instr().is_some_and(|inner| self.contains(of.instr, inner))
            && self.iterations_at(moment).starts_with(self.iterations_at(of))
    }
}

fn is_end(moment: &Moment) -> bool {
    moment.kind == MomentKind::End
}
