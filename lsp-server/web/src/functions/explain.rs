//! `explain`: the page of a diagnostic, an error code, an instruction, a service or a topic, as `air explain --markdown`
//! prints it.

use air_service::documents::explain::{entries, page};
use serde_json::{Value, json};

use super::{Answer, Call, CallError};

/// `{"markdown"}`; without a word `{"entries": [{"word", "name", "about", "group"}]}`, all that can be asked for.
pub(super) fn explain(call: &Call<'_>) -> Answer {
    if call.text.is_empty() {
        let entries = entries().into_iter().map(|entry| {
            json!({ "word": entry.word, "name": entry.name, "about": entry.about, "group": entry.group })
        });
        return Ok(json!({ "entries": entries.collect::<Vec<Value>>() }).to_string());
    }
    match page(&call.text) {
        Some(markdown) => Ok(json!({ "markdown": markdown }).to_string()),
        None => Err(CallError::Unknown(format!("unknown code or name `{}`", call.text))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::functions::asked;

    #[test]
    fn every_entry_has_its_page() {
        let all = asked(json!({ "function": "explain" }));
        let entries = all["result"]["entries"].as_array().unwrap();
        assert!(entries.len() > 100);
        for entry in entries {
            let page = asked(json!({ "function": "explain", "text": entry["word"] }));
            assert!(page["result"]["markdown"].as_str().unwrap().starts_with("# "), "{entry}");
        }
    }
}
