//! The services that peers have by themselves, really computed, with what a node (nox 0.28) or a JS client (0.9)
//! gives and refuses: [`PeerKind`].
//!
//! A failure is `ret_code` 1 with a text, as the host words it; the second line of a node's texts, a dump of the error
//! object, is left out. Where a node's answer has no order of its own (sets), ours has the order of the arguments.
//! No peer is refused because of who it is: a node lets only its owner print and sign.
//!
//! These are a node's; a client's are in `client.rs`.
//!
//! | service | functions |
//! |---|---|
//! | `op` | `noop` `identity` `array` `array_length` `concat` `concat_strings` `string_to_b58` `string_from_b58` `bytes_to_b58` `bytes_from_b58` `sha256_string` |
//! | `math` | `add` `sub` `mul` `fmul` `div` `rem` `pow` `log` |
//! | `cmp` | `gt` `gte` `lt` `lte` `cmp` |
//! | `array` | `sum` `dedup` `intersect` `diff` `sdiff` `slice` `length` |
//! | `json` | `obj` `put` `puts` `parse` `stringify` `obj_pairs` `puts_pairs` |
//! | `debug` | `stringify` |
//! | `kad` | `merge` |
//! | `peer` | `identify` `timestamp_ms` `timestamp_sec` `is_connected` `timeout` |
//! | `sig` | `sign` `verify` `get_peer_id` |
//! | `run-console` | `print` |
//!
//! Another function needs its line in a table of this folder, its description for editors
//! (`air_ide::services`) and what its arguments demand of made-up values
//! (`semantics/src/shapes/builtins.rs`); `tests/builtin_services.rs` compares the three.
//!
//! What a *compiled* script asks of its host, `getDataSrv` and the like, is in [`Conventions`].

mod args;
mod array;
mod client;
mod cmp;
mod conventions;
mod debug;
mod function;
mod json;
mod kad;
mod known;
mod math;
mod op;
mod peer;
mod run_console;
mod sig;

use crate::network::{Answer, PeerKind, ServiceCall, Services};
use air_interpreter::CallServiceResult;
use air_interpreter::value::Value;

pub use conventions::{Conventions, only_listens};
pub use known::unknown;

use args::Args;
use function::{Compute, Function, Reply};

/// All groups: the service and its functions.
const GROUPS: [(&str, &[Function]); 10] = [
    ("array", array::FUNCTIONS),
    ("cmp", cmp::FUNCTIONS),
    ("debug", debug::FUNCTIONS),
    ("json", json::FUNCTIONS),
    ("kad", kad::FUNCTIONS),
    ("math", math::FUNCTIONS),
    ("op", op::FUNCTIONS),
    ("peer", peer::FUNCTIONS),
    ("run-console", run_console::FUNCTIONS),
    ("sig", sig::FUNCTIONS),
];

fn function(service: &str, function: &str) -> Option<Compute> {
    let (_, functions) = GROUPS.iter().find(|(name, _)| *name == service)?;
    functions.iter().find(|(name, _)| *name == function).map(|(_, function)| *function)
}

/// Whether nodes, and so most peers, have that function.
pub fn is_builtin(service: &str, name: &str) -> bool {
    function(service, name).is_some()
}

/// All services and functions that nodes have.
pub fn builtins() -> impl Iterator<Item = (&'static str, &'static str)> {
    GROUPS.iter().flat_map(|(service, functions)| functions.iter().map(move |(name, _)| (*service, *name)))
}

/// The answer to a call, if it is one that every peer of its kind knows.
pub fn builtin(call: &ServiceCall<'_>) -> Option<Answer> {
    let reply = match call.kind {
        PeerKind::Node => {
            function(&call.request.service_id, &call.request.function_name)?(&mut Args::of(call))
        }
        PeerKind::Client => client::answer(call)?,
    };
    let ok = |value: &Value| CallServiceResult { ret_code: 0, result: value.to_json() };
    Some(match reply {
        Ok(Reply::Value(value)) => Answer::Now(ok(&value)),
        Ok(Reply::Nothing) => Answer::Now(ok(&Value::from(""))),
        Ok(Reply::After(after, value)) => {
            Answer::Later { at: call.time.saturating_add(after), result: ok(&value) }
        }
        Err(text) => Answer::err(1, &Value::string(text)),
    })
}

/// What a peer of the other kind would answer, if its services have the function too and that is another answer. A client
/// that says that it does not support a function has it not.
pub fn elsewhere(call: &ServiceCall<'_>, answer: &Answer) -> Option<Answer> {
    let (service, name) = (&*call.request.service_id, &*call.request.function_name);
    // Who one is is no difference between hosts.
    if (service, name) == ("peer", "identify") || call.kind == PeerKind::Node && !client::has(service, name) {
        return None;
    }
    let other = builtin(&ServiceCall { kind: call.kind.other(), ..*call })?;
    (other != *answer).then_some(other)
}

/// A network on which there are only these services.
#[derive(Debug, Clone, Copy, Default)]
pub struct Builtins;

impl Services for Builtins {
    fn answer(&mut self, call: &ServiceCall<'_>) -> Answer {
        builtin(call).unwrap_or_else(|| Answer::unknown_service(call.kind, call.request))
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use air_semantics::hir::InstrId;

    use super::*;
    use crate::network::ParticleFacts;
    use air_interpreter::CallRequest;
    use air_interpreter::data::SecurityTetraplet;
    use air_interpreter::peers::Peers;
    use air_interpreter::recorder::Place;

    /// What `@a` answers on a network with `@b`, a second and a half after the start: `service.function args` a line.
    pub(super) fn answers(calls: &str) -> String {
        answers_of(PeerKind::Node, calls)
    }

    /// The same with `@a` as a peer of that kind.
    pub(super) fn answers_of(kind: PeerKind, calls: &str) -> String {
        let mut peers = Peers::default();
        let (id, _) = (peers.named("a"), peers.named("b"));
        let peer = Rc::clone(peers.get(&id).unwrap());
        let particle = ParticleFacts { timestamp: 1_700_000_000_000, ..ParticleFacts::default() };
        let mut out = String::new();
        for line in calls.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (name, arguments) = line.split_once(' ').unwrap();
            let (service_id, function_name) = name.split_once('.').unwrap();
            let arguments = peers.clone().value_with_ids(&air_interpreter::json::parse(arguments).unwrap());
            let arguments = arguments.as_array().unwrap().to_vec();
            let tetraplets = arguments.iter().map(|_| vec![Rc::new(SecurityTetraplet::default())]).collect();
            let (service_id, function_name) = (service_id.to_owned(), function_name.to_owned());
            let request = CallRequest { service_id, function_name, arguments, tetraplets };
            let call = ServiceCall {
                peer: &peer,
                kind,
                init_peer: &id,
                peers: &peers,
                present: None,
                particle: &particle,
                time: 1_500,
                id: 1,
                request: &request,
                place: Place { instr: InstrId(0), iterations: &[] },
            };
            let answer = match builtin(&call) {
                None => "no such function".to_owned(),
                Some(Answer::Now(CallServiceResult { ret_code: 0, result })) => result,
                Some(Answer::Now(CallServiceResult { ret_code, result })) => {
                    format!("FAILS {ret_code} {result}")
                }
                Some(Answer::Later { at, result }) => format!("at {at}: {}", result.result),
                Some(Answer::Silent) => "silence".to_owned(),
            };
            out.push_str(&peers.show(&format!("{line} → {answer}\n")));
        }
        out
    }

    #[test]
    fn unknown_functions() {
        assert_eq!(
            answers("op.dance []\nnothing.at_all []"),
            "op.dance [] → no such function\nnothing.at_all [] → no such function\n"
        );
        assert!(is_builtin("math", "add") && !is_builtin("math", "dance") && !is_builtin("add", "math"));
        assert_eq!(builtins().count(), 49);
    }
}
