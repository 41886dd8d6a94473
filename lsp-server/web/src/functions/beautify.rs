//! `beautify`: a script as people read it, as `air beautify` prints it.

use air_analysis::Analysis;
use air_analysis::beautify::{self, BeautifyOptions};
use serde::Deserialize;
use serde_json::json;

use super::{Answer, Call, CallError, accepted, configuration};

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Options {
    indent_step: Option<u8>,
    patterns: Option<bool>,
    comments: Option<bool>,
    idioms: Option<bool>,
    force: bool,
    /// The text of an `air.toml`.
    config: Option<String>,
}

/// `{"text"}`
pub(super) fn beautify(call: &Call<'_>) -> Answer {
    let options: Options = call.options()?;
    let settings = configuration(options.config.as_deref())?.beautify;
    let analysis = if options.force { Analysis::new(call.text.as_str()) } else { accepted(&call.text)? };
    let options = BeautifyOptions {
        indent_step: usize::from(options.indent_step.or(settings.indent_step).unwrap_or(4)).min(64),
        patterns: options.patterns.or(settings.patterns).unwrap_or(false),
        comments: options.comments.or(settings.comments).unwrap_or(false),
        idioms: options.idioms.or(settings.idioms).unwrap_or(false),
    };
    let view = beautify::beautify(analysis.hir(), &options)
        .map_err(|error| CallError::TooDeep(error.to_string()))?;
    Ok(json!({ "text": view.text }).to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::functions::asked;

    #[test]
    fn views() {
        let view =
            |text: &str, options| asked(json!({ "function": "beautify", "text": text, "options": options }));
        let script = "(par (call \"@a\" (\"s\" \"f\") [1] x) (null))";
        assert_eq!(
            view(script, json!({ "indent_step": 2 }))["result"]["text"],
            "par:\n  x <- call \"@a\" (\"s\", \"f\") [1]\n|\n  null\n"
        );
        let rejected = view("(ap y x)", json!({}));
        assert_eq!(rejected["error"]["code"], "rejected");
        assert!(view("(ap y x)", json!({ "force": true }))["result"]["text"].is_string());
    }
}
