//! AIR text to a lossless tree.

pub mod ast;
mod debug;
mod error;
mod kind;
mod language;
pub mod lens;
pub mod lexer;
mod line_index;
mod parse;
mod parser;
mod slot;
mod tree;

pub use error::{RelatedNote, SyntaxError, SyntaxErrorKind};
pub use kind::SyntaxKind;
pub use language::{AirLanguage, SyntaxElement, SyntaxNode, SyntaxToken};
pub use line_index::{Encoding, LineCol, LineIndex};
pub use parse::{MAX_DEPTH, Parse, parse, parse_as};
pub use rowan::{GreenNode, GreenToken, NodeOrToken, TextRange, TextSize};
pub use slot::Slot;
