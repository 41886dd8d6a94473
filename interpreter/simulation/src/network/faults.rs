//! What goes wrong on the way: by chance, or by name.
//!
//! Faults by name, as people write them:
//!
//! ```text
//! lose @a→@b                 the first particle on that way never arrives; `lose @a→@b#2`: the second
//! double @a→@b               it arrives twice
//! cut @a→@b                  nothing ever arrives that way
//! part @a @b until 12        until event 12 nothing gets from these peers to the others, nor back
//! @b dies after 3            it takes part in three events and in no more
//! ```

use std::fmt;

use serde::{Deserialize, Serialize};

use super::schedule::{Move, Schedule, Way};

/// What goes wrong by chance; nothing by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// How many of a hundred particles arrive twice.
    pub duplicate: u8,
    /// How many of a hundred particles never arrive.
    pub lose: u8,
    /// The same seed chooses the same particles.
    pub seed: u64,
}

/// What goes wrong by name. Peers are written as they are shown to people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum NamedFault {
    /// A particle never arrives; the first one on its way if it has no number.
    Lose(Way),
    /// A particle arrives twice.
    Double(Way),
    /// Nothing arrives on that way.
    Cut(Way),
    /// Nothing gets from some peers to the others, nor back.
    Part {
        /// The peers on one side.
        peers: Vec<String>,
        /// The first event that is after it; `None`: it lasts.
        until: Option<u64>,
    },
    /// A peer is gone after some events.
    Dies {
        /// The peer.
        peer: String,
        /// So many events it takes part in.
        after: u64,
    },
}

impl NamedFault {
    /// Whether what it does depends on how many events there were.
    pub(super) fn counts_events(&self) -> bool {
        matches!(self, NamedFault::Dies { .. }) || self.counts_all_events()
    }

    /// Whether it depends on how many events there were on other peers.
    pub(super) fn counts_all_events(&self) -> bool {
        matches!(self, NamedFault::Part { until: Some(_), .. })
    }

    /// Reads one.
    ///
    /// # Errors
    /// One sentence for people.
    pub fn parse(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let count =
            |text: &str| text.parse::<u64>().map_err(|_| format!("expected a number, found `{text}`"));
        match words.as_slice() {
            ["part", peers @ .., "until", event] if !peers.is_empty() => {
                Ok(NamedFault::Part { peers: owned(peers), until: Some(count(event)?) })
            }
            ["part", peers @ ..] if !peers.is_empty() && !peers.contains(&"until") => {
                Ok(NamedFault::Part { peers: owned(peers), until: None })
            }
            [peer, "dies"] => Ok(NamedFault::Dies { peer: (*peer).to_owned(), after: 0 }),
            [peer, "dies", "after", events] => {
                Ok(NamedFault::Dies { peer: (*peer).to_owned(), after: count(events)? })
            }
            ["cut", ..] => {
                let (_, way) = text.trim_start().split_at(3);
                match one(way)? {
                    Move::Arrive(way) if way.nth.is_none() => Ok(NamedFault::Cut(way)),
                    _ => Err("expected `cut FROM→TO`".to_owned()),
                }
            }
            ["lose" | "double", ..] => match one(text)? {
                Move::Lose(way) => Ok(NamedFault::Lose(way)),
                Move::Double(way) => Ok(NamedFault::Double(way)),
                _ => Err(KINDS.to_owned()),
            },
            _ => Err(KINDS.to_owned()),
        }
    }
}

const KINDS: &str =
    "expected `lose A→B`, `double A→B`, `cut A→B`, `part A B until EVENT` or `A dies after EVENTS`";

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// The only move of a text.
fn one(text: &str) -> Result<Move, String> {
    let schedule = Schedule::parse(text).map_err(|error| error.message)?;
    match <[Move; 1]>::try_from(schedule.moves) {
        Ok([only]) => Ok(only),
        Err(_) => Err(KINDS.to_owned()),
    }
}

impl fmt::Display for NamedFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NamedFault::Lose(way) => write!(f, "lose {way}"),
            NamedFault::Double(way) => write!(f, "double {way}"),
            NamedFault::Cut(way) => write!(f, "cut {way}"),
            NamedFault::Part { peers, until: None } => write!(f, "part {}", peers.join(" ")),
            NamedFault::Part { peers, until: Some(event) } => {
                write!(f, "part {} until {event}", peers.join(" "))
            }
            NamedFault::Dies { peer, after } => write!(f, "{peer} dies after {after}"),
        }
    }
}

/// A particle that is about to be sent. Peers as shown to people.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sending<'a> {
    pub(super) from: &'a str,
    pub(super) to: &'a str,
    /// Which one on its way, from 1.
    pub(super) nth: u32,
    /// The number of the event that sends it.
    pub(super) event: u64,
}

/// The fault that keeps a particle from arriving.
pub(super) fn loses<'f>(faults: &'f [NamedFault], sending: Sending<'_>) -> Option<&'f NamedFault> {
    let on_way = |way: &Way| way.from == sending.from && way.to == sending.to;
    faults.iter().find(|fault| match fault {
        NamedFault::Lose(way) => on_way(way) && way.nth.unwrap_or(1) == sending.nth,
        NamedFault::Cut(way) => on_way(way),
        NamedFault::Part { peers, until } => {
            let inside = |peer: &str| peers.iter().any(|it| it == peer);
            inside(sending.from) != inside(sending.to) && until.is_none_or(|until| sending.event < until)
        }
        NamedFault::Double(_) | NamedFault::Dies { .. } => false,
    })
}

/// Whether a fault makes a particle arrive twice.
pub(super) fn doubles(faults: &[NamedFault], sending: Sending<'_>) -> bool {
    faults.iter().any(|fault| match fault {
        NamedFault::Double(way) => {
            way.from == sending.from && way.to == sending.to && way.nth.unwrap_or(1) == sending.nth
        }
        _ => false,
    })
}

/// After how many events of its own a peer is gone.
pub(super) fn dies_after(faults: &[NamedFault], peer: &str) -> Option<u64> {
    let of_peer = faults.iter().filter_map(|fault| match fault {
        NamedFault::Dies { peer: dying, after } if dying == peer => Some(*after),
        _ => None,
    });
    of_peer.min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write() {
        for text in
            ["lose @a→@b#2", "double @a→@b", "cut @a→@b", "part @a @b until 12", "part @a", "@b dies after 3"]
        {
            assert_eq!(NamedFault::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(NamedFault::parse("@b dies").unwrap().to_string(), "@b dies after 0");
        for text in [
            "",
            "lose",
            "cut @a→@b#2",
            "part",
            "part until 3",
            "@b dies after x",
            "@a→@b",
            "lose @a→@b, @a→@b",
        ] {
            assert!(NamedFault::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_they_do() {
        let faults = |text| vec![NamedFault::parse(text).unwrap()];
        let sending = |from, to, nth, event| Sending { from, to, nth, event };
        let lost = |text, sending| loses(&faults(text), sending).is_some();
        assert!(
            lost("lose @a→@b", sending("@a", "@b", 1, 9)) && !lost("lose @a→@b", sending("@a", "@b", 2, 9))
        );
        assert!(
            lost("cut @a→@b", sending("@a", "@b", 7, 9)) && !lost("cut @a→@b", sending("@b", "@a", 1, 9))
        );
        assert!(lost("part @a @b until 5", sending("@c", "@a", 1, 4)));
        assert!(!lost("part @a @b until 5", sending("@c", "@a", 1, 5)));
        assert!(
            !lost("part @a @b", sending("@b", "@a", 1, 1)) && lost("part @a @b", sending("@b", "@c", 1, 1))
        );
        assert!(doubles(&faults("double @a→@b#2"), sending("@a", "@b", 2, 1)));
        assert_eq!(dies_after(&faults("@b dies after 3"), "@b"), Some(3));
        assert_eq!(dies_after(&faults("@b dies after 3"), "@c"), None);
    }
}
