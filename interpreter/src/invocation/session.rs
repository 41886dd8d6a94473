//! The invocations of one peer for one particle, without bytes in between.

use std::collections::BTreeMap;

use super::{
    CallServiceResult, Kept, Limits, Lost, Outcome, RunParameters, decode_envelope, decode_inner, execute,
    finish, seed, verify,
};
use crate::MINIMUM_VERSION;
use crate::data::InterpreterData;
use crate::errors::PreparationError;
use crate::exec::Caches;
use crate::keys::KeyPair;
use crate::recorder::Recorder;
use crate::script::Script;
use crate::signatures;

/// One peer with what it keeps of one particle.
///
/// Each step is what [`super::invoke`] does with the data of the step before it as previous data,
/// only that this data is neither written nor signed nor read in between. [`Session::data`] gives it
/// when it has to travel.
#[derive(Debug)]
pub struct Session<'s> {
    script: &'s Script,
    params: RunParameters,
    key: KeyPair,
    seed: u64,
    kept: Kept,
    /// The kept data as bytes, as long as it is the one that came from outside.
    bytes: Option<Vec<u8>>,
    caches: Caches,
    /// Whether signatures of others are checked and kept.
    checks: bool,
}

impl<'s> Session<'s> {
    /// A peer that has not seen the particle yet.
    ///
    /// # Errors
    /// If the script is not accepted or the key is none: every step would end with this error.
    pub fn new(script: &'s Script, params: RunParameters) -> Result<Self, PreparationError> {
        script.program().map_err(|report| PreparationError::Script(report.to_owned()))?;
        let key =
            KeyPair::from_secret(params.key_format, &params.secret_key).map_err(PreparationError::Key)?;
        let seed = seed(&params.secret_key);
        let kept = Kept::of(InterpreterData::default(), seed);
        Ok(Session {
            script,
            params,
            key,
            seed,
            kept,
            bytes: Some(Vec::new()),
            caches: Caches::kept(),
            checks: true,
        })
    }

    /// Takes the signatures of other peers for granted, and does not pass them on: for simulations in
    /// which some peers' ids are no keys, so that nobody could check them.
    #[must_use]
    pub fn trusting(self) -> Self {
        Session { checks: false, ..self }
    }

    /// One invocation. The outcome is without data.
    pub fn step(&mut self, current: &[u8], call_results: BTreeMap<String, CallServiceResult>) -> Outcome {
        self.watched_step(current, call_results, None)
    }

    /// One invocation that somebody watches.
    pub fn watched_step(
        &mut self,
        current: &[u8],
        call_results: BTreeMap<String, CallServiceResult>,
        recorder: Option<&mut dyn Recorder>,
    ) -> Outcome {
        let mut limits = Limits::default();
        let result = self.try_step(current, call_results, recorder, &mut limits);
        finish(result, limits, Vec::new)
    }

    fn try_step(
        &mut self,
        current: &[u8],
        call_results: BTreeMap<String, CallServiceResult>,
        recorder: Option<&mut dyn Recorder>,
        limits: &mut Limits,
    ) -> Result<Outcome, PreparationError> {
        limits.check_inputs(self.script, current, &self.params)?;
        let envelope = decode_envelope(current)?;
        if let Some(envelope) = &envelope
            && envelope.interpreter_version < super::version(MINIMUM_VERSION)
        {
            return Err(PreparationError::Version(envelope.interpreter_version.clone()));
        }
        let (current, signatures) = if current.is_empty() {
            // Own data, checked when it came in: there is nothing to compare it with.
            (Kept::of(InterpreterData::default(), self.seed), self.kept.signatures.clone())
        } else {
            let current = Kept::of(decode_inner(envelope)?, self.seed);
            self.kept.sign(&self.key, &self.params.particle_id);
            let signatures = if self.checks {
                verify(&self.kept, &current, &self.params.particle_id)?
            } else {
                signatures::verify_stores(&current.stores).map_err(PreparationError::Stores)?;
                self.kept.signatures.clone()
            };
            (current, signatures)
        };
        let program = self.script.program().map_err(|report| PreparationError::Script(report.to_owned()))?;
        limits.check_results(&call_results, &self.params)?;
        let kept = std::mem::replace(&mut self.kept, Kept::of(InterpreterData::default(), self.seed));
        let caches = std::mem::take(&mut self.caches);
        let (outcome, kept, caches) =
            execute(program, kept, current, signatures, &self.params, call_results, caches, recorder);
        self.caches = caches;
        match kept {
            Ok(kept) => {
                self.kept = kept;
                self.bytes = None;
            }
            Err(Lost::Restored(kept)) => self.kept = *kept,
            Err(Lost::Everything) => self.bytes = Some(Vec::new()),
        }
        Ok(outcome)
    }

    /// What the peer keeps, as bytes: what travels to other peers.
    pub fn data(&mut self) -> Vec<u8> {
        if let Some(bytes) = &self.bytes {
            return bytes.clone();
        }
        self.kept.sign(&self.key, &self.params.particle_id);
        // More than 2 GiB: nothing that any peer would take.
        self.kept.encode().unwrap_or_default()
    }
}
