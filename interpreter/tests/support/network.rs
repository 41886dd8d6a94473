//! Services and peers for random runs.

use air_interpreter::RunParameters;
use air_interpreter::keys::{ED25519, KeyPair, secret_of_name};

pub(crate) const PEERS: [&str; 3] = ["init", "b", "c"];

pub(crate) fn peer_id(name: &str) -> String {
    KeyPair::from_secret(ED25519, &secret_of_name(name)).unwrap().public().peer_id()
}

pub(crate) fn parameters(at: usize) -> RunParameters {
    RunParameters {
        init_peer_id: peer_id(PEERS[0]),
        current_peer_id: peer_id(PEERS[at]),
        secret_key: secret_of_name(PEERS[at]).to_vec(),
        timestamp: 1_700_000_000,
        ttl: 5000,
        particle_id: "p".to_owned(),
        ..RunParameters::default()
    }
}

/// What a service answers: a matter of its name and arguments, so that repetitions agree.
pub(crate) fn answer(function: &str, arguments: &str) -> (i32, String) {
    match function {
        "one" => (0, "1".to_owned()),
        "text" => (0, "\"a\"".to_owned()),
        "list" => (0, "[1, \"b\", {\"a\": [2, 3]}]".to_owned()),
        "empty" => (0, "[]".to_owned()),
        "object" => {
            (0, "{\"a\": [1, 2], \"b\": {\"a\": \"x\"}, \"error_code\": 5, \"message\": \"m\"}".to_owned())
        }
        "peer" => (0, format!("\"{}\"", peer_id(PEERS[1 + arguments.len() % 2]))),
        "echo" => (0, arguments.to_owned()),
        "float" => (0, "1.5e300".to_owned()),
        "fail" => (7, "\"no\"".to_owned()),
        "broken" => (0, "{broken".to_owned()),
        _ => (0, (arguments.len() % 10).to_string()),
    }
}
