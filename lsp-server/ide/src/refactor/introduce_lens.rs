//! Takes a part of a value.

use air_semantics::hir::{Operand, OperandKind, Role};
use air_semantics::shapes::shapes;
use air_syntax::OperandPosition;

use super::context::Context;
use super::draft::Draft;
use super::refactoring::{Behaviour, Kind, Refactoring};

pub(super) static REFACTORING: Refactoring = Refactoring {
    name: "introduce-lens",
    kind: Kind::Rewrite,
    behaviour: Behaviour::ChangeInTitle,
    what: "Reads a part of a value instead of the whole: a field that the script takes of it elsewhere, an element or the \
           length of an array.",
    example: "(seq\n (call %init_peer_id% (\"srv\" \"user\") [] user)\n (seq\n  (call user.$.peer (\"srv\" \"fn\") [])\n  (call %init_peer_id% (\"srv\" \"show\") [us$0er])\n )\n)",
    offer,
};

/// More parts than this are not offered.
const MAX_LENSES_OFFERED: usize = 6;

fn offer(context: &Context<'_>) -> Vec<Draft> {
    let Context { hir, instr, range, analysis, .. } = *context;
    let under = |operand: &&Operand| operand.range.contains_range(range);
    let Some(operand) = hir.operands_of(instr).iter().rev().find(under) else { return Vec::new() };
    let slot = match operand.role {
        Role::Peer => OperandPosition::Peer,
        Role::Service => OperandPosition::Service,
        Role::Function => OperandPosition::Function,
        Role::Argument | Role::Left | Role::Right => OperandPosition::Argument,
        Role::Source if instr.kind == air_semantics::hir::InstrKind::Ap => OperandPosition::ApSource,
        Role::Key => OperandPosition::Key,
        Role::Value => OperandPosition::Value,
        _ => return Vec::new(),
    };
    let lensed = match operand.kind {
        OperandKind::Scalar(_) => air_syntax::SyntaxKind::SCALAR_LENS,
        OperandKind::Canon(_) => air_syntax::SyntaxKind::CANON_LENS,
        _ => return Vec::new(),
    };
    if operand.lens.is_some() || !context.whole(instr) || !slot.takes(lensed) {
        return Vec::new();
    }
    let resolution = analysis.resolution();
    let Some(place) = resolution.at(operand.range.start()) else { return Vec::new() };
    let shape = shapes(hir, resolution).of_variable(place.binding);
    let root = shape.root();
    let name = hir.text_at(operand.range);
    let mut lenses: Vec<String> = Vec::new();
    if root.is_array() || matches!(operand.kind, OperandKind::Canon(_)) {
        lenses.push(".$.[0]".to_owned());
        if matches!(slot, OperandPosition::Argument | OperandPosition::ApSource | OperandPosition::Value) {
            lenses.push(".length".to_owned());
        }
    }
    lenses.extend(root.fields.iter().map(|(field, _)| format!(".$.{field}")));
    let drafts = lenses.into_iter().take(MAX_LENSES_OFFERED).map(|lens| {
        let title = format!("Read `{name}{lens}` instead of `{name}`: only that part is used");
        let mut draft = Draft::word(title, operand.range, format!("{name}{lens}"));
        draft.caret = draft.text.len();
        draft
    });
    drafts.collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::refactor::testing::check;

    #[test]
    fn what_is_known_of_it() {
        check(
            &REFACTORING,
            "(seq (call \"p\" (\"s\" \"f\") [] all)\n (seq (call all.$.[1].peer (\"s\" \"g\") [])\n  (ap a$0ll x)))",
            expect![[r##"
                # Read `all.$.[0]` instead of `all`: only that part is used
                (seq (call "p" ("s" "f") [] all)
                 (seq (call all.$.[1].peer ("s" "g") [])
                  (ap all.$.[0]$0 x)))
                # Read `all.length` instead of `all`: only that part is used
                (seq (call "p" ("s" "f") [] all)
                 (seq (call all.$.[1].peer ("s" "g") [])
                  (ap all.length$0 x)))
            "##]],
        );
        check(
            &REFACTORING,
            "(seq (ap 1 x) (ap $0x y))",
            expect![[r#"
            nothing
        "#]],
        );
        check(
            &REFACTORING,
            "(seq (ap 1 x) (ap x.$.$0a y))",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
