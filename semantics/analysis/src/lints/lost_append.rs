//! Writes to a stream while a `new` of its name is open elsewhere in the text.

use air_semantics::hir::{Instr, InstrId, InstrKind, Role};
use air_semantics::resolve::{Access, BindingKind};
use air_syntax::TextRange;

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report};

pub(crate) static ENTRY: Entry = entry(
    "L043",
    "lost-append",
    Severity::Warning,
    Page {
        summary: "a stream may be written first while a `new` of its name is open",
        what: prose!(
            "A `next` inside of a `new` of a stream runs the body of a fold again, and there the stream
of that name outside of the `new` is written."
        ),
        why: prose!(
            "AquaVM looks streams up by where they are written, but counts open scopes. If nothing was
written before, the values get lost and a later invocation crashes: error 29008 here."
        ),
        example: r#"(seq
 (call %init_peer_id% ("service" "list") [] list)
 (seq
  (fold list item
   (seq
    (xor
     (match item 2
      (ap item $found)
     )
     (null)
    )
    (new $found
     (seq
      (call %init_peer_id% ("service" "parts") [item] $found)
      (seq
       (canon %init_peer_id% $found #parts)
       (seq
        (call %init_peer_id% ("service" "use") [#parts])
        (next item)
       )
      )
     )
    )
   )
  )
  (seq
   (canon %init_peer_id% $found #found)
   (call %init_peer_id% ("service" "done") [#found])
  )
 )
)"#,
        fix: "Give the inner stream another name, or end its `new` before the `next`.",
        fixed: r#"(seq
 (call %init_peer_id% ("service" "list") [] list)
 (seq
  (fold list item
   (seq
    (xor
     (match item 2
      (ap item $found)
     )
     (null)
    )
    (new $own
     (seq
      (call %init_peer_id% ("service" "parts") [item] $own)
      (seq
       (canon %init_peer_id% $own #parts)
       (seq
        (call %init_peer_id% ("service" "use") [#parts])
        (next item)
       )
      )
     )
    )
   )
  )
  (seq
   (canon %init_peer_id% $found #found)
   (call %init_peer_id% ("service" "done") [#found])
  )
 )
)"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::LostAppend,
    looks: &[Looks::Instr(&[InstrKind::New], look)],
    fix: Fixing::None("A rename would have to be of all places of one of the two streams."),
};

fn look(context: &Context<'_>, new: InstrId, instr: &Instr, report: &mut Report<'_>) {
    let Some(declared) = context.operand(instr, Role::Declared) else { return };
    let Some((id, binding)) = context.variable(declared) else { return };
    if !context.begins(binding, b'$') {
        return;
    }
    let of_name = context.of_name(binding.name);
    if of_name.script.is_none() && of_name.scoped == Some(id) && !of_name.more {
        return;
    }
    let name = context.name(binding);
    for (fold, around) in context.around(new).filter(|(_, around)| around.kind == InstrKind::Fold) {
        if !context.burn() {
            return;
        }
        let Some(next) = next_inside(context, fold, around, instr.range) else { continue };
        // The other variables of this name that are written in the body of the fold.
        let written = context.resolution.within(around.range).iter().find(|place| {
            let other = context.resolution.binding(place.binding);
            place.access == Access::Write
                && place.binding != id
                && !instr.range.contains_range(place.range)
                && other.is_some_and(|other| {
                    context.name(other) == name
                        && !declared_inside(context, other.kind, around.range)
                })
        });
        let Some(written) = written else { continue };
        // What surely was written before has its scope.
        if context.places(written.binding, Access::Write).any(|place| {
            place.range.start() < instr.range.start() && is_sure(context, place.instr, fold)
        }) {
            continue;
        }
        report
            .add(
                Code::LostAppend,
                written.range,
                format!("`{name}` may be written first while a `new {name}` is open, in which AquaVM loses it"),
            )
            .related(declared.range, "this `new` is open then")
            .related(next, "the body of the `fold` runs again from here");
        return;
    }
}

fn next_inside(context: &Context<'_>, fold: InstrId, instr: &Instr, inside: TextRange) -> Option<TextRange> {
    let iterator = context.operand(instr, Role::Iterator)?;
    let (id, _) = context.variable(iterator)?;
    let _ = fold;
    context
        .places(id, Access::Read)
        .filter(|place| inside.contains_range(place.range))
        .find(|place| context.instr(place.instr).is_some_and(|it| it.kind == InstrKind::Next))
        .map(|place| place.range)
}

fn declared_inside(context: &Context<'_>, kind: BindingKind, range: TextRange) -> bool {
    let BindingKind::New(new) = kind else { return false };
    context.instr(new).is_some_and(|new| range.contains_range(new.range))
}

/// Whether an instruction surely runs whenever the body of the fold does, or before it.
fn is_sure(context: &Context<'_>, instr: InstrId, fold: InstrId) -> bool {
    for (id, around) in context.around(instr) {
        match around.kind {
            _ if id == fold => return true,
            InstrKind::Seq | InstrKind::New => {}
            _ => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::LostAppend, text, expected);
    }

    #[test]
    fn before_and_after_it() {
        check(
            r#"(seq (call "@a" ("s" "f") [] l) (fold l i (seq (xor (match i 2 (ap i $s)) (null)) (new $s (seq (ap 0 $s) (next i))))))"#,
            expect![[r#"
                | (seq (call "@a" ("s" "f") [] l) (fold l i (seq (xor (match i 2 (ap i $s)) (null)) (new $s (seq (ap 0 $s) (next i))))))
                |                                                                      ^^ L043 `$s` may be written first while a `new $s` is open, in which AquaVM loses it
                | (seq (call "@a" ("s" "f") [] l) (fold l i (seq (xor (match i 2 (ap i $s)) (null)) (new $s (seq (ap 0 $s) (next i))))))
                |                                                                                        -- this `new` is open then
                | (seq (call "@a" ("s" "f") [] l) (fold l i (seq (xor (match i 2 (ap i $s)) (null)) (new $s (seq (ap 0 $s) (next i))))))
                |                                                                                                                - the body of the `fold` runs again from here
            "#]],
        );
        check(
            r#"(seq (call "@a" ("s" "f") [] l) (fold l i (seq (new $s (seq (ap 0 $s) (next i))) (ap i $s))))"#,
            expect![[r#"
                | (seq (call "@a" ("s" "f") [] l) (fold l i (seq (new $s (seq (ap 0 $s) (next i))) (ap i $s))))
                |                                                                                        ^^ L043 `$s` may be written first while a `new $s` is open, in which AquaVM loses it
                | (seq (call "@a" ("s" "f") [] l) (fold l i (seq (new $s (seq (ap 0 $s) (next i))) (ap i $s))))
                |                                                     -- this `new` is open then
                | (seq (call "@a" ("s" "f") [] l) (fold l i (seq (new $s (seq (ap 0 $s) (next i))) (ap i $s))))
                |                                                                             - the body of the `fold` runs again from here
            "#]],
        );
    }

    #[test]
    fn elsewhere_or_before() {
        for text in [
            r#"(seq (call "@a" ("s" "f") [] l) (seq (ap 1 $s) (fold l i (seq (xor (match i 2 (ap i $s)) (null)) (new $s (next i))))))"#,
            r#"(seq (call "@a" ("s" "f") [] l) (fold l i (seq (ap i $s) (new $s (next i)))))"#,
            r#"(seq (call "@a" ("s" "f") [] l) (fold l i (new $s (seq (ap i $s) (next i)))))"#,
            r#"(seq (call "@a" ("s" "f") [] l) (fold l i (seq (xor (match i 2 (ap i $t)) (null)) (new $s (seq (ap 0 $s) (next i))))))"#,
            r#"(seq (call "@a" ("s" "f") [] l) (fold l i (seq (seq (xor (match i 2 (ap i $s)) (null)) (new $s (ap 0 $s))) (next i))))"#,
        ] {
            check(text, expect![[r#"
                nothing
            "#]]);
        }
    }
}
