//! What is made of a stream once its content is fixed.

use air_semantics::hir::{InstrId, Lens, OperandKind, Role};

use super::Certainty::{self, Certain, Likely};
use super::PayloadRole::{Peer, Result, Value};
use super::patterns::{Op, Patterns};
use super::{IdiomKind, Recognition};

/// `(canon P $S #-S-fix-0)` and `(ap #-S-fix-0 -S-flat-0)` next to it.
pub(super) fn stream_return(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let (peer, stream, canon) = canon_of_stream(patterns, id)?;
    let next = patterns.next_step(id)?;
    let (source, target) = patterns.ap(next)?;
    let fits = patterns.same(source, canon) && matches!(target.operand.kind, OperandKind::Scalar(_));
    let base = patterns.base(canon);
    let named = base.ends_with("-fix") || patterns.base(target).ends_with("_flatten");
    let label = snapshot_label(patterns, target, stream, peer);
    let found = Recognition::new(IdiomKind::StreamReturn, certain_if(named), label)
        .operand(Peer, peer)
        .operand(Value, stream)
        .operand(Result, target)
        .carried_by([next])
        .until(patterns.hir, id, next);
    fits.then_some(found)
}

/// `(canon P $S #S_to_functor)` and `(ap #S_to_functor.length S_length)` next to it.
pub(super) fn length(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let (peer, stream, canon) = canon_of_stream(patterns, id)?;
    let next = patterns.next_step(id)?;
    let found = length_of(patterns, id, next, stream, canon)?;
    Some(found.operand(Peer, peer))
}

/// The same for arrays: `(ap x x_to_functor)` and `(ap x_to_functor.length x_length)`.
pub(super) fn array_length(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let (array, copy) = patterns.ap(id)?;
    if !matches!(copy.operand.kind, OperandKind::Scalar(_)) || !patterns.base(copy).ends_with("_to_functor") {
        return None;
    }
    length_of(patterns, id, patterns.next_step(id)?, array, copy)
}

fn length_of(
    patterns: &Patterns<'_>,
    id: InstrId,
    next: InstrId,
    of: Op<'_>,
    copy: Op<'_>,
) -> Option<Recognition> {
    let (source, target) = patterns.ap(next)?;
    if source.operand.lens != Some(Lens::Length) || !patterns.same_base(source, copy) {
        return None;
    }
    let named = patterns.base(copy).ends_with("_to_functor");
    let label = format!("{} = {}.length", patterns.show(target), patterns.show(of));
    let found = Recognition::new(IdiomKind::Length, certain_if(named), label).operand(Value, of);
    Some(found.operand(Result, target).carried_by([next]).until(patterns.hir, id, next))
}

/// `(canon P $S #S_canon)`: the content is fixed for use as an array.
pub(super) fn freeze(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let (peer, stream, canon) = canon_of_stream(patterns, id)?;
    let named = patterns.base(canon).ends_with("_canon");
    let label = snapshot_label(patterns, canon, stream, peer);
    let found = Recognition::new(IdiomKind::Freeze, certain_if(named), label);
    Some(found.operand(Peer, peer).operand(Value, stream).operand(Result, canon))
}

/// `(canon P %m x)`
pub(super) fn map_to_object(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let (peer, map, object) = patterns.canon(id)?;
    let fits = matches!(map.operand.kind, OperandKind::StreamMap(_))
        && matches!(object.operand.kind, OperandKind::Scalar(_));
    let label = format!("{} = object of {}", patterns.show(object), patterns.show(map));
    let found = Recognition::new(IdiomKind::MapToObject, Likely, label);
    fits.then(|| found.operand(Peer, peer).operand(Value, map).operand(Result, object))
}

fn canon_of_stream<'h>(patterns: &Patterns<'h>, id: InstrId) -> Option<(Op<'h>, Op<'h>, Op<'h>)> {
    patterns.canon(id).filter(|(_, source, target)| {
        matches!(source.operand.kind, OperandKind::Stream(_))
            && matches!(target.operand.kind, OperandKind::Canon(_))
            && target.operand.role == Role::Target
    })
}

fn snapshot_label(patterns: &Patterns<'_>, result: Op<'_>, stream: Op<'_>, peer: Op<'_>) -> String {
    format!("{} = snapshot of {} on {}", patterns.show(result), patterns.show(stream), patterns.show(peer))
}

fn certain_if(named: bool) -> Certainty {
    if named { Certain } else { Likely }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::IdiomKind;
    use super::super::testing::{found, has};

    #[test]
    fn what_is_made_of_a_stream() {
        let script = r#"
(seq
 (seq
  (seq (canon "p" $res #-res-fix-0) (ap #-res-fix-0 -res-flat-0))
  (canon "p" $res #res_canon))
 (seq
  (seq (canon "p" $log #log_to_functor) (ap #log_to_functor.length log_length))
  (seq
   (seq (ap xs xs_to_functor) (ap xs_to_functor.length xs_length))
   (canon "p" %map object))))"#;
        expect![[r#"
            stream-return: res = snapshot of $res on "p"
            freeze: #res_canon = snapshot of $res on "p"
            length: log_length = $log.length
            length: xs_length = xs.length
            map-to-object (likely): object = object of %map
        "#]]
        .assert_eq(&found(script));
    }

    #[test]
    fn near_misses() {
        let other = r#"(seq (canon "p" $s #c) (ap #d x))"#;
        assert!(!has(other, IdiomKind::StreamReturn));
        let apart = r#"(seq (canon "p" $s #c) (par (ap #c x) (null)))"#;
        assert!(!has(apart, IdiomKind::StreamReturn));
        assert!(!has("(seq (ap xs ys) (ap ys.length n))", IdiomKind::Length));
        assert!(!has(r#"(canon "p" %m #%c)"#, IdiomKind::MapToObject));
        assert!(!has(r#"(canon "p" %m #%c)"#, IdiomKind::Freeze));
    }
}
