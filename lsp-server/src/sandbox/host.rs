//! What one run may use, as the engine asks for it.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use wasmtime::ResourceLimiter;

/// Stack of the code itself, inside of the thread's. Nothing there recurses on what a script says.
pub(super) const WASM_STACK_BYTES: usize = 1 << 20;

/// Elements of the module's tables, of which it has one for its functions.
const MAX_TABLE_ELEMENTS: usize = 1 << 16;

/// What the host keeps for one run.
pub(super) struct Host {
    /// Bytes that the module may have.
    pub(super) memory: usize,
    /// Whether it wanted more.
    pub(super) refused: bool,
    /// Whether the run is to end.
    pub(super) ended: Arc<AtomicBool>,
}

impl ResourceLimiter for Host {
    fn memory_growing(&mut self, _now: usize, wanted: usize, _most: Option<usize>) -> wasmtime::Result<bool> {
        self.refused |= wanted > self.memory;
        Ok(wanted <= self.memory)
    }

    fn table_growing(&mut self, _now: usize, wanted: usize, _most: Option<usize>) -> wasmtime::Result<bool> {
        Ok(wanted <= MAX_TABLE_ELEMENTS)
    }
}
