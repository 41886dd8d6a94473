//! The README's table of methods is what the program does.

use serde_json::json;

use crate::harness::Server;

struct Row {
    method: String,
    answered: String,
    test: String,
}

/// Of requests and notifications that the server takes.
fn rows() -> Vec<Row> {
    table("| Method |")
}

/// Of those that it sends.
fn sent() -> Vec<Row> {
    table("| Message |")
}

fn table(head: &str) -> Vec<Row> {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let table = readme.lines().skip_while(|line| !line.starts_with(head)).skip(2);
    let rows = table.take_while(|line| line.starts_with('|')).map(|line| {
        let mut cells =
            line.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`').to_owned());
        let (method, answered) = (cells.next().unwrap(), cells.next().unwrap());
        Row { method, answered, test: cells.nth(1).unwrap() }
    });
    rows.collect()
}

#[test]
fn each_answered_method_has_a_test() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/protocol");
    let sources: String = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    for row in rows().into_iter().chain(sent()) {
        assert!(["yes", "no", "not yet"].contains(&&*row.answered), "{}", row.method);
        if row.answered == "yes" {
            assert!(
                sources.contains(&format!("fn {}()", row.test)),
                "{} names the test {:?}",
                row.method,
                row.test
            );
        }
    }
}

/// What begins so is no request, or one that begins or ends the session.
const OTHERS: [&str; 11] = [
    "initialized",
    "exit",
    "shutdown",
    "initialize",
    "$/",
    "textDocument/did",
    "textDocument/publishDiagnostics",
    "textDocument/willSave",
    "workspace/did",
    "window/",
    "notebookDocument/",
];

fn is_request(row: &Row) -> bool {
    row.method == "textDocument/willSaveWaitUntil"
        || !OTHERS.iter().any(|prefix| row.method.starts_with(prefix))
}

/// The requests that are answered.
pub(crate) fn requests() -> Vec<String> {
    rows().into_iter().filter(|row| row.answered == "yes" && is_request(row)).map(|row| row.method).collect()
}

/// Requests in the table are known to the program, the others are not.
#[test]
fn answered_is_answered() {
    let mut server = Server::session(
        json!({ "textDocument": { "diagnostic": {} }, "workspace": { "diagnostics": { "refreshSupport": true } } }),
    );
    let mut requests = 0;
    for row in rows().into_iter().filter(is_request) {
        requests += 1;
        let id = server.request(&row.method, json!({}));
        let unknown = server.answer(id).is_err_and(|error| error["code"] == -32601);
        assert_eq!(unknown, row.answered != "yes", "{}", row.method);
    }
    assert!(requests > 50, "the table was found");
}

/// All of LSP 3.17, and two requests of 3.18.
const PROTOCOL: &str = "
    initialize initialized shutdown exit $/cancelRequest $/progress $/setTrace $/logTrace
    client/registerCapability client/unregisterCapability telemetry/event
    window/showMessage window/showMessageRequest window/showDocument window/logMessage
    window/workDoneProgress/create window/workDoneProgress/cancel
    workspace/workspaceFolders workspace/didChangeWorkspaceFolders workspace/configuration
    workspace/didChangeConfiguration workspace/didChangeWatchedFiles workspace/symbol workspaceSymbol/resolve
    workspace/executeCommand workspace/applyEdit workspace/willCreateFiles workspace/didCreateFiles
    workspace/willRenameFiles workspace/didRenameFiles workspace/willDeleteFiles workspace/didDeleteFiles
    workspace/codeLens/refresh workspace/semanticTokens/refresh workspace/inlineValue/refresh
    workspace/inlayHint/refresh workspace/diagnostic/refresh workspace/diagnostic
    textDocument/didOpen textDocument/didChange textDocument/willSave textDocument/willSaveWaitUntil
    textDocument/didSave textDocument/didClose
    notebookDocument/didOpen notebookDocument/didChange notebookDocument/didSave notebookDocument/didClose
    textDocument/declaration textDocument/definition textDocument/typeDefinition textDocument/implementation
    textDocument/references textDocument/prepareCallHierarchy callHierarchy/incomingCalls
    callHierarchy/outgoingCalls textDocument/prepareTypeHierarchy typeHierarchy/supertypes typeHierarchy/subtypes
    textDocument/documentHighlight textDocument/documentLink documentLink/resolve textDocument/hover
    textDocument/codeLens codeLens/resolve textDocument/foldingRange textDocument/selectionRange
    textDocument/documentSymbol textDocument/semanticTokens/full textDocument/semanticTokens/full/delta
    textDocument/semanticTokens/range textDocument/inlineValue textDocument/inlayHint inlayHint/resolve
    textDocument/moniker textDocument/completion completionItem/resolve textDocument/publishDiagnostics
    textDocument/diagnostic textDocument/signatureHelp textDocument/codeAction codeAction/resolve
    textDocument/documentColor textDocument/colorPresentation textDocument/formatting textDocument/rangeFormatting
    textDocument/onTypeFormatting textDocument/rename textDocument/prepareRename textDocument/linkedEditingRange
    workspace/textDocumentContent textDocument/rangesFormatting";

#[test]
fn the_tables_are_whole() {
    let told: Vec<_> = rows().into_iter().chain(sent()).map(|row| row.method).collect();
    let missing: Vec<_> =
        PROTOCOL.split_whitespace().filter(|method| !told.iter().any(|row| row == method)).collect();
    assert!(missing.is_empty(), "neither answered nor explained in the README: {missing:?}");
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    for line in readme.lines().filter(|line| line.starts_with("| `") && line.contains("| no |")) {
        let why = line.split('|').nth(3).unwrap_or_default().trim();
        assert!(!why.is_empty(), "no reason: {line}");
    }
}

/// And every request the program knows is in the table.
#[test]
fn every_route_is_in_the_table() {
    let routes =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/service/src/routes.rs")).unwrap();
    let table: Vec<_> = rows().into_iter().map(|row| row.method).collect();
    let methods = routes.split("route!(").skip(1).filter_map(|rest| rest.split('"').nth(1));
    let missing: Vec<_> = methods
        .filter(|method| {
            !method.is_empty() && !method.starts_with("air/test") && !table.iter().any(|row| row == method)
        })
        .collect();
    assert!(missing.is_empty(), "not in the README: {missing:?}");
}
