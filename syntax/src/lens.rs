//! Lenses: `.length`, or `.$` and accessors, cut into parts.
//!
//! The text starts at the first dot of the word (`syntax/spec/language.md §1.7`):
//!
//! ```text
//! lens     = ".length" | ".$" accessor { accessor }
//! accessor = [ "." ] "[" ( digits | name ) "]" [ "!" ]  |  "." name [ "!" ]
//! ```
//!
//! A name's last character may be any letter here. The reference dies when it is not ASCII; we take such names.

use std::fmt;

/// Cuts a lens into accessors, left to right; ends after the first error.
///
/// ```
/// use air_syntax::lens::{accessors, AccessorKind};
/// let kinds: Vec<_> = accessors(".$.users[0]").map(|part| part.unwrap().kind).collect();
/// assert_eq!(kinds, [AccessorKind::Field, AccessorKind::Index]);
/// ```
pub fn accessors(text: &str) -> Accessors<'_> {
    Accessors { text, at: 0, state: State::Start }
}

/// The first error of a lens.
pub fn check(text: &str) -> Result<(), LensError> {
    accessors(text).try_for_each(|part| part.map(drop))
}

/// One step of a lens; offsets are bytes from the start of the lens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accessor {
    /// Field, element or length.
    pub kind: AccessorKind,
    /// First byte: the dot, or the bracket where the dot is left out.
    pub start: usize,
    /// First byte of the name, of the digits, of `length`.
    pub name_start: usize,
    /// One after the name.
    pub name_end: usize,
    /// One after everything, `!` included.
    pub end: usize,
    /// Whether a dot stands before it, which is optional before brackets.
    pub dot: bool,
    /// Whether `!` follows, which has no effect.
    pub bang: bool,
}

/// The kinds of accessors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessorKind {
    /// `.length`, the whole lens.
    Length,
    /// `.name`
    Field,
    /// `[0]`
    Index,
    /// `[name]`, by the value of a scalar.
    Variable,
}

/// What is wrong with a lens, and where in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LensError {
    /// What is wrong.
    pub kind: LensErrorKind,
    /// First byte, from the start of the lens.
    pub start: usize,
    /// One after the last byte.
    pub end: usize,
}

/// What can be wrong with a lens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LensErrorKind {
    /// Starts neither with `.$` nor is it `.length`.
    Form,
    /// `.$` and nothing else.
    Empty,
    /// A dot with nothing after it.
    NoName,
    /// `.$.0`: digits outside of brackets.
    BareIndex,
    /// A name or digit right after `$`, `]` or `!`.
    NoDot,
    /// `[]`
    EmptyBrackets,
    /// `[0a]` and the like.
    BadIndex,
    /// An index above 4294967295.
    IndexTooLarge,
    /// `[` without `]`.
    Unclosed,
    /// `["name"]`
    QuotedName,
    /// A character that lenses do not have.
    BadChar(char),
    /// A second `!`, or one that follows nothing.
    StrayBang,
}

impl fmt::Display for LensErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            LensErrorKind::Form => "a lens is `.length`, or starts with `.$.`, as in `x.$.field`",
            LensErrorKind::Empty => "`.$` alone is not a lens: write `.$.field` or `.$.[0]`",
            LensErrorKind::NoName => "a field name or `[index]` is missing after the dot",
            LensErrorKind::BareIndex => "an index needs brackets: `.[0]`",
            LensErrorKind::NoDot => "a field name needs a dot before it",
            LensErrorKind::EmptyBrackets => "an index or the name of a scalar is missing in the brackets",
            LensErrorKind::BadIndex => "an index has only digits, and a name does not start with a digit",
            LensErrorKind::IndexTooLarge => "the index is too large: at most 4294967295",
            LensErrorKind::Unclosed => "`]` is missing in the lens",
            LensErrorKind::QuotedName => "a field is written without brackets and quotes: `.name`",
            LensErrorKind::BadChar(c) => return write!(f, "`{}` is not allowed in a lens", c.escape_debug()),
            LensErrorKind::StrayBang => "`!` is allowed at most once, after a field or an index",
        })
    }
}

/// The accessors of one lens; made by [`accessors`].
#[derive(Debug, Clone)]
pub struct Accessors<'a> {
    text: &'a str,
    at: usize,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    First,
    Next,
    Done,
}

impl Iterator for Accessors<'_> {
    type Item = Result<Accessor, LensError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.state == State::Start {
            if self.text == ".length" {
                self.state = State::Done;
                return Some(Ok(Accessor {
                    kind: AccessorKind::Length,
                    start: 0,
                    name_start: 1,
                    name_end: 7,
                    end: 7,
                    dot: true,
                    bang: false,
                }));
            }
            if !self.text.starts_with(".$") {
                return self.fail(LensErrorKind::Form, 0, self.text.len());
            }
            self.at = 2;
            self.state = State::First;
        }
        if self.state == State::Done {
            return None;
        }
        if self.at == self.text.len() {
            if self.state == State::First {
                return self.fail(LensErrorKind::Empty, 0, 2);
            }
            self.state = State::Done;
            return None;
        }
        self.state = State::Next;
        Some(self.accessor().inspect_err(|_| self.state = State::Done))
    }
}

impl Accessors<'_> {
    fn accessor(&mut self) -> Result<Accessor, LensError> {
        let start = self.at;
        let dot = self.eat('.');
        if self.eat('[') {
            return self.bracket(start, dot);
        }
        let name_start = self.at;
        match self.peek() {
            Some('!') => return error(LensErrorKind::StrayBang, name_start, name_start + 1),
            Some(c) if is_name_char(c) => {
                self.eat_name();
                if !dot {
                    return error(LensErrorKind::NoDot, name_start, self.at);
                }
                if c.is_ascii_digit() {
                    return error(LensErrorKind::BareIndex, name_start, self.at);
                }
            }
            Some(c) if c != '.' && c != '$' => {
                return error(LensErrorKind::BadChar(c), name_start, name_start + c.len_utf8());
            }
            _ if dot => return error(LensErrorKind::NoName, start, start + 1),
            Some(c) => return error(LensErrorKind::BadChar(c), name_start, name_start + c.len_utf8()),
            None => return error(LensErrorKind::NoName, start, start),
        }
        let name_end = self.at;
        let bang = self.eat('!');
        Ok(Accessor { kind: AccessorKind::Field, start, name_start, name_end, end: self.at, dot, bang })
    }

    fn bracket(&mut self, start: usize, dot: bool) -> Result<Accessor, LensError> {
        let open = self.at - 1;
        let name_start = self.at;
        self.eat_name();
        let name_end = self.at;
        let name = self.text.get(name_start..name_end).unwrap_or_default();
        if !self.eat(']') {
            return match self.peek() {
                None => error(LensErrorKind::Unclosed, open, self.at),
                Some('"') => error(LensErrorKind::QuotedName, self.at, self.at + 1),
                Some(c) => error(LensErrorKind::BadChar(c), self.at, self.at + c.len_utf8()),
            };
        }
        let kind = if name.is_empty() {
            return error(LensErrorKind::EmptyBrackets, open, self.at);
        } else if !name.starts_with(|c: char| c.is_ascii_digit()) {
            AccessorKind::Variable
        } else if !name.bytes().all(|byte| byte.is_ascii_digit()) {
            return error(LensErrorKind::BadIndex, name_start, name_end);
        } else if name.parse::<u32>().is_err() {
            return error(LensErrorKind::IndexTooLarge, name_start, name_end);
        } else {
            AccessorKind::Index
        };
        let bang = self.eat('!');
        Ok(Accessor { kind, start, name_start, name_end, end: self.at, dot, bang })
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn eat(&mut self, wanted: char) -> bool {
        let there = self.peek() == Some(wanted);
        if there {
            self.at += wanted.len_utf8();
        }
        there
    }

    fn eat_name(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        self.at += rest.find(|c| !is_name_char(c)).unwrap_or(rest.len());
    }

    fn fail(&mut self, kind: LensErrorKind, start: usize, end: usize) -> Option<Result<Accessor, LensError>> {
        self.state = State::Done;
        Some(error(kind, start, end))
    }
}

fn error(kind: LensErrorKind, start: usize, end: usize) -> Result<Accessor, LensError> {
    Err(LensError { kind, start, end })
}

fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}

#[cfg(test)]
#[allow(clippy::string_slice)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<(AccessorKind, &str)> {
        accessors(text)
            .map(|part| part.unwrap())
            .map(|part| (part.kind, &text[part.name_start..part.name_end]))
            .collect()
    }

    #[test]
    fn parts_of_every_kind() {
        use AccessorKind::*;
        assert_eq!(parts(".length"), [(Length, "length")]);
        assert_eq!(parts(".$.length"), [(Field, "length")]);
        assert_eq!(parts(".$[0][1].a!"), [(Index, "0"), (Index, "1"), (Field, "a")]);
        assert_eq!(parts(".$.[i].b[-1]"), [(Variable, "i"), (Field, "b"), (Variable, "-1")]);
        assert_eq!(parts(".$.-1.[007]"), [(Field, "-1"), (Index, "007")]);
        assert_eq!(parts(".$.a!.b!"), [(Field, "a"), (Field, "b")]);
        assert_eq!(parts(".$.é.[aé]"), [(Field, "é"), (Variable, "aé")]);
    }

    #[test]
    fn errors_name_the_broken_part() {
        use LensErrorKind::*;
        for (text, kind, start, end) in [
            (".a", Form, 0, 2),
            (".$a", NoDot, 2, 3),
            (".$", Empty, 0, 2),
            (".$.", NoName, 2, 3),
            (".$..a", NoName, 2, 3),
            (".$.0", BareIndex, 3, 4),
            (".$.0a", BareIndex, 3, 5),
            (".$.[]", EmptyBrackets, 3, 5),
            (".$.[0a]", BadIndex, 4, 6),
            (".$.[4294967296]", IndexTooLarge, 4, 14),
            (".$.[0", Unclosed, 3, 5),
            (".$.[0]a", NoDot, 6, 7),
            (".$.a!!", StrayBang, 5, 6),
            (".$.a@", BadChar('@'), 4, 5),
            (".length!", Form, 0, 8),
            (".$.a$", BadChar('$'), 4, 5),
        ] {
            assert_eq!(check(text), Err(LensError { kind, start, end }), "{text}");
        }
    }
}
