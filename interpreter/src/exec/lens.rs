//! Lenses: fields and elements of values, canons and canon maps.

use std::rc::Rc;

use super::machine::Machine;
use super::values::{CanonMap, Key, StoredValue, array_of, with_lens};
use super::variables::ResolveResult;
use crate::data::SecurityTetraplet;
use crate::errors::{Catchable, ExecutionError, LensError};
use crate::program::{Accessor, Slot};
use crate::value::{Number, Value};

impl From<LensError> for Box<ExecutionError> {
    fn from(error: LensError) -> Self {
        Catchable::Lens(error).into()
    }
}

impl Machine<'_> {
    /// Into a plain value.
    pub(crate) fn walk(&self, value: &Value, path: &[Accessor]) -> ResolveResult<Value> {
        let mut at = value;
        for accessor in path {
            at = match accessor {
                Accessor::Field(name) => field(at, name)?,
                Accessor::Index(index) => element(at, *index)?,
                Accessor::Variable(slot) => match self.scalar(*slot)?.value {
                    Value::String(name) => field(at, &name)?,
                    Value::Number(number) => element(at, index(number)?)?,
                    other => return Err(LensError::AccessorType(other).into()),
                },
            };
        }
        Ok(at.clone())
    }

    /// Into the elements of a canon stream: the first step selects one.
    pub(crate) fn walk_canon<'i>(
        &self,
        items: &'i [StoredValue],
        path: &[Accessor],
    ) -> ResolveResult<(&'i StoredValue, Value)> {
        let (first, rest) = match path.split_first() {
            Some((Accessor::Index(index), rest)) => (*index, rest),
            Some((Accessor::Field(name), _)) => return Err(LensError::FieldOfStream((&**name).into()).into()),
            Some((Accessor::Variable(slot), rest)) => match self.scalar(*slot)?.value {
                Value::Number(number) => (index(number)?, rest),
                other => return Err(LensError::StreamAccessorType(other).into()),
            },
            None => (0, path),
        };
        let too_short = || LensError::CanonStreamTooShort { size: items.len(), index: first };
        let item = items.get(first as usize).ok_or_else(too_short)?;
        Ok((item, self.walk(&item.value, rest)?))
    }

    /// Into a canon map: the first step is a key, the second selects one of its values.
    /// `text` is that of the whole lens.
    pub(crate) fn walk_canon_map(
        &self,
        map: &CanonMap,
        path: &[Accessor],
        text: &str,
    ) -> ResolveResult<(Value, Rc<SecurityTetraplet>)> {
        let Some((first, rest)) = path.split_first() else {
            return Ok((map.value().clone(), map.tetraplet.clone()));
        };
        let key = match first {
            Accessor::Field(name) => Key::String((&**name).into()),
            Accessor::Index(index) => Key::Signed((*index).into()),
            Accessor::Variable(slot) => self.key_by_variable(*slot)?,
        };
        // A canon map's own lens is replaced by the key, not extended, as in AquaVM; a scalar's is extended.
        let by_key =
            || with_lens(&SecurityTetraplet { lens: String::new(), ..(*map.tetraplet).clone() }, text);
        let Some(values) = map.get(&key) else { return Ok((Value::array(Vec::new()), by_key())) };
        if rest.is_empty() {
            return Ok((array_of(values), by_key()));
        }
        let (item, value) = self.walk_canon(values, rest)?;
        let mut text = String::new();
        for accessor in rest.iter().skip(1) {
            accessor.write(self.run.program, &mut text);
        }
        let tetraplet =
            if text.is_empty() { item.tetraplet.clone() } else { with_lens(&item.tetraplet, &text) };
        Ok((value, tetraplet))
    }

    fn key_by_variable(&self, slot: Slot) -> ResolveResult<Key> {
        let value = self.scalar(slot)?.value;
        if self.state.iterators.get(slot as usize).is_some_and(Option::is_some) {
            return Err(LensError::MapAccessorIsIterable.into());
        }
        Key::of(&value).ok_or_else(|| LensError::MapAccessorType(value).into())
    }
}

fn index(number: Number) -> Result<u32, LensError> {
    match number {
        Number::Unsigned(number) => u32::try_from(number).ok(),
        _ => None,
    }
    .ok_or(LensError::IndexNotU32(Value::Number(number)))
}

fn element(value: &Value, index: u32) -> Result<&Value, LensError> {
    match value.as_array() {
        Some(items) => items.get(index as usize).ok_or_else(|| LensError::NoSuchIndex(value.clone(), index)),
        None => Err(LensError::IndexOfNonArray(value.clone(), index)),
    }
}

fn field<'v>(value: &'v Value, name: &str) -> Result<&'v Value, LensError> {
    match value.as_object() {
        Some(object) => object.get(name).ok_or_else(|| LensError::NoSuchField(value.clone(), name.into())),
        None => Err(LensError::FieldOfNonObject(value.clone(), name.into())),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::exec::tests::check;

    #[test]
    fn fields_elements_and_names_in_brackets() {
        check(
            r##"(seq (call "a" ("s" "f") [] x) (seq (ap "k" name) (call "a" ("s" "g") [x.$.k.[1] x.$.[name]])))"##,
            &[r#"{"k":[1,2]}"#],
            expect![[r#"
                a: asks s.f()
                a: asks s.g(2 by .$.k.[1], [1,2] by .$.[name])
                0: call {"k":[1,2]} <a:s:f>
                1: call requested by a, number 2
            "#]],
        );
    }

    #[test]
    fn a_key_that_a_canon_map_lacks_gives_an_empty_array() {
        check(
            r##"(seq (ap ("k" 1) %m) (seq (canon "a" %m #%c) (call "a" ("s" "g") [#%c.$.k #%c.$.k.[0] #%c.$.zz.[3]])))"##,
            &[],
            expect![[r#"
                a: asks s.g([1] by .$.k, 1, [] by .$.zz.[3])
                0: ap, generation 0
                1: canon of 1 <a::>
                  {"key":"k","value":1} <a::>
                2: call requested by a, number 1
            "#]],
        );
    }

    #[test]
    fn an_element_of_a_canon_has_its_own_tetraplet() {
        check(
            r##"(seq (call "a" ("s" "f") [] $s) (seq (canon "a" $s #cc) (call "a" ("s" "g") [#cc.$.[0].x])))"##,
            &[r#"{"x":1}"#],
            expect![[r#"
                a: asks s.f()
                a: asks s.g(1)
                0: call into stream, generation 0: {"x":1} <a:s:f>
                1: canon of 1 <a::>
                  {"x":1} <a:s:f>
                2: call requested by a, number 2
            "#]],
        );
    }

    #[test]
    fn a_field_that_is_not_there_fails() {
        check(
            r##"(seq (call "a" ("s" "f") [] x) (ap x.$.no y))"##,
            &[r#"{"k":1}"#],
            expect![[r#"
            a: asks s.f()
            a: error 10007: value '{"k":1}' does not contain element with field name = 'no'
            0: call {"k":1} <a:s:f>
        "#]],
        );
    }

    #[test]
    fn a_canon_that_is_too_short_fails() {
        check(
            r##"(seq (canon "a" $s #cc) (call "a" ("s" "g") [#cc.$.[2]]))"##,
            &[],
            expect![[r#"
            a: error 10007: lambda is applied to a stream that have only '0' elements, but '2' requested
            0: canon of 0 <a::>
        "#]],
        );
    }
}
