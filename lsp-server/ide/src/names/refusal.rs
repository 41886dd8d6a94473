//! Why a name cannot be changed: a stable code, a sentence and, where one explains it, a place.

use std::fmt;

use air_syntax::{SyntaxKind, TextRange};

/// Why a name cannot be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing at the place has a name.
    Nothing,
    /// What is named is not the script's to rename.
    Outside(&'static str),
    /// Not a name of AIR: what AquaVM's lexer takes it for, if anything.
    NoName(String, Option<SyntaxKind>),
    /// A name of another kind of variable.
    OtherKind {
        /// The new name, with its tag.
        name: String,
        /// The kind of the variable: `a stream`.
        is: &'static str,
    },
    /// The name means another variable in the same scope: there.
    Taken(String, TextRange),
    /// The name is good, but not inside of a lens, where the variable is used as an index.
    NotInLens(String, TextRange),
    /// Elsewhere the name would mean another variable.
    Captured(String, TextRange),
    /// AquaVM would refuse the script, with what it would say.
    Rejected(String, String),
    /// A service that peers or hosts have, or one of its functions.
    BuiltIn(String),
    /// A function of a service that is not known here.
    UnknownService(String),
    /// Not the text of a literal.
    NoLiteral(String),
    /// No peer id, where places are known by that form.
    NoPeerId(String),
    /// A field whose name comes from there.
    FieldFromOutside(String, Option<TextRange>),
    /// A field that is seen there.
    FieldGoesOutside(String, Option<TextRange>),
    /// A field of values whose fields are not all known.
    FieldUnknown(Option<TextRange>),
    /// Not the name of a field.
    NoField(String),
    /// Something outside has that name already: what kind of thing it is.
    Merges(String, &'static str),
}

impl Refusal {
    /// Stable, kebab-case.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Nothing => "nothing-to-rename",
            Refusal::Outside(_) => "outside-of-the-script",
            Refusal::NoName(..) => "not-a-name",
            Refusal::OtherKind { .. } => "other-kind",
            Refusal::Taken(..) => "name-taken",
            Refusal::NotInLens(..) => "not-in-lens",
            Refusal::Captured(..) => "captured",
            Refusal::Rejected(..) => "rejected",
            Refusal::BuiltIn(_) => "built-in",
            Refusal::UnknownService(_) => "service-unknown",
            Refusal::NoLiteral(_) => "not-a-literal",
            Refusal::Merges(..) => "name-taken",
            Refusal::NoPeerId(_) => "no-peer-id",
            Refusal::FieldFromOutside(..) => "field-from-outside",
            Refusal::FieldGoesOutside(..) => "field-goes-outside",
            Refusal::FieldUnknown(_) => "fields-unknown",
            Refusal::NoField(_) => "not-a-field",
        }
    }

    /// A place of the script that explains it, to be shown beside the sentence.
    pub fn place(&self) -> Option<TextRange> {
        match self {
            Refusal::Taken(_, range) | Refusal::NotInLens(_, range) | Refusal::Captured(_, range) => {
                Some(*range)
            }
            Refusal::FieldFromOutside(_, place)
            | Refusal::FieldGoesOutside(_, place)
            | Refusal::FieldUnknown(place) => *place,
            _ => None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Nothing => write!(f, "there is no name here"),
            Refusal::Outside(what) => write!(f, "{what} is not a name that this script defines"),
            Refusal::NoName(name, Some(SyntaxKind::INT | SyntaxKind::FLOAT)) => {
                write!(f, "`{name}` is a number, not a name")
            }
            Refusal::NoName(name, Some(_)) => write!(f, "`{name}` is reserved in AIR"),
            Refusal::NoName(name, None) => write!(
                f,
                "`{name}` is not a name: names have letters, digits, `_` and `-`, with `$`, `%`, `#` or `#%` in front"
            ),
            Refusal::OtherKind { name, is } => write!(f, "`{name}` is not the name of {is}"),
            Refusal::Taken(name, _) => {
                write!(f, "`{name}` already names another variable in the same scope")
            }
            Refusal::NotInLens(name, _) => write!(f, "`{name}` cannot stand with or inside a lens"),
            Refusal::Captured(name, _) => write!(f, "`{name}` would mean another variable here"),
            Refusal::Rejected(name, why) => {
                write!(f, "`{name}` would make AquaVM reject the script: {why}")
            }
            Refusal::BuiltIn(name) => {
                write!(f, "`{name}` is built into peers or hosts, which would keep the old name")
            }
            Refusal::UnknownService(name) => {
                write!(f, "`{name}` is a function of a service that is not known here")
            }
            Refusal::NoLiteral(name) if name.is_empty() => write!(f, "the new name is empty"),
            Refusal::NoLiteral(name) => {
                write!(f, "`{name}` cannot be a literal: it must have neither a `\"` nor a line break")
            }
            Refusal::NoPeerId(name) => {
                write!(
                    f,
                    "`{name}` is not a peer id; some places are recognised as peers only by the form of their id"
                )
            }
            Refusal::FieldFromOutside(from, _) => write!(f, "the name of this field comes from {from}"),
            Refusal::FieldGoesOutside(to, _) => {
                write!(f, "{to} receives a value with this field and expects its current name")
            }
            Refusal::FieldUnknown(_) => {
                write!(f, "the fields of such values are known only when the script runs")
            }
            Refusal::NoField(name) => {
                write!(
                    f,
                    "`{name}` is not a field of a lens: fields begin with a letter and have letters, digits, `_` and `-`"
                )
            }
            Refusal::Merges(name, kind) => {
                write!(f, "`{name}` already names another {kind}: afterwards the two could not be told apart")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_a_sentence_and_a_place() {
        let place = TextRange::at(3.into(), 1.into());
        let refusal = Refusal::Taken("y".to_owned(), place);
        assert_eq!(refusal.code(), "name-taken");
        assert_eq!(refusal.place(), Some(place));
        assert_eq!(refusal.to_string(), "`y` already names another variable in the same scope");
        assert_eq!(Refusal::Nothing.place(), None);
    }
}
