//! The lexer proper: a table for all that one byte gives away, generated code for plain words, exact code for the rest.

use std::ops::Range;

use logos::Logos;
use memchr::memchr;

use super::tokens::Tokens;
use super::word;
use crate::SyntaxKind;

/// Words that need no second look, except for the byte after them. White space, brackets and strings, which are most of
/// the tokens, never come here: [`lex`] takes them itself.
#[derive(Logos, Debug, Clone, Copy, PartialEq, Eq)]
#[logos(utf8 = false)]
#[logos(subpattern w = r"[A-Za-z0-9_\-]")]
#[logos(subpattern name = r"(-?[A-Za-z_]|--)[A-Za-z0-9_\-]*")]
#[logos(subpattern lens = r"(\.length|\.\$(\.[A-Za-z_\-][A-Za-z0-9_\-]*|\.?\[([0-9][0-9]?[0-9]?[0-9]?|[A-Za-z_\-][A-Za-z0-9_\-]*)\])+!?)")]
enum PlainWord {
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

impl PlainWord {
    fn kind(self) -> SyntaxKind {
        match self {
            PlainWord::Call => SyntaxKind::CALL_KW,
            PlainWord::Canon => SyntaxKind::CANON_KW,
            PlainWord::Ap => SyntaxKind::AP_KW,
            PlainWord::Seq => SyntaxKind::SEQ_KW,
            PlainWord::Par => SyntaxKind::PAR_KW,
            PlainWord::Fail => SyntaxKind::FAIL_KW,
            PlainWord::Fold => SyntaxKind::FOLD_KW,
            PlainWord::Xor => SyntaxKind::XOR_KW,
            PlainWord::Never => SyntaxKind::NEVER_KW,
            PlainWord::New => SyntaxKind::NEW_KW,
            PlainWord::Next => SyntaxKind::NEXT_KW,
            PlainWord::Null => SyntaxKind::NULL_KW,
            PlainWord::Match => SyntaxKind::MATCH_KW,
            PlainWord::Mismatch => SyntaxKind::MISMATCH_KW,
            PlainWord::Int => SyntaxKind::INT,
            PlainWord::Bool => SyntaxKind::BOOL,
            PlainWord::InitPeerId => SyntaxKind::INIT_PEER_ID,
            PlainWord::Timestamp => SyntaxKind::TIMESTAMP,
            PlainWord::Ttl => SyntaxKind::TTL,
            PlainWord::LastError => SyntaxKind::LAST_ERROR,
            PlainWord::ErrorVar => SyntaxKind::ERROR_VAR,
            PlainWord::Scalar => SyntaxKind::SCALAR,
            PlainWord::Stream => SyntaxKind::STREAM,
            PlainWord::StreamMap => SyntaxKind::STREAM_MAP,
            PlainWord::CanonStream => SyntaxKind::CANON,
            PlainWord::CanonMap => SyntaxKind::CANON_MAP,
            PlainWord::ScalarLens => SyntaxKind::SCALAR_LENS,
            PlainWord::CanonLens => SyntaxKind::CANON_LENS,
            PlainWord::CanonMapLens => SyntaxKind::CANON_MAP_LENS,
            PlainWord::ErrorVarLens => SyntaxKind::ERROR_VAR_LENS,
            PlainWord::LastErrorLens => SyntaxKind::LAST_ERROR_LENS,
        }
    }
}

/// What kind of token a byte starts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Part of a word.
    Word,
    Quote,
    Space,
    LParen,
    RParen,
    LBracket,
    RBracket,
    Comment,
}

const CLASSES: [Class; 256] = {
    let mut table = [Class::Word; 256];
    let special = [
        (b' ', Class::Space),
        (b'\t', Class::Space),
        (b'\n', Class::Space),
        (b'\r', Class::Space),
        (b'\x0b', Class::Space),
        (b'\x0c', Class::Space),
        (b'(', Class::LParen),
        (b')', Class::RParen),
        (b'[', Class::LBracket),
        (b']', Class::RBracket),
        (b';', Class::Comment),
        (b'"', Class::Quote),
    ];
    let mut at = 0;
    #[allow(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while at < special.len() {
        table[special[at].0 as usize] = special[at].1;
        at += 1;
    }
    table
};

#[inline]
fn class(byte: u8) -> Class {
    CLASSES.get(usize::from(byte)).copied().unwrap_or(Class::Word)
}

/// Tokens on their way into the columns: a block at a time is cheaper than one by one.
struct Block {
    kinds: [SyntaxKind; Block::LEN],
    ends: [u32; Block::LEN],
    len: usize,
}

impl Block {
    const LEN: usize = 64;

    #[inline]
    fn push(&mut self, kind: SyntaxKind, end: usize, tokens: &mut Tokens) {
        let index = self.len % Block::LEN;
        if let (Some(to_kind), Some(to_end)) = (self.kinds.get_mut(index), self.ends.get_mut(index)) {
            *to_kind = kind;
            *to_end = end as u32;
        }
        self.len += 1;
        if self.len == Block::LEN {
            self.flush(tokens);
        }
    }

    #[inline(never)]
    fn flush(&mut self, tokens: &mut Tokens) {
        tokens.kinds.extend_from_slice(self.kinds.get(..self.len).unwrap_or_default());
        tokens.ends.extend_from_slice(self.ends.get(..self.len).unwrap_or_default());
        self.len = 0;
    }
}

pub(super) fn lex(text: &str) -> Tokens {
    let text = within_limit(text);
    let mut tokens = Tokens::default();
    // AIR has about five bytes per token; a little more room than that saves the copies of growing.
    tokens.kinds.reserve(text.len() / 4 + 8);
    tokens.ends.reserve(text.len() / 4 + 8);
    lex_stretch(text, 0..text.len(), &mut tokens);
    tokens
}

/// Appends the tokens that begin in a stretch of a text, whose start is a token's; returns where the last one ends.
pub(super) fn lex_stretch(text: &str, stretch: Range<usize>, tokens: &mut Tokens) -> usize {
    let bytes = text.as_bytes();
    let mut block = Block { kinds: [SyntaxKind::WHITESPACE; Block::LEN], ends: [0; Block::LEN], len: 0 };
    let mut words = PlainWord::lexer(bytes);
    let mut at = stretch.start;
    while at < stretch.end
        && let Some(byte) = bytes.get(at)
    {
        let kind = match class(*byte) {
            Class::LParen => SyntaxKind::L_PAREN,
            Class::RParen => SyntaxKind::R_PAREN,
            Class::LBracket => SyntaxKind::L_BRACKET,
            Class::RBracket => SyntaxKind::R_BRACKET,
            Class::Space => {
                // Half of all white space is one space.
                if bytes.get(at + 1).is_some_and(|byte| class(*byte) == Class::Space) {
                    at += space_run(bytes.get(at + 1..).unwrap_or_default());
                }
                SyntaxKind::WHITESPACE
            }
            Class::Comment => {
                let rest = bytes.get(at + 1..).unwrap_or_default();
                at += memchr(b'\n', rest).unwrap_or(rest.len());
                SyntaxKind::COMMENT
            }
            Class::Quote => match closing_quote(bytes.get(at + 1..).unwrap_or_default()) {
                Some(length) => {
                    at += length + 1;
                    SyntaxKind::STRING
                }
                None => {
                    block.flush(tokens);
                    at = exact_token(text, at, tokens);
                    continue;
                }
            },
            Class::Word => match plain_word(bytes, at, &mut words) {
                Some(kind) => {
                    at = words.span().end;
                    block.push(kind, at, tokens);
                    continue;
                }
                None => {
                    block.flush(tokens);
                    at = exact_token(text, at, tokens);
                    continue;
                }
            },
        };
        at += 1;
        block.push(kind, at, tokens);
    }
    block.flush(tokens);
    at
}

/// Where the next quote is: eight bytes at a time.
#[inline]
fn closing_quote(bytes: &[u8]) -> Option<usize> {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let mut rest = bytes;
    while let Some((chunk, tail)) = rest.split_first_chunk() {
        // Zero where the quotes are; the lowest zero byte is found right.
        let other = u64::from_le_bytes(*chunk) ^ (EACH * b'"' as u64);
        let zeroes = other.wrapping_sub(EACH) & !other & (EACH << 7);
        if zeroes != 0 {
            return Some(bytes.len() - rest.len() + zeroes.trailing_zeros() as usize / 8);
        }
        rest = tail;
    }
    let within = rest.iter().position(|byte| *byte == b'"')?;
    Some(bytes.len() - rest.len() + within)
}

/// The word at `start`, which ends where the generated lexer stands then; none if it needs a second look.
#[inline]
fn plain_word<'t>(
    bytes: &'t [u8],
    start: usize,
    words: &mut logos::Lexer<'t, PlainWord>,
) -> Option<SyntaxKind> {
    match start.checked_sub(words.span().end) {
        Some(skipped) => words.bump(skipped),
        None => {
            *words = PlainWord::lexer(bytes);
            words.bump(start);
        }
    }
    let token = words.next()?.ok()?;
    let over = match bytes.get(words.span().end) {
        Some(byte) => matches!(class(*byte), Class::Space | Class::RParen | Class::RBracket),
        None => true,
    };
    over.then(|| token.kind())
}

/// How many bytes of bytes of ASCII white space a text starts with. Indentation is long: eight at a time.
#[inline]
fn space_run(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    while let Some((chunk, tail)) = rest.split_first_chunk()
        && u64::from_ne_bytes(*chunk) == u64::from_ne_bytes(*b"        ")
    {
        rest = tail;
    }
    if let Some((chunk, _)) = rest.split_first_chunk() {
        // The first byte that is not a space; what follows spaces is rarely other white space.
        let other = u64::from_le_bytes(*chunk) ^ u64::from_le_bytes(*b"        ");
        rest = rest.get(other.trailing_zeros() as usize / 8..).unwrap_or_default();
    }
    while let [first, tail @ ..] = rest
        && class(*first) == Class::Space
    {
        rest = tail;
    }
    bytes.len() - rest.len()
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
        return push_whitespace(tokens, start, start + len);
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
                && let Some(end) = reopen_string(text, tokens)
            {
                return end;
            }
            tokens.push(SyntaxKind::BAD_WORD, end);
            end
        }
    }
}

/// Neighbouring white space is one token, also when only some of them are ASCII.
fn push_whitespace(tokens: &mut Tokens, start: usize, end: usize) -> usize {
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
            // `x.$.["name"]`: a lens of older AIR, and one mistake.
            '"' if let Some(name) = quoted_name(rest, at) => {
                while chars.next_if(|(inside, _)| *inside <= at + name).is_some() {}
            }
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

/// The length of a name in quotes and brackets within a lens, `name"` of `x.$.["name"]`, whose first quote is at `quote`.
fn quoted_name(rest: &str, quote: usize) -> Option<usize> {
    let (before, after) = (rest.get(..quote)?, rest.get(quote + 1..)?);
    if !before.ends_with('[') || !before.contains('.') {
        return None;
    }
    let name = after.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')))?;
    (name > 0 && after.get(name..)?.starts_with("\"]")).then_some(name + 1)
}

/// For a word with a quote in it: if the string it sticks to looks as if it had lost its closing quote, ends that string
/// where [`unclosed_string`] does and says where to go on. Only what sticks together counts, never the layout: a
/// formatter may move lines and must find the same tokens again.
fn reopen_string(text: &str, tokens: &mut Tokens) -> Option<usize> {
    let last = tokens.len().checked_sub(1)?;
    if tokens.kinds.get(last) != Some(&SyntaxKind::STRING) {
        return None;
    }
    let start = tokens.start(last) as usize;
    let whole = text.get(start..tokens.end(last) as usize)?;
    let inside = whole.trim_matches('"');
    let empty = inside.trim().is_empty();
    if !empty && !inside.contains(['\n', '(', ')', '[', ']']) {
        return None;
    }
    let end = start + if empty { 1 } else { unclosed_string(whole) };
    *tokens.kinds.get_mut(last)? = SyntaxKind::UNCLOSED_STRING;
    *tokens.ends.get_mut(last)? = end as u32;
    Some(end)
}
