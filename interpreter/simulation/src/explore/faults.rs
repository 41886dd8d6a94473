//! What one fault does: each message lost by itself, each peer dead by itself.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::report::{Report, Status};
use crate::run::{RunProblem, RunRequest, run};

/// What a run comes to with one fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FaultOutcome {
    /// The fault, for `air run --fault`.
    pub fault: String,
    /// The outcome in one word.
    pub status: Status,
    /// In one sentence.
    pub text: String,
    /// Whether the run completes without the fault, and with it does not, or its initiator never learns of it.
    pub harms: bool,
}

/// Runs with one fault each: every message of the run's own order lost, then every peer but the initiator dead from the
/// beginning. At most `max` runs; the second number says how many there would be.
///
/// # Errors
/// As [`run`] has them.
pub fn single_faults(
    request: &RunRequest,
    report: &Report,
    max: usize,
) -> Result<(Vec<FaultOutcome>, usize), RunProblem> {
    let faults = faults(report);
    let mut outcomes = Vec::new();
    for fault in faults.iter().take(max) {
        let mut named_faults = request.named_faults.clone();
        named_faults.push(fault.clone());
        let array_length = report.array_length.unwrap_or(request.array_length);
        let with = run(&RunRequest { named_faults, array_length, ..request.clone() })?;
        outcomes.push(FaultOutcome {
            fault: fault.clone(),
            status: with.outcome.status,
            harms: is_well(report) && !is_well(&with),
            text: with.outcome.text,
        });
    }
    Ok((outcomes, faults.len()))
}

fn is_well(report: &Report) -> bool {
    report.outcome.status == Status::Completed && !report.outcome.unheard
}

/// All single faults, as `--fault` takes them.
fn faults(report: &Report) -> Vec<String> {
    let mut ways: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    let (mut lost, mut peers, mut known) = (Vec::new(), Vec::new(), BTreeSet::new());
    let initiator = report.events.first().and_then(|event| event.peer.as_deref());
    for event in &report.events {
        let Some(from) = event.peer.as_deref() else { continue };
        if Some(from) != initiator && known.insert(from) {
            peers.push(format!("{from} dies after 0"));
        }
        for sent in event.sent.iter().filter(|sent| !sent.copy) {
            let nth = ways.entry((from, &sent.to)).or_default();
            *nth += 1;
            let nth = if *nth == 1 { String::new() } else { format!("#{nth}") };
            lost.push(format!("lose {from}→{}{nth}", sent.to));
        }
    }
    lost.extend(peers);
    lost
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn what_one_fault_does() {
        let text = r#"(seq
            (par (call "@a" ("s" "f") [] x) (call "@b" ("s" "f") [] y))
            (seq (call "@c" ("s" "f") [] z) (call %init_peer_id% ("callbackSrv" "response") ["done"])))"#;
        let sample = Some(r#"{"services": [{"service": "s", "answer": {"ok": 1}}]}"#.to_owned());
        let request = RunRequest { text: text.to_owned(), sample, ..RunRequest::default() };
        let report = run(&request).unwrap();
        let (outcomes, all) = single_faults(&request, &report, 100).unwrap();
        assert_eq!(outcomes.len(), all);
        let shown: Vec<String> = outcomes
            .iter()
            .map(|outcome| {
                format!("{} {}: {}\n", if outcome.harms { '!' } else { ' ' }, outcome.fault, outcome.text)
            })
            .collect();
        expect![[r#"
              lose @init→@a: completed: response "done"; one branch still waits
              lose @init→@b: completed: response "done"; one branch still waits
              lose @a→@c: completed: response "done"
              lose @b→@c: completed: response "done"
            ! lose @c→@init: waiting: line 3: nothing gets from @c to @init: `lose @c→@init`
              @a dies after 0: completed: response "done"; one branch still waits
              @b dies after 0: completed: response "done"; one branch still waits
            ! @c dies after 0: waiting: line 3: nothing gets from @a to @c: the peer has died
        "#]]
        .assert_eq(&shown.concat());
    }
}
