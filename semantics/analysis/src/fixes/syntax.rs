//! Fixes for syntax errors: the edit that a person would make at the place shown.

use air_syntax::lexer::{lex, reference_name};
use air_syntax::{Edit, Parse, SyntaxError, SyntaxErrorKind, SyntaxKind, TextRange, TextSize, reparse};

use super::words;
use crate::diagnostic::{Fix, TextEdit};

/// Of the text in a fix's title.
const MAX_BYTES_SHOWN: usize = 40;

/// How far the partner of a missing bracket is looked for.
const MAX_CHARS_OF_OPERANDS: usize = 2000;

/// Fixes for one error of a text, which is parsed; none where only the author can know.
pub(crate) fn fixes(text: &str, parse: &Parse, error: &SyntaxError) -> Vec<Fix> {
    let (title, safe, range, new_text) = match &error.kind {
        SyntaxErrorKind::MissingSpace => ("insert a space".to_owned(), true, error.range, " ".to_owned()),
        SyntaxErrorKind::KeywordCase { keyword }
        | SyntaxErrorKind::UnknownInstruction { suggestion: Some(keyword) } => {
            let name = reference_name(*keyword);
            let safe = matches!(error.kind, SyntaxErrorKind::KeywordCase { .. });
            (format!("replace by `{name}`"), safe, error.range, name.to_owned())
        }
        SyntaxErrorKind::WrongCloser { expected } => {
            let closer = reference_name(*expected);
            (format!("replace by `{closer}`"), true, error.range, closer.to_owned())
        }
        SyntaxErrorKind::MissingInstruction { .. } => insert(error, " (null)".to_owned()),
        SyntaxErrorKind::MissingKeyword { found: SyntaxKind::R_PAREN } => {
            let inside = TextRange::empty(error.range.start() + TextSize::of('('));
            ("insert `null`".to_owned(), false, inside, "null".to_owned())
        }
        SyntaxErrorKind::KeywordAsName { keyword } => {
            let name = format!("{}_", reference_name(*keyword).trim_end_matches('_'));
            (format!("replace by `{name}`"), false, error.range, name)
        }
        SyntaxErrorKind::EmptyScript => {
            let begin = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
            let end = TextRange::empty(TextSize::of(text));
            ("insert `(null)`".to_owned(), false, end, format!("{begin}(null)"))
        }
        SyntaxErrorKind::SurplusOperand { form: SyntaxKind::AP, found: SyntaxKind::STREAM_MAP }
            if let Some(fix) = map_entry(text, error.range) =>
        {
            return vec![fix];
        }
        SyntaxErrorKind::StrayText
        | SyntaxErrorKind::SurplusCloseParen
        | SyntaxErrorKind::SurplusOpenParen
        | SyntaxErrorKind::SurplusCloseBracket
        | SyntaxErrorKind::SurplusOperand { .. } => {
            (remove(text, error.range), false, error.range, String::new())
        }
        SyntaxErrorKind::MissingCloseParen { count } => insert(error, ")".repeat(*count as usize)),
        SyntaxErrorKind::MissingOpenParen { keyword: Some(_) } => insert(error, "(".to_owned()),
        SyntaxErrorKind::MissingCloseBracket => insert(error, "]".to_owned()),
        SyntaxErrorKind::MissingOpenBracket | SyntaxErrorKind::MissingOpenParen { keyword: None } => {
            return vec![around(text, error)];
        }
        SyntaxErrorKind::UnclosedString => {
            let end = end_of_word(text, error.range.start());
            // Where the quotes before it are wrong, one more makes it worse.
            let (before, after) = text.split_at_checked(end.into()).unwrap_or((text, ""));
            let closed = format!("{before}\"{after}");
            let edit = Edit { removed: TextRange::empty(end), inserted: TextSize::of('"') };
            if reparse(parse, &closed, edit).errors().len() >= parse.errors().len() {
                return Vec::new();
            }
            ("insert `\"`".to_owned(), false, TextRange::empty(end), "\"".to_owned())
        }
        SyntaxErrorKind::UnclosedAtEnd { count } => {
            let innermost = text.get(error.range.start().into()..).unwrap_or_default();
            let mut closers = ")".repeat(*count as usize);
            if innermost.starts_with('[') {
                closers.replace_range(..closers.len().min(1), "]");
            }
            let end = TextRange::empty(end_of_last_token(text));
            (format!("insert `{closers}` at the end"), false, end, closers)
        }
        SyntaxErrorKind::BadWord(_) | SyntaxErrorKind::WrongOperand { .. } => match words::fix(text, error) {
            Some(meant) => {
                return vec![Fix { title: meant.title.into(), safe: meant.safe, edits: meant.edits }];
            }
            None => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    // What is too long to be read is not worth offering.
    if new_text.len() > 1000 {
        return Vec::new();
    }
    vec![Fix { title: title.into(), safe, edits: vec![TextEdit { range, new_text }] }]
}

fn insert(error: &SyntaxError, new_text: String) -> (String, bool, TextRange, String) {
    (format!("insert `{}`", new_text.trim_start()), false, TextRange::empty(error.range.start()), new_text)
}

/// `(call p "s" "f" …`, `(call p (…) 1 2)`: the missing bracket, and its partner if that is missing as well.
fn around(text: &str, error: &SyntaxError) -> Fix {
    let (open, close, closer, most) = match error.kind {
        SyntaxErrorKind::MissingOpenBracket => ("[", "]", SyntaxKind::R_BRACKET, usize::MAX),
        _ => ("(", ")", SyntaxKind::R_PAREN, 2),
    };
    let start = error.range.start();
    let mut edits = vec![TextEdit { range: TextRange::empty(start), new_text: open.to_owned() }];
    let from = text.get(start.into()..).unwrap_or_default();
    // Operands stand on few lines.
    let near = from.char_indices().nth(MAX_CHARS_OF_OPERANDS).map_or(from.len(), |(end, _)| end);
    let tokens = lex(from.get(..near).unwrap_or_default());
    let (mut count, mut end) = (0, 0);
    let mut followed_by = None;
    for (index, kind) in tokens.kinds.iter().enumerate().filter(|(_, kind)| !kind.is_trivia()) {
        let bracket = matches!(kind, SyntaxKind::L_PAREN | SyntaxKind::R_PAREN | SyntaxKind::L_BRACKET);
        if bracket || *kind == SyntaxKind::R_BRACKET || count == most {
            followed_by = Some(*kind);
            break;
        }
        (count, end) = (count + 1, tokens.end(index));
    }
    let closed_already = followed_by == Some(closer);
    let single = closer == SyntaxKind::R_PAREN && count < most;
    if !closed_already && !single && end > 0 {
        let at = TextRange::empty(start + TextSize::new(end));
        edits.push(TextEdit { range: at, new_text: close.to_owned() });
    }
    let title = if edits.len() == 2 {
        format!("put `{open}` and `{close}` around this")
    } else {
        format!("insert `{open}`")
    };
    Fix { title: title.into(), safe: false, edits }
}

/// `(ap key value %map)`: key and value stand in parentheses.
fn map_entry(text: &str, map: TextRange) -> Option<Fix> {
    let before = text.get(..map.start().into())?;
    let open = before.rfind('(')?;
    let inside = before.get(open..)?;
    let tokens = lex(inside);
    let solid: Vec<usize> = (0..tokens.len())
        .filter(|index| !tokens.kinds.get(*index).is_some_and(|kind| kind.is_trivia()))
        .collect();
    let [_, _, key, value] = *solid.as_slice() else { return None };
    let open = TextSize::new(open as u32);
    let at = |offset: u32, new: &str| TextEdit {
        range: TextRange::empty(open + TextSize::new(offset)),
        new_text: new.to_owned(),
    };
    let edits = vec![at(tokens.start(key), "("), at(tokens.end(value), ")")];
    Some(Fix { title: "put parentheses around the key and the value".into(), safe: false, edits })
}

/// Where a string may end that has lost its quote: with its first word.
fn end_of_word(text: &str, start: TextSize) -> TextSize {
    let rest = text.get(usize::from(start) + 1..).unwrap_or_default();
    let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | ';');
    start + TextSize::new(1 + rest.find(ends).unwrap_or(rest.len()) as u32)
}

/// The title of a fix that takes something out.
fn remove(text: &str, range: TextRange) -> String {
    match text.get(std::ops::Range::<usize>::from(range)) {
        Some(what) if what.len() <= MAX_BYTES_SHOWN && !what.contains('\n') => {
            format!("remove this `{what}`")
        }
        _ => "remove this text".to_owned(),
    }
}

/// Where the last token ends: a bracket after a comment would be part of the comment.
fn end_of_last_token(text: &str) -> TextSize {
    let tokens = lex(text);
    let last = tokens.kinds.iter().zip(&tokens.ends).rfind(|(kind, _)| !SyntaxKind::is_trivia(**kind));
    TextSize::new(last.map_or(0, |(_, end)| *end))
}

#[cfg(test)]
mod tests {
    use air_semantics::text_edit::apply;

    use crate::Analysis;

    /// Applies the one fix of the one diagnostic and expects an accepted script.
    fn check(text: &str, fixed: &str) {
        let analysis = Analysis::new(text);
        let [diagnostic] = analysis.diagnostics() else { panic!("{:?}", analysis.diagnostics()) };
        let [fix] = diagnostic.fixes.as_slice() else { panic!("{diagnostic:?}") };
        assert_eq!(apply(text, &fix.edits), fixed);
        assert!(Analysis::new(fixed).accepted());
    }

    #[test]
    fn spaces_and_spelling() {
        check("(seq(null) (null))", "(seq (null) (null))");
        check("(ap 1 x;c\n)", "(ap 1 x ;c\n)");
        check("(Null)", "(null)");
        check("(sek (null) (null))", "(seq (null) (null))");
    }

    #[test]
    fn brackets() {
        check("(null))", "(null)");
        check("((null)", "(null)");
        check("(call \"p\" (\"s\" \"f\"] [])", "(call \"p\" (\"s\" \"f\") [])");
        check("(call \"p\" (\"s\" \"f\") [1 2)", "(call \"p\" (\"s\" \"f\") [1 2])");
        check("(call \"p\" (\"s\" \"f\") 1 2])", "(call \"p\" (\"s\" \"f\") [1 2])");
        check("(call \"p\" (\"s\" \"f\") []])", "(call \"p\" (\"s\" \"f\") [])");
        check("(seq null) (null))", "(seq (null) (null))");
        check("(seq\n (ap 1 x\n (null)\n)", "(seq\n (ap 1 x)\n (null)\n)");
    }

    #[test]
    fn what_is_missing_or_too_much() {
        check("(seq\n (null)\n)", "(seq\n (null) (null)\n)");
        check("(seq () (null))", "(seq (null) (null))");
        check("; nothing yet", "; nothing yet\n(null)");
        check("(null) done", "(null) ");
    }

    #[test]
    fn words() {
        check("(ap 1 next)", "(ap 1 next_)");
        check("(ap 1 match)", "(ap 1 match_)");
        check("(ap 1 a+b)", "(ap 1 a_b)");
        check("(ap 1.5e3 x)", "(ap 1500.0 x)");
        check("(xor (null) (ap :error:.message x))", "(xor (null) (ap :error:.$.message x))");
        check("(seq (ap 1 xs) (ap xs.first x))", "(seq (ap 1 xs) (ap xs.$.first x))");
    }

    #[test]
    fn the_end_of_the_text() {
        check("(seq (null) (null ; why\n", "(seq (null) (null)) ; why\n");
        check("(call \"p\" (\"s\" \"f\") [1 ", "(call \"p\" (\"s\" \"f\") [1]) ");
    }

    #[test]
    fn surplus_operands() {
        check("(ap 1 x y)", "(ap 1 x )");
    }
}
