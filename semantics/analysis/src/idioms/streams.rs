//! Streams: where they live and what goes in.

use air_semantics::hir::{InstrId, OperandKind, Role};

use super::Certainty::{Certain, Likely};
use super::PayloadRole::{Body, Peer, Result, Value};
use super::patterns::Patterns;
use super::{IdiomKind, Recognition};

/// `(new $S BODY)`
pub(super) fn scope(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let declared = patterns.op(id, Role::Declared)?;
    if !matches!(declared.operand.kind, OperandKind::Stream(_)) {
        return None;
    }
    let certain = if patterns.compiled() { Certain } else { Likely };
    let label = format!("stream {}", patterns.show_bare(declared));
    let found = Recognition::new(IdiomKind::StreamScope, certain, label).operand(Result, declared);
    Some(found.body(patterns.hir, Body, patterns.only(id)?))
}

/// `(ap X $S)`
pub(super) fn push(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let (value, stream) = patterns.ap(id)?;
    if !matches!(stream.operand.kind, OperandKind::Stream(_)) {
        return None;
    }
    let certain = if patterns.compiled() { Certain } else { Likely };
    let label = format!("{} << {}", patterns.show_bare(stream), patterns.show(value));
    Some(Recognition::new(IdiomKind::Push, certain, label).operand(Value, value).operand(Result, stream))
}

/// `(canon P $A #push-to-stream-N)` and `(ap #push-to-stream-N $S)` next to it: one array is pushed.
pub(super) fn push_stream(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let (peer, from, canon) = patterns.canon(id)?;
    let next = patterns.next_step(id)?;
    let (source, stream) = patterns.ap(next)?;
    let fits = matches!(from.operand.kind, OperandKind::Stream(_))
        && patterns.same(source, canon)
        && matches!(stream.operand.kind, OperandKind::Stream(_));
    if !fits {
        return None;
    }
    let certain = if patterns.base(canon) == "push-to-stream" { Certain } else { Likely };
    let label = format!("{} << array of {}", patterns.show_bare(stream), patterns.show_bare(from));
    let found =
        Recognition::new(IdiomKind::PushStream, certain, label).operand(Peer, peer).operand(Value, from);
    Some(found.operand(Result, stream).carried_by([next]).until(patterns.hir, id, next))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::IdiomKind;
    use super::super::testing::{found, has};

    #[test]
    fn scope_and_pushes() {
        let script = r#"
(new $res
 (seq
  (ap -user-arg-.$.id $res)
  (seq (canon "p" $res #push-to-stream-0) (ap #push-to-stream-0 $all))))"#;
        expect![[r#"
            stream-scope: stream res
            push: res << user.id
            push-stream: all << array of res
        "#]]
        .assert_eq(&found(script));
        assert!(!has("(new #c (null))", IdiomKind::StreamScope));
        assert!(!has("(ap 1 x)", IdiomKind::Push));
        assert!(!has(r#"(seq (canon "p" $a #c) (ap 1 $b))"#, IdiomKind::PushStream));
    }
}
