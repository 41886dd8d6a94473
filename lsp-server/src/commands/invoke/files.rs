//! One invocation from files, as AquaVM's own command line makes it.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use air_interpreter::display::{decoded, read_data};
use air_interpreter::keys::{ED25519, KeyPair, secret_of_name};
use air_interpreter::peers::Peers;
use air_interpreter::protocol::{call_results, outcome_json, peer_of};
use air_interpreter::{
    CallServiceResult, Outcome, ParsedScript, RunParameters, encode_call_results, invoke, json,
};

use crate::cli::exit::Exit;
use crate::cli::inputs::{Input, keep_apart};
use crate::cli::output::{ERROR, GOOD, Output, visible};
use crate::cli::scripts;
use crate::config::Configs;
use crate::files::writer;

/// Arguments of one invocation; `--script` asks for it.
#[derive(Debug, Clone, clap::Args)]
#[group(skip)]
pub(super) struct FileArgs {
    /// Make one invocation of this script; `-` is standard input
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub(super) script: Option<PathBuf>,
    /// What the peer kept: raw, in base64 or hex, or an array of numbers [default: nothing]
    #[arg(long, value_name = "FILE", requires = "script", value_hint = clap::ValueHint::FilePath)]
    prev_data: Option<PathBuf>,
    /// What came with the particle, in the same forms [default: nothing]
    #[arg(long, value_name = "FILE", requires = "script", value_hint = clap::ValueHint::FilePath)]
    current_data: Option<PathBuf>,
    /// Results of calls: {"1": {"ret_code": 0, "value": ANY}}, or `result` with the exact text
    #[arg(long, value_name = "FILE", requires = "script", value_hint = clap::ValueHint::FilePath)]
    call_results: Option<PathBuf>,
    /// The peer's Ed25519 key: 32 or 64 bytes, raw or in base58, base64 or hex
    #[arg(long, value_name = "FILE", requires = "script", group = "key_source", value_hint = clap::ValueHint::FilePath)]
    key: Option<PathBuf>,
    /// A key made from a name: the peer @NAME of sample data
    #[arg(long, value_name = "NAME", requires = "script", group = "key_source")]
    key_name: Option<String>,
    /// A key for this invocation
    #[arg(long, requires = "script", group = "key_source")]
    random_key: bool,
    /// The peer's id, or @NAME [default: that of the key]
    #[arg(long, value_name = "ID", requires = "script")]
    current_peer_id: Option<String>,
    /// The id of the peer that sent the particle, or @NAME [default: the current peer]
    #[arg(long, value_name = "ID", requires = "script")]
    init_peer_id: Option<String>,
    /// The particle's id
    #[arg(long, value_name = "ID", requires = "script")]
    particle_id: Option<String>,
    /// When the particle was sent, milliseconds since 1970
    #[arg(long, value_name = "MS", requires = "script")]
    timestamp: Option<u64>,
    /// Milliseconds that the particle lives
    #[arg(long, value_name = "MS", requires = "script")]
    ttl: Option<u32>,
    /// The longest script, in bytes
    #[arg(long, value_name = "BYTES", requires = "script")]
    air_size_limit: Option<u64>,
    /// The longest data, in bytes
    #[arg(long, value_name = "BYTES", requires = "script")]
    particle_size_limit: Option<u64>,
    /// The longest result of a call, in bytes
    #[arg(long, value_name = "BYTES", requires = "script")]
    call_result_size_limit: Option<u64>,
    /// Fail where a limit is passed, instead of saying so
    #[arg(long, requires = "script")]
    hard_limit_enabled: bool,
    /// Write the new data into this file
    #[arg(long, value_name = "FILE", requires = "script", value_hint = clap::ValueHint::FilePath)]
    data_out: Option<PathBuf>,
    /// Print the outcome as JSON
    #[arg(long, requires = "script")]
    json: bool,
    /// Make the same invocation so many times
    #[arg(long, value_name = "N", requires = "script", default_value_t = 1, hide_default_value = true, value_parser = clap::value_parser!(u32).range(1..))]
    repeat: u32,
    /// Say how long it took
    #[arg(long, requires = "script")]
    time: bool,
}

/// Makes the invocation and shows what comes out. [`Exit::Clean`] if its code is 0.
pub(super) fn run(
    script: &PathBuf,
    args: &FileArgs,
    configs: &Configs,
    output: &mut Output,
) -> Result<Exit, String> {
    let input = Input::one(Some(script), None);
    let config = scripts::config(&input, configs, output)?;
    let limit = config.files.limit();
    let named = |path: &Path| Input::File(path.to_owned());
    let files = [&args.prev_data, &args.current_data, &args.call_results, &args.key];
    let files: Vec<Input> = files.iter().filter_map(|file| file.as_deref().map(named)).collect();
    keep_apart(args.data_out.as_deref(), files.iter().chain([&input]))?;
    let text = input.read(limit).map_err(|error| format!("{}: {error}", input.name()))?;
    let bytes = |path: &Option<PathBuf>| match path {
        None => Ok(Vec::new()),
        Some(path) => {
            let read = named(path).read_bytes(limit);
            read.map(|bytes| decoded(&bytes).into_owned())
                .map_err(|error| format!("{}: {error}", path.display()))
        }
    };
    let (prev, current) = (bytes(&args.prev_data)?, bytes(&args.current_data)?);
    let results = results(args.call_results.as_deref(), limit)?;
    let parameters = parameters(args, limit)?;
    let results = encode_call_results(&results);
    let script = ParsedScript::new(&Peers::default().with_ids(&text));
    let mut times = Vec::new();
    let mut outcome = Outcome::default();
    for _ in 0..args.repeat {
        let start = Instant::now();
        outcome = invoke(&script, &prev, &current, &parameters, &results);
        times.push(start.elapsed());
    }
    if let Some(path) = &args.data_out {
        write_data(path, &outcome.data)?;
    }
    if args.json {
        output.line(outcome_json(&outcome).to_json());
    } else {
        show(&outcome, output);
    }
    if args.time {
        output.note(took(&mut times));
    }
    Ok(if outcome.ret_code == 0 { Exit::Clean } else { Exit::Findings })
}

fn results(path: Option<&Path>, limit: u64) -> Result<BTreeMap<String, CallServiceResult>, String> {
    let Some(path) = path else { return Ok(BTreeMap::new()) };
    let told = |error: String| format!("{}: {error}", path.display());
    let text = Input::File(path.to_owned()).read(limit).map_err(|error| told(error.to_string()))?;
    let value = json::parse(&text).map_err(|error| told(error.to_string()))?;
    call_results(Some(&value)).map_err(told)
}

fn parameters(args: &FileArgs, limit: u64) -> Result<RunParameters, String> {
    let secret_key = secret(args, limit)?;
    let key = KeyPair::from_secret(ED25519, &secret_key).map_err(|error| format!("the key: {error}"))?;
    let current_peer_id = match &args.current_peer_id {
        Some(id) => peer_of(id)?,
        None => key.public().peer_id(),
    };
    let init_peer_id = args.init_peer_id.as_deref().map(peer_of).transpose()?;
    // As requests do: no limit unless one is given.
    let limit = |given: Option<u64>| given.unwrap_or(1 << 32);
    Ok(RunParameters {
        init_peer_id: init_peer_id.unwrap_or_else(|| current_peer_id.clone()),
        current_peer_id,
        timestamp: args.timestamp.unwrap_or_default(),
        ttl: args.ttl.unwrap_or_default(),
        secret_key,
        particle_id: args.particle_id.clone().unwrap_or_default(),
        air_size_limit: limit(args.air_size_limit),
        particle_size_limit: limit(args.particle_size_limit),
        call_result_size_limit: limit(args.call_result_size_limit),
        hard_limit_enabled: args.hard_limit_enabled,
        ..RunParameters::default()
    })
}

/// The peer's secret key.
fn secret(args: &FileArgs, limit: u64) -> Result<Vec<u8>, String> {
    if let Some(path) = &args.key {
        let read = Input::File(path.clone()).read_bytes(limit);
        let bytes = read.map_err(|error| format!("{}: {error}", path.display()))?;
        let keys = [Some(bytes.clone()), from_base58(&bytes), Some(decoded(&bytes).into_owned())];
        // A pair is the secret and then the public key.
        let key = keys.into_iter().flatten().find(|key| matches!(key.len(), 32 | 64));
        let key = key.and_then(|key| key.get(..32).map(<[u8]>::to_vec));
        return key.ok_or_else(|| {
            format!("{}: not a key: 32 or 64 bytes, raw or in base58, base64 or hex", path.display())
        });
    }
    if args.random_key {
        // The standard library's hashers are keyed by the system's randomness.
        return Ok((0..4_u8).flat_map(|part| RandomState::new().hash_one(part).to_le_bytes()).collect());
    }
    let of_peer = args.current_peer_id.as_deref().and_then(|id| id.strip_prefix('@'));
    match args.key_name.as_deref().or(of_peer) {
        Some(name) => Ok(secret_of_name(name).to_vec()),
        None => Err("no key: give --key, --key-name, --random-key or --current-peer-id @NAME".to_owned()),
    }
}

fn from_base58(bytes: &[u8]) -> Option<Vec<u8>> {
    air_interpreter::keys::from_base58(std::str::from_utf8(bytes).ok()?.trim())
}

/// Data is not text, so that it is written here.
fn write_data(path: &Path, data: &[u8]) -> Result<(), String> {
    writer::create(path, data).map_err(|error| format!("{}: {error}", path.display()))
}

fn show(outcome: &Outcome, output: &mut Output) {
    let style = if outcome.ret_code == 0 { GOOD } else { ERROR };
    let code = output.paint(style, format_args!("code {}", outcome.ret_code)).to_string();
    output.line(code);
    if !outcome.error_message.is_empty() {
        output.line(format_args!("message {}", visible(&outcome.error_message)));
    }
    let exceeded = [
        ("script", outcome.air_size_limit_exceeded),
        ("data", outcome.particle_size_limit_exceeded),
        ("result of a call", outcome.call_result_size_limit_exceeded),
    ];
    for (what, _) in exceeded.iter().filter(|(_, exceeded)| *exceeded) {
        output.line(format_args!("{what} larger than its limit"));
    }
    for peer in &outcome.next_peer_pks {
        output.line(format_args!("goes to {}", visible(peer)));
    }
    for (id, request) in outcome.call_requests.iter().flatten() {
        let arguments: Vec<String> = request.arguments.iter().map(ToString::to_string).collect();
        let (service, function) = (visible(&request.service_id), visible(&request.function_name));
        output.line(format_args!("requests {id}: {service}.{function}({})", visible(&arguments.join(", "))));
    }
    output.line(format_args!("data of {} bytes", outcome.data.len()));
    if let Ok(data) = read_data(&outcome.data) {
        for line in data.lines.iter().flat_map(|line| line.lines()) {
            output.line(format_args!("  {}", visible(line)));
        }
    }
}

/// The least and the middle of the times.
fn took(times: &mut [Duration]) -> String {
    times.sort();
    let count = times.len();
    let (least, middle) = (times.first().copied(), times.get(count / 2).copied());
    let (least, middle) = (least.unwrap_or_default(), middle.unwrap_or_default());
    match count {
        1 => format!("took {least:.1?}"),
        _ => format!("{count} invocations, {least:.1?} at least, {middle:.1?} in the middle"),
    }
}
