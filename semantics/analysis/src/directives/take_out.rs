//! The fix for what a directive names without effect: taking it out.

use air_semantics::directives::{Directive, DirectiveKind};
use air_syntax::{TextRange, TextSize};

use crate::diagnostic::{Fix, TextEdit};

/// Takes items out of one directive. Directives only speak to the tools, so the script keeps its
/// meaning.
pub(super) struct TakeOut<'a> {
    text: &'a str,
    comment: TextRange,
    /// All items, also broken ones, in text order.
    items: Vec<TextRange>,
}

impl<'a> TakeOut<'a> {
    /// From that one of all directives of a text.
    pub(super) fn new(text: &'a str, directives: &[Directive], directive: &Directive) -> TakeOut<'a> {
        let comment = directive.comment;
        // A list with broken items is several directives of one comment.
        let first = directives.partition_point(|other| other.comment.start() < comment.start());
        let same = directives.iter().skip(first).take_while(|other| other.comment == comment);
        let mut items = Vec::new();
        for directive in same {
            match &directive.kind {
                DirectiveKind::Given(items_of) | DirectiveKind::Allow(items_of) => items.extend(items_of),
                DirectiveKind::Bad(problem) => items.push(problem.range),
                DirectiveKind::FmtOff | DirectiveKind::FmtOn => {}
            }
        }
        items.sort_by_key(|range| range.start());
        TakeOut { text, comment, items }
    }

    /// The fix for one item: the whole comment goes with its last item.
    pub(super) fn fix(&self, item: TextRange) -> Fix {
        let index = self.items.partition_point(|other| other.start() < item.start());
        let next = self.items.get(index + 1);
        let before = index.checked_sub(1).and_then(|before| self.items.get(before));
        let spelling = self.text.get(std::ops::Range::<usize>::from(item)).unwrap_or_default();
        let one = || format!("remove `{spelling}` from this directive");
        let (range, title) = match (next, before) {
            (Some(next), _) => (TextRange::new(item.start(), next.start()), one()),
            (None, Some(before)) => (TextRange::new(before.end(), item.end()), one()),
            (None, None) => (whole(self.text, self.comment), "remove this directive".to_owned()),
        };
        Fix { title: title.into(), safe: true, edits: vec![TextEdit { range, new_text: String::new() }] }
    }
}

/// The comment with the spaces before it; its whole line if nothing else is there.
fn whole(text: &str, comment: TextRange) -> TextRange {
    let before = text.get(..comment.start().into()).unwrap_or_default();
    let after = text.get(comment.end().into()..).unwrap_or_default();
    let start = TextSize::of(before.trim_end_matches([' ', '\t']));
    // The range ends before spaces at the end of the line.
    let line_end = after.find('\n').map_or(after.len(), |end| end + 1);
    let alone = before.get(..start.into()).is_none_or(|before| before.is_empty() || before.ends_with('\n'));
    let rest = after.get(..line_end).unwrap_or_default();
    let end = if alone { TextSize::of(rest) } else { TextSize::of(rest.trim_end_matches(['\r', '\n'])) };
    TextRange::new(start, comment.end() + end)
}

#[cfg(test)]
mod tests {
    use air_semantics::directives::directives;
    use air_semantics::text_edit::apply;

    use super::*;

    /// Takes out the item before `$0`.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let end = TextSize::of(text.split_once("$0").unwrap().0);
        let text = text.replace("$0", "");
        let all = directives(&text);
        let found = all.iter().find_map(|directive| {
            let items = match &directive.kind {
                DirectiveKind::Given(items) | DirectiveKind::Allow(items) => items.clone(),
                _ => vec![],
            };
            items.into_iter().find(|item| item.end() == end).map(|item| (directive, item))
        });
        let (directive, item) = found.unwrap();
        let fix = TakeOut::new(&text, &all, directive).fix(item);
        assert!(fix.safe);
        assert_eq!(apply(&text, &fix.edits), expected);
    }

    #[test]
    fn one_of_several() {
        check("; air: given a$0 b c\n(null)", "; air: given b c\n(null)");
        check("; air: given a b$0 c\n(null)", "; air: given a c\n(null)");
        check("; air: given a b c$0\n(null)", "; air: given a b\n(null)");
        check("; air: allow(V001, V003$0)\n(null)", "; air: allow(V001)\n(null)");
        check("; air: allow(V001$0, nonsense)\n(null)", "; air: allow(nonsense)\n(null)");
    }

    #[test]
    fn the_last_one() {
        check("; air: given a$0\n(null)", "(null)");
        check(" ;; air: given a$0 \r\n(null)", "(null)");
        check("(null)\n; air: given a$0", "(null)\n");
        check("(seq (null) ; air: given a$0  \n (null))", "(seq (null)\n (null))");
        check("(null) ; air: allow(V001$0)", "(null)");
    }
}
