//! A report out of everything that was seen.

use std::collections::{BTreeMap, BTreeSet};

use air_semantics::Script;

use super::json::Json;
use super::places::Places;
use super::reasons::{Fates, Reasons};
use super::record::Recording;
use super::remarks::{InstrRemark, remarks};
use super::show::Show;
use super::sizes::Sizes;
use super::types::{
    By, Duration, Event, EventKind, Limits, MadeUp, Printed, Problem, REPORT_VERSION, Reason, Report,
    Schedule, Status,
};
use super::{outcome, values};
use crate::make_up::MadeUpAnswer;
use crate::network::OutcomeParts;
use crate::sample::CallRemark;
use air_interpreter::peers::Peers;
use air_interpreter::value::Value;

/// What a run knows besides what the interpreter reported.
pub(crate) struct Facts<'a> {
    /// The script that ran, with the names of peers as they are written.
    pub(crate) analysis: &'a Script,
    /// Where the script that was given stands in it.
    pub(crate) places: &'a Places<'a>,
    pub(crate) peers: &'a Peers,
    /// Its id.
    pub(crate) init_peer: &'a str,
    /// Ids of peers that were sent to and are not there.
    pub(crate) lost: &'a BTreeSet<String>,
    pub(crate) stopped: Option<&'a str>,
    pub(crate) printed: Vec<Printed>,
    pub(crate) events: Vec<Event>,
    pub(crate) schedule: Schedule,
    /// Ways, sender and receiver by id, on which all was lost, and why.
    pub(crate) losses: BTreeMap<(String, String), String>,
    /// Calls, peer by id, whose answers would have come too late, and when.
    pub(crate) late: BTreeMap<(String, String, String), u64>,
    pub(crate) steps: u64,
    pub(crate) invocations: u64,
    pub(crate) simulated_ms: u64,
    pub(crate) limits: Limits,
    pub(crate) made: &'a [MadeUpAnswer],
    pub(crate) array_length: Option<u32>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) remarks: Vec<InstrRemark>,
    pub(crate) call_remarks: Vec<CallRemark>,
}

impl Report {
    /// The report; `scenario` is the outcome of the network as scenarios have it.
    pub(crate) fn of(mut recording: Recording<'_>, scenario: &OutcomeParts, facts: Facts<'_>) -> Report {
        let places = facts.places;
        let show = Show { peers: facts.peers, places, value_bytes: facts.limits.value_bytes };
        let mut came = outcome::outcome(&mut recording, &show, facts.stopped);
        let values =
            values::values(&mut recording, &show, &|id| facts.made.iter().any(|made| made.call == id));
        let sides = values::sides(&values, places);
        let reasons = Reasons::new(
            &recording,
            &show,
            facts.analysis.resolution(),
            Fates { lost: facts.lost, losses: &facts.losses, late: &facts.late, ttl: facts.schedule.ttl },
            facts.init_peer,
            facts.stopped.is_some(),
            &sides,
        );
        came.waiting = reasons.waiting();
        if came.status != Status::Waiting || came.waiting.iter().any(|wait| wait.reason != Reason::Never) {
            came.waiting.retain(|wait| wait.reason != Reason::Never);
        }
        came.unheard = came.responses.is_empty() && unheard(&facts.events, &show.peer(facts.init_peer));
        if came.unheard
            && (came.status, came.by) == (Status::Completed, By::Root)
            && !outcome::tells_only_errors(facts.analysis.hir())
        {
            came.status = Status::Unheard;
        }
        came.text = outcome::text(&came, &reasons, facts.stopped, facts.schedule.ttl);
        let (executed, not_executed) = (reasons.executed(), reasons.not_executed());
        let (coverage, requests) = (reasons.coverage(), reasons.requests());
        let errors = outcome::errors(&recording, &show);
        let made_up = facts.made.iter().map(|made| MadeUp {
            range: places.is_own(made.call).then(|| places.instr(made.call)),
            what: match &*made.service {
                "getDataSrv" => made.function.clone(),
                service => format!("{service}.{}", made.function),
            },
            value: show.value(&made.value, Sizes::default().text(&made.value)),
            count: made.count,
        });
        let made_up = made_up.collect();
        let remarks = remarks(&recording, &show, facts.analysis, &facts.remarks, &facts.call_remarks);
        let kept = scenario.kept.iter();
        let kept = kept.map(|(peer, data)| (show.peer(peer), Json::shown(data, facts.peers)));
        let peer = |id: &std::rc::Rc<str>| (show.peer(id), id.to_string());
        Report {
            version: REPORT_VERSION,
            outcome: came,
            events: facts.events,
            schedule: facts.schedule,
            steps: Json::shown(&scenario.steps, facts.peers),
            hops: pairs(&scenario.rest, "hops"),
            lost: texts(scenario.rest.get("lost")),
            dropped: pairs(&scenario.rest, "dropped"),
            duplicated: pairs(&scenario.rest, "duplicated"),
            stopped: facts.stopped.map(str::to_owned),
            kept: kept.collect(),
            init_peer: show.peer(facts.init_peer),
            peers: recording.peers.iter().map(peer).collect::<BTreeMap<_, _>>(),
            values,
            executed,
            not_executed,
            requests,
            coverage,
            errors,
            made_up,
            array_length: facts.array_length,
            problems: facts.problems,
            remarks,
            printed: facts.printed,
            duration: Duration {
                steps: facts.steps,
                invocations: facts.invocations,
                instructions: recording.instructions,
                simulated_ms: facts.simulated_ms,
            },
            limits: facts.limits,
        }
    }
}

/// Whether the particle went to others and never came back to the peer that started it.
fn unheard(events: &[Event], init_peer: &str) -> bool {
    let deliveries = || events.iter().filter(|event| event.kind == EventKind::Delivery);
    deliveries().next().is_some() && !deliveries().any(|event| event.peer.as_deref() == Some(init_peer))
}

fn texts(list: Option<&Value>) -> Vec<String> {
    let texts = list.and_then(Value::as_array).unwrap_or_default();
    texts.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn pairs(scenario: &Value, key: &str) -> Vec<(String, String)> {
    let pair = |pair: &Value| {
        let [from, to] = <[String; 2]>::try_from(texts(Some(pair))).ok()?;
        Some((from, to))
    };
    scenario.get(key).and_then(Value::as_array).unwrap_or_default().iter().filter_map(pair).collect()
}
