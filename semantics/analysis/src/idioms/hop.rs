//! Moving from peer to peer.

use air_semantics::hir::{InstrId, InstrKind, Role};

use super::Certainty::{Certain, Likely};
use super::PayloadRole::{Peer, Value};
use super::hop_canon::hop_canon;
use super::patterns::{Op, Patterns};
use super::{IdiomKind, Recognition};

/// `(new $-hop- (new #-hopc- (canon P $-hop- #-hopc-)))`
///
/// The shape is the one that AquaVM's beautifier prints as `hopon P`.
pub(super) fn hop(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let peer = hop_peer(patterns, id)?;
    let stream = patterns.op(id, Role::Declared)?;
    let names = ["-hop-", "-ephemeral-stream-", "hop-stream-drop"];
    let certain = names.contains(&patterns.base(stream));
    let inner = patterns.only(id)?;
    let label = format!("hop {}", patterns.show(peer));
    let found = Recognition::new(IdiomKind::Hop, if certain { Certain } else { Likely }, label);
    Some(found.operand(Peer, peer).carried_by([inner]).carried_by(patterns.only(inner)))
}

fn hop_peer<'h>(patterns: &Patterns<'h>, id: InstrId) -> Option<Op<'h>> {
    hop_canon(patterns.hir, patterns.instr(id)?)?;
    patterns.op(patterns.only(patterns.only(id)?)?, Role::Peer)
}

/// `(call P ("op" "noop") [])`, the hop of older compilers. Users write it, too.
pub(super) fn service_hop(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let peer = service_hop_peer(patterns, id)?;
    let label = format!("hop {} (by service)", patterns.show(peer));
    Some(Recognition::new(IdiomKind::HopService, Likely, label).operand(Peer, peer))
}

fn service_hop_peer<'h>(patterns: &Patterns<'h>, id: InstrId) -> Option<Op<'h>> {
    let idle = matches!(patterns.called(id)?, ("op", "noop" | "identity"));
    let bare = patterns.no_arguments(id) && patterns.op(id, Role::Output).is_none();
    patterns.op(id, Role::Peer).filter(|_| idle && bare)
}

/// `(fold LIST -via-peer- (seq HOP(-via-peer-) (next -via-peer-)) (null))`, or the way back.
pub(super) fn via_list(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let via = via(patterns, id)?;
    let list = patterns.op(id, Role::Iterable)?;
    let iterator = patterns.op(id, Role::Iterator)?;
    let certain = if patterns.base(iterator).starts_with("-via-peer-") { Certain } else { Likely };
    let (kind, back) = if via.back { (IdiomKind::ViaBack, " back") } else { (IdiomKind::Via, "") };
    let found = Recognition::new(kind, certain, format!("hop{back} through each of {}", patterns.show(list)));
    Some(found.operand(Value, list).carried_by([via.hop, via.next]).carried_by(via.last))
}

struct Via {
    back: bool,
    hop: InstrId,
    next: InstrId,
    last: Option<InstrId>,
}

fn via(patterns: &Patterns<'_>, id: InstrId) -> Option<Via> {
    if !patterns.is(id, InstrKind::Fold) {
        return None;
    }
    let (body, last) = match patterns.children(id) {
        [body] => (*body, None),
        [body, last] if patterns.is(*last, InstrKind::Null) => (*body, Some(*last)),
        _ => return None,
    };
    let iterator = patterns.op(id, Role::Iterator)?;
    let &[first, second] = patterns.steps(body) else { return None };
    let back = patterns.is_next(first, iterator);
    let (hop, next) = if back { (second, first) } else { (first, second) };
    let peer = hop_peer(patterns, hop).or_else(|| service_hop_peer(patterns, hop))?;
    let fits = patterns.same(peer, iterator) && patterns.is_next(next, iterator);
    fits.then_some(Via { back, hop, next, last })
}

/// Whether the instruction only moves execution: a hop of any kind.
pub(super) fn moves(patterns: &Patterns<'_>, id: InstrId) -> bool {
    hop_peer(patterns, id).is_some()
        || service_hop_peer(patterns, id).is_some()
        || via(patterns, id).is_some()
}

/// The only step of the instruction that is not a hop.
pub(super) fn sole(patterns: &Patterns<'_>, id: InstrId) -> Option<InstrId> {
    let mut steps = patterns.steps(id).iter().copied().filter(|&step| !moves(patterns, step));
    let step = steps.next()?;
    steps.next().is_none().then_some(step)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::IdiomKind;
    use super::super::testing::{found, has};

    #[test]
    fn hops_of_all_ages() {
        let script = r#"
(seq
 (seq
  (new $-hop- (new #-hopc- (canon -relay- $-hop- #-hopc-)))
  (new $any (new #thing (canon "p" $any #thing))))
 (seq
  (call -relay- ("op" "noop") [])
  (seq
   (fold list -via-peer-
    (seq (new $-hop- (new #-hopc- (canon -via-peer- $-hop- #-hopc-))) (next -via-peer-))
    (null))
   (fold list w (seq (next w) (call w ("op" "identity") []))))))"#;
        expect![[r#"
            hop: hop -relay-
            hop (likely): hop "p"
            hop-service (likely): hop -relay- (by service)
            via: hop through each of list
              hop: hop -via-peer-
            via-back (likely): hop back through each of list
              hop-service (likely): hop w (by service)
        "#]]
        .assert_eq(&found(script));
    }

    #[test]
    fn near_misses() {
        for script in [
            "(new #c (new $s (canon \"p\" $s #c)))",
            "(new %s (new #%c (canon \"p\" %s #%c)))",
            "(new $s (new #c (seq (canon \"p\" $s #c) (null))))",
            "(new $s (new #cc (canon #cc.$.[0] $s #cc)))",
            "(new $s (new #c (canon \"p\" $s #c (ap 1 x))))",
        ] {
            assert!(!has(script, IdiomKind::Hop), "{script}");
        }
        assert!(!has(r#"(call "p" ("op" "noop") [x])"#, IdiomKind::HopService));
        assert!(!has(r#"(call "p" ("op" "identity") [] x)"#, IdiomKind::HopService));
        assert!(!has(r#"(fold l i (seq (call other ("op" "noop") []) (next i)))"#, IdiomKind::Via));
    }
}
