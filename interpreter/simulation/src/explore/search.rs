//! The search: a stack of orders' beginnings, each with a copy of the network as it is there.
//!
//! At each place of an order stands what may happen next and which of that is to be followed: one thing at first. When an
//! event turns out to depend on an earlier one that it might have come before, what leads there is to be followed from
//! before that one too (source sets). What was followed already from an earlier place and depends on nothing since is
//! not followed again (sleep sets). Where a state was seen before, and nothing was asleep then that is awake now, the
//! search goes back; since events behind that state may depend on events of this order, everything that may
//! happen before those is to be followed.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::dependence::{Event, Footprint, dependence, initials};
use super::end::{Compare, Seen};
use crate::network::{Answer, Candidate, Network, Unwatched, hash_of};
use crate::sample::SampleServices;

/// When a search gives up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Budget {
    pub(super) orders: u64,
    pub(super) invocations: u64,
}

/// An end, as far as the search knows it.
#[derive(Debug, Clone)]
pub(super) struct FoundEnd {
    pub(super) hash: u64,
    /// How many of the orders that were followed have it.
    pub(super) orders: u64,
    /// What happened first, event by event, as schedules say it.
    pub(super) moves: Vec<String>,
}

/// What a search came to.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    /// In the order in which they were found.
    pub(super) ends: Vec<FoundEnd>,
    /// Orders that were followed to their ends, those that came to a state seen before included.
    pub(super) orders: u64,
    /// At least so many more would have to be followed.
    pub(super) left: u64,
    pub(super) invocations: u64,
    pub(super) events: u64,
}

/// Where a search begins.
#[derive(Clone)]
pub(super) struct Beginning<'s> {
    pub(super) network: Network<'s>,
    pub(super) services: SampleServices,
    pub(super) seen: Seen,
}

impl<'s> Beginning<'s> {
    /// Before anything has happened but the particle's start.
    pub(super) fn new(mut network: Network<'s>, services: SampleServices, compare: Compare) -> Self {
        network.shares();
        let mut this = Beginning { network, services, seen: Seen::default() };
        if let Some(start) = this.network.candidates().into_iter().next() {
            this.take(&start, compare);
        }
        this
    }

    /// One event; what it touched.
    pub(super) fn take(&mut self, candidate: &Candidate, compare: Compare) -> Footprint {
        let before: Vec<usize> = self.services.rules.counted_uses().collect();
        let number = self.network.events().len();
        self.network.take(candidate, &mut self.services, &mut Unwatched);
        let initiator = self.network.init_peer().to_owned();
        let reached_end = self.network.reached_end();
        let mut reads_clock = false;
        for step in self.network.take_steps() {
            self.seen.see(compare, &step, &initiator, reached_end);
            for call in step.runs.iter().flat_map(|run| &run.calls) {
                reads_clock |= matches!(call.answer, Answer::Later { .. })
                    || (call.request.service_id == "peer"
                        && call.request.function_name.starts_with("timestamp"));
            }
        }
        let after = self.services.rules.counted_uses();
        let used = before.into_iter().zip(after).enumerate().filter(|(_, (before, after))| before != after);
        debug_assert!(self.network.events().len() > number);
        Footprint {
            receiver: candidate.receiver.clone(),
            ticks: candidate.due.is_some(),
            reads_clock,
            rules: used.map(|(rule, _)| rule).collect(),
            everything: self.network.counts_events(),
        }
    }

    fn hash(&mut self) -> u64 {
        let uses: Vec<usize> = self.services.rules.counted_uses().collect();
        hash_of((self.network.state_hash(), uses, self.seen.hash()))
    }
}

/// What is default among the things that may happen: what comes together, then single answers, then particles in the order in
/// which they were sent, then what the clock has to bring.
pub(super) fn default_choice(candidates: &[Candidate]) -> Option<usize> {
    let kind = |candidate: &Candidate| match (candidate.due, candidate.answers, candidate.origins.len()) {
        (Some(_), ..) => 3,
        (None, true, 2..) => 0,
        (None, true, _) => 1,
        (None, false, _) => 2,
    };
    (0..candidates.len()).min_by_key(|at| candidates.get(*at).map(kind))
}

/// Something that was followed from an earlier place of the order.
#[derive(Debug, Clone)]
struct Asleep {
    candidate: Candidate,
    footprint: Footprint,
}

/// What lies behind a state, when all of it is known.
#[derive(Debug, Clone, Default)]
struct Behind {
    footprints: Vec<Footprint>,
    /// How many orders come to each end, by its place among those found.
    orders: BTreeMap<usize, u64>,
}

impl Behind {
    fn add(&mut self, footprint: &Footprint) {
        if !self.footprints.contains(footprint) {
            self.footprints.push(footprint.clone());
        }
    }
}

/// A state that was left with all of its orders followed.
struct Visited {
    /// What was asleep there, by content.
    asleep: Vec<u64>,
    behind: Behind,
}

/// A place in the order that is followed.
struct Place<'s> {
    here: Beginning<'s>,
    hash: u64,
    candidates: Vec<Candidate>,
    /// Which of them are to be followed, and which were.
    wanted: Vec<bool>,
    done: Vec<bool>,
    asleep: Vec<Asleep>,
    /// How many of `asleep` were so from the beginning.
    slept_before: usize,
    /// What is followed from here right now.
    event: Option<Event>,
    behind: Behind,
}

impl<'s> Place<'s> {
    fn new(mut here: Beginning<'s>, hash: u64, asleep: Vec<Asleep>) -> Self {
        let candidates = here.network.candidates();
        let none = vec![false; candidates.len()];
        Place {
            here,
            hash,
            wanted: none.clone(),
            done: none,
            candidates,
            slept_before: asleep.len(),
            asleep,
            event: None,
            behind: Behind::default(),
        }
    }

    fn is_asleep(&self, candidate: &Candidate) -> bool {
        self.asleep.iter().any(|asleep| asleep.candidate.origins == candidate.origins)
    }

    /// Answers may come one by one and together: neither is like the other.
    fn want(&mut self, at: usize) {
        let Some(wanted) = self.candidates.get(at) else { return };
        let mut more = Vec::new();
        if wanted.answers && wanted.due.is_none() {
            let of_peer = |candidate: &Candidate| {
                candidate.answers && candidate.due.is_none() && candidate.receiver == wanted.receiver
            };
            let together = |candidate: &Candidate| candidate.origins.len() > 1;
            let position = |all: bool| {
                self.candidates.iter().position(|candidate| of_peer(candidate) && together(candidate) == all)
            };
            more.extend(position(true));
            if together(wanted) {
                more.extend(position(false));
            }
        }
        for at in std::iter::once(at).chain(more) {
            if let Some(wanted) = self.wanted.get_mut(at) {
                *wanted = true;
            }
        }
    }

    fn want_all(&mut self) {
        self.wanted.iter_mut().for_each(|wanted| *wanted = true);
    }

    /// What is to be followed next, in default order.
    fn next(&self) -> Option<usize> {
        (0..self.candidates.len()).find(|at| {
            self.wanted.get(*at) == Some(&true)
                && self.done.get(*at) == Some(&false)
                && self.candidates.get(*at).is_some_and(|candidate| !self.is_asleep(candidate))
        })
    }

    fn left(&self) -> u64 {
        let left = (0..self.candidates.len()).filter(|at| {
            self.wanted.get(*at) == Some(&true)
                && self.done.get(*at) == Some(&false)
                && self.candidates.get(*at).is_some_and(|candidate| !self.is_asleep(candidate))
        });
        left.count() as u64
    }

    /// Those asleep from the beginning, by content.
    fn slept(&self) -> Vec<u64> {
        let mut slept: Vec<u64> =
            self.asleep.iter().take(self.slept_before).filter_map(|asleep| self.identity(asleep)).collect();
        slept.sort_unstable();
        slept
    }

    fn identity(&self, asleep: &Asleep) -> Option<u64> {
        let same = |candidate: &&Candidate| candidate.origins == asleep.candidate.origins;
        self.candidates.iter().find(same).map(|candidate| candidate.identity)
    }
}

/// A search, step by step.
pub(super) struct Search<'s> {
    compare: Compare,
    places: Vec<Place<'s>>,
    visited: FxHashMap<u64, Visited>,
    found: Found,
    by_hash: FxHashMap<u64, usize>,
    /// Stops when this end is found.
    wanted: Option<u64>,
    events_before: u64,
}

impl<'s> Search<'s> {
    pub(super) fn new(mut beginning: Beginning<'s>, compare: Compare) -> Self {
        let hash = beginning.hash();
        let events_before = beginning.network.events().len() as u64;
        let mut search = Search {
            compare,
            places: Vec::new(),
            visited: FxHashMap::default(),
            found: Found::default(),
            by_hash: FxHashMap::default(),
            wanted: None,
            events_before,
        };
        search.arrive(beginning, hash, Vec::new());
        search
    }

    /// Stops as soon as this end is found.
    pub(super) fn until(self, end: u64) -> Self {
        Search { wanted: Some(end), ..self }
    }

    /// Follows orders until all are followed, or the budget is spent, or `stops` says so.
    pub(super) fn run(mut self, budget: Budget, stops: &mut dyn FnMut() -> bool) -> Found {
        let before = self.places.first().map_or(0, |place| place.here.network.shared_invocations());
        while let Some(place) = self.places.last() {
            let invocations = place.here.network.shared_invocations() - before;
            self.found.invocations = invocations;
            let found = self.wanted.is_some_and(|end| self.by_hash.contains_key(&end));
            if found || self.found.orders >= budget.orders || invocations >= budget.invocations || stops() {
                self.found.left = self.places.iter().map(Place::left).sum();
                break;
            }
            match place.next() {
                Some(at) => self.follow(at),
                None => self.go_back(),
            }
        }
        self.found
    }

    /// Lets the thing at `at` happen.
    fn follow(&mut self, at: usize) {
        self.found.events += 1;
        let depth = self.places.len();
        let Some(place) = self.places.last_mut() else { return };
        if let Some(done) = place.done.get_mut(at) {
            *done = true;
        }
        let Some(candidate) = place.candidates.get(at).cloned() else { return };
        let mut next = place.here.clone();
        let footprint = next.take(&candidate, self.compare);
        let last_number = next.network.events().len() as u64;
        let asleep: Vec<Asleep> =
            place.asleep.iter().filter(|asleep| !asleep.footprint.depends_on(&footprint)).cloned().collect();
        let order: Vec<&Event> = self.places.iter().filter_map(|place| place.event.as_ref()).collect();
        let dependence = dependence(&order, self.events_before, &candidate, &footprint);
        let initials = |race: &usize| (*race, initials(&order, *race, &dependence.after));
        let wanted: Vec<(usize, Vec<usize>)> = dependence.races.iter().map(initials).collect();
        let event = Event { candidate, footprint, last_number, after: dependence.after };
        if let Some(place) = self.places.last_mut() {
            place.event = Some(event);
        }
        for (race, initials) in wanted {
            self.reverse(race, &initials, depth - 1);
        }
        let hash = next.hash();
        self.arrive(next, hash, asleep);
    }

    /// Something that may come before the event at `race` is to be followed from there. `last` is the last event's place.
    fn reverse(&mut self, race: usize, initials: &[usize], last: usize) {
        let origins: Vec<_> = initials
            .iter()
            .filter_map(|at| self.places.get(*at))
            .filter_map(|place| place.event.as_ref())
            .map(|event| event.candidate.origins.clone())
            .collect();
        // The last event itself goes first, if it can.
        let last_first = initials.contains(&last);
        let Some(place) = self.places.get_mut(race) else { return };
        let at =
            |origins: &Vec<_>| place.candidates.iter().position(|candidate| candidate.origins == *origins);
        let known: Vec<usize> = origins.iter().filter_map(at).collect();
        if known.iter().any(|at| place.wanted.get(*at) == Some(&true)) {
            return;
        }
        let chosen = if last_first { known.last() } else { known.first() };
        if let Some(chosen) = chosen.copied() {
            place.want(chosen);
        }
    }

    /// A new state at the end of the order.
    fn arrive(&mut self, here: Beginning<'s>, hash: u64, asleep: Vec<Asleep>) {
        let mut place = Place::new(here, hash, asleep);
        if place.candidates.is_empty() {
            self.end(place.here);
            return;
        }
        let slept = place.slept();
        let again = self
            .visited
            .get(&hash)
            .filter(|visited| visited.asleep.iter().all(|asleep| slept.contains(asleep)))
            .map(|visited| visited.behind.clone());
        if let Some(behind) = again {
            for (at, orders) in &behind.orders {
                self.found.orders = self.found.orders.saturating_add(*orders);
                if let Some(end) = self.found.ends.get_mut(*at) {
                    end.orders = end.orders.saturating_add(*orders);
                }
            }
            self.back_to(&behind);
            return;
        }
        // The same state again within one order: it has no end.
        if self.places.iter().any(|earlier| earlier.hash == hash) {
            self.end(place.here);
            return;
        }
        let awake: Vec<Candidate> =
            place.candidates.iter().filter(|candidate| !place.is_asleep(candidate)).cloned().collect();
        let first = default_choice(&awake).and_then(|at| awake.get(at));
        let first =
            first.and_then(|first| place.candidates.iter().position(|it| it.origins == first.origins));
        if let Some(first) = first {
            place.want(first);
        }
        self.places.push(place);
    }

    /// Came to a state whose orders are known: what lies behind it may depend on what this order did.
    fn back_to(&mut self, behind: &Behind) {
        let last = self.places.len();
        for at in 0..last {
            let Some(place) = self.places.get_mut(at) else { continue };
            let Some(event) = &place.event else { continue };
            if behind.footprints.iter().any(|footprint| footprint.depends_on(&event.footprint)) {
                place.want_all();
            }
        }
        self.leave(behind);
    }

    /// The order is followed.
    fn end(&mut self, mut here: Beginning<'s>) {
        here.network.expire_what_is_left();
        let hash = here.seen.end(self.compare, &here.network);
        self.found.orders = self.found.orders.saturating_add(1);
        let at = *self.by_hash.entry(hash).or_insert(self.found.ends.len());
        match self.found.ends.get_mut(at) {
            Some(end) => end.orders = end.orders.saturating_add(1),
            None => {
                let events = here.network.events().iter().skip(self.events_before as usize);
                let moves = events.filter_map(|event| event.chosen.clone()).collect();
                self.found.ends.push(FoundEnd { hash, orders: 1, moves });
            }
        }
        self.leave(&Behind { footprints: Vec::new(), orders: BTreeMap::from([(at, 1)]) });
    }

    /// The event that was followed from the last place is followed no more.
    fn leave(&mut self, behind: &Behind) {
        let Some(place) = self.places.last_mut() else { return };
        let Some(event) = place.event.take() else { return };
        for (at, orders) in &behind.orders {
            let known = place.behind.orders.entry(*at).or_default();
            *known = known.saturating_add(*orders);
        }
        behind.footprints.iter().for_each(|footprint| place.behind.add(footprint));
        place.behind.add(&event.footprint);
        place.asleep.push(Asleep { candidate: event.candidate, footprint: event.footprint });
    }

    /// Nothing is left to be followed from the last place.
    fn go_back(&mut self) {
        let Some(place) = self.places.pop() else { return };
        let asleep = place.slept();
        let behind = place.behind;
        self.leave(&behind);
        // What was asleep is known from elsewhere, so the fewer the better.
        let known = self.visited.get(&place.hash);
        if known.is_none_or(|known| known.asleep.len() >= asleep.len()) {
            self.visited.insert(place.hash, Visited { asleep, behind });
        }
    }
}
