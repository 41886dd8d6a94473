//! One invocation: (script, previous data, current data, parameters, call results) → outcome.

mod encoding;

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::data::{Envelope, InterpreterData, SecurityTetraplet, SignatureEntry, Stores};
use crate::errors::{ExecutionError, PreparationError};
use crate::exec::{Finished, Machine};
use crate::keys::KeyPair;
use crate::program::Program;
use crate::script::Script;
use crate::signatures;
use crate::trace::TraceHandler;
use crate::value::Value;
use crate::{DATA_VERSION, INTERPRETER_VERSION, MINIMUM_VERSION};

pub use encoding::{decode_call_results, encode_call_requests, encode_call_results};

/// Who runs, for whom, and with which limits. Sizes are bytes, times are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunParameters {
    /// The peer that started the particle.
    pub init_peer_id: String,
    /// The peer that runs; not compared with the key.
    pub current_peer_id: String,
    /// When the particle was made.
    pub timestamp: u64,
    /// How long it lives.
    pub ttl: u32,
    /// 0: Ed25519, the only one that is accepted.
    pub key_format: u8,
    /// 32 bytes.
    pub secret_key: Vec<u8>,
    /// The salt of all signatures.
    pub particle_id: String,
    /// Limit of the script.
    pub air_size_limit: u64,
    /// Limit of current data.
    pub particle_size_limit: u64,
    /// Limit of each result of a call.
    pub call_result_size_limit: u64,
    /// Whether exceeding a limit is an error or only reported.
    pub hard_limit_enabled: bool,
}

impl Default for RunParameters {
    /// Nobody, and the limits that hosts use.
    fn default() -> Self {
        RunParameters {
            init_peer_id: String::new(),
            current_peer_id: String::new(),
            timestamp: 0,
            ttl: 0,
            key_format: crate::keys::ED25519,
            secret_key: Vec::new(),
            particle_id: String::new(),
            air_size_limit: 16 << 20,
            particle_size_limit: 64 << 20,
            call_result_size_limit: 32 << 20,
            hard_limit_enabled: false,
        }
    }
}

/// What a service answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallServiceResult {
    /// 0: success.
    pub ret_code: i32,
    /// JSON; after a failure any text.
    pub result: String,
}

/// What a service is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct CallRequest {
    /// The service.
    pub service_id: String,
    /// The function.
    pub function_name: String,
    /// Its arguments.
    pub arguments: Vec<Value>,
    /// For each argument one tetraplet, or one for each element of a canon.
    pub tetraplets: Vec<Vec<Rc<SecurityTetraplet>>>,
}

/// What an invocation gives back.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    /// 0: success; see [`crate::errors::PAGES`].
    pub ret_code: i64,
    /// Empty after success.
    pub error_message: String,
    /// What the host has to keep, whatever the code: the previous data of the next invocation.
    pub data: Vec<u8>,
    /// Peers that the particle goes to, sorted, each once.
    pub next_peer_pks: Vec<String>,
    /// Requests by number; `None` after an error at the very end, where the reference gives no bytes.
    pub call_requests: Option<BTreeMap<u32, CallRequest>>,
    /// The script is longer than its limit.
    pub air_size_limit_exceeded: bool,
    /// Current data is longer than its limit.
    pub particle_size_limit_exceeded: bool,
    /// A result of a call is longer than its limit.
    pub call_result_size_limit_exceeded: bool,
}

/// Runs a script once. Never fails as such: whatever is wrong is in the outcome.
///
/// `call_results` is in its encoding, see [`encode_call_results`].
pub fn invoke(
    script: &Script,
    prev: &[u8],
    current: &[u8],
    params: &RunParameters,
    call_results: &[u8],
) -> Outcome {
    let mut limits = Limits::default();
    match try_invoke(script, prev, current, params, call_results, &mut limits) {
        Ok(mut outcome) => {
            outcome.air_size_limit_exceeded = limits.air;
            outcome.particle_size_limit_exceeded = limits.particle;
            outcome.call_result_size_limit_exceeded = limits.call_result;
            outcome
        }
        Err(error) => {
            // Flags of script and data do not come with the error that they cause, as in the reference.
            let early = matches!(error, PreparationError::ScriptSize(..) | PreparationError::DataSize(..));
            let reported = if early { Limits::default() } else { limits };
            Outcome {
                ret_code: error.code(),
                error_message: error.to_string(),
                air_size_limit_exceeded: reported.air,
                particle_size_limit_exceeded: reported.particle,
                call_result_size_limit_exceeded: reported.call_result,
                ..unchanged(prev)
            }
        }
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Limits {
    air: bool,
    particle: bool,
    call_result: bool,
}

/// Previous data as it came, nothing else.
fn unchanged(prev: &[u8]) -> Outcome {
    Outcome { data: prev.to_vec(), call_requests: Some(BTreeMap::new()), ..Outcome::default() }
}

fn try_invoke(
    script: &Script,
    prev_bytes: &[u8],
    current_bytes: &[u8],
    params: &RunParameters,
    call_results: &[u8],
    limits: &mut Limits,
) -> Result<Outcome, PreparationError> {
    let script_size = script.size() as u64;
    limits.air = script_size > params.air_size_limit;
    if limits.air && params.hard_limit_enabled {
        return Err(PreparationError::ScriptSize(script_size, params.air_size_limit));
    }
    let data_size = current_bytes.len() as u64;
    limits.particle = data_size > params.particle_size_limit;
    if limits.particle && params.hard_limit_enabled {
        return Err(PreparationError::DataSize(data_size, params.particle_size_limit));
    }
    let prev_envelope = decode_envelope(prev_bytes)?;
    let current_envelope = decode_envelope(current_bytes)?;
    if let Some(envelope) = &current_envelope
        && envelope.interpreter_version < version(MINIMUM_VERSION)
    {
        return Err(PreparationError::Version(envelope.interpreter_version.clone()));
    }
    let prev = decode_inner(prev_envelope)?;
    let current = decode_inner(current_envelope)?;
    signatures::verify_stores(&current.cid_info).map_err(PreparationError::Stores)?;
    let signatures = signatures::verify_and_merge(&prev, &current, &params.particle_id)
        .map_err(PreparationError::Signatures)?;
    let program = script.program().map_err(|report| PreparationError::Script(report.to_owned()))?;
    let call_results = decode_call_results(call_results).map_err(PreparationError::CallResults)?;
    let call_result_limit = params.call_result_size_limit;
    limits.call_result = call_results.values().any(|result| result.result.len() as u64 > call_result_limit);
    if limits.call_result && params.hard_limit_enabled {
        return Err(PreparationError::ResultSize(call_result_limit));
    }
    let key = KeyPair::from_secret(params.key_format, &params.secret_key).map_err(PreparationError::Key)?;
    Ok(execute(program, prev, current, signatures, params, call_results, &key).unwrap_or_else(|error| {
        Outcome { ret_code: error.code(), error_message: error.to_string(), ..unchanged(prev_bytes) }
    }))
}

fn decode_envelope(bytes: &[u8]) -> Result<Option<Envelope<'_>>, PreparationError> {
    if bytes.is_empty() {
        return Ok(None);
    }
    Envelope::decode(bytes).map(Some).map_err(PreparationError::Envelope)
}

fn decode_inner(envelope: Option<Envelope<'_>>) -> Result<InterpreterData, PreparationError> {
    match envelope {
        None => Ok(InterpreterData::default()),
        Some(envelope) => InterpreterData::decode(&envelope.inner_data).map_err(PreparationError::Data),
    }
}

/// Runs, signs, compactifies, writes. The error is an uncatchable one.
fn execute(
    program: &Program,
    prev: InterpreterData,
    current: InterpreterData,
    signatures: Vec<SignatureEntry>,
    params: &RunParameters,
    call_results: BTreeMap<String, CallServiceResult>,
    key: &KeyPair,
) -> Result<Outcome, Box<ExecutionError>> {
    let mut stores = Stores::default();
    stores.extend(prev.cid_info);
    stores.extend(current.cid_info);
    let trace = TraceHandler::new(prev.trace, current.trace);
    let machine = Machine::new(program, params, trace, stores, prev.last_call_request_id, call_results);
    let mut finished = machine.run();
    let (ret_code, error_message) = match &finished.ended {
        Err(error) if matches!(**error, ExecutionError::Uncatchable(_)) => return Err(error.clone()),
        Err(error) => (error.code(), error.to_string()),
        Ok(()) if finished.unused_results.is_empty() => (0, String::new()),
        Ok(()) => (30000, unprocessed(&finished.unused_results)),
    };
    let compactified = finished.streams.finish(&mut finished.trace);
    let written = compactified.map_err(|error| (error.code(), error.to_string())).and_then(|()| {
        let signatures =
            with_own(signatures, signatures::sign(key, &mut finished.produced, &params.particle_id));
        write(finished, signatures)
            .map_err(|error| (20002, format!("trying to cast integer types, there is an error {error}")))
    });
    Ok(match written {
        Ok((data, next_peer_pks, requests)) => Outcome {
            ret_code,
            error_message,
            data,
            next_peer_pks,
            call_requests: Some(requests),
            ..Outcome::default()
        },
        Err((ret_code, error_message)) => Outcome { ret_code, error_message, ..Outcome::default() },
    })
}

fn unprocessed(results: &BTreeMap<String, CallServiceResult>) -> String {
    format!(
        "after finishing execution of supplied AIR, there are some unprocessed call results: `{results:?}`, probably a \
         wrong call_id used"
    )
}

/// The own signature in the place of an old one.
fn with_own(mut signatures: Vec<SignatureEntry>, own: SignatureEntry) -> Vec<SignatureEntry> {
    match signatures.iter_mut().find(|entry| entry.public_key == own.public_key) {
        Some(entry) => *entry = own,
        None => signatures.push(own),
    }
    signatures
}

type Written = (Vec<u8>, Vec<String>, BTreeMap<u32, CallRequest>);

fn write(finished: Finished, signatures: Vec<SignatureEntry>) -> Result<Written, String> {
    let data = InterpreterData {
        trace: finished.trace.into_result(),
        last_call_request_id: finished.last_request_id,
        cid_info: finished.stores.into_info(),
        signatures,
    };
    let inner = data.encode()?;
    let envelope = Envelope {
        version: version(DATA_VERSION),
        interpreter_version: version(INTERPRETER_VERSION),
        inner_data: (&inner[..]).into(),
    };
    let next_peers = finished.next_peers.iter().map(|peer| peer.to_string()).collect();
    Ok((envelope.encode(), next_peers, finished.requests))
}

/// Versions are constants of this crate.
fn version(version: crate::Version) -> semver::Version {
    semver::Version::new(version.0, version.1, version.2)
}
