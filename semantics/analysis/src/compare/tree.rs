//! A script as the tree that is compared.

use std::hash::{Hash, Hasher};

use air_semantics::hir::{AccessorKind, Hir, Instr, InstrId, InstrKind, NameId, Operand, OperandKind};
use air_syntax::TextRange;
use rustc_hash::{FxHashMap, FxHasher};

use crate::beautify::line;
use crate::idioms::{IdiomKind, Payload, PayloadNode, PayloadRole, recognise};

/// The tree of a script: the node 0 is around its instructions.
pub(super) struct Tree<'h> {
    pub hir: &'h Hir,
    /// Parents before their children, in text order.
    pub nodes: Vec<Node>,
}

/// An instruction, or a whole hop.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub kind: NodeKind,
    pub range: TextRange,
    pub parent: usize,
    pub children: Vec<usize>,
    /// Instructions in it, itself included.
    pub size: usize,
    /// Kind and literals of the instruction itself, not its names: what it most likely stays.
    pub label: u64,
    /// Everything in it.
    pub exact: u64,
    /// The same without names.
    pub nameless: u64,
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum NodeKind {
    Script,
    Instr(InstrId, InstrKind),
    /// To the peer that this operand names.
    Hop(u32),
}

impl NodeKind {
    /// Whether both are the same instruction.
    pub(super) fn same(self, other: NodeKind) -> bool {
        match (self, other) {
            (NodeKind::Instr(_, one), NodeKind::Instr(_, other)) => one == other,
            (NodeKind::Script, NodeKind::Script) | (NodeKind::Hop(_), NodeKind::Hop(_)) => true,
            _ => false,
        }
    }
}

impl<'h> Tree<'h> {
    pub(super) fn new(hir: &'h Hir) -> Tree<'h> {
        let hops = hops(hir);
        let mut tree = Tree { hir, nodes: vec![Node::new(NodeKind::Script, TextRange::default(), 0)] };
        let mut open: Vec<(InstrId, usize)> = hir.roots.iter().rev().map(|root| (*root, 0)).collect();
        while let Some((id, parent)) = open.pop() {
            let Some(instr) = hir.instr(id) else { continue };
            // `seq` in `seq` and `par` in `par` are one list.
            let flat = matches!(instr.kind, InstrKind::Seq | InstrKind::Par)
                && matches!(tree.kind(parent), NodeKind::Instr(_, kind) if kind == instr.kind);
            let index = if flat { parent } else { tree.nodes.len() };
            if !flat {
                let kind = hops.get(&id).map_or(NodeKind::Instr(id, instr.kind), |peer| NodeKind::Hop(*peer));
                tree.nodes.push(Node::new(kind, instr.range, parent));
                if let Some(parent) = tree.nodes.get_mut(parent) {
                    parent.children.push(index);
                }
                if matches!(kind, NodeKind::Hop(_)) {
                    continue;
                }
            }
            open.extend(hir.children_of(instr).iter().rev().map(|child| (*child, index)));
        }
        tree.measure();
        tree
    }

    pub(super) fn kind(&self, node: usize) -> NodeKind {
        self.nodes.get(node).map_or(NodeKind::Script, |node| node.kind)
    }

    pub(super) fn children(&self, node: usize) -> &[usize] {
        self.nodes.get(node).map_or(&[], |node| &node.children)
    }

    /// Operands of the instruction itself.
    pub(super) fn operands(&self, node: usize) -> &'h [Operand] {
        match self.kind(node) {
            NodeKind::Script => &[],
            NodeKind::Instr(id, _) => self.hir.instr(id).map_or(&[], |instr| self.hir.operands_of(instr)),
            NodeKind::Hop(peer) => self.hir.operands.get(peer as usize).map_or(&[], std::slice::from_ref),
        }
    }

    /// As people read it, without its children.
    pub(super) fn text(&self, node: usize) -> String {
        match self.kind(node) {
            NodeKind::Script => String::new(),
            NodeKind::Instr(_, InstrKind::Seq) => "seq:".to_owned(),
            // Both sides are in it, as those of `par`.
            NodeKind::Instr(_, InstrKind::Xor) => "xor:".to_owned(),
            NodeKind::Instr(id, _) => {
                self.hir.instr(id).map_or_else(String::new, |instr: &Instr| line(self.hir, instr))
            }
            NodeKind::Hop(_) => {
                let peer = self.operands(node).first().map_or("", |operand| self.hir.text_at(operand.range));
                format!("hop {peer}")
            }
        }
    }

    /// Sizes and hashes, children first.
    fn measure(&mut self) {
        for index in (0..self.nodes.len()).rev() {
            let (mut label, mut exact, mut nameless) =
                (FxHasher::default(), FxHasher::default(), FxHasher::default());
            let mut size = 1;
            let kind = self.kind(index);
            let word = match kind {
                NodeKind::Script => None,
                NodeKind::Instr(_, kind) => Some(Some(kind)),
                NodeKind::Hop(_) => Some(None),
            };
            for hasher in [&mut label, &mut exact, &mut nameless] {
                word.hash(hasher);
            }
            if matches!(kind, NodeKind::Instr(_, InstrKind::Unknown)) {
                self.text(index).hash(&mut exact);
                self.text(index).hash(&mut nameless);
            }
            for operand in self.operands(index) {
                let name = |id: NameId| self.hir.name(id);
                hash_operand(self.hir, operand, &mut exact, &name);
                hash_operand(self.hir, operand, &mut nameless, &|_| "");
                if operand.kind == OperandKind::Literal {
                    self.hir.literal(operand).hash(&mut label);
                }
            }
            for child in self.children(index).iter().filter_map(|child| self.nodes.get(*child)) {
                size += child.size;
                child.exact.hash(&mut exact);
                child.nameless.hash(&mut nameless);
            }
            if let Some(node) = self.nodes.get_mut(index) {
                (node.label, node.exact, node.nameless) = (label.finish(), exact.finish(), nameless.finish());
                node.size = size;
            }
        }
    }
}

impl Node {
    fn new(kind: NodeKind, range: TextRange, parent: usize) -> Node {
        Node { kind, range, parent, children: Vec::new(), size: 1, label: 0, exact: 0, nameless: 0 }
    }
}

/// Whether two operands are the same, with names compared by `names`.
pub(super) fn same_operand(
    (old, one): (&Hir, &Operand),
    (new, other): (&Hir, &Operand),
    names: &dyn Fn(NameId, NameId) -> bool,
) -> bool {
    if one.role != other.role || one.kind.token() != other.kind.token() {
        return false;
    }
    let base = match (one.kind.name(), other.kind.name()) {
        (Some(one), Some(other)) => names(one, other),
        _ => match (one.kind, other.kind) {
            (OperandKind::Literal, _) => old.literal(one) == new.literal(other),
            (OperandKind::Float(_), _) => old.text_at(one.range) == new.text_at(other.range),
            (one, other) => one == other,
        },
    };
    base && match (&one.lens, &other.lens) {
        (None, None) => true,
        (Some(one), Some(other)) => {
            let (one, other) = (old.accessors_of(one), new.accessors_of(other));
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| match (one.kind, other.kind) {
                    (AccessorKind::Variable(one), AccessorKind::Variable(other)) => names(one, other),
                    (AccessorKind::Field, AccessorKind::Field) => {
                        old.text_at(one.range) == new.text_at(other.range)
                    }
                    (one, other) => one == other,
                })
        }
        _ => false,
    }
}

fn hash_operand<'h>(
    hir: &'h Hir,
    operand: &Operand,
    hasher: &mut FxHasher,
    name: &dyn Fn(NameId) -> &'h str,
) {
    operand.role.hash(hasher);
    (operand.kind.token() as u16).hash(hasher);
    match operand.kind.name() {
        Some(id) => name(id).hash(hasher),
        None => hir.text_at(operand.range).hash(hasher),
    }
    let Some(lens) = &operand.lens else { return };
    1_u8.hash(hasher);
    for accessor in hir.accessors_of(lens) {
        match accessor.kind {
            AccessorKind::Variable(id) => name(id).hash(hasher),
            AccessorKind::Index(index) => index.hash(hasher),
            AccessorKind::Field => hir.text_at(accessor.range).hash(hasher),
        }
    }
}

/// Hops that are one instruction, with the operand of their peer.
fn hops(hir: &Hir) -> FxHashMap<InstrId, u32> {
    let mut hops = FxHashMap::default();
    for idiom in recognise(hir) {
        let whole = hir.instr(idiom.root).is_some_and(|root| root.range == idiom.range);
        let peer = idiom.payloads.iter().find_map(|payload| match payload {
            Payload { role: PayloadRole::Peer, node: PayloadNode::Operand(id), .. } => Some(id.0),
            _ => None,
        });
        if let (IdiomKind::Hop, true, Some(peer)) = (idiom.kind, whole, peer) {
            hops.insert(idiom.root, peer);
        }
    }
    hops
}
