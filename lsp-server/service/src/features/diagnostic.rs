//! Diagnostics, asked for or published.

use std::sync::PoisonError;

use air_analysis::diagnostic::{Diagnostic, Severity};

use super::run;
use crate::document::{MAX_ANALYSED_BYTES, digest};
use crate::json::Json;
use crate::lsp;
use crate::snapshot::Snapshot;
use crate::written::Writer;

/// More diagnostics help no reader, and every client takes long to show them.
const MAX_DIAGNOSTICS: usize = 1000;

/// `textDocument/diagnostic`: `unchanged` where the client has the same already.
pub(crate) fn pull(snapshot: &Snapshot, params: lsp::DocumentDiagnosticParams) -> lsp::Result<Json> {
    let items = written(snapshot)?.into_bytes();
    let result_id = format!("{:016x}", digest(&items));
    if params.previous_result_id.as_deref() == Some(&*result_id) {
        return Ok(serde_json::json!({ "kind": "unchanged", "resultId": result_id }).into());
    }
    let mut report = format!("{{\"kind\":\"full\",\"resultId\":\"{result_id}\",\"items\":").into_bytes();
    report.reserve(items.len() + 1);
    report.extend(items);
    report.push(b'}');
    Ok(Json::raw(report))
}

/// All diagnostics of a version as a JSON array: what [`of`] gives, with little work for those that are as they were.
pub(crate) fn written(snapshot: &Snapshot) -> lsp::Result<Json> {
    let document = &snapshot.document;
    if document.too_large() || document.is_sample() || document.is_host() {
        return Json::new(&of(snapshot)?).map_err(internal);
    }
    snapshot.check_cancelled()?;
    let (kept, more) = kept(snapshot)?;
    let mut others = super::sample::problems(snapshot);
    others.truncate(MAX_DIAGNOSTICS);
    others.extend(more);
    others.extend(run::diagnostics::of_run(snapshot));
    let writer =
        Writer { range: &|range| snapshot.range(range), diagnostic: &|finding| snapshot.diagnostic(finding) };
    let mut json = {
        let mut memory = document.memory.written.lock().unwrap_or_else(PoisonError::into_inner);
        memory.write(&kept, &writer).to_vec()
    };
    if !others.is_empty() {
        let others = serde_json::to_vec(&others).map_err(internal)?;
        json.pop();
        if json.len() > 1 {
            json.push(b',');
        }
        json.extend_from_slice(others.get(1..).unwrap_or_default());
    }
    snapshot.check_cancelled()?;
    Ok(Json::raw(json))
}

/// Findings with the severities that they are shown with.
type Shown<'s> = Vec<(&'s Diagnostic, Severity)>;

/// Findings to be shown, the worst first if there are too many, and then a note about the rest.
fn kept(snapshot: &Snapshot) -> lsp::Result<(Shown<'_>, Option<lsp::Diagnostic>)> {
    let settings = &snapshot.document.settings;
    let shown = |finding: &Diagnostic| settings.severity(finding.code, finding.severity);
    let found = snapshot.findings()?.iter();
    let mut kept: Vec<_> = found.filter_map(|finding| Some((finding, shown(finding)?))).collect();
    let total = kept.len();
    if total <= MAX_DIAGNOSTICS {
        return Ok((kept, None));
    }
    // Stable: within a severity the text's order stays.
    kept.sort_by_key(|(_, severity)| *severity);
    kept.truncate(MAX_DIAGNOSTICS);
    Ok((kept, Some(note(format!("{} more diagnostics are not shown.", total - MAX_DIAGNOSTICS)))))
}

/// All diagnostics of a version, in text order. When there are too many, the worst come first and a last one says so.
/// An error once the request is cancelled.
pub(crate) fn of(snapshot: &Snapshot) -> lsp::Result<Vec<lsp::Diagnostic>> {
    snapshot.check_cancelled()?;
    if snapshot.document.is_host() {
        return super::embedded::diagnostics(snapshot);
    }
    if snapshot.document.too_large() {
        let length = snapshot.document.text.len() >> 20;
        let message = format!(
            "The script has {length} MiB; the language server analyses at most {} MiB. Use `air check` instead.",
            MAX_ANALYSED_BYTES >> 20
        );
        return Ok(vec![note(message)]);
    }
    if snapshot.document.is_sample() {
        return Ok(super::sample_document::problems(snapshot));
    }
    let (kept, more) = kept(snapshot)?;
    let mut items: Vec<_> =
        kept.into_iter().filter_map(|(finding, _)| snapshot.diagnostic(finding)).collect();
    items.extend(super::sample::problems(snapshot).into_iter().take(MAX_DIAGNOSTICS));
    items.extend(more);
    items.extend(run::diagnostics::of_run(snapshot));
    snapshot.check_cancelled()?;
    Ok(items)
}

fn internal(error: serde_json::Error) -> lsp::Error {
    lsp::error(-32603, error.to_string())
}

/// On the first character, so that it is seen.
fn note(message: String) -> lsp::Diagnostic {
    lsp::Diagnostic {
        range: lsp::Range::default(),
        severity: Some(lsp::DiagnosticSeverity::INFORMATION),
        source: Some("air".to_owned()),
        message,
        ..Default::default()
    }
}

/// Depends on what is reported alone: it survives edits that change no diagnostic and no position.
pub(super) fn result_id(items: &[lsp::Diagnostic]) -> String {
    let shown = serde_json::to_vec(items).unwrap_or_default();
    format!("{:016x}", digest(&shown))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use expect_test::{Expect, expect};
    use serde_json::{Value, json};

    use super::*;
    use crate::features::fixture::{everything, open, open_as, underlined, uri};

    fn check(snapshot: &Snapshot, expected: Expect) {
        let marks = of(snapshot).unwrap().into_iter().map(|found| {
            let severity = format!("{:?}", found.severity.unwrap()).to_lowercase();
            let code = found.code.map(|code| serde_json::to_value(code).unwrap());
            (
                found.range,
                format!(
                    "{severity} {} {}",
                    code.as_ref().and_then(Value::as_str).unwrap_or("-"),
                    found.message
                ),
            )
        });
        expected.assert_eq(&underlined(snapshot, marks.collect()));
    }

    #[test]
    fn a_finding_and_its_place() {
        check(
            &open("(seq\n (call \"é😀\" (\"s\" \"f\") [x])\n (null)\n)"),
            expect![[r#"
            (seq
             (call "é😀" ("s" "f") [x])
                                       ^ error V001 variable `x` is not defined
             (null)
            )
        "#]],
        );
    }

    #[test]
    fn everything_a_client_can_show() {
        let snapshot = open("(call %init_peer_id% (\"s\" \"f\") [x])");
        let found = serde_json::to_value(&of(&snapshot).unwrap()[0]).unwrap();
        assert_eq!(found["source"], "air");
        assert_eq!(found["data"]["name"], "undefined-variable");
        assert!(found["data"]["reference"]["message"].is_string(), "{found}");
        assert!(
            found["codeDescription"]["href"].as_str().unwrap().ends_with("/V001-undefined-variable.md"),
            "{found}"
        );
        let plain = open_as("(call %init_peer_id% (\"s\" \"f\") [x])", json!({}), json!({}));
        let found = serde_json::to_value(&of(&plain).unwrap()[0]).unwrap();
        assert_eq!(
            found.get("codeDescription").or(found.get("relatedInformation")).or(found.get("tags")),
            None
        );
    }

    #[test]
    fn too_many() {
        let names: String = (0..MAX_DIAGNOSTICS + 10).map(|number| format!("x{number} ")).collect();
        let snapshot = open(&format!("(call \"p\" (\"s\" \"f\") [{names}])"));
        let found = of(&snapshot).unwrap();
        assert_eq!(found.len(), MAX_DIAGNOSTICS + 1);
        assert_eq!(found[MAX_DIAGNOSTICS].message, "10 more diagnostics are not shown.");
    }

    #[test]
    fn too_large() {
        let snapshot = open(&"x".repeat(MAX_ANALYSED_BYTES + 1));
        let found = of(&snapshot).unwrap();
        assert!(found[0].message.contains("32 MiB"), "{found:?}");
        assert_eq!(found.len(), 1);
    }

    /// Version after version of one document: what is kept of the text before is what is written anew.
    #[test]
    fn what_is_written_again_is_as_it_would_be_written() {
        let broken: String = (0..MAX_DIAGNOSTICS + 5).map(|number| format!("x{number} ")).collect();
        let versions = [
            "(seq (ap x y) (ap 1 z))".to_owned(),
            "(seq (ap x y) (seq (null) (ap 1 z)))".to_owned(),
            "(seq\n (ap x y)\n (seq (null) (ap w z)))".to_owned(),
            "(seq\n (ap x yy)\n (seq (nul) (ap w z)))".to_owned(),
            "(seq (ap 1 x) (new $s (seq (null) (ap 1 z))))".to_owned(),
            "(seq (ap 11 x) (new $s (seq (null) (ap 1 z))))".to_owned(),
            "(seq (ap 11 x) (new $s (seq (null) (seq (match 1 1 (null)) (ap 1 z)))))".to_owned(),
            "(seq (ap 11 x) (new $s (seq (null) (seq (match 2 1 (null)) (ap 1 z)))))".to_owned(),
            format!("(call \"p\" (\"s\" \"f\") [{broken}])"),
            "(null)".to_owned(),
            "(ap 1 é)".to_owned(),
            "(ap 1 x)".to_owned(),
        ];
        let mut memory = None;
        for text in versions.iter().chain(versions.iter().rev()) {
            let mut snapshot = open_as(text, everything(), json!({}));
            let document = Arc::get_mut(&mut snapshot.document).unwrap();
            document.memory = memory.unwrap_or_default();
            let fresh = serde_json::to_value(of(&snapshot).unwrap()).unwrap();
            assert_eq!(written(&snapshot).unwrap().value(), fresh, "{text}");
            assert_eq!(written(&snapshot).unwrap().value(), fresh, "{text}");
            memory = Some(Arc::clone(&snapshot.document.memory));
        }
    }

    #[test]
    fn unchanged_is_one_word() {
        let report = |text: &str, previous: Option<&str>| {
            let params = json!({ "textDocument": { "uri": uri() }, "previousResultId": previous });
            let report =
                pull(&open_as(text, everything(), json!({})), serde_json::from_value(params).unwrap());
            report.unwrap().value()
        };
        let first = report("(call x (\"\" \"\") [])", None);
        assert_eq!((&first["kind"], first["items"].as_array().unwrap().len()), (&json!("full"), 1));
        let id = first["resultId"].as_str().unwrap();
        assert_eq!(
            report("(call x (\"\" \"\") [])\n", Some(id)),
            json!({ "kind": "unchanged", "resultId": id })
        );
        assert_eq!(report("(call y (\"\" \"\") [])", Some(id))["kind"], "full");
    }

    #[test]
    fn nobody_waits() {
        let snapshot = open("(seq (ap x y) (null))");
        snapshot.stop.stop();
        assert!(of(&snapshot).is_err());
        assert!(!snapshot.document.analysed(), "not even parsed");
    }
}
