//! `format`: the canonical layout, as `air fmt` writes it.

use air_analysis::Analysis;
use air_analysis::diagnostic::Origin;
use air_analysis::format::{self, FormatOptions};
use air_service::config::LineEnding;
use air_simulation::report::Span;
use serde::Deserialize;
use serde_json::json;

use super::{Answer, Call, CallError, configuration};

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Options {
    /// 1 to 8.
    indent_width: Option<u8>,
    compact: Option<bool>,
    line_ending: Option<LineEnding>,
    /// The text of an `air.toml`.
    config: Option<String>,
}

/// `{"text", "changed", "error"}`: `error` is the first syntax error; parts may then have stayed as they were.
pub(super) fn format(call: &Call<'_>) -> Answer {
    let options: Options = call.options()?;
    if options.indent_width.is_some_and(|width| !(1..=8).contains(&width)) {
        return Err(CallError::BadRequest("options: indent_width is 1 to 8".to_owned()));
    }
    let settings = configuration(options.config.as_deref())?.format;
    let options = FormatOptions {
        indent_width: options.indent_width.or(settings.indent_width).unwrap_or(1),
        compact: options.compact.or(settings.compact).unwrap_or(false),
        line_ending: LineEnding::of_text(options.line_ending.or(settings.line_ending), &call.text),
    };
    let parse = air_syntax::parse(&call.text);
    let formatted = format::format(&parse, &call.text, &options)
        .map_err(|error| CallError::TooDeep(error.to_string()))?;
    let error = if parse.ok() { None } else { first_error(&call.text) };
    let result = json!({ "text": formatted.text, "changed": formatted.changed, "error": error });
    Ok(result.to_string())
}

/// `3:7: unclosed bracket: add the closing one (S001)`
fn first_error(text: &str) -> Option<String> {
    let analysis = Analysis::new(text);
    let error = analysis.diagnostics().iter().find(|found| found.code.origin() == Origin::Syntax)?;
    let span = Span::new(analysis.line_index(), error.range);
    Some(format!("{}:{}: {} ({})", span.line, span.column, error.message, error.code.as_str()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::functions::asked;

    #[test]
    fn layouts() {
        let format =
            |text: &str, options| asked(json!({ "function": "format", "text": text, "options": options }));
        let script = "(seq (null) (null))";
        assert_eq!(format(script, json!({}))["result"]["text"], "(seq\n (null)\n (null)\n)\n");
        let wide = format(script, json!({ "config": "[format]\nindent-width = 4", "compact": true }));
        assert_eq!(wide["result"]["text"], "(seq\n    (null)\n    (null))\n");
        assert_eq!(format(script, json!({ "indent_width": 0 }))["error"]["code"], "bad-request");
        let broken = format("(seq (null)", json!({}));
        assert!(broken["result"]["error"].as_str().unwrap().starts_with("1:1: "), "{broken}");
    }
}
