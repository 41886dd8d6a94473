//! `air check`: what is wrong with scripts.

mod add_allow;
mod embedded;
mod fixes;
mod statistics;
mod threshold;

use std::sync::Arc;

use air_analysis::Analysis;
use air_analysis::codes::Code;
use air_analysis::fix_all::Extent;

use crate::cli::exit::Exit;
use crate::cli::form_target::form_target;
use crate::cli::inputs::{Input, InputArgs};
use crate::cli::known_words::KnownWords;
use crate::cli::output::Output;
use crate::cli::report::checked::{AppliedFix, CheckedScript};
use crate::cli::report::report_writer::{self, ReportTarget};
use crate::cli::report::reporter::Reporter;
use crate::cli::report::summary::{Summary, counted};
use crate::cli::{diff, inputs, pool, scripts};
use crate::config::groups;
use crate::config::levels::Level;
use crate::config::{Config, Configs, ReportFormat};
use crate::files::writer;

use statistics::Statistics;
use threshold::ThresholdArgs;

/// Arguments of `air check`.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(group = clap::ArgGroup::new("fixing").multiple(true).args(["fix", "unsafe_fixes", "migrate", "add_allow"]))]
pub struct CheckArgs {
    /// Which scripts.
    #[command(flatten)]
    pub inputs: InputArgs,
    /// Format of the report: full, concise, json, jsonl, sarif or github
    ///
    /// FORM=FILE writes the report to a file; the option may be given several times.
    #[arg(long, short = 'o', value_name = "FORM[=FILE]", value_parser = form_target::<ReportFormat>(), hide_possible_values = true)]
    pub output_format: Vec<ReportTarget>,
    /// Apply fixes that do not change the meaning
    ///
    /// For standard input, the fixed script goes to standard output and the report to standard error.
    #[arg(long)]
    pub fix: bool,
    /// Apply all fixes of errors, also those that may change the meaning
    ///
    /// The script then says what it most likely was to say; read the difference.
    #[arg(long)]
    pub unsafe_fixes: bool,
    /// Bring scripts of older AIR to today's: old lenses, streams as values, `seq` of three, `!`
    ///
    /// Applies the fixes of these forms only, safe or not, and says what was done.
    #[arg(long, conflicts_with_all = ["fix", "unsafe_fixes"])]
    pub migrate: bool,
    /// Write directives that silence the lints that are reported now
    ///
    /// `; air: allow(…)` before the instruction of each; what comes later is reported again. What AquaVM rejects is not
    /// silenced.
    #[arg(long, conflicts_with_all = ["fix", "unsafe_fixes", "migrate"])]
    pub add_allow: bool,
    /// Show what --fix, --unsafe-fixes, --migrate or --add-allow would change, and write nothing
    ///
    /// A unified diff on standard output instead of a report; exits with 1 if anything would change.
    #[arg(long, requires = "fixing", conflicts_with_all = ["output_format", "statistics"])]
    pub diff: bool,
    /// Do not report these lints, given by code, name or group, separated by commas
    ///
    /// Groups are lints, warnings, infos, hints, and for --deny also syntax, validation and all. A code
    /// counts more than its group.
    #[arg(long, value_name = "CODES", value_delimiter = ',', value_parser = KnownWords(codes_and_groups), hide_possible_values = true)]
    pub allow: Vec<String>,
    /// Report these lints as warnings
    #[arg(long, value_name = "CODES", value_delimiter = ',', value_parser = KnownWords(codes_and_groups), hide_possible_values = true)]
    pub warn: Vec<String>,
    /// Report these lints as errors
    #[arg(long, value_name = "CODES", value_delimiter = ',', value_parser = KnownWords(codes_and_groups), hide_possible_values = true)]
    pub deny: Vec<String>,
    /// Again whenever a script, its sample data or a configuration changes
    #[arg(long, conflicts_with = "stdin_filepath")]
    pub watch: bool,
    /// Which findings make the exit code 1, and which are shown
    #[command(flatten)]
    pub threshold: ThresholdArgs,
    /// Print how often each code was found instead of the findings
    #[arg(long)]
    pub statistics: bool,
}

impl CheckArgs {
    /// Whether scripts are changed.
    fn writes(&self) -> bool {
        self.add_allow || self.extent().is_some()
    }

    /// Which fixes to apply, if any.
    fn extent(&self) -> Option<Extent> {
        match self {
            CheckArgs { migrate: true, .. } => Some(Extent::Dialect),
            CheckArgs { unsafe_fixes: true, .. } => Some(Extent::All),
            CheckArgs { fix: true, .. } => Some(Extent::Safe),
            _ => None,
        }
    }
}

/// What `--allow`, `--warn` and `--deny` take, for shells.
fn codes_and_groups() -> Vec<(String, String)> {
    let groups = groups::described().map(|(name, what, _)| (name.to_owned(), what.to_owned()));
    let codes = Code::ALL.iter().flat_map(|code| {
        let about = code.page().summary.to_owned();
        [(code.as_str().to_owned(), about.clone()), (code.name().to_owned(), about)]
    });
    groups.chain(codes).collect()
}

/// What became of one script.
struct ScriptResult {
    /// What each reporter says about it.
    pieces: Vec<String>,
    summary: Summary,
    statistics: Statistics,
    /// Warnings, also those that are not shown.
    warnings: usize,
    /// Infos and hints that make the exit code 1.
    advice: usize,
    /// How many findings `--add-allow` silences.
    silenced: usize,
    /// Text of standard input after `--fix`.
    fixed_text: Option<Arc<str>>,
    /// What `--migrate` did.
    migrated: Vec<String>,
    /// Text before and after, where `--diff` shows it.
    change: Option<(Arc<str>, Arc<str>)>,
    /// What else is to be said of a file in another language.
    notes: Vec<String>,
}

/// Runs `air check`.
pub fn run(args: &CheckArgs, configs: &Configs, output: &mut Output) -> Exit {
    let result = try_run(args, configs, output);
    output.conclude(result)
}

fn try_run(args: &CheckArgs, configs: &Configs, output: &mut Output) -> Result<Exit, String> {
    let overrides = overrides(args)?;
    let mut scripts = scripts::find(&args.inputs, configs, output);
    let items = std::mem::take(&mut scripts.items);
    let stdin = |(input, _): &(Input, _)| matches!(input, Input::Stdin(_));
    let targets = targets(args, configs)?;
    let files = targets.iter().filter_map(|target| target.file.as_deref());
    inputs::keep_apart(files, items.iter().map(|(input, _)| input))?;
    let out_taken = args.writes() && !args.diff && items.iter().any(stdin);
    let mut writers = report_writer::begin(&targets, out_taken, output)?;
    let reporters: Vec<_> = writers.iter().map(|writer| writer.reporter.clone()).collect();

    let mut total = Summary::default();
    let mut statistics = Statistics::default();
    let (mut warnings, mut advice, mut changed, mut silenced) = (0, 0, 0, 0);
    pool::in_order(
        &items,
        output,
        |(input, config)| check_one(args, input, config, &overrides, &reporters),
        |output, (input, _), result| match result.unwrap_or_else(Err) {
            Ok(done) => {
                total.merge(&done.summary);
                statistics.merge(&done.statistics);
                warnings += done.warnings;
                advice += done.advice;
                silenced += done.silenced;
                if let Some((old, new)) = &done.change {
                    changed += 1;
                    diff::print(&input.name(), old, new, output);
                }
                if let Some(text) = done.fixed_text {
                    output.script(&text);
                }
                for note in &done.notes {
                    output.note(format_args!("{}{note}", input.name()));
                }
                for line in &done.migrated {
                    output.note(format!("{}:{line}", input.name()));
                }
                for (writer, piece) in writers.iter_mut().zip(&done.pieces) {
                    writer.add(piece, output);
                }
            }
            Err(message) => scripts.fail(output, input.name(), message),
        },
    );

    total.failed = scripts.failures.len();
    let mut exit = scripts.exit();
    if args.diff {
        let what = if args.add_allow {
            format!("{} to allow", counted(silenced, "finding"))
        } else {
            format!("{} to fix", counted(total.fixed, "finding"))
        };
        output.note(format_args!("{} would change: {what}", counted(changed, "script")));
        if changed > 0 && !args.threshold.exit_zero {
            exit.worsen(Exit::Findings);
        }
        return Ok(exit);
    }
    if args.add_allow {
        output.note(format_args!("{} allowed from now on", counted(silenced, "finding")));
    }
    if args.statistics {
        for line in statistics.lines() {
            // Standard output may be for the fixed script.
            if out_taken { output.err_line(line) } else { output.line(line) }
        }
        output.note(total.sentence());
    }
    if args.threshold.fails(&total, warnings, advice) {
        exit.worsen(Exit::Findings);
    }
    for writer in writers {
        if let Err(message) = writer.end(&total, &scripts.failures, output) {
            output.error(message);
            exit.worsen(Exit::Failed);
        }
    }
    if let Some(complaint) = args.threshold.complaint(warnings).filter(|_| !args.threshold.exit_zero) {
        output.note(complaint);
    }
    Ok(exit)
}

fn check_one(
    args: &CheckArgs,
    input: &Input,
    config: &Config,
    overrides: &[(Code, Level)],
    reporters: &[Arc<dyn Reporter>],
) -> Result<ScriptResult, String> {
    let text: Arc<str> = input.read(config.files.limit()).map_err(|error| error.to_string())?.into();
    let mut levels = config.levels.clone();
    for (code, level) in overrides {
        levels.set(code.as_str(), *level)?;
    }
    if let Some(language) = input.host_language() {
        return embedded::check(args, input, (language, text), config, &levels, reporters);
    }
    let extent = args.extent();
    let mut change = None;
    let mut analysis = Analysis::new(Arc::clone(&text));
    let mut fixed = Vec::new();
    if let Some(extent) = extent {
        let script = fixes::apply(analysis, extent, &levels);
        (analysis, fixed) = (script.analysis, script.fixed);
        if args.diff {
            change = (!fixed.is_empty()).then(|| (text, analysis.text.clone()));
        } else if let (Input::File(path), false) = (input, fixed.is_empty()) {
            writer::replace(path, &text, &analysis.text).map_err(|error| error.to_string())?;
        }
    }
    let level = args.threshold.level.or(config.check.level);
    let shown = |analysis: &Analysis| {
        let mut diagnostics = analysis.diagnostics().to_vec();
        levels.apply(&mut diagnostics);
        let warnings = threshold::hide(level, &mut diagnostics);
        (diagnostics, warnings)
    };
    let mut silenced = 0;
    if args.add_allow
        && let Some((new, count)) = add_allow::add_allow(&analysis, &shown(&analysis).0)
    {
        let old = analysis.text.clone();
        (analysis, silenced) = (Analysis::new(new), count);
        if args.diff {
            change = Some((old, analysis.text.clone()));
        } else if let Input::File(path) = input {
            writer::replace(path, &old, &analysis.text).map_err(|error| error.to_string())?;
        }
    }
    let fixed_text =
        (args.writes() && !args.diff && matches!(input, Input::Stdin(_))).then(|| analysis.text.clone());
    let migrated = if extent == Some(Extent::Dialect) && !args.diff {
        fixed.iter().map(said).collect()
    } else {
        Vec::new()
    };
    let (diagnostics, warnings) = shown(&analysis);
    let mut statistics = Statistics::default();
    statistics.add(&diagnostics);
    let (lines, accepted) = (analysis.line_index().clone(), analysis.accepted());
    let checked = CheckedScript {
        name: input.name(),
        text: analysis.text.clone(),
        lines,
        accepted,
        diagnostics,
        fixed,
    };
    let pieces = reporters.iter().map(|reporter| reporter.script(&checked)).collect();
    let mut summary = Summary::default();
    summary.add(&checked);
    let advice = if level.is_some() { summary.infos + summary.hints } else { 0 };
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
        notes: Vec::new(),
    })
}

/// One fix, as `--migrate` tells it.
fn said(fix: &AppliedFix) -> String {
    format!("{}:{}: {} ({})", fix.line, fix.column, fix.title, fix.code)
}

/// Levels from the command line, which override those of `air.toml`.
fn overrides(args: &CheckArgs) -> Result<Vec<(Code, Level)>, String> {
    let levels = [(&args.warn, Level::Warning), (&args.deny, Level::Error), (&args.allow, Level::Allow)];
    let selectors = levels.iter().flat_map(|(names, level)| names.iter().map(|name| (name.trim(), *level)));
    groups::expand(&selectors.collect::<Vec<_>>())
}

/// The reports that are wanted: those of the command line, else that of the configuration of the
/// current folder; none on standard output where that is for something else.
fn targets(args: &CheckArgs, configs: &Configs) -> Result<Vec<ReportTarget>, String> {
    if args.statistics && args.output_format.iter().any(|target| target.file.is_none()) {
        return Err("--statistics goes to standard output; send the report to a file with FORM=FILE".into());
    }
    if args.statistics || args.diff || !args.output_format.is_empty() {
        return Ok(args.output_format.clone());
    }
    // A broken configuration has been reported already.
    let format = configs.get(None).ok().and_then(|config| config.check.output_format);
    Ok(vec![ReportTarget { form: format.unwrap_or_default(), file: None }])
}
