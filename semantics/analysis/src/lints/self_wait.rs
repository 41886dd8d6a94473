//! Instructions that wait for what only runs after them.

use air_semantics::hir::{Instr, InstrId, InstrKind, Role};
use air_semantics::resolve::{Access, Binding, BindingId, Occurrence};
use air_syntax::TextRange;

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report};

pub(crate) static ENTRY: Entry = entry(
    "L038",
    "self-wait",
    Severity::Warning,
    Page {
        summary: "an instruction waits for what only comes after it",
        what: prose!(
            "A `fold` over a stream, or another instruction that waits for a variable, stands in a
`seq` before every instruction that writes to that variable."
        ),
        why: "It waits for a first value, which can come only after it has completed.",
        example: r#"(new $list
 (seq
  (fold $list item
   (par
    (call %init_peer_id% ("service" "function") [item])
    (next item)))
  (call %init_peer_id% ("service" "list") [] $list)))"#,
        fix: "Write first and then read, or run both with `par`.",
        fixed: r#"(new $list
 (seq
  (call %init_peer_id% ("service" "list") [] $list)
  (fold $list item
   (par
    (call %init_peer_id% ("service" "function") [item])
    (next item)))))"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::SelfWait,
    looks: &[Looks::Variable(|of| of.read && of.writes > 0, look)],
    fix: Fixing::None("Only the author knows which of the two should come first."),
};

fn look(context: &Context<'_>, id: BindingId, binding: &Binding, report: &mut Report<'_>) {
    let Some(wait) = early_wait(context, id, binding) else { return };
    let continuation = Continuation::new(context, wait.instr);
    let mut writes = context.places(id, Access::Write);
    if !writes.all(|write| continuation.holds(write.range)) || !context.has_fuel() {
        return;
    }
    let Some(write) = context.places(id, Access::Write).next() else { return };
    let name = context.name(binding);
    report
        .add(
            Code::SelfWait,
            wait.range,
            format!("`{name}` never comes: only what runs after this wait for it writes to it"),
        )
        .related(write.range, format!("`{name}` is written here"));
}

/// The first place of a variable, if it is read there before it is written, in a way that waits.
pub(super) fn early_wait<'a>(
    context: &Context<'a>,
    id: BindingId,
    binding: &Binding,
) -> Option<&'a Occurrence> {
    if context.is_given(binding) {
        return None;
    }
    let mut places = context.resolution.occurrences_of(id).filter(|place| place.access != Access::Declare);
    let first = places.next().filter(|place| place.access == Access::Read)?;
    waits(context, first).then_some(first)
}

/// Whether an instruction waits for a variable that it reads at that place.
pub(super) fn waits(context: &Context<'_>, read: &Occurrence) -> bool {
    let Some(operand) = context.hir.operands.get(read.operand.0 as usize) else { return false };
    let canon = context.instr(read.instr).is_some_and(|instr| instr.kind == InstrKind::Canon);
    // `fail` fails, `canon` takes what is there, `next` has its fold, and what `new` has cleared is an error.
    let cleared = context.resolution.binding(read.binding).is_some_and(|binding| {
        matches!(binding.kind, air_semantics::resolve::BindingKind::New(_))
            && !crate::lint::is_stream(context.name(binding))
    });
    !cleared
        && operand.role != Role::Failure
        && operand.role != Role::Iterator
        && !(canon && operand.role == Role::Source)
}

/// What runs only when an instruction has got what it waits for.
pub(super) struct Continuation {
    ranges: Vec<TextRange>,
    /// The innermost `par` around, and the branch it is in.
    pub(super) par: Option<(InstrId, InstrId)>,
}

impl Continuation {
    pub(super) fn new(context: &Context<'_>, instr: InstrId) -> Continuation {
        let mut continuation = Continuation { ranges: Vec::new(), par: None };
        let inside = |instr: &Instr| {
            context.hir.children_of(instr).iter().filter_map(|child| Some(context.instr(*child)?.range))
        };
        if let Some(instr) = context.instr(instr) {
            continuation.ranges.extend(inside(instr));
        }
        let mut from = instr;
        for (id, around) in context.around(instr) {
            match around.kind {
                InstrKind::Seq if context.child(around, 0) == Some(from) => {
                    continuation.ranges.extend(
                        context
                            .child(around, 1)
                            .and_then(|second| context.instr(second))
                            .map(|second| second.range),
                    );
                }
                InstrKind::Seq | InstrKind::New | InstrKind::Match | InstrKind::Mismatch => {}
                InstrKind::Par => {
                    continuation.par = Some((id, from));
                    break;
                }
                // After a fold or a handler there are other ways.
                _ => break,
            }
            from = id;
        }
        continuation
    }

    pub(super) fn holds(&self, range: TextRange) -> bool {
        self.ranges.iter().any(|continuation| continuation.contains_range(range))
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::SelfWait, text, expected);
    }

    #[test]
    fn behind_and_inside() {
        check(
            "(new $s (seq (seq (fold $s i (next i)) (null)) (ap 1 $s)))",
            expect![[r#"
            | (new $s (seq (seq (fold $s i (next i)) (null)) (ap 1 $s)))
            |                         ^^ L038 `$s` never comes: only what runs after this wait for it writes to it
            | (new $s (seq (seq (fold $s i (next i)) (null)) (ap 1 $s)))
            |                                                      -- `$s` is written here
        "#]],
        );
        check(
            "(new $s (fold $s i (seq (ap 1 $s) (next i))))",
            expect![[r#"
            | (new $s (fold $s i (seq (ap 1 $s) (next i))))
            |               ^^ L038 `$s` never comes: only what runs after this wait for it writes to it
            | (new $s (fold $s i (seq (ap 1 $s) (next i))))
            |                               -- `$s` is written here
        "#]],
        );
    }

    #[test]
    fn a_peer_that_comes_later() {
        check(
            r#"(seq (canon peer $s #s) (call "p" ("s" "f") [] peer))"#,
            expect![[r#"
                | (seq (canon peer $s #s) (call "p" ("s" "f") [] peer))
                |             ^^^^ L038 `peer` never comes: only what runs after this wait for it writes to it
                | (seq (canon peer $s #s) (call "p" ("s" "f") [] peer))
                |                                                ---- `peer` is written here
            "#]],
        );
    }

    #[test]
    fn beside_or_elsewhere() {
        check(
            "(new $s (par (fold $s i (next i)) (ap 1 $s)))",
            expect![[r#"
                nothing
            "#]],
        );
        check(
            r#"(new $s (seq (canon "p" $s #s) (seq (ap 1 $s) (ap #s $t))))"#,
            expect![[r#"
            nothing
        "#]],
        );
    }
}
