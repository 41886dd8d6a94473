//! From `initialize` to `exit`, and what the server asks the client.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{Event, Owner};
use crate::config::Configs;
use crate::server::client::Client;
use crate::server::lsp::{self, MessageType, Url};
use crate::server::outbox::Reply;
use crate::server::settings::Settings;
use crate::server::{capabilities, log, parent};

/// Where the session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Uninitialized,
    Running,
    ShutDown,
}

/// What an answer of the client is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    /// `workspace/configuration`.
    Configuration,
    /// `window/workDoneProgress/create` for the analysis of a document.
    Progress(Url),
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

impl Owner {
    pub(super) fn initialize(&mut self, params: &Value, reply: Reply) {
        if self.phase != Phase::Uninitialized {
            reply.send(Err(lsp::error(-32600, "the server is initialized already")));
            return;
        }
        let client = Client::new(params.get("capabilities").unwrap_or(&Value::Null));
        reply.send(Ok(capabilities::initialize_result(&client).into()));
        self.client = client.into();
        self.workspace.set_folders(folders(params), self.client.register_watched_files);
        self.phase = Phase::Running;
        if let Some(options) = params.get("initializationOptions") {
            self.configure(options);
        }
        let process = params.get("processId").and_then(Value::as_u64).and_then(|id| u32::try_from(id).ok());
        if let Some(process) = process.or(self.parent) {
            let events = self.events.clone();
            parent::watch(process, move || {
                log::info("the process that started the server has ended");
                let _ = events.send(Event::ParentGone);
            });
        }
    }

    pub(super) fn initialized(&mut self) {
        if self.client.register_configuration {
            let registration = json!({ "id": "air-configuration", "method": "workspace/didChangeConfiguration", "registerOptions": { "section": "air" } });
            self.ask("client/registerCapability", json!({ "registrations": [registration] }), None);
        }
        if self.client.register_watched_files {
            let watchers = json!([{ "globPattern": "**/{air.toml,.air.toml,.editorconfig}" }, { "globPattern": "**/*.air" }]);
            let registration = json!({ "id": "air-files", "method": "workspace/didChangeWatchedFiles", "registerOptions": { "watchers": watchers } });
            self.ask("client/registerCapability", json!({ "registrations": [registration] }), None);
        }
        self.ask_configuration();
    }

    /// Asks the client for its settings, if it can tell.
    pub(super) fn ask_configuration(&mut self) {
        if self.client.configuration {
            let params = json!({ "items": [{ "section": "air" }] });
            self.ask("workspace/configuration", params, Some(Asked::Configuration));
        }
    }

    pub(super) fn ask(&mut self, method: &'static str, params: Value, about: Option<Asked>) {
        self.last_asked += 1;
        self.asked.insert(self.last_asked, about.unwrap_or(Asked::Courtesy(method)));
        self.outbox.request(self.last_asked, method, params);
    }

    pub(super) fn answer(&mut self, id: i64, answer: lsp::Result<Value>) {
        match (self.asked.remove(&id), answer) {
            (Some(Asked::Configuration), Ok(value)) => {
                if let Some(settings) = value.get(0).filter(|settings| !settings.is_null()) {
                    self.configure(settings);
                }
            }
            (Some(Asked::Configuration), Err(error)) => {
                log::warn(&format!("the client told no settings: {error}"))
            }
            (Some(Asked::Progress(uri)), Ok(_)) => self.progress_agreed(&uri),
            (Some(Asked::Progress(_)), Err(error)) => {
                log::info(&format!("the client shows no progress: {error}"))
            }
            (Some(Asked::Generated(uri)), Ok(answer)) => self.generated(&uri, &answer),
            (Some(Asked::Generated(uri)), Err(error)) => {
                self.say(lsp::MessageType::WARNING, &format!("the client did not make {uri}: {error}"))
            }
            (Some(Asked::Courtesy(method)), Err(error)) => {
                log::info(&format!("the client refused {method}: {error}"))
            }
            (Some(Asked::Courtesy(_)), Ok(_)) => {}
            (None, _) => log::warn(&format!("the client answered {id}, which was not asked")),
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
            folders.into_iter().filter_map(|folder| folder.uri.to_file_path().ok()).collect::<Vec<_>>()
        };
        self.workspace.change_folders(paths(params.event.added), &paths(params.event.removed));
    }

    pub(super) fn did_change_watched_files(&mut self, params: lsp::DidChangeWatchedFilesParams) {
        self.workspace.changed();
        // Scripts have no say in how others are seen.
        if !params.changes.is_empty()
            && params.changes.iter().all(|change| change.uri.path().ends_with(".air"))
        {
            return;
        }
        self.configs = Configs::search();
        self.settings_changed();
    }

    /// Takes settings; what is wrong is said and ignored.
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
        reply.send(Ok(Value::Null.into()));
    }

    /// Ends the session; 0 only after `shutdown`, as the protocol says.
    pub(super) fn exit(&mut self) {
        self.exit_code = Some(u8::from(self.phase != Phase::ShutDown));
    }

    /// Whoever wrote the questions may still read the answers: they are finished first.
    pub(super) fn input_ended(&mut self) {
        self.flights.last();
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
    urls.filter(|url| url.scheme() == "file").filter_map(|url| url.to_file_path().ok()).collect()
}
