//! Keys of one map that become one name when the map is used whole.

use air_semantics::hir::{InstrKind, OperandKind, Role};
use air_semantics::resolve::{Access, Binding, BindingId};
use air_syntax::TextRange;
use rustc_hash::FxHashMap;

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report};

pub(crate) static ENTRY: Entry = entry(
    "L042",
    "mixed-map-keys",
    Severity::Warning,
    Page {
        summary: "an integer and its text are keys of one map that is used whole",
        what: "An integer and the same digits as a string are keys of one map, and a canon of the map is used whole.",
        why: prose!(
            "In the object that the map becomes there they are one name, and AquaVM keeps the values
of one of them by chance. Another run gives another object, and data in which they differ is refused: error 20017."
        ),
        example: r#"(seq
 (seq
  (ap (1 "a") %map)
  (ap ("1" "b") %map))
 (seq
  (canon %init_peer_id% %map #%map)
  (call %init_peer_id% ("service" "function") [#%map])))"#,
        fix: "Write all keys of a map in one way.",
        fixed: r#"(seq
 (seq
  (ap ("1" "a") %map)
  (ap ("1" "b") %map))
 (seq
  (canon %init_peer_id% %map #%map)
  (call %init_peer_id% ("service" "function") [#%map])))"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::MixedMapKeys,
    looks: &[Looks::Variable(|of| of.read && of.writes > 1, look)],
    fix: Fixing::None("Only the author knows which of the two the readers of the map look for."),
};

fn look(context: &Context<'_>, id: BindingId, binding: &Binding, report: &mut Report<'_>) {
    if !context.begins(binding, b'%') {
        return;
    }
    // By name: where it is an integer, and where it is a text.
    let mut keys: FxHashMap<String, [Option<TextRange>; 2]> = FxHashMap::default();
    let mut both = None;
    for write in context.places(id, Access::Write) {
        let Some(ap) = context.instr(write.instr).filter(|it| it.kind == InstrKind::Ap) else { continue };
        let Some(key) = context.operand(ap, Role::Key) else { continue };
        let (name, is_text) = match key.kind {
            OperandKind::Int(number) => (number.to_string(), 0),
            OperandKind::Literal => (context.hir.literal(key).to_owned(), 1),
            _ => continue,
        };
        let places = keys.entry(name.clone()).or_default();
        if let Some(place) = places.get_mut(is_text) {
            place.get_or_insert(key.range);
        }
        if let [Some(number), Some(text)] = *places {
            both = Some((name, number, text));
            break;
        }
        if !context.burn() {
            return;
        }
    }
    let Some((name, number, text)) = both else { return };
    let Some(used) = whole(context, id) else { return };
    let (first, second) = if number.start() < text.start() { (number, text) } else { (text, number) };
    let map = context.name(binding);
    report
        .add(
            Code::MixedMapKeys,
            second,
            format!("`{name}` and `\"{name}\"` are keys of `{map}`, which is used whole: AquaVM keeps one of them by chance"),
        )
        .related(first, "the other one is written here")
        .related(used, "the map is used whole here");
}

/// A place where a canon of the map is used whole.
fn whole(context: &Context<'_>, map: BindingId) -> Option<TextRange> {
    context.places(map, Access::Read).find_map(|read| {
        let canon = context.instr(read.instr).filter(|it| it.kind == InstrKind::Canon)?;
        let target = context.operand(canon, Role::Target)?;
        let (fixed, _) = context.variable(target).filter(|_| matches!(target.kind, OperandKind::CanonMap(_)))?;
        let uses = context.places(fixed, Access::Read).filter(|_| context.burn());
        let is_whole = |operand: &air_semantics::hir::Operand| {
            operand.lens.is_none()
                && matches!(operand.kind, OperandKind::CanonMap(_))
                && operand.role != Role::Iterable
        };
        let mut whole = uses.filter(|it| {
            context.hir.operands.get(it.operand.0 as usize).is_some_and(is_whole)
        });
        whole.next().map(|place| place.range)
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::MixedMapKeys, text, expected);
    }

    #[test]
    fn an_integer_and_its_text() {
        check(
            r#"(seq (ap (1 "a") %m) (seq (ap ("1" "b") %m) (seq (canon "p" %m #%c) (call "p" ("s" "f") [#%c]))))"#,
            expect![[r#"
                | (seq (ap (1 "a") %m) (seq (ap ("1" "b") %m) (seq (canon "p" %m #%c) (call "p" ("s" "f") [#%c]))))
                |                                ^^^ L042 `1` and `"1"` are keys of `%m`, which is used whole: AquaVM keeps one of them by chance
                | (seq (ap (1 "a") %m) (seq (ap ("1" "b") %m) (seq (canon "p" %m #%c) (call "p" ("s" "f") [#%c]))))
                |           - the other one is written here
                | (seq (ap (1 "a") %m) (seq (ap ("1" "b") %m) (seq (canon "p" %m #%c) (call "p" ("s" "f") [#%c]))))
                |                                                                                          --- the map is used whole here
            "#]],
        );
        check(
            r#"(seq (ap ("-7" "a") %m) (seq (ap (-7 "b") %m) (seq (canon "p" %m #%c) (call "p" ("s" "f") [#%c]))))"#,
            expect![[r#"
                | (seq (ap ("-7" "a") %m) (seq (ap (-7 "b") %m) (seq (canon "p" %m #%c) (call "p" ("s" "f") [#%c]))))
                |                                   ^^ L042 `-7` and `"-7"` are keys of `%m`, which is used whole: AquaVM keeps one of them by chance
                | (seq (ap ("-7" "a") %m) (seq (ap (-7 "b") %m) (seq (canon "p" %m #%c) (call "p" ("s" "f") [#%c]))))
                |           ---- the other one is written here
                | (seq (ap ("-7" "a") %m) (seq (ap (-7 "b") %m) (seq (canon "p" %m #%c) (call "p" ("s" "f") [#%c]))))
                |                                                                                            --- the map is used whole here
            "#]],
        );
    }

    #[test]
    fn other_keys_and_other_uses() {
        for text in [
            r#"(seq (ap (1 "a") %m) (seq (ap ("01" "b") %m) (seq (canon "p" %m #%c) (call "p" ("s" "f") [#%c]))))"#,
            r#"(seq (ap (1 "a") %m) (seq (ap (1 "b") %m) (seq (canon "p" %m #%c) (call "p" ("s" "f") [#%c]))))"#,
            r#"(seq (ap (1 "a") %m) (seq (ap ("1" "b") %n) (seq (canon "p" %m #%c) (call "p" ("s" "f") [#%c]))))"#,
            r#"(seq (ap (1 "a") %m) (seq (ap ("1" "b") %m) (seq (canon "p" %m #%c) (call "p" ("s" "f") [#%c.$.1]))))"#,
            r#"(seq (ap (1 "a") %m) (seq (ap ("1" "b") %m) (seq (canon "p" %m #%c) (fold #%c i (seq (call "p" ("s" "f") [i]) (next i))))))"#,
        ] {
            check(text, expect![[r#"
                nothing
            "#]]);
        }
    }
}
