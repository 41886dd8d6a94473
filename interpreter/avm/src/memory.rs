//! What the host has allocated, and results that wait to be read.
//!
//! The host writes into what [`Memory::allocate`] gave it and hands place and length over as an argument. Every place is
//! looked up, so that a wrong one is an error and not a read from anywhere.

use std::collections::BTreeMap;
use std::fmt;

/// Blocks of memory by their place.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// What the host has not handed over yet.
    allocated: BTreeMap<u32, Vec<u8>>,
    /// What the host has not released yet.
    results: Vec<Vec<u8>>,
}

/// Bytes of an argument that were never allocated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotAllocated {
    place: u32,
    length: u32,
}

impl fmt::Display for NotAllocated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes at {:#x} are not what was allocated there", self.length, self.place)
    }
}

impl Memory {
    /// Room for that many elements; `kind` is Marine's number of their type. 0 if there is no such type, no memory or
    /// nothing to allocate.
    pub(crate) fn allocate(&mut self, count: u32, kind: u32) -> u32 {
        let size = match kind {
            // Booleans are bytes.
            0 | 1 | 5 => 1,
            2 | 6 => 2,
            3 | 7 | 9 => 4,
            4 | 8 | 10 => 8,
            _ => return 0,
        };
        let Some(bytes) = (count as usize).checked_mul(size).filter(|bytes| *bytes > 0) else { return 0 };
        let mut block = Vec::new();
        if block.try_reserve_exact(bytes).is_err() {
            return 0;
        }
        block.resize(bytes, 0);
        let place = place(&mut block);
        self.allocated.insert(place, block);
        place
    }

    /// An argument: the block, cut to the length. It is the module's from now on.
    pub(crate) fn take(&mut self, place: u32, length: u32) -> Result<Vec<u8>, NotAllocated> {
        // Nothing is allocated for nothing; then any place will do.
        let fits = |block: &Vec<u8>| block.len() >= length as usize;
        if length == 0 {
            self.allocated.remove(&place);
            return Ok(Vec::new());
        }
        if !self.allocated.get(&place).is_some_and(fits) {
            return Err(NotAllocated { place, length });
        }
        let mut block = self.allocated.remove(&place).unwrap_or_default();
        block.truncate(length as usize);
        Ok(block)
    }

    /// A result: stays until it is released. Its place; its length is that of the bytes.
    pub(crate) fn keep(&mut self, mut bytes: Vec<u8>) -> u32 {
        let place = place(&mut bytes);
        self.results.push(bytes);
        place
    }

    /// Frees all results.
    pub(crate) fn release(&mut self) {
        self.results = Vec::new();
    }

    /// Writes as the host does.
    #[cfg(test)]
    pub(crate) fn write(&mut self, bytes: &[u8]) -> (u32, u32) {
        let place = self.allocate(bytes.len() as u32, 1);
        if let Some(block) = self.allocated.get_mut(&place) {
            block.copy_from_slice(bytes);
        }
        (place, bytes.len() as u32)
    }

    /// Reads as the host does.
    #[cfg(test)]
    pub(crate) fn read(&self, at: u32, length: u32) -> Vec<u8> {
        let found = self.results.iter().find(|block| block.as_ptr().addr() as u32 == at);
        found.filter(|block| block.len() == length as usize).cloned().unwrap_or_default()
    }

    /// Blocks that somebody has to free.
    #[cfg(test)]
    pub(crate) fn blocks(&self) -> usize {
        self.allocated.len() + self.results.len()
    }
}

/// Where a block lies. In WebAssembly that is the whole address; elsewhere, in tests, its lower half.
fn place(block: &mut Vec<u8>) -> u32 {
    block.as_mut_ptr().expose_provenance() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_allocated_is_neither_read_nor_freed() {
        let mut memory = Memory::default();
        let (place, length) = memory.write(b"air");
        for (wrong_place, wrong_length) in [(place + 1, 2), (place, length + 1), (0, 1), (u32::MAX, u32::MAX)]
        {
            assert!(memory.take(wrong_place, wrong_length).is_err(), "{wrong_place} {wrong_length}");
        }
        assert_eq!(memory.take(place, length).unwrap(), b"air");
        assert!(memory.take(place, length).is_err(), "it was handed over");
        assert_eq!(memory.blocks(), 0);
    }

    #[test]
    fn sizes_go_by_the_type() {
        let mut memory = Memory::default();
        for (kind, size) in
            [(0, 1), (1, 1), (2, 2), (3, 4), (4, 8), (5, 1), (6, 2), (7, 4), (8, 8), (9, 4), (10, 8)]
        {
            let place = memory.allocate(3, kind);
            assert_eq!(memory.take(place, 3 * size).unwrap().len(), 3 * size as usize, "{kind}");
        }
        assert_eq!((memory.allocate(3, 11), memory.allocate(0, 1)), (0, 0));
        assert!(memory.take(0, 0).unwrap().is_empty());
    }

    #[test]
    fn results_stay_until_they_are_released() {
        let mut memory = Memory::default();
        let place = memory.keep(b"outcome".to_vec());
        assert_eq!(memory.read(place, 7), b"outcome");
        memory.release();
        assert_eq!(memory.blocks(), 0);
    }
}
