//! What a run does not show by itself: where other hosts act otherwise, and where AquaVM itself does.

use air_semantics::Script;
use air_semantics::hir::{InstrId, OperandKind, Role};
use air_semantics::resolve::Access;

use super::record::Recording;
use super::show::Show;
use super::types::{Remark, RemarkClass};
use crate::sample::CallRemark;

/// A remark with an instruction of the script that ran and a peer by id.
#[derive(Debug, Clone)]
pub(crate) struct InstrRemark {
    pub(crate) class: RemarkClass,
    pub(crate) instr: Option<InstrId>,
    pub(crate) peer: String,
    pub(crate) text: String,
}

/// All of them, in the order of the text, each once.
pub(super) fn remarks(
    recording: &Recording<'_>,
    show: &Show<'_>,
    script: &Script,
    all: &[InstrRemark],
    calls: &[CallRemark],
) -> Vec<Remark> {
    let hir = script.hir();
    // What a call without an output gives cannot be seen.
    let is_seen = |call| hir.instr(call).is_some_and(|it| hir.operand(it, Role::Output).is_some());
    let calls = calls.iter().filter(|it| it.fails || is_seen(it.call));
    let calls = calls.map(|CallRemark { call, peer, unknown, text, .. }| InstrRemark {
        class: if *unknown { RemarkClass::Service } else { RemarkClass::Host },
        instr: Some(*call),
        peer: peer.clone(),
        text: text.clone(),
    });
    let all = all.iter().cloned().chain(calls).chain(mixed_keys(recording, script));
    let mut remarks: Vec<Remark> = Vec::new();
    for InstrRemark { class, instr, peer, text } in all {
        let own = instr.filter(|id| show.places.is_own(*id));
        let range = own.map(|id| show.places.instr(id));
        let remark = Remark { class, range, peer: show.peer(&peer), text: show.peer(&text) };
        if !remarks.contains(&remark) {
            let start = |remark: &Remark| remark.range.map(|range| range.start);
            let at = remarks.partition_point(|known| start(known) <= start(&remark));
            remarks.insert(at, remark);
        }
    }
    remarks
}

/// Places where a map with an integer and its text as keys became an object.
fn mixed_keys<'a>(
    recording: &'a Recording<'_>,
    script: &'a Script,
) -> impl Iterator<Item = InstrRemark> + 'a {
    let (hir, names) = (script.hir(), script.resolution());
    recording.mixed_keys.iter().filter_map(move |(canon, peer, key)| {
        let target = hir.operand(hir.instr(*canon)?, Role::Target)?;
        let bound = names.at(target.range.start())?.binding;
        let uses = names.occurrences_of(bound).filter(|place| place.access == Access::Read);
        let whole = uses.filter(|place| {
            hir.operands.get(place.operand.0 as usize).is_some_and(|operand| {
                operand.lens.is_none()
                    && operand.role != Role::Iterable
                    && matches!(operand.kind, OperandKind::CanonMap(_))
            })
        });
        let mut ran = whole.filter(|place| {
            let track = recording.tracks.get(place.instr.0 as usize);
            track.is_some_and(|track| track.times > 0)
        });
        let text = format!(
            "{key} and \"{key}\" are keys of this map: AquaVM keeps the values of one of them by chance, and refuses \
             data in which that changes (20017)"
        );
        let peer = recording.peers.get(*peer as usize)?.to_string();
        Some(InstrRemark { class: RemarkClass::Reference, instr: Some(ran.next()?.instr), peer, text })
    })
}
