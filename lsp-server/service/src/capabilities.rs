//! What `initialize` answers.

use serde_json::{Value, json};

use crate::client::{Client, encoding_name};
use crate::features::{code_action, completion, readable_view, semantic_tokens};
use crate::routes::{COMMANDS, RUN_COMMANDS};

/// Version of the protocol additions; see the README.
pub(crate) const ADDITIONS: u32 = 1;

/// Written as JSON because it holds more than `lsp-types` 0.94 knows.
pub(crate) fn initialize_result(client: &Client) -> Value {
    let progress = json!({ "workDoneProgress": true });
    let mut result = json!({
        "serverInfo": { "name": "air-lsp", "version": env!("CARGO_PKG_VERSION") },
        "capabilities": {
            "positionEncoding": encoding_name(client.encoding),
            "textDocumentSync": { "openClose": true, "change": 2, "save": {} },
            "codeLensProvider": {},
            "executeCommandProvider": { "commands": commands(), "workDoneProgress": true },
            "codeActionProvider": { "codeActionKinds": code_action::KINDS, "resolveProvider": true },
            "documentFormattingProvider": progress,
            "documentRangeFormattingProvider": { "rangesSupport": true, "workDoneProgress": true },
            "documentOnTypeFormattingProvider": { "firstTriggerCharacter": ")", "moreTriggerCharacter": ["\n"] },
            "completionProvider": { "triggerCharacters": completion::TRIGGERS, "resolveProvider": true },
            "declarationProvider": true,
            "definitionProvider": true,
            "hoverProvider": true,
            "implementationProvider": true,
            "inlayHintProvider": { "resolveProvider": false },
            "linkedEditingRangeProvider": true,
            "callHierarchyProvider": true,
            "referencesProvider": true,
            "workspaceSymbolProvider": true,
            "renameProvider": { "prepareProvider": true },
            "documentHighlightProvider": true,
            "documentSymbolProvider": { "label": "AIR" },
            "foldingRangeProvider": true,
            "selectionRangeProvider": true,
            "signatureHelpProvider": { "triggerCharacters": [" ", "(", "["], "retriggerCharacters": [")", "]"] },
            "semanticTokensProvider": {
                "legend": semantic_tokens::legend(),
                "range": true,
                "full": { "delta": true },
            },
            "workspace": { "workspaceFolders": { "supported": true, "changeNotifications": true }, "textDocumentContent": { "schemes": [readable_view::SCHEME] }, "fileOperations": { "willRename": renames(), "didRename": renames() } },
            "experimental": { "air": { "version": ADDITIONS, "requests": ["air/view", "air/document"] } },
        },
    });
    // A client that pulls and is pushed to would show everything twice. Left out and not null, which is true in Lua.
    let capabilities = result.get_mut("capabilities").and_then(Value::as_object_mut);
    if let Some(capabilities) = capabilities.filter(|_| client.pull_diagnostics) {
        capabilities.insert("diagnosticProvider".to_owned(), diagnostic_options(client));
    }
    result
}

fn diagnostic_options(client: &Client) -> Value {
    json!({
        "identifier": "air",
        "interFileDependencies": false,
        "workspaceDiagnostics": client.workspace_diagnostics,
        "workDoneProgress": true,
    })
}

/// Of which files and folders the client tells that they are renamed.
fn renames() -> Value {
    let filter =
        |glob: &str, what: &str| json!({ "scheme": "file", "pattern": { "glob": glob, "matches": what } });
    json!({ "filters": [filter("**/*.air", "file"), filter("**", "folder")] })
}

fn commands() -> Vec<&'static str> {
    RUN_COMMANDS.iter().copied().chain(COMMANDS.iter().map(|command| command.method)).collect()
}
