//! A runner with a store: one step of a particle on a peer.

use std::fmt;

use crate::anomaly::AnomalyData;
use crate::invocation::{Answer, Invocation, Invoke, RunError};
use crate::store::{DataKey, DataStore};

use air_interpreter::Outcome;

/// Why there is no outcome, or why its data is not kept.
#[derive(Debug)]
pub enum AvmError<E> {
    /// The store, reading what was kept: nothing has run.
    Read(E),
    /// The interpreter: what was kept is still there.
    Run(RunError),
    /// The store, keeping new data: the old one is still there, so the outcome must not be acted on.
    Store(E),
}

impl<E: fmt::Display> fmt::Display for AvmError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AvmError::Read(error) => write!(f, "kept data cannot be read: {error}"),
            AvmError::Run(error) => error.fmt(f),
            AvmError::Store(error) => write!(f, "data cannot be kept: {error}"),
        }
    }
}

impl<E: std::error::Error> std::error::Error for AvmError<E> {}

/// Runs invocations and keeps their data.
#[derive(Debug)]
pub struct Avm<R, S> {
    runner: R,
    store: S,
    /// Anomalies that could not be written; the invocation counts all the same.
    lost_anomalies: u64,
}

impl<R: Invoke, S: DataStore> Avm<R, S> {
    /// With a store that is initialized.
    pub fn new(runner: R, store: S) -> Self {
        Avm { runner, store, lost_anomalies: 0 }
    }

    /// One step: reads what the peer has kept of the particle, invokes, and keeps the new data, whatever the code. An
    /// anomaly is written down before.
    ///
    /// # Errors
    /// If there is no outcome, or its data is not kept. Errors of the script are in the outcome.
    pub fn call(&mut self, invocation: &Invocation<'_>) -> Result<Outcome, AvmError<S::Error>> {
        let params = &invocation.params;
        let key = DataKey {
            particle_id: &params.particle_id,
            peer_id: &params.current_peer_id,
            signature: invocation.signature,
        };
        let prev_data = self.store.read_data(&key).map_err(AvmError::Read)?;
        let answer = self.runner.invoke(invocation, &prev_data).map_err(AvmError::Run)?;
        if self.store.detect_anomaly(&answer) {
            let anomaly = AnomalyData { invocation, prev_data: &prev_data, answer: &answer };
            let written = self.store.collect_anomaly_data(&key, &anomaly);
            self.lost_anomalies += u64::from(written.is_err());
        }
        let Answer { outcome, .. } = answer;
        let expires = params.timestamp.saturating_add(params.ttl.into());
        self.store.store_data(&key, &outcome.data, expires).map_err(AvmError::Store)?;
        Ok(outcome)
    }

    /// Forgets the data of a particle.
    ///
    /// # Errors
    /// If it is still there.
    pub fn cleanup_data(&mut self, key: &DataKey<'_>) -> Result<(), S::Error> {
        self.store.cleanup_data(key)
    }

    /// Forgets the data of all particles that have expired by then, milliseconds since 1970; how many these were.
    ///
    /// # Errors
    /// If some are still there.
    pub fn cleanup_expired(&mut self, now: u64) -> Result<usize, S::Error> {
        self.store.cleanup_expired(now)
    }

    /// How many anomalies could not be written.
    pub fn lost_anomalies(&self) -> u64 {
        self.lost_anomalies
    }

    /// The runner, for its statistics.
    pub fn runner(&self) -> &R {
        &self.runner
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;

    use air_interpreter::keys::secret_of_name;
    use air_interpreter::{CallServiceResult, RunParameters};

    use super::*;
    use crate::{FileStore, Native};

    fn invocation<'a>(script: &'a str, results: &[(&str, &str)]) -> Invocation<'a> {
        let answers = results.iter().map(|(id, result)| {
            ((*id).to_owned(), CallServiceResult { ret_code: 0, result: (*result).to_owned() })
        });
        Invocation {
            script,
            params: RunParameters {
                init_peer_id: "a".to_owned(),
                current_peer_id: "a".to_owned(),
                secret_key: secret_of_name("a").to_vec(),
                particle_id: "p".to_owned(),
                timestamp: 1_000,
                ttl: 500,
                ..RunParameters::default()
            },
            call_results: answers.collect::<BTreeMap<_, _>>(),
            ..Invocation::default()
        }
    }

    #[test]
    fn a_step_goes_on_where_the_last_one_ended() {
        let folder = tempfile::tempdir().unwrap();
        let script = r#"(seq (call "a" ("s" "f") [] x) (call "a" ("s" "g") [x] y))"#;
        let open = || Avm::new(Native, FileStore::open(folder.path()).unwrap());
        let mut avm = open();
        let first = avm.call(&invocation(script, &[])).unwrap();
        assert_eq!(first.call_requests.unwrap()[&1].function_name, "f");
        // Another process.
        let mut avm = open();
        let second = avm.call(&invocation(script, &[("1", "7")])).unwrap();
        let requests = second.call_requests.unwrap();
        assert_eq!(requests[&2].arguments[0].as_u64(), Some(7));
        assert!(!folder.path().join("anomalies").exists());

        assert_eq!(avm.cleanup_expired(1_501).unwrap(), 1);
        let again = avm.call(&invocation(script, &[])).unwrap();
        assert_eq!(again.call_requests.unwrap()[&1].function_name, "f");
    }

    #[test]
    fn anomalies_are_written_and_the_data_is_kept_all_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let mut avm = Avm::new(Native, FileStore::open(folder.path()).unwrap());
        let good = avm.call(&invocation("(ap 1 $s)", &[])).unwrap();
        let bad = avm.call(&invocation("(ap 1 $s", &[])).unwrap();
        assert_eq!((bad.ret_code, &bad.data), (1, &good.data));
        let particle = fs::read_dir(folder.path().join("anomalies")).unwrap().next().unwrap().unwrap();
        let time = fs::read_dir(particle.path()).unwrap().next().unwrap().unwrap();
        let text = fs::read_to_string(time.path().join("data")).unwrap();
        assert!(text.starts_with(r#"{"air_script":"(ap 1 $s""#), "{text}");
        assert_eq!(avm.lost_anomalies(), 0);
    }
}
