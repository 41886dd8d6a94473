//! Which parts of a script did not run, and why: one pass upwards for what blocks, one over what is missing.

use std::collections::{BTreeMap, BTreeSet};

use air_semantics::hir::{Hir, InstrId, InstrKind, OperandKind, Role};
use air_semantics::resolve::{Access, Resolution};
use rustc_hash::FxHashMap;

use super::places::Span;
use super::record::{Recording, WaitReason, WaitingPlace};
use super::show::Show;
use super::types::{Coverage, Executed, NotExecuted, Reason, Request, Waiting};

/// What never came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fates<'a> {
    /// Ids of peers that were sent to and are not there.
    pub(crate) lost: &'a BTreeSet<String>,
    /// Ways, sender and receiver by id, on which all was lost, and why.
    pub(crate) losses: &'a BTreeMap<(String, String), String>,
    /// Calls, peer by id, whose answers would have come too late, and when: milliseconds after the start.
    pub(crate) late: &'a BTreeMap<(String, String, String), u64>,
    /// Milliseconds that the particle lives.
    pub(crate) ttl: u32,
}

/// What is known when a run is over.
pub(crate) struct Reasons<'a> {
    pub(crate) recording: &'a Recording<'a>,
    pub(crate) show: &'a Show<'a>,
    pub(crate) resolution: &'a Resolution,
    pub(crate) fates: Fates<'a>,
    pub(crate) init_peer: &'a str,
    /// Whether a limit ended the run.
    pub(crate) stopped: bool,
    /// By instruction: the wait that says most of it.
    waits: FxHashMap<InstrId, (usize, WaitingPlace)>,
    /// By comparing instruction: the two sides of the last comparison, in short.
    pub(crate) sides: &'a FxHashMap<InstrId, (String, String)>,
    /// Waiting instructions by where they begin.
    waiting_at: FxHashMap<u32, InstrId>,
    /// By instruction: the waiting instruction in it that keeps it from being done.
    blocked: Vec<Option<InstrId>>,
}

impl<'a> Reasons<'a> {
    pub(crate) fn new(
        recording: &'a Recording<'a>,
        show: &'a Show<'a>,
        resolution: &'a Resolution,
        fates: Fates<'a>,
        init_peer: &'a str,
        stopped: bool,
        sides: &'a FxHashMap<InstrId, (String, String)>,
    ) -> Self {
        let mut reasons = Reasons {
            recording,
            show,
            resolution,
            fates,
            init_peer,
            stopped,
            sides,
            waits: FxHashMap::default(),
            waiting_at: FxHashMap::default(),
            blocked: Vec::new(),
        };
        for (peer, waited) in reasons.open() {
            let rank = reasons.rank(&waited.wait);
            let known = reasons.waits.get(&waited.instr).map(|(_, known)| reasons.rank(&known.wait));
            if known.is_none_or(|known| rank < known) {
                reasons.waiting_at.insert(show.places.instr(waited.instr).start, waited.instr);
                reasons.waits.insert(waited.instr, (peer, waited));
            }
        }
        reasons.find_blocks();
        reasons
    }

    /// The peer that started the particle.
    pub(crate) fn init_peer(&self) -> String {
        self.show.peer(self.init_peer)
    }

    fn hir(&self) -> &'a Hir {
        self.show.places.hir
    }

    /// WaitReason that are not over: nothing has done what they wait for. By peer, in the order of the text.
    fn open(&self) -> Vec<(usize, WaitingPlace)> {
        let mut open: Vec<(usize, WaitingPlace)> = Vec::new();
        for (peer, waits) in self.recording.waits.iter().enumerate() {
            let done = |waited: &&WaitingPlace| self.recording.is_done(waited.place);
            open.extend(waits.values().filter(|waited| !done(waited)).map(|waited| (peer, waited.clone())));
        }
        let order = |(peer, waited): &(usize, WaitingPlace)| {
            let indices: Vec<_> = waited.iterations.iter().map(|at| (at.round, at.index)).collect();
            (self.show.places.instr(waited.instr).start, indices, *peer)
        };
        open.sort_by_cached_key(order);
        open
    }

    /// What says more comes first.
    fn rank(&self, wait: &WaitReason) -> u32 {
        match wait {
            WaitReason::Host { .. } => 0,
            WaitReason::Peer(peer) if self.fates.lost.contains(&**peer) => 1,
            WaitReason::Variable(_) => 2,
            WaitReason::Elements => 3,
            WaitReason::Never => 3,
            WaitReason::Peer(_) => 4,
        }
    }

    fn track(&self, id: InstrId) -> Option<&super::record::Track> {
        self.recording.tracks.get(id.0 as usize)
    }

    fn is_complete(&self, id: InstrId) -> bool {
        self.track(id).is_some_and(|track| track.complete)
    }

    /// Whether it ran: asked, bound or failed; what only contains others has to be entered.
    fn ran(&self, id: InstrId) -> bool {
        self.track(id).is_some_and(|track| track.times > 0)
    }

    /// Children stand before their parents, so one pass over all instructions does.
    fn find_blocks(&mut self) {
        let hir = self.hir();
        for (index, instr) in hir.instrs.iter().enumerate() {
            let id = InstrId(index as u32);
            let own = self.waits.contains_key(&id).then_some(id);
            let of_child = |child: &InstrId| self.blocked.get(child.0 as usize).copied().flatten();
            let mut inner = hir.children_of(instr).iter().filter_map(of_child);
            let mut block = if self.is_complete(id) && own.is_none() {
                None
            } else if own.is_some() {
                own
            } else if instr.kind == InstrKind::Par {
                inner.min_by_key(|id| self.waits.get(id).map(|(_, waited)| self.rank(&waited.wait)))
            } else {
                inner.next()
            };
            // A fold over a stream has an end only by its last instruction or if a round of it is complete.
            let stream = |operand: &air_semantics::hir::Operand| {
                matches!(operand.kind, OperandKind::Stream(_) | OperandKind::StreamMap(_))
            };
            if let (InstrKind::Fold, None, Some(track)) =
                (instr.kind, block, self.recording.tracks.get(index))
                && track.entered
                && !track.complete
                && track.fault.is_none()
                && hir.operand(instr, Role::Iterable).is_some_and(stream)
            {
                let peer = track.peers.first().map_or(0, |peer| *peer as usize);
                let waited = WaitingPlace {
                    place: 0,
                    instr: id,
                    iterations: Box::default(),
                    wait: WaitReason::Elements,
                };
                self.waiting_at.insert(self.show.places.instr(id).start, id);
                self.waits.insert(id, (peer, waited));
                block = Some(id);
            }
            self.blocked.push(block);
        }
    }

    /// Instructions that ran.
    pub(crate) fn executed(&self) -> Vec<Executed> {
        let mut executed = Vec::new();
        for (index, track) in self.recording.tracks.iter().enumerate() {
            let id = InstrId(index as u32);
            if self.ran(id) && self.show.places.is_own(id) {
                let peer = |peer: &u32| self.recording.peers.get(*peer as usize).map(|id| self.show.peer(id));
                executed.push(Executed {
                    range: self.show.places.instr(id),
                    times: track.times,
                    peers: track.peers.iter().filter_map(peer).collect(),
                    complete: track.complete,
                    call: self.hir().instr(id).is_some_and(|instr| instr.kind == InstrKind::Call),
                });
            }
        }
        executed.sort_by_key(|executed| (executed.range.start, std::cmp::Reverse(executed.range.end)));
        executed
    }

    /// Where hosts were asked.
    pub(crate) fn requests(&self) -> Vec<Request> {
        let own = self.recording.requests.iter().filter(|(_, _, instr)| self.show.places.is_own(*instr));
        let request = |(peer, id, instr): &(u32, u32, InstrId)| {
            let peer = self.recording.peers.get(*peer as usize)?;
            Some(Request { range: self.show.places.instr(*instr), peer: self.show.peer(peer), id: *id })
        };
        own.filter_map(request).collect()
    }

    /// How much of it ran.
    pub(crate) fn coverage(&self) -> Coverage {
        let mut coverage = Coverage::default();
        for (index, instr) in self.hir().instrs.iter().enumerate() {
            if !self.show.places.is_own(InstrId(index as u32)) {
                continue;
            }
            let (ran, call) =
                (u32::from(self.ran(InstrId(index as u32))), u32::from(instr.kind == InstrKind::Call));
            coverage.instructions += 1;
            coverage.executed += ran;
            coverage.calls += call;
            coverage.calls_executed += call * ran;
        }
        coverage
    }

    /// What did not run.
    pub(crate) fn not_executed(&self) -> Vec<NotExecuted> {
        let hir = self.hir();
        let mut sizes: Vec<u32> = Vec::with_capacity(hir.instrs.len());
        for instr in &hir.instrs {
            let size = |child: &InstrId| sizes.get(child.0 as usize).copied().unwrap_or_default();
            let all = 1 + hir.children_of(instr).iter().map(size).sum::<u32>();
            sizes.push(all);
        }
        let mut parts = Vec::new();
        for (index, instr) in hir.instrs.iter().enumerate() {
            let id = InstrId(index as u32);
            if self.ran(id)
                || !self.show.places.is_own(id)
                || instr.parent.is_some_and(|parent| !self.ran(parent))
            {
                continue;
            }
            let reason = self.why(id, instr.parent);
            parts.push(NotExecuted {
                range: self.show.places.instr(id),
                instructions: sizes.get(index).copied().unwrap_or(1),
                text: self.text(&reason),
                reason,
            });
        }
        parts.sort_by_key(|part| part.range.start);
        parts
    }

    /// WaitReason at the end, each instruction and iteration once.
    pub(crate) fn waiting(&self) -> Vec<Waiting> {
        let mut best: Vec<(usize, WaitingPlace)> = Vec::new();
        let mut at: FxHashMap<u64, usize> = FxHashMap::default();
        for (peer, waited) in self.open() {
            let place = waited.place;
            match at.get(&place).and_then(|index| best.get_mut(*index)) {
                Some(known) if self.rank(&waited.wait) < self.rank(&known.1.wait) => *known = (peer, waited),
                Some(_) => {}
                None => {
                    at.insert(place, best.len());
                    best.push((peer, waited));
                }
            }
        }
        let show = |(peer, waited): (usize, WaitingPlace)| {
            let reason = self.reason(peer, &waited);
            Waiting {
                range: self.show.places.instr(waited.instr),
                peer: self.recording.peers.get(peer).map(|id| self.show.peer(id)).unwrap_or_default(),
                iteration: self.show.iterations(&waited.iterations),
                text: self.text(&reason),
                reason,
            }
        };
        best.into_iter().map(show).collect()
    }

    /// The wait that keeps the whole script from its end.
    pub(crate) fn root(&self) -> Option<String> {
        let root = *self.hir().roots.first()?;
        let by = self.blocked.get(root.0 as usize).copied().flatten()?;
        let (peer, waited) = self.waits.get(&by)?;
        let text = self.text(&self.reason(*peer, waited));
        Some(format!("line {}: {text}", self.show.places.instr(by).line))
    }

    /// Why an instruction did not run whose parent did.
    fn why(&self, id: InstrId, parent: Option<InstrId>) -> Reason {
        if let Some((peer, waited)) = self.waits.get(&id) {
            return self.reason(*peer, waited);
        }
        let hir = self.hir();
        let Some((parent, instr)) = parent.and_then(|parent| Some((parent, hir.instr(parent)?))) else {
            return match (self.stopped, self.recording.faults.first()) {
                (true, _) => Reason::Stopped,
                (_, Some(fault)) if fault.code == 1 => Reason::Rejected,
                _ => Reason::NotReached,
            };
        };
        let span = |id| self.show.places.instr(id);
        let children = hir.children_of(instr);
        let first = children.first().copied().filter(|first| *first != id);
        let reason = match (instr.kind, first) {
            (InstrKind::Seq, Some(before)) => self.after_error(before).or_else(|| self.blocked_by(before)),
            (InstrKind::Par, Some(before)) => self.after_error(before),
            (InstrKind::Xor, Some(branch)) => match self.after_error(branch) {
                Some(error) if !self.is_complete(branch) => Some(error),
                _ => Some(Reason::NoError { branch: span(branch) }),
            },
            (InstrKind::Match | InstrKind::Mismatch, None) => self.own_wait(parent).or_else(|| {
                let fault = self.track(parent)?.fault.and_then(|fault| self.recording.faults.get(fault))?;
                match fault.code {
                    10001 | 10002 => {
                        let sides = self.sides.get(&parent).cloned();
                        Some(Reason::Comparison { at: span(parent), equal: fault.code == 10002, sides })
                    }
                    code => Some(Reason::AfterError { at: span(fault.instr.unwrap_or(parent)), code }),
                }
            }),
            (InstrKind::Fold, None) => self
                .own_wait(parent)
                .or_else(|| self.after_error(parent))
                .or_else(|| Some(Reason::Empty { fold: span(parent) })),
            (InstrKind::Fold, Some(body)) => {
                if !self.ran(body) {
                    Some(self.why(body, Some(parent)))
                } else {
                    self.after_error(body)
                        .or_else(|| self.blocked_by(body))
                        .or_else(|| Some(Reason::NoEnd { fold: span(parent) }))
                }
            }
            _ => self.after_error(parent),
        };
        reason.unwrap_or(if self.stopped { Reason::Stopped } else { Reason::NotReached })
    }

    fn own_wait(&self, id: InstrId) -> Option<Reason> {
        self.waits.get(&id).map(|(peer, waited)| self.reason(*peer, waited))
    }

    fn after_error(&self, before: InstrId) -> Option<Reason> {
        let fault = self.recording.faults.get(self.track(before)?.fault?)?;
        let at = self.show.places.instr(fault.instr.unwrap_or(before));
        Some(Reason::AfterError { at, code: fault.code })
    }

    fn blocked_by(&self, before: InstrId) -> Option<Reason> {
        let by = self.blocked.get(before.0 as usize).copied().flatten()?;
        Some(Reason::Blocked { by: self.show.places.instr(by) })
    }

    fn reason(&self, peer: usize, waited: &WaitingPlace) -> Reason {
        let id = self.recording.peers.get(peer).map(|id| id.to_string()).unwrap_or_default();
        let peer = self.show.peer(&id);
        match &waited.wait {
            WaitReason::Variable(name) => {
                let setter = self.setter(waited.instr, name);
                Reason::Variable {
                    name: name.to_string(),
                    set_at: setter.map(|id| self.show.places.instr(id)),
                    peer: setter.and_then(|id| self.peer_of(id)),
                }
            }
            WaitReason::Peer(to) => {
                let to_peer = self.show.peer(to);
                match self.fates.losses.get(&(id, to.to_string())) {
                    Some(why) => Reason::Lost { from: peer, peer: to_peer, why: why.clone() },
                    None if self.fates.lost.contains(&**to) => Reason::Unreachable { peer: to_peer },
                    None => Reason::Peer { peer: to_peer },
                }
            }
            WaitReason::Host { service, function } => {
                let call = (id, service.to_string(), function.to_string());
                if let Some(at) = self.fates.late.get(&call) {
                    let (_, service, function) = call;
                    return Reason::Expired { peer, service, function, at: *at, ttl: self.fates.ttl };
                }
                Reason::Unanswered { peer, service: service.to_string(), function: function.to_string() }
            }
            WaitReason::Never => Reason::Never,
            WaitReason::Elements => {
                let instr = self.hir().instr(waited.instr);
                let stream = instr.and_then(|instr| self.hir().operand(instr, Role::Iterable));
                let stream = stream.map(|operand| self.hir().text_at(operand.range)).unwrap_or_default();
                Reason::Elements { stream: stream.to_owned() }
            }
        }
    }

    /// The instruction that would give a variable its value: one that has not, if there is one.
    fn setter(&self, reader: InstrId, name: &str) -> Option<InstrId> {
        let hir = self.hir();
        let occurrences = &self.resolution.occurrences;
        let range = hir.instr(reader)?.range;
        let first = occurrences.partition_point(|occurrence| occurrence.range.start() < range.start());
        let own =
            occurrences.get(first..)?.iter().take_while(|occurrence| occurrence.range.end() <= range.end());
        let mut own = own.filter(|occurrence| occurrence.instr == reader);
        let binding = own.find(|occurrence| hir.text_at(occurrence.range) == name)?.binding;
        let of_binding = self.resolution.occurrences_of(binding);
        let writes: Vec<InstrId> = of_binding
            .filter(|occurrence| occurrence.access == Access::Write)
            .map(|occurrence| occurrence.instr)
            .collect();
        writes.iter().find(|id| !self.is_complete(**id)).or(writes.first()).copied()
    }

    /// The peer of a call or canon, as far as it is known.
    fn peer_of(&self, id: InstrId) -> Option<String> {
        if let Some((_, WaitingPlace { wait: WaitReason::Peer(peer), .. })) = self.waits.get(&id) {
            return Some(self.show.peer(peer));
        }
        let instr = self.hir().instr(id)?;
        let operand = self.hir().operand(instr, Role::Peer)?;
        match operand.kind {
            OperandKind::Literal => Some(self.show.peer(self.hir().literal(operand))),
            OperandKind::InitPeerId => Some(self.show.peer(self.init_peer)),
            _ => None,
        }
    }

    /// A reason in a sentence.
    pub(crate) fn text(&self, reason: &Reason) -> String {
        let line = |span: &Span| format!("line {}", span.line);
        match reason {
            Reason::Variable { name, set_at, peer } => {
                let on = peer.as_ref().map(|peer| format!(" on {peer}")).unwrap_or_default();
                match set_at {
                    Some(at) => format!("waits for {name}, which {} sets{on}", line(at)),
                    None => format!("waits for {name}, which nothing sets"),
                }
            }
            Reason::Unreachable { peer } => format!("{peer} is unreachable"),
            Reason::Lost { from, peer, why } => {
                format!("nothing gets from {from} to {peer}: {why}")
            }
            Reason::Peer { peer } => format!("waits for {peer}"),
            Reason::Expired { peer, service, function, at, ttl } => format!(
                "{service}.{function} on {peer} would answer after {at} ms, but the particle lives {ttl} ms"
            ),
            Reason::Unanswered { peer, service, function } => {
                format!("{service}.{function} on {peer} did not answer")
            }
            Reason::Never => "never ends".to_owned(),
            Reason::Blocked { by } => {
                let own = self.waiting_at.get(&by.start).and_then(|id| self.own_wait(*id));
                let why = own.map(|reason| format!(": {}", self.text(&reason))).unwrap_or_default();
                format!("{} has not completed{why}", line(by))
            }
            Reason::AfterError { at, code } => format!("after error {code} at {}", line(at)),
            Reason::NoError { .. } => "only after an error in the first branch".to_owned(),
            Reason::Comparison { equal: true, sides, .. } => match sides {
                Some((left, right)) => format!("{left} equals {right}"),
                None => "both sides are equal".to_owned(),
            },
            Reason::Comparison { equal: false, sides, .. } => match sides {
                Some((left, right)) => format!("{left} is not {right}"),
                None => "the two sides are not equal".to_owned(),
            },
            Reason::Elements { stream } => format!("waits for more values in {stream}"),
            Reason::Rejected => "AquaVM rejects the script".to_owned(),
            Reason::Empty { .. } => "the fold has no elements".to_owned(),
            Reason::NoEnd { .. } => "the fold did not reach its end".to_owned(),
            Reason::Stopped => "the run was stopped before".to_owned(),
            Reason::NotReached => "the particle never reached this place".to_owned(),
        }
    }
}
