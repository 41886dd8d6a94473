//! Puts the findings of all parts together.
//!
//! In a script with syntax errors the validator sees what recovery could save, which is not what the
//! author means. Definitions come from the left, and so do enclosing folds: what stands wholly to the
//! left of the first syntax error is judged as in a whole script, the rest only once the syntax is
//! right. (`fail-code-zero` looks at one instruction and is reported everywhere.)

use air_syntax::{TextRange, TextSize};

use crate::analysis::Analysis;
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, Fix, Reference, Related, TextEdit};
use crate::directives::{Directive, DirectiveKind, TakeOut};
use crate::hir::Hir;
use crate::mend;
use crate::reference;
use crate::validate::{Finding, Given, validate};

/// What checking a script gives.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) accepted: bool,
}

/// All diagnostics, sorted by position.
pub(crate) fn check(analysis: &Analysis) -> Checked {
    let directives = analysis.directives();
    let hir = analysis.hir();
    let mut findings = validate(hir, &given(analysis));
    let mut diagnostics = Vec::new();
    let accepted = analysis.parse.ok() && findings.is_empty();
    if analysis.parse.ok() {
        diagnostics.extend(findings.into_iter().map(|finding| {
            let reference = finding.reference(hir);
            diagnostic(analysis, finding, Some(reference))
        }));
    } else {
        diagnostics.extend(analysis.parse.errors().iter().map(|error| {
            let code = Code::from(&error.kind);
            Diagnostic {
                code,
                severity: code.severity(),
                message: error.message(),
                range: error.range,
                related: error
                    .related
                    .iter()
                    .map(|(range, note)| Related { range: *range, message: note.to_string() })
                    .collect(),
                reference: None,
                fixes: mend::fixes(&analysis.text, error),
            }
        }));
        let broken_from = analysis.parse.errors().iter().map(|error| error.range.start()).min();
        findings.retain(|finding| is_sure(hir, finding, broken_from.unwrap_or_default()));
        attach(&mut diagnostics, findings, analysis);
    }
    if !directives.is_empty() {
        obey(analysis, directives, &mut diagnostics);
    }
    diagnostics.sort_by_key(|diagnostic| (diagnostic.range.start(), diagnostic.range.end(), diagnostic.code));
    Checked { diagnostics, accepted }
}

/// See [`Analysis::reference_errors`].
pub(crate) fn reference_errors(analysis: &Analysis) -> Vec<Reference> {
    let given = given(analysis);
    if analysis.parse.ok() {
        let hir = analysis.hir();
        validate(hir, &given).iter().map(|finding| finding.reference(hir)).collect()
    } else {
        reference::errors(&analysis.text, &given)
    }
}

fn given(analysis: &Analysis) -> Given {
    let mut given = Given::default();
    for directive in analysis.directives() {
        if let DirectiveKind::Given(names) = &directive.kind {
            given.extend(names.iter().map(|name| analysis.hir().text_at(*name).into()));
        }
    }
    given
}

/// Whether a finding in a broken script would be one in the mended script too.
fn is_sure(hir: &Hir, finding: &Finding, broken_from: TextSize) -> bool {
    finding.code == Code::FailCodeZero
        || hir.instr(finding.instr).is_some_and(|instr| instr.range.end() <= broken_from)
}

fn diagnostic(analysis: &Analysis, finding: Finding, reference: Option<Reference>) -> Diagnostic {
    let mut fixes = finding.fixes;
    if finding.code == Code::UndefinedVariable
        && let Some(name) = finding.name
    {
        fixes.push(declare_given(analysis, analysis.hir().name(name)));
    }
    Diagnostic {
        code: finding.code,
        severity: finding.code.severity(),
        message: finding.message,
        range: finding.range,
        related: finding.related,
        reference,
        fixes,
    }
}

/// Adds the name to the first `; air: given`, or such a line behind the comments at the top.
fn declare_given(analysis: &Analysis, name: &str) -> Fix {
    let directives = analysis.directives();
    let present = directives.iter().find(|directive| matches!(directive.kind, DirectiveKind::Given(_)));
    let (offset, new_text) = match present {
        Some(directive) => (directive.comment.end(), format!(" {name}")),
        None => {
            let first = analysis.hir().roots.first().and_then(|root| analysis.hir().instr(*root));
            let first = first.map_or(TextSize::new(0), |instr| instr.range.start());
            let before = analysis.text.get(..first.into()).unwrap_or_default();
            let line = before.rfind('\n').map_or(0, |newline| newline + 1);
            let crlf = before.ends_with("\r\n") || analysis.text.contains("\r\n");
            (TextSize::new(line as u32), format!("; air: given {name}{}", if crlf { "\r\n" } else { "\n" }))
        }
    };
    Fix {
        title: format!("declare `{name}` as given by the host"),
        safe: false,
        edits: vec![TextEdit { range: TextRange::empty(offset), new_text }],
    }
}

/// Adds the validator's findings to the syntax errors, and gives each of AquaVM's errors to the
/// diagnostic that it is about: to the finding that AquaVM makes too, else to the nearest syntax
/// error that has none yet. The leftmost is always given to one; of the rest, those that find none
/// are only in [`Analysis::reference_errors`].
fn attach(diagnostics: &mut Vec<Diagnostic>, findings: Vec<Finding>, analysis: &Analysis) {
    let hir = analysis.hir();
    diagnostics.sort_by_key(|diagnostic| diagnostic.range.start());
    let mut references: Vec<_> = analysis.reference_errors().to_vec();
    references.sort_by(|a, b| (a.start, a.end, &a.message).cmp(&(b.start, b.end, &b.message)));
    let mut validated = Vec::new();
    for finding in findings {
        let own = finding.reference(hir);
        let same = references.binary_search_by(|other| {
            (other.start, other.end, &other.message).cmp(&(own.start, own.end, &own.message))
        });
        let reference = same.ok().map(|index| references.remove(index));
        validated.push(diagnostic(analysis, finding, reference));
    }
    for reference in references {
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
            diagnostic.reference = Some(reference);
        }
    }
    diagnostics.append(&mut validated);
}

/// Removes what is allowed, and reports directives that are broken or without effect.
fn obey(analysis: &Analysis, directives: &[Directive], diagnostics: &mut Vec<Diagnostic>) {
    let hir = analysis.hir();
    let mut lints = Vec::new();
    let mut lint = |code: Code, range, message, fixes| {
        lints.push(Diagnostic {
            code,
            severity: code.severity(),
            message,
            range,
            related: Vec::new(),
            reference: None,
            fixes,
        });
    };
    let mut starts: Option<Vec<TextRange>> = None;
    for directive in directives {
        match &directive.kind {
            DirectiveKind::FmtOff | DirectiveKind::FmtOn => {}
            DirectiveKind::Bad(problem) => {
                lint(Code::BadDirective, problem.range, problem.message.clone(), Vec::new());
            }
            DirectiveKind::Given(names) => {
                let take_out = TakeOut::new(&analysis.text, directives, directive);
                for name in names {
                    let spelling = hir.text_at(*name);
                    if analysis.parse.ok() && !hir.names.iter().any(|used| &**used == spelling) {
                        let message = format!("`{spelling}` is given, but the script does not use it");
                        lint(Code::UnusedGiven, *name, message, vec![take_out.fix(*name)]);
                    }
                }
            }
            DirectiveKind::Allow(codes) => {
                let starts = starts.get_or_insert_with(|| {
                    let mut ranges: Vec<_> = hir.instrs.iter().map(|instr| instr.range).collect();
                    ranges.sort_by_key(|range| range.start());
                    ranges
                });
                let next = starts.partition_point(|range| range.start() < directive.comment.end());
                let scope = starts.get(next).copied().unwrap_or_default();
                let take_out = TakeOut::new(&analysis.text, directives, directive);
                for (code, range) in codes {
                    let before = diagnostics.len();
                    diagnostics.retain(|diagnostic| {
                        diagnostic.code != *code || !scope.contains_range(diagnostic.range)
                    });
                    if diagnostics.len() == before && analysis.parse.ok() {
                        let message = match scope.is_empty() {
                            true => "no instruction follows that this could apply to".to_owned(),
                            false => format!("the next instruction gets no `{}`", code.name()),
                        };
                        lint(Code::UnusedAllow, *range, message, vec![take_out.fix(*range)]);
                    }
                }
            }
        }
    }
    diagnostics.append(&mut lints);
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
                |                         ^ S013 `[arguments]` is missing: `[]` where there are none
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
                |                  ^ V006 error code 0 means success; `fail` needs another number
                AquaVM 11..22: error code 0 with fail is unsupported
            "#]],
        );
    }

    #[test]
    fn allow_hides_and_the_verdict_stays() {
        check(
            r#"(seq
 ; air: allow(undefined-variable)
 (ap x y)
 (null))"#,
            expect![[r#"
                nothing shown, not accepted
            "#]],
        );
    }

    #[test]
    fn allow_covers_the_next_instruction_only() {
        check(
            r#"(seq
 ; air: allow(V001)
 (ap x y)
 (ap z w))"#,
            expect![[r#"
                |  (ap z w))
                |      ^ V001 variable `z` is not defined
                fix: declare `z` as given by the host: "; air: given z\n(seq\n ; air: allow(V001)\n (ap x y)\n (ap z w))"
                AquaVM 36..44: variable 'z' wasn't defined
            "#]],
        );
    }

    #[test]
    fn allow_without_effect_is_reported() {
        check(
            r#"; air: allow(multiple-next, V001)
(ap x y)
; air: allow(V002)"#,
            expect![[r#"
                | ; air: allow(multiple-next, V001)
                |              ^^^^^^^^^^^^^ L003 the next instruction gets no `multiple-next`
                fix: take it out of the directive: "; air: allow(V001)\n(ap x y)\n; air: allow(V002)"
                | ; air: allow(V002)
                |              ^^^^ L003 no instruction follows that this could apply to
                fix: remove the directive: "; air: allow(multiple-next, V001)\n(ap x y)\n"
            "#]],
        );
    }

    #[test]
    fn given_without_effect_is_reported() {
        check(
            r#"; air: given user
(null) ;; air: gven x"#,
            expect![[r#"
                | ; air: given user
                |              ^^^^ L002 `user` is given, but the script does not use it
                fix: remove the directive: "(null) ;; air: gven x"
                | (null) ;; air: gven x
                |                ^^^^ L001 the directives are `given NAME …`, `allow(CODE, …)`, `fmt off` and `fmt on`
            "#]],
        );
    }

    #[test]
    fn crlf_is_kept() {
        check(
            "; one\r\n(ap x y)\r\n",
            expect![[r#"
                | (ap x y)
                |     ^ V001 variable `x` is not defined
                fix: declare `x` as given by the host: "; one\r\n; air: given x\r\n(ap x y)\r\n"
                AquaVM 7..15: variable 'x' wasn't defined
            "#]],
        );
    }
}
