//! Puts the findings of all parts together.
//!
//! In a script with syntax errors the validator sees what recovery could save, which is not what the
//! author means. Definitions come from the left, and so do enclosing folds: what stands wholly to the
//! left of the first syntax error is judged as in a whole script, the rest only once the syntax is
//! right. (`fail-code-zero` looks at one instruction and is reported everywhere.)

use air_semantics::Script;
use air_semantics::finding::{Finding, Rule};
use air_semantics::hir::Hir;
use air_syntax::{TextRange, TextSize};

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Reference, Related};
use crate::directives::apply::apply;
use crate::directives::offer::Offer;
use crate::fixes;
use crate::fixes::structure::StructureFixes;
use crate::foreign;
use crate::lints;

/// How many findings about iterators get a fix offered.
const MAX_ITERATORS_RENAMED: usize = 20;

/// All diagnostics, sorted by position; `None` once `stop` says so.
pub(crate) fn check(script: &Script, stop: &dyn Fn() -> bool) -> Option<Vec<Diagnostic>> {
    let go_on = || (!stop()).then_some(());
    go_on()?;
    let hir = script.hir();
    go_on()?;
    let findings = script.findings();
    go_on()?;
    let offer = Offer::new(script);
    let mut diagnostics = Vec::new();
    let accepted = script.accepted();
    if script.parse.ok() {
        let mut renamed = 0;
        diagnostics.extend(findings.iter().map(|finding| {
            let mut diagnostic = diagnostic(&offer, finding, Some(finding.reference(hir)));
            let draft = match finding.rule {
                Rule::MultipleIterables => fixes::iterator::other_name,
                Rule::MultipleNext => fixes::next::once,
                Rule::InstructionAfterNext => fixes::next::last,
                _ => return diagnostic,
            };
            // Each looks at all names of the script.
            if renamed < MAX_ITERATORS_RENAMED {
                renamed += 1;
                diagnostic.fixes.extend(draft(script, finding));
            }
            diagnostic
        }));
        // Advice on a script that AquaVM refuses would be about what is not meant: a misspelt name is one
        // variable undefined and another one unused.
        if accepted {
            script.resolution();
            go_on()?;
            script.control_flow();
            lints::run(script, Code::severity, &mut diagnostics, stop)?;
        }
    } else {
        let mut structure = StructureFixes::new(script);
        diagnostics.extend(script.parse.errors().iter().map(|error| {
            let structural = structure.fix(error);
            let code = Code::from(&error.kind);
            Diagnostic {
                code,
                severity: code.severity(),
                message: error.message(),
                range: error.range,
                related: error
                    .related
                    .iter()
                    .map(|(range, note)| Related { range: *range, message: note.to_string().into() })
                    .collect(),
                reference: None,
                fixes: structural.map_or_else(
                    || fixes::syntax::fixes(&script.text, &script.parse, error),
                    |fix| vec![fix],
                ),
            }
        }));
        let broken_from = script.parse.errors().iter().map(|error| error.range.start()).min();
        let sure = findings.iter().filter(|finding| is_sure(hir, finding, broken_from.unwrap_or_default()));
        go_on()?;
        attach(&mut diagnostics, sure, script, &offer);
        if foreign::is_foreign(&script.text, diagnostics.len()) {
            return Some(vec![foreign::finding(script)]);
        }
        for diagnostic in &mut diagnostics {
            diagnostic.range = visible(hir, diagnostic.range);
        }
    }
    go_on()?;
    let place = |diagnostic: &Diagnostic| (diagnostic.range.start(), diagnostic.range.end(), diagnostic.code);
    diagnostics.sort_by_key(place);
    if !script.directives().is_empty() {
        apply(script, accepted, &mut diagnostics);
        diagnostics.sort_by_key(place);
    }
    Some(diagnostics)
}

/// Where something is missing, the word before: most editors draw nothing for an empty range.
fn visible(hir: &Hir, range: TextRange) -> TextRange {
    if !range.is_empty() {
        return range;
    }
    let before = hir.text_at(TextRange::up_to(range.start())).trim_end();
    let end = TextSize::of(before);
    match before.char_indices().next_back() {
        None => range,
        Some((at, '(' | ')' | '[' | ']')) => TextRange::new(TextSize::new(at as u32), end),
        Some(_) => {
            let word = before.rfind(|char: char| char.is_whitespace() || "()[]".contains(char));
            let start = word.and_then(|at| before.get(at..)?.chars().next().map(|char| at + char.len_utf8()));
            TextRange::new(TextSize::new(start.unwrap_or_default() as u32), end)
        }
    }
}

/// Whether a finding in a broken script would be one in the fixed script too.
fn is_sure(hir: &Hir, finding: &Finding, broken_from: TextSize) -> bool {
    finding.rule == Rule::FailCodeZero
        || hir.instr(finding.instr).is_some_and(|instr| instr.range.end() <= broken_from)
}

fn diagnostic(offer: &Offer<'_>, finding: &Finding, reference: Option<Reference>) -> Diagnostic {
    let code = Code::from(finding.rule);
    let mut fixes = finding.fixes.clone();
    if finding.rule == Rule::UndefinedVariable
        && let Some(name) = finding.name
    {
        fixes.push(offer.given(name));
    }
    Diagnostic {
        code,
        severity: code.severity(),
        message: finding.message.clone(),
        range: finding.range,
        related: finding.related.clone(),
        reference,
        fixes,
    }
}

/// Adds the validator's findings to the syntax errors, and gives each of AquaVM's errors to the
/// diagnostic that it is about: to the finding that AquaVM makes too, else to the nearest syntax
/// error that has none yet. The leftmost is always given to one; of the rest, those that find none
/// are only in [`Script::reference_errors`].
fn attach<'a>(
    diagnostics: &mut Vec<Diagnostic>,
    findings: impl Iterator<Item = &'a Finding>,
    script: &Script,
    offer: &Offer<'_>,
) {
    let hir = script.hir();
    diagnostics.sort_by_key(|diagnostic| diagnostic.range.start());
    let mut references: Vec<Option<&Reference>> = script.reference_errors().iter().map(Some).collect();
    references.sort_by_key(|reference| reference.map(key));
    let mut validated = Vec::new();
    let order: Vec<_> = references.iter().copied().flatten().collect();
    for finding in findings {
        let own = finding.reference(hir);
        let same = order.binary_search_by_key(&key(&own), |reference| key(reference)).ok();
        let reference = same.and_then(|index| references.get_mut(index)?.take()).cloned();
        validated.push(diagnostic(offer, finding, reference));
    }
    for reference in references.into_iter().flatten() {
        let start = TextSize::new(reference.start);
        let right = diagnostics.partition_point(|diagnostic| diagnostic.range.start() < start);
        let distance = |index: usize| -> Option<(u32, usize)> {
            let diagnostic = diagnostics.get(index).filter(|diagnostic| diagnostic.reference.is_none())?;
            Some((u32::from(diagnostic.range.start()).abs_diff(reference.start), index))
        };
        let left = right.checked_sub(1).and_then(distance);
        let nearest = left.into_iter().chain(distance(right)).min();
        if let Some((_, index)) = nearest
            && let Some(diagnostic) = diagnostics.get_mut(index)
        {
            diagnostic.reference = Some(reference.clone());
        }
    }
    diagnostics.append(&mut validated);
}

fn key(reference: &Reference) -> (u32, u32, &str) {
    (reference.start, reference.end, &reference.message)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn syntax_errors_carry_the_reference() {
        check(
            r#"(seq (call "p" ("s" "f")) (null))"#,
            expect![[r#"
                | (seq (call "p" ("s" "f")) (null))
                |                        ^ S013 `[arguments]` is missing: expected a list in brackets, `[]` if there are none
                fix: insert `[]`: "(seq (call \"p\" (\"s\" \"f\") []) (null))"
                AquaVM 24..25: expected "["
            "#]],
        );
    }

    #[test]
    fn left_of_the_first_syntax_error_all_is_judged() {
        check(
            "(seq (ap x y) (seq (ap z w) (nul)))",
            expect![[r#"
                | (seq (ap x y) (seq (ap z w) (nul)))
                |          ^ V001 variable `x` is not defined
                fix: declare `x` as given by the host: "; air: given x\n(seq (ap x y) (seq (ap z w) (nul)))"
                AquaVM 5..13: variable 'x' wasn't defined
                | (seq (ap x y) (seq (ap z w) (nul)))
                |                        ^ V001 variable `z` is not defined
                fix: declare `z` as given by the host: "; air: given z\n(seq (ap x y) (seq (ap z w) (nul)))"
                AquaVM 19..27: variable 'z' wasn't defined
                | (seq (ap x y) (seq (ap z w) (nul)))
                |                              ^^^ S010 unknown instruction, did you mean `null`?
                fix: replace by `null`: "(seq (ap x y) (seq (ap z w) (null)))"
                AquaVM 29..32: expected ap or call or canon or fail or fold or match_ or mismatch or never or new or next or null or par or seq or xor
            "#]],
        );
    }

    #[test]
    fn right_of_it_nothing_is() {
        check(
            "(seq (ap 1 $s.$.x) (ap z w))",
            expect![[r#"
                | (seq (ap 1 $s.$.x) (ap z w))
                |            ^^^^^^ S027 AquaVM takes no lens on a tagged name of one letter: use a longer name
                AquaVM 12..12: a canon name should be non empty
            "#]],
        );
    }

    #[test]
    fn fail_zero_is_always_sure() {
        check(
            r#"(seq (nul) (fail 0 ""))"#,
            expect![[r#"
                | (seq (nul) (fail 0 ""))
                |       ^^^ S010 unknown instruction, did you mean `null`?
                fix: replace by `null`: "(seq (null) (fail 0 \"\"))"
                AquaVM 6..9: expected ap or call or canon or fail or fold or match_ or mismatch or never or new or next or null or par or seq or xor
                | (seq (nul) (fail 0 ""))
                |                  ^ V006 `fail` needs an error code other than 0, which means success
                fix: replace by `1`: "(seq (nul) (fail 1 \"\"))"
                AquaVM 11..22: error code 0 with fail is unsupported
            "#]],
        );
    }
}
