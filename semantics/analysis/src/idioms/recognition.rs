//! What a template says about an instruction.

use air_semantics::hir::{Hir, InstrId};
use air_syntax::TextRange;

use super::idiom::{Certainty, Payload, PayloadNode, PayloadRole};
use super::kind::IdiomKind;
use super::patterns::Op;

/// An idiom as a template reports it; the driver ([`super::finder`]) completes it.
#[derive(Debug)]
pub(super) struct Recognition {
    pub(super) kind: IdiomKind,
    pub(super) certainty: Certainty,
    /// Of the whole, where it is more than the root instruction.
    pub(super) range: Option<TextRange>,
    pub(super) payloads: Vec<Payload>,
    pub(super) carriers: Vec<InstrId>,
    pub(super) operator: Option<&'static str>,
    pub(super) label: String,
}

impl Recognition {
    pub(super) fn new(kind: IdiomKind, certainty: Certainty, label: String) -> Recognition {
        Recognition {
            kind,
            certainty,
            range: None,
            payloads: Vec::new(),
            carriers: Vec::new(),
            operator: None,
            label,
        }
    }

    /// Instructions that only carry it.
    pub(super) fn carried_by(mut self, carriers: impl IntoIterator<Item = InstrId>) -> Recognition {
        self.carriers.extend(carriers);
        self
    }

    /// An instruction that the author wrote in it.
    pub(super) fn body(mut self, hir: &Hir, role: PayloadRole, id: InstrId) -> Recognition {
        if let Some(instr) = hir.instr(id) {
            self.payloads.push(Payload { role, range: instr.range, node: PayloadNode::Instr(id) });
        }
        self
    }

    /// An operand that says something.
    pub(super) fn operand(mut self, role: PayloadRole, operand: Op<'_>) -> Recognition {
        let node = PayloadNode::Operand(operand.id);
        self.payloads.push(Payload { role, range: operand.operand.range, node });
        self
    }

    /// The sign, as Aqua writes it.
    pub(super) fn operator(mut self, sign: &'static str) -> Recognition {
        self.operator = Some(sign);
        self
    }

    /// The range, where it is more than the root instruction: from one step of a `seq` to another.
    pub(super) fn until(mut self, hir: &Hir, first: InstrId, last: InstrId) -> Recognition {
        if let (Some(first), Some(last)) = (hir.instr(first), hir.instr(last)) {
            self.range = Some(first.range.cover(last.range));
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use air_semantics::Script;

    use super::*;

    #[test]
    fn ranges_go_from_step_to_step() {
        let script = Script::new("(seq (ap 1 a) (seq (ap 2 b) (null)))");
        let hir = script.hir();
        // In closing order: both `ap`, `null`, the inner `seq`.
        let (first, last) = (InstrId(0), InstrId(1));
        let found = Recognition::new(IdiomKind::Push, Certainty::Likely, String::new());
        let found = found.until(hir, first, last).body(hir, PayloadRole::Body, last);
        assert_eq!(hir.text_at(found.range.unwrap()), "(ap 1 a) (seq (ap 2 b)");
        assert_eq!(hir.text_at(found.payloads[0].range), "(ap 2 b)");
    }
}
