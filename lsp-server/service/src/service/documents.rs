//! Open documents. Every function here is total: what makes no sense is logged and ignored.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use air_ide::embedded::HostLanguage;

use super::Service;
use super::renames::Kept;
use crate::config::Configs;
use crate::document::{Document, Identity, Memory};
use crate::file_key::FileKey;
use crate::lsp::{self, MessageType, Url};
use crate::routes::OpenDocuments;
use crate::sample_path::SamplePath;
use crate::settings::Settings;
use crate::snapshot::View;
use crate::text::TextBuffer;

/// A document as it is being edited.
#[derive(Debug)]
pub(super) struct OpenDocument {
    buffer: TextBuffer,
    /// The language of a document that scripts are written into.
    host: Option<HostLanguage>,
    version: i32,
    revision: u64,
    /// The one that was saved last, or opened.
    saved: u64,
    identity: Arc<Identity>,
    settings: Arc<Settings>,
    memory: Arc<Memory>,
    /// This version as workers see it, once a request has asked for it.
    snapshot: Option<Arc<Document>>,
    /// The newest version that a request has asked for.
    last: Option<Arc<Document>>,
}

impl OpenDocument {
    /// The newest version that a request has asked for.
    pub(super) fn last(&self) -> Option<&Document> {
        self.last.as_deref()
    }
}

impl Service {
    pub(super) fn did_open(&mut self, params: lsp::DidOpenTextDocumentParams) {
        let lsp::TextDocumentItem { uri, version, text, language_id } = params.text_document;
        let host = HostLanguage::of_language_id(&language_id);
        let uri = self.as_opened(uri);
        if self.open.contains_key(&uri) {
            self.say(MessageType::WARNING, &format!("{uri} was opened twice; the newer text is used"));
            self.outdate(&uri);
        }
        // Not every client announces changed files; opening is a good time to look.
        self.configs = Configs::search(Arc::clone(&self.host.files));
        self.clear_config_errors();
        let settings = self.settings_for(&uri);
        self.opened += 1;
        self.revisions += 1;
        let identity = Arc::new(Identity::of(&uri, &*self.host.files, self.opened));
        self.names.insert(identity.name.clone(), uri.clone());
        let before = self.known_before(&uri, &identity.name, &text);
        let revision = before.as_ref().map_or(self.revisions, |before| before.revision);
        let opened = OpenDocument {
            identity,
            buffer: TextBuffer::new(text),
            host,
            version,
            revision,
            saved: revision,
            settings,
            memory: before.map(|before| before.memory).unwrap_or_default(),
            snapshot: None,
            last: self.open.get(&uri).and_then(|before| before.last.clone()),
        };
        if let Some(before) = self.open.insert(uri.clone(), opened) {
            self.discard(before.snapshot);
        }
        self.give_up(&uri);
        self.background.edited(&uri);
    }

    pub(super) fn did_change(&mut self, params: lsp::DidChangeTextDocumentParams) {
        let lsp::VersionedTextDocumentIdentifier { uri, version } = params.text_document;
        let uri = self.as_opened(uri);
        let Some(open) = self.open.get_mut(&uri) else {
            return self.say(MessageType::WARNING, &format!("change of {uri} ignored: it is not open"));
        };
        if version < open.version {
            // The client has made the edit: without it, the texts would differ from now on.
            let now = open.version;
            self.host.log.info(&format!("{uri}: version {version} came after {now}"));
        }
        self.revisions += 1;
        open.revision = self.revisions;
        open.version = version;
        for change in params.content_changes {
            open.buffer.apply(change, self.client.encoding);
        }
        let before = open.snapshot.take();
        self.discard(before);
        self.outdate(&uri);
        self.give_up(&uri);
        self.background.edited(&uri);
        if SamplePath::is_sample(&uri) {
            self.sample_changed(&uri);
        }
    }

    /// What is known of an open document, for another name of it.
    pub(super) fn kept_of(&self, uri: &Url) -> Option<Kept> {
        let open = self.open.get(uri)?;
        Some(Kept::new(&open.memory, open.revision, &open.buffer.snapshot()))
    }

    /// The text on disk is that of the editor.
    pub(super) fn saved(&mut self, uri: &Url) {
        if let Some(open) = self.open.get_mut(uri) {
            open.saved = open.revision;
        }
    }

    pub(super) fn did_close(&mut self, params: lsp::DidCloseTextDocumentParams) {
        let uri = self.as_opened(params.text_document.uri);
        if let Some(new) = self.renames.target(&uri)
            && let Some(kept) = self.kept_of(&uri)
        {
            self.renames.keep(&new, kept);
        }
        // From now on, what is on disk counts.
        let unsaved = self.open.get(&uri).is_some_and(|open| open.saved != open.revision);
        if unsaved && SamplePath::is_sample(&uri) {
            self.sample_changed(&uri);
        }
        let Some(open) = self.open.remove(&uri) else {
            return self.say(MessageType::WARNING, &format!("close of {uri} ignored: it is not open"));
        };
        self.names.remove(&open.identity.name);
        self.discard(open.snapshot);
        self.discard(open.last);
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
        )
        .at_revision(open.revision)
        .identified(Arc::clone(&open.identity))
        .written_in(open.host);
        if let Some(older) = &open.last {
            document = document.follows(older);
        }
        let snapshot = Arc::new(document);
        open.snapshot = Some(Arc::clone(&snapshot));
        let before = open.last.replace(Arc::clone(&snapshot));
        self.discard(before);
        Some(snapshot)
    }

    /// The workspace as a request about a document sees it.
    pub(super) fn view(&mut self, open: OpenDocuments, uri: &Url) -> View {
        let uris: Vec<Url> = match open {
            OpenDocuments::None => Vec::new(),
            OpenDocuments::Sample => self.sample_of(uri).into_iter().collect(),
            OpenDocuments::All => self.open.keys().cloned().collect(),
        };
        let mut open: Vec<_> = uris.iter().filter_map(|uri| self.snapshot(uri)).collect();
        open.sort_by(|one, other| one.uri.cmp(&other.uri));
        View {
            workspace: Arc::clone(&self.workspace),
            open: open.into(),
            settings: Arc::clone(&self.settings),
        }
    }

    /// A URI as the client wrote it when it opened the document; others as they are.
    pub(super) fn as_opened(&self, uri: Url) -> Url {
        if self.open.contains_key(&uri) {
            return uri;
        }
        self.names.get(&FileKey::spelled(&uri)).cloned().unwrap_or(uri)
    }

    /// The sample data of an open script, if it is open too.
    fn sample_of(&self, script: &Url) -> Option<Url> {
        let sample = self.open.get(script)?.identity.sample.as_ref();
        let mut open = self.open.iter();
        open.find(|(_, open)| Some(&open.identity.file) == sample).map(|(uri, _)| uri.clone())
    }

    /// The script of sample data: one that is open, else the one that tools look for.
    pub(super) fn script_of(&self, sample: &Url) -> Option<Url> {
        self.open_script_of(sample).or_else(|| SamplePath::script_of_url(sample))
    }

    /// The same, if it is open.
    pub(super) fn open_script_of(&self, sample: &Url) -> Option<Url> {
        let file = match self.open.get(sample) {
            Some(open) => open.identity.file.clone(),
            None => FileKey::of(sample, &*self.host.files),
        };
        let beside = |open: &OpenDocument| open.identity.sample.as_ref() == Some(&file);
        let open = self.open.iter().find(|(uri, open)| !SamplePath::is_sample(uri) && beside(open));
        open.map(|(uri, _)| uri.clone())
    }

    /// Stands where a request is about no document.
    pub(super) fn nothing(&self, uri: &Url) -> Arc<Document> {
        Arc::new(Document::new(uri.clone(), 0, Arc::from(""), Arc::clone(&self.settings), Arc::default()))
    }

    /// Settings changed: every document is analysed again.
    pub(super) fn settings_changed(&mut self) {
        self.workspace.settings_changed();
        self.background.changed();
        self.clear_config_errors();
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
        if uris.is_empty() {
            return;
        }
        for (can, method) in [
            (self.client.pull_diagnostics, "workspace/diagnostic/refresh"),
            (self.client.hint_refresh, "workspace/inlayHint/refresh"),
        ] {
            if can {
                self.ask(method, serde_json::Value::Null, None);
            }
        }
    }

    /// What the client set, and the files around the document.
    fn settings_for(&mut self, uri: &Url) -> Arc<Settings> {
        let (settings, error) = self.settings.with_files(uri, &self.configs);
        if let Some(error) = error {
            self.say(MessageType::WARNING, &format!("{error}; the defaults are used"));
            self.show_config_error(&error);
        }
        settings
    }

    /// Frees a version elsewhere: a large tree takes its time.
    fn discard(&self, document: Option<Arc<Document>>) {
        if let Some(document) = document.filter(|document| document.analysed()) {
            let lane = Service::lane_for(document.text.len());
            self.host.jobs.run(
                lane,
                Box::new(move || {
                    drop(document);
                    None
                }),
            );
        }
    }
}
