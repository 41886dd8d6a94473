//! Where data is kept between invocations.

use std::time::Duration;

use crate::anomaly::AnomalyData;
use crate::invocation::Answer;

/// Of which particle and peer data is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DataKey<'a> {
    /// The particle.
    pub particle_id: &'a str,
    /// The peer that keeps it.
    pub peer_id: &'a str,
    /// The particle's signature.
    pub signature: &'a [u8],
}

/// Invocations that take longer are anomalies, as on Fluence's nodes.
const SLOW: Duration = Duration::from_millis(500);

/// Invocations after which memory grew by more bytes are anomalies, as on Fluence's nodes.
const MAX_USUAL_GROWTH_BYTES: u64 = 10_000_000;

/// A place where data is kept. Invocations of one particle on one peer follow each other; a store sees no two at once.
pub trait DataStore {
    /// What goes wrong with it.
    type Error;

    /// Makes it ready; called once, before all others.
    ///
    /// # Errors
    /// If there is no such place, and none can be made.
    fn initialize(&mut self) -> Result<(), Self::Error>;

    /// Keeps data in the place of what was kept. `expires` is milliseconds since 1970.
    ///
    /// # Errors
    /// If it cannot be kept; then the old data is still there.
    fn store_data(&mut self, key: &DataKey<'_>, data: &[u8], expires: u64) -> Result<(), Self::Error>;

    /// What is kept; empty if nothing is.
    ///
    /// # Errors
    /// If something is there and cannot be read.
    fn read_data(&mut self, key: &DataKey<'_>) -> Result<Vec<u8>, Self::Error>;

    /// Forgets the data of a particle.
    ///
    /// # Errors
    /// If it is still there.
    fn cleanup_data(&mut self, key: &DataKey<'_>) -> Result<(), Self::Error>;

    /// Forgets what has expired by then, milliseconds since 1970; how many data that was.
    ///
    /// # Errors
    /// If some are still there.
    fn cleanup_expired(&mut self, now: u64) -> Result<usize, Self::Error>;

    /// Whether an invocation is worth writing down: it failed, was slow, took much memory, or went over a limit.
    fn detect_anomaly(&self, answer: &Answer) -> bool {
        let outcome = &answer.outcome;
        answer.execution_time > SLOW
            || answer.memory_delta > MAX_USUAL_GROWTH_BYTES
            || outcome.ret_code != 0
            || outcome.air_size_limit_exceeded
            || outcome.particle_size_limit_exceeded
            || outcome.call_result_size_limit_exceeded
    }

    /// Writes an anomaly down.
    ///
    /// # Errors
    /// If it cannot be written.
    fn collect_anomaly_data(
        &mut self,
        key: &DataKey<'_>,
        anomaly: &AnomalyData<'_>,
    ) -> Result<(), Self::Error>;
}
