//! Which instruction fits what already stands in its brackets.

use air_semantics::hir::InstrKind;
use air_syntax::OperandPosition::{self as At, *};
use air_syntax::SyntaxKind;

use crate::cursor_context::{Slot, SlotKind};

/// How well an instruction fits, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// All that it needs is there, and nothing else.
    Whole,
    /// What is there is its beginning.
    Begun,
    /// Something else is there.
    Not,
}

/// What an instruction has at a place.
enum Part {
    Operand(At),
    /// `(service function)`, `(key value)`
    Pair,
    Arguments,
    Instruction,
}

use Part::{Arguments as List, Instruction as Child, Operand as Op, Pair as Two};

/// The forms of an instruction, longer ones last.
fn forms(kind: InstrKind) -> &'static [&'static [Part]] {
    match kind {
        InstrKind::Call => &[&[Op(Peer), Two, List], &[Op(Peer), Two, List, Op(Output)]],
        InstrKind::Canon => {
            &[&[Op(Peer), Op(CanonSource), Op(CanonTarget)], &[Op(Peer), Op(CanonSource), Op(CanonMapTarget)]]
        }
        InstrKind::Ap => &[&[Op(ApSource), Op(ApTarget)], &[Two, Op(MapTarget)]],
        InstrKind::Seq | InstrKind::Par | InstrKind::Xor => &[&[Child, Child]],
        InstrKind::Never | InstrKind::Null => &[&[]],
        InstrKind::New => &[&[Op(NewName), Child]],
        InstrKind::Fail => &[&[Op(Failure)], &[Op(Failure), Op(FailText)]],
        InstrKind::Fold => {
            &[&[Op(Iterable), Op(Iterator), Child], &[Op(Iterable), Op(Iterator), Child, Child]]
        }
        InstrKind::Next => &[&[Op(NextIterator)]],
        InstrKind::Match | InstrKind::Mismatch => &[&[Op(Left), Op(Right), Child]],
        InstrKind::Unknown => &[],
    }
}

/// How an instruction fits what stands after its keyword.
pub(super) fn fit(kind: InstrKind, slots: &[Slot]) -> Fit {
    let forms = forms(kind).iter().filter(|form| {
        form.len() >= slots.len() && form.iter().zip(slots).all(|(part, slot)| part.takes(slot.kind))
    });
    let number = |slot: Option<&Slot>| slot.is_some_and(|slot| slot.kind == SlotKind::Word(SyntaxKind::INT));
    let fits = forms.map(|form| match form.len() == slots.len() {
        // A number fails with a text, anything else without.
        true if kind == InstrKind::Fail && number(slots.first()) != (slots.len() == 2) => Fit::Begun,
        true => Fit::Whole,
        false => Fit::Begun,
    });
    fits.min().unwrap_or(Fit::Not)
}

impl Part {
    fn takes(&self, slot: SlotKind) -> bool {
        match (self, slot) {
            (Part::Operand(position), SlotKind::Word(kind)) => position.takes(kind),
            (Part::Operand(position), SlotKind::Brackets { words: 0 }) => {
                position.takes(SyntaxKind::L_BRACKET)
            }
            (Part::Pair, SlotKind::Pair)
            | (Part::Arguments, SlotKind::Brackets { .. })
            | (Part::Instruction, SlotKind::Instruction(_)) => true,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cursor_context::cursor_context;
    use crate::instructions::PAGES;

    /// The instructions that fit as they are, and those that are begun.
    fn fitting(rest: &str) -> (String, String) {
        let text = format!("( {rest})");
        let slots = cursor_context(&text, 1.into()).after;
        let of = |wanted: Fit| {
            let those = PAGES.iter().filter(|page| fit(page.kind, &slots) == wanted);
            those.map(|page| page.keyword).collect::<Vec<_>>().join(" ")
        };
        (of(Fit::Whole), of(Fit::Begun))
    }

    #[test]
    fn by_what_is_there() {
        let cases = [
            ("p (\"s\" \"f\") [x]", "call"),
            ("%init_peer_id% (s f) [] $out", "call"),
            ("x.$.a $s", "ap"),
            ("(k 1) %m", "ap"),
            ("\"p\" $s #s", "canon"),
            ("\"p\" %m #%m", "canon"),
            ("(null) (call p (\"s\" \"f\") [])", "seq par xor"),
            ("$s i (next i)", "fold"),
            ("xs i (next i) (null)", "fold"),
            ("xs i (null)", "fold match mismatch"),
            ("1 i (null)", "match mismatch"),
            ("[] i (null)", "fold match mismatch"),
            ("$s (null)", "new"),
            ("i", "next fail"),
            (":error:", "fail"),
            ("1 \"text\"", "fail"),
            ("1", ""),
            ("", "null never"),
        ];
        for (rest, whole) in cases {
            assert_eq!(fitting(rest).0, whole, "{rest}");
        }
        assert_eq!(fitting("\"p\"").1, "call ap match mismatch canon");
        assert_eq!(fitting("1 2 3").1, "");
    }

    /// The forms are those of the pages.
    #[test]
    fn all_have_their_parts() {
        for page in PAGES {
            let example = page.example;
            let analysis = air_analysis::Analysis::new(example);
            let hir = analysis.hir();
            for instr in &hir.instrs {
                let slots = cursor_context(example, instr.keyword.end()).after;
                assert_eq!(fit(instr.kind, &slots), Fit::Whole, "{}", hir.text_at(instr.range));
            }
        }
    }
}
