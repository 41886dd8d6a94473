//! Which node of one tree is which of the other.

use air_semantics::hir::InstrKind;
use rustc_hash::FxHashMap;

use super::tree::{Node, NodeKind, Tree};

/// How far up what holds a part is looked for: the new version may have put something around it.
const MAX_WRAPPERS: usize = 3;

/// Pairs of nodes.
pub(super) struct Matching {
    /// For each node of the old tree, that of the new one.
    pub new_of: Vec<Option<usize>>,
    /// For each node of the new tree, that of the old one.
    pub old_of: Vec<Option<usize>>,
}

impl Matching {
    pub(super) fn new(old: &Tree<'_>, new: &Tree<'_>) -> Matching {
        let mut matching =
            Matching { new_of: vec![None; old.nodes.len()], old_of: vec![None; new.nodes.len()] };
        matching.pair(0, 0);
        // Without names: the compiler numbers its own anew, and another part has the old number then.
        matching.equal_parts(old, new, &|node| node.nameless, true);
        matching.holders(old, new);
        matching.leftovers(old, new);
        // What there is several times is most likely where its neighbours are; only what is left has moved.
        matching.equal_parts(old, new, &|node| node.exact, false);
        matching.holders(old, new);
        matching.leftovers(old, new);
        matching
    }

    pub(super) fn new_of(&self, old: usize) -> Option<usize> {
        self.new_of.get(old).copied().flatten()
    }

    pub(super) fn old_of(&self, new: usize) -> Option<usize> {
        self.old_of.get(new).copied().flatten()
    }

    fn pair(&mut self, old: usize, new: usize) {
        if let (Some(of_old), Some(of_new)) = (self.new_of.get_mut(old), self.old_of.get_mut(new))
            && of_old.is_none()
            && of_new.is_none()
        {
            *of_old = Some(new);
            *of_new = Some(old);
        }
    }

    /// Pairs parts with the same hash, the largest first: the only ones of their kind, or as many on both sides.
    fn equal_parts(&mut self, old: &Tree<'_>, new: &Tree<'_>, hash: &dyn Fn(&Node) -> u64, only_ones: bool) {
        let mut groups: FxHashMap<u64, (Vec<usize>, Vec<usize>)> = FxHashMap::default();
        for (index, node) in old.nodes.iter().enumerate().filter(|(_, node)| tells(node)) {
            groups.entry(hash(node)).or_default().0.push(index);
        }
        for (index, node) in new.nodes.iter().enumerate().filter(|(_, node)| tells(node)) {
            if let Some(group) = groups.get_mut(&hash(node)) {
                group.1.push(index);
            }
        }
        let size = |tree: &Tree<'_>, nodes: &[usize]| {
            nodes.first().and_then(|first| tree.nodes.get(*first)).map_or(0, |node| node.size)
        };
        let mut groups: Vec<_> = groups.into_values().filter(|(_, new)| !new.is_empty()).collect();
        groups.sort_by_key(|(olds, _)| (std::cmp::Reverse(size(old, olds)), olds.first().copied()));
        for (olds, news) in groups {
            let olds: Vec<_> = olds.into_iter().filter(|it| self.new_of(*it).is_none()).collect();
            let news: Vec<_> = news.into_iter().filter(|it| self.old_of(*it).is_none()).collect();
            if olds.len() == news.len() && (!only_ones || olds.len() == 1) {
                for (one, other) in olds.into_iter().zip(news) {
                    self.whole(old, new, one, other);
                }
            }
        }
    }

    /// Pairs two parts that have the same form, node by node.
    fn whole(&mut self, old: &Tree<'_>, new: &Tree<'_>, one: usize, other: usize) {
        let mut open = vec![(one, other)];
        while let Some((one, other)) = open.pop() {
            let (ones, others) = (old.children(one), new.children(other));
            // Equal hashes are not a proof.
            if old.kind(one).same(new.kind(other)) && ones.len() == others.len() {
                self.pair(one, other);
                open.extend(ones.iter().copied().zip(others.iter().copied()));
            }
        }
    }

    /// Pairs what holds parts that are pairs: with what holds most of them in the other tree.
    fn holders(&mut self, old: &Tree<'_>, new: &Tree<'_>) {
        for index in (1..old.nodes.len()).rev().filter(|it| !old.children(*it).is_empty()) {
            if self.new_of(index).is_some() {
                continue;
            }
            let mut votes: FxHashMap<usize, usize> = FxHashMap::default();
            for child in old.children(index).iter().filter_map(|child| self.new_of(*child)) {
                let mut holder = child;
                for _ in 0..MAX_WRAPPERS {
                    holder = new.nodes.get(holder).map_or(0, |node| node.parent);
                    if holder == 0 {
                        break;
                    }
                    if self.old_of(holder).is_none() && new.kind(holder).same(old.kind(index)) {
                        *votes.entry(holder).or_default() += 1;
                        break;
                    }
                }
            }
            let best = votes.into_iter().max_by_key(|(holder, votes)| (*votes, std::cmp::Reverse(*holder)));
            if let Some((holder, _)) = best {
                self.pair(index, holder);
            }
        }
    }

    /// Pairs what is left in lists that are pairs: between the same neighbours, in the same order, first what is equal,
    /// then what has the same literals, then what is the same instruction.
    fn leftovers(&mut self, old: &Tree<'_>, new: &Tree<'_>) {
        for index in 0..old.nodes.len() {
            let Some(other) = self.new_of(index) else { continue };
            let (ones, others) = (old.children(index), new.children(other));
            let place: FxHashMap<usize, usize> =
                others.iter().enumerate().map(|(place, node)| (*node, place)).collect();
            let (mut from, mut from_other) = (0, 0);
            for (at, one) in ones.iter().enumerate() {
                let there = self.new_of(*one).and_then(|node| place.get(&node)).copied();
                // What went back in the order has moved, and is no neighbour.
                if let Some(there) = there.filter(|there| *there >= from_other) {
                    self.gap(old, new, ones.get(from..at), others.get(from_other..there));
                    (from, from_other) = (at + 1, there + 1);
                }
            }
            self.gap(old, new, ones.get(from..), others.get(from_other..));
        }
    }

    fn gap(&mut self, old: &Tree<'_>, new: &Tree<'_>, ones: Option<&[usize]>, others: Option<&[usize]>) {
        let ones: Vec<_> =
            ones.unwrap_or_default().iter().copied().filter(|it| self.new_of(*it).is_none()).collect();
        let others: Vec<_> =
            others.unwrap_or_default().iter().copied().filter(|it| self.old_of(*it).is_none()).collect();
        let mut open = vec![(&ones[..], &others[..], Likeness::Equal)];
        while let Some((ones, others, likeness)) = open.pop() {
            if ones.is_empty() || others.is_empty() {
                continue;
            }
            let pairs = in_order(ones, others, |it| likeness.key(old, it), |it| likeness.key(new, it));
            let (mut from, mut from_other) = (0, 0);
            for (at, there) in pairs.into_iter().chain([(ones.len(), others.len())]) {
                if let (Some(one), Some(other)) = (ones.get(at), others.get(there)) {
                    self.pair(*one, *other);
                }
                if let (Some(between), Some(between_other), Some(next)) =
                    (ones.get(from..at), others.get(from_other..there), likeness.less())
                {
                    open.push((between, between_other, next));
                }
                (from, from_other) = (at + 1, there + 1);
            }
        }
    }
}

/// How much two parts have in common.
#[derive(Debug, Clone, Copy)]
enum Likeness {
    Equal,
    EqualButNames,
    Literals,
    Kind,
}

impl Likeness {
    /// What two parts share that are so alike.
    fn key(self, tree: &Tree<'_>, node: usize) -> (NodeKey, u64) {
        let Some(node) = tree.nodes.get(node) else { return (NodeKey::Script, 0) };
        let hash = match self {
            Likeness::Equal => node.exact,
            Likeness::EqualButNames => node.nameless,
            Likeness::Literals => node.label,
            Likeness::Kind => 0,
        };
        (key(node.kind), hash)
    }

    fn less(self) -> Option<Likeness> {
        match self {
            Likeness::Equal => Some(Likeness::EqualButNames),
            Likeness::EqualButNames => Some(Likeness::Literals),
            Likeness::Literals => Some(Likeness::Kind),
            Likeness::Kind => None,
        }
    }
}

/// Pairs of places with equal keys, growing on both sides: each takes the next one that is free.
fn in_order<K: std::hash::Hash + Eq>(
    ones: &[usize],
    others: &[usize],
    key: impl Fn(usize) -> K,
    other_key: impl Fn(usize) -> K,
) -> Vec<(usize, usize)> {
    let mut places: FxHashMap<K, Vec<usize>> = FxHashMap::default();
    for (place, other) in others.iter().enumerate() {
        places.entry(other_key(*other)).or_default().push(place);
    }
    let mut pairs = Vec::new();
    let mut next = 0;
    for (at, one) in ones.iter().enumerate() {
        let Some(free) = places.get(&key(*one)) else { continue };
        let first = free.partition_point(|place| *place < next);
        if let Some(place) = free.get(first) {
            pairs.push((at, *place));
            next = place + 1;
        }
    }
    pairs
}

/// What kind of instruction a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum NodeKey {
    Script,
    Instr(InstrKind),
    Hop,
}

fn key(kind: NodeKind) -> NodeKey {
    match kind {
        NodeKind::Script => NodeKey::Script,
        NodeKind::Instr(_, kind) => NodeKey::Instr(kind),
        NodeKind::Hop(_) => NodeKey::Hop,
    }
}

/// Whether to find the same thing elsewhere says anything.
fn tells(node: &Node) -> bool {
    match node.kind {
        NodeKind::Script | NodeKind::Hop(_) => false,
        NodeKind::Instr(_, kind) => {
            node.size > 1 || !matches!(kind, InstrKind::Null | InstrKind::Never | InstrKind::Next)
        }
    }
}
