//! `air run --host js-client`: the script on real clients, and what they do otherwise than the simulated peers.
//!
//! The clients are those of `@fluencelabs/js-client`, one for each peer, in one process of Node.js. Their services answer what
//! they answered in the simulation, so a difference is one of the interpreters or of what only one of them can do.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use air_interpreter::json;
use air_interpreter::keys::secret_of_name;
use air_interpreter::value::{Value, object};
use air_simulation::report::Report;

use crate::cli::exit::Exit;
use crate::cli::output::Output;

/// Where scripts can run besides the simulation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum HostKind {
    /// `@fluencelabs/js-client`
    JsClient,
}

/// What Node.js runs.
const PROGRAM: &str = include_str!("js_client.mjs");
const PACKAGE: &str = "node_modules/@fluencelabs/js-client";

/// Real clients are slower than the simulated clock; they get at least this time.
const LEAST_TTL_MS: u64 = 15_000;

/// Runs the script on clients and shows what differs.
///
/// # Errors
/// In a sentence that says what is needed, if the clients cannot run.
pub(super) fn compare(
    report: &Report,
    script: &str,
    packages: Option<&Path>,
    beside: Option<&Path>,
    output: &mut Output,
) -> Result<Exit, String> {
    let packages = find_packages(packages, beside)?;
    let request = request(&report.to_json(), script, &packages)?;
    let answer = json::parse(&node(&request)?).map_err(|error| format!("the clients' answer: {error}"))?;
    if let Some(failed) = answer.get("failed").and_then(Value::as_str) {
        return Err(format!("the JS clients could not run: {failed}"));
    }
    let calls = |key: &str| answer.get(key).and_then(Value::as_array).unwrap_or_default();
    let same = answer.get("same").and_then(Value::as_u64).unwrap_or_default();
    let (missing, more) = (calls("missing"), calls("more"));
    output.line("");
    output.line(format_args!("JS clients: {same} calls as in the simulation"));
    for call in missing {
        output.line(format_args!("  only in the simulation: {}", call_text(call)));
    }
    for call in more {
        output.line(format_args!("  only on the JS clients: {}", call_text(call)));
    }
    if let Some(error) = answer.get("error").and_then(Value::as_str) {
        output.line(format_args!("  the client that sent the particle says: {error}"));
    }
    Ok(if missing.is_empty() && more.is_empty() { Exit::Clean } else { Exit::Findings })
}

/// The folder that has the client: the one that is named, else the script's or the next one above it.
fn find_packages(named: Option<&Path>, beside: Option<&Path>) -> Result<PathBuf, String> {
    const INSTALL: &str = "`npm install @fluencelabs/js-client` puts it there";
    let here = Path::new(".");
    let start = beside.and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(here);
    let absolute = |folder: &Path| {
        std::fs::canonicalize(folder).map_err(|error| format!("{}: {error}", folder.display()))
    };
    if let Some(named) = named {
        let folder = absolute(named)?;
        return match folder.join(PACKAGE).is_dir() {
            true => Ok(folder),
            false => Err(format!("{} has no {PACKAGE}: {INSTALL}", named.display())),
        };
    }
    let start = absolute(start)?;
    let found = start.ancestors().find(|folder| folder.join(PACKAGE).is_dir());
    found.map(Path::to_owned).ok_or_else(|| {
        format!("no {PACKAGE} beside the script or above it: {INSTALL}, or name the folder with --packages")
    })
}

/// What the program reads.
fn request(report: &str, script: &str, packages: &Path) -> Result<String, String> {
    let report = json::parse(report).map_err(|error| error.to_string())?;
    let member = |key: &str| report.get(key).cloned().unwrap_or_default();
    let mut peers = Vec::new();
    for (name, id) in member("peers").as_object().map(|peers| peers.members()).unwrap_or_default() {
        let Some(short) = name.strip_prefix('@') else {
            return Err(format!(
                "{name} is a peer whose key nobody has, so no client can be it: name peers `@name` for this"
            ));
        };
        let secret = secret_of_name(short).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let name = Value::from(&**name);
        peers.push(object([("name", name), ("id", id.clone()), ("secret", Value::string(secret))]));
    }
    let mut calls = Vec::new();
    let steps = member("steps");
    for step in steps.as_array().unwrap_or_default() {
        let runs = step.get("runs").and_then(Value::as_array).unwrap_or_default();
        let of_step =
            runs.iter().flat_map(|run| run.get("calls").and_then(Value::as_array).unwrap_or_default());
        for call in of_step {
            let part = |key: &str| call.get(key).cloned().unwrap_or_default();
            calls.push(object([
                ("peer", step.get("peer").cloned().unwrap_or_default()),
                ("service", part("service_id")),
                ("function", part("function_name")),
                ("arguments", part("arguments")),
                ("tetraplets", part("tetraplets")),
                ("answer", part("answer")),
            ]));
        }
    }
    let ttl = report.get("schedule").and_then(|schedule| schedule.get("ttl")).and_then(Value::as_u64);
    let request = object([
        ("packages", Value::string(packages.to_string_lossy())),
        ("script", Value::from(script)),
        ("init", member("init_peer")),
        ("ttl", Value::unsigned(ttl.unwrap_or_default().max(LEAST_TTL_MS))),
        ("peers", Value::array(peers)),
        ("calls", Value::array(calls)),
    ]);
    Ok(request.to_json())
}

/// Runs the program; what it prints.
fn node(request: &str) -> Result<String, String> {
    let failed = |error: std::io::Error| format!("Node.js: {error}");
    let folder = tempfile::tempdir().map_err(failed)?;
    let (program, data) = (folder.path().join("js_client.mjs"), folder.path().join("request.json"));
    std::fs::write(&program, PROGRAM).map_err(failed)?;
    std::fs::write(&data, request).map_err(failed)?;
    let mut command = Command::new("node");
    command.arg("--no-warnings").args([&program, &data]);
    let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let child = started.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            "Node.js 18 or newer is needed: there is no `node` on the PATH".to_owned()
        }
        _ => failed(error),
    })?;
    let ended = child.wait_with_output().map_err(failed)?;
    let answer = String::from_utf8_lossy(&ended.stdout);
    match answer.lines().rfind(|line| line.starts_with('{')) {
        Some(line) => Ok(line.to_owned()),
        None => Err(format!("the JS clients gave no answer ({})", ended.status)),
    }
}

/// `@a s.f(1, "x")`, and where the arguments come from.
fn call_text(call: &Value) -> String {
    let part = |key: &str| call.get(key).and_then(Value::as_str).unwrap_or_default();
    let arguments = call.get("arguments").and_then(Value::as_array).unwrap_or_default();
    let arguments: Vec<String> = arguments.iter().map(Value::to_json).collect();
    let tetraplets = call.get("tetraplets").map(Value::to_json).unwrap_or_default();
    format!(
        "{} {}.{}({}) {tetraplets}",
        part("peer"),
        part("service"),
        part("function"),
        arguments.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let error = find_packages(Some(folder.path()), None).unwrap_err();
        assert!(error.contains("npm install @fluencelabs/js-client"), "{error}");
        let script = folder.path().join("a/b.air");
        std::fs::create_dir(folder.path().join("a")).unwrap();
        let error = find_packages(None, Some(&script)).unwrap_err();
        assert!(error.contains("--packages"), "{error}");
        std::fs::create_dir_all(folder.path().join(PACKAGE)).unwrap();
        let found = find_packages(None, Some(&script)).unwrap();
        assert_eq!(found, std::fs::canonicalize(folder.path()).unwrap());
    }

    #[test]
    fn calls_and_keys_come_from_the_report() {
        let report = r#"{"init_peer":"@a","peers":{"@a":"12D3"},"schedule":{"ttl":20000},"steps":[{"peer":"@a","runs":[
            {"calls":[{"service_id":"s","function_name":"f","arguments":[1],"tetraplets":[[]],"answer":{"ret_code":0,"value":2}}]}]}]}"#;
        let request = json::parse(&request(report, "(null)", Path::new("/p")).unwrap()).unwrap();
        assert_eq!(request.get("ttl"), Some(&Value::unsigned(20_000)));
        let call = request.get("calls").unwrap().as_array().unwrap()[0].clone();
        assert_eq!(call_text(&call), "@a s.f(1) [[]]");
        let peer = &request.get("peers").unwrap().as_array().unwrap()[0];
        assert_eq!(peer.get("secret").and_then(Value::as_str).map(str::len), Some(64));
    }

    #[test]
    fn a_peer_without_a_key_is_refused() {
        let error = request(r#"{"peers":{"12D3KooW":"12D3KooW"}}"#, "", Path::new("/p")).unwrap_err();
        assert!(error.contains("whose key nobody has"), "{error}");
    }
}
