//! Files of other languages that end in `.air`, too: told by their text, because a name tells nothing.

use air_semantics::Script;
use air_syntax::TextRange;

use crate::code::Code;
use crate::diagnostic::Diagnostic;

/// A script with fewer mistakes than this may just be broken.
const MIN_ERRORS: usize = 5;

/// A text with fewer lines than this may be the beginning of a script.
const MIN_LINES: usize = 3;

/// Words after `(` that only a script has. `new`, `call` and the like could be a call's arguments elsewhere, but
/// to keep a broken script's errors is more important.
const KEYWORDS: [&str; 14] = [
    "call", "ap", "seq", "par", "xor", "fold", "next", "match", "mismatch", "new", "canon", "fail", "null",
    "never",
];

/// Whether a text with that many errors is no script at all.
pub(crate) fn is_foreign(text: &str, errors: usize) -> bool {
    let mut written = text.lines().map(|line| line.trim_start_matches('\u{feff}').trim());
    let mut lines = written.by_ref().filter(|line| !line.is_empty() && !line.starts_with(';'));
    let Some(first) = lines.next() else { return false };
    errors >= MIN_ERRORS
        && lines.take(MIN_LINES - 1).count() == MIN_LINES - 1
        && !first.starts_with('(')
        && !is_keyword(first)
        && !text.split('(').skip(1).any(is_keyword)
        && !text.split(['{', '[']).skip(1).any(is_telling)
        // Without its bracket, an instruction begins a line.
        && !text.lines().any(is_keyword)
}

/// Whether a text begins with an instruction's name, in whatever case.
fn is_keyword(text: &str) -> bool {
    let text = text.trim_start();
    let end = text.find(|char: char| !char.is_ascii_alphabetic()).unwrap_or(text.len());
    let word = text.get(..end).unwrap_or_default();
    KEYWORDS.iter().any(|keyword| keyword.eq_ignore_ascii_case(word))
}

/// The same for words that other languages do not have after other brackets.
fn is_telling(text: &str) -> bool {
    let text = text.trim_start();
    let names = ["seq", "par", "xor", "canon"];
    names.iter().any(|name| text.strip_prefix(name).is_some_and(|rest| rest.starts_with(char::is_whitespace)))
}

/// What is said of it, about its first line, and the first of AquaVM's errors.
pub(crate) fn finding(script: &Script) -> Diagnostic {
    let text = &*script.text;
    let code = Code::ForeignFile;
    let mut at = 0;
    let mut range = TextRange::default();
    for line in text.split_inclusive('\n') {
        let written = line.trim_start_matches('\u{feff}').trim();
        if !written.is_empty() && !written.starts_with(';') {
            let start = at + line.find(written).unwrap_or_default();
            range = TextRange::new((start as u32).into(), ((start + written.len()) as u32).into());
            break;
        }
        at += line.len();
    }
    Diagnostic {
        code,
        severity: code.severity(),
        message: "the file is not AIR, but in another language with the same ending: it is not checked"
            .to_owned(),
        range,
        related: Vec::new(),
        reference: script.reference_errors().iter().min_by_key(|reference| reference.start).cloned(),
        fixes: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Analysis, Severity};

    fn codes(text: &str) -> Vec<&'static str> {
        let analysis = Analysis::new(text);
        assert!(!analysis.accepted());
        analysis.diagnostics().iter().map(|it| it.code.as_str()).collect()
    }

    #[test]
    fn other_languages_get_one_note() {
        let animation = "; stand\n\n[Begin Action 0]\nClsn2Default: 2\n Clsn2[0] = -10, 0, 10, -79\n0,0, 0,0, 7\n0,1, 0,0, 7\n0,2, 0,0, -1\n";
        let program = "def FibAir\n\ntrace_columns {\n    main: [a, b]\n}\n\npublic_inputs {\n    stack_inputs: [2]\n}\n\nboundary_constraints {\n    enf a.first = 1\n}\n\nintegrity_constraints {\n    enf a' = a + b\n    enf b' = (a + b) * 2\n}\n";
        for text in [animation, program] {
            assert_eq!(codes(text), ["S030"], "{text}");
            let analysis = Analysis::new(text);
            let found = &analysis.diagnostics()[0];
            assert_eq!(found.severity, Severity::Info);
            assert!(["[Begin Action 0]", "def FibAir"].contains(&analysis.hir().text_at(found.range)));
        }
    }

    #[test]
    fn broken_scripts_keep_their_errors() {
        for text in [
            "seq\n (call x! (\"a\" \"b\") [,,])\n (nul)\n 'a' 'b'\n)))\n",
            "hello\n(SEQ\n (cal 'a' 'b' 'c')\n 'x' , , ,\n",
            "call \"p\" (\"s\" \"f\") []\nx! y! z! a! b! c!\nd!\n",
            "a , b , c , d , e , f",
            "{{header}}\n(call ${p} (“s” “f”) [])\n, , ,\n",
        ] {
            assert!(!codes(text).contains(&"S030"), "{text}");
        }
    }
}
