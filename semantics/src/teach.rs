//! What there is to learn: pages of instructions, built-in services, special values and annotations,
//! and what a place in a script is, in Markdown.
//!
//! The tables are the only source for hover, signature help, completion and `air explain`.

pub mod annotations;
pub mod around;
pub mod completion;
pub mod context;
mod folds;
pub mod hints;
pub mod hover;
pub mod instructions;
pub mod services;
pub mod signature;
pub mod special;
