//! Every way in which a simulation may go on, for those who follow more than one.
//!
//! A copy of a [`Network`] goes on by itself. What its peers keep is shared until one of them runs, and a peer that did
//! the same before in another copy does not do it again (`memo`).

use std::collections::BTreeMap;
use std::rc::Rc;

use super::choice::Incoming;
use super::memo::{SharedMemo, hash_of};
use super::observer::Observer;
use super::queue::{Item, Origin, Particle, Reply};
use super::service::Services;
use super::simulator::Network;
use super::step::Step;

/// One thing that may happen next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// The id of the peer on which it happens.
    pub(crate) receiver: String,
    /// What it is by content: equal for what makes no difference, in different copies too.
    pub(crate) identity: u64,
    /// The numbers of the events that sent what arrives or asked for what is answered.
    pub(crate) causes: Vec<u64>,
    /// Answers and no particle.
    pub(crate) answers: bool,
    /// What the clock has to show for it; `None`: at any time.
    pub(crate) due: Option<u64>,
    /// What it is in this copy and in those that come of it; more than one if several answers come together.
    pub(crate) origins: Vec<Origin>,
}

impl Particle {
    /// What it is by content.
    fn identity(&self) -> u64 {
        hash_of((0u8, &self.from, &self.to, self.content))
    }
}

impl<'s> Network<'s> {
    /// From now on copies of this simulation share what they have in common.
    pub(crate) fn shares(&mut self) {
        self.memo = Some(SharedMemo::default());
    }

    /// Invocations of all copies, shared ones counted once.
    pub(crate) fn shared_invocations(&self) -> u64 {
        self.memo.as_ref().map_or(0, |memo| memo.borrow().invocations)
    }

    /// Everything that may happen next, what would happen by default first. Answers that a peer has ready may come one by
    /// one, and all of them together; late ones when no other is due before.
    pub(crate) fn candidates(&mut self) -> Vec<Candidate> {
        if self.ended() {
            return Vec::new();
        }
        self.drop_what_the_dead_get();
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut ready: BTreeMap<&str, Vec<&Reply>> = BTreeMap::new();
        for item in self.pending.queue.ready() {
            match item {
                Item::Particle(particle) => candidates.push(Candidate {
                    receiver: particle.to.clone(),
                    identity: particle.identity(),
                    causes: vec![particle.origin.event as u64 + 1],
                    answers: false,
                    due: None,
                    origins: vec![particle.origin],
                }),
                Item::Reply(reply) => {
                    candidates.push(self.candidate(&[reply], None));
                    ready.entry(&reply.peer).or_default().push(reply);
                }
            }
        }
        for replies in ready.values().filter(|replies| replies.len() > 1) {
            candidates.push(self.candidate(replies, None));
        }
        if let Some(due) = self.pending.queue.due().filter(|due| self.is_in_time(*due)) {
            let late = self.pending.queue.late().filter(|(at, _)| *at == due);
            candidates.extend(late.map(|(_, reply)| self.candidate(&[reply], Some(due))));
        }
        candidates
    }

    fn is_in_time(&self, at: u64) -> bool {
        let ttl = u64::from(self.setup.particle.ttl);
        ttl == 0 || at <= ttl
    }

    fn candidate(&self, replies: &[&Reply], due: Option<u64>) -> Candidate {
        let receiver = replies.first().map(|reply| reply.peer.clone()).unwrap_or_default();
        let requests = self.states.get(&receiver).map(|state| state.requests());
        let place = |id: u32| requests.and_then(|requests| requests.get(&id)).copied();
        let mut identities: Vec<u64> = replies
            .iter()
            .map(|reply| {
                let result = (reply.result.ret_code, &reply.result.result);
                hash_of((1u8, &reply.peer, place(reply.id), &reply.service, &reply.function, result, due))
            })
            .collect();
        identities.sort_unstable();
        let mut causes: Vec<u64> = replies.iter().map(|reply| reply.origin.event as u64 + 1).collect();
        causes.sort_unstable();
        causes.dedup();
        let identity = match identities.as_slice() {
            [one] => *one,
            all => hash_of((2u8, all)),
        };
        let origins = replies.iter().map(|reply| reply.origin).collect();
        Candidate { receiver, identity, causes, answers: true, due, origins }
    }

    /// What comes for a peer that is dead never comes.
    fn drop_what_the_dead_get(&mut self) {
        let dead: Vec<String> =
            self.taken.keys().chain(self.setup.peers.iter().map(|peer| &peer.id)).cloned().collect();
        for peer in dead {
            if !self.is_dead(&peer) {
                continue;
            }
            while let Some(item) = self.pending.queue.take(|item| item.receiver() == peer) {
                self.died(match item {
                    Item::Particle(particle) => Incoming::Particle(particle),
                    Item::Reply(reply) => Incoming::Replies(vec![reply]),
                });
            }
        }
    }

    /// Does one of the [`Self::candidates`].
    pub(crate) fn take(
        &mut self,
        candidate: &Candidate,
        services: &mut dyn Services,
        observer: &mut dyn Observer,
    ) -> Option<&Step> {
        if let Some(due) = candidate.due {
            self.pending.tick(due, &self.setup);
        }
        let mut replies = Vec::new();
        let mut arriving = None;
        for origin in &candidate.origins {
            let late = self.pending.queue.take_late(|reply| reply.origin == *origin);
            let taken = match late {
                Some((_, reply)) => Some(Item::Reply(reply)),
                None => self.pending.queue.take(|item| item.origin() == *origin),
            };
            match taken {
                Some(Item::Reply(reply)) => replies.push(reply),
                Some(Item::Particle(particle)) => arriving = Some(particle),
                None => {}
            }
        }
        let incoming = match arriving {
            Some(particle) => Incoming::Particle(particle),
            None => Incoming::Replies(replies),
        };
        let chosen = self.pending.chosen(&incoming, &self.setup);
        let peer = Rc::clone(self.setup.peers.get(&candidate.receiver)?);
        *self.taken.entry(candidate.receiver.clone()).or_default() += 1;
        self.happens(&peer, incoming, chosen, services, observer)
    }

    /// Ends it if nothing but its end is left: late answers that come after the particle's life.
    pub(crate) fn expire_what_is_left(&mut self) {
        if let Some(due) = self.pending.queue.due() {
            self.pending.tick(due, &self.setup);
        }
    }

    /// All that what happens next depends on, in one number: what peers keep, what is under way, the clock.
    pub(crate) fn state_hash(&mut self) -> u64 {
        let mut under_way: Vec<u64> = self
            .candidates()
            .iter()
            .filter(|candidate| candidate.origins.len() == 1 && candidate.due.is_none())
            .map(|candidate| candidate.identity)
            .collect();
        let late = self.pending.queue.late();
        let late: Vec<u64> = late.map(|(at, reply)| self.candidate(&[reply], Some(at)).identity).collect();
        under_way.sort_unstable();
        let kept: Vec<(&String, u64)> =
            self.states.iter().map(|(peer, state)| (peer, state.hash())).collect();
        let dying = self.setup.named_faults.iter().any(super::NamedFault::counts_events);
        let counted = dying.then_some(&self.taken);
        let counted = (counted, self.counts_events().then(|| (self.pending.log.last(), self.faults.0)));
        hash_of((kept, under_way, late, self.pending.time, &self.stopped, counted))
    }

    /// Whether chance or the count of events decides what becomes of things: then all orders are different.
    pub(crate) fn counts_events(&self) -> bool {
        let faults = &self.setup.faults;
        faults.lose > 0
            || faults.duplicate > 0
            || self.setup.named_faults.iter().any(super::NamedFault::counts_all_events)
    }

    /// Whether the instruction that is the whole script came to its end in the last invocation.
    pub(crate) fn reached_end(&self) -> bool {
        self.reached_end
    }

    /// The id of the peer that starts the particle.
    pub(crate) fn init_peer(&self) -> &str {
        &self.setup.init_peer
    }

    /// What happened since this was asked last.
    pub(crate) fn take_steps(&mut self) -> Vec<Step> {
        std::mem::take(&mut self.steps)
    }
}

impl Item {
    fn receiver(&self) -> &str {
        match self {
            Item::Particle(particle) => &particle.to,
            Item::Reply(reply) => &reply.peer,
        }
    }

    fn origin(&self) -> Origin {
        match self {
            Item::Particle(particle) => particle.origin,
            Item::Reply(reply) => reply.origin,
        }
    }
}
