//! Every kind of token and node, in one list.
//!
//! Tokens come from the lexer; word kinds follow the classification of the reference
//! (`syntax/spec/language.md §1.4`). A word with a lens is one token for the lexer (`…_LENS`) and a
//! [`SyntaxKind::LENSED`] node with parts in the tree.

/// Writes the list twice: as the enum, and as [`ALL_KINDS`].
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident,)*) => {
        /// Kind of a token or node of the tree.
        #[allow(non_camel_case_types, missing_docs, clippy::upper_case_acronyms)]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum SyntaxKind {
            $($(#[$doc])* $kind,)*
        }

        /// All kinds in order of their numbers.
        pub(crate) const ALL_KINDS: [SyntaxKind; [$(SyntaxKind::$kind),*].len()] = [$(SyntaxKind::$kind),*];
    };
}

kinds! {
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
    /// A list whose head is not a keyword, or that has none: `(foo …)`, `()`.
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
    /// Tokens that fit nowhere, kept flat; never inside another ERROR.
    ERROR,
}

impl SyntaxKind {
    /// Whether it is white space or a comment.
    pub fn is_trivia(self) -> bool {
        matches!(self, SyntaxKind::WHITESPACE | SyntaxKind::COMMENT)
    }

    /// Whether it is one of the fourteen instruction words.
    pub fn is_keyword(self) -> bool {
        (SyntaxKind::CALL_KW..=SyntaxKind::MISMATCH_KW).contains(&self)
    }

    /// Whether it is an operand with a lens, which is one token for the lexer.
    pub fn is_lens_word(self) -> bool {
        (SyntaxKind::LAST_ERROR_LENS..=SyntaxKind::CANON_MAP_LENS).contains(&self)
    }

    /// The token before the lens of such a word; other kinds stay as they are.
    pub fn without_lens(self) -> SyntaxKind {
        match self {
            SyntaxKind::LAST_ERROR_LENS => SyntaxKind::LAST_ERROR,
            SyntaxKind::ERROR_VAR_LENS => SyntaxKind::ERROR_VAR,
            SyntaxKind::SCALAR_LENS => SyntaxKind::SCALAR,
            SyntaxKind::STREAM_LENS => SyntaxKind::STREAM,
            SyntaxKind::STREAM_MAP_LENS => SyntaxKind::STREAM_MAP,
            SyntaxKind::CANON_LENS => SyntaxKind::CANON,
            SyntaxKind::CANON_MAP_LENS => SyntaxKind::CANON_MAP,
            other => other,
        }
    }

    /// Whether it is the node of an instruction, unknown ones included.
    pub fn is_instruction(self) -> bool {
        (SyntaxKind::CALL..=SyntaxKind::UNKNOWN_INSTR).contains(&self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order_and_complete() {
        for (number, kind) in ALL_KINDS.iter().enumerate() {
            assert_eq!(*kind as usize, number);
        }
        assert_eq!(ALL_KINDS.len(), SyntaxKind::ERROR as usize + 1);
    }

    #[test]
    fn tokens_fit_into_a_mask_of_64_bits() {
        assert!((SyntaxKind::BAD_WORD as usize) < 64);
    }
}
