//! Iterators with the name of a scalar.

use air_semantics::hir::InstrKind;
use air_semantics::resolve::{Access, Binding, BindingId};

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Maker, Report};

pub(crate) static ENTRY: Entry = entry(
    "L036",
    "hidden-scalar",
    Severity::Warning,
    Page {
        summary: "an iterator has the name of a scalar that is set",
        what: prose!(
            "A scalar is set before a `fold` whose iterator has the same name, and the name is read
inside the fold."
        ),
        why: prose!(
            "AquaVM keeps scalars and iterators separately. When both have a value and the name is
read, AquaVM crashes."
        ),
        example: r#"(seq
 (call %init_peer_id% ("service" "list") [] item)
 (fold item item
  (seq
   (call %init_peer_id% ("service" "function") [item])
   (next item))))"#,
        fix: "Give the iterator a name of its own.",
        fixed: r#"(seq
 (call %init_peer_id% ("service" "list") [] items)
 (fold items item
  (seq
   (call %init_peer_id% ("service" "function") [item])
   (next item))))"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::HiddenScalar,
    looks: &[Looks::Variable(|of| of.made_by == Maker::Fold && of.read, look)],
    fix: Fixing::None("Renaming the iterator is an editor's rename, which asks for the new name."),
};

fn look(context: &Context<'_>, id: BindingId, binding: &Binding, report: &mut Report<'_>) {
    let Some((outer, _)) = context.script_variable(binding.name) else { return };
    let Some(set) = context.places(outer, Access::Write).next() else { return };
    if set.range.start() > binding.scope.start() {
        return;
    }
    // In a fold or a `new`, or in one of two alternatives, it may be gone.
    let sure =
        context.around(set.instr).all(|(_, around)| matches!(around.kind, InstrKind::Seq | InstrKind::Par));
    let is_next = |instr| context.instr(instr).is_some_and(|instr| instr.kind == InstrKind::Next);
    let read = context.places(id, Access::Read).find(|read| !is_next(read.instr));
    let (Some(read), true) = (read, sure && context.has_fuel()) else { return };
    let name = context.name(binding);
    report
        .add(
            Code::HiddenScalar,
            read.range,
            format!("`{name}` is both an iterator and a scalar with a value: AquaVM crashes when it is read"),
        )
        .related(set.range, format!("the scalar `{name}` is set here"));
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::HiddenScalar, text, expected);
    }

    #[test]
    fn set_before_and_read_inside() {
        check(
            "(seq (ap [] x) (fold x x (seq (ap x $s) (next x))))",
            expect![[r#"
            | (seq (ap [] x) (fold x x (seq (ap x $s) (next x))))
            |                                   ^ L036 `x` is both an iterator and a scalar with a value: AquaVM crashes when it is read
            | (seq (ap [] x) (fold x x (seq (ap x $s) (next x))))
            |             - the scalar `x` is set here
        "#]],
        );
    }

    #[test]
    fn not_read_or_set_behind() {
        check(
            "(seq (ap [] x) (fold x x (next x)))",
            expect![[r#"
            nothing
        "#]],
        );
        check(
            "(seq (ap [] l) (seq (fold l x (seq (ap x $s) (next x))) (ap 1 x)))",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
