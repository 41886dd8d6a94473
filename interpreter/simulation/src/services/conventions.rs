//! What a compiled script asks of the host that started it.

use std::collections::BTreeMap;

use crate::network::{Answer, ServiceCall};
use air_interpreter::value::{Value, object};

/// The host of a compiled function: its parameters, and what it listens to.
///
/// Only the peer that started the particle has these services. Callbacks other than `response` and `error` are
/// questions to the host's own functions, which a simulation does not know: they get no answer.
#[derive(Debug, Clone, Default)]
pub struct Conventions {
    /// What `getDataSrv` gives, by name.
    pub parameters: BTreeMap<String, Value>,
    /// The id of the peer through which the host is reached: the parameter `-relay-`.
    pub relay: Option<String>,
}

impl Conventions {
    /// The answer to a call, if it is one of those.
    pub fn answer(&self, call: &ServiceCall<'_>) -> Option<Answer> {
        if call.peer.id != call.init_peer {
            return None;
        }
        match (&*call.request.service_id, &*call.request.function_name) {
            ("getDataSrv", name) => {
                let relay = || match name {
                    "-relay-" => self.relay.as_deref().map(Value::from),
                    _ => None,
                };
                self.parameters.get(name).cloned().or_else(relay).map(|value| Answer::ok(&value))
            }
            (service, function) => only_listens(service, function).then(|| Answer::ok(&object([]))),
        }
    }
}

/// Whether a function of the host takes what it is told and gives nothing that a script could need.
pub fn only_listens(service: &str, function: &str) -> bool {
    matches!(
        (service, function),
        ("callbackSrv", "response" | "error")
            | ("errorHandlingSrv", "error")
            | ("tracingSrv", "tracingEvent")
            | ("returnService" | "return", _)
    )
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::network::{Network, Services, Setup, Unwatched};
    use crate::services;
    use air_interpreter::ParsedScript;
    use air_interpreter::peers::Peers;

    struct Host(Conventions);

    impl Services for Host {
        fn answer(&mut self, call: &ServiceCall<'_>) -> Answer {
            let answer = services::builtin(call).or_else(|| self.0.answer(call));
            answer.unwrap_or_else(|| Answer::no_service(call.request))
        }
    }

    fn run(script: &str) -> String {
        let mut peers = Peers::default();
        let script = peers.with_ids(script).into_owned();
        let (init_peer, relay) = (peers.named("init"), peers.named("relay"));
        let mut host = Host(Conventions {
            parameters: BTreeMap::from([("name".to_owned(), Value::from("World"))]),
            relay: Some(relay),
        });
        let script = ParsedScript::new(&script);
        let mut network = Network::new(&script, Setup { init_peer, peers, ..Setup::default() });
        network.run(&mut host, &mut Unwatched);
        let calls = network.steps().iter().flat_map(|step| {
            step.runs.iter().flat_map(move |run| {
                run.calls.iter().map(move |call| {
                    let request = &call.request;
                    let answer = match &call.answer {
                        Answer::Now(result) if result.ret_code == 0 => result.result.clone(),
                        other => format!("{other:?}"),
                    };
                    let arguments = Value::array(request.arguments.clone());
                    format!(
                        "{}: {}.{} {arguments} → {answer}\n",
                        step.peer, request.service_id, request.function_name
                    )
                })
            })
        });
        network.peers().show(&calls.collect::<String>()).into_owned()
    }

    #[test]
    fn a_compiled_function() {
        expect![[r#"
            @init: getDataSrv.-relay- [] → "@relay"
            @init: getDataSrv.name [] → "World"
            @relay: op.concat_strings ["Hello, ","World"] → "Hello, World"
            @init: callbackSrv.response ["Hello, World"] → {}
        "#]]
        .assert_eq(&run(r#"
            (xor
             (seq
              (seq
               (seq
                (call %init_peer_id% ("getDataSrv" "-relay-") [] -relay-)
                (call %init_peer_id% ("getDataSrv" "name") [] -name-arg-))
               (call -relay- ("op" "concat_strings") ["Hello, " -name-arg-] ret))
              (call %init_peer_id% ("callbackSrv" "response") [ret]))
             (call %init_peer_id% ("errorHandlingSrv" "error") [:error: 0]))"#));
    }

    #[test]
    fn what_only_the_host_knows() {
        expect![[r#"
            @init: getDataSrv.age [] → Now(CallServiceResult { ret_code: 1, result: "\"no service getDataSrv.age\"" })
            @init: callbackSrv.ask ["age"] → Now(CallServiceResult { ret_code: 1, result: "\"no service callbackSrv.ask\"" })
            @relay: callbackSrv.response [] → Now(CallServiceResult { ret_code: 1, result: "\"no service callbackSrv.response\"" })
            @init: errorHandlingSrv.error [10000,0] → {}
        "#]].assert_eq(&run(r#"
            (xor
             (call %init_peer_id% ("getDataSrv" "age") [] age)
             (xor
              (call %init_peer_id% ("callbackSrv" "ask") ["age"] age)
              (xor
               (call "@relay" ("callbackSrv" "response") [])
               (call %init_peer_id% ("errorHandlingSrv" "error") [:error:.$.error_code 0]))))"#));
    }
}
