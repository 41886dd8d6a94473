//! Which settings hold for a script, and where each comes from.

use std::collections::BTreeMap;

use serde_json::Value;

use super::editorconfig::Layout;
use super::{Beautify, Check, Config, Files, Format, Hints, LineEnding, ReportFormat, Run, RunValues};

/// Where a setting comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Nobody says anything else.
    Default,
    /// `air.toml`, or the file that was named.
    File,
    /// `.editorconfig`.
    Editorconfig,
}

/// One setting.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// The section: `format`.
    pub section: String,
    /// The key in it: `indent-width`.
    pub key: String,
    /// What holds.
    pub value: Value,
    /// Who says so.
    pub origin: Origin,
}

/// What holds where nothing is said. Keys without a default are absent.
pub fn defaults() -> Config {
    Config {
        format: Format { indent_width: Some(1), compact: Some(false), line_ending: Some(LineEnding::Auto) },
        check: Check { output_format: Some(ReportFormat::Full), level: None },
        beautify: Beautify {
            indent_step: Some(4),
            patterns: Some(false),
            comments: Some(false),
            idioms: Some(false),
        },
        hints: Hints { closing: Some(true), peers: Some(false), last: Some(false), idioms: Some(false) },
        run: Run {
            on_save: Some(false),
            make_up: Some(true),
            memory: Some(256),
            time: Some(5000),
            max_steps: Some(10_000),
            values: Some(RunValues::Auto),
        },
        files: Files { max_size: Some(64 << 20), exclude: Some(Vec::new()) },
        ..Config::default()
    }
}

/// All settings, by section and key, of a configuration file and what `.editorconfig` says where the file is silent.
pub fn settings(file: &Config, layout: &Layout) -> Vec<Setting> {
    let mut found: BTreeMap<(String, String), (Value, Origin)> = BTreeMap::new();
    let from_layout = Config {
        format: Format {
            indent_width: layout.indent_width,
            line_ending: layout.line_ending,
            ..Format::default()
        },
        ..Config::default()
    };
    let layers = [(&defaults(), Origin::Default), (&from_layout, Origin::Editorconfig), (file, Origin::File)];
    for (config, origin) in layers {
        for (place, value) in flat(config) {
            found.insert(place, (value, origin));
        }
    }
    found
        .into_iter()
        .map(|((section, key), (value, origin))| Setting { section, key, value, origin })
        .collect()
}

/// What a configuration says, by section and key.
fn flat(config: &Config) -> Vec<((String, String), Value)> {
    // All keys are strings, so that nothing can fail.
    let Ok(Value::Object(sections)) = serde_json::to_value(config) else { return Vec::new() };
    let mut all = Vec::new();
    for (section, keys) in sections {
        let Value::Object(keys) = keys else { continue };
        let said = keys.into_iter().filter(|(_, value)| !value.is_null());
        all.extend(said.map(|(key, value)| ((section.clone(), key), value)));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{read, schema};

    #[test]
    fn the_nearest_source_counts() {
        let file = read::parse("[format]\nindent-width = 2\n[levels]\nhints = 'allow'\n").unwrap();
        let layout = Layout { indent_width: Some(8), line_ending: Some(LineEnding::Crlf) };
        let all = settings(&file, &layout);
        let of = |key: &str| {
            let found = all.iter().find(|setting| setting.key == key).unwrap();
            (found.value.to_string(), found.origin)
        };
        assert_eq!(of("indent-width"), ("2".to_owned(), Origin::File));
        assert_eq!(of("line-ending"), ("\"crlf\"".to_owned(), Origin::Editorconfig));
        assert_eq!(of("compact"), ("false".to_owned(), Origin::Default));
        assert!(all.iter().any(|setting| setting.section == "levels"));
    }

    /// Descriptions in the schema name the defaults, and editors show them.
    #[test]
    fn the_schema_names_these_defaults() {
        let schema = schema();
        for ((section, key), value) in flat(&defaults()) {
            let reference = schema["properties"][&section]["$ref"].as_str().unwrap();
            let property =
                schema.pointer(&format!("{}/properties/{key}", reference.trim_start_matches('#'))).unwrap();
            let words = property["description"].as_str().unwrap().replace('\n', " ");
            let default = words.rsplit_once("Default: ").unwrap_or_else(|| panic!("{key}: {words}")).1;
            let default = default.split([',', ' ']).next().unwrap().trim_end_matches('.');
            assert_eq!(default, value.to_string().trim_matches('"'), "{section}.{key}");
        }
    }
}
