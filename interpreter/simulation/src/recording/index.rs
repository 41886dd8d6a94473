//! What is worked out once, so that moving costs little.

use std::rc::Rc;

use air_semantics::hir::InstrKind;
use rustc_hash::FxHashMap;

use super::moment::{Moment, MomentKind};
use super::record::Recording;

/// Fills the tables of a recording whose moments are known.
pub(super) fn index(recording: &mut Recording) {
    number_events(recording);
    recording.bases = bases(recording);
    show_news(recording);
    let last = recording.moments.last().map_or(0, |last| last.peer);
    let end = Moment {
        instr: Moment::NOWHERE,
        iterations: 0,
        payload: 0,
        peer: last,
        kind: MomentKind::End,
        again: false,
    };
    recording.moments.push(end);
    find_stops(recording);
    find_values(recording);
}

/// Events with an invocation are the invocations, in order.
fn number_events(recording: &mut Recording) {
    let events = recording.report.events.iter().filter(|event| event.ret_code.is_some());
    for (at, (invocation, event)) in (0..).zip(recording.invocations.iter_mut().zip(events)) {
        invocation.event = event.number;
        recording.of_event.insert(event.number, at);
    }
}

/// A walk of the whole script tells all that its peer holds; one that goes on adds to what was told before.
fn bases(recording: &Recording) -> Vec<u32> {
    let mut bases: Vec<u32> = Vec::with_capacity(recording.invocations.len());
    for (at, invocation) in (0..).zip(&recording.invocations) {
        let before = invocation.before.filter(|_| invocation.resumed);
        let base = before.and_then(|before| bases.get(before as usize)).copied();
        bases.push(base.unwrap_or(at));
    }
    bases
}

/// An invocation that enters nothing new but ends or binds something shows that when it is over.
fn show_news(recording: &mut Recording) {
    for number in 0..recording.invocations.len() {
        let range = recording.moments_of(number);
        let range = range.start as usize..range.end as usize;
        let Some(moments) = recording.moments.get_mut(range) else { continue };
        if let Some(shown) = moments.iter().find_map(|moment| moment.instr())
            && let Some(arrived) = moments.first_mut()
        {
            arrived.instr = shown;
        }
        let enters =
            |moment: &Moment| moment.kind == MomentKind::Entered && !moment.again && moment.instr().is_some();
        if moments.iter().any(enters) {
            continue;
        }
        let is_news = |moment: &&Moment| {
            matches!(moment.kind, MomentKind::Bound | MomentKind::Left | MomentKind::Failed)
                && !moment.again
                && moment.instr().is_some()
        };
        let news = moments.iter().find(is_news).copied();
        let ended = moments.iter_mut().rev().find(|moment| moment.kind == MomentKind::Ended);
        if let Some((news, ended)) = news.zip(ended) {
            (ended.instr, ended.iterations, ended.again) = (news.instr, news.iterations, false);
        }
    }
}

/// Instructions that only hold others together.
pub(super) fn is_bracket(kind: InstrKind) -> bool {
    matches!(kind, InstrKind::Seq | InstrKind::Par | InstrKind::Xor | InstrKind::New)
}

fn find_stops(recording: &mut Recording) {
    let (mut stops, mut all) = (Vec::new(), Vec::new());
    for (at, moment) in (0..).zip(&recording.moments) {
        let kind = match (moment.kind, moment.instr()) {
            (MomentKind::Entered | MomentKind::Ended, Some(instr)) if !moment.again => {
                recording.hir().instr(instr).map(|instr| instr.kind)
            }
            (MomentKind::End, _) => Some(InstrKind::Null),
            _ => None,
        };
        let Some(kind) = kind else { continue };
        all.push(at);
        if !is_bracket(kind) || moment.kind != MomentKind::Entered {
            stops.push(at);
        }
    }
    (recording.stops, recording.all_stops) = (stops, all);
}

fn find_values(recording: &mut Recording) {
    let mut slots: FxHashMap<(u16, Rc<str>), usize> = FxHashMap::default();
    for (at, moment) in (0..).zip(&recording.moments) {
        match moment.kind {
            MomentKind::Bound => {
                let Some(binding) = recording.bindings.get(moment.payload as usize) else { continue };
                if !moment.again {
                    recording.first_bound.entry(binding.place).or_insert(at);
                }
                let of_peer = recording.bound.entry(moment.peer).or_default();
                let slot = *slots.entry((moment.peer, Rc::clone(&binding.name))).or_insert_with(|| {
                    of_peer.push((Rc::clone(&binding.name), Vec::new()));
                    of_peer.len() - 1
                });
                if let Some((_, moments)) = of_peer.get_mut(slot) {
                    moments.push(at);
                }
            }
            MomentKind::Requested => {
                if let Some(asked) = recording.asked.get(moment.payload as usize) {
                    recording.asked_at.entry(asked.place).or_insert(at);
                }
            }
            MomentKind::Failed if !moment.again => recording.failed.push(at),
            MomentKind::Wrote => recording.wrote.entry(moment.peer).or_default().push(at),
            _ => {}
        }
    }
}
