//! The outline of a script: what an editor lists as its symbols.
//!
//! Chains of `seq` are lists, idioms stand under their names with only what the user wrote inside,
//! and `null` and `next` are left out: compiler output of a hundred levels becomes a tree of a few.

mod names;

use air_syntax::TextRange;

use crate::hir::{Hir, InstrId, InstrKind, Role};
use crate::idioms::{HostNames, Idiom, IdiomKind, PayloadNode, Shapes, recognise_in};

/// More items than this are not listed; the last one then says how many instructions are left out.
pub const MAX_ITEMS: usize = 20_000;

/// Items deeper than this stand beside their parent: editors recurse over symbols.
pub const MAX_DEPTH: u32 = 100;

/// One line of the outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutlineItem {
    /// What is listed: `call -relay- op.noop`, `fold peers p`, or an idiom's label.
    pub name: String,
    /// What it is: the kind of instruction at its root.
    pub instr_kind: InstrKind,
    /// The idiom, if it is one.
    pub idiom: Option<IdiomKind>,
    /// The instruction; none for the item that ends a cut outline.
    pub instr: Option<InstrId>,
    /// The whole of it.
    pub range: TextRange,
    /// What to select when it is chosen: its keyword or most telling operand; within `range`.
    pub selection: TextRange,
    /// Index of the item that it belongs to; smaller than its own.
    pub parent: Option<u32>,
    /// One after the index of the last item that belongs to it, directly or not.
    pub end: u32,
}

/// Lists a script: parents before children, in text order.
pub fn outline(hir: &Hir) -> Vec<OutlineItem> {
    outline_with(hir, MAX_ITEMS)
}

enum Step {
    Enter { id: InstrId, parent: Option<u32>, depth: u32 },
    Leave(u32),
}

fn outline_with(hir: &Hir, most: usize) -> Vec<OutlineItem> {
    let host = HostNames::default();
    let shapes = Shapes::new(hir, &host);
    let idioms = recognise_in(&shapes);
    let mut idiom_of: Vec<Option<&Idiom>> = vec![None; hir.instrs.len()];
    let mut hidden = vec![false; hir.instrs.len()];
    for idiom in &idioms {
        for carrier in &idiom.carriers {
            if let Some(slot) = hidden.get_mut(carrier.0 as usize) {
                *slot = true;
            }
        }
        if let Some(slot) = idiom_of.get_mut(idiom.root.0 as usize) {
            *slot = Some(idiom);
        }
    }
    let mut items: Vec<OutlineItem> = Vec::new();
    let mut left_out = 0;
    let mut stack: Vec<Step> = Vec::new();
    let enter = |id: &InstrId, parent, depth| Step::Enter { id: *id, parent, depth };
    stack.extend(hir.roots.iter().rev().map(|root| enter(root, None, 0)));
    while let Some(step) = stack.pop() {
        let (id, parent, depth) = match step {
            Step::Enter { id, parent, depth } => (id, parent, depth),
            Step::Leave(index) => {
                let end = items.len() as u32;
                if let Some(item) = items.get_mut(index as usize) {
                    item.end = end;
                }
                continue;
            }
        };
        let Some(instr) = hir.instr(id) else { continue };
        if instr.kind == InstrKind::Seq {
            stack.extend(shapes.steps(id).iter().rev().map(|step| enter(step, parent, depth)));
            continue;
        }
        let skipped = hidden.get(id.0 as usize).copied().unwrap_or(false);
        if skipped || matches!(instr.kind, InstrKind::Null | InstrKind::Next) {
            continue;
        }
        let idiom = idiom_of.get(id.0 as usize).copied().flatten();
        if items.len() >= most {
            left_out += 1;
        } else {
            let index = items.len() as u32;
            items.push(OutlineItem {
                name: names::name(&shapes, id, idiom),
                instr_kind: instr.kind,
                idiom: idiom.map(|idiom| idiom.kind),
                instr: Some(id),
                range: idiom.map_or(instr.range, |idiom| idiom.range),
                selection: selection(hir, id),
                parent,
                end: index + 1,
            });
            stack.push(Step::Leave(index));
        }
        let index = items.len().saturating_sub(1) as u32;
        let (parent, depth) = if depth < MAX_DEPTH { (Some(index), depth + 1) } else { (parent, depth) };
        match idiom {
            Some(idiom) => {
                let bodies = idiom.payloads.iter().rev().filter_map(|payload| match payload.node {
                    PayloadNode::Instr(id) => Some(id),
                    PayloadNode::Operand(_) => None,
                });
                stack.extend(bodies.map(|body| enter(&body, parent, depth)));
            }
            None => {
                stack.extend(hir.children_of(instr).iter().rev().map(|child| enter(child, parent, depth)));
            }
        }
    }
    if left_out > 0 {
        items.push(rest(hir, items.len(), left_out));
    }
    items
}

/// The item that stands for all that are not listed.
fn rest(hir: &Hir, index: usize, left_out: usize) -> OutlineItem {
    let last = hir.roots.last().and_then(|&root| hir.instr(root));
    let end = last.map_or(TextRange::default(), |root| TextRange::empty(root.range.end()));
    OutlineItem {
        name: format!("… {left_out} more instructions are not listed"),
        instr_kind: InstrKind::Unknown,
        idiom: None,
        instr: None,
        range: end,
        selection: end,
        parent: None,
        end: index as u32 + 1,
    }
}

fn selection(hir: &Hir, id: InstrId) -> TextRange {
    let Some(instr) = hir.instr(id) else { return TextRange::default() };
    let role = match instr.kind {
        InstrKind::Call => Role::Function,
        InstrKind::New => Role::Declared,
        InstrKind::Fold => Role::Iterator,
        _ => return instr.keyword,
    };
    hir.operand(instr, role).map_or(instr.keyword, |operand| operand.range)
}
