//! Takes a name away.

use air_analysis::diagnostic::TextEdit;
use air_semantics::hir::{Hir, Instr, InstrKind, Lens, Operand, OperandKind, Role};
use air_semantics::resolve::{Access, BindingKind, Occurrence};
use air_syntax::TextRange;

use super::context::Context;
use super::draft::Draft;
use super::pieces::comments_between;
use super::refactoring::{Behaviour, Kind, Refactoring};

pub(super) static REFACTORING: Refactoring = Refactoring {
    name: "inline-scalar",
    kind: Kind::Inline,
    behaviour: Behaviour::ChangeInTitle,
    what: "Replaces a name everywhere by the value that an `ap` gives it, and removes the `ap`. Offered on the `ap` and on \
           the name, where the scalar is written once, and always before it is read. A value that may not be there yet, \
           or may lack the part that is taken, then delays its uses instead of the `ap`; a literal delays nothing.",
    example: "(seq\n ($0ap \"yes\" word)\n (call %init_peer_id% (\"srv\" \"fn\") [word])\n)",
    offer,
};

/// A value with more uses than this is clearer with a name.
const MAX_READS: usize = 200;

fn offer(context: &Context<'_>) -> Vec<Draft> {
    inline(context).into_iter().collect()
}

fn inline(context: &Context<'_>) -> Option<Draft> {
    let Context { hir, analysis, .. } = *context;
    let resolution = analysis.resolution();
    // On the head of an `ap`, its target is meant.
    let here = resolution.at(context.range.start()).filter(|it| it.range.contains_range(context.range));
    let own = hir.operand(context.instr, Role::Target).filter(|_| context.instr.kind == InstrKind::Ap);
    let place = match (own, here) {
        (Some(target), None) if context.range.end() <= target.range.start() => {
            resolution.at(target.range.start())
        }
        (_, here) => here,
    }?;
    let binding = resolution.binding(place.binding).filter(|it| it.kind == BindingKind::Script)?;
    let (writes, reads): (Vec<&Occurrence>, Vec<&Occurrence>) =
        resolution.occurrences_of(place.binding).partition(|it| it.access != Access::Read);
    let [write] = writes.as_slice() else { return None };
    let ap = hir.instr(write.instr).filter(|it| it.kind == InstrKind::Ap && context.whole(it))?;
    let target = hir.operand(ap, Role::Target).filter(|it| matches!(it.kind, OperandKind::Scalar(_)))?;
    let source = hir.operand(ap, Role::Source)?;
    let given = analysis.given().contains(hir.name(binding.name));
    if target.range != write.range || reads.is_empty() || reads.len() > MAX_READS || given {
        return None;
    }
    let waits = stands_for_itself(context, source, &reads)?;

    // Whatever runs after the `ap` in this stretch runs only once it is done.
    let mut stretch = ap;
    while let Some(outer) = context.parent(stretch) {
        if !matches!(outer.kind, InstrKind::Seq | InstrKind::New) {
            break;
        }
        stretch = outer;
    }
    let after =
        |read: &&Occurrence| stretch.range.contains_range(read.range) && read.range.start() >= ap.range.end();
    if !reads.iter().all(after) {
        return None;
    }
    let mut words: Vec<TextEdit> = Vec::new();
    for read in &reads {
        words.push(word(hir, source, hir.operands.get(read.operand.0 as usize)?, read)?);
    }
    let name = hir.name(binding.name);
    let title = match waits {
        false => format!("Inline `{name}`"),
        true => format!("Inline `{name}`: a missing value delays its uses, not what is between"),
    };
    Some(without(context, ap, words, title))
}

/// Whether the value is the same at all reads; if so, whether it may be missing.
fn stands_for_itself(context: &Context<'_>, source: &Operand, reads: &[&Occurrence]) -> Option<bool> {
    let resolution = context.analysis.resolution();
    match source.kind {
        OperandKind::Error | OperandKind::LastError => return None,
        kind if kind.name().is_none() => return Some(false),
        _ => {}
    }
    for occurrence in resolution.occurrences.iter().filter(|it| source.range.contains_range(it.range)) {
        let variable = resolution.binding(occurrence.binding)?;
        let writes = resolution.occurrences_of(occurrence.binding).filter(|it| it.access == Access::Write);
        if writes.count() > 1 {
            return None;
        }
        for other in resolution.bindings.iter().filter(|other| other.name == variable.name) {
            let inner = other.scope != variable.scope && variable.scope.contains_range(other.scope);
            if reads.iter().any(|read| {
                !variable.scope.contains_range(read.range) || inner && other.scope.contains_range(read.range)
            }) {
                return None;
            }
        }
    }
    Some(true)
}

/// What stands in place of a read.
fn word(hir: &Hir, source: &Operand, operand: &Operand, read: &Occurrence) -> Option<TextEdit> {
    let value = hir.text_at(source.range);
    if operand.range.start() != read.range.start() {
        // An index in a lens.
        let index = match source.kind {
            OperandKind::Int(index) if index >= 0 => true,
            OperandKind::Scalar(_) => source.lens.is_none(),
            _ => false,
        };
        return index.then(|| TextEdit { range: read.range, new_text: value.to_owned() });
    }
    let lens = hir.text_at(TextRange::new(read.range.end(), operand.range.end()));
    let new_text = match (&source.lens, &operand.lens) {
        (_, None) => value.to_owned(),
        (None, Some(_)) if source.kind.name().is_some() => format!("{value}{lens}"),
        (Some(Lens::Path(_)), Some(Lens::Path(_))) => {
            format!("{}{}", value.strip_suffix('!').unwrap_or(value), lens.strip_prefix(".$")?)
        }
        _ => return None,
    };
    Some(TextEdit { range: operand.range, new_text })
}

/// Takes the `ap` out and makes the edits.
fn without(context: &Context<'_>, ap: &Instr, words: Vec<TextEdit>, title: String) -> Draft {
    let text = &context.hir.text;
    let seq = context.parent(ap).filter(|outer| outer.kind == InstrKind::Seq && context.whole(outer));
    let kept = seq.and_then(|seq| context.children(seq).into_iter().find(|child| child.range != ap.range));
    let (outer, kept_range) = match (seq, kept) {
        (Some(seq), Some(kept)) if kept.kind != InstrKind::Next => (seq, Some(kept.range)),
        _ => (ap, None),
    };
    let (inside, elsewhere): (Vec<_>, Vec<_>) =
        words.into_iter().partition(|edit| outer.range.contains_range(edit.range));
    let Some(kept) = kept_range else {
        let mut draft = Draft::form(title, ap.range, "(null)".to_owned(), 0);
        draft.elsewhere = elsewhere;
        return draft;
    };
    let mut body = String::new();
    let mut at = kept.start();
    for edit in inside {
        body.push_str(context.text(at, edit.range.start()));
        body.push_str(&edit.new_text);
        at = edit.range.end();
    }
    body.push_str(context.text(at, kept.end()));
    let trail = super::pieces::trailing_comment(text, kept.end());
    let mut comments = comments_between(text, TextRange::new(outer.range.start(), kept.start()));
    let rest = TextRange::new(trail.end(), outer.range.end().max(trail.end()));
    comments.extend(comments_between(text, rest));
    let trail = (!trail.is_empty()).then(|| context.hir.text_at(trail));
    let mut draft = Draft::part(text, title, outer.range, comments, &body, trail);
    draft.elsewhere = elsewhere;
    draft
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::refactor::testing::check;

    #[test]
    fn a_literal() {
        check(
            &REFACTORING,
            "(seq\n (seq\n  (ap 1 a)\n  ; the index\n  (ap 0 index) ; first\n )\n (call \"p\" (\"s\" \"f\") [ind$0ex a.$.[index].x])\n)",
            expect![[r##"
                # Inline `index`
                (seq
                 ; the index
                 ; first
                 $0(ap 1 a)
                 (call "p" ("s" "f") [0 a.$.[0].x])
                )
            "##]],
        );
    }

    #[test]
    fn a_part_of_a_value() {
        check(
            &REFACTORING,
            "(seq (call \"p\" (\"s\" \"f\") [] user) (seq ($0ap user.$.address a) (call a.$.peer (\"s\" \"g\") [a a.$.[0]!])))",
            expect![[r##"
                # Inline `a`: a missing value delays its uses, not what is between
                (seq (call "p" ("s" "f") [] user) $0(call user.$.address.peer ("s" "g") [user.$.address user.$.address.[0]!]))
            "##]],
        );
    }

    #[test]
    fn not_what_may_be_another_value() {
        // Not always before.
        check(
            &REFACTORING,
            "(seq (xor (ap$0 1 x) (null)) (call \"p\" (\"s\" \"f\") [x]))",
            expect![[r#"
            nothing
        "#]],
        );
        // Written twice.
        check(
            &REFACTORING,
            "(fold [] i (seq (ap$0 1 x) (seq (call i (\"s\" \"f\") [x]) (ap 2 x))))",
            expect![[r#"
                nothing
            "#]],
        );
        // Another variable with that name.
        check(
            &REFACTORING,
            "(seq (ap 1 y) (seq (ap$0 y x) (new y (seq (ap 2 y) (call \"p\" (\"s\" \"f\") [x])))))",
            expect![[r#"
                nothing
            "#]],
        );
        check(
            &REFACTORING,
            "(xor (null) (seq (ap$0 :error: e) (call \"p\" (\"s\" \"f\") [e])))",
            expect![[r#"
                nothing
            "#]],
        );
        check(
            &REFACTORING,
            "(seq (ap$0 1 x) (call x (\"s\" \"f\") []))",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
