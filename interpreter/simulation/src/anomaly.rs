//! Anomaly files: what a node writes down of an invocation that was slow or went wrong, and the
//! invocation once more.

use std::collections::BTreeMap;

use air_interpreter::ParsedScript;
use air_interpreter::json;
use air_interpreter::keys::secret_of_name;
use air_interpreter::protocol::request_json;
use air_interpreter::value::Value;
use air_interpreter::{CallServiceResult, Outcome, RunParameters, encode_call_results, invoke};

/// One recorded invocation.
#[derive(Debug, Clone, PartialEq)]
pub struct Anomaly {
    /// The script.
    pub script: String,
    /// Init peer, id, time and peer; the key is made up, for a node does not write its own down.
    pub parameters: RunParameters,
    /// Previous data.
    pub prev_data: Vec<u8>,
    /// Current data.
    pub current_data: Vec<u8>,
    /// Results of calls.
    pub call_results: BTreeMap<String, CallServiceResult>,
    /// What came out: code, message, data, requests, next peers, as the node wrote it.
    pub outcome: Value,
}

/// Something that differs from what was recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// `ret_code`, `error_message`, `next_peer_pks` or `call_requests`.
    pub what: &'static str,
    /// What was recorded.
    pub recorded: Value,
    /// What comes out now.
    pub replayed: Value,
}

impl Anomaly {
    /// Reads an anomaly file.
    ///
    /// # Errors
    /// Says which part is missing or of another form.
    pub fn parse(text: &str) -> Result<Self, String> {
        let whole = json::parse(text).map_err(|error| error.to_string())?;
        let script = whole.get("air_script").and_then(Value::as_str).ok_or("missing string `air_script`")?;
        let particle = inner_json(&whole, "particle")?;
        let text = |key: &str| particle.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let number = |key: &str| particle.get(key).and_then(Value::as_u64).unwrap_or_default();
        let results = inner_json(&whole, "call_results")?;
        let results = results.as_object().ok_or("`call_results`: expected an object")?.members();
        let result = |(id, result): &(std::rc::Rc<str>, Value)| {
            let code =
                result.get("ret_code").and_then(Value::as_i64).and_then(|code| i32::try_from(code).ok());
            let ret_code = code.ok_or_else(|| format!("`call_results`: {id}: missing `ret_code`"))?;
            // The result is a JSON value here, not its text.
            let result = result
                .get("result")
                .ok_or_else(|| format!("`call_results`: {id}: missing `result`"))?
                .to_json();
            Ok((id.to_string(), CallServiceResult { ret_code, result }))
        };
        Ok(Anomaly {
            script: script.to_owned(),
            parameters: RunParameters {
                init_peer_id: text("init_peer_id"),
                current_peer_id: text("current_peer_id"),
                timestamp: number("timestamp"),
                ttl: u32::try_from(number("ttl")).map_err(|_| "`particle`: `ttl` is too large")?,
                secret_key: secret_of_name("anomaly").to_vec(),
                particle_id: text("particle_id"),
                ..RunParameters::default()
            },
            prev_data: bytes(&whole, "prev_data")?,
            current_data: bytes(&whole, "current_data")?,
            call_results: results.iter().map(result).collect::<Result<_, String>>()?,
            outcome: inner_json(&whole, "avm_outcome")?,
        })
    }

    /// Whether a text is meant as an anomaly file.
    pub fn is_one(text: &str) -> bool {
        text.trim_start().starts_with('{')
            && json::parse(text).is_ok_and(|whole| whole.get("air_script").is_some())
    }

    /// Runs it again.
    pub fn replay(&self) -> Outcome {
        let results = encode_call_results(&self.call_results);
        invoke(
            &ParsedScript::new(&self.script),
            &self.prev_data,
            &self.current_data,
            &self.parameters,
            &results,
        )
    }

    /// What an outcome has that the recorded one has not. Data is not compared: the key is another one.
    pub fn differences(&self, outcome: &Outcome) -> Vec<Difference> {
        let peers = |peers: &[Value]| {
            let mut peers: Vec<&str> = peers.iter().filter_map(Value::as_str).collect();
            peers.sort_unstable();
            Value::array(peers.into_iter().map(Value::from).collect())
        };
        let recorded = |key: &str| self.outcome.get(key).cloned().unwrap_or_default();
        let now: Vec<Value> = outcome.next_peer_pks.iter().map(|peer| Value::from(peer.as_str())).collect();
        let requests = outcome.call_requests.iter().flatten();
        let requests = requests.map(|(id, request)| (id.to_string().into(), request_json(request)));
        let pairs = [
            ("ret_code", recorded("ret_code"), Value::integer(outcome.ret_code)),
            ("error_message", recorded("error_message"), Value::from(outcome.error_message.as_str())),
            ("next_peer_pks", peers(recorded("next_peer_pks").as_array().unwrap_or_default()), peers(&now)),
            ("call_requests", recorded("call_requests"), Value::object(requests.collect())),
        ];
        let differing = pairs.into_iter().filter(|(_, recorded, replayed)| recorded != replayed);
        differing.map(|(what, recorded, replayed)| Difference { what, recorded, replayed }).collect()
    }
}

/// Bytes are arrays of numbers.
fn bytes(whole: &Value, key: &str) -> Result<Vec<u8>, String> {
    let numbers = whole.get(key).and_then(Value::as_array).ok_or_else(|| format!("missing bytes `{key}`"))?;
    let bytes = numbers.iter().map(|number| number.as_u64().and_then(|number| u8::try_from(number).ok()));
    bytes.collect::<Option<_>>().ok_or_else(|| format!("`{key}`: expected an array of bytes"))
}

/// Bytes that are JSON.
fn inner_json(whole: &Value, key: &str) -> Result<Value, String> {
    let text = String::from_utf8(bytes(whole, key)?).map_err(|error| format!("`{key}`: {error}"))?;
    json::parse(&text).map_err(|error| format!("`{key}`: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> String {
        format!("{:?}", text.as_bytes())
    }

    fn file(outcome: &str) -> String {
        format!(
            r#"{{"air_script":"(call \"c\" (\"s\" \"f\") [1] r)","particle":{},"prev_data":[],"current_data":[],
            "call_results":{},"avm_outcome":{},"execution_time":{{"secs":1,"nanos":500}},"memory_delta":4096}}"#,
            numbers(r#"{"init_peer_id":"i","particle_id":"p","timestamp":1,"ttl":2,"current_peer_id":"c"}"#),
            numbers("{}"),
            numbers(outcome)
        )
    }

    #[test]
    fn an_invocation_is_replayed_and_compared() {
        let request = r#"{"1":{"service_id":"s","function_name":"f","arguments":[1],"tetraplets":[[{"peer_pk":"i","service_id":"","function_name":"","lens":""}]]}}"#;
        let recorded = format!(
            r#"{{"ret_code":0,"error_message":"","data":[],"call_requests":{request},"next_peer_pks":[]}}"#
        );
        let anomaly = Anomaly::parse(&file(&recorded)).unwrap();
        assert_eq!(anomaly.parameters.ttl, 2);
        let outcome = anomaly.replay();
        assert_eq!(anomaly.differences(&outcome), []);
        let other = Anomaly::parse(&file(&recorded.replace("\"ret_code\":0", "\"ret_code\":7"))).unwrap();
        let differences = other.differences(&outcome);
        assert_eq!(differences.iter().map(|difference| difference.what).collect::<Vec<_>>(), ["ret_code"]);
    }

    #[test]
    fn broken_files_say_what_is_missing() {
        assert_eq!(Anomaly::parse("{}").unwrap_err(), "missing string `air_script`");
        assert_eq!(
            Anomaly::parse(r#"{"air_script":"","particle":[300]}"#).unwrap_err(),
            "`particle`: expected an array of bytes"
        );
    }
}
