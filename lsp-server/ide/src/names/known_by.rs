//! Which peers come to know a variable's value: where it is set, and where the particle goes with it after that.

use air_analysis::Analysis;
use air_semantics::hir::{Hir, Instr, InstrId, InstrKind, OperandKind, Role};
use air_semantics::resolve::{Access, BindingId, BindingKind};

/// Places that are followed: what is set more often is known nearly everywhere.
const MAX_WRITES_FOLLOWED: usize = 64;

/// Peers that know a variable, as they are written in the script, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownBy<'h> {
    /// Where calls and canons set it.
    pub set: Vec<&'h str>,
    /// Where something runs after that, in text order. What may not run, like a handler, counts too.
    pub later: Vec<&'h str>,
}

/// The peers of calls and canons that set a variable or run after it is set: those after it in a `seq`, in the
/// handler of a `xor` and after a fold; not those in the other branch of a `par`. Values that a fold's body sets are
/// gone after the fold, those in streams are not. Linear in the script for each place that sets it.
pub fn known_by(analysis: &Analysis, id: BindingId) -> KnownBy<'_> {
    let (hir, resolution) = (analysis.hir(), analysis.resolution());
    let Some(binding) = resolution.binding(id) else { return KnownBy::default() };
    let stream = hir.name(binding.name).starts_with(['$', '%']);
    let mut set = Vec::new();
    let mut later = Vec::new();
    if let BindingKind::Iterator(fold) = binding.kind {
        let body = hir.instr(fold).map(|fold| hir.children_of(fold)).and_then(|children| children.first());
        later.extend(body.into_iter().flat_map(|body| within(hir, *body)));
    }
    let writes = resolution.occurrences_of(id).filter(|place| place.access == Access::Write);
    for write in writes.take(MAX_WRITES_FOLLOWED) {
        let Some(instr) = hir.instr(write.instr) else { continue };
        set.extend(peer(hir, instr));
        let (mut from, mut at) = (write.instr, instr.parent);
        while let Some((here, around)) = at.and_then(|at| Some((at, hir.instr(at)?))) {
            let ends = match around.kind {
                InstrKind::New => {
                    hir.operand(around, Role::Declared).is_some_and(|it| it.kind.name() == Some(binding.name))
                }
                InstrKind::Fold => !stream,
                _ => false,
            };
            if ends {
                break;
            }
            if matches!(around.kind, InstrKind::Seq | InstrKind::Xor | InstrKind::Fold) {
                let after = hir.children_of(around).iter().skip_while(|child| **child != from).skip(1);
                later.extend(after.flat_map(|child| within(hir, *child)));
            }
            (from, at) = (here, around.parent);
        }
    }
    later.sort_unstable_by_key(|(start, _)| *start);
    let mut known = KnownBy { set: Vec::new(), later: Vec::new() };
    for (_, peer) in set {
        if !known.set.contains(&peer) {
            known.set.push(peer);
        }
    }
    let mut seen: rustc_hash::FxHashSet<&str> = known.set.iter().copied().collect();
    known.later.extend(later.into_iter().map(|(_, peer)| peer).filter(|peer| seen.insert(peer)));
    known
}

/// Peers of calls and canons in an instruction, which stand in front of it in closing order.
fn within(hir: &Hir, id: InstrId) -> impl Iterator<Item = (u32, &str)> {
    let start = hir.instr(id).map(|instr| instr.range.start());
    let before = hir.instrs.get(..=id.0 as usize).unwrap_or_default().iter().rev();
    before.take_while(move |instr| Some(instr.range.start()) >= start).filter_map(|instr| peer(hir, instr))
}

fn peer<'h>(hir: &'h Hir, instr: &Instr) -> Option<(u32, &'h str)> {
    let peer = hir.operand(instr, Role::Peer)?;
    let text = if peer.kind == OperandKind::Literal { hir.literal(peer) } else { hir.text_at(peer.range) };
    Some((instr.range.start().into(), text))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(marked: &str, expected: Expect) {
        let offset = marked.find("$0").unwrap();
        let analysis = Analysis::new(marked.replacen("$0", "", 1));
        let place = analysis.resolution().at((offset as u32).into()).unwrap();
        let found = known_by(&analysis, place.binding);
        expected.assert_eq(&format!("set {:?} later {:?}\n", found.set, found.later));
    }

    #[test]
    fn after_it_and_in_handlers() {
        check(
            r#"(seq (call "before" ("" "") [])
 (xor (seq (call "a" ("" "") [] $0x) (par (call relay ("" "") []) (call "b" ("" "") [x]))) (call %init_peer_id% ("" "") [])))"#,
            expect![[r#"
                set ["a"] later ["relay", "b", "%init_peer_id%"]
            "#]],
        );
    }

    #[test]
    fn not_in_the_other_branch() {
        check(
            r#"(seq (par (seq (call "a" ("" "") [] $0x) (call "b" ("" "") [])) (call "c" ("" "") [])) (canon "d" $s #s))"#,
            expect![[r#"
                set ["a"] later ["b", "d"]
            "#]],
        );
    }

    #[test]
    fn what_a_fold_sets() {
        let script = |name: &str| {
            format!(
                r#"(seq (fold peers p (seq (call p ("" "") [] $0{name}) (next p))) (call "behind" ("" "") []))"#
            )
        };
        check(
            &script("x"),
            expect![[r#"
                set ["p"] later []
            "#]],
        );
        check(
            &script("$x"),
            expect![[r#"
                set ["p"] later ["behind"]
            "#]],
        );
        check(
            r#"(seq (fold peers $0p (seq (call p ("" "") []) (next p))) (call "behind" ("" "") []))"#,
            expect![[r#"
                set [] later ["p"]
            "#]],
        );
    }

    #[test]
    fn what_a_new_hides() {
        check(
            r#"(seq (new $s (seq (call "a" ("" "") [] $0$s) (canon "b" $s #s))) (call "c" ("" "") []))"#,
            expect![[r#"
                set ["a"] later ["b"]
            "#]],
        );
    }
}
