//! A version of a document that nothing can change any more.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use air_analysis::Analysis;
use air_ide::embedded::{EmbeddedScript, HostLanguage, scripts};
use air_syntax::{Edit, LineIndex};

use crate::file_key::FileKey;
use crate::host::{Files, Stop};
use crate::lsp::{self, Url};
use crate::results::{Explored, RunResult};
use crate::sample_path::SamplePath;
use crate::settings::Settings;
use crate::written::Written;

/// Longer texts are kept, but not analysed: offsets are 32 bits and an editor would suffer.
pub(crate) const MAX_ANALYSED_BYTES: usize = 32 << 20;

/// One version of an open document. Analysed at most once, by the first request that needs it.
#[derive(Debug)]
pub(crate) struct Document {
    /// As the client wrote it.
    pub uri: Url,
    /// What it is, whatever it is called.
    pub identity: Arc<Identity>,
    /// The client's version number, to be given back to it; clients may send one number twice.
    pub version: i32,
    /// Our own: no two texts of a session share it.
    pub revision: u64,
    /// The whole text.
    pub text: Arc<str>,
    /// Settings from the client and from files, merged.
    pub settings: Arc<Settings>,
    /// What outlives a version.
    pub memory: Arc<Memory>,
    /// An analysed version before this one, until this one is analysed too: most of its tree stays.
    before: Mutex<Option<Arc<Document>>>,
    /// Requests that failed on this text by a bug, with what went wrong: they would fail again.
    broken: Mutex<Vec<(&'static str, String)>>,
    analysis: OnceLock<Analysis>,
    lines: OnceLock<LineIndex>,
    /// The language that its scripts are written into, if it is not a script itself.
    host: Option<HostLanguage>,
    /// Its scripts, each as a document.
    parts: OnceLock<Vec<Arc<Document>>>,
    /// Of a script in another document: where it is.
    place: Option<Place>,
}

/// Where a script stands in a document of another language.
#[derive(Debug)]
pub(crate) struct Place {
    /// The script, with a map of its places.
    pub script: EmbeddedScript,
    /// The whole text of that document.
    pub host: Arc<str>,
    /// Its lines.
    pub lines: Arc<LineIndex>,
}

/// What a document is, whatever it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    /// Its name, however it is written.
    pub name: FileKey,
    /// Its file. Two open documents may be one file, under two names.
    pub file: FileKey,
    /// The file of its sample data.
    pub sample: Option<FileKey>,
    /// Grows with each document that is opened.
    pub opened: u64,
}

impl Identity {
    /// Asks the file system, so once for each document that is opened.
    pub(crate) fn of(uri: &Url, files: &dyn Files, opened: u64) -> Identity {
        let sample = SamplePath::of_url(uri).map(|sample| FileKey::of(&sample, files));
        Identity { name: FileKey::spelled(uri), file: FileKey::of(uri, files), sample, opened }
    }

    /// Of what is not looked up.
    fn spelled(uri: &Url) -> Identity {
        let sample = SamplePath::of_url(uri).map(|sample| FileKey::spelled(&sample));
        Identity { name: FileKey::spelled(uri), file: FileKey::spelled(uri), sample, opened: 0 }
    }
}

/// Small things kept from version to version of one open document.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// The last semantic tokens sent, for the next delta.
    pub tokens: Mutex<Option<SentTokens>>,
    /// The last run.
    run: Mutex<LastRun>,
    /// The diagnostics as they were written last.
    pub written: Mutex<Written>,
}

/// The last run of a document.
#[derive(Debug, Default)]
struct LastRun {
    result: Option<Arc<RunResult>>,
    /// A newer one has begun, or what it read has changed: it is not shown any more.
    outdated: bool,
    /// All orders of that run.
    explored: Option<Arc<Explored>>,
}

/// Semantic tokens as sent, with their result id.
#[derive(Debug, Clone)]
pub(crate) struct SentTokens {
    /// `resultId`.
    pub id: String,
    /// As sent.
    pub tokens: Arc<[lsp::SemanticToken]>,
}

impl Document {
    pub(crate) fn new(
        uri: Url,
        version: i32,
        text: Arc<str>,
        settings: Arc<Settings>,
        memory: Arc<Memory>,
    ) -> Self {
        Document {
            identity: Arc::new(Identity::spelled(&uri)),
            uri,
            version,
            revision: 0,
            text,
            settings,
            memory,
            before: Mutex::new(None),
            broken: Mutex::new(Vec::new()),
            analysis: OnceLock::new(),
            lines: OnceLock::new(),
            host: None,
            parts: OnceLock::new(),
            place: None,
        }
    }

    /// As the file system knows it.
    pub(crate) fn identified(self, identity: Arc<Identity>) -> Self {
        Document { identity, ..self }
    }

    /// In the language that the client says it is in.
    pub(crate) fn written_in(self, host: Option<HostLanguage>) -> Self {
        Document { host, ..self }
    }

    /// Whether scripts are written into it, and it is not one itself.
    pub(crate) fn is_host(&self) -> bool {
        self.host.is_some()
    }

    /// The scripts in a document of another language, found when first asked for.
    pub(crate) fn parts(&self) -> &[Arc<Document>] {
        self.parts.get_or_init(|| {
            let Some(language) = self.host.filter(|_| !self.too_large()) else { return Vec::new() };
            let found = scripts(language, &self.text);
            let lines =
                Arc::new(if found.is_empty() { LineIndex::new("") } else { LineIndex::new(&self.text) });
            found.into_iter().map(|script| Arc::new(self.part(script, &lines))).collect()
        })
    }

    fn part(&self, script: EmbeddedScript, lines: &Arc<LineIndex>) -> Document {
        let text = Arc::clone(&script.text);
        let (settings, identity) = (Arc::clone(&self.settings), Arc::clone(&self.identity));
        let part = Document::new(self.uri.clone(), self.version, text, settings, Arc::default());
        let place = Place { script, host: Arc::clone(&self.text), lines: Arc::clone(lines) };
        Document { place: Some(place), identity, revision: self.revision, ..part }
    }

    /// Of a script in another document: where it is.
    pub(crate) fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }

    /// With its number.
    pub(crate) fn at_revision(self, revision: u64) -> Self {
        Document { revision, ..self }
    }

    /// Lets the analysis start from that of an older version, if there is one.
    pub(crate) fn follows(self, older: &Arc<Document>) -> Self {
        let older = if older.analysed() { Some(Arc::clone(older)) } else { older.take_before() };
        Document { before: Mutex::new(older), ..self }
    }

    fn take_before(&self) -> Option<Arc<Document>> {
        self.before.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Everything known of the script. Callers check [`Document::too_large`] before.
    pub(crate) fn analysis(&self) -> &Analysis {
        self.analysis.get_or_init(|| {
            let before = self.take_before();
            if self.too_large() || self.is_sample() || self.is_host() {
                return Analysis::new("");
            }
            let Some(before) = before else { return Analysis::new(Arc::clone(&self.text)) };
            if let Some(lines) = before.lines.get()
                && let Some(edit) = Edit::between(&before.text, &self.text)
            {
                self.lines.get_or_init(|| lines.after(&self.text, edit.removed, edit.inserted));
            }
            match before.analysis.get() {
                Some(before) => Analysis::after(before, Arc::clone(&self.text)),
                None => Analysis::new(Arc::clone(&self.text)),
            }
        })
    }

    /// Lines and columns.
    pub(crate) fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// Keeps a request from this text, on which it failed by a bug.
    pub(crate) fn quarantine(&self, method: &'static str, what: String) {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).push((method, what));
    }

    /// What went wrong when that request looked at this text before.
    pub(crate) fn broken(&self, method: &str) -> Option<String> {
        let broken = self.broken.lock().unwrap_or_else(PoisonError::into_inner);
        broken.iter().find(|(other, _)| *other == method).map(|(_, what)| what.clone())
    }

    /// Whether dropping it may take long.
    pub(crate) fn analysed(&self) -> bool {
        self.analysis.get().is_some()
    }

    /// Whether features must leave it alone.
    pub(crate) fn too_large(&self) -> bool {
        self.text.len() > MAX_ANALYSED_BYTES
    }

    /// Whether it is `NAME.sample.json`, not a script.
    pub(crate) fn is_sample(&self) -> bool {
        SamplePath::is_sample(&self.uri)
    }

    /// The last run, if it was of this text.
    pub(crate) fn run(&self) -> Option<Arc<RunResult>> {
        let last = self.memory_of_run();
        last.result.clone().filter(|run| !last.outdated && run.revision == self.revision)
    }

    /// The last run, of whichever text.
    pub(crate) fn last_run(&self) -> Option<Arc<RunResult>> {
        self.memory_of_run().result.clone()
    }

    /// Keeps a run, or forgets the last one.
    pub(crate) fn keep_run(&self, run: Option<RunResult>) {
        *self.memory_of_run() = LastRun { result: run.map(Arc::new), ..LastRun::default() };
    }

    /// The orders of the last run, if it is shown.
    pub(crate) fn explored(&self) -> Option<Arc<Explored>> {
        let run = self.run()?;
        let explored = self.memory_of_run().explored.clone();
        explored.filter(|explored| {
            explored.revision == self.revision && explored.params.same_but_for_order(&run.params)
        })
    }

    /// Keeps the orders of a run, unless they were stopped.
    pub(crate) fn keep_explored_unless(&self, stop: &Stop, explored: Explored) {
        let mut last = self.memory_of_run();
        if !stop.is_set() {
            last.explored = Some(Arc::new(explored));
        }
    }

    /// Keeps a run that was not stopped. Whoever stops one and then calls [`Document::outdate_run`] never sees it.
    pub(crate) fn keep_run_unless(&self, stop: &Stop, run: RunResult) {
        let mut last = self.memory_of_run();
        if !stop.is_set() {
            last.result = Some(Arc::new(run));
            last.outdated = false;
        }
    }

    /// The last run is not shown any more; whether it was.
    pub(crate) fn outdate_run(&self) -> bool {
        let shown = self.run().is_some();
        self.memory_of_run().outdated = true;
        shown
    }

    fn memory_of_run(&self) -> MutexGuard<'_, LastRun> {
        self.memory.run.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Names the text in logs without showing it: FNV-1a, 64 bits.
    pub(crate) fn digest(&self) -> u64 {
        digest(self.text.as_bytes())
    }
}

/// FNV-1a.
pub(crate) fn digest(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}
