//! What tests of several modules are made with: random scripts, as the interpreter's own tests have them.

#[path = "../../tests/support/random.rs"]
pub(crate) mod random;
#[path = "../../tests/support/script.rs"]
#[allow(dead_code, reason = "others use the rest of it")]
pub(crate) mod script;
