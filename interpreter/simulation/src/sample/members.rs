//! The words of sample data.

use air_semantics::closest::Closest;

/// How deep `seq` and `by_arg` may be nested in each other.
pub const MAX_NESTING: usize = 16;

/// Members of a sample; those after `$schema` are records of the reference.
pub const SAMPLE: &[&str] = &[
    "name",
    "about",
    "tags",
    "air",
    "init_peer",
    "peers",
    "any_peer",
    "particle",
    "limits",
    "services",
    "given",
    "order",
    "answers",
    "faults",
    "behind",
    "kind",
    "expect",
    "cases",
    "$schema",
    "expected",
    "differs_in_0_62",
];
/// Members of a case.
pub const CASE: &[&str] = &[
    "name",
    "about",
    "init_peer",
    "peers",
    "any_peer",
    "particle",
    "limits",
    "services",
    "given",
    "order",
    "answers",
    "faults",
    "behind",
    "kind",
    "expect",
];
/// Members of `particle`.
pub const PARTICLE: &[&str] = &["timestamp", "ttl", "particle_id"];
/// Members of `limits`.
pub const LIMITS: &[&str] =
    &["air_size_limit", "particle_size_limit", "call_result_size_limit", "hard_limit_enabled"];
/// Members of a rule.
pub const RULE: &[&str] = &["peer", "service", "function", "answer"];
/// Members of `expect`.
pub const EXPECT: &[&str] =
    &["outcome", "response", "error", "calls", "any_order", "values", "hops", "waiting_for"];
/// Members of an expected call.
pub const CALL: &[&str] = &["peer", "service", "function", "arguments"];
/// Words of `outcome`.
pub const OUTCOMES: &[&str] = &["completed", "failed", "waiting", "stopped", "unheard"];

/// Kinds of answers.
pub const ANSWERS: &[&str] = &["ok", "err", "echo", "args", "tetraplets", "seq", "by_arg", "raw"];

/// What to write instead of an unknown word.
pub(super) fn closest_or_all(word: &str, known: &[&str]) -> String {
    match Closest::default().to(word, known.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("expected one of {}", known.join(", ")),
    }
}
