//! What the project's tests share.

// Test support fails loudly and prints; the rules for libraries are for libraries.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::string_slice, clippy::print_stdout, clippy::print_stderr)]

pub mod program;
pub mod shared;
pub mod synthetic;
pub mod tree;
