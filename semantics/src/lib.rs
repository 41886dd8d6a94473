//! What is known of an AIR script.
//!
//! The tree of [`air_syntax`] says how a text is written. This crate lowers it to an arena
//! ([`hir`]), resolves its names ([`resolve`]) and validates it as AquaVM does ([`mod@validate`]).
//! [`Script`] holds all that is known of one version of a text and computes it when asked:
//!
//! ```
//! use air_semantics::Script;
//! use air_semantics::finding::Rule;
//!
//! let script = Script::new("(ap user name)");
//! assert!(!script.accepted());
//! let finding = &script.findings()[0];
//! assert_eq!(finding.rule, Rule::UndefinedVariable);
//! assert_eq!(&script.text[finding.range], "user");
//! assert_eq!(script.reference_errors()[0].message, "variable 'user' wasn't defined");
//! ```
//!
//! It is all that running a script needs, and no more. What is *found* in a script (lints, fixes, idioms, layout) is the
//! crate `air-analysis`: a change there does not rebuild the interpreter.
//!
//! What holds everywhere:
//!
//! - Any text gives an answer: nothing panics, recurses, or takes more than linear time in the text.
//! - Ranges are bytes of the text, inside it and on character boundaries; only [`finding::Reference`]
//!   repeats AquaVM's spans, which may end one past it.
//! - [`Script::accepted`] is AquaVM's verdict. Findings point where a person would; AquaVM's own text
//!   and span are [`Script::reference_errors`] ([`mod@reference`] finds them for texts that are not scripts).
//! - Meaning is written down once: every pass reads the HIR, none the tree.
//!
//! Layers, lowest first; each module uses only those before it:
//! `text_edit` · `closest` · `hir` · `finding` · `resolve` · `directives` · `validate` · `reference` · `control_flow` ·
//! `shapes` · `script`.

#![cfg_attr(test, allow(clippy::string_slice))]

pub mod closest;
pub mod control_flow;
pub mod directives;
pub mod finding;
pub mod hir;
pub mod reference;
pub mod resolve;
mod script;
pub mod shapes;
#[cfg(test)]
mod testing;
pub mod text_edit;
pub mod validate;

pub use script::{Script, Tree};
