//! The graph of values: parts of values with the demands on them, and the ways that values flow.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Literal, LiteralValue, MAX_DEPTH, MAX_NODES, Shape, ShapeNode};

/// Index of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct NodeId(pub(super) u32);

/// A step from a value to a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Key {
    /// Any element of an array.
    Element,
    /// A field: index of its name.
    Field(u32),
    /// A field whose name is not known.
    AnyField,
}

/// Flow a value flows on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Flow {
    /// The same value.
    Same,
    /// A stream map becomes a canon map: the values of a key become an array.
    CanonMap,
    /// The pairs of a stream map become an iterator with a key and a value.
    MapPairs,
    /// The pairs of a canon map become an iterator with a key and a value.
    CanonMapPairs,
    /// For each element there comes one element there.
    Length,
    /// An index there is computed from an index here.
    Index,
}

/// Parts of values and the flow between them.
#[derive(Debug, Clone, Default)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    pub(super) children: FxHashMap<(NodeId, Key), NodeId>,
    names: Vec<Box<str>>,
    by_name: FxHashMap<Box<str>, u32>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Node {
    demand: Demand,
    pub(super) parent: Option<(NodeId, Key)>,
    /// In order of first use.
    parts: Vec<(Key, NodeId)>,
    pub(super) flows: Vec<(Flow, NodeId)>,
}

/// DemandFilter is demanded at one node.
#[derive(Debug, Clone, Default)]
pub(super) struct Demand {
    /// Without parts.
    pub(super) own: ShapeNode,
    /// DemandFilter is parsed out of the text that this is.
    pub(super) parsed: Option<NodeId>,
}

/// A place in a value: after these steps, last step first, from a node.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Place {
    pub(super) node: NodeId,
    pub(super) path: Vec<Key>,
    pub(super) what: DemandFilter,
}

/// Which demands count at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum DemandFilter {
    All,
    Length,
    Index,
}

/// Flow many places are visited for one shape at most.
pub(super) const MAX_PLACES_VISITED: usize = 4096;

impl Graph {
    /// A new node.
    pub(super) fn node(&mut self) -> NodeId {
        self.nodes.push(Node::default());
        NodeId(self.nodes.len() as u32 - 1)
    }

    /// A part of a value.
    pub(super) fn part(&mut self, of: NodeId, key: Key) -> NodeId {
        if let Some(part) = self.children.get(&(of, key)) {
            return *part;
        }
        let part = self.node();
        if let Some(node) = self.nodes.get_mut(part.0 as usize) {
            node.parent = Some((of, key));
        }
        self.children.insert((of, key), part);
        if let Some(node) = self.nodes.get_mut(of.0 as usize) {
            node.parts.push((key, part));
        }
        part
    }

    /// The key of a field.
    pub(super) fn field(&mut self, name: &str) -> Key {
        if let Some(known) = self.by_name.get(name) {
            return Key::Field(*known);
        }
        let id = self.names.len() as u32;
        self.names.push(name.into());
        self.by_name.insert(name.into(), id);
        Key::Field(id)
    }

    /// The key of a field that something names.
    pub(super) fn known_field(&self, name: &str) -> Option<Key> {
        self.by_name.get(name).map(|id| Key::Field(*id))
    }

    /// A field of a value.
    pub(super) fn field_of(&mut self, of: NodeId, name: &str) -> NodeId {
        let key = self.field(name);
        self.part(of, key)
    }

    /// The value of the first node flows into the second.
    pub(super) fn flow(&mut self, from: NodeId, how: Flow, to: NodeId) {
        if let Some(node) = self.nodes.get_mut(from.0 as usize) {
            node.flows.push((how, to));
        }
    }

    /// DemandFilter is demanded at a node, to be changed.
    pub(super) fn demand(&mut self, of: NodeId, change: impl FnOnce(&mut Demand)) {
        if let Some(node) = self.nodes.get_mut(of.0 as usize) {
            change(&mut node.demand);
        }
    }

    /// The shape of a value that is at all these nodes.
    pub(super) fn shape(&self, nodes: &[NodeId]) -> Shape {
        let value_name = self.known_field("value");
        let mut left = MAX_PLACES_VISITED;
        let start = nodes.iter().map(|node| Place { node: *node, path: Vec::new(), what: DemandFilter::All });
        let mut shape = Shape { nodes: vec![ShapeNode::default()] };
        // Parts whose demands are still to be gathered: where they are in the shape and in the graph.
        let mut open = std::collections::VecDeque::from([(0_usize, 1_usize, start.collect::<Vec<_>>())]);
        while let Some((index, depth, start)) = open.pop_front() {
            let found = self.reached(start, value_name, &mut left);
            let mut merged = ShapeNode::default();
            let mut parts: Vec<(Key, Vec<Place>)> = Vec::new();
            let mut slots: FxHashMap<Key, usize> = FxHashMap::default();
            let mut parsed = Vec::new();
            for place in &found {
                let Some(node) = self.nodes.get(place.node.0 as usize) else { continue };
                merge(&mut merged, &node.demand.own, place.what);
                if place.what != DemandFilter::All {
                    continue;
                }
                parsed.extend(node.demand.parsed.map(whole));
                for (key, part) in &node.parts {
                    let slot = *slots.entry(*key).or_insert_with(|| {
                        parts.push((*key, Vec::new()));
                        parts.len() - 1
                    });
                    if let Some((_, places)) = parts.get_mut(slot) {
                        places.push(whole(*part));
                    }
                }
            }
            let mut add = |places: Vec<Place>| {
                if depth >= MAX_DEPTH || shape.nodes.len() >= MAX_NODES {
                    return None;
                }
                shape.nodes.push(ShapeNode::default());
                open.push_back((shape.nodes.len() - 1, depth + 1, places));
                Some(shape.nodes.len() as u32 - 1)
            };
            if !parsed.is_empty() {
                merged.json = add(parsed);
            }
            for (key, places) in parts {
                match key {
                    Key::Element => {
                        merged.array = true;
                        merged.element = add(places);
                    }
                    Key::Field(name) => {
                        let name = self.names.get(name as usize).cloned().unwrap_or_default();
                        merged.fields.extend(add(places).map(|part| (name, part)));
                    }
                    Key::AnyField => {}
                }
            }
            if let Some(node) = shape.nodes.get_mut(index) {
                *node = merged;
            }
        }
        shape
    }

    /// All whole nodes that a value at these places reaches, each once, in order of discovery.
    fn reached(&self, start: Vec<Place>, value_name: Option<Key>, left: &mut usize) -> Vec<Place> {
        let mut seen: FxHashSet<Place> = start.iter().cloned().collect();
        let mut queue = std::collections::VecDeque::from(start);
        let mut whole = Vec::new();
        let mut next: Vec<Place> = Vec::new();
        while let Some(place) = queue.pop_front() {
            let Some(rest) = left.checked_sub(1) else { break };
            *left = rest;
            self.steps(&place, value_name, &mut next);
            if place.path.is_empty() {
                whole.push(place);
            }
            for place in next.drain(..) {
                if place.path.len() <= MAX_DEPTH + 2 && !seen.contains(&place) {
                    seen.insert(place.clone());
                    queue.push_back(place);
                }
            }
        }
        whole
    }

    /// The same place from another node: from a part, or from the whole that it is a part of.
    pub(super) fn again(&self, place: &Place, next: &mut Vec<Place>) {
        let Some(node) = self.nodes.get(place.node.0 as usize) else { return };
        let at = |node: NodeId, path: Vec<Key>, what: DemandFilter| Place { node, path, what };
        // Down to the part, where one is known.
        if let Some((first, rest)) = place.path.split_last() {
            let mut down = |key: Key| {
                let part = self.children.get(&(place.node, key));
                next.extend(part.map(|part| at(*part, rest.to_vec(), place.what)));
            };
            down(*first);
            if matches!(first, Key::Field(_)) {
                down(Key::AnyField);
            } else if *first == Key::AnyField {
                let fields = node.parts.iter().filter(|(key, _)| matches!(key, Key::Field(_)));
                let fields = fields.take(MAX_NODES).map(|(_, part)| at(*part, rest.to_vec(), place.what));
                next.extend(fields);
            }
        }
        // Up to the whole, to flow with it.
        if let Some((parent, key)) = node.parent {
            let mut path = place.path.clone();
            path.push(key);
            next.push(at(parent, path, place.what));
        }
    }

    /// Where a value goes in one step.
    pub(super) fn steps(&self, place: &Place, value_name: Option<Key>, next: &mut Vec<Place>) {
        self.again(place, next);
        let Some(node) = self.nodes.get(place.node.0 as usize) else { return };
        let at = |node: NodeId, path: Vec<Key>, what: DemandFilter| Place { node, path, what };
        for (how, to) in &node.flows {
            let (path, what) = match (how, place.what) {
                (Flow::Same, what) => (place.path.clone(), what),
                (Flow::Length, DemandFilter::All | DemandFilter::Length) if place.path.is_empty() => {
                    (Vec::new(), DemandFilter::Length)
                }
                (Flow::Index, DemandFilter::All | DemandFilter::Index) if place.path.is_empty() => {
                    (Vec::new(), DemandFilter::Index)
                }
                (Flow::CanonMap, what) => {
                    let Some((first, rest)) = place.path.split_last() else { continue };
                    let mut path = rest.to_vec();
                    path.extend([Key::Element, *first]);
                    (path, what)
                }
                (Flow::MapPairs, what) => {
                    let (Some((_, rest)), Some(value)) = (place.path.split_last(), value_name) else {
                        continue;
                    };
                    let mut path = rest.to_vec();
                    path.push(value);
                    (path, what)
                }
                (Flow::CanonMapPairs, what) => {
                    let [rest @ .., Key::Element, _] = place.path.as_slice() else { continue };
                    let mut path = rest.to_vec();
                    path.extend(value_name);
                    (path, what)
                }
                _ => continue,
            };
            next.push(at(*to, path, what));
        }
    }
}

fn whole(node: NodeId) -> Place {
    Place { node, path: Vec::new(), what: DemandFilter::All }
}

fn merge(into: &mut ShapeNode, from: &ShapeNode, what: DemandFilter) {
    match what {
        DemandFilter::All => {}
        DemandFilter::Length => {
            into.array |= from.least > 0;
            into.least = into.least.max(from.least);
            return;
        }
        DemandFilter::Index => {
            into.index |= from.index;
            return;
        }
    }
    into.peer |= from.peer;
    into.text |= from.text;
    into.base58 |= from.base58;
    into.integer |= from.integer;
    into.index |= from.index;
    into.array |= from.array;
    into.least = into.least.max(from.least);
    for literal in &from.literals {
        add_literal(into, literal.value.clone(), literal.weight);
    }
}

/// Flow many literals are kept at one node.
const MAX_LITERALS: usize = 32;

/// Weights of equal literals add up.
pub(super) fn add_literal(to: &mut ShapeNode, value: LiteralValue, weight: i32) {
    if let Some(literal) = to.literals.iter_mut().find(|literal| literal.value == value) {
        literal.weight = literal.weight.saturating_add(weight);
    } else if to.literals.len() < MAX_LITERALS {
        to.literals.push(Literal { value, weight });
    }
}
