//! Perfetto: a process for each peer, a slice for each event on it, slices of its calls below, flows for particles.
//!
//! Calls take from the event that asks to the one that answers; those that overlap are on tracks of their own.

pub(super) mod proto;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use prost::Message as _;

use super::axis::{EVENT_NANOS, answered_at, begins};
use super::{call_texts, name_of, title, unanswered};
use crate::report::{Asked, Calls, Event, Fate, Report};
use proto::{DebugAnnotation, Kind, ProcessDescriptor, Trace, TracePacket, TrackDescriptor, TrackEvent};

/// All packets come from one writer.
const SEQUENCE: u32 = 1;
/// `SEQ_INCREMENTAL_STATE_CLEARED`: nothing before the first packet is needed to read it.
const STATE_CLEARED: u32 = 1;

/// The run as a trace that <https://ui.perfetto.dev> opens: protobuf.
pub fn perfetto(report: &Report) -> Vec<u8> {
    let calls = Calls::of(report);
    let begins = begins(&report.events);
    let end_of_run = begins.last().map_or(0, |begin| begin + EVENT_NANOS);
    let mut tracks = Tracks::default();
    let mut flows = Flows::of(&report.events);
    for (event, begin) in report.events.iter().zip(&begins) {
        let Some(peer) = event.peer.as_deref() else {
            let track = tracks.network();
            tracks.event(*begin, instant(track, &title(event, &report.events), annotations(event)));
            continue;
        };
        let track = tracks.particle(peer);
        let slice = TrackEvent {
            categories: vec!["event".to_owned()],
            flow_ids: flows.leaving(event),
            terminating_flow_ids: flows.arriving(event.number),
            ..begin_slice(track, title(event, &report.events), annotations(event))
        };
        tracks.event(*begin, slice);
        for sent in &event.sent {
            if let Fate::Lost { why } = &sent.fate {
                tracks.event(*begin, instant(track, &format!("lost to {}: {why}", sent.to), Vec::new()));
            }
        }
        tracks.event(*begin + EVENT_NANOS, end_slice(track));
        for asked in &event.asked {
            let end = answered_at(asked, &begins).unwrap_or(end_of_run).max(begin + EVENT_NANOS);
            let track = tracks.call(peer, *begin, end);
            let slice = TrackEvent {
                categories: vec!["call".to_owned()],
                ..begin_slice(track, name_of(asked), call_annotations(&calls, peer, asked))
            };
            tracks.event(*begin, slice);
            tracks.event(end, end_slice(track));
        }
    }
    tracks.trace().encode_to_vec()
}

fn annotations(event: &Event) -> Vec<DebugAnnotation> {
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let mut all = vec![int("event", number(event.number)), int("simulated ms", number(event.time))];
    all.extend(event.order.as_ref().map(|order| text("order", order.clone())));
    all.extend(event.ret_code.map(|code| int("ret_code", code)));
    all
}

fn call_annotations(calls: &Calls, peer: &str, asked: &Asked) -> Vec<DebugAnnotation> {
    let (arguments, answer) = call_texts(calls, peer, asked);
    let mut all = vec![text("arguments", arguments)];
    match (answer, unanswered(&asked.fate)) {
        (Some((value, false)), _) => all.push(text("answer", value)),
        (Some((value, true)), _) => all.push(text("error", value)),
        (None, Some(why)) => all.push(text("error", why)),
        (None, None) => {}
    }
    all
}

fn int(name: &str, value: i64) -> DebugAnnotation {
    DebugAnnotation { name: Some(name.to_owned()), int_value: Some(value), string_value: None }
}

fn text(name: &str, value: String) -> DebugAnnotation {
    DebugAnnotation { name: Some(name.to_owned()), int_value: None, string_value: Some(value) }
}

fn begin_slice(track: u64, name: String, debug_annotations: Vec<DebugAnnotation>) -> TrackEvent {
    TrackEvent { name: Some(name), debug_annotations, ..on(track, Kind::SliceBegin) }
}

fn end_slice(track: u64) -> TrackEvent {
    on(track, Kind::SliceEnd)
}

fn instant(track: u64, name: &str, debug_annotations: Vec<DebugAnnotation>) -> TrackEvent {
    TrackEvent { name: Some(name.to_owned()), debug_annotations, ..on(track, Kind::Instant) }
}

fn on(track: u64, kind: Kind) -> TrackEvent {
    TrackEvent { track_uuid: Some(track), r#type: Some(kind as i32), ..TrackEvent::default() }
}

/// Numbers of particles: each connects the event that sent it with the one that it came with.
#[derive(Default)]
struct Flows {
    arriving: HashMap<u64, Vec<u64>>,
    leaving: HashMap<u64, Vec<u64>>,
}

impl Flows {
    fn of(events: &[Event]) -> Self {
        let mut flows = Flows::default();
        let mut flow = 0;
        for event in events {
            for sent in &event.sent {
                if let Fate::Arrived { event: arrival } = sent.fate {
                    flow += 1;
                    flows.leaving.entry(event.number).or_default().push(flow);
                    flows.arriving.entry(arrival).or_default().push(flow);
                }
            }
        }
        flows
    }

    fn leaving(&mut self, event: &Event) -> Vec<u64> {
        self.leaving.remove(&event.number).unwrap_or_default()
    }

    fn arriving(&mut self, event: u64) -> Vec<u64> {
        self.arriving.remove(&event).unwrap_or_default()
    }
}

/// Tracks so far and what happens on them.
#[derive(Default)]
struct Tracks {
    descriptors: Descriptors,
    /// When and what, in the order in which it was said.
    events: Vec<(u64, TrackEvent)>,
    network: Option<u64>,
    peers: HashMap<String, PeerTracks>,
}

struct PeerTracks {
    process: u64,
    particle: u64,
    /// Tracks of calls, each with the time from which it is free; the first one first.
    calls: BinaryHeap<Reverse<(u64, u64)>>,
}

#[derive(Default)]
struct Descriptors(Vec<TrackDescriptor>);

impl Descriptors {
    fn add(&mut self, descriptor: TrackDescriptor) -> u64 {
        let uuid = self.0.len() as u64 + 1;
        self.0.push(TrackDescriptor { uuid: Some(uuid), ..descriptor });
        uuid
    }

    fn named(&mut self, name: &str, parent_uuid: Option<u64>) -> u64 {
        self.add(TrackDescriptor { name: Some(name.to_owned()), parent_uuid, ..TrackDescriptor::default() })
    }
}

impl Tracks {
    fn network(&mut self) -> u64 {
        *self.network.get_or_insert_with(|| self.descriptors.named("network", None))
    }

    fn peer(&mut self, peer: &str) -> &mut PeerTracks {
        let pid = i32::try_from(self.peers.len() + 1).ok();
        self.peers.entry(peer.to_owned()).or_insert_with(|| {
            let process = ProcessDescriptor { pid, process_name: Some(peer.to_owned()) };
            let process = TrackDescriptor { process: Some(process), ..TrackDescriptor::default() };
            let process = self.descriptors.add(process);
            let particle = self.descriptors.named("particle", Some(process));
            PeerTracks { process, particle, calls: BinaryHeap::new() }
        })
    }

    fn particle(&mut self, peer: &str) -> u64 {
        self.peer(peer).particle
    }

    /// A track that is free from `begin` on; from now on it is so from `end` on.
    fn call(&mut self, peer: &str, begin: u64, end: u64) -> u64 {
        let tracks = self.peer(peer);
        let process = tracks.process;
        let is_free = tracks.calls.peek().is_some_and(|Reverse((free, _))| *free <= begin);
        let free = if is_free { tracks.calls.pop() } else { None };
        let track = match free {
            Some(Reverse((_, track))) => track,
            None => self.descriptors.named("calls", Some(process)),
        };
        self.peer(peer).calls.push(Reverse((end, track)));
        track
    }

    fn event(&mut self, at: u64, event: TrackEvent) {
        self.events.push((at, event));
    }

    /// Packets in the order of time; what was said first comes first.
    fn trace(mut self) -> Trace {
        self.events.sort_by_key(|(at, _)| *at);
        let packet = || TracePacket { trusted_packet_sequence_id: Some(SEQUENCE), ..TracePacket::default() };
        let descriptors = self.descriptors.0.into_iter();
        let mut packets: Vec<TracePacket> =
            descriptors.map(|track| TracePacket { track_descriptor: Some(track), ..packet() }).collect();
        packets.extend(self.events.into_iter().map(|(at, event)| TracePacket {
            timestamp: Some(at),
            track_event: Some(event),
            ..packet()
        }));
        if let Some(first) = packets.first_mut() {
            first.sequence_flags = Some(STATE_CLEARED);
        }
        Trace { packet: packets }
    }
}
