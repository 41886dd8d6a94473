//! Semantic tokens: colours that know what a word is for.
//!
//! Token types are the standard ones, so that every theme has colours; what is particular to AIR is
//! said by modifiers, which editors can style in addition (`@lsp.typemod.variable.stream.air`).
//!
//! | what | type | modifiers |
//! |---|---|---|
//! | instruction word | `keyword` | |
//! | scalar, stream, canon, map, canon map | `variable` | `scalar` `stream` `canon` `streamMap` `canonMap` |
//! | iterator of a fold | `parameter` | `iterator` |
//! | `%init_peer_id%` and the like, `:error:` | `variable` | `readonly` `defaultLibrary` |
//! | literal peer, service, function | `class`, `namespace`, `function` | |
//! | field of a lens, index | `property`, `number` | |
//! | other literals | `string`, `number`, `keyword` for booleans | |
//! | comment, directive | `comment` | `documentation` for directives |
//! | sample answer in a comment | `property` for keys, `string`, `number`, `keyword` | |
//!
//! Variables also carry `read` or `write`, and `declaration` where a `new` or a `fold` introduces them.

mod annotation;

use air_semantics::hir::{AccessorKind, Hir, Lens, Operand, OperandKind, Role};
use air_semantics::resolve::{Access, BindingKind, Resolution};
use air_syntax::{Encoding, SyntaxKind, TextRange, TextSize, lexer};
use serde_json::{Value, json};

use crate::document::{SentTokens, digest};
use crate::lsp::{self, SemanticToken};
use crate::snapshot::Snapshot;

macro_rules! legend {
    ($list:ident: $($name:ident = $word:literal),+ $(,)?) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum $list { $($name),+ }
        impl $list {
            const ALL: &[&str] = &[$($word),+];
        }
    };
}

legend!(Type:
    Keyword = "keyword", Variable = "variable", Parameter = "parameter", Class = "class", Namespace = "namespace",
    Function = "function", Property = "property", String = "string", Number = "number", Comment = "comment",
);

legend!(Modifier:
    Declaration = "declaration", Readonly = "readonly", DefaultLibrary = "defaultLibrary",
    Documentation = "documentation", Read = "read", Write = "write", Scalar = "scalar", Stream = "stream",
    Canon = "canon", StreamMap = "streamMap", CanonMap = "canonMap", Iterator = "iterator",
);

/// The legend for `initialize`.
pub(crate) fn legend() -> Value {
    json!({ "tokenTypes": Type::ALL, "tokenModifiers": Modifier::ALL })
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

/// A coloured piece of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    range: TextRange,
    kind: u32,
    modifiers: u32,
}

/// Collects pieces in text order: tokens of the lexer give the order, operands of the HIR the meaning.
fn pieces(snapshot: &Snapshot, within: Option<TextRange>) -> lsp::Result<Vec<Piece>> {
    let analysis = snapshot.analysis();
    let hir = analysis.hir();
    let mut names = Names { resolution: analysis.resolution(), next: 0 };
    let tokens = lexer::lex(&snapshot.document.text);
    let mut pieces = Vec::new();
    let mut operands = hir.operands.iter().peekable();
    for (index, kind) in tokens.kinds.iter().enumerate() {
        if index % 65_536 == 0 {
            snapshot.check_cancelled()?;
        }
        let range = TextRange::new(tokens.start(index).into(), tokens.end(index).into());
        if within.is_some_and(|within| within.end() <= range.start()) {
            break;
        }
        while operands.next_if(|operand| operand.range.start() < range.start()).is_some() {}
        if within.is_some_and(|within| range.end() <= within.start()) {
            continue;
        }
        let operand = operands.peek().filter(|operand| operand.range.start() == range.start());
        match operand {
            Some(operand) => operand_pieces(hir, operand, &mut names, &mut pieces),
            None => {
                let text =
                    snapshot.document.text.get(range.start().into()..range.end().into()).unwrap_or_default();
                if *kind == SyntaxKind::COMMENT
                    && let Some((begin, words)) = annotation::value(text)
                {
                    let at = |offset: usize| range.start() + TextSize::try_from(offset).unwrap_or_default();
                    let mut push = |from: usize, length: usize, kind: Type| {
                        let range = TextRange::new(at(from), at(from + length));
                        pieces.push(Piece { range, kind: kind as u32, modifiers: 0 });
                    };
                    let before = text.get(..begin).unwrap_or_default().trim_end();
                    push(0, before.len(), Type::Comment);
                    words.into_iter().for_each(|(from, length, kind)| push(begin + from, length, kind));
                } else if let Some((kind, modifiers)) = plain(*kind, text) {
                    let base = if matches!(kind, Type::Variable) {
                        text.find('.').unwrap_or(text.len())
                    } else {
                        text.len()
                    };
                    let range = TextRange::at(range.start(), TextSize::try_from(base).unwrap_or_default());
                    pieces.push(Piece { range, kind: kind as u32, modifiers });
                }
            }
        }
    }
    Ok(pieces)
}

/// Tokens that are no operands, and operands of lists that make no sense.
fn plain(kind: SyntaxKind, text: &str) -> Option<(Type, u32)> {
    use SyntaxKind::*;
    let variable = |modifier: Modifier| Some((Type::Variable, bit(modifier)));
    match kind {
        kind if kind.is_keyword() => Some((Type::Keyword, 0)),
        COMMENT if text.trim_start_matches(';').trim_start().starts_with("air:") => {
            Some((Type::Comment, bit(Modifier::Documentation)))
        }
        COMMENT => Some((Type::Comment, 0)),
        STRING | UNCLOSED_STRING => Some((Type::String, 0)),
        INT | FLOAT => Some((Type::Number, 0)),
        BOOL => Some((Type::Keyword, 0)),
        SCALAR | SCALAR_LENS => variable(Modifier::Scalar),
        STREAM | STREAM_LENS => variable(Modifier::Stream),
        STREAM_MAP | STREAM_MAP_LENS => variable(Modifier::StreamMap),
        CANON | CANON_LENS => variable(Modifier::Canon),
        CANON_MAP | CANON_MAP_LENS => variable(Modifier::CanonMap),
        INIT_PEER_ID | TIMESTAMP | TTL | LAST_ERROR | ERROR_VAR | LAST_ERROR_LENS | ERROR_VAR_LENS => {
            Some((Type::Variable, bit(Modifier::Readonly) | bit(Modifier::DefaultLibrary)))
        }
        _ => None,
    }
}

/// An operand: the base, then the steps of its lens.
fn operand_pieces(hir: &Hir, operand: &Operand, names: &mut Names<'_>, pieces: &mut Vec<Piece>) {
    let start = operand.range.start();
    let (kind, modifiers) = match operand.kind {
        OperandKind::Literal => match operand.role {
            Role::Peer => (Type::Class, 0),
            Role::Service => (Type::Namespace, 0),
            Role::Function => (Type::Function, 0),
            _ => (Type::String, 0),
        },
        OperandKind::Int(_) | OperandKind::Float(_) => (Type::Number, 0),
        OperandKind::Bool(_) => (Type::Keyword, 0),
        OperandKind::EmptyArray => return,
        OperandKind::InitPeerId
        | OperandKind::Timestamp
        | OperandKind::Ttl
        | OperandKind::LastError
        | OperandKind::Error => (Type::Variable, bit(Modifier::Readonly) | bit(Modifier::DefaultLibrary)),
        OperandKind::Scalar(_) => names.at(start, Modifier::Scalar),
        OperandKind::Stream(_) => names.at(start, Modifier::Stream),
        OperandKind::StreamMap(_) => names.at(start, Modifier::StreamMap),
        OperandKind::Canon(_) => names.at(start, Modifier::Canon),
        OperandKind::CanonMap(_) => names.at(start, Modifier::CanonMap),
    };
    let base = match (&operand.lens, operand.kind.name()) {
        (None, _) => operand.range,
        (Some(_), Some(name)) => {
            let length = TextSize::try_from(hir.name(name).len()).unwrap_or_default();
            TextRange::at(operand.range.start(), length.min(operand.range.len()))
        }
        (Some(_), None) => {
            let text = hir.text_at(operand.range);
            let length = text.find(".$").or_else(|| text.find(".length")).unwrap_or(text.len());
            TextRange::at(operand.range.start(), TextSize::try_from(length).unwrap_or_default())
        }
    };
    pieces.push(Piece { range: base, kind: kind as u32, modifiers });
    match &operand.lens {
        None => {}
        Some(Lens::Length) => {
            let range = TextRange::new(operand.range.end() - TextSize::of("length"), operand.range.end());
            pieces.push(Piece {
                range,
                kind: Type::Property as u32,
                modifiers: bit(Modifier::DefaultLibrary),
            });
        }
        Some(lens) => pieces.extend(hir.accessors_of(lens).iter().map(|step| {
            let (kind, modifiers) = match step.kind {
                AccessorKind::Field => (Type::Property, 0),
                AccessorKind::Index(_) => (Type::Number, 0),
                AccessorKind::Variable(_) => names.at(step.range.start(), Modifier::Scalar),
            };
            Piece { range: step.range, kind: kind as u32, modifiers }
        })),
    }
}

fn bit(modifier: Modifier) -> u32 {
    1 << modifier as u32
}

/// Names in text order, walked along with the operands.
struct Names<'a> {
    resolution: &'a Resolution,
    next: usize,
}

impl Names<'_> {
    /// Type and modifiers of the name that starts there; starts must ascend.
    fn at(&mut self, start: TextSize, kind: Modifier) -> (Type, u32) {
        let occurrences = &self.resolution.occurrences;
        while occurrences.get(self.next).is_some_and(|occurrence| occurrence.range.start() < start) {
            self.next += 1;
        }
        let occurrence = occurrences.get(self.next).filter(|occurrence| occurrence.range.start() == start);
        let Some(occurrence) = occurrence else { return (Type::Variable, bit(kind)) };
        let access = match occurrence.access {
            Access::Declare => bit(Modifier::Declaration),
            Access::Write => bit(Modifier::Write),
            Access::Read => bit(Modifier::Read),
        };
        match self.resolution.binding(occurrence.binding).map(|binding| binding.kind) {
            Some(BindingKind::Iterator(_)) => (Type::Parameter, bit(Modifier::Iterator) | access),
            _ => (Type::Variable, bit(kind) | access),
        }
    }
}

/// Pieces as the protocol wants them: relative, in the client's units, split at line ends unless the
/// client takes tokens over several lines.
fn encode(snapshot: &Snapshot, within: Option<TextRange>) -> lsp::Result<Vec<SemanticToken>> {
    let text = &*snapshot.document.text;
    let pieces = pieces(snapshot, within)?;
    let mut encoder =
        Encoder { snapshot, tokens: Vec::with_capacity(pieces.len()), last: lsp::Position::default() };
    for piece in pieces {
        let shown = text.get(piece.range.start().into()..piece.range.end().into()).unwrap_or_default();
        if snapshot.client.multiline_tokens || !shown.contains(['\n', '\r']) {
            encoder.push(piece.range.start(), shown, piece);
            continue;
        }
        let mut start = piece.range.start();
        for line in shown.split_inclusive(['\n', '\r']) {
            let visible = line.trim_end_matches(['\n', '\r']);
            if !visible.is_empty() {
                encoder.push(start, visible, piece);
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
    fn push(&mut self, start: TextSize, shown: &str, piece: Piece) {
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
            token_type: piece.kind,
            token_modifiers_bitset: piece.modifiers,
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
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;
    use crate::features::fixture::{everything, open, open_as, text_at, uri};

    /// Each token with its type and modifiers.
    fn check(text: &str, expected: Expect) {
        let snapshot = open(text);
        let mut shown = String::new();
        for piece in pieces(&snapshot, None).unwrap() {
            let word = text_at(&snapshot, snapshot.range(piece.range));
            let modifiers =
                Modifier::ALL.iter().enumerate().filter(|(bit, _)| piece.modifiers >> bit & 1 == 1);
            let modifiers: Vec<_> = modifiers.map(|(_, name)| *name).collect();
            shown += &format!("{word} {} {}\n", Type::ALL[piece.kind as usize], modifiers.join(" "));
        }
        expected.assert_eq(&shown.replace(" \n", "\n"));
    }

    #[test]
    fn all_kinds() {
        check(
            "; note\n; air: given a\n(new $s (seq (call \"peer\" (\"srv\" \"fun\") [a.$.f.[0].[i] 1 -1.5 true \"x\" %ttl% [] #cc.length] $s)\
             (fold a i (seq (ap (\"k\" i) %m) (seq (canon %init_peer_id% %m #%cm) (next i))))))",
            expect![[r#"
                ; note comment
                ; air: given a comment documentation
                new keyword
                $s variable declaration stream
                seq keyword
                call keyword
                "peer" class
                "srv" namespace
                "fun" function
                a variable read scalar
                f property
                0 number
                i variable read scalar
                1 number
                -1.5 number
                true keyword
                "x" string
                %ttl% variable readonly defaultLibrary
                #cc variable read canon
                length property defaultLibrary
                $s variable write stream
                fold keyword
                a variable read scalar
                i parameter declaration iterator
                seq keyword
                ap keyword
                "k" string
                i parameter read iterator
                %m variable write streamMap
                seq keyword
                canon keyword
                %init_peer_id% variable readonly defaultLibrary
                %m variable read streamMap
                #%cm variable write canonMap
                next keyword
                i parameter read iterator
            "#]],
        );
    }

    #[test]
    fn sample_answers() {
        check(
            "(null) ; ok = {\"é\\\"\": [1, -2.5e3, true], \"b\" : \"ж\"}\n; seq_ok={\"default\": null}\n; ok = what is it\n; behaviour = echo\n; okay = 1\n; ok = \"open",
            expect![[r#"
                null keyword
                ; ok = comment
                "é\"" property
                1 number
                -2.5e3 number
                true keyword
                "b" property
                "ж" string
                ; seq_ok= comment
                "default" property
                null keyword
                ; ok = what is it comment
                ; behaviour = echo comment
                ; okay = 1 comment
                ; ok = comment
                "open string
            "#]],
        );
    }

    #[test]
    fn special_variables() {
        check(
            "(xor (null) (call %last_error%.$.peer_id (\"s\" \"f\") [:error:.$.message :error:]))",
            expect![[r#"
            xor keyword
            null keyword
            call keyword
            %last_error% variable readonly defaultLibrary
            "s" namespace
            "f" function
            :error: variable readonly defaultLibrary
            message property
            :error: variable readonly defaultLibrary
        "#]],
        );
    }

    #[test]
    fn broken_scripts_have_colours_too() {
        check(
            "(foo x $s \"a) (call 1 (\"",
            expect![[r#"
            foo variable scalar
            x variable scalar
            $s variable stream
            "a) (call 1 (" string
        "#]],
        );
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
    fn ranges_are_a_part_of_the_whole() {
        let text = "(seq\n (call \"p\" (\"s\" \"f\") [] x)\n (ap x $y)\n)";
        let snapshot = open(text);
        let whole = pieces(&snapshot, None).unwrap();
        let line = lsp::Range::new(lsp::Position::new(2, 0), lsp::Position::new(2, 100));
        let part = pieces(&snapshot, Some(snapshot.text_range(line))).unwrap();
        assert_eq!(part, whole[whole.len() - 3..]);
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
