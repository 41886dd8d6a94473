//! What edits make necessary although nobody asked: diagnostics for clients that do not ask, and word
//! that a shown view is out of date. Started when the queue is empty, one analysis a document at a time.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::{Value, json};

use super::lifecycle::Asked;
use super::{Event, Owner};
use crate::server::boundary;
use crate::server::document::{Cancel, Snapshot};
use crate::server::features::diagnostics;
use crate::server::lsp::{self, MessageType, Url};

/// Shorter documents are analysed before a progress bar could be drawn.
const PROGRESS_SIZE: usize = 4 << 20;

/// Documents with something left to do.
#[derive(Debug, Default)]
pub(super) struct Background {
    edited: HashSet<Url>,
    running: HashMap<Url, Option<Progress>>,
    /// Virtual documents that the client has shown since, by their script.
    views: HashMap<Url, Url>,
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
        self.edited.insert(uri.clone());
    }

    pub(super) fn closed(&mut self, uri: &Url) {
        self.edited.remove(uri);
        self.views.remove(uri);
    }

    /// The client shows a virtual document.
    pub(super) fn shown(&mut self, script: &Url, view: Url) {
        self.views.insert(script.clone(), view);
    }
}

impl Owner {
    /// The queue is empty: starts what edits made necessary.
    pub(super) fn start_background(&mut self) {
        for uri in std::mem::take(&mut self.background.edited) {
            if let Some(view) = self.background.views.remove(&uri) {
                self.ask("workspace/textDocumentContent/refresh", json!({ "uri": view }), None);
            }
            if self.client.pull_diagnostics {
                continue;
            }
            if self.background.running.contains_key(&uri) {
                // Its end wakes the loop.
                self.background.edited.insert(uri);
                continue;
            }
            self.diagnose(uri);
        }
    }

    fn diagnose(&mut self, uri: Url) {
        let Some(document) = self.snapshot(&uri) else { return };
        let progress = (self.client.work_done_progress && document.text.len() >= PROGRESS_SIZE).then(|| {
            let token = format!("air-{}", self.last_asked + 1);
            let about = Asked::Progress(uri.clone());
            self.ask("window/workDoneProgress/create", json!({ "token": token }), Some(about));
            Progress { token, begun: false }
        });
        self.background.running.insert(uri.clone(), progress);
        let snapshot = Snapshot {
            document,
            client: Arc::clone(&self.client),
            cancel: Cancel::default(),
            view: self.view(false),
        };
        let events = self.events.clone();
        self.workers.run(move || {
            let version = snapshot.document.version;
            let result = boundary::guard(|| diagnostics::of(&snapshot));
            let _ = events.send(Event::Diagnosed { uri, version, result });
        });
    }

    /// The client will show the progress, if there still is one.
    pub(super) fn progress_agreed(&mut self, uri: &Url) {
        if let Some(Some(progress)) = self.background.running.get_mut(uri) {
            progress.begun = true;
            let value = json!({ "kind": "begin", "title": "Checking the script" });
            self.outbox.notify("$/progress", json!({ "token": progress.token, "value": value }));
        }
    }

    /// A worker has them. Sent even if a newer version is under way: late colours are better than
    /// none while somebody types, and the version says what they belong to.
    pub(super) fn diagnosed(
        &mut self,
        uri: &Url,
        version: i32,
        result: Result<Vec<lsp::Diagnostic>, String>,
    ) {
        if let Some(Some(progress)) =
            self.background.running.remove(uri).filter(|progress| begun(progress.as_ref()))
        {
            let value: Value = json!({ "kind": "end" });
            self.outbox.notify("$/progress", json!({ "token": progress.token, "value": value }));
        }
        match result {
            Err(panic) => {
                let place = self.describe(uri);
                self.say(MessageType::ERROR, &format!("diagnostics failed{place}: {panic}"));
            }
            Ok(diagnostics) if self.open.contains_key(uri) => {
                self.outbox.publish(lsp::PublishDiagnosticsParams::new(
                    uri.clone(),
                    diagnostics,
                    Some(version),
                ));
            }
            Ok(_) => {}
        }
    }
}

fn begun(progress: Option<&Progress>) -> bool {
    progress.is_some_and(|progress| progress.begun)
}
