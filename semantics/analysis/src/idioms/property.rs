//! Copies that the compiler makes because a plain variable is needed.

use air_semantics::hir::InstrId;

use super::Certainty::Certain;
use super::PayloadRole::{Result, Value};
use super::patterns::Patterns;
use super::{IdiomKind, Recognition};

/// `(ap x.$.f x_flat)`
pub(super) fn property(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let (source, target) = patterns.ap(id)?;
    let named = patterns.base(target).ends_with("_flat");
    source.operand.lens.as_ref().filter(|_| named)?;
    let label = format!("{} = {}", patterns.show(target), patterns.show(source));
    Some(Recognition::new(IdiomKind::Property, Certain, label).operand(Value, source).operand(Result, target))
}

/// `(ap [] literal_ap)` and `(ap literal_ap literal_props)`
pub(super) fn literal(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let (source, target) = patterns.ap(id)?;
    if !matches!(patterns.base(target), "literal_ap" | "literal_props") {
        return None;
    }
    let label = format!("{} = {}", patterns.show(target), patterns.show(source));
    Some(
        Recognition::new(IdiomKind::LiteralHelper, Certain, label)
            .operand(Value, source)
            .operand(Result, target),
    )
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::IdiomKind;
    use super::super::testing::{found, has};

    #[test]
    fn copies_that_the_compiler_needs() {
        let script =
            "(seq (ap user.$.tags.[0] tags_flat) (seq (ap [] literal_ap) (ap literal_ap literal_props)))";
        expect![[r#"
            property: tags_flat = user.tags[0]
            literal-helper: literal_ap = []
            literal-helper: literal_props = literal_ap
        "#]]
        .assert_eq(&found(script));
        assert!(!has("(ap user.$.tags tags)", IdiomKind::Property));
        assert!(!has("(ap user user_flat)", IdiomKind::Property));
        assert!(!has("(ap [] list)", IdiomKind::LiteralHelper));
    }
}
