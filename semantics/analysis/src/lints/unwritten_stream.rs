//! Streams that are read and never written.

use air_semantics::hir::{InstrKind, Role};
use air_semantics::resolve::{Access, Binding, BindingId, BindingKind, Occurrence};

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report, is_stream, without_numbers};

pub(crate) static ENTRY: Entry = entry(
    "L006",
    "unwritten-stream",
    Severity::Warning,
    Page {
        summary: "a stream is read and never written",
        what: prose!(
            "A `canon` or `fold` reads a stream or stream map that no `call` or `ap` writes to. Three
idioms are left alone: a `canon` whose result nothing reads, which is the usual hop to another peer, a
`canon` of a stream that `new` declares and nothing writes to, which is the usual empty array, and the
`canon` that the Aqua compiler writes for `nil`."
        ),
        why: "A `canon` of such a stream is always empty, and a `fold` over it waits for ever.",
        example: r#"(seq
 (canon %init_peer_id% $results #results)
 (call %init_peer_id% ("service" "function") [#results]))"#,
        fix: "Write to the stream first, or correct its name.",
        fixed: r#"(seq
 (ap 1 $results)
 (seq
  (canon %init_peer_id% $results #results)
  (call %init_peer_id% ("service" "function") [#results])))"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::UnwrittenStream,
    looks: &[Looks::Variable(|of| of.read && of.writes == 0, look)],
    fix: Fixing::None("Only the author knows what should be written to the stream, and where."),
};

fn look(context: &Context<'_>, id: BindingId, binding: &Binding, report: &mut Report<'_>) {
    let name = context.name(binding);
    if !is_stream(name) || context.is_given(binding) {
        return;
    }
    let empty_array = matches!(binding.kind, BindingKind::New(_));
    let mut reads = context.places(id, Access::Read).filter(|read| {
        let empty = empty_array || is_empty_literal(context, name, read);
        !(is_hop(context, read) || empty && is_canon(context, read))
    });
    let Some(first) = reads.next() else { return };
    let fold = context.instr(first.instr).is_some_and(|instr| instr.kind == InstrKind::Fold);
    let then = if fold { "the `fold` waits for ever" } else { "the `canon` is always empty" };
    let message = format!("`{name}` is never written: {then}");
    let mut finding = report.add(Code::UnwrittenStream, first.range, message);
    for read in reads {
        finding = finding.related(read.range, format!("`{name}` is read here too"));
    }
}

fn is_canon(context: &Context<'_>, read: &Occurrence) -> bool {
    context.instr(read.instr).is_some_and(|instr| instr.kind == InstrKind::Canon)
}

/// Whether it is `nil` or `*[]` of the source, for which the compiler canonicalises a stream that nobody writes to; it
/// derives the name of the result from the stream's.
fn is_empty_literal(context: &Context<'_>, stream: &str, read: &Occurrence) -> bool {
    let target = context.instr(read.instr).and_then(|canon| context.operand(canon, Role::Target));
    let Some(target) = target.filter(|_| context.is_compiled()) else { return false };
    let target = without_numbers(context.text(target.range).trim_start_matches('#'));
    let Some(stream) = stream.strip_prefix('$') else { return false };
    let returned = target.strip_prefix('-').and_then(|target| target.strip_suffix("-fix"));
    let passed = target.strip_suffix("_canon");
    [passed, returned].into_iter().flatten().any(|name| name == stream || name == without_numbers(stream))
}

/// A `canon` whose result nothing reads moves the particle and nothing else.
pub(super) fn is_hop(context: &Context<'_>, read: &Occurrence) -> bool {
    context
        .instr(read.instr)
        .filter(|instr| instr.kind == InstrKind::Canon)
        .and_then(|instr| context.operand(instr, Role::Target))
        .and_then(|target| context.variable(target))
        .is_some_and(|(_, target)| target.reads == 0)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::UnwrittenStream, text, expected);
    }

    #[test]
    fn canon_and_fold() {
        check(
            r#"(seq
 (seq (canon "p" $s #s) (ap #s x))
 (new %m (par (fold %m i (next i)) (fold %m j (next j)))))"#,
            expect![[r#"
                |  (seq (canon "p" $s #s) (ap #s x))
                |                  ^^ L006 `$s` is never written: the `canon` is always empty
                |  (new %m (par (fold %m i (next i)) (fold %m j (next j)))))
                |                     ^^ L006 `%m` is never written: the `fold` waits for ever
                |  (new %m (par (fold %m i (next i)) (fold %m j (next j)))))
                |                                          -- `%m` is read here too
            "#]],
        );
    }

    #[test]
    fn a_hop_is_none() {
        check(
            r#"(new $h (new #h (canon "p" $h #h)))"#,
            expect![[r#"
            nothing
        "#]],
        );
    }

    #[test]
    fn the_host_may_give_it() {
        check(
            "; air: given $s\n(fold $s i (next i))",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
