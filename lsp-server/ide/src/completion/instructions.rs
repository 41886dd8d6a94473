//! Instructions as snippets, the cursor where something has to be filled in.

use air_semantics::hir::{Hir, Instr, InstrId, InstrKind, Role};
use air_syntax::SyntaxKind;

use super::forms::fit;
use super::known::{Known, Readable};
use super::list::{Item, ItemKind, List, text_of};
use crate::cursor_context::{Slot, SlotKind};
use crate::instructions::{InstructionPage, PAGES};
use crate::names::{instr_at, is_closed};

impl List<'_> {
    /// Instructions, what fits first; with their opening bracket where none is written yet.
    pub(super) fn instructions(&mut self, bracket: bool) {
        let known = self.known();
        let filled = !bracket && self.filled();
        let next = self.without_next(&known).first().map(|it| it.name);
        let mut pages: Vec<&InstructionPage> = PAGES.iter().collect();
        if filled {
            let slots = &self.here.after;
            pages.sort_by_cached_key(|page| {
                let fit = fit(page.kind, slots);
                (fit, self.unlikely(page.kind, &known))
            });
        } else {
            // A `next` has its fold, and that has one only.
            pages.retain(|page| page.kind != InstrKind::Next || next.is_some());
            if !bracket && self.closed() {
                pages.sort_by_key(|page| empty_rank(page.kind));
            }
        }
        for page in pages {
            let insert = match bracket {
                // What belongs into it is there.
                _ if filled => page.keyword.to_owned(),
                true => page.snippet.to_owned(),
                // The bracket is there, and most editors have closed it.
                false if self.closed() => unbracketed(page.snippet),
                false => page.snippet.trim_start_matches('(').to_owned(),
            };
            let insert = if filled { insert } else { self.with_names(page.kind, insert, &known) };
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

    /// Of instructions that fit equally: how unlikely this one is, by what stands in it.
    fn unlikely(&self, kind: InstrKind, known: &[Known<'_>]) -> u8 {
        let slots = self.here.after.as_slice();
        let text = |slot: &Slot| text_of(self.analysis, slot.range);
        let named = |slot: &Slot| known.iter().find(|it| it.name == text(slot));
        match (kind, slots) {
            (InstrKind::Seq | InstrKind::Par | InstrKind::Xor, [left, right]) => {
                self.unlikely_pair(kind, left, right)
            }
            // Whether the second word is a new name.
            (InstrKind::Fold, [_, second, ..]) => {
                let iterator = named(second).is_none_or(|it| it.readable(self.start()) >= Readable::Perhaps);
                if iterator { 0 } else { 3 }
            }
            (InstrKind::Match, _) => 1,
            (InstrKind::Mismatch, _) => 2,
            (InstrKind::Next, [word]) => match named(word).is_some_and(|it| it.iterator && it.nexts == 0) {
                true => 0,
                false => 3,
            },
            (InstrKind::Fail, _) => 1,
            _ => 0,
        }
    }

    /// `seq` mostly, `xor` where one branch can fail by itself or the other looks at the failure.
    fn unlikely_pair(&self, kind: InstrKind, left: &Slot, right: &Slot) -> u8 {
        let hir = self.analysis.hir();
        let is = |slot: &Slot, kinds: &[InstrKind]| matches!(slot.kind, SlotKind::Instruction(kind) if kinds.contains(&kind));
        let handler = text_of(self.analysis, right.range);
        let handles = is(right, &[InstrKind::Call, InstrKind::Ap, InstrKind::Fail])
            && (handler.contains(":error:") || handler.contains("%last_error%"));
        let compares = is(left, &[InstrKind::Match, InstrKind::Mismatch, InstrKind::Fail]);
        let continues = instr_at(hir, left.range.start()).is_some_and(|id| ends_in_next(hir, id));
        let order: [InstrKind; 3] = if handles || compares || continues {
            [InstrKind::Xor, InstrKind::Seq, InstrKind::Par]
        } else if is(right, &[InstrKind::Null, InstrKind::Never]) {
            [InstrKind::Par, InstrKind::Xor, InstrKind::Seq]
        } else {
            [InstrKind::Seq, InstrKind::Par, InstrKind::Xor]
        };
        order.iter().position(|it| *it == kind).unwrap_or_default() as u8
    }

    /// A snippet with names that can be read here, as far as there are some.
    fn with_names(&self, kind: InstrKind, snippet: String, known: &[Known<'_>]) -> String {
        let nearest = |role: Role, takes: &dyn Fn(&Known<'_>) -> bool| {
            self.to_read(role, known, takes).first().map(|it| it.name.to_owned())
        };
        let value = || nearest(Role::Argument, &|it| it.word(false) == SyntaxKind::SCALAR);
        let put = |snippet: String, place: &str, name: Option<String>| match name {
            Some(name) => {
                let number: String = place.chars().take_while(char::is_ascii_digit).collect();
                snippet
                    .replace(&format!("${{{place}}}"), &format!("${{{number}:{}}}", name.replace('$', "\\$")))
            }
            None => snippet,
        };
        match kind {
            InstrKind::Next => {
                put(snippet, "1:item", self.without_next(known).first().map(|it| it.name.to_owned()))
            }
            InstrKind::Fold => {
                let many = |it: &Known<'_>| matches!(it.word(false), SyntaxKind::STREAM | SyntaxKind::CANON);
                let walked = nearest(Role::Argument, &many).or_else(value);
                let element = walked.as_deref().map(|walked| self.name_of_element(walked));
                put(put(snippet, "1:items", walked), "2:item", element)
            }
            InstrKind::Ap => put(snippet, "1:source", value()),
            InstrKind::Match | InstrKind::Mismatch => put(snippet, "1:left", value()),
            InstrKind::Canon => {
                let stream = nearest(Role::Source, &|it| it.word(false) == SyntaxKind::STREAM);
                let canon = stream.as_deref().map(|stream| stream.replacen('$', "#", 1));
                put(put(snippet, "2:\\$stream", stream), "3:#canon", canon)
            }
            _ => snippet,
        }
    }

    /// Whether the bracket before the word closes after it, with nothing in between.
    fn closed(&self) -> bool {
        let rest = self.analysis.text.get(usize::from(self.here.word.end())..).unwrap_or_default();
        rest.starts_with(')') || (rest.trim_start().starts_with(')') && self.all_closed())
    }

    /// Whether the brackets around the word hold more than the word.
    fn filled(&self) -> bool {
        !self.here.after.is_empty() && self.all_closed()
    }

    /// Whether all brackets around the word are closed. Where one is missing further out it is the innermost one, and
    /// what follows belongs elsewhere.
    fn all_closed(&self) -> bool {
        let hir = self.analysis.hir();
        let Some(bracket) = self.here.open.last().copied() else { return false };
        let Some(instr) = instr_at(hir, bracket).and_then(|id| hir.instr(id)) else { return false };
        instr.range.start() == bracket && all_closed(hir, instr)
    }
}

/// Whether an instruction and all around it are closed.
fn all_closed(hir: &Hir, instr: &Instr) -> bool {
    let around = std::iter::successors(Some(instr), |instr| hir.instr(instr.parent?));
    around.fuse().all(|instr| is_closed(hir, instr))
}

/// In empty brackets: first what is written most, then what needs nothing more.
fn empty_rank(kind: InstrKind) -> u8 {
    match kind {
        InstrKind::Call => 0,
        InstrKind::Seq => 1,
        InstrKind::Next => 2,
        InstrKind::Null => 3,
        InstrKind::Never => 4,
        _ => 5,
    }
}

/// Whether the last thing that an instruction does is a `next` of a fold around it.
fn ends_in_next(hir: &Hir, mut id: InstrId) -> bool {
    while let Some(instr) = hir.instr(id) {
        let children = hir.children_of(instr);
        let next = |id: &&InstrId| hir.instr(**id).is_some_and(|it| it.kind == InstrKind::Next);
        id = match instr.kind {
            InstrKind::Next => return true,
            InstrKind::Fold => return false,
            InstrKind::Xor if children.iter().any(|id| next(&id)) => return true,
            _ => match children.last() {
                Some(last) => *last,
                None => return false,
            },
        };
    }
    false
}

/// A snippet without its outer brackets.
fn unbracketed(snippet: &str) -> String {
    let inner = snippet.strip_prefix('(').unwrap_or(snippet);
    let inner = inner.strip_suffix(")$0").unwrap_or(inner);
    format!("{}$0", inner)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use expect_test::{Expect, expect};

    use super::*;
    use crate::completion::testing::{check, offered};

    /// All instructions are offered at `$0`; shows what is written for two of them.
    fn check_all(marked: &str, expected: Expect) {
        let (replaced, items) = offered(marked);
        let labels: HashSet<&str> = items.iter().map(|item| &*item.label).collect();
        let next = |page: &&InstructionPage| page.kind != InstrKind::Next || labels.contains("next");
        let keywords: HashSet<&str> = PAGES.iter().filter(next).map(|page| page.keyword).collect();
        assert_eq!(labels, keywords, "{marked}");
        assert_eq!(items.len(), keywords.len(), "{marked}");
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
                seq -> "seq" (seq FIRST SECOND)
                ap -> "ap" (ap SOURCE TARGET)
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

    /// The first items at `$0`, with what is written.
    fn first(marked: &str) -> String {
        let items = offered(marked).1.into_iter().take(3);
        items.map(|item| item.insert.replace('\n', " ")).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn by_what_stands_after() {
        assert_eq!(first("(ca$0 \"p\" $s #s)"), "canon, call, ap");
        assert!(first("(ne$0 #-hopc- (null))").starts_with("new"));
        assert!(first("($0 x (\"s\" \"f\") [])").starts_with("call"));
        assert!(first("(seq (ap 1 x) ($0 x y (null)))").starts_with("fold"));
        assert!(first("(seq (ap 1 x) (seq (ap 2 y) ($0 x y (null))))").starts_with("match, mismatch"));
        assert!(first("(fold [] i ($0 i))").starts_with("next, fail"));
        assert!(first("(fold [] i (seq (next i) ($0 i)))").starts_with("fail"));
        assert!(first("($0 (next i) (ap 1 x))").starts_with("xor"));
        assert!(first("($0 (null) (fail :error:))").starts_with("xor"));
        assert!(first("($0 (null) (ap 1 x))").starts_with("seq, par, xor"));
    }

    #[test]
    fn with_names_that_are_there() {
        let all = |marked: &str| {
            let items = offered(marked).1.into_iter();
            items.map(|item| item.insert.replace('\n', " ")).collect::<Vec<_>>().join(", ")
        };
        assert!(all("(fold [] it ( n$0 ))").contains(", next ${1:it}$0, null$0, never$0,"));
        assert!(all("(fold [] it (n$0))").contains(", next ${1:it}$0, null$0, never$0,"));
        assert!(!format!(", {}", all("(n$0)")).contains(", next $"), "no fold");
        assert!(!all("(fold [] it (seq (next it) (n$0)))").contains("next ${1:it}$0"), "it has one");
        let found = all("(seq (ap 1 $users) (seq (call \"p\" (\"s\" \"f\") [] x) ($0)))");
        for expected in
            ["fold ${1:\\$users} ${2:user} ", "ap ${1:x} ", "match ${1:x} ", "${2:\\$users} ${3:#users}"]
        {
            assert!(found.contains(expected), "{expected} in {found}");
        }
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
                seq -> "seq\n $1\n $2\n$0" (seq FIRST SECOND)
                ap -> "ap ${1:source} ${2:target}$0" (ap SOURCE TARGET)
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
