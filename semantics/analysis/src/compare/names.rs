//! Which variable of one script is which of the other.

use air_semantics::hir::{AccessorKind, Hir, NameId, Operand};
use rustc_hash::FxHashMap;

use super::matching::Matching;
use super::tree::{Tree, same_operand};

/// Pairs of names, each name in at most one.
pub(super) struct Names {
    pub new_of: FxHashMap<NameId, NameId>,
}

impl Names {
    /// The pairs that stand at the same place most often.
    pub(super) fn new(old: &Tree<'_>, new: &Tree<'_>, matching: &Matching) -> Names {
        let mut votes: FxHashMap<(NameId, NameId), usize> = FxHashMap::default();
        for (one, other) in matching.new_of.iter().enumerate().filter_map(|(old, new)| Some((old, (*new)?))) {
            let (ones, others) = (old.operands(one), new.operands(other));
            if ones.len() != others.len() {
                continue;
            }
            for (one, other) in ones.iter().zip(others) {
                if one.role != other.role || one.kind.token() != other.kind.token() {
                    continue;
                }
                for pair in names(old.hir, one).zip(names(new.hir, other)) {
                    *votes.entry(pair).or_default() += 1;
                }
            }
        }
        let same = |(one, other): (NameId, NameId)| old.hir.name(one) == new.hir.name(other);
        let mut votes: Vec<_> = votes.into_iter().collect();
        votes.sort_by_key(|(pair, count)| (std::cmp::Reverse(*count), !same(*pair), pair.1.0, pair.0.0));
        let (mut new_of, mut old_of) = (FxHashMap::default(), FxHashMap::default());
        for ((one, other), _) in votes {
            if !new_of.contains_key(&one) && !old_of.contains_key(&other) {
                new_of.insert(one, other);
                old_of.insert(other, one);
            }
        }
        Names { new_of }
    }

    /// Whether the instructions themselves are the same, whatever is in them.
    pub(super) fn same_head(&self, old: &Tree<'_>, new: &Tree<'_>, one: usize, other: usize) -> bool {
        let (ones, others) = (old.operands(one), new.operands(other));
        let same_name = |one: NameId, other: NameId| self.new_of.get(&one) == Some(&other);
        let unknown = ones.is_empty() && others.is_empty() && old.children(one).is_empty();
        ones.len() == others.len()
            && ones
                .iter()
                .zip(others)
                .all(|(one, other)| same_operand((old.hir, one), (new.hir, other), &same_name))
            && (!unknown || old.text(one) == new.text(other))
    }
}

/// The names in an operand, its lens included.
fn names<'h>(hir: &'h Hir, operand: &'h Operand) -> impl Iterator<Item = NameId> + 'h {
    let accessors = operand.lens.as_ref().map_or(&[][..], |lens| hir.accessors_of(lens));
    operand.kind.name().into_iter().chain(accessors.iter().filter_map(|accessor| match accessor.kind {
        AccessorKind::Variable(name) => Some(name),
        _ => None,
    }))
}
