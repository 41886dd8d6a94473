//! What an odd character was meant to be: quotes, comments, commas, braces of templates, invisible characters.

use air_syntax::lexer::{LexErrorKind, lex};
use air_syntax::{SyntaxKind, TextRange, TextSize};

use crate::diagnostic::TextEdit;

/// Opening and closing quotes that are not AIR's.
const QUOTES: &[(char, char)] = &[
    ('“', '”'),
    ('„', '“'),
    ('„', '”'),
    ('”', '”'),
    ('«', '»'),
    ('‘', '’'),
    ('’', '’'),
    ('\'', '\''),
    ('`', '`'),
];

/// Of a fix's text in its title.
const MAX_BYTES_SHOWN: usize = 40;

/// What to do instead.
pub(super) struct Meant {
    pub(super) title: String,
    /// Whether nothing else can have been meant.
    pub(super) safe: bool,
    pub(super) edits: Vec<TextEdit>,
}

/// What was meant by the character at `at`, which the word there cannot have.
pub(super) fn meant(text: &str, word: TextRange, at: TextSize, wrong: &LexErrorKind) -> Option<Meant> {
    let whole = text.get(std::ops::Range::<usize>::from(word))?;
    let here = text.get(at.into()..)?.chars().next()?;
    if let Some(comment) = comment(text, word, wrong) {
        return Some(comment);
    }
    if is_invisible(here) {
        let found = whole.char_indices().filter(|(_, c)| is_invisible(*c));
        let edits = found.map(|(offset, c)| replace(word.start(), offset, c.len_utf8(), "")).collect();
        let name = if here == '\u{FEFF}' { "the byte order mark" } else { "this invisible character" };
        return Some(Meant { title: format!("remove {name}"), safe: true, edits });
    }
    if let Some(string) = string(text, at) {
        return Some(string);
    }
    if whole.contains(',') && (here == ',' || whole.ends_with(',')) {
        return commas(text, word, whole);
    }
    if here == '!' {
        let title = format!("remove `!` from `{}`", shown(whole));
        return Some(Meant { title, safe: false, edits: vec![replace(at, 0, 1, "")] });
    }
    if whole.contains(['{', '<']) {
        return template(word, whole);
    }
    None
}

/// `// why`, `# why`.
fn comment(text: &str, word: TextRange, wrong: &LexErrorKind) -> Option<Meant> {
    let rest = text.get(word.start().into()..)?;
    let line = rest.lines().next().unwrap_or(rest);
    let sign = if line.starts_with("//") {
        "//"
    } else if *wrong == LexErrorKind::EmptyTaggedName && line.starts_with("# ") {
        "#"
    } else {
        return None;
    };
    // What is in brackets may be part of the script.
    let safe = !line.contains(['(', ')', '[', ']', '"']);
    let edits = vec![replace(word.start(), 0, sign.len(), ";")];
    Some(Meant { title: format!("begin the comment with `;` instead of `{sign}`"), safe, edits })
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{FEFF}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{AD}')
        || c.is_control() && !c.is_whitespace()
}

/// `“run”`, `'run'`: from the opening quote to the closing one on the same line.
fn string(text: &str, at: TextSize) -> Option<Meant> {
    let (before, after) = text.split_at_checked(at.into())?;
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = text.get(line_start..)?.lines().next()?;
    let at = before.len() - line_start;
    let here = after.chars().next()?;
    if !QUOTES.iter().any(|(open, close)| here == *open || here == *close) {
        return None;
    }
    // Pairs from the left; the one that the place is in counts.
    let mut from = 0;
    loop {
        let (open, quote) = line.get(from..)?.char_indices().find(|(_, c)| is_open(*c))?;
        let open = from + open;
        let inside = open + quote.len_utf8();
        let closes = |c: char| QUOTES.iter().any(|(left, right)| *left == quote && *right == c);
        let end = inside + line.get(inside..)?.find(closes)?;
        let close = line.get(end..)?.chars().next()?.len_utf8();
        if (open..end + close).contains(&at) {
            let string = line.get(inside..end)?;
            if string.contains('"') {
                return None;
            }
            let line_start = TextSize::new(line_start as u32);
            let edits = vec![
                replace(line_start, open, quote.len_utf8(), "\""),
                replace(line_start, end, close, "\""),
            ];
            return Some(Meant { title: format!("replace by `\"{}\"`", shown(string)), safe: true, edits });
        }
        from = end + close;
    }
}

fn is_open(c: char) -> bool {
    QUOTES.iter().any(|(open, _)| *open == c)
}

/// `a, b`: what stands between operands is a space.
fn commas(text: &str, word: TextRange, whole: &str) -> Option<Meant> {
    let mut edits = Vec::new();
    let mut in_string = false;
    for (offset, c) in whole.char_indices() {
        in_string ^= c == '"';
        if c != ',' || in_string {
            continue;
        }
        let next = text.get(usize::from(word.start()) + offset + 1..)?.chars().next();
        let ends = next.is_none_or(|c| c.is_whitespace() || matches!(c, ')' | ']' | ','));
        edits.push(replace(word.start(), offset, 1, if ends { "" } else { " " }));
    }
    let title = if edits.len() == 1 { "remove this comma" } else { "remove these commas" };
    (!edits.is_empty()).then(|| Meant { title: title.to_owned(), safe: true, edits })
}

/// `${relay}`, `{{relay}}`, `<relay>`: a variable of that name, which the host gives.
fn template(word: TextRange, whole: &str) -> Option<Meant> {
    let mut name = String::new();
    for c in whole.chars() {
        match c {
            '{' | '}' | '<' | '>' | '$' => {}
            // `${config.relay}`
            '.' if !name.is_empty() => name.push('_'),
            c => name.push(c),
        }
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert_str(0, "value");
    }
    let balanced = whole.matches('{').count() == whole.matches('}').count()
        && whole.matches('<').count() == whole.matches('>').count();
    let is_name = matches!(lex(&name).kinds.as_slice(), [SyntaxKind::SCALAR]);
    (balanced && is_name).then(|| Meant {
        title: format!("replace by the variable `{name}`"),
        safe: false,
        edits: vec![TextEdit { range: word, new_text: name }],
    })
}

fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(MAX_BYTES_SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

fn replace(start: TextSize, offset: usize, len: usize, new: &str) -> TextEdit {
    let range = TextRange::at(start + TextSize::new(offset as u32), TextSize::new(len as u32));
    TextEdit { range, new_text: new.to_owned() }
}

#[cfg(test)]
mod tests {
    use air_semantics::text_edit::apply;

    use crate::Analysis;
    use crate::diagnostic::Origin;

    /// The script after the first fix of the first syntax error, which must be an accepted one but for its names.
    fn check(before: &str, after: &str, safe: bool) {
        let analysis = Analysis::new(before);
        let found = analysis.diagnostics().iter().find(|it| it.code.origin() == Origin::Syntax).unwrap();
        let [fix] = found.fixes.as_slice() else { panic!("{found:?}") };
        assert_eq!(apply(before, &fix.edits), after);
        assert_eq!(fix.safe, safe, "{before}");
        assert!(Analysis::new(after).parse.ok(), "{after}");
    }

    #[test]
    fn quotes() {
        check("(call “p” (\"s\" \"f\") [])", "(call \"p\" (\"s\" \"f\") [])", true);
        check("(ap 'x' y)", "(ap \"x\" y)", true);
        check("(ap “two words” y)", "(ap \"two words\" y)", true);
        check("(ap ‘x’ y)", "(ap \"x\" y)", true);
    }

    #[test]
    fn comments() {
        check("(null) // nothing", "(null) ; nothing", true);
        check("(seq\n // first\n (null) (null))", "(seq\n ; first\n (null) (null))", true);
        check("# a script\n(null)", "; a script\n(null)", true);
        check("// (null) is enough\n(null)", "; (null) is enough\n(null)", false);
    }

    #[test]
    fn commas() {
        check("(call \"p\" (\"s\", \"f\") [])", "(call \"p\" (\"s\" \"f\") [])", true);
        check("(call \"p\" (\"s\" \"f\") [\"a\", 1])", "(call \"p\" (\"s\" \"f\") [\"a\" 1])", true);
        check("(call \"p\" (\"s\" \"f\") [1,2,3])", "(call \"p\" (\"s\" \"f\") [1 2 3])", true);
        check("(fold xs, x (null))", "(fold xs x (null))", true);
    }

    #[test]
    fn what_cannot_be_seen() {
        check("\u{FEFF}(null)", "(null)", true);
        check("(null)\0", "(null)", true);
        check("(ap 1 x\u{200B})", "(ap 1 x)", true);
    }

    #[test]
    fn templates_and_marks() {
        check("(call ${relay} (\"s\" \"f\") [])", "(call relay (\"s\" \"f\") [])", false);
        check("(call {{relay}} (\"s\" \"f\") [])", "(call relay (\"s\" \"f\") [])", false);
        check("(call relay_id! (\"s\" \"f\") [])", "(call relay_id (\"s\" \"f\") [])", false);
    }
}
