//! `co`, `par` and the race with a timeout.

use air_semantics::hir::{InstrId, InstrKind};

use super::Certainty::{Certain, Likely};
use super::PayloadRole::{Body, Value};
use super::patterns::Patterns;
use super::{IdiomKind, Recognition};

/// `(par INSTR (null))`
pub(super) fn detached(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let (body, null) = patterns.pair(id)?;
    if !patterns.is(null, InstrKind::Null) || patterns.is(body, InstrKind::Null) {
        return None;
    }
    let certain = if patterns.compiled() { Certain } else { Likely };
    let label = match patterns.called(body) {
        Some((service, function)) => format!("co {service}.{function}"),
        None => "co".to_owned(),
    };
    Some(Recognition::new(IdiomKind::Co, certain, label).carried_by([null]).body(patterns.hir, Body, body))
}

/// `(par A B)`, left-nested for more.
pub(super) fn block(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let branches = branches(patterns, id)?;
    let certain = if patterns.compiled() { Certain } else { Likely };
    let label = format!("par, {} branches", branches.len());
    let found = Recognition::new(IdiomKind::ParBlock, certain, label).carried_by(inner(patterns, id));
    Some(branches.iter().fold(found, |found, &branch| found.body(patterns.hir, Body, branch)))
}

/// `(par WAIT (… (call P ("peer" "timeout") [MS "MESSAGE"] t) …))`
pub(super) fn race(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    // Not more than the last branches of a `par` are looked at closely.
    let branches = branches(patterns, id)?;
    let timeout = branches.iter().find_map(|&branch| timeout(patterns, branch))?;
    let duration = patterns.arguments(timeout).next()?;
    let label = format!("race: timeout {} ms", patterns.show(duration));
    let found = Recognition::new(IdiomKind::Race, Likely, label)
        .carried_by(inner(patterns, id))
        .operand(Value, duration);
    Some(branches.iter().fold(found, |found, &branch| found.body(patterns.hir, Body, branch)))
}

/// The call of a timeout among the steps of a branch; those of a `xor` around it count, too.
fn timeout(patterns: &Patterns<'_>, branch: InstrId) -> Option<InstrId> {
    let steps = match patterns.pair(branch) {
        Some((body, _)) if patterns.is(branch, InstrKind::Xor) => patterns.steps(body),
        _ => patterns.steps(branch),
    };
    let is_timeout = |&&step: &&InstrId| {
        patterns.called(step) == Some(("peer", "timeout")) && patterns.arguments(step).count() == 2
    };
    steps.iter().find(is_timeout).copied()
}

/// Branches of a left-nested `par`, at its top only; none of them a `next` or `null`.
fn branches(patterns: &Patterns<'_>, id: InstrId) -> Option<Vec<InstrId>> {
    if is_inner(patterns, id) {
        return None;
    }
    let mut branches = Vec::new();
    let mut at = id;
    loop {
        let (left, right) = patterns.pair(at)?;
        let plain = |id| !patterns.is(id, InstrKind::Null) && !patterns.is(id, InstrKind::Next);
        if !plain(left) || !plain(right) {
            return None;
        }
        branches.push(right);
        if !is_inner(patterns, left) {
            branches.push(left);
            branches.reverse();
            return Some(branches);
        }
        at = left;
    }
}

/// Whether the instruction is a `par` that only holds the first branches of the `par` around it.
fn is_inner(patterns: &Patterns<'_>, id: InstrId) -> bool {
    let plain = |id: &InstrId| !patterns.is(*id, InstrKind::Null) && !patterns.is(*id, InstrKind::Next);
    let is_par = patterns.is(id, InstrKind::Par) && patterns.children(id).iter().all(plain);
    let parent = patterns.instr(id).and_then(|instr| instr.parent);
    let outer =
        parent.filter(|&parent| patterns.is(parent, InstrKind::Par)).and_then(|parent| patterns.pair(parent));
    is_par && outer.is_some_and(|(left, right)| left == id && plain(&right))
}

/// The `par`s on the left spine below the top.
fn inner(patterns: &Patterns<'_>, id: InstrId) -> Vec<InstrId> {
    let mut found = Vec::new();
    let mut at = id;
    while let Some((left, _)) = patterns.pair(at)
        && is_inner(patterns, left)
    {
        found.push(left);
        at = left;
    }
    found
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::IdiomKind;
    use super::super::testing::{found, has};

    #[test]
    fn branches_and_races() {
        let script = r#"
(seq
 (par (call "p" ("s" "f") []) (null))
 (seq
  (par (par (call "a" ("s" "f") []) (call "b" ("s" "f") [])) (call "c" ("s" "f") []))
  (par (call "p" ("s" "f") [] $r) (seq (call "p" ("peer" "timeout") [6000 "late"] t) (ap t $r)))))"#;
        expect![[r#"
            co (likely): co s.f
            par-block (likely): par, 3 branches
            race (likely): race: timeout 6000 ms
            push (likely): r << t
        "#]]
        .assert_eq(&found(script));
    }

    #[test]
    fn near_misses() {
        assert!(!has("(par (null) (null))", IdiomKind::Co));
        assert!(!has("(fold xs i (par (ap i x) (next i)))", IdiomKind::ParBlock));
        let short = r#"(par (null) (call "p" ("peer" "timeout") [6000 "late"] t))"#;
        assert!(!has(short, IdiomKind::Race), "nothing to race with");
        let one = r#"(par (ap 1 x) (call "p" ("peer" "timeout") [6000] t))"#;
        assert!(!has(one, IdiomKind::Race));
    }
}
