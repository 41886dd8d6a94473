//! An invocation as a file that can be replayed: the JSON form of Fluence's nodes.
//!
//! Bytes are arrays of numbers. Particle, results and outcome are JSON inside of such bytes; results of calls stand in them
//! as values, not as texts.

use std::time::Duration;

use air_interpreter::json;
use air_interpreter::protocol::request_json;
use air_interpreter::value::{Value, object};

use crate::invocation::{Answer, Invocation};

/// What is written down of an invocation.
#[derive(Debug, Clone, Copy)]
pub struct AnomalyData<'a> {
    /// What went in.
    pub invocation: &'a Invocation<'a>,
    /// What the peer had kept.
    pub prev_data: &'a [u8],
    /// What came out, and what it took.
    pub answer: &'a Answer,
}

impl AnomalyData<'_> {
    /// The file's text.
    pub fn to_json(&self) -> String {
        let Invocation { script, data, params, call_results, .. } = self.invocation;
        let particle = object([
            ("init_peer_id", Value::from(params.init_peer_id.as_str())),
            ("particle_id", Value::from(params.particle_id.as_str())),
            ("timestamp", Value::unsigned(params.timestamp)),
            ("ttl", Value::unsigned(params.ttl.into())),
            ("current_peer_id", Value::from(params.current_peer_id.as_str())),
        ]);
        let results = call_results.iter().map(|(id, result)| {
            // What a service says after a failure may be any text.
            let value = json::parse(&result.result).unwrap_or_else(|_| Value::from(result.result.as_str()));
            let result = object([("ret_code", Value::integer(result.ret_code.into())), ("result", value)]);
            (id.as_str().into(), result)
        });
        let whole = object([
            ("air_script", Value::from(*script)),
            ("particle", inner(&particle)),
            ("prev_data", bytes(self.prev_data)),
            ("current_data", bytes(data)),
            ("call_results", inner(&Value::object(results.collect()))),
            ("avm_outcome", inner(&self.outcome())),
            ("execution_time", duration(self.answer.execution_time)),
            ("memory_delta", Value::unsigned(self.answer.memory_delta)),
        ]);
        whole.to_json()
    }

    fn outcome(&self) -> Value {
        let outcome = &self.answer.outcome;
        let requests = outcome.call_requests.iter().flatten();
        let requests = requests.map(|(id, request)| (id.to_string().into(), request_json(request))).collect();
        let peers = outcome.next_peer_pks.iter().map(|peer| Value::from(peer.as_str())).collect();
        let limits = object([
            ("air_size_limit_exceeded", Value::Bool(outcome.air_size_limit_exceeded)),
            ("particle_size_limit_exceeded", Value::Bool(outcome.particle_size_limit_exceeded)),
            ("call_result_size_limit_exceeded", Value::Bool(outcome.call_result_size_limit_exceeded)),
        ]);
        object([
            ("ret_code", Value::integer(outcome.ret_code)),
            ("error_message", Value::from(outcome.error_message.as_str())),
            ("data", bytes(&outcome.data)),
            ("call_requests", Value::object(requests)),
            ("next_peer_pks", Value::array(peers)),
            ("soft_limits_triggering", limits),
        ])
    }
}

fn bytes(bytes: &[u8]) -> Value {
    Value::array(bytes.iter().map(|byte| Value::unsigned((*byte).into())).collect())
}

fn inner(value: &Value) -> Value {
    bytes(value.to_json().as_bytes())
}

fn duration(duration: Duration) -> Value {
    object([
        ("secs", Value::unsigned(duration.as_secs())),
        ("nanos", Value::unsigned(duration.subsec_nanos().into())),
    ])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use air_interpreter::{CallServiceResult, Outcome, RunParameters};
    use expect_test::expect;

    use super::*;

    #[test]
    fn the_form_is_that_of_nodes() {
        let results = [("1", "[1]"), ("2", "no JSON")].map(|(id, result)| {
            (id.to_owned(), CallServiceResult { ret_code: 0, result: result.to_owned() })
        });
        let invocation = Invocation {
            script: "(null)",
            data: &[2],
            params: RunParameters { ttl: 7, particle_id: "p".to_owned(), ..RunParameters::default() },
            signature: &[],
            call_results: BTreeMap::from(results),
        };
        let outcome = Outcome { ret_code: 1, data: vec![1], ..Outcome::default() };
        let answer = Answer { outcome, execution_time: Duration::new(1, 5), memory_delta: 65536 };
        let text = AnomalyData { invocation: &invocation, prev_data: &[], answer: &answer }.to_json();
        let whole = json::parse(&text).unwrap();
        let mut shown = String::new();
        for (key, value) in whole.as_object().unwrap().members() {
            let bytes: Option<Vec<u8>> =
                value.as_array().map(|bytes| bytes.iter().map(|byte| byte.as_u64().unwrap() as u8).collect());
            let text = match bytes {
                Some(bytes) if bytes.len() > 1 => String::from_utf8(bytes).unwrap(),
                _ => value.to_json(),
            };
            shown += &format!("{key}: {text}\n");
        }
        expect![[r#"
            air_script: "(null)"
            avm_outcome: {"call_requests":{},"data":[1],"error_message":"","next_peer_pks":[],"ret_code":1,"soft_limits_triggering":{"air_size_limit_exceeded":false,"call_result_size_limit_exceeded":false,"particle_size_limit_exceeded":false}}
            call_results: {"1":{"result":[1],"ret_code":0},"2":{"result":"no JSON","ret_code":0}}
            current_data: [2]
            execution_time: {"nanos":5,"secs":1}
            memory_delta: 65536
            particle: {"current_peer_id":"","init_peer_id":"","particle_id":"p","timestamp":0,"ttl":7}
            prev_data: []
        "#]].assert_eq(&shown);
    }
}
