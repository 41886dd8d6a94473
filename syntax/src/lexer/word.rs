//! Words: how far they reach and what they are (`syntax/spec/language.md §1.3` to `syntax/spec/language.md §1.6`).

use super::error::{LexError, LexErrorKind};
use crate::SyntaxKind;
use crate::lens;

/// End of the word that starts at byte `start`, as the reference's lexer sees it.
pub(crate) fn extent(text: &str, start: usize) -> usize {
    let mut chars = text.get(start..).unwrap_or_default().char_indices();
    chars.next();
    let (mut round, mut square) = (0i64, 0i64);
    for (at, c) in chars {
        match c {
            '(' => round += 1,
            ')' => round -= 1,
            '[' => square += 1,
            ']' => square -= 1,
            _ => {}
        }
        if c.is_whitespace() || round < 0 || square < 0 {
            return start + at;
        }
    }
    text.len()
}

/// What a word is. `_LENS` kinds have a lens that passed [`lens::check`].
/// Offsets of errors count from the start of the word.
pub(crate) fn classify(word: &str) -> Result<SyntaxKind, LexError> {
    if let Some(keyword) = keyword(word) {
        return Ok(keyword);
    }
    if word == "%init_peer_id%" {
        return Ok(SyntaxKind::INIT_PEER_ID);
    }
    for (prefix, bare, with_lens) in [
        (":error:", SyntaxKind::ERROR_VAR, SyntaxKind::ERROR_VAR_LENS),
        ("%last_error%", SyntaxKind::LAST_ERROR, SyntaxKind::LAST_ERROR_LENS),
    ] {
        if let Some(rest) = word.strip_prefix(prefix) {
            return if rest.is_empty() { Ok(bare) } else { check_lens(word, prefix.len(), with_lens) };
        }
    }
    match word {
        "%timestamp%" => Ok(SyntaxKind::TIMESTAMP),
        "%ttl%" => Ok(SyntaxKind::TTL),
        "true" | "false" => Ok(SyntaxKind::BOOL),
        _ => number_or_variable(word),
    }
}

/// The keyword that this word is.
pub(crate) fn keyword(word: &str) -> Option<SyntaxKind> {
    KEYWORDS.iter().find(|(name, _)| *name == word).map(|(_, kind)| *kind)
}

/// The fourteen instruction words.
pub(crate) const KEYWORDS: [(&str, SyntaxKind); 14] = [
    ("call", SyntaxKind::CALL_KW),
    ("canon", SyntaxKind::CANON_KW),
    ("ap", SyntaxKind::AP_KW),
    ("seq", SyntaxKind::SEQ_KW),
    ("par", SyntaxKind::PAR_KW),
    ("fail", SyntaxKind::FAIL_KW),
    ("fold", SyntaxKind::FOLD_KW),
    ("xor", SyntaxKind::XOR_KW),
    ("never", SyntaxKind::NEVER_KW),
    ("new", SyntaxKind::NEW_KW),
    ("next", SyntaxKind::NEXT_KW),
    ("null", SyntaxKind::NULL_KW),
    ("match", SyntaxKind::MATCH_KW),
    ("mismatch", SyntaxKind::MISMATCH_KW),
];

fn check_lens(word: &str, dot: usize, kind: SyntaxKind) -> Result<SyntaxKind, LexError> {
    match lens::check(word.get(dot..).unwrap_or_default()) {
        Ok(()) => Ok(kind),
        Err(error) => Err(LexError::new(LexErrorKind::Lens(error), dot, word.len())),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tag {
    None,
    Stream,
    StreamMap,
    /// `#`
    Canon,
    /// `#$`
    CanonStream,
    /// `#%`, or `%` as the second character of anything
    CanonMap,
}

fn number_or_variable(word: &str) -> Result<SyntaxKind, LexError> {
    let fail = |kind, at| Err(LexError::new(kind, at, at));
    let mut in_number = true;
    let mut digit = false;
    let mut dot = None;
    let mut tag = Tag::None;

    for (at, c) in word.char_indices() {
        if in_number {
            if at == 0 && (c == '+' || c == '-') {
                continue;
            } else if c.is_numeric() {
                digit = true;
                continue;
            } else if c == '.' && dot.is_none() {
                if !digit {
                    return fail(leading_dot(word), at);
                }
                dot = Some(at);
                continue;
            } else if dot.is_some() {
                return fail(LexErrorKind::BadNumberChar(c), at);
            }
            in_number = false;
        }

        if at == 1 && ((tag == Tag::Canon && c == '$') || c == '%') {
            tag = if c == '$' { Tag::CanonStream } else { Tag::CanonMap };
            if word.len() == 2 {
                return fail(LexErrorKind::EmptyCanonName, 1);
            }
        } else if at == 0 && matches!(c, '$' | '#' | '%') {
            tag = match c {
                '$' => Tag::Stream,
                '%' => Tag::StreamMap,
                _ => Tag::Canon,
            };
            if word.len() == 1 {
                return fail(LexErrorKind::EmptyTaggedName, 0);
            }
        } else if c == '.' && dot.is_none() {
            if at == 0 {
                return fail(leading_dot(word), 0);
            }
            if tag != Tag::None && at <= 2 {
                // The reference only looks at the offset of the dot.
                let named = at == 2 && !matches!(tag, Tag::CanonStream | Tag::CanonMap);
                let kind = if named { LexErrorKind::ShortNameWithLens } else { LexErrorKind::EmptyCanonName };
                return fail(kind, at - 1);
            }
            dot = Some(at);
        } else if dot.is_some() {
            let fits = is_name_char(c)
                || matches!(c, '$' | '@' | '[' | ']' | '(' | ')' | ':' | '?' | '.' | '*' | ',' | '"' | '\'')
                || (c == '!' && at + 1 == word.len());
            if !fits {
                return fail(LexErrorKind::BadLensChar(c), at);
            }
        } else if !is_name_char(c) {
            return fail(LexErrorKind::BadChar(c), at);
        }
    }

    if in_number {
        return number(word, dot.is_some());
    }
    let (bare, with_lens) = match tag {
        Tag::None => (SyntaxKind::SCALAR, SyntaxKind::SCALAR_LENS),
        Tag::Stream => (SyntaxKind::STREAM, SyntaxKind::STREAM_LENS),
        Tag::StreamMap => (SyntaxKind::STREAM_MAP, SyntaxKind::STREAM_MAP_LENS),
        Tag::Canon | Tag::CanonStream => (SyntaxKind::CANON, SyntaxKind::CANON_LENS),
        Tag::CanonMap => (SyntaxKind::CANON_MAP, SyntaxKind::CANON_MAP_LENS),
    };
    match dot {
        None => Ok(bare),
        Some(dot) => check_lens(word, dot, with_lens),
    }
}

/// What a dot is that nothing stands before.
fn leading_dot(word: &str) -> LexErrorKind {
    let dots = word.len() > 1 && word.bytes().all(|byte| byte == b'.');
    if dots { LexErrorKind::Ellipsis } else { LexErrorKind::LeadingDot }
}

fn number(word: &str, float: bool) -> Result<SyntaxKind, LexError> {
    let whole = |kind| LexError::new(kind, 0, word.len());
    if !float {
        return match word.parse::<i64>() {
            Ok(_) => Ok(SyntaxKind::INT),
            Err(error) => Err(whole(LexErrorKind::Int(*error.kind()))),
        };
    }
    if word.len() > 11 {
        return Err(whole(LexErrorKind::FloatTooLong));
    }
    match word.parse::<f64>() {
        Ok(_) => Ok(SyntaxKind::FLOAT),
        Err(_) => Err(whole(LexErrorKind::Float)),
    }
}

fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}

#[cfg(test)]
mod tests {
    use super::*;
    use SyntaxKind::*;

    fn kind(word: &str) -> SyntaxKind {
        classify(word).unwrap_or(BAD_WORD)
    }

    #[test]
    fn words_end_where_the_reference_ends_them() {
        for (text, end) in [
            ("x;c y", 3),
            ("call\"p\" q", 7),
            ("a.$.[0] b", 7),
            ("foo(bar) b", 8),
            ("seq(null)) b", 9),
            ("a(b c", 3),
            ("a.$.[b c]", 6),
            ("x)", 1),
            ("x]", 1),
            ("x\u{85}y", 1),
            ("x\u{200B}y", 5),
            (")", 1),
        ] {
            assert_eq!(extent(text, 0), end, "{text}");
        }
    }

    #[test]
    fn quirks_of_names() {
        for word in ["+a", "--", "-a", "+-", "-1-", "_", "1a", "1_000", "1e5", "NaN", "callx", "call_", "é"]
        {
            assert_eq!(kind(word), SCALAR, "{word}");
        }
        for word in ["a%b", "1%x", "-%x", "$%x", "%%x", "#%x"] {
            assert_eq!(kind(word), CANON_MAP, "{word}");
        }
        for word in ["é%x", "$$x", "##x", "%$x", "$#x", "a$b", "#a$b", "a%", "#$", "#%", "$", "a+b"] {
            assert_eq!(kind(word), BAD_WORD, "{word}");
        }
        assert_eq!(kind("#x"), CANON);
        assert_eq!(kind("#$x"), CANON);
        assert_eq!(kind("%init_peer_id"), STREAM_MAP);
        assert_eq!(kind("%ttl%.length"), BAD_WORD);
        assert_eq!(kind("call.$.x"), SCALAR_LENS);
        assert_eq!(kind(":error:.$.a!.b!"), ERROR_VAR_LENS);
        assert_eq!(kind("x.$.a!.b"), BAD_WORD);
    }

    #[test]
    fn one_byte_names_take_no_lens() {
        for word in ["#c.length", "$s.$.x", "%m.$.k"] {
            assert_eq!(classify(word).unwrap_err().kind, LexErrorKind::ShortNameWithLens, "{word}");
        }
        for word in ["a%.x", "#.length", "#$.length"] {
            assert_eq!(classify(word).unwrap_err().kind, LexErrorKind::EmptyCanonName, "{word}");
        }
        for (word, expected) in [
            ("#$c.length", CANON_LENS),
            ("#%c.$.k", CANON_MAP_LENS),
            ("#cs.length", CANON_LENS),
            ("#é.length", CANON_LENS),
            ("$st.$.x", STREAM_LENS),
            ("%map.length", STREAM_MAP_LENS),
        ] {
            assert_eq!(kind(word), expected, "{word}");
        }
    }

    #[test]
    fn numbers() {
        for word in ["0", "007", "+5", "-0", "9223372036854775807", "-9223372036854775808"] {
            assert_eq!(kind(word), INT, "{word}");
        }
        for word in ["1.", "+1.", "-0.5", "123456789.1"] {
            assert_eq!(kind(word), FLOAT, "{word}");
        }
        for word in [
            "+",
            "-",
            "²",
            "½",
            "٣",
            "9223372036854775808",
            "1.5e3",
            "1.length",
            "1234567890.1",
            ".5",
            "1.2.3",
        ] {
            assert_eq!(kind(word), BAD_WORD, "{word}");
        }
    }
}
