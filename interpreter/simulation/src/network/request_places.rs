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
    /// Whether what was left last is complete: in the end that is the whole script.
    pub(super) reached_end: bool,
    /// Instructions that it may still enter.
    pub(super) instructions_left: u64,
}

impl<'o> RequestPlaces<'o> {
    fn inner(&mut self) -> Option<&mut (dyn Recorder + 'o)> {
        self.inner.as_deref_mut()
    }
}

impl Recorder for RequestPlaces<'_> {
    fn begins(&mut self, resumed: bool) {
        self.reached_end = false;
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
        self.instructions_left == 0 || self.inner.as_deref().is_some_and(|inner| inner.stops())
    }

    fn entered(&mut self, place: Place<'_>) {
        self.instructions_left = self.instructions_left.saturating_sub(1);
        if let Some(inner) = self.inner() {
            inner.entered(place);
        }
    }

    fn left(&mut self, place: Place<'_>, complete: bool) {
        self.reached_end = complete;
        if let Some(inner) = self.inner() {
            inner.left(place, complete);
        }
    }

    fn failed(&mut self, place: Place<'_>, error: &ExecutionError) {
        self.reached_end = false;
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
