//! What edits make necessary without a request: diagnostics for clients that do not request them, and the
//! announcement that a shown view is out of date. Started when the queue is empty, one analysis a document at a time.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::{Value, json};

use super::Service;
use super::lifecycle::PendingRequest;
use crate::event::{Event, Finished, JobResult};
use crate::features::diagnostic;
use crate::host::Stop;
use crate::json::Json;
use crate::lsp::{MessageType, Url};
use crate::panic_guard::guard;
use crate::routes::OpenDocuments;
use crate::snapshot::{Snapshot, TimeSlice};

/// Shorter documents are analysed before a progress bar could be drawn.
const MIN_PROGRESS_BYTES: usize = 4 << 20;

/// Documents with something left to do.
#[derive(Debug, Default)]
pub(super) struct Background {
    edited: HashSet<Url>,
    running: HashMap<Url, Publication>,
    /// How many were started.
    last: u64,
    /// Counts what may change diagnostics: edits, settings, files, results of runs.
    changes: u64,
    /// Virtual documents that the client has shown since, by their script.
    views: HashMap<Url, Url>,
}

/// Diagnostics under way.
#[derive(Debug)]
struct Publication {
    /// Distinguishes it from earlier ones of the same document.
    serial: u64,
    stop: Stop,
    progress: Option<Progress>,
}

/// A progress of the server's own.
#[derive(Debug)]
struct Progress {
    token: String,
    /// Whether the client has agreed to it.
    begun: bool,
}

impl Background {
    pub(super) fn edited(&mut self, uri: &Url) {
        self.changed();
        self.edited.insert(uri.clone());
    }

    /// Something that is not in an open document has changed.
    pub(super) fn changed(&mut self) {
        self.changes += 1;
    }

    pub(super) fn changes(&self) -> u64 {
        self.changes
    }

    pub(super) fn closed(&mut self, uri: &Url) {
        self.changed();
        self.edited.remove(uri);
        self.views.remove(uri);
    }

    fn take(&mut self, uri: &Url, serial: u64) -> Option<Publication> {
        self.running.get(uri).filter(|running| running.serial == serial)?;
        self.running.remove(uri)
    }

    /// The client shows a virtual document.
    pub(super) fn shown(&mut self, script: &Url, view: Url) {
        self.views.insert(script.clone(), view);
    }
}

impl Service {
    /// The queue is empty: starts what edits made necessary.
    pub(super) fn start_background(&mut self) {
        self.renew_held();
        for uri in std::mem::take(&mut self.background.edited) {
            if let Some(view) = self.background.views.remove(&uri) {
                self.ask("workspace/textDocumentContent/refresh", json!({ "uri": view }), None);
            }
            if self.client.pull_diagnostics {
                continue;
            }
            self.give_up(&uri);
            self.diagnose(uri);
        }
    }

    fn diagnose(&mut self, uri: Url) {
        let Some(document) = self.snapshot(&uri) else { return };
        let progress =
            (self.client.work_done_progress && document.text.len() >= MIN_PROGRESS_BYTES).then(|| {
                let token = format!("air-{}", self.last_request + 1);
                let about = PendingRequest::Progress(uri.clone());
                self.ask("window/workDoneProgress/create", json!({ "token": token }), Some(about));
                Progress { token, begun: false }
            });
        self.background.last += 1;
        let (serial, stop) = (self.background.last, Stop::default());
        let publication = Publication { serial, stop: stop.clone(), progress };
        self.background.running.insert(uri.clone(), publication);
        let view = self.view(OpenDocuments::None, &uri);
        let client = Arc::clone(&self.client);
        let (host, slice) = (self.host.clone(), TimeSlice::default());
        let run_state = self.runs.state(&uri);
        let snapshot = Snapshot { document, client, stop, view, run_state, slice, host };
        let lane = Service::lane_for(snapshot.document.text.len());
        self.host.jobs.run(
            lane,
            Box::new(move || {
                let version = snapshot.document.version;
                let log = &snapshot.host.log;
                log.debug(&format!("diagnostics of {uri} version {version} begun"));
                let result = match guard(|| diagnostic::written(&snapshot)) {
                    Ok(Ok(diagnostics)) => Ok(diagnostics),
                    Ok(Err(_)) => {
                        log.debug(&format!("diagnostics of {uri} version {version} given up"));
                        return None;
                    }
                    Err(panic) => Err(panic),
                };
                Some(Event::Job(JobResult(Finished::Diagnostics { uri, version, serial, result })))
            }),
        );
    }

    /// The document changed: the diagnostics under way are of an old version.
    pub(super) fn give_up(&mut self, uri: &Url) {
        if let Some(publication) = self.background.running.remove(uri) {
            publication.stop.stop();
            self.end_progress(publication.progress);
        }
    }

    fn end_progress(&self, progress: Option<Progress>) {
        if let Some(progress) = progress.filter(|progress| progress.begun) {
            let value: Value = json!({ "kind": "end" });
            self.outbox.notify("$/progress", json!({ "token": progress.token, "value": value }));
        }
    }

    /// The client will show the progress, if there still is one.
    pub(super) fn progress_agreed(&mut self, uri: &Url) {
        let running = self.background.running.get_mut(uri);
        if let Some(progress) = running.and_then(|running| running.progress.as_mut()) {
            progress.begun = true;
            let value = json!({ "kind": "begin", "title": "Checking the script" });
            self.outbox.notify("$/progress", json!({ "token": progress.token, "value": value }));
        }
    }

    /// A worker has them. Those of an older version are not sent: the newest ones are under way.
    pub(super) fn diagnosed(&mut self, uri: &Url, version: i32, serial: u64, result: Result<Json, String>) {
        let Some(publication) = self.background.take(uri, serial) else { return };
        self.end_progress(publication.progress);
        match result {
            Err(panic) => {
                let place = self.describe(uri);
                self.say(MessageType::ERROR, &format!("diagnostics failed{place}: {panic}"));
            }
            Ok(diagnostics) if self.open.contains_key(uri) => {
                self.outbox.publish_written(uri, version, diagnostics);
            }
            Ok(_) => {}
        }
    }
}
