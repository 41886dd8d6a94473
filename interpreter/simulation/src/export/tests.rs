//! Exports read again, on random runs: slices nest, flows come in pairs, clocks order what caused what, spans have
//! parents.

use std::collections::{BTreeMap, BTreeSet};

use air_interpreter::ParsedScript;
use expect_test::expect;
use prost::Message as _;
use serde_json::Value;

use super::perfetto::proto::{Kind, Trace};
use super::{otlp, perfetto, shiviz};
use crate::network::Answers;
use crate::report::{Event, Fate, Report};
use crate::run::{RunOrder, RunRequest, run};
use crate::testing::{random, script};

const SAMPLE: &str = r#"{
 "services": [
  {"function": "a", "answer": {"ok": "A"}},
  {"function": "b", "answer": {"err": [1, "no\\nluck"]}}],
 "faults": ["lose @b→@c"]}"#;
const SCRIPT: &str = r#"(seq
 (par (call "@b" ("s" "a") [1] x) (call "@c" ("s" "a") ["two words"] y))
 (xor (call "@b" ("s" "b") [x]) (call %init_peer_id% ("callbackSrv" "response") [x])))"#;

fn example() -> Report {
    let (text, sample) = (SCRIPT.to_owned(), Some(SAMPLE.to_owned()));
    run(&RunRequest { text, sample, ..RunRequest::default() }).unwrap()
}

fn random_runs() -> impl Iterator<Item = Report> {
    let mut random = random::Random::new(7);
    let peers: Vec<String> = ["@init", "@b", "@c", "@d"].map(str::to_owned).into();
    let scripts = std::iter::repeat_with(move || script::random_script(&mut random, &peers));
    let accepted = scripts.filter(|text| ParsedScript::new(text).program().is_ok());
    accepted.take(60).zip(0..).map(|(text, seed)| {
        let order = Some(RunOrder::Random(seed));
        let answers = (seed % 2 == 0).then_some(Answers::Single);
        run(&RunRequest { text, order, answers, make_up: true, ..RunRequest::default() }).unwrap()
    })
}

fn sends(report: &Report) -> usize {
    let sent = report.events.iter().flat_map(|event| &event.sent);
    sent.filter(|sent| matches!(sent.fate, Fate::Arrived { .. })).count()
}

#[test]
fn slices_nest_and_flows_come_in_pairs() {
    let mut flows_seen = 0;
    for report in random_runs().chain([example()]) {
        let trace = Trace::decode(perfetto(&report).as_slice()).unwrap();
        let (mut open, mut last) = (BTreeMap::<u64, u32>::new(), 0);
        let (mut leaving, mut arriving) = (BTreeSet::new(), BTreeSet::new());
        let tracks: BTreeSet<u64> =
            trace.packet.iter().filter_map(|packet| packet.track_descriptor.as_ref()?.uuid).collect();
        let mut slices = 0;
        for (at, event) in
            trace.packet.iter().filter_map(|packet| Some((packet.timestamp?, packet.track_event.as_ref()?)))
        {
            assert!(at >= last);
            last = at;
            let track = event.track_uuid.unwrap();
            assert!(tracks.contains(&track));
            let depth = open.entry(track).or_default();
            match event.r#type() {
                Kind::SliceBegin => *depth += 1,
                Kind::SliceEnd => *depth = depth.checked_sub(1).expect("a slice ends that has begun"),
                _ => {}
            }
            assert!(*depth <= 1, "slices of one track do not overlap");
            slices += usize::from(event.r#type() == Kind::SliceBegin);
            for flow in &event.flow_ids {
                assert!(leaving.insert(*flow), "one beginning");
            }
            for flow in &event.terminating_flow_ids {
                assert!(leaving.contains(flow) && arriving.insert(*flow), "one end, after the beginning");
            }
        }
        assert!(open.values().all(|depth| *depth == 0), "all slices end");
        assert_eq!(leaving, arriving);
        assert_eq!(leaving.len(), sends(&report));
        flows_seen += leaving.len();
        let asked: usize = report.events.iter().map(|event| event.asked.len()).sum();
        let placed = report.events.iter().filter(|event| event.peer.is_some()).count();
        assert_eq!(slices, asked + placed);
    }
    assert!(flows_seen > 50, "{flows_seen}");
}

#[test]
fn clocks_are_those_of_the_causes() {
    for report in random_runs() {
        let log = shiviz(&report).unwrap();
        let lines: Vec<&str> = log.lines().collect();
        let clocks: Vec<(&str, BTreeMap<String, u64>)> = lines
            .chunks(2)
            .map(|pair| {
                let (host, clock) = pair[1].split_once(' ').unwrap();
                (host, serde_json::from_str(clock).unwrap())
            })
            .collect();
        let events: Vec<&Event> = report.events.iter().filter(|event| event.peer.is_some()).collect();
        assert_eq!(clocks.len(), events.len());
        let reach = |event: &Event| {
            // All that happened before, by causes and by what came before on the same peer.
            let (mut before, mut todo) = (BTreeSet::new(), vec![event.number]);
            while let Some(number) = todo.pop() {
                let here = &report.events[number as usize - 1];
                let earlier = report.events[..number as usize - 1].iter().rev();
                let on_peer = earlier.clone().find(|other| other.peer == here.peer).map(|other| other.number);
                for next in here.causes.iter().copied().chain(on_peer) {
                    if report.events[next as usize - 1].peer.is_some() && before.insert(next) {
                        todo.push(next);
                    }
                }
            }
            before
        };
        for ((host, clock), event) in clocks.iter().zip(&events) {
            assert_eq!(Some(*host), event.peer.as_deref());
            assert_eq!(clock.values().sum::<u64>(), reach(event).len() as u64 + 1);
        }
    }
}

#[test]
fn spans_have_parents_in_their_trace() {
    for report in random_runs().chain([example()]) {
        let exported = otlp(&report);
        let spans = || {
            let resources = exported["resourceSpans"].as_array().unwrap();
            resources.iter().flat_map(|resource| resource["scopeSpans"][0]["spans"].as_array().unwrap())
        };
        let ids: BTreeSet<&str> = spans().map(|span| span["spanId"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), spans().count());
        let time = |span: &Value, which: &str| span[which].as_str().unwrap().parse::<u64>().unwrap();
        for span in spans() {
            let links = span["links"].as_array().into_iter().flatten().map(|link| &link["spanId"]);
            for parent in [&span["parentSpanId"]].into_iter().chain(links) {
                assert!(parent.is_null() || ids.contains(parent.as_str().unwrap()));
            }
            assert!(time(span, "startTimeUnixNano") < time(span, "endTimeUnixNano"));
            assert_eq!(span["spanId"].as_str().unwrap().len(), 16);
            assert_eq!(span["traceId"].as_str().unwrap().len(), 32);
        }
        let orphans = spans().filter(|span| span["parentSpanId"].is_null()).count();
        let without = report.events.iter().filter(|event| event.causes.is_empty()).count();
        assert_eq!(orphans, without);
    }
}

#[test]
fn an_example_for_shiviz() {
    expect![[r#"
        starts the particle
        @init {"@init":1}
        particle from @init; s.a[1] → "A"
        @b {"@b":1,"@init":1}
        answered s.a; s.b["A"] fails: "no\\nluck"
        @b {"@b":2,"@init":1}
        answered s.b
        @b {"@b":3,"@init":1}
        particle from @init; s.a["two words"] → "A"
        @c {"@c":1,"@init":1}
        answered s.a
        @c {"@c":2,"@init":1}
        particle from @b; callbackSrv.response["A"] → {}
        @init {"@b":3,"@init":2}
        answered callbackSrv.response
        @init {"@b":3,"@init":3}
        particle from @c
        @b {"@b":4,"@c":2,"@init":1}
    "#]]
    .assert_eq(&shiviz(&example()).unwrap());
}

#[test]
fn names_of_hosts_have_no_spaces() {
    let text = r#"(call "a b" ("s" "f") [])"#.to_owned();
    let report = run(&RunRequest { text, make_up: true, ..RunRequest::default() }).unwrap();
    let log = shiviz(&report).unwrap();
    assert!(log.lines().skip(1).step_by(2).all(|line| line.matches(' ').count() == 1), "{log}");
}
