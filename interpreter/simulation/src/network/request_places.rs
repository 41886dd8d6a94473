//! Where each request of a run comes from, kept while an observer may watch the run as well.

use std::collections::BTreeMap;

use air_semantics::hir::InstrId;

use air_interpreter::CallRequest;
use air_interpreter::data::ExecutedState;
use air_interpreter::errors::ExecutionError;
use air_interpreter::recorder::{Bound, Iteration, Place, Recorder, Wait};
use air_interpreter::value::Value;

/// A recorder that keeps the places of requests and hands everything on.
pub(super) struct RequestPlaces<'o> {
    pub(super) inner: Option<&'o mut dyn Recorder>,
    pub(super) of: BTreeMap<u32, (InstrId, Vec<Iteration>)>,
}

impl<'o> RequestPlaces<'o> {
    fn inner(&mut self) -> Option<&mut (dyn Recorder + 'o)> {
        self.inner.as_deref_mut()
    }
}

impl Recorder for RequestPlaces<'_> {
    fn begins(&mut self, resumed: bool) {
        if let Some(inner) = self.inner() {
            inner.begins(resumed);
        }
    }

    fn holds(&mut self, bytes: u64) {
        if let Some(inner) = self.inner() {
            inner.holds(bytes);
        }
    }

    fn stops(&self) -> bool {
        self.inner.as_deref().is_some_and(|inner| inner.stops())
    }

    fn entered(&mut self, place: Place<'_>) {
        if let Some(inner) = self.inner() {
            inner.entered(place);
        }
    }

    fn left(&mut self, place: Place<'_>, complete: bool) {
        if let Some(inner) = self.inner() {
            inner.left(place, complete);
        }
    }

    fn failed(&mut self, place: Place<'_>, error: &ExecutionError) {
        if let Some(inner) = self.inner() {
            inner.failed(place, error);
        }
    }

    fn bound(&mut self, place: Place<'_>, bound: Bound<'_>) {
        if let Some(inner) = self.inner() {
            inner.bound(place, bound);
        }
    }

    fn compared(&mut self, place: Place<'_>, left: &Value, right: &Value) {
        if let Some(inner) = self.inner() {
            inner.compared(place, left, right);
        }
    }

    fn mixed_key(&mut self, place: Place<'_>, key: &str) {
        if let Some(inner) = self.inner() {
            inner.mixed_key(place, key);
        }
    }

    fn wrote(&mut self, place: Place<'_>, position: u32, state: &ExecutedState) {
        if let Some(inner) = self.inner() {
            inner.wrote(place, position, state);
        }
    }

    fn requested(&mut self, place: Place<'_>, id: u32, request: &CallRequest) {
        self.of.insert(id, (place.instr, place.iterations.to_vec()));
        if let Some(inner) = self.inner() {
            inner.requested(place, id, request);
        }
    }

    fn waits(&mut self, place: Place<'_>, wait: Wait<'_>) {
        if let Some(inner) = self.inner() {
            inner.waits(place, wait);
        }
    }
}
