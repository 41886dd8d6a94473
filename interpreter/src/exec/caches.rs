//! What a run can leave for the next one of the same script on the same peer: nothing of it shows in an outcome.

use std::collections::hash_map::Entry;
use std::hash::Hasher as _;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHasher};

use crate::data::{Cid, RawValue, SecurityTetraplet, Stores};
use crate::value::Value;

/// The caches of one peer and one script.
#[derive(Debug, Default)]
pub(crate) struct Caches {
    /// Whether there will be a next one.
    pub(super) keep: bool,
    /// The program's constants as values.
    pub(super) constants: Vec<Value>,
    /// Identifiers of tetraplets.
    pub(super) tetraplets: FxHashMap<Rc<SecurityTetraplet>, Cid>,
    /// Identifiers of lists of arguments.
    pub(super) arguments: ArgumentHashes,
    /// Values that are not what their texts read as.
    pub(super) inexact: Vec<Cid>,
}

impl Caches {
    /// For a peer that runs again and again.
    pub(crate) fn reusable() -> Self {
        Caches { keep: true, ..Caches::default() }
    }

    /// The next run has to read values from their texts where it matters: as if the data had been written.
    pub(crate) fn forget_inexact(&mut self, stores: &mut Stores) {
        for cid in self.inexact.drain(..) {
            if let Some(text) = stores.values.get(&cid).map(|raw| raw.text().to_owned()) {
                stores.values.replace(cid, Rc::new(RawValue::from_text(text)));
            }
        }
    }
}

/// The identifier of a list of arguments: that of their array, which is written into `text`.
pub(super) fn hash_arguments(arguments: &[Value], text: &mut String) -> Cid {
    text.clear();
    text.push('[');
    for (at, argument) in arguments.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        crate::json::print(argument, text);
    }
    text.push(']');
    Cid::of(text)
}

/// Identifiers of lists of arguments that were hashed before: comparing is cheaper than hashing.
#[derive(Debug, Default)]
pub(crate) struct ArgumentHashes(FxHashMap<u64, (Vec<Value>, Cid)>);

/// Whether they print the same: `0.0` and `-0.0` are equal and do not.
fn identical(a: &[Value], b: &[Value]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.is_identical(b))
}

impl ArgumentHashes {
    /// The identifier of a list of arguments; `text` is room to print them.
    pub(super) fn get(&mut self, arguments: &[Value], text: &mut String) -> Cid {
        let mut hasher = FxHasher::default();
        arguments.iter().for_each(|argument| argument.hash_into(&mut hasher));
        match self.0.entry(hasher.finish()) {
            Entry::Occupied(entry) if identical(&entry.get().0, arguments) => entry.get().1.clone(),
            Entry::Occupied(_) => hash_arguments(arguments, text),
            Entry::Vacant(entry) => {
                entry.insert((arguments.to_vec(), hash_arguments(arguments, text))).1.clone()
            }
        }
    }
}
