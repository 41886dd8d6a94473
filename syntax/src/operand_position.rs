//! Positions of operands and child instructions, and the kinds that fit there (`syntax/spec/language.md §2`), in bits and in words.

use crate::SyntaxKind;
use SyntaxKind as K;

/// Where an operand or child instruction stands in its instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OperandPosition {
    /// Peer of `call` or `canon`.
    Peer,
    /// `(service function)` of `call`.
    FunctionRef,
    /// Service of `call`.
    Service,
    /// Function of `call`.
    Function,
    /// `[…]` of `call`.
    Arguments,
    /// An operand in these brackets.
    Argument,
    /// Result of `call`.
    Output,
    /// What `canon` reads.
    CanonSource,
    /// Target of `canon` from a stream.
    CanonTarget,
    /// Target of `canon` from a stream map.
    CanonMapTarget,
    /// What `ap` reads.
    ApSource,
    /// Where `ap` writes.
    ApTarget,
    /// Key of `ap` into a map.
    Key,
    /// Value of `ap` into a map.
    Value,
    /// The map of such an `ap`.
    MapTarget,
    /// What `new` declares.
    NewName,
    /// What `fail` raises.
    Failure,
    /// Text after the code of `fail`.
    FailText,
    /// What `fold` walks.
    Iterable,
    /// Iterator of `fold`.
    Iterator,
    /// Iterator of `next`.
    NextIterator,
    /// First side of `match` and `mismatch`.
    Left,
    /// Second side of `match` and `mismatch`.
    Right,
    /// First of two branches.
    First,
    /// Second of two branches.
    Second,
    /// Body of `new`, `fold`, `match`, `mismatch`.
    Body,
    /// Last instruction of `fold`.
    Last,
    /// The whole script.
    Script,
}

/// Bit of a kind in a mask.
pub(crate) const fn bit(kind: SyntaxKind) -> u64 {
    1 << kind as u8
}

const fn bits(kinds: &[SyntaxKind]) -> u64 {
    let mut mask = 0;
    let mut rest = kinds;
    while let [first, tail @ ..] = rest {
        mask |= bit(*first);
        rest = tail;
    }
    mask
}

/// `[]` shows up as its opening bracket.
pub(crate) const ARRAY: u64 = bit(K::L_BRACKET);
pub(crate) const STR: u64 = bits(&[K::STRING, K::SCALAR, K::SCALAR_LENS, K::CANON_LENS, K::CANON_MAP_LENS]);
pub(crate) const PEER: u64 = STR | bit(K::INIT_PEER_ID);
pub(crate) const AP_SOURCE: u64 = PEER
    | ARRAY
    | bits(&[
        K::LAST_ERROR,
        K::LAST_ERROR_LENS,
        K::ERROR_VAR,
        K::ERROR_VAR_LENS,
        K::TIMESTAMP,
        K::TTL,
        K::INT,
        K::FLOAT,
        K::BOOL,
        K::CANON,
    ]);
pub(crate) const VALUE: u64 = AP_SOURCE | bit(K::CANON_MAP);
pub(crate) const KEY: u64 = bits(&[K::STRING, K::INT, K::SCALAR, K::SCALAR_LENS, K::CANON_LENS]);
pub(crate) const ITERABLE: u64 = ARRAY
    | bits(&[K::SCALAR, K::SCALAR_LENS, K::CANON, K::CANON_MAP, K::CANON_MAP_LENS, K::STREAM, K::STREAM_MAP]);
pub(crate) const OUTPUT: u64 = bits(&[K::SCALAR, K::STREAM]);
pub(crate) const CANON_SOURCE: u64 = bits(&[K::STREAM, K::STREAM_MAP]);
pub(crate) const CANON_MAP_TARGET: u64 = bits(&[K::CANON_MAP, K::SCALAR]);
pub(crate) const NEW_NAME: u64 = bits(&[K::SCALAR, K::STREAM, K::STREAM_MAP, K::CANON, K::CANON_MAP]);
pub(crate) const FAILURE: u64 =
    bits(&[K::SCALAR, K::SCALAR_LENS, K::CANON_LENS, K::INT, K::LAST_ERROR, K::ERROR_VAR]);

impl OperandPosition {
    /// Kinds of tokens that fit there; `L_BRACKET` stands for `[]`. 0 for instructions and lists.
    pub(crate) fn fits(self) -> u64 {
        match self {
            OperandPosition::Peer => PEER,
            OperandPosition::Service | OperandPosition::Function => STR,
            OperandPosition::Argument | OperandPosition::Left | OperandPosition::Right => VALUE,
            OperandPosition::Output | OperandPosition::ApTarget => OUTPUT,
            OperandPosition::CanonSource => CANON_SOURCE,
            OperandPosition::CanonTarget => bit(K::CANON),
            OperandPosition::CanonMapTarget => CANON_MAP_TARGET,
            OperandPosition::ApSource | OperandPosition::Value => AP_SOURCE,
            OperandPosition::Key => KEY,
            OperandPosition::MapTarget => bit(K::STREAM_MAP),
            OperandPosition::NewName => NEW_NAME,
            OperandPosition::Failure => FAILURE,
            OperandPosition::FailText => bit(K::STRING),
            OperandPosition::Iterable => ITERABLE,
            OperandPosition::Iterator | OperandPosition::NextIterator => bit(K::SCALAR),
            OperandPosition::FunctionRef
            | OperandPosition::Arguments
            | OperandPosition::First
            | OperandPosition::Second
            | OperandPosition::Body
            | OperandPosition::Last
            | OperandPosition::Script => 0,
        }
    }

    /// Whether an operand of that kind fits there; `L_BRACKET` stands for `[]`, `…_LENS` kinds for words with a lens.
    pub fn takes(self, kind: SyntaxKind) -> bool {
        (kind as u8) < 64 && self.fits() & bit(kind) != 0
    }

    /// Whether a child instruction goes there.
    pub fn is_instruction(self) -> bool {
        matches!(
            self,
            OperandPosition::First
                | OperandPosition::Second
                | OperandPosition::Body
                | OperandPosition::Last
                | OperandPosition::Script
        )
    }

    /// Whether a value is read there that must be at hand.
    pub fn is_read(self) -> bool {
        matches!(
            self,
            OperandPosition::Peer
                | OperandPosition::Service
                | OperandPosition::Function
                | OperandPosition::Argument
                | OperandPosition::ApSource
                | OperandPosition::Key
                | OperandPosition::Value
                | OperandPosition::Failure
                | OperandPosition::Left
                | OperandPosition::Right
        )
    }

    /// The position in words, as the start of a sentence.
    pub fn name(self) -> &'static str {
        match self {
            OperandPosition::Peer => "the peer",
            OperandPosition::FunctionRef => "`(service function)`",
            OperandPosition::Service => "the service",
            OperandPosition::Function => "the function",
            OperandPosition::Arguments => "`[arguments]`",
            OperandPosition::Argument => "an argument",
            OperandPosition::Output => "the output",
            OperandPosition::CanonSource => "the source of `canon`",
            OperandPosition::CanonTarget | OperandPosition::CanonMapTarget => "the target of `canon`",
            OperandPosition::ApSource => "the value of `ap`",
            OperandPosition::ApTarget => "the target of `ap`",
            OperandPosition::Key => "the key",
            OperandPosition::Value => "the value",
            OperandPosition::MapTarget => "the map of `ap (key value)`",
            OperandPosition::NewName => "the name that `new` declares",
            OperandPosition::Failure => "the error that `fail` raises",
            OperandPosition::FailText => "the text after the error code",
            OperandPosition::Iterable => "the iterable of `fold`",
            OperandPosition::Iterator => "the iterator of `fold`",
            OperandPosition::NextIterator => "the iterator of `next`",
            OperandPosition::Left => "the left side",
            OperandPosition::Right => "the right side",
            OperandPosition::First => "the first instruction",
            OperandPosition::Second => "the second instruction",
            OperandPosition::Body => "the body",
            OperandPosition::Last => "the last instruction",
            OperandPosition::Script => "the script",
        }
    }

    /// What fits there, in words.
    pub fn expects(self) -> &'static str {
        match self {
            OperandPosition::Peer => {
                "a string, `%init_peer_id%`, a scalar, or a canon stream or map with a lens"
            }
            OperandPosition::Service | OperandPosition::Function => {
                "a string, a scalar, or a canon stream or map with a lens"
            }
            OperandPosition::FunctionRef => "a pair in parentheses, `(\"service\" \"function\")`",
            OperandPosition::Arguments => "a list in brackets, `[]` if there are none",
            OperandPosition::Argument | OperandPosition::Left | OperandPosition::Right => {
                "a literal, a scalar, a canon stream or map, an error, or `[]`"
            }
            OperandPosition::Output | OperandPosition::ApTarget => "a scalar or a stream without a lens",
            OperandPosition::CanonSource => "a stream or a stream map",
            OperandPosition::CanonTarget => "a canon stream (`#name`)",
            OperandPosition::CanonMapTarget => "a canon map (`#%name`) or a scalar",
            OperandPosition::ApSource | OperandPosition::Value => {
                "a literal, a scalar, a canon stream, a canon map with a lens, an error, or `[]`"
            }
            OperandPosition::Key => "a string, an integer, a scalar, or a canon stream with a lens",
            OperandPosition::MapTarget => "a stream map (`%name`)",
            OperandPosition::NewName => {
                "a scalar, a stream, a stream map, a canon stream or a canon map, without a lens"
            }
            OperandPosition::Failure => {
                "a code and a text, a scalar, a canon stream with a lens, `%last_error%` or `:error:`"
            }
            OperandPosition::FailText => "a string",
            OperandPosition::Iterable => {
                "a scalar, a stream, a stream map, a canon stream without a lens, a canon map, or `[]`"
            }
            OperandPosition::Iterator | OperandPosition::NextIterator => "a scalar",
            OperandPosition::First
            | OperandPosition::Second
            | OperandPosition::Body
            | OperandPosition::Last
            | OperandPosition::Script => "an instruction",
        }
    }
}

/// A kind of token in words, with its article.
pub(crate) fn kind_words(kind: SyntaxKind) -> &'static str {
    match kind {
        K::STRING | K::UNCLOSED_STRING => "a string",
        K::INT => "an integer",
        K::FLOAT => "a number with a dot",
        K::BOOL => "a boolean",
        K::INIT_PEER_ID => "`%init_peer_id%`",
        K::TIMESTAMP => "`%timestamp%`",
        K::TTL => "`%ttl%`",
        K::LAST_ERROR => "`%last_error%`",
        K::LAST_ERROR_LENS => "`%last_error%` with a lens",
        K::ERROR_VAR => "`:error:`",
        K::ERROR_VAR_LENS => "`:error:` with a lens",
        K::SCALAR => "a scalar",
        K::SCALAR_LENS => "a scalar with a lens",
        K::STREAM => "a stream",
        K::STREAM_LENS => "a stream with a lens",
        K::STREAM_MAP => "a stream map",
        K::STREAM_MAP_LENS => "a stream map with a lens",
        K::CANON => "a canon stream",
        K::CANON_LENS => "a canon stream with a lens",
        K::CANON_MAP => "a canon map",
        K::CANON_MAP_LENS => "a canon map with a lens",
        K::L_PAREN => "`(`",
        K::L_BRACKET => "an array",
        kind if kind.is_keyword() => "the name of an instruction",
        _ => "something else",
    }
}
