//! Calls of services, and what they are answered.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::js;
use air_interpreter::peers::{Peer, Peers};
use air_interpreter::recorder::Place;
use air_interpreter::value::Value;
use air_interpreter::{CallRequest, CallServiceResult};

use super::kind::PeerKind;
use super::setup::ParticleFacts;

/// Whatever answers the calls of all peers: a function of the call, for a run to be the same each time.
pub trait Services {
    /// The answer to a call.
    fn answer(&mut self, call: &ServiceCall<'_>) -> Answer;
}

/// A call of a service, with everything that an answer may depend on.
#[derive(Debug, Clone, Copy)]
pub struct ServiceCall<'a> {
    /// The peer that is asked.
    pub peer: &'a Rc<Peer>,
    /// What runs there.
    pub kind: PeerKind,
    /// The peer that started the particle, by id.
    pub init_peer: &'a str,
    /// All peers with keys, whether they are there or not.
    pub peers: &'a Peers,
    /// Those that are there, if not all.
    pub present: Option<&'a BTreeSet<String>>,
    /// Id, time and lifetime of the particle.
    pub particle: &'a ParticleFacts,
    /// Simulated milliseconds since the start; it is `particle.timestamp` then.
    pub time: u64,
    /// The request's number on this peer.
    pub id: u32,
    /// Service, function and arguments with their tetraplets.
    pub request: &'a CallRequest,
    /// The call instruction, and where the folds around it stand.
    pub place: Place<'a>,
}

impl ServiceCall<'_> {
    /// Simulated milliseconds since 1970.
    pub fn now(&self) -> u64 {
        self.particle.timestamp.saturating_add(self.time)
    }

    /// Whether a peer is there and answers.
    pub fn is_there(&self, id: &str) -> bool {
        self.peers.get(id).is_some() && self.present.is_none_or(|present| present.contains(id))
    }
}

/// What a service does when it is called.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// It answers.
    Now(CallServiceResult),
    /// It answers when the simulated clock says so, and nothing else can move.
    Later {
        /// Simulated milliseconds since the start.
        at: u64,
        /// The answer.
        result: CallServiceResult,
    },
    /// It never answers.
    Silent,
}

impl Answer {
    /// Success with a value.
    pub fn ok(value: &Value) -> Self {
        Answer::Now(CallServiceResult { ret_code: 0, result: value.to_json() })
    }

    /// Failure; the value is what a service reports, most often a text.
    pub fn err(ret_code: i32, value: &Value) -> Self {
        Answer::Now(CallServiceResult { ret_code, result: value.to_json() })
    }

    /// What a network without any service answers.
    pub fn no_service(request: &CallRequest) -> Self {
        let text = format!("no service {}.{}", request.service_id, request.function_name);
        Answer::err(1, &text.as_str().into())
    }

    /// What a peer of that kind answers if it has no such service.
    pub fn unknown_service(kind: PeerKind, request: &CallRequest) -> Self {
        let CallRequest { service_id: service, function_name: function, arguments, .. } = request;
        let text = match kind {
            PeerKind::Node => format!("Service with id '{service}' not found (function {function})"),
            PeerKind::Client => format!(
                "No service found for service call: serviceId='{service}', fnName='{function}' args='{}'",
                js::text(&Value::array(arguments.clone()), true)
            ),
        };
        Answer::err(1, &text.as_str().into())
    }
}
