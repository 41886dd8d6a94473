//! Small scripts with `$0` for the cursor, as requests see them.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::client::Client;
use crate::document::Document;
use crate::host::Stop;
use crate::host::memory::MemoryHost;
use crate::lsp::{self, Url};
use crate::settings::Settings;
use crate::snapshot::{Snapshot, TimeSlice, View};

/// A document as the server would have it open, and a client that can do everything, in UTF-8.
pub(crate) fn open(text: &str) -> Snapshot {
    open_as(text, everything(), json!({}))
}

/// The same under another name.
pub(crate) fn open_at(uri: &str, text: &str) -> Snapshot {
    let uri = Url::parse(uri).unwrap();
    let document = Document::new(uri, 7, Arc::from(text), Arc::default(), Arc::default());
    Snapshot { document: Arc::new(document), ..open("") }
}

/// For a client with those capabilities and settings.
pub(crate) fn open_as(text: &str, capabilities: Value, settings: Value) -> Snapshot {
    let (settings, complaints) = Settings::from_client(&settings);
    assert_eq!(complaints, [""; 0]);
    let document = Document::new(uri(), 7, Arc::from(text), Arc::new(settings), Arc::default());
    Snapshot {
        document: Arc::new(document),
        client: Arc::new(Client::new(&capabilities)),
        stop: Stop::default(),
        view: View::default(),
        run_state: None,
        slice: TimeSlice::default(),
        host: MemoryHost::default().host(),
    }
}

/// Takes `$0` out; the text and the position of the cursor.
pub(crate) fn cursor(marked: &str) -> (Snapshot, lsp::Position) {
    let offset = marked.find("$0").expect("a $0 for the cursor");
    let snapshot = open(&marked.replacen("$0", "", 1));
    let position = snapshot.position(u32::try_from(offset).unwrap().into());
    (snapshot, position)
}

/// The document's name.
pub(crate) fn uri() -> Url {
    Url::parse("file:///script.air").unwrap()
}

/// Text with its edits made.
pub(crate) fn edited(snapshot: &Snapshot, edits: Vec<lsp::TextEdit>) -> String {
    let mut text = snapshot.document.text.to_string();
    for edit in edits.into_iter().rev() {
        let range = snapshot.text_range(edit.range);
        text.replace_range(usize::from(range.start())..usize::from(range.end()), &edit.new_text);
    }
    text
}

/// The text of a range.
pub(crate) fn text_at(snapshot: &Snapshot, range: lsp::Range) -> &str {
    let range = snapshot.text_range(range);
    snapshot.document.text.get(usize::from(range.start())..usize::from(range.end())).unwrap()
}

/// The script's lines with carets under the ranges and a note after each.
pub(crate) fn underlined(snapshot: &Snapshot, mut marks: Vec<(lsp::Range, String)>) -> String {
    marks.sort_by_key(|(range, _)| (range.start, range.end));
    let mut shown = String::new();
    for (number, line) in snapshot.document.text.lines().enumerate() {
        shown += line;
        shown += "\n";
        for (range, note) in marks.iter().filter(|(range, _)| range.start.line as usize == number) {
            let start = range.start.character as usize;
            let end =
                if range.end.line == range.start.line { range.end.character as usize } else { line.len() };
            shown += &format!("{}{} {note}\n", " ".repeat(start), "^".repeat((end - start).max(1)));
        }
    }
    shown
}

/// A client that can do everything.
pub(crate) fn everything() -> Value {
    json!({
        "general": { "positionEncodings": ["utf-8"] },
        "textDocument": {
            "diagnostic": { "relatedInformation": true, "codeDescriptionSupport": true, "tagSupport": {} },
            "hover": { "contentFormat": ["markdown", "plaintext"] },
            "completion": { "completionItem": { "snippetSupport": true } },
            "definition": { "linkSupport": true },
            "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
            "foldingRange": { "lineFoldingOnly": true, "foldingRange": { "collapsedText": true } },
            "codeAction": { "codeActionLiteralSupport": {}, "isPreferredSupport": true },
        },
        "workspace": { "workspaceEdit": { "documentChanges": true }, "inlayHint": { "refreshSupport": true } },
    })
}
