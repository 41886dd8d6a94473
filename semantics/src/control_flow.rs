//! What can come of each instruction: it completes, waits, or fails.
//!
//! Follows AquaVM's execution (`seq`, `par` and `xor` over one flag and catchable errors) and errs on
//! the side of "can": what is missing here never happens, what is here may. Uncatchable errors end the
//! whole invocation and play no part. One loop over the HIR, children before parents.
//!
//! An answer is a set of [`Outcomes`] for each instruction, by [`InstrId`]. An
//! instruction that nothing reaches has the outcomes that it would have if it ran.
//!
//! ```
//! use air_semantics::Script;
//! use air_semantics::hir::InstrId;
//!
//! let script = Script::new(r#"(xor (fail 1 "no") (null))"#);
//! // Instructions stand in closing order: `fail`, `null`, `xor`.
//! let fail = script.control_flow().outcomes(InstrId(0));
//! let xor = script.control_flow().outcomes(InstrId(2));
//! assert!(fail.fails() && !fail.completes());
//! assert!(xor.completes() && !xor.fails());
//! ```

use air_syntax::TextSize;

use crate::hir::{Hir, Instr, InstrId, InstrKind, Moved, Operand, OperandKind, Role};
use crate::resolve::{BindingKind, Resolution};

/// What can come of an instruction: a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcomes(u8);

const COMPLETES: u8 = 1;
const WAITS: u8 = 2;
const FAILS: u8 = 4;
/// Not kept: a `seq` whose first part never completes.
const CUTS: u8 = 8;
/// Not kept: an error of a child may end in it.
const SWALLOWS: u8 = 16;

impl Outcomes {
    /// What follows it in a `seq` may run.
    pub fn completes(self) -> bool {
        self.0 & COMPLETES != 0
    }

    /// It may wait for another peer, a value, or for ever.
    pub fn waits(self) -> bool {
        self.0 & WAITS != 0
    }

    /// It may end in an error that `xor` catches.
    pub fn fails(self) -> bool {
        self.0 & FAILS != 0
    }
}

/// The outcomes of all instructions of a script.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ControlFlow {
    outcomes: Vec<Outcomes>,
    cut: Vec<InstrId>,
    first_swallowed: Option<TextSize>,
}

impl ControlFlow {
    /// One pass; linear in the script.
    pub fn new(hir: &Hir, resolution: &Resolution) -> ControlFlow {
        // Reading a scalar that `new` has cleared is an error, not a wait.
        let mut cleared = vec![false; hir.name_ranges.len()];
        for binding in &resolution.bindings {
            if matches!(binding.kind, BindingKind::New(_))
                && let Some(cleared) = cleared.get_mut(binding.name.0 as usize)
            {
                *cleared = true;
            }
        }
        let mut outcomes = Vec::with_capacity(hir.instrs.len());
        let mut first_swallowed: Option<TextSize> = None;
        let mut cut = Vec::new();
        for (id, instr) in (0..).map(InstrId).zip(&hir.instrs) {
            let of = of(hir, instr, &outcomes, &cleared);
            if of & CUTS != 0 {
                cut.push(id);
            }
            if of & SWALLOWS != 0 {
                let end = instr.range.end();
                first_swallowed = Some(first_swallowed.map_or(end, |first| end.min(first)));
            }
            outcomes.push(Outcomes(of & (COMPLETES | WAITS | FAILS)));
        }
        ControlFlow { outcomes, cut, first_swallowed }
    }

    /// The same after an edit that only moves instructions.
    pub(crate) fn moved(&self, edit: &Moved) -> ControlFlow {
        let first_swallowed = self.first_swallowed.map(|end| edit.offset(end));
        ControlFlow { first_swallowed, ..self.clone() }
    }

    /// Where the first instruction ends that may have swallowed an error. Before it, and outside of
    /// handlers, no error can be in `:error:` and `%last_error%`.
    pub fn first_swallowed(&self) -> Option<TextSize> {
        self.first_swallowed
    }

    /// Each `seq` whose second part never runs, since the first never completes.
    pub fn cut(&self) -> &[InstrId] {
        &self.cut
    }

    /// What can come of it; everything, of what is not an instruction.
    pub fn outcomes(&self, id: InstrId) -> Outcomes {
        self.outcomes.get(id.0 as usize).copied().unwrap_or(Outcomes(COMPLETES | WAITS | FAILS))
    }
}

fn swallows(children: u8) -> u8 {
    if children & FAILS != 0 { SWALLOWS } else { 0 }
}

fn of(hir: &Hir, instr: &Instr, known: &[Outcomes], cleared: &[bool]) -> u8 {
    const ANY: u8 = COMPLETES | WAITS | FAILS;
    let children = hir.children_of(instr);
    let child = |index: usize| {
        children.get(index).and_then(|id| known.get(id.0 as usize)).map_or(ANY, |outcomes| outcomes.0)
    };
    let read = |operand: &Operand| read(operand, cleared);
    match instr.kind {
        InstrKind::Null => COMPLETES,
        InstrKind::Never => WAITS,
        InstrKind::Fail => FAILS,
        InstrKind::Seq => match child(0) {
            left if left & COMPLETES != 0 => (left & !COMPLETES) | child(1),
            left => left | CUTS,
        },
        InstrKind::Par => {
            let (left, right) = (child(0), child(1));
            let unfinished = left & !COMPLETES != 0 && right & !COMPLETES != 0;
            let waits = if unfinished { (left | right) & WAITS } else { 0 };
            ((left | right) & COMPLETES) | waits | (left & right & FAILS) | swallows(left | right)
        }
        InstrKind::Xor => match child(0) {
            left if left & FAILS != 0 => (left & !FAILS) | child(1) | SWALLOWS,
            left => left | swallows(child(1)),
        },
        InstrKind::New => child(0),
        InstrKind::Ap => {
            let operands = hir.operands_of(instr).iter().filter(|operand| !operand.role.is_write());
            let key = |operand: &Operand| operand.role == Role::Key && operand.kind.name().is_some();
            operands
                .fold(COMPLETES, |all, operand| all | read(operand) | if key(operand) { FAILS } else { 0 })
        }
        InstrKind::Canon => {
            let named = hir.operand(instr, Role::Peer).is_some_and(|peer| peer.kind.name().is_some());
            COMPLETES | WAITS | if named { FAILS } else { 0 }
        }
        InstrKind::Match | InstrKind::Mismatch => match holds(hir, instr) {
            Some(true) => child(0),
            Some(false) => FAILS,
            None => hir.operands_of(instr).iter().fold(FAILS | child(0), |all, operand| all | read(operand)),
        },
        InstrKind::Fold => {
            let inside = if children.len() > 1 { child(0) | child(1) } else { child(0) };
            let of = match hir.operand(instr, Role::Iterable) {
                Some(Operand { kind: OperandKind::EmptyArray, .. }) => COMPLETES,
                Some(Operand { kind: OperandKind::Stream(_) | OperandKind::StreamMap(_), .. }) => {
                    COMPLETES | WAITS
                }
                Some(Operand {
                    kind: OperandKind::Canon(_) | OperandKind::CanonMap(_), lens: None, ..
                }) => COMPLETES | WAITS | inside,
                _ => ANY,
            };
            of | swallows(inside)
        }
        InstrKind::Call | InstrKind::Next | InstrKind::Unknown => ANY,
    }
}

/// What reading an operand may add.
fn read(operand: &Operand, cleared: &[bool]) -> u8 {
    let lens = if operand.lens.is_some() { FAILS } else { 0 };
    match operand.kind.name() {
        Some(name) => {
            let cleared = cleared.get(name.0 as usize).copied().unwrap_or(true);
            lens | WAITS | if cleared { FAILS } else { 0 }
        }
        None => lens,
    }
}

/// Whether a `match` or `mismatch` of two constants lets its body run; `None` if that depends on the run.
pub fn holds(hir: &Hir, instr: &Instr) -> Option<bool> {
    let (left, right) = (hir.operand(instr, Role::Left)?, hir.operand(instr, Role::Right)?);
    let constant = |operand: &Operand| {
        use OperandKind::{Bool, EmptyArray, Float, Int, Literal};
        matches!(operand.kind, Literal | Int(_) | Float(_) | Bool(_) | EmptyArray)
    };
    if !constant(left) || !constant(right) {
        return None;
    }
    let equal = match (left.kind, right.kind) {
        (OperandKind::Literal, OperandKind::Literal) => hir.literal(left) == hir.literal(right),
        // Kinds of numbers never mix: 1 is not 1.0.
        (left, right) => left == right,
    };
    Some(equal == (instr.kind == InstrKind::Match))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::Script;

    /// Each script with what can come of it.
    fn check(scripts: &[&str], expected: Expect) {
        let mut shown = String::new();
        for text in scripts {
            let script = Script::new(*text);
            let outcomes = script.control_flow().outcomes(script.hir().roots[0]);
            let all = [
                (outcomes.completes(), "completes"),
                (outcomes.waits(), "waits"),
                (outcomes.fails(), "fails"),
            ];
            let words: Vec<_> = all.iter().filter(|(is, _)| *is).map(|(_, word)| *word).collect();
            shown += &format!("{text}: {}\n", words.join(" "));
        }
        expected.assert_eq(&shown);
    }

    #[test]
    fn outcomes() {
        check(
            &[
                "(seq (never) (fail 1 \"\"))",
                "(par (never) (fail 1 \"\"))",
                "(par (fail 1 \"\") (fail 1 \"\"))",
                "(par (null) (never))",
                "(xor (fail 1 \"\") (never))",
                "(xor (ap 1 x) (never))",
                "(match 1 1.0 (null))",
                "(mismatch 1 2 (null))",
                "(new x (ap x y))",
                "(fold [] i (never))",
                "(fold $s i (fail 1 \"\"))",
                "(canon %init_peer_id% $s #s)",
                "(canon peer $s #s)",
                "(ap (key 1) %m)",
            ],
            expect![[r#"
                (seq (never) (fail 1 "")): waits
                (par (never) (fail 1 "")): waits
                (par (fail 1 "") (fail 1 "")): fails
                (par (null) (never)): completes
                (xor (fail 1 "") (never)): waits
                (xor (ap 1 x) (never)): completes
                (match 1 1.0 (null)): fails
                (mismatch 1 2 (null)): completes
                (new x (ap x y)): completes waits fails
                (fold [] i (never)): completes
                (fold $s i (fail 1 "")): completes waits
                (canon %init_peer_id% $s #s): completes waits
                (canon peer $s #s): completes waits fails
                (ap (key 1) %m): completes waits fails
            "#]],
        );
    }
}
