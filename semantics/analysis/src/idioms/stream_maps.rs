//! Methods of stream maps.

use air_semantics::hir::{InstrId, InstrKind, OperandKind, Role};

use super::Certainty::{Certain, Likely};
use super::PayloadRole::{Result, Value};
use super::patterns::{Op, Patterns};
use super::{IdiomKind, Recognition};

/// `(canon P %m #%-m_canon)` and what follows: `get`, `contains` or `keys`.
pub(super) fn get(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let (_, map, canon) = patterns.canon(id)?;
    let fits = matches!(map.operand.kind, OperandKind::StreamMap(_))
        && matches!(canon.operand.kind, OperandKind::CanonMap(_));
    let next = patterns.next_step(id).filter(|_| fits)?;
    keys(patterns, id, next, map, canon).or_else(|| key(patterns, id, next, map, canon))
}

/// `(ap "k" -m_idx)`, then uses of `#%-m_canon.$.[-m_idx]`; for `contains`, its length is compared with 0.
fn key(
    patterns: &Patterns<'_>,
    id: InstrId,
    next: InstrId,
    map: Op<'_>,
    canon: Op<'_>,
) -> Option<Recognition> {
    let (key, index) = patterns.ap(next)?;
    let plain = matches!(index.operand.kind, OperandKind::Scalar(_));
    if !plain || !patterns.base(index).ends_with("_idx") || !patterns.base(canon).ends_with("_canon") {
        return None;
    }
    let array = patterns.following(next).first().filter(|&&step| {
        patterns.ap(step).is_some_and(|(source, target)| {
            patterns.same_base(source, canon) && patterns.base(target).ends_with("_array")
        })
    });
    let (kind, method) =
        if array.is_some() { (IdiomKind::MapContains, "contains") } else { (IdiomKind::MapGet, "get") };
    let label = format!("{}.{method}({})", patterns.show_bare(map), patterns.show(key));
    let found = Recognition::new(kind, Certain, label).operand(Value, map).operand(Value, key);
    let last = array.copied().unwrap_or(next);
    Some(found.carried_by([next]).carried_by(array.copied()).until(patterns.hir, id, last))
}

/// A fold over the canon that pushes each `.$.key`.
fn keys(
    patterns: &Patterns<'_>,
    id: InstrId,
    next: InstrId,
    map: Op<'_>,
    canon: Op<'_>,
) -> Option<Recognition> {
    let mut fold = next;
    while patterns.is(fold, InstrKind::New) {
        fold = *patterns.steps(patterns.only(fold)?).first()?;
    }
    let iterable = patterns.op(fold, Role::Iterable).filter(|_| patterns.is(fold, InstrKind::Fold))?;
    let iterator = patterns.op(fold, Role::Iterator)?;
    let push = *patterns.steps(*patterns.children(fold).first()?).first()?;
    let (item, target) = patterns.ap(push)?;
    let fits = patterns.same(iterable, canon)
        && patterns.same_base(item, iterator)
        && patterns.is_field(item, "key")
        && matches!(target.operand.kind, OperandKind::Stream(_));
    let certain = if patterns.base(canon).ends_with("_canon") { Certain } else { Likely };
    let label = format!("{}.keys()", patterns.show_bare(map));
    let found = Recognition::new(IdiomKind::MapKeys, certain, label).operand(Value, map);
    fits.then(|| found.operand(Result, target).carried_by([next, fold, push]).until(patterns.hir, id, next))
}

/// `getStream` and `keysStream`: a detached loop over the map itself.
pub(super) fn collect(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let (fold, null) = patterns.pair(id)?;
    let map = patterns.op(fold, Role::Iterable).filter(|_| patterns.is(fold, InstrKind::Fold))?;
    let iterator = patterns.op(fold, Role::Iterator)?;
    let [body, never] = patterns.children(fold) else { return None };
    let &[choice, next] = patterns.steps(*body) else { return None };
    let test = patterns.pair(choice).filter(|_| patterns.is(choice, InstrKind::Xor)).map(|(left, _)| left);
    let tested = test.filter(|&test| patterns.is(test, InstrKind::Match));
    let key = tested.and_then(|test| patterns.op(test, Role::Right));
    let push = match tested {
        Some(test) => patterns.only(test)?,
        None => choice,
    };
    let (item, target) = patterns.ap(push)?;
    let fits = matches!(map.operand.kind, OperandKind::StreamMap(_))
        && patterns.is(null, InstrKind::Null)
        && patterns.is(*never, InstrKind::Never)
        && patterns.is_next(next, iterator)
        && patterns.same_base(item, iterator)
        && patterns.is_field(item, if key.is_some() { "value" } else { "key" })
        && matches!(target.operand.kind, OperandKind::Stream(_));
    if !fits {
        return None;
    }
    let certain = if patterns.base(iterator).ends_with("_iter") { Certain } else { Likely };
    let map_name = patterns.show_bare(map);
    let label = match key {
        Some(key) => format!("{map_name}.getStream({})", patterns.show(key)),
        None => format!("{map_name}.keysStream()"),
    };
    let found =
        Recognition::new(IdiomKind::MapStream, certain, label).operand(Value, map).operand(Result, target);
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
