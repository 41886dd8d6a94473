//! Runs of scripts: commands, which of them go together, and what they change in the editor.
//!
//! A document has one run at a time: a newer one ends the older, an edit ends it too. What a run showed
//! belongs to the version that ran, so an edit takes it away.

use serde_json::{Value, json};

use super::Owner;
use super::lifecycle::Asked;
use crate::sandbox::Sandbox;
use crate::server::document::is_sample;
use crate::server::features::{run, sample_document};
use crate::server::log;
use crate::server::lsp::{self, Error, Id, MessageType, Url};
use crate::server::outbox::Reply;
use crate::server::routes::{self, Class};

/// Commands that concern runs as such; [`routes::COMMANDS`] has the others.
pub(in crate::server) const COMMANDS: [&str; 3] = ["air.runAll", "air.stop", "air.clearResults"];

impl Owner {
    /// `workspace/executeCommand`.
    pub(super) fn command(&mut self, id: Id, params: &Value, reply: Reply) {
        let Some(name) = params.get("command").and_then(Value::as_str) else {
            reply.send(Err(lsp::error(-32602, "params.command is missing")));
            return;
        };
        let mut argument = params.pointer("/arguments/0").cloned().unwrap_or_default();
        if let Some(route) = routes::command(name) {
            if let (Some(argument), Some(token)) = (argument.as_object_mut(), params.get("workDoneToken")) {
                argument.insert("workDoneToken".to_owned(), token.clone());
            }
            return self.start(id, route, argument, reply);
        }
        // Without an argument, every document is meant.
        let uris: Vec<Url> = match argument {
            Value::Null => self.open.keys().cloned().collect(),
            argument => match routes::uri(&argument) {
                Ok(uri) => vec![uri],
                Err(error) => {
                    reply.send(Err(error));
                    return;
                }
            },
        };
        let done = match name {
            "air.stop" => uris.iter().map(|uri| self.stop_runs(uri)).sum(),
            "air.clearResults" => uris.iter().map(|uri| self.clear_results(uri)).sum(),
            "air.runAll" => {
                uris.iter().for_each(|uri| self.run_unasked(uri, json!({ "uri": uri })));
                uris.len()
            }
            _ => {
                reply.send(Err(lsp::error(-32602, format!("the server does not know the command {name}"))));
                return;
            }
        };
        reply.send(Ok(json!(done).into()));
    }

    /// A saved script is run again as it was run last, if the editor's settings say so.
    pub(super) fn did_save(&mut self, params: lsp::DidSaveTextDocumentParams) {
        let saved = params.text_document.uri;
        // What sample data says now shows in the lenses of its script, and the script is run again.
        let sample = is_sample(&saved);
        let uri = match sample_document::script_of(&saved) {
            Some(script) if sample => script,
            _ => saved,
        };
        let Some(document) = self.snapshot(&uri) else { return };
        if sample && self.client.lens_refresh {
            self.ask("workspace/codeLens/refresh", Value::Null, None);
        }
        if document.settings.run().on_save == Some(true) && (sample || document.run().is_none()) {
            let asked = document.last_run().map(|run| run.asked.clone());
            let asked = asked.unwrap_or_else(|| run::RunParams::of(uri.clone()));
            self.run_unasked(&uri, serde_json::to_value(asked).unwrap_or_default());
        }
    }

    /// Has the client make the edit of `air.generateSample`, if it takes edits; else that is the answer.
    pub(super) fn apply_generated(&mut self, mut made: Value) -> Value {
        let uri = routes::uri(&made);
        let (true, Some(answer), Ok(uri)) = (self.client.apply_edit, made.as_object_mut(), uri) else {
            return made;
        };
        let edit = answer.remove("edit");
        let params = json!({ "label": "Generate sample data", "edit": edit });
        self.ask("workspace/applyEdit", params, Some(Asked::Generated(uri)));
        made
    }

    /// The client has made the edit, or has not.
    pub(super) fn generated(&mut self, uri: &Url, answer: &Value) {
        if answer.get("applied").and_then(Value::as_bool) != Some(true) {
            let why = answer.get("failureReason").and_then(Value::as_str).unwrap_or("no reason given");
            return self.say(MessageType::WARNING, &format!("the client did not make {uri}: {why}"));
        }
        if self.client.show_document {
            self.ask("window/showDocument", json!({ "uri": uri, "takeFocus": true }), None);
        }
        if self.client.lens_refresh {
            self.ask("workspace/codeLens/refresh", Value::Null, None);
        }
    }

    /// A run that no request waits for.
    fn run_unasked(&mut self, uri: &Url, argument: Value) {
        let Some(route) = routes::command(run::COMMAND) else { return };
        self.unasked += 1;
        log::debug(&format!("running {uri}"));
        self.start(Id::String(format!("air-run-{}", self.unasked)), route, argument, Reply::nobody());
    }

    /// Ends the run of a document; how many that were.
    pub(super) fn stop_runs(&mut self, uri: &Url) -> usize {
        let stopped = self.flights.take_runs(uri);
        let number = stopped.len();
        for flight in stopped {
            self.land(flight, Err(Error::request_cancelled()));
        }
        number
    }

    fn clear_results(&mut self, uri: &Url) -> usize {
        let Some(document) = self.snapshot(uri) else { return 0 };
        let had = usize::from(document.last_run().is_some());
        document.keep_run(None);
        self.results_changed(uri);
        had
    }

    /// A run has ended, or its results were cleared: the editor is to look again.
    pub(super) fn results_changed(&mut self, uri: &Url) {
        self.background.edited(uri);
        for (can, method) in [
            (self.client.hint_refresh, "workspace/inlayHint/refresh"),
            (self.client.lens_refresh, "workspace/codeLens/refresh"),
            (self.client.pull_diagnostics && self.client.diagnostic_refresh, "workspace/diagnostic/refresh"),
        ] {
            if can {
                self.ask(method, Value::Null, None);
            }
        }
    }

    /// The editor shows what starts a run: a good time to make the machine code, off to the side.
    pub(super) fn prepare_sandbox(&mut self) {
        if !std::mem::replace(&mut self.prepared, true) {
            self.runs.run(|| match Sandbox::shared().prepare() {
                Ok(artefact) => log::info(&format!("sandbox ready: {artefact:?}")),
                Err(error) => log::warn(&error.to_string()),
            });
        }
    }

    /// The client's user has pressed the button of a progress.
    pub(super) fn cancel_progress(&mut self, params: lsp::WorkDoneProgressCancelParams) {
        let token = serde_json::to_value(params.token).unwrap_or_default();
        if let Some(flight) = self.flights.take_progress(&token) {
            self.say(MessageType::INFO, "stopped on request");
            self.land(flight, Err(Error::request_cancelled()));
        }
    }

    /// What a class means for the requests that are under way.
    pub(super) fn make_room(&mut self, class: Class, uri: &Url) {
        if class == Class::Run {
            self.stop_runs(uri);
        }
    }
}
