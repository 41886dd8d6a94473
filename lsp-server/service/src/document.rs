//! A version of a document that nothing can change any more, and what worker threads see of it.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use air_interpreter::report::Report;
use air_semantics::{Analysis, Diagnostic};
use air_syntax::LineIndex;
use dashmap::DashMap;

use super::client::Client;
use super::features::run::RunParams;
use super::lsp::{self, Url};
use super::settings::Settings;
use super::workspace::View;
use crate::sandbox::{SandboxError, Stop};

/// Longer texts are kept, but not analysed: offsets are 32 bits and an editor would suffer.
pub(super) const SIZE_LIMIT: usize = 32 << 20;

/// One version of an open document. Analysed at most once, by whoever asks first.
#[derive(Debug)]
pub(super) struct Document {
    /// As the client wrote it.
    pub uri: Url,
    /// As the client counts.
    pub version: i32,
    /// The whole text.
    pub text: Arc<str>,
    /// Effective settings for this document.
    pub settings: Arc<Settings>,
    /// What outlives a version.
    pub memory: Arc<Memory>,
    /// An analysed version before this one, until this one is analysed too: most of its tree stays.
    before: Mutex<Option<Arc<Document>>>,
    /// Requests that failed on this text by a bug, with what went wrong: they would fail again.
    broken: Mutex<Vec<(&'static str, String)>>,
    analysis: OnceLock<Analysis>,
    lines: OnceLock<LineIndex>,
}

/// Small things kept from version to version of one open document.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// The last semantic tokens sent, for the next delta.
    pub tokens: Mutex<Option<SentTokens>>,
    /// The last run.
    pub run: Mutex<Option<Arc<ShownRun>>>,
}

/// A run and the version that it ran.
#[derive(Debug)]
pub(super) struct ShownRun {
    /// As the client counts.
    pub version: i32,
    /// What was asked; a run on save asks the same.
    pub asked: RunParams,
    /// What came of it.
    pub result: Result<Report, SandboxError>,
}

/// Semantic tokens as sent, with their result id.
#[derive(Debug, Clone)]
pub(super) struct SentTokens {
    /// `resultId`.
    pub id: String,
    /// The tokens.
    pub tokens: Arc<[lsp::SemanticToken]>,
}

impl Document {
    pub(super) fn new(
        uri: Url,
        version: i32,
        text: Arc<str>,
        settings: Arc<Settings>,
        memory: Arc<Memory>,
    ) -> Self {
        Document {
            uri,
            version,
            text,
            settings,
            memory,
            before: Mutex::new(None),
            broken: Mutex::new(Vec::new()),
            analysis: OnceLock::new(),
            lines: OnceLock::new(),
        }
    }

    /// Lets the analysis start from that of an older version, if there is one.
    pub(super) fn follows(self, older: &Arc<Document>) -> Self {
        let older = if older.analysed() { Some(Arc::clone(older)) } else { older.take_before() };
        Document { before: Mutex::new(older), ..self }
    }

    fn take_before(&self) -> Option<Arc<Document>> {
        self.before.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Everything known of the script. Callers check [`Document::too_large`] before.
    pub(super) fn analysis(&self) -> &Analysis {
        self.analysis.get_or_init(|| {
            let before = self.take_before();
            if self.too_large() || self.is_sample() {
                return Analysis::new("");
            }
            match before.as_ref().and_then(|before| before.analysis.get()) {
                Some(before) => Analysis::after(before, Arc::clone(&self.text)),
                None => Analysis::new(Arc::clone(&self.text)),
            }
        })
    }

    /// Lines and columns.
    pub(super) fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// Keeps a request from this text, on which it failed by a bug.
    pub(super) fn quarantine(&self, method: &'static str, what: String) {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).push((method, what));
    }

    /// What went wrong when that request looked at this text before.
    pub(super) fn broken(&self, method: &str) -> Option<String> {
        let broken = self.broken.lock().unwrap_or_else(PoisonError::into_inner);
        broken.iter().find(|(other, _)| *other == method).map(|(_, what)| what.clone())
    }

    /// Whether dropping it may take long.
    pub(super) fn analysed(&self) -> bool {
        self.analysis.get().is_some()
    }

    /// Whether features must leave it alone.
    pub(super) fn too_large(&self) -> bool {
        self.text.len() > SIZE_LIMIT
    }

    /// Whether it is `NAME.sample.json`, and no script.
    pub(super) fn is_sample(&self) -> bool {
        is_sample(&self.uri)
    }

    /// The last run, if it was of this version.
    pub(super) fn run(&self) -> Option<Arc<ShownRun>> {
        self.last_run().filter(|run| run.version == self.version)
    }

    /// The last run, of whichever version.
    pub(super) fn last_run(&self) -> Option<Arc<ShownRun>> {
        self.memory.run.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps a run, or forgets the last one.
    pub(super) fn keep_run(&self, run: Option<ShownRun>) {
        *self.memory.run.lock().unwrap_or_else(PoisonError::into_inner) = run.map(Arc::new);
    }

    /// Names the text in logs without showing it: FNV-1a, 64 bits.
    pub(super) fn digest(&self) -> u64 {
        digest(self.text.as_bytes())
    }
}

/// Whether a document is sample data by its name.
pub(super) fn is_sample(uri: &Url) -> bool {
    uri.path().ends_with(".sample.json")
}

/// FNV-1a.
pub(super) fn digest(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}

/// Open documents by URI. The owner is the only writer. Take the `Arc` out; never hold a guard.
#[derive(Debug, Default)]
pub(super) struct World {
    documents: DashMap<Url, Arc<Document>>,
}

impl World {
    /// The newest version that was asked for.
    pub(super) fn get(&self, uri: &Url) -> Option<Arc<Document>> {
        self.documents.get(uri).map(|document| Arc::clone(document.value()))
    }

    /// For the owner alone. Gives the version before.
    pub(super) fn put(&self, document: Arc<Document>) -> Option<Arc<Document>> {
        self.documents.insert(document.uri.clone(), document)
    }

    /// For the owner alone.
    pub(super) fn remove(&self, uri: &Url) -> Option<Arc<Document>> {
        self.documents.remove(uri).map(|(_, document)| document)
    }
}

/// Set by the owner when nobody waits for the result any more.
#[derive(Debug, Clone, Default)]
pub(super) struct Cancel(Stop);

impl Cancel {
    /// Nobody waits any more.
    pub(super) fn set(&self) {
        self.0.stop();
    }

    /// The same for the sandbox.
    pub(super) fn as_stop(&self) -> &Stop {
        &self.0
    }

    /// Whether to stop.
    pub(super) fn is_set(&self) -> bool {
        self.0.is_set()
    }
}

/// What a feature gets: one version, and what the client can do.
#[derive(Debug, Clone)]
pub(super) struct Snapshot {
    /// The document.
    pub document: Arc<Document>,
    /// What the client can do.
    pub client: Arc<Client>,
    /// Long loops look at it.
    pub cancel: Cancel,
    /// What lies around the document.
    pub view: View,
}

impl Snapshot {
    /// Everything known of the script.
    pub(super) fn analysis(&self) -> &Analysis {
        self.document.analysis()
    }

    /// What is wrong with the script; an error once nobody waits for it.
    pub(super) fn findings(&self) -> lsp::Result<&[Diagnostic]> {
        let found = self.analysis().diagnostics_unless(&|| self.cancel.is_set());
        found.ok_or_else(lsp::Error::request_cancelled)
    }

    /// Stops a feature that nobody waits for.
    pub(super) fn check_cancelled(&self) -> lsp::Result<()> {
        if self.cancel.is_set() { Err(lsp::Error::request_cancelled()) } else { Ok(()) }
    }
}
