//! `air check`: what is wrong with scripts.

mod fixes;

use std::sync::Arc;

use air_analysis::Analysis;
use air_analysis::fix_all::Extent;

use crate::cli::exit::Exit;
use crate::cli::inputs::{Input, InputArgs};
use crate::cli::output::Output;
use crate::cli::report::checked::{AppliedFix, CheckedScript};
use crate::cli::report::report_writer::{self, ReportTarget};
use crate::cli::report::reporter::Reporter;
use crate::cli::report::summary::Summary;
use crate::cli::{inputs, pool, scripts};
use crate::config::levels::{self, Level};
use crate::config::{Config, Configs};
use crate::files::writer;

/// Arguments of `air check`.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct CheckArgs {
    /// Which scripts.
    #[command(flatten)]
    pub inputs: InputArgs,
    /// Format of the report: full, concise, json, jsonl, sarif or github
    ///
    /// FORM=FILE writes the report to a file; the option may be given several times.
    #[arg(long, short = 'o', value_name = "FORM[=FILE]")]
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
    /// Do not report this lint, given by code or name
    #[arg(long, value_name = "CODE")]
    pub allow: Vec<String>,
    /// Report this lint as a warning
    #[arg(long, value_name = "CODE")]
    pub warn: Vec<String>,
    /// Report this lint as an error
    #[arg(long, value_name = "CODE")]
    pub deny: Vec<String>,
}

impl CheckArgs {
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

/// What became of one script.
struct ScriptResult {
    /// What each reporter says about it.
    pieces: Vec<String>,
    summary: Summary,
    /// Text of standard input after `--fix`.
    fixed_text: Option<Arc<str>>,
    /// What `--migrate` did.
    migrated: Vec<String>,
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
    let targets = targets(args, configs);
    let files = targets.iter().filter_map(|target| target.file.as_deref());
    inputs::keep_apart(files, items.iter().map(|(input, _)| input))?;
    let mut writers =
        report_writer::begin(&targets, args.extent().is_some() && items.iter().any(stdin), output)?;
    let reporters: Vec<_> = writers.iter().map(|writer| writer.reporter.clone()).collect();

    let mut total = Summary::default();
    pool::in_order(
        &items,
        output,
        |(input, config)| check_one(input, config, &overrides, args.extent(), &reporters),
        |output, (input, _), result| match result.unwrap_or_else(Err) {
            Ok(done) => {
                total.merge(&done.summary);
                if let Some(text) = done.fixed_text {
                    output.script(&text);
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
    if total.findings() > 0 {
        exit.worsen(Exit::Findings);
    }
    for writer in writers {
        if let Err(message) = writer.end(&total, &scripts.failures, output) {
            output.error(message);
            exit.worsen(Exit::Failed);
        }
    }
    Ok(exit)
}

fn check_one(
    input: &Input,
    config: &Config,
    overrides: &[(String, Level)],
    extent: Option<Extent>,
    reporters: &[Arc<dyn Reporter>],
) -> Result<ScriptResult, String> {
    let text: Arc<str> = input.read(config.files.limit()).map_err(|error| error.to_string())?.into();
    let mut levels = config.levels.clone();
    for (code, level) in overrides {
        levels.set(code, *level)?;
    }
    let mut analysis = Analysis::new(Arc::clone(&text));
    let mut fixed = Vec::new();
    if let Some(extent) = extent {
        let script = fixes::apply(analysis, extent, &levels);
        (analysis, fixed) = (script.analysis, script.fixed);
        if let (Input::File(path), false) = (input, fixed.is_empty()) {
            writer::replace(path, &text, &analysis.text).map_err(|error| error.to_string())?;
        }
    }
    let fixed_text = (extent.is_some() && matches!(input, Input::Stdin(_))).then(|| analysis.text.clone());
    let migrated =
        if extent == Some(Extent::Dialect) { fixed.iter().map(said).collect() } else { Vec::new() };
    let mut diagnostics = analysis.diagnostics().to_vec();
    levels.apply(&mut diagnostics);
    let checked = CheckedScript { name: input.name(), analysis, diagnostics, fixed };
    let pieces = reporters.iter().map(|reporter| reporter.script(&checked)).collect();
    let mut summary = Summary::default();
    summary.add(&checked);
    Ok(ScriptResult { pieces, summary, fixed_text, migrated })
}

/// One fix, as `--migrate` tells it.
fn said(fix: &AppliedFix) -> String {
    format!("{}:{}: {} ({})", fix.line, fix.column, fix.title, fix.code)
}

/// Levels from the command line, which override those of `air.toml`.
fn overrides(args: &CheckArgs) -> Result<Vec<(String, Level)>, String> {
    let levels = [(&args.warn, Level::Warning), (&args.deny, Level::Error), (&args.allow, Level::Allow)];
    let mut overrides = Vec::new();
    for (codes, level) in levels {
        for code in codes {
            levels::check(code, level)?;
            overrides.push((code.clone(), level));
        }
    }
    Ok(overrides)
}

/// The reports that are wanted: those of the command line, else that of the configuration of the
/// current folder.
fn targets(args: &CheckArgs, configs: &Configs) -> Vec<ReportTarget> {
    if !args.output_format.is_empty() {
        return args.output_format.clone();
    }
    // A broken configuration has been reported already.
    let format = configs.get(None).ok().and_then(|config| config.check.output_format);
    vec![ReportTarget { format: format.unwrap_or_default(), file: None }]
}
