//! Gives an instruction a variable of its own.

use air_analysis::fresh::fresh;
use air_semantics::hir::{InstrKind, OperandKind};
use air_semantics::resolve::BindingKind;
use rustc_hash::FxHashSet;

use super::context::Context;
use super::draft::Draft;
use super::refactoring::{Behaviour, Kind, Refactoring};

pub(super) static REFACTORING: Refactoring = Refactoring {
    name: "wrap-in-new",
    kind: Kind::Rewrite,
    behaviour: Behaviour::Same,
    what: "Puts the instruction into a `new` of each stream or stream map that is used nowhere else. Inside of folds, \
           where every iteration would get a stream of its own, and where there is no such stream, it is a `new` of a \
           name not used yet.",
    example: "($0seq\n (ap 1 $all)\n (canon %init_peer_id% $all #all)\n)",
    offer,
};

/// More streams than this are not offered.
const MAX_STREAMS_OFFERED: usize = 3;

fn offer(context: &Context<'_>) -> Vec<Draft> {
    let Context { hir, instr, .. } = *context;
    if !context.whole(instr)
        || matches!(instr.kind, InstrKind::Next | InstrKind::Unknown)
        || !context.on_head()
    {
        return Vec::new();
    }
    let mut around = context.parent(instr);
    let mut in_fold = false;
    while let Some(outer) = around {
        in_fold |= outer.kind == InstrKind::Fold;
        around = context.parent(outer);
    }
    let mut names: Vec<String> = Vec::new();
    if !in_fold {
        let resolution = context.analysis.resolution();
        let mut seen = FxHashSet::default();
        for place in resolution.occurrences.iter().filter(|place| instr.range.contains_range(place.range)) {
            if names.len() == MAX_STREAMS_OFFERED || !seen.insert(place.binding) {
                continue;
            }
            let Some(binding) = resolution.binding(place.binding) else { continue };
            let operand = hir.operands.get(place.operand.0 as usize);
            let stream = operand.is_some_and(|operand| {
                matches!(operand.kind, OperandKind::Stream(_) | OperandKind::StreamMap(_))
                    && operand.range.start() == place.range.start()
            });
            let name = hir.name(binding.name);
            if stream
                && binding.kind == BindingKind::Script
                && resolution.occurrences_of(place.binding).all(|it| instr.range.contains_range(it.range))
            {
                names.push(name.to_owned());
            }
        }
    }
    if names.is_empty() {
        names.push(fresh(hir, "$", "stream"));
    }
    let drafts = names.into_iter().map(|name| {
        let text = format!("(new {name} {})", context.attached_text(instr));
        Draft::form(format!("Wrap in `new {name}`"), context.attached(instr), text, "(new ".len())
    });
    drafts.collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::refactor::testing::check;

    #[test]
    fn streams_of_its_own() {
        check(
            &REFACTORING,
            "(seq\n ($0seq (ap 1 $s) (seq (ap 2 $t) (ap 3 $u)))\n (canon \"p\" $t #t)\n)",
            expect![[r#"
                # Wrap in `new $s`
                (seq
                 (new $0$s
                  (seq
                   (ap 1 $s)
                   (seq
                    (ap 2 $t)
                    (ap 3 $u)
                   )
                  )
                 )
                 (canon "p" $t #t)
                )
                # Wrap in `new $u`
                (seq
                 (new $0$u
                  (seq
                   (ap 1 $s)
                   (seq
                    (ap 2 $t)
                    (ap 3 $u)
                   )
                  )
                 )
                 (canon "p" $t #t)
                )
            "#]],
        );
    }

    #[test]
    fn iterations_keep_their_common_stream() {
        check(
            &REFACTORING,
            "(fold [] i (seq (a$0p i $s) (next i)))",
            expect![[r#"
                # Wrap in `new $stream`
                (fold [] i (seq (new $0$stream
                                 (ap i $s)
                                ) (next i)))
            "#]],
        );
    }
}
