//! Scalars and canonicalised streams that nothing reads.

use air_semantics::hir::{InstrKind, Role};
use air_semantics::resolve::{Access, Binding, BindingId, Occurrence};

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report, is_compilers, is_stream, without_numbers};

pub(crate) static ENTRY: Entry = entry(
    "L004",
    "unused-variable",
    Severity::Hint,
    Page {
        summary: "a variable is set and never read",
        what: prose!(
            "A `call`, `ap` or `canon` sets a scalar or canonicalised stream that nothing reads.
Left alone are names that begin with `_`, names that the Aqua compiler makes for purposes of its own (such as
`-relay-` and `ret-0`), and parameters that the host supplies."
        ),
        why: "The value travels in the particle's data for nothing, or something else should have read it.",
        example: r#"(call %init_peer_id% ("service" "function") [] result)"#,
        fix: "Remove the output, read it, or begin its name with `_`.",
        fixed: r#"(call %init_peer_id% ("service" "function") [])"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::UnusedVariable,
    looks: &[Looks::Variable(|of| !of.read && of.writes > 0, look)],
    fix: Fixing::Offered,
};

fn look(context: &Context<'_>, id: BindingId, binding: &Binding, report: &mut Report<'_>) {
    let name = context.name(binding);
    let plain = name.trim_start_matches(['#', '$', '%']);
    if is_stream(name) || plain.starts_with('_') || is_compilers(name) || left_by_compiler(context, id, plain)
    {
        return;
    }
    let mut writes = context.places(id, Access::Write);
    let Some(first) = writes.next() else { return };
    if moves(context, first) {
        return;
    }
    let mut finding =
        report.add(Code::UnusedVariable, first.range, ["`", name, "` is set and never read"].concat());
    let mut only = true;
    for write in writes {
        only = false;
        finding = finding.related(write.range, format!("`{name}` is also set here"));
    }
    if only {
        finding.offer(context.remove_write_title(first), context.remove_write(first));
    }
}

/// What compiled code has and no author wrote: parameters, the value of a call used as a statement, what a
/// `join` or an unused property leaves.
fn left_by_compiler(context: &Context<'_>, id: BindingId, name: &str) -> bool {
    let renamed = name;
    let name = without_numbers(name);
    // Inlining a function of the source renames its variables and copies properties, also those it does not need there.
    if (renamed != name || name.ends_with("_flat")) && context.is_compiled() {
        return true;
    }
    if name == "ret" || name == "literal_props" || name.ends_with("_gate") || name.ends_with("_idx") {
        return true;
    }
    context.places(id, Access::Write).all(|write| {
        context
            .instr(write.instr)
            .and_then(|instr| context.operand(instr, Role::Service))
            .is_some_and(|service| context.hir.literal(service) == "getDataSrv")
    })
}

/// Whether it is the `canon` of a stream that nothing writes to: a way to a peer, not a value.
fn moves(context: &Context<'_>, write: &Occurrence) -> bool {
    context
        .instr(write.instr)
        .filter(|instr| instr.kind == InstrKind::Canon)
        .and_then(|instr| context.operand(instr, Role::Source))
        .and_then(|source| context.variable(source))
        .is_some_and(|(_, source)| source.writes == 0)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::UnusedVariable, text, expected);
    }

    #[test]
    fn outputs_and_targets() {
        check(
            r#"(seq (call "p" ("s" "f") []  out) (seq (ap 1 x) (seq (ap 2 $s) (canon "p" $s #s))))"#,
            expect![[r#"
                | (seq (call "p" ("s" "f") []  out) (seq (ap 1 x) (seq (ap 2 $s) (canon "p" $s #s))))
                |                              ^^^ L004 `out` is set and never read
                fix: remove the output `out`: "(seq (call \"p\" (\"s\" \"f\") []) (seq (ap 1 x) (seq (ap 2 $s) (canon \"p\" $s #s))))"
                | (seq (call "p" ("s" "f") []  out) (seq (ap 1 x) (seq (ap 2 $s) (canon "p" $s #s))))
                |                                              ^ L004 `x` is set and never read
                fix: remove this `ap`: "(seq (call \"p\" (\"s\" \"f\") []  out) (seq (ap 2 $s) (canon \"p\" $s #s)))"
                | (seq (call "p" ("s" "f") []  out) (seq (ap 1 x) (seq (ap 2 $s) (canon "p" $s #s))))
                |                                                                              ^^ L004 `#s` is set and never read
                fix: remove this `canon`: "(seq (call \"p\" (\"s\" \"f\") []  out) (seq (ap 1 x) (ap 2 $s)))"
            "#]],
        );
    }

    #[test]
    fn one_of_a_new() {
        check(
            "(seq (new x (ap 1 x)) (seq (ap 2 x) (ap x $s)))",
            expect![[r#"
            | (seq (new x (ap 1 x)) (seq (ap 2 x) (ap x $s)))
            |                   ^ L004 `x` is set and never read
            fix: remove this `ap`: "(seq (new x (null)) (seq (ap 2 x) (ap x $s)))"
        "#]],
        );
    }

    #[test]
    fn names_with_a_hyphen() {
        check(
            r#"(seq (call "p" ("s" "f") [] my-value) (seq (ap 1 my-value-0) (canon "p" $s #all-results)))"#,
            expect![[r#"
                | (seq (call "p" ("s" "f") [] my-value) (seq (ap 1 my-value-0) (canon "p" $s #all-results)))
                |                             ^^^^^^^^ L004 `my-value` is set and never read
                fix: remove the output `my-value`: "(seq (call \"p\" (\"s\" \"f\") []) (seq (ap 1 my-value-0) (canon \"p\" $s #all-results)))"
                | (seq (call "p" ("s" "f") [] my-value) (seq (ap 1 my-value-0) (canon "p" $s #all-results)))
                |                                                  ^^^^^^^^^^ L004 `my-value-0` is set and never read
                fix: remove this `ap`: "(seq (call \"p\" (\"s\" \"f\") [] my-value) (canon \"p\" $s #all-results))"
            "#]],
        );
    }

    #[test]
    fn what_inlining_leaves_in_compiled_scripts() {
        check(
            r#"(seq (call %init_peer_id% ("getDataSrv" "-relay-") [] -relay-)
 (seq (call -relay- ("op" "identity") [1] sum-0) (seq (ap sum-0.$.a sum-0_flat) (ap 1 my-sum))))"#,
            expect![[r#"
                |  (seq (call -relay- ("op" "identity") [1] sum-0) (seq (ap sum-0.$.a sum-0_flat) (ap 1 my-sum))))
                |                                                                                       ^^^^^^ L004 `my-sum` is set and never read
                fix: remove this `ap`: "(seq (call %init_peer_id% (\"getDataSrv\" \"-relay-\") [] -relay-)\n (seq (call -relay- (\"op\" \"identity\") [1] sum-0) (ap sum-0.$.a sum-0_flat)))"
            "#]],
        );
    }

    #[test]
    fn read_meant_or_not_of_the_author() {
        check(
            r#"(seq (call %init_peer_id% ("getDataSrv" "a") [] a)
 (seq (ap 1 _x) (seq (ap 2 -y-arg-) (seq (canon "p" $h #h) (seq (ap 3 z) (ap z.$.a _))))))"#,
            expect![[r#"
                nothing
            "#]],
        );
    }
}
