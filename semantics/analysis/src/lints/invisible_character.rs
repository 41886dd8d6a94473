//! Characters that make a script look like another one.

use air_syntax::invisible;
use air_syntax::{TextRange, TextSize};

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report, replace};

pub(crate) static ENTRY: Entry = entry(
    "L040",
    "invisible-character",
    Severity::Warning,
    Page {
        summary: "a character that cannot be seen",
        what: prose!(
            "A string or a comment has a character without width, or one that turns the direction of the text after it."
        ),
        why: prose!(
            "What a reader sees is not what AquaVM reads: two strings that look the same differ, and text that seems to
be outside of a comment is inside of it."
        ),
        example: "(call %init_peer_id% (\"service\" \"get\u{200b}\") [])",
        fix: "Remove the character.",
        fixed: "(call %init_peer_id% (\"service\" \"get\") [])",
    },
);

pub(super) const LINT: Lint =
    Lint { code: Code::InvisibleCharacter, looks: &[Looks::Text(look)], fix: Fixing::Offered };

/// Most of them that are told of one script: one that is full of them is no accident.
const MAX_TOLD: usize = 100;

fn look(_: &Context<'_>, text: &str, report: &mut Report<'_>) {
    for (at, char) in invisible::find(text).take(MAX_TOLD) {
        let Ok(start) = TextSize::try_from(at) else { return };
        let range = TextRange::at(start, TextSize::of(char));
        let name = invisible::name(char).unwrap_or_default();
        report
            .add(
                Code::InvisibleCharacter,
                range,
                format!("a {name} (U+{:04X}) cannot be seen", u32::from(char)),
            )
            .offer(format!("remove the {name}"), Some(vec![replace(range, String::new())]));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::InvisibleCharacter, text, expected);
    }

    #[allow(clippy::invisible_characters)] // What the finding shows has them.
    #[test]
    fn in_strings_and_comments() {
        check("(ap \"a\u{200b}b\" x) ; \u{2060}", expect![[r#"
            | (ap "a​b" x) ; ⁠
            |       ^ L040 a zero width space (U+200B) cannot be seen
            fix: remove the zero width space: "(ap \"ab\" x) ; \u{2060}"
            | (ap "a​b" x) ; ⁠
            |                ^ L040 a word joiner (U+2060) cannot be seen
            fix: remove the word joiner: "(ap \"a\u{200b}b\" x) ; "
        "#]]);
    }

    #[test]
    fn letters_and_emoji_of_all_kinds() {
        check("(ap \"naïve 👩\u{200d}👧 می\u{200c}خواهم\" x)", expect![[r#"
            nothing
        "#]]);
    }
}
