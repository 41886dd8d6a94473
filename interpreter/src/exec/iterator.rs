//! Folds that are running: their iterators, and the rounds of those over streams.

use std::cell::OnceCell;
use std::collections::VecDeque;
use std::rc::Rc;

use super::stream::Cursor;
use super::values::{StoredValue, with_lens};
use crate::data::{Provenance, SecurityTetraplet};
use crate::program::{NodeId, Stream};
use crate::value::Value;

/// What a fold walks.
#[derive(Debug, Clone)]
pub(crate) enum Items {
    /// The elements of one value.
    Array { array: Value, tetraplet: Rc<SecurityTetraplet>, provenance: Provenance },
    /// Elements with tetraplets of their own.
    Elements(Rc<[StoredValue]>),
}

impl Items {
    pub(super) fn len(&self) -> usize {
        match self {
            Items::Array { array, .. } => array.as_array().map_or(0, <[Value]>::len),
            Items::Elements(items) => items.len(),
        }
    }
}

/// A fold that is running: its iterator.
#[derive(Debug)]
pub(crate) struct FoldState {
    items: Items,
    cursor: usize,
    current: OnceCell<StoredValue>,
    /// The `fold` instruction.
    pub(crate) node: NodeId,
    /// Its number, if it walks a stream or map.
    pub(crate) stream_fold: Option<u32>,
    /// Whether `next` has come to the end before.
    pub(crate) ended_once: bool,
    /// How many folds run around it.
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
    pub(crate) fn current(&self) -> StoredValue {
        let make = || match &self.items {
            Items::Elements(items) => items.get(self.cursor).cloned(),
            Items::Array { array, tetraplet, provenance } => {
                array.as_array().and_then(|items| items.get(self.cursor)).map(|value| StoredValue {
                    value: value.clone(),
                    tetraplet: with_lens(tetraplet, &format!(".$.[{}]", self.cursor)),
                    provenance: provenance.clone(),
                    position: 0,
                })
            }
        };
        // The cursor never leaves the items; an empty fold is not even begun.
        let nothing = || StoredValue {
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
            Items::Elements(items) => items.get(self.cursor).map_or(0, |item| item.position),
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

/// A fold over a stream that is running.
#[derive(Debug)]
pub(crate) struct StreamFold {
    pub(super) id: u32,
    pub(super) stream: Stream,
    pub(super) cursor: Cursor,
    pub(super) generations: VecDeque<Rc<[StoredValue]>>,
    /// Generations begun, less one.
    pub(super) round: u32,
    /// Whether any generation was complete.
    pub(super) observed: bool,
    /// Values in the stream when it began.
    pub(super) size: usize,
    /// Whether an error was swallowed.
    pub(super) failed: bool,
}
