//! References: all places of a variable, a field or a literal name in one script.

use air_analysis::Analysis;
use air_semantics::resolve::Access;
use air_syntax::TextRange;

use crate::names::{Symbol, mentions};

/// Places that name the symbol, in text order; on request without the one that declares it.
pub fn references(analysis: &Analysis, symbol: &Symbol, declaration: bool) -> Vec<TextRange> {
    let found = mentions(analysis, symbol);
    // What nothing declares is declared where it is first written.
    let declared = found.iter().find(|it| it.access == Access::Declare);
    let declared = declared.or_else(|| found.iter().find(|it| it.access == Access::Write)).copied();
    let kept = found.into_iter().filter(|mention| declaration || Some(*mention) != declared);
    kept.map(|mention| mention.range).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::names::symbol_at;
    use crate::testing::{cursor, underlined};

    fn check(marked: &str, declaration: bool, expected: Expect) {
        let (analysis, offset) = cursor(marked);
        let symbol = symbol_at(&analysis, offset).unwrap().symbol;
        let found = references(&analysis, &symbol, declaration);
        expected.assert_eq(&underlined(&analysis.text, found.into_iter().map(|range| (range, "here"))));
    }

    #[test]
    fn with_and_without_the_declaration() {
        check(
            "(new $s\n (seq (ap 1 $$0s) (canon \"p\" $s #s)))",
            true,
            expect![[r#"
            (new $s
                 ^^ here
             (seq (ap 1 $s) (canon "p" $s #s)))
                        ^^ here
                                       ^^ here
        "#]],
        );
        check(
            "(new $s\n (seq (ap 1 $$0s) (canon \"p\" $s #s)))",
            false,
            expect![[r#"
            (new $s
             (seq (ap 1 $s) (canon "p" $s #s)))
                        ^^ here
                                       ^^ here
        "#]],
        );
    }

    #[test]
    fn literals() {
        check(
            "(seq (call \"p$0\" (\"p\" \"f\") [])\n (canon \"p\" $s #s))",
            true,
            expect![[r#"
            (seq (call "p" ("p" "f") [])
                       ^^^ here
             (canon "p" $s #s))
                    ^^^ here
        "#]],
        );
    }
}
