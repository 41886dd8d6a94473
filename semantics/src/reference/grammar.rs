//! AquaVM's grammar as one small automaton for each instruction.
//!
//! An instruction is read left to right by [`State`]s; a nested instruction is a frame of its own,
//! after which its parent goes on at [`State::after_child`]. The grammar is deterministic, so the
//! terminals that a state takes are exactly those AquaVM lists as expected.

use super::terminal::{Terminal, Terminals};
use crate::hir::{InstrKind, Role};

/// What an open instruction waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// The script's one instruction.
    Start,
    /// Nothing: the script is complete.
    Done,
    /// A keyword, just after `(`.
    Head,
    CallPeer,
    CallOpen,
    CallService,
    CallFunction,
    CallClose,
    CallArguments,
    CallArgument,
    CallOutput,
    CanonPeer,
    CanonSource,
    CanonStreamTarget,
    CanonMapTarget,
    ApSource,
    ApTarget,
    ApKey,
    ApValue,
    ApEntryClose,
    ApMapTarget,
    /// First branch of `seq`, `par` and `xor`.
    First,
    /// Second branch of them.
    Second,
    NewName,
    FailObject,
    FailText,
    FoldIterable,
    FoldIterator,
    FoldBody,
    /// The last instruction of a fold, or its end.
    FoldLast,
    NextIterator,
    MatchLeft,
    MatchRight,
    /// The only body of `new`, `match` and `mismatch`.
    Body,
    /// `]` of an empty array; the state is the one after it.
    EmptyArray(ArrayPosition),
    /// `)`
    Close,
}

/// Where an empty array stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ArrayPosition {
    Argument,
    ApSource,
    ApValue,
    MatchLeft,
    MatchRight,
    FoldIterable,
}

/// What taking a terminal does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Go on; the terminal was an operand with that role, if any.
    To(State, Option<Role>),
    /// The keyword: the instruction is of that kind.
    Is(InstrKind, State),
    /// A nested instruction begins.
    Nested,
    /// The instruction is complete.
    Closed,
}

use Terminal as T;

const OPEN: Terminals = Terminals::of(&[T::LParen]);
const CLOSE: Terminals = Terminals::of(&[T::RParen]);
const SCALAR: Terminals = Terminals::of(&[T::Scalar]);
const KEYWORDS: Terminals = Terminals::of(&[
    T::Ap,
    T::Call,
    T::Canon,
    T::Fail,
    T::Fold,
    T::Match,
    T::Mismatch,
    T::Never,
    T::New,
    T::Next,
    T::Null,
    T::Par,
    T::Seq,
    T::Xor,
]);
const STR: Terminals = Terminals::of(&[
    T::Literal,
    T::Scalar,
    T::ScalarWithLambda,
    T::CanonStreamWithLambda,
    T::CanonStreamMapWithLambda,
]);
const PEER: Terminals = STR.and(Terminals::of(&[T::InitPeerId]));
const AP_SOURCE: Terminals = Terminals::of(&[
    T::LBracket,
    T::InitPeerId,
    T::LastError,
    T::LastErrorWithLambda,
    T::Error,
    T::ErrorWithLambda,
    T::Literal,
    T::Timestamp,
    T::Ttl,
    T::I64,
    T::F64,
    T::Boolean,
    T::Scalar,
    T::ScalarWithLambda,
    T::CanonStream,
    T::CanonStreamWithLambda,
    T::CanonStreamMapWithLambda,
]);
const VALUE: Terminals = AP_SOURCE.and(Terminals::of(&[T::CanonStreamMap]));
const MAP_KEY: Terminals =
    Terminals::of(&[T::Literal, T::I64, T::Scalar, T::ScalarWithLambda, T::CanonStreamWithLambda]);
const ITERABLE: Terminals = Terminals::of(&[
    T::LBracket,
    T::Scalar,
    T::ScalarWithLambda,
    T::CanonStream,
    T::CanonStreamMap,
    T::CanonStreamMapWithLambda,
    T::Stream,
    T::StreamMap,
]);
const NEW_NAME: Terminals =
    Terminals::of(&[T::Scalar, T::Stream, T::StreamMap, T::CanonStream, T::CanonStreamMap]);
const FAIL: Terminals = Terminals::of(&[
    T::Scalar,
    T::ScalarWithLambda,
    T::CanonStreamWithLambda,
    T::I64,
    T::LastError,
    T::Error,
]);

impl State {
    /// The terminals that may come next.
    pub(crate) const fn expected(self) -> Terminals {
        match self {
            State::Done => Terminals::of(&[]),
            State::Start | State::First | State::Second | State::FoldBody | State::Body => OPEN,
            State::Head => KEYWORDS,
            State::CallPeer | State::CanonPeer => PEER,
            State::CallOpen => OPEN,
            State::CallService | State::CallFunction => STR,
            State::CallClose | State::ApEntryClose | State::Close => CLOSE,
            State::CallArguments => Terminals::of(&[T::LBracket]),
            State::CallArgument => VALUE.and(Terminals::of(&[T::RBracket])),
            State::CallOutput => Terminals::of(&[T::Scalar, T::Stream, T::RParen]),
            State::CanonSource => Terminals::of(&[T::Stream, T::StreamMap]),
            State::CanonStreamTarget => Terminals::of(&[T::CanonStream]),
            State::CanonMapTarget => Terminals::of(&[T::CanonStreamMap, T::Scalar]),
            State::ApSource => AP_SOURCE.and(OPEN),
            State::ApTarget => Terminals::of(&[T::Scalar, T::Stream]),
            State::ApKey => MAP_KEY,
            State::ApValue => AP_SOURCE,
            State::ApMapTarget => Terminals::of(&[T::StreamMap]),
            State::NewName => NEW_NAME,
            State::FailObject => FAIL,
            State::FailText => Terminals::of(&[T::Literal]),
            State::FoldIterable => ITERABLE,
            State::FoldIterator | State::NextIterator => SCALAR,
            State::FoldLast => OPEN.and(CLOSE),
            State::MatchLeft | State::MatchRight => VALUE,
            State::EmptyArray(_) => Terminals::of(&[T::RBracket]),
        }
    }

    /// What a terminal does here; `None` if it cannot come.
    pub(crate) fn step(self, terminal: Terminal) -> Option<Step> {
        if !self.expected().has(terminal) {
            return None;
        }
        let array = terminal == T::LBracket;
        let to = |state, role| Step::To(state, Some(role));
        let value = |role, state, after| {
            if array { Step::To(State::EmptyArray(after), Some(role)) } else { Step::To(state, Some(role)) }
        };
        Some(match self {
            State::Done => return None,
            State::Start | State::First | State::Second | State::FoldBody | State::Body => Step::Nested,
            State::FoldLast if terminal == T::LParen => Step::Nested,
            State::Close | State::FoldLast => Step::Closed,
            State::Head => return head(terminal),
            State::CallPeer => to(State::CallOpen, Role::Peer),
            State::CallOpen => Step::To(State::CallService, None),
            State::CallService => to(State::CallFunction, Role::Service),
            State::CallFunction => to(State::CallClose, Role::Function),
            State::CallClose => Step::To(State::CallArguments, None),
            State::CallArguments => Step::To(State::CallArgument, None),
            State::CallArgument if terminal == T::RBracket => Step::To(State::CallOutput, None),
            State::CallArgument => value(Role::Argument, State::CallArgument, ArrayPosition::Argument),
            State::CallOutput if terminal == T::RParen => Step::Closed,
            State::CallOutput => to(State::Close, Role::Output),
            State::CanonPeer => to(State::CanonSource, Role::Peer),
            State::CanonSource if terminal == T::Stream => to(State::CanonStreamTarget, Role::Source),
            State::CanonSource => to(State::CanonMapTarget, Role::Source),
            State::CanonStreamTarget | State::CanonMapTarget => to(State::Close, Role::Target),
            State::ApSource if terminal == T::LParen => Step::To(State::ApKey, None),
            State::ApSource => value(Role::Source, State::ApTarget, ArrayPosition::ApSource),
            State::ApTarget | State::ApMapTarget => to(State::Close, Role::Target),
            State::ApKey => to(State::ApValue, Role::Key),
            State::ApValue => value(Role::Value, State::ApEntryClose, ArrayPosition::ApValue),
            State::ApEntryClose => Step::To(State::ApMapTarget, None),
            State::NewName => to(State::Body, Role::Declared),
            State::FailObject if terminal == T::I64 => to(State::FailText, Role::FailCode),
            State::FailObject => to(State::Close, Role::Failure),
            State::FailText => to(State::Close, Role::FailText),
            State::FoldIterable => value(Role::Iterable, State::FoldIterator, ArrayPosition::FoldIterable),
            State::FoldIterator => to(State::FoldBody, Role::Iterator),
            State::NextIterator => to(State::Close, Role::Iterator),
            State::MatchLeft => value(Role::Left, State::MatchRight, ArrayPosition::MatchLeft),
            State::MatchRight => value(Role::Right, State::Body, ArrayPosition::MatchRight),
            State::EmptyArray(after) => Step::To(
                match after {
                    ArrayPosition::Argument => State::CallArgument,
                    ArrayPosition::ApSource => State::ApTarget,
                    ArrayPosition::ApValue => State::ApEntryClose,
                    ArrayPosition::MatchLeft => State::MatchRight,
                    ArrayPosition::MatchRight => State::Body,
                    ArrayPosition::FoldIterable => State::FoldIterator,
                },
                None,
            ),
        })
    }

    /// Where an instruction goes on after a nested one (or an error node in its place).
    pub(crate) fn after_child(self) -> State {
        match self {
            State::Start => State::Done,
            State::First => State::Second,
            State::FoldBody => State::FoldLast,
            _ => State::Close,
        }
    }
}

fn head(terminal: Terminal) -> Option<Step> {
    let (kind, state) = match terminal {
        T::Ap => (InstrKind::Ap, State::ApSource),
        T::Call => (InstrKind::Call, State::CallPeer),
        T::Canon => (InstrKind::Canon, State::CanonPeer),
        T::Fail => (InstrKind::Fail, State::FailObject),
        T::Fold => (InstrKind::Fold, State::FoldIterable),
        T::Match => (InstrKind::Match, State::MatchLeft),
        T::Mismatch => (InstrKind::Mismatch, State::MatchLeft),
        T::Never => (InstrKind::Never, State::Close),
        T::New => (InstrKind::New, State::NewName),
        T::Next => (InstrKind::Next, State::NextIterator),
        T::Null => (InstrKind::Null, State::Close),
        T::Par => (InstrKind::Par, State::First),
        T::Seq => (InstrKind::Seq, State::First),
        T::Xor => (InstrKind::Xor, State::First),
        _ => return None,
    };
    Some(Step::Is(kind, state))
}

/// Where reading can go on after an error: the latest place of an open instruction, already
/// reached, where a nested one was wanted and after which `next` may come. `next` is `None` at the
/// end of the text. Gives the number of the child and the state after it.
pub(crate) fn restart(
    kind: Option<InstrKind>,
    state: State,
    next: Option<Terminal>,
) -> Option<(usize, State)> {
    let Some(kind) = kind else {
        // The script itself.
        return (next.is_none() && matches!(state, State::Start | State::Done)).then_some((0, State::Done));
    };
    let open = next == Some(T::LParen);
    let close = next == Some(T::RParen);
    match (kind, state) {
        (InstrKind::Seq | InstrKind::Par | InstrKind::Xor, State::Second | State::Close) if close => {
            Some((1, State::Close))
        }
        (InstrKind::Seq | InstrKind::Par | InstrKind::Xor, State::First | State::Second | State::Close)
            if open =>
        {
            Some((0, State::Second))
        }
        (InstrKind::New | InstrKind::Match | InstrKind::Mismatch, State::Body | State::Close) if close => {
            Some((0, State::Close))
        }
        (InstrKind::Fold, State::FoldLast | State::Close) if close => Some((1, State::Close)),
        (InstrKind::Fold, State::FoldBody | State::FoldLast | State::Close) if open || close => {
            Some((0, State::FoldLast))
        }
        _ => None,
    }
}
