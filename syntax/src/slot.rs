//! Places for operands and children, and the kinds that fit there (language spec §2), in bits and in words.

use crate::SyntaxKind;
use SyntaxKind as K;

/// A place in an instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slot {
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
    /// One of them.
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
    Declared,
    /// What `fail` raises.
    Failure,
    /// Text behind the code of `fail`.
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
pub(crate) const DECLARED: u64 = bits(&[K::SCALAR, K::STREAM, K::STREAM_MAP, K::CANON, K::CANON_MAP]);
pub(crate) const FAILURE: u64 =
    bits(&[K::SCALAR, K::SCALAR_LENS, K::CANON_LENS, K::INT, K::LAST_ERROR, K::ERROR_VAR]);

impl Slot {
    /// Kinds of tokens that fit there; `L_BRACKET` stands for `[]`. 0 for instructions and lists.
    pub(crate) fn fits(self) -> u64 {
        match self {
            Slot::Peer => PEER,
            Slot::Service | Slot::Function => STR,
            Slot::Argument | Slot::Left | Slot::Right => VALUE,
            Slot::Output | Slot::ApTarget => OUTPUT,
            Slot::CanonSource => CANON_SOURCE,
            Slot::CanonTarget => bit(K::CANON),
            Slot::CanonMapTarget => CANON_MAP_TARGET,
            Slot::ApSource | Slot::Value => AP_SOURCE,
            Slot::Key => KEY,
            Slot::MapTarget => bit(K::STREAM_MAP),
            Slot::Declared => DECLARED,
            Slot::Failure => FAILURE,
            Slot::FailText => bit(K::STRING),
            Slot::Iterable => ITERABLE,
            Slot::Iterator | Slot::NextIterator => bit(K::SCALAR),
            Slot::FunctionRef
            | Slot::Arguments
            | Slot::First
            | Slot::Second
            | Slot::Body
            | Slot::Last
            | Slot::Script => 0,
        }
    }

    /// Whether an operand of that kind fits there; `L_BRACKET` stands for `[]`, `…_LENS` kinds for words with a lens.
    pub fn takes(self, kind: SyntaxKind) -> bool {
        (kind as u8) < 64 && self.fits() & bit(kind) != 0
    }

    /// Whether a child instruction goes there.
    pub fn is_instruction(self) -> bool {
        matches!(self, Slot::First | Slot::Second | Slot::Body | Slot::Last | Slot::Script)
    }

    /// Whether a value is read there that must be at hand.
    pub fn is_read(self) -> bool {
        matches!(
            self,
            Slot::Peer
                | Slot::Service
                | Slot::Function
                | Slot::Argument
                | Slot::ApSource
                | Slot::Key
                | Slot::Value
                | Slot::Failure
                | Slot::Left
                | Slot::Right
        )
    }

    /// What the place is called, as the start of a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Slot::Peer => "the peer",
            Slot::FunctionRef => "`(service function)`",
            Slot::Service => "the service",
            Slot::Function => "the function",
            Slot::Arguments => "`[arguments]`",
            Slot::Argument => "an argument",
            Slot::Output => "the output",
            Slot::CanonSource => "the source of `canon`",
            Slot::CanonTarget | Slot::CanonMapTarget => "the target of `canon`",
            Slot::ApSource => "the value of `ap`",
            Slot::ApTarget => "the target of `ap`",
            Slot::Key => "the key",
            Slot::Value => "the value",
            Slot::MapTarget => "the map of `ap (key value)`",
            Slot::Declared => "the name that `new` declares",
            Slot::Failure => "the error that `fail` raises",
            Slot::FailText => "the text after the error code",
            Slot::Iterable => "the iterable of `fold`",
            Slot::Iterator => "the iterator of `fold`",
            Slot::NextIterator => "the iterator of `next`",
            Slot::Left => "the left side",
            Slot::Right => "the right side",
            Slot::First => "the first instruction",
            Slot::Second => "the second instruction",
            Slot::Body => "the body",
            Slot::Last => "the last instruction",
            Slot::Script => "the script",
        }
    }

    /// What fits there, in words.
    pub fn expects(self) -> &'static str {
        match self {
            Slot::Peer => "a string, `%init_peer_id%`, a scalar, or a canon stream or map with a lens",
            Slot::Service | Slot::Function => "a string, a scalar, or a canon stream or map with a lens",
            Slot::FunctionRef => "two of them in parentheses, `(\"service\" \"function\")`",
            Slot::Arguments => "`[]` where there are none",
            Slot::Argument | Slot::Left | Slot::Right => {
                "a literal, a scalar, a canon stream or map, an error, or `[]`"
            }
            Slot::Output | Slot::ApTarget => "a scalar or a stream, without a lens",
            Slot::CanonSource => "a stream or a stream map",
            Slot::CanonTarget => "a canon stream (`#name`)",
            Slot::CanonMapTarget => "a canon map (`#%name`) or a scalar",
            Slot::ApSource | Slot::Value => {
                "a literal, a scalar, a canon stream, a canon map with a lens, an error, or `[]`"
            }
            Slot::Key => "a string, an integer, a scalar, or a canon stream with a lens",
            Slot::MapTarget => "a stream map (`%name`)",
            Slot::Declared => {
                "a scalar, a stream, a stream map, a canon stream or a canon map, without a lens"
            }
            Slot::Failure => {
                "a code and a text, a scalar, a canon stream with a lens, `%last_error%` or `:error:`"
            }
            Slot::FailText => "a string",
            Slot::Iterable => {
                "a scalar, a stream, a stream map, a canon stream without a lens, a canon map, or `[]`"
            }
            Slot::Iterator | Slot::NextIterator => "a scalar",
            Slot::First | Slot::Second | Slot::Body | Slot::Last | Slot::Script => "an instruction",
        }
    }
}

/// What a token is called, with its article.
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
        K::L_PAREN => "a list",
        K::L_BRACKET => "an array",
        kind if kind.is_keyword() => "an instruction's name",
        _ => "this",
    }
}
