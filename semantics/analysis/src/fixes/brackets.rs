//! Braces and square brackets in the place of parentheses, and parentheses in the place of square brackets:
//! `{seq (…) (…)}`, `[null]`, `(call peer ["s" "f"] (a b))`.

use air_syntax::lexer::{LexErrorKind, lex};
use air_syntax::{SyntaxError, SyntaxErrorKind, SyntaxKind, TextRange, TextSize};

use crate::diagnostic::{Fix, TextEdit};

/// All pairs of brackets that are of another sort than their place takes.
#[derive(Default)]
pub(super) struct WrongPairs {
    pairs: Vec<Pair>,
}

struct Pair {
    open: usize,
    close: usize,
    /// `(`, `[` or `{`; `.` for what belongs to a word, as brackets of lenses and braces of templates do.
    sort: u8,
    parent: Option<usize>,
    /// Which pair of its parent it is, from 0.
    nth: usize,
    /// How many words stand before it in its parent.
    words_before: usize,
    /// How many words and pairs it has, and how many of them are pairs.
    parts: usize,
    pairs: usize,
    first_word: Option<(usize, usize)>,
    /// The bracket that its place takes, and whether nothing else can have been meant.
    wanted: Option<(u8, bool)>,
}

impl WrongPairs {
    /// Those of a text; none where brackets do not come in pairs.
    pub(super) fn of(text: &str) -> WrongPairs {
        let mut pairs = pairs(text).unwrap_or_default();
        for index in 0..pairs.len() {
            let wanted = wanted(text, &pairs, index);
            if let Some(pair) = pairs.get_mut(index) {
                pair.wanted = wanted.filter(|(bracket, _)| *bracket != pair.sort);
            }
        }
        if pairs.iter().all(|pair| pair.wanted.is_none()) {
            pairs.clear();
        }
        WrongPairs { pairs }
    }

    /// Whether such an error may come from such a pair; others need not know the pairs.
    pub(super) fn may_cause(kind: &SyntaxErrorKind) -> bool {
        match kind {
            SyntaxErrorKind::BadWord(word) => matches!(word.kind, LexErrorKind::BadChar('{' | '}')),
            kind => matches!(
                kind,
                SyntaxErrorKind::StrayText
                    | SyntaxErrorKind::NonEmptyArray
                    | SyntaxErrorKind::SurplusCloseBracket
                    | SyntaxErrorKind::WrongCloser { .. }
                    | SyntaxErrorKind::MissingCloseBracket
                    | SyntaxErrorKind::MissingKeyword { .. }
                    | SyntaxErrorKind::MissingOperand { .. }
                    | SyntaxErrorKind::MissingInstruction { .. }
                    | SyntaxErrorKind::MissingOpenParen { .. }
                    | SyntaxErrorKind::MissingOpenBracket
                    | SyntaxErrorKind::SurplusOperand { .. }
                    | SyntaxErrorKind::SeveralInstructions
                    | SyntaxErrorKind::WrongOperand { .. }
            ),
        }
    }

    /// What ends an error that comes from such a pair.
    pub(super) fn fix(&self, text: &str, error: &SyntaxError) -> Option<Fix> {
        let (start, end) = (usize::from(error.range.start()), usize::from(error.range.end()));
        let touches = |at: usize| (start..=end).contains(&at) || at + 1 == start;
        let wrong = || self.pairs.iter().filter(|pair| pair.wanted.is_some());
        let at_bracket = || wrong().find(|pair| touches(pair.open) || touches(pair.close));
        let pair = match &error.kind {
            SyntaxErrorKind::BadWord(word) => match word.kind {
                LexErrorKind::BadChar('{' | '}') => at_bracket()?,
                _ => return None,
            },
            SyntaxErrorKind::StrayText
            | SyntaxErrorKind::NonEmptyArray
            | SyntaxErrorKind::SurplusCloseBracket
            | SyntaxErrorKind::WrongCloser { .. }
            | SyntaxErrorKind::MissingCloseBracket
            | SyntaxErrorKind::MissingKeyword { .. } => at_bracket()?,
            // What comes of it stands in the same list.
            SyntaxErrorKind::MissingOperand { .. }
            | SyntaxErrorKind::MissingInstruction { .. }
            | SyntaxErrorKind::MissingOpenParen { .. }
            | SyntaxErrorKind::MissingOpenBracket
            | SyntaxErrorKind::SurplusOperand { .. }
            | SyntaxErrorKind::SeveralInstructions
            | SyntaxErrorKind::WrongOperand { .. } => {
                // In order of their opening, so that the last one around is the innermost.
                let around = self.pairs.iter().rposition(|pair| pair.open < start && start <= pair.close);
                let in_same_list = || wrong().find(|pair| around.is_some() && pair.parent == around);
                let itself = || around.and_then(|it| self.pairs.get(it)).filter(|it| it.wanted.is_some());
                at_bracket().or_else(in_same_list).or_else(itself)?
            }
            _ => return None,
        };
        let (open, safe) = pair.wanted?;
        let (wrong_open, wrong_close) = (shown(pair.sort), shown(closer(pair.sort)));
        let glued = text.get(..pair.open)?.ends_with(|c: char| c.is_alphanumeric() || c == '"');
        let space = if glued { " " } else { "" };
        let edits = vec![
            replace(pair.open, format!("{space}{}", shown(open))),
            replace(pair.close, shown(closer(open)).to_string()),
        ];
        let (open, close) = (shown(open), shown(closer(open)));
        let title = format!("write `{open}` and `{close}` instead of `{wrong_open}` and `{wrong_close}`");
        Some(Fix { title: title.into(), safe, edits })
    }
}

/// All pairs in order of their opening, without strings and comments; `None` if one is not closed by its own sort.
fn pairs(text: &str) -> Option<Vec<Pair>> {
    let bytes = text.as_bytes();
    let mut pairs: Vec<Pair> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        match byte {
            b'(' | b'[' | b'{' => {
                let of_word = match byte {
                    b'[' => before.is_some_and(|it| it.is_ascii_alphanumeric() || b"._-!]".contains(it)),
                    b'{' => {
                        before == Some(&b'$') || before == Some(&b'{') || bytes.get(at + 1) == Some(&b'{')
                    }
                    _ => false,
                };
                let parent = open.last().copied();
                let (mut nth, mut words_before) = (0, 0);
                if let Some(parent) = parent.and_then(|parent| pairs.get_mut(parent)) {
                    (nth, words_before) = (parent.pairs, parent.parts - parent.pairs);
                    if !of_word {
                        parent.parts += 1;
                        parent.pairs += 1;
                    }
                }
                let sort = if of_word { b'.' } else { byte };
                open.push(pairs.len());
                pairs.push(Pair {
                    open: at,
                    close: at,
                    sort,
                    parent,
                    nth,
                    words_before,
                    parts: 0,
                    pairs: 0,
                    first_word: None,
                    wanted: None,
                });
            }
            b')' | b']' | b'}' => {
                let pair = pairs.get_mut(open.pop()?)?;
                let opened = *bytes.get(pair.open)?;
                if closer(opened) != byte {
                    return None;
                }
                pair.close = at;
            }
            b';' => at += memchr::memchr(b'\n', bytes.get(at..)?).unwrap_or(bytes.len() - at),
            byte if byte.is_ascii_whitespace() => {}
            _ => {
                let start = at;
                at = end_of_word(bytes, at)?;
                if let Some(pair) = open.last().and_then(|pair| pairs.get_mut(*pair)) {
                    pair.parts += 1;
                    if pair.parts == 1 {
                        pair.first_word = Some((start, at));
                    }
                }
                continue;
            }
        }
        at += 1;
    }
    open.is_empty().then_some(pairs)
}

/// Where a word or string ends.
fn end_of_word(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?;
    if rest.first() == Some(&b'"') {
        return Some(at + 2 + memchr::memchr(b'"', rest.get(1..)?)?);
    }
    let ends = |byte: &u8| byte.is_ascii_whitespace() || b"()[]{}\";".contains(byte);
    Some(at + rest.iter().position(ends).unwrap_or(rest.len()).max(1))
}

/// The bracket that the place of a pair takes, if that is clear, and whether nothing else can have been meant.
fn wanted(text: &str, pairs: &[Pair], index: usize) -> Option<(u8, bool)> {
    let pair = pairs.get(index)?;
    if pair.sort == b'.' {
        return None;
    }
    let parent = pair.parent.and_then(|parent| pairs.get(parent));
    if parent.is_some_and(|parent| parent.sort == b'.') {
        return None;
    }
    let inside = text.get(pair.open + 1..pair.close)?;
    let is_list_of_two = pair.parts == 2 && pairs.get(index + 1).is_none_or(|next| next.open > pair.close);
    match parent.and_then(|parent| keyword(text, parent)) {
        Some(SyntaxKind::CALL_KW) => match (pair.nth, pair.words_before) {
            (0, 2) if is_list_of_two => Some((b'(', true)),
            // `{"a": 1}` is an object, and stays a question.
            (1, 2) if !(pair.sort == b'{' && inside.contains(':')) => {
                Some((b'[', pair.sort != b'{' || pair.parts == 0))
            }
            _ => None,
        },
        Some(SyntaxKind::AP_KW) => {
            let target = text.get(pair.close + 1..)?.trim_start();
            let is_entry = pair.nth == 0 && pair.words_before == 1 && is_list_of_two;
            (is_entry && target.starts_with('%')).then_some((b'(', true))
        }
        _ => {
            let keyword = keyword(text, pair)?;
            let whole = pair.parts > 1 || matches!(keyword, SyntaxKind::NULL_KW | SyntaxKind::NEVER_KW);
            whole.then_some((b'(', true))
        }
    }
}

/// The instruction whose name a pair begins with.
fn keyword(text: &str, pair: &Pair) -> Option<SyntaxKind> {
    let (start, end) = pair.first_word?;
    let word = text.get(start..end)?;
    lex(word).kinds.first().copied().filter(|kind| kind.is_keyword())
}

fn closer(open: u8) -> u8 {
    match open {
        b'(' => b')',
        b'[' => b']',
        _ => b'}',
    }
}

fn shown(bracket: u8) -> char {
    char::from(bracket)
}

fn replace(at: usize, new_text: String) -> TextEdit {
    TextEdit { range: TextRange::at(TextSize::new(at as u32), TextSize::of('(')), new_text }
}

#[cfg(test)]
mod tests {
    use air_semantics::text_edit::apply;

    use crate::Analysis;
    use crate::fix_all::{Extent, fix_all};

    /// All safe fixes together make the script accepted; the first error's fix is one of them.
    fn check(before: &str, after: &str) {
        let analysis = Analysis::new(before);
        let first = analysis.diagnostics().first().and_then(|it| it.fixes.first());
        assert!(first.is_some_and(|fix| fix.safe), "{before}: {:?}", analysis.diagnostics());
        let fixed = fix_all(&analysis, Extent::Safe, |_| {}, |_, _, _| {}).after.unwrap();
        assert_eq!(&*fixed.text, after);
        assert!(fixed.accepted(), "{after}");
    }

    fn fix(before: &str) -> Option<(String, bool)> {
        let analysis = Analysis::new(before);
        let fix = analysis.diagnostics().iter().find_map(|it| it.fixes.first())?;
        Some((apply(before, &fix.edits), fix.safe))
    }

    #[test]
    fn instructions_in_other_brackets() {
        check("{seq (null) (null)}", "(seq (null) (null))");
        check("[seq (null) (null)]", "(seq (null) (null))");
        check("(seq [null] {null})", "(seq (null) (null))");
        check("{ seq\n  { null } ; why }\n  { null }\n}", "( seq\n  ( null ) ; why }\n  ( null )\n)");
        check("(fold [] it [seq (null) (next it)])", "(fold [] it (seq (null) (next it)))");
        check("(seq{null} {null})", "(seq (null) (null))");
        check("(new $s {seq (ap \"}\" $s) (null)})", "(new $s (seq (ap \"}\" $s) (null)))");
    }

    #[test]
    fn parts_of_a_call_in_other_brackets() {
        check("(call \"p\" {\"s\" \"f\"} [])", "(call \"p\" (\"s\" \"f\") [])");
        check("(call \"p\" [\"s\" \"f\"] [])", "(call \"p\" (\"s\" \"f\") [])");
        check("(call \"p\" (\"s\" \"f\") ())", "(call \"p\" (\"s\" \"f\") [])");
        check("(call \"p\" (\"s\" \"f\") (\"a\" 1) x)", "(call \"p\" (\"s\" \"f\") [\"a\" 1] x)");
        check("(call \"p\" (\"s\" \"f\") {} x)", "(call \"p\" (\"s\" \"f\") [] x)");
        check("(call \"p\" [\"s\" \"f\"] (1) x)", "(call \"p\" (\"s\" \"f\") [1] x)");
        check("(ap {\"k\" 1} %m)", "(ap (\"k\" 1) %m)");
        check("(ap [\"k\" 1] %m)", "(ap (\"k\" 1) %m)");
    }

    #[test]
    fn what_may_be_an_object_is_a_guess() {
        let before = "(call \"p\" (\"s\" \"f\") {\"a\" 1} x)";
        assert_eq!(fix(before), Some(("(call \"p\" (\"s\" \"f\") [\"a\" 1] x)".to_owned(), false)));
        assert_eq!(fix("(call \"p\" (\"s\" \"f\") [{\"a\" 1}] x)"), None);
    }

    #[test]
    fn templates_and_lenses_have_brackets_of_their_own() {
        let (fixed, _) = fix("(call {{relay}} (\"s\" \"f\") [])").unwrap();
        assert_eq!(fixed, "(call relay (\"s\" \"f\") [])");
        let (fixed, _) = fix("(seq (ap 1 x) (ap x.$.[\"a\"] y))").unwrap();
        assert_eq!(fixed, "(seq (ap 1 x) (ap x.$.a y))");
    }
}
