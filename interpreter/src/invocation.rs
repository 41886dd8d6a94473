//! One invocation: (script, previous data, current data, parameters, call results) → outcome.

mod encoding;
mod fingerprint;
mod session;

use std::collections::BTreeMap;

use crate::data::{Cid, Envelope, ExecutedState, InterpreterData, Parts, SignatureEntry, Sizes, Stores};
use crate::errors::{ExecutionError, PreparationError};
use crate::exec::{self, Caches, HostOutput, RunEnd, State, Suspended};
use crate::keys::KeyPair;
use crate::program::Program;
use crate::recorder::Recorder;
use crate::script::ParsedScript;
use crate::signatures::{self, Signed};
use crate::trace::TraceHandler;
use crate::{DATA_VERSION, INTERPRETER_VERSION, MINIMUM_VERSION};

use crate::host::{CallServiceResult, Outcome, RunParameters};

pub use fingerprint::Fingerprint;
pub use session::Session;

pub use encoding::{decode_call_requests, decode_call_results, encode_call_requests, encode_call_results};

/// Runs a script once on one peer. Whatever is wrong is in the outcome.
///
/// - `prev` is what this peer has kept of the particle: [`Outcome::data`] of its last invocation, zero bytes if there
///   was none. It is trusted.
/// - `current` is the data that has come with the particle from another peer; zero bytes if the particle starts here, or
///   if only answers have come in. Identifiers and signatures in it are checked.
/// - `call_results` are the host's answers to earlier requests, encoded by [`encode_call_results`]. No answers are an
///   encoded empty map: zero bytes are an error (5).
///
/// The host keeps [`Outcome::data`] whatever the code, asks its services what [`Outcome::call_requests`] says, invokes
/// again with the answers, and sends the data to [`Outcome::next_peer_pks`].
///
/// ```
/// use std::collections::BTreeMap;
///
/// use air_interpreter::keys::{ED25519, KeyPair, secret_of_name};
/// use air_interpreter::{CallServiceResult, RunParameters, ParsedScript, encode_call_results, invoke};
///
/// let secret = secret_of_name("alice");
/// let peer = KeyPair::from_secret(ED25519, &secret).unwrap().public().peer_id();
/// let params = RunParameters {
///     init_peer_id: peer.clone(),
///     current_peer_id: peer.clone(),
///     secret_key: secret.to_vec(),
///     particle_id: "1".to_owned(),
///     ..RunParameters::default()
/// };
/// let script = ParsedScript::new(r#"(call %init_peer_id% ("shop" "price") ["tea"] price)"#);
///
/// // The particle starts here: no data, no answers.
/// let first = invoke(&script, &[], &[], &params, &encode_call_results(&BTreeMap::new()));
/// let requests = first.call_requests.unwrap();
/// assert_eq!(requests[&1].service_id, "shop");
/// assert_eq!(requests[&1].arguments[0].as_str(), Some("tea"));
///
/// // The service has answered; the data of the first invocation is previous data now.
/// let answer = CallServiceResult { ret_code: 0, result: "3.5".to_owned() };
/// let answers = encode_call_results(&BTreeMap::from([("1".to_owned(), answer)]));
/// let second = invoke(&script, &first.data, &[], &params, &answers);
/// assert_eq!(second.ret_code, 0);
/// let trace = air_interpreter::display::read_data(&second.data).unwrap().lines;
/// assert_eq!(trace, [format!("0: call 3.5 <{peer}:shop:price>")]);
/// ```
pub fn invoke(
    script: &ParsedScript,
    prev: &[u8],
    current: &[u8],
    params: &RunParameters,
    call_results: &[u8],
) -> Outcome {
    invoke_watched(script, prev, current, params, call_results, None)
}

/// [`invoke`] with an observer, which hears of every instruction, value, state, request and error.
pub fn invoke_watched(
    script: &ParsedScript,
    prev: &[u8],
    current: &[u8],
    params: &RunParameters,
    call_results: &[u8],
    recorder: Option<&mut dyn Recorder>,
) -> Outcome {
    let mut limits = ExceededLimits::default();
    let result = try_invoke(script, prev, current, params, call_results, recorder, &mut limits);
    finish(result, limits, || prev.to_vec())
}

/// Puts flags into an outcome, or makes one of an error.
fn finish(
    result: Result<Outcome, PreparationError>,
    limits: ExceededLimits,
    prev: impl FnOnce() -> Vec<u8>,
) -> Outcome {
    // Flags of script and data do not come with the error that they cause: AquaVM loses what it has noted so far when
    // it gives the error back.
    let early = matches!(result, Err(PreparationError::ScriptSize(..) | PreparationError::DataSize(..)));
    let limits = if early { ExceededLimits::default() } else { limits };
    let outcome = result.unwrap_or_else(|error| Outcome {
        ret_code: error.code(),
        error_message: error.to_string(),
        data: prev(),
        call_requests: Some(BTreeMap::new()),
        ..Outcome::default()
    });
    Outcome {
        air_size_limit_exceeded: limits.air,
        particle_size_limit_exceeded: limits.particle,
        call_result_size_limit_exceeded: limits.call_result,
        ..outcome
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct ExceededLimits {
    air: bool,
    particle: bool,
    call_result: bool,
}

impl ExceededLimits {
    fn check_inputs(
        &mut self,
        script: &ParsedScript,
        current: &[u8],
        params: &RunParameters,
    ) -> Result<(), PreparationError> {
        let (size, limit) = (script.size() as u64, params.air_size_limit);
        self.air = size > limit;
        if self.air && params.hard_limit_enabled {
            return Err(PreparationError::ScriptSize(size, limit));
        }
        let (size, limit) = (current.len() as u64, params.particle_size_limit);
        self.particle = size > limit;
        if self.particle && params.hard_limit_enabled {
            return Err(PreparationError::DataSize(size, limit));
        }
        Ok(())
    }

    fn check_results(
        &mut self,
        results: &BTreeMap<String, CallServiceResult>,
        params: &RunParameters,
    ) -> Result<(), PreparationError> {
        let limit = params.call_result_size_limit;
        self.call_result = results.values().any(|result| result.result.len() as u64 > limit);
        if self.call_result && params.hard_limit_enabled {
            return Err(PreparationError::ResultSize(limit));
        }
        Ok(())
    }
}

/// Previous data as it came, nothing else.
fn unchanged(prev: &[u8]) -> Outcome {
    Outcome { data: prev.to_vec(), call_requests: Some(BTreeMap::new()), ..Outcome::default() }
}

fn try_invoke(
    script: &ParsedScript,
    prev_bytes: &[u8],
    current_bytes: &[u8],
    params: &RunParameters,
    call_results: &[u8],
    recorder: Option<&mut dyn Recorder>,
    limits: &mut ExceededLimits,
) -> Result<Outcome, PreparationError> {
    limits.check_inputs(script, current_bytes, params)?;
    let prev_envelope = decode_envelope(prev_bytes)?;
    let current_envelope = decode_envelope(current_bytes)?;
    if let Some(envelope) = &current_envelope
        && envelope.interpreter_version < version(MINIMUM_VERSION)
    {
        return Err(PreparationError::Version(envelope.interpreter_version.clone()));
    }
    let seed = seed(&params.secret_key);
    let prev = PeerState::of(decode_inner(prev_envelope)?, seed);
    let current = PeerState::of(decode_inner(current_envelope)?, seed);
    let signatures = verify(&prev, &current, &params.particle_id)?;
    let program = script.program().map_err(|report| PreparationError::Script(report.to_owned()))?;
    let call_results = decode_call_results(call_results).map_err(PreparationError::CallResults)?;
    limits.check_results(&call_results, params)?;
    let key = KeyPair::from_secret(params.key_format, &params.secret_key).map_err(PreparationError::Key)?;
    let (outcome, result, _) =
        execute(program, prev, current, signatures, params, call_results, Caches::default(), recorder);
    match result {
        RunResult::NewState(mut state) => {
            state.sign(&key, &params.particle_id);
            state.encode().map(|data| Outcome { data, ..outcome }).or_else(|error| {
                Ok(Outcome { ret_code: 20002, error_message: too_large(&error), ..unchanged(prev_bytes) })
            })
        }
        RunResult::OldState(_) => Ok(Outcome { data: prev_bytes.to_vec(), ..outcome }),
        // Only sessions suspend machines.
        RunResult::NoState | RunResult::Suspension(..) => Ok(outcome),
    }
}

fn too_large(error: &str) -> String {
    format!("trying to cast integer types, there is an error {error}")
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
        Some(envelope) => InterpreterData::decode(&envelope.inner_data)
            .map_err(|error| PreparationError::Data(error.to_string())),
    }
}

/// Checks current data and merges the signatures of both. Previous data is the peer's own and not checked, as in
/// AquaVM.
fn verify(
    prev: &PeerState,
    current: &PeerState,
    salt: &str,
) -> Result<Vec<SignatureEntry>, PreparationError> {
    signatures::verify_stores(&current.stores).map_err(PreparationError::Stores)?;
    signatures::verify_and_merge(prev.signed(), current.signed(), salt).map_err(PreparationError::Signatures)
}

/// A peer's data while it is not bytes.
#[derive(Debug, Clone)]
struct PeerState {
    trace: Vec<ExecutedState>,
    stores: Stores,
    signatures: Vec<SignatureEntry>,
    last_call_request_id: u32,
    /// What the current peer has produced and not signed yet.
    unsigned: Option<Vec<Cid>>,
}

impl PeerState {
    fn of(data: InterpreterData, seed: u64) -> Self {
        PeerState {
            trace: data.trace,
            stores: Stores::of(data.cid_info, seed),
            signatures: data.signatures,
            last_call_request_id: data.last_call_request_id,
            unsigned: None,
        }
    }

    /// Signs what is not signed yet.
    fn sign(&mut self, key: &KeyPair, salt: &str) {
        if let Some(mut cids) = self.unsigned.take() {
            sign(&mut cids, &mut self.signatures, key, salt);
        }
    }

    fn signed(&self) -> Signed<'_> {
        Signed { trace: &self.trace, stores: &self.stores, signatures: &self.signatures }
    }

    fn encode(&self) -> Result<Vec<u8>, String> {
        encode(&self.trace, &self.stores, &self.signatures, self.last_call_request_id)
    }
}

/// Puts the signature of what a peer has produced among those of others.
fn sign(cids: &mut [Cid], signatures: &mut Vec<SignatureEntry>, key: &KeyPair, salt: &str) {
    let own = signatures::sign(key, cids, salt);
    match signatures.iter_mut().find(|entry| entry.public_key == own.public_key) {
        Some(entry) => *entry = own,
        None => signatures.push(own),
    }
}

/// Data as bytes.
fn encode(
    trace: &[ExecutedState],
    stores: &Stores,
    signatures: &[SignatureEntry],
    last_call_request_id: u32,
) -> Result<Vec<u8>, String> {
    let inner = Parts {
        trace,
        last_call_request_id,
        values: stores.values.entries(),
        tetraplets: stores.tetraplets.entries(),
        canon_elements: stores.canon_elements.entries(),
        canon_results: stores.canon_results.entries(),
        service_results: stores.service_results.entries(),
        signatures,
    }
    .write()?;
    let envelope = Envelope {
        version: version(DATA_VERSION),
        interpreter_version: version(INTERPRETER_VERSION),
        inner_data: (&inner[..]).into(),
    };
    Ok(envelope.encode())
}

/// What a run leaves of the peer's data.
enum RunResult {
    /// New data.
    NewState(PeerState),
    /// New data inside of the machine, at the call that waits; the signatures that go along.
    Suspension(Box<Suspended>, Vec<SignatureEntry>),
    /// After an uncatchable error: previous data as it was.
    OldState(PeerState),
    /// After an error at the very end: no data, as in AquaVM.
    NoState,
}

/// What is needed to have previous data again.
struct Rollback {
    sizes: Sizes,
    signatures: Vec<SignatureEntry>,
    last_call_request_id: u32,
    unsigned: UnsignedCids,
}

enum UnsignedCids {
    /// This list; `None` if all is signed.
    List(Option<Vec<Cid>>),
    /// That many from the beginning of what the machine has produced.
    Prefix(usize),
}

/// Runs and compactifies. The outcome is without data, the data not signed.
#[allow(clippy::too_many_arguments, reason = "these are the inputs of an invocation")]
fn execute(
    program: &Program,
    prev: PeerState,
    current: PeerState,
    signatures: Vec<SignatureEntry>,
    params: &RunParameters,
    call_results: BTreeMap<String, CallServiceResult>,
    caches: Caches,
    recorder: Option<&mut dyn Recorder>,
) -> (Outcome, RunResult, Caches) {
    let PeerState { trace, mut stores, signatures: prev_signatures, last_call_request_id, unsigned } = prev;
    let unsigned = UnsignedCids::List(unsigned);
    let rollback =
        Rollback { sizes: stores.sizes(), signatures: prev_signatures, last_call_request_id, unsigned };
    stores.merge(current.stores);
    let trace = TraceHandler::new(trace, current.trace);
    let run = exec::run(program, params, trace, stores, last_call_request_id, call_results, caches, recorder);
    conclude(run, rollback, signatures)
}

/// What comes out of a run.
fn conclude(
    (output, end): (HostOutput, RunEnd),
    rollback: Rollback,
    signatures: Vec<SignatureEntry>,
) -> (Outcome, RunResult, Caches) {
    let (state, ended) = match end {
        RunEnd::Script(state, ended) => (state, ended),
        RunEnd::Call(suspended) => {
            let (ret_code, error_message) = unprocessed(&output.unused_results);
            let outcome = outcome_of(output, ret_code, error_message);
            return (outcome, RunResult::Suspension(suspended, signatures), Caches::default());
        }
    };
    let State { mut trace, mut stores, streams, last_request_id, mut produced, mut caches, .. } = *state;
    caches.forget_inexact(&mut stores);
    let (ret_code, error_message) = match ended {
        Err(error) if matches!(*error, ExecutionError::Uncatchable(_)) => {
            stores.truncate(rollback.sizes);
            let unsigned = match rollback.unsigned {
                UnsignedCids::List(cids) => cids,
                UnsignedCids::Prefix(count) => {
                    produced.truncate(count);
                    Some(produced)
                }
            };
            let old = PeerState {
                trace: trace.into_previous(),
                stores,
                signatures: rollback.signatures,
                last_call_request_id: rollback.last_call_request_id,
                unsigned,
            };
            let outcome =
                Outcome { ret_code: error.code(), error_message: error.to_string(), ..unchanged(&[]) };
            return (outcome, RunResult::OldState(old), caches);
        }
        Err(error) => (error.code(), error.to_string()),
        Ok(()) => unprocessed(&output.unused_results),
    };
    if let Err(error) = streams.finish(&mut trace) {
        let outcome =
            Outcome { ret_code: error.code(), error_message: error.to_string(), ..Outcome::default() };
        return (outcome, RunResult::NoState, caches);
    }
    let new = PeerState {
        trace: trace.into_result(),
        stores,
        signatures,
        last_call_request_id: last_request_id,
        unsigned: Some(produced),
    };
    (outcome_of(output, ret_code, error_message), RunResult::NewState(new), caches)
}

fn outcome_of(output: HostOutput, ret_code: i64, error_message: String) -> Outcome {
    Outcome {
        ret_code,
        error_message,
        next_peer_pks: output.next_peers.iter().map(|peer| peer.to_string()).collect(),
        call_requests: Some(output.requests),
        ..Outcome::default()
    }
}

/// Code and message of a run that has gone well, by the results that no call took.
fn unprocessed(results: &BTreeMap<String, CallServiceResult>) -> (i64, String) {
    if results.is_empty() {
        return (0, String::new());
    }
    let message = format!(
        "after finishing execution of supplied AIR, there are some unprocessed call results: `{results:?}`, probably a \
         wrong call_id used"
    );
    (30000, message)
}

/// What other peers do not know and cannot choose identifiers against.
fn seed(secret_key: &[u8]) -> u64 {
    let hash = blake3::hash(secret_key);
    hash.as_bytes().iter().take(8).fold(0, |seed, &byte| (seed << 8) | u64::from(byte))
}

/// Versions are constants of this crate.
pub(crate) fn version(version: crate::Version) -> semver::Version {
    semver::Version::new(version.0, version.1, version.2)
}
