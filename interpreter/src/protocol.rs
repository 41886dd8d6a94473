//! Invocations as lines of JSON: one request in, one answer out.
//!
//! ```text
//! {"id": 1, "op": "invoke", "air": "(null)", "prev_data": "", "data": "",
//!  "params": {"init_peer_id": "@init", "current_peer_id": "@init"},
//!  "call_results": {"1": {"ret_code": 0, "value": [1, 2]}}}
//! ```
//!
//! Operations: `invoke` (the default), `decode` (`data` in base64 to JSON), `key` (peer id and secret of
//! a `name`). A name, `"@init"`, stands for the peer whose key is derived from it, in parameters and
//! as a whole string in the script. `result` of a call result is its exact text, `value` any
//! JSON to be printed. A request that cannot be understood is answered with `oracle_error`.

use std::collections::BTreeMap;
use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::data::{Envelope, InterpreterData, envelope_to_json};
use crate::host::{CallRequest, CallServiceResult, Outcome, RunParameters};
use crate::invocation::{encode_call_results, invoke};
use crate::keys::{ED25519, KeyPair, secret_of_name};
use crate::peers::Peers;
use crate::script::ParsedScript;
use crate::value::{Value, object};

/// Answers requests; remembers the last script, which most often is the next one too.
#[derive(Debug, Default)]
pub struct Protocol {
    script: Option<(String, ParsedScript)>,
}

impl Protocol {
    /// The answer to one line, without a line break.
    pub fn answer(&mut self, line: &str) -> String {
        self.answer_by(line, REQUEST, |protocol, request| protocol.invoke(request))
    }

    /// The same, with invocations that somebody else runs, who has the previous data. Their requests may have a
    /// `signature` in base64, and no `prev_data`.
    pub fn answer_with(
        &mut self,
        line: &str,
        invoke: impl FnOnce(&InvokeRequest) -> Result<Outcome, String>,
    ) -> String {
        self.answer_by(line, STORED, |_, request| {
            let outcome = invoke(&InvokeRequest::read(request)?)?;
            Ok(outcome_members(&outcome))
        })
    }

    fn answer_by(
        &mut self,
        line: &str,
        known: &[&str],
        invoke: impl FnOnce(&mut Protocol, &Value) -> Result<Members, String>,
    ) -> String {
        let (id, answer) = match crate::json::parse(line) {
            Ok(request) => (request.get("id").cloned(), self.request(&request, known, invoke)),
            Err(error) => (None, Err(format!("bad request: {error}"))),
        };
        let mut members = match answer {
            Ok(members) => members,
            Err(error) => vec![("oracle_error".into(), Value::string(error))],
        };
        members.extend(id.map(|id| (Rc::from("id"), id)));
        Value::object(members).to_json()
    }

    fn request(
        &mut self,
        request: &Value,
        known: &[&str],
        invoke: impl FnOnce(&mut Protocol, &Value) -> Result<Members, String>,
    ) -> Result<Members, String> {
        let op = text(request, "op")?.unwrap_or("invoke");
        match op {
            "invoke" => only(request, known)?,
            "decode" => only(request, &["id", "op", "data"])?,
            "key" => only(request, &["id", "op", "name"])?,
            _ => {}
        }
        match op {
            "invoke" => invoke(self, request),
            "decode" => Ok(vec![("data_json".into(), data_json(&bytes(request, "data")?))]),
            "key" => {
                let name = text(request, "name")?.ok_or("key: no name")?;
                let (peer_id, secret) = key_of(name)?;
                Ok(members([
                    ("peer_id", Value::string(peer_id)),
                    ("secret_key", Value::string(STANDARD.encode(secret))),
                ]))
            }
            other => Err(format!("unknown op {other}")),
        }
    }

    fn invoke(&mut self, request: &Value) -> Result<Members, String> {
        let air = Peers::default().with_ids(text(request, "air")?.unwrap_or_default());
        let script = match self.script.take() {
            Some((known, script)) if *known == *air => (known, script),
            _ => {
                let script = ParsedScript::new(&air);
                (air.into_owned(), script)
            }
        };
        let script = &self.script.insert(script).1;
        let parameters = parameters(request.get("params"))?;
        let results = encode_call_results(&call_results(request.get("call_results"))?);
        let outcome =
            invoke(script, &bytes(request, "prev_data")?, &bytes(request, "data")?, &parameters, &results);
        Ok(outcome_members(&outcome))
    }
}

/// A request for an invocation whose previous data is kept elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvokeRequest {
    /// The script.
    pub air: String,
    /// Peer, particle, time, key, limits.
    pub params: RunParameters,
    /// Current data.
    pub data: Vec<u8>,
    /// Answers of services.
    pub call_results: BTreeMap<String, CallServiceResult>,
    /// The particle's signature.
    pub signature: Vec<u8>,
}

impl InvokeRequest {
    fn read(request: &Value) -> Result<Self, String> {
        if !bytes(request, "prev_data")?.is_empty() {
            return Err("prev_data: the store has it".to_owned());
        }
        Ok(InvokeRequest {
            air: Peers::default().with_ids(text(request, "air")?.unwrap_or_default()).into_owned(),
            params: parameters(request.get("params"))?,
            data: bytes(request, "data")?,
            call_results: call_results(request.get("call_results"))?,
            signature: bytes(request, "signature")?,
        })
    }
}

/// Members of a request for an invocation.
const REQUEST: &[&str] = &["id", "op", "air", "prev_data", "data", "params", "call_results"];
/// The same where the previous data is kept elsewhere.
const STORED: &[&str] = &["id", "op", "air", "prev_data", "data", "params", "call_results", "signature"];
/// Members of its `params`.
const PARAMETERS: &[&str] = &[
    "init_peer_id",
    "current_peer_id",
    "timestamp",
    "ttl",
    "key_format",
    "key_name",
    "secret_key",
    "particle_id",
    "air_size_limit",
    "particle_size_limit",
    "call_result_size_limit",
    "hard_limit_enabled",
];

/// Refuses members that nobody would read.
fn only(value: &Value, known: &[&str]) -> Result<(), String> {
    let members = value.as_object().map(|object| object.members()).unwrap_or_default();
    match members.iter().find(|(key, _)| !known.contains(&&**key)) {
        Some((key, _)) => Err(format!("unknown member {key}: expected one of {}", known.join(", "))),
        None => Ok(()),
    }
}

type Members = Vec<(Rc<str>, Value)>;

fn members<const N: usize>(members: [(&str, Value); N]) -> Members {
    members.into_iter().map(|(key, value)| (key.into(), value)).collect()
}

/// An outcome as answers have it.
pub fn outcome_json(outcome: &Outcome) -> Value {
    Value::object(outcome_members(outcome))
}

fn outcome_members(outcome: &Outcome) -> Members {
    let requests = outcome.call_requests.iter().flatten();
    let requests = requests.map(|(id, request)| (id.to_string().into(), request_json(request)));
    let peers = outcome.next_peer_pks.iter().map(|peer| Value::from(peer.as_str()));
    members([
        ("ret_code", Value::integer(outcome.ret_code)),
        ("error_message", Value::from(outcome.error_message.as_str())),
        ("next_peer_pks", Value::array(peers.collect())),
        ("call_requests", Value::object(requests.collect())),
        ("air_size_limit_exceeded", Value::Bool(outcome.air_size_limit_exceeded)),
        ("particle_size_limit_exceeded", Value::Bool(outcome.particle_size_limit_exceeded)),
        ("call_result_size_limit_exceeded", Value::Bool(outcome.call_result_size_limit_exceeded)),
        ("data", Value::string(STANDARD.encode(&outcome.data))),
        ("data_json", data_json(&outcome.data)),
    ])
}

/// A call request as JSON.
pub fn request_json(request: &CallRequest) -> Value {
    let tetraplets = request.tetraplets.iter().map(|tetraplets| {
        Value::array(tetraplets.iter().map(|tetraplet| crate::data::tetraplet_json(tetraplet)).collect())
    });
    object([
        ("service_id", Value::from(request.service_id.as_str())),
        ("function_name", Value::from(request.function_name.as_str())),
        ("arguments", Value::array(request.arguments.clone())),
        ("tetraplets", Value::array(tetraplets.collect())),
    ])
}

/// `null` for data that is empty or cannot be read.
fn data_json(bytes: &[u8]) -> Value {
    let read = || {
        let envelope = Envelope::decode(bytes).ok()?;
        let data = InterpreterData::decode(&envelope.inner_data).ok()?;
        Some(envelope_to_json(&envelope, &data))
    };
    read().unwrap_or_default()
}

fn key_of(name: &str) -> Result<(String, [u8; 32]), String> {
    let secret = secret_of_name(name);
    let key = KeyPair::from_secret(ED25519, &secret).map_err(|error| error.to_string())?;
    Ok((key.public().peer_id(), secret))
}

/// The id of a peer that is given by its id or, as `@name`, by its name.
///
/// # Errors
/// If no key can be made.
pub fn peer_of(text: &str) -> Result<String, String> {
    match text.strip_prefix('@') {
        Some(name) => Ok(key_of(name)?.0),
        None => Ok(text.to_owned()),
    }
}

fn parameters(value: Option<&Value>) -> Result<RunParameters, String> {
    let nothing = object([]);
    let value = value.unwrap_or(&nothing);
    if value.as_object().is_none() {
        return Err("params: expected an object".to_owned());
    }
    only(value, PARAMETERS)?;
    let current = text(value, "current_peer_id")?.unwrap_or_default();
    let secret_key = if let Some(secret) = text(value, "secret_key")? {
        decode_base64(secret).map_err(|error| format!("secret_key: {error}"))?
    } else if let Some(name) = text(value, "key_name")?.or_else(|| current.strip_prefix('@')) {
        secret_of_name(name).to_vec()
    } else {
        return Err("no key: give secret_key, key_name or current_peer_id \"@name\"".to_owned());
    };
    // No limit unless one is given.
    let limit = |key| Ok::<_, String>(number(value, key)?.unwrap_or(1 << 32).min(1 << 32));
    Ok(RunParameters {
        init_peer_id: peer_of(text(value, "init_peer_id")?.unwrap_or_default())?,
        current_peer_id: peer_of(current)?,
        timestamp: number(value, "timestamp")?.unwrap_or(0),
        ttl: small(value, "ttl")?,
        key_format: small(value, "key_format")?,
        secret_key,
        particle_id: text(value, "particle_id")?.unwrap_or_default().to_owned(),
        air_size_limit: limit("air_size_limit")?,
        particle_size_limit: limit("particle_size_limit")?,
        call_result_size_limit: limit("call_result_size_limit")?,
        hard_limit_enabled: match value.get("hard_limit_enabled") {
            None | Some(Value::Null) => false,
            Some(flag) => flag.as_bool().ok_or("hard_limit_enabled: expected a boolean")?,
        },
    })
}

/// Results of calls, as requests have them.
///
/// # Errors
/// What is missing or of another form.
pub fn call_results(value: Option<&Value>) -> Result<BTreeMap<String, CallServiceResult>, String> {
    let members = match value {
        None | Some(Value::Null) => return Ok(BTreeMap::new()),
        Some(value) => value.as_object().ok_or("call_results: expected an object")?.members(),
    };
    let one = |(id, result): &(Rc<str>, Value)| {
        only(result, &["ret_code", "result", "value"])
            .map_err(|error| format!("call_results: {id}: {error}"))?;
        let ret_code = match result.get("ret_code") {
            None | Some(Value::Null) => 0,
            Some(code) => {
                let code = code.as_i64().and_then(|code| i32::try_from(code).ok());
                code.ok_or_else(|| format!("call_results: {id}: ret_code does not fit"))?
            }
        };
        let result = match (result.get("result"), result.get("value")) {
            (Some(Value::String(text)), _) => text.to_string(),
            (_, Some(value)) => value.to_json(),
            _ => return Err(format!("call_results: {id}: neither result nor value")),
        };
        Ok((id.to_string(), CallServiceResult { ret_code, result }))
    };
    members.iter().map(one).collect()
}

fn text<'v>(value: &'v Value, key: &str) -> Result<Option<&'v str>, String> {
    match value.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value.as_str().map(Some).ok_or_else(|| format!("{key}: expected a string")),
    }
}

fn number(value: &Value, key: &str) -> Result<Option<u64>, String> {
    match value.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value.as_u64().map(Some).ok_or_else(|| format!("{key}: expected a positive integer")),
    }
}

fn small<T: TryFrom<u64> + Default>(value: &Value, key: &str) -> Result<T, String> {
    match number(value, key)? {
        None => Ok(T::default()),
        Some(number) => T::try_from(number).map_err(|_| format!("{key}: too large")),
    }
}

fn bytes(value: &Value, key: &str) -> Result<Vec<u8>, String> {
    match text(value, key)? {
        None => Ok(Vec::new()),
        Some(text) => decode_base64(text).map_err(|error| format!("{key}: {error}")),
    }
}

fn decode_base64(text: &str) -> Result<Vec<u8>, base64::DecodeError> {
    STANDARD.decode(text)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn answer(line: &str) -> Value {
        crate::json::parse(&Protocol::default().answer(line)).unwrap()
    }

    #[test]
    fn keys_of_names() {
        expect![[r#"{"id":"x","peer_id":"12D3KooWNymCpWpWdcFtJ7pBR3f3t79v9KH4pzLGYoUxRxr6hVdZ","secret_key":"T5pzUDCiENwaE294U2sxueshOjSKCMQFZex5zf3onSQ="}"#]]
        .assert_eq(&Protocol::default().answer(r#"{"id":"x","op":"key","name":"peer_a"}"#));
    }

    #[test]
    fn somebody_else_may_run_invocations() {
        let line = r#"{"id":7,"air":"(call \"@a\" (\"s\" \"f\") [])","params":{"current_peer_id":"@a"},"signature":"AQI="}"#;
        let mut seen = None;
        let answer = Protocol::default().answer_with(line, |request| {
            seen = Some(request.clone());
            Ok(Outcome { ret_code: 5, ..Outcome::default() })
        });
        let seen = seen.unwrap();
        assert!(seen.air.contains("12D3KooW") && seen.params.current_peer_id.starts_with("12D3KooW"));
        assert_eq!(seen.signature, [1, 2]);
        assert!(answer.contains(r#""ret_code":5"#) && answer.contains(r#""id":7"#), "{answer}");
        let refused = line.replace(r#""signature""#, r#""prev_data""#);
        let answer = Protocol::default().answer_with(&refused, |_| Ok(Outcome::default()));
        assert_eq!(answer, r#"{"id":7,"oracle_error":"prev_data: the store has it"}"#);
    }

    #[test]
    fn a_call_and_its_result() {
        let air = r#"(call \"@init\" (\"s\" \"f\") [1 \"x\"] r)"#;
        let params = r#"{"init_peer_id":"@init","current_peer_id":"@init"}"#;
        let first = answer(&format!(r#"{{"air":"{air}","params":{params}}}"#));
        assert_eq!(
            first.get("call_requests").unwrap().get("1").unwrap().get("arguments").unwrap().to_json(),
            "[1,\"x\"]"
        );
        let data = first.get("data").unwrap();
        let second = answer(&format!(
            r#"{{"air":"{air}","params":{params},"prev_data":{data},"call_results":{{"1":{{"value":{{"b":1,"a":2}}}}}}}}"#
        ));
        assert_eq!(second.get("ret_code"), Some(&Value::unsigned(0)));
        assert!(second.get("data_json").unwrap().to_json().contains(r#"{\"a\":2,\"b\":1}"#));
    }

    #[test]
    fn bad_requests_are_answered() {
        for (line, error) in [
            ("nonsense", "bad request: expected ident at line 1 column 2"),
            (r#"{"op":"dance"}"#, "unknown op dance"),
            (r#"{"op":"key","nam":"a"}"#, "unknown member nam: expected one of id, op, name"),
            (
                r#"{"current_peer_id":"@a"}"#,
                "unknown member current_peer_id: expected one of id, op, air, prev_data, data, params, call_results",
            ),
            (r#"{"op":7}"#, "op: expected a string"),
            (r#"{"air":"(null)"}"#, "no key: give secret_key, key_name or current_peer_id \"@name\""),
            (r#"{"air":"(null)","params":7}"#, "params: expected an object"),
            (r#"{"air":"(null)","params":{"key_name":"a","ttl":4294967296}}"#, "ttl: too large"),
            (r#"{"op":"decode","data":"!"}"#, "data: Invalid symbol 33, offset 0."),
        ] {
            assert_eq!(answer(line).get("oracle_error").and_then(Value::as_str), Some(error), "{line}");
        }
    }
}
