//! Runs of scripts: commands, which of them go together, and what they change in the editor.
//!
//! A document has one run at a time: a newer one ends the older, an edit ends it too. What a run showed
//! belongs to the version that ran, so an edit takes it away.

use serde_json::{Value, json};

use super::Service;
use super::lifecycle::PendingRequest;
use crate::features::run;
use crate::json::Json;
use crate::lsp::{self, Error, Id, MessageType, Url};
use crate::outbox::Reply;
use crate::results::RunParams;
use crate::routes::{self, Class};
use crate::sample_path::SamplePath;

impl Service {
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
                Ok(uri) => vec![self.as_opened(uri)],
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
                uris.iter().for_each(|uri| self.run_on_its_own(uri, json!({ "uri": uri })));
                uris.len()
            }
            _ => {
                reply.send(Err(lsp::error(-32602, format!("unknown command {name}"))));
                return;
            }
        };
        reply.send(Ok(json!(done).into()));
    }

    /// A saved script is run again as it was run last, if the editor's settings say so.
    pub(super) fn did_save(&mut self, params: lsp::DidSaveTextDocumentParams) {
        let saved = self.as_opened(params.text_document.uri);
        self.saved(&saved);
        // What sample data says now shows in the lenses of its script, and the script is run again.
        let sample = SamplePath::is_sample(&saved);
        let uri = match self.script_of(&saved) {
            Some(script) if sample => script,
            _ => saved,
        };
        let Some(document) = self.snapshot(&uri) else { return };
        if sample {
            self.refresh_lenses();
        }
        let needed = sample || document.run().is_none() && self.runs.state(&uri).is_none();
        if document.settings.run().on_save == Some(true) && needed {
            // Moves fit one text only.
            let last = document.last_run().map(|run| RunParams {
                uri: uri.clone(),
                answers: None,
                order: None,
                ..run.params.clone()
            });
            let params = last.unwrap_or_else(|| RunParams::of(uri.clone()));
            self.run_on_its_own(&uri, serde_json::to_value(params).unwrap_or_default());
        }
    }

    /// Sample data says something else now: what a run made of it is not shown any more; whether anything was.
    pub(super) fn sample_changed(&mut self, sample: &Url) -> bool {
        let Some(script) = self.open_script_of(sample) else { return false };
        if self.runs.reads_sample(&script) {
            for flight in self.flights.take_runs(&script) {
                self.land(flight, Err(Error::content_modified()));
            }
        }
        let Some(document) = self.snapshot(&script) else { return false };
        let read = document.last_run().is_some_and(|run| run.params.sample != Some(false));
        let dropped = read && document.outdate_run();
        if dropped {
            self.results_changed(&script);
        }
        dropped
    }

    /// Has the client make the edit of `air.generateSample`, if it takes edits; else that is the answer.
    pub(super) fn apply_generated(&mut self, mut made: Value) -> Value {
        let uri = routes::uri(&made);
        let (true, Some(answer), Ok(uri)) = (self.client.apply_edit, made.as_object_mut(), uri) else {
            return made;
        };
        let edit = answer.remove("edit");
        let params = json!({ "label": "Generate sample data", "edit": edit });
        self.ask("workspace/applyEdit", params, Some(PendingRequest::Generated(uri)));
        made
    }

    /// The client has made the edit, or has not.
    pub(super) fn generated(&mut self, uri: &Url, answer: &Value) {
        if answer.get("applied").and_then(Value::as_bool) != Some(true) {
            let why = answer.get("failureReason").and_then(Value::as_str).unwrap_or("no reason given");
            return self.say(MessageType::WARNING, &format!("the client did not create {uri}: {why}"));
        }
        // Annotations are in the script, which is shown already.
        if self.client.show_document && SamplePath::is_sample(uri) {
            self.ask("window/showDocument", json!({ "uri": uri, "takeFocus": true }), None);
        }
        self.refresh_lenses();
    }

    /// A run that no request waits for.
    fn run_on_its_own(&mut self, uri: &Url, argument: Value) {
        let Some(route) = routes::command(run::command::COMMAND) else { return };
        self.own_runs += 1;
        self.host.log.debug(&format!("running {uri}"));
        self.start(Id::String(format!("air-run-{}", self.own_runs)), route, argument, Reply::nobody());
    }

    /// What came of a run that no request waits for. A lens and diagnostics show it, unless the editor cannot be asked
    /// to draw lenses again; why there was no run at all, only this says.
    pub(super) fn say_outcome(&mut self, uri: &Url, answer: &lsp::Result<Json>) {
        let kept = self.snapshot(uri).and_then(|document| document.run());
        let kept = kept.as_deref().map(|run| &run.result);
        let (kind, outcome, shown) = match (answer, kept) {
            (Ok(_), Some(Ok(report))) => (MessageType::INFO, run::lens::summary(report), true),
            (Ok(_), _) => return,
            (Err(error), kept) => {
                let shown = matches!(kept, Some(Err(kept)) if kept.to_string() == error.message);
                (MessageType::WARNING, error.message.to_string(), shown)
            }
        };
        if !(shown && self.client.lens_refresh) {
            let name = uri.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default();
            let params = json!({ "type": kind, "message": format!("{name}: {outcome}") });
            self.outbox.notify("window/showMessage", params);
        }
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
            (self.client.pull_diagnostics, "workspace/diagnostic/refresh"),
        ] {
            if can {
                self.ask(method, Value::Null, None);
            }
        }
        self.refresh_lenses();
    }

    /// Has the editor look at lenses again.
    pub(super) fn refresh_lenses(&mut self) {
        if self.client.lens_refresh {
            self.ask("workspace/codeLens/refresh", Value::Null, None);
        }
    }

    /// What a class means for the requests that are under way.
    pub(super) fn make_room(&mut self, class: Class, uri: &Url) {
        if class == Class::Run {
            self.stop_runs(uri);
        }
    }
}
