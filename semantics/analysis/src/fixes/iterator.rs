//! The fix for a fold whose iterator has the name of an outer one. Its test is that of `multiple-iterables`.

use air_semantics::Script;
use air_semantics::finding::Finding;

use crate::diagnostic::{Fix, TextEdit};
use crate::fresh::fresh;

/// For a fold in another one with the same iterator: a name of its own.
pub(crate) fn other_name(script: &Script, finding: &Finding) -> Option<Fix> {
    let (hir, resolution) = (script.hir(), script.resolution());
    let binding = resolution.at(finding.range.start())?.binding;
    let name = fresh(hir, "", &format!("{}_2", hir.name(finding.name?)));
    let places = resolution.occurrences_of(binding);
    let edits = places.map(|place| TextEdit { range: place.range, new_text: name.clone() });
    Some(Fix {
        title: format!("call this fold's iterator `{name}`").into(),
        safe: false,
        edits: edits.collect(),
    })
}
