//! Fields that are left out of the JSON.

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
pub(super) fn is_false(flag: &bool) -> bool {
    !flag
}
