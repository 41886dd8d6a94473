//! What a feature gets: one version of a document, what is around it, and what the client can do.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use air_analysis::{Analysis, Diagnostic};

use crate::client::Client;
use crate::config::Configs;
use crate::document::Document;
use crate::file_key::FileKey;
use crate::file_url;
use crate::host::{FileError, Host, Stop};
use crate::lsp::{self, Url};
use crate::results::RunState;
use crate::sample_path::SamplePath;
use crate::settings::Settings;
use crate::workspace::{DiskFile, MAX_SCRIPT_BYTES, Workspace};

/// A version of a document, for a request.
#[derive(Debug, Clone)]
pub(crate) struct Snapshot {
    /// The version that was current when the request came.
    pub document: Arc<Document>,
    /// What the client can do.
    pub client: Arc<Client>,
    /// Long loops look at it.
    pub stop: Stop,
    /// What is around the document.
    pub view: View,
    /// How far the run of the document was, if it had one.
    pub run_state: Option<RunState>,
    /// Of a run: how long it may keep others waiting.
    pub slice: TimeSlice,
    /// Files and the sandbox.
    pub host: Host,
}

/// What a run may take for now; without a limit, what the settings say.
#[derive(Debug, Clone, Default)]
pub(crate) struct TimeSlice {
    /// Wall time.
    pub limit: Option<Duration>,
    used_up: Arc<AtomicBool>,
}

impl TimeSlice {
    pub(crate) fn new(limit: Option<Duration>) -> TimeSlice {
        TimeSlice { limit, used_up: Arc::default() }
    }

    /// The run needs longer.
    pub(crate) fn use_up(&self) {
        self.used_up.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_used_up(&self) -> bool {
        self.used_up.load(Ordering::Relaxed)
    }
}

/// The workspace as one request sees it.
#[derive(Debug, Clone, Default)]
pub(crate) struct View {
    /// Scripts on disk.
    pub workspace: Arc<Workspace>,
    /// Open documents; for requests that are about one document only its sample data, or none.
    pub open: Arc<[Arc<Document>]>,
    /// The client's settings, for files.
    pub settings: Arc<Settings>,
}

impl Snapshot {
    /// The same request on another document.
    pub(crate) fn of(&self, document: Arc<Document>) -> Snapshot {
        Snapshot { document, ..self.clone() }
    }

    /// Everything known of the script.
    pub(crate) fn analysis(&self) -> &Analysis {
        self.document.analysis()
    }

    /// What is wrong with the script; an error once the request is cancelled.
    pub(crate) fn findings(&self) -> lsp::Result<&[Diagnostic]> {
        let found = self.analysis().diagnostics_unless(&|| self.stop.is_set());
        found.ok_or_else(lsp::Error::request_cancelled)
    }

    /// Ends a feature whose request is cancelled.
    pub(crate) fn check_cancelled(&self) -> lsp::Result<()> {
        if self.stop.is_set() { Err(lsp::Error::request_cancelled()) } else { Ok(()) }
    }

    /// Scripts on disk that are not open.
    pub(crate) fn closed_files(&self) -> lsp::Result<Vec<Arc<DiskFile>>> {
        let files = self.view.workspace.files(&self.host, &self.client, &self.stop)?;
        let open: HashSet<_> = self.view.open.iter().map(|document| &document.identity.file).collect();
        Ok(files.into_iter().filter(|file| !open.contains(&file.key)).collect())
    }

    /// The same for answers that are worth something without the rest: the user is told what is missing.
    pub(crate) fn closed_files_or_some(&self) -> lsp::Result<Vec<Arc<DiskFile>>> {
        let files = self.closed_files()?;
        if let Some(cut) = self.view.workspace.cut() {
            let message = format!("Only {} scripts on disk are looked at: {cut}", files.len());
            self.view.workspace.tell_once(&cut.cause(), message);
        }
        Ok(files)
    }

    /// Open scripts that can be analysed. A file that is open under two names is the one that was opened first.
    pub(crate) fn open_scripts(&self) -> Vec<Arc<Document>> {
        let mut scripts: Vec<_> =
            self.view.open.iter().filter(|document| !document.is_sample() && !document.is_host()).collect();
        scripts.sort_by_key(|document| document.identity.opened);
        let mut seen = HashSet::new();
        scripts.retain(|document| seen.insert(&document.identity.file));
        scripts.sort_by(|one, other| one.uri.cmp(&other.uri));
        scripts.into_iter().filter(|document| !document.too_large()).cloned().collect()
    }

    /// The document that was opened first of those that are the file at hand.
    pub(crate) fn first_opened(&self) -> Snapshot {
        let same = self.view.open.iter().filter(|it| it.identity.file == self.document.identity.file);
        let first = same.min_by_key(|document| document.identity.opened);
        first.map_or_else(|| self.clone(), |first| self.of(Arc::clone(first)))
    }

    /// A script, open or on disk.
    pub(crate) fn document_at(&self, uri: &Url) -> Option<Arc<Document>> {
        let name = FileKey::spelled(uri);
        if let Some(open) = self.view.open.iter().find(|document| document.identity.name == name) {
            return Some(Arc::clone(open));
        }
        let path = file_url::path(uri)
            .filter(|path| path.extension().is_some_and(|it| it.eq_ignore_ascii_case("air")))?;
        let text = self.host.files.read(&path, MAX_SCRIPT_BYTES).ok()?;
        let configs = Configs::search(Arc::clone(&self.host.files));
        let (settings, _) = self.view.settings.with_files(uri, &configs);
        Some(Arc::new(Document::new(uri.clone(), 0, text.into(), settings, Arc::default())))
    }

    /// Where the sample data of the script is; `None` for what is not in a folder.
    pub(crate) fn sample_path(&self) -> Option<PathBuf> {
        SamplePath::of(&file_url::path(&self.document.uri)?)
    }

    /// The sample data of the script as it is open, saved or not.
    pub(crate) fn open_sample(&self) -> Option<Arc<Document>> {
        let sample = self.document.identity.sample.as_ref()?;
        self.view.open.iter().find(|document| document.identity.file == *sample).cloned()
    }

    /// The text of the sample data, as it is open, or on disk with at most so many bytes.
    pub(crate) fn sample_text(&self, limit: u64) -> Result<String, FileError> {
        if let Some(open) = self.open_sample() {
            return Ok(open.text.to_string());
        }
        match self.sample_path() {
            Some(path) => self.host.files.read(&path, limit),
            None => Err(FileError::NotFound("the script is not in a folder".to_owned())),
        }
    }

    /// The script that this sample data is beside: one that is open, else the one that tools look for.
    pub(crate) fn script_of_sample(&self) -> Option<Url> {
        let (uri, file) = (&self.document.uri, Some(&self.document.identity.file));
        let mut open = self.view.open.iter().filter(|document| !document.is_sample());
        let open = open.find(|script| script.identity.sample.as_ref() == file);
        open.map(|script| script.uri.clone()).or_else(|| SamplePath::script_of_url(uri))
    }
}
