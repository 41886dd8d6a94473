//! Scopes that nothing uses.

use air_semantics::resolve::{Access, Binding, BindingId, BindingKind};

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Maker, Report, is_compilers};

pub(crate) static ENTRY: Entry = entry(
    "L026",
    "unused-new",
    Severity::Hint,
    Page {
        summary: "a `new` whose name is not used inside it",
        what: "A `new` declares a name that its body neither sets nor reads.",
        why: "The `new` has no effect, and readers look for the use.",
        example: r#"(new $results
 (call %init_peer_id% ("service" "function") []))"#,
        fix: "Remove the `new` and keep its body.",
        fixed: r#"(call %init_peer_id% ("service" "function") [])"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::UnusedNew,
    looks: &[Looks::Variable(|of| of.made_by == Maker::New && !of.read && of.writes == 0, look)],
    fix: Fixing::Offered,
};

fn look(context: &Context<'_>, id: BindingId, binding: &Binding, report: &mut Report<'_>) {
    let BindingKind::New(new) = binding.kind else { return };
    let Some(new) = context.instr(new) else { return };
    let Some(declared) = context.places(id, Access::Declare).next() else { return };
    let Some(body) = context.child(new, 0).and_then(|body| context.instr(body)) else { return };
    let name = context.name(binding);
    if is_compilers(name) {
        return;
    }
    report
        .add(Code::UnusedNew, declared.range, format!("`{name}` is not used in this `new`"))
        .safe(format!("remove `new {name}` and keep its body"), context.unwrap(new.range, body.range));
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::UnusedNew, text, expected);
    }

    #[test]
    fn no_use_or_that_of_another() {
        check(
            "(new $s (new x (new x (ap 1 x))))",
            expect![[r#"
            | (new $s (new x (new x (ap 1 x))))
            |      ^^ L026 `$s` is not used in this `new`
            fix: remove `new $s` and keep its body: "(new x (new x (ap 1 x)))"
            | (new $s (new x (new x (ap 1 x))))
            |              ^ L026 `x` is not used in this `new`
            fix: remove `new x` and keep its body: "(new $s (new x (ap 1 x)))"
        "#]],
        );
    }

    #[test]
    fn any_use_counts() {
        check(
            r#"(new $s (new #s (new %m (seq (canon "p" $s #s) (ap ("k" 1) %m)))))"#,
            expect![[r#"
            nothing
        "#]],
        );
    }
}
