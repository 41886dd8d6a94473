//! Fields that the workspace's scripts read of what functions give: completion offers them in other scripts.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use air_ide::names::results::ResultField;

/// The most fields that are remembered.
const MAX_FIELDS: usize = 5_000;

/// All fields of the scripts that were read. One that is no longer in any script stays until all are read again: it is
/// a suggestion.
#[derive(Debug, Default)]
pub(super) struct KnownFields {
    all: Mutex<BTreeSet<ResultField>>,
    /// What completion gets, which must not wait.
    shown: Mutex<Arc<[ResultField]>>,
}

impl KnownFields {
    pub(super) fn learn(&self, fields: Vec<ResultField>) {
        let mut all = lock(&self.all);
        for field in fields {
            if all.len() < MAX_FIELDS {
                all.insert(field);
            }
        }
    }

    /// Lets completion see what was learnt.
    pub(super) fn show(&self) {
        let all: Arc<[ResultField]> = lock(&self.all).iter().cloned().collect();
        *lock(&self.shown) = all;
    }

    pub(super) fn shown(&self) -> Arc<[ResultField]> {
        Arc::clone(&lock(&self.shown))
    }

    /// Before all scripts are read again.
    pub(super) fn forget(&self) {
        lock(&self.all).clear();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use air_ide::names::results::FieldUse;

    use super::*;

    fn field(number: usize) -> ResultField {
        let text = || String::new();
        ResultField {
            service: text(),
            function: text(),
            path: text(),
            name: number.to_string(),
            used: FieldUse::Other,
        }
    }

    #[test]
    fn each_once_and_not_too_many() {
        let known = KnownFields::default();
        known.learn((0..MAX_FIELDS * 2).map(|number| field(number / 2)).collect());
        known.learn(vec![field(MAX_FIELDS)]);
        assert!(known.shown().is_empty(), "not before the end of a look");
        known.show();
        assert_eq!(known.shown().len(), MAX_FIELDS);
        known.forget();
        known.learn(vec![field(7)]);
        known.show();
        assert_eq!(&*known.shown(), [field(7)]);
    }
}
