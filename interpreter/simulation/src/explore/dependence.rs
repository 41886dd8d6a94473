//! Which events of an order depend on which: what happened before what, as far as anybody can tell.

use crate::network::Candidate;

/// A set of events of one order, by their places in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct EventSet(Vec<u64>);

impl EventSet {
    pub(super) fn contains(&self, at: usize) -> bool {
        self.0.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    pub(super) fn insert(&mut self, at: usize) {
        if self.0.len() <= at / 64 {
            self.0.resize(at / 64 + 1, 0);
        }
        if let Some(word) = self.0.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }

    pub(super) fn extend(&mut self, other: &EventSet) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word |= other;
        }
    }
}

/// What an event touches beside the queue. Events that touch nothing in common can change places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Footprint {
    /// The peer on which it happens.
    pub(super) receiver: String,
    /// It moves the clock.
    pub(super) ticks: bool,
    /// It reads the clock, or asks for something that comes when the clock says so.
    pub(super) reads_clock: bool,
    /// Rules of the sample data that it used and whose answers depend on how often they were used.
    pub(super) rules: Vec<usize>,
    /// Everything counts: a fault depends on the number of events.
    pub(super) everything: bool,
}

impl Footprint {
    pub(super) fn depends_on(&self, other: &Footprint) -> bool {
        self.receiver == other.receiver || self.depends_elsewhere(other)
    }

    /// Whether they depend on each other on whatever peers they happen.
    pub(super) fn depends_elsewhere(&self, other: &Footprint) -> bool {
        let clock = |one: &Footprint, other: &Footprint| one.ticks && (other.ticks || other.reads_clock);
        self.everything
            || other.everything
            || clock(self, other)
            || clock(other, self)
            || self.rules.iter().any(|rule| other.rules.contains(rule))
    }
}

/// An event of the order that is followed.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub(super) candidate: Candidate,
    pub(super) footprint: Footprint,
    /// The numbers of all events on the network up to this one.
    pub(super) last_number: u64,
    /// What it comes after in all orders that nobody can tell from this one.
    pub(super) after: EventSet,
}

/// What an event at the end of an order depends on.
pub(super) struct Dependence {
    /// All that comes before it.
    pub(super) after: EventSet,
    /// Events that it depends on and that it may come before.
    pub(super) races: Vec<usize>,
}

/// Looks at the event that comes after all of `order`, which begins after so many events on the network.
pub(super) fn dependence(
    order: &[&Event],
    events_before: u64,
    candidate: &Candidate,
    footprint: &Footprint,
) -> Dependence {
    // What sent what arrives, or asked for what is answered.
    let mut caused = EventSet::default();
    for number in candidate.causes.iter().filter(|number| **number > events_before) {
        let at = order.partition_point(|event| event.last_number < *number);
        if let Some(cause) = order.get(at) {
            caused.insert(at);
            caused.extend(&cause.after);
        }
    }
    let mut after = caused.clone();
    let mut races = Vec::new();
    for (at, event) in order.iter().enumerate().rev() {
        if !footprint.depends_on(&event.footprint) {
            continue;
        }
        let direct = !after.contains(at);
        // What the clock and rules have to do with each other goes beyond what comes directly before.
        let elsewhere = footprint.depends_elsewhere(&event.footprint);
        if (direct || elsewhere) && !caused.contains(at) {
            races.push(at);
        }
        if direct {
            after.insert(at);
            after.extend(&event.after);
        }
    }
    Dependence { after, races }
}

/// What may come first if the last event is to come before the one at `at`: places in the order from `at + 1` on. The last
/// event has the place `order.len()`.
pub(super) fn initials(order: &[&Event], at: usize, last: &EventSet) -> Vec<usize> {
    let mut independent: Vec<usize> = Vec::new();
    let mut initials = Vec::new();
    for (place, event) in order.iter().enumerate().skip(at + 1) {
        if event.after.contains(at) {
            continue;
        }
        if !independent.iter().any(|earlier| event.after.contains(*earlier)) {
            initials.push(place);
        }
        independent.push(place);
    }
    if !independent.iter().any(|earlier| last.contains(*earlier)) {
        initials.push(order.len());
    }
    initials
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets() {
        let mut set = EventSet::default();
        set.insert(3);
        set.insert(130);
        let mut other = EventSet::default();
        other.insert(64);
        other.extend(&set);
        let members = |set: &EventSet| (0..200).filter(|at| set.contains(*at)).collect::<Vec<_>>();
        assert_eq!((members(&set), members(&other)), (vec![3, 130], vec![3, 64, 130]));
    }

    #[test]
    fn footprints() {
        let on = |receiver: &str| Footprint { receiver: receiver.to_owned(), ..Footprint::default() };
        assert!(on("a").depends_on(&on("a")) && !on("a").depends_on(&on("b")));
        let (ticks, reads) =
            (Footprint { ticks: true, ..on("a") }, Footprint { reads_clock: true, ..on("b") });
        assert!(ticks.depends_on(&reads) && reads.depends_on(&ticks));
        assert!(!Footprint { reads_clock: true, ..on("a") }.depends_on(&reads));
        let rules = |receiver: &str, rules: &[usize]| Footprint { rules: rules.to_vec(), ..on(receiver) };
        assert!(rules("a", &[1, 2]).depends_on(&rules("b", &[2])));
        assert!(!rules("a", &[1]).depends_on(&rules("b", &[2])));
    }
}
