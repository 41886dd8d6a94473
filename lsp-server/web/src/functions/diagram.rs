//! `diagram`: a run as a picture, as `air run --diagram` prints it.

use air_service::diagram::{Diagram, mermaid, svg};
use serde_json::json;

use super::{Answer, Call, CallError, run};

/// `{"text"}`. Options are those of `run`.
pub(super) fn diagram(call: &Call<'_>) -> Answer {
    let draw = match call.kind.as_deref() {
        None | Some("svg") => svg,
        Some("mermaid") => mermaid,
        Some(other) => {
            let message = format!("unknown kind `{other}`; expected one of svg, mermaid");
            return Err(CallError::BadRequest(message));
        }
    };
    let report = run::report(call)?;
    Ok(json!({ "text": draw(&Diagram::new(&report)) }).to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::functions::asked;

    #[test]
    fn pictures() {
        let picture = |kind, make_up: bool| {
            asked(
                json!({ "function": "diagram", "text": "(call \"@a\" (\"op\" \"noop\") [])", "kind": kind, "options": { "make_up": make_up } }),
            )
        };
        assert!(picture(json!(null), false)["result"]["text"].as_str().unwrap().starts_with("<svg"));
        let mermaid = picture(json!("mermaid"), true);
        assert!(mermaid["result"]["text"].as_str().unwrap().contains("sequenceDiagram"), "{mermaid}");
        assert_eq!(picture(json!("pdf"), false)["error"]["code"], "bad-request");
    }
}
