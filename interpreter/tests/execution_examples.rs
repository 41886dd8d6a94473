//! The worked examples of the execution spec, step by step with every intermediate trace.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod support;

use std::collections::{BTreeMap, VecDeque};

use air_interpreter::data::{
    CallResult, CanonResult, Cid, CidInfo, Envelope, ExecutedState, InterpreterData, Provenance,
    SecurityTetraplet, Sender, ValueRef,
};
use air_interpreter::keys::{KeyPair, secret_of_name};
use air_interpreter::{
    CallServiceResult, Outcome, ParsedScript, RunParameters, Value, encode_call_results, invoke, json,
};

const PEERS: [&str; 3] = ["A", "B", "C"];

fn secret(letter: &str) -> [u8; 32] {
    secret_of_name(letter)
}

fn peer_id(letter: &str) -> String {
    KeyPair::from_secret(0, &secret(letter)).unwrap().public().peer_id()
}

/// Peer ids back to letters.
fn letters(text: &str) -> String {
    PEERS.iter().fold(text.to_owned(), |text, letter| text.replace(&peer_id(letter), letter))
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_else(|| panic!("no {key}"))
}

fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).unwrap_or_else(|| panic!("no {key}"))
}

struct Stored<'a>(&'a CidInfo);

impl Stored<'_> {
    fn value(&self, cid: &Cid) -> String {
        self.0.value_store.iter().find(|entry| entry.cid == *cid).unwrap().value.text().to_owned()
    }

    fn tetraplet(&self, cid: &Cid) -> String {
        let SecurityTetraplet { peer_pk, service_id, function_name, lens } =
            &*self.0.tetraplet_store.iter().find(|entry| entry.cid == *cid).unwrap().value;
        let lens = if lens.is_empty() { String::new() } else { format!(" |{lens}|") };
        format!("<{peer_pk}:{service_id}:{function_name}{lens}>")
    }

    fn result(&self, cid: &Cid) -> String {
        let result = &self.0.service_result_store.iter().find(|entry| entry.cid == *cid).unwrap().value;
        format!("{} {}", self.value(&result.value_cid), self.tetraplet(&result.tetraplet_cid))
    }

    fn state(&self, state: &ExecutedState) -> String {
        match state {
            ExecutedState::Par(par) => format!("par({},{})", par.left_size, par.right_size),
            ExecutedState::Ap(ap) => format!("ap(gen {})", ap.res_generations[0]),
            ExecutedState::Call(call) => match call {
                CallResult::RequestSentBy(Sender::PeerId(peer)) => format!("call sent_by({peer})"),
                CallResult::RequestSentBy(Sender::PeerIdWithCallId { peer_id, call_id }) => {
                    format!("call sent_by({peer_id}:{call_id})")
                }
                CallResult::Executed(ValueRef::Scalar(cid)) => format!("call scalar {}", self.result(cid)),
                CallResult::Executed(ValueRef::Stream { cid, generation }) => {
                    format!("call stream(gen {generation}) {}", self.result(cid))
                }
                CallResult::Executed(ValueRef::Unused(_)) => "call unused".to_owned(),
                CallResult::Failed(cid) => format!("call failed {}", self.result(cid)),
            },
            ExecutedState::Canon(CanonResult::RequestSentBy(peer)) => format!("canon sent_by({peer})"),
            ExecutedState::Canon(CanonResult::Executed(cid)) => {
                let canon = &self.0.canon_result_store.iter().find(|entry| entry.cid == *cid).unwrap().value;
                let elements: Vec<String> = canon
                    .values
                    .iter()
                    .map(|cid| {
                        let element =
                            &self.0.canon_element_store.iter().find(|entry| entry.cid == *cid).unwrap().value;
                        let provenance = match element.provenance {
                            Provenance::Literal => "lit",
                            Provenance::ServiceResult { .. } => "svc",
                            Provenance::Canon { .. } => "canon",
                        };
                        format!(
                            "{} {} {provenance}",
                            self.value(&element.value),
                            self.tetraplet(&element.tetraplet)
                        )
                    })
                    .collect();
                format!("canon {} [{}]", self.tetraplet(&canon.tetraplet), elements.join(", "))
            }
            ExecutedState::Fold(fold) => {
                let lore: Vec<String> = fold
                    .lore
                    .iter()
                    .map(|lore| {
                        let (before, after) = (lore.subtraces_desc[0], lore.subtraces_desc[1]);
                        format!(
                            "v{}: {}+{} | {}+{}",
                            lore.value_pos,
                            before.begin_pos,
                            before.subtrace_len,
                            after.begin_pos,
                            after.subtrace_len
                        )
                    })
                    .collect();
                format!("fold[{}]", lore.join("; "))
            }
        }
    }
}

fn trace(data: &[u8]) -> Vec<String> {
    if data.is_empty() {
        return Vec::new();
    }
    let data = InterpreterData::decode(&Envelope::decode(data).unwrap().inner_data).unwrap();
    let stored = Stored(&data.cid_info);
    let lines =
        data.trace.iter().enumerate().map(|(at, state)| letters(&format!("{at}: {}", stored.state(state))));
    lines.collect()
}

fn requests(outcome: &Outcome) -> Value {
    let requests = outcome.call_requests.iter().flatten().map(|(id, request)| {
        let tetraplets = request.tetraplets.iter().map(|tetraplets| {
            let one = |tetraplet: &SecurityTetraplet| {
                format!(
                    r#"{{"function_name":{:?},"lens":{:?},"peer_pk":{:?},"service_id":{:?}}}"#,
                    tetraplet.function_name, tetraplet.lens, tetraplet.peer_pk, tetraplet.service_id
                )
            };
            format!("[{}]", tetraplets.iter().map(|tetraplet| one(tetraplet)).collect::<Vec<_>>().join(","))
        });
        let tetraplets = tetraplets.collect::<Vec<_>>().join(",");
        format!(
            r#"{{"args":{},"function":{:?},"id":{id},"service":{:?},"tetraplets":[{tetraplets}]}}"#,
            Value::array(request.arguments.clone()),
            request.function_name,
            request.service_id
        )
    });
    json::parse(&letters(&format!("[{}]", requests.collect::<Vec<_>>().join(",")))).unwrap()
}

struct Run<'a> {
    example: &'a Value,
    script: ParsedScript,
    kept: BTreeMap<String, Vec<u8>>,
}

impl Run<'_> {
    fn parameters(&self, peer: &str) -> RunParameters {
        let mut parameters = RunParameters {
            init_peer_id: peer_id("A"),
            current_peer_id: peer_id(peer),
            timestamp: 1_700_000_000_000,
            ttl: 7000,
            secret_key: secret(peer).to_vec(),
            particle_id: "p1".to_owned(),
            ..RunParameters::default()
        };
        if let Some(format) = self.example.get("key_format").and_then(Value::as_u64) {
            parameters.key_format = format as u8;
        }
        if let Some(limits) = self.example.get("run_parameters") {
            let set =
                |slot: &mut u64, key: &str| *slot = limits.get(key).and_then(Value::as_u64).unwrap_or(*slot);
            set(&mut parameters.air_size_limit, "air_size_limit");
            set(&mut parameters.particle_size_limit, "particle_size_limit");
            set(&mut parameters.call_result_size_limit, "call_result_size_limit");
            parameters.hard_limit_enabled = limits.get("hard_limit_enabled").is_some();
        }
        parameters
    }

    fn invoke(&self, peer: &str, current: &[u8], results: &[u8]) -> Outcome {
        let prev = self.kept.get(peer).cloned().unwrap_or_default();
        invoke(&self.script, &prev, current, &self.parameters(peer), results)
    }
}

/// What differs from the reference.
fn differences(example: &Value) -> Vec<String> {
    let source = PEERS.iter().fold(text(example, "script").to_owned(), |source, letter| {
        source.replace(&format!("@{letter}@"), &peer_id(letter))
    });
    let mut run = Run { example, script: ParsedScript::new(&source), kept: BTreeMap::new() };
    let eager = example.get("eager").is_some();
    let mut network: VecDeque<(String, String, Vec<u8>)> = VecDeque::new();
    let mut next: Vec<String> = Vec::new();
    let mut wrong = Vec::new();
    let steps = items(example, "steps");
    for (at, step) in steps.iter().enumerate() {
        let (peer, trigger) = (text(step, "peer"), text(step, "trigger"));
        let mut current = Vec::new();
        if let Some(from) = trigger.strip_prefix("from ") {
            let found = network.iter().position(|(source, target, _)| source == from && target == peer);
            current = network.remove(found.unwrap_or_else(|| panic!("{at}: nothing from {from}"))).unwrap().2;
        }
        if let Some(raw) = example.get("cur_raw") {
            current = raw.as_str().unwrap().as_bytes().to_vec();
        }
        if let Some(old) = example.get("cur_version") {
            current = Envelope {
                version: semver::Version::new(0, 17, 2),
                interpreter_version: semver::Version::parse(old.as_str().unwrap()).unwrap(),
                inner_data: InterpreterData::default().encode().unwrap().to_vec().into(),
            }
            .encode();
        }
        let results: BTreeMap<String, CallServiceResult> = step
            .get("results")
            .and_then(Value::as_object)
            .unwrap()
            .members()
            .iter()
            .map(|(id, result)| {
                let ret_code = result.get("ret_code").and_then(Value::as_i64).unwrap() as i32;
                let result = text(result, "result");
                let result = PEERS.iter().fold(result.to_owned(), |text, letter| {
                    text.replace(&format!("\"{letter}\""), &format!("\"{}\"", peer_id(letter)))
                });
                (id.to_string(), CallServiceResult { ret_code, result })
            })
            .collect();
        let raw_empty = example.get("raw_results_empty").is_some();
        let encoded = if raw_empty { Vec::new() } else { encode_call_results(&results) };
        let prev = run.kept.get(peer).cloned().unwrap_or_default();
        let outcome = run.invoke(peer, &current, &encoded);
        let mut compare = |what: &str, ours: String, theirs: String| {
            if ours != theirs {
                wrong.push(format!("step {} {what}:\n  ours   {ours}\n  theirs {theirs}", at + 1));
            }
        };
        compare("code", outcome.ret_code.to_string(), step.get("ret_code").unwrap().to_string());
        if example.get("error_text_depends_on_real_ids_or_keys").is_none() {
            let message = if outcome.ret_code == 1 { "" } else { &outcome.error_message };
            let theirs = if outcome.ret_code == 1 { "" } else { text(step, "error_message") };
            compare("message", letters(message), theirs.to_owned());
        }
        compare("requests", requests(&outcome).to_string(), step.get("requests").unwrap().to_string());
        let mut peers: Vec<String> = outcome.next_peer_pks.iter().map(|peer| letters(peer)).collect();
        peers.sort();
        let theirs: Vec<&str> = items(step, "next_peers").iter().map(|peer| peer.as_str().unwrap()).collect();
        compare("peers", peers.join(","), theirs.join(","));
        let flags = step.get("soft_limits").unwrap();
        for (key, ours) in [
            ("air", outcome.air_size_limit_exceeded),
            ("particle", outcome.particle_size_limit_exceeded),
            ("call_result", outcome.call_result_size_limit_exceeded),
        ] {
            compare(key, ours.to_string(), flags.get(key).unwrap().to_string());
        }
        if text(step, "data") != "new" {
            compare("data", format!("{:x?}", outcome.data), format!("{prev:x?}"));
        }
        // Absent where there is no data at all.
        let lines = step.get("trace").and_then(Value::as_array).unwrap_or_default();
        let theirs: Vec<&str> = lines.iter().map(|line| line.as_str().unwrap()).collect();
        compare("trace", trace(&outcome.data).join("\n         "), theirs.join("\n         "));
        run.kept.insert(peer.to_owned(), outcome.data.clone());
        next.extend(peers);
        let follows = steps
            .get(at + 1)
            .is_some_and(|step| text(step, "peer") == peer && text(step, "trigger") == "results");
        if eager || !follows {
            next.sort();
            next.dedup();
            network.extend(next.drain(..).map(|target| (peer.to_owned(), target, outcome.data.clone())));
        }
    }
    if example.get("panics_after_steps").is_some() {
        let answers = example.get("services").and_then(Value::as_object).unwrap().members();
        let (_, answer) = answers.first().unwrap();
        let result = match answer.get("raw") {
            Some(raw) => raw.as_array().unwrap()[1].as_str().unwrap().to_owned(),
            None => answer.get("ok").unwrap().to_string(),
        };
        let result = CallServiceResult { ret_code: 0, result };
        let results = encode_call_results(&BTreeMap::from([("1".to_owned(), result)]));
        let outcome = run.invoke("A", &[], &results);
        println!("{}: {} {}", text(example, "id"), outcome.ret_code, outcome.error_message);
        if !(29000..30000).contains(&outcome.ret_code) || outcome.data != run.kept["A"] {
            wrong.push(format!("where the reference panics: {} {}", outcome.ret_code, outcome.error_message));
        }
    }
    wrong
}

#[test]
fn examples() {
    let Some(file) = support::shared("spec/execution-examples.json") else { return };
    let examples = json::parse(&std::fs::read_to_string(file).unwrap()).unwrap();
    let mut failed = Vec::new();
    let examples = items(&examples, "examples");
    for example in examples {
        let differences = differences(example);
        if !differences.is_empty() {
            failed.push(format!(
                "{} {}\n{}",
                text(example, "id"),
                text(example, "title"),
                differences.join("\n")
            ));
        }
    }
    println!("{} of {} examples as the reference", examples.len() - failed.len(), examples.len());
    assert!(failed.is_empty(), "{} of {} differ:\n{}", failed.len(), examples.len(), failed.join("\n\n"));
}
