//! Both trees as one list of lines.

use rustc_hash::{FxHashMap, FxHashSet};

use super::matching::Matching;
use super::names::Names;
use super::tree::{NodeKind, Tree};
use super::{Change, Comparison, Line, Rename};

/// Writes the new tree, with what was removed at its place.
pub(super) fn write(old: &Tree<'_>, new: &Tree<'_>, matching: &Matching, names: &Names) -> Comparison {
    let moved = moved(old, new, matching);
    let removed = Removed::new(old, matching);
    let mut writer = Writer { old, new, matching, lines: Vec::new() };
    let mut work = vec![Work::New(0, 0)];
    while let Some(next) = work.pop() {
        match next {
            Work::New(node, depth) => {
                let before = matching.old_of(node);
                let inner = if node == 0 { 0 } else { depth + 1 };
                if node != 0 {
                    let change = match before {
                        None => Change::Inserted,
                        Some(before) => {
                            let same = names.same_head(old, new, before, node);
                            match (moved.contains(&node), same) {
                                (false, true) => Change::Same,
                                (false, false) => Change::Changed,
                                (true, true) => Change::Moved,
                                (true, false) => Change::MovedAndChanged,
                            }
                        }
                    };
                    writer.line(change, depth, before, Some(node));
                }
                for child in new.children(node).iter().rev() {
                    let child_before = matching.old_of(*child);
                    let gone = child_before.and_then(|it| removed.after.get(&it)).into_iter().flatten();
                    work.extend(gone.rev().map(|node| Work::Old(*node, inner)));
                    work.push(Work::New(*child, inner));
                }
                let first = before.and_then(|it| removed.first.get(&it)).into_iter().flatten();
                work.extend(first.rev().map(|node| Work::Old(*node, inner)));
            }
            Work::Old(node, depth) => {
                writer.line(Change::Removed, depth, Some(node), None);
                let gone = old.children(node).iter().rev().filter(|it| matching.new_of(**it).is_none());
                work.extend(gone.map(|node| Work::Old(*node, depth + 1)));
            }
        }
    }
    let mut renames: Vec<_> = names
        .new_of
        .iter()
        .map(|(one, other)| (other.0, old.hir.name(*one), new.hir.name(*other)))
        .filter(|(_, one, other)| one != other)
        .collect();
    renames.sort_unstable();
    let renames = renames
        .into_iter()
        .map(|(_, old, new)| Rename { old: old.to_owned(), new: new.to_owned() })
        .collect();
    Comparison { renames, lines: writer.lines }
}

/// What is still to be written.
enum Work {
    /// A node of the new tree, at a depth.
    New(usize, usize),
    /// A removed node.
    Old(usize, usize),
}

struct Writer<'t> {
    old: &'t Tree<'t>,
    new: &'t Tree<'t>,
    matching: &'t Matching,
    lines: Vec<Line>,
}

impl Writer<'_> {
    fn line(&mut self, change: Change, depth: usize, before: Option<usize>, after: Option<usize>) {
        debug_assert!(after.is_none_or(|after| self.matching.old_of(after) == before));
        let text = |tree: &Tree<'_>, node: Option<usize>| node.map(|node| tree.text(node));
        let changed = matches!(change, Change::Changed | Change::MovedAndChanged);
        let range = |tree: &Tree<'_>, node: Option<usize>| {
            node.and_then(|node| tree.nodes.get(node)).map(|node| node.range)
        };
        self.lines.push(Line {
            change,
            depth,
            old: range(self.old, before),
            new: range(self.new, after),
            text: text(self.new, after).or_else(|| text(self.old, before)).unwrap_or_default(),
            before: if changed { text(self.old, before) } else { None },
        });
    }
}

/// Where removed nodes stood: behind which node of the old tree, or first in which.
#[derive(Default)]
struct Removed {
    after: FxHashMap<usize, Vec<usize>>,
    first: FxHashMap<usize, Vec<usize>>,
}

impl Removed {
    fn new(old: &Tree<'_>, matching: &Matching) -> Removed {
        let mut removed = Removed::default();
        for parent in (0..old.nodes.len()).filter(|node| matching.new_of(*node).is_some()) {
            let mut before = None;
            for child in old.children(parent) {
                if matching.new_of(*child).is_some() {
                    before = Some(*child);
                } else {
                    match before {
                        Some(before) => removed.after.entry(before).or_default().push(*child),
                        None => removed.first.entry(parent).or_default().push(*child),
                    }
                }
            }
        }
        removed
    }
}

/// Nodes of the new tree that were in something else, or at another place in the order of it.
fn moved(old: &Tree<'_>, new: &Tree<'_>, matching: &Matching) -> FxHashSet<usize> {
    let old_holder = holders(old, &|node| matching.new_of(node).is_some());
    let new_holder = holders(new, &|node| matching.old_of(node).is_some());
    let mut moved = FxHashSet::default();
    let mut lists: FxHashMap<usize, Vec<(usize, usize)>> = FxHashMap::default();
    for (node, before) in matching.old_of.iter().enumerate().skip(1) {
        let Some(before) = *before else { continue };
        let (held, was_held) = (new_holder.get(node).copied(), old_holder.get(before).copied());
        let (Some(held), Some(was_held)) = (held, was_held) else { continue };
        if matching.old_of(held) == Some(was_held) {
            lists.entry(held).or_default().push((before, node));
        } else {
            moved.insert(node);
        }
    }
    // Hops are all alike: one that is nearer has not moved.
    for list in lists.into_values() {
        let kept = longest_growing(&list.iter().map(|(before, _)| *before).collect::<Vec<_>>());
        moved.extend(
            list.iter().enumerate().filter(|(place, _)| !kept.contains(place)).map(|(_, (_, node))| *node),
        );
    }
    moved.retain(|node| !matches!(new.kind(*node), NodeKind::Hop(_)));
    moved
}

/// For each node, the nearest one around it that is wanted.
fn holders(tree: &Tree<'_>, wanted: &dyn Fn(usize) -> bool) -> Vec<usize> {
    let mut holders: Vec<usize> = Vec::with_capacity(tree.nodes.len());
    for node in &tree.nodes {
        let parent = node.parent;
        let holder = if wanted(parent) { parent } else { holders.get(parent).copied().unwrap_or(0) };
        holders.push(holder);
    }
    holders
}

/// Places of a longest part of the values that grows.
fn longest_growing(values: &[usize]) -> FxHashSet<usize> {
    // For each length, the place of the smallest value that ends a growing part of it.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(values.len());
    for (place, value) in values.iter().enumerate() {
        let length = ends.partition_point(|end| values.get(*end).is_some_and(|other| other < value));
        before.push(length.checked_sub(1).and_then(|shorter| ends.get(shorter)).copied());
        match ends.get_mut(length) {
            Some(end) => *end = place,
            None => ends.push(place),
        }
    }
    let mut kept = FxHashSet::default();
    let mut next = ends.last().copied();
    while let Some(place) = next {
        kept.insert(place);
        next = before.get(place).copied().flatten();
    }
    kept
}
