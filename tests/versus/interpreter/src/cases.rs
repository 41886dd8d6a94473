//! What is run: scripts by size, and the answers that their calls get.

use std::collections::BTreeMap;

use air_interpreter::keys::{ED25519, KeyPair, secret_of_name};
use air_interpreter::{
    CallRequest, CallServiceResult, Outcome, ParsedScript, RunParameters, Session, encode_call_results,
    invoke,
};

/// A script that grows with a number.
pub struct Case {
    pub name: &'static str,
    pub text: fn(usize) -> String,
    /// What every call is answered with.
    answer: fn(usize) -> String,
    /// Whether each invocation gets the answer to one call, the oldest, or those to all.
    singly: bool,
}

const fn case_of(name: &'static str, text: fn(usize) -> String) -> Case {
    Case { name, text, answer: ok, singly: false }
}

/// In the order of the report.
pub const CASES: [Case; 12] = [
    case_of("null", |_| "(null)".to_owned()),
    case_of("par of calls", |count| tree("par", &calls(count))),
    case_of("sequential calls", |count| tree("seq", &calls(count))),
    case_of("sequential calls, nested", nested),
    case_of("calls in a fold", fold_calls),
    Case { singly: true, ..case_of("par, answered singly", |count| tree("par", &calls(count))) },
    case_of("calls in a stream fold", fold_stream_calls),
    case_of("stream and canon", stream),
    case_of("fold over a stream", fold_stream),
    case_of("map and canon", map),
    Case { answer: list, ..case_of("fold, empty body", |_| fold("(null)")) },
    Case { answer: list, ..case_of("fold, ap as body", |_| fold("(ap i x)")) },
];

/// The case of that name.
pub fn case(name: &str) -> Result<&'static Case, String> {
    CASES.iter().find(|case| case.name == name).ok_or_else(|| format!("no case is called {name}"))
}

fn ok(_: usize) -> String {
    "\"ok\"".to_owned()
}

fn list(size: usize) -> String {
    format!("[{}]", vec!["1"; size].join(","))
}

fn calls(count: usize) -> Vec<String> {
    let peer = peer();
    (0..count).map(|at| format!(r#"(call "{peer}" ("s" "f") ["x" {at}] v{at})"#)).collect()
}

fn stream(count: usize) -> String {
    let mut steps: Vec<String> = (0..count).map(|at| format!("(ap {at} $s)")).collect();
    steps.push("(canon %init_peer_id% $s #canon)".to_owned());
    tree("seq", &steps)
}

/// Left in left, as compilers write it.
fn nested(count: usize) -> String {
    let mut calls = calls(count).into_iter();
    let first = calls.next().unwrap_or_else(|| "(null)".to_owned());
    let opened = "(seq ".repeat(calls.len());
    calls.fold(opened + &first, |script, call| script + " " + &call + ")")
}

/// A call with what the fold stands on.
fn looped() -> String {
    format!(r#"(call "{}" ("s" "f") [i] x)"#, peer())
}

fn fold_calls(count: usize) -> String {
    let mut steps: Vec<String> = (0..count).map(|at| format!("(ap {at} $s)")).collect();
    steps.push("(canon %init_peer_id% $s #canon)".to_owned());
    steps.push(format!("(fold #canon i (seq {} (next i)))", looped()));
    tree("seq", &steps)
}

fn fold_stream_calls(count: usize) -> String {
    let mut steps: Vec<String> = (0..count).map(|at| format!("(ap {at} $s)")).collect();
    steps.push(format!("(fold $s i (seq {} (next i)))", looped()));
    tree("seq", &steps)
}

fn fold_stream(count: usize) -> String {
    let mut steps: Vec<String> = (0..count).map(|at| format!("(ap {at} $s)")).collect();
    steps.push("(fold $s i (seq (ap i x) (next i)))".to_owned());
    tree("seq", &steps)
}

fn map(count: usize) -> String {
    let mut steps: Vec<String> = (0..count).map(|at| format!("(ap (\"k{at}\" {at}) %m)")).collect();
    steps.push("(canon %init_peer_id% %m #%canon)".to_owned());
    tree("seq", &steps)
}

fn fold(body: &str) -> String {
    format!(r#"(seq (call "{}" ("s" "list") [] l) (fold l i (seq {body} (next i))))"#, peer())
}

/// A balanced tree of `keyword` over the steps.
fn tree(keyword: &str, steps: &[String]) -> String {
    match steps {
        [] => "(null)".to_owned(),
        [step] => step.clone(),
        _ => {
            let (left, right) = steps.split_at(steps.len() / 2);
            format!("({keyword} {} {})", tree(keyword, left), tree(keyword, right))
        }
    }
}

fn peer() -> String {
    let key = KeyPair::from_secret(ED25519, &secret_of_name("a"));
    key.map(|key| key.public().peer_id()).unwrap_or_default()
}

fn parameters() -> RunParameters {
    RunParameters {
        init_peer_id: peer(),
        current_peer_id: peer(),
        secret_key: secret_of_name("a").to_vec(),
        particle_id: "particle".to_owned(),
        ..RunParameters::default()
    }
}

type Answers = BTreeMap<String, CallServiceResult>;

/// A case of one size with all that its invocations get: one after the other, until no call is left.
pub struct Prepared {
    pub text: String,
    pub script: ParsedScript,
    parameters: RunParameters,
    reference_parameters: air::RunParameters,
    /// Of each invocation.
    answers: Vec<Answers>,
    encoded: Vec<Vec<u8>>,
}

/// Who does it, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Runner {
    /// AquaVM: reads script and data in every invocation.
    Reference,
    /// Ours, all that too.
    Ours,
    /// Ours with the script made ready once.
    Compiled,
    /// Ours with script and data kept; data is written at the end.
    Kept,
}

impl Runner {
    pub const ALL: [Runner; 4] = [Runner::Reference, Runner::Ours, Runner::Compiled, Runner::Kept];

    pub fn name(self) -> &'static str {
        match self {
            Runner::Reference => "reference",
            Runner::Ours => "ours",
            Runner::Compiled => "compiled",
            Runner::Kept => "kept",
        }
    }
}

impl Prepared {
    /// Runs the case once to know the calls.
    pub fn new(case: &Case, size: usize) -> Result<Self, String> {
        let text = (case.text)(size);
        let script = ParsedScript::new(&text);
        let parameters = parameters();
        let answer = (case.answer)(size);
        let mut session =
            Session::new(&script, parameters.clone()).map_err(|error| format!("{}: {error}", case.name))?;
        let mut answers = vec![Answers::new()];
        let mut waiting = BTreeMap::new();
        while let Some(last) = answers.last() {
            let outcome = session.step(&[], last.clone());
            waiting.extend(good(outcome)?.call_requests.unwrap_or_default());
            let next = match waiting.pop_first() {
                None => break,
                Some(oldest) if case.singly => BTreeMap::from([oldest]),
                Some(oldest) => {
                    let mut all = std::mem::take(&mut waiting);
                    all.insert(oldest.0, oldest.1);
                    all
                }
            };
            answers.push(answered(&next, &answer));
        }
        drop(session);
        let encoded = answers.iter().map(encode_call_results).collect();
        let reference_parameters = air::RunParameters::new(
            parameters.init_peer_id.clone(),
            parameters.current_peer_id.clone(),
            parameters.timestamp,
            parameters.ttl,
            parameters.key_format,
            parameters.secret_key.clone(),
            parameters.particle_id.clone(),
            parameters.air_size_limit,
            parameters.particle_size_limit,
            parameters.call_result_size_limit,
            parameters.hard_limit_enabled,
        );
        Ok(Prepared { text, script, parameters, reference_parameters, answers, encoded })
    }

    /// All invocations; the data of the last one.
    pub fn run(&self, runner: Runner) -> Result<Vec<u8>, String> {
        match runner {
            Runner::Reference => self.reference(),
            Runner::Ours => self.plain(|| None),
            Runner::Compiled => self.plain(|| Some(&self.script)),
            Runner::Kept => self.kept(),
        }
    }

    fn plain<'s>(&'s self, script: impl Fn() -> Option<&'s ParsedScript>) -> Result<Vec<u8>, String> {
        let mut data = Vec::new();
        for results in &self.encoded {
            let outcome = match script() {
                Some(script) => invoke(script, &data, &[], &self.parameters, results),
                None => invoke(&ParsedScript::new(&self.text), &data, &[], &self.parameters, results),
            };
            data = good(outcome)?.data;
        }
        Ok(data)
    }

    fn kept(&self) -> Result<Vec<u8>, String> {
        let mut session =
            Session::new(&self.script, self.parameters.clone()).map_err(|error| error.to_string())?;
        for results in &self.answers {
            good(session.step(&[], results.clone()))?;
        }
        Ok(session.data())
    }

    fn reference(&self) -> Result<Vec<u8>, String> {
        let mut data = Vec::new();
        for results in &self.encoded {
            let parameters = self.reference_parameters.clone();
            let outcome =
                air::execute_air(self.text.clone(), data, Vec::new(), parameters, results.clone().into());
            if outcome.ret_code != 0 {
                return Err(format!("reference: {} {}", outcome.ret_code, outcome.error_message));
            }
            data = outcome.data;
        }
        Ok(data)
    }
}

fn good(outcome: Outcome) -> Result<Outcome, String> {
    match outcome.ret_code {
        0 => Ok(outcome),
        code => Err(format!("{code}: {}", outcome.error_message)),
    }
}

fn answered(requests: &BTreeMap<u32, CallRequest>, answer: &str) -> Answers {
    requests
        .keys()
        .map(|id| (id.to_string(), CallServiceResult { ret_code: 0, result: answer.to_owned() }))
        .collect()
}
