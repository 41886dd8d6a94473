//! What the tests of the templates share.

use air_semantics::Script;

use super::{Certainty, IdiomKind, recognise};

/// One line an idiom: name, whether it is likely only, label; those inside another's carriers indented.
pub(super) fn found(text: &str) -> String {
    let analysis = Script::new(text);
    let idioms = recognise(analysis.hir());
    let line = |idiom: &super::Idiom| {
        let inside = if idiom.part_of.is_some() { "  " } else { "" };
        let level = match idiom.certainty {
            Certainty::Certain => "",
            Certainty::Likely => " (likely)",
            Certainty::Hint => " (hint)",
        };
        format!("{inside}{}{level}: {}\n", idiom.kind.name(), idiom.label)
    };
    idioms.iter().map(line).collect()
}

/// Whether some idiom of the kind is found.
pub(super) fn has(text: &str, kind: IdiomKind) -> bool {
    recognise(Script::new(text).hir()).iter().any(|idiom| idiom.kind == kind)
}
