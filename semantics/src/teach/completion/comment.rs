//! What can be written in a comment: sample annotations, directives, codes.

use air_syntax::{TextRange, TextSize};

use super::super::annotations::{DIRECTIVES, SAMPLES};
use super::{Item, ItemKind, List};
use crate::codes::Code;

impl List<'_> {
    /// Annotations, directives, codes.
    pub(super) fn comment(&mut self, typed: &str) -> TextRange {
        let body = typed.trim_start_matches(';');
        let start = self.here.word.start() + TextSize::of(typed) - TextSize::of(body.trim_start());
        if let Some((before, list)) = body.split_once("allow(") {
            if before.trim() == "air:" && !list.contains(')') {
                let code = list.rsplit([',', ' ']).next().unwrap_or_default();
                for code in Code::ALL.iter().filter(|code| code.can_be_allowed()) {
                    self.add(
                        ItemKind::Code,
                        code.name(),
                        code.page().summary,
                        format!("code {}", code.as_str()),
                    );
                }
                return TextRange::new(self.offset - TextSize::of(code), self.offset);
            }
            return TextRange::empty(self.offset);
        }
        for it in DIRECTIVES.iter().chain(SAMPLES) {
            self.items.push(Item {
                label: it.label.to_owned(),
                insert: it.snippet.to_owned(),
                snippet: true,
                kind: ItemKind::Comment,
                detail: String::new(),
                topic: format!("comment {}", it.label),
            });
        }
        TextRange::new(start, self.offset)
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check;

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
                Comment ok = JSON -> "ok = ${1:null}" 
                Comment err = {"ret_code": …, "result": …} -> "err = {\"ret_code\": ${1:1}, \"result\": \"${2:message}\"}" 
                Comment seq_ok = {"default": …, "0": …} -> "seq_ok = {\"default\": ${1:null}, \"0\": ${2:null}}" 
                Comment seq_error = {"default": …, "0": …} -> "seq_error = {\"default\": {\"ret_code\": 0, \"result\": ${1:null}}, \"0\": {\"ret_code\": 1, \"result\": \"${2:message}\"}}" 
                and 2 more
            "#]],
        );
        check(
            "; air: allow(undef$0\n(null)",
            expect![[r#"
                instead of "undef"
                Code undefined-variable -> "undefined-variable" a variable is used before anything defines it
                Code undefined-iterable -> "undefined-iterable" `next` stands in no fold over its iterator
                Code multiple-next -> "multiple-next" a fold holds more than one `next` of its iterator
                Code new-on-iterator -> "new-on-iterator" `new` names the iterator of a fold around it
                Code multiple-iterables -> "multiple-iterables" nested folds share one iterator name
                Code fail-code-zero -> "fail-code-zero" `fail` has the error code 0
                Code instruction-after-next -> "instruction-after-next" something follows `next` in a fold over a stream
                Code bad-directive -> "bad-directive" a comment starts like a directive and is none
                and 37 more
            "#]],
        );
    }
}
