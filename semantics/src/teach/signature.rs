//! Signatures: the form of the instruction around the cursor, and of a built-in function in its arguments.

use air_syntax::TextSize;

use super::context::{Context, Place, context};
use super::instructions::{Form, page};
use super::services::built_in;
use crate::hir::InstrKind;

/// One form with the operand that is being written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The whole form.
    pub label: String,
    /// What it does.
    pub what: &'static str,
    /// Its operands: bytes of `label`, and what may stand there.
    pub parameters: Vec<((usize, usize), &'static str)>,
    /// The operand at the cursor; none behind the last.
    pub active: Option<usize>,
}

/// The signatures at a cursor; the most fitting first.
pub fn signatures(text: &str, offset: TextSize) -> Vec<Signature> {
    let here = context(text, offset);
    let Some((kind, _)) = here.around else { return Vec::new() };
    let mut found: Vec<Signature> = of_function(text, &here).into_iter().collect();
    if let Some(page) = page(kind) {
        let mut forms: Vec<_> =
            page.forms.iter().map(|form| of_form(form, page.meaning, kind, &here)).collect();
        // The form that has a place for what is written goes first.
        forms.sort_by_key(|signature| signature.active.is_none());
        found.extend(forms);
    }
    found
}

fn of_form(form: &'static Form, what: &'static str, kind: InstrKind, here: &Context) -> Signature {
    let mut parameters = Vec::new();
    let mut from = 0;
    for slot in form.slots {
        let Some(at) = form.label.get(from..).and_then(|rest| rest.find(slot.name)) else { continue };
        parameters.push(((from + at, from + at + slot.name.len()), slot.what));
        from += at + slot.name.len();
    }
    let active = match here.place {
        Place::Argument(_) => form.slots.iter().position(|slot| slot.name == "ARGUMENTS"),
        Place::Slot { role: Some(role), .. } => form.slots.iter().position(|slot| slot.role == Some(role)),
        Place::Slot { index, role: None } if kind == InstrKind::Call => match index {
            1 => form.slots.iter().position(|slot| slot.name == "SERVICE"),
            2 => form.slots.iter().position(|slot| slot.name == "ARGUMENTS"),
            _ => None,
        },
        Place::Slot { index, role: None } => {
            form.slots.get(index).filter(|slot| slot.role.is_none()).map(|_| index)
        }
        _ => None,
    };
    // `(fail 1` begins as any failure does.
    let active = active.or_else(|| (kind == InstrKind::Fail && here.before.is_empty()).then_some(0));
    Signature { label: form.label.to_owned(), what, parameters, active }
}

/// The built-in that is called, while its arguments are written.
fn of_function(text: &str, here: &Context) -> Option<Signature> {
    let Place::Argument(argument) = here.place else { return None };
    let [service, function] = here.called.as_slice() else { return None };
    let word = |range: &air_syntax::TextRange| {
        text.get(std::ops::Range::<usize>::from(*range)).map(|it| it.trim_matches('"'))
    };
    let function = built_in(word(service)?, word(function)?)?;
    let mut label = format!("{}.{}(", function.service, function.function);
    let mut parameters = Vec::new();
    for (index, name) in function.parameters.iter().enumerate() {
        if index > 0 {
            label.push_str(", ");
        }
        parameters.push(((label.len(), label.len() + name.len()), ""));
        label.push_str(name);
    }
    label.push(')');
    let last = function.parameters.len().checked_sub(1);
    let repeats = function.parameters.last().is_some_and(|name| name.ends_with('…'));
    let active = last.and_then(|last| match argument {
        argument if argument <= last => Some(argument),
        _ => repeats.then_some(last),
    });
    Some(Signature { label, what: function.what, parameters, active })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(marked: &str, expected: Expect) {
        let offset = marked.find("$0").unwrap();
        let text = marked.replacen("$0", "", 1);
        let lines = signatures(&text, (offset as u32).into()).into_iter().map(|signature| {
            let active = signature.active.and_then(|active| signature.parameters.get(active));
            format!(
                "{} at {}\n",
                signature.label,
                active.map_or("nothing", |((start, end), _)| &signature.label[*start..*end])
            )
        });
        expected.assert_eq(&lines.collect::<String>());
    }

    #[test]
    fn operands() {
        check(
            "(call p (\"s\" $0",
            expect![[r#"
            (call PEER (SERVICE FUNCTION) [ARGUMENTS] OUTPUT) at FUNCTION
        "#]],
        );
        check(
            "(call p (\"math\" \"add\") [1 $0",
            expect![[r#"
            math.add(a, b) at b
            (call PEER (SERVICE FUNCTION) [ARGUMENTS] OUTPUT) at ARGUMENTS
        "#]],
        );
        check(
            "(call p (\"op\" \"concat_strings\") [a b c $0",
            expect![[r#"
            op.concat_strings(string…) at string…
            (call PEER (SERVICE FUNCTION) [ARGUMENTS] OUTPUT) at ARGUMENTS
        "#]],
        );
        check(
            "(ap (k $0) %m)",
            expect![[r#"
            (ap (KEY VALUE) TARGET) at VALUE
            (ap SOURCE TARGET) at nothing
        "#]],
        );
        check(
            "(ap $0",
            expect![[r#"
            (ap SOURCE TARGET) at SOURCE
            (ap (KEY VALUE) TARGET) at nothing
        "#]],
        );
        check(
            "(fail 1 $0",
            expect![[r#"
            (fail CODE MESSAGE) at MESSAGE
            (fail ERROR) at nothing
        "#]],
        );
        check(
            "(fold xs i (null) $0",
            expect![[r#"
            (fold ITERABLE ITERATOR BODY LAST) at LAST
        "#]],
        );
        check(
            "(seq (null) $0)",
            expect![[r#"
            (seq FIRST SECOND) at SECOND
        "#]],
        );
        check("$0(null)", expect![[""]]);
    }
}
