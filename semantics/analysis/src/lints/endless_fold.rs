//! Folds over a stream that feed it without end.

use air_semantics::hir::{Instr, InstrId, InstrKind, OperandKind, Role};
use air_semantics::resolve::{Access, Occurrence};

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report};

pub(crate) static ENTRY: Entry = entry(
    "L023",
    "endless-fold",
    Severity::Warning,
    Page {
        summary: "a fold puts a value into its own stream each time",
        what: prose!(
            "The body of a `fold` over a stream puts a value into that stream with `ap`, without a
condition and after nothing that could wait or fail. The same holds for a `call` that writes to the stream."
        ),
        why: prose!(
            "The fold walks each new value in turn. The script ends with error 20013 when the stream
has 1024 values, unless a call fails first."
        ),
        example: "(seq
 (ap 1 $numbers)
 (fold $numbers number
  (seq
   (ap number $numbers)
   (next number))))",
        fix: "Put the value into another stream, or do it only inside a `match`.",
        fixed: r#"(seq
 (ap 1 $numbers)
 (new $others
  (seq
   (fold $numbers number
    (seq
     (ap number $others)
     (next number))
    (null))
   (seq
    (canon %init_peer_id% $others #others)
    (call %init_peer_id% ("service" "function") [#others])))))"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::EndlessFold,
    looks: &[Looks::Instr(&[InstrKind::Fold], look)],
    fix: Fixing::None("Only the author knows what should end the recursion."),
};

fn look(context: &Context<'_>, id: InstrId, fold: &Instr, report: &mut Report<'_>) {
    let Some(iterable) = context.operand(fold, Role::Iterable) else { return };
    if !matches!(iterable.kind, OperandKind::Stream(_) | OperandKind::StreamMap(_)) {
        return;
    }
    let Some((binding, variable)) = context.variable(iterable) else { return };
    if variable.writes == 0 {
        return;
    }
    let Some(body) = context.child(fold, 0).and_then(|body| context.instr(body)) else { return };
    for write in context.resolution.occurrences_within(binding, body.range) {
        if !context.burn() {
            return;
        }
        if write.access == Access::Write && always_runs(context, id, write) {
            let name = context.name(variable);
            let call = context.instr(write.instr).is_some_and(|instr| instr.kind == InstrKind::Call);
            let why = if call {
                "does not end until a `call` fails: each answer starts another round, up to error 20013 at 1024 values"
            } else {
                "never ends: each round adds a value, up to error 20013 at 1024 values"
            };
            report
                .add(Code::EndlessFold, write.range, format!("`fold` over `{name}` {why}"))
                .related(iterable.range, format!("this `fold` walks `{name}`, new values included"));
        }
    }
}

/// Whether an `ap` or a `call` runs in each round, whatever happens.
fn always_runs(context: &Context<'_>, fold: InstrId, write: &Occurrence) -> bool {
    let outcomes = context.control_flow.outcomes(write.instr);
    let runs = match context.instr(write.instr).map(|instr| instr.kind) {
        Some(InstrKind::Ap) => outcomes.completes() && !outcomes.fails(),
        kind => kind == Some(InstrKind::Call),
    };
    if !runs {
        return false;
    }
    for (id, around) in context.around(write.instr) {
        if id == fold {
            return true;
        }
        match around.kind {
            InstrKind::New | InstrKind::Par => {}
            InstrKind::Seq => {
                let Some(first) = context.child(around, 0) else { return false };
                let is_first =
                    context.instr(first).is_some_and(|first| first.range.contains_range(write.range));
                let outcomes = context.control_flow.outcomes(first);
                if !is_first && (outcomes.fails() || outcomes.waits()) {
                    return false;
                }
            }
            _ => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::EndlessFold, text, expected);
    }

    #[test]
    fn each_time() {
        check(
            r#"(seq (ap 1 $s) (fold $s i (par (call "p" ("s" "f") [i]) (seq (ap i $s) (next i)))))"#,
            expect![[r#"
                | (seq (ap 1 $s) (fold $s i (par (call "p" ("s" "f") [i]) (seq (ap i $s) (next i)))))
                |                                                                    ^^ L023 `fold` over `$s` never ends: each round adds a value, up to error 20013 at 1024 values
                | (seq (ap 1 $s) (fold $s i (par (call "p" ("s" "f") [i]) (seq (ap i $s) (next i)))))
                |                      -- this `fold` walks `$s`, new values included
            "#]],
        );
    }

    #[test]
    fn under_a_condition_or_behind_a_call() {
        check(
            r#"(seq (ap 1 $s) (fold $s i (seq (xor (match i 1 (ap 2 $s)) (null)) (next i))))"#,
            expect![[r#"
                nothing
            "#]],
        );
        check(
            r#"(seq (ap 1 $s) (fold $s i (seq (seq (call "p" ("s" "f") [i] x) (ap x $s)) (next i))))"#,
            expect![[r#"
                nothing
            "#]],
        );
    }

    #[test]
    fn a_call_that_answers_into_its_own_stream() {
        check(
            r#"(seq (ap 1 $s) (fold $s i (seq (call "p" ("s" "f") [i] $s) (next i))))"#,
            expect![[r#"
                | (seq (ap 1 $s) (fold $s i (seq (call "p" ("s" "f") [i] $s) (next i))))
                |                                                        ^^ L023 `fold` over `$s` does not end until a `call` fails: each answer starts another round, up to error 20013 at 1024 values
                | (seq (ap 1 $s) (fold $s i (seq (call "p" ("s" "f") [i] $s) (next i))))
                |                      -- this `fold` walks `$s`, new values included
            "#]],
        );
        check(
            r#"(seq (ap 1 $s) (fold $s i (seq (xor (mismatch i 9 (call "p" ("s" "f") [i] $s)) (null)) (next i))))"#,
            expect![[r#"
                nothing
            "#]],
        );
    }

    #[test]
    fn another_stream_of_that_name() {
        check(
            r#"(seq (ap 1 $s) (fold $s i (seq (new $s (ap i $s)) (next i))))"#,
            expect![[r#"
            nothing
        "#]],
        );
    }
}
