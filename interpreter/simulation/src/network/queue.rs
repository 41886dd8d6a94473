//! What may happen next, and in which order it does.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use air_interpreter::CallServiceResult;

/// The order in which things happen that may happen in any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// As they were sent and asked for.
    #[default]
    Fifo,
    /// The last one comes first.
    Lifo,
    /// Any of them; the same seed gives the same order.
    Random(u64),
}

impl Order {
    /// Reads `fifo`, `lifo` or `random:SEED`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "fifo" => Some(Order::Fifo),
            "lifo" => Some(Order::Lifo),
            _ => text.strip_prefix("random:")?.parse().ok().map(Order::Random),
        }
    }
}

/// Whether the answers to a peer's calls come together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answers {
    /// All that are ready, at once and before anything else happens.
    #[default]
    Together,
    /// Each by itself, as hosts do whose services take their time.
    Single,
    /// Some of those that are ready; the same seed chooses the same ones.
    Random(u64),
}

impl Answers {
    /// Reads `together`, `single` or `random:SEED`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "together" => Some(Answers::Together),
            "single" => Some(Answers::Single),
            _ => text.strip_prefix("random:")?.parse().ok().map(Answers::Random),
        }
    }
}

impl std::fmt::Display for Answers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Answers::Together => f.write_str("together"),
            Answers::Single => f.write_str("single"),
            Answers::Random(seed) => write!(f, "random:{seed}"),
        }
    }
}

impl std::fmt::Display for Order {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Order::Fifo => f.write_str("fifo"),
            Order::Lifo => f.write_str("lifo"),
            Order::Random(seed) => write!(f, "random:{seed}"),
        }
    }
}

/// A particle on its way; without a sender it is the first one.
#[derive(Debug, Clone)]
pub(super) struct Particle {
    pub(super) from: Option<String>,
    pub(super) to: String,
    pub(super) data: Rc<[u8]>,
    /// Which one on its way, from 1.
    pub(super) nth: u32,
    pub(super) origin: Origin,
    /// What the data says, in one number, if simulations are compared; else 0.
    pub(super) content: u64,
}

/// An answer to a call.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) peer: String,
    pub(super) id: u32,
    pub(super) service: String,
    pub(super) function: String,
    /// Which one of all calls of this name on its peer, from 1.
    pub(super) nth: u32,
    pub(super) result: CallServiceResult,
    pub(super) origin: Origin,
}

/// The place in the list of events where its fate is written: the event's index, and which of the things that it sent or
/// asked for; for particles, which of the copies too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Origin {
    pub(super) event: usize,
    pub(super) item: usize,
    pub(super) copy: usize,
    /// Whether it was asked for; else it was sent.
    pub(super) answer: bool,
}

/// What may happen now.
#[derive(Debug, Clone)]
pub(super) enum Item {
    Particle(Particle),
    Reply(Reply),
}

/// Particles and answers on their way, and answers that come later.
#[derive(Debug, Clone)]
pub(super) struct Queue {
    ready: VecDeque<Item>,
    late: BTreeMap<(u64, u64), Reply>,
    asked: u64,
    order: Order,
    random: Random,
}

impl Queue {
    pub(super) fn new(order: Order) -> Self {
        let random = Random(if let Order::Random(seed) = order { seed } else { 0 });
        Queue { ready: VecDeque::new(), late: BTreeMap::new(), asked: 0, order, random }
    }

    pub(super) fn push(&mut self, item: Item) {
        self.ready.push_back(item);
    }

    /// Bytes of the data that is on its way; several particles of one sender share it.
    pub(super) fn bytes(&self) -> u64 {
        let mut last: Option<&Rc<[u8]>> = None;
        let mut bytes = 0;
        let particles = self.ready.iter().filter_map(|item| match item {
            Item::Particle(particle) => Some(particle),
            Item::Reply(_) => None,
        });
        for particle in particles {
            if last.is_none_or(|last| !Rc::ptr_eq(last, &particle.data)) {
                bytes += particle.data.len() as u64;
            }
            last = Some(&particle.data);
        }
        bytes
    }

    pub(super) fn push_late(&mut self, at: u64, reply: Reply) {
        self.late.insert((at, self.asked), reply);
        self.asked += 1;
    }

    /// What comes next by the order, late answers apart.
    pub(super) fn next(&mut self) -> Option<Item> {
        match self.order {
            Order::Fifo => self.ready.pop_front(),
            Order::Lifo => self.ready.pop_back(),
            Order::Random(_) if self.ready.is_empty() => None,
            Order::Random(_) => self.ready.remove(self.random.below(self.ready.len())),
        }
    }

    /// The answer with the smallest deadline, and that; of several with the same one the first that was asked for.
    pub(super) fn next_late(&mut self) -> Option<(u64, Reply)> {
        self.late.pop_first().map(|((at, _), late)| (at, late))
    }

    /// When the next late answer is due.
    pub(super) fn due(&self) -> Option<u64> {
        self.late.first_key_value().map(|((at, _), _)| *at)
    }

    pub(super) fn late(&self) -> impl Iterator<Item = (u64, &Reply)> {
        self.late.iter().map(|((at, _), late)| (*at, late))
    }

    /// All that may happen now.
    pub(super) fn ready(&self) -> impl Iterator<Item = &Item> {
        self.ready.iter()
    }

    /// Takes the first that fits.
    pub(super) fn take(&mut self, fits: impl FnMut(&Item) -> bool) -> Option<Item> {
        let at = self.ready.iter().position(fits)?;
        self.ready.remove(at)
    }

    /// Takes all that fit, in their order.
    pub(super) fn take_all(&mut self, mut fits: impl FnMut(&Item) -> bool) -> Vec<Reply> {
        let mut taken = Vec::new();
        for item in std::mem::take(&mut self.ready) {
            match item {
                item if !fits(&item) => self.ready.push_back(item),
                Item::Reply(reply) => taken.push(reply),
                item @ Item::Particle(_) => self.ready.push_back(item),
            }
        }
        taken
    }

    /// Takes the first late answer that fits, with the time when it is due.
    pub(super) fn take_late(&mut self, mut fits: impl FnMut(&Reply) -> bool) -> Option<(u64, Reply)> {
        let key = *self.late.iter().find(|(_, reply)| fits(reply))?.0;
        self.late.remove(&key).map(|reply| (key.0, reply))
    }

    /// Takes all that wait.
    pub(super) fn drain(&mut self) -> Vec<Item> {
        let late = std::mem::take(&mut self.late).into_values().map(Item::Reply);
        self.ready.drain(..).chain(late).collect()
    }
}

/// SplitMix64: small, good enough to choose orders, and the same everywhere for ever.
#[derive(Debug, Clone)]
pub(super) struct Random(pub(super) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is not 0.
    fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// True in so many of a hundred cases.
    pub(super) fn chance(&mut self, percent: u8) -> bool {
        // Drawn even when it is clear, so that one setting does not move the choices of another.
        self.below(100) < usize::from(percent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(order: Order) -> String {
        let mut queue = Queue::new(order);
        for to in ["a", "b", "c", "d", "e", "f"] {
            let (to, origin) = (to.to_owned(), Origin::default());
            queue.push(Item::Particle(Particle {
                from: None,
                to,
                data: Rc::from([]),
                nth: 1,
                origin,
                content: 0,
            }));
        }
        let items = std::iter::from_fn(|| queue.next());
        items
            .map(|item| match item {
                Item::Particle(particle) => particle.to,
                Item::Reply(reply) => reply.peer,
            })
            .collect()
    }

    #[test]
    fn orders() {
        assert_eq!(order(Order::Fifo), "abcdef");
        assert_eq!(order(Order::Lifo), "fedcba");
        let random: std::collections::BTreeSet<String> =
            (0..20).map(|seed| order(Order::Random(seed))).collect();
        assert!(random.len() > 15, "{random:?}");
        assert_eq!(order(Order::Random(7)), order(Order::Random(7)));
    }

    #[test]
    fn names_of_orders() {
        for text in ["fifo", "lifo", "random:12"] {
            assert_eq!(Order::parse(text).unwrap().to_string(), text);
        }
        assert_eq!((Order::parse("random"), Order::parse("random:x")), (None, None));
        for text in ["together", "single", "random:12"] {
            assert_eq!(Answers::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Answers::parse("alone"), None);
    }

    #[test]
    fn chances() {
        let mut random = Random(1);
        let hits = (0..10_000).filter(|_| random.chance(30)).count();
        assert!((2_700..3_300).contains(&hits), "{hits}");
        assert!(!(0..1_000).any(|_| random.chance(0)) && (0..1_000).all(|_| random.chance(100)));
    }
}
