//! What a view with idioms may leave out.

use air_analysis::beautify::{BeautifyOptions, beautify};
use air_analysis::idioms::{Certainty, IdiomKind, recognise};
use air_semantics::hir::{Hir, InstrKind};

/// With idioms, each call that says something has a line; the others carry an idiom that has one.
pub(crate) fn nothing_is_lost(hir: &Hir) {
    let view = beautify(hir, &BeautifyOptions { idioms: true, ..BeautifyOptions::default() }).unwrap();
    let mut shown = vec![false; hir.instrs.len()];
    for id in view.map.lines.iter().filter_map(|line| line.instr) {
        shown[id.0 as usize] = true;
    }
    for idiom in recognise(hir) {
        // AquaVM's pattern for hops does not look at names.
        if idiom.certainty == Certainty::Certain || idiom.kind == IdiomKind::Hop {
            idiom.carriers.iter().for_each(|carrier| shown[carrier.0 as usize] = true);
        }
    }
    // A carrier takes what is inside it along: a hop of an older compiler in a loop over `via` peers.
    for (at, instr) in hir.instrs.iter().enumerate().rev() {
        let carried = instr.parent.is_some_and(|parent| {
            shown[parent.0 as usize] && hir.instrs[parent.0 as usize].kind == InstrKind::New
        });
        let leaf = matches!(instr.kind, InstrKind::Call | InstrKind::Fail | InstrKind::Canon | InstrKind::Ap);
        assert!(!leaf || shown[at] || carried, "{} is not shown in\n{}", hir.text_at(instr.range), view.text);
    }
}
