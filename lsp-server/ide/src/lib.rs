//! What an editor asks about an AIR script, answered in plain data: byte ranges and Markdown, no protocol types.
#![cfg_attr(test, allow(clippy::string_slice))]

pub mod annotations;
pub mod around;
pub mod completion;
pub mod context;
mod folds;
pub mod hints;
pub mod hover;
pub mod instructions;
pub mod names;
pub mod outline;
pub mod refactor;
pub mod services;
pub mod signature;
pub mod special;
pub mod structural;
