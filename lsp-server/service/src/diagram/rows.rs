//! Rows and arrows out of the events of a report.

use std::collections::{HashMap, HashSet};

use air_simulation::report::{Calls, Event, EventKind, Fate, Reason, Report, Span};

use super::{Arrow, CallResult, Diagram, End, Part, Row, short};

/// Characters of a name, of arguments or of a result.
const MAX_LABEL_CHARS: usize = 30;
/// Characters of what the mouse shows.
const MAX_FULL_CHARS: usize = 600;
/// Characters of a sentence beside a lane.
const MAX_SENTENCE_CHARS: usize = 52;

/// What the report knows of calls and invocations.
struct Known<'r> {
    report: &'r Report,
    calls: Calls,
    /// Messages of the invocations in their order.
    messages: std::vec::IntoIter<String>,
    places: HashMap<(&'r str, u32), Span>,
    made_up: HashSet<(u32, u32)>,
}

/// The whole picture.
pub(super) fn diagram(report: &Report) -> Diagram {
    let mut diagram = Diagram {
        peers: Vec::new(),
        rows: Vec::new(),
        arrows: Vec::new(),
        outcome: report.outcome.text.lines().next().unwrap_or_default().to_owned(),
        status: report.outcome.status,
    };
    let mut known = Known::new(report);
    for event in &report.events {
        let peer = event.peer.as_ref().map(|name| diagram.peer(name));
        let parts = known.parts(event);
        let arrival = event.kind == EventKind::Delivery;
        diagram.rows.push(Row { event: event.number, peer, arrival, causes: event.causes.clone(), parts });
    }
    // Rows are events in order, so an event's row is its number less one.
    for (sent, event) in report.events.iter().enumerate() {
        let Some(from) = event.peer.as_ref() else { continue };
        for particle in &event.sent {
            let (from, to) = (diagram.peer(from), diagram.peer(&particle.to));
            let end = match &particle.fate {
                Fate::Arrived { event } => {
                    End::Arrived(usize::try_from(*event).unwrap_or_default().saturating_sub(1))
                }
                Fate::Lost { why } => End::Lost(why.clone()),
                Fate::Expired => End::Lost("expired".to_owned()),
                Fate::Silent | Fate::UnderWay => End::Lost("still under way".to_owned()),
            };
            let place = match end {
                End::Arrived(row) => diagram.aim(row),
                End::Lost(_) => None,
            };
            diagram.arrows.push(Arrow { from, to, sent, end, copy: particle.copy, place });
        }
    }
    // What waits for ever is meant to.
    for waiting in report.outcome.waiting.iter().filter(|waiting| waiting.reason != Reason::Never) {
        let peer = diagram.peer(&waiting.peer);
        let word = if waiting.text.starts_with("waits") { "" } else { "waits: " };
        let text = short(&format!("{word}{}", waiting.text), MAX_SENTENCE_CHARS);
        let parts = vec![Part::Waits { text, place: Some(waiting.range) }];
        diagram.rows.push(Row { event: 0, peer: Some(peer), arrival: false, causes: Vec::new(), parts });
    }
    diagram
}

impl Diagram {
    fn peer(&mut self, name: &str) -> usize {
        self.peers.iter().position(|peer| peer == name).unwrap_or_else(|| {
            self.peers.push(name.to_owned());
            self.peers.len() - 1
        })
    }

    /// What a particle that arrives with a row is for: the first thing in the script that happens there.
    fn aim(&self, row: usize) -> Option<Span> {
        self.rows.get(row)?.parts.iter().find_map(|part| match part {
            Part::Call { place, .. } | Part::Error { place, .. } | Part::Waits { place, .. } => *place,
            Part::Answered(_) | Part::Note(_) | Part::More(_) => None,
        })
    }
}

impl<'r> Known<'r> {
    fn new(report: &'r Report) -> Self {
        let mut calls = Calls::of(report);
        let messages = std::mem::take(&mut calls.messages).into_iter();
        let places = report.requests.iter().map(|asked| ((&*asked.peer, asked.id), asked.range)).collect();
        let made_up =
            report.made_up.iter().filter_map(|made| made.range).map(|at| (at.start, at.end)).collect();
        Known { report, calls, messages, places, made_up }
    }

    fn parts(&mut self, event: &'r Event) -> Vec<Part> {
        let mut parts = Vec::new();
        match event.kind {
            EventKind::Tick => parts.push(Part::Note(format!("{} ms", event.time))),
            EventKind::Expiry => {
                parts.push(Part::Note(format!(
                    "the particle's life of {} ms is over",
                    self.report.schedule.ttl
                )));
            }
            EventKind::Fault => parts.push(Part::Note(event.order.clone().unwrap_or_default())),
            EventKind::Answer => parts.extend(self.answered(event)),
            EventKind::Start | EventKind::Delivery => {}
        }
        let peer = event.peer.as_deref().unwrap_or_default();
        for asked in &event.asked {
            let name = format!("{}.{}", asked.service, asked.function);
            parts.push(self.call(peer, asked.id, name, &asked.fate));
        }
        if let Some(code) = event.ret_code {
            let message = self.messages.next().unwrap_or_default();
            if code != 0 {
                let line = message.lines().next().unwrap_or_default();
                let text = short(&format!("{code} {line}"), MAX_SENTENCE_CHARS);
                let mut errors = self.report.errors.iter();
                let place = errors.find(|error| error.code == code && error.peer == peer);
                parts.push(Part::Error { text, place: place.and_then(|error| error.range) });
            }
        }
        parts
    }

    /// Answers that came at once stand in their calls, and are told only where other things happened between.
    fn answered(&self, event: &Event) -> Option<Part> {
        if event.causes.iter().all(|cause| *cause + 1 == event.number) {
            return None;
        }
        let mut names: Vec<String> = Vec::new();
        for cause in &event.causes {
            let at = usize::try_from(*cause).unwrap_or_default().saturating_sub(1);
            let asked = self.report.events.get(at).into_iter().flat_map(|asking| &asking.asked);
            let answered = asked.filter(|asked| event.answers.contains(&asked.id));
            names.extend(answered.map(|asked| format!("{}.{}", asked.service, asked.function)));
        }
        Some(Part::Answered(short(&names.join(", "), MAX_SENTENCE_CHARS)))
    }

    fn call(&self, peer: &'r str, id: u32, name: String, fate: &Fate) -> Part {
        let call = self.calls.get(peer, id);
        let arguments = call.map(|call| call.arguments.join(", ")).unwrap_or_default();
        let answer = call.and_then(|call| call.answer.as_ref());
        let text = answer.map(|answer| (answer.text.clone(), answer.failed));
        let none = match fate {
            Fate::Arrived { .. } => None,
            Fate::Lost { why } => Some(format!("no answer: {why}")),
            Fate::Expired => Some("no answer: expired".to_owned()),
            Fate::Silent => Some("never answers".to_owned()),
            Fate::UnderWay => Some("no answer yet".to_owned()),
        };
        let full_result = match (&none, &text) {
            (Some(none), _) => none.clone(),
            (None, Some((text, true))) => format!("fails: {text}"),
            (None, Some((text, false))) => format!("→ {text}"),
            (None, None) => String::new(),
        };
        let result = match (none, text) {
            (Some(none), _) => CallResult::None(short(&none, MAX_LABEL_CHARS)),
            (None, Some((text, true))) => CallResult::Failed(short(&text, MAX_LABEL_CHARS)),
            (None, text) => {
                CallResult::Value(short(&text.map(|(text, _)| text).unwrap_or_default(), MAX_LABEL_CHARS))
            }
        };
        let place = self.places.get(&(peer, id)).copied();
        Part::Call {
            full: short(&format!("{name}({arguments}) {full_result}"), MAX_FULL_CHARS),
            name: short(&name, MAX_LABEL_CHARS),
            arguments: short(&arguments, MAX_LABEL_CHARS),
            result,
            made_up: place.is_some_and(|at| self.made_up.contains(&(at.start, at.end))),
            place,
        }
    }
}
