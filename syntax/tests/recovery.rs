//! What people see when a script is broken: source, range and message of every finding, and the tree that is left.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr
)]

mod recovery {
    mod brackets;
    mod closing;
    mod instructions;
    mod opening;
    mod operands;
    mod render;
    mod surplus;
    mod top_level;
    mod words;
}
