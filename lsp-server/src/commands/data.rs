//! `air data`: interpreter data, particles and anomalies in readable form.

mod error;
#[cfg(test)]
mod schema;

use std::path::PathBuf;

use air_interpreter::display::{Content, DataContent, error_object, read, read_data};
use air_interpreter::json;
use air_interpreter::value::Value;
use air_simulation::anomaly::Anomaly;

use crate::cli::exit::Exit;
use crate::cli::inputs::Input;
use crate::cli::output::{Output, STRONG, visible};
use crate::cli::scripts;
use crate::config::Configs;

/// Arguments of `air data`.
#[derive(Debug, Clone, clap::Args)]
pub struct DataArgs {
    /// The file; `-` is standard input
    #[arg(value_hint = clap::ValueHint::FilePath)]
    pub file: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Print interpreter data exactly as AquaVM's `to_human_readable_data` does
    #[arg(long, conflicts_with = "json")]
    pub raw: bool,
    /// The script in which to find the instruction of an error object
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub script: Option<PathBuf>,
}

/// Runs `air data`.
pub fn run(args: &DataArgs, configs: &Configs, output: &mut Output) -> Exit {
    let result = try_run(args, configs, output);
    output.conclude(result.map(|()| Exit::Clean))
}

fn try_run(args: &DataArgs, configs: &Configs, output: &mut Output) -> Result<(), String> {
    let input = Input::one(Some(&args.file), None);
    let name = input.name();
    let config = scripts::config(&input, configs, output)?;
    let bytes = input.read_bytes(config.files.limit()).map_err(|error| format!("{name}: {error}"))?;
    let script = args.script.as_ref().map(|path| {
        let script = Input::one(Some(path), None);
        let text =
            script.read(config.files.limit()).map_err(|error| format!("{}: {error}", script.name()))?;
        Ok::<_, String>(ScriptText { name: script.name(), text })
    });
    let script = script.transpose()?;
    show(&bytes, args, script, output).map_err(|error| format!("{name}: {error}"))
}

fn show(
    bytes: &[u8],
    args: &DataArgs,
    script: Option<ScriptText>,
    output: &mut Output,
) -> Result<(), String> {
    if bytes.is_empty() {
        return Err("is empty".to_owned());
    }
    let as_json = args.json;
    let text = std::str::from_utf8(bytes).ok();
    if let Some(text) = text.filter(|text| Anomaly::is_one(text)) {
        let anomaly = Anomaly::parse(text)?;
        if args.raw {
            return Err("--raw is for interpreter data, and an anomaly file has several".to_owned());
        }
        show_anomaly(&anomaly, as_json, output);
        return Ok(());
    }
    let content = read(bytes)?;
    if args.raw {
        return raw(content, output);
    }
    // A line may have both, and then the error is in the script of the particle.
    let error_beside = match &content {
        Content::Particle { header, .. } => text.and_then(error_object).map(|error| {
            let text = header.get("script").and_then(Value::as_str).unwrap_or_default().to_owned();
            (error, ScriptText { name: "script".to_owned(), text })
        }),
        _ => None,
    };
    match content {
        Content::Error(error) => error::show(&error, script.as_ref(), as_json, output),
        Content::Data(data) if as_json => print_json(&data_json("data", &data), output),
        Content::Data(data) => show_data("data", &data, output),
        Content::Particle { header, data } if as_json => {
            let data = data.map_or(Value::Null, |data| data_json("data", &data));
            print_json(
                &members([
                    ("version", Value::unsigned(1)),
                    ("kind", "particle".into()),
                    ("particle", header),
                    ("data", data),
                ]),
                output,
            );
        }
        Content::Particle { header, data } => {
            title("particle", output);
            for (key, value) in header.as_object().map(|header| header.members()).unwrap_or_default() {
                let text = value.as_str().map_or_else(|| value.to_json(), str::to_owned);
                output.line(format_args!("{key}: {}", visible(&text)));
            }
            match data {
                Some(data) => show_data("data", &data, output),
                None => output.line("no data yet"),
            }
        }
    }
    if let Some((error, own)) = error_beside.filter(|_| !as_json) {
        error::show(&error, Some(&script.unwrap_or(own)), as_json, output);
    }
    Ok(())
}

/// A script to find an error in.
struct ScriptText {
    name: String,
    text: String,
}

fn raw(content: Content, output: &mut Output) -> Result<(), String> {
    let data = match content {
        Content::Data(data) | Content::Particle { data: Some(data), .. } => data,
        Content::Particle { data: None, .. } => return Err("the particle has no data yet".to_owned()),
        Content::Error(_) => return Err("--raw is for interpreter data, and this is an error".to_owned()),
    };
    print_json(&data.json, output);
    Ok(())
}

fn show_anomaly(anomaly: &Anomaly, as_json: bool, output: &mut Output) {
    // Broken data may be what the anomaly is about: the rest is shown all the same.
    let read = |bytes: &[u8]| (!bytes.is_empty()).then(|| read_data(bytes));
    let parts = [("previous data", read(&anomaly.prev_data)), ("current data", read(&anomaly.current_data))];
    let parameters = &anomaly.parameters;
    let results = anomaly.call_results.iter().map(|(id, result)| {
        let code = Value::integer(result.ret_code.into());
        (id.as_str().into(), members([("ret_code", code), ("result", result.result.as_str().into())]))
    });
    let results = Value::object(results.collect());
    let particle = members([
        ("particle_id", parameters.particle_id.as_str().into()),
        ("init_peer_id", parameters.init_peer_id.as_str().into()),
        ("current_peer_id", parameters.current_peer_id.as_str().into()),
        ("timestamp", Value::unsigned(parameters.timestamp)),
        ("ttl", Value::unsigned(parameters.ttl.into())),
    ]);
    // The new data is in the outcome as numbers, which people cannot read.
    let outcome = anomaly.outcome.as_object().map(|outcome| outcome.members()).unwrap_or_default();
    let outcome = outcome.iter().filter(|(key, _)| &**key != "data").cloned().collect();
    let outcome = Value::object(outcome);
    if as_json {
        let [prev, current] = parts.map(|(_, data)| match data {
            None => Value::Null,
            Some(Ok(data)) => data_json("data", &data),
            Some(Err(error)) => members([("error", error.as_str().into())]),
        });
        let whole = members([
            ("version", Value::unsigned(1)),
            ("kind", "anomaly".into()),
            ("air_script", anomaly.script.as_str().into()),
            ("particle", particle),
            ("prev_data", prev),
            ("current_data", current),
            ("call_results", results),
            ("outcome", outcome),
        ]);
        print_json(&whole, output);
        return;
    }
    title("anomaly", output);
    output.line(json::print_pretty(&particle));
    title("script", output);
    anomaly.script.lines().for_each(|line| output.line(visible(line)));
    for (name, data) in parts {
        match data {
            Some(Ok(data)) => show_data(name, &data, output),
            Some(Err(error)) => output.line(format_args!("{name}: {}", visible(&error))),
            None => output.line(format_args!("no {name}")),
        }
    }
    for (name, value) in [("call results", results), ("outcome", outcome)] {
        title(name, output);
        output.line(json::print_pretty(&value));
    }
}

fn show_data(name: &str, data: &DataContent, output: &mut Output) {
    title(name, output);
    if let Some(versions) = data.json.get("versions").and_then(Value::as_object) {
        let versions = versions.members().iter();
        let versions: Vec<_> =
            versions.map(|(key, value)| format!("{key} {}", value.as_str().unwrap_or_default())).collect();
        output.line(visible(&versions.join(", ")));
    }
    for line in data.lines.iter().flat_map(|line| line.lines()) {
        output.line(visible(line));
    }
}

fn title(text: &str, output: &mut Output) {
    let text = output.paint(STRONG, text).to_string();
    output.line(text);
}

/// Versions, stores and signatures, and the trace with contents in the place of identifiers.
fn data_json(kind: &str, data: &DataContent) -> Value {
    members([
        ("version", Value::unsigned(1)),
        ("kind", kind.into()),
        ("data_json", data.json.clone()),
        ("trace", Value::array(data.trace.clone())),
    ])
}

fn members<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::object(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
}

fn print_json(value: &Value, output: &mut Output) {
    output.line(json::print_pretty(value));
}
