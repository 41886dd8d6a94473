//! A list takes in what stands beside it.

use air_syntax::{TextRange, TextSize};

use super::command::{Command, Effect};
use super::forms::{Form, Forms, gap};
use crate::refactor::Draft;

pub(super) static FORWARD: Command = Command {
    name: "slurpForward",
    title: "Slurp: take in the form after the list",
    what: "The closing bracket of the list around the cursor moves after the next form. Where there is none, the list \
           around that one takes it in.",
    example: "(seq\n (call \"peer\" (\"srv\" \"fn\") [on$0e] two)\n (null)\n)",
    run: forward,
};

pub(super) static BACKWARD: Command = Command {
    name: "slurpBackward",
    title: "Slurp: take in the form before the list",
    what: "The opening bracket of the list around the cursor moves before the form in front of it; a keyword stays first.",
    example: "(call \"peer\" (\"srv\" \"fn\") one [t$0wo])",
    run: backward,
};

fn forward(forms: &Forms<'_>, offset: TextSize) -> Option<Effect> {
    let (list, next) = with_sibling(forms, offset, Forms::next)?;
    let inner = forms.slice(list.range.start(), list.range.end() - TextSize::new(1));
    let solid = forms.children(list).next_back().map_or(forms.head_end(list), |last| last.range.end());
    let solid = forms.slice(list.range.start(), solid);
    // Blanks before the bracket go, but not what ends a comment.
    let inner = if inner.trim_end() == solid { solid } else { inner };
    let closer = forms.slice(list.range.end() - TextSize::new(1), list.range.end());
    let taken = forms.slice(list.range.end(), next.range.end());
    let text = format!("{inner}{}{taken}{closer}", gap(inner, taken));
    let caret = usize::from(offset - list.range.start()).min(inner.len());
    Some(Effect::Edit(Draft::form(FORWARD.title, list.range.cover(next.range), text, caret)))
}

fn backward(forms: &Forms<'_>, offset: TextSize) -> Option<Effect> {
    let (list, previous) = with_sibling(forms, offset, Forms::previous)?;
    let head_end = forms.head_end(list);
    let head = forms.slice(list.range.start(), head_end);
    let taken = forms.slice(previous.range.start(), list.range.start());
    let rest = forms.slice(head_end, list.range.end());
    let before = format!("{head}{}{taken}", gap(head, taken));
    let text = format!("{before}{}{rest}", gap(&before, rest));
    let inside = if offset < head_end { 0 } else { usize::from(offset - head_end) };
    let caret = if offset < head_end { 0 } else { text.len() - rest.len() + inside };
    Some(Effect::Edit(Draft::form(
        BACKWARD.title,
        TextRange::new(previous.range.start(), list.range.end()),
        text,
        caret,
    )))
}

/// The innermost list around the cursor that has a sibling, and that.
fn with_sibling<'f>(
    forms: &'f Forms<'f>,
    offset: TextSize,
    sibling: fn(&Forms<'f>, Form) -> Option<Form>,
) -> Option<(Form, Form)> {
    let mut list = forms.around(offset)?;
    loop {
        if let Some(sibling) = sibling(forms, list).filter(|it| it.kind != super::forms::FormKind::Open) {
            return Some((list, sibling));
        }
        list = forms.parent(list).filter(Form::is_list)?;
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::structural::testing::check;

    #[test]
    fn what_is_after() {
        check(
            &FORWARD,
            "(call p (\"s\" \"f\") [a$0 b] ; c\n x)",
            expect![[r#"
                (call p ("s" "f") [a$0 b ; c
                 x])
                not offered"#]],
        );
        check(
            &FORWARD,
            "(seq\n (seq\n  (null)\n  (nu$0ll)\n )\n (null)\n)",
            expect![[r#"
                (seq
                 (seq
                  (null)
                  (nu$0ll)
                 (null))
                )
                not offered"#]],
        );
        check(
            &FORWARD,
            "(seq\n (fold [] i\n  (nex$0t i)\n )\n (null)\n)",
            expect![[r#"
                (seq
                 (fold [] i
                  (nex$0t i)
                  (null)
                 )
                )
                not offered"#]],
        );
        check(&FORWARD, "(nu$0ll)", expect!["nothing"]);
        check(
            &FORWARD,
            "[a$0](b)",
            expect![[r#"
                [a$0 (b)]
                not offered"#]],
        );
    }

    #[test]
    fn what_is_before() {
        check(
            &BACKWARD,
            "(seq\n (null)\n (se$0q (null)))",
            expect![[r#"
            (seq
             $0(seq
              (null)
              (null)
             ))"#]],
        );
        check(&BACKWARD, "(call p (\"s\" \"f\") a [$0])", expect![[r#"(call p ("s" "f") [a $0])"#]]);
        check(&BACKWARD, "(se$0q)", expect!["nothing"]);
    }
}
