//! Operands into values, with the tetraplets and the provenance that go along.

use std::rc::Rc;

use super::error_objects::ErrorObject;
use super::scopes::{Binding, Found};
use super::values::{CanonMap, CanonStream, Stored, with_lens};
use super::{Ended, Machine};
use crate::data::{Cid, Provenance, SecurityTetraplet};
use crate::errors::{Catchable, ExecutionError, Uncatchable};
use crate::program::{Accessors, Operand, OperandIndex, Slot};
use crate::recorder::Bound;
use crate::value::Value;

pub(crate) type Resolving<T> = Result<T, Box<ExecutionError>>;

/// An operand that has a value.
#[derive(Debug)]
pub(crate) struct Resolved<'p> {
    pub(crate) value: Value,
    pub(crate) origin: Origin<'p>,
    pub(crate) provenance: Provenance,
}

/// Tetraplets, not made before they are asked for: most arguments are only compared.
#[derive(Debug)]
pub(crate) enum Origin<'p> {
    /// This one.
    One(Rc<SecurityTetraplet>),
    /// This one with more behind its lens.
    Lensed(Rc<SecurityTetraplet>, &'p str),
    /// That of each element.
    Elements(Rc<[Stored]>),
}

impl Origin<'_> {
    /// As call requests carry them: one, or one for each element of a canon.
    pub(crate) fn all(self) -> Vec<Rc<SecurityTetraplet>> {
        match self {
            Origin::One(tetraplet) => vec![tetraplet],
            Origin::Lensed(tetraplet, lens) => vec![with_lens(&tetraplet, lens)],
            Origin::Elements(items) => items.iter().map(|item| item.tetraplet.clone()).collect(),
        }
    }
}

impl<'a> Machine<'a> {
    /// The value of an operand alone.
    pub(crate) fn value_of(&self, index: OperandIndex) -> Resolving<Value> {
        match self.program.operand(index) {
            Operand::Constant(constant) => Ok(self.constant(constant)),
            Operand::InitPeerId => Ok(self.init_peer.clone()),
            _ => self.resolve(index).map(|resolved| resolved.value),
        }
    }

    fn constant(&self, constant: u32) -> Value {
        self.caches.constants.get(constant as usize).cloned().unwrap_or_default()
    }

    /// The value of an operand and where it comes from.
    pub(crate) fn resolve(&self, index: OperandIndex) -> Resolving<Resolved<'a>> {
        let literal = |value: Value| Resolved {
            value,
            origin: Origin::One(self.literal_tetraplet.clone()),
            provenance: Provenance::Literal,
        };
        Ok(match self.program.operand(index) {
            Operand::Constant(constant) => literal(self.constant(constant)),
            Operand::InitPeerId => literal(self.init_peer.clone()),
            Operand::Timestamp => literal(Value::unsigned(self.params.timestamp)),
            Operand::Ttl => literal(Value::unsigned(self.params.ttl.into())),
            Operand::Error(lens) => self.error_object(self.errors.error(), lens)?,
            Operand::LastError(lens) => self.error_object(self.errors.last_error(), lens)?,
            Operand::Scalar(slot, lens) => {
                let stored = self.scalar(slot)?;
                match lens.and_then(|lens| self.program.lens(lens)) {
                    None => Resolved {
                        value: stored.value,
                        origin: Origin::One(stored.tetraplet),
                        provenance: stored.provenance,
                    },
                    Some(lens) => match &lens.accessors {
                        Accessors::Length => {
                            let elements = stored.value.as_array();
                            let length = elements
                                .ok_or_else(|| Catchable::LengthOfNonArray(stored.value.clone()))?
                                .len();
                            let tetraplet = SecurityTetraplet {
                                lens: ".length".to_owned(),
                                ..SecurityTetraplet::default()
                            };
                            Resolved {
                                value: Value::unsigned(length as u64),
                                origin: Origin::One(Rc::new(tetraplet)),
                                provenance: stored.provenance,
                            }
                        }
                        Accessors::Path(path) => Resolved {
                            value: self.walk(&stored.value, path)?,
                            origin: Origin::Lensed(stored.tetraplet, &lens.text),
                            provenance: stored.provenance,
                        },
                    },
                }
            }
            Operand::Canon(slot, lens) => {
                let canon = self.canon(slot)?;
                match lens.and_then(|lens| self.program.lens(lens)) {
                    None => Resolved {
                        value: canon.value().clone(),
                        origin: Origin::Elements(canon.items.clone()),
                        provenance: canon.provenance(),
                    },
                    Some(lens) => match &lens.accessors {
                        // The text of the functor really stands where the service does.
                        Accessors::Length => {
                            self.canon_length(canon.items.len(), ".length", "", canon.provenance())
                        }
                        Accessors::Path(path) => {
                            let (item, value) = self.walk_canon(&canon.items, path)?;
                            Resolved {
                                value,
                                origin: Origin::One(item.tetraplet.clone()),
                                provenance: item.provenance.clone(),
                            }
                        }
                    },
                }
            }
            Operand::CanonMap(slot, lens) => {
                let map = self.canon_map(slot)?;
                match lens.and_then(|lens| self.program.lens(lens)) {
                    None => Resolved {
                        value: map.value().clone(),
                        origin: Origin::Elements(map.pairs.clone()),
                        provenance: map.provenance(),
                    },
                    Some(lens) => match &lens.accessors {
                        Accessors::Length => {
                            self.canon_length(map.pairs.len(), "", "length", map.provenance())
                        }
                        Accessors::Path(path) => {
                            let (value, tetraplet) = self.walk_canon_map(&map, path, &lens.text)?;
                            Resolved { value, origin: Origin::One(tetraplet), provenance: map.provenance() }
                        }
                    },
                }
            }
        })
    }

    /// The length of a canon belongs to the peer that runs, whoever made the canon.
    fn canon_length(&self, length: usize, service: &str, lens: &str, provenance: Provenance) -> Resolved<'a> {
        let tetraplet = SecurityTetraplet {
            peer_pk: self.params.current_peer_id.clone(),
            service_id: service.to_owned(),
            function_name: String::new(),
            lens: lens.to_owned(),
        };
        Resolved {
            value: Value::unsigned(length as u64),
            origin: Origin::One(Rc::new(tetraplet)),
            provenance,
        }
    }

    /// Lenses of error objects do not show in their tetraplets.
    fn error_object(&self, error: &ErrorObject, lens: Option<u32>) -> Resolving<Resolved<'a>> {
        let value = match lens.and_then(|lens| self.program.lens(lens)).map(|lens| &lens.accessors) {
            None => error.object.clone(),
            Some(Accessors::Length) => {
                let elements = error.object.as_array();
                Value::unsigned(
                    elements.ok_or_else(|| Catchable::LengthOfNonArray(error.object.clone()))?.len() as u64,
                )
            }
            Some(Accessors::Path(path)) => self.walk(&error.object, path)?,
        };
        let tetraplet = error.tetraplet.clone().unwrap_or_else(|| self.literal_tetraplet.clone());
        Ok(Resolved { value, origin: Origin::One(tetraplet), provenance: error.provenance.clone() })
    }

    /// A scalar, or the element that an iterator stands on.
    pub(crate) fn scalar(&self, slot: Slot) -> Resolving<Stored> {
        let iterator = self.iterators.get(slot as usize).and_then(Option::as_deref);
        match (self.scopes.get(slot), iterator) {
            (Found::Value(Binding::Scalar(stored)), None) => Ok(stored.clone()),
            (Found::Value(_), Some(_)) => Err(Uncatchable::VariableAndIterator(self.name(slot)).into()),
            (Found::Unset, _) => Err(Catchable::VariableWasNotInitializedAfterNew(self.name(slot)).into()),
            (Found::Nothing, Some(iterator)) => Ok(iterator.current()),
            (Found::Nothing | Found::Value(_), None) => {
                Err(Catchable::VariableNotFound(self.name(slot)).into())
            }
        }
    }

    pub(crate) fn canon(&self, slot: Slot) -> Resolving<Rc<CanonStream>> {
        match self.scopes.get(slot) {
            Found::Value(Binding::Canon(canon)) => Ok(canon.clone()),
            found => Err(self.missing(slot, &found)),
        }
    }

    pub(crate) fn canon_map(&self, slot: Slot) -> Resolving<Rc<CanonMap>> {
        match self.scopes.get(slot) {
            Found::Value(Binding::CanonMap(map)) => Ok(map.clone()),
            found => Err(self.missing(slot, &found)),
        }
    }

    fn missing(&self, slot: Slot, found: &Found<'_>) -> Box<ExecutionError> {
        match found {
            Found::Unset => Catchable::VariableWasNotInitializedAfterNew(self.name(slot)).into(),
            _ => Catchable::VariableNotFound(self.name(slot)).into(),
        }
    }

    pub(crate) fn name(&self, slot: Slot) -> Rc<str> {
        self.program.name(slot).into()
    }

    /// A peer, service or function: has to be a string.
    pub(crate) fn string_of(&self, index: OperandIndex) -> Resolving<Rc<str>> {
        match self.value_of(index)? {
            Value::String(text) => Ok(text),
            value => {
                let name = match self.program.operand(index) {
                    Operand::Scalar(slot, _) | Operand::Canon(slot, _) | Operand::CanonMap(slot, _) => {
                        self.name(slot)
                    }
                    _ => self.program.print_operand(index).into(),
                };
                Err(Catchable::NonStringInTriplet { name, value }.into())
            }
        }
    }

    /// Binds a variable.
    pub(crate) fn bind(&mut self, slot: Slot, binding: Binding) -> Ended {
        if !self.scopes.can_set(slot) {
            return Err(Uncatchable::Shadowing(self.name(slot)).into());
        }
        let name = self.program.name(slot);
        self.watch(|recorder, place| {
            let canon = |cid: &Cid| Provenance::Canon { cid: cid.clone() };
            match &binding {
                Binding::Scalar(Stored { value, tetraplet, provenance, .. }) => {
                    recorder.bound(place, Bound { name, value, tetraplet, provenance });
                }
                Binding::Canon(bound) => {
                    let (value, tetraplet) = (bound.value(), &*bound.tetraplet);
                    recorder.bound(place, Bound { name, value, tetraplet, provenance: &canon(&bound.cid) });
                }
                Binding::CanonMap(bound) => {
                    let (value, tetraplet) = (bound.value(), &*bound.tetraplet);
                    recorder.bound(place, Bound { name, value, tetraplet, provenance: &canon(&bound.cid) });
                }
            }
        });
        self.scopes.set(slot, binding);
        Ok(())
    }
}
