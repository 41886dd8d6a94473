//! Variables that nothing sets where they are read, and that AquaVM does not ask for.

use air_semantics::hir::{InstrKind, Role};
use air_semantics::resolve::{Access, Binding, BindingId, BindingKind};

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Maker, Report, is_stream};

pub(crate) static ENTRY: Entry = entry(
    "L031",
    "unset-variable",
    Severity::Warning,
    Page {
        summary: "a variable is never set where it is read",
        what: prose!(
            "A variable is read outside of the `new` or `fold` that it belongs to, or where
AquaVM's validator does not look: in the peer of a `canon`, in the value of a map's entry, or in `fail`."
        ),
        why: prose!(
            "AquaVM accepts the script, and the instruction waits for a value that never comes; a
`fail` fails with another error than it names."
        ),
        example: r#"(seq
 (new secret
  (seq
   (ap 1 secret)
   (call %init_peer_id% ("service" "function") [secret])))
 (call %init_peer_id% ("service" "function") [secret]))"#,
        fix: "Read the variable inside, or pass the value out through another variable.",
        fixed: r#"(new secret
 (seq
  (ap 1 secret)
  (call %init_peer_id% ("service" "function") [secret])))"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::UnsetVariable,
    looks: &[Looks::Variable(|of| of.made_by == Maker::Script && of.read && of.writes == 0, look)],
    fix: Fixing::None("Only the author knows where the value should come from."),
};

fn look(context: &Context<'_>, id: BindingId, binding: &Binding, report: &mut Report<'_>) {
    let name = context.name(binding);
    if is_stream(name) || !context.is_never_set(binding) {
        return;
    }
    let Some(read) = context.places(id, Access::Read).next() else { return };
    let Some(operand) = context.hir.operands.get(read.operand.0 as usize) else { return };
    // An index in a lens is another finding.
    if operand.range.start() != read.range.start() {
        return;
    }
    let kind = context.instr(read.instr).map_or(InstrKind::Unknown, |instr| instr.kind);
    let then = match (kind, operand.role) {
        (InstrKind::Next, _) => "`next` ends the script with error 20003".to_owned(),
        (_, Role::Failure) => "`fail` ends in error 10003".to_owned(),
        _ => {
            let reader = context.instr(read.instr).map_or("", |instr| context.keyword(instr));
            format!("`{reader}` waits for it for ever")
        }
    };
    // The names that AquaVM finds elsewhere: a `new` or a fold of that name.
    let other = context.scoped_variable(binding.name);
    let owner = match other {
        Some((_, Binding { kind: BindingKind::New(_), .. })) => "`new`",
        _ => "`fold`",
    };
    let message = match other {
        Some(_) => {
            format!("`{name}` has a value only inside another {owner}: {then}")
        }
        None => format!("`{name}` is never set: {then}"),
    };
    let finding = report.add(Code::UnsetVariable, read.range, message);
    if let Some((other, _)) = other
        && let Some(declared) = context.places(other, Access::Declare).next()
    {
        finding.related(declared.range, format!("`{name}` has a value inside this {owner}"));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::UnsetVariable, text, expected);
    }

    #[test]
    fn behind_its_scope() {
        check(
            "(seq (seq (new x (ap 1 x)) (fold [] i (next i))) (par (ap x y) (par (ap i z) (next i))))",
            expect![[r#"
                | (seq (seq (new x (ap 1 x)) (fold [] i (next i))) (par (ap x y) (par (ap i z) (next i))))
                |                                                           ^ L031 `x` has a value only inside another `new`: `ap` waits for it for ever
                | (seq (seq (new x (ap 1 x)) (fold [] i (next i))) (par (ap x y) (par (ap i z) (next i))))
                |                - `x` has a value inside this `new`
                | (seq (seq (new x (ap 1 x)) (fold [] i (next i))) (par (ap x y) (par (ap i z) (next i))))
                |                                                                         ^ L031 `i` has a value only inside another `fold`: `ap` waits for it for ever
                | (seq (seq (new x (ap 1 x)) (fold [] i (next i))) (par (ap x y) (par (ap i z) (next i))))
                |                                     - `i` has a value inside this `fold`
            "#]],
        );
    }

    #[test]
    fn where_aquavm_does_not_look() {
        check(
            r#"(seq (canon nobody $s #s) (seq (ap ("k" nothing) %m) (fail other)))"#,
            expect![[r#"
                | (seq (canon nobody $s #s) (seq (ap ("k" nothing) %m) (fail other)))
                |             ^^^^^^ L031 `nobody` is never set: `canon` waits for it for ever
                | (seq (canon nobody $s #s) (seq (ap ("k" nothing) %m) (fail other)))
                |                                         ^^^^^^^ L031 `nothing` is never set: `ap` waits for it for ever
                | (seq (canon nobody $s #s) (seq (ap ("k" nothing) %m) (fail other)))
                |                                                            ^^^^^ L031 `other` is never set: `fail` ends in error 10003
            "#]],
        );
    }

    #[test]
    fn set_or_given() {
        check(
            "; air: given peer\n(seq (canon peer $s #s) (seq (ap 1 x) (ap x y)))",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
