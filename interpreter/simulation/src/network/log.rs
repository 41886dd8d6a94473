//! The list of events while it is written: things get their fates when these are known.

use std::rc::Rc;

use super::event::{Asked, Became, Event, EventKind, Sent};
use super::queue::Origin;

/// Events so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Log {
    /// Copies of a simulation share what happened before they parted.
    events: Vec<Rc<Event>>,
}

impl Log {
    pub(super) fn events(&self) -> &[Rc<Event>] {
        &self.events
    }

    fn event(&mut self, at: usize) -> Option<&mut Event> {
        self.events.get_mut(at).map(Rc::make_mut)
    }

    /// The number of the last event; 0 before the first.
    pub(super) fn last(&self) -> u64 {
        self.events.len() as u64
    }

    /// Something happens; its number.
    pub(super) fn happens(
        &mut self,
        time: u64,
        kind: EventKind,
        causes: Vec<u64>,
        chosen: Option<String>,
    ) -> u64 {
        let (ret_code, asked, sent) = (None, Vec::new(), Vec::new());
        self.events.push(Rc::new(Event { time, kind, causes, chosen, ret_code, asked, sent }));
        self.last()
    }

    /// The invocation of the last event ended.
    pub(super) fn came_to(&mut self, ret_code: i64) {
        if let Some(event) = self.events.last_mut().map(Rc::make_mut) {
            event.ret_code = Some(ret_code);
        }
    }

    /// The last event asks for a call; where its fate is written.
    pub(super) fn asks(&mut self, asked: Asked) -> Origin {
        let event = self.events.len().saturating_sub(1);
        let asks = self.events.last_mut().map(|event| &mut Rc::make_mut(event).asked);
        let item = asks.as_ref().map_or(0, |asks| asks.len());
        if let Some(asks) = asks {
            asks.push(asked);
        }
        Origin { event, item, copy: 0, answer: true }
    }

    /// The last event sends a particle; where the fate of the first copy is written.
    pub(super) fn sends(&mut self, to: &str, fates: Vec<Became>) -> Origin {
        let event = self.events.len().saturating_sub(1);
        let sends = self.events.last_mut().map(|event| &mut Rc::make_mut(event).sent);
        let item = sends.as_ref().map_or(0, |sends| sends.len());
        if let Some(sends) = sends {
            sends.push(Sent { to: to.to_owned(), fates });
        }
        Origin { event, item, copy: 0, answer: false }
    }

    /// One more copy of a particle is under way.
    pub(super) fn doubled(&mut self, origin: Origin) -> Origin {
        let fates = self.event(origin.event).and_then(|event| event.sent.get_mut(origin.item));
        let Some(Sent { fates, .. }) = fates else { return origin };
        fates.push(Became::Waiting);
        Origin { copy: fates.len() - 1, ..origin }
    }

    pub(super) fn answer_became(&mut self, origin: Origin, became: Became) {
        let asked = self.event(origin.event).and_then(|event| event.asked.get_mut(origin.item));
        if let Some(asked) = asked {
            asked.fate = became;
        }
    }

    pub(super) fn particle_became(&mut self, origin: Origin, became: Became) {
        let sent = self.event(origin.event).and_then(|event| event.sent.get_mut(origin.item));
        if let Some(fate) = sent.and_then(|sent| sent.fates.get_mut(origin.copy)) {
            *fate = became;
        }
    }
}
