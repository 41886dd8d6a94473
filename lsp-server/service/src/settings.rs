//! Settings of a document: `air.toml` first, then `.editorconfig`, then what the client says.
//!
//! The client uses the same sections and keys as `air.toml`. Its settings for tab size are not
//! followed: the layout is the language's, so that every editor and `air fmt` agree.

use std::sync::Arc;

use air_analysis::codes::Code;
use air_analysis::diagnostic::Severity;
use air_analysis::format::FormatOptions;
use air_ide::hints::HintOptions;
use serde_json::{Map, Value};

use crate::config::read::ConfigError;
use crate::config::{Config, Configs, LineEnding};
use crate::file_key::MAX_PATH_BYTES;
use crate::file_url;
use crate::lsp::Url;

/// The settings of one document, from the client and from files.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings {
    /// From `initializationOptions`, `didChangeConfiguration` or `workspace/configuration`.
    client: Arc<Config>,
    /// From `air.toml` and `.editorconfig`.
    file: Arc<Config>,
}

impl Settings {
    /// From the client's JSON. Wrong parts are ignored, with a complaint for each; the rest is used.
    pub(crate) fn from_client(options: &Value) -> (Settings, Vec<String>) {
        let options = options.get("air").unwrap_or(options);
        let mut complaints = Vec::new();
        let mut good = Map::new();
        let known = crate::config::schema();
        for (section, value) in options.as_object().into_iter().flatten() {
            if known.pointer("/properties").and_then(|sections| sections.get(section)).is_none() {
                complaints.push(format!("unknown setting `air.{section}` is ignored"));
                continue;
            }
            // Each key alone, so that one wrong value costs that value.
            for (key, value) in value.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null())
            {
                let alone =
                    Value::from_iter([(section.clone(), Value::from_iter([(key.clone(), value.clone())]))]);
                match serde_json::from_value::<Config>(alone) {
                    Ok(_) => {
                        let section =
                            good.entry(section.clone()).or_insert_with(|| Value::Object(Map::new()));
                        if let Some(section) = section.as_object_mut() {
                            section.insert(key.clone(), value.clone());
                        }
                    }
                    Err(error) => {
                        complaints.push(format!("setting `air.{section}.{key}` is ignored: {error}"))
                    }
                }
            }
        }
        let client = serde_json::from_value::<Config>(Value::Object(good)).unwrap_or_default();
        (Settings { client: Arc::new(client), file: Arc::default() }, complaints)
    }

    /// With the files that count for a document on disk, and what is wrong with them: the defaults are used then.
    pub(crate) fn with_files(
        &self,
        uri: &Url,
        configs: &Configs,
    ) -> (Arc<Settings>, Option<Arc<ConfigError>>) {
        let path = file_url::path(uri).filter(|path| path.as_os_str().len() <= MAX_PATH_BYTES);
        let (file, error) = match path.map(|path| configs.get(Some(&path))) {
            Some(Ok(file)) => (file, None),
            Some(Err(error)) => (Arc::default(), Some(error)),
            None => (Arc::default(), None),
        };
        (Arc::new(Settings { client: Arc::clone(&self.client), file }), error)
    }

    /// How to lay out a text.
    pub(crate) fn format(&self, text: &str) -> FormatOptions {
        let (file, client) = (&self.file.format, &self.client.format);
        FormatOptions {
            indent_width: file.indent_width.or(client.indent_width).unwrap_or(1),
            compact: file.compact.or(client.compact).unwrap_or_default(),
            line_ending: LineEnding::of_text(file.line_ending.or(client.line_ending), text),
        }
    }

    /// How `air beautify` and `air/view` write.
    pub(crate) fn view(&self) -> crate::config::Beautify {
        let (file, client) = (&self.file.beautify, &self.client.beautify);
        crate::config::Beautify {
            indent_step: file.indent_step.or(client.indent_step),
            patterns: file.patterns.or(client.patterns),
            comments: file.comments.or(client.comments),
            idioms: file.idioms.or(client.idioms),
        }
    }

    /// Which inlay hints are shown.
    pub(crate) fn hints(&self) -> HintOptions {
        let (file, client) = (&self.file.hints, &self.client.hints);
        HintOptions {
            closing: file.closing.or(client.closing).unwrap_or(true),
            peers: file.peers.or(client.peers).unwrap_or_default(),
            last: file.last.or(client.last).unwrap_or_default(),
            idioms: file.idioms.or(client.idioms).unwrap_or_default(),
        }
    }

    /// Peers by name, those of files first.
    pub(crate) fn peers(&self) -> impl Iterator<Item = (&String, &String)> {
        let more = self.client.peers.iter().filter(|(name, _)| !self.file.peers.contains_key(*name));
        self.file.peers.iter().chain(more)
    }

    /// How scripts are run.
    pub(crate) fn run(&self) -> crate::config::Run {
        let (file, client) = (&self.file.run, &self.client.run);
        crate::config::Run {
            // Never from a file, so that opening a folder runs nothing.
            on_save: client.on_save,
            make_up: file.make_up.or(client.make_up),
            memory: file.memory.or(client.memory),
            time: file.time.or(client.time),
            max_steps: file.max_steps.or(client.max_steps),
            values: file.values.or(client.values),
        }
    }

    /// The configured severity, else the reported one; `None` for what is not to be reported.
    pub(crate) fn severity(&self, code: Code, reported: Severity) -> Option<Severity> {
        match self.file.levels.get(code).or_else(|| self.client.levels.get(code)) {
            Some(level) => level.severity(),
            None => Some(reported),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::memory::MemoryFiles;
    use serde_json::json;

    fn configs(file: &str) -> Configs {
        let files = MemoryFiles::default();
        files.write("/w/air.toml", file);
        Configs::search(Arc::new(files))
    }

    #[test]
    fn one_wrong_key_costs_that_key() {
        let options =
            json!({ "format": { "indent-width": 4, "compact": "perhaps" }, "fromat": {}, "levels": null });
        let (settings, complaints) = Settings::from_client(&options);
        assert_eq!(settings.format("").indent_width, 4);
        assert!(!settings.format("").compact);
        assert_eq!(complaints.len(), 2, "{complaints:?}");
    }

    #[test]
    fn a_file_goes_before_the_client() {
        let uri = Url::parse("file:///w/a.air").unwrap();
        let (settings, _) =
            Settings::from_client(&json!({ "air": { "format": { "indent-width": 2, "compact": true } } }));
        let (settings, error) = settings.with_files(&uri, &configs("[format]\nindent-width = 3\n"));
        assert_eq!(error, None);
        assert_eq!((settings.format("").indent_width, settings.format("").compact), (3, true));
    }

    #[test]
    fn a_broken_file_is_named_and_ignored() {
        let uri = Url::parse("file:///w/a.air").unwrap();
        let (settings, error) = Settings::default().with_files(&uri, &configs("[fromat]\n"));
        assert!(error.unwrap().to_string().contains("air.toml"));
        assert_eq!(settings.format("").indent_width, 1);
    }
}
