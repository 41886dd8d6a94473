//! Fixes: the edit that a person would make at the place shown. Those of lints stand in the lints' own files, those of
//! AquaVM's rules in the rules'.

mod brackets;
mod characters;
pub mod dialect;
pub(crate) mod iterator;
pub(crate) mod next;
mod skeleton;
pub(crate) mod structure;
pub(crate) mod syntax;
#[cfg(test)]
mod without;
mod words;
