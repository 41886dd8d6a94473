//! `air extract`: scripts in files of other languages, as scripts of their own.

use std::collections::HashSet;
use std::path::PathBuf;

use air_ide::embedded::{EmbeddedScript, Role, scripts};
use air_syntax::LineIndex;
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::embedded::script_lines;
use crate::cli::exit::Exit;
use crate::cli::inputs::{self, Input, InputArgs};
use crate::cli::output::Output;
use crate::cli::report::summary::counted;
use crate::cli::scripts as found;
use crate::config::Configs;
use crate::files::writer;

/// Arguments of `air extract`.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ExtractArgs {
    /// Which files.
    #[command(flatten)]
    pub inputs: InputArgs,
    /// Write each script to NAME.LINE.air in this folder, instead of all to standard output
    #[arg(long, short, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub out_dir: Option<PathBuf>,
    /// Print the scripts with their places and holes as JSON
    #[arg(long, conflicts_with = "out_dir")]
    pub json: bool,
}

/// What `air extract --json` prints.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "air extract --json")]
struct Extract {
    /// Version of this form: 1.
    version: u32,
    /// By file, and in its order.
    scripts: Vec<Extracted>,
}

/// A script.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Script")]
struct Extracted {
    /// Path of the file as given.
    path: String,
    /// First line of the script in the file, from 1.
    line: u32,
    /// Last line.
    last_line: u32,
    /// First byte of the script in the file.
    start: usize,
    /// One after the last byte.
    end: usize,
    /// Whether the file says that it is AIR; else its text does.
    tagged: bool,
    /// The script, with a word in place of each hole.
    text: String,
    /// What the program fills in, in order.
    holes: Vec<ExtractedHole>,
}

/// A part that the program fills in.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Hole")]
struct ExtractedHole {
    /// What stands in its place.
    word: String,
    /// As the file has it.
    source: String,
}

/// Runs `air extract`.
pub fn run(args: &ExtractArgs, configs: &Configs, output: &mut Output) -> Exit {
    let result = try_run(args, configs, output);
    output.conclude(result)
}

fn try_run(args: &ExtractArgs, configs: &Configs, output: &mut Output) -> Result<Exit, String> {
    // To look into other files is all that this command is for.
    let mut found = found::find(&InputArgs { embedded: true, ..args.inputs.clone() }, configs, output);
    let items = std::mem::take(&mut found.items);
    let mut written = HashSet::new();
    let mut extract = Extract { version: 1, scripts: Vec::new() };
    let mut count = 0;
    for (input, config) in &items {
        let Some(language) = input.host_language() else { continue };
        let text = match input.read(config.files.limit()) {
            Ok(text) => text,
            Err(error) => {
                found.fail(output, input.name(), error.to_string());
                continue;
            }
        };
        let lines = LineIndex::new(&text);
        for script in scripts(language, &text) {
            count += 1;
            let (line, last_line) = script_lines(&lines, &script);
            if let Some(folder) = &args.out_dir {
                let path = file(folder, input, line, &mut written);
                inputs::keep_apart([path.as_path()], items.iter().map(|(input, _)| input))?;
                std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
                writer::create(&path, alone(input, line, &text, &script))
                    .map_err(|error| format!("{}: {error}", path.display()))?;
                output.detail(format_args!("wrote {}", path.display()));
            } else if args.json {
                extract.scripts.push(extracted(input, (line, last_line), &text, &script));
            } else {
                if count > 1 {
                    output.line("");
                }
                output.script(&alone(input, line, &text, &script));
            }
        }
    }
    if args.json {
        output.line(serde_json::to_string(&extract).unwrap_or_default());
    }
    output.note(format_args!("{} extracted", counted(count, "script")));
    Ok(found.exit())
}

/// A script of its own: where it is from, what its words stand for, its text.
fn alone(input: &Input, line: u32, host: &str, script: &EmbeddedScript) -> String {
    let mut out = format!("; {}:{line}\n", input.name().replace(['\n', '\r'], " "));
    let mut said = HashSet::new();
    let mut given = Vec::new();
    for hole in &script.holes {
        let (word, source) = words(host, script, hole);
        if said.insert(source.clone()) {
            out += &format!("; {word} is {}\n", source.replace(['\n', '\r'], " "));
            let whole = script
                .text
                .get(..hole.script().start)
                .is_none_or(|before| before.ends_with([' ', '\n', '[', '(']));
            if hole.role == Role::Operand && whole {
                given.push(word);
            }
        }
    }
    if !given.is_empty() {
        out += &format!("; air: given {}\n", given.join(" "));
    }
    out += &script.text;
    out.push('\n');
    out
}

/// What stands in a hole's place, and what the file has there.
fn words(host: &str, script: &EmbeddedScript, hole: &air_ide::embedded::Hole) -> (String, String) {
    let word = script.text.get(hole.script()).unwrap_or_default();
    (word.to_owned(), host.get(hole.host()).unwrap_or_default().to_owned())
}

fn extracted(input: &Input, (line, last_line): (u32, u32), host: &str, script: &EmbeddedScript) -> Extracted {
    let range = script.host_range();
    let holes = script.holes.iter().map(|hole| words(host, script, hole));
    Extracted {
        path: input.name(),
        line,
        last_line,
        start: range.start,
        end: range.end,
        tagged: script.tagged,
        text: script.text.to_string(),
        holes: holes.map(|(word, source)| ExtractedHole { word, source }).collect(),
    }
}

/// `main.ts.12.air`, and with a number where files of several folders have one name.
fn file(folder: &std::path::Path, input: &Input, line: u32, written: &mut HashSet<PathBuf>) -> PathBuf {
    let name = input.path().and_then(|path| path.file_name()).unwrap_or_default().to_string_lossy();
    let mut path = folder.join(format!("{name}.{line}.air"));
    let mut number = 2;
    while !written.insert(path.clone()) {
        path = folder.join(format!("{name}.{line}-{number}.air"));
        number += 1;
    }
    path
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_current() {
        let schema = schemars::schema_for!(super::Extract).to_value();
        crate::schemas::compare("extract.schema.json", &schema);
    }
}
