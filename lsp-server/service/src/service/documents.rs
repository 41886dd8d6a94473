//! Open documents. Every function here is total: what makes no sense is logged and ignored.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::Owner;
use crate::config::Configs;
use crate::server::document::{Document, Memory};
use crate::server::features::sample::beside;
use crate::server::lsp::{self, MessageType, Url};
use crate::server::settings::Settings;
use crate::server::text::TextBuffer;
use crate::server::workspace::View;

/// A document as it is being edited.
#[derive(Debug)]
pub(super) struct OpenDocument {
    buffer: TextBuffer,
    version: i32,
    settings: Arc<Settings>,
    memory: Arc<Memory>,
    /// This version as workers see it, once somebody asked.
    snapshot: Option<Arc<Document>>,
}

impl Owner {
    pub(super) fn did_open(&mut self, params: lsp::DidOpenTextDocumentParams) {
        let lsp::TextDocumentItem { uri, version, text, .. } = params.text_document;
        if self.open.contains_key(&uri) {
            self.say(MessageType::WARNING, &format!("{uri} opened twice: the newer text counts"));
            self.outdate(&uri);
        }
        // Not every client tells of changed files; opening is a good time to look.
        self.configs = Configs::search();
        let settings = self.settings_for(&uri);
        let opened = OpenDocument {
            buffer: TextBuffer::new(text),
            version,
            settings,
            memory: Arc::default(),
            snapshot: None,
        };
        if let Some(before) = self.open.insert(uri.clone(), opened) {
            self.discard(before.snapshot);
        }
        self.give_up(&uri);
        self.background.edited(&uri);
    }

    pub(super) fn did_change(&mut self, params: lsp::DidChangeTextDocumentParams) {
        let lsp::VersionedTextDocumentIdentifier { uri, version } = params.text_document;
        let Some(open) = self.open.get_mut(&uri) else {
            return self.say(MessageType::WARNING, &format!("change of {uri} ignored: it is not open"));
        };
        if version < open.version {
            let now = open.version;
            return self.say(
                MessageType::WARNING,
                &format!(
                    "change of {uri} ignored: version {version} came after {now}; close and open it again"
                ),
            );
        }
        open.version = version;
        for change in params.content_changes {
            open.buffer.apply(change, self.client.encoding);
        }
        let before = open.snapshot.take();
        self.discard(before);
        self.outdate(&uri);
        self.give_up(&uri);
        self.background.edited(&uri);
    }

    pub(super) fn did_close(&mut self, params: lsp::DidCloseTextDocumentParams) {
        let uri = params.text_document.uri;
        let Some(open) = self.open.remove(&uri) else {
            return self.say(MessageType::WARNING, &format!("close of {uri} ignored: it is not open"));
        };
        self.discard(open.snapshot);
        let seen = self.world.remove(&uri);
        self.discard(seen);
        self.outdate(&uri);
        self.give_up(&uri);
        self.background.closed(&uri);
        if !self.client.pull_diagnostics {
            self.outbox.publish(lsp::PublishDiagnosticsParams::new(uri, Vec::new(), None));
        }
    }

    /// The version of an open document.
    pub(super) fn version(&self, uri: &Url) -> Option<i32> {
        Some(self.open.get(uri)?.version)
    }

    /// The current version for workers.
    pub(super) fn snapshot(&mut self, uri: &Url) -> Option<Arc<Document>> {
        let Entry::Occupied(mut entry) = self.open.entry(uri.clone()) else { return None };
        let open = entry.get_mut();
        if let Some(snapshot) = &open.snapshot {
            return Some(Arc::clone(snapshot));
        }
        let mut document = Document::new(
            uri.clone(),
            open.version,
            open.buffer.snapshot(),
            Arc::clone(&open.settings),
            Arc::clone(&open.memory),
        );
        if let Some(older) = self.world.get(uri) {
            document = document.follows(&older);
        }
        let snapshot = Arc::new(document);
        open.snapshot = Some(Arc::clone(&snapshot));
        let before = self.world.put(Arc::clone(&snapshot));
        self.discard(before);
        Some(snapshot)
    }

    /// The workspace as a request sees it; with all open documents where it looks at them.
    pub(super) fn view(&mut self, wide: bool) -> View {
        let uris: Vec<_> = if wide { self.open.keys().cloned().collect() } else { Vec::new() };
        let mut open: Vec<_> = uris.iter().filter_map(|uri| self.snapshot(uri)).collect();
        open.sort_by(|one, other| one.uri.cmp(&other.uri));
        View {
            workspace: Arc::clone(&self.workspace),
            open: open.into(),
            settings: Arc::clone(&self.settings),
        }
    }

    /// The sample data of a script, if it is open.
    pub(super) fn sample_of(&mut self, script: &Url) -> Arc<[Arc<Document>]> {
        let sample = beside(script).filter(|(sample, _)| self.open.contains_key(sample));
        sample.and_then(|(sample, _)| self.snapshot(&sample)).into_iter().collect()
    }

    /// Stands where a request is about no document.
    pub(super) fn nothing(&self, uri: &Url) -> Arc<Document> {
        Arc::new(Document::new(uri.clone(), 0, Arc::from(""), Arc::clone(&self.settings), Arc::default()))
    }

    /// Settings changed: every document is looked at anew.
    pub(super) fn settings_changed(&mut self) {
        self.workspace.settings_changed();
        let uris: Vec<_> = self.open.keys().cloned().collect();
        for uri in &uris {
            let settings = self.settings_for(uri);
            if let Some(open) = self.open.get_mut(uri) {
                open.settings = settings;
                let before = open.snapshot.take();
                self.discard(before);
            }
            self.background.edited(uri);
        }
        if self.client.pull_diagnostics && self.client.diagnostic_refresh && !uris.is_empty() {
            self.ask("workspace/diagnostic/refresh", serde_json::Value::Null, None);
        }
    }

    /// What the client set, and the files around the document.
    fn settings_for(&mut self, uri: &Url) -> Arc<Settings> {
        let (settings, complaints) = self.settings.with_files(uri, &self.configs);
        for complaint in complaints {
            self.say(MessageType::WARNING, &complaint);
        }
        settings
    }

    /// Frees a version elsewhere: a large tree takes its time.
    fn discard(&self, document: Option<Arc<Document>>) {
        if let Some(document) = document.filter(|document| document.analysed()) {
            self.workers_for(document.text.len()).run(move || drop(document));
        }
    }
}
