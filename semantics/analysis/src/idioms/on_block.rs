//! `on P via R: …`: errors inside return to the caller's peer and go on there.

use air_semantics::hir::{InstrId, InstrKind, OperandKind, Role};

use super::Certainty::{Certain, Likely};
use super::PayloadRole::{Body, Peer, Value};
use super::patterns::{Op, Patterns};
use super::{IdiomKind, Recognition};

/// `(xor BODY (seq HOP… (fail :error:)))`
pub(super) fn on_block(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let (body, handler) = patterns.pair(id)?;
    let steps = patterns.steps(handler);
    let (fail, hops) = steps.split_last()?;
    let error = patterns.op(*fail, Role::Failure).filter(|_| patterns.is(*fail, InstrKind::Fail))?;
    if !patterns.is_error(error) || !hops.iter().all(|&hop| super::hop::moves(patterns, hop)) {
        return None;
    }
    let peer = common_peer(patterns, body);
    let label = peer.map_or_else(|| "on …".to_owned(), |peer| format!("on {}", patterns.show(peer)));
    let certain = if patterns.compiled() { Certain } else { Likely };
    let mut found = Recognition::new(IdiomKind::OnBlock, certain, label).carried_by(steps.iter().copied());
    if let Some(peer) = peer {
        found = found.operand(Peer, peer);
    }
    Some(found.body(patterns.hir, Body, body))
}

/// The peer of all calls directly in the body, except those of the initiator: the template does not
/// carry the block's peer, so this is a guess. What is tried in the body belongs to it; a block in it
/// does not.
fn common_peer<'h>(patterns: &Patterns<'h>, body: InstrId) -> Option<Op<'h>> {
    let tried = |&step: &InstrId| match patterns.pair(step) {
        Some((left, right)) if patterns.is(step, InstrKind::Xor) && !ends_in_fail(patterns, right) => {
            patterns.steps(left)
        }
        _ => &[],
    };
    let steps = patterns.steps(body);
    let calls = steps.iter().chain(steps.iter().flat_map(tried));
    let mut peers = calls
        .filter(|&&step| patterns.is(step, InstrKind::Call))
        .filter_map(|&call| patterns.op(call, Role::Peer))
        .filter(|peer| peer.operand.kind != OperandKind::InitPeerId);
    let first = peers.next()?;
    let text = patterns.hir.text_at(first.operand.range);
    peers.all(|peer| patterns.hir.text_at(peer.operand.range) == text).then_some(first)
}

fn ends_in_fail(patterns: &Patterns<'_>, id: InstrId) -> bool {
    patterns.steps(id).last().is_some_and(|&last| patterns.is(last, InstrKind::Fail))
}

/// `(fail :error:)` and the like. The compiler never emits `fail` with a code.
pub(super) fn rethrow(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let error = patterns.op(id, Role::Failure)?;
    let named = matches!(patterns.base(error), "-if-error-" | "-if-else-error-");
    if !named && !patterns.is_error(error) {
        return None;
    }
    let certain = if named || patterns.compiled() { Certain } else { Likely };
    Some(Recognition::new(IdiomKind::Rethrow, certain, "rethrow".to_owned()).operand(Value, error))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::IdiomKind;
    use super::super::testing::{found, has};

    #[test]
    fn errors_return_to_the_caller() {
        let script = r#"
(xor
 (seq
  (new $-hop- (new #-hopc- (canon -relay- $-hop- #-hopc-)))
  (seq (call peer-0 ("s" "f") [] x) (call peer-0 ("s" "g") [x])))
 (seq
  (new $-hop- (new #-hopc- (canon %init_peer_id% $-hop- #-hopc-)))
  (fail :error:)))"#;
        expect![[r#"
            on: on peer
            hop: hop -relay-
              hop: hop %init_peer_id%
              rethrow: rethrow
        "#]]
        .assert_eq(&found(script));
        // Two peers: the label does not guess.
        let two = r#"(xor (seq (call a ("s" "f") []) (call b ("s" "f") [])) (fail :error:))"#;
        expect![[r#"
            on (likely): on …
              rethrow (likely): rethrow
        "#]]
        .assert_eq(&found(two));
    }

    #[test]
    fn what_is_tried_tells_the_peer() {
        let script = r#"(xor (xor (call a ("s" "f") []) (null)) (fail :error:))"#;
        assert!(found(script).starts_with("on (likely): on a\n"));
        let inner = r#"(xor (xor (call a ("s" "f") []) (fail :error:)) (fail :error:))"#;
        assert!(found(inner).starts_with("on (likely): on …\n"));
    }

    #[test]
    fn near_misses() {
        let call = r#"(xor (null) (seq (call "p" ("s" "f") []) (fail :error:)))"#;
        assert!(!has(call, IdiomKind::OnBlock));
        assert!(!has("(xor (null) (fail x))", IdiomKind::OnBlock));
        assert!(!has(r#"(fail 5 "x")"#, IdiomKind::Rethrow));
        assert!(!has("(fail x)", IdiomKind::Rethrow));
    }
}
