//! Every kind of token and node, in one list.
//!
//! Tokens come from the lexer; word kinds follow the classification of the reference
//! (`spec/language.md` §1.4–1.6). A word with a lens is one token for the lexer (`…_LENS`) and a
//! [`SyntaxKind::LENSED`] node with parts in the tree.

/// Kind of a token or node of the tree.
#[allow(non_camel_case_types, missing_docs, clippy::upper_case_acronyms)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum SyntaxKind {
    // Trivia.
    WHITESPACE,
    /// From `;` up to, not including, the line feed.
    COMMENT,

    // Brackets.
    L_PAREN,
    R_PAREN,
    L_BRACKET,
    R_BRACKET,

    // Keywords, all reserved.
    CALL_KW,
    CANON_KW,
    AP_KW,
    SEQ_KW,
    PAR_KW,
    FAIL_KW,
    FOLD_KW,
    XOR_KW,
    NEVER_KW,
    NEW_KW,
    NEXT_KW,
    NULL_KW,
    MATCH_KW,
    MISMATCH_KW,

    // Operands of one token.
    /// `"…"`, no escapes.
    STRING,
    INT,
    FLOAT,
    /// `true` or `false`.
    BOOL,
    /// `%init_peer_id%`
    INIT_PEER_ID,
    /// `%timestamp%`
    TIMESTAMP,
    /// `%ttl%`
    TTL,
    /// `%last_error%`
    LAST_ERROR,
    /// `:error:`
    ERROR_VAR,
    SCALAR,
    /// `$name`
    STREAM,
    /// `%name`
    STREAM_MAP,
    /// `#name` or `#$name`
    CANON,
    /// `#%name`
    CANON_MAP,

    // Words with a lens: lexer only, the tree has `LENSED` nodes.
    LAST_ERROR_LENS,
    ERROR_VAR_LENS,
    SCALAR_LENS,
    STREAM_LENS,
    STREAM_MAP_LENS,
    CANON_LENS,
    CANON_MAP_LENS,

    // Parts of a lens.
    /// `.$`
    LENS_ROOT,
    /// `.` before an accessor
    DOT,
    /// Field name in `.name`
    FIELD_NAME,
    /// Digits in `[0]`
    INDEX,
    /// `length` of the functor `.length`
    LENGTH,
    /// `!`, accepted and without effect
    BANG,
    // The variable in `[name]` is a SCALAR, the brackets are L_BRACKET and R_BRACKET.

    // Broken tokens; `lexer::word_error` and the parser say what is wrong.
    /// `"…` without its second quote, up to the end of the text.
    UNCLOSED_STRING,
    /// A word the reference's lexer refuses.
    BAD_WORD,

    // Nodes.
    /// Root: the whole text.
    SCRIPT,
    CALL,
    CANON_INSTR,
    AP,
    SEQ,
    PAR,
    XOR,
    NEVER,
    NULL,
    NEW,
    FAIL,
    FOLD,
    NEXT,
    MATCH,
    MISMATCH,
    /// A list whose head is no keyword, or that has none: `(foo …)`, `()`.
    UNKNOWN_INSTR,
    /// `(service function)` of a call.
    FUNCTION_REF,
    /// `[ … ]` of a call.
    ARGUMENTS,
    /// `(key value)` of an `ap` into a stream map.
    MAP_ENTRY,
    /// `[]`
    EMPTY_ARRAY,
    /// Base token and a LENS.
    LENSED,
    /// `.$` and accessors, or `.length`.
    LENS,
    /// `.name` with `!` if there.
    FIELD_ACCESS,
    /// `.[0]`, `[0]` with `!` if there.
    INDEX_ACCESS,
    /// `.[name]`, `[name]` with `!` if there.
    VARIABLE_ACCESS,
    /// `.length`
    LENGTH_ACCESS,
    /// What fits nowhere, kept flat; never inside another ERROR.
    ERROR,
}

impl SyntaxKind {
    /// Blanks and comments.
    pub fn is_trivia(self) -> bool {
        matches!(self, SyntaxKind::WHITESPACE | SyntaxKind::COMMENT)
    }

    /// One of the fourteen instruction words.
    pub fn is_keyword(self) -> bool {
        (SyntaxKind::CALL_KW..=SyntaxKind::MISMATCH_KW).contains(&self)
    }

    /// Nodes that stand for an instruction, unknown ones included.
    pub fn is_instruction(self) -> bool {
        (SyntaxKind::CALL..=SyntaxKind::UNKNOWN_INSTR).contains(&self)
    }
}
