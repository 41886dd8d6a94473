//! From `initialize` to `exit`, and what the server asks the client.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};

use super::{ClientProcess, Service};
use crate::capabilities;
use crate::client::Client;
use crate::config::Configs;
use crate::file_url;
use crate::lsp::{self, MessageType, Url};
use crate::outbox::Reply;
use crate::sample_path::SamplePath;
use crate::settings::Settings;

/// Where the session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Uninitialized,
    Running,
    ShutDown,
}

/// What an answer of the client is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PendingRequest {
    /// `workspace/configuration`.
    Configuration,
    /// `window/workDoneProgress/create` for the analysis of a document.
    Progress(Url),
    /// The same for a run.
    RunProgress(u64),
    /// `workspace/applyEdit` that makes a document to be shown.
    Generated(Url),
    /// Anything whose answer changes nothing.
    Courtesy(&'static str),
}

impl Phase {
    pub(super) fn excuse(self) -> &'static str {
        match self {
            Phase::Uninitialized => "the server is not initialized",
            Phase::Running => "the server is running",
            Phase::ShutDown => "the server is shut down",
        }
    }
}

impl Service {
    pub(super) fn initialize(&mut self, params: &Value, reply: Reply) {
        if self.phase != Phase::Uninitialized {
            reply.send(Err(lsp::error(-32600, "the server is initialized already")));
            return;
        }
        let client = Client::of(params);
        reply.send(Ok(capabilities::initialize_result(&client).into()));
        self.client = client.into();
        self.workspace.set_folders(folders(params), self.client.register_watched_files);
        self.phase = Phase::Running;
        if let Some(options) = params.get("initializationOptions") {
            self.configure(options);
        }
        let id = params.get("processId").and_then(Value::as_u64).and_then(|id| u32::try_from(id).ok());
        self.client_process = Some(ClientProcess { id });
    }

    pub(super) fn initialized(&mut self) {
        if self.client.register_configuration {
            let registration = json!({ "id": "air-configuration", "method": "workspace/didChangeConfiguration", "registerOptions": { "section": "air" } });
            self.ask("client/registerCapability", json!({ "registrations": [registration] }), None);
        }
        if self.client.register_watched_files {
            let watchers = json!([{ "globPattern": "**/{air.toml,.air.toml,.editorconfig}" }, { "globPattern": "**/*.air" }, { "globPattern": "**/*.sample.json" }]);
            let registration = json!({ "id": "air-files", "method": "workspace/didChangeWatchedFiles", "registerOptions": { "watchers": watchers } });
            self.ask("client/registerCapability", json!({ "registrations": [registration] }), None);
        }
        self.ask_configuration();
    }

    /// Asks the client for its settings, if it answers such requests.
    pub(super) fn ask_configuration(&mut self) {
        if self.client.configuration {
            let params = json!({ "items": [{ "section": "air" }] });
            self.ask("workspace/configuration", params, Some(PendingRequest::Configuration));
        }
    }

    pub(super) fn ask(&mut self, method: &'static str, params: Value, about: Option<PendingRequest>) {
        self.last_request += 1;
        self.pending.insert(self.last_request, about.unwrap_or(PendingRequest::Courtesy(method)));
        self.outbox.request(self.last_request, method, params);
    }

    pub(super) fn answer(&mut self, id: i64, answer: lsp::Result<Value>) {
        match (self.pending.remove(&id), answer) {
            (Some(PendingRequest::Configuration), Ok(value)) => {
                if let Some(settings) = value.get(0).filter(|settings| !settings.is_null()) {
                    self.configure(settings);
                }
            }
            (Some(PendingRequest::Configuration), Err(error)) => {
                self.host.log.warn(&format!("the client sent no settings: {error}"))
            }
            (Some(PendingRequest::Progress(uri)), Ok(_)) => self.progress_agreed(&uri),
            (Some(PendingRequest::RunProgress(serial)), Ok(_)) => self.run_progress_agreed(serial),
            (Some(PendingRequest::Progress(_) | PendingRequest::RunProgress(_)), Err(error)) => {
                self.host.log.info(&format!("the client shows no progress: {error}"))
            }
            (Some(PendingRequest::Generated(uri)), Ok(answer)) => self.generated(&uri, &answer),
            (Some(PendingRequest::Generated(uri)), Err(error)) => {
                self.say(lsp::MessageType::WARNING, &format!("the client did not create {uri}: {error}"))
            }
            (Some(PendingRequest::Courtesy(method)), Err(error)) => {
                self.host.log.info(&format!("the client refused {method}: {error}"))
            }
            (Some(PendingRequest::Courtesy(_)), Ok(_)) => {}
            (None, _) => self
                .host
                .log
                .warn(&format!("the client answered request {id}, which the server did not send")),
        }
    }

    pub(super) fn did_change_configuration(&mut self, params: lsp::DidChangeConfigurationParams) {
        // Clients that answer questions send a bare "something changed".
        match params.settings.get("air") {
            Some(settings) => self.configure(&settings.clone()),
            None if self.client.configuration => self.ask_configuration(),
            None if params.settings.is_object() => self.configure(&params.settings),
            None => {}
        }
    }

    pub(super) fn did_change_folders(&mut self, params: lsp::DidChangeWorkspaceFoldersParams) {
        let paths = |folders: Vec<lsp::WorkspaceFolder>| {
            folders.into_iter().filter_map(|folder| file_url::path(&folder.uri)).collect::<Vec<_>>()
        };
        self.background.changed();
        self.workspace.change_folders(paths(params.event.added), &paths(params.event.removed));
    }

    pub(super) fn did_change_watched_files(&mut self, params: lsp::DidChangeWatchedFilesParams) {
        self.workspace.changed();
        self.background.changed();
        let (samples, others): (Vec<_>, Vec<_>) =
            params.changes.iter().map(|change| &change.uri).partition(|uri| SamplePath::is_sample(uri));
        for sample in samples {
            // One that is open counts as it is there.
            let open = self.open.contains_key(&self.as_opened(sample.clone()));
            let dropped = !open && self.sample_changed(sample);
            if !dropped && let Some(script) = self.open_script_of(sample) {
                self.results_changed(&script);
            }
        }
        // Scripts have no say in how others are seen.
        if !params.changes.is_empty() && others.iter().all(|uri| uri.path().ends_with(".air")) {
            return;
        }
        self.configs = Configs::search(Arc::clone(&self.host.files));
        self.settings_changed();
    }

    /// Takes settings; wrong ones are reported and ignored.
    fn configure(&mut self, options: &Value) {
        let (settings, complaints) = Settings::from_client(options);
        for complaint in complaints {
            self.say(MessageType::WARNING, &complaint);
        }
        self.settings = settings.into();
        self.settings_changed();
    }

    pub(super) fn shutdown(&mut self, reply: Reply) {
        self.phase = Phase::ShutDown;
        self.answer_held();
        reply.send(Ok(Value::Null.into()));
    }

    /// Ends the session; 0 only after `shutdown`, as the protocol says.
    pub(super) fn exit(&mut self) {
        self.exit_code = Some(u8::from(self.phase != Phase::ShutDown));
    }

    /// A client that closed its end may still read answers: requests are finished first.
    pub(super) fn input_ended(&mut self) {
        self.flights.last();
        self.answer_held();
        if self.flights.is_empty() {
            self.exit();
        }
    }
}

/// Folders of `initialize`: of the workspace, or the root of older clients.
fn folders(params: &Value) -> Vec<PathBuf> {
    let uris: Vec<&Value> = match params.get("workspaceFolders").and_then(Value::as_array) {
        Some(folders) => folders.iter().filter_map(|folder| folder.get("uri")).collect(),
        None => params.get("rootUri").into_iter().collect(),
    };
    let urls = uris.into_iter().filter_map(|uri| Url::parse(uri.as_str()?).ok());
    urls.filter_map(|url| file_url::path(&url)).collect()
}
