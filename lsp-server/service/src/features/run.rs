//! A run of the script and what the editor shows of it.

pub(crate) mod command;
pub(crate) mod diagnostics;
pub(crate) mod hover;
pub(crate) mod lens;
pub(crate) mod orders;
pub(crate) mod values;
