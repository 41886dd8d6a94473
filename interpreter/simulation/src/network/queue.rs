//! What is on its way, and in which order it arrives.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use air_interpreter::CallServiceResult;

/// The order in which particles arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// As they were sent.
    #[default]
    Fifo,
    /// The one sent last comes first.
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

impl std::fmt::Display for Order {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Order::Fifo => f.write_str("fifo"),
            Order::Lifo => f.write_str("lifo"),
            Order::Random(seed) => write!(f, "random:{seed}"),
        }
    }
}

/// What goes wrong on the way; nothing by default.
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

/// A particle on its way; without a sender it is the first one.
#[derive(Debug, Clone)]
pub(super) struct Particle {
    pub(super) from: Option<String>,
    pub(super) to: String,
    pub(super) data: Rc<[u8]>,
}

/// An answer that comes later.
#[derive(Debug)]
pub(super) struct LateAnswer {
    pub(super) at: u64,
    pub(super) peer: String,
    pub(super) id: u32,
    pub(super) result: CallServiceResult,
}

/// Particles on their way, and answers that come later.
#[derive(Debug)]
pub(super) struct Queue {
    particles: VecDeque<Particle>,
    late: BTreeMap<(u64, u64), LateAnswer>,
    asked: u64,
    order: Order,
    random: Random,
}

impl Queue {
    pub(super) fn new(order: Order) -> Self {
        let random = Random(if let Order::Random(seed) = order { seed } else { 0 });
        Queue { particles: VecDeque::new(), late: BTreeMap::new(), asked: 0, order, random }
    }

    pub(super) fn push(&mut self, particle: Particle) {
        self.particles.push_back(particle);
    }

    /// Bytes of the data that is on its way; several particles of one sender share it.
    pub(super) fn bytes(&self) -> u64 {
        let mut last: Option<&Rc<[u8]>> = None;
        let mut bytes = 0;
        for particle in &self.particles {
            if last.is_none_or(|last| !Rc::ptr_eq(last, &particle.data)) {
                bytes += particle.data.len() as u64;
            }
            last = Some(&particle.data);
        }
        bytes
    }

    pub(super) fn push_late(&mut self, late: LateAnswer) {
        self.late.insert((late.at, self.asked), late);
        self.asked += 1;
    }

    pub(super) fn next_particle(&mut self) -> Option<Particle> {
        match self.order {
            Order::Fifo => self.particles.pop_front(),
            Order::Lifo => self.particles.pop_back(),
            Order::Random(_) if self.particles.is_empty() => None,
            Order::Random(_) => self.particles.remove(self.random.below(self.particles.len())),
        }
    }

    /// The answer with the smallest deadline; of several with the same one the first that was asked for.
    pub(super) fn next_late(&mut self) -> Option<LateAnswer> {
        self.late.pop_first().map(|(_, late)| late)
    }

    pub(super) fn late(&self) -> impl ExactSizeIterator<Item = &LateAnswer> {
        self.late.values()
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
            queue.push(Particle { from: None, to: to.to_owned(), data: Rc::from([]) });
        }
        std::iter::from_fn(|| queue.next_particle()).map(|particle| particle.to).collect()
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
    }

    #[test]
    fn chances() {
        let mut random = Random(1);
        let hits = (0..10_000).filter(|_| random.chance(30)).count();
        assert!((2_700..3_300).contains(&hits), "{hits}");
        assert!(!(0..1_000).any(|_| random.chance(0)) && (0..1_000).all(|_| random.chance(100)));
    }
}
