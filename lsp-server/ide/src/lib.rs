//! What an editor asks about an AIR script, answered in plain data: byte ranges and Markdown, no protocol types.
#![cfg_attr(test, allow(clippy::string_slice))]

pub mod annotations;
pub mod around;
pub mod call_hierarchy;
pub mod code_action;
pub mod completion;
pub mod context;
pub mod document_highlight;
pub mod folding_range;
mod folds;
pub mod hints;
pub mod hover;
pub mod instructions;
pub mod linked_editing;
pub mod names;
pub mod outline;
pub mod refactor;
pub mod references;
pub mod selection_range;
pub mod semantic_tokens;
pub mod services;
pub mod signature;
pub mod special;
pub mod structural;
#[cfg(test)]
mod testing;
