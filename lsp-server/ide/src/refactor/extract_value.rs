//! Gives a value a name.

use air_analysis::fresh::fresh;
use air_semantics::hir::{AccessorKind, Hir, Instr, InstrKind, Lens, Operand, OperandKind, Role};
use air_syntax::{OperandPosition, SyntaxKind, TextRange};

use super::context::Context;
use super::draft::Draft;
use super::refactoring::{Behaviour, Kind, Refactoring};

pub(super) static REFACTORING: Refactoring = Refactoring {
    name: "extract-value",
    kind: Kind::Extract,
    behaviour: Behaviour::ChangeInTitle,
    what: "Puts the literal or the part of a value under the cursor into a scalar of its own, by an `ap` in front of the \
           instruction that uses it.",
    example: "(seq\n (call %init_peer_id% (\"srv\" \"user\") [] user)\n (call user.$.$0peer (\"srv\" \"fn\") [])\n)",
    offer,
};

fn offer(context: &Context<'_>) -> Vec<Draft> {
    let Context { hir, instr, range, .. } = *context;
    let under = |operand: &&Operand| operand.range.contains_range(range);
    let Some(operand) = hir.operands_of(instr).iter().rev().find(under) else { return Vec::new() };
    if !context.whole(instr)
        || !takes_scalar(instr, operand)
        || is_bare(operand)
        || !can_be_copied(hir, operand)
    {
        return Vec::new();
    }
    let name = fresh(hir, "", &wanted(hir, operand));
    let value = hir.text_at(operand.range);
    let text = format!("(seq (ap {value} {name}) {})", replaced(context, &[(operand.range, name.clone())]));
    let caret = "(seq (ap ".len() + value.len() + 1;
    // A call goes to its peer even if arguments are missing; `ap` does not let it.
    let travels = operand.role == Role::Argument && operand.kind.name().is_some();
    let change = if travels { ": while it is missing, the call waits here and not on its peer" } else { "" };
    vec![Draft::form(
        format!("Extract `{value}` into `{name}`{change}"),
        context.attached(instr),
        text,
        caret,
    )]
}

/// Whether a scalar may stand there and mean the same.
fn takes_scalar(instr: &Instr, operand: &Operand) -> bool {
    match operand.role {
        Role::Peer | Role::Service | Role::Function | Role::Argument | Role::Left | Role::Right => true,
        Role::Key | Role::Value => true,
        Role::Iterable => instr.kind == InstrKind::Fold,
        // Not `fail`: errors keep their codes there, and it does not wait for what is missing.
        _ => false,
    }
}

/// Names have names already.
fn is_bare(operand: &Operand) -> bool {
    operand.kind.name().is_some() && operand.lens.is_none()
}

/// Whether `ap` takes it.
pub(super) fn can_be_copied(hir: &Hir, operand: &Operand) -> bool {
    let kind = match (operand.kind.token(), operand.lens.is_some()) {
        (SyntaxKind::SCALAR, true) => SyntaxKind::SCALAR_LENS,
        (SyntaxKind::CANON, true) => SyntaxKind::CANON_LENS,
        (SyntaxKind::CANON_MAP, true) => SyntaxKind::CANON_MAP_LENS,
        (SyntaxKind::LAST_ERROR, true) => SyntaxKind::LAST_ERROR_LENS,
        (SyntaxKind::ERROR_VAR, true) => SyntaxKind::ERROR_VAR_LENS,
        (kind, _) => kind,
    };
    OperandPosition::ApSource.takes(kind) && !hir.text_at(operand.range).contains('\n')
}

/// What to call it.
fn wanted(hir: &Hir, operand: &Operand) -> String {
    if let Some(lens) = &operand.lens {
        if *lens == Lens::Length {
            return "length".to_owned();
        }
        let fields = hir.accessors_of(lens).iter().rev();
        let field = fields.filter(|it| it.kind == AccessorKind::Field).map(|it| hir.text_at(it.range)).next();
        return field.unwrap_or("element").to_owned();
    }
    literal_name(hir, operand)
}

/// What to call a literal.
pub(super) fn literal_name(hir: &Hir, operand: &Operand) -> String {
    let by_role = match operand.role {
        Role::Peer => Some("peer"),
        Role::Service => Some("service"),
        Role::Function => Some("function"),
        _ => None,
    };
    let by_kind = match operand.kind {
        OperandKind::Literal => {
            let text = hir.literal(operand);
            let plain = text.len() <= 24
                && text.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '_' | '-'));
            if plain { text } else { "text" }
        }
        OperandKind::Int(_) | OperandKind::Float(_) => "number",
        OperandKind::Bool(_) => "flag",
        OperandKind::EmptyArray => "empty",
        OperandKind::InitPeerId => "init_peer",
        OperandKind::Timestamp => "timestamp",
        OperandKind::Ttl => "ttl",
        OperandKind::LastError | OperandKind::Error => "error",
        _ => "value",
    };
    by_role.unwrap_or(by_kind).to_owned()
}

/// The instruction and its comment, with other words in it; words in text order.
pub(super) fn replaced(context: &Context<'_>, words: &[(TextRange, String)]) -> String {
    let instr = context.instr;
    let mut text = String::new();
    let mut at = instr.range.start();
    for (range, word) in words {
        text.push_str(context.text(at, range.start()));
        text.push_str(word);
        at = range.end();
    }
    let end = context.attached(instr).end();
    text.push_str(context.text(at, end));
    if end != instr.range.end() {
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::refactor::testing::check;

    #[test]
    fn literals_and_parts() {
        check(
            &REFACTORING,
            "(call \"$012D\" (\"srv\" \"fn\") [1]) ; ok = 1",
            expect![[r##"
            # Extract `"12D"` into `peer`
            (seq
             (ap "12D" $0peer)
             (call peer ("srv" "fn") [1]) ; ok = 1
            )
        "##]],
        );
        check(
            &REFACTORING,
            "(seq (ap 1 name) (xor\n (match name.$.na$0me \"x\"\n  (null)\n )\n (null)\n))",
            expect![[r##"
                # Extract `name.$.name` into `name_2`
                (seq (ap 1 name) (xor
                 (seq
                  (ap name.$.name $0name_2)
                  (match name_2 "x"
                   (null)
                  )
                 )
                 (null)
                ))
            "##]],
        );
    }

    #[test]
    fn what_has_a_name() {
        check(
            &REFACTORING,
            "(seq (ap 1 x) (call p$0 (\"srv\" \"fn\") [x]))",
            expect![[r#"
            nothing
        "#]],
        );
        check(
            &REFACTORING,
            "(seq (ap 1 x) (call \"p\" (\"srv\" \"fn\") [x$0]))",
            expect![[r#"
            nothing
        "#]],
        );
        check(
            &REFACTORING,
            "(xor (null) (fail :err$0or:))",
            expect![[r#"
            nothing
        "#]],
        );
        check(
            &REFACTORING,
            "(ap \"x$0\" y)",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
