//! What happens next: by the schedule while it has moves, then by the order; late answers when nothing else is left.

use super::event::{Became, EventKind, Loss};
use super::log::Log;
use super::outstanding::{Name, Outstanding};
use super::queue::{Answers, Item, Particle, Queue, Random, Reply};
use super::schedule::{CallName, Move, Way};
use super::setup::Setup;

/// What comes in.
#[derive(Debug)]
pub(super) enum Incoming {
    Particle(Particle),
    /// Answers to one peer; at least one.
    Replies(Vec<Reply>),
}

/// What comes in, with what a schedule calls it.
pub(super) type Choice = (Incoming, Option<String>);

pub(super) fn way_name(from: &str, to: &str) -> Name {
    (from.to_owned(), to.to_owned(), String::new())
}

pub(super) fn call_name(reply: &Reply) -> Name {
    (reply.peer.clone(), reply.service.clone(), reply.function.clone())
}

/// What may still happen, and what is known of what happened.
#[derive(Debug, Clone)]
pub(super) struct Pending {
    pub(super) queue: Queue,
    pub(super) log: Log,
    /// Particles by way, and calls by name.
    pub(super) ways: Outstanding,
    pub(super) calls: Outstanding,
    /// Simulated milliseconds since the start.
    pub(super) time: u64,
    /// The particle's life is over.
    pub(super) expired: bool,
    /// Calls whose answers came too late: peer, id, when.
    pub(super) expired_calls: Vec<(String, u32, u64)>,
    /// Why the schedule does not fit.
    pub(super) misfit: Option<String>,
    /// Moves of the schedule that are done.
    scheduled: usize,
    /// Chooses which answers come together.
    batches: Random,
}

fn shown(setup: &Setup, id: &str) -> String {
    setup.peers.show(id).into_owned()
}

impl Pending {
    /// Nothing but this particle.
    pub(super) fn new(setup: &Setup, first: Particle) -> Self {
        let mut queue = Queue::new(setup.order);
        queue.push(Item::Particle(first));
        Pending {
            queue,
            log: Log::default(),
            ways: Outstanding::default(),
            calls: Outstanding::default(),
            time: 0,
            expired: false,
            expired_calls: Vec::new(),
            misfit: None,
            scheduled: 0,
            batches: Random(if let Answers::Random(seed) = setup.answers { seed } else { 0 }),
        }
    }

    /// `None`: nothing is left, or the schedule does not fit, or the particle's life is over.
    pub(super) fn choose(&mut self, setup: &Setup) -> Option<Choice> {
        // Nobody chooses the first particle.
        if self.log.last() == 0 {
            return match self.queue.next()? {
                Item::Particle(particle) => Some((Incoming::Particle(particle), None)),
                Item::Reply(reply) => Some((Incoming::Replies(vec![reply]), None)),
            };
        }
        while let Some(next) = setup.schedule.moves.get(self.scheduled).cloned() {
            self.scheduled += 1;
            match self.follow(&next, setup) {
                Ok(Some(choice)) => return Some(choice),
                Ok(None) => {}
                Err(message) => {
                    let number = self.scheduled;
                    self.misfit = Some(format!("move {number} of the order, `{next}`: {message}"));
                    return None;
                }
            }
            if self.expired {
                return None;
            }
        }
        let incoming = match self.queue.next() {
            Some(Item::Particle(particle)) => Incoming::Particle(particle),
            Some(Item::Reply(reply)) => Incoming::Replies(self.with_others(reply, setup)),
            None => {
                let due = self.queue.due()?;
                if self.tick(due, setup) {
                    return None;
                }
                let (_, reply) = self.queue.next_late()?;
                Incoming::Replies(vec![reply])
            }
        };
        let chosen = self.chosen(&incoming, setup);
        Some((incoming, chosen))
    }

    /// Other answers for the same peer that come together with this one.
    fn with_others(&mut self, reply: Reply, setup: &Setup) -> Vec<Reply> {
        let peer = reply.peer.clone();
        let mut together = vec![reply];
        if let Answers::Random(_) = setup.answers {
            let batches = &mut self.batches;
            let of_peer = |item: &Item| matches!(item, Item::Reply(reply) if reply.peer == peer);
            together.extend(self.queue.take_all(|item| of_peer(item) && batches.chance(50)));
        }
        together
    }

    /// The clock moves; whether the particle's life is over by then, which ends the run.
    pub(super) fn tick(&mut self, to: u64, setup: &Setup) -> bool {
        let ttl = u64::from(setup.particle.ttl);
        if ttl > 0 && to > ttl {
            self.expire(ttl);
            return true;
        }
        if to > self.time {
            self.time = to;
            self.log.happens(to, EventKind::Tick, Vec::new(), None);
        }
        false
    }

    fn expire(&mut self, ttl: u64) {
        self.time = self.time.max(ttl);
        self.expired = true;
        self.log.happens(self.time, EventKind::Expiry, Vec::new(), None);
        let asked: Vec<_> = self.queue.late().map(|(at, late)| (late.peer.clone(), late.id, at)).collect();
        self.expired_calls.extend(asked);
        for item in self.queue.drain() {
            self.lost(&item, Became::Expired);
        }
    }

    /// Something under way will never come.
    pub(super) fn lost(&mut self, item: &Item, became: Became) {
        match item {
            Item::Particle(particle) => self.log.particle_became(particle.origin, became),
            Item::Reply(reply) => self.log.answer_became(reply.origin, became),
        }
    }

    /// What a schedule calls it. It is taken from what is to come.
    pub(super) fn chosen(&mut self, incoming: &Incoming, setup: &Setup) -> Option<String> {
        let chosen = match incoming {
            Incoming::Particle(particle) => {
                let from = particle.from.as_deref()?;
                let nth = self.ways.came(&way_name(from, &particle.to), particle.nth);
                Move::Arrive(Way { from: shown(setup, from), to: shown(setup, &particle.to), nth })
            }
            Incoming::Replies(replies) => {
                let peer = shown(setup, &replies.first()?.peer);
                let mut calls = Vec::with_capacity(replies.len());
                for reply in replies {
                    let nth = self.calls.came(&call_name(reply), reply.nth);
                    let (service, function) = (reply.service.clone(), reply.function.clone());
                    calls.push(CallName { service, function, nth });
                }
                Move::Answer { peer, calls }
            }
        };
        Some(chosen.to_string())
    }

    /// A move of the schedule; `None` if it was a fault.
    fn follow(&mut self, next: &Move, setup: &Setup) -> Result<Option<Choice>, String> {
        match next {
            Move::Arrive(way) => {
                let particle = self.under_way(way, setup)?;
                let incoming = Incoming::Particle(particle);
                let chosen = self.chosen(&incoming, setup);
                Ok(Some((incoming, chosen)))
            }
            Move::Lose(way) => {
                let particle = self.under_way(way, setup)?;
                let text = next.to_string();
                self.log.happens(self.time, EventKind::Fault, cause(&particle), Some(text.clone()));
                if let Some(from) = &particle.from {
                    self.ways.came(&way_name(from, &particle.to), particle.nth);
                }
                self.lost(&Item::Particle(particle), Became::Lost(Loss::Fault(text)));
                Ok(None)
            }
            Move::Double(way) => {
                let particle = self.under_way(way, setup)?;
                self.log.happens(self.time, EventKind::Fault, cause(&particle), Some(next.to_string()));
                let origin = self.log.doubled(particle.origin);
                let nth = match &particle.from {
                    Some(from) => self.ways.number(way_name(from, &particle.to), true),
                    None => 1,
                };
                let copy = Particle { nth, origin, ..particle.clone() };
                self.queue.push(Item::Particle(particle));
                self.queue.push(Item::Particle(copy));
                Ok(None)
            }
            Move::Answer { peer, calls } => self.answers(peer, calls, setup),
        }
    }

    fn answers(&mut self, peer: &str, calls: &[CallName], setup: &Setup) -> Result<Option<Choice>, String> {
        let mut replies = Vec::with_capacity(calls.len());
        for call in calls {
            let reply = self.waiting_call(peer, call, setup)?;
            if self.expired {
                return Ok(None);
            }
            replies.push(reply);
        }
        let incoming = Incoming::Replies(replies);
        let chosen = self.chosen(&incoming, setup);
        Ok(Some((incoming, chosen)))
    }

    /// Takes a particle that a schedule names.
    fn under_way(&mut self, way: &Way, setup: &Setup) -> Result<Particle, String> {
        let Way { from, to, nth } = way;
        let fits = |particle: &Particle| {
            particle.from.as_deref().is_some_and(|sender| shown(setup, sender) == *from)
                && shown(setup, &particle.to) == *to
        };
        let particles = self.queue.ready().filter_map(|item| match item {
            Item::Particle(particle) if fits(particle) => Some(particle.nth),
            _ => None,
        });
        let wanted = match nth {
            Some(nth) => particles.into_iter().find(|found| found == nth),
            None => particles.min(),
        };
        let Some(wanted) = wanted else {
            return Err(format!("no such particle is under way; {}", self.possible(setup)));
        };
        let (from, to) = (from.clone(), to.clone());
        let peers = &setup.peers;
        let taken = self.queue.take(|item| match item {
            Item::Particle(particle) => {
                particle.nth == wanted
                    && peers.show(&particle.to) == to
                    && particle.from.as_deref().is_some_and(|sender| peers.show(sender) == from)
            }
            Item::Reply(_) => false,
        });
        match taken {
            Some(Item::Particle(particle)) => Ok(particle),
            _ => Err("no such particle is under way".to_owned()),
        }
    }

    /// Takes an answer that a schedule names, a late one with its time.
    fn waiting_call(&mut self, peer: &str, call: &CallName, setup: &Setup) -> Result<Reply, String> {
        if setup.answers == Answers::Together {
            let late = self.queue.late().any(|(_, reply)| shown(setup, &reply.peer) == peer);
            if !late {
                return Err(
                    "answers come together here; single ones are chosen with `--answers single`".to_owned()
                );
            }
        }
        let peers = &setup.peers;
        let named = |reply: &Reply| {
            reply.service == call.service
                && reply.function == call.function
                && peers.show(&reply.peer) == peer
        };
        let ready = self.queue.ready().filter_map(|item| match item {
            Item::Reply(reply) if named(reply) => Some(reply.nth),
            _ => None,
        });
        let all =
            ready.chain(self.queue.late().filter(|(_, reply)| named(reply)).map(|(_, reply)| reply.nth));
        let wanted = match call.nth {
            Some(nth) => all.into_iter().find(|found| *found == nth),
            None => all.min(),
        };
        let Some(wanted) = wanted else {
            return Err(format!("no such call waits; {}", self.possible(setup)));
        };
        let fits = |reply: &Reply| reply.nth == wanted && named(reply);
        if let Some(Item::Reply(reply)) =
            self.queue.take(|item| matches!(item, Item::Reply(reply) if fits(reply)))
        {
            return Ok(reply);
        }
        let taken = self.queue.take_late(fits);
        let Some((at, reply)) = taken else { return Err("no such call waits".to_owned()) };
        if self.tick(at, setup) {
            self.log.answer_became(reply.origin, Became::Expired);
            self.expired_calls.push((reply.peer.clone(), reply.id, at));
        }
        Ok(reply)
    }

    /// What could happen instead, for people.
    fn possible(&self, setup: &Setup) -> String {
        const MAX_SHOWN: usize = 8;
        let mut all: Vec<String> = Vec::new();
        for item in self.queue.ready() {
            all.push(match item {
                Item::Particle(particle) => {
                    let from = particle.from.as_deref().map(|from| shown(setup, from)).unwrap_or_default();
                    let nth = particle.from.as_deref().and_then(|from| {
                        let oldest = self.ways.oldest(&way_name(from, &particle.to));
                        (oldest != Some(particle.nth)).then_some(particle.nth)
                    });
                    Way { from, to: shown(setup, &particle.to), nth }.to_string()
                }
                Item::Reply(reply) => self.reply_text(reply, setup),
            });
        }
        all.extend(self.queue.late().map(|(_, reply)| self.reply_text(reply, setup)));
        match all.len() {
            0 => "nothing is under way".to_owned(),
            count if count > MAX_SHOWN => {
                all.truncate(MAX_SHOWN);
                format!("what may come: {} and {} more", all.join(", "), count - MAX_SHOWN)
            }
            _ => format!("what may come: {}", all.join(", ")),
        }
    }

    fn reply_text(&self, reply: &Reply, setup: &Setup) -> String {
        let oldest = self.calls.oldest(&call_name(reply));
        let nth = (oldest != Some(reply.nth)).then_some(reply.nth);
        let call = CallName { service: reply.service.clone(), function: reply.function.clone(), nth };
        Move::Answer { peer: shown(setup, &reply.peer), calls: vec![call] }.to_string()
    }
}

/// The number of the event that sent a particle.
fn cause(particle: &Particle) -> Vec<u64> {
    particle.from.iter().map(|_| particle.origin.event as u64 + 1).collect()
}
