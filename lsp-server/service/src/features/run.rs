//! A run of the script and what the editor shows of it.

pub(crate) mod command;
pub(crate) mod diagnostics;
pub(crate) mod explore_orders;
pub(crate) mod hover;
pub(crate) mod lens;
mod orders;
mod refusal;
pub(crate) mod values;
