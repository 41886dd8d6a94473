//! Iterators that are set inside of their fold.

use air_semantics::hir::InstrKind;
use air_semantics::resolve::{Access, Binding, BindingId};

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Maker, Report};

pub(crate) static ENTRY: Entry = entry(
    "L010",
    "written-iterator",
    Severity::Warning,
    Page {
        summary: "the iterator of a fold is set inside the fold",
        what: "A `call`, `ap` or `canon` inside a `fold` sets the name of the fold's iterator.",
        why: prose!(
            "AquaVM accepts the script, which fails at run time: a `call` ends it with error 20004;
after an `ap` or `canon` the name means two things, and AquaVM crashes when it is read."
        ),
        example: r#"(seq
 (call %init_peer_id% ("service" "list") [] list)
 (fold list item
  (seq
   (call item ("service" "function") [] item)
   (next item))))"#,
        fix: "Use another name for the result.",
        fixed: r#"(seq
 (call %init_peer_id% ("service" "list") [] list)
 (fold list item
  (seq
   (call item ("service" "function") [])
   (next item))))"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::WrittenIterator,
    looks: &[Looks::Variable(|of| of.made_by == Maker::Fold && of.writes > 0, look)],
    fix: Fixing::None("Only the author knows whether later reads mean the element or the result."),
};

fn look(context: &Context<'_>, id: BindingId, binding: &Binding, report: &mut Report<'_>) {
    let name = context.name(binding);
    let fold = context.places(id, Access::Declare).next();
    for write in context.places(id, Access::Write) {
        let call = context.instr(write.instr).is_some_and(|instr| instr.kind == InstrKind::Call);
        let then = if call {
            "setting it ends the script with error 20004"
        } else {
            "AquaVM crashes when it is then read"
        };
        let message = format!("`{name}` is the iterator of a `fold` around: {then}; take another name");
        let finding = report.add(Code::WrittenIterator, write.range, message);
        if let Some(fold) = fold {
            finding.related(fold.range, format!("`{name}` is the iterator of this `fold`"));
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::WrittenIterator, text, expected);
    }

    #[test]
    fn by_call_and_ap() {
        check(
            r#"(fold [] i (seq (par (call "p" ("s" "f") [] i) (ap 1 i)) (next i)))"#,
            expect![[r#"
                | (fold [] i (seq (par (call "p" ("s" "f") [] i) (ap 1 i)) (next i)))
                |                                             ^ L010 `i` is the iterator of a `fold` around: setting it ends the script with error 20004; take another name
                | (fold [] i (seq (par (call "p" ("s" "f") [] i) (ap 1 i)) (next i)))
                |          - `i` is the iterator of this `fold`
                | (fold [] i (seq (par (call "p" ("s" "f") [] i) (ap 1 i)) (next i)))
                |                                                      ^ L010 `i` is the iterator of a `fold` around: AquaVM crashes when it is then read; take another name
                | (fold [] i (seq (par (call "p" ("s" "f") [] i) (ap 1 i)) (next i)))
                |          - `i` is the iterator of this `fold`
            "#]],
        );
    }

    #[test]
    fn behind_the_fold_it_is_another() {
        check(
            "(seq (fold [] i (next i)) (ap 1 i))",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
