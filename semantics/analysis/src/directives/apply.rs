//! Applies the directives of a script to its diagnostics.

use air_semantics::Script;
use air_semantics::directives::{DirectiveKind, Problem};
use air_syntax::{TextRange, TextSize};
use rustc_hash::{FxHashMap, FxHashSet};

use super::allow::allowed;
use super::take_out::TakeOut;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Fix, Origin, TextEdit};

/// Removes what is allowed, and reports directives that are broken or without effect. The
/// diagnostics are sorted by position; those added are not.
pub(crate) fn apply(script: &Script, accepted: bool, diagnostics: &mut Vec<Diagnostic>) {
    let hir = script.hir();
    let ok = script.parse.ok();
    let used: FxHashSet<&str> = hir.names().collect();
    let mut instrs: Vec<_> = hir.instrs.iter().map(|instr| instr.range).collect();
    instrs.sort_by_key(|range| range.start());
    let mut silencer = Silencer::new(diagnostics);
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
    let directives = script.directives();
    for directive in directives {
        match &directive.kind {
            DirectiveKind::FmtOff | DirectiveKind::FmtOn => {}
            DirectiveKind::Bad(problem) => {
                lint(Code::BadDirective, problem.range, problem.message.clone(), replace(problem));
            }
            DirectiveKind::Given(names) => {
                let take_out = TakeOut::new(&script.text, directives, directive);
                for name in names {
                    let spelling = hir.text_at(*name);
                    if ok && !used.contains(spelling) {
                        let message = format!("`{spelling}` is given by this directive and never used");
                        lint(Code::UnusedGiven, *name, message, vec![take_out.fix(*name)]);
                    }
                }
            }
            DirectiveKind::Allow(codes) => {
                let next = instrs.partition_point(|range| range.start() < directive.comment.end());
                let scope = instrs.get(next).copied();
                let take_out = TakeOut::new(&script.text, directives, directive);
                for range in codes {
                    let code = match allowed(&script.text, *range) {
                        Ok(code) => code,
                        Err(problem) => {
                            let fixes = replace(&problem);
                            lint(Code::BadDirective, *range, problem.message, fixes);
                            continue;
                        }
                    };
                    // Lints look at scripts that AquaVM accepts.
                    let judged = if code.origin() == Origin::Lint { accepted } else { ok };
                    if scope.is_some_and(|scope| silencer.silence(code, scope)) || !judged {
                        continue;
                    }
                    let message = match scope {
                        Some(_) => format!("`{}` does not occur in the next instruction", code.name()),
                        None => format!("`{}` is allowed, but no instruction follows", code.name()),
                    };
                    lint(Code::UnusedAllow, *range, message, vec![take_out.fix(*range)]);
                }
            }
        }
    }
    let mut loud = silencer.loud.into_iter();
    diagnostics.retain(|_| loud.next().unwrap_or(true));
    diagnostics.append(&mut lints);
}

/// Replaces a word by the one that was probably meant.
fn replace(problem: &Problem) -> Vec<Fix> {
    let fix = problem.suggestion.map(|word| Fix {
        title: format!("replace by `{word}`").into(),
        safe: false,
        edits: vec![TextEdit { range: problem.range, new_text: word.to_owned() }],
    });
    fix.into_iter().collect()
}

/// Silences diagnostics by code and place, each one once, however many scopes cover it.
struct Silencer {
    loud: Vec<bool>,
    /// For each code, its diagnostics by position.
    of_code: FxHashMap<Code, OfCode>,
}

#[derive(Default)]
struct OfCode {
    starts: Vec<TextSize>,
    indices: Vec<usize>,
    /// For each, the next that may still be loud, itself if it is; one more entry for the end.
    next: Vec<usize>,
}

impl Silencer {
    fn new(diagnostics: &[Diagnostic]) -> Silencer {
        let mut of_code: FxHashMap<Code, OfCode> = FxHashMap::default();
        for (index, diagnostic) in diagnostics.iter().enumerate() {
            let of_code = of_code.entry(diagnostic.code).or_default();
            of_code.next.push(of_code.indices.len());
            of_code.starts.push(diagnostic.range.start());
            of_code.indices.push(index);
        }
        for of_code in of_code.values_mut() {
            of_code.next.push(of_code.indices.len());
        }
        Silencer { loud: vec![true; diagnostics.len()], of_code }
    }

    /// Silences what starts in the scope; whether there was anything.
    fn silence(&mut self, code: Code, scope: TextRange) -> bool {
        let Some(of_code) = self.of_code.get_mut(&code) else { return false };
        let first = of_code.starts.partition_point(|start| *start < scope.start());
        let mut at = of_code.loud_from(first);
        let mut any = false;
        while of_code.starts.get(at).is_some_and(|start| *start < scope.end()) {
            any = true;
            if let Some(loud) = of_code.indices.get(at).and_then(|index| self.loud.get_mut(*index)) {
                *loud = false;
            }
            if let Some(next) = of_code.next.get_mut(at) {
                *next = at + 1;
            }
            at = of_code.loud_from(at + 1);
        }
        any
    }
}

impl OfCode {
    /// The first one from there on that is loud. Shortens the way for the next question.
    fn loud_from(&mut self, from: usize) -> usize {
        let mut at = from;
        while let Some(&next) = self.next.get(at)
            && next != at
        {
            let beyond = self.next.get(next).copied().unwrap_or(next);
            if let Some(link) = self.next.get_mut(at) {
                *link = beyond;
            }
            at = next;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

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
                |              ^^^^^^^^^^^^^ L003 `multiple-next` does not occur in the next instruction
                fix: remove `multiple-next` from this directive: "; air: allow(V001)\n(ap x y)\n; air: allow(V002)"
                | ; air: allow(V002)
                |              ^^^^ L003 `undefined-iterable` is allowed, but no instruction follows
                fix: remove this directive: "; air: allow(multiple-next, V001)\n(ap x y)\n"
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
                |              ^^^^ L002 `user` is given by this directive and never used
                fix: remove this directive: "(null) ;; air: gven x"
                | (null) ;; air: gven x
                |                ^^^^ L001 unknown directive `gven`; expected `given NAME …`, `allow(CODE, …)`, `fmt off` or `fmt on`
                fix: replace by `given`: "; air: given user\n(null) ;; air: given x"
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
