//! AIR text to a lossless tree.

mod kind;

pub use kind::SyntaxKind;
pub use rowan::{TextRange, TextSize};
