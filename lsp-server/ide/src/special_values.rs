//! SpecialValue values, and the fields of error objects.

use air_syntax::SyntaxKind;

/// A word with a meaning of its own.
#[derive(Debug, Clone, Copy)]
pub struct SpecialValue {
    /// The kind of its token.
    pub kind: SyntaxKind,
    /// As a script writes it.
    pub text: &'static str,
    /// What it holds, in Markdown.
    pub what: &'static str,
}

/// All special values.
pub const SPECIAL_VALUES: &[SpecialValue] = &[
    SpecialValue {
        kind: SyntaxKind::INIT_PEER_ID,
        text: "%init_peer_id%",
        what: "Id of the peer that started the script. It is the only special value that can stand where a peer is expected.",
    },
    SpecialValue {
        kind: SyntaxKind::ERROR_VAR,
        text: ":error:",
        what: "The failure that the enclosing `xor` has caught, an object. Outside of a handler `error_code` is 0. A failed `match` or `mismatch` sets it too.",
    },
    SpecialValue {
        kind: SyntaxKind::LAST_ERROR,
        text: "%last_error%",
        what: "The last failure, an object; it stays after the handler. A failed `match` or `mismatch` does not set it. Before any failure `error_code` is 0.",
    },
    SpecialValue {
        kind: SyntaxKind::TIMESTAMP,
        text: "%timestamp%",
        what: "When the script was started: milliseconds since 1970, the same number on all peers.",
    },
    SpecialValue {
        kind: SyntaxKind::TTL,
        text: "%ttl%",
        what: "How long the script may live, in milliseconds: the same number on all peers.",
    },
];

/// Fields of `:error:` and `%last_error%`, with what they hold.
pub const ERROR_FIELDS: &[(&str, &str)] = &[
    (
        "error_code",
        "Integer: 0 for no error, 10000 and above for AquaVM's own errors, otherwise the code of the `fail`.",
    ),
    (
        "message",
        "String: what went wrong. For a failed service, `Local service error, …` with the service's own text.",
    ),
    ("instruction", "String: the innermost instruction that failed. Reading it before any failure fails."),
    (
        "peer_id",
        "String: the peer on which it failed; for a `call`, the peer that was called. May be missing in `:error:`.",
    ),
];

/// The special value of a token; none for other tokens.
pub fn special_value(kind: SyntaxKind) -> Option<&'static SpecialValue> {
    SPECIAL_VALUES.iter().find(|special| special.kind == kind)
}
