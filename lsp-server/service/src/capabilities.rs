//! What `initialize` answers.

use serde_json::{Value, json};

use super::client::{Client, encoding_name};
use super::features::{code_actions, completion, semantic_tokens, view};
use super::owner::COMMANDS;
use super::routes;

/// Version of the protocol additions; see the README.
pub(super) const ADDITIONS: u32 = 1;

/// Written as JSON because it holds more than `lsp-types` 0.94 knows.
pub(super) fn initialize_result(client: &Client) -> Value {
    let progress = json!({ "workDoneProgress": true });
    json!({
        "serverInfo": { "name": "air-lsp", "version": env!("CARGO_PKG_VERSION") },
        "capabilities": {
            "positionEncoding": encoding_name(client.encoding),
            "textDocumentSync": { "openClose": true, "change": 2, "save": {} },
            "diagnosticProvider": {
                "identifier": "air",
                "interFileDependencies": false,
                "workspaceDiagnostics": true,
                "workDoneProgress": true,
            },
            "codeLensProvider": {},
            "executeCommandProvider": { "commands": commands(), "workDoneProgress": true },
            "codeActionProvider": { "codeActionKinds": code_actions::KINDS, "resolveProvider": true },
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
            "workspace": { "workspaceFolders": { "supported": true, "changeNotifications": true }, "textDocumentContent": { "schemes": [view::SCHEME] } },
            "experimental": { "air": { "version": ADDITIONS, "requests": ["air/view", "air/document"] } },
        },
    })
}

fn commands() -> Vec<&'static str> {
    COMMANDS.iter().copied().chain(routes::COMMANDS.iter().map(|command| command.method)).collect()
}
