//! What an editor asks about a place in an AIR script, answered as plain data.
//!
//! Every answer is a function of an [`Analysis`](air_analysis::Analysis) and a byte offset or range:
//!
//! | question | function |
//! |---|---|
//! | What is this word? | [`hover::explain`] |
//! | What can be written here? | [`completion::complete`], then [`completion::documentation()`] for one item |
//! | Which operand comes next? | [`signature::signatures`] |
//! | What is there but not written? | [`hints::hints`] |
//! | What does this name mean, and where else is it? | [`names::symbol_at`], [`names::mentions`] |
//! | Where does it come from? | [`names::definition::definitions`], `declarations`, `implementations` |
//! | Who calls what? | [`names::calls::call_sites`] |
//! | Give it another name | [`names::rename::rename`]; literals in many scripts: [`names::rename_outside::edits`] |
//! | What can be changed here? | [`refactor::offers`] |
//! | Move brackets, lists and words | [`structural::offers`], [`structural::find`] |
//! | What is in this script? | [`outline::outline`] |
//! | Which colour has each word? | [`semantic_tokens`] |
//! | What folds, and what is selected next? | [`folding_range`], [`selection_range`] |
//! | Which fixes and changes are offered here? | [`code_action`] |
//! | Which scripts are in a file of another language? | [`embedded`] |
//!
//! What these answers say of the language is in tables: [`instructions`], [`services`], [`special_values`], [`annotations`].
//! What is known outside of the script, as names in other scripts and values of a run, comes in by
//! [`surroundings::Surroundings`].
//!
//! ```
//! use air_analysis::Analysis;
//! use air_ide::hover::explain;
//! use air_ide::names::rename::rename;
//!
//! let analysis = Analysis::new("(seq (ap 1 x) (ap x y))");
//! let offset = 18.into(); // on the second `x`
//! assert!(explain(&analysis, offset).unwrap().markdown.contains("- written in line 1 by `ap` of `1`"));
//!
//! let edits = rename(&analysis, offset, "one").unwrap();
//! let renamed = air_semantics::text_edit::apply(&analysis.text, &edits);
//! assert_eq!(renamed, "(seq (ap 1 one) (ap one y))");
//! ```
//!
//! # Invariants
//!
//! - Plain data: no types of a protocol, no lines and columns. Ranges are bytes of the analysed text, on borders of
//!   characters; edits are ranges with new texts, disjoint and in text order.
//! - No I/O, no clock, no state: the same question about the same text has the same answer.
//! - Any text may be asked about, however broken. Nothing panics, and nothing that a text controls is done by native
//!   recursion.
//! - A rename or a refactoring that would change what a script does refuses with a reason, or says so in its title.
//!
//! # Layers
//!
//! Each module uses only those above it in this list, and the files inside of a folder keep such an order too.
//!
//! 1. Tables of the language, and what looks at a script alone: `annotations`, `fold_order`, `instructions`, `markdown`,
//!    `services`, `special_values`, `embedded`, `folding_range`, `selection_range`, `semantic_tokens`, `outline`, `refactor`.
//! 2. `cursor_context`, `names`, `structural`.
//! 3. `call_hierarchy`, `code_action`, `document_highlight`, `hints`, `linked_editing`, `references`, `signature`,
//!    `surroundings`.
//! 4. `hover`.
//! 5. `completion`.
#![cfg_attr(test, allow(clippy::string_slice))]

pub mod annotations;
pub mod call_hierarchy;
pub mod code_action;
pub mod completion;
pub mod cursor_context;
pub mod document_highlight;
pub mod embedded;
mod fold_order;
pub mod folding_range;
pub mod hints;
pub mod hover;
pub mod instructions;
pub mod linked_editing;
pub mod markdown;
pub mod names;
pub mod outline;
pub mod refactor;
pub mod references;
pub mod selection_range;
pub mod semantic_tokens;
pub mod services;
pub mod signature;
pub mod special_values;
pub mod structural;
pub mod surroundings;
#[cfg(test)]
mod testing;
