//! On a keyword: the parts of its instruction. Without an answer an editor marks all equal words, which says nothing.

use air_analysis::Analysis;
use air_semantics::hir::{Hir, Instr, InstrId, InstrKind, Role};
use air_semantics::resolve::{Access, BindingId, BindingKind};
use air_syntax::{TextRange, TextSize};

use super::{Highlight, HighlightKind};
use crate::names::{instr_at, is_closed};

/// The keyword at an offset with its closing bracket and what works together with it, in text order:
///
/// - `fold` and `next`: the fold and all of its `next`
/// - `new`: the variable, where it is declared and used
/// - `seq`, `par`, `xor`, `match`, `mismatch`: the keywords of the instructions inside of it
pub(super) fn parts(analysis: &Analysis, offset: TextSize) -> Option<Vec<Highlight>> {
    let hir = analysis.hir();
    let at = instr_at(hir, offset)?;
    let own = hir.instr(at)?;
    if own.keyword.is_empty() || !own.keyword.contains_inclusive(offset) {
        return None;
    }
    // A `next` is a part of its fold.
    let root = match own.kind {
        InstrKind::Next => fold_of(analysis, own).unwrap_or(at),
        _ => at,
    };
    let instr = hir.instr(root)?;
    let mut found = vec![text(instr.keyword)];
    match instr.kind {
        InstrKind::Fold => found.extend(nexts(analysis, root)),
        InstrKind::New => found.extend(uses(analysis, root)),
        InstrKind::Seq | InstrKind::Par | InstrKind::Xor | InstrKind::Match | InstrKind::Mismatch => {
            let children = hir.children_of(instr).iter().filter_map(|child| hir.instr(*child));
            found.extend(children.map(|child| text(child.keyword)).filter(|it| !it.range.is_empty()));
        }
        _ => {}
    }
    if is_closed(hir, instr) {
        found.push(text(closing_bracket(instr)));
    }
    found.sort_by_key(|it| it.range.start());
    Some(found)
}

fn text(range: TextRange) -> Highlight {
    Highlight { range, kind: HighlightKind::Text }
}

fn closing_bracket(instr: &Instr) -> TextRange {
    TextRange::new(instr.range.end() - TextSize::of(')'), instr.range.end())
}

/// The variable that an instruction declares.
fn declared(analysis: &Analysis, is: impl Fn(BindingKind) -> bool) -> Option<BindingId> {
    let mut bindings = analysis.resolution().bindings.iter().zip(0..);
    bindings.find(|(binding, _)| is(binding.kind)).map(|(_, id)| BindingId(id))
}

fn fold_of(analysis: &Analysis, next: &Instr) -> Option<InstrId> {
    let (hir, resolution) = (analysis.hir(), analysis.resolution());
    let iterator = hir.operand(next, Role::Iterator)?;
    match resolution.binding(resolution.at(iterator.range.start())?.binding)?.kind {
        BindingKind::Iterator(fold) => Some(fold),
        _ => None,
    }
}

fn nexts(analysis: &Analysis, fold: InstrId) -> Vec<Highlight> {
    let (hir, resolution) = (analysis.hir(), analysis.resolution());
    let Some(iterator) = declared(analysis, |kind| kind == BindingKind::Iterator(fold)) else {
        return Vec::new();
    };
    let places = resolution.occurrences_of(iterator).filter_map(|place| next_of(hir, place.instr));
    places.map(|next| text(next.keyword)).collect()
}

fn next_of(hir: &Hir, id: InstrId) -> Option<&Instr> {
    hir.instr(id).filter(|instr| instr.kind == InstrKind::Next)
}

fn uses(analysis: &Analysis, new: InstrId) -> Vec<Highlight> {
    let Some(variable) = declared(analysis, |kind| kind == BindingKind::New(new)) else { return Vec::new() };
    let places = analysis.resolution().occurrences_of(variable).map(|place| Highlight {
        range: place.range,
        kind: if place.access == Access::Read { HighlightKind::Read } else { HighlightKind::Write },
    });
    places.collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::testing::{cursor, underlined};

    fn check(marked: &str, expected: Expect) {
        let (analysis, offset) = cursor(marked);
        let marks = parts(&analysis, offset).unwrap_or_default().into_iter().map(|found| {
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
    fn a_fold_and_its_next_are_one() {
        check(
            "(fo$0ld xs i\n (par (fold ys j (next j)) (next i))\n)",
            expect![[r#"
            (fold xs i
             ^^^^ text
             (par (fold ys j (next j)) (next i))
                                        ^^^^ text
            )
            ^ text
        "#]],
        );
        check(
            "(fold xs i\n (par (fold ys j (next j)) (ne$0xt i))\n)",
            expect![[r#"
            (fold xs i
             ^^^^ text
             (par (fold ys j (next j)) (next i))
                                        ^^^^ text
            )
            ^ text
        "#]],
        );
    }

    #[test]
    fn the_variable_of_new() {
        check(
            "(n$0ew $s\n (seq (ap 1 $s) (new $s (canon \"p\" $s #c)))\n)",
            expect![[r#"
            (new $s
             ^^^ text
                 ^^ write
             (seq (ap 1 $s) (new $s (canon "p" $s #c)))
                        ^^ write
            )
            ^ text
        "#]],
        );
    }

    #[test]
    fn branches() {
        check(
            "(xor$0\n (seq (null) (null))\n (null)\n)",
            expect![[r#"
            (xor
             ^^^ text
             (seq (null) (null))
              ^^^ text
             (null)
              ^^^^ text
            )
            ^ text
        "#]],
        );
    }

    #[test]
    fn an_instruction_without_parts_and_no_keyword() {
        check(
            "(seq (ca$0ll \"p\" (\"s\" \"f\") []) (call \"p\" (\"s\" \"f\") []))",
            expect![[r#"
            (seq (call "p" ("s" "f") []) (call "p" ("s" "f") []))
                  ^^^^ text
                                       ^ text
        "#]],
        );
        check(
            "(se$0q (null)",
            expect![[r#"
            (seq (null)
             ^^^ text
                  ^^^^ text
        "#]],
        );
        check(
            "(seq (ap 1 x$0) (null))",
            expect![[r#"
            (seq (ap 1 x) (null))
        "#]],
        );
    }
}
