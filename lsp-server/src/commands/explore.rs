//! `air explore`: what a run may end with, in every order that a network can choose, or with one fault.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use air_analysis::Analysis;
use air_service::SamplePath;
use air_service::documents::explore::{Explored, MAX_ENDS, MAX_FAULTS};
use air_simulation::explore::{Compare, End, Exploration, ExploreRequest, explore_after, single_faults};
use air_simulation::report::Report;
use air_simulation::run::RunRequest;

use crate::cli::exit::Exit;
use crate::cli::inputs::Input;
use crate::cli::moves::order_option;
use crate::cli::output::{GOOD, Output, STRONG, WARNING};
use crate::cli::rejection;
use crate::cli::runner::{RunError, RunnerArgs};
use crate::cli::scripts;
use crate::cli::wrap::wrap;
use crate::config::Configs;

/// Arguments of `air explore`.
#[derive(Debug, Clone, clap::Args)]
pub struct ExploreArgs {
    /// A script; `-` is standard input
    pub file: PathBuf,
    /// Sample data [default: NAME.sample.json beside NAME.air, if it exists]
    #[arg(long, value_name = "FILE")]
    pub sample: Option<PathBuf>,
    /// Use no sample data
    #[arg(long, conflicts_with = "sample")]
    pub no_sample: bool,
    /// Which case of the sample data to explore, if it has several
    #[arg(long, value_name = "NAME")]
    pub case: Option<String>,
    /// Make up the answers and variables that sample data does not give
    #[arg(long)]
    pub make_up: bool,
    /// What counts when ends are compared: response (what the initiator learns), calls (of all peers, with arguments) or
    /// all (errors and calls without an answer, too)
    #[arg(long, value_name = "WHAT", default_value = "all")]
    pub compare: Compare,
    /// Follow at most this many orders
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub max_orders: u64,
    /// Stop after this many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub max_seconds: u64,
    /// Instead of orders: lose each message by itself, and let each peer be dead by itself
    #[arg(long)]
    pub faults: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Columns to write in; 0: as many as it takes [default: those of the terminal]
    #[arg(long, value_name = "COLUMNS")]
    pub width: Option<usize>,
}

/// Runs `air explore`.
pub fn run(args: &ExploreArgs, configs: &Configs, output: &mut Output) -> Exit {
    let result = try_run(args, configs, output);
    output.conclude(result)
}

fn try_run(args: &ExploreArgs, configs: &Configs, output: &mut Output) -> Result<Exit, String> {
    let input = Input::one(Some(&args.file), None);
    let name = input.name();
    let config = scripts::config(&input, configs, output)?;
    let limit = config.files.limit();
    let text = input.read(limit).map_err(|error| format!("{name}: {error}"))?;
    let beside = input.path().and_then(SamplePath::of).filter(|sample| sample.is_file());
    let sample = args.sample.clone().or(beside).filter(|_| !args.no_sample);
    let sample = sample.map(|path| {
        let sample = Input::one(Some(&path), None);
        sample.read(limit).map_err(|error| format!("{}: {error}", sample.name()))
    });
    let request = RunRequest {
        text,
        sample: sample.transpose()?,
        case: args.case.clone(),
        make_up: args.make_up,
        ..RunRequest::default()
    };
    let analysis = Analysis::new(request.text.as_str());
    if !analysis.accepted() {
        rejection::show(&name, &analysis, output);
        output.note("AquaVM rejects this script, so it cannot run");
        return Ok(Exit::Findings);
    }
    let runner = RunnerArgs { native: true, max_time: args.max_seconds };
    let report = runner.run(&request).map_err(|error| match error {
        RunError::Stopped(message) | RunError::Failed(message) => format!("{name}: {message}"),
    })?;
    if let Some(width) = args.width {
        output.set_width(width);
    }
    match args.faults {
        true => show_faults(args, &name, &request, &report, output),
        false => show_orders(args, &name, request, &report, output),
    }
}

fn show_orders(
    args: &ExploreArgs,
    name: &str,
    run: RunRequest,
    report: &Report,
    output: &mut Output,
) -> Result<Exit, String> {
    let end = Instant::now() + Duration::from_secs(args.max_seconds);
    let request = ExploreRequest {
        run,
        compare: args.compare,
        max_orders: args.max_orders,
        max_invocations: u64::MAX,
        max_ends: MAX_ENDS,
        explain: true,
    };
    let explored = explore_after(&request, report, &mut || Instant::now() > end)
        .map_err(|problem| format!("{name}: {problem}"))?;
    if args.json {
        print_json(&Explored { version: 1, orders: Some(&explored), faults: None }, output)?;
    } else {
        let again = again(args, name);
        output.line(summary(name, &explored, output));
        for (at, end) in explored.ends.iter().enumerate() {
            show_end(&again, at + 1, end, &explored, output);
        }
        let more = explored.found_ends.saturating_sub(explored.ends.len() as u64);
        if more > 0 {
            output.note(format_args!("{more} more ends are not shown; --compare response tells fewer apart"));
        }
        if !explored.complete {
            output.note("not all orders were followed: raise --max-orders or --max-seconds");
        }
    }
    Ok(if explored.found_ends > 1 { Exit::Findings } else { Exit::Clean })
}

/// `3 ends in all 126 orders that differ`.
fn summary(name: &str, explored: &Exploration, output: &Output) -> String {
    let ends = match explored.found_ends {
        1 => output.paint(GOOD, "one end".to_owned()).to_string(),
        count => output.paint(WARNING, format!("{count} ends")).to_string(),
    };
    let orders = match (explored.complete, explored.orders) {
        (true, 0 | 1) => "in the only order that can be told apart".to_owned(),
        (true, count) => format!("in all {count} orders that can be told apart"),
        (false, count) => format!("in {count} orders of at least {}", explored.at_least),
    };
    format!("{}: {ends} {orders}", output.paint(STRONG, name.to_owned()))
}

fn show_end(again: &str, number: usize, end: &End, explored: &Exploration, output: &mut Output) {
    let orders = match end.orders {
        0 => "only when answers come together".to_owned(),
        1 => "1 order".to_owned(),
        count => format!("{count} orders"),
    };
    let usual = if end.default { ", the usual one" } else { "" };
    output.line("");
    output.line(format_args!("{} ({orders}{usual})", output.paint(STRONG, format!("{number}."))));
    let mut lines = vec![end.text.clone()];
    if !end.default {
        let moves: Vec<&str> = end.order.lines().collect();
        lines.push(format!("see it with: air run {again} --answers single{}", order_option(&moves)));
    }
    if let Some(deciding) = &end.deciding {
        let first = explored.ends.iter().position(|end| end.default).map_or(1, |at| at + 1);
        lines.push(format!(
            "decided by event {}, {}: until then end {first} could come too",
            deciding.event, deciding.what
        ));
    }
    for line in lines {
        for part in wrap(&line, columns(output, 3)) {
            output.line(format_args!("   {part}"));
        }
    }
}

/// The script with the options that its answers depend on, for another command.
fn again(args: &ExploreArgs, name: &str) -> String {
    let mut again = name.to_owned();
    if let Some(sample) = &args.sample {
        again.push_str(&format!(" --sample {}", sample.display()));
    }
    if let Some(case) = &args.case {
        again.push_str(&format!(" --case '{}'", case.replace('\'', r"'\''")));
    }
    for (given, option) in [(args.no_sample, " --no-sample"), (args.make_up, " --make-up")] {
        again.push_str(if given { option } else { "" });
    }
    again
}

/// Columns for text after an indent; 0 columns of output are as many as it takes.
fn columns(output: &Output, indent: usize) -> usize {
    match output.width() {
        0 => usize::MAX,
        width => width.saturating_sub(indent),
    }
}

fn show_faults(
    args: &ExploreArgs,
    name: &str,
    run: &RunRequest,
    report: &Report,
    output: &mut Output,
) -> Result<Exit, String> {
    let (faults, all) =
        single_faults(run, report, MAX_FAULTS).map_err(|problem| format!("{name}: {problem}"))?;
    let harmful = faults.iter().filter(|fault| fault.harms).count();
    if args.json {
        print_json(&Explored { version: 1, orders: None, faults: Some(&faults) }, output)?;
    } else {
        output.line(format_args!(
            "{}: {harmful} of {} single faults keep the initiator from what it learns without them",
            output.paint(STRONG, name.to_owned()),
            faults.len()
        ));
        for fault in &faults {
            let mark = match fault.harms {
                true => output.paint(WARNING, "harms".to_owned()).to_string(),
                false => output.paint(GOOD, "   ok".to_owned()).to_string(),
            };
            output.line(format_args!("{mark}  {}", fault.fault));
            if fault.harms {
                for part in wrap(&fault.text, columns(output, 9)) {
                    output.line(format_args!("         {part}"));
                }
            }
        }
        if all > faults.len() {
            output.note(format_args!("{} of {all} faults were tried", faults.len()));
        }
    }
    Ok(if harmful > 0 { Exit::Findings } else { Exit::Clean })
}

fn print_json(explored: &Explored<'_>, output: &mut Output) -> Result<(), String> {
    let json = serde_json::to_string(explored).map_err(|error| error.to_string())?;
    output.line(json);
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_current() {
        crate::schemas::compare("explore.schema.json", &air_service::documents::explore::schema());
    }
}
