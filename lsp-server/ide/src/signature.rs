//! Signatures: the form of the instruction around the cursor, and of a built-in function in its arguments.

use std::borrow::Cow;

use air_semantics::hir::InstrKind;
use air_syntax::TextSize;

use crate::cursor_context::{CursorContext, CursorPlace, cursor_context};
use crate::instructions::{InstructionForm, page};
use crate::services::built_in;

/// One form with the operand that is being written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The form: `(ap SOURCE TARGET)`, `math.add(a, b)`.
    pub label: String,
    /// What the instruction or function does.
    pub what: &'static str,
    /// Its operands: bytes of `label`, and what may stand there.
    pub parameters: Vec<((usize, usize), Cow<'static, str>)>,
    /// The operand at the cursor; none after the last.
    pub active: Option<usize>,
}

/// The signatures at a cursor; the most fitting first.
pub fn signatures(text: &str, offset: TextSize) -> Vec<Signature> {
    let here = cursor_context(text, offset);
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

fn of_form(
    form: &'static InstructionForm,
    what: &'static str,
    kind: InstrKind,
    here: &CursorContext,
) -> Signature {
    let mut parameters = Vec::new();
    let mut from = 0;
    for slot in form.slots {
        let Some(at) = form.label.get(from..).and_then(|rest| rest.find(slot.name)) else { continue };
        parameters.push(((from + at, from + at + slot.name.len()), Cow::Borrowed(slot.what)));
        from += at + slot.name.len();
    }
    let active = match here.place {
        CursorPlace::Argument(_) => form.slots.iter().position(|slot| slot.name == "ARGUMENTS"),
        CursorPlace::Operand { role: Some(role), .. } => {
            form.slots.iter().position(|slot| slot.role == Some(role))
        }
        CursorPlace::Operand { index, role: None } if kind == InstrKind::Call => match index {
            1 => form.slots.iter().position(|slot| slot.name == "SERVICE"),
            2 => form.slots.iter().position(|slot| slot.name == "ARGUMENTS"),
            _ => None,
        },
        CursorPlace::Operand { index, role: None } => {
            form.slots.get(index).filter(|slot| slot.role.is_none()).map(|_| index)
        }
        _ => None,
    };
    // `(fail 1` begins as any failure does.
    let active = active.or_else(|| (kind == InstrKind::Fail && here.before.is_empty()).then_some(0));
    Signature { label: form.label.to_owned(), what, parameters, active }
}

/// The built-in that is called, while its arguments are written.
fn of_function(text: &str, here: &CursorContext) -> Option<Signature> {
    let CursorPlace::Argument(argument) = here.place else { return None };
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
        let what = Cow::Owned(function.parameter(index));
        parameters.push(((label.len(), label.len() + name.len()), what));
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
                "{} at {}: {}\n",
                signature.label,
                active.map_or("nothing", |((start, end), _)| &signature.label[*start..*end]),
                active.map_or("", |(_, what)| what)
            )
        });
        expected.assert_eq(&lines.collect::<String>());
    }

    #[test]
    fn operands() {
        check(
            "(call p (\"s\" $0",
            expect![[r#"
                (call PEER (SERVICE FUNCTION) [ARGUMENTS] OUTPUT) at FUNCTION: function name: a literal or a value with a string in it
            "#]],
        );
        check(
            "(call p (\"math\" \"add\") [1 $0",
            expect![[r#"
                math.add(a, b) at b: integer
                (call PEER (SERVICE FUNCTION) [ARGUMENTS] OUTPUT) at ARGUMENTS: values, separated by spaces
            "#]],
        );
        check(
            "(call p (\"op\" \"concat_strings\") [a b c $0",
            expect![[r#"
                op.concat_strings(string…) at string…: string; any number of them
                (call PEER (SERVICE FUNCTION) [ARGUMENTS] OUTPUT) at ARGUMENTS: values, separated by spaces
            "#]],
        );
        check(
            "(ap (k $0) %m)",
            expect![[r#"
                (ap (KEY VALUE) TARGET) at VALUE: any value: literal, number, `true`, `[]`, scalar, canon, lens, special value
                (ap SOURCE TARGET) at nothing: 
            "#]],
        );
        check(
            "(ap $0",
            expect![[r#"
                (ap SOURCE TARGET) at SOURCE: any value: literal, number, `true`, `[]`, scalar, canon, lens, special value
                (ap (KEY VALUE) TARGET) at nothing: 
            "#]],
        );
        check(
            "(fail 1 $0",
            expect![[r#"
                (fail CODE MESSAGE) at MESSAGE: text in double quotes
                (fail ERROR) at nothing: 
            "#]],
        );
        check(
            "(fold xs i (null) $0",
            expect![[r#"
                (fold ITERABLE ITERATOR BODY LAST) at LAST: instruction after the last element; may be left out
            "#]],
        );
        check(
            "(seq (null) $0)",
            expect![[r#"
                (seq FIRST SECOND) at SECOND: instruction that runs when the first is complete
            "#]],
        );
        check("$0(null)", expect![[""]]);
    }

    #[test]
    fn in_broken_scripts_and_in_lenses() {
        check(
            "(seq (call p (\"json\" \"put\" [x \"k\" $0\n (null)",
            expect![[r#"
                json.put(object, key, value) at value: any value
                (call PEER (SERVICE FUNCTION) [ARGUMENTS] OUTPUT) at ARGUMENTS: values, separated by spaces
            "#]],
        );
        check(
            "(call p (\"math\" \"add\") [[] x.$.[$0",
            expect![[r#"
                math.add(a, b) at b: integer
                (call PEER (SERVICE FUNCTION) [ARGUMENTS] OUTPUT) at ARGUMENTS: values, separated by spaces
            "#]],
        );
        check(
            "(call p (\"math\" \"add\") [1 2 $0",
            expect![[r#"
                math.add(a, b) at nothing: 
                (call PEER (SERVICE FUNCTION) [ARGUMENTS] OUTPUT) at ARGUMENTS: values, separated by spaces
            "#]],
        );
        check(
            "(match x.$.na$0",
            expect![[r#"
            (match LEFT RIGHT BODY) at LEFT: any value: literal, number, `true`, `[]`, scalar, canon, lens, special value
        "#]],
        );
        check(
            "(xor (null) (fail :err$0",
            expect![[r#"
            (fail CODE MESSAGE) at CODE: integer, not 0
            (fail ERROR) at ERROR: `:error:`, `%last_error%`, or an object with `error_code` and `message` in a scalar or lens
        "#]],
        );
        check("(cal p $0", expect![[""]]);
    }
}
