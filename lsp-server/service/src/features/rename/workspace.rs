//! A peer, a service or a function under another name, in all scripts of the workspace and the sample data beside them.
//!
//! Nothing declares what is outside: scripts agree by its name alone. So edits of other files are marked, for editors
//! that let people look at them first, and a name that is taken anywhere is refused.

use std::collections::HashMap;
use std::sync::Arc;

use air_ide::names::Symbol;
use air_ide::names::rename_outside::{OutsideSymbol, edits, merges, renamed, taken};
use air_simulation::sample::names::{Named, names as sample_names};

use super::refusal::refused;
use crate::document::{Document, MAX_ANALYSED_BYTES};
use crate::features::references::outside as known_as;
use crate::features::sample::range;
use crate::file_url;
use crate::host::FileError;
use crate::lsp::{self, Url};
use crate::sample_path::SamplePath;
use crate::snapshot::Snapshot;
use crate::workspace::{Cut, DiskFile};

/// An edit of more places than this is too large for editors.
const MAX_PLACES: usize = 250_000;

/// The mark of edits that are not in the document at hand.
const ELSEWHERE: &str = "elsewhere";

/// Edits of one file.
struct FileEdits {
    uri: Url,
    /// Of an open document.
    version: Option<i32>,
    edits: Vec<lsp::TextEdit>,
}

/// All edits, the document at hand first.
pub(super) fn rename_everywhere(
    snapshot: &Snapshot,
    outside: &OutsideSymbol,
    new_name: &str,
) -> lsp::Result<lsp::WorkspaceEdit> {
    let new = renamed(&outside.symbol, new_name).map_err(|refusal| refused(snapshot, &refusal))?;
    if new == outside.symbol {
        return Ok(lsp::WorkspaceEdit::default());
    }
    let mut all: Vec<FileEdits> = Vec::new();
    let (documents, files) = scripts(snapshot, &outside.symbol, &new)?;
    let documents = documents.into_iter().map(|document| Ok((document, true)));
    // Read once more, one after another: what is edited must be what stands there, and all trees together are large.
    let files = files.into_iter().map(|file| match snapshot.document_at(&file.uri) {
        Some(document) => Ok((document, false)),
        None => Err(incomplete("script-unreadable", &format!("{} cannot be read any more", file.uri))),
    });
    for document in documents.chain(files) {
        let (document, open) = document?;
        let script = snapshot.of(document);
        snapshot.check_cancelled()?;
        let analysis = script.analysis();
        if let Some(place) = taken(analysis, &new) {
            return Err(taken_there(snapshot, &script, &new, place));
        }
        let edits = edits(analysis, &outside.symbol, &new);
        let edits = edits.map_err(|refusal| refused(snapshot, &refusal))?;
        if edits.is_empty() {
            continue;
        }
        all.push(FileEdits {
            uri: script.document.uri.clone(),
            version: open.then_some(script.document.version),
            edits: edits.into_iter().map(|edit| script.text_edit(edit)).collect(),
        });
        all.extend(sample_of(snapshot, &script.document, &outside.symbol, new_name)?);
    }
    if all.iter().map(|file| file.edits.len()).sum::<usize>() > MAX_PLACES {
        let message =
            format!("the name is used at more than {MAX_PLACES} places, too many to rename at once");
        return Err(too_large("too-many-places", MAX_PLACES as u64, message));
    }
    Ok(workspace_edit(snapshot, all))
}

/// Scripts that are open, and scripts on disk.
type OpenAndClosed = (Vec<Arc<Document>>, Vec<Arc<DiskFile>>);

/// Open scripts, the one at hand first, and those on disk that may name either.
fn scripts(snapshot: &Snapshot, old: &Symbol, new: &Symbol) -> lsp::Result<OpenAndClosed> {
    let first = snapshot.first_opened().document;
    let mut open = snapshot.open_scripts();
    open.retain(|it| it.uri != first.uri);
    open.insert(0, first);
    let mut files = snapshot.closed_files()?;
    if let Some(Cut::Unreadable(..)) = snapshot.view.workspace.cut() {
        // No client tells that a file can be read again.
        snapshot.view.workspace.changed();
        files = snapshot.closed_files()?;
    }
    if let Some(cut) = snapshot.view.workspace.cut() {
        return Err(match cut.limit() {
            Some(limit) => too_large(cut.code(), limit, format!("a rename would be incomplete: {cut}")),
            None => incomplete(cut.code(), &cut.to_string()),
        });
    }
    if let Some(large) =
        snapshot.view.open.iter().find(|document| !document.is_sample() && document.too_large())
    {
        let message =
            format!("a rename would be incomplete: {} has more than {MAX_ANALYSED_BYTES} bytes", large.uri);
        return Err(too_large("script-too-large", MAX_ANALYSED_BYTES as u64, message));
    }
    let (old, new) = (known_as(old), known_as(new));
    let named = |it: &_| [&old, &new].into_iter().flatten().any(|symbol| symbol.is(it));
    files.retain(|file| file.names.iter().any(named));
    Ok((open, files))
}

fn incomplete(code: &str, why: &str) -> lsp::Error {
    let mut error = lsp::error(lsp::REQUEST_FAILED, format!("a rename would be incomplete: {why}"));
    error.data = Some(serde_json::json!({ "code": code }));
    error
}

fn too_large(code: &str, limit: u64, message: String) -> lsp::Error {
    let mut error = lsp::error(lsp::REQUEST_FAILED, message);
    error.data = Some(serde_json::json!({ "code": code, "limit": limit }));
    error
}

/// Edits of the sample data beside a script, if it has any.
fn sample_of(
    snapshot: &Snapshot,
    script: &Document,
    symbol: &Symbol,
    new_name: &str,
) -> lsp::Result<Option<FileEdits>> {
    let Some(file) = script.identity.sample.as_ref() else { return Ok(None) };
    let open = snapshot.view.open.iter().find(|document| document.identity.file == *file).cloned();
    let uri = open.as_ref().map(|open| open.uri.clone()).or_else(|| SamplePath::of_url(&script.uri));
    let Some(uri) = uri else { return Ok(None) };
    let version = open.as_ref().map(|document| document.version);
    let document = match open {
        Some(document) => document,
        None => {
            let Some(path) = file_url::path(&uri) else { return Ok(None) };
            let text = match snapshot.host.files.read(&path, MAX_ANALYSED_BYTES as u64) {
                Ok(text) => text,
                Err(FileError::NotFound(_)) => return Ok(None),
                Err(error) => {
                    let why = format!("{} cannot be read: {error}", path.display());
                    return Err(incomplete("sample-unreadable", &why));
                }
            };
            Arc::new(Document::new(uri.clone(), 0, text.into(), Arc::default(), Arc::default()))
        }
    };
    let sample = snapshot.of(document);
    let same = |named: &Named, name: &str| match (symbol, named) {
        (Symbol::Peer(wanted), Named::Peer) | (Symbol::Service(wanted), Named::Service) => wanted == name,
        (Symbol::Function { service, name: wanted }, Named::Function(of)) => {
            // One that is of any service is meant for this one too; but perhaps not only.
            wanted == name && of.is_some() && of == service
        }
        _ => false,
    };
    let found = sample_names(&sample.document.text).into_iter().filter(|it| same(&it.named, &it.name));
    let edits: Vec<_> = found
        .map(|it| lsp::TextEdit {
            range: sample.range(range(it.range.start, it.range.end)),
            new_text: json_text(new_name),
        })
        .collect();
    Ok((!edits.is_empty()).then_some(FileEdits { uri, version, edits }))
}

/// As it stands between the quotes of a string in JSON.
fn json_text(name: &str) -> String {
    let quoted = serde_json::Value::from(name).to_string();
    quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(name).to_owned()
}

fn taken_there(
    snapshot: &Snapshot,
    script: &Snapshot,
    new: &Symbol,
    place: air_syntax::TextRange,
) -> lsp::Error {
    let place = script.range(place);
    let mut error = refused(snapshot, &merges(new));
    let uri = &script.document.uri;
    let file = uri.path_segments().and_then(|mut segments| segments.next_back()).unwrap_or_default();
    error.message = format!(
        "{} ({file}, line {}, column {})",
        error.message,
        place.start.line + 1,
        place.start.character + 1
    )
    .into();
    error.data = Some(serde_json::json!({ "code": merges(new).code(), "uri": uri, "range": place }));
    error
}

fn workspace_edit(snapshot: &Snapshot, all: Vec<FileEdits>) -> lsp::WorkspaceEdit {
    if !snapshot.client.document_changes {
        let changes: HashMap<_, _> = all.into_iter().map(|file| (file.uri, file.edits)).collect();
        return lsp::WorkspaceEdit { changes: Some(changes), ..Default::default() };
    }
    let marks = snapshot.client.change_annotations;
    let mut marked = false;
    let files = all.into_iter().map(|file| {
        let elsewhere = marks && file.uri != snapshot.document.uri;
        marked |= elsewhere;
        let edits = file.edits.into_iter().map(|text_edit| match elsewhere {
            true => {
                lsp::OneOf::Right(lsp::AnnotatedTextEdit { text_edit, annotation_id: ELSEWHERE.to_owned() })
            }
            false => lsp::OneOf::Left(text_edit),
        });
        lsp::TextDocumentEdit {
            text_document: lsp::OptionalVersionedTextDocumentIdentifier {
                uri: file.uri,
                version: file.version,
            },
            edits: edits.collect(),
        }
    });
    let files = files.collect();
    let annotation = lsp::ChangeAnnotation {
        label: "In other files".to_owned(),
        needs_confirmation: Some(true),
        description: Some("assumes that the same name means the same thing there".to_owned()),
    };
    lsp::WorkspaceEdit {
        document_changes: Some(lsp::DocumentChanges::Edits(files)),
        change_annotations: marked.then(|| [(ELSEWHERE.to_owned(), annotation)].into()),
        ..Default::default()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::super::rename;
    use super::*;
    use crate::client::Client;
    use crate::features::fixture::{edited, everything, open_as, open_at};
    use crate::host::memory::MemoryFiles;

    const ONE: &str = "(call \"@shop\" (\"stock\" \"price\") [])";
    const TWO: &str = "(seq (ap \"@shop\" p) (call p (\"stock\" \"order\") []))";
    const SAMPLE: &str = r#"{ "services": [{ "peer": "@shop", "service": "stock", "function": "price" }] }"#;

    /// Renames in the first script what is at a column; all files afterwards.
    fn check(column: u32, name: &str, expected: Expect) {
        let mut capabilities = everything();
        capabilities["workspace"]["workspaceEdit"]["changeAnnotationSupport"] = json!({});
        let mut snapshot = open_at("file:///one.air", ONE);
        snapshot.client = Arc::new(Client::new(&capabilities));
        let others = [open_at("file:///two.air", TWO), open_at("file:///one.sample.json", SAMPLE)];
        snapshot.view.open =
            [snapshot.document.clone(), others[0].document.clone(), others[1].document.clone()].into();
        let params = json!({
            "textDocument": { "uri": "file:///one.air" },
            "position": { "line": 0, "character": column },
            "newName": name,
        });
        let shown = match rename(&snapshot, serde_json::from_value(params).unwrap()) {
            Err(error) => format!("{}\n{}\n", error.message, error.data.unwrap()),
            Ok(edit) => {
                let edit = serde_json::to_value(edit.unwrap()).unwrap();
                let changes = edit["documentChanges"].as_array().unwrap().iter();
                let lines = changes.map(|change| {
                    assert_eq!(change["textDocument"]["version"], 7);
                    let uri = change["textDocument"]["uri"].as_str().unwrap();
                    let all = [&snapshot, &others[0], &others[1]];
                    let there = all.into_iter().find(|it| it.document.uri.as_str() == uri).unwrap();
                    let marked = change["edits"][0]["annotationId"] == "elsewhere";
                    assert_eq!(marked, uri != "file:///one.air");
                    edited(there, serde_json::from_value(change["edits"].clone()).unwrap()) + "\n"
                });
                let lines: String = lines.collect();
                assert_eq!(edit["changeAnnotations"]["elsewhere"]["needsConfirmation"], true);
                lines
            }
        };
        expected.assert_eq(&shown);
    }

    #[test]
    fn in_scripts_and_sample_data() {
        check(
            9,
            "@depot",
            expect![[r#"
            (call "@depot" ("stock" "price") [])
            { "services": [{ "peer": "@depot", "service": "stock", "function": "price" }] }
            (seq (ap "@depot" p) (call p ("stock" "order") []))
        "#]],
        );
        check(
            18,
            "goods",
            expect![[r#"
            (call "@shop" ("goods" "price") [])
            { "services": [{ "peer": "@shop", "service": "goods", "function": "price" }] }
            (seq (ap "@shop" p) (call p ("goods" "order") []))
        "#]],
        );
    }

    #[test]
    fn sample_data_on_disk() {
        let uri = Url::parse("file:///d/one.air").unwrap();
        let files = Arc::new(MemoryFiles::default());
        let edited = || {
            let mut snapshot = open_at(uri.as_str(), ONE);
            snapshot.view.open = [snapshot.document.clone()].into();
            snapshot.host.files = files.clone();
            let params = json!({
                "textDocument": { "uri": uri }, "position": { "line": 0, "character": 9 }, "newName": "@depot",
            });
            let edit = rename(&snapshot, serde_json::from_value(params).unwrap()).unwrap().unwrap();
            serde_json::to_value(edit).unwrap()["documentChanges"].as_array().unwrap().len()
        };
        files.write("/d/one.sample.json", SAMPLE);
        assert_eq!(edited(), 2);
        files.remove("/d/one.sample.json".as_ref());
        assert_eq!(edited(), 1);
    }

    /// A name that is left somewhere is worse than none that is changed.
    #[test]
    fn what_cannot_be_read() {
        let files = Arc::new(MemoryFiles::default());
        let mut snapshot = open_at("file:///d/one.air", ONE);
        snapshot.view.open = [snapshot.document.clone()].into();
        snapshot.view.workspace.set_folders(vec!["/d".into()], true);
        snapshot.host.files = files.clone();
        let refused = || {
            let params = json!({
                "textDocument": { "uri": "file:///d/one.air" },
                "position": { "line": 0, "character": 9 },
                "newName": "@depot",
            });
            let error = rename(&snapshot, serde_json::from_value(params).unwrap()).err()?;
            Some(format!("{} {}", error.message, error.data.unwrap()))
        };
        files.write("/d/one.air", ONE);
        files.refuse("/d/one.sample.json");
        let because = "a rename would be incomplete: /d/one.sample.json cannot be read: permission denied";
        assert_eq!(refused().unwrap(), format!("{because} {}", json!({ "code": "sample-unreadable" })));
        files.write("/d/one.sample.json", SAMPLE);
        assert_eq!(refused(), None);
        files.refuse("/d/two.air");
        snapshot.view.workspace.changed();
        let error = refused().unwrap();
        assert!(
            error.contains("/d/two.air cannot be read") && error.contains("script-unreadable"),
            "{error}"
        );
        // Without a word of the client.
        files.write("/d/two.air", TWO);
        assert_eq!(refused(), None);
    }

    #[test]
    fn what_is_taken_elsewhere() {
        check(
            26,
            "order",
            expect![[r#"
            `order` already names another function of that service: afterwards the two could not be told apart (two.air, line 1, column 38)
            {"code":"name-taken","range":{"end":{"character":44,"line":0},"start":{"character":37,"line":0}},"uri":"file:///two.air"}
        "#]],
        );
    }

    #[test]
    fn clients_without_versions_get_plain_edits() {
        let mut snapshot = open_as(ONE, json!({}), json!({}));
        snapshot.view.open = [snapshot.document.clone()].into();
        let params = json!({
            "textDocument": { "uri": snapshot.document.uri },
            "position": { "line": 0, "character": 9 },
            "newName": "q",
        });
        let edit = rename(&snapshot, serde_json::from_value(params).unwrap()).unwrap().unwrap();
        assert_eq!(edit.changes.unwrap().len(), 1);
    }
}
