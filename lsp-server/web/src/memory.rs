//! What the host has allocated, and the one text that waits to be read.
//!
//! The host writes into what [`Memory::allocate`] gave it and hands place and length over as an argument. Every place is
//! looked up, so that a wrong one is an error and not a read from anywhere.

use std::collections::BTreeMap;

/// Blocks of memory by their place.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// What the host has not handed over yet.
    allocated: BTreeMap<usize, Vec<u8>>,
    /// What the last call answered.
    answer: Vec<u8>,
}

impl Memory {
    /// Room for that many bytes, at least one; 0 if there is no memory.
    pub(crate) fn allocate(&mut self, length: usize) -> usize {
        let mut block = Vec::new();
        if block.try_reserve_exact(length.max(1)).is_err() {
            return 0;
        }
        block.resize(length.max(1), 0);
        let place = block.as_mut_ptr().expose_provenance();
        self.allocated.insert(place, block);
        place
    }

    /// An argument: the block, cut to the length. It is the module's from now on. `None`: it was never allocated.
    pub(crate) fn take(&mut self, place: usize, length: usize) -> Option<Vec<u8>> {
        let mut block = self.allocated.remove(&place)?;
        if block.len() < length {
            self.allocated.insert(place, block);
            return None;
        }
        block.truncate(length);
        Some(block)
    }

    /// Keeps an answer until the next one: its place and its length.
    pub(crate) fn keep(&mut self, answer: Vec<u8>) -> (usize, usize) {
        self.answer = answer;
        (self.answer.as_ptr().addr(), self.answer.len())
    }

    /// Writes as the host does.
    #[cfg(test)]
    pub(crate) fn write(&mut self, bytes: &[u8]) -> (usize, usize) {
        let place = self.allocate(bytes.len());
        if let Some(block) = self.allocated.get_mut(&place) {
            block.truncate(0);
            block.extend_from_slice(bytes);
        }
        (place, bytes.len())
    }

    /// Reads as the host does.
    #[cfg(test)]
    pub(crate) fn read(&self) -> String {
        String::from_utf8_lossy(&self.answer).into_owned()
    }

    /// Blocks that the host has not handed over.
    #[cfg(test)]
    pub(crate) fn blocks(&self) -> usize {
        self.allocated.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_allocated_is_neither_read_nor_freed() {
        let mut memory = Memory::default();
        let (place, length) = memory.write(b"air");
        for (wrong_place, wrong_length) in
            [(place + 1, 2), (place, length + 1), (0, 1), (usize::MAX, usize::MAX)]
        {
            assert_eq!(memory.take(wrong_place, wrong_length), None, "{wrong_place} {wrong_length}");
        }
        assert_eq!(memory.take(place, length).unwrap(), b"air");
        assert_eq!(memory.take(place, length), None, "it was handed over");
        assert_eq!(memory.blocks(), 0);
    }

    #[test]
    fn nothing_has_a_place_too() {
        let mut memory = Memory::default();
        let place = memory.allocate(0);
        assert_ne!(place, 0);
        assert_eq!(memory.take(place, 0), Some(Vec::new()));
        let (one, _) = memory.keep(b"answer".to_vec());
        assert_ne!(one, 0);
        assert_eq!(memory.read(), "answer");
    }
}
