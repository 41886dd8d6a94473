//! The project's own files read as data, for the tests that look after its shape. A crate of its own, since those
//! tests run after every change and must not wait until the programs are built.

pub mod modules;
pub mod tree;
