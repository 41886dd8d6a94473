//! What the client can do, read leniently: a strange `initialize` must not keep the server from
//! starting, so each capability is looked up by its path and absent means no.

use air_syntax::Encoding;
use serde_json::Value;

/// Capabilities that change what the server does.
#[derive(Debug, Clone, Default)]
pub(crate) struct Client {
    /// Unit of columns.
    pub encoding: Encoding,
    /// Requests diagnostics itself, and can be asked to request them again; the server publishes none then. Both
    /// are needed: runs and settings change diagnostics without an edit.
    pub pull_diagnostics: bool,
    /// Looks at open documents too when it is asked to request diagnostics of a workspace again.
    pub workspace_diagnostics: bool,
    /// Can be asked to request an `air-view:` document again.
    pub content_refresh: bool,
    /// Requests inlay hints, at times of its own.
    pub hints: bool,
    /// Can be asked to request inlay hints again.
    pub hint_refresh: bool,
    /// Can be asked to request code lenses again.
    pub lens_refresh: bool,
    /// Shows related places.
    pub related_information: bool,
    /// Shows tags (1 unnecessary, 2 deprecated).
    pub diagnostic_tags: bool,
    /// Links codes.
    pub code_description: bool,
    /// Takes links with ranges rather than bare places.
    pub definition_links: bool,
    /// Shows Markdown.
    pub markdown: bool,
    /// Fills in snippets.
    pub snippets: bool,
    /// Lets its user choose whether an item replaces the rest of the word.
    pub insert_replace: bool,
    /// Trees of symbols rather than lists.
    pub hierarchical_symbols: bool,
    /// Folds whole lines only.
    pub line_folding_only: bool,
    /// Shows a text in the place of what is folded.
    pub collapsed_text: bool,
    /// Ranges beyond it are ignored by the client.
    pub folding_limit: Option<usize>,
    /// Tokens may span lines.
    pub multiline_tokens: bool,
    /// Code actions rather than commands.
    pub code_action_literals: bool,
    /// Knows `isPreferred`.
    pub preferred_actions: bool,
    /// Edits of code actions may come when one is chosen.
    pub action_edits_later: bool,
    /// Edits that carry versions.
    pub document_changes: bool,
    /// Edits that people confirm, with a reason.
    pub change_annotations: bool,
    /// Makes files that an edit creates.
    pub create_files: bool,
    /// Renames files as an edit says.
    pub rename_files: bool,
    /// Makes edits that the server asks for.
    pub apply_edit: bool,
    /// Shows documents that the server asks for.
    pub show_document: bool,
    /// Shows progress that the server starts.
    pub work_done_progress: bool,
    /// Answers `workspace/configuration`.
    pub configuration: bool,
    /// Can be asked to announce changes of the settings.
    pub register_configuration: bool,
    /// Can be asked to watch files.
    pub register_watched_files: bool,
}

impl Client {
    /// From `InitializeParams`.
    pub(crate) fn of(params: &Value) -> Client {
        let mut client = Client::new(params.get("capabilities").unwrap_or(&Value::Null));
        // Neovim 0.12, when asked to pull again, pulls those of the workspace alone if there are such, and takes none
        // of them for buffers whose diagnostics it pulls. Of single documents it then pulls again.
        if params.pointer("/clientInfo/name").is_some_and(|name| name == "Neovim") {
            client.workspace_diagnostics = false;
        }
        client
    }

    /// From `InitializeParams.capabilities`.
    pub(crate) fn new(capabilities: &Value) -> Client {
        let at = |path: &str| capabilities.pointer(path);
        let has = |path: &str| at(path).and_then(Value::as_bool).unwrap_or_default();
        let operation = |name: &str| {
            let operations = at("/workspace/workspaceEdit/resourceOperations").and_then(Value::as_array);
            operations.is_some_and(|operations| operations.iter().any(|operation| operation == name))
        };
        Client {
            encoding: encoding(at("/general/positionEncodings")),
            // Clients built on older `lsp-types` write it without the `s`.
            pull_diagnostics: at("/textDocument/diagnostic").is_some_and(Value::is_object)
                && (has("/workspace/diagnostics/refreshSupport")
                    || has("/workspace/diagnostic/refreshSupport")),
            workspace_diagnostics: true,
            content_refresh: at("/workspace/textDocumentContent").is_some_and(Value::is_object),
            hints: at("/textDocument/inlayHint").is_some_and(Value::is_object),
            // The second place is ours, for plugins of clients that write the first one themselves.
            hint_refresh: has("/workspace/inlayHint/refreshSupport")
                || has("/experimental/air/inlayHintRefresh"),
            lens_refresh: has("/workspace/codeLens/refreshSupport"),
            related_information: has("/textDocument/publishDiagnostics/relatedInformation")
                || has("/textDocument/diagnostic/relatedInformation"),
            diagnostic_tags: at("/textDocument/publishDiagnostics/tagSupport").is_some_and(is_some)
                || at("/textDocument/diagnostic/tagSupport").is_some_and(is_some),
            code_description: has("/textDocument/publishDiagnostics/codeDescriptionSupport")
                || has("/textDocument/diagnostic/codeDescriptionSupport"),
            definition_links: has("/textDocument/definition/linkSupport"),
            markdown: at("/textDocument/hover/contentFormat")
                .and_then(Value::as_array)
                .is_some_and(|formats| formats.iter().any(|format| format == "markdown")),
            snippets: has("/textDocument/completion/completionItem/snippetSupport"),
            insert_replace: has("/textDocument/completion/completionItem/insertReplaceSupport"),
            hierarchical_symbols: has("/textDocument/documentSymbol/hierarchicalDocumentSymbolSupport"),
            line_folding_only: has("/textDocument/foldingRange/lineFoldingOnly"),
            collapsed_text: has("/textDocument/foldingRange/foldingRange/collapsedText"),
            folding_limit: at("/textDocument/foldingRange/rangeLimit")
                .and_then(Value::as_u64)
                .and_then(|limit| usize::try_from(limit).ok()),
            multiline_tokens: has("/textDocument/semanticTokens/multilineTokenSupport"),
            code_action_literals: at("/textDocument/codeAction/codeActionLiteralSupport")
                .is_some_and(Value::is_object),
            preferred_actions: has("/textDocument/codeAction/isPreferredSupport"),
            action_edits_later: has("/textDocument/codeAction/dataSupport")
                && at("/textDocument/codeAction/resolveSupport/properties")
                    .and_then(Value::as_array)
                    .is_some_and(|properties| properties.iter().any(|property| property == "edit")),
            document_changes: has("/workspace/workspaceEdit/documentChanges"),
            change_annotations: at("/workspace/workspaceEdit/changeAnnotationSupport")
                .is_some_and(Value::is_object),
            create_files: has("/workspace/workspaceEdit/documentChanges") && operation("create"),
            rename_files: has("/workspace/workspaceEdit/documentChanges") && operation("rename"),
            apply_edit: has("/workspace/applyEdit"),
            show_document: has("/window/showDocument/support"),
            work_done_progress: has("/window/workDoneProgress"),
            configuration: has("/workspace/configuration"),
            register_configuration: has("/workspace/didChangeConfiguration/dynamicRegistration"),
            register_watched_files: has("/workspace/didChangeWatchedFiles/dynamicRegistration"),
        }
    }
}

/// The protocol's name of a unit.
pub(crate) fn encoding_name(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Utf8 => "utf-8",
        Encoding::Utf16 => "utf-16",
        Encoding::Utf32 => "utf-32",
    }
}

/// UTF-8 where offered, since that is what the text is; then the client's order.
fn encoding(offered: Option<&Value>) -> Encoding {
    let offered: Vec<_> =
        offered.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    if offered.contains(&"utf-8") {
        return Encoding::Utf8;
    }
    match offered.iter().find(|name| matches!(**name, "utf-16" | "utf-32")) {
        Some(&"utf-32") => Encoding::Utf32,
        _ => Encoding::Utf16,
    }
}

fn is_some(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn encodings() {
        for (offered, expected) in [
            (json!({}), Encoding::Utf16),
            (json!({ "general": { "positionEncodings": null } }), Encoding::Utf16),
            (json!({ "general": { "positionEncodings": [] } }), Encoding::Utf16),
            (json!({ "general": { "positionEncodings": ["utf-7", 3] } }), Encoding::Utf16),
            (json!({ "general": { "positionEncodings": ["utf-16", "utf-8"] } }), Encoding::Utf8),
            (json!({ "general": { "positionEncodings": ["utf-32", "utf-16"] } }), Encoding::Utf32),
            (json!({ "general": { "positionEncodings": ["utf-16", "utf-32"] } }), Encoding::Utf16),
        ] {
            assert_eq!(Client::new(&offered).encoding, expected, "{offered}");
        }
    }

    #[test]
    fn pulling_needs_refreshing() {
        let pull = json!({ "diagnostic": {} });
        for (workspace, expected) in [
            (json!({ "diagnostics": { "refreshSupport": true } }), true),
            (json!({ "diagnostic": { "refreshSupport": true } }), true),
            (json!({ "diagnostics": { "refreshSupport": false } }), false),
            (json!({ "inlayHint": { "refreshSupport": true } }), false),
        ] {
            let client = Client::new(&json!({ "textDocument": pull, "workspace": workspace }));
            assert_eq!(client.pull_diagnostics, expected, "{workspace}");
        }
        let refreshes = json!({ "workspace": { "diagnostics": { "refreshSupport": true } } });
        assert!(!Client::new(&refreshes).pull_diagnostics);
    }

    #[test]
    fn nonsense_is_a_client_that_can_do_nothing() {
        let client = Client::new(&json!({ "textDocument": [1], "window": "yes", "workspace": null }));
        assert!(!client.pull_diagnostics && !client.work_done_progress && !client.document_changes);
    }
}
