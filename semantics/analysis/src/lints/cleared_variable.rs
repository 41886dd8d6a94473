//! Variables that `new` declares and nothing sets before they are read.

use air_semantics::resolve::{Access, Binding, BindingId, BindingKind};

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Maker, Report, is_stream};

pub(crate) static ENTRY: Entry = entry(
    "L032",
    "cleared-variable",
    Severity::Warning,
    Page {
        summary: "a variable of `new` is read and never set",
        what: "A `new` declares a scalar or canonicalised stream that is read inside it and never set there.",
        why: prose!(
            "`new` hides the value from outside. Reading the variable does not wait for a value, but
fails with error 10009."
        ),
        example: r#"(seq
 (call %init_peer_id% ("service" "function") [] answer)
 (seq
  (new answer
   (call %init_peer_id% ("service" "function") [answer]))
  (call %init_peer_id% ("service" "function") [answer])))"#,
        fix: "Remove the `new`, or set the variable inside it.",
        fixed: r#"(seq
 (call %init_peer_id% ("service" "function") [] answer)
 (call %init_peer_id% ("service" "function") [answer]))"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::ClearedVariable,
    looks: &[Looks::Variable(|of| of.made_by == Maker::New && of.read && of.writes == 0, look)],
    fix: Fixing::Offered,
};

fn look(context: &Context<'_>, id: BindingId, binding: &Binding, report: &mut Report<'_>) {
    let BindingKind::New(new) = binding.kind else { return };
    let name = context.name(binding);
    if is_stream(name) {
        return;
    }
    let Some(read) = context.places(id, Access::Read).next() else { return };
    let Some(new) = context.instr(new) else { return };
    let message =
        format!("`{name}` is declared by `new` and never set inside it: reading it fails with error 10009");
    let mut finding = report.add(Code::ClearedVariable, read.range, message);
    if let Some(declared) = context.places(id, Access::Declare).next() {
        finding = finding.related(declared.range, format!("`new` declares `{name}` here, without a value"));
    }
    let set_outside = context.script_variable(binding.name).is_some_and(|(_, other)| other.writes > 0);
    if let Some(body) = context.child(new, 0).and_then(|body| context.instr(body))
        && set_outside
    {
        finding
            .offer(format!("remove `new {name}` and keep its body"), context.unwrap(new.range, body.range));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::ClearedVariable, text, expected);
    }

    #[test]
    fn with_and_without_one_outside() {
        check(
            "(seq (ap 1 x) (seq (new x (ap x $s)) (new y (ap y $s))))",
            expect![[r#"
            | (seq (ap 1 x) (seq (new x (ap x $s)) (new y (ap y $s))))
            |                               ^ L032 `x` is declared by `new` and never set inside it: reading it fails with error 10009
            | (seq (ap 1 x) (seq (new x (ap x $s)) (new y (ap y $s))))
            |                         - `new` declares `x` here, without a value
            fix: remove `new x` and keep its body: "(seq (ap 1 x) (seq (ap x $s) (new y (ap y $s))))"
            | (seq (ap 1 x) (seq (new x (ap x $s)) (new y (ap y $s))))
            |                                                 ^ L032 `y` is declared by `new` and never set inside it: reading it fails with error 10009
            | (seq (ap 1 x) (seq (new x (ap x $s)) (new y (ap y $s))))
            |                                           - `new` declares `y` here, without a value
        "#]],
        );
    }

    #[test]
    fn set_inside_or_a_stream() {
        check(
            r#"(par (new x (seq (ap 1 x) (ap x $s))) (new $t (canon "p" $t #t)))"#,
            expect![[r#"
            nothing
        "#]],
        );
    }
}
