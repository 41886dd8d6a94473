//! Numbers for things of one name: the second particle from one peer to another, the third call of a function.

use std::collections::{BTreeMap, BTreeSet};

/// A way (sender, receiver, nothing) or a call (peer, service, function).
pub(super) type Name = (String, String, String);

#[derive(Debug, Clone, Default)]
struct Numbers {
    last: u32,
    open: BTreeSet<u32>,
}

/// How many there were of each name, and which of them are still to come.
#[derive(Debug, Clone, Default)]
pub(super) struct Outstanding {
    names: BTreeMap<Name, Numbers>,
}

impl Outstanding {
    /// The number of the next one of this name, which stays to come if `open`.
    pub(super) fn number(&mut self, name: Name, open: bool) -> u32 {
        let numbers = self.names.entry(name).or_default();
        numbers.last = numbers.last.saturating_add(1);
        if open {
            numbers.open.insert(numbers.last);
        }
        numbers.last
    }

    /// How many there were.
    pub(super) fn count(&self, name: &Name) -> u32 {
        self.names.get(name).map_or(0, |numbers| numbers.last)
    }

    /// The oldest one that is to come.
    pub(super) fn oldest(&self, name: &Name) -> Option<u32> {
        self.names.get(name)?.open.first().copied()
    }

    /// It came. `None` if it was the oldest one, else its number: what tells it from the oldest.
    pub(super) fn came(&mut self, name: &Name, number: u32) -> Option<u32> {
        let numbers = self.names.get_mut(name)?;
        let oldest = numbers.open.first() == Some(&number);
        numbers.open.remove(&number);
        (!oldest).then_some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let name = || ("a".to_owned(), "b".to_owned(), String::new());
        let mut outstanding = Outstanding::default();
        let numbers = [true, false, true, true].map(|open| outstanding.number(name(), open));
        assert_eq!((numbers, outstanding.count(&name())), ([1, 2, 3, 4], 4));
        assert_eq!(outstanding.came(&name(), 3), Some(3));
        assert_eq!(outstanding.oldest(&name()), Some(1));
        assert_eq!((outstanding.came(&name(), 1), outstanding.came(&name(), 4)), (None, None));
        assert_eq!(outstanding.oldest(&name()), None);
    }
}
