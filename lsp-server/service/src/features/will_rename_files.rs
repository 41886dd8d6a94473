//! `workspace/willRenameFiles`: sample data goes where its script goes.

use std::collections::HashSet;

use crate::file_url;
use crate::lsp::{self, Url};
use crate::sample_path::SamplePath;
use crate::snapshot::Snapshot;

/// Renames of the sample data beside scripts; `null` if there is none. In a folder that is renamed, all stays as it is.
pub(crate) fn will_rename_files(
    snapshot: &Snapshot,
    params: lsp::RenameFilesParams,
) -> lsp::Result<Option<lsp::WorkspaceEdit>> {
    if !snapshot.client.rename_files {
        return Ok(None);
    }
    let renames = renamed(&params);
    // What the user renames too goes where the user says.
    let mut taken: HashSet<Url> = renames.iter().flat_map(|(old, new)| [old.clone(), new.clone()]).collect();
    let mut operations = Vec::new();
    for (old, new) in renames {
        snapshot.check_cancelled()?;
        let Some((old_sample, new_sample)) = samples(snapshot, &old, &new) else { continue };
        if taken.contains(&old_sample) || !taken.insert(new_sample.clone()) {
            continue;
        }
        // The client leaves an existing file alone.
        let rename = lsp::RenameFile {
            old_uri: old_sample,
            new_uri: new_sample,
            options: Some(lsp::RenameFileOptions { overwrite: Some(false), ignore_if_exists: Some(true) }),
            annotation_id: None,
        };
        operations.push(lsp::DocumentChangeOperation::Op(lsp::ResourceOp::Rename(rename)));
    }
    let edit = lsp::WorkspaceEdit {
        document_changes: Some(lsp::DocumentChanges::Operations(operations.clone())),
        ..Default::default()
    };
    Ok((!operations.is_empty()).then_some(edit))
}

/// What becomes what. Names that are no URIs are nothing that the server knows.
pub(crate) fn renamed(params: &lsp::RenameFilesParams) -> Vec<(Url, Url)> {
    let parsed = |file: &lsp::FileRename| Some((file.old_uri.parse().ok()?, file.new_uri.parse().ok()?));
    params.files.iter().filter_map(parsed).collect()
}

/// The sample data of a script, and what it is to be called.
fn samples(snapshot: &Snapshot, old: &Url, new: &Url) -> Option<(Url, Url)> {
    let is_file = |url: &Url| file_url::path(url).is_some_and(|path| snapshot.host.files.is_file(&path));
    let (old_sample, new_sample) = (SamplePath::of_url(old)?, SamplePath::of_url(new)?);
    let moves = old.path().ends_with(".air") && old_sample != new_sample;
    (moves && is_file(old) && is_file(&old_sample) && !is_file(&new_sample))
        .then_some((old_sample, new_sample))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::client::Client;
    use crate::features::fixture::{everything, open};
    use crate::host::memory::MemoryFiles;

    /// The renames that come of renames, in a folder with those files.
    fn check(files: &[&str], renames: &[(&str, &str)]) -> Vec<String> {
        let mut capabilities = everything();
        capabilities["workspace"]["workspaceEdit"]["resourceOperations"] = json!(["create", "rename"]);
        let mut snapshot = open("");
        snapshot.client = Arc::new(Client::new(&capabilities));
        let memory = MemoryFiles::default();
        files.iter().for_each(|file| memory.write(format!("/w/{file}"), "{}"));
        snapshot.host.files = Arc::new(memory);
        let uri = |name: &str| format!("file:///w/{name}");
        let files = renames.iter().map(|(old, new)| json!({ "oldUri": uri(old), "newUri": uri(new) }));
        let params = json!({ "files": files.collect::<Vec<_>>() });
        let edit = will_rename_files(&snapshot, serde_json::from_value(params).unwrap()).unwrap();
        let edit = serde_json::to_value(edit).unwrap();
        let operations = edit["documentChanges"].as_array().cloned().unwrap_or_default();
        let shown = operations.iter().map(|operation| {
            assert_eq!(
                (&operation["kind"], &operation["options"]["overwrite"]),
                (&json!("rename"), &json!(false))
            );
            let name =
                |key: &str| operation[key].as_str().unwrap().trim_start_matches("file:///w/").to_owned();
            format!("{} → {}", name("oldUri"), name("newUri"))
        });
        shown.collect()
    }

    const FILES: [&str; 3] = ["a.air", "a.sample.json", "lonely.air"];

    #[test]
    fn sample_data_goes_with_its_script() {
        assert_eq!(check(&FILES, &[("a.air", "b.air")]), ["a.sample.json → b.sample.json"]);
        assert_eq!(check(&FILES, &[("a.air", "deep/b.air")]), ["a.sample.json → deep/b.sample.json"]);
        let odd = ["my%20a.b.air", "my a.b.air", "my a.b.sample.json"];
        assert_eq!(check(&odd, &[("my%20a.b.air", "c.air")]), ["my%20a.b.sample.json → c.sample.json"]);
    }

    #[test]
    fn nothing_else_does() {
        let nothing: Vec<String> = Vec::new();
        for (why, files, renames) in [
            ("no sample data", &FILES[..], &[("lonely.air", "b.air")][..]),
            ("another ending has the same", &FILES, &[("a.air", "a.txt")]),
            ("the user renames it too", &FILES, &[("a.air", "b.air"), ("a.sample.json", "c.sample.json")]),
            ("the name is taken", &["a.air", "a.sample.json", "b.sample.json"], &[("a.air", "b.air")]),
            ("a folder", &["a/x.air", "a.sample.json"], &[("a", "b")]),
            (
                "a folder that is called like a script",
                &["a.air/x.air", "a.sample.json"],
                &[("a.air", "b.air")],
            ),
        ] {
            assert_eq!(check(files, renames), nothing, "{why}");
        }
    }

    #[test]
    fn clients_that_rename_nothing() {
        let params = json!({ "files": [{ "oldUri": "file:///w/a.air", "newUri": "file:///w/b.air" }] });
        let edit = will_rename_files(&open(""), serde_json::from_value(params).unwrap()).unwrap();
        assert!(edit.is_none());
    }
}
