//! Diagnostics, asked for or published.

use air_analysis::diagnostic::Severity;

use super::run;
use crate::document::{MAX_ANALYSED_BYTES, digest};
use crate::lsp;
use crate::snapshot::Snapshot;

/// More diagnostics help no reader, and every client takes long to show them.
const MAX_DIAGNOSTICS: usize = 1000;

/// `textDocument/diagnostic`: `unchanged` where the client has the same already.
pub(crate) fn pull(
    snapshot: &Snapshot,
    params: lsp::DocumentDiagnosticParams,
) -> lsp::Result<lsp::DocumentDiagnosticReportResult> {
    let items = of(snapshot)?;
    let result_id = result_id(&items);
    if params.previous_result_id.as_deref() == Some(&*result_id) {
        let report = lsp::UnchangedDocumentDiagnosticReport { result_id };
        let report = lsp::RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: report,
        };
        return Ok(lsp::DocumentDiagnosticReport::from(report).into());
    }
    let report = lsp::FullDocumentDiagnosticReport { result_id: Some(result_id), items };
    let report = lsp::RelatedFullDocumentDiagnosticReport {
        related_documents: None,
        full_document_diagnostic_report: report,
    };
    Ok(lsp::DocumentDiagnosticReport::from(report).into())
}

/// All diagnostics of a version, in text order. When there are too many, the worst come first and a last one says so.
/// An error once the request is cancelled.
pub(crate) fn of(snapshot: &Snapshot) -> lsp::Result<Vec<lsp::Diagnostic>> {
    snapshot.check_cancelled()?;
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
    let settings = &snapshot.document.settings;
    let found = snapshot.findings()?;
    let mut kept: Vec<_> =
        found.iter().filter(|finding| settings.severity(finding.code, finding.severity).is_some()).collect();
    let total = kept.len();
    if total > MAX_DIAGNOSTICS {
        // Stable: within a severity the text's order stays.
        kept.sort_by_key(|finding| {
            settings.severity(finding.code, finding.severity).unwrap_or(Severity::Hint)
        });
        kept.truncate(MAX_DIAGNOSTICS);
    }
    let mut items: Vec<_> = kept.into_iter().filter_map(|finding| snapshot.diagnostic(finding)).collect();
    items.extend(super::sample::problems(snapshot).into_iter().take(MAX_DIAGNOSTICS));
    if total > MAX_DIAGNOSTICS {
        items.push(note(format!("{} more diagnostics are not shown.", total - MAX_DIAGNOSTICS)));
    }
    items.extend(run::diagnostics::of_run(snapshot));
    snapshot.check_cancelled()?;
    Ok(items)
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

    #[test]
    fn unchanged_is_one_word() {
        let report = |text: &str, previous: Option<&str>| {
            let params = json!({ "textDocument": { "uri": uri() }, "previousResultId": previous });
            let report =
                pull(&open_as(text, everything(), json!({})), serde_json::from_value(params).unwrap());
            serde_json::to_value(report.unwrap()).unwrap()
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
