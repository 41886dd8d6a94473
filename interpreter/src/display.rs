//! Interpreter data and particles as people read them: contents in the place of identifiers.

mod text;

use crate::MINIMUM_VERSION;
use crate::data::{
    CallResult, CanonResult, Cid, Envelope, ExecutedState, InterpreterData, Provenance, Sender, Stores,
    ValueRef, envelope_to_json, tetraplet_json,
};
use crate::errors::PreparationError;
use crate::msgpack::{Item, Reader};
use crate::value::{Value, object};

/// What bytes from outside turn out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Interpreter data.
    Data(Box<DataContent>),
    /// A particle with the data in it; no data if it has none yet.
    Particle {
        /// Everything but the data: id, init peer, time, script, signature.
        header: Value,
        /// The data that it carries.
        data: Option<Box<DataContent>>,
    },
    /// What `:error:` or `%last_error%` holds, as logs have it.
    Error(Value),
}

pub use text::{decoded, error_object};

/// Interpreter data, read.
#[derive(Debug, Clone, PartialEq)]
pub struct DataContent {
    /// As tools exchange it: versions, trace, stores, signatures.
    pub json: Value,
    /// The trace with contents in the place of identifiers.
    pub trace: Vec<Value>,
    /// The same, a line for each state.
    pub lines: Vec<String>,
}

/// Reads interpreter data or a particle, also in text form: data in base64, in hex or as an array of numbers, a particle as
/// JSON, or a line of a log with a particle or an error object in it.
///
/// # Errors
/// If the bytes are nothing of that; the message says why they are not data.
pub fn read(bytes: &[u8]) -> Result<Content, String> {
    if let Some(content) = text::read(bytes) {
        return content;
    }
    read_binary(&decoded(bytes))
}

fn read_binary(bytes: &[u8]) -> Result<Content, String> {
    if let Some((header, data)) = particle(bytes) {
        let data = if data.is_empty() { None } else { Some(Box::new(read_data(&data)?)) };
        return Ok(Content::Particle { header, data });
    }
    read_data(bytes).map(|data| Content::Data(Box::new(data)))
}

/// Reads interpreter data.
///
/// # Errors
/// If the bytes are something else.
pub fn read_data(bytes: &[u8]) -> Result<DataContent, String> {
    let envelope = Envelope::decode(bytes).map_err(|_| {
        format!("not interpreter data: {} bytes, which begin with {}", bytes.len(), beginning(bytes))
    })?;
    let data = InterpreterData::decode(&envelope.inner_data).map_err(|_| {
        format!("interpreter data of {} bytes, whose inner data is damaged", envelope.inner_data.len())
    })?;
    let json = envelope_to_json(&envelope, &data);
    let resolver = Resolver { stores: Stores::of(data.cid_info, 0), provenance: provenance_kind };
    let trace: Vec<Value> = data.trace.iter().map(|state| resolver.state(state)).collect();
    let lines = trace.iter().enumerate().map(|(at, state)| format!("{at}: {}", state_line(state))).collect();
    Ok(DataContent { json, trace, lines })
}

/// The text of AquaVM's `to_human_readable_data`: data as JSON, with versions, trace, stores, signatures.
///
/// # Errors
/// If the bytes are something else, or of a version that AquaVM refuses.
pub fn to_human_readable(bytes: &[u8]) -> Result<String, String> {
    let envelope = Envelope::decode(bytes).map_err(|error| error.error.to_string())?;
    if envelope.interpreter_version < crate::invocation::version(MINIMUM_VERSION) {
        return Err(PreparationError::Version(envelope.interpreter_version).to_string());
    }
    let data = InterpreterData::decode(&envelope.inner_data).map_err(|error| error.to_string())?;
    Ok(crate::json::print_pretty(&envelope_to_json(&envelope, &data)))
}

/// The first bytes, as a text if they are one.
fn beginning(bytes: &[u8]) -> String {
    let first = bytes.get(..12).unwrap_or(bytes);
    match std::str::from_utf8(first) {
        Ok(text) if text.chars().all(|letter| letter == ' ' || letter.is_ascii_graphic()) => {
            format!("`{text}`")
        }
        _ => first.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" "),
    }
}

/// The trace of interpreter data with contents in the place of identifiers, provenances in full; `None` if the
/// bytes are not data.
pub fn resolved_trace(bytes: &[u8]) -> Option<Vec<Value>> {
    let envelope = Envelope::decode(bytes).ok()?;
    let data = InterpreterData::decode(&envelope.inner_data).ok()?;
    let resolver =
        Resolver { stores: Stores::of(data.cid_info, 0), provenance: crate::data::provenance_json };
    Some(data.trace.iter().map(|state| resolver.state(state)).collect())
}

/// A particle as it travels: perhaps its length, a codec, a map with `"action": "Particle"`.
fn particle(bytes: &[u8]) -> Option<(Value, Vec<u8>)> {
    let start = bytes.windows(2).take(12).position(|pair| pair == [0x81, 0x04])?;
    let mut reader = Reader::new(bytes.get(start + 2..)?);
    let Ok(Item::Map(size)) = reader.item() else { return None };
    let (mut header, mut data, mut is_particle) = (Vec::new(), Vec::new(), false);
    for _ in 0..size {
        match reader.text("a key").ok()? {
            "action" => is_particle = reader.text("an action").ok()? == "Particle",
            "data" => data = reader.bytes("bytes").ok()?.into_owned(),
            "signature" => {
                let signature = bs58::encode(reader.bytes("bytes").ok()?).into_string();
                header.push(("signature".into(), Value::string(signature)));
            }
            key => header.push((key.into(), crate::msgpack::read_value(&mut reader).ok()?)),
        }
    }
    is_particle.then(|| (Value::object(header), data))
}

struct Resolver {
    stores: Stores,
    provenance: fn(&Provenance) -> Value,
}

fn provenance_kind(provenance: &Provenance) -> Value {
    Value::from(match provenance {
        Provenance::Literal => "literal",
        Provenance::ServiceResult { .. } => "service_result",
        Provenance::Canon { .. } => "canon",
    })
}

impl Resolver {
    fn value(&self, cid: &Cid) -> Value {
        let raw = self.stores.values.get(cid);
        raw.and_then(|raw| raw.value().ok().cloned()).unwrap_or_else(|| missing(cid))
    }

    fn tetraplet(&self, cid: &Cid) -> Value {
        self.stores.tetraplets.get(cid).map_or_else(|| missing(cid), |tetraplet| tetraplet_json(tetraplet))
    }

    fn result(&self, cid: &Cid) -> Vec<(&'static str, Value)> {
        match self.stores.service_results.get(cid) {
            None => vec![("value", missing(cid))],
            Some(result) => vec![
                ("value", self.value(&result.value_cid)),
                ("tetraplet", self.tetraplet(&result.tetraplet_cid)),
                ("args_hash", Value::from(&*result.argument_hash)),
                ("cid", Value::from(cid.as_str())),
            ],
        }
    }

    fn state(&self, state: &ExecutedState) -> Value {
        let number = |number: u32| Value::unsigned(number.into());
        match state {
            ExecutedState::Par(par) => {
                object([("par", Value::array(vec![number(par.left_size), number(par.right_size)]))])
            }
            ExecutedState::Call(call) => object([("call", self.call(call))]),
            ExecutedState::Ap(_) | ExecutedState::Fold(_) => crate::data::state_json(state),
            ExecutedState::Canon(CanonResult::RequestSentBy(peer)) => {
                object([("canon", object([("sent_by", Value::from(peer.as_str()))]))])
            }
            ExecutedState::Canon(CanonResult::Executed(cid)) => {
                let Some(canon) = self.stores.canon_results.get(cid) else {
                    return object([("canon", object([("missing", missing(cid))]))]);
                };
                let values =
                    canon.values.iter().map(|element| match self.stores.canon_elements.get(element) {
                        None => missing(element),
                        Some(element) => object([
                            ("value", self.value(&element.value)),
                            ("tetraplet", self.tetraplet(&element.tetraplet)),
                            ("provenance", (self.provenance)(&element.provenance)),
                        ]),
                    });
                let canon = object([
                    ("values", Value::array(values.collect())),
                    ("tetraplet", self.tetraplet(&canon.tetraplet)),
                    ("cid", Value::from(cid.as_str())),
                ]);
                object([("canon", canon)])
            }
        }
    }

    fn call(&self, call: &CallResult) -> Value {
        let of = |members: Vec<(&'static str, Value)>| {
            Value::object(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
        };
        match call {
            CallResult::RequestSentBy(Sender::PeerId(peer)) => {
                object([("sent_by", object([("PeerId", Value::from(peer.as_str()))]))])
            }
            CallResult::RequestSentBy(Sender::PeerIdWithCallId { peer_id, call_id }) => {
                let sender = object([
                    ("peer_id", Value::from(peer_id.as_str())),
                    ("call_id", Value::unsigned((*call_id).into())),
                ]);
                object([("sent_by", object([("PeerIdWithCallId", sender)]))])
            }
            CallResult::Executed(ValueRef::Scalar(cid)) => object([("scalar", of(self.result(cid)))]),
            CallResult::Executed(ValueRef::Stream { cid, generation }) => {
                let mut members = self.result(cid);
                members.push(("generation", Value::unsigned((*generation).into())));
                object([("stream", of(members))])
            }
            CallResult::Executed(ValueRef::Unused(cid)) => {
                object([("unused", object([("value_cid", Value::from(cid.as_str()))]))])
            }
            CallResult::Failed(cid) => object([("failed", of(self.result(cid)))]),
        }
    }
}

fn missing(cid: &Cid) -> Value {
    object([("missing", Value::from(cid.as_str()))])
}

/// A state with contents in the place of identifiers, for people: on one line, elements below it; the members of a tetraplet
/// with colons between them.
pub fn state_line(state: &Value) -> String {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let tetraplet = |of: &Value| match of.get("tetraplet") {
        None => String::new(),
        Some(tetraplet) => {
            let part = |key: &str| text(tetraplet.get(key));
            let lens = part("lens");
            let lens = if lens.is_empty() { lens } else { format!(" {lens}") };
            format!(" <{}:{}:{}{lens}>", part("peer_pk"), part("service_id"), part("function_name"))
        }
    };
    let content = |of: &Value| format!("{}{}", of.get("value").cloned().unwrap_or_default(), tetraplet(of));
    if let Some(call) = state.get("call") {
        return if let Some(result) = call.get("scalar") {
            format!("call {}", content(result))
        } else if let Some(result) = call.get("stream") {
            format!(
                "call into stream, generation {}: {}",
                result.get("generation").cloned().unwrap_or_default(),
                content(result)
            )
        } else if let Some(result) = call.get("failed") {
            format!("call failed {}", content(result))
        } else if let Some(sender) = call.get("sent_by") {
            match (sender.get("PeerId"), sender.get("PeerIdWithCallId")) {
                (Some(peer), _) => format!("call sent by {}", text(Some(peer))),
                (_, Some(sender)) => format!(
                    "call requested by {}, number {}",
                    text(sender.get("peer_id")),
                    sender.get("call_id").cloned().unwrap_or_default()
                ),
                _ => "call".to_owned(),
            }
        } else {
            "call, result not kept".to_owned()
        };
    }
    if let Some(canon) = state.get("canon") {
        if let Some(peer) = canon.get("sent_by") {
            return format!("canon sent by {}", text(Some(peer)));
        }
        let values = canon.get("values").and_then(Value::as_array).unwrap_or_default();
        let values: Vec<String> = values.iter().map(|value| format!("  {}", content(value))).collect();
        let separator = if values.is_empty() { "" } else { "\n" };
        return format!("canon of {}{}{separator}{}", values.len(), tetraplet(canon), values.join("\n"));
    }
    if let Some([left, right]) = state.get("par").and_then(Value::as_array) {
        return format!("par, {left} states left, {right} right");
    }
    if let Some(generation) = state.get("ap").and_then(|ap| ap.get("gens")) {
        return format!(
            "ap, generation {}",
            generation.as_array().and_then(<[Value]>::first).cloned().unwrap_or_default()
        );
    }
    let lore =
        state.get("fold").and_then(|fold| fold.get("lore")).and_then(Value::as_array).unwrap_or_default();
    let piece = |iteration: &Value, at: usize| {
        let piece =
            iteration.get("desc").and_then(Value::as_array).and_then(|pieces| pieces.get(at)).cloned();
        let piece = piece.unwrap_or_default();
        format!(
            "{} from {}",
            piece.get("len").cloned().unwrap_or_default(),
            piece.get("pos").cloned().unwrap_or_default()
        )
    };
    let iterations: Vec<String> = lore
        .iter()
        .map(|iteration| {
            let value = iteration.get("pos").cloned().unwrap_or_default();
            format!("  value of {value}: {} before next, {} after", piece(iteration, 0), piece(iteration, 1))
        })
        .collect();
    let separator = if iterations.is_empty() { "" } else { "\n" };
    format!("fold of {}{separator}{}", iterations.len(), iterations.join("\n"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use expect_test::expect;

    use super::*;
    use crate::{ParsedScript, RunParameters, encode_call_results, invoke};

    fn data() -> Vec<u8> {
        let script = ParsedScript::new(
            r#"(seq (par (ap "x" $s) (call "b" ("s" "f") [])) (seq (fold $s i (par (null) (next i))) (seq (canon "a" $s #cc) (call "a" ("s" "f") [#cc] r))))"#,
        );
        let parameters = RunParameters {
            init_peer_id: "a".to_owned(),
            current_peer_id: "a".to_owned(),
            secret_key: vec![7; 32],
            ..RunParameters::default()
        };
        invoke(&script, &[], &[], &parameters, &encode_call_results(&BTreeMap::new())).data
    }

    #[test]
    fn a_trace_with_contents() {
        let Content::Data(read) = read(&data()).unwrap() else { panic!("no data") };
        expect![[r#"
            0: par, 1 states left, 1 right
            1: ap, generation 0
            2: call sent by a
            3: fold of 1
              value of 1: 1 from 4 before next, 0 from 5 after
            4: par, 0 states left, 0 right
            5: canon of 1 <a::>
              "x" <a::>
            6: call requested by a, number 1"#]]
        .assert_eq(&read.lines.join("\n"));
        assert!(read.json.to_json().contains("\"lcid\":1"));
    }

    #[test]
    fn a_particle_with_its_data() {
        let mut bytes = vec![0x99, 0x01, 0x81, 0x04];
        crate::msgpack::write_map(4, &mut bytes);
        for (key, text) in [("action", "Particle"), ("id", "p-1")] {
            crate::msgpack::write_str(key, &mut bytes);
            crate::msgpack::write_str(text, &mut bytes);
        }
        crate::msgpack::write_str("signature", &mut bytes);
        crate::msgpack::write_bin(&[1, 2], &mut bytes);
        crate::msgpack::write_str("data", &mut bytes);
        crate::msgpack::write_bin(&data(), &mut bytes);
        let Content::Particle { header, data } = read(&bytes).unwrap() else { panic!("no particle") };
        assert_eq!(header.to_json(), r#"{"id":"p-1","signature":"5T"}"#);
        assert_eq!(data.unwrap().lines.len(), 7);
    }

    #[test]
    fn other_bytes_are_refused() {
        assert!(read(b"").is_err());
        assert!(read(b"\x81\x04\x80").is_err());
        assert!(read(b"garbage").unwrap_err().starts_with("not interpreter data: "));
    }
}
