//! How much memory a run takes, counted as it goes: the limit holds natively as it does in the sandbox.

/// Bytes that a run takes beside values, by where they are.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// What each peer's interpreter holds.
    by_peer: Vec<u64>,
    /// Their sum.
    peers: u64,
    /// Calls and their answers, which the steps of the run keep and the report prints.
    pub(super) calls: u64,
    /// Data between peers.
    pub(super) on_their_way: u64,
}

impl Memory {
    /// A peer's interpreter holds so much by now.
    pub(super) fn peer_holds(&mut self, peer: usize, bytes: u64) {
        if self.by_peer.len() <= peer {
            self.by_peer.resize(peer + 1, 0);
        }
        if let Some(held) = self.by_peer.get_mut(peer) {
            self.peers = self.peers.saturating_sub(*held).saturating_add(bytes);
            *held = bytes;
        }
    }

    pub(super) fn bytes(&self) -> u64 {
        self.peers.saturating_add(self.calls).saturating_add(self.on_their_way)
    }
}

/// Bytes of a place in a table of those that were seen, of a request or an answer that the run's steps keep and print.
pub(super) const SEEN_BYTES: u64 = 24;
pub(super) const CALL_BYTES: u64 = 1_024;
/// Bytes of an element while a list of them grows.
pub(super) const PART_BYTES: u64 = 72;
/// Bytes of the place of a call in one fold around it.
pub(super) const ITERATION_BYTES: u64 = 32;
/// How often an answer is there until the next limit is looked at: as it is read, as a value, in the peer's store.
pub(super) const ANSWER_COPIES: u64 = 3;

/// As it was said on the command line, if it was said there.
pub(super) fn in_words(bytes: u64) -> String {
    match bytes % (1 << 20) {
        0 => format!("{} MiB", bytes >> 20),
        _ => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_peer_counts_with_what_it_holds_now() {
        let mut memory = Memory::default();
        memory.peer_holds(2, 100);
        memory.peer_holds(0, 10);
        memory.peer_holds(2, 40);
        memory.on_their_way = 5;
        assert_eq!(memory.bytes(), 55);
    }

    #[test]
    fn limits_are_said_in_the_unit_of_the_option() {
        assert_eq!(in_words(32 << 20), "32 MiB");
        assert_eq!(in_words(1000), "1000 bytes");
    }
}
