//! `check`: what is wrong with a script, as `air check --output-format json` says it.

use air_analysis::Analysis;
use air_service::config::levels::{Level, groups};
use air_service::documents::check;
use air_service::documents::checked::CheckedScript;
use air_service::documents::summary::Summary;
use serde::Deserialize;

use super::{Answer, Call, CallError, configuration};

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Options {
    allow: Vec<String>,
    warn: Vec<String>,
    deny: Vec<String>,
    /// The text of an `air.toml`.
    config: Option<String>,
}

pub(super) fn check(call: &Call<'_>) -> Answer {
    let options: Options = call.options()?;
    let mut levels = configuration(options.config.as_deref())?.levels;
    let named =
        [(&options.warn, Level::Warning), (&options.deny, Level::Error), (&options.allow, Level::Allow)];
    let selectors = named.iter().flat_map(|(names, level)| names.iter().map(|name| (name.trim(), *level)));
    let expanded = groups::expand(&selectors.collect::<Vec<_>>()).map_err(CallError::BadRequest)?;
    for (code, level) in expanded {
        levels.set(code.as_str(), level).map_err(CallError::BadRequest)?;
    }
    let analysis = Analysis::new(call.text.as_str());
    let mut diagnostics = analysis.diagnostics().to_vec();
    levels.apply(&mut diagnostics);
    let checked = CheckedScript {
        name: call.name.clone(),
        text: analysis.text.clone(),
        lines: analysis.line_index().clone(),
        accepted: analysis.accepted(),
        diagnostics,
        fixed: Vec::new(),
    };
    let mut summary = Summary::default();
    summary.add(&checked);
    Ok([check::HEAD, &check::script(&checked), &check::tail(&summary, &[])].concat())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::functions::asked;

    #[test]
    fn findings_with_levels() {
        let text = "(seq (ap 1 x) (null))";
        let found = |options| {
            asked(json!({ "function": "check", "text": text, "name": "a.air", "options": options }))["result"]
                .clone()
        };
        let report = found(json!({}));
        assert_eq!(
            (&report["files"][0]["path"], &report["files"][0]["accepted"]),
            (&json!("a.air"), &json!(true))
        );
        let code = report["files"][0]["diagnostics"][0]["code"].clone();
        assert_eq!(report["files"][0]["diagnostics"][0]["severity"], "hint");
        assert_eq!(found(json!({ "deny": [code] }))["summary"]["errors"], 1);
        assert_eq!(found(json!({ "allow": ["lints"] }))["summary"]["hints"], 0, "{report}");
    }
}
