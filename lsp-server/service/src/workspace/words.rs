//! Names of many scripts, each text held once: thousands of scripts call the same services.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

/// Texts that several scripts may share.
#[derive(Debug, Default)]
pub(crate) struct Words(Mutex<HashSet<Arc<str>>>);

impl Words {
    /// The text as it is held already, or a new one.
    pub(super) fn shared(&self, text: &str) -> Arc<str> {
        let mut words = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = words.get(text) {
            return Arc::clone(known);
        }
        let word: Arc<str> = text.into();
        words.insert(Arc::clone(&word));
        word
    }

    /// Lets go of what no script has any longer.
    pub(super) fn tidy(&self) {
        let mut words = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        words.retain(|word| Arc::strong_count(word) > 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_once() {
        let words = Words::default();
        let (one, other) = (words.shared("relay"), words.shared("relay"));
        assert!(Arc::ptr_eq(&one, &other));
        drop(one);
        words.tidy();
        assert!(Arc::ptr_eq(&words.shared("relay"), &other), "it is used still");
        drop(other);
        words.tidy();
        assert!(words.0.lock().unwrap().is_empty());
    }
}
