//! `air test`: scripts with sample data, run and compared with what the sample data expects.

mod all_orders;
mod bless;
mod compare;
mod init;
mod made_up;
mod orders;
mod places;
mod report;
mod results;
mod value_diff;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use air_semantics::Script;
use air_service::SamplePath;
use air_simulation::report::{Limits, Report};
use air_simulation::run::RunRequest;
use air_simulation::sample::{Expect, Sample, SingleCases, from_json};
use air_syntax::{Encoding, LineIndex};

use crate::cli::exit::Exit;
use crate::cli::form_target::{FormTarget, form_target, one_to_standard_output};
use crate::cli::inputs::{Input, InputArgs};
use crate::cli::output::Output;
use crate::cli::runner::{RunError, RunnerArgs};
use crate::cli::sample_problems::sample_problems;
use crate::cli::{pool, scripts};
use crate::config::{Config, Configs};
use crate::files::{reader, writer};
use all_orders::AllOrders;
use compare::Mismatch;
use orders::Orders;
use places::Places;
use results::{CoverageCount, ScriptResults, Status, Test};

/// Arguments of `air test`.
#[derive(Debug, Clone, clap::Args)]
pub struct TestArgs {
    /// Files or folders [default: the current folder]
    ///
    /// Folders are searched for `*.air` as by `air check`. Scripts without NAME.sample.json beside them, and
    /// sample data without `expect`, are not tests.
    #[arg(value_name = "PATHS")]
    pub paths: Vec<PathBuf>,
    /// Leave out what fits this pattern when folders are searched, as `air check` does
    #[arg(long, value_name = "PATTERN")]
    pub exclude: Vec<String>,
    /// Again whenever a script, its sample data or a configuration changes
    #[arg(long)]
    pub watch: bool,
    /// Only run tests whose name (PATH or PATH::CASE) contains this text
    #[arg(long, value_name = "TEXT")]
    pub filter: Option<String>,
    /// Give each script without sample data one that it passes
    ///
    /// NAME.sample.json gets made-up answers to what the script asks for, and what a run with them gave as the
    /// expectation. Read both: the values are invented. Scripts that have sample data are tested as usual.
    #[arg(long, conflicts_with_all = ["orders", "list", "bless"])]
    pub init: bool,
    /// Write the actual results into the sample data, as expectations
    ///
    /// With --make-up, what was made up becomes sample data, too, so that the test passes without it.
    /// Members of `expect` that hold are kept, and so are comments, except those inside an `expect` that is
    /// rewritten. Sample data without `expect` gets one.
    #[arg(long, conflicts_with = "orders")]
    pub bless: bool,
    /// Also run each test in N random orders, or in all that can be told apart; it fails if they end differently
    ///
    /// The outcome, responses and errors are compared, not the order of calls. The first two orders that differ are
    /// shown, with the moves that lead there. `all` follows at most 10,000 orders and says if there are more.
    #[arg(long, value_name = "N|all", value_parser = orders::orders_arg(), hide_possible_values = true)]
    pub orders: Option<Orders>,
    /// The first of the N consecutive seeds
    #[arg(long, value_name = "SEED", default_value_t = 1, requires = "orders")]
    pub seed: u64,
    /// Run nothing; list the tests
    #[arg(long, conflicts_with_all = ["bless", "orders"])]
    pub list: bool,
    /// Make up the answers and variables that sample data does not give
    #[arg(long)]
    pub make_up: bool,
    /// Where it is run.
    #[command(flatten)]
    pub runner: RunnerArgs,
    /// Format of the report: full, json or junit; FORM=FILE writes it to a file [default: full]
    ///
    /// The option may be given several times: `-o full -o junit=report.xml`.
    #[arg(long, short = 'o', value_name = "FORM[=FILE]", value_parser = form_target::<Form>(), hide_possible_values = true)]
    pub output_format: Vec<FormTarget<Form>>,
    /// Same as --output-format json
    #[arg(long, conflicts_with = "output_format")]
    pub json: bool,
}

impl TestArgs {
    /// What is printed, if anything is.
    fn printed(&self) -> Result<Option<Form>, String> {
        one_to_standard_output(&self.output_format)?;
        if self.output_format.iter().any(|target| target.form == Form::Full && target.file.is_some()) {
            return Err("full goes to standard output; the forms for files are json and junit".into());
        }
        let printed =
            self.output_format.iter().find(|target| target.file.is_none()).map(|target| target.form);
        let default = if self.json { Form::Json } else { Form::Full };
        Ok(printed.or_else(|| self.output_format.is_empty().then_some(default)))
    }
}

/// Formats of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// For people.
    Full,
    /// One JSON object.
    Json,
    /// XML as JUnit writes it.
    Junit,
}

/// Runs `air test`.
pub fn run(args: &TestArgs, configs: &Configs, output: &mut Output) -> Exit {
    let result = try_run(args, configs, output);
    output.conclude(result)
}

fn try_run(args: &TestArgs, configs: &Configs, output: &mut Output) -> Result<Exit, String> {
    let printed = args.printed()?;
    let inputs =
        InputArgs { paths: args.paths.clone(), exclude: args.exclude.clone(), ..InputArgs::default() };
    let mut scripts = scripts::find(&inputs, configs, output);
    let items = std::mem::take(&mut scripts.items);
    let mut all = report::Results::default();
    pool::in_order(
        &items,
        output,
        |(input, config)| script(args, input, config),
        |output, (input, _), result| match result.unwrap_or_else(Err) {
            Ok(done) => {
                done.warnings.iter().for_each(|line| output.warning(line));
                if printed == Some(Form::Full) {
                    report::full(&done.tests, output);
                }
                all.add(done);
            }
            Err(message) => scripts.fail(output, input.name(), message),
        },
    );
    if all.tests.is_empty() && scripts.failures.is_empty() {
        if let Some(filter) = args.filter.as_ref().filter(|_| all.filtered > 0) {
            output.error(format_args!("no test name contains `{filter}`"));
            return Ok(Exit::Failed);
        }
        output.warning("no tests: no script has NAME.sample.json with `expect` beside it");
    }
    let mut exit = scripts.exit();
    if all.failed() > 0 {
        exit.worsen(Exit::Findings);
    }
    let text = |form: Form| match form {
        Form::Json => format!("{}\n", report::json(&all, &scripts.failures)),
        Form::Full | Form::Junit => report::junit(&all, &scripts.failures),
    };
    for FormTarget { form, file } in &args.output_format {
        let Some(file) = file else { continue };
        writer::create(file, text(*form)).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    match printed {
        None => {}
        Some(Form::Full) => report::summary(&all, output),
        Some(form) => output.text(&text(form)),
    }
    Ok(exit)
}

/// All tests of one script.
fn script(args: &TestArgs, input: &Input, config: &Config) -> Result<ScriptResults, String> {
    let Input::File(path) = input else {
        return Err("has no sample data beside it; name a file".to_owned());
    };
    // Who names the sample data means the script beside it.
    let of_sample = path.to_str().and_then(|path| path.strip_suffix(".sample.json"));
    let script = of_sample.map(|stem| PathBuf::from(format!("{stem}.air")));
    let path = script.as_ref().unwrap_or(path);
    let limit = config.files.limit();
    let text = reader::read_file(path, limit).map_err(|error| error.to_string())?;
    let mut done = ScriptResults::default();
    let beside = SamplePath::of(path);
    let Some(sample_path) = beside.clone().filter(|sample| sample.is_file()) else {
        match beside.filter(|_| args.init) {
            Some(sample) => done.tests.push(init::init(args, input, &text, &sample)?),
            None => done.without = 1,
        }
        return Ok(done);
    };
    let shown = sample_path.display();
    let sample_text = reader::read_file(&sample_path, limit).map_err(|error| format!("{shown}: {error}"))?;
    let sample = sample(&sample_text).map_err(|problem| format!("{shown}:{problem}"))?;

    let parsed = Script::new(text.as_str());
    done.warnings = sample_problems(&input.name(), &parsed, Some((&shown.to_string(), &sample_text)));

    let mut seen = CoverageCount::default();
    let mut blessings = Vec::new();
    // Sample data that has cases is only what they share.
    let cases: Vec<(Option<usize>, &Sample)> = match sample.cases.as_slice() {
        [] => vec![(None, &sample)],
        cases => (0..).zip(cases).map(|(index, (case, _))| (Some(index), case)).collect(),
    };
    let places = Places::new(&sample_text);
    // A run reads its sample data, so it is given its own case only.
    let single = SingleCases::of(&sample_text);
    for (index, case) in cases {
        let path = input.name();
        let case_name = index.map(|_| case.name.clone());
        let name = case_name.as_ref().map_or_else(|| path.clone(), |case| format!("{path}::{case}"));
        let expect = case
            .expect
            .as_ref()
            .or(sample.expect.as_ref())
            .cloned()
            .filter(|expect| *expect != Expect::default());
        if expect.is_none() && !args.bless {
            done.without += 1;
            continue;
        }
        if args.filter.as_ref().is_some_and(|filter| !name.contains(filter)) {
            done.filtered += 1;
            continue;
        }
        let mut test = Test {
            name,
            path,
            sample: shown.to_string(),
            place: places.test(index),
            case: case_name,
            status: Status::Listed,
            problems: Vec::new(),
            outcome: String::new(),
            time: Duration::ZERO,
        };
        if args.list {
            done.tests.push(test);
            continue;
        }
        let start = Instant::now();
        let own = index.and_then(|index| single.as_ref()?.text(index));
        let request = request(args, &text, own.as_deref().unwrap_or(&sample_text), test.case.as_deref());
        let mut notes = Vec::new();
        match run_one(args, &request, &expect.clone().unwrap_or_default(), &mut seen, &mut notes) {
            Ok((report, problems)) => {
                done.warnings.extend(notes.iter().map(|note| format!("{}: {note}", test.name)));
                let keys: BTreeSet<&str> = problems.iter().map(|problem| problem.key).collect();
                test.outcome = report.outcome.text.clone();
                test.status = if problems.is_empty() { Status::Passed } else { Status::Failed };
                test.problems = problems;
                if args.bless && (test.status == Status::Failed || expect.is_none()) {
                    blessings.push(bless::Blessing { case: index, keys, report });
                    test.status = Status::Blessed;
                }
            }
            Err(RunError::Stopped(message)) => {
                test.status = Status::Failed;
                test.problems.push(Mismatch::new("run", message));
            }
            Err(RunError::Failed(message)) => return Err(message),
        }
        for problem in &mut test.problems {
            problem.place = places.expectation(index, problem.key);
        }
        test.time = start.elapsed();
        done.tests.push(test);
    }
    if !blessings.is_empty() {
        write_blessed(args, &sample_path, &text, &sample_text, &blessings)?;
    }
    done.covered = (!args.list && !done.tests.is_empty()).then(|| seen.covered(input.name()));
    Ok(done)
}

/// The report, and what is not as expected.
fn run_one(
    args: &TestArgs,
    request: &RunRequest,
    expect: &Expect,
    seen: &mut CoverageCount,
    notes: &mut Vec<String>,
) -> Result<(Report, Vec<Mismatch>), RunError> {
    let report = args.runner.run(request)?;
    seen.add(&report);
    let mut problems = compare::compare(expect, &report);
    match args.orders {
        None => {}
        Some(Orders::Random(count)) => {
            problems.extend(orders::difference(&args.runner, request, &report, (args.seed, count))?);
        }
        Some(Orders::All) => match all_orders::difference(args.runner.max_time, request, &report)? {
            AllOrders::Same => {}
            AllOrders::SameSoFar(note) => notes.push(note),
            AllOrders::Differ(mismatch) => problems.push(mismatch),
        },
    }
    Ok((report, problems))
}

fn request(args: &TestArgs, text: &str, sample: &str, case: Option<&str>) -> RunRequest {
    RunRequest {
        text: text.to_owned(),
        sample: Some(sample.to_owned()),
        case: case.map(str::to_owned),
        make_up: args.make_up,
        // Values are compared whole, and all of them.
        limits: Limits { value_bytes: u64::MAX, ..Limits::default() },
        ..RunRequest::default()
    }
}

/// The sample data; a problem begins with its line and column.
fn sample(text: &str) -> Result<Sample, String> {
    let (sample, problems) = from_json(text);
    let Some(problem) = problems.first() else { return Ok(sample) };
    let at = u32::try_from(problem.range.start).unwrap_or_default();
    let place = LineIndex::new(text).line_col(at.into(), Encoding::Utf16);
    Err(format!("{}:{}: {}", place.line + 1, place.col + 1, problem.message))
}

/// Sample data with what was made up for these runs, tried out: without --make-up the runs are the same.
fn filled(args: &TestArgs, script: &str, old: &str, blessings: &[bless::Blessing]) -> Result<String, String> {
    if !args.make_up {
        return Ok(old.to_owned());
    }
    let mut differs = String::new();
    for any_peer in [false, true] {
        let mut text = old.to_owned();
        for blessing in blessings {
            text = made_up::written(&text, blessing.case, &blessing.report.made_up, any_peer)
                .map_err(|error| error.to_string())?;
        }
        let new = bless::blessed(&text, blessings).ok_or("cannot be rewritten")?;
        let (read, _) = from_json(&new);
        differs.clear();
        for blessing in blessings {
            let case = blessing.case.and_then(|index| Some(read.cases.get(index)?.0.name.clone()));
            let whole = case.as_deref().and_then(|name| read.case(name));
            let expect = whole.as_ref().unwrap_or(&read).expect.clone().unwrap_or_default();
            let request = RunRequest { make_up: false, ..request(args, script, &new, case.as_deref()) };
            let report = args.runner.run(&request).map_err(|error| error.to_string())?;
            if let Some(problem) = compare::compare(&expect, &report).first() {
                differs = format!("{}: {}", problem.key, problem.message);
            }
        }
        if differs.is_empty() {
            return Ok(text);
        }
    }
    Err(format!("left unchanged: with what was made up written down, the run ends differently ({differs})"))
}

/// Writes only what holds when it is read again.
fn write_blessed(
    args: &TestArgs,
    path: &Path,
    script: &str,
    old: &str,
    blessings: &[bless::Blessing],
) -> Result<(), String> {
    let shown = path.display();
    if !air_analysis::Analysis::new(script).accepted() {
        return Err("AquaVM rejects this script, so nothing can be expected of it".to_owned());
    }
    let filled = filled(args, script, old, blessings).map_err(|message| format!("{shown}: {message}"))?;
    let new = bless::blessed(&filled, blessings).ok_or_else(|| format!("{shown}: cannot be rewritten"))?;
    let read = sample(&new)
        .map_err(|problem| format!("{shown}: left unchanged, the new text would be invalid: {problem}"))?;
    for blessing in blessings {
        let case = blessing.case.map_or(Some(&read), |index| read.cases.get(index).map(|(case, _)| case));
        let expect = case.and_then(|case| case.expect.as_ref().or(read.expect.as_ref()));
        let expect = expect.cloned().unwrap_or_default();
        if let Some(problem) = compare::compare(&expect, &blessing.report).first() {
            return Err(format!("{shown}: left unchanged, `{}` would not hold", problem.key));
        }
    }
    writer::replace(path, old, &new).map_err(|error| format!("{shown}: {error}"))
}
