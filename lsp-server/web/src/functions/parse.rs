//! `parse`: the tree of a script, as `air parse --json` prints it.

use air_analysis::Analysis;
use air_service::documents::parse;

use super::{Answer, Call};

pub(super) fn parse(call: &Call<'_>) -> Answer {
    let analysis = Analysis::new(call.text.as_str());
    // Objects have string keys.
    Ok(serde_json::to_string(&parse::tree(&call.name, &analysis)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::functions::asked;

    #[test]
    fn a_tree() {
        let tree = asked(json!({ "function": "parse", "text": "(seq (null) (never))", "name": "a.air" }));
        let kinds: Vec<_> =
            tree["result"]["nodes"].as_array().unwrap().iter().map(|node| node["kind"].clone()).collect();
        assert_eq!(
            (kinds, &tree["result"]["path"]),
            (vec![json!("seq"), json!("null"), json!("never")], &json!("a.air"))
        );
    }
}
