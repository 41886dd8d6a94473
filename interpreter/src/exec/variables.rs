//! Variables: what a name stands for where it is read, and setting it.

use std::rc::Rc;

use super::machine::{InstrResult, Machine};
use super::scopes::{Binding, Lookup};
use super::values::{CanonMap, CanonStream, StoredValue};
use crate::data::{Cid, Provenance};
use crate::errors::{Catchable, ExecutionError, Uncatchable};
use crate::program::Slot;
use crate::recorder::Bound;

/// A value, or why there is none: [`Catchable::VariableNotFound`] makes most instructions wait.
pub(crate) type ResolveResult<T> = Result<T, Box<ExecutionError>>;

impl Machine<'_> {
    /// A scalar, or the element that an iterator stands on.
    pub(crate) fn scalar(&self, slot: Slot) -> ResolveResult<StoredValue> {
        let iterator = self.state.iterators.get(slot as usize).and_then(Option::as_deref);
        match (self.state.scopes.get(slot), iterator) {
            (Lookup::Value(Binding::Scalar(stored)), None) => Ok(stored.clone()),
            (Lookup::Value(_), Some(_)) => Err(Uncatchable::VariableAndIterator(self.name(slot)).into()),
            (Lookup::Unset, _) => Err(Catchable::VariableWasNotInitializedAfterNew(self.name(slot)).into()),
            (Lookup::Absent, Some(iterator)) => Ok(iterator.current()),
            (Lookup::Absent | Lookup::Value(_), None) => {
                Err(Catchable::VariableNotFound(self.name(slot)).into())
            }
        }
    }

    pub(crate) fn canon(&self, slot: Slot) -> ResolveResult<Rc<CanonStream>> {
        match self.state.scopes.get(slot) {
            Lookup::Value(Binding::Canon(canon)) => Ok(canon.clone()),
            found => Err(self.missing(slot, &found)),
        }
    }

    pub(crate) fn canon_map(&self, slot: Slot) -> ResolveResult<Rc<CanonMap>> {
        match self.state.scopes.get(slot) {
            Lookup::Value(Binding::CanonMap(map)) => Ok(map.clone()),
            found => Err(self.missing(slot, &found)),
        }
    }

    fn missing(&self, slot: Slot, found: &Lookup<'_>) -> Box<ExecutionError> {
        match found {
            Lookup::Unset => Catchable::VariableWasNotInitializedAfterNew(self.name(slot)).into(),
            _ => Catchable::VariableNotFound(self.name(slot)).into(),
        }
    }

    /// Binds a variable.
    pub(crate) fn bind(&mut self, slot: Slot, binding: Binding) -> InstrResult {
        if !self.state.scopes.can_set(slot) {
            return Err(Uncatchable::Shadowing(self.name(slot)).into());
        }
        let name = self.run.program.name(slot);
        self.watch(|recorder, place| {
            let canon = |cid: &Cid| Provenance::Canon { cid: cid.clone() };
            match &binding {
                Binding::Scalar(StoredValue { value, tetraplet, provenance, .. }) => {
                    recorder.bound(place, Bound { name, value, tetraplet, provenance });
                }
                Binding::Canon(bound) => {
                    let (value, tetraplet) = (bound.value(), &*bound.tetraplet);
                    recorder.bound(place, Bound { name, value, tetraplet, provenance: &canon(&bound.cid) });
                }
                Binding::CanonMap(bound) => {
                    let (value, tetraplet) = (bound.value(), &*bound.tetraplet);
                    recorder.bound(place, Bound { name, value, tetraplet, provenance: &canon(&bound.cid) });
                    if let Some(key) = bound.mixed_key() {
                        recorder.mixed_key(place, key);
                    }
                }
            }
        });
        self.state.scopes.set(slot, binding);
        Ok(())
    }
}
