//! Terminals of AquaVM's grammar, in the order in which its error texts list them.

use std::fmt::Write;

use air_syntax::SyntaxKind;

/// A terminal; the discriminant is its place in "expected …" lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Terminal {
    LParen,
    RParen,
    LBracket,
    RBracket,
    Boolean,
    CanonStream,
    CanonStreamMap,
    CanonStreamMapWithLambda,
    CanonStreamWithLambda,
    Error,
    ErrorWithLambda,
    F64,
    I64,
    InitPeerId,
    LastError,
    LastErrorWithLambda,
    Literal,
    Scalar,
    ScalarWithLambda,
    Stream,
    StreamMap,
    Ttl,
    Timestamp,
    Ap,
    Call,
    Canon,
    Fail,
    Fold,
    Match,
    Mismatch,
    Never,
    New,
    Next,
    Null,
    Par,
    Seq,
    Xor,
}

/// How AquaVM's texts spell the terminals.
const SPELLING: [&str; 37] = [
    "\"(\"",
    "\")\"",
    "\"[\"",
    "\"]\"",
    "Boolean",
    "CanonStream",
    "CanonStreamMap",
    "CanonStreamMapWithLambda",
    "CanonStreamWithLambda",
    "Error",
    "ErrorWithLambda",
    "F64",
    "I64",
    "InitPeerId",
    "LastError",
    "LastErrorWithLambda",
    "Literal",
    "Scalar",
    "ScalarWithLambda",
    "Stream",
    "StreamMap",
    "TTL",
    "Timestamp",
    "ap",
    "call",
    "canon",
    "fail",
    "fold",
    "match_",
    "mismatch",
    "never",
    "new",
    "next",
    "null",
    "par",
    "seq",
    "xor",
];

impl Terminal {
    /// The terminal of a token. `None` for trivia, broken tokens, and for streams and stream maps
    /// with a lens, which AquaVM's lexer knows and its grammar does not.
    pub(crate) fn of(kind: SyntaxKind) -> Option<Terminal> {
        Some(match kind {
            SyntaxKind::L_PAREN => Terminal::LParen,
            SyntaxKind::R_PAREN => Terminal::RParen,
            SyntaxKind::L_BRACKET => Terminal::LBracket,
            SyntaxKind::R_BRACKET => Terminal::RBracket,
            SyntaxKind::CALL_KW => Terminal::Call,
            SyntaxKind::CANON_KW => Terminal::Canon,
            SyntaxKind::AP_KW => Terminal::Ap,
            SyntaxKind::SEQ_KW => Terminal::Seq,
            SyntaxKind::PAR_KW => Terminal::Par,
            SyntaxKind::FAIL_KW => Terminal::Fail,
            SyntaxKind::FOLD_KW => Terminal::Fold,
            SyntaxKind::XOR_KW => Terminal::Xor,
            SyntaxKind::NEVER_KW => Terminal::Never,
            SyntaxKind::NEW_KW => Terminal::New,
            SyntaxKind::NEXT_KW => Terminal::Next,
            SyntaxKind::NULL_KW => Terminal::Null,
            SyntaxKind::MATCH_KW => Terminal::Match,
            SyntaxKind::MISMATCH_KW => Terminal::Mismatch,
            SyntaxKind::STRING => Terminal::Literal,
            SyntaxKind::INT => Terminal::I64,
            SyntaxKind::FLOAT => Terminal::F64,
            SyntaxKind::BOOL => Terminal::Boolean,
            SyntaxKind::INIT_PEER_ID => Terminal::InitPeerId,
            SyntaxKind::TIMESTAMP => Terminal::Timestamp,
            SyntaxKind::TTL => Terminal::Ttl,
            SyntaxKind::LAST_ERROR => Terminal::LastError,
            SyntaxKind::LAST_ERROR_LENS => Terminal::LastErrorWithLambda,
            SyntaxKind::ERROR_VAR => Terminal::Error,
            SyntaxKind::ERROR_VAR_LENS => Terminal::ErrorWithLambda,
            SyntaxKind::SCALAR => Terminal::Scalar,
            SyntaxKind::SCALAR_LENS => Terminal::ScalarWithLambda,
            SyntaxKind::STREAM => Terminal::Stream,
            SyntaxKind::STREAM_MAP => Terminal::StreamMap,
            SyntaxKind::CANON => Terminal::CanonStream,
            SyntaxKind::CANON_LENS => Terminal::CanonStreamWithLambda,
            SyntaxKind::CANON_MAP => Terminal::CanonStreamMap,
            SyntaxKind::CANON_MAP_LENS => Terminal::CanonStreamMapWithLambda,
            _ => return None,
        })
    }
}

/// A set of terminals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Terminals(u64);

impl Terminals {
    /// The set of these.
    pub(crate) const fn of(terminals: &[Terminal]) -> Terminals {
        let mut bits = 0;
        let mut rest = terminals;
        while let [first, others @ ..] = rest {
            bits |= 1 << *first as u8;
            rest = others;
        }
        Terminals(bits)
    }

    /// Both sets together.
    pub(crate) const fn and(self, other: Terminals) -> Terminals {
        Terminals(self.0 | other.0)
    }

    /// Whether the terminal is in it.
    pub(crate) const fn has(self, terminal: Terminal) -> bool {
        self.0 & (1 << terminal as u8) != 0
    }

    /// AquaVM's text for "one of these should stand here".
    pub(crate) fn expected(self) -> String {
        let mut text = String::from("expected ");
        if self.0 == 0 {
            text.push_str("<nothing>");
            return text;
        }
        let mut glue = "";
        for (index, spelling) in SPELLING.iter().enumerate() {
            if self.0 & (1 << index) != 0 {
                let _ = write!(text, "{glue}{spelling}");
                glue = " or ";
            }
        }
        text
    }
}
