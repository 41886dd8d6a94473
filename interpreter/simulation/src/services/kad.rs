//! `kad`: what can be computed without a network of nodes.

use sha2::Digest as _;

use super::args::Args;
use super::function::{Function, Reply};
use super::op::from_base58;
use air_interpreter::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[("merge", merge)];

/// Peers that are given if nobody says how many.
const DEFAULT_COUNT: u64 = 20;

/// `[target, left, right, count]`: peers of both lists, the closest to the target first, each once.
fn merge(args: &mut Args<'_>) -> Result<Reply, String> {
    let target = args.text("target")?;
    let mut texts = args.array("left", "Vec<String>", Value::as_str)?;
    texts.extend(args.array("right", "Vec<String>", Value::as_str)?);
    let count = args.option("count", "usize", Value::as_u64)?.unwrap_or(DEFAULT_COUNT);
    let hash = |text: &str| Ok::<_, String>(sha2::Sha256::digest(from_base58(text)?));
    let target = hash(target)?;
    let mut peers: Vec<(Vec<u8>, &str)> = Vec::new();
    for text in texts {
        let distance: Vec<u8> = hash(text)?.iter().zip(&target).map(|(left, right)| left ^ right).collect();
        // Lists are short: no sort of its own in the module.
        let at = peers.partition_point(|(known, _)| *known < distance);
        if peers.get(at).is_none_or(|(known, _)| *known != distance) {
            peers.insert(at, (distance, text));
        }
    }
    let closest = peers.into_iter().take(usize::try_from(count).unwrap_or(usize::MAX));
    Ok(Value::array(closest.map(|(_, text)| Value::from(text)).collect()).into())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::services::tests::answers;

    #[test]
    fn merging() {
        expect![[r#"
            kad.merge ["a", ["b", "c", "b"], ["d", "c"]] → ["b","c","d"]
            kad.merge ["a", ["b", "c", "b"], ["d", "c"], 2] → ["b","c"]
            kad.merge ["a", ["b", "c", "a"], [], [1]] → ["a"]
            kad.merge ["a", ["0"], []] → FAILS 1 "Error: decode base58 failed: provided string contained invalid character '0' at byte 0"
            kad.merge ["a", ["b"]] → FAILS 1 "Error: Field 'right' is missing from args to call_service"
        "#]].assert_eq(&answers(
            r#"
            kad.merge ["a", ["b", "c", "b"], ["d", "c"]]
            kad.merge ["a", ["b", "c", "b"], ["d", "c"], 2]
            kad.merge ["a", ["b", "c", "a"], [], [1]]
            kad.merge ["a", ["0"], []]
            kad.merge ["a", ["b"]]
            "#,
        ));
    }
}
