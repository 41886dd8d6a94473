//! What holds for every text.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr
)]

mod properties {
    pub(crate) mod grammar;
}

use air_syntax::{
    Edit, NodeOrToken, Parse, SyntaxKind, SyntaxNode, TextRange, lexer, parse, parse_as, reparse,
};
use proptest::prelude::*;

/// Pieces that scripts are made of, broken ones included.
fn piece() -> impl Strategy<Value = String> {
    let words = [
        "(",
        "(",
        "(",
        ")",
        ")",
        ")",
        "[",
        "]",
        " ",
        " ",
        " ",
        "\n",
        "\n  ",
        "; note\n",
        "call",
        "canon",
        "ap",
        "seq",
        "par",
        "fail",
        "fold",
        "xor",
        "never",
        "new",
        "next",
        "null",
        "match",
        "mismatch",
        "\"s\"",
        "\"",
        "x",
        "$s",
        "#c",
        "#%m",
        "%map",
        "12",
        "-1.5",
        "true",
        "%init_peer_id%",
        ":error:",
        "%last_error%.$.m",
        "xs.$.[0].a!",
        "#cs.length",
        "$st.$.x",
        "foo",
        "SEQ",
        "a+b",
        "é",
        "\u{FEFF}",
        "🦀",
        "\u{85}",
        "\r\n",
        ",",
        "x.",
        "()",
        "[]",
    ];
    prop::sample::select(words.to_vec()).prop_map(str::to_owned)
}

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..60).prop_map(|pieces| pieces.concat())
}

/// Valid scripts.
fn script() -> impl Strategy<Value = String> {
    let value = || {
        prop::sample::select(vec![
            "x",
            "\"lit\"",
            "1",
            "-2.5",
            "true",
            "[]",
            "%ttl%",
            "#c",
            ":error:.$.m",
            "x.$.[0].a",
            "y.length",
        ])
    };
    let name = || prop::sample::select(vec!["x", "-relay-", "$s", "$-hop-"]);
    let leaf = prop_oneof![
        Just("(null)".to_owned()),
        Just("(never)".to_owned()),
        Just("(next i)".to_owned()),
        Just("(fail 1 \"no\")".to_owned()),
        Just("(canon \"p\" $s #c)".to_owned()),
        Just("(canon \"p\" %m #%m)".to_owned()),
        (value(), name()).prop_map(|(value, name)| format!("(ap {value} {name})")),
        value().prop_map(|value| format!("(ap (\"k\" {value}) %m)")),
        (prop::collection::vec(value(), 0..4), name()).prop_map(|(values, name)| {
            format!("(call %init_peer_id% (\"s\" x.$.f) [{}] {name})", values.join(" "))
        }),
    ];
    leaf.prop_recursive(5, 40, 3, move |inner| {
        let gap = || prop::sample::select(vec![" ", "\n ", "\n  ; note\n  "]);
        prop_oneof![
            (prop::sample::select(vec!["seq", "par", "xor"]), inner.clone(), inner.clone(), gap())
                .prop_map(|(word, left, right, gap)| format!("({word}{gap}{left}{gap}{right})")),
            (name(), inner.clone(), gap()).prop_map(|(name, body, gap)| format!("(new {name}{gap}{body}\n)")),
            (value(), value(), inner.clone())
                .prop_map(|(left, right, body)| format!("(match {left} {right} {body})")),
            (inner.clone(), inner, gap())
                .prop_map(|(body, last, gap)| format!("(fold xs i{gap}{body}{gap}{last})")),
        ]
    })
}

/// A valid script with some pieces put in, taken out or swapped.
fn mutated() -> impl Strategy<Value = String> {
    let edit = (any::<prop::sample::Index>(), 0usize..6, piece());
    (script(), prop::collection::vec(edit, 1..4)).prop_map(|(script, edits)| {
        let mut text: Vec<char> = script.chars().collect();
        for (at, drop, piece) in edits {
            let at = at.index(text.len() + 1);
            let end = (at + drop).min(text.len());
            text.splice(at..end, piece.chars());
        }
        text.into_iter().collect()
    })
}

fn invariants(text: &str, parse: &Parse) -> Result<(), TestCaseError> {
    prop_assert_eq!(parse.text(), text);
    prop_assert_eq!(parse.syntax().text().to_string(), text);
    let mut before = 0.into();
    for error in parse.errors() {
        prop_assert!(error.range.start() >= before, "in order");
        before = error.range.start();
        for range in error.related.iter().map(|(range, _)| *range).chain([error.range]) {
            let (start, end) = (usize::from(range.start()), usize::from(range.end()));
            prop_assert!(text.get(start..end).is_some(), "{:?} in {:?}", range, text);
        }
        prop_assert!(!error.message().is_empty());
    }
    for node in parse.syntax().descendants() {
        if node.kind() == SyntaxKind::ERROR {
            prop_assert!(node.ancestors().skip(1).all(|outer| outer.kind() != SyntaxKind::ERROR));
        }
        if parse.ok() {
            prop_assert!(!matches!(node.kind(), SyntaxKind::ERROR | SyntaxKind::UNKNOWN_INSTR));
        }
    }
    for token in parse.syntax().descendants_with_tokens().filter_map(|element| element.into_token()) {
        prop_assert!(!token.kind().is_lens_word());
        prop_assert!(!token.text().is_empty());
    }
    Ok(())
}

/// The verdict is that of the grammar.
fn verdict(text: &str) -> Result<(), TestCaseError> {
    let parse = parse(text);
    prop_assert_eq!(parse.ok(), properties::grammar::accepts(text), "{} {:?}", text, parse.errors());
    Ok(())
}

fn tokens_agree(text: &str) -> Result<(), TestCaseError> {
    let tokens = lexer::lex(text);
    prop_assert_eq!(tokens.ends.last().map_or(0, |end| *end as usize), text.len());
    prop_assert!(tokens.ends.is_sorted_by(|left, right| left < right));
    let (reference, error) = lexer::reference_tokens(text);
    let broken =
        tokens.kinds.iter().any(|kind| matches!(kind, SyntaxKind::BAD_WORD | SyntaxKind::UNCLOSED_STRING));
    prop_assert_eq!(broken || !tokens.glued.is_empty(), error.is_some());
    if error.is_none() {
        let ours: Vec<_> = (0..tokens.len())
            .filter(|token| !tokens.kinds[*token].is_trivia())
            .map(|token| (tokens.kinds[token], tokens.start(token), tokens.end(token)))
            .collect();
        prop_assert_eq!(ours, reference);
    }
    Ok(())
}

/// Every part that can be parsed alone gives the same subtree.
fn parts_stand_alone(node: &SyntaxNode) -> Result<(), TestCaseError> {
    for node in node.descendants() {
        let part = matches!(
            node.kind(),
            SyntaxKind::FUNCTION_REF
                | SyntaxKind::ARGUMENTS
                | SyntaxKind::MAP_ENTRY
                | SyntaxKind::EMPTY_ARRAY
                | SyntaxKind::LENSED
        );
        if part || node.kind().is_instruction() {
            let alone = parse_as(node.kind(), &node.text().to_string());
            prop_assert!(alone.ok(), "{} {:?}", node, alone.errors());
            prop_assert!(**alone.green() == *node.green(), "{}", node);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn of_valid_scripts(text in script()) {
        let parse = parse(&text);
        prop_assert!(parse.ok(), "{} {:?}", text, parse.errors());
        invariants(&text, &parse)?;
        tokens_agree(&text)?;
        verdict(&text)?;
        parts_stand_alone(&parse.syntax())?;
    }

    #[test]
    fn of_mutated_scripts(text in mutated()) {
        invariants(&text, &parse(&text))?;
        tokens_agree(&text)?;
        verdict(&text)?;
    }

    #[test]
    fn of_pieces_in_any_order(text in soup()) {
        invariants(&text, &parse(&text))?;
        tokens_agree(&text)?;
        verdict(&text)?;
    }

    #[test]
    fn of_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes);
        invariants(&text, &parse(&text))?;
        tokens_agree(&text)?;
        verdict(&text)?;
    }

    #[test]
    fn of_any_characters(text in any::<String>()) {
        invariants(&text, &parse(&text))?;
        tokens_agree(&text)?;
        verdict(&text)?;
    }

    #[test]
    fn of_fragments(text in soup(), kind in prop::sample::select(vec![
        SyntaxKind::CALL, SyntaxKind::FUNCTION_REF, SyntaxKind::ARGUMENTS, SyntaxKind::MAP_ENTRY,
        SyntaxKind::EMPTY_ARRAY, SyntaxKind::LENSED, SyntaxKind::SCRIPT,
    ])) {
        let parse = parse_as(kind, &text);
        invariants(&text, &parse)?;
        let root = parse.syntax().kind();
        prop_assert!(root == kind || root == SyntaxKind::SCRIPT);
    }

    /// One word for another: often still a script, often not.
    #[test]
    fn of_swapped_words(text in script(), at in any::<prop::sample::Index>(), piece in piece()) {
        let tokens = lexer::lex(&text);
        let words: Vec<usize> = (0..tokens.len()).filter(|token| tokens.kinds[*token] >= SyntaxKind::STRING).collect();
        if let Some(token) = words.get(at.index(words.len().max(1))) {
            let (start, end) = (tokens.start(*token) as usize, tokens.end(*token) as usize);
            let text = format!("{}{piece}{}", &text[..start], &text[end..]);
            invariants(&text, &parse(&text))?;
            tokens_agree(&text)?;
            verdict(&text)?;
        }
    }

    /// Edit after edit, each on the tree of the one before.
    #[test]
    fn of_edits(text in script(), edits in prop::collection::vec(
        (any::<prop::sample::Index>(), 0..12_usize, prop_oneof![piece(), Just(String::new()), script()]), 1..12,
    )) {
        let (mut text, mut before) = (text.clone(), parse(&text));
        for (at, length, new) in edits {
            let floor = |at: usize| text.floor_char_boundary(at);
            let start = floor(at.index(text.len() + 1));
            let end = floor((start + length).min(text.len()));
            let edited = format!("{}{new}{}", &text[..start], &text[end..]);
            let edit = Edit {
                removed: TextRange::new((start as u32).into(), (end as u32).into()),
                inserted: (new.len() as u32).into(),
            };
            let full = parse(&edited);
            let mut kept = None;
            for edit in [Some(edit), Edit::between(&text, &edited)].into_iter().flatten() {
                let again = reparse(&before, &edited, edit);
                prop_assert!(again.green() == full.green(), "{}", edited);
                prop_assert_eq!(again.errors(), full.errors());
                prop_assert_eq!(again.depth(), full.depth());
                kept = Some(again);
            }
            (text, before) = (edited, kept.unwrap_or(full));
        }
    }

    /// One bracket taken out or put in leaves most of the tree as it was.
    #[test]
    fn of_one_lost_bracket(text in script(), at in any::<prop::sample::Index>()) {
        let brackets: Vec<usize> = text.char_indices().filter(|(_, c)| "()[]".contains(*c)).map(|(at, _)| at).collect();
        let at = brackets[at.index(brackets.len())];
        let broken = format!("{}{}", &text[..at], &text[at + 1..]);
        let parse = parse(&broken);
        invariants(&broken, &parse)?;
        // `[` and `]` of `[]` make two operands of one, and quoted brackets do not occur.
        prop_assert!(!parse.ok());
    }
}

#[test]
fn nodes_have_what_their_kind_says() {
    let parse = parse("(ap (\"k\" #%m.$.a[0].[i]!) %map)");
    let tokens: Vec<_> = parse
        .syntax()
        .descendants_with_tokens()
        .filter(|element| !element.kind().is_trivia())
        .map(|element| match element {
            NodeOrToken::Node(node) => format!("{:?}", node.kind()),
            NodeOrToken::Token(token) => token.text().to_owned(),
        })
        .collect();
    assert_eq!(
        tokens.join(" "),
        "SCRIPT AP ( ap MAP_ENTRY ( \"k\" LENSED #%m LENS .$ FIELD_ACCESS . a INDEX_ACCESS [ 0 ] \
         VARIABLE_ACCESS . [ i ] ! ) %map )"
    );
}
