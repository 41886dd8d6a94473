//! Catches an instruction's errors and reports them.

use air_semantics::hir::InstrKind;

use super::context::Context;
use super::draft::Draft;
use super::refactoring::{Behaviour, Kind, Refactoring};

pub(super) static REFACTORING: Refactoring = Refactoring {
    name: "wrap-with-handler",
    kind: Kind::Rewrite,
    behaviour: Behaviour::ChangeInTitle,
    what: "Puts the instruction into an `xor` that hands its errors to the initiator's `errorHandlingSrv.error`, as the \
           Aqua compiler's code does. What follows then runs as after a success.",
    example: "($0call \"peer\" (\"srv\" \"fn\") [])",
    offer,
};

const HANDLER: &str = "(call %init_peer_id% (\"errorHandlingSrv\" \"error\") [:error: 0])";

fn offer(context: &Context<'_>) -> Vec<Draft> {
    let instr = context.instr;
    let fails =
        !matches!(instr.kind, InstrKind::Null | InstrKind::Never | InstrKind::Next | InstrKind::Unknown);
    if !fails || !context.whole(instr) || !context.on_head() {
        return Vec::new();
    }
    let text = format!("(xor {} {HANDLER})", context.attached_text(instr));
    let caret = text.len() - HANDLER.len() - 1;
    let title = "Wrap in `xor` with an error handler: its errors are reported to the initiator";
    vec![Draft::form(title, context.attached(instr), text, caret)]
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::refactor::testing::check;

    #[test]
    fn around_the_instruction() {
        check(
            &REFACTORING,
            "(seq\n (a$0p 1 x)\n (null)\n)",
            expect![[r#"
                # Wrap in `xor` with an error handler: its errors are reported to the initiator
                (seq
                 (xor
                  (ap 1 x)
                  $0(call %init_peer_id% ("errorHandlingSrv" "error") [:error: 0])
                 )
                 (null)
                )
            "#]],
        );
        check(
            &REFACTORING,
            "(nu$0ll)",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
