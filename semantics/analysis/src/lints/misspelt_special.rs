//! Stream maps that were meant as special values.

use air_semantics::resolve::{Binding, BindingId};

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report};

pub(crate) static ENTRY: Entry = entry(
    "L027",
    "misspelt-special",
    Severity::Warning,
    Page {
        summary: "a name that looks like a special value",
        what: prose!(
            "A stream map has the name of a special value without its second `%`: `%init_peer_id`,
`%last_error`, `%timestamp` or `%ttl`."
        ),
        why: "Without the second `%` it is an ordinary stream map.",
        example: r#"(new %last_error
 (seq
  (ap ("key" 1) %last_error)
  (fold %last_error entry (par (call %init_peer_id% ("service" "function") [entry]) (next entry)))))"#,
        fix: "Add the second `%` if the special value is meant; otherwise use another name.",
        fixed: r#"(new %errors
 (seq
  (ap ("key" 1) %errors)
  (fold %errors entry (par (call %init_peer_id% ("service" "function") [entry]) (next entry)))))"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::MisspeltSpecial,
    looks: &[Looks::Variable(|_| true, look)],
    fix: Fixing::None("A special value cannot stand where a stream map can."),
};

fn look(context: &Context<'_>, id: BindingId, binding: &Binding, report: &mut Report<'_>) {
    if !context.begins(binding, b'%') {
        return;
    }
    let name = context.name(binding);
    if !matches!(name, "%init_peer_id" | "%last_error" | "%timestamp" | "%ttl") {
        return;
    }
    let Some(first) = context.resolution.occurrences_of(id).next() else { return };
    let message = format!("`{name}` is a stream map; the special value is `{name}%`");
    report.add(Code::MisspeltSpecial, first.range, message);
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::MisspeltSpecial, text, expected);
    }

    #[test]
    fn once_for_a_name() {
        check(
            r#"(seq (ap ("k" 1) %ttl) (canon "p" %ttl #%ttl))"#,
            expect![[r#"
            | (seq (ap ("k" 1) %ttl) (canon "p" %ttl #%ttl))
            |                  ^^^^ L027 `%ttl` is a stream map; the special value is `%ttl%`
        "#]],
        );
    }

    #[test]
    fn other_names_and_the_values_themselves() {
        check(
            r#"(seq (ap ("k" %ttl%) %ttls) (canon %init_peer_id% %ttls #%ttl))"#,
            expect![[r#"
            nothing
        "#]],
        );
    }
}
