//! `for`, in its six forms.

use air_semantics::hir::{InstrId, InstrKind, OperandKind, Role};

use super::Certainty::{self, Certain, Likely};
use super::PayloadRole::{Body, Iterator as Item, Value};
use super::patterns::{Op, Patterns};
use super::{IdiomKind, Recognition};

/// A `fold` and its parts; the body without the `new`s around it.
struct Loop<'h> {
    iterable: Op<'h>,
    iterator: Op<'h>,
    body: InstrId,
    last: Option<InstrId>,
}

fn fold<'h>(patterns: &Patterns<'h>, id: InstrId) -> Option<Loop<'h>> {
    if !patterns.is(id, InstrKind::Fold) {
        return None;
    }
    let (mut body, last) = match patterns.children(id) {
        [body] => (*body, None),
        [body, last] => (*body, Some(*last)),
        _ => return None,
    };
    // A stream declared in the body: its `new` covers the `next`, yet each step has its own.
    while patterns.is(body, InstrKind::New) {
        body = patterns.only(body)?;
    }
    let iterable = patterns.op(id, Role::Iterable)?;
    Some(Loop { iterable, iterator: patterns.op(id, Role::Iterator)?, body, last })
}

impl<'h> Loop<'h> {
    fn found(
        &self,
        patterns: &Patterns<'_>,
        kind: IdiomKind,
        certainty: Certainty,
        how: &str,
    ) -> Recognition {
        let item = patterns.show(self.iterator);
        let label = format!("for {item} in {}{how}", patterns.show(self.iterable));
        Recognition::new(kind, certainty, label)
            .operand(Value, self.iterable)
            .operand(Item, self.iterator)
            .carried_by(self.last)
    }

    /// `(par BODY (next i))` or `(xor BODY (next i))`: the body and the `next`.
    fn branches(&self, patterns: &Patterns<'h>, kind: InstrKind) -> Option<(InstrId, InstrId)> {
        let (body, next) = patterns.pair(self.body).filter(|_| patterns.is(self.body, kind))?;
        patterns.is_next(next, self.iterator).then_some((body, next))
    }

    fn is_stream(&self) -> bool {
        matches!(self.iterable.operand.kind, OperandKind::Stream(_) | OperandKind::StreamMap(_))
    }

    fn ends_with(&self, patterns: &Patterns<'_>, kind: InstrKind) -> bool {
        self.last.is_none_or(|last| patterns.is(last, kind))
    }
}

fn certainty(patterns: &Patterns<'_>) -> Certainty {
    if patterns.compiled() { Certain } else { Likely }
}

/// `(fold X i (seq BODY (next i)) (null))`
pub(super) fn for_each(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let parts = fold(patterns, id)?;
    let (&next, body) = patterns.steps(parts.body).split_last()?;
    if body.is_empty()
        || !patterns.is_next(next, parts.iterator)
        || !parts.ends_with(patterns, InstrKind::Null)
    {
        return None;
    }
    let found = parts.found(patterns, IdiomKind::For, certainty(patterns), "").carried_by([next]);
    Some(body.iter().fold(found, |found, &step| found.body(patterns.hir, Body, step)))
}

/// `(fold M -iterable- (seq (ap -iterable-.$.key k) (ap -iterable-.$.value v) BODY (next -iterable-)))`
pub(super) fn over_map(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let parts = fold(patterns, id)?;
    let steps = match patterns.branches_of(parts.body) {
        Some(left) => patterns.steps(left),
        None => patterns.steps(parts.body),
    };
    let (key, value) = (*steps.first()?, *steps.get(1)?);
    let (from, key_name) = patterns.ap(key)?;
    let (and_from, value_name) = patterns.ap(value)?;
    let fits = patterns.same_base(from, parts.iterator)
        && patterns.is_field(from, "key")
        && patterns.same_base(and_from, parts.iterator)
        && patterns.is_field(and_from, "value");
    if !fits {
        return None;
    }
    let certain = if patterns.base(parts.iterator) == "-iterable-" { Certain } else { Likely };
    let names = format!("{}, {}", patterns.show(key_name), patterns.show(value_name));
    let label = format!("for {names} in {}", patterns.show(parts.iterable));
    let mut found = Recognition::new(IdiomKind::ForMap, certain, label)
        .operand(Value, parts.iterable)
        .operand(Item, key_name)
        .operand(Item, value_name)
        .carried_by([key, value])
        .carried_by(parts.last);
    for &step in steps.get(2..).unwrap_or_default() {
        found = if patterns.is_next(step, parts.iterator) {
            found.carried_by([step])
        } else {
            found.body(patterns.hir, Body, step)
        };
    }
    Some(found)
}

/// `(fold X i (xor BODY (next i)) (null))`
pub(super) fn for_try(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let parts = fold(patterns, id)?;
    let (body, next) = parts.branches(patterns, InstrKind::Xor)?;
    if !parts.ends_with(patterns, InstrKind::Null) {
        return None;
    }
    let found = parts.found(patterns, IdiomKind::ForTry, certainty(patterns), " try");
    Some(found.carried_by([parts.body, next]).body(patterns.hir, Body, body))
}

/// `(fold X i (par BODY (next i)) (never))` without a `par` that detaches it; older compilers leave
/// out the `never`, and then it is a `for par` that is waited for.
pub(super) fn parseq(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let parts = fold(patterns, id)?;
    let (body, next) = parts.branches(patterns, InstrKind::Par)?;
    let never = parts.last.is_some_and(|last| patterns.is(last, InstrKind::Never));
    if !never && !parts.ends_with(patterns, InstrKind::Null) {
        return None;
    }
    let (kind, how) = if never { (IdiomKind::ParSeq, " parseq") } else { (IdiomKind::ForPar, " par") };
    let found = parts.found(patterns, kind, if never { certainty(patterns) } else { Likely }, how);
    Some(found.carried_by([parts.body, next]).body(patterns.hir, Body, body))
}

/// `(par (fold X i (par BODY (next i)) (never)) (null))`, perhaps with a canon before the fold.
pub(super) fn for_par(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let (detached, null) = patterns.pair(id)?;
    if !patterns.is(null, InstrKind::Null) {
        return None;
    }
    let mut inner = detached;
    while patterns.is(inner, InstrKind::New) {
        inner = patterns.only(inner)?;
    }
    let (&fold_id, before) = patterns.steps(inner).split_last()?;
    if !before.iter().all(|&step| patterns.is(step, InstrKind::Canon) || patterns.is(step, InstrKind::Ap)) {
        return None;
    }
    let parts = fold(patterns, fold_id)?;
    let (body, next) = parts.branches(patterns, InstrKind::Par)?;
    if !parts.ends_with(patterns, InstrKind::Never) && !parts.ends_with(patterns, InstrKind::Null) {
        return None;
    }
    let (kind, how) =
        if parts.is_stream() { (IdiomKind::ForRec, " rec") } else { (IdiomKind::ForPar, " par") };
    let found = parts.found(patterns, kind, certainty(patterns), how);
    Some(found.carried_by([null, fold_id, parts.body, next]).body(patterns.hir, Body, body))
}

impl Patterns<'_> {
    /// The first branch of a `par`.
    fn branches_of(&self, id: InstrId) -> Option<InstrId> {
        self.pair(id).filter(|_| self.is(id, InstrKind::Par)).map(|(left, _)| left)
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::IdiomKind;
    use super::super::testing::{found, has};

    #[test]
    fn loops_of_all_forms() {
        let body = r#"(call i ("s" "f") [])"#;
        let script = |form: &str| found(&form.replace("BODY", body));
        expect![[r#"
            for (likely): for i in xs
        "#]]
        .assert_eq(&script("(fold xs i (seq BODY (next i)) (null))"));
        expect![[r#"
            for (likely): for i in xs
            stream-scope (likely): stream each
        "#]]
        .assert_eq(&script("(fold xs i (new $each (seq BODY (next i))) (null))"));
        expect![[r#"
            for-par (likely): for i in xs par
        "#]]
        .assert_eq(&script("(par (fold xs i (par BODY (next i)) (never)) (null))"));
        expect![[r#"
            for-rec (likely): for i in $xs rec
        "#]]
        .assert_eq(&script("(par (fold $xs i (par BODY (next i)) (never)) (null))"));
        expect![[r#"
            for-try (likely): for i in xs try
        "#]]
        .assert_eq(&script("(fold xs i (xor BODY (next i)) (null))"));
        expect![[r#"
            parseq (likely): for i in xs parseq
        "#]]
        .assert_eq(&script("(fold xs i (par BODY (next i)) (never))"));
        expect![[r#"
            for-map: for k, v in #%m_canon
        "#]]
        .assert_eq(&script(
            "(fold #%m_canon -iterable-
              (seq (seq (seq (ap -iterable-.$.key k) (ap -iterable-.$.value v)) BODY) (next -iterable-))
              (null))",
        ));
    }

    #[test]
    fn near_misses() {
        let none = |script: &str| {
            let kinds = [IdiomKind::For, IdiomKind::ForPar, IdiomKind::ForRec, IdiomKind::ForTry];
            assert!(!kinds.iter().any(|&kind| has(script, kind)), "{script}");
        };
        none("(fold xs i (seq (next i) (null)) (null))");
        none("(fold xs i (next i) (null))");
        none("(fold xs i (seq (ap i x) (next i)) (never))");
        none("(fold xs i (seq (ap i x) (next j)) (null))");
        assert!(!has("(fold xs i (seq (ap i.$.key k) (next i)))", IdiomKind::ForMap));
        assert!(!has("(fold xs i (par (next i) (ap i x)) (never))", IdiomKind::ParSeq));
    }
}
