//! Recorded invocations, as the shared data has them encoded.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

#[path = "../../tests/support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::rc::Rc;

use air_interpreter::data::SecurityTetraplet;
use air_interpreter::{CallRequest, CallServiceResult, Outcome, Value, json};
use air_simulation::anomaly::Anomaly;
use support::records;

fn text<'a>(record: &'a Value, key: &str) -> &'a str {
    record.get(key).and_then(Value::as_str).unwrap_or_else(|| panic!("no {key} in {record}"))
}

#[test]
fn encodings() {
    let mut compared = 0;
    let records = records("corpus/data/golden.jsonl");
    for record in records.iter().filter(|record| text(record, "kind") == "encoding") {
        match text(record, "id") {
            "enc-anomaly" => {
                let anomaly = Anomaly::parse(text(record, "text")).unwrap();
                assert_eq!(anomaly.script, "(null)");
                assert_eq!((&*anomaly.prev_data, &*anomaly.current_data), (&[1, 2][..], &[3][..]));
                let parameters = &anomaly.parameters;
                assert_eq!(
                    (parameters.init_peer_id.as_str(), parameters.timestamp, parameters.ttl),
                    ("i", 1, 2)
                );
                assert!(anomaly.call_results.is_empty());
                assert_eq!(anomaly.outcome, json::parse(r#"{"ret_code":0}"#).unwrap());
            }
            "enc-particle-parameters" => {
                let anomaly = anomaly(text(record, "text"), "{}", "{}");
                let parameters = anomaly.parameters;
                assert_eq!(
                    (&*parameters.init_peer_id, &*parameters.particle_id, &*parameters.current_peer_id),
                    ("i", "p", "c")
                );
                assert_eq!((parameters.timestamp, parameters.ttl), (1, 2));
            }
            "enc-anomaly-call-results" => {
                let results = anomaly("{}", text(record, "text"), "{}").call_results;
                let result = CallServiceResult { ret_code: 0, result: r#"{"a":1}"#.to_owned() };
                assert_eq!(results, BTreeMap::from([("3".to_owned(), result)]));
            }
            "enc-raw-outcome" => {
                let recorded = anomaly("{}", "{}", text(record, "text"));
                let request = recorded.outcome.get("call_requests").and_then(|all| all.get("1")).unwrap();
                let outcome = Outcome {
                    next_peer_pks: vec!["p".to_owned()],
                    call_requests: Some(BTreeMap::from([(
                        1,
                        CallRequest {
                            service_id: text(request, "service_id").to_owned(),
                            function_name: text(request, "function_name").to_owned(),
                            arguments: vec![Value::integer(1)],
                            tetraplets: tetraplets(request.get("tetraplets").unwrap()),
                        },
                    )])),
                    ..Outcome::default()
                };
                assert_eq!(recorded.differences(&outcome), []);
                assert_eq!(recorded.differences(&Outcome::default()).len(), 2);
            }
            _ => continue,
        }
        compared += 1;
    }
    assert!(records.is_empty() || compared == 4, "{compared}");
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

/// An anomaly file with these parts.
fn anomaly(particle: &str, call_results: &str, outcome: &str) -> Anomaly {
    let file = format!(
        r#"{{"air_script":"(null)","particle":{:?},"prev_data":[],"current_data":[],"call_results":{:?},
        "avm_outcome":{:?},"execution_time":{{"secs":1,"nanos":500}},"memory_delta":4096}}"#,
        particle.as_bytes(),
        call_results.as_bytes(),
        outcome.as_bytes()
    );
    Anomaly::parse(&file).unwrap()
}
