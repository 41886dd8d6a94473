//! What an AIR script means.

pub mod codes;
pub mod diagnostic;
pub mod hir;
