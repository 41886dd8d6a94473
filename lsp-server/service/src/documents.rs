//! What the tool says to programs, as JSON documents and texts that are equal wherever it runs: in the command line and in
//! a browser. Their names and meanings are promises.

pub mod check;
pub mod checked;
pub mod explain;
pub mod explore;
pub mod parse;
pub mod sample;
pub mod summary;
