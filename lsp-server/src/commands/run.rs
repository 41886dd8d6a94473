//! `air run`: a script on simulated peers, or a recorded invocation once more.

mod display;
mod forms;
mod hints;
mod js_client;
mod options;
mod order_matters;
mod replay;
mod trace;

use std::path::{Path, PathBuf};

use air_analysis::Analysis;
use air_interpreter::json;
use air_service::SamplePath;
use air_simulation::anomaly::Anomaly;
use air_simulation::network::{Answers, Faults};
use air_simulation::report::{Json, Limits, Report, Status};
use air_simulation::run::RunRequest;
use air_simulation::sample::from_json;
use air_simulation::sample::recorded::from_recording;

pub use forms::RunForm;
pub use js_client::HostKind;
pub use options::OrderArg;
pub use trace::TraceForm;

use crate::cli::embedded::{self, ScriptChoice};
use crate::cli::exit::Exit;
use crate::cli::form_target::{FormTarget, form_target};
use crate::cli::inputs::Input;
use crate::cli::numbers::at_least_one;
use crate::cli::output::Output;
use crate::cli::rejection;
use crate::cli::runner::{RunError, RunnerArgs};
use crate::cli::sample_problems::sample_problems;
use crate::cli::scripts;
use crate::config::Configs;
use crate::files::reader;
use replay::Replay;

/// Arguments of `air run`.
#[derive(Debug, Clone, clap::Args)]
pub struct RunArgs {
    /// A script, a scenario or an anomaly file of a node; `-` is standard input
    #[arg(required_unless_present = "anomaly", value_hint = clap::ValueHint::FilePath)]
    pub file: Option<PathBuf>,
    /// Sample data [default: NAME.sample.json beside NAME.air, if it exists]
    #[arg(long, value_name = "FILE")]
    pub sample: Option<PathBuf>,
    /// Use no sample data
    #[arg(long, conflicts_with_all = ["sample", "case"])]
    pub no_sample: bool,
    /// Which case of the sample data to run, if it has several
    #[arg(long, value_name = "NAME")]
    pub case: Option<String>,
    /// Make up the answers and variables that sample data does not give; they are marked
    #[arg(long)]
    pub make_up: bool,
    /// Again whenever a script, its sample data or a configuration changes
    #[arg(long)]
    pub watch: bool,
    /// What to print: full, json, mermaid, svg, shiviz or otlp; FORM=FILE writes a file, perfetto=FILE too
    ///
    /// The option may be given several times. perfetto is for ui.perfetto.dev, shiviz for ShiViz, otlp for what reads
    /// OpenTelemetry's traces.
    #[arg(long, short = 'o', value_name = "FORM[=FILE]", value_parser = form_target::<RunForm>(), hide_possible_values = true)]
    pub output_format: Vec<FormTarget<RunForm>>,
    /// Same as --output-format json
    #[arg(long, conflicts_with_all = ["diagram", "output_format"])]
    pub json: bool,
    /// Show every delivery and the data that each peer keeps; --trace=raw with all identifiers
    #[arg(long, value_name = "FORM", num_args = 0..=1, require_equals = true, default_missing_value = "people", hide_possible_values = true, conflicts_with_all = ["json", "diagram"])]
    pub trace: Option<TraceForm>,
    /// Columns to write in; 0: as many as it takes [default: those of the terminal]
    #[arg(long, value_name = "COLUMNS")]
    pub width: Option<usize>,
    /// Print a diagram instead: mermaid or svg
    #[arg(long, value_name = "KIND", hide_possible_values = true, conflicts_with = "output_format")]
    pub diagram: Option<DiagramKind>,
    /// What comes next: fifo, lifo, random:SEED, or moves as text or in a file [default: as sample data says, else fifo]
    ///
    /// Moves are written as the report has them, separated by commas or line ends: `@init→@b` (or `->`), `@b answers s.f`,
    /// `lose @b→@init`, `double @b→@init`; `#2` behind one is the second of its name. After the last one, the oldest
    /// comes first.
    #[arg(long, value_name = "ORDER", value_parser = options::order(), hide_possible_values = true)]
    pub order: Option<OrderArg>,
    /// Which answers come together: together, single or random:SEED [default: as sample data says, else together]
    #[arg(long, value_name = "ANSWERS", value_parser = options::answers_offered(), hide_possible_values = true)]
    pub answers: Option<Answers>,
    /// Milliseconds that the particle lives, 0 for ever [default: as sample data says, else 7000]
    #[arg(long, value_name = "MS")]
    pub ttl: Option<u32>,
    /// When the particle was sent, milliseconds since 1970 [default: as sample data says, else 0]
    #[arg(long, value_name = "MS")]
    pub timestamp: Option<u64>,
    /// What the host supplies: a parameter or an outside variable; may be repeated
    #[arg(long, value_name = "NAME=JSON", value_parser = options::given)]
    pub given: Vec<(String, Json)>,
    /// Something goes wrong: "lose @a→@b", "double @a→@b", "cut @a→@b", "part @a @b until 12", "@a dies after 3"; may be
    /// repeated
    #[arg(long, value_name = "FAULT", value_parser = options::fault)]
    pub fault: Vec<String>,
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
    #[arg(long, value_name = "N", default_value_t = Limits::default().max_steps, value_parser = at_least_one())]
    pub max_steps: u64,
    /// Stop after this many instructions, repetitions included
    #[arg(long, value_name = "N", default_value_t = Limits::default().max_instructions, value_parser = at_least_one())]
    pub max_instructions: u64,
    /// Stop when the run takes more than this many MiB, as an estimate
    #[arg(long, value_name = "MIB", default_value_t = Limits::default().max_memory >> 20, value_parser = clap::value_parser!(u64).range(1..=4096))]
    pub max_memory: u64,
    /// Run it on real clients too and show which calls differ: js-client
    ///
    /// One client of `@fluencelabs/js-client` for each peer, in one process of Node.js; services answer as in the simulation.
    /// Orders, faults and made-up time are of the simulation alone. Exit code 1: calls differ.
    #[arg(long, value_name = "HOST", hide_possible_values = true, conflicts_with_all = ["json", "diagram"])]
    pub host: Option<HostKind>,
    /// Folder with the packages of that host [default: that of the script, or one above it]
    #[arg(long, value_name = "DIR", requires = "host")]
    pub packages: Option<PathBuf>,
    /// Which script of a TypeScript, JavaScript, Rust or Markdown file: its number, or `:LINE`
    #[arg(long, value_name = "N")]
    pub script: Option<ScriptChoice>,
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

/// What a file is.
enum Kind {
    Script(String),
    /// With its script; also what a particle holds.
    Scenario {
        air: String,
        text: String,
    },
    /// With what was answered, as sample data.
    Anomaly {
        replay: Box<Replay>,
        sample: String,
    },
}

/// Runs `air run`.
pub fn run(args: &RunArgs, configs: &Configs, output: &mut Output) -> Exit {
    let result = try_run(args, configs, output);
    output.conclude(result)
}

fn try_run(args: &RunArgs, configs: &Configs, output: &mut Output) -> Result<Exit, String> {
    let printed = forms::printed(args)?;
    let for_programs = printed == Some(RunForm::Json);
    let input = Input::one(args.anomaly.as_ref().or(args.file.as_ref()), None);
    let mut name = input.name();
    let config = scripts::config(&input, configs, output)?;
    let limit = config.files.limit();
    let bytes = input.read_bytes(limit).map_err(|error| format!("{name}: {error}"))?;
    let kind = kind(bytes, args.anomaly.is_some()).map_err(|error| format!("{name}: {error}"))?;
    let (script, scenario, replay) = match kind {
        Kind::Script(text) if input.host_language().is_some() => {
            let chosen = embedded::choose(&input, &text, args.script)?;
            name = chosen.name;
            (chosen.text, None, None)
        }
        Kind::Script(text) => (text, None, None),
        Kind::Scenario { air, text } => (air, Some(text), None),
        Kind::Anomaly { replay, sample } => (replay.script().to_owned(), Some(sample), Some(replay)),
    };
    // Scenarios bring their own, and what comes in on standard input is not in a folder.
    let beside = input.path().filter(|_| scenario.is_none()).and_then(SamplePath::of);
    let is_scenario = scenario.is_some();
    let mut sample_name = name.clone();
    let sample = match sample_file(args, beside.as_deref()) {
        Some(path) => {
            let sample = Input::one(Some(&path), None);
            sample_name = sample.name();
            Some(sample.read(limit).map_err(|error| format!("{sample_name}: {error}"))?)
        }
        None => scenario,
    };
    let sampled = sample.is_some();
    let request = RunRequest {
        text: script,
        sample,
        case: args.case.clone(),
        make_up: args.make_up,
        order: match &args.order {
            Some(OrderArg::Order(order)) => Some(*order),
            _ => None,
        },
        schedule: match &args.order {
            Some(OrderArg::Schedule(moves)) => Some(moves.clone()),
            _ => None,
        },
        answers: args.answers,
        named_faults: args.fault.clone(),
        ttl: args.ttl,
        timestamp: args.timestamp,
        given: args.given.iter().cloned().collect(),
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
    if let Some(replay) = replay.as_ref().filter(|_| !analysis.accepted()) {
        if for_programs {
            output.line(replay.json(None));
        } else {
            replay.show(args.trace.is_some(), output);
        }
        return Ok(replay.exit());
    }
    if !analysis.accepted() && !for_programs {
        rejection::show(&name, &analysis, output);
        output.note("AquaVM rejects this script, so it cannot run");
        return Ok(Exit::Findings);
    }
    // Scenarios are records that have rules for many scripts.
    let sample = request.sample.as_deref().filter(|_| !is_scenario);
    let sample = sample.map(|text| (sample_name.as_str(), text));
    for line in sample_problems(&name, &analysis, sample) {
        output.warning(line);
    }
    let report = match args.runner.run(&request) {
        Ok(report) => report,
        Err(RunError::Stopped(message)) => {
            output.error(format_args!("{name}: {message}"));
            return Ok(Exit::Findings);
        }
        Err(RunError::Failed(message)) => {
            return Err(match message.strip_prefix("sample data: ") {
                Some(placed) => format!("{sample_name}:{placed}"),
                None => format!("{name}: {message}"),
            });
        }
    };
    let json = || replay.as_ref().map_or_else(|| report.to_json(), |replay| replay.json(Some(&report)));
    forms::write_files(args, &report, json, output)?;
    match printed {
        None => {}
        Some(RunForm::Json) => output.line(json()),
        Some(RunForm::Full) => {
            if let Some(width) = args.width {
                output.set_width(width);
            }
            if let Some(replay) = &replay {
                replay.show(args.trace.is_some(), output);
                output.line("");
                output.note("a run of the script with the answers that were recorded:");
            }
            display::show(&name, &report, &analysis, args.trace, output);
            let own = match &beside {
                Some(_) if sampled => "give the answer in sample data".to_owned(),
                Some(sample) => format!("write your own into {}", sample.display()),
                None => "give your own with --sample".to_owned(),
            };
            hints::hints(&report, args.make_up, &own, output);
            // Other options and other kinds of files are not those of `air explore`.
            let plain = args.sample.is_none()
                && args.case.is_none()
                && !args.no_sample
                && input.host_language().is_none()
                && !is_scenario
                && request == same_by_default(&request);
            let again = plain.then(|| format!("{name}{}", if args.make_up { " --make-up" } else { "" }));
            if let Some(note) = order_matters::order_matters(again.as_deref(), &request, &report) {
                output.note(note);
            }
        }
        Some(form) => output.bytes(&forms::content(form, &report, json)?),
    }
    if let Some(HostKind::JsClient) = args.host {
        let packages = args.packages.as_deref();
        let compared = js_client::compare(&report, &request.text, packages, input.path(), output)?;
        return Ok(exit(&report).max(compared));
    }
    Ok(replay.map_or_else(|| exit(&report), |replay| replay.exit()))
}

/// The request without what only options of `air run` say.
fn same_by_default(request: &RunRequest) -> RunRequest {
    let RunRequest { text, sample, make_up, .. } = request.clone();
    RunRequest {
        text,
        sample,
        make_up,
        limits: request.limits,
        faults: Faults { seed: request.faults.seed, ..Faults::default() },
        ..RunRequest::default()
    }
}

/// [`Exit::Clean`] if the script completed without any error.
fn exit(report: &Report) -> Exit {
    let clean = report.outcome.status == Status::Completed && report.outcome.failures.is_empty();
    if clean { Exit::Clean } else { Exit::Findings }
}

/// Scripts begin with `(` or `;`; scenarios and anomalies are JSON objects, particles also have other forms.
fn kind(bytes: Vec<u8>, anomaly: bool) -> Result<Kind, String> {
    let text = std::str::from_utf8(&bytes).ok();
    if anomaly || text.is_some_and(Anomaly::is_one) {
        let text = reader::text(bytes).map_err(|error| error.to_string())?;
        let replay = Box::new(Replay::new(&text)?);
        return Ok(Kind::Anomaly { replay, sample: from_recording(text.as_bytes())? });
    }
    let beginning = text.map(|text| text.trim_start().chars().next());
    // What is not a particle may be a script with a mistake at its beginning.
    if !matches!(beginning, Some(None | Some('(' | ';')))
        && let Ok(sample) = from_recording(&bytes)
        && let Some(air) = air(&sample)
    {
        return Ok(Kind::Scenario { air, text: sample });
    }
    let text = reader::text(bytes).map_err(|error| error.to_string())?;
    if beginning_is_object(&text) {
        json::parse(&text).map_err(|error| error.to_string())?;
        return match air(&text) {
            Some(air) => Ok(Kind::Scenario { air, text }),
            None => {
                Err("not a script, a scenario (`air`), a particle or an anomaly (`air_script`)".to_owned())
            }
        };
    }
    Ok(Kind::Script(text))
}

fn beginning_is_object(text: &str) -> bool {
    text.trim_start().starts_with('{')
}

/// The script that sample data brings.
fn air(sample: &str) -> Option<String> {
    let (sample, _) = from_json(sample);
    sample.air.filter(|air| !air.is_empty())
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
