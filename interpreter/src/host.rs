//! What a host passes into an invocation and gets back from it: plain data.
//!
//! The *host* is the program around the interpreter: it stores a peer's data between invocations, runs services, and
//! carries particles to other peers.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::data::SecurityTetraplet;
use crate::value::Value;

/// On which peer an invocation runs, for which particle, and with which limits. Sizes are bytes, times are
/// milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunParameters {
    /// Id of the peer that started the particle, `12D3KooW…`: the value of `%init_peer_id%`, and the peer of every
    /// literal's tetraplet.
    pub init_peer_id: String,
    /// Id of the peer on which the invocation runs. Compared byte for byte with the peers that the script names;
    /// AquaVM does not compare it with the key, so neither is it compared here.
    pub current_peer_id: String,
    /// When the particle was made, in milliseconds since 1970: the value of `%timestamp%`.
    pub timestamp: u64,
    /// How many milliseconds after `timestamp` the particle expires: the value of `%ttl%`. The host drops expired
    /// particles; the interpreter has no clock.
    pub ttl: u32,
    /// The kind of `secret_key`. Only 0, Ed25519, is accepted; 1 (RSA) and 2 (secp256k1) end with code 7.
    pub key_format: u8,
    /// The secret that the current peer signs with: 32 bytes.
    pub secret_key: Vec<u8>,
    /// The salt of all signatures: what one particle's data says does not count in another.
    pub particle_id: String,
    /// Largest script, in bytes.
    pub air_size_limit: u64,
    /// Largest current data, in bytes.
    pub particle_size_limit: u64,
    /// Largest [`CallServiceResult::result`], in bytes.
    pub call_result_size_limit: u64,
    /// Whether exceeding a limit ends the invocation with code 10; otherwise only the flags of [`Outcome`] report it.
    pub hard_limit_enabled: bool,
}

impl Default for RunParameters {
    /// No peers, no key, and the limits that hosts use: 16, 64 and 32 MiB, only reported.
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

/// What a service answered to a [`CallRequest`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallServiceResult {
    /// 0 for success; anything else makes the `call` fail with code 10000.
    pub ret_code: i32,
    /// The value as JSON text; after a failure any text, which becomes the error's message as it is.
    pub result: String,
}

/// What the host is to ask a service of its own peer; the answer comes in with a later invocation, under the
/// request's number.
#[derive(Debug, Clone, PartialEq)]
pub struct CallRequest {
    /// The service, as the `call` names it: `"op"` in `(call peer ("op" "identity") [x] y)`.
    pub service_id: String,
    /// The function of the service: `"identity"` in the same call.
    pub function_name: String,
    /// The values of the arguments, in the order of the script; of a canon the array of its values, of a canon map
    /// the object of its keys.
    pub arguments: Vec<Value>,
    /// Where each argument comes from: as many lists as there are arguments. The list of a canon has one tetraplet for
    /// each of its values (none if it is empty), that of a canon map one for each pair, every other list exactly one.
    pub tetraplets: Vec<Vec<Rc<SecurityTetraplet>>>,
}

/// What an invocation gives back.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    /// 0 for success; [`crate::errors::PAGES`] lists all others.
    pub ret_code: i64,
    /// The error in AquaVM's words; empty after success.
    pub error_message: String,
    /// What the host has to keep, whatever the code: the previous data of the next invocation. Errors below 10000 and
    /// from 20000 to 29999 give the previous data back as it was. Empty from a [`crate::Session`].
    pub data: Vec<u8>,
    /// Ids of the peers to which the host sends the particle with this data; sorted, each once.
    pub next_peer_pks: Vec<String>,
    /// What to ask services, by the number under which the answer is expected; `None` after an error at the very end
    /// (20001 when generations are numbered), where AquaVM gives neither data nor an encoded map.
    pub call_requests: Option<BTreeMap<u32, CallRequest>>,
    /// The script is longer than [`RunParameters::air_size_limit`].
    pub air_size_limit_exceeded: bool,
    /// Current data is longer than [`RunParameters::particle_size_limit`].
    pub particle_size_limit_exceeded: bool,
    /// A result of a call is longer than [`RunParameters::call_result_size_limit`].
    pub call_result_size_limit_exceeded: bool,
}
