//! AquaVM's own view of the tokens: exact extents, up to its first error.

use std::ops::Range;

use super::error::{LexError, LexErrorKind};
use super::word;
use crate::SyntaxKind;

/// Kind of a token as AquaVM's grammar sees it; [`reference_name`] is its name there.
pub type RefToken = SyntaxKind;

/// AquaVM's tokens with their spans (white space and comments dropped), and the lexer error that ended them.
pub fn reference_tokens(text: &str) -> (Vec<(RefToken, u32, u32)>, Option<LexError>) {
    let mut tokens = Vec::new();
    let error = reference_stretch(text, 0..text.len(), &mut tokens).err();
    (tokens, error)
}

/// Appends AquaVM's tokens that begin in a stretch of a text, whose start is a token's; says where the last one ends, or
/// which error ended them.
pub fn reference_stretch(
    text: &str,
    stretch: Range<usize>,
    tokens: &mut Vec<(RefToken, u32, u32)>,
) -> Result<usize, LexError> {
    let mut at = stretch.start;
    while at < stretch.end
        && let Some(c) = text.get(at..).and_then(|rest| rest.chars().next())
    {
        let start = at;
        let kind = match c {
            '(' => SyntaxKind::L_PAREN,
            ')' => SyntaxKind::R_PAREN,
            '[' => SyntaxKind::L_BRACKET,
            ']' => SyntaxKind::R_BRACKET,
            ';' => {
                at = find_from(text, start, '\n').unwrap_or(text.len());
                continue;
            }
            '"' => match find_from(text, start + 1, '"') {
                Some(end) => {
                    at = end + 1;
                    tokens.push((SyntaxKind::STRING, start as u32, at as u32));
                    continue;
                }
                None => {
                    return Err(LexError::new(LexErrorKind::UnclosedString, start, text.len()));
                }
            },
            c if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            _ => {
                at = word::extent(text, start);
                match word::classify(text.get(start..at).unwrap_or_default()) {
                    Ok(kind) => tokens.push((kind, start as u32, at as u32)),
                    Err(error) => return Err(error.shifted(start)),
                }
                continue;
            }
        };
        at += 1;
        tokens.push((kind, start as u32, at as u32));
    }
    Ok(at)
}

fn find_from(text: &str, start: usize, wanted: char) -> Option<usize> {
    text.get(start..)?.find(wanted).map(|at| start + at)
}

/// The reference's name of a token kind, as its lexer has it (`match`, not `match_`).
pub fn reference_name(kind: RefToken) -> &'static str {
    match kind {
        SyntaxKind::L_PAREN => "(",
        SyntaxKind::R_PAREN => ")",
        SyntaxKind::L_BRACKET => "[",
        SyntaxKind::R_BRACKET => "]",
        SyntaxKind::STRING => "Literal",
        SyntaxKind::INT => "I64",
        SyntaxKind::FLOAT => "F64",
        SyntaxKind::BOOL => "Boolean",
        SyntaxKind::INIT_PEER_ID => "InitPeerId",
        SyntaxKind::TIMESTAMP => "Timestamp",
        SyntaxKind::TTL => "TTL",
        SyntaxKind::LAST_ERROR => "LastError",
        SyntaxKind::LAST_ERROR_LENS => "LastErrorWithLambda",
        SyntaxKind::ERROR_VAR => "Error",
        SyntaxKind::ERROR_VAR_LENS => "ErrorWithLambda",
        SyntaxKind::SCALAR => "Scalar",
        SyntaxKind::SCALAR_LENS => "ScalarWithLambda",
        SyntaxKind::STREAM => "Stream",
        SyntaxKind::STREAM_LENS => "StreamWithLambda",
        SyntaxKind::STREAM_MAP => "StreamMap",
        SyntaxKind::STREAM_MAP_LENS => "StreamMapWithLambda",
        SyntaxKind::CANON => "CanonStream",
        SyntaxKind::CANON_LENS => "CanonStreamWithLambda",
        SyntaxKind::CANON_MAP => "CanonStreamMap",
        SyntaxKind::CANON_MAP_LENS => "CanonStreamMapWithLambda",
        other => word::KEYWORDS.iter().find(|(_, kind)| *kind == other).map_or("", |(name, _)| name),
    }
}
