//! Literals, numbers, `true`, `[]`: where they stand for something.

use air_analysis::Analysis;
use air_semantics::hir::{Hir, Instr, InstrKind, Operand, OperandId, OperandKind, Role};

use super::explanation::{Explanation, Subject};
use super::outside::service_text;
use super::peer::is_peer_id;
use super::peer::peer_text;
use crate::markdown::code;
use crate::names::instr_at;
use crate::names::outside::{OutsideKind, outside_names};
use crate::services::built_in;

/// What an operand that names nothing is there for.
pub(super) fn at(analysis: &Analysis, id: OperandId, operand: &Operand) -> Option<Explanation> {
    let hir = analysis.hir();
    let explained = |markdown: String, subject| Some(Explanation { range: operand.range, markdown, subject });
    let instr = hir.instr(instr_at(hir, operand.range.start())?)?;
    if let Some(code) = error_code(hir, instr, operand) {
        let text = match operand.role {
            Role::FailCode => format!("Error code {code}: a handler reads it as `:error:.$.error_code`\n"),
            _ => format!("Error code {code}\n"),
        };
        return explained(text, Subject::ErrorCode(code));
    }
    if operand.role == Role::FailText {
        let text = "Message of the failure: a handler reads it as `:error:.$.message`\n";
        return explained(text.to_owned(), Subject::Other);
    }
    if operand.role == Role::Iterable && operand.kind == OperandKind::EmptyArray {
        return explained("Empty array: the body never runs\n".to_owned(), Subject::Other);
    }
    if operand.role == Role::Key {
        let map = hir.operand(instr, Role::Target).map_or("", |map| hir.text_at(map.range));
        return explained(format!("Key in {}\n", code(map)), Subject::Other);
    }
    let mut text = parameter(hir, id, instr).unwrap_or_default();
    let mut subject = Subject::Other;
    if operand.kind == OperandKind::Literal {
        let literal = hir.literal(operand);
        if let Some((known, about)) = outside(analysis, literal) {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&known);
            subject = about;
        }
    }
    if text.is_empty() { None } else { explained(text, subject) }
}

/// The number of a failure: in `fail`, or compared with the `error_code` of an error object.
fn error_code(hir: &Hir, instr: &Instr, operand: &Operand) -> Option<i64> {
    let OperandKind::Int(code) = operand.kind else { return None };
    let other = match operand.role {
        Role::FailCode => return Some(code),
        Role::Left => Role::Right,
        Role::Right => Role::Left,
        _ => return None,
    };
    hir.text_at(hir.operand(instr, other)?.range).ends_with(".error_code").then_some(code)
}

/// Which parameter of a built-in function an argument is.
fn parameter(hir: &Hir, id: OperandId, instr: &Instr) -> Option<String> {
    if instr.kind != InstrKind::Call {
        return None;
    }
    let word = |role| hir.operand(instr, role).map(|it| hir.literal(it));
    let function = built_in(word(Role::Service)?, word(Role::Function)?)?;
    let first = hir.operands_of(instr).iter().position(|it| it.role == Role::Argument)?;
    let index = id.0.checked_sub(instr.operands.start + first as u32)?;
    let what = function.parameter(index as usize);
    let name = function.parameter_name(index as usize)?;
    Some(format!("`{name}` of `{}.{}`: {what}\n", function.service, function.form()))
}

/// A text that is a peer, or the id of a service that the script calls.
fn outside(analysis: &Analysis, text: &str) -> Option<(String, Subject)> {
    let names = outside_names(analysis);
    let named = |kind| names.iter().any(|it| it.kind == kind && it.name == text);
    if is_peer_id(text) || named(OutsideKind::Peer) {
        return Some((peer_text(analysis, text), Subject::Peer(text.to_owned())));
    }
    named(OutsideKind::Service).then(|| (service_text(analysis, text), Subject::Other))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::hover::testing::check;

    #[test]
    fn error_codes() {
        check(
            "(fail 4$02 \"no\")",
            expect![[r#"
            "42"
            Error code 42: a handler reads it as `:error:.$.error_code`
        "#]],
        );
        check(
            "(fail 42 \"n$0o\")",
            expect![[r#"
            "\"no\""
            Message of the failure: a handler reads it as `:error:.$.message`
        "#]],
        );
        check(
            "(xor (null) (match :error:.$.error_code 100$001 (null)))",
            expect![[r#"
            "10001"
            Error code 10001
        "#]],
        );
        check(
            "(xor (null) (match 100$001 x.$.code (null)))",
            expect![[r#"
            nothing
        "#]],
        );
    }

    #[test]
    fn arguments_of_built_in_functions() {
        check(
            "(call \"p\" (\"math\" \"sub\") [x 1$00])",
            expect![[r#"
            "10"
            `b` of `math.sub(a, b)`: integer
        "#]],
        );
        check(
            "(call \"p\" (\"op\" \"concat_strings\") [x \"a\" \"$0b\"])",
            expect![[r#"
            "\"b\""
            `string…` of `op.concat_strings(string…)`: string; any number of them
        "#]],
        );
        check(
            "(call \"p\" (\"mine\" \"f\") [$01])",
            expect![[r#"
            nothing
        "#]],
        );
    }

    #[test]
    fn what_lies_outside() {
        check(
            "(seq (call \"relay\" (\"op\" \"noop\") []) (ap \"re$0lay\" x))",
            expect![[r#"
                "\"relay\""
                Peer `relay`

                - not a peer id of the network: for tests and sample runs
                - named `x` by `ap` in line 1
                - in this script: 1 call, 1 value
            "#]],
        );
        check(
            "(ap \"any te$0xt\" x)",
            expect![[r#"
            nothing
        "#]],
        );
    }

    #[test]
    fn other_values() {
        check(
            "(fold [$0] i (next i))",
            expect![[r#"
            "[]"
            Empty array: the body never runs
        "#]],
        );
        check(
            "(ap (\"$0name\" 1) %m)",
            expect![[r#"
            "\"name\""
            Key in `%m`
        "#]],
        );
        check(
            "(match true$0 x (null))",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
