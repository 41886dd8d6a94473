//! The registry: every request the server answers, with where it runs.
//!
//! A new request is one file in `features/` and one line here.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::document::Snapshot;
use super::features::*;
use super::json::Json;
use super::lsp::{self, Url};

/// Where a request runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// On the owner's thread, at once: for what costs no more than a message.
    Sync,
    /// On a worker thread.
    Pool,
    /// On a thread that does nothing else, so that formatting on save never queues.
    Format,
    /// On a thread of its own for what may look at files; sees all open documents.
    Search,
    /// On one of the threads for runs of scripts, of which a document has one at a time.
    Run,
}

/// One request.
#[derive(Debug)]
pub(super) struct Route {
    /// Its name in the protocol.
    pub method: &'static str,
    /// Where it runs.
    pub class: Class,
    /// Which document it is about.
    pub target: fn(&Value) -> lsp::Result<Url>,
    /// The feature.
    pub run: fn(&Snapshot, Value) -> lsp::Result<Json>,
    /// The answer for a document that is not open, or too large.
    pub absent: fn() -> Value,
    /// The answer when the document changed meanwhile; `None` where the result stays good.
    pub outdated: Option<fn() -> lsp::Error>,
    /// Whether it runs on documents that are too large to be analysed.
    pub any_size: bool,
    /// Whether it runs on sample data, which is no script.
    pub samples: bool,
}

/// The route of a method.
pub(super) fn find(method: &str) -> Option<&'static Route> {
    ROUTES.iter().find(|route| route.method == method).or_else(|| {
        let tests = std::env::var_os("AIR_LSP_TEST").is_some();
        TEST_ROUTES.iter().find(|route| tests && route.method == method)
    })
}

macro_rules! route {
    ($class:ident, $method:literal, $feature:path) => {
        Route {
            method: $method,
            class: Class::$class,
            target: text_document,
            run: |snapshot, params| typed(snapshot, params, $feature),
            absent: || Value::Null,
            outdated: Some(lsp::Error::content_modified),
            any_size: false,
            samples: false,
        }
    };
}

macro_rules! command {
    ($class:ident, $name:expr, $feature:path) => {
        Route { method: $name, target: uri, ..route!($class, "", $feature) }
    };
}

macro_rules! structural {
    ($name:literal) => {
        Route {
            method: concat!("air.", $name),
            class: Class::Pool,
            target: uri,
            run: |snapshot, params| {
                typed(snapshot, params, |snapshot, params| structural::structural(snapshot, params, $name))
            },
            absent: || Value::Null,
            outdated: Some(lsp::Error::content_modified),
            any_size: false,
            samples: false,
        }
    };
}

/// The route of a command.
pub(super) fn command(name: &str) -> Option<&'static Route> {
    COMMANDS.iter().find(|command| command.method == name)
}

/// All requests about documents.
pub(super) static ROUTES: &[Route] = &[
    Route {
        absent: no_diagnostics,
        outdated: Some(ask_again),
        any_size: true,
        samples: true,
        ..route!(Pool, "textDocument/diagnostic", diagnostics::pull)
    },
    route!(Pool, "textDocument/codeAction", code_actions::code_actions),
    Route { target: refactor::origin, ..route!(Pool, "codeAction/resolve", refactor::resolve) },
    Route { samples: true, ..route!(Pool, "textDocument/completion", completion::completion) },
    route!(Search, "textDocument/prepareCallHierarchy", call_hierarchy::prepare),
    Route { target: workspace, ..route!(Search, "callHierarchy/incomingCalls", call_hierarchy::incoming) },
    Route { target: workspace, ..route!(Search, "callHierarchy/outgoingCalls", call_hierarchy::outgoing) },
    Route {
        target: completion::origin,
        outdated: None,
        ..route!(Pool, "completionItem/resolve", completion::resolve)
    },
    route!(Pool, "textDocument/declaration", declaration::declaration),
    route!(Pool, "textDocument/definition", definition::definition),
    route!(Pool, "textDocument/documentHighlight", highlight::highlight),
    route!(Pool, "textDocument/documentSymbol", document_symbols::document_symbols),
    route!(Pool, "textDocument/foldingRange", fold::fold),
    Route { samples: true, ..route!(Pool, "textDocument/hover", hover::hover) },
    route!(Pool, "textDocument/implementation", implementation::implementation),
    route!(Pool, "textDocument/inlayHint", inlay_hints::inlay_hints),
    route!(Pool, "textDocument/linkedEditingRange", linked_editing::linked_editing),
    route!(Pool, "textDocument/prepareRename", rename::prepare_rename),
    route!(Search, "textDocument/references", references::references),
    route!(Search, "textDocument/rename", rename::rename),
    route!(Pool, "textDocument/selectionRange", select::select),
    route!(Pool, "textDocument/semanticTokens/full", semantic_tokens::full),
    route!(Pool, "textDocument/semanticTokens/full/delta", semantic_tokens::delta),
    route!(Pool, "textDocument/semanticTokens/range", semantic_tokens::range),
    route!(Pool, "textDocument/signatureHelp", signature_help::signature_help),
    route!(Format, "textDocument/formatting", format::document),
    route!(Format, "textDocument/rangeFormatting", format::range),
    route!(Format, "textDocument/rangesFormatting", format::ranges),
    route!(Format, "textDocument/onTypeFormatting", format::on_type),
    Route {
        target: workspace,
        ..route!(Search, "workspace/diagnostic", workspace_diagnostics::workspace_diagnostics)
    },
    Route { target: workspace, ..route!(Search, "workspace/symbol", workspace_symbols::workspace_symbols) },
    Route { samples: true, ..route!(Pool, "textDocument/codeLens", code_lens::code_lens) },
    route!(Pool, "air/view", view::view),
    Route { target: view::source_of, ..route!(Pool, "workspace/textDocumentContent", view::content) },
    Route {
        outdated: None,
        any_size: true,
        samples: true,
        ..route!(Sync, "air/document", document_state::document_state)
    },
];

/// The commands of `workspace/executeCommand`, each with one object as its argument, whose `uri` names the script.
/// Those that concern the runs as such are the owner's: `owner/runs.rs`.
pub(super) static COMMANDS: &[Route] = &[
    command!(Run, run::COMMAND, run::run),
    command!(Pool, generate_sample::COMMAND, generate_sample::generate),
    command!(Pool, explain_not_executed::COMMAND, explain_not_executed::explain),
    command!(Pool, show_diagram::COMMAND, show_diagram::diagram),
    structural!("slurpForward"),
    structural!("slurpBackward"),
    structural!("barfForward"),
    structural!("barfBackward"),
    structural!("raise"),
    structural!("splice"),
    structural!("dragForward"),
    structural!("dragBackward"),
    structural!("kill"),
    structural!("jumpToClosingBracket"),
    structural!("jumpToOpeningBracket"),
    command!(Pool, show_report::COMMAND, show_report::report),
];

/// Routes that exist only when `AIR_LSP_TEST` is set: they break the server on purpose.
static TEST_ROUTES: &[Route] = &[
    route!(Pool, "air/test/panic", misbehave::panic),
    Route { outdated: None, ..route!(Pool, "air/test/sleep", misbehave::sleep) },
];

fn typed<P: DeserializeOwned, R: Serialize>(
    snapshot: &Snapshot,
    params: Value,
    feature: fn(&Snapshot, P) -> lsp::Result<R>,
) -> lsp::Result<Json> {
    let params = serde_json::from_value(params).map_err(|error| lsp::error(-32602, error.to_string()))?;
    let result = feature(snapshot, params)?;
    Json::new(&result).map_err(|error| lsp::error(-32603, error.to_string()))
}

fn text_document(params: &Value) -> lsp::Result<Url> {
    let uri = params.pointer("/textDocument/uri").and_then(Value::as_str);
    let uri = uri.ok_or_else(|| lsp::error(-32602, "params.textDocument.uri is missing"))?;
    Url::parse(uri).map_err(|error| lsp::error(-32602, format!("{uri} is no URI: {error}")))
}

/// Scheme of [`workspace`].
pub(super) const WORKSPACE: &str = "air-workspace";

/// Stands for requests that are about no document; never open, so never out of date.
fn workspace(_: &Value) -> lsp::Result<Url> {
    Url::parse("air-workspace:all").map_err(|error| lsp::error(-32603, error.to_string()))
}

/// Of the argument of a command.
pub(super) fn uri(argument: &Value) -> lsp::Result<Url> {
    let uri = argument.get("uri").and_then(Value::as_str);
    let uri = uri.ok_or_else(|| lsp::error(-32602, "arguments[0].uri is missing"))?;
    Url::parse(uri).map_err(|error| lsp::error(-32602, format!("{uri} is no URI: {error}")))
}

fn no_diagnostics() -> Value {
    json!({ "kind": "full", "items": [] })
}

fn ask_again() -> lsp::Error {
    let mut error = lsp::error(lsp::SERVER_CANCELLED, "the document changed");
    error.data = Some(json!({ "retriggerRequest": true }));
    error
}
