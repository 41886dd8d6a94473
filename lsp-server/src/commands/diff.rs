//! `air diff`: two versions of a script, compared by structure.

use std::ops::Range;
use std::path::PathBuf;

use air_analysis::Analysis;
use air_analysis::compare::{Change, Comparison, Line, compare};
use air_simulation::report::Span;
use air_syntax::{LineIndex, TextRange};
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::embedded;
use crate::cli::exit::Exit;
use crate::cli::inputs::Input;
use crate::cli::output::{FAINT, GOOD, Output, REMOVED, STRONG, visible};
use crate::cli::report::summary::counted;
use crate::cli::scripts;
use crate::config::Configs;

/// Deeper lines are not indented any further.
const MAX_INDENT: usize = 40;

/// Arguments of `air diff`.
#[derive(Debug, Clone, clap::Args)]
pub struct DiffArgs {
    /// The old script; `-` is standard input
    #[arg(value_name = "OLD", value_hint = clap::ValueHint::FilePath)]
    pub old: PathBuf,
    /// The new script; `-` is standard input
    #[arg(value_name = "NEW", value_hint = clap::ValueHint::FilePath)]
    pub new: PathBuf,
    /// Lines around each change
    #[arg(long, short = 'U', value_name = "N", default_value_t = 2)]
    pub context: usize,
    /// Do not count other names of variables as a difference
    #[arg(long)]
    pub ignore_names: bool,
    /// Print the differences as JSON
    #[arg(long)]
    pub json: bool,
}

/// What `air diff --json` prints.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "air diff --json")]
struct DiffObject<'a> {
    /// Version of this form: 1.
    version: u32,
    /// Path of the old script as given.
    old: String,
    /// Path of the new script as given.
    new: String,
    /// Whether nothing differs but layout, comments and the nesting of `seq` and `par`.
    same: bool,
    /// Variables that have another name everywhere.
    renames: Vec<RenameObject<'a>>,
    /// Instructions that differ, in the order of the new script; removed ones where they stood.
    changes: Vec<ChangeObject<'a>>,
}

/// A variable with another name, tags included.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Rename")]
struct RenameObject<'a> {
    /// In the old script.
    old: &'a str,
    /// In the new script.
    new: &'a str,
}

/// What became of an instruction.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Change")]
struct ChangeObject<'a> {
    /// What happened.
    kind: ChangeWord,
    /// The instruction as people read it, without what is in it.
    text: &'a str,
    /// Its old form, of what changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'a str>,
    /// How many instructions it is in, lists of `seq` and `par` counted once.
    depth: usize,
    /// Its place in the old script; absent if it was inserted.
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<Span>,
    /// Its place in the new script; absent if it was removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<Span>,
}

/// What happened to an instruction.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ChangeKind")]
enum ChangeWord {
    /// It is new.
    Inserted,
    /// It is gone.
    Removed,
    /// It has other operands.
    Changed,
    /// It stands at another place, with what is in it.
    Moved,
    /// Both.
    MovedAndChanged,
}

impl ChangeWord {
    fn of(change: Change) -> Option<ChangeWord> {
        Some(match change {
            Change::Same => return None,
            Change::Inserted => ChangeWord::Inserted,
            Change::Removed => ChangeWord::Removed,
            Change::Changed => ChangeWord::Changed,
            Change::Moved => ChangeWord::Moved,
            Change::MovedAndChanged => ChangeWord::MovedAndChanged,
        })
    }
}

/// Runs `air diff`.
pub fn run(args: &DiffArgs, configs: &Configs, output: &mut Output) -> Exit {
    let result = try_run(args, configs, output);
    output.conclude(result)
}

fn try_run(args: &DiffArgs, configs: &Configs, output: &mut Output) -> Result<Exit, String> {
    if args.old.as_os_str() == "-" && args.new.as_os_str() == "-" {
        return Err("only one of the scripts can be standard input".to_owned());
    }
    let (old_name, old) = read(&args.old, configs, output)?;
    let (new_name, new) = read(&args.new, configs, output)?;
    let mut found = compare(old.hir(), new.hir());
    if args.ignore_names {
        found.renames.clear();
    }
    let names = (old_name.as_str(), new_name.as_str());
    let lines = (old.line_index(), new.line_index());
    if args.json {
        output.line(json(names, lines, &found));
    } else {
        show(args, names, lines, &found, output);
    }
    Ok(if found.is_same() { Exit::Clean } else { Exit::Findings })
}

fn read(path: &PathBuf, configs: &Configs, output: &mut Output) -> Result<(String, Analysis), String> {
    let input = Input::one(Some(path), None);
    let config = scripts::config(&input, configs, output)?;
    let name = input.name();
    let text = input.read(config.files.limit()).map_err(|error| format!("{name}: {error}"))?;
    let text = embedded::choose(&input, &text, None)?.text;
    Ok((name, Analysis::new(text)))
}

fn json(names: (&str, &str), lines: (&LineIndex, &LineIndex), found: &Comparison) -> String {
    let object = DiffObject {
        version: 1,
        old: names.0.to_owned(),
        new: names.1.to_owned(),
        same: found.is_same(),
        renames: found.renames.iter().map(|it| RenameObject { old: &it.old, new: &it.new }).collect(),
        changes: found.lines.iter().filter_map(|line| change(line, lines)).collect(),
    };
    // These objects have string keys and no fallible parts.
    serde_json::to_string(&object).unwrap_or_default()
}

fn change<'l>(line: &'l Line, lines: (&LineIndex, &LineIndex)) -> Option<ChangeObject<'l>> {
    Some(ChangeObject {
        kind: ChangeWord::of(line.change)?,
        text: &line.text,
        before: line.before.as_deref(),
        depth: line.depth,
        old: line.old.map(|range| Span::new(lines.0, range)),
        new: line.new.map(|range| Span::new(lines.1, range)),
    })
}

fn show(
    args: &DiffArgs,
    names: (&str, &str),
    lines: (&LineIndex, &LineIndex),
    found: &Comparison,
    output: &mut Output,
) {
    if !found.is_same() {
        output.line(output.paint(STRONG, format_args!("--- {}", visible(names.0))).to_string());
        output.line(output.paint(STRONG, format_args!("+++ {}", visible(names.1))).to_string());
    }
    for rename in &found.renames {
        output.line(format_args!("renamed {} → {}", visible(&rename.old), visible(&rename.new)));
    }
    for hunk in hunks(found, args.context) {
        let shown = found.lines.get(hunk).unwrap_or_default();
        output.line(output.paint(FAINT, place(shown, lines)).to_string());
        for line in shown {
            self::line(line, lines.0, output);
        }
    }
    let count = |kinds: &[Change]| found.lines.iter().filter(|line| kinds.contains(&line.change)).count();
    output.note(format_args!(
        "{} inserted, {} removed, {} changed, {} moved, {} renamed",
        counted(count(&[Change::Inserted]), "instruction"),
        count(&[Change::Removed]),
        count(&[Change::Changed, Change::MovedAndChanged]),
        count(&[Change::Moved, Change::MovedAndChanged]),
        counted(found.renames.len(), "variable")
    ));
}

/// Stretches of lines with changes and what is around them.
fn hunks(found: &Comparison, context: usize) -> Vec<Range<usize>> {
    let mut hunks: Vec<Range<usize>> = Vec::new();
    for (at, _) in found.lines.iter().enumerate().filter(|(_, line)| line.change != Change::Same) {
        let (start, end) =
            (at.saturating_sub(context), (at + 1).saturating_add(context).min(found.lines.len()));
        match hunks.last_mut() {
            Some(last) if last.end >= start => last.end = end,
            _ => hunks.push(start..end),
        }
    }
    hunks
}

/// `@@ line 12 → 14 @@`
fn place(shown: &[Line], (old, new): (&LineIndex, &LineIndex)) -> String {
    let number = |lines: &LineIndex, range: Option<TextRange>| {
        range.map_or_else(|| "-".to_owned(), |range| Span::new(lines, range).line.to_string())
    };
    let first_old = shown.iter().find_map(|line| line.old);
    let first_new = shown.iter().find_map(|line| line.new);
    format!("@@ line {} → {} @@", number(old, first_old), number(new, first_new))
}

fn line(line: &Line, old: &LineIndex, output: &mut Output) {
    let indent = "  ".repeat(line.depth.min(MAX_INDENT));
    let removed =
        |text: &str| output.paint(REMOVED, format_args!("- {indent}{}", output.shown(text))).to_string();
    let inserted =
        |text: &str| output.paint(GOOD, format_args!("+ {indent}{}", output.shown(text))).to_string();
    let from = line.old.map(|range| Span::new(old, range).line).unwrap_or_default();
    let moved = |text: &str| {
        format!(
            "> {indent}{}   {}",
            output.shown(text),
            output.paint(FAINT, format_args!("(from line {from})"))
        )
    };
    let mut out = Vec::new();
    match line.change {
        Change::Same => out.push(format!("  {indent}{}", output.shown(&line.text))),
        Change::Removed => out.push(removed(&line.text)),
        Change::Inserted => out.push(inserted(&line.text)),
        Change::Moved => out.push(moved(&line.text)),
        Change::Changed => {
            out.extend(line.before.as_deref().map(removed));
            out.push(inserted(&line.text));
        }
        Change::MovedAndChanged => {
            out.extend(line.before.as_deref().map(moved));
            out.push(inserted(&line.text));
        }
    }
    out.iter().for_each(|line| output.line(line));
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_current() {
        let schema = schemars::schema_for!(super::DiffObject<'static>).to_value();
        crate::schemas::compare("diff.schema.json", &schema);
    }
}
