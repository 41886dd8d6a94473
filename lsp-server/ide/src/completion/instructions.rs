//! Instructions as snippets, the cursor where something has to be filled in.

use air_semantics::hir::{Hir, Instr};
use air_syntax::TextRange;

use super::list::{Item, ItemKind, List};
use crate::instructions::PAGES;
use crate::names::{instr_at, is_closed};

impl List<'_> {
    /// All instructions; with their opening bracket where none is written yet.
    pub(super) fn instructions(&mut self, bracket: bool) {
        let filled = !bracket && self.filled();
        for page in PAGES {
            let insert = match bracket {
                true => page.snippet.to_owned(),
                // What belongs into it is there.
                false if filled => page.keyword.to_owned(),
                // The bracket is there, and most editors have closed it.
                false if self.closed() => unbracketed(page.snippet),
                false => page.snippet.trim_start_matches('(').to_owned(),
            };
            self.items.push(Item {
                label: page.keyword.to_owned(),
                insert,
                snippet: !filled,
                kind: ItemKind::Instruction,
                detail: page.forms.first().map_or("", |form| form.label).to_owned(),
                topic: format!("instruction {}", page.keyword),
            });
        }
    }

    /// Whether a bracket closes right after the word.
    fn closed(&self) -> bool {
        let rest = self.analysis.text.get(usize::from(self.here.word.end())..);
        rest.is_some_and(|rest| rest.starts_with(')'))
    }

    /// Whether the brackets around the word hold more than the word. Where one is missing further out it is this
    /// one, and what follows belongs elsewhere.
    fn filled(&self) -> bool {
        let hir = self.analysis.hir();
        let Some(bracket) = self.here.open.last().copied() else { return false };
        let Some(instr) = instr_at(hir, bracket).and_then(|id| hir.instr(id)) else { return false };
        if instr.range.start() != bracket {
            return false;
        }
        let inside = TextRange::new(self.here.word.end().min(instr.range.end()), instr.range.end());
        let rest = hir.text_at(inside).trim_start();
        !rest.is_empty() && !rest.starts_with(')') && all_closed(hir, instr)
    }
}

/// Whether an instruction and all around it are closed.
fn all_closed(hir: &Hir, instr: &Instr) -> bool {
    let around = std::iter::successors(Some(instr), |instr| hir.instr(instr.parent?));
    around.fuse().all(|instr| is_closed(hir, instr))
}

/// A snippet without its outer brackets.
fn unbracketed(snippet: &str) -> String {
    let inner = snippet.strip_prefix('(').unwrap_or(snippet);
    let inner = inner.strip_suffix(")$0").unwrap_or(inner);
    format!("{}$0", inner)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::completion::testing::{check, offered};

    /// All instructions are offered at `$0`; shows what is written for two of them.
    fn check_all(marked: &str, expected: Expect) {
        let (replaced, items) = offered(marked);
        let labels: Vec<&str> = items.iter().map(|item| &*item.label).collect();
        let keywords: Vec<&str> = PAGES.iter().map(|page| page.keyword).collect();
        assert_eq!(labels, keywords, "{marked}");
        let mut shown = format!("instead of {replaced:?}\n");
        for item in items.iter().filter(|item| ["ap", "seq"].contains(&&*item.label)) {
            shown.push_str(&format!("{} -> {:?} {}\n", item.label, item.insert, item.detail));
        }
        expected.assert_eq(&shown);
    }

    #[test]
    fn what_is_there_stays() {
        check_all(
            "(s$0 (null) (null))",
            expect![[r#"
            instead of "s"
            ap -> "ap" (ap SOURCE TARGET)
            seq -> "seq" (seq FIRST SECOND)
        "#]],
        );
        check_all(
            "(seq\n (s$0\n (null)\n)",
            expect![[r#"
            instead of "s"
            ap -> "ap ${1:source} ${2:target})$0" (ap SOURCE TARGET)
            seq -> "seq\n $1\n $2\n)$0" (seq FIRST SECOND)
        "#]],
        );
    }

    #[test]
    fn no_more_than_fit() {
        for marked in [
            "(seq (null) (null) $0)",
            "(ap 1 x $0)",
            "(call \"p\" (\"s\" \"f\"$0",
            "(call \"p\" (\"s\" \"f\" $0",
            "(null $0)",
            "(new $s (null) $0",
        ] {
            assert_eq!(offered(marked), (String::new(), Vec::new()), "{marked}");
        }
    }

    #[test]
    fn instructions_where_they_fit() {
        check_all(
            "$0",
            expect![[r#"
            instead of ""
            ap -> "(ap ${1:source} ${2:target})$0" (ap SOURCE TARGET)
            seq -> "(seq\n $1\n $2\n)$0" (seq FIRST SECOND)
        "#]],
        );
        check_all(
            "(seq (null) (ca$0",
            expect![[r#"
            instead of "ca"
            ap -> "ap ${1:source} ${2:target})$0" (ap SOURCE TARGET)
            seq -> "seq\n $1\n $2\n)$0" (seq FIRST SECOND)
        "#]],
        );
        check_all(
            "(seq (null) (ca$0))",
            expect![[r#"
            instead of "ca"
            ap -> "ap ${1:source} ${2:target}$0" (ap SOURCE TARGET)
            seq -> "seq\n $1\n $2\n$0" (seq FIRST SECOND)
        "#]],
        );
        check_all(
            "(seq (null) $0)",
            expect![[r#"
            instead of ""
            ap -> "(ap ${1:source} ${2:target})$0" (ap SOURCE TARGET)
            seq -> "(seq\n $1\n $2\n)$0" (seq FIRST SECOND)
        "#]],
        );
        check(
            "(call \"p\" $0",
            expect![[r#"
                instead of ""
                Value ("service" "function") -> "(\"${1:service}\" \"${2:function}\")$0" what is called
            "#]],
        );
    }
}
