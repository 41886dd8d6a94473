//! What is reported of an idiom.

use air_semantics::hir::{InstrId, OperandId};
use air_syntax::TextRange;

use super::kind::IdiomKind;

/// How sure it is that the compiler meant it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// Names only.
    Hint,
    /// The structure fits, the names do not say so.
    Likely,
    /// Structure and reserved names: those of the idiom or, for patterns without names of their own,
    /// of the script's frame (`-relay-`, `-NAME-arg-`).
    Certain,
}

/// An idiom at its place in a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idiom {
    /// The line of the table of idioms.
    pub kind: IdiomKind,
    /// How sure it is; the readable view writes only certain ones by name.
    pub certainty: Certainty,
    /// Its first instruction; the outermost, where it is one tree.
    pub root: InstrId,
    /// All of its text; more than its root where it is several steps of a `seq`.
    pub range: TextRange,
    /// What the user wrote, in text order.
    pub payloads: Vec<Payload>,
    /// Instructions that only carry it: what a fold hides. Hops in it are idioms of their own.
    pub carriers: Vec<InstrId>,
    /// For conditions and operators: its sign, as Aqua writes it; `not` before its only side; empty
    /// for a condition that is its left side.
    pub operator: Option<&'static str>,
    /// Short: for a fold label or an inlay.
    pub label: String,
    /// Index of the idiom that it is a carrier of, in the list it stands in.
    pub part_of: Option<u32>,
}

impl Idiom {
    /// What is left of it without the instructions that the author wrote: what a fold hides.
    pub fn hidden(&self) -> Vec<TextRange> {
        let mut hidden = Vec::new();
        let mut at = self.range.start();
        for payload in &self.payloads {
            if matches!(payload.node, PayloadNode::Instr(_)) && payload.range.start() >= at {
                hidden.push(TextRange::new(at, payload.range.start()));
                at = payload.range.end();
            }
        }
        hidden.push(TextRange::new(at, self.range.end().max(at)));
        hidden.retain(|range| !range.is_empty());
        hidden
    }
}

/// A part of an idiom that says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payload {
    /// What it is for.
    pub role: PayloadRole,
    /// The source of it.
    pub range: TextRange,
    /// The part of the HIR.
    pub node: PayloadNode,
}

/// What a payload is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PayloadRole {
    /// Instructions that run in it.
    Body,
    /// What runs otherwise: `else`, `catch`, `otherwise`.
    Otherwise,
    /// First side of a comparison or operator.
    Left,
    /// Second side.
    Right,
    /// The peer.
    Peer,
    /// A value that is read.
    Value,
    /// A variable that is written.
    Result,
    /// Iterator of a loop.
    Iterator,
    /// Name of a parameter, callback or field.
    Name,
}

/// What a payload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayloadNode {
    /// An instruction.
    Instr(InstrId),
    /// An operand.
    Operand(OperandId),
}

#[cfg(test)]
mod tests {
    use air_semantics::Script;

    use super::super::recognise;
    use super::*;

    #[test]
    fn a_fold_hides_all_but_the_instructions_in_it() {
        let script = Script::new("(seq (seq (ap 1 $s) (ap 2 $s)) (null))");
        for idiom in recognise(script.hir()) {
            // It holds operands only.
            assert_eq!(idiom.hidden(), [idiom.range]);
            assert!(idiom.payloads.iter().all(|payload| matches!(payload.node, PayloadNode::Operand(_))));
        }
    }
}
