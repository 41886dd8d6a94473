//! What an invocation costs, in instructions and time, beside the reference's interpreter; how cost grows; and
//! whether our goals are met.
//!
//! `versus-interpreter` prints, `versus-interpreter --gate` also fails when a figure is over its goal. Counts
//! come from callgrind and repeat to about 1 %. Times are CPU time (user and system) of this process, medians,
//! the rivals taking turns. Both get the same scripts and answers, and their data has to be the same in the end.

mod cases;
mod goals;
mod measure;

use std::collections::HashMap;
use std::process::ExitCode;

use air_interpreter::data::{Envelope, InterpreterData, to_json};
use cases::{CASES, Prepared, Runner, case};

/// Where the reference recurses.
const LARGE_STACK: usize = 256 << 20;
/// What a program's second thread gets, and about what a Wasm module has.
const SMALL_STACK: usize = 2 << 20;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = on_stack(LARGE_STACK, move || {
        let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
        match words[..] {
            // What the process runs of itself under callgrind.
            ["body", runner, case, size, times] => body(runner, case, size, times),
            [] => report().map(|_| true),
            ["--gate"] => report(),
            _ => Err("usage: versus-interpreter [--gate]".to_owned()),
        }
    });
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(message) => {
            eprintln!("versus-interpreter: {message}");
            ExitCode::from(2)
        }
    }
}

fn on_stack<T: Send>(size: usize, work: impl FnOnce() -> Result<T, String> + Send) -> Result<T, String> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(size).spawn_scoped(scope, work);
        let thread = thread.map_err(|error| error.to_string())?;
        thread.join().unwrap_or_else(|_| Err("panicked".to_owned()))
    })
}

fn body(runner: &str, name: &str, size: &str, times: &str) -> Result<bool, String> {
    let number = |text: &str| text.parse::<usize>().map_err(|_| format!("not a number: {text}"));
    let runner = Runner::ALL.into_iter().find(|known| known.name() == runner);
    let runner = runner.ok_or("no such runner")?;
    let prepared = Prepared::new(case(name)?, number(size)?)?;
    for _ in 0..number(times)? {
        std::hint::black_box(prepared.run(runner)?);
    }
    Ok(true)
}

/// The sizes of a case, and up to which size instructions of the reference and of plain invocations are counted:
/// callgrind takes fifty times the time.
fn sizes(name: &str) -> (&'static [usize], usize) {
    match name {
        "null" => (&[1], 1),
        "sequential calls" => (&[30, 100, 300, 1000, 10_000], 100),
        // No more than 8,192 levels are read.
        "sequential calls, nested" => (&[100, 1000, 8000], 100),
        "calls in a fold" => (&[100, 1000], 100),
        "par, answered singly" | "calls in a stream fold" => (&[30, 100, 300], 100),
        "par of calls" => (&[100, 1000, 10_000], 1000),
        "fold, empty body" | "fold, ap as body" => (&[100, 1000, 10_000], 1000),
        // A stream has no more than 1,024 values.
        _ => (&[100, 300, 1000], 1000),
    }
}

/// Above this the reference's folds overflow any stack.
const LARGEST_OF_REFERENCE: usize = 1000;

/// Cases of as many invocations as calls: without a session their cost grows with the square.
fn one_by_one(name: &str) -> bool {
    name.contains("call") && name != "par of calls" || name.contains("singly")
}

fn report() -> Result<bool, String> {
    let mut figures = goals::Figures::default();
    println!("\nCPU time of all invocations of a case, ms, and thousands of instructions:");
    println!(
        "reference and ours read script and data each time, compiled has the script ready, kept the data too\n"
    );
    print!("{:<22} {:>6}", "", "N");
    for unit in ["ms", "k instr"] {
        for runner in Runner::ALL {
            print!(" {:>10}", format!("{} {}", &runner.name()[..4], if unit == "ms" { "ms" } else { "ki" }));
        }
    }
    println!();
    for case in &CASES {
        let (sizes, counted) = sizes(case.name);
        for &size in sizes {
            let prepared = Prepared::new(case, size)?;
            let runners: Vec<Runner> = Runner::ALL
                .into_iter()
                .filter(|runner| *runner != Runner::Reference || size <= LARGEST_OF_REFERENCE)
                .filter(|runner| *runner == Runner::Kept || size <= 1000 || !one_by_one(case.name))
                .collect();
            same_data(case.name, size, &prepared, &runners)?;
            let slow = size >= 300 && one_by_one(case.name);
            let times = measure::cpu_times(&prepared, &runners, if slow { 1 } else { 7 })?;
            let times: HashMap<_, _> = runners.iter().map(|runner| runner.name()).zip(times).collect();
            print!("{:<22} {size:>6}", case.name);
            for runner in Runner::ALL {
                print!(" {:>10}", cell(times.get(runner.name()), 2));
            }
            for runner in Runner::ALL {
                let count = runners.contains(&runner) && (size <= counted || runner == Runner::Kept);
                let count =
                    if count { Some(measure::instructions(runner, case.name, size)? / 1e3) } else { None };
                print!(" {:>10}", cell(count.as_ref(), 0));
                if let Some(count) = count {
                    figures.instructions.insert((runner, case.name, size), count * 1e3);
                }
            }
            println!();
            for (runner, time) in runners.iter().zip(runners.iter().filter_map(|r| times.get(r.name()))) {
                figures.milliseconds.insert((*runner, case.name, size), *time);
            }
        }
    }
    for size in [100_000, 1_000_000] {
        figures.long_folds.insert(size, on_stack(SMALL_STACK, move || long_fold(size))?);
    }
    Ok(goals::judge(&figures))
}

fn cell(figure: Option<&f64>, digits: usize) -> String {
    figure.map_or_else(|| "-".to_owned(), |figure| format!("{figure:.digits$}"))
}

/// CPU time in milliseconds of a fold over so many elements, data in and out.
fn long_fold(size: usize) -> Result<f64, String> {
    let prepared = Prepared::new(case("fold, ap as body")?, size)?;
    let times = measure::cpu_times(&prepared, &[Runner::Ours], 1)?;
    Ok(times.iter().sum())
}

/// A comparison of speed is one only if both do the same.
fn same_data(name: &str, size: usize, prepared: &Prepared, runners: &[Runner]) -> Result<(), String> {
    let mut first = None;
    for &runner in runners.iter().filter(|_| size <= 300) {
        let data = prepared.run(runner)?;
        let envelope = Envelope::decode(&data).map_err(|error| format!("{error:?}"))?;
        let data = InterpreterData::decode(&envelope.inner_data).map_err(|error| error.to_string())?;
        let data = to_json(&data).to_json();
        match &first {
            None => first = Some(data),
            Some(first) if *first == data => {}
            Some(first) => {
                return Err(format!("{name} {size}: data of {} differs:\n{data}\n{first}", runner.name()));
            }
        }
    }
    Ok(())
}
