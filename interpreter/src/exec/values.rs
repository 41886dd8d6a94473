//! What variables hold: values with the tetraplet and the provenance that say where they come from.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::data::{Cid, Provenance, SecurityTetraplet};
use crate::errors::Uncatchable;
use crate::value::{Number, Value, object};

/// A value in a variable, a stream or a canon.
#[derive(Debug, Clone)]
pub(crate) struct StoredValue {
    pub(crate) value: Value,
    pub(crate) tetraplet: Rc<SecurityTetraplet>,
    pub(crate) provenance: Provenance,
    /// Where its state stands in the new trace.
    pub(crate) position: u32,
}

impl StoredValue {
    /// Storing forgets parts of the tetraplet: of a literal everything but the peer, of a canon everything but peer and
    /// lens. AquaVM's values hold no more than that, and canons hash what is left.
    pub(crate) fn new(
        value: Value,
        tetraplet: Rc<SecurityTetraplet>,
        provenance: Provenance,
        position: u32,
    ) -> Self {
        let kept = match provenance {
            Provenance::ServiceResult { .. } => tetraplet,
            Provenance::Literal => {
                if tetraplet.service_id.is_empty()
                    && tetraplet.function_name.is_empty()
                    && tetraplet.lens.is_empty()
                {
                    tetraplet
                } else {
                    Rc::new(SecurityTetraplet::literal(tetraplet.peer_pk.as_str()))
                }
            }
            Provenance::Canon { .. } => {
                if tetraplet.service_id.is_empty() && tetraplet.function_name.is_empty() {
                    tetraplet
                } else {
                    Rc::new(SecurityTetraplet {
                        peer_pk: tetraplet.peer_pk.clone(),
                        lens: tetraplet.lens.clone(),
                        ..SecurityTetraplet::default()
                    })
                }
            }
        };
        StoredValue { value, tetraplet: kept, provenance, position }
    }
}

/// A tetraplet with more after its lens.
pub(crate) fn with_lens(tetraplet: &SecurityTetraplet, more: &str) -> Rc<SecurityTetraplet> {
    let mut tetraplet = tetraplet.clone();
    tetraplet.lens.push_str(more);
    Rc::new(tetraplet)
}

/// The fixed content of a stream.
#[derive(Debug)]
pub(crate) struct CanonStream {
    pub(crate) items: Rc<[StoredValue]>,
    pub(crate) tetraplet: Rc<SecurityTetraplet>,
    pub(crate) cid: Cid,
    value: OnceCell<Value>,
}

impl CanonStream {
    pub(crate) fn new(items: Rc<[StoredValue]>, tetraplet: Rc<SecurityTetraplet>, cid: Cid) -> Self {
        CanonStream { items, tetraplet, cid, value: OnceCell::new() }
    }

    /// All values as one array.
    pub(crate) fn value(&self) -> &Value {
        self.value.get_or_init(|| array_of(&self.items))
    }

    pub(crate) fn provenance(&self) -> Provenance {
        Provenance::Canon { cid: self.cid.clone() }
    }
}

pub(crate) fn array_of(items: &[StoredValue]) -> Value {
    Value::array(items.iter().map(|item| item.value.clone()).collect())
}

/// A key of a map; `42` and `"42"` are two.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    String(Rc<str>),
    Signed(i64),
    Unsigned(u64),
}

impl Key {
    /// A key out of a value: strings and integers only.
    pub(crate) fn of(value: &Value) -> Option<Key> {
        match value {
            Value::String(text) => Some(Key::String(text.clone())),
            Value::Number(Number::Unsigned(number)) => {
                Some(i64::try_from(*number).map_or(Key::Unsigned(*number), Key::Signed))
            }
            Value::Number(Number::Negative(number)) => Some(Key::Signed(*number)),
            _ => None,
        }
    }

    fn to_value(&self) -> Value {
        match self {
            Key::String(text) => Value::String(text.clone()),
            Key::Signed(number) => Value::integer(*number),
            Key::Unsigned(number) => Value::unsigned(*number),
        }
    }

    /// As the name of a member.
    pub(crate) fn text(&self) -> Rc<str> {
        match self {
            Key::String(text) => text.clone(),
            Key::Signed(number) => number.to_string().into(),
            Key::Unsigned(number) => number.to_string().into(),
        }
    }

    /// `{"key": …, "value": …}`, the element of a stream map.
    pub(crate) fn pair(&self, value: Value) -> Value {
        object([("key", self.to_value()), ("value", value)])
    }
}

/// The fixed content of a stream map.
#[derive(Debug)]
pub(crate) struct CanonMap {
    /// All pairs, in order.
    pub(crate) pairs: Rc<[StoredValue]>,
    pub(crate) tetraplet: Rc<SecurityTetraplet>,
    pub(crate) cid: Cid,
    /// The values of each key, in order; the keys in the order of their first pair.
    by_key: BTreeMap<Key, Vec<StoredValue>>,
    order: Vec<Key>,
    value: OnceCell<Value>,
}

impl CanonMap {
    /// # Errors
    /// If a pair has another shape, which only foreign data can bring about.
    pub(crate) fn new(
        pairs: Rc<[StoredValue]>,
        tetraplet: Rc<SecurityTetraplet>,
        cid: Cid,
    ) -> Result<Self, Uncatchable> {
        let mut by_key: BTreeMap<Key, Vec<StoredValue>> = BTreeMap::new();
        let mut order = Vec::new();
        for pair in pairs.iter() {
            let (key, value) = split_pair(&pair.value)?;
            let element = StoredValue { value: value.clone(), ..pair.clone() };
            let values = by_key.entry(key.clone()).or_default();
            if values.is_empty() {
                order.push(key);
            }
            values.push(element);
        }
        Ok(CanonMap { pairs, tetraplet, cid, by_key, order, value: OnceCell::new() })
    }

    /// The values of a key.
    pub(crate) fn get(&self, key: &Key) -> Option<&[StoredValue]> {
        self.by_key.get(key).map(Vec::as_slice)
    }

    /// An object: under each key the array of its values.
    pub(crate) fn value(&self) -> &Value {
        self.value.get_or_init(|| {
            let members =
                self.order.iter().map(|key| (key.text(), array_of(self.get(key).unwrap_or_default())));
            Value::object(members.collect())
        })
    }

    /// A text that is a key, and an integer too: in an object they are one name.
    pub(crate) fn mixed_key(&self) -> Option<&str> {
        let texts = self.order.iter().filter_map(|key| match key {
            Key::String(text) => Some(text),
            Key::Signed(_) | Key::Unsigned(_) => None,
        });
        let is_mixed = |text: &&Rc<str>| {
            let signed = text.parse().map(Key::Signed).ok();
            let key = signed.or_else(|| text.parse().map(Key::Unsigned).ok());
            key.is_some_and(|key| *key.text() == ***text && self.by_key.contains_key(&key))
        };
        texts.filter(is_mixed).map(|text| &**text).next()
    }

    pub(crate) fn provenance(&self) -> Provenance {
        Provenance::Canon { cid: self.cid.clone() }
    }

    /// What a fold walks: of each key its last pair, in the order in which these stand.
    pub(crate) fn last_pairs(&self) -> Rc<[StoredValue]> {
        let mut seen = std::collections::BTreeSet::new();
        let mut pairs: Vec<StoredValue> = self
            .pairs
            .iter()
            .rev()
            .filter(|pair| split_pair(&pair.value).is_ok_and(|(key, _)| seen.insert(key)))
            .cloned()
            .collect();
        pairs.reverse();
        pairs.into()
    }
}

/// Key and value of an element of a map.
pub(crate) fn split_pair(pair: &Value) -> Result<(Key, &Value), Uncatchable> {
    let object = pair.as_object();
    let object =
        object.ok_or(Uncatchable::StreamMapPair("the value must be an object with key and value fields"))?;
    let key = object.get("key").and_then(Key::of);
    let key = key.ok_or(Uncatchable::StreamMapPair("unsupported kvpair object or map key type"))?;
    let missing = Uncatchable::StreamMapPair("there must be a \"value\" field in kvpair object");
    Ok((key, object.get("value").ok_or(missing)?))
}

/// An object: under each key its first value. What `canon` makes of a map for a scalar.
pub(crate) fn first_values(pairs: &[StoredValue]) -> Result<Value, Uncatchable> {
    let mut members: Vec<(Rc<str>, Value)> = Vec::new();
    // Of equal names the last one stays in an object, so they go in backwards.
    for pair in pairs.iter().rev() {
        let (key, value) = split_pair(&pair.value)?;
        members.push((key.text(), value.clone()));
    }
    Ok(Value::object(members))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(key: Value, value: u64) -> StoredValue {
        StoredValue {
            value: object([("key", key), ("value", Value::unsigned(value))]),
            tetraplet: Rc::default(),
            provenance: Provenance::Literal,
            position: 0,
        }
    }

    fn pairs() -> Rc<[StoredValue]> {
        Rc::from([
            pair("k".into(), 1),
            pair(Value::unsigned(42), 2),
            pair("42".into(), 3),
            pair("k".into(), 4),
        ])
    }

    #[test]
    fn integers_and_their_texts_are_two_keys_and_one_member() {
        let map = CanonMap::new(pairs(), Rc::default(), Cid("c".into())).unwrap();
        let values = |key| map.get(&key).map(array_of).unwrap().to_json();
        assert_eq!(values(Key::Signed(42)), "[2]");
        assert_eq!(values(Key::String("42".into())), "[3]");
        assert_eq!(map.value().to_json(), r#"{"42":[3],"k":[1,4]}"#);
        assert_eq!(first_values(&pairs()).unwrap().to_json(), r#"{"42":2,"k":1}"#);
        let last: Vec<_> = map.last_pairs().iter().map(|pair| pair.value.to_json()).collect();
        assert_eq!(
            last,
            [r#"{"key":42,"value":2}"#, r#"{"key":"42","value":3}"#, r#"{"key":"k","value":4}"#]
        );
    }

    #[test]
    fn floats_are_not_keys_and_other_shapes_not_pairs() {
        assert_eq!(Key::of(&Value::float(1.0)), None);
        assert!(split_pair(&Value::Null).is_err());
        assert!(CanonMap::new(Rc::from([pair(Value::Null, 1)]), Rc::default(), Cid("c".into())).is_err());
    }

    #[test]
    fn storing_forgets_parts_of_tetraplets() {
        let whole = Rc::new(SecurityTetraplet {
            peer_pk: "p".to_owned(),
            service_id: "s".to_owned(),
            function_name: "f".to_owned(),
            lens: ".$.x".to_owned(),
        });
        let kept = |provenance| {
            let tetraplet = StoredValue::new(Value::Null, whole.clone(), provenance, 0).tetraplet;
            format!(
                "{}|{}|{}|{}",
                tetraplet.peer_pk, tetraplet.service_id, tetraplet.function_name, tetraplet.lens
            )
        };
        let cid = || Cid("c".into());
        assert_eq!(kept(Provenance::ServiceResult { cid: cid() }), "p|s|f|.$.x");
        assert_eq!(kept(Provenance::Canon { cid: cid() }), "p|||.$.x");
        assert_eq!(kept(Provenance::Literal), "p|||");
    }
}
