//! A form takes the place of what is around it.

use air_syntax::TextSize;

use super::command::{Command, Effect};
use super::forms::Forms;
use crate::refactor::{Draft, comments_between, trailing_comment};

pub(super) static RAISE: Command = Command {
    name: "raise",
    title: "Raise: the form replaces the list around it",
    what: "Everything else in that list is removed, except for comments between its forms.",
    example: "(xor\n (match 1 2\n  (n$0ull)\n )\n (call \"peer\" (\"srv\" \"fn\") [])\n)",
    run: raise,
};

fn raise(forms: &Forms<'_>, offset: TextSize) -> Option<Effect> {
    let form = forms.at(offset)?;
    let list = forms.parent(form).filter(|list| list.is_list())?;
    let trail = trailing_comment(forms.text, form.range.end());
    let mut comments = Vec::new();
    let mut at = list.range.start();
    for child in forms.children(list) {
        let end = child.range.start().max(at);
        comments.extend(comments_between(forms.text, air_syntax::TextRange::new(at, end)));
        at = if child == form { trail.end() } else { trailing_comment(forms.text, child.range.end()).end() };
    }
    let end = list.range.end().max(at);
    comments.extend(comments_between(forms.text, air_syntax::TextRange::new(at, end)));
    let trail = Some(forms.slice(trail.start(), trail.end())).filter(|trail| !trail.is_empty());
    let mut draft = Draft::part(forms.text, RAISE.title, list.range, comments, forms.text_of(form), trail);
    draft.caret += usize::from(offset.max(form.range.start()) - form.range.start());
    Some(Effect::Edit(draft))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::structural::testing::check;

    #[test]
    fn instructions_and_words() {
        check(
            &RAISE,
            "(seq\n  ; a\n  (par\n   ; b\n   (c$0all p (\"s\" \"f\") []) ; ok = 1\n   (null) ; gone\n   ; c\n  ) ; d\n  (null)\n)",
            expect![[r#"
                (seq
                  ; a
                  ; b
                  ; c
                  ; d
                  (c$0all p ("s" "f") []) ; ok = 1
                  (null)
                )"#]],
        );
        check(
            &RAISE,
            "(call p (\"s\" \"f\") [a b$0])",
            expect![[r#"
            (call p ("s" "f") b$0)
            not offered"#]],
        );
        check(&RAISE, "(nu$0ll)", expect!["nothing"]);
        check(&RAISE, "(seq $0 (null) (null))", expect!["nothing"]);
    }
}
