//! Data as JSON, in the form that AquaVM's tools show; no interpreter reads it.
//!
//! Values stand as texts of JSON inside of strings, keys and signatures in base58. `PeerId` and `PeerIdWithCallId` have the
//! names of AquaVM's types; all other names are in snake case.

use super::{
    ApResult, CallResult, CanonResult, Envelope, ExecutedState, FoldResult, InterpreterData, ParResult,
    Provenance, Sender, ValueRef,
};
use crate::value::{Value, object};

/// `{"versions": {…}, "data": {…}}`
pub fn envelope_to_json(envelope: &Envelope<'_>, data: &InterpreterData) -> Value {
    object([
        (
            "versions",
            object([
                ("version", Value::string(envelope.version.to_string())),
                ("interpreter_version", Value::string(envelope.interpreter_version.to_string())),
            ]),
        ),
        ("data", to_json(data)),
    ])
}

/// `{"trace": […], "lcid": n, "cid_info": {…}, "signatures": {…}}`
pub fn to_json(data: &InterpreterData) -> Value {
    let info = &data.cid_info;
    let cids = object([
        (
            "value_store",
            map(&info.value_store, |entry| (entry.cid.as_str(), Value::from(entry.value.text()))),
        ),
        (
            "tetraplet_store",
            map(&info.tetraplet_store, |entry| (entry.cid.as_str(), tetraplet(&entry.value))),
        ),
        (
            "canon_element_store",
            map(&info.canon_element_store, |entry| {
                let element = object([
                    ("value", Value::from(entry.value.value.as_str())),
                    ("tetraplet", Value::from(entry.value.tetraplet.as_str())),
                    ("provenance", provenance(&entry.value.provenance)),
                ]);
                (entry.cid.as_str(), element)
            }),
        ),
        (
            "canon_result_store",
            map(&info.canon_result_store, |entry| {
                let values = entry.value.values.iter().map(|cid| Value::from(cid.as_str())).collect();
                let result = object([
                    ("tetraplet", Value::from(entry.value.tetraplet.as_str())),
                    ("values", Value::array(values)),
                ]);
                (entry.cid.as_str(), result)
            }),
        ),
        (
            "service_result_store",
            map(&info.service_result_store, |entry| {
                let result = object([
                    ("value_cid", Value::from(entry.value.value_cid.as_str())),
                    ("argument_hash", Value::from(&*entry.value.argument_hash)),
                    ("tetraplet_cid", Value::from(entry.value.tetraplet_cid.as_str())),
                ]);
                (entry.cid.as_str(), result)
            }),
        ),
    ]);
    let signatures = data.signatures.iter().map(|entry| {
        (
            bs58::encode(&entry.public_key.0).into_string().into(),
            Value::string(bs58::encode(&entry.signature.0).into_string()),
        )
    });
    object([
        ("trace", Value::array(data.trace.iter().map(state).collect())),
        ("lcid", Value::unsigned(data.last_call_request_id.into())),
        ("cid_info", cids),
        ("signatures", Value::object(signatures.collect())),
    ])
}

fn map<T>(entries: &[T], pair: impl Fn(&T) -> (&str, Value)) -> Value {
    Value::object(entries.iter().map(pair).map(|(key, value)| (key.into(), value)).collect())
}

/// `{"peer_pk", "service_id", "function_name", "lens"}`
pub(crate) fn tetraplet(tetraplet: &super::SecurityTetraplet) -> Value {
    object([
        ("peer_pk", Value::from(&*tetraplet.peer_pk)),
        ("service_id", Value::from(&*tetraplet.service_id)),
        ("function_name", Value::from(&*tetraplet.function_name)),
        ("lens", Value::from(&*tetraplet.lens)),
    ])
}

pub(crate) fn provenance(provenance: &Provenance) -> Value {
    match provenance {
        Provenance::Literal => object([("type", "literal".into())]),
        Provenance::ServiceResult { cid } => {
            object([("type", "service_result".into()), ("cid", cid.as_str().into())])
        }
        Provenance::Canon { cid } => object([("type", "canon".into()), ("cid", cid.as_str().into())]),
    }
}

/// One state, identifiers as they are.
pub(crate) fn state(state: &ExecutedState) -> Value {
    let number = |number: u32| Value::unsigned(number.into());
    match state {
        ExecutedState::Par(ParResult { left_size, right_size }) => {
            object([("par", Value::array(vec![number(*left_size), number(*right_size)]))])
        }
        ExecutedState::Call(result) => {
            let inner = match result {
                CallResult::RequestSentBy(Sender::PeerId(peer)) => {
                    object([("sent_by", object([("PeerId", peer.as_str().into())]))])
                }
                CallResult::RequestSentBy(Sender::PeerIdWithCallId { peer_id, call_id }) => {
                    let sender =
                        object([("peer_id", peer_id.as_str().into()), ("call_id", number(*call_id))]);
                    object([("sent_by", object([("PeerIdWithCallId", sender)]))])
                }
                CallResult::Executed(value) => {
                    let value = match value {
                        ValueRef::Scalar(cid) => object([("scalar", cid.as_str().into())]),
                        ValueRef::Stream { cid, generation } => object([(
                            "stream",
                            object([("cid", cid.as_str().into()), ("generation", number(*generation))]),
                        )]),
                        ValueRef::Unused(cid) => object([("unused", cid.as_str().into())]),
                    };
                    object([("executed", value)])
                }
                CallResult::Failed(cid) => object([("failed", cid.as_str().into())]),
            };
            object([("call", inner)])
        }
        ExecutedState::Fold(FoldResult { lore }) => {
            let lore = lore.iter().map(|lore| {
                let pieces = lore.subtraces_desc.iter();
                let pieces = pieces.map(|piece| {
                    object([("pos", number(piece.begin_pos)), ("len", number(piece.subtrace_len))])
                });
                object([("pos", number(lore.value_pos)), ("desc", Value::array(pieces.collect()))])
            });
            object([("fold", object([("lore", Value::array(lore.collect()))]))])
        }
        ExecutedState::Ap(ApResult { res_generations }) => {
            let generations = res_generations.iter().map(|&generation| number(generation)).collect();
            object([("ap", object([("gens", Value::array(generations))]))])
        }
        ExecutedState::Canon(CanonResult::RequestSentBy(peer)) => {
            object([("canon", object([("sent_by", peer.as_str().into())]))])
        }
        ExecutedState::Canon(CanonResult::Executed(cid)) => {
            object([("canon", object([("executed", cid.as_str().into())]))])
        }
    }
}
