//! A list lets go of what stands at its end.

use air_syntax::{TextRange, TextSize};

use super::command::{Command, Effect, raw};
use super::forms::{Form, FormKind, Forms, gap};
use crate::refactor::Draft;

pub(super) static FORWARD: Command = Command {
    name: "barfForward",
    title: "Barf: let go of the last form in the list",
    what: "The closing bracket of the list around the cursor moves before its last form.",
    example: "(call \"peer\" (\"srv\" \"fn\") [on$0e two])",
    run: forward,
};

pub(super) static BACKWARD: Command = Command {
    name: "barfBackward",
    title: "Barf: let go of the first form in the list",
    what: "The opening bracket of the list around the cursor, with the keyword, moves after its first form.",
    example: "(seq\n (seq\n  (ap 1 one)\n  (ap 2 t$0wo)\n  (ap 3 three)\n )\n)",
    run: backward,
};

fn forward(forms: &Forms<'_>, offset: TextSize) -> Option<Effect> {
    let (list, _) = with_children(forms, offset)?;
    let last = forms.children(list).next_back()?;
    let before = forms.previous(last).map_or(forms.head_end(list), |it| it.range.end());
    let kept = forms.slice(list.range.start(), before);
    let closer = forms.slice(list.range.end() - TextSize::new(1), list.range.end());
    let gone = forms.slice(before, last.range.end());
    let tail = forms.slice(last.range.end(), list.range.end() - TextSize::new(1));
    let tail = if tail.trim().is_empty() { "" } else { tail };
    let text = format!("{kept}{closer}{}{gone}{tail}", gap(closer, gone));
    // A cursor in what is let go stays at the bracket.
    let caret = usize::from(offset - list.range.start()).min(kept.len());
    Some(in_parent(forms, FORWARD.title, list, text, caret))
}

fn backward(forms: &Forms<'_>, offset: TextSize) -> Option<Effect> {
    let (list, first) = with_children(forms, offset)?;
    let head_end = forms.head_end(list);
    let head = forms.slice(list.range.start(), head_end);
    let gone = forms.slice(head_end, first.range.end()).trim_start();
    let rest = forms.slice(first.range.end(), list.range.end());
    let spaced = head.ends_with('[') && !rest.trim_start().starts_with(';');
    let rest = if spaced { rest.trim_start() } else { rest };
    let before = format!("{gone} ");
    let text = format!("{before}{head}{}{rest}", gap(head, rest));
    let caret = match offset < first.range.end() {
        true => before.len(),
        false => text.len() - rest.len().min(usize::from(list.range.end() - offset)),
    };
    Some(in_parent(forms, BACKWARD.title, list, text, caret))
}

/// The innermost list around the cursor that has something in it, and the first of that.
fn with_children(forms: &Forms<'_>, offset: TextSize) -> Option<(Form, Form)> {
    let mut list = forms.around(offset)?;
    loop {
        let first = forms.children(list).find(|child| child.kind != FormKind::Keyword);
        if let Some(first) = first.filter(|it| it.kind != FormKind::Open) {
            return Some((list, first));
        }
        list = forms.parent(list).filter(Form::is_list)?;
    }
}

/// Another text for a list: what is around it is laid out, which has got more in it.
pub(super) fn in_parent(forms: &Forms<'_>, title: &str, list: Form, text: String, caret: usize) -> Effect {
    match forms.parent(list).filter(|parent| parent.kind == FormKind::Instruction) {
        Some(parent) => {
            let before = forms.slice(parent.range.start(), list.range.start());
            let after = forms.slice(list.range.end(), parent.range.end());
            let caret = caret + before.len();
            Effect::Edit(Draft::form(title, parent.range, format!("{before}{text}{after}"), caret))
        }
        None => raw(title, TextRange::new(list.range.start(), list.range.end()), text, caret),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::structural::testing::check;

    #[test]
    fn the_last_one() {
        check(&FORWARD, "(call p (\"s\" \"f\") [a$0 b])", expect![[r#"(call p ("s" "f") [a$0] b)"#]]);
        check(
            &FORWARD,
            "(call p (\"s\" \"f\") [a ; c\n $0b\n])",
            expect![[r#"
            (call p ("s" "f") [a$0] ; c
             b)"#]],
        );
        check(
            &FORWARD,
            "(seq\n (fold [] i\n  (next i)\n  (nu$0ll)\n )\n)",
            expect![[r#"
                (seq
                 (fold [] i
                  (next i)$0
                 )
                 (null)
                )"#]],
        );
        check(&FORWARD, "(nu$0ll)", expect!["nothing"]);
    }

    #[test]
    fn the_first_one() {
        check(
            &BACKWARD,
            "(call p (\"s\" \"f\") [a b$0])",
            expect![[r#"
                (call p ("s" "f") a [b$0])
                not offered"#]],
        );
        check(
            &BACKWARD,
            "(seq (seq ; c\n (null) (null) $0(null)))",
            expect![[r#"
            (seq ; c
             (null)
             (seq
              (null)
              $0(null)
             )
            )"#]],
        );
    }
}
