//! What names mean and where else they stand: one pure function per question.
//!
//! Variables are [`air_semantics::resolve`]'s bindings. A script also names what lies outside of it: peers,
//! services and their functions, mostly by string literals; those are compared by their text, so
//! that the same question can be put to many scripts.

pub mod calls;
pub mod definition;
mod fields;
mod given;
pub mod known_by;
mod locate;
mod mentions;
pub mod outside;
mod refusal;
pub mod rename;
mod rename_field;
pub mod rename_outside;
pub mod results;
mod steps;
mod symbol;
#[cfg(test)]
mod testing;
pub mod visibility;

pub use locate::{accessor_at, base_range, instr_at, is_closed, operand_at};
pub use mentions::{mentions, symbol_at};
pub use refusal::Refusal;
pub use steps::{Step, path_text};
pub use symbol::{Mention, NamedSymbol, Symbol};
