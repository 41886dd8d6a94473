//! What a peer keeps of the particle between its runs.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use air_interpreter::recorder::Recorder;
use air_interpreter::{
    CallServiceResult, Fingerprint, Outcome, ParsedScript, RunParameters, Session, encode_call_results,
    invoke,
};

/// What a peer keeps, which copies of a simulation share until one of them runs the peer.
#[derive(Debug, Clone)]
pub(super) struct Kept<'s> {
    state: PeerState<'s>,
    /// Which one of all that copies have in common; 0 without copies.
    number: u64,
    /// The data, once it was asked for.
    data: Option<Rc<[u8]>>,
    fingerprint: OnceCell<Fingerprint>,
}

impl<'s> Kept<'s> {
    /// A peer that has not seen the particle yet; whether it keeps data of successful runs only.
    pub(super) fn new(
        script: &'s ParsedScript,
        parameters: RunParameters,
        trusting: bool,
        client: bool,
    ) -> Self {
        let state = PeerState::new(script, parameters, trusting, client);
        Kept { state, number: 0, data: None, fingerprint: OnceCell::new() }
    }

    /// One invocation. The outcome is without data.
    pub(super) fn run(
        &mut self,
        data: &Rc<[u8]>,
        results: BTreeMap<String, CallServiceResult>,
        recorder: &mut dyn Recorder,
    ) -> Outcome {
        (self.data, self.fingerprint) = (None, OnceCell::new());
        self.state.run(data, results, recorder)
    }

    /// The data as bytes; empty if there is none.
    pub(super) fn data(&mut self) -> Rc<[u8]> {
        let state = &mut self.state;
        Rc::clone(self.data.get_or_insert_with(|| state.data().into()))
    }

    /// The same if it was asked for before.
    pub(super) fn known_data(&self) -> Option<Rc<[u8]>> {
        self.data.clone()
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn is_number(&mut self, number: u64) {
        self.number = number;
    }

    /// What it keeps, in one number.
    pub(super) fn hash(&self) -> u64 {
        self.fingerprint().hash
    }

    /// Its calls without answers: which of them each is, in the order of the trace.
    pub(super) fn requests(&self) -> &BTreeMap<u32, u32> {
        &self.fingerprint().requests
    }

    fn fingerprint(&self) -> &Fingerprint {
        let session = self.state.session.as_ref();
        self.fingerprint.get_or_init(|| session.map(|session| session.fingerprint()).unwrap_or_default())
    }

    /// Bytes of memory, as an estimate.
    pub(super) fn bytes(&self) -> u64 {
        self.state.session.as_ref().map_or(0, |session| session.kept_bytes())
    }
}

/// A peer that has run.
#[derive(Debug, Clone)]
struct PeerState<'s> {
    script: &'s ParsedScript,
    parameters: RunParameters,
    /// Whether signatures of others are taken for granted.
    trusting: bool,
    /// `None`: the script is not accepted, so there is never anything to keep.
    session: Option<Box<Session<'s>>>,
    /// What a client needs to forget a run.
    log: Option<Log>,
}

/// What came in with one run: data of another peer, and answers.
type Input = (Rc<[u8]>, BTreeMap<String, CallServiceResult>);

/// Data, and what has come in since: a client goes back to it when a run ends with an error. A session changes its
/// state in place, and writing the data after each answer would take the square of the answers.
#[derive(Debug, Clone, Default)]
struct Log {
    data: Vec<u8>,
    inputs: Vec<Input>,
    /// Of the inputs.
    bytes: usize,
}

/// Inputs are kept up to so many bytes more than a multiple of the data.
const MAX_INPUT_BYTES: usize = 64 << 10;

impl<'s> PeerState<'s> {
    /// A peer that has not seen the particle yet; whether it keeps data of successful runs only.
    fn new(script: &'s ParsedScript, parameters: RunParameters, trusting: bool, client: bool) -> Self {
        let log = client.then(Log::default);
        let mut state = PeerState { script, parameters, trusting, session: None, log };
        state.session = state.session_with(&[]);
        state
    }

    fn session_with(&self, data: &[u8]) -> Option<Box<Session<'s>>> {
        let session = Session::with_data(self.script, self.parameters.clone(), data).ok()?;
        Some(Box::new(if self.trusting { session.trusting() } else { session }))
    }

    /// One invocation. The outcome is without data.
    pub(super) fn run(
        &mut self,
        data: &Rc<[u8]>,
        results: BTreeMap<String, CallServiceResult>,
        recorder: &mut dyn Recorder,
    ) -> Outcome {
        let Some(session) = &mut self.session else {
            return invoke(self.script, &[], data, &self.parameters, &encode_call_results(&results));
        };
        let Some(log) = &mut self.log else {
            return session.watched_step(data, results, Some(recorder));
        };
        let outcome = session.watched_step(data, results.clone(), Some(recorder));
        if outcome.ret_code != 0 {
            self.forget();
            return outcome;
        }
        log.bytes += data.len() + results.values().map(|result| result.result.len() + 64).sum::<usize>();
        log.inputs.push((Rc::clone(data), results));
        if log.bytes > MAX_INPUT_BYTES + 4 * log.data.len() {
            *log = Log { data: session.data(), ..Log::default() };
        }
        outcome
    }

    /// Back to before the last run.
    fn forget(&mut self) {
        let Some(mut log) = self.log.take() else { return };
        if let Some(mut session) = self.session_with(&log.data) {
            if !log.inputs.is_empty() {
                for (data, results) in log.inputs.drain(..) {
                    session.step(&data, results);
                }
                log = Log { data: session.data(), ..Log::default() };
            }
            self.session = Some(session);
        }
        self.log = Some(log);
    }

    /// The data as bytes; empty if there is none.
    pub(super) fn data(&mut self) -> Vec<u8> {
        self.session.as_mut().map(|session| session.data()).unwrap_or_default()
    }
}
