//! Operands into values, with the tetraplets and the provenance that go along.

use std::rc::Rc;

use super::error_objects::ErrorObject;
use super::machine::Machine;
use super::values::{StoredValue, with_lens};
use super::variables::ResolveResult;
use crate::data::{Provenance, SecurityTetraplet};
use crate::errors::Catchable;
use crate::program::{Accessors, Operand, OperandIndex};
use crate::value::Value;

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
    /// This one with more after its lens.
    Lensed(Rc<SecurityTetraplet>, &'p str),
    /// That of each element.
    Elements(Rc<[StoredValue]>),
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
    pub(crate) fn value_of(&self, index: OperandIndex) -> ResolveResult<Value> {
        match self.run.program.operand(index) {
            Operand::Constant(constant) => Ok(self.constant(constant)),
            Operand::InitPeerId => Ok(self.state.init_peer.clone()),
            _ => self.resolve(index).map(|resolved| resolved.value),
        }
    }

    fn constant(&self, constant: u32) -> Value {
        self.state.caches.constants.get(constant as usize).cloned().unwrap_or_default()
    }

    /// The value of an operand and where it comes from.
    pub(crate) fn resolve(&self, index: OperandIndex) -> ResolveResult<Resolved<'a>> {
        let literal = |value: Value| Resolved {
            value,
            origin: Origin::One(self.state.literal_tetraplet.clone()),
            provenance: Provenance::Literal,
        };
        Ok(match self.run.program.operand(index) {
            Operand::Constant(constant) => literal(self.constant(constant)),
            Operand::InitPeerId => literal(self.state.init_peer.clone()),
            Operand::Timestamp => literal(Value::unsigned(self.run.params.timestamp)),
            Operand::Ttl => literal(Value::unsigned(self.run.params.ttl.into())),
            Operand::Error(lens) => self.error_object(self.state.errors.error(), lens)?,
            Operand::LastError(lens) => self.error_object(self.state.errors.last_error(), lens)?,
            Operand::Scalar(slot, lens) => {
                let stored = self.scalar(slot)?;
                match lens.and_then(|lens| self.run.program.lens(lens)) {
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
                match lens.and_then(|lens| self.run.program.lens(lens)) {
                    None => Resolved {
                        value: canon.value().clone(),
                        origin: Origin::Elements(canon.items.clone()),
                        provenance: canon.provenance(),
                    },
                    Some(lens) => match &lens.accessors {
                        // The text of the functor stands where the service does: AquaVM's mistake, which services see.
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
                match lens.and_then(|lens| self.run.program.lens(lens)) {
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

    /// The length of a canon belongs to the peer that runs, whichever peer made the canon: so
    /// one call can have different tetraplets on different peers, in AquaVM and here.
    fn canon_length(&self, length: usize, service: &str, lens: &str, provenance: Provenance) -> Resolved<'a> {
        let tetraplet = SecurityTetraplet {
            peer_pk: self.run.params.current_peer_id.clone(),
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

    /// AquaVM gives all parts of an error object its tetraplet as it is: lenses do not show.
    fn error_object(&self, error: &ErrorObject, lens: Option<u32>) -> ResolveResult<Resolved<'a>> {
        let value = match lens.and_then(|lens| self.run.program.lens(lens)).map(|lens| &lens.accessors) {
            None => error.object.clone(),
            Some(Accessors::Length) => {
                let elements = error.object.as_array();
                Value::unsigned(
                    elements.ok_or_else(|| Catchable::LengthOfNonArray(error.object.clone()))?.len() as u64,
                )
            }
            Some(Accessors::Path(path)) => self.walk(&error.object, path)?,
        };
        let tetraplet = error.tetraplet.clone().unwrap_or_else(|| self.state.literal_tetraplet.clone());
        Ok(Resolved { value, origin: Origin::One(tetraplet), provenance: error.provenance.clone() })
    }

    /// A peer, service or function: has to be a string.
    pub(crate) fn string_of(&self, index: OperandIndex) -> ResolveResult<Rc<str>> {
        match self.value_of(index)? {
            Value::String(text) => Ok(text),
            value => {
                let name = match self.run.program.operand(index) {
                    Operand::Scalar(slot, _) | Operand::Canon(slot, _) | Operand::CanonMap(slot, _) => {
                        self.name(slot)
                    }
                    _ => self.run.program.print_operand(index).into(),
                };
                Err(Catchable::NonStringInTriplet { name, value }.into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::exec::tests::check;

    #[test]
    fn literals_and_what_the_particle_says() {
        check(
            r##"(call "a" ("s" "f") ["text" 1 -2.5 true [] %init_peer_id% %timestamp% %ttl%])"##,
            &[],
            expect![[r#"
                a: asks s.f("text", 1, -2.5, true, [], "a", 0, 0)
                0: call requested by a, number 1
            "#]],
        );
    }

    #[test]
    fn lengths_of_arrays_canons_and_maps() {
        check(
            r##"(seq (call "a" ("s" "f") [] x) (seq (canon "a" $s #cc) (seq (canon "a" %m #%cc) (call "a" ("s" "g") [x.length #cc.length #%cc.length]))))"##,
            &["[1,2]"],
            expect![[r#"
                a: asks s.f()
                a: asks s.g(2 by .length, 0, 0 by length)
                0: call [1,2] <a:s:f>
                1: canon of 0 <a::>
                2: canon of 0 <a::>
                3: call requested by a, number 2
            "#]],
        );
    }

    #[test]
    fn the_length_of_what_is_not_an_array_fails() {
        check(
            r##"(seq (call "a" ("s" "f") [] x) (ap x.length y))"##,
            &[r#""text""#],
            expect![[r#"
            a: asks s.f()
            a: error 10010: the length functor could applied only to an array-like value, but it's applied to '"text"'
            0: call "text" <a:s:f>
        "#]],
        );
    }
}
