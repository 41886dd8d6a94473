//! Streams and stream maps that nothing reads.

use air_semantics::resolve::{Access, Binding, BindingId};

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report, is_compilers, is_stream};

pub(crate) static ENTRY: Entry = entry(
    "L005",
    "unused-stream",
    Severity::Hint,
    Page {
        summary: "a stream is written and never read",
        what: prose!(
            "Values are put into a stream or stream map, and no `canon` or `fold` takes them out.
Left alone are names that begin with `_` and names that the Aqua compiler makes for purposes of its own, such as
`$option-inline`."
        ),
        why: "The values travel in the particle's data for nothing, or a `canon` or `fold` is missing.",
        example: r#"(call %init_peer_id% ("service" "function") [] $results)"#,
        fix: "Read the stream with `canon` or `fold`, or remove the output.",
        fixed: r#"(call %init_peer_id% ("service" "function") [])"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::UnusedStream,
    looks: &[Looks::Variable(|of| !of.read && of.writes > 0, look)],
    fix: Fixing::Offered,
};

fn look(context: &Context<'_>, id: BindingId, binding: &Binding, report: &mut Report<'_>) {
    let name = context.name(binding);
    if !is_stream(name) || name.get(1..).is_some_and(|name| name.starts_with('_')) || is_compilers(name) {
        return;
    }
    let Some(first) = context.places(id, Access::Write).next() else { return };
    let finding = report.add(
        Code::UnusedStream,
        first.range,
        format!("`{name}` is written and never read: no `canon` or `fold` takes its values out"),
    );
    if binding.writes == 1 {
        finding.offer(context.remove_write_title(first), context.remove_write(first));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::UnusedStream, text, expected);
    }

    #[test]
    fn streams_and_maps() {
        check(
            r#"(seq (call "p" ("s" "f") [] $s) (seq (ap ("k" 1) %m) (ap ("k" 2) %m)))"#,
            expect![[r#"
                | (seq (call "p" ("s" "f") [] $s) (seq (ap ("k" 1) %m) (ap ("k" 2) %m)))
                |                             ^^ L005 `$s` is written and never read: no `canon` or `fold` takes its values out
                fix: remove the output `$s`: "(seq (call \"p\" (\"s\" \"f\") []) (seq (ap (\"k\" 1) %m) (ap (\"k\" 2) %m)))"
                | (seq (call "p" ("s" "f") [] $s) (seq (ap ("k" 1) %m) (ap ("k" 2) %m)))
                |                                                  ^^ L005 `%m` is written and never read: no `canon` or `fold` takes its values out
            "#]],
        );
    }

    #[test]
    fn inside_of_new() {
        check(
            r#"(seq (new $s (ap 1 $s)) (canon "p" $s #s))"#,
            expect![[r#"
            | (seq (new $s (ap 1 $s)) (canon "p" $s #s))
            |                    ^^ L005 `$s` is written and never read: no `canon` or `fold` takes its values out
            fix: remove this `ap`: "(seq (new $s (null)) (canon \"p\" $s #s))"
        "#]],
        );
    }

    #[test]
    fn pushed_to_one_and_read_from_another() {
        check(
            r#"(seq (call "p" ("s" "f") [] $status-0) (seq (ap 1 $my-log) (seq (canon "p" $status #status) (ap #status x))))"#,
            expect![[r#"
                | (seq (call "p" ("s" "f") [] $status-0) (seq (ap 1 $my-log) (seq (canon "p" $status #status) (ap #status x))))
                |                             ^^^^^^^^^ L005 `$status-0` is written and never read: no `canon` or `fold` takes its values out
                fix: remove the output `$status-0`: "(seq (call \"p\" (\"s\" \"f\") []) (seq (ap 1 $my-log) (seq (canon \"p\" $status #status) (ap #status x))))"
                | (seq (call "p" ("s" "f") [] $status-0) (seq (ap 1 $my-log) (seq (canon "p" $status #status) (ap #status x))))
                |                                                   ^^^^^^^ L005 `$my-log` is written and never read: no `canon` or `fold` takes its values out
                fix: remove this `ap`: "(seq (call \"p\" (\"s\" \"f\") [] $status-0) (seq (canon \"p\" $status #status) (ap #status x)))"
            "#]],
        );
    }

    #[test]
    fn read_or_meant() {
        check(
            r#"(seq (ap 1 $s) (seq (fold $s i (next i)) (ap 1 $_log)))"#,
            expect![[r#"
                nothing
            "#]],
        );
    }
}
