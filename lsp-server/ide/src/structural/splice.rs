//! Brackets go, what is in them stays.

use air_syntax::{TextRange, TextSize};

use super::barf::in_parent;
use super::command::{Command, Effect};
use super::forms::{Form, FormKind, Forms};

pub(super) static SPLICE: Command = Command {
    name: "splice",
    title: "Splice: the content of the list replaces it",
    what: "Removes the brackets of the list around the cursor, and of an instruction its keyword and operands too. An \
           instruction without instructions in it would leave nothing: the list around it is spliced instead.",
    example: "(seq\n (n$0ew $all\n  (ap 1 one)\n )\n (null)\n)",
    run: splice,
};

fn splice(forms: &Forms<'_>, offset: TextSize) -> Option<Effect> {
    let mut list = forms.around(offset)?;
    while list.kind == FormKind::Instruction && instructions(forms, list).next().is_none() {
        list = forms.parent(list).filter(Form::is_list)?;
    }
    let text = if list.kind == FormKind::Instruction {
        let mut inner = instructions(forms, list);
        let first = inner.next()?;
        let last = inner.next_back().unwrap_or(first);
        let comments = crate::refactor::comments_between(
            forms.text,
            TextRange::new(list.range.start(), first.range.start()),
        );
        let mut text: String = comments.iter().map(|comment| format!("{comment}\n")).collect();
        text.push_str(forms.slice(first.range.start(), last.range.end()));
        let tail = forms.slice(last.range.end(), list.range.end() - TextSize::new(1));
        text.push_str(if tail.trim().is_empty() { "" } else { tail });
        text
    } else {
        let end = list.range.end() - TextSize::new(1);
        let inner = forms.slice(list.range.start() + TextSize::new(1), end);
        if inner.trim().is_empty() {
            return None;
        }
        spaced(forms, list, inner)
    };
    let caret = place(forms, list, &text, offset);
    Some(in_parent(forms, SPLICE.title, list, text, caret))
}

fn instructions<'f>(forms: &'f Forms<'_>, list: Form) -> impl DoubleEndedIterator<Item = Form> + use<'f> {
    forms.children(list).filter(|child| child.kind == FormKind::Instruction)
}

/// With spaces where the brackets kept words apart.
fn spaced(forms: &Forms<'_>, list: Form, inner: &str) -> String {
    let before = forms.slice(TextSize::new(0), list.range.start());
    let after = forms.slice(list.range.end(), TextSize::of(forms.text));
    let (head, tail) = (super::forms::gap(before, inner), super::forms::gap(inner, after));
    format!("{head}{inner}{tail}")
}

/// Where the cursor's place is in what is left; its beginning, if that is gone.
fn place(forms: &Forms<'_>, list: Form, text: &str, offset: TextSize) -> usize {
    let kept = forms.slice(list.range.start(), list.range.end());
    let at = usize::from(offset - list.range.start());
    let rest = kept.get(at..kept.len() - 1).unwrap_or_default().trim_end();
    match text.trim_end().len().checked_sub(rest.len()) {
        Some(place) if text.trim_end().ends_with(rest) => place,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::structural::testing::check;

    #[test]
    fn lists_and_instructions() {
        check(
            &SPLICE,
            "(seq\n (match 1 2 ; when\n  (n$0ull)\n )\n (null)\n)",
            expect![[r#"
            (seq
             ; when
             (n$0ull)
             (null)
            )"#]],
        );
        check(
            &SPLICE,
            "(seq\n (match$0 1 2 ; when\n  (null) ; then\n )\n (null)\n)",
            expect![[r#"
            (seq
             $0; when
             (null) ; then

             (null)
            )"#]],
        );
        check(
            &SPLICE,
            "(call p (\"s\" \"f\")[a b$0]x)",
            expect![[r#"
                (call p ("s" "f") a b$0 x)
                not offered"#]],
        );
        check(&SPLICE, "(call p (\"s\" \"f\") [$0])", expect!["nothing"]);
    }
}
