//! Calls without output beside a stream that waits for one.

use air_semantics::hir::{InstrId, InstrKind, Role};
use air_semantics::resolve::{Access, Binding, BindingId};
use air_syntax::TextRange;

use super::unwritten_stream::is_hop;
use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Maker, Report, replace};

pub(crate) static ENTRY: Entry = entry(
    "L020",
    "discarded-result",
    Severity::Info,
    Page {
        summary: "the result of a call is dropped while a stream stays empty",
        what: prose!(
            "A `canon` or `fold` reads a stream that `new` declares and nothing writes to, and the
only call before that inside the `new` drops its result."
        ),
        why: "The result was most likely meant for the stream.",
        example: r#"(new $results
 (seq
  (call %init_peer_id% ("service" "list") [])
  (seq
   (canon %init_peer_id% $results #results)
   (call %init_peer_id% ("service" "function") [#results]))))"#,
        fix: "Write the result of the call to the stream.",
        fixed: r#"(new $results
 (seq
  (call %init_peer_id% ("service" "list") [] $results)
  (seq
   (canon %init_peer_id% $results #results)
   (call %init_peer_id% ("service" "function") [#results]))))"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::DiscardedResult,
    looks: &[Looks::Variable(|of| of.made_by == Maker::New && of.read && of.writes == 0, look)],
    fix: Fixing::Offered,
};

/// Services whose results are not worth keeping.
const SERVICES_WITHOUT_RESULT: [&str; 5] =
    ["op", "run-console", "callbackSrv", "errorHandlingSrv", "returnService"];

fn look(context: &Context<'_>, id: BindingId, binding: &Binding, report: &mut Report<'_>) {
    let name = context.name(binding);
    if !name.starts_with('$') {
        return;
    }
    let Some(read) = context.places(id, Access::Read).find(|read| !is_hop(context, read)) else { return };
    let mut calls = Vec::new();
    // What closes before the read, back to where the scope begins.
    let mut at = read.instr.0;
    while let Some(before) = at.checked_sub(1)
        && let Some(instr) = context.instr(InstrId(before))
        && instr.range.start() >= binding.scope.start()
        && context.burn()
    {
        at = before;
        if instr.kind == InstrKind::Call && instr.range.end() <= read.range.start() {
            let mute = context
                .operand(instr, Role::Service)
                .is_some_and(|service| SERVICES_WITHOUT_RESULT.contains(&context.hir.literal(service)));
            if context.operand(instr, Role::Output).is_some() || mute {
                continue;
            }
            calls.push(instr);
        }
    }
    let [call] = calls[..] else { return };
    if !context.has_fuel() {
        return;
    }
    let end = call.range.end() - air_syntax::TextSize::new(1);
    report
        .add(
            Code::DiscardedResult,
            call.keyword,
            format!("`call` drops its result, and nothing writes to `{name}`, which is read further down"),
        )
        .related(read.range, format!("`{name}` is read here"))
        .offer(
            format!("write the result to `{name}`"),
            Some(vec![replace(TextRange::empty(end), format!(" {name}"))]),
        );
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::DiscardedResult, text, expected);
    }

    #[test]
    fn one_call_before_the_read() {
        check(
            r#"(new $s (seq (call "p" ("s" "f") []) (seq (canon "p" $s #s) (ap #s $t))))"#,
            expect![[r#"
                | (new $s (seq (call "p" ("s" "f") []) (seq (canon "p" $s #s) (ap #s $t))))
                |               ^^^^ L020 `call` drops its result, and nothing writes to `$s`, which is read further down
                | (new $s (seq (call "p" ("s" "f") []) (seq (canon "p" $s #s) (ap #s $t))))
                |                                                      -- `$s` is read here
                fix: write the result to `$s`: "(new $s (seq (call \"p\" (\"s\" \"f\") [] $s) (seq (canon \"p\" $s #s) (ap #s $t))))"
            "#]],
        );
    }

    #[test]
    fn several_or_mute_or_behind() {
        check(
            r#"(new $s (seq (seq (call "p" ("s" "f") []) (call "p" ("s" "f") [])) (seq (canon "p" $s #s) (ap #s $t))))"#,
            expect![[r#"
                nothing
            "#]],
        );
        check(
            r#"(new $s (seq (call "p" ("op" "noop") []) (seq (canon "p" $s #s) (call "p" ("s" "f") [#s]))))"#,
            expect![[r#"
                nothing
            "#]],
        );
    }
}
