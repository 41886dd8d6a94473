//! Strings and templates of JavaScript and TypeScript, also with JSX.
//!
//! No parser: comments, strings, templates and regular expressions are told apart, for which it is enough to know the
//! token before. A slash after `}` counts as division or as the end of a JSX tag, because a regular expression hardly
//! ever begins a statement.

use std::ops::Range;

use super::literal::{Braces, Form, Literal, at, is_tag, is_word};

/// Keywords after which a slash begins a regular expression.
const BEFORE_REGEX: [&str; 13] = [
    "return",
    "typeof",
    "instanceof",
    "in",
    "of",
    "new",
    "delete",
    "void",
    "throw",
    "case",
    "do",
    "else",
    "yield",
];

/// Keywords whose bracket is followed by a statement.
const BEFORE_STATEMENT: [&str; 4] = ["if", "while", "for", "with"];

/// What is open.
enum Frame {
    Brace,
    /// Whether a statement follows the closing one.
    Paren(bool),
    Template(Template),
}

struct Template {
    start: usize,
    raw: bool,
    tagged: bool,
    holes: Vec<Range<usize>>,
}

/// Finds all literals, in the order of their ends.
pub(crate) fn literals(text: &str) -> Vec<Literal> {
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        at: 0,
        open: Vec::new(),
        slash_is_regex: true,
        word: "",
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
    open: Vec<Frame>,
    slash_is_regex: bool,
    /// The name right before, if there is one.
    word: &'t str,
    /// Whether a comment right before says that AIR comes.
    tagged: bool,
    found: Vec<Literal>,
}

impl<'t> Scanner<'t> {
    fn token(&mut self) {
        let byte = at(self.bytes, self.at);
        let next = at(self.bytes, self.at + 1);
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
            b'/' if next == b'/' => self.line_comment(),
            b'/' if next == b'*' => self.block_comment(),
            b'/' => self.slash(),
            b'\'' | b'"' => self.quoted(byte),
            b'`' => {
                let template = Template {
                    start: self.at + 1,
                    raw: self.word == "raw",
                    tagged: self.tagged || self.word.eq_ignore_ascii_case("air"),
                    holes: Vec::new(),
                };
                self.at += 1;
                self.template(template);
            }
            b'{' => {
                self.open.push(Frame::Brace);
                self.punctuation(true);
            }
            b'(' => {
                self.open.push(Frame::Paren(BEFORE_STATEMENT.contains(&self.word)));
                self.punctuation(true);
            }
            b')' => {
                let mut statement = false;
                if let Some(Frame::Paren(follows)) = self.open.last() {
                    statement = *follows;
                    self.open.pop();
                }
                self.punctuation(statement);
            }
            b'}' => self.closing_brace(),
            b'+' | b'-' if next == byte => {
                self.punctuation(self.slash_is_regex);
                self.at += 1;
            }
            b']' => self.punctuation(false),
            _ if is_word(byte) => self.name(),
            _ => self.punctuation(true),
        }
    }

    fn punctuation(&mut self, slash_is_regex: bool) {
        self.at += 1;
        self.word = "";
        self.tagged = false;
        self.slash_is_regex = slash_is_regex;
    }

    fn name(&mut self) {
        let start = self.at;
        while is_word(at(self.bytes, self.at)) {
            self.at += 1;
        }
        self.word = self.text.get(start..self.at).unwrap_or_default();
        self.slash_is_regex = BEFORE_REGEX.contains(&self.word);
    }

    fn line_comment(&mut self) {
        let start = self.at + 2;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let end = memchr::memchr(b'\n', rest).map_or(self.bytes.len(), |line| start + line);
        self.tagged = is_tag(self.text.get(start..end).unwrap_or_default());
        self.at = end;
    }

    fn block_comment(&mut self) {
        let start = self.at + 2;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let end = memchr::memmem::find(rest, b"*/").map_or(self.bytes.len(), |end| start + end);
        self.tagged = is_tag(self.text.get(start..end).unwrap_or_default());
        self.at = (end + 2).min(self.bytes.len());
    }

    /// A regular expression if one can stand here and ends on its line, else a division or a part of a tag.
    fn slash(&mut self) {
        let after_tag = self.at.checked_sub(1).is_some_and(|before| at(self.bytes, before) == b'<');
        if !self.slash_is_regex || after_tag {
            return self.punctuation(true);
        }
        let (mut index, mut class) = (self.at + 1, false);
        while index < self.bytes.len() {
            match at(self.bytes, index) {
                b'\n' => return self.punctuation(true),
                b'\\' => index += 1,
                b'[' => class = true,
                b']' => class = false,
                b'/' if !class => {
                    self.at = index;
                    return self.punctuation(false);
                }
                _ => {}
            }
            index += 1;
        }
        self.punctuation(true);
    }

    /// A string; what does not end on its line is an apostrophe of some text, and nothing.
    fn quoted(&mut self, quote: u8) {
        let start = self.at + 1;
        let mut index = start;
        while index < self.bytes.len() {
            match at(self.bytes, index) {
                b'\\' if at(self.bytes, index + 1) == b'\r' && at(self.bytes, index + 2) == b'\n' => {
                    index += 2
                }
                b'\\' => index += 1,
                b'\n' => break,
                byte if byte == quote => {
                    self.found.push(Literal {
                        inside: start..index,
                        form: Form::JsQuoted(quote),
                        tagged: self.tagged,
                        braces: Braces::Perhaps,
                        holes: Vec::new(),
                    });
                    self.at = index;
                    return self.punctuation(false);
                }
                _ => {}
            }
            index += 1;
        }
        self.at = index.min(self.bytes.len());
        self.word = "";
        self.tagged = false;
        self.slash_is_regex = false;
    }

    /// Goes on with a template up to its end, or to its next hole, which is code.
    fn template(&mut self, mut template: Template) {
        while self.at < self.bytes.len() {
            match at(self.bytes, self.at) {
                b'\\' => self.at += 1,
                b'`' => {
                    self.found.push(Literal {
                        inside: template.start..self.at,
                        form: Form::JsTemplate { raw: template.raw },
                        tagged: template.tagged,
                        braces: Braces::Perhaps,
                        holes: template.holes,
                    });
                    return self.punctuation(false);
                }
                b'$' if at(self.bytes, self.at + 1) == b'{' => {
                    template.holes.push(self.at..self.at);
                    self.open.push(Frame::Template(template));
                    self.at += 1;
                    return self.punctuation(true);
                }
                _ => {}
            }
            self.at += 1;
        }
        self.at = self.bytes.len();
    }

    /// The end of a block, or of a hole.
    fn closing_brace(&mut self) {
        // In a broken program brackets may be left open.
        while let Some(Frame::Paren(_)) = self.open.last() {
            self.open.pop();
        }
        self.punctuation(false);
        if let Some(Frame::Template(mut template)) = self.open.pop() {
            if let Some(hole) = template.holes.last_mut() {
                hole.end = self.at;
            }
            self.template(template);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insides(text: &str) -> Vec<&str> {
        let mut found: Vec<_> = literals(text).iter().map(|literal| literal.inside.clone()).collect();
        found.sort_by_key(|range| range.start);
        found.into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn strings_comments_and_regular_expressions() {
        assert_eq!(insides(r#"a('x\'y', "z") // 'no'"#), ["x\\'y", "z"]);
        assert_eq!(insides("/* ' */ x = /['`]/.test(y) ? 'a' : b / c; d = 'e' / f"), ["a", "e"]);
        assert_eq!(insides("if (x) /`/.test(y); (a) / b; `t`"), ["t"]);
        assert_eq!(insides("return /\"/; x = {} / '1'"), ["1"]);
        assert_eq!(insides("i++ / 2; '`'; j = /[/`]/g; 'k'"), ["`", "k"]);
    }

    #[test]
    fn templates_nest() {
        let text = "f(`a${ {b: `c${'d'}`} }e`, `g`)";
        assert_eq!(insides(text), ["a${ {b: `c${'d'}`} }e", "c${'d'}", "d", "g"]);
        let outer =
            literals(text).into_iter().find(|literal| !literal.holes.is_empty() && literal.inside.start == 3);
        assert_eq!(&text[outer.unwrap().holes[0].clone()], "${ {b: `c${'d'}`} }");
        // Nothing closes what is open.
        assert_eq!(insides("`a${ ( `b"), [""; 0]);
        assert_eq!(insides("`a${ ( }b` 'c'"), ["a${ ( }b", "c"]);
    }

    #[test]
    fn elements_of_jsx() {
        assert_eq!(insides("<p title='a'>Don't</p>\n<br/>; 'c'"), ["a", "c"]);
        assert_eq!(insides("<a b={c}/>\n'd'"), ["d"]);
    }

    #[test]
    fn tags() {
        let tagged = |text: &str| literals(text).iter().map(|literal| literal.tagged).collect::<Vec<_>>();
        assert_eq!(
            tagged("air`a`; x`b`; /* air */ `c`; /* AIR */ 'd'; // air\n`e`"),
            [true, false, true, true, true]
        );
        assert_eq!(tagged("/* air */ x = `a`"), [false]);
        assert!(matches!(literals("String.raw`a`")[0].form, Form::JsTemplate { raw: true }));
    }
}
