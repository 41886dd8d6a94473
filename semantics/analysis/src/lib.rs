//! What is found in an AIR script.
//!
//! [`Analysis`] is a [`Script`](air_semantics::Script) with its diagnostics: syntax errors, violations of AquaVM's rules
//! and advice of ours, each with a stable [`Code`], a page and, where the author's meaning is plain, fixes.
//!
//! ```
//! use air_analysis::Analysis;
//!
//! let script = Analysis::new("(seq (ap 1 unused) (null))");
//! assert!(script.accepted());
//! let diagnostic = &script.diagnostics()[0];
//! assert_eq!((diagnostic.code.as_str(), diagnostic.code.name()), ("L004", "unused-variable"));
//! assert_eq!(&script.text[diagnostic.range], "unused");
//! ```
//!
//! Beside them: the [idioms] of the Aqua compiler, the canonical [layout](mod@format) and AquaVM's
//! [human-readable view](mod@beautify); and two versions of a script [compared](mod@compare).
//!
//! - Codes and names of diagnostics are stable ([`codes`]); a retired one is never given out again.
//! - Advice is given on scripts that AquaVM accepts, and only where it is sure.
//! - Layout and fixes are checked before they are offered: the same tokens and comments, no worse verdict.
//!
//! Layers, lowest first; each module uses only those before it:
//! `code` · `diagnostic` · `entry` · `peer_id` · `operand_text` · `fresh` · `idioms` · `beautify` · `compare` · `format` · `lint` ·
//! `lints` · `codes` · `fixes` · `directives` · `foreign` · `check` · `analysis` · `fix_all`.

#![cfg_attr(test, allow(clippy::string_slice))]

pub mod analysis;
pub mod beautify;
mod check;
mod code;
pub mod codes;
pub mod compare;
pub mod diagnostic;
pub mod directives;
mod entry;
pub mod fix_all;
pub mod fixes;
mod foreign;
pub mod format;
pub mod fresh;
pub mod idioms;
mod lint;
mod lints;
mod operand_text;
pub mod peer_id;
#[cfg(test)]
mod testing;

pub use analysis::Analysis;
pub use code::Code;
pub use diagnostic::{Diagnostic, Severity};
