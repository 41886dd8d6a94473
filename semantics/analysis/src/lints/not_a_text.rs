//! Peers, services and functions that are not strings.

use air_semantics::hir::{InstrKind, Lens, OperandKind, Role};
use air_semantics::resolve::{Access, Binding, BindingId};

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report, replace};

pub(crate) static ENTRY: Entry = entry(
    "L035",
    "not-a-text",
    Severity::Warning,
    Page {
        summary: "a peer, service or function that is not a string",
        what: prose!(
            "The peer, service or function of a `call`, or the peer of a `canon`, is a variable
that is set only once, by `ap` of a number, a boolean or an empty list."
        ),
        why: "These operands must be strings: the instruction always fails with error 10011.",
        example: r#"(seq
 (ap 1 service)
 (call %init_peer_id% (service "function") []))"#,
        fix: "Set the variable to a string.",
        fixed: r#"(seq
 (ap "1" service)
 (call %init_peer_id% (service "function") []))"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::NotAText,
    looks: &[Looks::Variable(|of| of.read && of.writes == 1, look)],
    fix: Fixing::Offered,
};

fn look(context: &Context<'_>, id: BindingId, binding: &Binding, report: &mut Report<'_>) {
    let Some(write) = context.places(id, Access::Write).next() else { return };
    let Some(instr) = context.instr(write.instr).filter(|instr| instr.kind == InstrKind::Ap) else { return };
    let Some(source) = context.operand(instr, Role::Source) else { return };
    if context.name(binding).starts_with('$') || context.is_given(binding) {
        return;
    }
    let what = match (source.kind, &source.lens) {
        (OperandKind::Bool(_), _) => "a boolean",
        (OperandKind::EmptyArray, _) => "a list",
        (OperandKind::Int(_) | OperandKind::Float(_) | OperandKind::Ttl | OperandKind::Timestamp, _)
        | (_, Some(Lens::Length)) => "a number",
        _ => return,
    };
    let literal = matches!(source.kind, OperandKind::Int(_) | OperandKind::Float(_) | OperandKind::Bool(_));
    for read in context.places(id, Access::Read) {
        let Some(operand) = context.hir.operands.get(read.operand.0 as usize) else { continue };
        let name = context.name(binding);
        if !matches!(operand.role, Role::Peer | Role::Service | Role::Function) || operand.lens.is_some() {
            continue;
        }
        let message =
            format!("`{name}` is {what}, but a {} must be a string: error 10011", role(operand.role));
        let finding = report
            .add(Code::NotAText, read.range, message)
            .related(source.range, format!("`{name}` is set to {what} here"));
        if literal {
            let text = format!("\"{}\"", context.text(source.range));
            finding.offer(format!("replace by `{text}`"), Some(vec![replace(source.range, text)]));
        }
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Service => "service",
        Role::Function => "function",
        _ => "peer",
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::NotAText, text, expected);
    }

    #[test]
    fn numbers_and_lists() {
        check(
            r#"(seq (ap true p) (seq (ap [] f) (call p ("s" f) [p])))"#,
            expect![[r#"
                | (seq (ap true p) (seq (ap [] f) (call p ("s" f) [p])))
                |                                       ^ L035 `p` is a boolean, but a peer must be a string: error 10011
                | (seq (ap true p) (seq (ap [] f) (call p ("s" f) [p])))
                |          ---- `p` is set to a boolean here
                fix: replace by `"true"`: "(seq (ap \"true\" p) (seq (ap [] f) (call p (\"s\" f) [p])))"
                | (seq (ap true p) (seq (ap [] f) (call p ("s" f) [p])))
                |                                              ^ L035 `f` is a list, but a function must be a string: error 10011
                | (seq (ap true p) (seq (ap [] f) (call p ("s" f) [p])))
                |                           -- `f` is set to a list here
            "#]],
        );
    }

    #[test]
    fn texts_and_what_is_not_known() {
        check(
            r#"(seq (ap "p" p) (seq (ap 1 $n) (seq (ap :error:.$.message f) (call p ("s" f) []))))"#,
            expect![[r#"
                nothing
            "#]],
        );
    }
}
