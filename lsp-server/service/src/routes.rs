//! The registry: every request the server answers, with where it runs.
//!
//! A new request is one file in `features/` and one line here.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::features::*;
use crate::json::Json;
use crate::lsp::{self, Url};
use crate::panic_guard::guard;
use crate::snapshot::Snapshot;

/// Where a request runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// In its turn, at once: for what costs no more than a message.
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

impl Class {
    const fn view(self) -> OpenDocuments {
        match self {
            Class::Search | Class::Run => OpenDocuments::All,
            Class::Sync | Class::Pool | Class::Format => OpenDocuments::None,
        }
    }
}

/// Which open documents a request sees beside its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OpenDocuments {
    /// No others.
    None,
    /// The sample data of the script, which may be open and not saved.
    Sample,
    /// All.
    All,
}

/// What else a request starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before {
    /// Nothing.
    Nothing,
    /// The workspace is looked through for names, off to the side.
    LookAround,
    /// Documents will be opened under other names.
    ExpectRenames,
    /// The client shows the virtual document of `params.uri` from now on, and learns when it is out of date.
    RememberView,
}

/// What becomes of a result before it is the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum After {
    /// It is the answer.
    Nothing,
    /// The client applies the edit in it and shows the document, if it can.
    ApplyEdit,
    /// It is the answer once it says something new.
    Hold,
}

/// What a request about a document of another language is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Embedded {
    /// Nothing: the language's own server answers.
    Nothing,
    /// The script at `params.position`.
    AtPosition,
    /// The document; the feature knows of scripts in it.
    Document,
}

/// One request.
#[derive(Debug)]
pub(crate) struct Route {
    /// Its name in the protocol.
    pub method: &'static str,
    /// Where it runs.
    pub class: Class,
    /// Which document it is about.
    pub target: fn(&Value) -> lsp::Result<Url>,
    /// Runs the feature on a snapshot, with the parameters.
    pub run: fn(&Snapshot, Value) -> lsp::Result<Json>,
    /// The answer for a document that is not open, or too large.
    pub absent: fn() -> Value,
    /// The answer when the document changed meanwhile; `None` where the result stays good.
    pub outdated: Option<fn() -> lsp::Error>,
    /// Whether it runs on documents that are too large to be analysed.
    pub any_size: bool,
    /// Whether it runs on sample data, which is not a script.
    pub samples: bool,
    /// What it is about in a document that scripts are written into.
    pub embedded: Embedded,
    /// What else it sees.
    pub view: OpenDocuments,
    /// What it starts besides.
    pub before: Before,
    /// What becomes of its result.
    pub after: After,
}

impl Route {
    /// Runs it; one that fails by a bug is kept from this text from then on. The outer error is the text of a panic.
    pub(crate) fn run_guarded(
        &'static self,
        snapshot: &Snapshot,
        params: Value,
    ) -> Result<lsp::Result<Json>, String> {
        let result = guard(|| self.run_on_part(snapshot, params));
        if let Err(panic) = &result {
            snapshot.document.quarantine(self.method, panic.clone());
        }
        result
    }
}

impl Route {
    /// Runs it on the document, or on the script in it that it is about.
    fn run_on_part(&self, snapshot: &Snapshot, params: Value) -> lsp::Result<Json> {
        if !snapshot.document.is_host() || self.embedded == Embedded::Document {
            return (self.run)(snapshot, params);
        }
        let position = params.get("position").filter(|_| self.embedded == Embedded::AtPosition);
        let position = position.and_then(|position| serde_json::from_value(position.clone()).ok());
        match position.and_then(|position| embedded::at(snapshot, position)) {
            Some(part) => (self.run)(&part, params),
            None => Ok((self.absent)().into()),
        }
    }
}

/// The route of a method. `hooks`: also of those that break the service on purpose.
pub(crate) fn find(method: &str, hooks: bool) -> Option<&'static Route> {
    let hooks: &[Route] = if hooks { TEST_ROUTES } else { &[] };
    ROUTES.iter().chain(hooks).find(|route| route.method == method)
}

macro_rules! route {
    ($class:ident, $method:literal, $feature:path) => {
        route!($class, $method, run = |snapshot, params| typed(snapshot, params, $feature))
    };
    ($class:ident, $method:expr, run = $run:expr) => {
        Route {
            method: $method,
            class: Class::$class,
            target: text_document,
            run: $run,
            absent: || Value::Null,
            outdated: Some(lsp::Error::content_modified),
            any_size: false,
            samples: false,
            embedded: Embedded::Nothing,
            view: Class::$class.view(),
            before: Before::Nothing,
            after: After::Nothing,
        }
    };
}

macro_rules! command {
    ($class:ident, $name:expr, $feature:path) => {
        command!($class, $name, run = |snapshot, params| typed(snapshot, params, $feature))
    };
    ($class:ident, $name:expr, run = $run:expr) => {
        Route { method: $name, target: uri, ..route!($class, "", run = $run) }
    };
}

macro_rules! structural {
    ($name:literal) => {
        command!(
            Pool,
            concat!("air.", $name),
            run = |snapshot, params| {
                typed(snapshot, params, |snapshot, params| structural::structural(snapshot, params, $name))
            }
        )
    };
}

/// The route of a command.
pub(crate) fn command(name: &str) -> Option<&'static Route> {
    COMMANDS.iter().find(|command| command.method == name)
}

/// All requests about documents.
pub(crate) static ROUTES: &[Route] = &[
    Route {
        absent: no_diagnostics,
        outdated: Some(ask_again),
        any_size: true,
        samples: true,
        embedded: Embedded::Document,
        ..route!(
            Pool,
            "textDocument/diagnostic",
            run = |snapshot, params| diagnostic::pull(snapshot, parsed(params)?)
        )
    },
    Route {
        embedded: Embedded::Document,
        ..route!(Pool, "textDocument/codeAction", code_action::code_actions)
    },
    Route { target: refactor::origin, ..route!(Pool, "codeAction/resolve", refactor::resolve) },
    Route {
        samples: true,
        embedded: Embedded::AtPosition,
        view: OpenDocuments::Sample,
        before: Before::LookAround,
        ..route!(Pool, "textDocument/completion", completion::completion)
    },
    route!(Search, "textDocument/prepareCallHierarchy", call_hierarchy::prepare),
    Route { target: workspace, ..route!(Search, "callHierarchy/incomingCalls", call_hierarchy::incoming) },
    Route { target: workspace, ..route!(Search, "callHierarchy/outgoingCalls", call_hierarchy::outgoing) },
    Route {
        target: completion::origin,
        outdated: None,
        embedded: Embedded::Document,
        view: OpenDocuments::Sample,
        before: Before::LookAround,
        ..route!(Pool, "completionItem/resolve", completion::resolve)
    },
    route!(Pool, "textDocument/declaration", declaration::declaration),
    Route {
        embedded: Embedded::AtPosition,
        ..route!(Pool, "textDocument/definition", definition::definition)
    },
    Route {
        embedded: Embedded::AtPosition,
        ..route!(Pool, "textDocument/documentHighlight", document_highlight::highlight)
    },
    route!(Pool, "textDocument/documentSymbol", document_symbol::document_symbols),
    route!(Pool, "textDocument/foldingRange", folding_range::fold),
    Route {
        samples: true,
        embedded: Embedded::AtPosition,
        view: OpenDocuments::Sample,
        ..route!(Pool, "textDocument/hover", hover::hover)
    },
    route!(Pool, "textDocument/implementation", implementation::implementation),
    route!(Pool, "textDocument/inlayHint", inlay_hint::inlay_hints),
    route!(Pool, "textDocument/linkedEditingRange", linked_editing_range::linked_editing),
    route!(Pool, "textDocument/prepareRename", rename::prepare_rename),
    route!(Search, "textDocument/references", references::references),
    route!(Search, "textDocument/rename", rename::rename),
    route!(Pool, "textDocument/selectionRange", selection_range::select),
    route!(Pool, "textDocument/semanticTokens/full", semantic_tokens::full),
    route!(Pool, "textDocument/semanticTokens/full/delta", semantic_tokens::delta),
    route!(Pool, "textDocument/semanticTokens/range", semantic_tokens::range),
    Route {
        embedded: Embedded::AtPosition,
        ..route!(Pool, "textDocument/signatureHelp", signature_help::signature_help)
    },
    route!(Format, "textDocument/formatting", formatting::document),
    Route {
        embedded: Embedded::Document,
        ..route!(Format, "textDocument/rangeFormatting", formatting::range)
    },
    route!(Format, "textDocument/rangesFormatting", formatting::ranges),
    route!(Format, "textDocument/onTypeFormatting", formatting::on_type),
    Route {
        target: workspace,
        after: After::Hold,
        ..route!(Search, "workspace/diagnostic", workspace_diagnostic::workspace_diagnostics)
    },
    Route {
        target: workspace,
        before: Before::ExpectRenames,
        ..route!(Pool, "workspace/willRenameFiles", will_rename_files::will_rename_files)
    },
    Route { target: workspace, ..route!(Search, "workspace/symbol", workspace_symbol::workspace_symbols) },
    Route {
        samples: true,
        // Lenses look at sample data, and at the scripts of sample data.
        view: OpenDocuments::All,
        ..route!(Pool, "textDocument/codeLens", code_lens::code_lens)
    },
    route!(Pool, "air/view", readable_view::view),
    Route {
        target: readable_view::source_of,
        before: Before::RememberView,
        ..route!(Pool, "workspace/textDocumentContent", readable_view::content)
    },
    Route {
        outdated: None,
        any_size: true,
        samples: true,
        embedded: Embedded::Document,
        ..route!(Sync, "air/document", document_state::document_state)
    },
];

/// The commands of `workspace/executeCommand`, each with one object as its argument, whose `uri` names the script.
/// [`RUN_COMMANDS`] are not among them.
pub(crate) static COMMANDS: &[Route] = &[
    // The report goes to the client as it comes from the interpreter.
    command!(
        Run,
        run::command::COMMAND,
        run = |snapshot, params| run::command::run(snapshot, parsed(params)?)
    ),
    command!(
        Run,
        run::explore_orders::COMMAND,
        run = |snapshot, params| run::explore_orders::explore_orders(snapshot, parsed(params)?)
    ),
    Route { after: After::ApplyEdit, ..command!(Pool, generate_sample::COMMAND, generate_sample::generate) },
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

/// Commands that concern runs as such, and that the service itself does.
pub(crate) const RUN_COMMANDS: [&str; 3] = ["air.runAll", "air.stop", "air.clearResults"];

/// Routes that break the service on purpose.
static TEST_ROUTES: &[Route] = &[
    route!(Pool, "air/test/panic", test_hooks::panic),
    Route { outdated: None, ..route!(Pool, "air/test/sleep", test_hooks::sleep) },
];

fn typed<P: DeserializeOwned, R: Serialize>(
    snapshot: &Snapshot,
    params: Value,
    feature: fn(&Snapshot, P) -> lsp::Result<R>,
) -> lsp::Result<Json> {
    let result = feature(snapshot, parsed(params)?)?;
    Json::new(&result).map_err(|error| lsp::error(-32603, error.to_string()))
}

fn parsed<P: DeserializeOwned>(params: Value) -> lsp::Result<P> {
    serde_json::from_value(params).map_err(|error| lsp::error(-32602, error.to_string()))
}

fn text_document(params: &Value) -> lsp::Result<Url> {
    let uri = params.pointer("/textDocument/uri").and_then(Value::as_str);
    let uri = uri.ok_or_else(|| lsp::error(-32602, "params.textDocument.uri is missing"))?;
    Url::parse(uri).map_err(|error| lsp::error(-32602, format!("{uri} is not a URI: {error}")))
}

/// Scheme of [`workspace`].
pub(crate) const WORKSPACE: &str = "air-workspace";

/// Stands for requests that are about no document; never open, so never out of date.
fn workspace(_: &Value) -> lsp::Result<Url> {
    Url::parse("air-workspace:all").map_err(|error| lsp::error(-32603, error.to_string()))
}

/// Of the argument of a command.
pub(crate) fn uri(argument: &Value) -> lsp::Result<Url> {
    let uri = argument.get("uri").and_then(Value::as_str);
    let uri = uri.ok_or_else(|| lsp::error(-32602, "arguments[0].uri is missing"))?;
    Url::parse(uri).map_err(|error| lsp::error(-32602, format!("{uri} is not a URI: {error}")))
}

fn no_diagnostics() -> Value {
    json!({ "kind": "full", "items": [] })
}

fn ask_again() -> lsp::Error {
    let mut error = lsp::error(lsp::SERVER_CANCELLED, "the document changed");
    error.data = Some(json!({ "retriggerRequest": true }));
    error
}
