//! Settings: what `air.toml` and the editors' settings may say.
//!
//! ```toml
//! [format]
//! indent-width = 1        # spaces per level, 1 to 8
//! compact = false         # closing brackets on the line of the last child
//! line-ending = "auto"    # that of the first line of each script; or "lf", "crlf"
//!
//! [levels]
//! unused-allow = "hint"   # allow, hint, info, warning, error; by name or by code
//!
//! [check]
//! output-format = "full"  # full, concise, json, jsonl, sarif, github
//!
//! [beautify]
//! indent-step = 4
//! patterns = false
//! comments = false
//! idioms = false
//!
//! [hints]                 # in editors
//! closing = true          # what a far `)` closes
//! peers = false           # on which peer a branch begins
//! last = false            # the last instruction of a fold that has none
//! idioms = false          # the compiler's idioms by name
//!
//! [run]
//! memory = 256            # MiB that a run may use
//! time = 5000             # milliseconds that a run may take
//! make-up = true          # make up values that neither sample data nor a service gives
//! values = "auto"         # where editors show values: auto, hints, diagnostics
//!
//! [peers]                 # ids by name, for hover and completion
//! relay = "12D3KooWMhVpgfQxBLkQkJed8VFNvgN4iE6MD7xCybb1ZYWW2Gtz"
//!
//! [files]
//! max-size = 67108864     # bytes; larger scripts are refused
//! exclude = []            # as in .gitignore, from the folder of this file
//! ```
//!
//! The nearest `air.toml` or `.air.toml` upwards from a script counts, alone: nothing is merged.
//! Where it says nothing about `indent-width` and `line-ending`, `indent_size` and `end_of_line` of
//! `.editorconfig` do. The layout never wraps lines and never uses tabs, so `max_line_length` and
//! `indent_style = tab` are not followed.

use std::collections::BTreeMap;

use air_analysis::diagnostic::Severity;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub mod closest;
pub mod editorconfig;
pub mod effective;
pub mod find;
pub mod levels;
pub mod read;

pub use find::Configs;
pub use levels::{Level, Levels, groups};

/// All settings. Everything may be left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, rename_all = "kebab-case")]
#[schemars(title = "air.toml", deny_unknown_fields)]
pub struct Config {
    /// Layout: `air fmt` and formatting in editors.
    pub format: Format,
    /// Level of each diagnostic, by code, name or group.
    pub levels: Levels,
    /// Reports: `air check`.
    pub check: Check,
    /// The readable view: `air beautify`.
    pub beautify: Beautify,
    /// Words that editors show between the text.
    pub hints: Hints,
    /// Runs of scripts in the editor.
    pub run: Run,
    /// Names of peers, each with its peer id. Hover and completion in editors use them.
    pub peers: BTreeMap<String, String>,
    /// Which scripts are read.
    pub files: Files,
}

/// Layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, rename_all = "kebab-case")]
#[schemars(deny_unknown_fields)]
pub struct Format {
    /// Spaces per level. The Aqua compiler writes 1; people mostly write 4. Default: 1.
    #[schemars(range(min = 1, max = 8))]
    pub indent_width: Option<u8>,
    /// Closing brackets on the line of the last child instead of on lines of their own. Default: false.
    pub compact: Option<bool>,
    /// Line ending. Default: auto.
    pub line_ending: Option<LineEnding>,
}

/// Line ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[serde(rename_all = "lowercase")]
pub enum LineEnding {
    /// That of the first line of each script.
    Auto,
    /// Line feed.
    Lf,
    /// Carriage return and line feed.
    Crlf,
}

impl LineEnding {
    /// What ends the lines of a text under this setting; without one, what ends its first line.
    pub fn of_text(setting: Option<LineEnding>, text: &str) -> air_analysis::format::LineEnding {
        use air_analysis::format::LineEnding as Written;
        match setting {
            Some(LineEnding::Lf) => Written::Lf,
            Some(LineEnding::Crlf) => Written::Crlf,
            Some(LineEnding::Auto) | None => Written::of(text),
        }
    }
}

/// Reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, rename_all = "kebab-case")]
#[schemars(deny_unknown_fields)]
pub struct Check {
    /// Format of the report of `air check` if the command line names none. Default: full.
    pub output_format: Option<ReportFormat>,
    /// Findings that `air check` shows, from this level on, and that make its exit code 1, if the command line says
    /// nothing. Default: all are shown, and only errors and warnings make the exit code 1.
    pub level: Option<LeastLevel>,
}

/// The least severity that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[serde(rename_all = "lowercase")]
pub enum LeastLevel {
    /// Errors only.
    Error,
    /// Errors and warnings.
    Warning,
    /// All but hints.
    Info,
    /// Everything.
    Hint,
}

impl From<LeastLevel> for Severity {
    fn from(level: LeastLevel) -> Severity {
        match level {
            LeastLevel::Error => Severity::Error,
            LeastLevel::Warning => Severity::Warning,
            LeastLevel::Info => Severity::Info,
            LeastLevel::Hint => Severity::Hint,
        }
    }
}

/// Format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[serde(rename_all = "kebab-case")]
pub enum ReportFormat {
    /// Source excerpts, for people.
    #[default]
    Full,
    /// One line per diagnostic.
    Concise,
    /// One JSON object.
    Json,
    /// One JSON object per script, each on a line of its own, and a summary.
    Jsonl,
    /// SARIF 2.1.0.
    Sarif,
    /// Workflow commands that GitHub shows beside the code.
    Github,
}

/// The readable view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, rename_all = "kebab-case")]
#[schemars(deny_unknown_fields)]
pub struct Beautify {
    /// Spaces per level. Default: 4, as in AquaVM.
    #[schemars(range(max = 64))]
    pub indent_step: Option<u8>,
    /// Name the compiler's hops, as AquaVM's `--patterns` does. Default: false.
    pub patterns: Option<bool>,
    /// Keep comments. Default: false.
    pub comments: Option<bool>,
    /// Name all idioms of the Aqua compiler. Default: false.
    pub idioms: Option<bool>,
}

/// Inlay hints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, rename_all = "kebab-case")]
#[schemars(deny_unknown_fields)]
pub struct Hints {
    /// What a `)` closes that is 20 lines or more below its `(`. Default: true.
    pub closing: Option<bool>,
    /// On which peer a branch of `par` begins. Default: false.
    pub peers: Option<bool>,
    /// The implicit last instruction of a fold that has none written. Default: false.
    pub last: Option<bool>,
    /// The compiler's idioms by name. Default: false.
    pub idioms: Option<bool>,
}

/// Runs of scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, rename_all = "kebab-case")]
#[schemars(deny_unknown_fields)]
pub struct Run {
    /// Run a script again when it is saved. Only the editor's settings count here, not files, so that opening a
    /// folder from someone else never runs anything. Default: false.
    pub on_save: Option<bool>,
    /// Make up values that neither sample data nor a built-in service provides. Default: true.
    pub make_up: Option<bool>,
    /// Maximum memory of a run, in MiB. Default: 256.
    #[schemars(range(min = 16, max = 2048))]
    pub memory: Option<u32>,
    /// Maximum duration of a run, in milliseconds. Default: 5000.
    #[schemars(range(min = 10, max = 600_000))]
    pub time: Option<u32>,
    /// Maximum number of invocations of the interpreter, on all peers together; a run is stopped after that many.
    /// Default: 10000.
    #[schemars(range(min = 1))]
    pub max_steps: Option<u64>,
    /// Where an editor shows the values of a run. Default: auto.
    pub values: Option<RunValues>,
}

/// Where an editor shows the values of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RunValues {
    /// As inlay hints if the editor requests them again after a run, else as diagnostics.
    #[default]
    Auto,
    /// As inlay hints, after the names.
    Hints,
    /// As diagnostics of severity hint, which many editors show at the end of the line.
    Diagnostics,
}

/// Which scripts are read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, rename_all = "kebab-case")]
#[schemars(deny_unknown_fields)]
pub struct Files {
    /// Largest script that is read, in bytes. Default: 67108864 (64 MiB).
    pub max_size: Option<u64>,
    /// What is left out when folders are searched, in the words of `.gitignore`, from the folder of this file.
    /// `node_modules` and `target` are left out anyway, unless `!node_modules` or `!target` is here. Default: [].
    pub exclude: Option<Vec<String>>,
}

impl Files {
    /// Largest script in bytes; never 4 GiB, because positions are 32 bits wide.
    pub fn limit(&self) -> u64 {
        self.max_size.unwrap_or(64 << 20).min(u64::from(u32::MAX) - 1)
    }
}

/// The JSON schema of [`Config`], as published in `air.schema.json`.
pub fn schema() -> serde_json::Value {
    // An absent key is an absent key: TOML has no null.
    let without_null = schemars::transform::RecursiveTransform(|schema: &mut schemars::Schema| {
        if schema.get("default").is_some_and(serde_json::Value::is_null) {
            schema.remove("default");
        }
        for key in ["type", "anyOf"] {
            let Some(serde_json::Value::Array(choices)) = schema.get_mut(key) else { continue };
            choices.retain(|choice| choice != "null" && choice.get("type").is_none_or(|it| it != "null"));
            match choices.as_slice() {
                [serde_json::Value::String(only)] => {
                    let only = only.clone();
                    schema.insert(key.to_owned(), only.into());
                }
                [serde_json::Value::Object(only)] => {
                    let only = only.clone();
                    schema.remove(key);
                    for (key, value) in only {
                        schema.insert(key, value);
                    }
                }
                _ => {}
            }
        }
    });
    let settings = schemars::generate::SchemaSettings::draft2020_12().with_transform(without_null);
    settings.into_generator().into_root_schema_for::<Config>().to_value()
}
