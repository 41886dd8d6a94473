//! Methods of stream maps.

use super::Certainty::{Certain, Likely};
use super::PayloadRole::{Result, Value};
use super::shapes::{Op, Shapes};
use super::{Found, IdiomKind};
use crate::hir::{InstrId, InstrKind, OperandKind, Role};

/// `(canon P %m #%-m_canon)` and what follows: `get`, `contains` or `keys`.
pub(super) fn get(shapes: &Shapes<'_>, id: InstrId) -> Option<Found> {
    let (_, map, canon) = shapes.canon(id)?;
    let fits = matches!(map.operand.kind, OperandKind::StreamMap(_))
        && matches!(canon.operand.kind, OperandKind::CanonMap(_));
    let next = shapes.next_step(id).filter(|_| fits)?;
    keys(shapes, id, next, map, canon).or_else(|| key(shapes, id, next, map, canon))
}

/// `(ap "k" -m_idx)`, then uses of `#%-m_canon.$.[-m_idx]`; for `contains`, its length is compared with 0.
fn key(shapes: &Shapes<'_>, id: InstrId, next: InstrId, map: Op<'_>, canon: Op<'_>) -> Option<Found> {
    let (key, index) = shapes.ap(next)?;
    let plain = matches!(index.operand.kind, OperandKind::Scalar(_));
    if !plain || !shapes.base(index).ends_with("_idx") || !shapes.base(canon).ends_with("_canon") {
        return None;
    }
    let array = shapes.following(next).first().filter(|&&step| {
        shapes.ap(step).is_some_and(|(source, target)| {
            shapes.same_base(source, canon) && shapes.base(target).ends_with("_array")
        })
    });
    let (kind, method) =
        if array.is_some() { (IdiomKind::MapContains, "contains") } else { (IdiomKind::MapGet, "get") };
    let label = format!("{}.{method}({})", shapes.show_bare(map), shapes.show(key));
    let found = Found::new(kind, Certain, label).operand(Value, map).operand(Value, key);
    let last = array.copied().unwrap_or(next);
    Some(found.carried_by([next]).carried_by(array.copied()).until(shapes.hir, id, last))
}

/// A fold over the canon that pushes each `.$.key`.
fn keys(shapes: &Shapes<'_>, id: InstrId, next: InstrId, map: Op<'_>, canon: Op<'_>) -> Option<Found> {
    let mut fold = next;
    while shapes.is(fold, InstrKind::New) {
        fold = *shapes.steps(shapes.only(fold)?).first()?;
    }
    let iterable = shapes.op(fold, Role::Iterable).filter(|_| shapes.is(fold, InstrKind::Fold))?;
    let iterator = shapes.op(fold, Role::Iterator)?;
    let push = *shapes.steps(*shapes.children(fold).first()?).first()?;
    let (item, target) = shapes.ap(push)?;
    let fits = shapes.same(iterable, canon)
        && shapes.same_base(item, iterator)
        && shapes.is_field(item, "key")
        && matches!(target.operand.kind, OperandKind::Stream(_));
    let certain = if shapes.base(canon).ends_with("_canon") { Certain } else { Likely };
    let label = format!("{}.keys()", shapes.show_bare(map));
    let found = Found::new(IdiomKind::MapKeys, certain, label).operand(Value, map);
    fits.then(|| found.operand(Result, target).carried_by([next, fold, push]).until(shapes.hir, id, next))
}

/// `getStream` and `keysStream`: a detached loop over the map itself.
pub(super) fn collect(shapes: &Shapes<'_>, id: InstrId) -> Option<Found> {
    let (fold, null) = shapes.pair(id)?;
    let map = shapes.op(fold, Role::Iterable).filter(|_| shapes.is(fold, InstrKind::Fold))?;
    let iterator = shapes.op(fold, Role::Iterator)?;
    let [body, never] = shapes.children(fold) else { return None };
    let &[choice, next] = shapes.steps(*body) else { return None };
    let test = shapes.pair(choice).filter(|_| shapes.is(choice, InstrKind::Xor)).map(|(left, _)| left);
    let tested = test.filter(|&test| shapes.is(test, InstrKind::Match));
    let key = tested.and_then(|test| shapes.op(test, Role::Right));
    let push = match tested {
        Some(test) => shapes.only(test)?,
        None => choice,
    };
    let (item, target) = shapes.ap(push)?;
    let fits = matches!(map.operand.kind, OperandKind::StreamMap(_))
        && shapes.is(null, InstrKind::Null)
        && shapes.is(*never, InstrKind::Never)
        && shapes.is_next(next, iterator)
        && shapes.same_base(item, iterator)
        && shapes.is_field(item, if key.is_some() { "value" } else { "key" })
        && matches!(target.operand.kind, OperandKind::Stream(_));
    if !fits {
        return None;
    }
    let certain = if shapes.base(iterator).ends_with("_iter") { Certain } else { Likely };
    let map_name = shapes.show_bare(map);
    let label = match key {
        Some(key) => format!("{map_name}.getStream({})", shapes.show(key)),
        None => format!("{map_name}.keysStream()"),
    };
    let found = Found::new(IdiomKind::MapStream, certain, label).operand(Value, map).operand(Result, target);
    Some(found.carried_by([fold, null, choice, push, next, *never]).carried_by(test))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::IdiomKind;
    use super::super::testing::{found, has};

    #[test]
    fn methods() {
        let get = r#"(seq (canon "p" %m #%-m_canon) (ap "k" -m_idx))"#;
        expect![["map-get: m.get(\"k\")\n"]].assert_eq(&found(get));
        let contains = r#"
(seq
 (seq (canon "p" %m #%-m_canon) (ap "k" -m_idx))
 (ap #%-m_canon.$.[-m_idx] -m_array))"#;
        expect![["map-contains: m.contains(\"k\")\n"]].assert_eq(&found(contains));
        let keys = r#"
(seq
 (canon "p" %m #%-m_canon)
 (fold #%-m_canon -m_iter (seq (ap -m_iter.$.key $-m_stream) (next -m_iter))))"#;
        expect![["map-keys: m.keys()\n"]].assert_eq(&found(keys));
        let stream = r#"
(par
 (fold %m -m_iter
  (seq
   (xor (match -m_iter.$.key "k" (ap -m_iter.$.value $r)) (null))
   (next -m_iter))
  (never))
 (null))"#;
        expect![["map-stream: m.getStream(\"k\")\n"]].assert_eq(&found(stream));
        let values = stream.replace(".$.value", ".$.other");
        assert!(!has(&values, IdiomKind::MapStream));
        assert!(!has(r#"(seq (canon "p" %m #%c) (ap "k" x))"#, IdiomKind::MapGet));
        assert!(!has(&keys.replace("_iter.$.key", "_iter.$.value"), IdiomKind::MapKeys));
    }
}
