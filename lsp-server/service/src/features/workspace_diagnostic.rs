//! Diagnostics of all scripts of the workspace, for clients that ask.

use std::collections::HashMap;

use serde::Deserialize;

use super::diagnostic::{of, result_id};
use crate::file_key::FileKey;
use crate::json::Json;
use crate::lsp::{self, Url, WorkspaceDocumentDiagnosticReport as Report};
use crate::snapshot::Snapshot;

/// `workspace/diagnostic`: what is as it was is one word; scripts without findings are not named.
pub(crate) fn workspace_diagnostics(
    snapshot: &Snapshot,
    params: lsp::WorkspaceDiagnosticParams,
) -> lsp::Result<lsp::WorkspaceDiagnosticReport> {
    let mut before: HashMap<FileKey, (Url, String)> = params
        .previous_result_ids
        .into_iter()
        .map(|it| (FileKey::spelled(&it.uri), (it.uri, it.value)))
        .collect();
    let mut items = Vec::new();
    // Clients that know sample data request its diagnostics as those of a document.
    for document in snapshot.open_scripts() {
        snapshot.check_cancelled()?;
        let found = of(&snapshot.of(document.clone()))?;
        let version = Some(i64::from(document.version));
        let old = before.remove(&document.identity.name).map(|(_, id)| id);
        items.extend(report(document.uri.clone(), version, &result_id(&found), &found, old));
    }
    for file in snapshot.closed_files_or_some()? {
        snapshot.check_cancelled()?;
        let (id, found) = match file.report.get() {
            Some(report) => report,
            None => {
                let Some(document) = snapshot.document_at(&file.uri) else { continue };
                let script = may_be_script(&document.text);
                let found = if script { of(&snapshot.of(document))? } else { Vec::new() };
                file.report.get_or_init(|| (result_id(&found), found))
            }
        };
        items.extend(report(
            file.uri.clone(),
            None,
            id,
            found,
            before.remove(&FileKey::spelled(&file.uri)).map(|(_, id)| id),
        ));
    }
    // Files that are gone have nothing any more.
    for (_, (uri, old)) in before {
        items.extend(report(uri, None, "", &[], Some(old)));
    }
    Ok(lsp::WorkspaceDiagnosticReport { items })
}

/// What a client learns from a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum News {
    /// Diagnostics that it does not have.
    Some,
    /// All is as it says.
    None,
    /// Nothing was said on either side.
    Nothing,
}

/// Looks a report through.
pub(crate) fn news(report: &Json) -> News {
    #[derive(Deserialize)]
    struct Kinds<'a> {
        #[serde(borrow)]
        items: Vec<Kind<'a>>,
    }
    #[derive(Deserialize)]
    struct Kind<'a> {
        kind: &'a str,
    }
    match report.read::<Kinds<'_>>() {
        Ok(report) if report.items.is_empty() => News::Nothing,
        Ok(report) if report.items.iter().all(|item| item.kind == "unchanged") => News::None,
        _ => News::Some,
    }
}

/// `*.air` are also files of other programs, and findings in those help no reader. Of what is open, the
/// editor says that it is a script.
fn may_be_script(text: &str) -> bool {
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim_start);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with(';'));
    first.is_none_or(|line| line.starts_with('('))
}

fn report(
    uri: Url,
    version: Option<i64>,
    id: &str,
    found: &[lsp::Diagnostic],
    before: Option<String>,
) -> Option<Report> {
    match before {
        Some(before) if before == id => {
            Some(Report::Unchanged(lsp::WorkspaceUnchangedDocumentDiagnosticReport {
                uri,
                version,
                unchanged_document_diagnostic_report: lsp::UnchangedDocumentDiagnosticReport {
                    result_id: before,
                },
            }))
        }
        None if found.is_empty() => None,
        _ => Some(Report::Full(lsp::WorkspaceFullDocumentDiagnosticReport {
            uri,
            version,
            full_document_diagnostic_report: lsp::FullDocumentDiagnosticReport {
                result_id: Some(id.to_owned()),
                items: found.to_vec(),
            },
        })),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use std::sync::Arc;

    use super::*;
    use crate::features::fixture::open;
    use crate::host::memory::MemoryFiles;

    fn ask(snapshot: &Snapshot, before: Value) -> Value {
        let params = serde_json::from_value(json!({ "previousResultIds": before })).unwrap();
        serde_json::to_value(workspace_diagnostics(snapshot, params).unwrap()).unwrap()["items"].take()
    }

    #[test]
    fn full_unchanged_and_gone() {
        let files = Arc::new(MemoryFiles::default());
        files.write("/w/bad.air", "(call x (\"s\" \"f\") [])");
        files.write("/w/good.air", "(null)");
        files.write("/w/walk.air", "; a game's\n\n[Begin Action 0]\n0, 0\n");
        let mut snapshot = open("");
        snapshot.host.files = files.clone();
        snapshot.view.workspace.set_folders(vec!["/w".into()], false);
        let items = ask(&snapshot, json!([]));
        assert_eq!(items.as_array().unwrap().len(), 1, "{items}");
        assert_eq!((&items[0]["kind"], &items[0]["items"][0]["code"]), (&json!("full"), &json!("V001")));
        let before = json!([{ "uri": items[0]["uri"], "value": items[0]["resultId"] }]);
        assert_eq!(ask(&snapshot, before.clone())[0]["kind"], "unchanged");
        let learnt = |before: Value| news(&json!({ "items": ask(&snapshot, before) }).into());
        assert_eq!([learnt(json!([])), learnt(before.clone())], [News::Some, News::None]);
        assert_eq!(news(&json!({ "items": [] }).into()), News::Nothing);
        files.remove("/w/bad.air".as_ref());
        let items = ask(&snapshot, before);
        assert_eq!((&items[0]["kind"], &items[0]["items"]), (&json!("full"), &json!([])));
    }
}
