//! In which order a fold's body runs, which depends on where its `next` stands.

use air_semantics::hir::{Hir, InstrId, InstrKind, OperandKind, Role};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FoldOrder {
    /// `(seq X (next i))`
    OneByOne,
    /// `(seq (next i) X)`
    LastFirst,
    /// `(par X (next i))`
    AtOnce,
    /// `(xor X (next i))`
    UntilOneSucceeds,
    /// There is no `next`.
    FirstOnly,
}

impl FoldOrder {
    /// Continues the sentence "the body runs".
    pub(super) fn words(self) -> &'static str {
        match self {
            FoldOrder::OneByOne => "for one element after another",
            FoldOrder::LastFirst => "for one element after another, the last one first",
            FoldOrder::AtOnce => "for all elements at once",
            FoldOrder::UntilOneSucceeds => "for one element after another, until one succeeds",
            FoldOrder::FirstOnly => "for the first element only: there is no `next`",
        }
    }
}

/// The order of a fold. Linear in its body.
pub(super) fn fold_order(hir: &Hir, fold: InstrId) -> FoldOrder {
    let iterator = hir.instr(fold).and_then(|fold| hir.operand(fold, Role::Iterator));
    let Some(OperandKind::Scalar(name)) = iterator.map(|iterator| iterator.kind) else {
        return FoldOrder::FirstOnly;
    };
    let start = hir.instr(fold).map(|fold| fold.range.start());
    // What is inside stands before it.
    let inside = hir.instrs.get(..fold.0 as usize).unwrap_or_default().iter().enumerate().rev();
    let mut inside = inside.take_while(|(_, instr)| Some(instr.range.start()) > start);
    let next = inside.find(|(_, instr)| {
        instr.kind == InstrKind::Next
            && hir.operand(instr, Role::Iterator).and_then(|it| it.kind.name()) == Some(name)
    });
    let Some((next, instr)) = next else { return FoldOrder::FirstOnly };
    let mut order = FoldOrder::OneByOne;
    let (mut from, mut at) = (InstrId(next as u32), instr.parent);
    while let Some((id, around)) = at.and_then(|at| Some((at, hir.instr(at)?))).filter(|(id, _)| *id != fold)
    {
        let children = hir.children_of(around);
        let first = children.len() > 1 && children.first() == Some(&from);
        match around.kind {
            InstrKind::Par => return FoldOrder::AtOnce,
            InstrKind::Seq if first => order = FoldOrder::LastFirst,
            InstrKind::Xor if !first => order = FoldOrder::UntilOneSucceeds,
            _ => {}
        }
        (from, at) = (id, around.parent);
    }
    order
}

#[cfg(test)]
mod tests {
    use air_analysis::Analysis;

    use super::*;

    fn check(body: &str, expected: FoldOrder) {
        let analysis = Analysis::new(format!("(fold xs i {body})"));
        let hir = analysis.hir();
        assert_eq!(fold_order(hir, *hir.roots.first().unwrap()), expected, "{body}");
    }

    #[test]
    fn by_the_place_of_next() {
        check("(seq (ap i $s) (next i))", FoldOrder::OneByOne);
        check("(new $s (seq (ap i $s) (seq (null) (next i)))) (null)", FoldOrder::OneByOne);
        check("(next i)", FoldOrder::OneByOne);
        check("(seq (next i) (ap i $s))", FoldOrder::LastFirst);
        check("(par (seq (ap i $s) (null)) (next i))", FoldOrder::AtOnce);
        check("(par (next i) (ap i $s))", FoldOrder::AtOnce);
        check("(xor (call i (\"s\" \"f\") []) (next i))", FoldOrder::UntilOneSucceeds);
        check("(xor (seq (ap i $s) (next i)) (null))", FoldOrder::OneByOne);
        check("(seq (fold ys j (par (null) (next j))) (next i))", FoldOrder::OneByOne);
        check("(ap i $s)", FoldOrder::FirstOnly);
    }
}
