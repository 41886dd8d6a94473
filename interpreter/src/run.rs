//! A run of a script on simulated peers: request in, report out.

use std::collections::BTreeSet;

use air_semantics::Analysis;
use serde::{Deserialize, Serialize};

use crate::invocation::Outcome;
use crate::network::{
    Answer, Cause, Fate, MaxRuns, Network, Observer, Order, Peer, Peers, ServiceCall, Services,
};
use crate::recorder::Recorder;
use crate::report::{Facts, Limits, Printed, Recording, Report};
use crate::sample::{Rules, Sample, from_json};
use crate::script::Script;
use crate::value::Value;

/// What is to be run, and how.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RunRequest {
    /// The script.
    pub text: String,
    /// Sample data: the text of a `NAME.sample.json` or of a scenario.
    pub sample: Option<String>,
    /// Which case of the sample data, if it has several.
    pub case: Option<String>,
    /// Whether values that nobody gives are made up; otherwise their calls fail.
    pub make_up: bool,
    /// How many elements arrays get that are made up; 0 stands for 2.
    pub array_length: u32,
    /// Which delivery comes next.
    pub order: RunOrder,
    /// What ends a run early, and how much is reported.
    pub limits: Limits,
}

/// Which of the deliveries that are under way arrives next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunOrder {
    /// The oldest one.
    #[default]
    Fifo,
    /// The youngest one.
    Lifo,
    /// Any, by a generator with this seed.
    Random(u64),
}

impl std::str::FromStr for RunOrder {
    type Err = String;

    /// `fifo`, `lifo` or `random:SEED`.
    fn from_str(text: &str) -> Result<Self, String> {
        match Order::parse(text) {
            Some(Order::Fifo) => Ok(RunOrder::Fifo),
            Some(Order::Lifo) => Ok(RunOrder::Lifo),
            Some(Order::Random(seed)) => Ok(RunOrder::Random(seed)),
            None => Err(format!("`{text}` is none of fifo, lifo, random:SEED")),
        }
    }
}

impl From<RunOrder> for Order {
    fn from(order: RunOrder) -> Self {
        match order {
            RunOrder::Fifo => Order::Fifo,
            RunOrder::Lifo => Order::Lifo,
            RunOrder::Random(seed) => Order::Random(seed),
        }
    }
}

/// Why there is no report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunProblem {
    /// Plain words.
    pub message: String,
}

impl std::fmt::Display for RunProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for RunProblem {}

/// Runs a script to its end or to a limit. The same request gives the same report.
///
/// A script that AquaVM does not accept gives a report too: each invocation ends with that error.
///
/// # Errors
/// If the sample data cannot be used.
pub fn run(request: &RunRequest) -> Result<Report, RunProblem> {
    let sample = match &request.sample {
        None => Sample::default(),
        Some(text) => {
            let read =
                from_json(text).map_err(|error| RunProblem { message: format!("sample data: {error}") })?;
            if let Some(problem) = read.1.first() {
                return Err(RunProblem {
                    message: format!("sample data: {}: {}", problem.at, problem.message),
                });
            }
            read.0
        }
    };
    let analysis = Analysis::new(request.text.as_str());
    let (text, mut setup, rules) = sample.setup(&request.text);
    setup.order = request.order.into();
    setup.max_runs = MaxRuns(u32::try_from(request.limits.max_steps).unwrap_or(u32::MAX));
    // Names of peers have become ids, so ranges differ; instructions have the same numbers.
    let script = if text == request.text { Script::of(&analysis) } else { Script::new(&text) };
    let init_peer = setup.init_peer.clone();
    let mut watch = Watch {
        recording: Recording::new(analysis.hir(), request.limits, &init_peer),
        lost: BTreeSet::new(),
        printed: Vec::new(),
        invocations: 0,
    };
    let mut services: Box<dyn Services> = Box::new(Rules::new(rules));
    let mut network = Network::new(&script, setup);
    while network.step(&mut *services, &mut watch).is_some() {
        if let Some(limit) = watch.recording.limit() {
            network.stop(limit);
        }
    }
    let peers: Peers = network.peers().clone();
    let outcome = network.outcome();
    let facts = Facts {
        analysis: &analysis,
        peers: &peers,
        init_peer: &init_peer,
        lost: &watch.lost,
        stopped: network.stopped(),
        printed: watch.printed,
        steps: network.steps().len() as u64,
        invocations: watch.invocations,
        simulated_ms: network.time(),
        limits: request.limits,
    };
    Ok(Report::of(watch.recording, &outcome, facts))
}

/// The same over JSON: a [`RunRequest`] in, a [`Report`] or `{"error": {"message"}}` out. Never fails.
pub fn run_json(request: &[u8]) -> Vec<u8> {
    let request: Result<RunRequest, _> = serde_json::from_slice(request);
    let report = request
        .map_err(|error| RunProblem { message: format!("bad request: {error}") })
        .and_then(|request| run(&request));
    match report {
        Ok(report) => report.to_json().into_bytes(),
        Err(problem) => {
            let error = crate::value::object([("message", Value::string(problem.message))]);
            crate::value::object([("error", error)]).to_json().into_bytes()
        }
    }
}

/// Sees everything that the network does.
struct Watch<'h> {
    recording: Recording<'h>,
    lost: BTreeSet<String>,
    printed: Vec<Printed>,
    invocations: u64,
}

/// Most lines of the script's own output that are kept.
const PRINTED: usize = 1000;

impl Observer for Watch<'_> {
    fn begins(&mut self, peer: &Peer, _: &Cause, _: u64) {
        self.recording.on_peer(&peer.id);
    }

    fn recorder(&mut self) -> Option<&mut dyn Recorder> {
        Some(&mut self.recording)
    }

    fn ran(&mut self, _: &Peer, outcome: &Outcome) {
        self.invocations += 1;
        self.recording.ended(outcome.ret_code, &outcome.error_message);
    }

    fn answered(&mut self, call: &ServiceCall<'_>, _: &Answer) {
        let request = call.request;
        if request.service_id == "run-console"
            && request.function_name == "print"
            && self.printed.len() < PRINTED
        {
            let words = request
                .arguments
                .iter()
                .map(|word| word.as_str().map_or_else(|| word.to_json(), str::to_owned));
            let text = words.collect::<Vec<_>>().join(" ");
            self.printed.push(Printed { peer: call.peers.show(&call.peer.id).into_owned(), text });
        }
    }

    fn sent(&mut self, _: &Peer, to: &str, fate: Fate) {
        if fate == Fate::Lost {
            self.lost.insert(to.to_owned());
        }
    }
}
