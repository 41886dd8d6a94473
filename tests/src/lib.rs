//! What the project's tests share.

pub mod completion_rates;
pub mod program;
pub mod session;
pub mod shared;
pub mod synthetic;
pub mod typing;
pub mod wat;
