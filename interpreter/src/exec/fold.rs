//! `fold` over arrays and canons; the scope and the iterator of every fold.

use std::cell::OnceCell;
use std::rc::Rc;

use air_semantics::hir::InstrId;

use super::resolve::{Origin, Resolving};
use super::values::{Stored, with_lens};
use super::{Ended, Flow, Machine, Stage};
use crate::data::{Provenance, SecurityTetraplet};
use crate::errors::{Catchable, Uncatchable};
use crate::program::{Iterable, NodeId, Operand, OperandIndex, Slot};
use crate::recorder::{Bound, Iteration};
use crate::value::Value;

/// What a fold walks.
#[derive(Debug, Clone)]
pub(crate) enum Items {
    /// The elements of one value.
    Array { array: Value, tetraplet: Rc<SecurityTetraplet>, provenance: Provenance },
    /// Elements with tetraplets of their own.
    Stored(Rc<[Stored]>),
}

impl Items {
    fn len(&self) -> usize {
        match self {
            Items::Array { array, .. } => array.as_array().map_or(0, <[Value]>::len),
            Items::Stored(items) => items.len(),
        }
    }
}

/// A fold that is running: its iterator.
#[derive(Debug)]
pub(crate) struct FoldState {
    items: Items,
    cursor: usize,
    current: OnceCell<Stored>,
    /// The `fold` instruction.
    pub(crate) node: NodeId,
    /// Its number, if it walks a stream or map.
    pub(crate) stream_fold: Option<u32>,
    /// Whether `next` has come to the end before.
    pub(crate) ended_once: bool,
    /// Folds around it.
    pub(crate) level: usize,
}

impl FoldState {
    pub(crate) fn new(items: Items, node: NodeId, stream_fold: Option<u32>) -> Self {
        FoldState {
            items,
            cursor: 0,
            current: OnceCell::new(),
            node,
            stream_fold,
            ended_once: false,
            level: 0,
        }
    }

    /// The element under the cursor.
    pub(crate) fn current(&self) -> Stored {
        let make = || match &self.items {
            Items::Stored(items) => items.get(self.cursor).cloned(),
            Items::Array { array, tetraplet, provenance } => {
                array.as_array().and_then(|items| items.get(self.cursor)).map(|value| Stored {
                    value: value.clone(),
                    tetraplet: with_lens(tetraplet, &format!(".$.[{}]", self.cursor)),
                    provenance: provenance.clone(),
                    position: 0,
                })
            }
        };
        // The cursor never leaves the items; an empty fold is not even begun.
        let nothing = || Stored {
            value: Value::Null,
            tetraplet: Rc::default(),
            provenance: Provenance::Literal,
            position: 0,
        };
        self.current.get_or_init(|| make().unwrap_or_else(nothing)).clone()
    }

    /// Where the state of the current element stands.
    pub(crate) fn position(&self) -> u32 {
        match &self.items {
            Items::Stored(items) => items.get(self.cursor).map_or(0, |item| item.position),
            Items::Array { .. } => 0,
        }
    }

    pub(crate) fn cursor(&self) -> usize {
        self.cursor
    }

    /// To the next element, if there is one.
    pub(crate) fn advance(&mut self) -> bool {
        if self.cursor + 1 >= self.items.len() {
            return false;
        }
        self.cursor += 1;
        self.current = OnceCell::new();
        true
    }

    pub(crate) fn step_back(&mut self) {
        self.cursor = self.cursor.saturating_sub(1);
        self.current = OnceCell::new();
    }
}

impl Machine<'_> {
    pub(super) fn enter_fold(
        &mut self,
        id: NodeId,
        iterable: Iterable,
        iterator: Slot,
        body: NodeId,
    ) -> Flow {
        let operand = match iterable {
            Iterable::Stream(stream) => return self.enter_stream_fold(id, stream),
            Iterable::Value(operand) => operand,
        };
        match self.items_of(operand) {
            Ok(items) if items.len() == 0 => Flow::Done,
            Ok(items) => self.begin_fold(FoldState::new(items, id, None), 0, iterator, Stage::First, body),
            Err(error) => self.wait_or_fail(error).into(),
        }
    }

    /// Opens the scope and runs the body on the first element.
    pub(super) fn begin_fold(
        &mut self,
        mut state: FoldState,
        round: u32,
        iterator: Slot,
        stage: Stage,
        body: NodeId,
    ) -> Flow {
        let node = state.node;
        state.level = self.iterations.len();
        match self.iterators.get_mut(iterator as usize) {
            Some(slot @ None) => *slot = Some(Box::new(state)),
            _ => return Flow::failed(Uncatchable::MultipleIterables(self.name(iterator))),
        }
        self.iterations.push(Iteration { fold: InstrId(node), round, index: 0 });
        self.tell_element(iterator);
        self.scopes.fold_start();
        self.descend(node, stage, body)
    }

    /// Closes the scope, whatever happened inside.
    pub(super) fn end_fold(&mut self, iterator: Slot) {
        if let Some(slot) = self.iterators.get_mut(iterator as usize) {
            *slot = None;
        }
        self.iterations.pop();
        self.scopes.fold_end();
    }

    /// The element under the cursor is what the iterator is bound to.
    pub(super) fn tell_element(&mut self, iterator: Slot) {
        if self.recorder.is_none() {
            return;
        }
        let state = self.iterators.get(iterator as usize).and_then(Option::as_deref);
        let Some(Stored { value, tetraplet, provenance, .. }) = state.map(FoldState::current) else { return };
        let name = self.program.name(iterator);
        self.watch(|recorder, place| {
            let bound = Bound { name, value: &value, tetraplet: &tetraplet, provenance: &provenance };
            recorder.bound(place, bound);
        });
    }

    /// An iterator has moved.
    pub(super) fn note_cursor(&mut self, level: usize, cursor: usize) {
        if let Some(iteration) = self.iterations.get_mut(level) {
            iteration.index = cursor as u32;
        }
    }

    pub(super) fn resume_fold(&mut self, id: NodeId, stage: Stage, iterator: Slot, ended: Ended) -> Flow {
        self.end_fold(iterator);
        match stage {
            Stage::Generation => self.end_generation(id, ended.is_err()),
            _ => ended.into(),
        }
    }

    fn items_of(&self, operand: OperandIndex) -> Resolving<Items> {
        match self.program.operand(operand) {
            Operand::Canon(slot, None) => return Ok(Items::Stored(self.canon(slot)?.items.clone())),
            Operand::CanonMap(slot, None) => return Ok(Items::Stored(self.canon_map(slot)?.last_pairs())),
            // An empty map ends the fold before its lens is looked at.
            Operand::CanonMap(slot, Some(_)) if self.canon_map(slot)?.pairs.is_empty() => {
                return Ok(Items::Stored(Rc::from([])));
            }
            _ => {}
        }
        let resolved = self.resolve(operand)?;
        if resolved.value.as_array().is_none() {
            let expression = match self.program.operand(operand) {
                Operand::Scalar(_, Some(lens))
                | Operand::Canon(_, Some(lens))
                | Operand::CanonMap(_, Some(lens)) => {
                    self.program.lens(lens).map_or_else(String::new, |lens| lens.text.to_string())
                }
                _ => self.program.print_operand(operand),
            };
            return Err(Catchable::FoldIteratesOverNonArray { value: resolved.value, expression }.into());
        }
        let tetraplet = match resolved.origin {
            Origin::One(tetraplet) => tetraplet,
            Origin::Lensed(tetraplet, lens) => with_lens(&tetraplet, lens),
            Origin::Elements(_) => self.literal_tetraplet.clone(),
        };
        Ok(Items::Array { array: resolved.value, tetraplet, provenance: resolved.provenance })
    }
}
