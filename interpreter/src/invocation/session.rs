//! The invocations of one peer for one particle, without bytes in between.

use std::collections::BTreeMap;

use super::fingerprint::{Fingerprint, fingerprint};
use super::{
    ExceededLimits, PeerState, Rollback, RunResult, UnsignedCids, conclude, decode_envelope, decode_inner,
    encode, execute, finish, seed, sign, unchanged, unprocessed, verify,
};
use crate::MINIMUM_VERSION;
use crate::data::{InterpreterData, SignatureEntry};
use crate::errors::PreparationError;
use crate::exec::{self, AnswerTarget, Caches, State, Suspended};
use crate::host::{CallServiceResult, Outcome, RunParameters};
use crate::keys::KeyPair;
use crate::program::Program;
use crate::recorder::Recorder;
use crate::script::ParsedScript;
use crate::signatures;

/// One peer with what it keeps of one particle.
///
/// Each step is what [`super::invoke`] does with the data of the step before it as previous data, to the
/// last state and identifier, only that this data is neither written nor signed nor read in between.
/// [`Session::data`] gives it when it has to travel.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use air_interpreter::{CallServiceResult, RunParameters, ParsedScript, Session};
///
/// let script = ParsedScript::new(r#"(seq (call "me" ("s" "f") [] x) (call "you" ("s" "g") [x]))"#);
/// let params = RunParameters {
///     current_peer_id: "me".to_owned(),
///     secret_key: vec![7; 32],
///     ..RunParameters::default()
/// };
/// let mut session = Session::new(&script, params).unwrap();
/// let first = session.step(&[], BTreeMap::new());
/// assert!(first.call_requests.unwrap().contains_key(&1));
/// let answer = CallServiceResult { ret_code: 0, result: "5".to_owned() };
/// let second = session.step(&[], BTreeMap::from([("1".to_owned(), answer)]));
/// assert_eq!(second.next_peer_pks, ["you"]);
/// let travels = session.data();
/// assert!(!travels.is_empty());
/// ```
///
/// # What a step costs
///
/// A step that brings nothing but the answer to the call that waits *last* goes on at that call: it costs what
/// newly runs, however long the script has run before. So does a step that brings nothing for any call. All others walk
/// the whole script, as an invocation does: those with data from other peers; those with answers for calls before the
/// last one that waits; those after a step in which something would run after that call (a `par` that has its
/// right branch still before it, a `seq` after a `par` of which the left branch is complete, a fold over a stream),
/// or in which something happened that the next invocation would see in another way. `exec/suspend.rs` has
/// the list and says why the rest is equal.
#[derive(Debug)]
pub struct Session<'s> {
    script: &'s ParsedScript,
    params: RunParameters,
    key: KeyPair,
    seed: u64,
    state: SessionState,
    /// The kept data as bytes, as long as it is the one that came from outside.
    bytes: Option<Vec<u8>>,
    caches: Caches,
    /// Whether signatures of others are checked and kept.
    checks: bool,
}

/// The data between two steps.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "one of it in each session")]
enum SessionState {
    /// The data lies here.
    Data(PeerState),
    /// The machine has the data, without signatures; whether these are up to date.
    Machine { suspended: Box<Suspended>, signatures: Vec<SignatureEntry>, signed: bool },
}

impl<'s> Session<'s> {
    /// A peer that has not seen the particle yet.
    ///
    /// # Errors
    /// If the script is not accepted or the key is not an Ed25519 key of 32 bytes: every step would end with this error.
    pub fn new(script: &'s ParsedScript, params: RunParameters) -> Result<Self, PreparationError> {
        program(script)?;
        let key =
            KeyPair::from_secret(params.key_format, &params.secret_key).map_err(PreparationError::Key)?;
        let seed = seed(&params.secret_key);
        let state = SessionState::Data(PeerState::of(InterpreterData::default(), seed));
        Ok(Session {
            script,
            params,
            key,
            seed,
            state,
            bytes: Some(Vec::new()),
            caches: Caches::reusable(),
            checks: true,
        })
    }

    /// A peer that has kept this data of its own; none if it is empty.
    ///
    /// # Errors
    /// As [`Session::new`], or if the data cannot be read.
    pub fn with_data(
        script: &'s ParsedScript,
        params: RunParameters,
        data: &[u8],
    ) -> Result<Self, PreparationError> {
        let mut session = Session::new(script, params)?;
        if !data.is_empty() {
            let kept = decode_inner(decode_envelope(data)?)?;
            session.state = SessionState::Data(PeerState::of(kept, session.seed));
            session.bytes = Some(data.to_vec());
        }
        Ok(session)
    }

    /// Takes the signatures of other peers for granted, and does not pass them on: for simulations in
    /// which some peers' ids are not keys, so that no peer could check them.
    #[must_use]
    pub fn trusting(self) -> Self {
        Session { checks: false, ..self }
    }

    /// One invocation: `current` is data from another peer, zero bytes if there is none; `call_results` are the host's
    /// answers by the numbers of their requests as decimal text, not encoded. [`Outcome::data`] stays empty.
    pub fn step(&mut self, current: &[u8], call_results: BTreeMap<String, CallServiceResult>) -> Outcome {
        self.watched_step(current, call_results, None)
    }

    /// One invocation that a recorder observes.
    pub fn watched_step(
        &mut self,
        current: &[u8],
        call_results: BTreeMap<String, CallServiceResult>,
        recorder: Option<&mut dyn Recorder>,
    ) -> Outcome {
        let mut limits = ExceededLimits::default();
        let result = self.try_step(current, call_results, recorder, &mut limits);
        finish(result, limits, Vec::new)
    }

    fn try_step(
        &mut self,
        current: &[u8],
        call_results: BTreeMap<String, CallServiceResult>,
        recorder: Option<&mut dyn Recorder>,
        limits: &mut ExceededLimits,
    ) -> Result<Outcome, PreparationError> {
        limits.check_inputs(self.script, current, &self.params)?;
        let envelope = decode_envelope(current)?;
        if let Some(envelope) = &envelope
            && envelope.interpreter_version < super::version(MINIMUM_VERSION)
        {
            return Err(PreparationError::Version(envelope.interpreter_version.clone()));
        }
        if current.is_empty() && matches!(self.state, SessionState::Machine { .. }) {
            limits.check_results(&call_results, &self.params)?;
            return self.answer(call_results, recorder);
        }
        let incoming = if current.is_empty() { None } else { Some(decode_inner(envelope)?) };
        let mut kept = self.take_data();
        let verified = match incoming {
            // Own data, checked when it came in: there is nothing to compare it with.
            None => Ok((PeerState::of(InterpreterData::default(), self.seed), kept.signatures.clone())),
            Some(data) => {
                let current = PeerState::of(data, self.seed);
                kept.sign(&self.key, &self.params.particle_id);
                let signatures = match self.checks {
                    true => verify(&kept, &current, &self.params.particle_id),
                    false => signatures::verify_stores(&current.stores)
                        .map_err(PreparationError::Stores)
                        .map(|()| kept.signatures.clone()),
                };
                signatures.map(|signatures| (current, signatures))
            }
        };
        let checked = verified.and_then(|verified| {
            limits.check_results(&call_results, &self.params)?;
            Ok((verified, program(self.script)?))
        });
        let ((current, signatures), program) = match checked {
            Ok(checked) => checked,
            Err(error) => {
                self.state = SessionState::Data(kept);
                return Err(error);
            }
        };
        let caches = std::mem::take(&mut self.caches);
        let (outcome, result, caches) =
            execute(program, kept, current, signatures, &self.params, call_results, caches, recorder);
        self.hold(result, caches);
        Ok(outcome)
    }

    /// A step that brings nothing but answers, after one that stopped at a call.
    fn answer(
        &mut self,
        call_results: BTreeMap<String, CallServiceResult>,
        recorder: Option<&mut dyn Recorder>,
    ) -> Result<Outcome, PreparationError> {
        let program = program(self.script)?;
        let answers = match &self.state {
            SessionState::Machine { suspended, .. } => suspended.target(&call_results),
            SessionState::Data(_) => AnswerTarget::EarlierCall,
        };
        if answers == AnswerTarget::None {
            if let Some(recorder) = recorder {
                recorder.begins(true);
            }
            let (ret_code, error_message) = unprocessed(&call_results);
            return Ok(Outcome { ret_code, error_message, ..unchanged(&[]) });
        }
        let seed = self.seed;
        let empty = || PeerState::of(InterpreterData::default(), seed);
        let (outcome, result, caches) = match std::mem::replace(&mut self.state, SessionState::Data(empty()))
        {
            SessionState::Machine { suspended, signatures, .. } if answers == AnswerTarget::SuspendedCall => {
                let (sizes, produced, last_call_request_id) = suspended.marks();
                let unsigned = UnsignedCids::Prefix(produced);
                let rollback =
                    Rollback { sizes, signatures: signatures.clone(), last_call_request_id, unsigned };
                let run = exec::resume(*suspended, program, &self.params, call_results, recorder);
                conclude(run, rollback, signatures)
            }
            state => {
                self.state = state;
                let kept = self.take_data();
                let caches = std::mem::take(&mut self.caches);
                let signatures = kept.signatures.clone();
                execute(program, kept, empty(), signatures, &self.params, call_results, caches, recorder)
            }
        };
        self.hold(result, caches);
        Ok(outcome)
    }

    /// The data that is kept, out of the machine if it is there.
    fn take_data(&mut self) -> PeerState {
        let empty = SessionState::Data(PeerState::of(InterpreterData::default(), self.seed));
        match std::mem::replace(&mut self.state, empty) {
            SessionState::Data(kept) => kept,
            SessionState::Machine { suspended, signatures, signed } => {
                let State { trace, stores, last_request_id, produced, caches, .. } = suspended.into_state();
                self.caches = caches;
                PeerState {
                    trace: trace.into_result(),
                    stores,
                    signatures,
                    last_call_request_id: last_request_id,
                    unsigned: (!signed).then_some(produced),
                }
            }
        }
    }

    /// Keeps what a run has left.
    fn hold(&mut self, result: RunResult, caches: Caches) {
        self.caches = caches;
        match result {
            RunResult::NewState(kept) => {
                self.state = SessionState::Data(kept);
                self.bytes = None;
            }
            RunResult::Suspension(suspended, signatures) => {
                self.state = SessionState::Machine { suspended, signatures, signed: false };
                self.bytes = None;
            }
            RunResult::OldState(kept) => self.state = SessionState::Data(kept),
            RunResult::NoState => {
                self.state = SessionState::Data(PeerState::of(InterpreterData::default(), self.seed));
                self.bytes = Some(Vec::new());
            }
        }
    }

    /// Bytes of memory that what the peer keeps takes, as an estimate.
    pub fn kept_bytes(&self) -> u64 {
        let (trace, stores) = match &self.state {
            SessionState::Data(kept) => (&kept.trace[..], &kept.stores),
            SessionState::Machine { suspended, .. } => {
                let (trace, stores, _) = suspended.parts();
                (trace, stores)
            }
        };
        const STATE_BYTES: u64 = 64;
        trace.len() as u64 * STATE_BYTES + stores.bytes()
    }

    /// What the peer keeps, in one number.
    pub fn fingerprint(&self) -> Fingerprint {
        let trace = match &self.state {
            SessionState::Data(kept) => &kept.trace,
            SessionState::Machine { suspended, .. } => suspended.parts().0,
        };
        fingerprint(trace, &self.params.current_peer_id)
    }

    /// What the peer keeps, as bytes: what travels to other peers.
    pub fn data(&mut self) -> Vec<u8> {
        if let Some(bytes) = &self.bytes {
            return bytes.clone();
        }
        let salt = &self.params.particle_id;
        let encoded = match &mut self.state {
            SessionState::Data(kept) => {
                kept.sign(&self.key, salt);
                kept.encode()
            }
            SessionState::Machine { suspended, signatures, signed } => {
                if !*signed {
                    sign(suspended.produced(), signatures, &self.key, salt);
                    *signed = true;
                }
                let (trace, stores, last_call_request_id) = suspended.parts();
                encode(trace, stores, signatures, last_call_request_id)
            }
        };
        // More than 2 GiB: nothing that any peer would take.
        encoded.unwrap_or_default()
    }
}

/// A peer that goes on by itself from here. A step of it costs what an invocation costs, even if the next step of the
/// original goes on where the last one stopped.
impl Clone for Session<'_> {
    fn clone(&self) -> Self {
        let kept = match &self.state {
            SessionState::Data(kept) => kept.clone(),
            SessionState::Machine { suspended, signatures, signed } => {
                let (trace, stores, last_call_request_id) = suspended.parts();
                PeerState {
                    trace: trace.to_vec(),
                    stores: stores.clone(),
                    signatures: signatures.clone(),
                    last_call_request_id,
                    unsigned: (!signed).then(|| suspended.unsigned().to_vec()),
                }
            }
        };
        Session {
            script: self.script,
            params: self.params.clone(),
            key: self.key.clone(),
            seed: self.seed,
            state: SessionState::Data(kept),
            bytes: self.bytes.clone(),
            caches: Caches::reusable(),
            checks: self.checks,
        }
    }
}

fn program(script: &ParsedScript) -> Result<&Program, PreparationError> {
    script.program().map_err(|report| PreparationError::Script(report.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recorder::Place;

    /// Counts instructions that are entered.
    #[derive(Default)]
    struct Entered(usize);

    impl Recorder for Entered {
        fn entered(&mut self, _: Place<'_>) {
            self.0 += 1;
        }
    }

    /// Answers everything at once until nothing is asked any more: steps, and how many instructions the
    /// longest of them after the first has entered.
    fn drive(text: &str) -> (usize, usize) {
        let script = ParsedScript::new(text);
        let secret_key = vec![1; 32];
        let params =
            RunParameters { current_peer_id: "a".to_owned(), secret_key, ..RunParameters::default() };
        let mut session = Session::new(&script, params).unwrap();
        let mut outcome = session.step(&[], BTreeMap::new());
        let (mut steps, mut longest) = (1, 0);
        while let Some(requests) = outcome.call_requests.filter(|requests| !requests.is_empty()) {
            let answer = || CallServiceResult { ret_code: 0, result: "[1,2,3]".to_owned() };
            let answers = requests.keys().map(|id| (id.to_string(), answer())).collect();
            let mut entered = Entered::default();
            outcome = session.watched_step(&[], answers, Some(&mut entered));
            assert_eq!((outcome.ret_code, &*outcome.error_message), (0, ""));
            steps += 1;
            longest = longest.max(entered.0);
        }
        (steps, longest)
    }

    const CALLS: usize = 300;

    #[test]
    fn a_step_walks_what_newly_runs() {
        let call = |at: usize| format!(r#"(call "a" ("s" "f") [{at}] v{at})"#);
        // To the right the instructions around a call grow, so only these are entered again.
        let right = (1..CALLS).rev().fold(call(0), |inner, at| format!("(seq {} {inner})", call(at)));
        let (steps, longest) = drive(&right);
        assert_eq!(steps, CALLS + 1);
        assert_eq!(longest, CALLS + 1);
        // To the left they become fewer.
        let left = (1..CALLS).fold(call(0), |inner, at| format!("(seq {inner} {})", call(at)));
        assert!(drive(&left).1 <= CALLS + 1);
        // Around each of these stand as many as before, and what runs between two calls.
        let body = format!(r#"(new $s (xor (seq (ap 1 $s) {}) (null)))"#, call(0));
        let steps = (0..CALLS).map(|_| body.replace("v0", "")).collect::<Vec<_>>();
        let halves = |steps: &[String]| {
            let mut steps = steps.to_vec();
            while steps.len() > 1 {
                steps = steps
                    .chunks(2)
                    .map(|pair| match pair {
                        [left, right] => format!("(seq {left} {right})"),
                        other => other.concat(),
                    })
                    .collect();
            }
            steps.concat()
        };
        assert!(drive(&halves(&steps)).1 < 40);
        // A `par` whose left branch waits for ever, before the calls.
        let hopped = format!(r#"(seq (par (call "b" ("s" "f") [] x) (null)) {})"#, halves(&steps));
        assert!(drive(&hopped).1 < 40);
    }

    #[test]
    fn a_copy_does_what_the_original_does() {
        let script = ParsedScript::new(
            r#"(seq (par (call "a" ("s" "f") [] $s) (call "a" ("s" "g") [] $s)) (seq (canon "a" $s #c) (call "a" ("s" "h") [#c] x)))"#,
        );
        let params = RunParameters {
            current_peer_id: "a".to_owned(),
            secret_key: vec![1; 32],
            ..RunParameters::default()
        };
        let mut session = Session::new(&script, params).unwrap();
        session.step(&[], BTreeMap::new());
        let answer = |id: u32| {
            BTreeMap::from([(id.to_string(), CallServiceResult { ret_code: 0, result: id.to_string() })])
        };
        let asked = |outcome: &Outcome| format!("{:?}", outcome.call_requests);
        let mut copy = session.clone();
        assert_eq!(copy.fingerprint(), session.fingerprint());
        // Each its own way, and the original is not touched by what its copy does.
        let (first, second) = (copy.step(&[], answer(2)), session.step(&[], answer(1)));
        assert_ne!(asked(&first), asked(&second));
        assert_ne!(copy.fingerprint().hash, session.fingerprint().hash);
        // From a machine that stands at its last call.
        let mut copy = session.clone();
        let (first, second) = (copy.step(&[], answer(3)), session.step(&[], answer(3)));
        assert_eq!((first, copy.data()), (second, session.data()));
    }

    #[test]
    fn folds_go_on_in_the_iteration_that_waits() {
        let (steps, longest) = drive(
            r#"(seq (call "a" ("s" "f") [] l)
                (fold l i (seq (seq (call "a" ("s" "f") [i] x) (call "a" ("s" "f") [x] y)) (next i))))"#,
        );
        assert_eq!((steps, longest), (8, 11));
    }
}
