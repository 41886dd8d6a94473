//! Strings of Rust.
//!
//! A brace in the text of `format!` and its kin is for a value; elsewhere it may be replaced by other means, as AquaVM's
//! tests do.

use super::literal::{Braces, Form, Literal, at, is_tag, is_word};

/// Macros whose first literal is a text with values in braces.
const FORMATS: [&str; 22] = [
    "format",
    "f",
    "print",
    "println",
    "eprint",
    "eprintln",
    "write",
    "writeln",
    "panic",
    "format_args",
    "todo",
    "unimplemented",
    "unreachable",
    "anyhow",
    "bail",
    "formatdoc",
    "trace",
    "debug",
    "info",
    "warn",
    "error",
    "log",
];

/// Finds all literals, in order.
pub(crate) fn literals(text: &str) -> Vec<Literal> {
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        at: 0,
        open: Vec::new(),
        called: "",
        tagged: false,
        found: Vec::new(),
    };
    while scanner.at < text.len() {
        scanner.token();
    }
    scanner.found
}

struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// Open brackets, and whether each is that of a macro whose text is still to come.
    open: Vec<bool>,
    /// The macro whose bracket comes next.
    called: &'t str,
    /// Whether a comment right before says that AIR comes.
    tagged: bool,
    found: Vec<Literal>,
}

impl Scanner<'_> {
    fn token(&mut self) {
        let byte = at(self.bytes, self.at);
        let next = at(self.bytes, self.at + 1);
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
            b'/' if next == b'/' => self.line_comment(),
            b'/' if next == b'*' => self.block_comment(),
            b'"' => self.plain(),
            b'\'' => self.character(),
            b'(' | b'[' | b'{' => {
                self.open.push(FORMATS.contains(&self.called));
                self.tagged = self.called.eq_ignore_ascii_case("air");
                self.called = "";
                self.at += 1;
            }
            b')' | b']' | b'}' => {
                self.open.pop();
                self.passed(1);
            }
            _ if is_word(byte) => self.name(),
            _ => self.passed(1),
        }
    }

    /// Leaves bytes behind that are neither space nor comment.
    fn passed(&mut self, bytes: usize) {
        self.at += bytes;
        self.called = "";
        self.tagged = false;
    }

    fn line_comment(&mut self) {
        let start = self.at + 2;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let end = memchr::memchr(b'\n', rest).map_or(self.bytes.len(), |line| start + line);
        self.tagged = is_tag(self.text.get(start..end).unwrap_or_default());
        self.at = end;
    }

    /// Comments nest.
    fn block_comment(&mut self) {
        let start = self.at + 2;
        let (mut index, mut depth) = (start, 1_usize);
        while depth > 0 && index < self.bytes.len() {
            match (at(self.bytes, index), at(self.bytes, index + 1)) {
                (b'/', b'*') => depth += 1,
                (b'*', b'/') => depth -= 1,
                _ => {
                    index += 1;
                    continue;
                }
            }
            index += 2;
        }
        self.at = index.min(self.bytes.len());
        self.tagged = is_tag(self.text.get(start..self.at.saturating_sub(2)).unwrap_or_default());
    }

    /// A name, or the letters before a literal.
    fn name(&mut self) {
        let start = self.at;
        while is_word(at(self.bytes, self.at)) {
            self.at += 1;
        }
        let word = self.text.get(start..self.at).unwrap_or_default();
        match (word, at(self.bytes, self.at)) {
            ("r" | "br" | "cr", b'"' | b'#') => self.raw(),
            ("b" | "c", b'"') => self.plain(),
            ("b", b'\'') => self.character(),
            (_, b'!') if !matches!(at(self.bytes, self.at + 1), b'=') => {
                self.passed(1);
                self.called = word;
            }
            _ => self.passed(0),
        }
    }

    fn raw(&mut self) {
        let hashes =
            self.bytes.get(self.at..).unwrap_or_default().iter().take_while(|byte| **byte == b'#').count();
        self.at += hashes;
        if at(self.bytes, self.at) != b'"' {
            // `r#name`
            return self.passed(0);
        }
        let start = self.at + 1;
        let closing: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
        let rest = self.bytes.get(start..).unwrap_or_default();
        let Some(end) = memchr::memmem::find(rest, &closing) else {
            self.at = self.bytes.len();
            return;
        };
        self.push(start, start + end, Form::RustRaw(hashes));
        self.at = start + end;
        self.passed(closing.len());
    }

    fn plain(&mut self) {
        let start = self.at + 1;
        let mut index = start;
        while index < self.bytes.len() {
            match at(self.bytes, index) {
                b'\\' => index += 1,
                b'"' => {
                    self.push(start, index, Form::RustPlain);
                    break;
                }
                _ => {}
            }
            index += 1;
        }
        self.at = index.min(self.bytes.len());
        self.passed(usize::from(self.at < self.bytes.len()));
    }

    fn push(&mut self, start: usize, end: usize, form: Form) {
        let format = self.open.last_mut().is_some_and(std::mem::take);
        let braces = if format { Braces::Format } else { Braces::Perhaps };
        self.found.push(Literal { inside: start..end, form, tagged: self.tagged, braces, holes: Vec::new() });
    }

    /// A character, or a lifetime.
    fn character(&mut self) {
        let first = self.at + 1;
        let mut index = first;
        if at(self.bytes, first) == b'\\' {
            index += 2;
            // `'\u{…}'` is the longest.
            while index < self.bytes.len() && index < first + 12 && at(self.bytes, index) != b'\'' {
                index += 1;
            }
        } else {
            index += self.text.get(first..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        }
        self.at = if at(self.bytes, index) == b'\'' { index + 1 } else { first };
        self.passed(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insides(text: &str) -> Vec<&str> {
        literals(text).into_iter().map(|literal| &text[literal.inside]).collect()
    }

    #[test]
    fn literals_of_all_kinds() {
        assert_eq!(
            insides(r##"a("x\"y", r#"z"w"#, br"v", c"u", r#type, 'q', b'"', '"')"##),
            ["x\\\"y", "z\"w", "v", "u"]
        );
        assert_eq!(insides("fn f<'a>(x: &'a str) { '\\'' ; '\\u{1F600}'; 'é'; \"s\" }"), ["s"]);
        assert_eq!(insides("// \"a\"\n/* /* \" */ \" */ \"b\""), ["b"]);
        for open in ["\"abc", "r#\"abc\"", "/* x", "'", "'\\", "r", "r#", "\"\\"] {
            assert_eq!(insides(open), [""; 0], "{open}");
        }
    }

    #[test]
    fn texts_with_values() {
        let braces = |text: &str| literals(text).iter().map(|literal| literal.braces).collect::<Vec<_>>();
        use Braces::{Format, Perhaps};
        assert_eq!(
            braces(r#"format!("a", "b"); x("c"); write!(f, "d", g("e"))"#),
            [Format, Perhaps, Perhaps, Format, Perhaps]
        );
        assert_eq!(braces(r#"if a != "b" {} format! { "c" }"#), [Perhaps, Format]);
    }

    #[test]
    fn tags() {
        let tagged = |text: &str| literals(text).iter().map(|literal| literal.tagged).collect::<Vec<_>>();
        assert_eq!(tagged("/* air */ r\"a\"; \"b\"; // air\n\"c\"; air!(\"d\")"), [true, false, true, true]);
    }
}
