//! The grammar as a table: for each state of an open list, what may come and what follows it.

use crate::SyntaxKind;
use crate::operand_position::{self, OperandPosition, bit};
use SyntaxKind as K;

/// Where an open list stands. Each has one [`Rule`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum State {
    /// Top of the text, before its instruction.
    Script,
    /// Top of the text, after it.
    ScriptDone,
    CallPeer,
    CallFunction,
    CallArguments,
    CallOutput,
    Service,
    Function,
    Arguments,
    CanonPeer,
    CanonSource,
    CanonTarget,
    CanonMapTarget,
    ApSource,
    ApTarget,
    Key,
    Value,
    MapTarget,
    First,
    Second,
    NewName,
    Body,
    Failure,
    FailText,
    Iterable,
    Iterator,
    FoldBody,
    FoldLast,
    NextIterator,
    MatchLeft,
    MatchRight,
    /// Nothing but `)`.
    Done,
    /// Inside of a list with an unknown head: anything.
    Unknown,
    /// Fragments of [`crate::parse_as`].
    OnlyFunctionRef,
    OnlyArguments,
    OnlyMapEntry,
    OnlyOperand,
}

/// Which list may open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Nothing,
    Instruction,
    FunctionRef,
    /// `[ … ]`
    Arguments,
    MapEntry,
}

/// What may come in a state.
#[derive(Debug)]
pub(super) struct Rule {
    /// Operands, as bits; `L_BRACKET` for `[]`.
    pub(super) fits: u64,
    pub(super) list: List,
    /// State after the operand or list.
    pub(super) next: State,
    /// Whether the list may close here.
    pub(super) closes: bool,
    pub(super) position: OperandPosition,
}

const fn operand(position: OperandPosition, fits: u64, next: State) -> Rule {
    Rule { fits, list: List::Nothing, next, closes: false, position }
}

const fn list(position: OperandPosition, list: List, next: State) -> Rule {
    Rule { fits: 0, list, next, closes: false, position }
}

const SCALAR: u64 = bit(K::SCALAR);

static RULES: [Rule; State::OnlyOperand as usize + 1] = [
    list(OperandPosition::Script, List::Instruction, State::ScriptDone),
    Rule {
        fits: 0,
        list: List::Nothing,
        next: State::ScriptDone,
        closes: false,
        position: OperandPosition::Script,
    },
    operand(OperandPosition::Peer, operand_position::PEER, State::CallFunction),
    list(OperandPosition::FunctionRef, List::FunctionRef, State::CallArguments),
    list(OperandPosition::Arguments, List::Arguments, State::CallOutput),
    Rule {
        fits: operand_position::OUTPUT,
        list: List::Nothing,
        next: State::Done,
        closes: true,
        position: OperandPosition::Output,
    },
    operand(OperandPosition::Service, operand_position::STR, State::Function),
    operand(OperandPosition::Function, operand_position::STR, State::Done),
    Rule {
        fits: operand_position::VALUE,
        list: List::Nothing,
        next: State::Arguments,
        closes: true,
        position: OperandPosition::Argument,
    },
    operand(OperandPosition::Peer, operand_position::PEER, State::CanonSource),
    operand(OperandPosition::CanonSource, operand_position::CANON_SOURCE, State::CanonTarget),
    operand(OperandPosition::CanonTarget, bit(K::CANON), State::Done),
    operand(OperandPosition::CanonMapTarget, operand_position::CANON_MAP_TARGET, State::Done),
    Rule {
        fits: operand_position::AP_SOURCE,
        list: List::MapEntry,
        next: State::ApTarget,
        closes: false,
        position: OperandPosition::ApSource,
    },
    operand(OperandPosition::ApTarget, operand_position::OUTPUT, State::Done),
    operand(OperandPosition::Key, operand_position::KEY, State::Value),
    operand(OperandPosition::Value, operand_position::AP_SOURCE, State::Done),
    operand(OperandPosition::MapTarget, bit(K::STREAM_MAP), State::Done),
    list(OperandPosition::First, List::Instruction, State::Second),
    list(OperandPosition::Second, List::Instruction, State::Done),
    operand(OperandPosition::NewName, operand_position::NEW_NAME, State::Body),
    list(OperandPosition::Body, List::Instruction, State::Done),
    operand(OperandPosition::Failure, operand_position::FAILURE, State::Done),
    operand(OperandPosition::FailText, bit(K::STRING), State::Done),
    operand(OperandPosition::Iterable, operand_position::ITERABLE, State::Iterator),
    operand(OperandPosition::Iterator, SCALAR, State::FoldBody),
    list(OperandPosition::Body, List::Instruction, State::FoldLast),
    Rule {
        fits: 0,
        list: List::Instruction,
        next: State::Done,
        closes: true,
        position: OperandPosition::Last,
    },
    operand(OperandPosition::NextIterator, SCALAR, State::Done),
    operand(OperandPosition::Left, operand_position::VALUE, State::MatchRight),
    operand(OperandPosition::Right, operand_position::VALUE, State::Body),
    Rule { fits: 0, list: List::Nothing, next: State::Done, closes: true, position: OperandPosition::Script },
    Rule {
        fits: !0,
        list: List::Instruction,
        next: State::Unknown,
        closes: true,
        position: OperandPosition::Script,
    },
    list(OperandPosition::FunctionRef, List::FunctionRef, State::ScriptDone),
    list(OperandPosition::Arguments, List::Arguments, State::ScriptDone),
    list(OperandPosition::Key, List::MapEntry, State::ScriptDone),
    operand(OperandPosition::Argument, operand_position::VALUE, State::ScriptDone),
];

/// What [`State::rule`] gives for states that the table lacks, which a test rules out.
static NOTHING: Rule =
    Rule { fits: 0, list: List::Nothing, next: State::Done, closes: true, position: OperandPosition::Script };

impl State {
    #[inline]
    pub(super) fn rule(self) -> &'static Rule {
        RULES.get(self as usize).unwrap_or(&NOTHING)
    }

    /// State after an operand that fits.
    #[inline]
    pub(super) fn after(self, operand: SyntaxKind, rule: &Rule) -> State {
        match (self, operand) {
            (State::CanonSource, K::STREAM_MAP) => State::CanonMapTarget,
            (State::Failure, K::INT) => State::FailText,
            _ => rule.next,
        }
    }

    /// State after a list that fits.
    #[inline]
    pub(super) fn after_list(self, rule: &Rule) -> State {
        match self {
            State::ApSource => State::MapTarget,
            _ => rule.next,
        }
    }

    pub(super) fn is_top(self) -> bool {
        matches!(
            self,
            State::Script
                | State::ScriptDone
                | State::OnlyFunctionRef
                | State::OnlyArguments
                | State::OnlyMapEntry
                | State::OnlyOperand
        )
    }
}

impl Rule {
    #[inline]
    pub(super) fn takes(&self, kind: SyntaxKind) -> bool {
        // Tokens are below 64, so the shift loses nothing.
        (self.fits >> (kind as u8 & 63)) & 1 != 0
    }
}

/// Node kind and first state of an instruction.
#[inline]
pub(super) fn form(keyword: SyntaxKind) -> Option<(SyntaxKind, State)> {
    Some(match keyword {
        K::CALL_KW => (K::CALL, State::CallPeer),
        K::CANON_KW => (K::CANON_INSTR, State::CanonPeer),
        K::AP_KW => (K::AP, State::ApSource),
        K::SEQ_KW => (K::SEQ, State::First),
        K::PAR_KW => (K::PAR, State::First),
        K::FAIL_KW => (K::FAIL, State::Failure),
        K::FOLD_KW => (K::FOLD, State::Iterable),
        K::XOR_KW => (K::XOR, State::First),
        K::NEVER_KW => (K::NEVER, State::Done),
        K::NEW_KW => (K::NEW, State::NewName),
        K::NEXT_KW => (K::NEXT, State::NextIterator),
        K::NULL_KW => (K::NULL, State::Done),
        K::MATCH_KW => (K::MATCH, State::MatchLeft),
        K::MISMATCH_KW => (K::MISMATCH, State::MatchLeft),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_agrees_with_the_slots() {
        assert_eq!(State::CallPeer.rule().position, OperandPosition::Peer);
        assert_eq!(State::Key.rule().position, OperandPosition::Key);
        assert_eq!(State::FoldLast.rule().position, OperandPosition::Last);
        assert_eq!(State::MatchRight.rule().position, OperandPosition::Right);
        assert_eq!(State::Unknown.rule().next, State::Unknown);
        assert_eq!(State::OnlyArguments.rule().position, OperandPosition::Arguments);
        for rule in RULES.iter().filter(|rule| rule.fits != 0 && rule.fits != !0) {
            assert_eq!(rule.fits, rule.position.fits(), "{:?}", rule.position);
        }
    }
}
