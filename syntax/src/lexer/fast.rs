//! The lexer proper: generated code for plain tokens, exact code for the rest.

use logos::Logos;
use memchr::memchr;

use super::{Tokens, word};
use crate::SyntaxKind;

/// Tokens that need no second look, except for the byte behind a word.
#[derive(Logos, Debug, Clone, Copy, PartialEq, Eq)]
#[logos(utf8 = false)]
#[logos(subpattern w = r"[A-Za-z0-9_\-]")]
#[logos(subpattern name = r"(-?[A-Za-z_]|--)[A-Za-z0-9_\-]*")]
#[logos(subpattern lens = r"(\.length|\.\$(\.[A-Za-z_\-][A-Za-z0-9_\-]*|\.?\[([0-9][0-9]?[0-9]?[0-9]?|[A-Za-z_\-][A-Za-z0-9_\-]*)\])+!?)")]
enum Fast {
    #[regex(r"[ \t\n\r\x0b\x0c]+")]
    Blank,
    #[token(";", comment)]
    Comment,
    #[token("(")]
    LParen,
    #[token(")")]
    RParen,
    #[token("[")]
    LBracket,
    #[token("]")]
    RBracket,
    #[regex(r#""[^"]*""#)]
    String,

    // From here on the byte behind decides.
    #[token("call")]
    Call,
    #[token("canon")]
    Canon,
    #[token("ap")]
    Ap,
    #[token("seq")]
    Seq,
    #[token("par")]
    Par,
    #[token("fail")]
    Fail,
    #[token("fold")]
    Fold,
    #[token("xor")]
    Xor,
    #[token("never")]
    Never,
    #[token("new")]
    New,
    #[token("next")]
    Next,
    #[token("null")]
    Null,
    #[token("match")]
    Match,
    #[token("mismatch")]
    Mismatch,
    #[regex(r"-?[0-9][0-9]?[0-9]?[0-9]?[0-9]?[0-9]?[0-9]?[0-9]?[0-9]?")]
    Int,
    #[token("true")]
    #[token("false")]
    Bool,
    #[token("%init_peer_id%")]
    InitPeerId,
    #[token("%timestamp%")]
    Timestamp,
    #[token("%ttl%")]
    Ttl,
    #[token("%last_error%")]
    LastError,
    #[token(":error:")]
    ErrorVar,
    #[regex(r"(?&name)")]
    Scalar,
    #[regex(r"\$(?&w)+")]
    Stream,
    #[regex(r"%(?&w)+")]
    StreamMap,
    #[regex(r"#\$?(?&w)+")]
    CanonStream,
    #[regex(r"#%(?&w)+")]
    CanonMap,
    #[regex(r"(?&name)(?&lens)")]
    ScalarLens,
    #[regex(r"(#(?&w)(?&w)+|#\$(?&w)+)(?&lens)")]
    CanonLens,
    #[regex(r"#%(?&w)+(?&lens)")]
    CanonMapLens,
    #[regex(r":error:(?&lens)")]
    ErrorVarLens,
    #[regex(r"%last_error%(?&lens)")]
    LastErrorLens,
}

impl Fast {
    fn kind(self) -> SyntaxKind {
        match self {
            Fast::Blank => SyntaxKind::WHITESPACE,
            Fast::Comment => SyntaxKind::COMMENT,
            Fast::LParen => SyntaxKind::L_PAREN,
            Fast::RParen => SyntaxKind::R_PAREN,
            Fast::LBracket => SyntaxKind::L_BRACKET,
            Fast::RBracket => SyntaxKind::R_BRACKET,
            Fast::String => SyntaxKind::STRING,
            Fast::Call => SyntaxKind::CALL_KW,
            Fast::Canon => SyntaxKind::CANON_KW,
            Fast::Ap => SyntaxKind::AP_KW,
            Fast::Seq => SyntaxKind::SEQ_KW,
            Fast::Par => SyntaxKind::PAR_KW,
            Fast::Fail => SyntaxKind::FAIL_KW,
            Fast::Fold => SyntaxKind::FOLD_KW,
            Fast::Xor => SyntaxKind::XOR_KW,
            Fast::Never => SyntaxKind::NEVER_KW,
            Fast::New => SyntaxKind::NEW_KW,
            Fast::Next => SyntaxKind::NEXT_KW,
            Fast::Null => SyntaxKind::NULL_KW,
            Fast::Match => SyntaxKind::MATCH_KW,
            Fast::Mismatch => SyntaxKind::MISMATCH_KW,
            Fast::Int => SyntaxKind::INT,
            Fast::Bool => SyntaxKind::BOOL,
            Fast::InitPeerId => SyntaxKind::INIT_PEER_ID,
            Fast::Timestamp => SyntaxKind::TIMESTAMP,
            Fast::Ttl => SyntaxKind::TTL,
            Fast::LastError => SyntaxKind::LAST_ERROR,
            Fast::ErrorVar => SyntaxKind::ERROR_VAR,
            Fast::Scalar => SyntaxKind::SCALAR,
            Fast::Stream => SyntaxKind::STREAM,
            Fast::StreamMap => SyntaxKind::STREAM_MAP,
            Fast::CanonStream => SyntaxKind::CANON,
            Fast::CanonMap => SyntaxKind::CANON_MAP,
            Fast::ScalarLens => SyntaxKind::SCALAR_LENS,
            Fast::CanonLens => SyntaxKind::CANON_LENS,
            Fast::CanonMapLens => SyntaxKind::CANON_MAP_LENS,
            Fast::ErrorVarLens => SyntaxKind::ERROR_VAR_LENS,
            Fast::LastErrorLens => SyntaxKind::LAST_ERROR_LENS,
        }
    }
}

fn comment(lexer: &mut logos::Lexer<'_, Fast>) {
    let rest = lexer.remainder();
    lexer.bump(memchr(b'\n', rest).unwrap_or(rest.len()));
}

/// Bytes after which a word is surely over: ASCII blanks, `)` and `]`.
const ENDS_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let ends = b" \t\n\r\x0b\x0c)]";
    let mut at = 0;
    #[allow(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while at < ends.len() {
        table[ends[at] as usize] = true;
        at += 1;
    }
    table
};

pub(super) fn lex(text: &str) -> Tokens {
    let text = within_limit(text);
    let bytes = text.as_bytes();
    let mut tokens = Tokens::default();
    // AIR has about five bytes per token; a little more room than that saves the copies of growing.
    let room = text.len() / 4 + 8;
    tokens.kinds.reserve(room);
    tokens.ends.reserve(room);

    let mut lexer = Fast::lexer(bytes);
    loop {
        match lexer.next() {
            None => return tokens,
            Some(Ok(token)) => {
                let end = lexer.span().end;
                let over = bytes
                    .get(end)
                    .is_none_or(|byte| ENDS_WORD.get(usize::from(*byte)).copied().unwrap_or(false));
                if over || token as u8 <= Fast::String as u8 {
                    tokens.push(token.kind(), end);
                    continue;
                }
            }
            Some(Err(())) => {}
        }
        let start = lexer.span().start;
        let end = exact_token(text, start, &mut tokens);
        match end.checked_sub(lexer.span().end) {
            Some(more) => lexer.bump(more),
            None => {
                lexer = Fast::lexer(bytes);
                lexer.bump(end);
            }
        }
    }
}

/// The part of a text whose offsets fit.
fn within_limit(text: &str) -> &str {
    let mut end = text.len().min(u32::MAX as usize);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// Pushes the token at `start`, which is not plain, and says where it ends.
#[cold]
fn exact_token(text: &str, start: usize, tokens: &mut Tokens) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let first = rest.chars().next().unwrap_or(' ');
    if first.is_whitespace() {
        let len = rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len());
        return push_blank(tokens, start, start + len);
    }
    if first == '"' {
        let end = start + unclosed_string(rest);
        tokens.push(SyntaxKind::UNCLOSED_STRING, end);
        return end;
    }
    let (len, glued) = word_end(rest);
    let end = start + len;
    match word::classify(rest.get(..len).unwrap_or_default()) {
        Ok(kind) => {
            if glued {
                tokens.glued.push(tokens.len() as u32);
            }
            tokens.push(kind, end);
            end
        }
        Err(_) => {
            if rest.get(..len).is_some_and(|word| word.contains('"'))
                && let Some(end) = reopen_string(text, start, tokens)
            {
                return end;
            }
            tokens.push(SyntaxKind::BAD_WORD, end);
            end
        }
    }
}

/// Neighbouring blanks are one token, also when only some of them are ASCII.
fn push_blank(tokens: &mut Tokens, start: usize, end: usize) -> usize {
    if tokens.kinds.last() == Some(&SyntaxKind::WHITESPACE)
        && let Some(last) = tokens.ends.last_mut()
        && *last as usize == start
    {
        *last = end as u32;
    } else {
        tokens.push(SyntaxKind::WHITESPACE, end);
    }
    end
}

/// Where a string without closing quote ends for us: before the first bracket on its line, or at the line's end.
fn unclosed_string(rest: &str) -> usize {
    let end = rest.find(['(', ')', '[', ']', '\n', '\r']).unwrap_or(rest.len());
    rest.get(..end).map_or(end, |token| token.trim_end().len())
}

/// Where our word ends, and whether it sticks to something that AquaVM takes for a part of it.
fn word_end(rest: &str) -> (usize, bool) {
    let mut square = 0i64;
    let mut chars = rest.char_indices().peekable();
    chars.next();
    while let Some((at, c)) = chars.next() {
        let keyword = || rest.get(..at).and_then(word::keyword).is_some();
        match c {
            '(' | ';' => return (at, true),
            '"' if keyword() => return (at, true),
            '[' if keyword() => return (at, true),
            '"' => {
                // `f")`: a lost quote before. `x"y"`: a lost space.
                let opens =
                    chars.peek().is_some_and(|(_, next)| !next.is_whitespace() && !"()[]".contains(*next));
                return if opens { (at, true) } else { (at + 1, false) };
            }
            '[' => square += 1,
            ']' => square -= 1,
            _ => {}
        }
        if c.is_whitespace() || c == ')' || square < 0 {
            return (at, false);
        }
    }
    (rest.len(), false)
}

/// If the word at `start` follows a string over several lines, that string has lost its closing quote: ends it on its
/// own line and says where to go on.
fn reopen_string(text: &str, start: usize, tokens: &mut Tokens) -> Option<usize> {
    let last = tokens.len().checked_sub(1)?;
    let string_start = tokens.start(last) as usize;
    let string = text.get(string_start..start)?;
    if tokens.kinds.get(last) != Some(&SyntaxKind::STRING) || !string.contains('\n') {
        return None;
    }
    let end = string_start + unclosed_string(string);
    *tokens.kinds.get_mut(last)? = SyntaxKind::UNCLOSED_STRING;
    *tokens.ends.get_mut(last)? = end as u32;
    Some(end)
}
