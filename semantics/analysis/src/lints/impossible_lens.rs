//! Lenses that no value there can have.

use air_semantics::hir::{Accessor, AccessorKind, InstrId, InstrKind, Lens, Operand, OperandKind, Role};
use air_semantics::resolve::{Access, Binding, BindingId, BindingKind};
use air_syntax::TextRange;

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Maker, Report, replace};

pub(crate) static ENTRY: Entry = entry(
    "L017",
    "impossible-lens",
    Severity::Warning,
    Page {
        summary: "a lens takes what the value cannot have",
        what: prose!(
            "A lens takes one of these: a field of a canonicalised stream, which is a list; a field
that error objects do not have; anything from a number, a string, a boolean or an empty list that `ap` has
set; a field of a canonicalised stream that `ap` has set; a field other than `key` and `value` from an
element of a stream map."
        ),
        why: prose!(
            "The lens always fails with error 10007, or with 10010 for `.length`. Only a lens on a
key that a map does not have gives `[]`, whatever it takes."
        ),
        example: r#"(seq
 (call %init_peer_id% ("service" "function") [] $answers)
 (seq
  (canon %init_peer_id% $answers #answers)
  (call %init_peer_id% ("service" "function") [#answers.$.name])))"#,
        fix: "Take an element first, as in `#answers.$.[0].name`, or correct the field.",
        fixed: r#"(seq
 (call %init_peer_id% ("service" "function") [] $answers)
 (seq
  (canon %init_peer_id% $answers #answers)
  (call %init_peer_id% ("service" "function") [#answers.$.[0].name])))"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::ImpossibleLens,
    looks: &[
        Looks::Lens(look),
        Looks::Variable(|of| of.read && of.writes == 1, constant),
        Looks::Variable(|of| of.made_by == Maker::Fold && of.read, pair),
    ],
    fix: Fixing::Offered,
};

const ERROR_FIELDS: [&str; 4] = ["error_code", "message", "instruction", "peer_id"];

fn look(context: &Context<'_>, _: InstrId, operand: &Operand, report: &mut Report<'_>) {
    let Some(lens) = &operand.lens else { return };
    let accessors = context.hir.accessors_of(lens);
    let list = match operand.kind {
        OperandKind::Canon(_) => accessors.first(),
        // A key of a canonicalised map has a list of values.
        OperandKind::CanonMap(_) => accessors.get(1),
        OperandKind::Error => return error_field(context, accessors, report),
        _ => return,
    };
    let Some(Accessor { kind: AccessorKind::Field, range }) = list else { return };
    let field = context.text(*range);
    // Most likely the number of elements is meant, which is another finding.
    if field == "length" && accessors.len() == 1 {
        return;
    }
    let list = context.shown(TextRange::new(operand.range.start(), range.start()));
    let list = list.trim_end_matches(['.', '$']);
    report
        .add(Code::ImpossibleLens, *range, no_field_in_list(list, field))
        .offer(first_element(field), Some(vec![replace(*range, format!("[0].{field}"))]));
}

fn no_field_in_list(list: &str, field: &str) -> String {
    format!("`{list}` is a list and has no field `{field}`: take an element first, as in `[0].{field}`")
}

fn first_element(field: &str) -> String {
    format!("replace `{field}` by `[0].{field}`")
}

fn error_field(context: &Context<'_>, accessors: &[Accessor], report: &mut Report<'_>) {
    let Some(first) = accessors.first() else { return };
    let name = context.text(first.range);
    match first.kind {
        AccessorKind::Variable(_) => {}
        AccessorKind::Field if ERROR_FIELDS.contains(&name) => {
            if let Some(second) = accessors.get(1) {
                let what = if name == "error_code" { "a number" } else { "a string" };
                let message = format!("`{name}` of an error is {what}: nothing can be taken out of it");
                report.add(Code::ImpossibleLens, second.range, message);
            }
        }
        _ => {
            let fields = "`error_code`, `message`, `instruction` and `peer_id`";
            let message = format!("`{name}` is not a field of an error, which has {fields}");
            report.add(Code::ImpossibleLens, first.range, message);
        }
    }
}

/// Lenses on what was set once, by `ap` of a constant.
fn constant(context: &Context<'_>, id: BindingId, binding: &Binding, report: &mut Report<'_>) {
    if context.is_given(binding) {
        return;
    }
    let Some(write) = context.places(id, Access::Write).next() else { return };
    let Some(instr) = context.instr(write.instr).filter(|instr| instr.kind == InstrKind::Ap) else { return };
    let Some(source) = context.operand(instr, Role::Source) else { return };
    if context.name(binding).starts_with('$') {
        return;
    }
    let what = match (source.kind, &source.lens) {
        (OperandKind::Int(_) | OperandKind::Float(_) | OperandKind::Ttl | OperandKind::Timestamp, _)
        | (_, Some(Lens::Length)) => Contents::Atom("a number"),
        (OperandKind::Literal | OperandKind::InitPeerId, _) => Contents::Atom("a string"),
        (OperandKind::Bool(_), _) => Contents::Atom("a boolean"),
        (OperandKind::EmptyArray, _) => Contents::Empty,
        (OperandKind::Canon(_), None) => Contents::List,
        (OperandKind::CanonMap(_), None) => Contents::Map,
        (OperandKind::Error, None) => Contents::Error,
        _ => return,
    };
    for read in context.places(id, Access::Read) {
        let Some(operand) = context.hir.operands.get(read.operand.0 as usize) else { continue };
        // In the lens of another variable it is an index.
        if operand.range.start() != read.range.start() {
            continue;
        }
        let Some(lens) = &operand.lens else { continue };
        let name = context.name(binding);
        let accessors = context.hir.accessors_of(lens);
        let finding = match (what, accessors.first()) {
            (Contents::Empty | Contents::List, None) => continue,
            (Contents::Error, Some(_)) => {
                error_field(context, accessors, report);
                continue;
            }
            (Contents::Atom(what), _) => report.add(
                Code::ImpossibleLens,
                operand.range,
                format!("`{name}` is {what}: nothing can be taken out of it"),
            ),
            (Contents::Empty, Some(_)) => report.add(
                Code::ImpossibleLens,
                operand.range,
                format!("`{name}` is an empty list: nothing can be taken out of it"),
            ),
            (Contents::List, Some(first)) => {
                let field = context.text(first.range);
                // Of `length` another lint speaks.
                if first.kind != AccessorKind::Field || field == "length" && accessors.len() == 1 {
                    continue;
                }
                let edits = vec![replace(first.range, format!("[0].{field}"))];
                report
                    .add(Code::ImpossibleLens, first.range, no_field_in_list(name, field))
                    .offer(first_element(field), Some(edits))
            }
            (Contents::Map | Contents::Error, None) => report.add(
                Code::ImpossibleLens,
                operand.range,
                format!("`{name}` is an object: only a list has `.length`"),
            ),
            (Contents::Map, Some(first)) if matches!(first.kind, AccessorKind::Index(_)) => {
                let element = context.text(first.range);
                let message =
                    format!("`{name}` is an object with the keys of a map: it has no element `{element}`");
                report.add(Code::ImpossibleLens, first.range, message)
            }
            (Contents::Map, Some(_)) => continue,
        };
        finding.related(source.range, format!("`{name}` gets its value here"));
    }
}

/// Contents a variable was set to.
#[derive(Clone, Copy)]
enum Contents {
    /// Nothing is in it.
    Atom(&'static str),
    Empty,
    List,
    /// A key is a field.
    Map,
    Error,
}

/// Lenses on elements of stream maps: pairs.
fn pair(context: &Context<'_>, id: BindingId, binding: &Binding, report: &mut Report<'_>) {
    let BindingKind::Iterator(fold) = binding.kind else { return };
    let iterable = context.instr(fold).and_then(|fold| context.operand(fold, Role::Iterable));
    let Some(Operand { kind: OperandKind::StreamMap(_) | OperandKind::CanonMap(_), lens: None, .. }) =
        iterable
    else {
        return;
    };
    for read in context.places(id, Access::Read) {
        let Some(operand) = context.hir.operands.get(read.operand.0 as usize) else { continue };
        let Some(lens) = operand.lens.as_ref().filter(|_| operand.range.start() == read.range.start()) else {
            continue;
        };
        let Some(first) = context.hir.accessors_of(lens).first() else { continue };
        let name = context.text(first.range);
        let fits = match first.kind {
            AccessorKind::Field => name == "key" || name == "value",
            AccessorKind::Index(_) => false,
            AccessorKind::Variable(_) => true,
        };
        if !fits {
            let pair = context.name(binding);
            let message = format!("`{pair}` is a pair of `key` and `value`: it has no `{name}`");
            report.add(Code::ImpossibleLens, first.range, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::ImpossibleLens, text, expected);
    }

    #[test]
    fn lists() {
        check(
            r#"(seq (canon "p" $s #ss) (seq (canon "p" %m #%m) (call "p" ("s" "f") [#ss.$.a.b #%m.$.k.a #ss.$.length])))"#,
            expect![[r#"
                | (seq (canon "p" $s #ss) (seq (canon "p" %m #%m) (call "p" ("s" "f") [#ss.$.a.b #%m.$.k.a #ss.$.length])))
                |                                                                            ^ L017 `#ss` is a list and has no field `a`: take an element first, as in `[0].a`
                fix: replace `a` by `[0].a`: "(seq (canon \"p\" $s #ss) (seq (canon \"p\" %m #%m) (call \"p\" (\"s\" \"f\") [#ss.$.[0].a.b #%m.$.k.a #ss.$.length])))"
                | (seq (canon "p" $s #ss) (seq (canon "p" %m #%m) (call "p" ("s" "f") [#ss.$.a.b #%m.$.k.a #ss.$.length])))
                |                                                                                        ^ L017 `#%m.$.k` is a list and has no field `a`: take an element first, as in `[0].a`
                fix: replace `a` by `[0].a`: "(seq (canon \"p\" $s #ss) (seq (canon \"p\" %m #%m) (call \"p\" (\"s\" \"f\") [#ss.$.a.b #%m.$.k.[0].a #ss.$.length])))"
            "#]],
        );
    }

    #[test]
    fn errors() {
        check(
            r#"(xor (call "p" ("s" "f") []) (call "p" ("s" "f") [:error:.$.code :error:.$.message.text]))"#,
            expect![[r#"
                | (xor (call "p" ("s" "f") []) (call "p" ("s" "f") [:error:.$.code :error:.$.message.text]))
                |                                                             ^^^^ L017 `code` is not a field of an error, which has `error_code`, `message`, `instruction` and `peer_id`
                | (xor (call "p" ("s" "f") []) (call "p" ("s" "f") [:error:.$.code :error:.$.message.text]))
                |                                                                                    ^^^^ L017 `message` of an error is a string: nothing can be taken out of it
            "#]],
        );
    }

    #[test]
    fn constants_and_pairs() {
        check(
            "(seq (ap 1 x) (seq (ap x.$.a y) (ap x.length y)))",
            expect![[r#"
            | (seq (ap 1 x) (seq (ap x.$.a y) (ap x.length y)))
            |                        ^^^^^ L017 `x` is a number: nothing can be taken out of it
            | (seq (ap 1 x) (seq (ap x.$.a y) (ap x.length y)))
            |          - `x` gets its value here
            | (seq (ap 1 x) (seq (ap x.$.a y) (ap x.length y)))
            |                                     ^^^^^^^^ L017 `x` is a number: nothing can be taken out of it
            | (seq (ap 1 x) (seq (ap x.$.a y) (ap x.length y)))
            |          - `x` gets its value here
        "#]],
        );
        check(
            r#"(seq (ap ("k" 1) %m) (fold %m i (seq (ap i.$.kee $s) (next i))))"#,
            expect![[r#"
                | (seq (ap ("k" 1) %m) (fold %m i (seq (ap i.$.kee $s) (next i))))
                |                                              ^^^ L017 `i` is a pair of `key` and `value`: it has no `kee`
            "#]],
        );
    }

    #[test]
    fn copies_of_canons_and_errors() {
        check(
            r#"(seq (seq (canon "p" $s #ss) (canon "p" %m #%m))
 (xor (seq (ap #ss list) (ap #%m map))
  (seq (ap :error: failed)
   (call "p" ("s" "f") [list.$.name list.length list.$.[0].name map.$.key map.length map.$.[0] failed.$.code failed.$.message]))))"#,
            expect![[r#"
                nothing
            "#]],
        );
    }

    #[test]
    fn what_may_be() {
        check(
            r#"(seq (canon "p" $s #ss) (seq (canon "p" %m #%m) (seq (ap [] l) (call "p" ("s" "f") [#ss.$.[0].a #%m.$.k.[0].a l.length %last_error%.$.own]))))"#,
            expect![[r#"
                nothing
            "#]],
        );
    }
}
