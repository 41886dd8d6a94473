//! Semantic tokens: colours that know what a word is for.
//!
//! Kinds are the standard ones, so that every theme has colours; what is particular to AIR is
//! said by modifiers, which editors can style in addition (`@lsp.typemod.variable.stream.air`).
//!
//! | what | kind | modifiers |
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

use std::ops::BitOr;

use air_analysis::Analysis;
use air_semantics::hir::{AccessorKind, Hir, Lens, Operand, OperandKind, Role};
use air_semantics::resolve::{Access, BindingKind, Resolution};
use air_syntax::{SyntaxKind, TextRange, TextSize, lexer};

/// Words of the lexer between two looks at whether to stop.
const WORDS_PER_LOOK: usize = 65_536;

/// A coloured piece of the text. It may go over several lines: a literal is one token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Token {
    pub range: TextRange,
    pub kind: TokenKind,
    pub modifiers: Modifiers,
}

macro_rules! legend {
    ($(#[$doc:meta])* $list:ident: $($name:ident = $word:literal),+ $(,)?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs)]
        pub enum $list { $($name),+ }

        impl $list {
            /// All of them; each at the place that its number (`as u32`) says.
            pub const ALL: &[$list] = &[$($list::$name),+];

            /// Its word in themes and in the protocol.
            pub const fn name(self) -> &'static str {
                match self { $($list::$name => $word),+ }
            }
        }
    };
}

legend!(
    /// What a piece of the text is.
    TokenKind:
    Keyword = "keyword", Variable = "variable", Parameter = "parameter", Class = "class", Namespace = "namespace",
    Function = "function", Property = "property", String = "string", Number = "number", Comment = "comment",
);

legend!(
    /// What else is known of it.
    Modifier:
    Declaration = "declaration", Readonly = "readonly", DefaultLibrary = "defaultLibrary",
    Documentation = "documentation", Read = "read", Write = "write", Scalar = "scalar", Stream = "stream",
    Canon = "canon", StreamMap = "streamMap", CanonMap = "canonMap", Iterator = "iterator",
);

/// A set of modifiers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Modifiers(u32);

impl Modifiers {
    const NONE: Modifiers = Modifiers(0);

    /// One bit each: the lowest is the first of [`Modifier::ALL`].
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// In the order of [`Modifier::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Modifier> {
        Modifier::ALL.iter().copied().filter(move |modifier| (self.0 >> *modifier as u32) & 1 == 1)
    }
}

impl From<Modifier> for Modifiers {
    fn from(modifier: Modifier) -> Modifiers {
        Modifiers(1 << modifier as u32)
    }
}

impl<T: Into<Modifiers>> BitOr<T> for Modifier {
    type Output = Modifiers;

    fn bitor(self, other: T) -> Modifiers {
        Modifiers(Modifiers::from(self).0 | other.into().0)
    }
}

/// The tokens of a script, in text order; `within` leaves out those that do not touch it. Works on broken scripts, too.
pub fn tokens(analysis: &Analysis, within: Option<TextRange>) -> Vec<Token> {
    tokens_unless(analysis, within, &|| false).unwrap_or_default()
}

/// The same, unless `stop` says so meanwhile: then `None`.
pub fn tokens_unless(
    analysis: &Analysis,
    within: Option<TextRange>,
    stop: &dyn Fn() -> bool,
) -> Option<Vec<Token>> {
    // Words of the lexer give the order, operands of the HIR the meaning.
    let hir = analysis.hir();
    let mut names = Names { resolution: analysis.resolution(), next: 0 };
    let words = lexer::lex(&analysis.text);
    let mut found = Vec::new();
    let mut operands = hir.operands.iter().peekable();
    for (index, kind) in words.kinds.iter().enumerate() {
        if index % WORDS_PER_LOOK == 0 && stop() {
            return None;
        }
        let range = TextRange::new(words.start(index).into(), words.end(index).into());
        if within.is_some_and(|within| within.end() <= range.start()) {
            break;
        }
        while operands.next_if(|operand| operand.range.start() < range.start()).is_some() {}
        if within.is_some_and(|within| range.end() <= within.start()) {
            continue;
        }
        let operand = operands.peek().filter(|operand| operand.range.start() == range.start());
        match operand {
            Some(operand) => operand_tokens(hir, operand, &mut names, &mut found),
            None => {
                let text = analysis.text.get(range.start().into()..range.end().into()).unwrap_or_default();
                match kind {
                    SyntaxKind::COMMENT => comment_tokens(range.start(), text, &mut found),
                    kind => found.extend(word_token(range.start(), *kind, text)),
                }
            }
        }
    }
    Some(found)
}

/// A comment; a sample answer in it has colours of its own.
fn comment_tokens(start: TextSize, text: &str, found: &mut Vec<Token>) {
    let mut push = |from: usize, length: usize, kind, modifiers| {
        found.push(Token { range: TextRange::at(start + size(from), size(length)), kind, modifiers });
    };
    if let Some((begin, words)) = annotation::value(text) {
        let key = text.get(..begin).unwrap_or_default().trim_end();
        push(0, key.len(), TokenKind::Comment, Modifiers::NONE);
        words.into_iter().for_each(|(from, length, kind)| push(begin + from, length, kind, Modifiers::NONE));
        return;
    }
    let directive = text.trim_start_matches(';').trim_start().starts_with("air:");
    let modifiers = if directive { Modifier::Documentation.into() } else { Modifiers::NONE };
    push(0, text.len(), TokenKind::Comment, modifiers);
}

/// Words that are not operands, and operands of lists that make no sense; without its lens, if it is a variable.
fn word_token(start: TextSize, kind: SyntaxKind, text: &str) -> Option<Token> {
    let (kind, modifiers) = word_kind(kind)?;
    let length = match kind {
        TokenKind::Variable => text.find('.').unwrap_or(text.len()),
        _ => text.len(),
    };
    Some(Token { range: TextRange::at(start, size(length)), kind, modifiers })
}

fn word_kind(kind: SyntaxKind) -> Option<(TokenKind, Modifiers)> {
    use SyntaxKind::*;
    let plain = |kind| Some((kind, Modifiers::NONE));
    let variable = |modifier: Modifier| Some((TokenKind::Variable, modifier.into()));
    match kind {
        kind if kind.is_keyword() => plain(TokenKind::Keyword),
        STRING | UNCLOSED_STRING => plain(TokenKind::String),
        INT | FLOAT => plain(TokenKind::Number),
        BOOL => plain(TokenKind::Keyword),
        SCALAR | SCALAR_LENS => variable(Modifier::Scalar),
        STREAM | STREAM_LENS => variable(Modifier::Stream),
        STREAM_MAP | STREAM_MAP_LENS => variable(Modifier::StreamMap),
        CANON | CANON_LENS => variable(Modifier::Canon),
        CANON_MAP | CANON_MAP_LENS => variable(Modifier::CanonMap),
        INIT_PEER_ID | TIMESTAMP | TTL | LAST_ERROR | ERROR_VAR | LAST_ERROR_LENS | ERROR_VAR_LENS => {
            Some((TokenKind::Variable, Modifier::Readonly | Modifier::DefaultLibrary))
        }
        _ => None,
    }
}

/// An operand: the base, then the steps of its lens.
fn operand_tokens(hir: &Hir, operand: &Operand, names: &mut Names<'_>, found: &mut Vec<Token>) {
    let start = operand.range.start();
    let plain = |kind| (kind, Modifiers::NONE);
    let (kind, modifiers) = match operand.kind {
        OperandKind::Literal => plain(match operand.role {
            Role::Peer => TokenKind::Class,
            Role::Service => TokenKind::Namespace,
            Role::Function => TokenKind::Function,
            _ => TokenKind::String,
        }),
        OperandKind::Int(_) | OperandKind::Float(_) => plain(TokenKind::Number),
        OperandKind::Bool(_) => plain(TokenKind::Keyword),
        OperandKind::EmptyArray => return,
        OperandKind::InitPeerId
        | OperandKind::Timestamp
        | OperandKind::Ttl
        | OperandKind::LastError
        | OperandKind::Error => (TokenKind::Variable, Modifier::Readonly | Modifier::DefaultLibrary),
        OperandKind::Scalar(_) => names.at(start, Modifier::Scalar),
        OperandKind::Stream(_) => names.at(start, Modifier::Stream),
        OperandKind::StreamMap(_) => names.at(start, Modifier::StreamMap),
        OperandKind::Canon(_) => names.at(start, Modifier::Canon),
        OperandKind::CanonMap(_) => names.at(start, Modifier::CanonMap),
    };
    let base = match (&operand.lens, operand.kind.name()) {
        (None, _) => operand.range,
        (Some(_), Some(name)) => TextRange::at(start, size(hir.name(name).len()).min(operand.range.len())),
        (Some(_), None) => {
            let text = hir.text_at(operand.range);
            let length = text.find(".$").or_else(|| text.find(".length")).unwrap_or(text.len());
            TextRange::at(start, size(length))
        }
    };
    found.push(Token { range: base, kind, modifiers });
    match &operand.lens {
        None => {}
        Some(Lens::Length) => {
            let range = TextRange::new(operand.range.end() - TextSize::of("length"), operand.range.end());
            found.push(Token {
                range,
                kind: TokenKind::Property,
                modifiers: Modifier::DefaultLibrary.into(),
            });
        }
        Some(lens) => found.extend(hir.accessors_of(lens).iter().map(|step| {
            let (kind, modifiers) = match step.kind {
                AccessorKind::Field => plain(TokenKind::Property),
                AccessorKind::Index(_) => plain(TokenKind::Number),
                AccessorKind::Variable(_) => names.at(step.range.start(), Modifier::Scalar),
            };
            Token { range: step.range, kind, modifiers }
        })),
    }
}

/// Names in text order, walked along with the operands.
struct Names<'a> {
    resolution: &'a Resolution,
    next: usize,
}

impl Names<'_> {
    /// Kind and modifiers of the name that starts there; starts must ascend.
    fn at(&mut self, start: TextSize, variable: Modifier) -> (TokenKind, Modifiers) {
        let occurrences = &self.resolution.occurrences;
        while occurrences.get(self.next).is_some_and(|occurrence| occurrence.range.start() < start) {
            self.next += 1;
        }
        let occurrence = occurrences.get(self.next).filter(|occurrence| occurrence.range.start() == start);
        let Some(occurrence) = occurrence else { return (TokenKind::Variable, variable.into()) };
        let access = match occurrence.access {
            Access::Declare => Modifier::Declaration,
            Access::Write => Modifier::Write,
            Access::Read => Modifier::Read,
        };
        match self.resolution.binding(occurrence.binding).map(|binding| binding.kind) {
            Some(BindingKind::Iterator(_)) => (TokenKind::Parameter, Modifier::Iterator | access),
            _ => (TokenKind::Variable, variable | access),
        }
    }
}

fn size(length: usize) -> TextSize {
    TextSize::try_from(length).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    /// Each token with its kind and modifiers.
    fn check(text: &str, expected: Expect) {
        let mut shown = String::new();
        for token in tokens(&Analysis::new(text), None) {
            shown += &format!("{} {}", &text[token.range], token.kind.name());
            token.modifiers.iter().for_each(|modifier| shown += &format!(" {}", modifier.name()));
            shown += "\n";
        }
        expected.assert_eq(&shown);
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

    #[test]
    fn ranges_are_a_part_of_the_whole() {
        let text = "(seq\n (call \"p\" (\"s\" \"f\") [] x)\n (ap x $y)\n)";
        let analysis = Analysis::new(text);
        let whole = tokens(&analysis, None);
        let line = TextSize::new(text.find("\n (ap").unwrap() as u32 + 1);
        let part = tokens(&analysis, Some(TextRange::at(line, TextSize::of(" (ap x $y)"))));
        assert_eq!(part, whole[whole.len() - 3..]);
    }

    #[test]
    fn given_up_when_told_so() {
        assert_eq!(tokens_unless(&Analysis::new("(null)"), None, &|| true), None);
    }
}
