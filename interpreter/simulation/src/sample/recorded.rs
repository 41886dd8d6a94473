//! Recorded reality as sample data: what services answered in a production run, to run it again.
//!
//! An anomaly file, a particle or bare interpreter data hold a trace: each call that was executed, with
//! its peer, service, function and result. These become rules. Several results of one function on one
//! peer become a `seq` in the order of the trace, which is the order of execution but for `par` branches
//! that ran at the same time. Results that no variable keeps are not in a trace; such calls get `null`.

use std::fmt::Write;

use air_semantics::Script;
use air_semantics::hir::{InstrKind, OperandKind, Role};

use crate::anomaly::Anomaly;
use air_interpreter::display::{Content, read, resolved_trace};
use air_interpreter::json;
use air_interpreter::value::{Value, object};

/// A recording, taken apart.
struct Recording {
    script: String,
    init_peer: Option<String>,
    particle: Value,
    trace: Vec<Value>,
}

/// The text of a `NAME.sample.json`, the script in it, from the bytes of an anomaly file, a particle or
/// interpreter data; for data alone the script is not known.
///
/// # Errors
/// If it is none of them, in the words of the reader that came farthest.
pub fn from_recording(bytes: &[u8]) -> Result<String, String> {
    let recording = match std::str::from_utf8(bytes) {
        Ok(text) if Anomaly::is_one(text) => of_anomaly(&Anomaly::parse(text)?),
        _ => of_particle(read(bytes)?)?,
    };
    Ok(write(&recording))
}

fn of_anomaly(anomaly: &Anomaly) -> Recording {
    // Once more, so that the results that came last stand in the trace too.
    let outcome = anomaly.replay();
    let known = [&outcome.data, &anomaly.prev_data, &anomaly.current_data];
    // A failed replay may keep less than was there before.
    let traces = known.iter().filter_map(|data| resolved_trace(data));
    let parameters = &anomaly.parameters;
    Recording {
        script: anomaly.script.clone(),
        init_peer: Some(parameters.init_peer_id.clone()),
        particle: object([
            ("particle_id", Value::from(parameters.particle_id.as_str())),
            ("timestamp", Value::unsigned(parameters.timestamp)),
            ("ttl", Value::unsigned(parameters.ttl.into())),
        ]),
        trace: traces
            .reduce(|best, next| if next.len() > best.len() { next } else { best })
            .unwrap_or_default(),
    }
}

fn of_particle(content: Content) -> Result<Recording, String> {
    Ok(match content {
        Content::Error(_) => return Err("an error alone does not say what services answered".to_owned()),
        Content::Data(data) => Recording {
            script: String::new(),
            init_peer: None,
            particle: Value::object(Vec::new()),
            trace: data.trace,
        },
        Content::Particle { header, data } => {
            let text = |key: &str| header.get(key).and_then(Value::as_str).map(str::to_owned);
            let pairs = [("id", "particle_id"), ("timestamp", "timestamp"), ("ttl", "ttl")];
            let facts = pairs.iter().filter_map(|(from, to)| Some(((*to).into(), header.get(from)?.clone())));
            Recording {
                script: text("script").unwrap_or_default(),
                init_peer: text("init_peer_id"),
                particle: Value::object(facts.collect()),
                trace: data.map(|data| data.trace).unwrap_or_default(),
            }
        }
    })
}

/// One function on one peer and its answers, in order.
type Answers = ([String; 3], Vec<Value>);

fn answers(trace: &[Value]) -> Vec<Answers> {
    let mut all: Vec<Answers> = Vec::new();
    let mut places: rustc_hash::FxHashMap<[String; 3], usize> = rustc_hash::FxHashMap::default();
    for state in trace {
        let Some(call) = state.get("call") else { continue };
        let kept = call.get("scalar").or_else(|| call.get("stream"));
        let (result, answer) = match (kept, call.get("failed")) {
            (Some(kept), _) => (kept, object([("ok", kept.get("value").cloned().unwrap_or_default())])),
            (None, Some(failed)) => {
                let value = failed.get("value").cloned().unwrap_or_default();
                let part = |key: &str| value.get(key).cloned().unwrap_or_default();
                let text = part("message");
                // The message is the text of what the service gave.
                let result = text.as_str().and_then(|text| json::parse(text).ok()).unwrap_or(text);
                (failed, object([("err", Value::array(vec![part("ret_code"), result]))]))
            }
            (None, None) => continue,
        };
        let Some(tetraplet) = result.get("tetraplet") else { continue };
        let part = |key: &str| tetraplet.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let key = [part("peer_pk"), part("service_id"), part("function_name")];
        let at = *places.entry(key.clone()).or_insert_with(|| {
            all.push((key, Vec::new()));
            all.len() - 1
        });
        if let Some((_, answers)) = all.get_mut(at) {
            answers.push(answer);
        }
    }
    all
}

fn write(recording: &Recording) -> String {
    let mut rules: Vec<Value> = Vec::new();
    for ([peer, service, function], mut answers) in answers(&recording.trace) {
        // The last one stays anyway.
        while let [.., before, last] = answers.as_slice()
            && before == last
        {
            answers.pop();
        }
        let answer = match <[Value; 1]>::try_from(answers) {
            Ok([only]) => only,
            Err(answers) => object([("seq", Value::array(answers))]),
        };
        let text = |text: &str| Value::from(text);
        rules.push(object([
            ("peer", text(&peer)),
            ("service", text(&service)),
            ("function", text(&function)),
            ("answer", answer),
        ]));
    }
    rules.extend(unkept(&recording.script));
    let mut out = String::from(
        "// What services answered in the recorded run. Results that no variable keeps were not recorded.\n{\n",
    );
    let mut member = |key: &str, value: &Value| {
        let _ = writeln!(out, "  \"{key}\": {},", json::print_pretty(value).replace('\n', "\n  "));
    };
    if !recording.script.is_empty() {
        member("air", &Value::from(recording.script.as_str()));
    }
    if let Some(peer) = &recording.init_peer {
        member("init_peer", &Value::from(peer.as_str()));
    }
    member("any_peer", &Value::Bool(true));
    member("particle", &recording.particle);
    out.push_str("  \"services\": [");
    for (at, rule) in rules.iter().enumerate() {
        let _ = write!(out, "{}\n    {}", if at == 0 { "" } else { "," }, rule.to_json());
    }
    out.push_str(if rules.is_empty() { "]\n}\n" } else { "\n  ]\n}\n" });
    out
}

/// Rules for the calls whose results no variable keeps.
fn unkept(script: &str) -> Vec<Value> {
    let analysis = Script::new(script);
    let hir = analysis.hir();
    let mut seen = std::collections::BTreeSet::new();
    for instr in &hir.instrs {
        if instr.kind != InstrKind::Call || hir.operand(instr, Role::Output).is_some() {
            continue;
        }
        let name = |role| {
            let operand = hir.operand(instr, role)?;
            (operand.kind == OperandKind::Literal).then(|| hir.literal(operand))
        };
        if let (Some(service), Some(function)) = (name(Role::Service), name(Role::Function))
            && !super::layers::answers_itself(service, function)
        {
            seen.insert((service, function));
        }
    }
    let rule = |(service, function): (&str, &str)| {
        let answer = object([("ok", Value::Null)]);
        object([("service", service.into()), ("function", function.into()), ("answer", answer)])
    };
    seen.into_iter().map(rule).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::from_recording;
    use crate::network::{Network, Unwatched};
    use crate::sample::{Sample, from_json, prepare};
    use air_semantics::Script;

    const SCRIPT: &str = r#"(seq
 (call "one" ("s" "list") [] list)
 (seq
  (fold list i (seq (call "two" ("s" "get") [i] $all) (next i)))
  (xor
   (call "one" ("s" "fails") [] x)
   (seq (call "one" ("log" "line") ["failed"]) (call %init_peer_id% ("s" "end") [:error:.$.error_code] end)))))"#;

    fn run(sample: &Sample) -> (String, Vec<u8>) {
        let analysis = Script::new(SCRIPT);
        let mut prepared = prepare(&analysis, sample, None);
        let mut network = Network::new(&prepared.script, prepared.setup);
        network.run(&mut prepared.services, &mut Unwatched);
        let calls: Vec<String> = network
            .steps()
            .iter()
            .flat_map(|step| &step.runs)
            .flat_map(|run| &run.calls)
            .map(|call| format!("{} {:?}", call.request.function_name, call.answer))
            .collect();
        let last = network.steps().last().unwrap().peer.clone();
        (calls.join("\n"), network.kept_data().remove(&last).unwrap())
    }

    #[test]
    fn a_recorded_run_runs_again() {
        let (sample, problems) = from_json(
            r#"{"init_peer": "me", "any_peer": true, "services": [
                {"function": "list", "answer": {"ok": ["a", "b"]}},
                {"function": "get", "answer": {"by_arg": {"a": {"ok": 1}, "b": {"ok": 2.5}}}},
                {"function": "fails", "answer": {"err": [7, "no"]}},
                {"answer": {"ok": null}}]}"#,
        );
        assert_eq!(problems, []);
        let (calls, data) = run(&sample);
        let text = from_recording(&data).unwrap();
        expect![[r#"
            // What services answered in the recorded run. Results that no variable keeps were not recorded.
            {
              "any_peer": true,
              "particle": {},
              "services": [
                {"answer":{"ok":["a","b"]},"function":"list","peer":"one","service":"s"},
                {"answer":{"seq":[{"ok":1},{"ok":2.5}]},"function":"get","peer":"two","service":"s"},
                {"answer":{"err":[7,"no"]},"function":"fails","peer":"one","service":"s"},
                {"answer":{"ok":null},"function":"end","peer":"me","service":"s"}
              ]
            }
        "#]]
        .assert_eq(&text);
        let (mut recorded, problems) = from_json(&text);
        assert_eq!(problems, []);
        recorded.init_peer = Some("me".to_owned());
        // Data alone does not know what the script logs.
        recorded.services.extend(sample.services.last().cloned());
        assert_eq!(run(&recorded).0, calls);
    }

    #[test]
    fn what_is_no_recording_says_so() {
        let nothing = from_recording(b"{}").unwrap_err();
        assert_eq!(nothing, "not interpreter data: 2 bytes, which begin with `{}`");
        assert!(from_recording(b"").is_err());
    }
}
