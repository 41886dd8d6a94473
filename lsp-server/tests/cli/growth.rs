//! Time grows with the text: every command that reads a script on every shape of text, and the other files that people
//! write: sample data, configurations, lists of ignored files, folders. Processor time of the program, without that of
//! a tiny text, at sizes that grow until the times tell. `--nocapture` prints the table of exponents.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::sandbox::{Sandbox, program};

#[allow(dead_code, unreachable_pub, missing_docs, reason = "shared by tests of several crates")]
#[path = "../../../tests/src/growth.rs"]
mod exponents;
#[allow(dead_code, unreachable_pub, missing_docs, reason = "shared by tests of several crates")]
#[path = "../../../tests/src/shapes.rs"]
mod shapes;

use exponents::{Growth, STEP, What};
use shapes::{SHAPES, shape};

/// What may grow faster: a layout indents each level, and `--check` does not print it, so that its size is not counted.
fn allowed(what: &What) -> bool {
    what.0.starts_with("fmt --check") && SHAPES.iter().any(|shape| shape.name == what.1 && shape.deep)
}

/// Bytes that a program prints, and its processor time with all its threads, as the shell counts it.
fn cpu(sandbox: &Sandbox, args: &[&str]) -> (usize, Duration) {
    let mut shell = Command::new("bash");
    shell.args(["-c", "TIMEFORMAT='%3U %3S'; time \"$@\" 2>/dev/null", "time"]);
    shell.arg(program()).args(args).current_dir(sandbox.path("")).stdin(Stdio::null());
    let output = shell.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let seconds: f64 =
        said.split_whitespace().map(|number| number.replace(',', ".").parse::<f64>().unwrap()).sum();
    let code = output.status.code().unwrap();
    assert!((0..=2).contains(&code), "{args:?}: exit code {code}");
    (output.stdout.len(), Duration::from_secs_f64(seconds))
}

/// Measures one thing at a size: bytes of the text, bytes of the answer, time.
type Measure<'m> = &'m dyn Fn(&What, usize) -> (usize, usize, Duration);

/// At three sizes; then larger ones for what may grow too fast, until the times tell; and what then does once more.
fn suite(all: &[What], smallest: usize, largest: usize, measure: Measure<'_>) {
    let mut growth = Growth::new(Duration::from_millis(8));
    let again = |growth: &mut Growth, what: &What, size: usize| {
        let (bytes, answer, time) = measure(what, size);
        growth.note(what, bytes, answer, time);
    };
    let mut size = smallest;
    for _ in 0..3 {
        all.iter().for_each(|what| again(&mut growth, what, size));
        size *= STEP;
    }
    while size <= largest {
        let guilty: BTreeSet<What> = growth.guilty().into_iter().map(|(what, _)| what).collect();
        for what in growth.suspects().iter().filter(|what| !guilty.contains(what)) {
            again(&mut growth, what, size);
        }
        size *= STEP;
    }
    for (what, _) in growth.guilty() {
        for size in (0..8).map(|step| smallest * STEP.pow(step)).take_while(|size| *size <= largest) {
            if growth.of(&what).len() > 1 {
                again(&mut growth, &what, size);
            }
            if growth.guilty().iter().all(|(still, _)| *still != what) {
                break;
            }
        }
    }
    println!("{}", growth.table());
    let wrong = growth.wrong(allowed);
    assert!(wrong.is_empty(), "grows faster than the text:\n{wrong}");
}

/// What is done once, whatever the text.
fn start(args: &[&str]) -> Duration {
    let sandbox = Sandbox::new(&[("s.air", "(null)")]);
    (0..3).map(|_| cpu(&sandbox, args).1).min().unwrap()
}

const COMMANDS: &[&str] =
    &["check s.air", "check --fix --diff s.air", "fmt --check s.air", "beautify s.air", "parse --json s.air"];

#[test]
fn of_scripts() {
    commands(COMMANDS, 2 << 10, 512 << 10);
}

/// In the sandbox. Scripts that fold over what they write run until a limit.
#[test]
fn of_runs() {
    commands(&["run --make-up --max-instructions 20000 --max-steps 20 s.air"], 2 << 10, 128 << 10);
}

fn commands(commands: &[&str], smallest: usize, largest: usize) {
    let all: Vec<What> = commands
        .iter()
        .flat_map(|command| SHAPES.iter().map(|shape| ((*command).to_owned(), shape.name)))
        .collect();
    let starts: BTreeMap<&str, Duration> =
        commands.iter().map(|command| (*command, start(&words(command)))).collect();
    suite(&all, smallest, largest, &|what, size| {
        let text = shape(what.1).sized(size, air_syntax::MAX_DEPTH - 2);
        let sandbox = Sandbox::new(&[("s.air", &text)]);
        let (answer, time) = cpu(&sandbox, &words(&what.0));
        (text.len(), answer, time.saturating_sub(starts[&*what.0]))
    });
}

fn words(text: &str) -> Vec<&str> {
    text.split(' ').collect()
}

/// Files of a folder by name, `n` parts large.
type Make = fn(usize) -> Vec<(&'static str, String)>;

/// Besides scripts.
const FILES: &[(&str, &str, Make)] = &[
    ("test", "cases", |n| cases(n, "")),
    ("test", "failing_cases", |n| vec![("s.air", CALL.to_owned()), ("s.sample.json", failing(n))]),
    ("test --list", "cases", |n| cases(n, "")),
    // Run, each case would begin with all that is common.
    ("test --list", "cases_with_much_in_common", |n| cases(n, &rules(n))),
    ("test --bless", "failing_cases", |n| vec![("s.air", CALL.to_owned()), ("s.sample.json", failing(n))]),
    ("run --make-up s.air", "given", |n| {
        vec![("s.air", CALL.to_owned()), ("s.sample.json", format!("{{\"given\": {{{}}}}}", members(n)))]
    }),
    ("run --make-up s.air", "rules", |n| {
        vec![("s.air", CALL.to_owned()), ("s.sample.json", format!("{{{}}}", rules(n).trim_end_matches(',')))]
    }),
    ("run --make-up s.air", "unknown_members", |n| {
        vec![("s.air", CALL.to_owned()), ("s.sample.json", format!("{{{}}}", members(n)))]
    }),
    ("run --make-up s.air", "one_long_array", |n| {
        let given = format!("{{\"given\": {{\"x\": [{}1]}}}}", "1,".repeat(n));
        vec![("s.air", CALL.to_owned()), ("s.sample.json", given)]
    }),
    ("check s.air", "unknown_sections", |n| config(lines(n, |i| format!("[s{i}]\n")))),
    ("check s.air", "unknown_keys", |n| config(lines(n, |i| format!("k{i} = 1\n")))),
    ("check s.air", "unknown_levels", |n| {
        config(format!("[levels]\n{}", lines(n, |i| format!("X{i} = \"no\"\n"))))
    }),
    ("check s.air", "wrong_peers", |n| config(format!("[peers]\n{}", lines(n, |i| format!("p{i} = {i}\n"))))),
    ("check s.air", "broken_configuration", |n| config(lines(n, |_| "= [ \"\n".to_owned()))),
    ("check s.air", "nested_configuration", |n| config(format!("a = {}", "[".repeat(n)))),
    ("check s.air", "long_editorconfig", |n| {
        vec![
            ("s.air", CALL.to_owned()),
            (".editorconfig", format!("root = true\n{}", lines(n, |i| format!("[*.a{i}]\nk = 1\n")))),
        ]
    }),
    ("check", "gitignore", |n| {
        vec![("s.air", CALL.to_owned()), (".ignore", lines(n, |i| format!("*.a{i}\n/b{i}/**/c\n")))]
    }),
    ("data d.json", "long_array", |n| vec![("d.json", format!("[{}1]", "1,".repeat(n)))]),
    ("data d.json", "open_brackets", |n| vec![("d.json", "{\"a\":".repeat(n))]),
    ("run d.json", "scenario_that_is_nested", |n| vec![("d.json", "{\"a\":".repeat(n))]),
];

const CALL: &str = "(call \"@a\" (\"s\" \"f\") [] x)\n";

fn lines(n: usize, line: impl Fn(usize) -> String) -> String {
    (0..n).map(line).collect()
}

fn members(n: usize) -> String {
    (0..n).map(|i| format!("\"m{i}\": {i}")).collect::<Vec<_>>().join(",\n")
}

fn rules(n: usize) -> String {
    let rule = |i| format!("{{\"service\": \"s{i}\", \"function\": \"f\", \"answer\": {{\"ok\": {i}}}}},\n");
    format!("\"services\": [{}{{\"answer\": {{\"ok\": 1}}}}],", (0..n).map(rule).collect::<String>())
}

fn cases(n: usize, common: &str) -> Vec<(&'static str, String)> {
    let case = |i| {
        format!(
            "{{\"name\": \"c{i}\", \"given\": {{\"x\": {i}}}, \"expect\": {{\"outcome\": \"completed\"}}}}"
        )
    };
    let cases = (0..n.min(MOST_RUNS)).map(case).collect::<Vec<_>>().join(",\n");
    let services = if common.is_empty() { "\"services\": [{\"answer\": {\"ok\": 1}}]," } else { common };
    vec![("s.air", CALL.to_owned()), ("s.sample.json", format!("{{{services}\"cases\": [{cases}]}}"))]
}

/// Each case is a run.
const MOST_RUNS: usize = 4_096;

fn failing(n: usize) -> String {
    let case = |i| format!("{{\"name\": \"c{i}\", \"expect\": {{\"outcome\": \"waiting\"}}}}");
    let cases = (0..n).map(case).collect::<Vec<_>>().join(", ");
    format!("{{\"services\": [{{\"answer\": {{\"ok\": 1}}}}], \"cases\": [{cases}]}}")
}

fn config(text: String) -> Vec<(&'static str, String)> {
    vec![("s.air", CALL.to_owned()), ("air.toml", text)]
}

#[test]
fn of_other_files() {
    let all: Vec<What> = FILES.iter().map(|(command, name, _)| ((*command).to_owned(), *name)).collect();
    let starts: BTreeMap<&str, Duration> =
        FILES.iter().map(|(command, ..)| (*command, start(&words(command)))).collect();
    suite(&all, 128, 128 << 10, &|what, size| {
        let (.., make) =
            FILES.iter().find(|(command, name, _)| *command == what.0 && *name == what.1).unwrap();
        let files = make(size);
        let bytes = files.iter().map(|(_, text)| text.len()).max().unwrap();
        let named: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let (answer, time) = cpu(&Sandbox::new(&named), &words(&what.0));
        (bytes, answer, time.saturating_sub(starts[&*what.0]))
    });
}

/// Many small files in one folder.
#[test]
fn of_folders() {
    let all: Vec<What> = ["check", "fmt --check", "test --list"]
        .iter()
        .map(|command| ((*command).to_owned(), "files"))
        .collect();
    let starts: BTreeMap<String, Duration> =
        all.iter().map(|(command, _)| (command.clone(), start(&words(command)))).collect();
    suite(&all, 64, 4_096, &|what, size| {
        let sandbox = Sandbox::new(&[]);
        (0..size).for_each(|i| sandbox.write(&format!("d{}/s{i}.air", i % 32), CALL));
        let (answer, time) = cpu(&sandbox, &words(&what.0));
        (size, answer, time.saturating_sub(starts[&what.0]))
    });
}
