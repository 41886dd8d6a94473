//! `for`, in its six forms.

use super::Certainty::{self, Certain, Likely};
use super::PayloadRole::{Body, Iterator as Item, Value};
use super::shapes::{Op, Shapes};
use super::{Found, IdiomKind};
use crate::hir::{InstrId, InstrKind, OperandKind, Role};

/// A `fold` and its parts; the body without the `new`s around it.
struct Loop<'h> {
    iterable: Op<'h>,
    iterator: Op<'h>,
    body: InstrId,
    last: Option<InstrId>,
}

fn fold<'h>(shapes: &Shapes<'h>, id: InstrId) -> Option<Loop<'h>> {
    if !shapes.is(id, InstrKind::Fold) {
        return None;
    }
    let (mut body, last) = match shapes.children(id) {
        [body] => (*body, None),
        [body, last] => (*body, Some(*last)),
        _ => return None,
    };
    // A stream declared in the body: its `new` covers the `next`, yet each step has its own.
    while shapes.is(body, InstrKind::New) {
        body = shapes.only(body)?;
    }
    let iterable = shapes.op(id, Role::Iterable)?;
    Some(Loop { iterable, iterator: shapes.op(id, Role::Iterator)?, body, last })
}

impl<'h> Loop<'h> {
    fn found(&self, shapes: &Shapes<'_>, kind: IdiomKind, certainty: Certainty, how: &str) -> Found {
        let item = shapes.show(self.iterator);
        let label = format!("for {item} in {}{how}", shapes.show(self.iterable));
        Found::new(kind, certainty, label)
            .operand(Value, self.iterable)
            .operand(Item, self.iterator)
            .carried_by(self.last)
    }

    /// `(par BODY (next i))` or `(xor BODY (next i))`: the body and the `next`.
    fn branches(&self, shapes: &Shapes<'h>, kind: InstrKind) -> Option<(InstrId, InstrId)> {
        let (body, next) = shapes.pair(self.body).filter(|_| shapes.is(self.body, kind))?;
        shapes.is_next(next, self.iterator).then_some((body, next))
    }

    fn is_stream(&self) -> bool {
        matches!(self.iterable.operand.kind, OperandKind::Stream(_) | OperandKind::StreamMap(_))
    }

    fn ends_with(&self, shapes: &Shapes<'_>, kind: InstrKind) -> bool {
        self.last.is_none_or(|last| shapes.is(last, kind))
    }
}

fn certainty(shapes: &Shapes<'_>) -> Certainty {
    if shapes.compiled() { Certain } else { Likely }
}

/// `(fold X i (seq BODY (next i)) (null))`
pub(super) fn for_each(shapes: &Shapes<'_>, id: InstrId) -> Option<Found> {
    let parts = fold(shapes, id)?;
    let (&next, body) = shapes.steps(parts.body).split_last()?;
    if body.is_empty() || !shapes.is_next(next, parts.iterator) || !parts.ends_with(shapes, InstrKind::Null) {
        return None;
    }
    let found = parts.found(shapes, IdiomKind::For, certainty(shapes), "").carried_by([next]);
    Some(body.iter().fold(found, |found, &step| found.body(shapes.hir, Body, step)))
}

/// `(fold M -iterable- (seq (ap -iterable-.$.key k) (ap -iterable-.$.value v) BODY (next -iterable-)))`
pub(super) fn over_map(shapes: &Shapes<'_>, id: InstrId) -> Option<Found> {
    let parts = fold(shapes, id)?;
    let steps = match shapes.branches_of(parts.body) {
        Some(left) => shapes.steps(left),
        None => shapes.steps(parts.body),
    };
    let (key, value) = (*steps.first()?, *steps.get(1)?);
    let (from, key_name) = shapes.ap(key)?;
    let (and_from, value_name) = shapes.ap(value)?;
    let fits = shapes.same_base(from, parts.iterator)
        && shapes.is_field(from, "key")
        && shapes.same_base(and_from, parts.iterator)
        && shapes.is_field(and_from, "value");
    if !fits {
        return None;
    }
    let certain = if shapes.base(parts.iterator) == "-iterable-" { Certain } else { Likely };
    let names = format!("{}, {}", shapes.show(key_name), shapes.show(value_name));
    let label = format!("for {names} in {}", shapes.show(parts.iterable));
    let mut found = Found::new(IdiomKind::ForMap, certain, label)
        .operand(Value, parts.iterable)
        .operand(Item, key_name)
        .operand(Item, value_name)
        .carried_by([key, value])
        .carried_by(parts.last);
    for &step in steps.get(2..).unwrap_or_default() {
        found = if shapes.is_next(step, parts.iterator) {
            found.carried_by([step])
        } else {
            found.body(shapes.hir, Body, step)
        };
    }
    Some(found)
}

/// `(fold X i (xor BODY (next i)) (null))`
pub(super) fn for_try(shapes: &Shapes<'_>, id: InstrId) -> Option<Found> {
    let parts = fold(shapes, id)?;
    let (body, next) = parts.branches(shapes, InstrKind::Xor)?;
    if !parts.ends_with(shapes, InstrKind::Null) {
        return None;
    }
    let found = parts.found(shapes, IdiomKind::ForTry, certainty(shapes), " try");
    Some(found.carried_by([parts.body, next]).body(shapes.hir, Body, body))
}

/// `(fold X i (par BODY (next i)) (never))` without a `par` that detaches it; older compilers leave
/// out the `never`, and then it is a `for par` that is waited for.
pub(super) fn parseq(shapes: &Shapes<'_>, id: InstrId) -> Option<Found> {
    let parts = fold(shapes, id)?;
    let (body, next) = parts.branches(shapes, InstrKind::Par)?;
    let never = parts.last.is_some_and(|last| shapes.is(last, InstrKind::Never));
    if !never && !parts.ends_with(shapes, InstrKind::Null) {
        return None;
    }
    let (kind, how) = if never { (IdiomKind::ParSeq, " parseq") } else { (IdiomKind::ForPar, " par") };
    let found = parts.found(shapes, kind, if never { certainty(shapes) } else { Likely }, how);
    Some(found.carried_by([parts.body, next]).body(shapes.hir, Body, body))
}

/// `(par (fold X i (par BODY (next i)) (never)) (null))`, perhaps with a canon before the fold.
pub(super) fn for_par(shapes: &Shapes<'_>, id: InstrId) -> Option<Found> {
    let (detached, null) = shapes.pair(id)?;
    if !shapes.is(null, InstrKind::Null) {
        return None;
    }
    let mut inner = detached;
    while shapes.is(inner, InstrKind::New) {
        inner = shapes.only(inner)?;
    }
    let (&fold_id, before) = shapes.steps(inner).split_last()?;
    if !before.iter().all(|&step| shapes.is(step, InstrKind::Canon) || shapes.is(step, InstrKind::Ap)) {
        return None;
    }
    let parts = fold(shapes, fold_id)?;
    let (body, next) = parts.branches(shapes, InstrKind::Par)?;
    if !parts.ends_with(shapes, InstrKind::Never) && !parts.ends_with(shapes, InstrKind::Null) {
        return None;
    }
    let (kind, how) =
        if parts.is_stream() { (IdiomKind::ForRec, " rec") } else { (IdiomKind::ForPar, " par") };
    let found = parts.found(shapes, kind, certainty(shapes), how);
    Some(found.carried_by([null, fold_id, parts.body, next]).body(shapes.hir, Body, body))
}

impl Shapes<'_> {
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
