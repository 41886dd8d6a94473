//! Events of the network as the report shows them: with names for ids.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::types::{Asked, Event, EventKind, Fate, Sent};
use crate::network;
use air_interpreter::peers::Peers;

/// All events, numbered.
pub(crate) fn events(events: &[Rc<network::Event>], peers: &Peers) -> Vec<Event> {
    let show = |id: &str| peers.show(id).into_owned();
    let event = |(index, event): (usize, &Rc<network::Event>)| Event {
        number: index as u64 + 1,
        kind: kind(&event.kind),
        time: event.time,
        peer: event.kind.peer().map(show),
        from: match &event.kind {
            network::EventKind::Delivery { from, .. } => Some(show(from)),
            _ => None,
        },
        causes: event.causes.clone(),
        answers: match &event.kind {
            network::EventKind::Answer { calls, .. } => calls.clone(),
            _ => Vec::new(),
        },
        order: event.chosen.clone(),
        ret_code: event.ret_code,
        asked: event.asked.iter().map(|asked| ask(asked, peers)).collect(),
        sent: event.sent.iter().flat_map(|sent| sends(sent, peers)).collect(),
    };
    events.iter().enumerate().map(event).collect()
}

/// Ways, sender and receiver by id, on which something was lost and nothing arrived, and why. Peers that are not there
/// are another matter.
pub(crate) fn losses(events: &[Rc<network::Event>], peers: &Peers) -> BTreeMap<(String, String), String> {
    let mut ways: BTreeMap<(String, String), Option<String>> = BTreeMap::new();
    for event in events {
        let Some(from) = event.kind.peer() else { continue };
        for sent in &event.sent {
            let way = || (from.to_owned(), sent.to.clone());
            for fate in &sent.fates {
                match fate {
                    network::Became::Lost(network::Loss::NotThere) => {}
                    network::Became::Lost(loss) => {
                        let to = peers.show(&sent.to);
                        ways.entry(way()).or_insert_with(|| Some(why(loss, &to, peers)));
                    }
                    _ => {
                        ways.insert(way(), None);
                    }
                }
            }
        }
    }
    ways.into_iter().filter_map(|(way, why)| Some((way, why?))).collect()
}

/// Calls whose answers would have come after the particle's life: peer by id, service and function, and when.
pub(crate) fn late<'n>(
    events: &[Rc<network::Event>],
    unanswered: impl Iterator<Item = network::Unanswered<'n>>,
) -> BTreeMap<(String, String, String), u64> {
    let due: BTreeMap<(&str, u32), u64> =
        unanswered.filter_map(|call| Some(((call.peer, call.id), call.at?))).collect();
    let mut late = BTreeMap::new();
    for event in events {
        let Some(peer) = event.kind.peer() else { continue };
        for asked in event.asked.iter().filter(|asked| asked.fate == network::Became::Expired) {
            let (service, function) = asked.name.clone();
            let at = due.get(&(peer, asked.id)).copied().unwrap_or_default();
            late.insert((peer.to_owned(), service, function), at);
        }
    }
    late
}

fn kind(kind: &network::EventKind) -> EventKind {
    match kind {
        network::EventKind::Start { .. } => EventKind::Start,
        network::EventKind::Delivery { .. } => EventKind::Delivery,
        network::EventKind::Answer { .. } => EventKind::Answer,
        network::EventKind::Tick => EventKind::Tick,
        network::EventKind::Fault => EventKind::Fault,
        network::EventKind::Expiry => EventKind::Expiry,
    }
}

fn ask(asked: &network::Asked, peers: &Peers) -> Asked {
    let (service, function) = asked.name.clone();
    Asked { id: asked.id, service, function, nobody: asked.nobody, fate: fate(&asked.fate, "", peers) }
}

fn sends<'a>(sent: &'a network::Sent, peers: &'a Peers) -> impl Iterator<Item = Sent> + 'a {
    sent.fates.iter().enumerate().map(|(copy, became)| {
        let to = peers.show(&sent.to).into_owned();
        Sent { fate: fate(became, &to, peers), copy: copy > 0, to }
    })
}

fn fate(became: &network::Became, to: &str, peers: &Peers) -> Fate {
    match became {
        network::Became::Waiting => Fate::UnderWay,
        network::Became::Event(event) => Fate::Arrived { event: *event },
        network::Became::Expired => Fate::Expired,
        network::Became::Silent => Fate::Silent,
        network::Became::Lost(loss) => Fate::Lost { why: why(loss, to, peers) },
    }
}

/// Why something is lost, in plain words.
pub(crate) fn why(loss: &network::Loss, to: &str, peers: &Peers) -> String {
    match loss {
        network::Loss::NotThere => format!("{to} is not there"),
        network::Loss::Chance => "by chance".to_owned(),
        network::Loss::Fault(fault) => format!("`{fault}`"),
        network::Loss::Died => "the peer has died".to_owned(),
        network::Loss::Behind { client, relay } => {
            let [client, relay] = [client, relay].map(|id| peers.show(id));
            format!("{client} is connected to {relay} only")
        }
    }
}
