//! What instructions do, shown: small scripts on peers `a`, `b`, …, whose services answer in the order of the requests.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;

use expect_test::Expect;

use crate::{CallRequest, CallServiceResult, Outcome, ParsedScript, RunParameters, Session};

/// Steps after which a script that goes on and on is left alone.
const MAX_STEPS: usize = 40;

fn session<'s>(script: &'s ParsedScript, peer: &str) -> Session<'s> {
    let params = RunParameters {
        init_peer_id: "a".to_owned(),
        current_peer_id: peer.to_owned(),
        secret_key: vec![7; 32],
        ..RunParameters::default()
    };
    Session::new(script, params).unwrap().trusting()
}

/// Starts a script on `a`, carries the data to the peers that it names, and shows each invocation on a line, then the
/// last peer's trace. An answer that begins with `!` is a failure with code 1; without an answer a request stays open.
pub(super) fn check(script: &str, answers: &[&str], expected: Expect) {
    let script = ParsedScript::new(script);
    let mut answers = answers.iter();
    let mut sessions = BTreeMap::new();
    let mut queue = VecDeque::from([("a".to_owned(), Vec::new(), BTreeMap::new())]);
    let (mut out, mut last) = (String::new(), String::new());
    for _ in 0..MAX_STEPS {
        let Some((peer, data, results)) = queue.pop_front() else { break };
        let session = sessions.entry(peer.clone()).or_insert_with(|| session(&script, &peer));
        let outcome = session.step(&data, results);
        writeln!(out, "{peer}: {}", summary(&outcome)).unwrap();
        let requests = outcome.call_requests.iter().flatten();
        let results: BTreeMap<_, _> =
            requests.zip(&mut answers).map(|((id, _), text)| (id.to_string(), answer(text))).collect();
        let data = session.data();
        for next in outcome.next_peer_pks {
            queue.push_back((next, data.clone(), BTreeMap::new()));
        }
        if !results.is_empty() {
            queue.push_front((peer.clone(), Vec::new(), results));
        }
        last = peer;
    }
    let data = sessions.get_mut(&last).map(Session::data).unwrap_or_default();
    for line in crate::display::read_data(&data).map(|data| data.lines).unwrap_or_default() {
        writeln!(out, "{line}").unwrap();
    }
    expected.assert_eq(&out);
}

fn answer(text: &str) -> CallServiceResult {
    match text.strip_prefix('!') {
        Some(message) => CallServiceResult { ret_code: 1, result: message.to_owned() },
        None => CallServiceResult { ret_code: 0, result: text.to_owned() },
    }
}

fn summary(outcome: &Outcome) -> String {
    let asked = outcome.call_requests.iter().flatten().map(|(_, request)| request_text(request));
    let sent = outcome.next_peer_pks.iter().map(|peer| format!("sends to {peer}"));
    let error =
        (outcome.ret_code != 0).then(|| format!("error {}: {}", outcome.ret_code, outcome.error_message));
    let parts: Vec<String> = asked.chain(sent).chain(error).collect();
    if parts.is_empty() { "done".to_owned() } else { parts.join("; ") }
}

/// `asks service.function(arguments)`, with the lenses that their tetraplets carry.
fn request_text(request: &CallRequest) -> String {
    let arguments = request.arguments.iter().zip(&request.tetraplets).map(|(argument, tetraplets)| {
        let lenses: Vec<&str> = tetraplets.iter().map(|tetraplet| &*tetraplet.lens).collect();
        let lenses = lenses.concat();
        if lenses.is_empty() { argument.to_string() } else { format!("{argument} by {lenses}") }
    });
    let arguments: Vec<String> = arguments.collect();
    format!("asks {}.{}({})", request.service_id, request.function_name, arguments.join(", "))
}
