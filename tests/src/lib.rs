//! What the project's tests share.

pub mod completion_rates;
pub mod fuzz;
pub mod growth;
pub mod program;
pub mod session;
pub mod shapes;
pub mod shared;
pub mod synthetic;
pub mod typing;
pub mod wat;
