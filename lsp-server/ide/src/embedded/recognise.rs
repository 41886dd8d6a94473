//! Whether the text of a literal is a script. Prose, Lisp and WebAssembly's text form begin with brackets, too.

use air_syntax::{SyntaxError, SyntaxKind, lexer};

/// Right instructions for each mistake that a script without a tag may have.
const INSTRUCTIONS_PER_MISTAKE: usize = 4;

/// Whether a text begins as a script does: with comments, a bracket and an instruction's name. Cheap, for all literals.
pub(crate) fn begins_as_script(text: &str) -> bool {
    let mut rest = text.trim_start();
    while let Some(comment) = rest.strip_prefix(';') {
        rest = comment.split_once('\n').map_or("", |(_, after)| after).trim_start();
    }
    let Some(list) = rest.strip_prefix('(') else { return false };
    let word = list.trim_start();
    let end = word.find(|char: char| !char.is_ascii_alphabetic()).unwrap_or(word.len());
    let (word, after) = word.split_at(end);
    let keyword = lexer::lex(word).kinds.first().is_some_and(|kind| kind.is_keyword());
    let ends = |next: char| next.is_whitespace() || matches!(next, ')' | '(' | '"' | '[' | ';');
    keyword && after.chars().next().is_some_and(ends)
}

/// Whether a text that begins as a script is one: it says what only a script says, and has few mistakes.
pub(crate) fn is_script(text: &str, mistakes: &[SyntaxError]) -> bool {
    let tokens = lexer::lex(text);
    let mut instructions = 0;
    let mut telling = false;
    let mut before = SyntaxKind::WHITESPACE;
    for kind in tokens.kinds.iter().filter(|kind| !kind.is_trivia()) {
        if before == SyntaxKind::L_PAREN && kind.is_keyword() {
            instructions += 1;
            // What else is short enough to be something else: `(null)`, `(next page)`, `(fail fast)`.
            telling |= matches!(kind, SyntaxKind::CALL_KW | SyntaxKind::AP_KW | SyntaxKind::CANON_KW);
        }
        before = *kind;
    }
    (telling || instructions > 1) && mistakes.len() * INSTRUCTIONS_PER_MISTAKE <= instructions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_others() {
        let script = |text: &str| begins_as_script(text) && is_script(text, &air_syntax::errors(text));
        for text in ["(call \"p\" (\"s\" \"f\") [])", "; a\n ( seq (null)\n (never))", "(ap 1 x)"] {
            assert!(script(text), "{text}");
        }
        for text in [
            "(null)",
            "(next page)",
            "(fail fast)",
            "(call me)",
            "(match (list 1 2) ((a b) a))",
            "(new Foo())",
            "(call $print (i32.const 1))",
            "(sequence (null) (null))",
            "call (\"a\")",
            "(seq",
            "",
        ] {
            assert!(!script(text), "{text}");
        }
    }
}
