//! What the crate refuses although AquaVM's grammar takes it.

/// Nested lists beyond this are kept flat, with one [`SyntaxErrorKind::TooDeep`](crate::SyntaxErrorKind::TooDeep).
///
/// AquaVM's published Wasm traps at 3,000 to 6,000 levels (measured); scripts in the wild reach 87.
pub const MAX_DEPTH: usize = 8192;
