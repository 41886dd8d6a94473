//! Streams and stream maps: values in generations, and the scopes that `new` gives them.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::values::StoredValue;
use crate::errors::Uncatchable;
use crate::program::{Slot, Stream as StreamOperand};
use crate::trace::{GENERATION_STUB, Generation, TraceHandler};

/// Values that a stream can hold. AquaVM compares after adding, with 1024: the one that makes it full is refused.
const MAX_STREAM_VALUES: usize = 1_023;

/// Generations of one origin; most data has few, but foreign data can number them as it likes.
#[derive(Debug, Default)]
struct Matrix {
    generations: BTreeMap<u32, Vec<StoredValue>>,
    /// Generations, empty ones included.
    count: u64,
}

impl Matrix {
    fn add(&mut self, generation: u32, value: StoredValue) {
        self.generations.entry(generation).or_default().push(value);
        self.count = self.count.max(u64::from(generation) + 1);
    }

    fn add_empty(&mut self) {
        self.count += 1;
    }

    fn add_to_last(&mut self, value: StoredValue) {
        // Own generations are as many as folds were run, far from what a u32 counts.
        let last = u32::try_from(self.count.max(1) - 1).unwrap_or(u32::MAX);
        self.add(last, value);
    }

    /// Takes the last generation away if it is empty.
    fn drop_empty_last(&mut self) {
        let last = self.count.checked_sub(1).and_then(|last| u32::try_from(last).ok());
        if last.is_some_and(|last| !self.generations.contains_key(&last)) {
            self.count -= 1;
        }
    }

    fn non_empty(&self) -> impl DoubleEndedIterator<Item = &Vec<StoredValue>> {
        self.generations.values()
    }
}

/// One stream: values found in previous data, values found in current data only, new values.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    prev: Matrix,
    current: Matrix,
    new: Matrix,
    size: usize,
    /// Folds that walked it.
    folds: u64,
    /// First generations of `prev` whose numbers are in their states already.
    settled: usize,
}

/// How far a fold has come: generations seen of each origin.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cursor([u64; 3]);

impl Stream {
    fn add(&mut self, value: StoredValue, generation: Generation) -> Result<(), Uncatchable> {
        match generation {
            // Only lost values keep it in data; AquaVM then allocates so many generations, and traps.
            Generation::Previous(GENERATION_STUB) | Generation::Current(GENERATION_STUB) => {
                return Err(Uncatchable::StreamLost);
            }
            Generation::Previous(generation) => self.prev.add(generation, value),
            Generation::Current(generation) => self.current.add(generation, value),
            Generation::New => self.new.add_to_last(value),
        }
        self.size += 1;
        if self.size > MAX_STREAM_VALUES { Err(Uncatchable::StreamSize) } else { Ok(()) }
    }

    fn matrices(&self) -> [&Matrix; 3] {
        [&self.prev, &self.current, &self.new]
    }

    /// All values in order.
    pub(crate) fn values(&self) -> impl Iterator<Item = &StoredValue> {
        self.matrices().into_iter().flat_map(Matrix::non_empty).flatten()
    }

    /// All values in order, as a canon holds them.
    pub(crate) fn fixed(&self) -> Rc<[StoredValue]> {
        let mut values = Vec::with_capacity(self.size);
        values.extend(self.values().cloned());
        values.into()
    }

    /// Generations beyond a cursor.
    ///
    /// Skipping counts only the ones with values while the cursor counts all. A fold leaves an empty generation, so a
    /// second fold of the same run misses what its own body adds; the next run, which has it from data, does not. That is
    /// a mistake of AquaVM's, and peers have to agree.
    fn slices(&self, cursor: Cursor) -> Vec<Rc<[StoredValue]>> {
        let mut slices = Vec::new();
        for (matrix, seen) in self.matrices().into_iter().zip(cursor.0) {
            let seen = usize::try_from(seen).unwrap_or(usize::MAX);
            slices.extend(matrix.non_empty().skip(seen).map(|values| Rc::from(values.as_slice())));
        }
        slices
    }

    fn counts(&self) -> Cursor {
        Cursor(self.matrices().map(|matrix| matrix.count))
    }

    /// The first round of a fold.
    pub(crate) fn first_round(&mut self) -> (Vec<Rc<[StoredValue]>>, Cursor) {
        let slices = self.slices(Cursor::default());
        let cursor = self.counts();
        if !slices.is_empty() {
            self.new.add_empty();
            self.folds += 1;
        }
        (slices, cursor)
    }

    /// Values in it.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// What came in since the last round.
    pub(crate) fn next_round(&mut self, cursor: Cursor) -> (Vec<Rc<[StoredValue]>>, Cursor) {
        let slices = self.slices(cursor);
        self.new.drop_empty_last();
        let cursor = self.counts();
        self.new.add_empty();
        (slices, cursor)
    }

    /// Makes it what it is in the next run, when all values come from previous data: their generations
    /// are numbered, and every fold has left an empty one for new values.
    fn settle(&mut self, trace: &mut TraceHandler) -> Result<(), Uncatchable> {
        let settled = self.settled == self.prev.generations.len() && self.current.generations.is_empty();
        let known = if settled { self.settled } else { 0 };
        let generations = self.matrices().into_iter().flat_map(Matrix::non_empty);
        for (number, values) in generations.enumerate().skip(known) {
            for value in values {
                trace.set_generation(value.position, number as u32)?;
            }
        }
        let [prev, current, new] = [&mut self.prev, &mut self.current, &mut self.new].map(std::mem::take);
        let (mut kept, prev) = match settled {
            true => (prev.generations, BTreeMap::new()),
            false => (BTreeMap::new(), prev.generations),
        };
        let more = prev.into_values().chain(current.generations.into_values());
        for values in more.chain(new.generations.into_values()) {
            // No more generations than values.
            kept.insert(kept.len() as u32, values);
        }
        self.settled = kept.len();
        self.prev = Matrix { count: kept.len() as u64, generations: kept };
        self.new.count = self.folds;
        Ok(())
    }

    /// Numbers the generations that have values and writes the numbers into their states.
    fn compactify(&self, trace: &mut TraceHandler) -> Result<(), Uncatchable> {
        let generations = self.matrices().into_iter().flat_map(Matrix::non_empty);
        for (number, values) in generations.enumerate() {
            for value in values {
                trace.set_generation(value.position, number as u32)?;
            }
        }
        Ok(())
    }
}

#[derive(Debug)]
struct Scope {
    /// `None`: everywhere.
    span: Option<(u32, u32)>,
    stream: Stream,
}

/// All streams and maps, by name; of the scopes of a name the last one that contains a use counts.
#[derive(Debug)]
pub(crate) struct Streams {
    scopes: Vec<Vec<Scope>>,
    /// Streams that got values since they were settled.
    grown: Vec<Slot>,
    /// Whether values were lost in a way that the next run may not repeat.
    lost: bool,
}

impl Streams {
    pub(crate) fn new(names: usize) -> Self {
        Streams {
            scopes: std::iter::repeat_with(Vec::new).take(names).collect(),
            grown: Vec::new(),
            lost: false,
        }
    }

    pub(crate) fn get_mut(&mut self, stream: StreamOperand) -> Option<&mut Stream> {
        let position = stream.position;
        let scopes = self.scopes.get_mut(stream.slot as usize)?;
        let contains =
            |scope: &&mut Scope| scope.span.is_none_or(|(start, end)| start < position && position < end);
        scopes.iter_mut().rev().find(contains).map(|scope| &mut scope.stream)
    }

    pub(crate) fn add(
        &mut self,
        target: StreamOperand,
        value: StoredValue,
        generation: Generation,
    ) -> Result<(), Uncatchable> {
        if self.grown.last() != Some(&target.slot) {
            self.grown.push(target.slot);
        }
        if let Some(stream) = self.get_mut(target) {
            return stream.add(value, generation);
        }
        // Only `next` brings a use outside of a `new` into it while it is open. AquaVM then puts a new global stream in
        // the place of all scopes of that name, whose values are lost.
        let mut stream = Stream::default();
        let added = stream.add(value, generation);
        if let Some(scopes) = self.scopes.get_mut(target.slot as usize) {
            self.lost |= !scopes.is_empty();
            *scopes = vec![Scope { span: None, stream }];
        }
        added
    }

    pub(crate) fn new_start(&mut self, slot: Slot, span: (u32, u32)) {
        if let Some(scopes) = self.scopes.get_mut(slot as usize) {
            scopes.push(Scope { span: Some(span), stream: Stream::default() });
        }
    }

    pub(crate) fn new_end(&mut self, slot: Slot, trace: &mut TraceHandler) -> Result<(), Uncatchable> {
        match self.scopes.get_mut(slot as usize).and_then(Vec::pop) {
            Some(scope) => scope.stream.compactify(trace),
            // A stream took the place of this one, and ended in its name. AquaVM panics.
            None => Err(Uncatchable::StreamLost),
        }
    }

    /// Whether values were lost to a stream that took the place of others.
    pub(crate) fn have_lost(&self) -> bool {
        self.lost
    }

    /// All streams become what they are in the next run up to here.
    pub(crate) fn settle(&mut self, trace: &mut TraceHandler) -> Result<(), Uncatchable> {
        self.grown.sort_unstable();
        self.grown.dedup();
        for slot in self.grown.drain(..) {
            for scope in self.scopes.get_mut(slot as usize).into_iter().flatten() {
                scope.stream.settle(trace)?;
            }
        }
        Ok(())
    }

    /// Compactifies everything that is left at the end of a run.
    pub(crate) fn finish(&self, trace: &mut TraceHandler) -> Result<(), Uncatchable> {
        for scope in self.scopes.iter().flatten() {
            scope.stream.compactify(trace)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Provenance;
    use crate::value::Value;

    fn value(number: u64) -> StoredValue {
        StoredValue {
            value: Value::unsigned(number),
            tetraplet: Rc::default(),
            provenance: Provenance::Literal,
            position: 0,
        }
    }

    fn numbers(slices: &[Rc<[StoredValue]>]) -> Vec<Vec<u64>> {
        slices.iter().map(|slice| slice.iter().filter_map(|item| item.value.as_u64()).collect()).collect()
    }

    #[test]
    fn generations_are_walked_by_origin_and_number() {
        let mut stream = Stream::default();
        stream.add(value(3), Generation::New).unwrap();
        stream.add(value(2), Generation::Current(0)).unwrap();
        stream.add(value(1), Generation::Previous(u32::MAX)).unwrap();
        stream.add(value(0), Generation::Previous(5)).unwrap();
        let (slices, cursor) = stream.first_round();
        assert_eq!(numbers(&slices), [[0], [1], [2], [3]]);
        stream.add(value(4), Generation::New).unwrap();
        let (slices, cursor) = stream.next_round(cursor);
        assert_eq!(numbers(&slices), [[4]]);
        assert!(stream.next_round(cursor).0.is_empty());
    }

    #[test]
    fn the_1024th_value_is_too_many() {
        let mut stream = Stream::default();
        assert!((1..1024).all(|number| stream.add(value(number), Generation::New).is_ok()));
        assert_eq!(stream.add(value(1024), Generation::New), Err(Uncatchable::StreamSize));
    }
}
