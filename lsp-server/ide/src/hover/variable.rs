//! Variables: kind, what makes them, where they are written and canonised, which peers know them, what their uses demand.

use air_analysis::Analysis;
use air_analysis::codes::Code;
use air_semantics::hir::{Hir, Instr, InstrKind, OperandKind, Role};
use air_semantics::resolve::{Access, BindingId, BindingKind};
use air_semantics::shapes::shapes;

use super::explanation::{line, times};
use super::peer;
use crate::fold_order::fold_order;
use crate::markdown::{code, fence};
use crate::names::definition::canons_of;
use crate::names::known_by::{KnownBy, known_by};

/// More places than this are counted, not listed.
const MAX_PLACES_SHOWN: usize = 5;

/// All that the script says of a variable.
pub(crate) fn variable(analysis: &Analysis, id: BindingId) -> Option<String> {
    let (hir, resolution) = (analysis.hir(), analysis.resolution());
    let binding = resolution.binding(id)?;
    let name = hir.name(binding.name);
    let places = || resolution.occurrences_of(id);
    let first = places().next().and_then(|place| hir.operands.get(place.operand.0 as usize));
    let kind = first.map(|operand| operand.kind).filter(|kind| kind.name() == Some(binding.name));
    let shape = shapes(hir, resolution).of_variable(id);
    let shown = if shape.root().is_any() { name.to_owned() } else { format!("{name}: {shape}") };
    let mut text = format!("{}\n\n{}", fence("air", &shown), kind_text(name, kind, binding.kind));
    match binding.kind {
        BindingKind::New(new) => {
            if let Some(instr) = hir.instr(new) {
                text.push_str(&format!(
                    "; declared by `new` in line {}",
                    line(analysis, instr.range.start())
                ));
            }
        }
        BindingKind::Iterator(fold) => {
            if let Some(instr) = hir.instr(fold) {
                let iterable = hir.operand(instr, Role::Iterable).map_or("", |it| hir.text_at(it.range));
                text.push_str(&format!(
                    " over {} in line {}, {}",
                    code(iterable),
                    line(analysis, instr.range.start()),
                    fold_order(hir, fold).words()
                ));
            }
        }
        BindingKind::Script => {}
    }
    let given = crate::names::definition::declarations_of(analysis, id);
    if let Some(undefined) = undefined(analysis, id, binding.writes == 0 && given.is_empty()) {
        text.push_str(&undefined);
    }
    text.push_str(".\n\n");
    if iterates_over_pairs(hir, binding.kind) {
        text.push_str("- each element is a pair: an object with `key` and `value`\n");
    }
    if binding.kind == BindingKind::Script && !given.is_empty() {
        text.push_str("- supplied by the host\n");
    }
    let writes: Vec<_> = places().filter(|place| place.access == Access::Write).collect();
    for place in writes.iter().take(MAX_PLACES_SHOWN) {
        if let Some(instr) = hir.instr(place.instr) {
            text.push_str(&format!(
                "- written in line {} by {}\n",
                line(analysis, place.range.start()),
                origin(hir, instr)
            ));
        }
    }
    if writes.len() > MAX_PLACES_SHOWN {
        let more = writes.len() - MAX_PLACES_SHOWN;
        let places = if more == 1 { "place" } else { "places" };
        text.push_str(&format!("- written in {more} more {places}\n"));
    }
    for canon in canons_of(analysis, id).take(MAX_PLACES_SHOWN) {
        let Some(instr) = hir.instr(canon) else { continue };
        let operand = |role| hir.operand(instr, role).map_or("?", |operand| hir.text_at(operand.range));
        let line = line(analysis, instr.range.start());
        text.push_str(&format!(
            "- canonised as {} on {} in line {line}\n",
            code(operand(Role::Target)),
            code(operand(Role::Peer))
        ));
    }
    text.push_str(&known_to(&known_by(analysis, id)));
    text.push_str(&format!("- {}\n", times(binding.reads as usize, "read")));
    if shape.root().peer
        && let Some(origin) = peer::origin(analysis, id)
    {
        text.push_str(&format!("- as a peer: {origin}\n"));
    }
    Some(text)
}

/// Why AquaVM refuses the name, where it does so; `never`: nothing sets it.
fn undefined(analysis: &Analysis, id: BindingId, never: bool) -> Option<String> {
    let mut places = analysis.resolution().occurrences_of(id);
    let place = places.find(|place| {
        let mut found = analysis.diagnostics().iter();
        found.any(|it| it.code == Code::UndefinedVariable && it.range.contains_range(place.range))
    })?;
    let line = line(analysis, place.range.start());
    Some(if never {
        "; **undefined**: nothing in the script sets it, and it is not declared as given by the host"
            .to_owned()
    } else {
        format!("; **undefined** in line {line}, which stands before what sets it")
    })
}

/// Whether it is the iterator of a fold over a whole map.
fn iterates_over_pairs(hir: &Hir, kind: BindingKind) -> bool {
    let BindingKind::Iterator(fold) = kind else { return false };
    let iterable = hir.instr(fold).and_then(|fold| hir.operand(fold, Role::Iterable));
    iterable.is_some_and(|it| {
        it.lens.is_none() && matches!(it.kind, OperandKind::StreamMap(_) | OperandKind::CanonMap(_))
    })
}

/// Where it is set, and where the particle goes with it.
fn known_to(known: &KnownBy<'_>) -> String {
    let peers: Vec<_> = known.set.iter().chain(&known.later).collect();
    if peers.is_empty() {
        return String::new();
    }
    let shown: Vec<_> = peers.iter().take(MAX_PLACES_SHOWN).map(|peer| code(peer)).collect();
    let more = match peers.len().saturating_sub(MAX_PLACES_SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("- known on {}{more}\n", shown.join(", "))
}

fn kind_text(name: &str, kind: Option<OperandKind>, binding: BindingKind) -> &'static str {
    match (binding, kind) {
        (BindingKind::Iterator(_), _) => "Iterator of the `fold`",
        (_, Some(OperandKind::Stream(_))) => {
            "Stream: values are appended; `canon` fixes them, `fold` walks them as they come"
        }
        (_, Some(OperandKind::StreamMap(_))) => "Stream map: pairs of key and value are appended",
        (_, Some(OperandKind::Canon(_))) => "Canon: the fixed content of a stream",
        (_, Some(OperandKind::CanonMap(_))) => "Canon map: the fixed content of a stream map",
        _ if name.starts_with('$') => "Stream",
        _ => "Scalar: one value, set once",
    }
}

/// `call` with what it calls and where, or the instruction.
fn origin(hir: &Hir, instr: &Instr) -> String {
    let text = |role| hir.operand(instr, role).map_or("?", |operand| hir.text_at(operand.range));
    let operand = |role| code(text(role));
    match instr.kind {
        InstrKind::Call => format!(
            "`call` of {} on peer {}",
            code(&format!("{} {}", text(Role::Service), text(Role::Function))),
            operand(Role::Peer)
        ),
        InstrKind::Canon => {
            format!("`canon` of {} on peer {}", operand(Role::Source), operand(Role::Peer))
        }
        InstrKind::Ap if hir.operand(instr, Role::Key).is_some() => {
            format!("`ap` of {} at key {}", operand(Role::Value), operand(Role::Key))
        }
        InstrKind::Ap => format!("`ap` of {}", operand(Role::Source)),
        _ => code(hir.text_at(instr.keyword)),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::hover::testing::check;

    #[test]
    fn variables() {
        check(
            "(seq (call \"p\" (\"s\" \"f\") [] us$0er)\n (seq (ap user.$.name n) (ap user.$.age n2)))",
            expect![[r#"
                "user"
                ```air
                user: {name: any, age: any}
                ```

                Scalar: one value, set once.

                - written in line 1 by `call` of `"s" "f"` on peer `"p"`
                - known on `p`
                - read 2 times
            "#]],
        );
        check(
            "(new $s\n (seq (ap 1 $$0s)\n (canon \"p\" $s #c)))",
            expect![[r#"
                "$s"
                ```air
                $s
                ```

                Stream: values are appended; `canon` fixes them, `fold` walks them as they come; declared by `new` in line 1.

                - written in line 2 by `ap` of `1`
                - canonised as `#c` on `"p"` in line 3
                - known on `p`
                - read once
            "#]],
        );
        check(
            "(seq (canon \"p\" $s #cs)\n (ap #cs$0.length n))",
            expect![[r##"
                "#cs"
                ```air
                #cs: [any]
                ```

                Canon: the fixed content of a stream.

                - written in line 1 by `canon` of `$s` on peer `"p"`
                - known on `p`
                - read once
            "##]],
        );
        check(
            "(fold #c i\n (seq (ap i$0 $s) (next i)))",
            expect![[r#"
                "i"
                ```air
                i
                ```

                Iterator of the `fold` over `#c` in line 1, for one element after another.

                - read 2 times
            "#]],
        );
        check(
            "; air: given x\n(ap x$0 y)",
            expect![[r#"
            "x"
            ```air
            x
            ```

            Scalar: one value, set once.

            - supplied by the host
            - read once
        "#]],
        );
    }

    #[test]
    fn undefined_ones() {
        check(
            "(call \"p\" (\"s\" \"f\") [fo$0o.$.a])",
            expect![[r#"
            "foo"
            ```air
            foo: {a: any}
            ```

            Scalar: one value, set once; **undefined**: nothing in the script sets it, and it is not declared as given by the host.

            - read once
        "#]],
        );
        check(
            "(seq\n (ap la$0te x)\n (ap 1 late))",
            expect![[r#"
            "late"
            ```air
            late
            ```

            Scalar: one value, set once; **undefined** in line 2, which stands before what sets it.

            - written in line 3 by `ap` of `1`
            - read once
        "#]],
        );
    }

    #[test]
    fn maps_and_what_iterates_over_them() {
        check(
            "(seq (ap (\"a\" 1) %$0m)\n (canon \"p\" %m #%m))",
            expect![[r#"
            "%m"
            ```air
            %m
            ```

            Stream map: pairs of key and value are appended.

            - written in line 1 by `ap` of `1` at key `"a"`
            - canonised as `#%m` on `"p"` in line 2
            - known on `p`
            - read once
        "#]],
        );
        check(
            "(seq (ap (\"a\" 1) %m)\n (fold %m $0pair (seq (ap pair.$.value x) (next pair))))",
            expect![[r#"
                "pair"
                ```air
                pair: {value: any}
                ```

                Iterator of the `fold` over `%m` in line 2, for one element after another.

                - each element is a pair: an object with `key` and `value`
                - read 2 times
            "#]],
        );
        check(
            "(seq (canon \"p\" %m #%m)\n (ap #%$0m.$.a x))",
            expect![[r##"
                "#%m"
                ```air
                #%m: {a: any}
                ```

                Canon map: the fixed content of a stream map.

                - written in line 1 by `canon` of `%m` on peer `"p"`
                - known on `p`
                - read once
            "##]],
        );
    }
}
