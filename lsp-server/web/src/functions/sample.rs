//! `sample`: sample data to start from, as `air sample` prints it.

use std::path::Path;

use air_analysis::diagnostic::TextEdit;
use air_semantics::text_edit::apply;
use air_service::documents::sample::first_sample;
use air_simulation::sample::generate::annotate;
use air_simulation::sample::recorded::from_recording;
use air_syntax::{TextRange, TextSize};
use serde::Deserialize;
use serde_json::json;

use super::{Answer, Call, CallError, accepted};

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Options {
    annotations: bool,
}

/// `{"text"}`: sample data of a script, or of what a node recorded (an anomaly file, a particle); with `annotations`, the
/// script with answers as comments after its calls.
pub(super) fn sample(call: &Call<'_>) -> Answer {
    let Options { annotations } = call.options()?;
    let text = call.text.trim_start_matches('\u{feff}').trim_start();
    let text = if text.is_empty() || text.starts_with(['(', ';']) {
        let analysis = accepted(&call.text)?;
        if annotations {
            let insertions = annotate(analysis.hir(), analysis.resolution()).into_iter();
            let at = |at: usize| TextRange::empty(TextSize::try_from(at).unwrap_or_default());
            let edits: Vec<TextEdit> =
                insertions.map(|it| TextEdit { range: at(it.at), new_text: it.text }).collect();
            apply(&call.text, &edits)
        } else {
            let stem = Path::new(&call.name).file_stem().and_then(|stem| stem.to_str());
            first_sample(&analysis, stem.unwrap_or("sample"))
        }
    } else {
        from_recording(call.text.as_bytes()).map_err(CallError::Refused)?
    };
    Ok(json!({ "text": text }).to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::functions::asked;

    #[test]
    fn sample_data_of_scripts() {
        let sample = |text: &str, options| {
            asked(json!({ "function": "sample", "text": text, "name": "b/a.air", "options": options }))
        };
        let script = "(call \"@a\" (\"s\" \"f\") [] x)";
        let own = sample(script, json!({}));
        assert!(own["result"]["text"].as_str().unwrap().contains("\"name\": \"a\""), "{own}");
        let annotated = sample(script, json!({ "annotations": true }));
        assert!(annotated["result"]["text"].as_str().unwrap().contains("; ok = "), "{annotated}");
        assert_eq!(sample("{}", json!({}))["error"]["code"], "refused");
        assert_eq!(sample("(ap y x)", json!({}))["error"]["code"], "rejected");
    }
}
