//! `air fmt`: the canonical layout.

use std::sync::Arc;

use air_analysis::diagnostic::Origin;
use air_analysis::format::{self, FormatOptions};
use air_analysis::{Analysis, Diagnostic};
use air_ide::embedded::{EmbeddedScript, HostLanguage, scripts};
use air_semantics::text_edit;
use air_syntax::LineIndex;

use crate::cli::exit::Exit;
use crate::cli::inputs::{Input, InputArgs};
use crate::cli::output::{Output, visible};
use crate::cli::report::summary::counted;
use crate::cli::{self, diff, pool};
use crate::config::{Config, Configs, LineEnding};
use crate::files::writer;
use air_simulation::report::Span;

/// Arguments of `air fmt`.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct FmtArgs {
    /// Which scripts.
    #[command(flatten)]
    pub inputs: InputArgs,
    /// Write nothing; list the scripts that would change, and exit with 1 if there are any
    #[arg(long)]
    pub check: bool,
    /// Write nothing; show what would change, and exit with 1 if anything would
    #[arg(long)]
    pub diff: bool,
    /// Spaces per level (1–8)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=8))]
    pub indent_width: Option<u8>,
    /// Closing brackets on the line of the last child instead of on lines of their own
    #[arg(long)]
    pub compact: bool,
    /// Line ending: auto (that of the first line), lf or crlf
    #[arg(long, value_name = "END", hide_possible_values = true)]
    pub line_ending: Option<LineEnding>,
}

/// A script before and after.
struct Change {
    old: String,
    /// Absent if nothing changes.
    new: Option<String>,
    /// Where it has its first syntax error, and which; parts may then have stayed as they were.
    broken: Option<String>,
}

/// Runs `air fmt`.
pub fn run(args: &FmtArgs, configs: &Configs, output: &mut Output) -> Exit {
    let scripts = cli::scripts::find(&args.inputs, configs, output);
    let mut exit = scripts.exit();
    let items = scripts.items;
    let dry = args.check || args.diff;
    let mut counts = Counts::default();
    pool::in_order(
        &items,
        output,
        |(input, config)| format_one(args, input, config, dry),
        |output, (input, _), outcome| {
            let name = input.name();
            let change = match outcome.unwrap_or_else(Err) {
                Ok(change) => change,
                Err(message) => {
                    output.error(format_args!("{name}: {message}"));
                    exit.worsen(Exit::Failed);
                    return;
                }
            };
            if let Some(error) = &change.broken {
                counts.broken += 1;
                output.error(format_args!("{name}:{error}"));
                exit.worsen(Exit::Failed);
            }
            match &change.new {
                Some(_) => counts.changed += 1,
                None => counts.same += 1,
            }
            if dry && change.new.is_some() {
                exit.worsen(Exit::Findings);
            }
            show(args, input, &change, output);
        },
    );
    if !items.iter().all(|(input, _)| matches!(input, Input::Stdin(_))) {
        let verb = if dry { "would be formatted" } else { "formatted" };
        output.note(format_args!("{} {verb}, {} unchanged", counted(counts.changed, "script"), counts.same));
    }
    if counts.broken > 0 {
        output.note(format_args!(
            "{} with syntax errors: formatted where well formed (`air check` shows the errors)",
            counted(counts.broken, "script")
        ));
    }
    exit
}

fn show(args: &FmtArgs, input: &Input, change: &Change, output: &mut Output) {
    let name = input.name();
    match (&change.new, input) {
        (Some(new), _) if args.diff => diff::print(&name, &change.old, new, output),
        (Some(_), _) if args.check => output.line(format_args!("would format: {}", visible(&name))),
        (_, Input::Stdin(_)) if !args.check && !args.diff => {
            output.script(change.new.as_ref().unwrap_or(&change.old));
        }
        (Some(_), Input::File(_)) => output.detail(format_args!("formatted {name}")),
        _ => {}
    }
}

#[derive(Default)]
struct Counts {
    changed: usize,
    same: usize,
    broken: usize,
}

fn format_one(args: &FmtArgs, input: &Input, config: &Arc<Config>, dry: bool) -> Result<Change, String> {
    let old = input.read(config.files.limit()).map_err(|error| error.to_string())?;
    let options = FormatOptions {
        indent_width: args.indent_width.or(config.format.indent_width).unwrap_or(1),
        compact: args.compact || config.format.compact.unwrap_or(false),
        line_ending: LineEnding::of_text(args.line_ending.or(config.format.line_ending), &old),
    };
    if let Some(language) = input.host_language() {
        return format_embedded(input, (language, old), &options, dry);
    }
    let parse = air_syntax::parse(&old);
    let new = match format::format(&parse, &old, &options) {
        Ok(formatted) => formatted.changed.then_some(formatted.text),
        Err(error) => return Err(error.to_string()),
    };
    if let (Input::File(path), false, Some(new)) = (input, dry, &new)
        && let Err(error) = writer::replace(path, &old, new)
    {
        return Err(error.to_string());
    }
    let broken = if parse.ok() { None } else { first_error(&old) };
    Ok(Change { broken, old, new })
}

/// The scripts in a file of another language; nothing else of it changes.
fn format_embedded(
    input: &Input,
    (language, old): (HostLanguage, String),
    options: &FormatOptions,
    dry: bool,
) -> Result<Change, String> {
    let found = scripts(language, &old);
    let mut edits = Vec::new();
    let mut broken = None;
    for script in &found {
        let analysis = script.analysis();
        let error = |found: &&Diagnostic| found.code.origin() == Origin::Syntax;
        if broken.is_none()
            && let Some(found) = script.sure(analysis.diagnostics()).find(error)
        {
            broken = Some(sentence(&LineIndex::new(&old), &script.to_host(&old, found)));
        }
        edits.extend(script.format(&old, options).unwrap_or_default());
    }
    // A template may be inside of another one, whose edits go first.
    edits.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
    edits.dedup_by(|next, before| next.range.start() < before.range.end());
    let new = (!edits.is_empty()).then(|| text_edit::apply(&old, &edits));
    if let Some(new) = &new {
        // As the formatter does with scripts: nothing is written that reads otherwise.
        let dense = |script: &EmbeddedScript| {
            script.text.chars().filter(|char| !char.is_whitespace()).collect::<String>()
        };
        let same = |one: &EmbeddedScript, other: &EmbeddedScript| dense(one) == dense(other);
        let after = scripts(language, new);
        if after.len() != found.len() || !found.iter().zip(&after).all(|(one, other)| same(one, other)) {
            return Err("the layout would change what the file says; it was left".to_owned());
        }
    }
    if let (Input::File(path), false, Some(new)) = (input, dry, &new) {
        writer::replace(path, &old, new).map_err(|error| error.to_string())?;
    }
    Ok(Change { broken, old, new })
}

/// `3:7: unclosed bracket: add the closing one (S001)`: the first syntax error.
fn first_error(text: &str) -> Option<String> {
    let analysis = Analysis::new(text);
    let error = analysis.diagnostics().iter().find(|found| found.code.origin() == Origin::Syntax)?;
    Some(sentence(analysis.line_index(), error))
}

fn sentence(lines: &LineIndex, error: &Diagnostic) -> String {
    let span = Span::new(lines, error.range);
    format!("{}:{}: {} ({})", span.line, span.column, error.message, error.code.as_str())
}
