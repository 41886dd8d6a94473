//! What can be written in a comment: sample annotations, directives, codes, names.

use air_analysis::codes::Code;
use air_semantics::hir::InstrKind;
use air_semantics::resolve::BindingKind;
use air_syntax::{TextRange, TextSize};

use super::list::{Item, ItemKind, List};
use crate::annotations::{Annotation, DIRECTIVES, SAMPLES};

/// The words after `behaviour =`.
const BEHAVIOURS: &[&str] = &["echo", "unit", "service", "function", "arg.0", "tetraplet"];

impl List<'_> {
    /// What goes on as the comment begins; nothing for prose.
    pub(super) fn comment(&mut self, typed: &str) -> TextRange {
        let body = typed.trim_start_matches(';').trim_start();
        let word = |word: &str| TextRange::new(self.offset - TextSize::of(word), self.offset);
        if let Some((before, list)) = body.split_once("allow(") {
            let code = list.rsplit([',', ' ']).next().unwrap_or_default();
            let replace = word(code);
            if before.trim() == "air:" && !list.contains(')') {
                self.codes(code);
            }
            return replace;
        }
        if let Some(names) =
            body.strip_prefix("air:").and_then(|rest| rest.trim_start().strip_prefix("given"))
            && names.starts_with(char::is_whitespace)
        {
            let replace = word(names.rsplit([',', ' ', '\t']).next().unwrap_or_default());
            self.unset(names);
            return replace;
        }
        if let Some((key, value)) = body.split_once('=') {
            let replace = word(value.trim_start());
            if key.trim() == "behaviour" && self.after_call() {
                for behaviour in BEHAVIOURS {
                    self.add(ItemKind::Comment, behaviour, "", format!("comment {}", label_of("behaviour")));
                }
            }
            return replace;
        }
        let samples: &[Annotation] = if self.after_call() { SAMPLES } else { &[] };
        for it in samples.iter().chain(DIRECTIVES) {
            if !it.label.starts_with(body) && !it.key.contains(body) {
                continue;
            }
            self.items.push(Item {
                label: it.label.to_owned(),
                insert: it.snippet.to_owned(),
                snippet: true,
                kind: ItemKind::Comment,
                detail: String::new(),
                topic: format!("comment {}", it.label),
            });
        }
        word(body)
    }

    /// By name, or by number once that is begun.
    fn codes(&mut self, typed: &str) {
        let number = typed.starts_with(['V', 'L']);
        for code in Code::ALL.iter().filter(|code| code.can_be_allowed()) {
            let label = if number { code.as_str() } else { code.name() };
            self.add(ItemKind::Code, label, code.page().summary, format!("code {}", code.as_str()));
        }
    }

    /// Variables that are read and that nothing sets.
    fn unset(&mut self, written: &str) {
        let (hir, resolution) = (self.analysis.hir(), self.analysis.resolution());
        for (binding, id) in resolution.bindings.iter().zip(0_u32..) {
            let name = hir.name(binding.name);
            let known = written.split([',', ' ', '\t']).any(|other| other == name);
            if binding.kind == BindingKind::Script && binding.reads > 0 && binding.writes == 0 && !known {
                self.add(ItemKind::Variable, name, "not set in the script", format!("variable {id} {name}"));
            }
        }
    }

    /// Whether a call ends on the comment's line, before it.
    fn after_call(&self) -> bool {
        let hir = self.analysis.hir();
        let start = self.here.word.start();
        let before = self.analysis.text.get(..start.into()).unwrap_or_default();
        let line = TextSize::of(before.get(..before.rfind('\n').map_or(0, |at| at + 1)).unwrap_or_default());
        // Closing order: ends ascend.
        let after = hir.instrs.partition_point(|instr| instr.range.end() <= start);
        let ended = hir.instrs.get(..after).unwrap_or_default().iter().rev();
        ended.take_while(|instr| instr.range.end() > line).any(|instr| instr.kind == InstrKind::Call)
    }
}

fn label_of(key: &str) -> &'static str {
    SAMPLES.iter().find(|it| it.key == key).map_or("", |it| it.label)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::completion::testing::check;

    #[test]
    fn annotations_after_calls() {
        check(
            "(seq (call \"p\" (\"s\" \"f\") [] x) ; $0\n (null))",
            expect![[r#"
            instead of ""
            Comment ok = JSON -> "ok = ${1:null}" 
            Comment err = {"ret_code": …, "result": …} -> "err = {\"ret_code\": ${1:1}, \"result\": \"${2:message}\"}" 
            Comment seq_ok = {"default": …, "0": …} -> "seq_ok = {\"default\": ${1:null}, \"0\": ${2:null}}" 
            Comment seq_error = {"default": …, "0": …} -> "seq_error = {\"default\": {\"ret_code\": 0, \"result\": ${1:null}}, \"0\": {\"ret_code\": 1, \"result\": \"${2:message}\"}}" 
            Comment behaviour = echo|unit|service|function|arg.N|tetraplet -> "behaviour = ${1|echo,unit,service,function,arg.0,tetraplet|}" 
            Comment map = {"ARGUMENT": ANSWER, …} -> "map = {\"${1:key}\": ${2:null}}" 
            Comment air: given NAME … -> "air: given ${1:name}" 
            Comment air: allow(CODE, …) -> "air: allow(${1:code})" 
            and 2 more
        "#]],
        );
        check(
            "(call \"p\" (\"s\" \"f\") [] x) ; behaviour = a$0",
            expect![[r#"
            instead of "a"
            Comment echo -> "echo" 
            Comment unit -> "unit" 
            Comment service -> "service" 
            Comment function -> "function" 
            Comment arg.0 -> "arg.0" 
            Comment tetraplet -> "tetraplet" 
        "#]],
        );
        check(
            "(call \"p\" (\"s\" \"f\") [] x) ; ok = {\"a$0",
            expect![[r#"
            instead of "{\"a"
        "#]],
        );
        check(
            "(call \"p\" (\"s\" \"f\") [] x) ; seq$0",
            expect![[r#"
            instead of "seq"
            Comment seq_ok = {"default": …, "0": …} -> "seq_ok = {\"default\": ${1:null}, \"0\": ${2:null}}" 
            Comment seq_error = {"default": …, "0": …} -> "seq_error = {\"default\": {\"ret_code\": 0, \"result\": ${1:null}}, \"0\": {\"ret_code\": 1, \"result\": \"${2:message}\"}}" 
        "#]],
        );
    }

    #[test]
    fn names_that_the_host_may_supply() {
        check(
            "; air: given $0\n(seq (ap x y) (ap $s z))",
            expect![[r#"
                instead of ""
                Variable x -> "x" not set in the script
            "#]],
        );
        check(
            "; air: given x, #$0\n(seq (ap x y) (ap #c z))",
            expect![[r##"
                instead of "#"
                Variable #c -> "#c" not set in the script
            "##]],
        );
    }

    #[test]
    fn prose_is_left_alone() {
        check(
            "; this is what ok$0\n(null)",
            expect![[r#"
            instead of "this is what ok"
        "#]],
        );
    }

    #[test]
    fn codes_by_number() {
        check(
            "; air: allow(undefined-variable, L0$0\n(null)",
            expect![[r#"
                instead of "L0"
                Code V001 -> "V001" a variable is used before anything defines it
                Code V002 -> "V002" `next` is not inside a fold with its iterator
                Code V003 -> "V003" a fold has more than one `next` of its iterator
                Code V004 -> "V004" `new` names the iterator of a fold around it
                Code V005 -> "V005" nested folds have the same iterator
                Code V006 -> "V006" `fail` has the error code 0
                Code V007 -> "V007" an instruction follows `next` in a fold over a stream
                Code L001 -> "L001" a comment that starts like a directive and is not one
                and 42 more
            "#]],
        );
    }

    #[test]
    fn comments() {
        check(
            "(null) ; $0",
            expect![[r#"
                instead of ""
                Comment air: given NAME … -> "air: given ${1:name}" 
                Comment air: allow(CODE, …) -> "air: allow(${1:code})" 
                Comment air: fmt off -> "air: fmt off" 
                Comment air: fmt on -> "air: fmt on" 
            "#]],
        );
        check(
            "; air: allow(undef$0\n(null)",
            expect![[r#"
                instead of "undef"
                Code undefined-variable -> "undefined-variable" a variable is used before anything defines it
                Code undefined-iterable -> "undefined-iterable" `next` is not inside a fold with its iterator
                Code multiple-next -> "multiple-next" a fold has more than one `next` of its iterator
                Code new-on-iterator -> "new-on-iterator" `new` names the iterator of a fold around it
                Code multiple-iterables -> "multiple-iterables" nested folds have the same iterator
                Code fail-code-zero -> "fail-code-zero" `fail` has the error code 0
                Code instruction-after-next -> "instruction-after-next" an instruction follows `next` in a fold over a stream
                Code bad-directive -> "bad-directive" a comment that starts like a directive and is not one
                and 42 more
            "#]],
        );
    }
}
