//! The stores while a script runs: contents by identifier, nothing ever removed.

use std::hash::{BuildHasher as _, Hasher as _};
use std::rc::Rc;

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry as Slot;

use super::{
    CanonElement, CanonResultAggregate, Cid, CidInfo, Entry, RawValue, SecurityTetraplet, ServiceResult,
};

/// Contents of one kind, in the order in which they came.
#[derive(Debug, Clone)]
pub struct Store<T> {
    /// Places of entries by the hashes of their identifiers.
    index: HashTable<u32>,
    /// Identifiers come from foreign peers: the hasher is seeded with what they do not know.
    hasher: FixedState,
    entries: Vec<Entry<T>>,
    /// What the contents take, without identifiers.
    bytes: u64,
}

/// Bytes of an entry beside its content: identifier, places, room to grow.
const ENTRY_BYTES: u64 = 192;

/// How much of memory a content takes, in bytes of 64-bit machines.
pub trait ContentBytes {
    /// An estimate; what contents share is counted with one of them.
    fn bytes(&self) -> u64;
}

impl ContentBytes for RawValue {
    fn bytes(&self) -> u64 {
        // Whoever shows data has it as text once more.
        self.text().len() as u64 * 2 + 48
    }
}

impl ContentBytes for SecurityTetraplet {
    fn bytes(&self) -> u64 {
        let texts = [&self.peer_pk, &self.service_id, &self.function_name, &self.lens];
        texts.map(|text| text.len() as u64 + 32).iter().sum()
    }
}

impl ContentBytes for CanonElement {
    fn bytes(&self) -> u64 {
        96
    }
}

impl ContentBytes for CanonResultAggregate {
    fn bytes(&self) -> u64 {
        64 + self.values.len() as u64 * 16
    }
}

impl ContentBytes for ServiceResult {
    fn bytes(&self) -> u64 {
        192
    }
}

impl<T: ContentBytes> Store<T> {
    fn new(seed: u64) -> Self {
        Store { index: HashTable::new(), hasher: FixedState::with_seed(seed), entries: Vec::new(), bytes: 0 }
    }

    /// Bytes of memory that it takes, as an estimate that is the same on every machine.
    pub fn bytes(&self) -> u64 {
        self.bytes + self.entries.len() as u64 * ENTRY_BYTES
    }

    fn push(&mut self, cid: Cid, value: Rc<T>) {
        self.bytes += value.bytes();
        self.entries.push(Entry { cid, value });
    }

    /// Forgets what was added last, down to that many entries.
    fn truncate(&mut self, size: usize) {
        if size < self.entries.len() {
            self.index.retain(|at| (*at as usize) < size);
            let gone = self.entries.iter().skip(size).map(|entry| entry.value.bytes()).sum();
            self.bytes = self.bytes.saturating_sub(gone);
            self.entries.truncate(size);
        }
    }

    /// Whether there is something under that identifier.
    pub fn contains(&self, cid: &Cid) -> bool {
        self.get(cid).is_some()
    }

    /// What the identifier stands for.
    pub fn get(&self, cid: &Cid) -> Option<&Rc<T>> {
        let is_it = |at: &u32| self.entries.get(*at as usize).is_some_and(|entry| entry.cid == *cid);
        let at = *self.index.find(hash(&self.hasher, cid), is_it)?;
        self.entries.get(at as usize).map(|entry| &entry.value)
    }

    /// Makes room for that many more, so that the index does not grow step by step.
    pub fn reserve(&mut self, more: usize) {
        let Store { index, hasher, entries, .. } = self;
        entries.reserve(more);
        index.reserve(more, |at| entries.get(*at as usize).map_or(0, |entry| hash(hasher, &entry.cid)));
    }

    /// Adds something whose identifier was computed from it; gives the identifier as it is kept. Another content under that
    /// identifier, which damaged previous data can have, is replaced, as in AquaVM.
    pub fn add(&mut self, cid: Cid, value: Rc<T>) -> Cid
    where
        T: PartialEq,
    {
        self.add_by(cid, |kept| *kept == *value, || value.clone())
    }

    /// The same for a content that is only made if it is not there.
    pub fn add_by(
        &mut self,
        cid: Cid,
        is_kept: impl FnOnce(&T) -> bool,
        value: impl FnOnce() -> Rc<T>,
    ) -> Cid {
        match self.slot(&cid).map(|at| self.entries.get_mut(at as usize)) {
            Ok(Some(entry)) => {
                if !is_kept(&entry.value) {
                    entry.value = value();
                }
                entry.cid.clone()
            }
            _ => {
                self.push(cid.clone(), value());
                cid
            }
        }
    }

    /// Adds something; what was there under that identifier is replaced, its place is kept.
    pub fn replace(&mut self, cid: Cid, value: Rc<T>) {
        match self.slot(&cid).map(|at| self.entries.get_mut(at as usize)) {
            Ok(Some(entry)) => entry.value = value,
            _ => self.push(cid, value),
        }
    }

    /// The place of an identifier; if there is none, the next place is noted for it.
    fn slot(&mut self, cid: &Cid) -> Result<u32, ()> {
        let Store { index, hasher, entries, .. } = self;
        let of = |at: &u32| entries.get(*at as usize).map(|entry| &entry.cid);
        let slot = index.entry(
            hash(hasher, cid),
            |at| of(at) == Some(cid),
            |at| of(at).map_or(0, |cid| hash(hasher, cid)),
        );
        match slot {
            Slot::Occupied(slot) => Ok(*slot.get()),
            Slot::Vacant(slot) => {
                // Data is limited to less than 2^32 bytes, entries take more than one.
                slot.insert(entries.len() as u32);
                Err(())
            }
        }
    }

    /// All contents.
    pub fn entries(&self) -> &[Entry<T>] {
        &self.entries
    }

    fn extend(&mut self, entries: Vec<Entry<T>>) {
        self.reserve(entries.len());
        for Entry { cid, value } in entries {
            self.replace(cid, value);
        }
    }
}

fn hash(hasher: &FixedState, cid: &Cid) -> u64 {
    let mut hasher = hasher.build_hasher();
    hasher.write(cid.as_str().as_bytes());
    hasher.finish()
}

/// The five stores.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each is described at the same field of `CidInfo`")]
pub struct Stores {
    pub values: Store<RawValue>,
    pub tetraplets: Store<SecurityTetraplet>,
    pub canon_elements: Store<CanonElement>,
    pub canon_results: Store<CanonResultAggregate>,
    pub service_results: Store<ServiceResult>,
}

/// How much the stores held at some moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sizes([usize; 5]);

impl Stores {
    /// Empty stores. `seed` should be something that other peers do not know.
    pub fn new(seed: u64) -> Self {
        Stores {
            values: Store::new(seed),
            tetraplets: Store::new(seed),
            canon_elements: Store::new(seed),
            canon_results: Store::new(seed),
            service_results: Store::new(seed),
        }
    }

    /// Stores with the contents of data.
    pub fn of(info: CidInfo, seed: u64) -> Self {
        let mut stores = Stores::new(seed);
        stores.extend(info);
        stores
    }

    /// Bytes of memory that all of them take, as an estimate that is the same on every machine.
    pub fn bytes(&self) -> u64 {
        self.values.bytes()
            + self.tetraplets.bytes()
            + self.canon_elements.bytes()
            + self.canon_results.bytes()
            + self.service_results.bytes()
    }

    pub(crate) fn sizes(&self) -> Sizes {
        Sizes([
            self.values.entries.len(),
            self.tetraplets.entries.len(),
            self.canon_elements.entries.len(),
            self.canon_results.entries.len(),
            self.service_results.entries.len(),
        ])
    }

    /// Back to what was there at some moment.
    pub(crate) fn truncate(&mut self, Sizes(sizes): Sizes) {
        let [values, tetraplets, canon_elements, canon_results, service_results] = sizes;
        self.values.truncate(values);
        self.tetraplets.truncate(tetraplets);
        self.canon_elements.truncate(canon_elements);
        self.canon_results.truncate(canon_results);
        self.service_results.truncate(service_results);
    }

    /// Adds the contents of other stores; of two contents with one identifier the other's stays.
    pub fn merge(&mut self, other: Stores) {
        self.values.extend(other.values.entries);
        self.tetraplets.extend(other.tetraplets.entries);
        self.canon_elements.extend(other.canon_elements.entries);
        self.canon_results.extend(other.canon_results.entries);
        self.service_results.extend(other.service_results.entries);
    }

    /// Adds everything; of two contents with one identifier the later one stays.
    pub fn extend(&mut self, info: CidInfo) {
        self.values.extend(info.value_store);
        self.tetraplets.extend(info.tetraplet_store);
        self.canon_elements.extend(info.canon_element_store);
        self.canon_results.extend(info.canon_result_store);
        self.service_results.extend(info.service_result_store);
    }

    /// The stores as data has them.
    pub fn to_info(&self) -> CidInfo {
        CidInfo {
            value_store: self.values.entries.clone(),
            tetraplet_store: self.tetraplets.entries.clone(),
            canon_element_store: self.canon_elements.entries.clone(),
            canon_result_store: self.canon_results.entries.clone(),
            service_result_store: self.service_results.entries.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_contents_win_at_the_first_place() {
        let mut stores = Stores::new(0);
        for (cid, text) in [("a", "1"), ("b", "2"), ("a", "3")] {
            stores.values.replace(Cid(cid.into()), Rc::new(RawValue::from_text(text)));
        }
        let texts = |stores: &Stores| -> Vec<(String, String)> {
            let info = stores.to_info();
            info.value_store.iter().map(|it| (it.cid.0.to_string(), it.value.text().to_owned())).collect()
        };
        let pairs = |pairs: [(&str, &str); 2]| pairs.map(|(cid, text)| (cid.to_owned(), text.to_owned()));
        assert_eq!(texts(&stores), pairs([("a", "3"), ("b", "2")]));

        let add = |stores: &mut Stores, text: &'static str| {
            let new = || Rc::new(RawValue::from_text(text));
            stores.values.add_by(Cid("b".into()), |kept| kept.text() == text, new)
        };
        let before = stores.values.get(&Cid("b".into())).unwrap().clone();
        assert_eq!(add(&mut stores, "2").as_str(), "b");
        assert!(
            Rc::ptr_eq(stores.values.get(&Cid("b".into())).unwrap(), &before),
            "the same is not made again"
        );
        add(&mut stores, "4");
        assert_eq!(texts(&stores), pairs([("a", "3"), ("b", "4")]));
    }
}
