//! A run as a picture: peers, the way of the particle between them, calls with short values.

mod mermaid;
mod svg;

use std::collections::HashMap;

use air_simulation::report::{Report, RunError, Span, Status};
use serde::Deserialize;
use serde_json::Value;

pub use mermaid::mermaid;
pub use svg::svg;

/// Most events that a picture shows; of longer runs the first ones and the last ones.
const MAX_EVENTS: usize = 120;
/// Characters of arguments or of a result.
const MAX_LABEL_CHARS: usize = 36;

/// What a picture shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagram {
    /// Peers in the order in which they come up; the others name them by index.
    pub peers: Vec<String>,
    /// In order of time.
    pub events: Vec<Event>,
    /// The report's sentence about the outcome, its first line.
    pub outcome: String,
    /// How the run ended.
    pub status: Status,
}

/// Something that happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A peer's host is called.
    Call {
        /// Index in [`Diagram::peers`].
        peer: usize,
        /// `service.function(arguments)`, in short.
        call: String,
        /// The result, shortened; `None` if the service did not answer.
        result: Option<String>,
        /// Whether the service failed.
        failed: bool,
        /// How often in a row.
        times: u32,
        /// The call in the script, the first one.
        place: Option<Span>,
    },
    /// The particle goes to another peer.
    Hop {
        /// Index of the sender in [`Diagram::peers`].
        from: usize,
        /// Index of the receiver in [`Diagram::peers`].
        to: usize,
        /// The receiving peer cannot be reached.
        lost: bool,
        /// What the particle goes there for.
        place: Option<Span>,
    },
    /// The invocation ended with an error.
    Error {
        /// Index in [`Diagram::peers`].
        peer: usize,
        /// Code and message, in short.
        text: String,
        /// What failed.
        place: Option<Span>,
    },
    /// Events that are left out.
    More(usize),
}

#[derive(Deserialize)]
struct Step {
    peer: String,
    runs: Vec<Run>,
}

#[derive(Deserialize)]
struct Run {
    ret_code: i64,
    #[serde(default)]
    error_message: String,
    #[serde(default)]
    calls: Vec<Call>,
}

#[derive(Deserialize)]
struct Call {
    #[serde(default)]
    id: u32,
    service_id: String,
    function_name: String,
    arguments: Vec<Value>,
    answer: Option<Answer>,
}

#[derive(Deserialize)]
struct Answer {
    ret_code: i64,
    value: Option<Value>,
    result: Option<String>,
}

impl Diagram {
    /// The picture of a report.
    pub fn new(report: &Report) -> Diagram {
        let mut diagram = Diagram {
            peers: Vec::new(),
            events: Vec::new(),
            outcome: report.outcome.text.lines().next().unwrap_or_default().to_owned(),
            status: report.outcome.status,
        };
        let steps: Vec<Step> = serde_json::from_str(report.steps.text()).unwrap_or_default();
        let mut hops = report.hops.iter().peekable();
        let asked: HashMap<(&str, u32), Span> =
            report.requests.iter().map(|asked| ((&*asked.peer, asked.id), asked.range)).collect();
        for step in steps {
            let peer = diagram.peer(&step.peer);
            for run in step.runs {
                for call in run.calls {
                    let place = asked.get(&(&*step.peer, call.id)).copied();
                    diagram.call(peer, call, place);
                }
                if run.ret_code != 0 {
                    let line = run.error_message.lines().next().unwrap_or_default();
                    let text = format!("{} {}", run.ret_code, short(line, 60));
                    let same = |error: &&RunError| error.code == run.ret_code && error.peer == step.peer;
                    let place = report.errors.iter().find(same).and_then(|error| error.range);
                    diagram.events.push(Event::Error { peer, text, place });
                }
            }
            // All hops of a step come before those of the next one.
            while let Some((from, to)) = hops.next_if(|(from, _)| *from == step.peer) {
                let lost = report.lost.contains(to);
                let (from, to) = (diagram.peer(from), diagram.peer(to));
                diagram.events.push(Event::Hop { from, to, lost, place: None });
            }
        }
        diagram.aims();
        diagram.shorten();
        diagram
    }

    /// What hops are for: the next call where they lead, or the hop from there.
    fn aims(&mut self) {
        let mut next = vec![None; self.peers.len()];
        for event in self.events.iter_mut().rev() {
            match event {
                Event::Call { peer, place, .. } | Event::Error { peer, place, .. } => {
                    next.iter_mut().skip(*peer).take(1).for_each(|next| *next = *place);
                }
                Event::Hop { from, to, place, .. } => {
                    *place = next.get(*to).copied().flatten();
                    next.iter_mut().skip(*from).take(1).for_each(|next| *next = *place);
                }
                Event::More(_) => {}
            }
        }
    }

    fn peer(&mut self, name: &str) -> usize {
        self.peers.iter().position(|peer| peer == name).unwrap_or_else(|| {
            self.peers.push(name.to_owned());
            self.peers.len() - 1
        })
    }

    fn call(&mut self, peer: usize, call: Call, place: Option<Span>) {
        let arguments: Vec<String> = call.arguments.iter().map(|argument| argument.to_string()).collect();
        let text = format!(
            "{}.{}({})",
            call.service_id,
            call.function_name,
            short(&arguments.join(", "), MAX_LABEL_CHARS)
        );
        let result = call.answer.as_ref().map(|answer| {
            let value = answer.value.as_ref().map(Value::to_string).or_else(|| answer.result.clone());
            short(&value.unwrap_or_default(), MAX_LABEL_CHARS)
        });
        let failed = call.answer.is_some_and(|answer| answer.ret_code != 0);
        if let Some(Event::Call { peer: before, call, result: same, failed: alike, times, .. }) =
            self.events.last_mut()
            && (*before, &*call, &*same, *alike) == (peer, &text, &result, failed)
        {
            *times += 1;
            return;
        }
        self.events.push(Event::Call { peer, call: text, result, failed, times: 1, place });
    }

    /// Leaves out the middle of a long run, and the peers that occur only there.
    fn shorten(&mut self) {
        if self.events.len() <= MAX_EVENTS {
            return;
        }
        let out = self.events.len() - MAX_EVENTS;
        let at = MAX_EVENTS * 3 / 4;
        self.events.splice(at..at + out, [Event::More(out)]);
        let mut used = vec![false; self.peers.len()];
        let mut mark = |peer: usize| used.iter_mut().skip(peer).take(1).for_each(|used| *used = true);
        for event in &self.events {
            match event {
                Event::Call { peer, .. } | Event::Error { peer, .. } => mark(*peer),
                Event::Hop { from, to, .. } => [*from, *to].into_iter().for_each(&mut mark),
                Event::More(_) => {}
            }
        }
        let kept: Vec<usize> =
            (0..used.len()).filter(|peer| used.get(*peer).copied().unwrap_or_default()).collect();
        let moved = |peer: &mut usize| *peer = kept.binary_search(peer).unwrap_or_default();
        for event in &mut self.events {
            match event {
                Event::Call { peer, .. } | Event::Error { peer, .. } => moved(peer),
                Event::Hop { from, to, .. } => [from, to].into_iter().for_each(moved),
                Event::More(_) => {}
            }
        }
        self.peers = kept.iter().filter_map(|peer| self.peers.get(*peer).cloned()).collect();
    }
}

impl Event {
    /// Where it belongs in the script.
    fn place(&self) -> Option<Span> {
        match self {
            Event::Call { place, .. } | Event::Hop { place, .. } | Event::Error { place, .. } => *place,
            Event::More(_) => None,
        }
    }
}

/// The beginning of a text, control characters as spaces.
fn short(text: &str, length: usize) -> String {
    let mut out: String = text.chars().take(length).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(length).is_some() {
        out.push('…');
    }
    out
}

/// The name of a peer as pictures show it: long ids, which people tell apart by their ends, shortened in the middle.
fn label(peer: &str) -> String {
    let letters: Vec<char> = peer.chars().collect();
    match letters.len() {
        0..=24 => short(peer, 24),
        length => {
            let (first, last) = (letters.iter().take(6), letters.iter().skip(length - 6));
            format!("{}…{}", first.collect::<String>(), last.collect::<String>())
        }
    }
}
