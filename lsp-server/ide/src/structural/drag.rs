//! Two forms change places.

use air_syntax::{TextRange, TextSize};

use super::command::{Command, Effect, raw};
use super::forms::{Form, FormKind, Forms};
use crate::refactor::trailing_comment;

pub(super) static FORWARD: Command = Command {
    name: "dragForward",
    title: "Drag forward: the form changes places with the next one",
    what: "Instructions change places with instructions only, with the comments after them, and other forms with others; \
           the cursor moves along.",
    example: "(par\n (call \"o$0ne\" (\"srv\" \"fn\") [])\n (call \"two\" (\"srv\" \"fn\") [])\n)",
    run: |forms, offset| drag(forms, offset, true),
};

pub(super) static BACKWARD: Command = Command {
    name: "dragBackward",
    title: "Drag backward: the form changes places with the one before it",
    what: "Like `air.dragForward`, in the other direction.",
    example: "(call \"peer\" (\"srv\" \"fn\") [one t$0wo])",
    run: |forms, offset| drag(forms, offset, false),
};

fn drag(forms: &Forms<'_>, offset: TextSize, forward: bool) -> Option<Effect> {
    let form = forms.at(offset)?;
    let other = if forward { forms.next(form) } else { forms.previous(form) }?;
    if (form.kind == FormKind::Instruction) != (other.kind == FormKind::Instruction)
        || other.kind == FormKind::Open
    {
        return None;
    }
    let (first, second) = if forward { (form, other) } else { (other, form) };
    let (one, two) = with_comments(forms, first, second);
    let between = forms.slice(one.end(), two.start());
    let (one_text, two_text) = (forms.slice(one.start(), one.end()), forms.slice(two.start(), two.end()));
    let text = format!("{two_text}{between}{one_text}");
    let start = if forward { two_text.len() + between.len() } else { 0 };
    let caret = start + usize::from(offset.max(form.range.start()) - form.range.start());
    let title = if forward { FORWARD.title } else { BACKWARD.title };
    Some(raw(title, one.cover(two), text, caret))
}

/// Both with the comments on their lines, if both have lines of their own.
fn with_comments(forms: &Forms<'_>, first: Form, second: Form) -> (TextRange, TextRange) {
    let with = |form: Form| form.range.cover(trailing_comment(forms.text, form.range.end()));
    let (one, two) = (with(first), with(second));
    let line = |text: &str| text.is_empty() || text.starts_with(['\n', '\r']);
    let apart = line(forms.slice(one.end(), TextSize::of(forms.text)));
    let ends = line(forms.slice(two.end(), TextSize::of(forms.text)));
    if apart && ends { (one, two) } else { (first.range, second.range) }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::structural::testing::check;

    #[test]
    fn with_what_is_beside() {
        check(
            &FORWARD,
            "(par\n (c$0all p (\"s\" \"f\") []) ; one\n (null) ; two\n)",
            expect![[r#"
            (par
             (null) ; two
             (c$0all p ("s" "f") []) ; one
            )"#]],
        );
        check(&FORWARD, "(par (nu$0ll) (never)) ; all", expect!["(par (never) (nu$0ll)) ; all"]);
        check(
            &BACKWARD,
            "(call p (\"s\" \"f\") [a \"$0b\"] x)",
            expect![[r#"(call p ("s" "f") ["$0b" a] x)"#]],
        );
        check(&BACKWARD, "(match 1 $02 (null))", expect!["(match $02 1 (null))"]);
    }

    #[test]
    fn not_with_others() {
        check(&FORWARD, "(match 1 2$0 (null))", expect!["nothing"]);
        check(&BACKWARD, "(ma$0tch 1 2 (null))", expect!["nothing"]);
        check(
            &FORWARD,
            "(seq (ap 1 x)$0 (ap x y))",
            expect![[r#"
            (seq (ap x y) (ap 1 x)$0)
            not offered"#]],
        );
    }
}
