//! Fields followed through a script: where the same field of the same values is put in, taken out, comes from, goes to.
//!
//! A field is named by steps of lenses (`user.$.name`), by keys of stream maps (`(ap ("name" x) %user)`) and by what
//! `json.obj` and its kin are given. Values flow as they do for shapes.

use rustc_hash::{FxHashMap, FxHashSet};

use super::flow::{DemandFilter, Flow, Key, MAX_PLACES_VISITED, NodeId, Place};
use super::{MAX_DEPTH, Shapes};
use crate::hir::{InstrId, OperandId};
use crate::resolve::BindingId;

/// Where a script names fields and where values come and go, as it was collected.
#[derive(Debug, Clone, Default)]
pub(super) struct Traces {
    /// For each step of a lens, the part that it takes.
    pub(super) steps: Vec<Option<NodeId>>,
    /// Literals that put a field into a value.
    pub(super) keys: Vec<(NodeId, Key, OperandId)>,
    /// What puts a field in whose name is known when the script runs.
    pub(super) open: Vec<(NodeId, OperandId)>,
    /// Values that calls get, of which nothing more is known.
    pub(super) given: Vec<(NodeId, InstrId)>,
    /// Results of calls of which nothing is known.
    pub(super) outside: FxHashMap<NodeId, InstrId>,
}

impl Traces {
    pub(super) fn step(&mut self, step: usize, node: NodeId) {
        if let Some(slot) = self.steps.get_mut(step) {
            *slot = Some(node);
        }
    }
}

/// Flow far a field is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// To where it comes from.
    Back,
    /// To where it comes from, and from there to all its uses: two values that merely meet in a stream stay apart.
    Around,
    /// To everything that would have to change with it.
    All,
}

/// Where a field is met.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldPlaces {
    /// Steps of lenses that take it, as indices into [`crate::hir::Hir::accessors`].
    pub steps: Vec<u32>,
    /// Literals that put it in.
    pub keys: Vec<OperandId>,
    /// Operands that put a field in whose name is only known when the script runs.
    pub open: Vec<OperandId>,
    /// Calls that give values with it.
    pub from: Vec<InstrId>,
    /// Calls that get values with it.
    pub to: Vec<InstrId>,
    /// Variables whose values have it.
    pub variables: Vec<BindingId>,
    /// Its values have pairs that a fold walks, where the name is a value itself.
    pub walked: bool,
    /// More was there than is looked at.
    pub cut: bool,
}

impl Shapes {
    /// The field that a step of a lens takes; `None` if it takes something else.
    pub fn field_of_step(&self, step: u32, reach: Reach) -> Option<FieldPlaces> {
        let node = (*self.traces.steps.get(step as usize)?)?;
        let (whole, key) = self.graph.nodes.get(node.0 as usize)?.parent?;
        matches!(key, Key::Field(_)).then(|| self.field(whole, key, reach))
    }

    /// The field that a literal puts in.
    pub fn field_of_key(&self, literal: OperandId, reach: Reach) -> Option<FieldPlaces> {
        let (whole, key, _) = *self.traces.keys.iter().find(|(_, _, operand)| *operand == literal)?;
        Some(self.field(whole, key, reach))
    }

    fn field(&self, whole: NodeId, key: Key, reach: Reach) -> FieldPlaces {
        let value_name = self.graph.known_field("value");
        let before = self.before();
        let start = Place { node: whole, path: vec![key], what: DemandFilter::All };
        let mut seen: FxHashSet<Place> = FxHashSet::default();
        let mut queue = vec![start];
        let mut cut = false;
        let mut follow = |queue: &mut Vec<Place>, seen: &mut FxHashSet<Place>, back: bool, on: bool| {
            let mut next = Vec::new();
            while let Some(place) = queue.pop() {
                if place.path.len() > MAX_DEPTH + 2 || seen.len() >= MAX_PLACES_VISITED {
                    cut = true;
                    continue;
                }
                if !seen.insert(place.clone()) {
                    continue;
                }
                // What the field holds goes its own ways.
                let whole = !place.path.is_empty();
                if on && whole {
                    self.graph.steps(&place, value_name, &mut next);
                    self.canons_of_map(&place, &mut next);
                } else {
                    self.graph.again(&place, &mut next);
                }
                if back && whole {
                    steps_back(&place, value_name, &before, &mut next);
                }
                next.retain(|place| place.what == DemandFilter::All);
                queue.append(&mut next);
            }
        };
        match reach {
            Reach::Back => follow(&mut queue, &mut seen, true, false),
            Reach::All => follow(&mut queue, &mut seen, true, true),
            Reach::Around => {
                follow(&mut queue, &mut seen, true, false);
                let mut origins = seen.drain().collect();
                follow(&mut origins, &mut seen, false, true);
            }
        }
        self.places(&seen, key, cut)
    }

    /// A key of a stream map is one of its canon as well, whatever becomes of its values.
    fn canons_of_map(&self, place: &Place, next: &mut Vec<Place>) {
        let ([_], Some(node)) = (place.path.as_slice(), self.graph.nodes.get(place.node.0 as usize)) else {
            return;
        };
        let canons = node.flows.iter().filter(|(how, _)| *how == Flow::CanonMap);
        next.extend(canons.map(|(_, canon)| Place {
            node: *canon,
            path: place.path.clone(),
            what: DemandFilter::All,
        }));
    }

    /// For each node, what flows into it.
    fn before(&self) -> FxHashMap<NodeId, Vec<(Flow, NodeId)>> {
        let mut before: FxHashMap<NodeId, Vec<(Flow, NodeId)>> = FxHashMap::default();
        for (from, node) in (0..).map(NodeId).zip(&self.graph.nodes) {
            for (how, to) in &node.flows {
                before.entry(*to).or_default().push((*how, from));
            }
        }
        before
    }

    fn places(&self, seen: &FxHashSet<Place>, key: Key, cut: bool) -> FieldPlaces {
        let mut found = FieldPlaces { cut, ..FieldPlaces::default() };
        // The part itself, under its name; and what it is in.
        let named = |node: NodeId| self.graph.nodes.get(node.0 as usize).and_then(|node| node.parent);
        let parts: FxHashSet<NodeId> =
            seen.iter().filter(|it| it.path.is_empty()).map(|it| it.node).collect();
        let wholes: FxHashSet<NodeId> =
            seen.iter().filter(|it| !it.path.is_empty()).map(|it| it.node).collect();
        let near: FxHashSet<NodeId> = seen
            .iter()
            .filter(|it| *it.path == [key] || *it.path == [Key::AnyField])
            .map(|it| it.node)
            .collect();
        for (step, node) in (0..).zip(&self.traces.steps) {
            let Some(node) = node.filter(|node| parts.contains(node)) else { continue };
            if named(node).is_some_and(|(_, named)| named == key) {
                found.steps.push(step);
            }
        }
        let keys = self.traces.keys.iter().filter(|(whole, named, _)| *named == key && near.contains(whole));
        found.keys = keys.map(|(_, _, literal)| *literal).collect();
        found.open =
            self.traces.open.iter().filter(|(whole, _)| near.contains(whole)).map(|(_, it)| *it).collect();
        let mut from: Vec<InstrId> =
            wholes.iter().filter_map(|node| self.traces.outside.get(node)).copied().collect();
        from.sort_unstable_by_key(|call| call.0);
        found.from = from;
        found.to = self
            .traces
            .given
            .iter()
            .filter(|(node, _)| wholes.contains(node))
            .map(|(_, call)| *call)
            .collect();
        found.to.dedup();
        let pairs = |node: &NodeId| {
            let flows = self.graph.nodes.get(node.0 as usize).map(|node| node.flows.as_slice());
            flows
                .unwrap_or_default()
                .iter()
                .any(|(how, _)| matches!(how, Flow::MapPairs | Flow::CanonMapPairs))
        };
        found.walked = near.iter().any(pairs);
        // Node number so-and-so is the variable of that number, and all others come after them.
        let mut variables: Vec<BindingId> = wholes.iter().map(|node| BindingId(node.0)).collect();
        variables.sort_unstable();
        found.variables = variables;
        found
    }
}

/// Where a value comes from in one step; the other way round than [`super::flow::Graph::steps`].
fn steps_back(
    place: &Place,
    value_name: Option<Key>,
    before: &FxHashMap<NodeId, Vec<(Flow, NodeId)>>,
    next: &mut Vec<Place>,
) {
    for (how, from) in before.get(&place.node).into_iter().flatten() {
        let path = match how {
            Flow::Same => place.path.clone(),
            Flow::CanonMap => match place.path.as_slice() {
                [rest @ .., Key::Element, key] => [rest, &[*key]].concat(),
                [key] => vec![*key],
                _ => continue,
            },
            Flow::MapPairs => match place.path.as_slice() {
                [rest @ .., value] if Some(*value) == value_name => [rest, &[Key::AnyField]].concat(),
                _ => continue,
            },
            Flow::CanonMapPairs => match place.path.as_slice() {
                [rest @ .., value] if Some(*value) == value_name => {
                    [rest, &[Key::Element, Key::AnyField]].concat()
                }
                _ => continue,
            },
            Flow::Length | Flow::Index => continue,
        };
        next.push(Place { node: *from, path, what: DemandFilter::All });
    }
}
