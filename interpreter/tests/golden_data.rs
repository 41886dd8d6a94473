//! The reference's golden vectors for the data layer: identifiers, layouts, encodings, keys.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod support;

use std::collections::BTreeMap;
use std::rc::Rc;

use air_interpreter::cid::{self, Cid};
use air_interpreter::data::{Envelope, InterpreterData, SecurityTetraplet, envelope_to_json, to_json};
use air_interpreter::keys::KeyPair;
use air_interpreter::{
    CallRequest, CallServiceResult, Value, decode_call_results, encode_call_requests, encode_call_results,
    json, msgpack, signatures,
};
use support::{hex, records};

fn text<'a>(record: &'a Value, key: &str) -> &'a str {
    record.get(key).and_then(Value::as_str).unwrap_or_else(|| panic!("no {key} in {record}"))
}

fn of_kind(kind: &str) -> Vec<Value> {
    let records: Vec<_> = records("corpus/data/golden.jsonl")
        .into_iter()
        .filter(|record| text(record, "kind") == kind)
        .collect();
    println!("{} records of kind {kind}", records.len());
    records
}

#[test]
fn identifiers() {
    for record in of_kind("cid") {
        let (cid, hashed) = (text(&record, "cid"), text(&record, "hashed_bytes_utf8"));
        assert_eq!(Cid::of(hashed).as_str(), cid, "{}", text(&record, "id"));
        assert_eq!(cid::verify(cid, hashed), Ok(()));
        if let Some(input) = record.get("input_text").and_then(Value::as_str) {
            assert_eq!(json::parse(input).unwrap().to_json(), hashed, "{}", text(&record, "id"));
        }
    }
}

#[test]
fn inner_data_is_read_and_rewritten_identically() {
    for record in of_kind("inner_data") {
        let (id, bytes) = (text(&record, "id"), hex(text(&record, "inner_hex")));
        let data = InterpreterData::decode(&bytes).unwrap_or_else(|error| panic!("{id}: {error}"));
        assert_eq!(Some(&to_json(&data)), record.get("json"), "{id}");
        assert_eq!(data.encode().unwrap().as_slice(), bytes, "{id}");
    }
}

#[test]
fn every_datum_of_every_run_is_rewritten_identically() {
    let mut count = 0;
    for record in of_kind("run").into_iter().chain(of_kind("trap")) {
        let id = text(&record, "id");
        let places = [("input", "prev_data_b64"), ("input", "data_b64"), ("expected", "data_b64")];
        for (section, key) in places {
            let Some(encoded) =
                record.get(section).and_then(|section| section.get(key)).and_then(Value::as_str)
            else {
                continue;
            };
            let bytes = support::base64(encoded);
            let Ok(envelope) = Envelope::decode(&bytes) else { continue };
            let Ok(data) = InterpreterData::decode(&envelope.inner_data) else { continue };
            assert_eq!(data.encode().unwrap().as_slice(), &*envelope.inner_data, "{id} {key}");
            count += 1;
        }
    }
    println!("{count} data rewritten");
    assert!(count == 0 || count > 300);
}

#[test]
fn envelopes() {
    for record in of_kind("envelope") {
        let bytes = hex(text(&record, "envelope_hex"));
        let envelope = Envelope::decode(&bytes).unwrap();
        assert_eq!(envelope.encode(), bytes);
        assert!(InterpreterData::decode(&envelope.inner_data).is_ok());
    }
}

#[test]
fn keys_and_signatures() {
    let mut alice = None;
    for record in of_kind("key") {
        let key = KeyPair::from_secret(0, &hex(text(&record, "secret_hex"))).unwrap();
        assert_eq!(key.public().peer_id(), text(&record, "peer_id"));
        assert_eq!(key.public().to_bytes().as_slice(), hex(text(&record, "public_key_hex")));
        if text(&record, "name") == "alice" {
            alice = Some(key);
        }
    }
    for record in of_kind("signature") {
        let key = alice.as_ref().unwrap();
        let cids = record.get("cids").and_then(Value::as_array).unwrap();
        let mut cids: Vec<Cid> = cids.iter().map(|cid| Cid(cid.as_str().unwrap().into())).collect();
        let salt = text(&record, "salt");
        let entry = signatures::sign(key, &mut cids, salt);
        let texts: Vec<&str> = cids.iter().map(Cid::as_str).collect();
        assert_eq!(signatures::signed_bytes(&texts, salt), hex(text(&record, "signed_bytes_hex")));
        assert_eq!(&*entry.signature.0, hex(text(&record, "signature_hex")));
    }
}

#[test]
fn encodings() {
    let records = of_kind("encoding");
    for record in &records {
        let bytes = || hex(text(record, "hex"));
        let json = || record.get("json").unwrap();
        match text(record, "id") {
            "enc-call-arguments" => {
                let mut written = Vec::new();
                msgpack::write_value(json(), &mut written);
                assert_eq!(written, bytes());
                assert_eq!(&msgpack::read_value(&mut msgpack::Reader::new(&bytes())).unwrap(), json());
            }
            // They are maps of texts in lists: as values they are the same bytes, in the field order of the
            // reference, which requests show.
            "enc-tetraplets" => {
                assert_eq!(&msgpack::read_value(&mut msgpack::Reader::new(&bytes())).unwrap(), json());
                let requests = encode_call_requests(&BTreeMap::from([(
                    1,
                    CallRequest {
                        service_id: String::new(),
                        function_name: String::new(),
                        arguments: Vec::new(),
                        tetraplets: tetraplets(json()),
                    },
                )]));
                assert!(requests.ends_with(&bytes()));
            }
            "enc-call-results" | "enc-call-results-empty" => {
                let results: BTreeMap<String, CallServiceResult> = members(json())
                    .map(|(id, result)| {
                        let ret_code = result.get("ret_code").and_then(Value::as_i64).unwrap() as i32;
                        (
                            id.to_owned(),
                            CallServiceResult { ret_code, result: text(result, "result").to_owned() },
                        )
                    })
                    .collect();
                assert_eq!(encode_call_results(&results), bytes());
                assert_eq!(decode_call_results(&bytes()).unwrap(), results);
            }
            "enc-call-requests" | "enc-call-requests-empty" => {
                let requests: BTreeMap<u32, CallRequest> = members(json())
                    .map(|(id, request)| {
                        let arguments = request.get("arguments").and_then(Value::as_array).unwrap().to_vec();
                        let request = CallRequest {
                            service_id: text(request, "service_id").to_owned(),
                            function_name: text(request, "function_name").to_owned(),
                            arguments,
                            tetraplets: tetraplets(request.get("tetraplets").unwrap()),
                        };
                        (id.parse().unwrap(), request)
                    })
                    .collect();
                assert_eq!(encode_call_requests(&requests), bytes());
            }
            // `air-simulation` compares them.
            "enc-anomaly" | "enc-particle-parameters" | "enc-anomaly-call-results" | "enc-raw-outcome" => {}
            "human-readable" => {
                let runs = of_kind("run");
                let run = runs.iter().find(|run| text(run, "id") == "run-call-2").unwrap();
                let bytes = support::base64(text(run.get("expected").unwrap(), "data_b64"));
                let envelope = Envelope::decode(&bytes).unwrap();
                let data = InterpreterData::decode(&envelope.inner_data).unwrap();
                let printed = json::print_pretty(&envelope_to_json(&envelope, &data));
                assert_eq!(printed, text(record, "text"));
            }
            other => panic!("{other} is not compared"),
        }
    }
    assert!(records.is_empty() || records.len() == 11);
}

fn members(object: &Value) -> impl Iterator<Item = (&str, &Value)> {
    object.as_object().unwrap().members().iter().map(|(key, value)| (&**key, value))
}

fn tetraplets(lists: &Value) -> Vec<Vec<Rc<SecurityTetraplet>>> {
    let one = |tetraplet: &Value| {
        let field = |key| text(tetraplet, key).into();
        Rc::new(SecurityTetraplet {
            peer_pk: field("peer_pk"),
            service_id: field("service_id"),
            function_name: field("function_name"),
            lens: field("lens"),
        })
    };
    lists.as_array().unwrap().iter().map(|list| list.as_array().unwrap().iter().map(one).collect()).collect()
}
