//! A form goes.

use air_syntax::{TextRange, TextSize};

use super::command::{Command, Effect, raw};
use super::forms::Forms;
use crate::refactor::trailing_comment;

pub(super) static KILL: Command = Command {
    name: "kill",
    title: "Kill: delete the form",
    what: "The comment after it goes with it, and so does its line if nothing else is on it.",
    example: "(fold [] item\n (next item)\n (n$0ull) ; last\n)",
    run: kill,
};

fn kill(forms: &Forms<'_>, offset: TextSize) -> Option<Effect> {
    let form = forms.at(offset)?;
    let text = forms.text;
    let (before, _) = text.split_at_checked(form.range.start().into())?;
    let end = usize::from(trailing_comment(text, form.range.end()).end());
    let after = text.get(end..)?;
    let line_start = before.trim_end_matches([' ', '\t']).len();
    let rest = after.trim_start_matches([' ', '\t']);
    let alone = before.get(..line_start)?.ends_with('\n') && rest.starts_with(['\n', '\r']);
    let (start, end) = if alone {
        let line = rest.find('\n').map_or(rest.len(), |at| at + 1);
        (line_start, text.len() - rest.len() + line)
    } else if rest.starts_with([')', ']']) && !before.get(..line_start)?.ends_with('\n') {
        // The comment went, or there was none.
        (line_start, text.len() - rest.len())
    } else if rest.starts_with(['\n', '\r']) {
        (line_start, end)
    } else {
        (before.len(), text.len() - rest.len())
    };
    let region = TextRange::new(TextSize::new(start as u32), TextSize::new(end as u32));
    // What was kept apart stays apart.
    let (before, after) = (text.get(..start)?, text.get(end..)?);
    let gap = if alone { "" } else { super::forms::gap(before, after) };
    Some(raw(KILL.title, region, gap.to_owned(), 0))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::structural::testing::check;

    #[test]
    fn words_lines_and_spaces() {
        check(&KILL, "(call p (\"s\" \"f\") [a $0b c] x)", expect![[r#"(call p ("s" "f") [a $0c] x)"#]]);
        check(&KILL, "(call p (\"s\" \"f\") [a b c$0] x)", expect![[r#"(call p ("s" "f") [a b$0] x)"#]]);
        check(&KILL, "(call p (\"s\" \"f\") [] x$0)", expect![[r#"(call p ("s" "f") []$0)"#]]);
        check(
            &KILL,
            "(seq\n (null)\n (nu$0ll) ; two\n (null)\n)",
            expect![[r#"
            (seq
             (null)
            $0 (null)
            )"#]],
        );
        check(&KILL, "(seq (null) $0 (null))", expect!["nothing"]);
        check(
            &KILL,
            "(seq ; c\n (nu$0ll) (null))",
            expect![[r#"
            (seq ; c
             $0(null))
            not offered"#]],
        );
    }
}
