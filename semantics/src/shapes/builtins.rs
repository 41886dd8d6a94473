//! What the built-in services of a node demand of their arguments, and how results come of them.

/// What is demanded of an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Any,
    Text,
    Integer,
    Array,
    Integers,
    Peer,
    Base58,
    /// A text that is parsed; the result is what comes out.
    Json,
    /// The result is the argument.
    Result,
    /// The result is the argument, an array.
    ResultArray,
    /// The argument is an element of the result.
    Element,
    /// An index of the result comes of an index here.
    Index,
    /// The argument is the field of the result that the literal before names.
    Field,
}

/// What comes out by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Unknown,
    Peers,
}

use Kind::{
    Any, Array, Base58, Element, Field, Index, Integer, Integers, Json, Peer, Result, ResultArray, Text,
};

/// Demands on the arguments in order, the last ones repeated as the number says; `None`: no built-in.
pub(super) fn signature(service: &str, function: &str) -> Option<(&'static [Kind], usize, Answer)> {
    let plain = |kinds: &'static [Kind], repeat| Some((kinds, repeat, Answer::Unknown));
    match (service, function) {
        ("math", "add" | "sub") => plain(&[Index, Integer], 0),
        ("math" | "cmp", _) => plain(&[Integer], 1),
        ("op", "identity") => plain(&[Result], 0),
        ("op", "array") => plain(&[Element], 1),
        ("op", "array_length") => plain(&[Array], 0),
        ("op", "concat") => plain(&[ResultArray], 1),
        ("op", "concat_strings") => plain(&[Text], 1),
        ("op", "string_to_b58" | "sha256_string") => plain(&[Text], 0),
        ("op", "string_from_b58" | "bytes_from_b58") => plain(&[Base58], 0),
        ("op", "bytes_to_b58") => plain(&[Integers], 0),
        ("array", "sum") => plain(&[Integers], 0),
        ("array", "dedup") => plain(&[ResultArray], 0),
        ("array", "slice") => plain(&[ResultArray, Integer, Integer], 0),
        ("array", "length") => plain(&[Array], 0),
        ("array", "intersect" | "diff" | "sdiff") => plain(&[ResultArray, ResultArray], 0),
        ("json", "obj") => plain(&[Text, Field], 2),
        ("json", "put") => plain(&[Result, Text, Field], 0),
        ("json", "puts") => plain(&[Result, Text, Field], 2),
        ("json", "parse") => plain(&[Json], 0),
        ("kad", "neighborhood") => Some((&[Peer, Any, Integer], 0, Answer::Peers)),
        ("kad", "merge") => Some((&[Peer, ResultArray, ResultArray, Integer], 0, Answer::Peers)),
        ("peer", "timeout") => plain(&[Integer, Text], 0),
        ("peer", "is_connected") => plain(&[Peer], 0),
        ("sig", "sign") => plain(&[Integers], 0),
        _ => None,
    }
}
