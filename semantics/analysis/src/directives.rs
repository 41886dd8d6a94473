//! Directives in comments, applied to what is found and offered as fixes. [`air_semantics::directives`] reads them.

pub mod allow;
pub(crate) mod apply;
pub mod offer;
mod take_out;
