//! AIR text to a lossless tree: lexer, recovering parser, rowan tree, typed views, positions.
//!
//! AIR is AquaVM's language of S-expressions. This crate knows its text and nothing of its meaning: names, scopes and
//! AquaVM's validation are `air-semantics`.
//!
//! ```
//! use air_syntax::ast::{AstNode, Instruction, Script};
//!
//! let parse = air_syntax::parse("(seq\n (call \"peer\" (\"op\" \"noop\") [] x\n (null)\n)");
//! let error = &parse.errors()[0];
//! assert_eq!(error.message(), "`)` is missing here");
//! assert_eq!(u32::from(error.range.start()), 37);
//!
//! // The tree after the mistake is whole.
//! let script = Script::cast(parse.syntax()).unwrap();
//! let kinds: Vec<_> = script.instruction().unwrap().children().map(|child| child.syntax().kind()).collect();
//! assert_eq!(kinds, [air_syntax::SyntaxKind::CALL, air_syntax::SyntaxKind::NULL]);
//! ```
//!
//! # What always holds
//!
//! - The tree has every byte of the text, in order: white space, comments, broken words and all.
//! - [`Parse::ok`] is true if and only if AquaVM's lexer and grammar take the text, but for two limits of ours:
//!   [`MAX_DEPTH`] and 4 GiB.
//! - No text makes anything here panic or recurse, and the time is linear in its length.
//! - Findings have ranges within the text, on character boundaries, in order; ERROR nodes are flat and never nested;
//!   a text without findings has none.
//! - [`reparse()`] after an edit gives what [`parse()`] of the new text gives.
//! - [`parse_as`] of the text of an instruction, or of one of the parts it knows, gives the same subtree.
//!
//! # Shape of the tree
//!
//! White space and comments lie wherever they fall, in the innermost node that is open there. Operands of one token are that
//! token; see [`SyntaxKind`] for the rest:
//!
//! ```text
//! CALL         ( call PEER FUNCTION_REF ARGUMENTS OUTPUT )
//! FUNCTION_REF ( SERVICE FUNCTION )
//! ARGUMENTS    [ VALUES ]
//! AP           ( ap SOURCE TARGET )   or   ( ap MAP_ENTRY STREAM_MAP )
//! MAP_ENTRY    ( KEY VALUE )
//! EMPTY_ARRAY  [ ]
//! LENSED       BASE LENS
//! LENS         LENS_ROOT, then FIELD_ACCESS | INDEX_ACCESS | VARIABLE_ACCESS each;   or   LENGTH_ACCESS
//! ```
//!
//! Operands of the wrong kind and surplus ones are in ERROR nodes; surplus instructions stay where they are, so that they
//! can be folded and coloured. Instructions whose name is unknown are UNKNOWN_INSTR, with their children.
//!
//! # How it works
//!
//! [`lexer`] cuts the text into two columns, kinds and ends. The parser walks them once with a stack of open lists, each
//! with its place in a table that is the grammar (`parser/grammar.rs`). What fits goes straight into the tree, built from
//! the leaves up with shared tokens (`tree.rs`), or, where no tree is wanted, to a [`Reader`] of instructions and
//! operands ([`read()`]). At the first token that does not fit, brackets are counted and lines are
//! looked at (`parser/layout.rs`), and `parser/brackets.rs` and `parser/recover.rs` decide what a person would say.
//!
//! # Layers
//!
//! Each module uses only modules above it in this list; a module and its submodules are one layer.
//!
//! | module | holds |
//! |---|---|
//! | [`invisible`] | characters that cannot be seen |
//! | [`shorten`] | long texts cut for display |
//! | `limits` | [`MAX_DEPTH`] |
//! | `kind` | [`SyntaxKind`] |
//! | `language` | rowan's types with our kinds |
//! | [`lens`] | lenses cut into accessors |
//! | [`lexer`] | words and tokens |
//! | `line_index` | offsets, lines and columns |
//! | `edit` | [`Edit`] |
//! | `operand_position` | which kinds fit where |
//! | `error` | findings and their texts |
//! | `sink` | what the parser writes to |
//! | `tree` | a sink that builds the tree |
//! | `parser` | tokens to events |
//! | `settled` | instructions that an edit leaves alone |
//! | `parse` | [`parse()`], [`parse_as`], [`errors`] |
//! | `read` | a sink for readers without a tree |
//! | `reparse` | [`reparse()`] |
//! | `debug` | the tree as text |
//! | [`ast`] | typed views |
//!
//! The facts about AIR's text that all this rests on are in `syntax/spec/language.md`.

pub mod ast;
mod debug;
mod edit;
mod error;
pub mod invisible;
mod kind;
mod language;
pub mod lens;
pub mod lexer;
mod limits;
mod line_index;
mod operand_position;
mod parse;
mod parser;
mod read;
mod reparse;
mod settled;
pub mod shorten;
mod sink;
mod tree;

pub use edit::Edit;
pub use error::{RelatedNote, SyntaxError, SyntaxErrorKind};
pub use kind::SyntaxKind;
pub use language::{AirLanguage, SyntaxElement, SyntaxNode, SyntaxToken};
pub use limits::MAX_DEPTH;
pub use line_index::{Encoding, LineCol, LineIndex};
pub use operand_position::OperandPosition;
pub use parse::{Parse, errors, parse, parse_as};
pub use read::{Reader, read};
pub use reparse::reparse;
pub use rowan::{GreenNode, GreenToken, NodeOrToken, TextRange, TextSize};
