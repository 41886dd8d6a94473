//! The stores while a script runs: contents by identifier, nothing ever removed.

use std::hash::BuildHasherDefault;
use std::rc::Rc;

use super::{
    CanonElement, CanonElementEntry, CanonResultAggregate, CanonResultEntry, Cid, CidInfo, RawValue,
    SecurityTetraplet, ServiceResult, ServiceResultEntry, TetrapletEntry, ValueEntry,
};

type Index = std::collections::HashMap<Cid, u32, BuildHasherDefault<std::hash::DefaultHasher>>;

/// Contents of one kind, in the order in which they came.
#[derive(Debug, Clone)]
pub struct Store<T> {
    index: Index,
    entries: Vec<(Cid, Rc<T>)>,
}

impl<T> Default for Store<T> {
    fn default() -> Self {
        Store { index: Index::default(), entries: Vec::new() }
    }
}

impl<T> Store<T> {
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
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct Stores {
    pub values: Store<RawValue>,
    pub tetraplets: Store<SecurityTetraplet>,
    pub canon_elements: Store<CanonElement>,
    pub canon_results: Store<CanonResultAggregate>,
    pub service_results: Store<ServiceResult>,
}

impl Stores {
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
    pub fn into_info(self) -> CidInfo {
        CidInfo {
            value_store: self
                .values
                .entries
                .into_iter()
                .map(|(cid, value)| ValueEntry { cid, value })
                .collect(),
            tetraplet_store: self
                .tetraplets
                .entries
                .into_iter()
                .map(|(cid, value)| TetrapletEntry { cid, value })
                .collect(),
            canon_element_store: (self.canon_elements.entries.into_iter())
                .map(|(cid, value)| CanonElementEntry { cid, value })
                .collect(),
            canon_result_store: (self.canon_results.entries.into_iter())
                .map(|(cid, value)| CanonResultEntry { cid, value })
                .collect(),
            service_result_store: (self.service_results.entries.into_iter())
                .map(|(cid, value)| ServiceResultEntry { cid, value })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_contents_win_at_the_first_place() {
        let mut stores = Stores::default();
        for (cid, text) in [("a", "1"), ("b", "2"), ("a", "3")] {
            stores.values.replace(Cid(cid.into()), Rc::new(RawValue::from_text(text)));
        }
        let kept = stores.values.add(Cid("b".into()), || Rc::new(RawValue::from_text("4")));
        assert_eq!(kept.as_str(), "b");
        let info = stores.into_info();
        let texts: Vec<_> =
            info.value_store.iter().map(|entry| (entry.cid.as_str(), entry.value.text())).collect();
        assert_eq!(texts, [("a", "3"), ("b", "2")]);
    }
}
