//! `canon`: the content of a stream or map, fixed at one peer.

use std::rc::Rc;

use super::contents::value_of_raw;
use super::machine::{InstrResult, Machine};
use super::scopes::Binding;
use super::values::{CanonMap, CanonStream, StoredValue, first_values};
use super::variables::ResolveResult;
use crate::data::{
    CanonElement, CanonResult, CanonResultAggregate, Cid, ExecutedState, Provenance, SecurityTetraplet,
};
use crate::errors::Uncatchable;
use crate::program::{CanonSource, NodeId, OperandIndex, Slot};
use crate::recorder::Wait;

impl Machine<'_> {
    pub(super) fn enter_canon(
        &mut self,
        id: NodeId,
        peer: OperandIndex,
        source: CanonSource,
        target: Slot,
    ) -> InstrResult {
        // The state is taken before anything can fail or wait, as in AquaVM. A bad peer that a `xor` catches therefore
        // leaves a state out, and the next run can find the state of another instruction in its place (20000).
        let merged = self.state.trace.merge_canon();
        let state = self.traced(id, merged)?;
        let peer = match self.string_of(peer) {
            Ok(peer) => peer,
            Err(error) if state.is_none() => {
                self.state.suspension.unsteady = true;
                return self.wait_or_fail(error);
            }
            Err(error) => return Err(error),
        };
        let state = match state {
            Some(CanonResult::Executed(cid)) => {
                let tetraplet = Rc::new(SecurityTetraplet::literal(&*peer));
                let items = self.load_canon(&cid, &tetraplet)?;
                return self.bind_canon(&peer, source, target, items, tetraplet, cid);
            }
            _ if peer == self.state.current_peer => return self.create_canon(&peer, source, target),
            Some(state) => {
                self.wait(Wait::Peer { peer: &peer, sent_now: false });
                state
            }
            None => {
                self.wait(Wait::Peer { peer: &peer, sent_now: true });
                self.run.next_peers.insert(peer);
                CanonResult::RequestSentBy(self.state.sender.clone())
            }
        };
        self.write(ExecutedState::Canon(state));
        Ok(())
    }

    fn create_canon(&mut self, peer: &Rc<str>, source: CanonSource, target: Slot) -> InstrResult {
        let (CanonSource::Stream(stream) | CanonSource::Map(stream) | CanonSource::MapToScalar(stream)) =
            source;
        // A stream that was never written is an empty one: `canon` does not wait for values.
        let mut items =
            self.state.streams.get_mut(stream).map_or_else(|| Rc::from([]), |stream| stream.fixed());
        let tetraplet = Rc::new(SecurityTetraplet::literal(&**peer));
        if let CanonSource::MapToScalar(_) = source {
            let value = first_values(&items)?;
            items = Rc::from([StoredValue {
                value,
                tetraplet: tetraplet.clone(),
                provenance: Provenance::Literal,
                position: 0,
            }]);
        }
        let mut values = Vec::with_capacity(items.len());
        self.state.stores.values.reserve(items.len());
        self.state.stores.canon_elements.reserve(items.len());
        for item in items.iter() {
            let element = CanonElement {
                value: self.track_value(&item.value),
                tetraplet: self.track_tetraplet(&item.tetraplet),
                provenance: item.provenance.clone(),
            };
            self.scratch.text.clear();
            element.write_hashed(&mut self.scratch.text);
            values.push(self.state.stores.canon_elements.add(Cid::of(&self.scratch.text), Rc::new(element)));
        }
        let result = CanonResultAggregate { tetraplet: self.track_tetraplet(&tetraplet), values };
        let cid = self.state.stores.canon_results.add(Cid::of(&result.hashed_text()), Rc::new(result));
        self.bind_canon(peer, source, target, items, tetraplet, cid)
    }

    /// The elements of a canon out of the data; it has to be of that peer.
    fn load_canon(&self, cid: &Cid, tetraplet: &SecurityTetraplet) -> ResolveResult<Rc<[StoredValue]>> {
        let missing = |kind, cid: &Cid| Uncatchable::NotInStore { kind, cid: cid.0.clone() };
        let result = self.state.stores.canon_results.get(cid);
        let result = result.ok_or_else(|| missing("canon result aggregate", cid))?;
        let made = self.state.stores.tetraplets.get(&result.tetraplet);
        let made = made.ok_or_else(|| missing("tetraplet", &result.tetraplet))?;
        if **made != *tetraplet {
            return Err(Uncatchable::ParametersMismatch {
                what: "canon tetraplet",
                expected: format!("{tetraplet:?}"),
                got: format!("{made:?}"),
            }
            .into());
        }
        let element = |cid: &Cid| {
            let element =
                self.state.stores.canon_elements.get(cid).ok_or_else(|| missing("canon aggregate", cid))?;
            let value = self
                .state
                .stores
                .values
                .get(&element.value)
                .ok_or_else(|| missing("value", &element.value))?;
            let tetraplet = self.state.stores.tetraplets.get(&element.tetraplet);
            let tetraplet = tetraplet.ok_or_else(|| missing("tetraplet", &element.tetraplet))?;
            let value = value_of_raw(value, &element.value)?.clone();
            Ok(StoredValue::new(value, tetraplet.clone(), element.provenance.clone(), 0))
        };
        Ok(result.values.iter().map(element).collect::<Result<Vec<_>, Uncatchable>>()?.into())
    }

    fn bind_canon(
        &mut self,
        peer: &Rc<str>,
        source: CanonSource,
        target: Slot,
        items: Rc<[StoredValue]>,
        tetraplet: Rc<SecurityTetraplet>,
        cid: Cid,
    ) -> InstrResult {
        let binding = match source {
            CanonSource::Stream(_) => {
                Binding::Canon(Rc::new(CanonStream::new(items, tetraplet, cid.clone())))
            }
            CanonSource::Map(_) => Binding::CanonMap(Rc::new(CanonMap::new(items, tetraplet, cid.clone())?)),
            CanonSource::MapToScalar(_) => {
                let value = items.first().ok_or(Uncatchable::CanonMapScalar)?.value.clone();
                let provenance = Provenance::Canon { cid: cid.clone() };
                Binding::Scalar(StoredValue::new(value, tetraplet, provenance, self.state.trace.position()))
            }
        };
        if *peer == self.state.current_peer {
            self.state.produced.push(cid.clone());
        }
        self.bind(target, binding)?;
        self.write(ExecutedState::Canon(CanonResult::Executed(cid)));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::exec::tests::check;

    #[test]
    fn a_stream_is_fixed_with_where_its_values_come_from() {
        check(
            r##"(seq (seq (ap 1 $s) (call "a" ("s" "f") [] $s)) (seq (canon "a" $s #c) (call "a" ("s" "g") [#c])))"##,
            &["2"],
            expect![[r#"
                a: asks s.f()
                a: asks s.g([1,2])
                0: ap, generation 0
                1: call into stream, generation 1: 2 <a:s:f>
                2: canon of 2 <a::>
                  1 <a::>
                  2 <a:s:f>
                3: call requested by a, number 2
            "#]],
        );
    }

    #[test]
    fn a_stream_that_was_never_written_is_empty() {
        check(
            r##"(seq (canon "a" $s #c) (call "a" ("s" "g") [#c]))"##,
            &[],
            expect![[r#"
            a: asks s.g([])
            0: canon of 0 <a::>
            1: call requested by a, number 1
        "#]],
        );
    }

    #[test]
    fn a_map_into_a_scalar_keeps_the_first_value_of_each_key() {
        check(
            r##"(seq (ap ("k" 1) %m) (seq (ap ("k" 2) %m) (seq (canon "a" %m x) (call "a" ("s" "g") [x]))))"##,
            &[],
            expect![[r#"
                a: asks s.g({"k":1})
                0: ap, generation 0
                1: ap, generation 0
                2: canon of 1 <a::>
                  {"k":1} <a::>
                3: call requested by a, number 1
            "#]],
        );
    }

    #[test]
    fn another_peer_makes_its_own() {
        check(
            r##"(seq (ap 1 $s) (seq (canon "b" $s #c) (call "b" ("s" "g") [#c])))"##,
            &[],
            expect![[r#"
            a: sends to b
            b: asks s.g([1])
            0: ap, generation 0
            1: canon of 1 <b::>
              1 <a::>
            2: call requested by b, number 1
        "#]],
        );
    }

    #[test]
    fn a_peer_has_to_be_a_string() {
        check(
            r##"(seq (call "a" ("s" "f") [] x) (canon x $s #c))"##,
            &["5"],
            expect![[r#"
            a: asks s.f()
            a: error 10011: call cannot resolve non-String triplet variable part `x` with value '5'
            0: call 5 <a:s:f>
        "#]],
        );
    }
}
