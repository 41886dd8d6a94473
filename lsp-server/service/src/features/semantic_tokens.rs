//! Semantic tokens: what `air_ide::semantic_tokens` finds, in the protocol's numbers.

use air_ide::semantic_tokens::{Modifier, Token, TokenKind, tokens_unless};
use air_syntax::{Encoding, TextRange, TextSize};
use serde_json::{Value, json};

use crate::document::{SentTokens, digest};
use crate::lsp::{self, SemanticToken};
use crate::snapshot::Snapshot;

/// The legend for `initialize`.
pub(crate) fn legend() -> Value {
    let types: Vec<_> = TokenKind::ALL.iter().map(|kind| kind.name()).collect();
    let modifiers: Vec<_> = Modifier::ALL.iter().map(|modifier| modifier.name()).collect();
    json!({ "tokenTypes": types, "tokenModifiers": modifiers })
}

/// `textDocument/semanticTokens/full`.
pub(crate) fn full(
    snapshot: &Snapshot,
    _: lsp::SemanticTokensParams,
) -> lsp::Result<Option<lsp::SemanticTokens>> {
    let tokens = encode(snapshot, None)?;
    let result_id = Some(remember(snapshot, &tokens));
    Ok(Some(lsp::SemanticTokens { result_id, data: tokens }))
}

/// `textDocument/semanticTokens/full/delta`: one edit from the first to the last difference.
pub(crate) fn delta(
    snapshot: &Snapshot,
    params: lsp::SemanticTokensDeltaParams,
) -> lsp::Result<Option<lsp::SemanticTokensFullDeltaResult>> {
    let before = recall(snapshot).filter(|before| before.id == params.previous_result_id);
    let tokens = encode(snapshot, None)?;
    let result_id = Some(remember(snapshot, &tokens));
    let Some(before) = before else {
        return Ok(Some(lsp::SemanticTokens { result_id, data: tokens }.into()));
    };
    let edits = difference(&before.tokens, &tokens).into_iter().collect();
    Ok(Some(lsp::SemanticTokensDelta { result_id, edits }.into()))
}

/// `textDocument/semanticTokens/range`.
pub(crate) fn range(
    snapshot: &Snapshot,
    params: lsp::SemanticTokensRangeParams,
) -> lsp::Result<Option<lsp::SemanticTokens>> {
    let range = snapshot.text_range(params.range);
    Ok(Some(lsp::SemanticTokens { result_id: None, data: encode(snapshot, Some(range))? }))
}

/// Tokens as the protocol wants them: relative, in the client's units, split at line ends unless the
/// client takes tokens over several lines.
fn encode(snapshot: &Snapshot, within: Option<TextRange>) -> lsp::Result<Vec<SemanticToken>> {
    let text = &*snapshot.document.text;
    let found = tokens_unless(snapshot.analysis(), within, &|| snapshot.stop.is_set());
    let found = found.ok_or_else(lsp::Error::request_cancelled)?;
    let mut encoder =
        Encoder { snapshot, tokens: Vec::with_capacity(found.len()), last: lsp::Position::default() };
    for token in found {
        let shown = text.get(token.range.start().into()..token.range.end().into()).unwrap_or_default();
        if snapshot.client.multiline_tokens || !shown.contains(['\n', '\r']) {
            encoder.push(token.range.start(), shown, token);
            continue;
        }
        let mut start = token.range.start();
        for line in shown.split_inclusive(['\n', '\r']) {
            let visible = line.trim_end_matches(['\n', '\r']);
            if !visible.is_empty() {
                encoder.push(start, visible, token);
            }
            start += TextSize::of(line);
        }
    }
    Ok(encoder.tokens)
}

struct Encoder<'a> {
    snapshot: &'a Snapshot,
    tokens: Vec<SemanticToken>,
    last: lsp::Position,
}

impl Encoder<'_> {
    fn push(&mut self, start: TextSize, shown: &str, token: Token) {
        let position = self.snapshot.position(start);
        let same_line = position.line == self.last.line;
        let length = match self.snapshot.client.encoding {
            _ if shown.is_ascii() => shown.len(),
            Encoding::Utf8 => shown.len(),
            Encoding::Utf16 => shown.encode_utf16().count(),
            Encoding::Utf32 => shown.chars().count(),
        };
        self.tokens.push(SemanticToken {
            delta_line: position.line - self.last.line,
            delta_start: if same_line {
                position.character - self.last.character
            } else {
                position.character
            },
            length: u32::try_from(length).unwrap_or(u32::MAX),
            token_type: token.kind as u32,
            token_modifiers_bitset: token.modifiers.bits(),
        });
        self.last = position;
    }
}

fn remember(snapshot: &Snapshot, tokens: &[SemanticToken]) -> String {
    let numbers = tokens.iter().flat_map(|token| {
        [token.delta_line, token.delta_start, token.length, token.token_type, token.token_modifiers_bitset]
    });
    let bytes: Vec<u8> = numbers.flat_map(u32::to_le_bytes).collect();
    let id = format!("{:016x}", digest(&bytes));
    let sent = SentTokens { id: id.clone(), tokens: tokens.into() };
    *snapshot.document.memory.tokens.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(sent);
    id
}

fn recall(snapshot: &Snapshot) -> Option<SentTokens> {
    snapshot.document.memory.tokens.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
}

/// The one edit that makes `new` of `old`; offsets count numbers, five a token.
fn difference(old: &[SemanticToken], new: &[SemanticToken]) -> Option<lsp::SemanticTokensEdit> {
    let same = |(a, b): &(&SemanticToken, &SemanticToken)| a == b;
    let front = old.iter().zip(new).take_while(same).count();
    let (old, new) = (old.get(front..)?, new.get(front..)?);
    let back = old.iter().rev().zip(new.iter().rev()).take_while(same).count();
    let (old, new) = (old.get(..old.len() - back)?, new.get(..new.len() - back)?);
    let number = |count: usize| u32::try_from(count * 5).unwrap_or(u32::MAX);
    (!old.is_empty() || !new.is_empty()).then(|| lsp::SemanticTokensEdit {
        start: number(front),
        delete_count: number(old.len()),
        data: Some(new.to_vec()),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::features::fixture::{everything, open, open_as, uri};

    #[test]
    fn the_legend_has_the_words_of_the_numbers() {
        let legend = legend();
        let words = |list: &str| legend[list].as_array().unwrap().clone();
        for [_, _, _, kind, modifiers] in tokens("(seq (ap 1 $s) (null))", everything()) {
            assert!(words("tokenTypes").len() > kind as usize);
            assert!(modifiers >> words("tokenModifiers").len() == 0);
        }
        assert_eq!(legend["tokenTypes"][TokenKind::Class as usize], "class");
        assert_eq!(legend["tokenModifiers"][Modifier::StreamMap as usize], "streamMap");
    }

    fn tokens(text: &str, capabilities: serde_json::Value) -> Vec<[u32; 5]> {
        let snapshot = open_as(text, capabilities, json!({}));
        let tokens = encode(&snapshot, None).unwrap();
        let numbers = |token: SemanticToken| {
            [
                token.delta_line,
                token.delta_start,
                token.length,
                token.token_type,
                token.token_modifiers_bitset,
            ]
        };
        tokens.into_iter().map(numbers).collect()
    }

    #[test]
    fn units_and_lines() {
        let text = "(call \"é😀\n𝄞\" (\"s\" \"f\") [])";
        let lengths =
            |capabilities| tokens(text, capabilities).iter().map(|token| token[2]).collect::<Vec<_>>();
        assert_eq!(lengths(json!({})), [4, 4, 3, 3, 3], "UTF-16, split");
        assert_eq!(lengths(everything()), [4, 7, 5, 3, 3], "UTF-8, split");
        let whole = json!({ "textDocument": { "semanticTokens": { "multilineTokenSupport": true } } });
        assert_eq!(lengths(whole), [4, 8, 3, 3], "UTF-16, whole");
    }

    #[test]
    fn a_delta_applied_is_the_whole() {
        let texts = [
            "(seq (null) (null))",
            "(seq (never) (null))",
            "(seq (never) (ap 1 x))",
            "",
            "(ap 1 x)",
            "(ap 1 x)",
        ];
        for pair in texts.windows(2) {
            let [before, after] = [pair[0], pair[1]].map(|text| encode(&open(text), None).unwrap());
            let mut applied = before.clone();
            if let Some(edit) = difference(&before, &after) {
                let start = edit.start as usize / 5;
                applied.splice(start..start + edit.delete_count as usize / 5, edit.data.unwrap());
            }
            assert_eq!(applied, after);
        }
    }

    #[test]
    fn a_delta_against_something_forgotten_is_the_whole() {
        let snapshot = open("(null)");
        let ask = |id: &str| {
            let params = json!({ "textDocument": { "uri": uri() }, "previousResultId": id });
            serde_json::to_value(delta(&snapshot, serde_json::from_value(params).unwrap()).unwrap()).unwrap()
        };
        let whole = ask("unknown");
        assert_eq!(whole["data"].as_array().unwrap().len(), 5);
        let same = ask(whole["resultId"].as_str().unwrap());
        assert_eq!(same["edits"], json!([]));
    }
}
