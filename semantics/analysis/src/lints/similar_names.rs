//! Names that differ by their tag alone.

use air_semantics::resolve::{Binding, BindingId};

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report};

pub(crate) static ENTRY: Entry = entry(
    "L028",
    "similar-names",
    Severity::Warning,
    Page {
        summary: "two canonicalised streams whose names differ by `$` alone",
        what: prose!(
            "A script uses both `#name` and `#$name`. Both are canonicalised streams, and they are
two different variables."
        ),
        why: "They are easily mistaken for one, and readers cannot tell whether both are meant.",
        example: r#"(seq
 (call %init_peer_id% ("service" "list") [] $list)
 (seq
  (canon %init_peer_id% $list #list)
  (seq
   (canon %init_peer_id% $list #$list)
   (call %init_peer_id% ("service" "function") [#list #$list]))))"#,
        fix: "Write both the same way if one variable is meant; otherwise rename one of them.",
        fixed: r#"(seq
 (call %init_peer_id% ("service" "list") [] $list)
 (seq
  (canon %init_peer_id% $list #list)
  (call %init_peer_id% ("service" "function") [#list #list])))"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::SimilarNames,
    looks: &[Looks::Variable(|_| true, look)],
    fix: Fixing::None("Only the author knows whether one or two variables are meant."),
};

fn look(context: &Context<'_>, id: BindingId, binding: &Binding, report: &mut Report<'_>) {
    if !context.begins(binding, b'#') {
        return;
    }
    let Some(plain) = context.name(binding).strip_prefix("#$") else { return };
    let Some(other) = context.canon(&format!("#{plain}")).map(|name| context.of_name(name)) else { return };
    // Once for a name, however many scopes have one.
    let first = context.of_name(binding.name);
    if first.script.or(first.scoped) != Some(id) {
        return;
    }
    let place = |id| context.resolution.occurrences_of(id).next();
    let (Some(here), Some(there)) = (place(id), other.script.or(other.scoped).and_then(place)) else {
        return;
    };
    report
        .add(
            Code::SimilarNames,
            here.range,
            format!("`#${plain}` and `#{plain}` are two different variables"),
        )
        .related(there.range, format!("`#{plain}` is used here"));
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::SimilarNames, text, expected);
    }

    #[test]
    fn both_forms() {
        check(
            r#"(seq (canon "p" $s #ss) (canon "p" $s #$ss))"#,
            expect![[r#"
            | (seq (canon "p" $s #ss) (canon "p" $s #$ss))
            |                                       ^^^^ L028 `#$ss` and `#ss` are two different variables
            | (seq (canon "p" $s #ss) (canon "p" $s #$ss))
            |                    --- `#ss` is used here
        "#]],
        );
    }

    #[test]
    fn once_for_all_scopes() {
        check(
            r#"(seq (canon "p" $s #ss) (par (new #$ss (canon "p" $s #$ss)) (new #$ss (canon "p" $s #$ss))))"#,
            expect![[r#"
                | (seq (canon "p" $s #ss) (par (new #$ss (canon "p" $s #$ss)) (new #$ss (canon "p" $s #$ss))))
                |                                   ^^^^ L028 `#$ss` and `#ss` are two different variables
                | (seq (canon "p" $s #ss) (par (new #$ss (canon "p" $s #$ss)) (new #$ss (canon "p" $s #$ss))))
                |                    --- `#ss` is used here
            "#]],
        );
    }

    #[test]
    fn a_stream_and_its_canon_are_usual() {
        check(
            r#"(seq (ap 1 $s) (seq (canon "p" $s #s) (ap #s s)))"#,
            expect![[r#"
            nothing
        "#]],
        );
    }
}
