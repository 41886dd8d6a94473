//! What is shared inside data, by address: the library's own maps with a cheaper hash.

use rkyv::Fallible;
use rkyv::de::{SharedDeserializeRegistry, SharedPointer};
use rkyv::ser::SharedSerializeRegistry;
use rustc_hash::FxHashMap;

/// One content is met as two kinds of pointer, or written twice.
#[derive(Debug)]
pub(super) struct SharingError;

impl std::fmt::Display for SharingError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a shared content was met twice")
    }
}

impl std::error::Error for SharingError {}

/// Contents that were read: by position in the bytes.
#[derive(Default)]
pub(super) struct Read(FxHashMap<usize, Box<dyn SharedPointer>>);

impl Fallible for Read {
    type Error = SharingError;
}

impl SharedDeserializeRegistry for Read {
    fn get_shared_ptr(&mut self, ptr: *const u8) -> Option<&dyn SharedPointer> {
        self.0.get(&ptr.addr()).map(|shared| &**shared)
    }

    fn add_shared_ptr(&mut self, ptr: *const u8, shared: Box<dyn SharedPointer>) -> Result<(), SharingError> {
        if self.0.insert(ptr.addr(), shared).is_some() { Err(SharingError) } else { Ok(()) }
    }
}

/// Contents that were written: where they went, by address.
#[derive(Default)]
pub(super) struct Written(FxHashMap<usize, usize>);

impl Fallible for Written {
    type Error = SharingError;
}

impl SharedSerializeRegistry for Written {
    fn get_shared_ptr(&self, value: *const u8) -> Option<usize> {
        self.0.get(&value.addr()).copied()
    }

    fn add_shared_ptr(&mut self, value: *const u8, position: usize) -> Result<(), SharingError> {
        if self.0.insert(value.addr(), position).is_some() { Err(SharingError) } else { Ok(()) }
    }
}
