//! What an AIR script means.
//!
//! The tree of [`air_syntax`] says how a text is written. This crate lowers it to an arena
//! ([`hir`]), resolves its names ([`resolve`]) and checks it as AquaVM does ([`validate`]).
//! [`Analysis`] holds all that is known of one version of a text and computes it when asked:
//!
//! ```
//! use air_semantics::Analysis;
//!
//! let script = Analysis::new("(ap user name)");
//! assert!(!script.accepted());
//! let diagnostic = &script.diagnostics()[0];
//! assert_eq!(diagnostic.code.as_str(), "V001");
//! assert_eq!(&script.text[diagnostic.range], "user");
//! assert_eq!(diagnostic.reference.as_ref().unwrap().message, "variable 'user' wasn't defined");
//! ```
//!
//! What holds everywhere:
//!
//! - Any text gives an answer: nothing panics, recurses, or takes more than linear time in the text.
//! - Ranges are bytes of the text, inside it and on character boundaries; only [`diagnostic::Reference`]
//!   repeats AquaVM's spans, which may end one past it.
//! - [`Analysis::accepted`] is AquaVM's verdict. Reports point where a person would; AquaVM's own text
//!   and span ride along ([`mod@reference`] finds them for texts that are no scripts).
//! - Meaning is written down once: every pass reads the HIR, none the tree.
//! - Codes and names of diagnostics are stable ([`codes`]).

#![cfg_attr(test, allow(clippy::string_slice))]

pub mod analysis;
pub mod beautify;
mod check;
mod closest;
pub mod codes;
pub mod diagnostic;
pub mod directives;
pub mod facts;
pub mod fix_all;
pub mod format;
pub mod hir;
pub mod idioms;
mod lints;
mod mend;
pub mod names;
mod obey;
pub mod outline;
pub mod refactor;
pub mod reference;
pub mod resolve;
pub mod shapes;
pub mod structural;
pub mod teach;
#[cfg(test)]
mod testing;
pub mod validate;

pub use analysis::Analysis;
pub use codes::Code;
pub use diagnostic::{Diagnostic, Severity};
