//! The stores while a script runs: contents by identifier, nothing ever removed.

use std::rc::Rc;

use foldhash::fast::FixedState;

use super::{
    CanonElement, CanonElementEntry, CanonResultAggregate, CanonResultEntry, Cid, CidInfo, RawValue,
    SecurityTetraplet, ServiceResult, ServiceResultEntry, TetrapletEntry, ValueEntry,
};

/// Identifiers come from foreign peers: the hasher is seeded with what they do not know.
type Index = std::collections::HashMap<Cid, u32, FixedState>;

/// Contents of one kind, in the order in which they came.
#[derive(Debug, Clone)]
pub struct Store<T> {
    index: Index,
    entries: Vec<(Cid, Rc<T>)>,
}

impl<T> Store<T> {
    fn new(seed: u64) -> Self {
        Store { index: Index::with_hasher(FixedState::with_seed(seed)), entries: Vec::new() }
    }

    /// Forgets what was added last, down to that many entries.
    fn truncate(&mut self, size: usize) {
        for (cid, _) in self.entries.drain(size.min(self.entries.len())..) {
            self.index.remove(&cid);
        }
    }

    /// Whether there is something under that identifier.
    pub fn contains(&self, cid: &Cid) -> bool {
        self.index.contains_key(cid)
    }

    /// What the identifier stands for.
    pub fn get(&self, cid: &Cid) -> Option<&Rc<T>> {
        let at = *self.index.get(cid)?;
        self.entries.get(at as usize).map(|(_, value)| value)
    }

    /// Adds something unless it is there; gives the identifier as it is kept.
    pub fn add(&mut self, cid: Cid, value: impl FnOnce() -> Rc<T>) -> Cid {
        if let Some((kept, _)) = self.index.get(&cid).and_then(|&at| self.entries.get(at as usize)) {
            return kept.clone();
        }
        self.push(cid.clone(), value());
        cid
    }

    /// Adds something; what was there under that identifier is replaced, its place is kept.
    pub fn replace(&mut self, cid: Cid, value: Rc<T>) {
        match self.index.get(&cid).and_then(|&at| self.entries.get_mut(at as usize)) {
            Some((_, kept)) => *kept = value,
            None => self.push(cid, value),
        }
    }

    fn push(&mut self, cid: Cid, value: Rc<T>) {
        // Data is limited to less than 2^32 bytes, entries take more than one.
        self.index.insert(cid.clone(), self.entries.len() as u32);
        self.entries.push((cid, value));
    }

    /// All contents.
    pub fn entries(&self) -> &[(Cid, Rc<T>)] {
        &self.entries
    }

    fn extend(&mut self, entries: impl ExactSizeIterator<Item = (Cid, Rc<T>)>) {
        self.entries.reserve(entries.len());
        self.index.reserve(entries.len());
        for (cid, value) in entries {
            self.replace(cid, value);
        }
    }
}

/// The five stores.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
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
        self.values.extend(other.values.entries.into_iter());
        self.tetraplets.extend(other.tetraplets.entries.into_iter());
        self.canon_elements.extend(other.canon_elements.entries.into_iter());
        self.canon_results.extend(other.canon_results.entries.into_iter());
        self.service_results.extend(other.service_results.entries.into_iter());
    }

    /// Adds everything; of two contents with one identifier the later one stays.
    pub fn extend(&mut self, info: CidInfo) {
        self.values.extend(info.value_store.into_iter().map(|entry| (entry.cid, entry.value)));
        self.tetraplets.extend(info.tetraplet_store.into_iter().map(|entry| (entry.cid, entry.value)));
        self.canon_elements
            .extend(info.canon_element_store.into_iter().map(|entry| (entry.cid, entry.value)));
        self.canon_results.extend(info.canon_result_store.into_iter().map(|entry| (entry.cid, entry.value)));
        self.service_results
            .extend(info.service_result_store.into_iter().map(|entry| (entry.cid, entry.value)));
    }

    /// The stores as data has them.
    pub fn to_info(&self) -> CidInfo {
        fn entries<T, E>(store: &Store<T>, make: impl Fn(Cid, Rc<T>) -> E) -> Vec<E> {
            store.entries.iter().map(|(cid, value)| make(cid.clone(), value.clone())).collect()
        }
        CidInfo {
            value_store: entries(&self.values, |cid, value| ValueEntry { cid, value }),
            tetraplet_store: entries(&self.tetraplets, |cid, value| TetrapletEntry { cid, value }),
            canon_element_store: entries(&self.canon_elements, |cid, value| CanonElementEntry { cid, value }),
            canon_result_store: entries(&self.canon_results, |cid, value| CanonResultEntry { cid, value }),
            service_result_store: entries(&self.service_results, |cid, value| ServiceResultEntry {
                cid,
                value,
            }),
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
        let kept = stores.values.add(Cid("b".into()), || Rc::new(RawValue::from_text("4")));
        assert_eq!(kept.as_str(), "b");
        let info = stores.to_info();
        let texts: Vec<_> =
            info.value_store.iter().map(|entry| (entry.cid.as_str(), entry.value.text())).collect();
        assert_eq!(texts, [("a", "3"), ("b", "2")]);
    }
}
