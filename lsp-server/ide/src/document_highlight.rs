//! Highlighting: all places of what is under the cursor, writes apart from reads: a variable, a field
//! of it, a literal peer, service or function, a special value; on a keyword, what belongs to the instruction.

mod keyword;

use air_analysis::Analysis;
use air_semantics::resolve::Access;
use air_syntax::{TextRange, TextSize};

use crate::names::{Symbol, mentions, symbol_at};

/// A place to mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Highlight {
    pub range: TextRange,
    pub kind: HighlightKind,
}

/// What happens at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HighlightKind {
    /// It only stands there: of literals and the like, reads and writes are not told apart.
    Text,
    #[allow(missing_docs)]
    Read,
    /// Declared or written.
    Write,
}

/// All places of what is at an offset, in text order; `None` if nothing is named there.
pub fn highlights(analysis: &Analysis, offset: TextSize) -> Option<Vec<Highlight>> {
    if let Some(parts) = keyword::parts(analysis, offset) {
        return Some(parts);
    }
    let named = symbol_at(analysis, offset)?;
    let found = mentions(analysis, &named.symbol);
    // A field is written by what puts it in; of what only stands there, nothing is to be told apart.
    let variable = matches!(named.symbol, Symbol::Variable(_));
    let written = variable || found.iter().any(|mention| mention.access != Access::Read);
    let places = found.into_iter().map(|mention| {
        let kind = match mention.access {
            _ if !written => HighlightKind::Text,
            Access::Declare | Access::Write => HighlightKind::Write,
            Access::Read => HighlightKind::Read,
        };
        Highlight { range: mention.range, kind }
    });
    Some(places.collect())
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::testing::{cursor, underlined};

    fn check(marked: &str, expected: Expect) {
        let (analysis, offset) = cursor(marked);
        let marks = highlights(&analysis, offset).unwrap_or_default().into_iter().map(|found| {
            let note = match found.kind {
                HighlightKind::Text => "text",
                HighlightKind::Read => "read",
                HighlightKind::Write => "write",
            };
            (found.range, note)
        });
        expected.assert_eq(&underlined(&analysis.text, marks));
    }

    #[test]
    fn writes_and_reads() {
        check(
            "(seq\n (call \"p\" (\"s\" \"f\") [] re$0s)\n (ap res.$.a.[res] $s)\n)",
            expect![[r#"
            (seq
             (call "p" ("s" "f") [] res)
                                    ^^^ write
             (ap res.$.a.[res] $s)
                 ^^^ read
                          ^^^ read
            )
        "#]],
        );
    }

    #[test]
    fn an_iterator_is_its_own() {
        check(
            "(seq\n (ap 1 i)\n (fold xs i\n  (seq (ap i$0 $s) (next i))\n )\n)",
            expect![[r#"
            (seq
             (ap 1 i)
             (fold xs i
                      ^ write
              (seq (ap i $s) (next i))
                       ^ read
                                   ^ read
             )
            )
        "#]],
        );
    }

    #[test]
    fn literals_by_what_they_name() {
        check(
            "(seq\n (call \"x\" (\"o$0p\" \"x\") [])\n (call \"op\" (\"op\" \"f\") [\"op\"])\n)",
            expect![[r#"
            (seq
             (call "x" ("op" "x") [])
                        ^^^^ text
             (call "op" ("op" "f") ["op"])
                         ^^^^ text
            )
        "#]],
        );
    }

    #[test]
    fn fields_and_special_values() {
        check(
            "(seq (ap u.$.na$0me x)\n (ap u.$.name.first y))",
            expect![[r#"
            (seq (ap u.$.name x)
                         ^^^^ text
             (ap u.$.name.first y))
                     ^^^^ text
        "#]],
        );
        check(
            "(seq (ap %init$0_peer_id% x)\n (ap %init_peer_id% y))",
            expect![[r#"
            (seq (ap %init_peer_id% x)
                     ^^^^^^^^^^^^^^ text
             (ap %init_peer_id% y))
                 ^^^^^^^^^^^^^^ text
        "#]],
        );
    }

    #[test]
    fn nothing_on_keywords() {
        check(
            "(se$0q (null) (null))",
            expect![[r#"
                (seq (null) (null))
                 ^^^ text
                      ^^^^ text
                             ^^^^ text
                                  ^ text
            "#]],
        );
    }
}
