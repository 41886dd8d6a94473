//! Fixes for `next` that stands twice, or not last.

use air_semantics::Script;
use air_semantics::finding::Finding;
use air_semantics::hir::{Hir, Instr, InstrKind, OperandKind, Role};
use air_syntax::TextRange;

use super::iterator;
use super::structure::{innermost, insert};
use crate::diagnostic::{Fix, TextEdit};
use crate::fresh::fresh;

/// Longer branches are not written anew.
const MAX_BYTES_SWAPPED: usize = 10_000;

/// Two `next` in branches of which each ends with one: one `next` after the branches.
pub(crate) fn once(script: &Script, finding: &Finding) -> Option<Fix> {
    let hir = script.hir();
    let second = hir.instr(finding.instr)?;
    let first = innermost(hir, finding.related.first()?.range)?;
    // The innermost instruction around both.
    let around = ancestors(hir, second).find(|it| it.range.contains_range(first.range))?;
    for next in [first, second] {
        let mut child = next;
        for outer in ancestors(hir, next).take_while(|outer| around.range.contains_range(outer.range)) {
            if !ends_with(hir, outer, child) {
                return None;
            }
            child = outer;
        }
    }
    let next = hir.text_at(second.range);
    let null = |next: &Instr| TextEdit { range: next.range, new_text: "(null)".to_owned() };
    let mut edits = vec![
        insert(around.range.start(), "(seq ".to_owned()),
        null(first),
        null(second),
        insert(around.range.end(), format!(" {next})")),
    ];
    edits.sort_by_key(|edit| edit.range.start());
    let form = hir.text_at(around.keyword);
    Some(Fix { title: format!("write one `{next}` after this `{form}`").into(), safe: false, edits })
}

/// Something after a `next` in a fold over a stream.
pub(crate) fn last(script: &Script, finding: &Finding) -> Option<Fix> {
    let hir = script.hir();
    let blamed = hir.instr(finding.instr)?;
    let name = finding.name?;
    let walker = finding.related.get(1)?.range;
    let walks = |fold: &&Instr| {
        let walked = hir.operand(fold, Role::Iterable).map(|iterable| iterable.kind);
        fold.kind == InstrKind::Fold
            && hir.operand(fold, Role::Iterator).is_some_and(|it| it.kind.name() == Some(name))
            && matches!(walked, Some(OperandKind::Stream(_) | OperandKind::StreamMap(_)))
    };
    let Some(fold) = ancestors(hir, blamed).find(walks) else {
        // Two folds that AquaVM mixes up.
        return iterator::other_name_at(script, finding, walker.start());
    };
    if blamed.kind == InstrKind::Par
        && let [left, right] = *hir.children_of(blamed)
        && let (Some(left), Some(right)) = (hir.instr(left), hir.instr(right))
        && usize::from(blamed.range.len()) <= MAX_BYTES_SWAPPED
    {
        let replace =
            |range: TextRange, by: &Instr| TextEdit { range, new_text: hir.text_at(by.range).to_owned() };
        let edits = vec![replace(left.range, right), replace(right.range, left)];
        let title = format!("swap the branches, so that `next {}` comes last", hir.name(name));
        return Some(Fix { title: title.into(), safe: false, edits });
    }
    let stream = hir.text_at(hir.operand(fold, Role::Iterable)?.range);
    let tag = if stream.starts_with('%') { "#%" } else { "#" };
    let canon = fresh(hir, tag, stream);
    let edits = vec![
        insert(fold.range.start(), format!("(seq (canon %init_peer_id% {stream} {canon}) ")),
        TextEdit { range: hir.operand(fold, Role::Iterable)?.range, new_text: canon },
        insert(fold.range.end(), ")".to_owned()),
    ];
    let title = format!("fold over a canon of `{stream}`: values written later are not visited");
    Some(Fix { title: title.into(), safe: false, edits })
}

/// The instructions around one, innermost first.
fn ancestors<'h>(hir: &'h Hir, instr: &'h Instr) -> impl Iterator<Item = &'h Instr> {
    let parent = |instr: &&'h Instr| instr.parent.and_then(|id| hir.instr(id));
    std::iter::successors(parent(&instr), parent)
}

/// Whether an instruction is done when that child of it is.
fn ends_with(hir: &Hir, outer: &Instr, child: &Instr) -> bool {
    let last = hir.children_of(outer).last().and_then(|id| hir.instr(*id));
    match outer.kind {
        InstrKind::Seq => last.is_some_and(|last| last.range == child.range),
        InstrKind::Xor | InstrKind::Par | InstrKind::Match | InstrKind::Mismatch => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use air_semantics::text_edit::apply;

    use crate::Analysis;

    fn check(before: &str, after: &str) {
        let analysis = Analysis::new(before);
        let [found] = analysis.diagnostics() else { panic!("{:?}", analysis.diagnostics()) };
        let [fix] = found.fixes.as_slice() else { panic!("{found:?}") };
        assert_eq!(apply(before, &fix.edits), after);
        assert!(!fix.safe && Analysis::new(after).accepted(), "{after}");
    }

    #[test]
    fn one_next_after_the_branches() {
        check(
            "(fold [] i (xor (seq (match i 1 (null)) (next i)) (next i)))",
            "(fold [] i (seq (xor (seq (match i 1 (null)) (null)) (null)) (next i)))",
        );
    }

    #[test]
    fn branches_of_par_change_places() {
        check(
            "(seq (ap 1 $s) (fold $s i (par (next i) (ap i $t))))",
            "(seq (ap 1 $s) (fold $s i (par (ap i $t) (next i))))",
        );
    }

    #[test]
    fn what_follows_in_a_seq_may_follow_in_a_fold_over_a_canon() {
        check(
            "(seq (ap 1 $all) (fold $all i (seq (next i) (ap i $t))))",
            "(seq (ap 1 $all) (seq (canon %init_peer_id% $all #all_2) (fold #all_2 i (seq (next i) (ap i $t)))))",
        );
    }

    /// An inner `next` that is not the last of its branch has an order to keep.
    #[test]
    fn only_the_author_knows() {
        let text = "(fold [] i (seq (next i) (seq (ap 1 x) (next i))))";
        let analysis = Analysis::new(text);
        let [found] = analysis.diagnostics() else { panic!("{:?}", analysis.diagnostics()) };
        assert!(found.fixes.is_empty(), "{found:?}");
    }
}
