//! JSON texts, read and printed exactly as AquaVM's JSON library (serde_json up to 1.0.146 with
//! no optional feature) reads and prints them: content identifiers depend on every digit.

mod parse;
mod pow10;
mod print;

pub(crate) use parse::MAX_NESTING;
pub use parse::{JsonError, parse};
pub(crate) use print::write_string;
pub use print::{print, print_pretty};
