//! What changes between two versions of a text.

use rowan::{TextRange, TextSize};

/// Compared at once.
const CHUNK_BYTES: usize = 256;

/// One replacement of bytes by others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edit {
    /// The replaced range, in offsets of the text before.
    pub removed: TextRange,
    /// Length in bytes of what took its place.
    pub inserted: TextSize,
}

impl Edit {
    /// The smallest edit that makes the one text out of the other; `None` if they are equal.
    ///
    /// Costs one look at each byte before and after what differs.
    pub fn between(before: &str, after: &str) -> Option<Edit> {
        if before == after {
            return None;
        }
        let same =
            |pairs: &mut dyn Iterator<Item = (u8, u8)>| pairs.take_while(|(one, other)| one == other).count();
        let (one, other) = (before.as_bytes(), after.as_bytes());
        // Most of both texts is the same: whole pieces are compared first.
        let pieces =
            one.chunks_exact(CHUNK_BYTES).zip(other.chunks_exact(CHUNK_BYTES)).take_while(|(a, b)| a == b);
        let prefix = pieces.count() * CHUNK_BYTES;
        let (one, other) = (one.get(prefix..)?, other.get(prefix..)?);
        let prefix = prefix + same(&mut one.iter().copied().zip(other.iter().copied()));
        let (one, other) = (before.as_bytes().get(prefix..)?, after.as_bytes().get(prefix..)?);
        let pieces =
            one.rchunks_exact(CHUNK_BYTES).zip(other.rchunks_exact(CHUNK_BYTES)).take_while(|(a, b)| a == b);
        let suffix = pieces.count() * CHUNK_BYTES;
        let (one, other) = (one.get(..one.len() - suffix)?, other.get(..other.len() - suffix)?);
        let suffix = suffix + same(&mut one.iter().rev().copied().zip(other.iter().rev().copied()));
        let start = before.floor_char_boundary(prefix);
        let mut suffix = suffix;
        while !before.is_char_boundary(before.len() - suffix) {
            suffix -= 1;
        }
        let size = |bytes: usize| TextSize::new(u32::try_from(bytes).unwrap_or(u32::MAX));
        Some(Edit {
            removed: TextRange::new(size(start), size(before.len() - suffix)),
            inserted: size(after.len() - suffix - start),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_small_and_on_character_boundaries() {
        assert_eq!(Edit::between("same", "same"), None);
        let between = |one, other| {
            let edit = Edit::between(one, other).unwrap();
            (u32::from(edit.removed.start()), u32::from(edit.removed.end()), u32::from(edit.inserted))
        };
        assert_eq!(between("aXc", "aYYc"), (1, 2, 2));
        assert_eq!(between("aa", "aaa"), (2, 2, 1));
        assert_eq!(between("é", "è"), (0, 2, 2));
        assert_eq!(between("\u{e9}", "\u{3a9}"), (0, 2, 2));
        assert_eq!(between("", "x"), (0, 0, 1));
    }
}
