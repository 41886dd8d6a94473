//! Words that AquaVM does not take, and what was most likely meant: forms of older AIR, lenses without their `$`,
//! special values without their signs.

use std::num::IntErrorKind;

use air_syntax::lexer::{LexErrorKind, reference_tokens};
use air_syntax::{SyntaxError, SyntaxErrorKind, TextRange, TextSize};

use super::characters::{self, Meant};
use crate::diagnostic::TextEdit;

const SPECIALS: [&str; 4] = ["%init_peer_id%", "%last_error%", "%timestamp%", "%ttl%"];

pub(super) fn fix(text: &str, error: &SyntaxError) -> Option<Meant> {
    let (at, word) = (error.range.start(), word_around(text, error.range.start())?);
    let whole = text.get(word.start().into()..word.end().into())?;
    if let SyntaxErrorKind::BadWord(wrong) = &error.kind
        && let Some(meant) = characters::meant(text, word, at, &wrong.kind)
    {
        return Some(meant);
    }
    let (range, new) = match &error.kind {
        SyntaxErrorKind::WrongOperand { .. } => (word, special(whole)?.to_owned()),
        SyntaxErrorKind::BadWord(wrong) => {
            let as_a_word = || special(whole).map(str::to_owned).or_else(|| other_word(whole, &wrong.kind));
            quoted_field(text, at)
                .or_else(|| accumulator(text, word, at))
                .or_else(|| Some((word, as_a_word()?)))?
        }
        _ => return None,
    };
    let title = format!("replace by `{new}`");
    Some(Meant { title, safe: false, edits: vec![TextEdit { range, new_text: new }] })
}

/// What stands around an offset without spaces, brackets and quotes.
fn word_around(text: &str, at: TextSize) -> Option<TextRange> {
    let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '"' | ';');
    let (before, after) = (text.get(..at.into())?, text.get(at.into()..)?);
    let start = before.trim_end_matches(|c| !ends(c));
    let length = after.find(ends).unwrap_or(after.len());
    let start = TextSize::of(start);
    Some(TextRange::new(start, at + TextSize::try_from(length).ok()?))
}

/// `x.$.["name"]`: a field's name stands bare today.
fn quoted_field(text: &str, at: TextSize) -> Option<(TextRange, String)> {
    let (before, rest) = (text.get(..at.into())?, text.get(at.into()..)?);
    let (at, rest) = match (rest.starts_with(['"', '\'']), before.ends_with('[')) {
        (true, true) => (at - TextSize::of('['), text.get(usize::from(at) - 1..)?),
        _ => (at, rest),
    };
    let quote = rest.strip_prefix('[')?.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (name, after) = rest.get(2..)?.split_once(quote)?;
    if !is_name(name) || !after.starts_with(']') {
        return None;
    }
    let dot = if text.get(..at.into())?.ends_with('.') { "" } else { "." };
    Some((TextRange::at(at, TextSize::of(name) + TextSize::of("[\"\"]")), format!("{dot}{name}")))
}

/// `out[]`: what is a stream today.
fn accumulator(text: &str, word: TextRange, at: TextSize) -> Option<(TextRange, String)> {
    let rest = text.get(at.into()..)?.strip_prefix("[]")?;
    let name = text.get(word.start().into()..at.into()).filter(|name| is_name(name))?;
    let ends = rest.starts_with(|c: char| c.is_whitespace() || c == ')');
    ends.then(|| (TextRange::new(word.start(), at + TextSize::of("[]")), format!("${name}")))
}

/// What a word was probably meant to be, if that is a word.
fn other_word(word: &str, wrong: &LexErrorKind) -> Option<String> {
    let better = match wrong {
        // A bracket there is one too many.
        LexErrorKind::BadChar('(' | ')' | '[' | ']' | '"') => return None,
        // What `a*b` or `a%` was to be cannot be told.
        LexErrorKind::BadChar(c) if !matches!(c, '+' | ':' | '@' | '&' | '~' | '|' | '/') => return None,
        LexErrorKind::BadChar(_) if word.starts_with(|c: char| !c.is_alphabetic()) => return None,
        LexErrorKind::BadChar(_) => {
            let fits = |char: char| char.is_alphanumeric() || matches!(char, '_' | '-' | '$' | '#' | '%');
            word.chars().map(|char| if fits(char) { char } else { '_' }).collect()
        }
        // 1.5e3
        LexErrorKind::BadNumberChar('e' | 'E') => {
            let number: f64 = word.parse().ok().filter(|number: &f64| number.is_finite())?;
            let plain = number.to_string();
            if plain.contains('.') { plain } else { format!("{plain}.0") }
        }
        // .5, -.5
        LexErrorKind::LeadingDot => {
            let digits = word.trim_start_matches(['+', '-']).strip_prefix('.')?;
            let sign = if word.starts_with('-') { "-" } else { "" };
            format!("{sign}0.{}", Some(digits).filter(|it| is_digits(it))?)
        }
        LexErrorKind::FloatTooLong => shorter(word)?,
        // 1.2.3, 99999999999999999999: what is no number is a text.
        LexErrorKind::BadNumberChar('.') if word.split('.').all(is_digits) => format!("\"{word}\""),
        LexErrorKind::Int(IntErrorKind::PosOverflow | IntErrorKind::NegOverflow) => format!("\"{word}\""),
        // x.name
        LexErrorKind::Lens(_) | LexErrorKind::BadLensChar(_) => {
            let (name, lens) = word.split_once('.').filter(|(_, lens)| !lens.starts_with('$'))?;
            format!("{name}.$.{lens}")
        }
        _ => return None,
    };
    let (tokens, error) = reference_tokens(&better);
    (error.is_none() && tokens.len() == 1 && better != word).then_some(better)
}

/// `%initPeerId%`, `%last_error`, `%init_peer%`.
pub(super) fn special(word: &str) -> Option<&'static str> {
    let letters = |word: &str| word.replace(['%', '_', '-'], "").to_ascii_lowercase();
    let meant = word.starts_with('%').then(|| letters(word)).filter(|letters| letters.len() <= 12)?;
    let same = SPECIALS.into_iter().find(|special| letters(special) == meant && *special != word);
    let begins = |special: &&str| {
        let special = letters(special);
        // `%init_peer%`, `%timestamps%`
        word.len() > 2
            && word.ends_with('%')
            && meant.len() >= 3
            && (special.starts_with(&meant) || meant.strip_prefix(&*special) == Some("s"))
    };
    same.or_else(|| SPECIALS.into_iter().find(begins))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A number with a dot has at most 11 characters: as many of its digits as fit.
fn shorter(word: &str) -> Option<String> {
    let number: f64 = word.parse().ok()?;
    let with = |decimals: usize| format!("{number:.decimals$}");
    if number.fract() == 0.0 {
        return Some(with(0));
    }
    (0..=9).rev().map(with).find(|text| text.len() <= 11)
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
        && !name.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use crate::Analysis;

    /// Applies the first fix there is; `None` if there is none.
    fn fixed(text: &str) -> Option<String> {
        let analysis = Analysis::new(text);
        let fix = analysis.diagnostics().iter().find_map(|diagnostic| diagnostic.fixes.first())?;
        Some(air_semantics::text_edit::apply(text, &fix.edits))
    }

    fn check(before: &str, after: &str) {
        let around = |word: &str| format!("(seq (call %init_peer_id% (\"s\" \"f\") [] x) {word})");
        assert_eq!(fixed(&around(before)), Some(around(after)));
        assert!(Analysis::new(around(after)).accepted(), "{after}");
    }

    #[test]
    fn forms_of_older_air() {
        check("(ap x.$.[\"name\"]! y)", "(ap x.$.name! y)");
        check("(ap x.$.a[\"name\"] y)", "(ap x.$.a.name y)");
        check("(call x (\"s\" \"f\") [] out[])", "(call x (\"s\" \"f\") [] $out)");
    }

    #[test]
    fn lenses_and_special_values_without_their_signs() {
        check("(match x.success true (null))", "(match x.$.success true (null))");
        check("(match x.a.b true (null))", "(match x.$.a.b true (null))");
        check("(call %init_peer_id (\"s\" \"f\") [])", "(call %init_peer_id% (\"s\" \"f\") [])");
        check("(ap %lastError% y)", "(ap %last_error% y)");
        check("(ap %TTL% y)", "(ap %ttl% y)");
    }

    #[test]
    fn numbers() {
        check("(ap -.5 y)", "(ap -0.5 y)");
        check("(ap 0.1234567890 y)", "(ap 0.123456789 y)");
        check("(ap 1234567890.1 y)", "(ap 1234567890 y)");
        check("(ap 123456789012.0 y)", "(ap 123456789012 y)");
        check("(ap 1.2.3 y)", "(ap \"1.2.3\" y)");
        check("(ap 99999999999999999999 y)", "(ap \"99999999999999999999\" y)");
    }

    #[test]
    fn what_only_the_author_knows() {
        assert_eq!(fixed("(ap %current_peer_id% y)"), None);
        assert_eq!(fixed("(call %map (\"s\" \"f\") [])"), None);
        assert_eq!(fixed("(call %init_peer_id% (\"s\" \"f\") [] 1[])"), None);
    }
}
