//! `air config`: which settings hold for a script, and where each comes from.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::cli::exit::Exit;
use crate::cli::global_args::GlobalArgs;
use crate::cli::output::{FAINT, Output, STRONG};
use crate::config::editorconfig::{self, Layout};
use crate::config::effective::{self, Origin, Setting};
use crate::config::find::nearest;
use crate::config::{Config, read_named};
use crate::host::NativeFiles;

/// Arguments of `air config`.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ConfigArgs {
    /// The script or the folder [default: the current folder]
    #[arg(value_hint = clap::ValueHint::AnyPath)]
    pub path: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// What `air config --json` prints.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "air config --json")]
struct Object {
    /// Version of this form.
    version: u32,
    /// The configuration file that counts.
    config: Option<PathBuf>,
    /// All settings, by section and key.
    settings: Vec<SettingObject>,
}

/// One setting.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Setting")]
struct SettingObject {
    /// `format`
    section: String,
    /// `indent-width`
    key: String,
    /// What holds.
    value: Value,
    /// Who says so: `default`, `config` or `editorconfig`.
    origin: &'static str,
}

/// Runs `air config`.
pub fn run(args: &ConfigArgs, global: &GlobalArgs, output: &mut Output) -> Exit {
    let result = try_run(args, global, output);
    output.conclude(result.map(|()| Exit::Clean))
}

fn try_run(args: &ConfigArgs, global: &GlobalArgs, output: &mut Output) -> Result<(), String> {
    let here = PathBuf::from(".");
    let path = args.path.as_ref().unwrap_or(&here);
    let script = if path.is_dir() { path.join("script.air") } else { path.clone() };
    let absolute = std::path::absolute(&script).map_err(|error| format!("{}: {error}", path.display()))?;
    let file = match &global.config {
        Some(file) => Some(file.clone()),
        None if global.isolated => None,
        None => absolute.parent().and_then(|folder| nearest(&NativeFiles, folder)),
    };
    let config = match &file {
        Some(file) => read_named(file).map_err(|error| error.to_string())?,
        None => Config::default(),
    };
    let layout =
        if global.isolated { Layout::default() } else { editorconfig::layout(&NativeFiles, &absolute) };
    let settings = effective::settings(&config, &layout);
    if args.json {
        let settings = settings.into_iter().map(|Setting { section, key, value, origin }| SettingObject {
            section,
            key,
            value,
            origin: word(origin),
        });
        let object = Object { version: 1, config: file, settings: settings.collect() };
        output.line(serde_json::to_string_pretty(&object).unwrap_or_default());
        return Ok(());
    }
    show(&settings, file.as_deref(), output);
    Ok(())
}

fn word(origin: Origin) -> &'static str {
    match origin {
        Origin::Default => "default",
        Origin::File => "config",
        Origin::Editorconfig => "editorconfig",
    }
}

/// As TOML, with the origin beside each value.
fn show(settings: &[Setting], file: Option<&Path>, output: &mut Output) {
    let said = file.map_or_else(|| "no air.toml: defaults".to_owned(), |file| file.display().to_string());
    let said = output.paint(FAINT, format_args!("# {said}")).to_string();
    output.line(said);
    let name = file.and_then(Path::file_name).map(|name| name.display().to_string()).unwrap_or_default();
    let lines: Vec<(String, &Setting)> = settings
        .iter()
        .map(|setting| (format!("{} = {}", bare(&setting.key), setting.value), setting))
        .collect();
    let columns =
        lines.iter().map(|(line, _)| line.chars().count()).filter(|it| *it <= 40).max().unwrap_or(0);
    let mut section = "";
    for (line, setting) in &lines {
        if std::mem::replace(&mut section, &setting.section) != setting.section {
            output.line("");
            let head = output.paint(STRONG, format_args!("[{section}]")).to_string();
            output.line(head);
        }
        let origin = match setting.origin {
            Origin::Default => "default",
            Origin::File => name.as_str(),
            Origin::Editorconfig => ".editorconfig",
        };
        let origin = output.paint(FAINT, format_args!("# {origin}")).to_string();
        output.line(format_args!("{line:columns$}  {origin}"));
    }
}

/// A key as TOML writes it.
fn bare(key: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    if !key.is_empty() && key.chars().all(plain) { key.to_owned() } else { Value::from(key).to_string() }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_current() {
        crate::schemas::compare("config.schema.json", &schemars::schema_for!(super::Object).to_value());
    }
}
