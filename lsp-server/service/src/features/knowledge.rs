//! What the server knows around a script: names of peers and values of variables, out of settings, sample data and
//! the last run.

mod values;

use air_ide::markdown::code;
use std::cell::OnceCell;
use std::sync::Arc;

use air_ide::hover::Step;
use air_ide::names::results::ResultField;
use air_ide::surroundings::{self, ErrorCode};
use air_interpreter::errors;
use air_interpreter::peers::Peers;
use air_semantics::resolve::BindingId;
use air_simulation::report::Report;
use air_simulation::sample::{self, Sample};

use crate::results::RunResult;
use crate::sample_path::SamplePath;
use crate::snapshot::Snapshot;
use values::short;

pub(super) use values::part;

/// Larger sample data is not read on every hover.
const MAX_SAMPLE_BYTES: u64 = 1 << 20;

/// Peers of sample data whose ids are computed to find the name of an id.
const MAX_PEERS_HASHED: usize = 64;

/// What is known around one version of a script.
pub(super) struct Knowledge<'s> {
    snapshot: &'s Snapshot,
    names: Arc<[surroundings::ForeignName]>,
    fields: Arc<[ResultField]>,
    /// Read when first asked for, with the file's name.
    sample: OnceCell<(Sample, String)>,
    /// The last run, also of an older text.
    run: Option<Arc<RunResult>>,
    /// The same, if it is shown.
    shown: Option<Arc<RunResult>>,
}

impl<'s> Knowledge<'s> {
    pub(super) fn of(snapshot: &'s Snapshot) -> Knowledge<'s> {
        let names = snapshot.view.workspace.known();
        let fields = snapshot.view.workspace.known_fields();
        let (run, shown) = (snapshot.document.last_run(), snapshot.document.run());
        Knowledge { snapshot, names, fields, sample: OnceCell::new(), run, shown }
    }

    fn sample(&self) -> &Sample {
        &self.read().0
    }

    /// Name of the sample data's file, as code.
    fn file(&self) -> String {
        code(&self.read().1)
    }

    fn read(&self) -> &(Sample, String) {
        self.sample.get_or_init(|| match sample_text(self.snapshot) {
            Some((text, file)) => (sample::from_json(&text).0, file),
            None => Default::default(),
        })
    }

    /// Names of a peer, each with the place that gives it: `relay`, `air.toml`.
    pub(super) fn names_of_peer(&self, id: &str) -> Vec<(String, String)> {
        let settings = self.snapshot.document.settings.peers();
        let mut found: Vec<(String, String)> = settings
            .filter(|(_, known)| *known == id)
            .map(|(name, _)| (name.clone(), "the settings (`peers`)".to_owned()))
            .collect();
        let named = self.sample_peers();
        let whose = match id.strip_prefix('@') {
            Some(_) => named.iter().find(|name| **name == id),
            None if named.len() <= MAX_PEERS_HASHED => {
                let mut peers = Peers::default();
                named.iter().find(|name| peers.id_of(name) == id)
            }
            None => None,
        };
        found.extend(whose.map(|name| (name.clone(), self.file())));
        if let Some(report) = self.report() {
            let same = report.peers.iter().filter(|(name, known)| *known == id && name != known);
            found.extend(same.map(|(name, _)| (name.clone(), "the last run".to_owned())));
        }
        found
    }

    /// The id that a name had in the last run of this text.
    pub(super) fn id_of_peer(&self, name: &str) -> Option<String> {
        self.report()?.peers.get(name).filter(|id| *id != name).cloned()
    }

    /// The initiator of the last run, else that of the sample data.
    pub(super) fn init_peer(&self) -> Option<String> {
        self.report().map(|report| report.init_peer.clone()).or_else(|| self.sample().init_peer.clone())
    }

    /// The report of the last run, if it was of this text and nothing has changed since.
    fn report(&self) -> Option<&Report> {
        self.shown.as_ref()?.result.as_ref().ok()
    }

    /// Names with `@` in sample data, each once.
    fn sample_peers(&self) -> Vec<String> {
        let sample = self.sample();
        let all = sample.init_peer.iter().chain(sample.peers.iter().flatten());
        let all = all.chain(sample.services.iter().filter_map(|rule| rule.peer.as_ref()));
        let mut names: Vec<String> = all.filter(|name| name.starts_with('@')).cloned().collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

impl surroundings::Surroundings for Knowledge<'_> {
    fn names(&self) -> &[surroundings::ForeignName] {
        &self.names
    }

    fn fields(&self) -> &[ResultField] {
        &self.fields
    }

    fn peers(&self) -> Vec<(String, String)> {
        let settings = self.snapshot.document.settings.peers();
        let settings = settings.map(|(name, id)| (id.clone(), format!("the settings, {}", code(name))));
        let sample = self.sample_peers().into_iter().map(|name| (name, self.file()));
        settings.chain(sample).collect()
    }

    fn steps(&self, variable: BindingId, path: &[Step]) -> Vec<(Step, String)> {
        let mut values = self.values(variable);
        if values.is_empty() {
            values = self.of_old_run(variable);
        }
        let mut found: Vec<(Step, String)> = Vec::new();
        for part in values.iter().filter_map(|known| part(&known.value, path)) {
            let members = part.as_object().map(|object| object.members()).unwrap_or_default();
            let fields = members.iter().map(|(name, value)| (Step::Field(name.to_string()), value));
            let items = (0..).map(Step::Index).zip(part.as_array().unwrap_or_default());
            for (step, value) in fields.chain(items) {
                if !found.iter().any(|(known, _)| *known == step) {
                    found.push((step, short(value)));
                }
            }
        }
        found
    }

    fn error_codes(&self) -> Vec<ErrorCode> {
        // What `xor` catches.
        let caught = errors::PAGES.iter().filter(|page| (10_000..20_000).contains(&page.code));
        let current = caught.filter(|page| !page.about.starts_with("Not raised"));
        current.map(|page| ErrorCode { code: page.code, name: page.name, about: page.about }).collect()
    }
}

/// The text of the sample data, as it is open or on disk, and its name.
fn sample_text(snapshot: &Snapshot) -> Option<(String, String)> {
    let (name, _) = SamplePath::names(&SamplePath::of_url(&snapshot.document.uri)?)?;
    Some((snapshot.sample_text(MAX_SAMPLE_BYTES).ok()?, name))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::features::fixture::{cursor, open_at};

    const SAMPLE: &str = r#"{"peers": ["@a"], "given": {"g": 5, "user": {"name": "Ann"}},
        "services": [{"service": "s", "function": "f", "answer": {"seq": [{"ok": [{"id": 1}]}, {"ok": []}]}}]}"#;

    #[test]
    fn peers_by_name() {
        let (mut snapshot, _) = cursor("$0(null)");
        let sample = open_at("file:///script.sample.json", SAMPLE);
        snapshot.view.open = [Arc::clone(&sample.document)].into();
        let around = Knowledge::of(&snapshot);
        let id = Peers::default().named("a");
        for written in [&*id, "@a"] {
            let from = ("@a".to_owned(), "`script.sample.json`".to_owned());
            assert_eq!(around.names_of_peer(written), [from]);
        }
        assert_eq!(around.names_of_peer("@b"), []);
    }
}
