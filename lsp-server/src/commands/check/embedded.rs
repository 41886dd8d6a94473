//! Scripts in files of other languages: each is checked as a script, and its findings stand in the file.

use std::sync::Arc;

use air_analysis::Diagnostic;
use air_analysis::diagnostic::{Origin, TextEdit};
use air_ide::embedded::{EmbeddedScript, HostLanguage, scripts};
use air_semantics::text_edit;
use air_syntax::LineIndex;

use super::statistics::Statistics;
use super::{CheckArgs, ScriptResult, add_allow, fixes, said, threshold};
use crate::cli::inputs::Input;
use crate::cli::report::checked::{AppliedFix, CheckedScript};
use crate::cli::report::reporter::Reporter;
use crate::cli::report::summary::Summary;
use crate::config::{Config, Levels};
use crate::files::writer;
use air_simulation::report::Span;

/// What `air check` does with a file that scripts are written into.
pub(super) fn check(
    args: &CheckArgs,
    input: &Input,
    (language, text): (HostLanguage, Arc<str>),
    config: &Config,
    levels: &Levels,
    reporters: &[Arc<dyn Reporter>],
) -> Result<ScriptResult, String> {
    let found = scripts(language, &text);
    let mut done = Changes::default();
    if args.writes() {
        for script in &found {
            done.change(args, &text, script, levels);
        }
    }
    let after: Arc<str> = match done.edits.as_slice() {
        [] => Arc::clone(&text),
        edits => text_edit::apply(&text, edits).into(),
    };
    let changed = !done.edits.is_empty();
    if let (Input::File(path), true, false) = (input, changed, args.diff) {
        writer::replace(path, &text, &after).map_err(|error| error.to_string())?;
    }
    let found = if changed { scripts(language, &after) } else { found };
    let (mut diagnostics, accepted) = findings(&after, &found);
    levels.apply(&mut diagnostics);
    let level = args.threshold.level.or(config.check.level);
    let warnings = threshold::hide(level, &mut diagnostics);
    let mut statistics = Statistics::default();
    statistics.add(&diagnostics);
    let migrated =
        if args.migrate && !args.diff { done.fixed.iter().map(said).collect() } else { Vec::new() };
    let fixed_text =
        (args.writes() && !args.diff && matches!(input, Input::Stdin(_))).then(|| Arc::clone(&after));
    let change = (args.diff && changed).then(|| (text, Arc::clone(&after)));
    let lines = LineIndex::new(&after);
    let mut summary = Summary::default();
    let mut pieces = vec![String::new(); reporters.len()];
    // In a folder, most files have no scripts: nothing is said of them.
    if found.is_empty() {
        if args.inputs.paths.iter().any(|path| input.path() == Some(path)) {
            done.notes.push(": no scripts in this file".to_owned());
        }
    } else {
        let checked = CheckedScript {
            name: input.name(),
            text: after,
            lines,
            accepted,
            diagnostics,
            fixed: done.fixed,
        };
        pieces = reporters.iter().map(|reporter| reporter.script(&checked)).collect();
        summary.add(&checked);
    }
    let advice = if level.is_some() { summary.infos + summary.hints } else { 0 };
    let (silenced, notes) = (done.silenced, done.notes);
    Ok(ScriptResult {
        pieces,
        summary,
        statistics,
        warnings,
        advice,
        silenced,
        fixed_text,
        migrated,
        change,
        notes,
    })
}

/// All findings at their places in the file, in its order, and whether AquaVM accepts every script.
fn findings(host: &str, found: &[EmbeddedScript]) -> (Vec<Diagnostic>, bool) {
    let mut diagnostics = Vec::new();
    let mut accepted = true;
    for script in found {
        let analysis = script.analysis();
        let from = diagnostics.len();
        diagnostics.extend(script.sure(analysis.diagnostics()).map(|found| script.to_host(host, found)));
        let errors = diagnostics.iter().skip(from).any(|found| found.code.origin() != Origin::Lint);
        // With a hole, its verdict is that of what is sure; a directive hides errors from neither.
        accepted &= if script.holes.is_empty() { analysis.accepted() } else { !errors };
    }
    // Templates may be inside of templates.
    diagnostics.sort_by_key(|found| (found.range.start(), found.range.end()));
    (diagnostics, accepted)
}

/// What `--fix`, `--add-allow` and their sisters change.
#[derive(Default)]
struct Changes {
    edits: Vec<TextEdit>,
    fixed: Vec<AppliedFix>,
    silenced: usize,
    notes: Vec<String>,
}

impl Changes {
    fn change(&mut self, args: &CheckArgs, host: &str, script: &EmbeddedScript, levels: &Levels) {
        let analysis = script.analysis();
        let start = script.offset_to_host(0.into());
        let place = || Span::new(&LineIndex::new(host), air_syntax::TextRange::empty(start));
        // Another edit may have come into a template around this one.
        let inside = self.edits.last().is_some_and(|last| last.range.end() > start);
        let (new, fixed, silenced) = match args.extent() {
            Some(_) if !script.holes.is_empty() => {
                // A fix may depend on what a hole is.
                let fixable = script.sure(analysis.diagnostics()).any(|found| !found.fixes.is_empty());
                if fixable {
                    let place = place();
                    self.notes.push(format!(
                        ":{}:{}: not fixed: the program fills in parts of it",
                        place.line, place.column
                    ));
                }
                return;
            }
            Some(extent) => {
                let script = fixes::apply(analysis, extent, levels);
                (script.analysis.text.to_string(), script.fixed, 0)
            }
            None => {
                let mut shown: Vec<_> = script.sure(analysis.diagnostics()).cloned().collect();
                levels.apply(&mut shown);
                match add_allow::add_allow(&analysis, &shown) {
                    Some((new, count)) => (new, Vec::new(), count),
                    None => return,
                }
            }
        };
        if new == *script.text {
            return;
        }
        let Some(edit) = script.rewrite(host, new.trim_end()).filter(|_| !inside) else {
            let place = place();
            self.notes.push(format!(
                ":{}:{}: not changed: its string cannot hold the new text",
                place.line, place.column
            ));
            return;
        };
        self.edits.push(edit);
        self.silenced += silenced;
        let lines = LineIndex::new(host);
        let script_lines = LineIndex::new(&script.text);
        self.fixed.extend(fixed.into_iter().map(|fixed| {
            let at = air_syntax::LineCol {
                line: fixed.line.saturating_sub(1),
                col: fixed.column.saturating_sub(1),
            };
            let at = script.offset_to_host(script_lines.offset(at, air_syntax::Encoding::Utf16));
            let span = Span::new(&lines, air_syntax::TextRange::empty(at));
            AppliedFix { line: span.line, column: span.column, ..fixed }
        }));
    }
}
