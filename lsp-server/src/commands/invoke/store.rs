//! `air invoke --store`: data is kept in a folder between invocations.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use air_avm_server::{Avm, FileStore, Invocation, Native};
use air_interpreter::Protocol;

/// Answers requests with the data of a folder.
#[derive(Debug)]
pub(super) struct Stored {
    protocol: Protocol,
    avm: Avm<Native, FileStore>,
}

impl Stored {
    /// With a folder, which is made if it is not there; what has expired in it is removed.
    pub(super) fn open(folder: &Path) -> Result<Stored, String> {
        let named = |error| format!("{}: {error}", folder.display());
        let mut avm = Avm::new(Native, FileStore::open(folder).map_err(named)?);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        avm.cleanup_expired(now.as_millis().try_into().unwrap_or(u64::MAX)).map_err(named)?;
        Ok(Stored { protocol: Protocol::default(), avm })
    }

    /// The answer to one line.
    pub(super) fn answer(&mut self, line: &str) -> String {
        let Stored { protocol, avm } = self;
        protocol.answer_with(line, |request| {
            let invocation = Invocation {
                script: &request.air,
                data: &request.data,
                params: request.params.clone(),
                signature: &request.signature,
                call_results: request.call_results.clone(),
            };
            avm.call(&invocation).map_err(|error| error.to_string())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARAMS: &str = r#"{"init_peer_id":"@a","current_peer_id":"@a","particle_id":"p","timestamp":4000000000000,"ttl":1000}"#;

    fn ask(folder: &Path, script: &str, more: &str) -> String {
        let script = script.replace('"', "\\\"");
        let line = format!(r#"{{"air":"{script}","params":{PARAMS}{more}}}"#);
        Stored::open(folder).unwrap().answer(&line)
    }

    #[test]
    fn each_invocation_goes_on_where_the_last_one_ended() {
        let folder = tempfile::tempdir().unwrap();
        let script = r#"(seq (call "@a" ("s" "f") [] x) (call "@a" ("s" "g") [x] y))"#;
        let first = ask(folder.path(), script, "");
        assert!(first.contains(r#""function_name":"f""#), "{first}");
        let second = ask(folder.path(), script, r#","call_results":{"1":{"value":"hi"}}"#);
        assert!(
            second.contains(r#""function_name":"g","#) && second.contains(r#""arguments":["hi"]"#),
            "{second}"
        );
        let third = ask(folder.path(), script, r#","signature":"AQ==""#);
        assert!(third.contains(r#""function_name":"f""#), "another signature is another particle: {third}");
    }

    #[test]
    fn a_failed_invocation_is_an_anomaly() {
        let folder = tempfile::tempdir().unwrap();
        let answer = ask(folder.path(), "(fail 7 \"on purpose\")", "");
        assert!(answer.contains(r#""ret_code":10006"#), "{answer}");
        let of_particle =
            std::fs::read_dir(folder.path().join("anomalies")).unwrap().next().unwrap().unwrap();
        let file =
            std::fs::read_dir(of_particle.path()).unwrap().next().unwrap().unwrap().path().join("data");
        let anomaly =
            air_simulation::anomaly::Anomaly::parse(&std::fs::read_to_string(file).unwrap()).unwrap();
        assert_eq!(anomaly.script, "(fail 7 \"on purpose\")");
        let outcome = anomaly.replay();
        assert_eq!(anomaly.differences(&outcome), []);
    }
}
