//! `air run`: a script on simulated peers, or a recorded invocation once more.

mod display;
mod replay;

use std::path::{Path, PathBuf};

use air_analysis::Analysis;
use air_interpreter::json;
use air_service::SamplePath;
use air_simulation::network::Faults;
use air_simulation::report::{Limits, Report, Status};
use air_simulation::run::{RunOrder, RunRequest};

use crate::cli::exit::Exit;
use crate::cli::inputs::Input;
use crate::cli::output::Output;
use crate::cli::rejection;
use crate::cli::runner::{RunError, RunnerArgs};
use crate::cli::scripts;
use crate::config::Configs;
use crate::diagram::{Diagram, mermaid, svg};

/// Arguments of `air run`.
#[derive(Debug, Clone, clap::Args)]
pub struct RunArgs {
    /// A script, a scenario or an anomaly file of a node; `-` is standard input
    #[arg(required_unless_present = "anomaly")]
    pub file: Option<PathBuf>,
    /// Sample data [default: NAME.sample.json beside NAME.air, if it exists]
    #[arg(long, value_name = "FILE")]
    pub sample: Option<PathBuf>,
    /// Use no sample data
    #[arg(long, conflicts_with = "sample")]
    pub no_sample: bool,
    /// Which case of the sample data to run, if it has several
    #[arg(long, value_name = "NAME")]
    pub case: Option<String>,
    /// Make up the answers and variables that sample data does not give; they are marked
    #[arg(long)]
    pub make_up: bool,
    /// Print the report as JSON
    #[arg(long, conflicts_with = "diagram")]
    pub json: bool,
    /// Show every delivery and the data that each peer keeps
    #[arg(long, conflicts_with_all = ["json", "diagram"])]
    pub trace: bool,
    /// Print a diagram instead: mermaid or svg
    #[arg(long, value_name = "KIND", hide_possible_values = true)]
    pub diagram: Option<DiagramKind>,
    /// Order of the deliveries: fifo, lifo or random:SEED
    #[arg(long, value_name = "ORDER", default_value = "fifo")]
    pub order: RunOrder,
    /// Lose this percentage of the deliveries
    #[arg(long, value_name = "PERCENT", default_value_t = 0, hide_default_value = true, value_parser = clap::value_parser!(u8).range(..=100))]
    pub lose: u8,
    /// Let this percentage of the deliveries arrive twice
    #[arg(long, value_name = "PERCENT", default_value_t = 0, hide_default_value = true, value_parser = clap::value_parser!(u8).range(..=100))]
    pub duplicate: u8,
    /// Seed that chooses the deliveries to lose or double
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    pub fault_seed: u64,
    /// Stop after this many invocations
    #[arg(long, value_name = "N", default_value_t = Limits::default().max_steps, value_parser = clap::value_parser!(u64).range(1..))]
    pub max_steps: u64,
    /// Stop after this many instructions, repetitions included
    #[arg(long, value_name = "N", default_value_t = Limits::default().max_instructions, value_parser = clap::value_parser!(u64).range(1..))]
    pub max_instructions: u64,
    /// Stop when the run takes more than this many MiB, as an estimate
    #[arg(long, value_name = "MIB", default_value_t = Limits::default().max_memory >> 20, value_parser = clap::value_parser!(u64).range(1..=4096))]
    pub max_memory: u64,
    /// Where it is run.
    #[command(flatten)]
    pub runner: RunnerArgs,
    /// Replay the invocation that an anomaly file records
    #[arg(long, value_name = "FILE", conflicts_with = "file")]
    pub anomaly: Option<PathBuf>,
}

/// Forms of a diagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum DiagramKind {
    /// Text for Mermaid.
    Mermaid,
    /// An SVG document.
    Svg,
}

/// AquaVM's code for a call that a service answers with an error, or that no service answers.
const SERVICE_FAILED: i64 = 10000;

/// What a file is.
enum Kind {
    Script,
    Scenario { air: String },
    Anomaly,
}

/// Runs `air run`.
pub fn run(args: &RunArgs, configs: &Configs, output: &mut Output) -> Exit {
    let result = try_run(args, configs, output);
    output.conclude(result)
}

fn try_run(args: &RunArgs, configs: &Configs, output: &mut Output) -> Result<Exit, String> {
    let input = Input::one(args.anomaly.as_ref().or(args.file.as_ref()), None);
    let name = input.name();
    let config = scripts::config(&input, configs, output)?;
    let limit = config.files.limit();
    let text = input.read(limit).map_err(|error| format!("{name}: {error}"))?;
    if args.anomaly.is_some() {
        return replay::run(&name, &text, output);
    }
    let (script, scenario) = match kind(&text).map_err(|error| format!("{name}: {error}"))? {
        Kind::Anomaly => return replay::run(&name, &text, output),
        Kind::Script => (text, None),
        Kind::Scenario { air } => (air, Some(text)),
    };
    // Scenarios bring their own, and what comes in on standard input is not in a folder.
    let beside = input.path().filter(|_| scenario.is_none()).and_then(SamplePath::of);
    let sample = match sample_file(args, beside.as_deref()) {
        Some(path) => {
            let sample = Input::one(Some(&path), None);
            Some(sample.read(limit).map_err(|error| format!("{}: {error}", sample.name()))?)
        }
        None => scenario,
    };
    let sampled = sample.is_some();
    let request = RunRequest {
        text: script,
        sample,
        case: args.case.clone(),
        make_up: args.make_up,
        order: args.order,
        faults: Faults { lose: args.lose, duplicate: args.duplicate, seed: args.fault_seed },
        limits: Limits {
            max_steps: args.max_steps,
            max_instructions: args.max_instructions,
            max_memory: args.max_memory << 20,
            ..Limits::default()
        },
        ..RunRequest::default()
    };
    let analysis = Analysis::new(request.text.as_str());
    // A rejected script is not run. The report for programs says so in AquaVM's words.
    if !analysis.accepted() && !args.json {
        rejection::show(&name, &analysis, output);
        output.note("AquaVM rejects this script, so it cannot run");
        return Ok(Exit::Findings);
    }
    let report = match args.runner.run(&request) {
        Ok(report) => report,
        Err(RunError::Stopped(message)) => {
            output.error(format_args!("{name}: {message}"));
            return Ok(Exit::Findings);
        }
        Err(RunError::Failed(message)) => return Err(format!("{name}: {message}")),
    };
    match (args.json, args.diagram) {
        (true, _) => output.line(report.to_json()),
        (_, Some(DiagramKind::Mermaid)) => output.text(&mermaid(&Diagram::new(&report))),
        (_, Some(DiagramKind::Svg)) => output.text(&svg(&Diagram::new(&report))),
        _ => {
            display::show(&name, &report, &analysis, args.trace, output);
            if !args.make_up && !sampled && unanswered(&report) {
                let own = match &beside {
                    Some(sample) => format!("write your own into {}", sample.display()),
                    None => "give your own with --sample".to_owned(),
                };
                output.note(format_args!(
                    "some calls have no answer: use --make-up to make answers up, or {own}"
                ));
            }
        }
    }
    Ok(exit(&report))
}

/// Whether calls found no peer or no service.
fn unanswered(report: &Report) -> bool {
    !report.lost.is_empty() || report.errors.iter().any(|error| error.code == SERVICE_FAILED)
}

/// [`Exit::Clean`] if the script completed without any error.
fn exit(report: &Report) -> Exit {
    let clean = report.outcome.status == Status::Completed && report.outcome.failures.is_empty();
    if clean { Exit::Clean } else { Exit::Findings }
}

/// Scripts begin with `(` or `;`, the other two are JSON objects.
fn kind(text: &str) -> Result<Kind, String> {
    if !text.trim_start().starts_with('{') {
        return Ok(Kind::Script);
    }
    let value = json::parse(text).map_err(|error| error.to_string())?;
    if value.get("air_script").is_some() {
        return Ok(Kind::Anomaly);
    }
    match value.get("air").and_then(|air| air.as_str()) {
        Some(air) => Ok(Kind::Scenario { air: air.to_owned() }),
        None => Err("not a script, a scenario (`air`) or an anomaly (`air_script`)".to_owned()),
    }
}

/// The file that is named, or the one beside the script.
fn sample_file(args: &RunArgs, beside: Option<&Path>) -> Option<PathBuf> {
    if args.no_sample {
        return None;
    }
    args.sample.clone().or_else(|| beside.filter(|sample| sample.is_file()).map(Path::to_owned))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_current() {
        let mut schema = schemars::schema_for!(air_simulation::report::Report);
        schema.insert("title".to_owned(), "air run --json".into());
        crate::schemas::compare("run.schema.json", &schema.to_value());
    }
}
