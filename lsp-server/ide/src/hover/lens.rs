//! Lenses: a step, or all of them in order.

use air_analysis::Analysis;
use air_semantics::hir::{Accessor, AccessorKind, Hir, Lens, Operand, OperandKind};
use air_syntax::{TextRange, TextSize};

use super::explanation::{Explanation, Subject, sentence};
use crate::markdown::{code, fence};
use crate::names::Step;
use crate::names::{accessor_at, base_range, path_text};
use crate::special_values::ERROR_FIELDS;

/// Steps of one lens that are listed.
const MAX_STEPS_SHOWN: usize = 20;

/// The step at an offset; on dots and brackets the whole lens. Not the variables in brackets, which are words of their own.
pub(super) fn at(analysis: &Analysis, operand: &Operand, offset: TextSize) -> Option<Explanation> {
    let hir = analysis.hir();
    operand.lens.as_ref()?;
    let accessor = accessor_at(hir, operand, offset);
    if let Some(accessor) = accessor.filter(|it| !matches!(it.kind, AccessorKind::Variable(_))) {
        let markdown = step(hir, operand, accessor);
        return Some(Explanation {
            range: accessor.range,
            markdown,
            subject: subject(analysis, operand, Some(accessor)),
        });
    }
    let base = base_range(hir, operand);
    if offset <= base.end() || analysis.resolution().at(offset).is_some() {
        return None;
    }
    let range = TextRange::new(base.end(), operand.range.end());
    Some(Explanation { range, markdown: whole(hir, operand), subject: subject(analysis, operand, None) })
}

/// The part of the variable that the steps up to that one take.
fn subject(analysis: &Analysis, operand: &Operand, last: Option<&Accessor>) -> Subject {
    let base = analysis.resolution().at(operand.range.start());
    match base.zip(steps(analysis.hir(), operand, last)) {
        Some((base, steps)) => Subject::Part(base.binding, steps),
        None => Subject::Other,
    }
}

/// The steps of an operand's lens up to and including that one, or all; none for `.length`.
pub fn steps(hir: &Hir, operand: &Operand, last: Option<&Accessor>) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    if operand.lens == Some(Lens::Length) {
        return None;
    }
    for accessor in operand.lens.iter().flat_map(|lens| hir.accessors_of(lens)) {
        steps.push(match accessor.kind {
            AccessorKind::Field => Step::Field(hir.text_at(accessor.range).to_owned()),
            AccessorKind::Index(index) => Step::Index(index),
            AccessorKind::Variable(_) => Step::Any,
        });
        if last.is_some_and(|last| last.range == accessor.range) {
            break;
        }
    }
    Some(steps)
}

fn step(hir: &Hir, operand: &Operand, accessor: &Accessor) -> String {
    let path = path_text(hir, operand, Some(accessor));
    let base = base_text(hir, operand);
    let what = step_text(hir, operand, accessor);
    format!("{}\n\n{}.\n", fence("air", &format!("{base}.${path}")), sentence(&what))
}

fn whole(hir: &Hir, operand: &Operand) -> String {
    let base = base_text(hir, operand);
    if operand.lens == Some(Lens::Length) {
        return format!("{}\n\n{}.\n", fence("air", &format!("{base}.length")), length_text(operand.kind));
    }
    let mut text = format!("Taken from {}, step by step:\n\n", code(base));
    for (number, accessor) in
        (1..).zip(operand.lens.iter().flat_map(|lens| hir.accessors_of(lens)).take(MAX_STEPS_SHOWN))
    {
        text.push_str(&format!("{number}. {}\n", sentence(&step_text(hir, operand, accessor))));
    }
    text
}

fn length_text(kind: OperandKind) -> &'static str {
    match kind {
        OperandKind::Canon(_) => "Number of elements of the canon",
        OperandKind::CanonMap(_) => "Number of pairs of the canon map",
        _ => "Number of elements of the array; fails (10010) if it is not an array",
    }
}

fn base_text<'h>(hir: &'h Hir, operand: &Operand) -> &'h str {
    hir.text_at(base_range(hir, operand))
}

fn step_text(hir: &Hir, operand: &Operand, accessor: &Accessor) -> String {
    let first = operand.lens.as_ref().and_then(|lens| hir.accessors_of(lens).first());
    let first = first.is_some_and(|first| first.range == accessor.range);
    let text = hir.text_at(accessor.range);
    match (accessor.kind, operand.kind) {
        (AccessorKind::Field, OperandKind::Error | OperandKind::LastError) if first => {
            let known = ERROR_FIELDS.iter().find(|(field, _)| *field == text);
            known.map_or_else(
                || format!("field {}, which error objects of AquaVM do not have", code(text)),
                |(field, what)| format!("`{field}`: {}", what.trim_end_matches('.')),
            )
        }
        (AccessorKind::Field, OperandKind::CanonMap(_)) if first => {
            format!("array of all values at the key {}; empty if there is none", code(text))
        }
        (AccessorKind::Index(index), OperandKind::CanonMap(_)) if first => {
            format!("array of all values at the key {index}; empty if there is none")
        }
        (AccessorKind::Index(index), OperandKind::Canon(_)) if first => {
            format!("element {index} of the canon, counted from 0")
        }
        (AccessorKind::Field, OperandKind::Canon(_)) if first => {
            format!("field {}, which fails: a canon is an array, so take an element first", code(text))
        }
        (AccessorKind::Field, _) if text == "length" => {
            "field `length` of the object; the length of an array is `.length` alone".to_owned()
        }
        (AccessorKind::Field, _) => format!("field {} of the object", code(text)),
        (AccessorKind::Index(index), _) => format!("element {index} of the array, counted from 0"),
        (AccessorKind::Variable(name), _) => format!("element or field that {} names", code(hir.name(name))),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::hover::testing::check;

    #[test]
    fn steps() {
        check(
            "(ap user.$.names.[0].fi$0rst x)",
            expect![[r#"
            "first"
            ```air
            user.$.names.[0].first
            ```

            Field `first` of the object.
        "#]],
        );
        check(
            "(ap #users.$.[$00].first x)",
            expect![[r#"
            "0"
            ```air
            #users.$.[0]
            ```

            Element 0 of the canon, counted from 0.
        "#]],
        );
        check(
            "(ap #users.len$0gth x)",
            expect![[r#"
            ".length"
            ```air
            #users.length
            ```

            Number of elements of the canon.
        "#]],
        );
        check(
            "(ap :error:.$.mess$0age x)",
            expect![[r#"
            "message"
            ```air
            :error:.$.message
            ```

            `message`: String: what went wrong. For a failed service, `Local service error, …` with the service's own text.
        "#]],
        );
        check(
            "(canon \"p\" %m #%m)\n(ap #%m.$.ke$0y x)",
            expect![[r#"
            "key"
            ```air
            #%m.$.key
            ```

            Array of all values at the key `key`; empty if there is none.
        "#]],
        );
    }

    #[test]
    fn all_of_them() {
        check(
            "(ap user.$0$.names.[0].first x)",
            expect![[r#"
            ".$.names.[0].first"
            Taken from `user`, step by step:

            1. Field `names` of the object
            2. Element 0 of the array, counted from 0
            3. Field `first` of the object
        "#]],
        );
    }

    #[test]
    fn a_variable_in_brackets_is_one() {
        check(
            "(seq (ap 1 i)\n (ap user.$.[i$0] x))",
            expect![[r#"
                "i"
                ```air
                i: index
                ```

                Scalar: one value, set once.

                - written in line 1 by `ap` of `1`
                - read once
            "#]],
        );
    }
}
