//! `ap`: a value into a scalar, a stream or a stream map.

use std::rc::Rc;

use super::contents::check_depth;
use super::machine::{InstrResult, Machine};
use super::resolve::Origin;
use super::scopes::Binding;
use super::values::{Key, StoredValue, with_lens};
use crate::data::SecurityTetraplet;
use crate::errors::Catchable;
use crate::program::{NodeId, Operand, OperandIndex, Stream, Target};
use crate::trace::new_ap;

impl Machine<'_> {
    pub(super) fn enter_ap(&mut self, id: NodeId, source: OperandIndex, target: Target) -> InstrResult {
        let resolved = match self.resolve(source) {
            Ok(resolved) => resolved,
            Err(error) => return self.wait_or_fail(error),
        };
        check_depth(&resolved.value)?;
        // A source gives one tetraplet; of a canon as a whole, that of the canon itself.
        let tetraplet = self.whole_tetraplet(source, resolved.origin);
        let stored = |position| StoredValue::new(resolved.value, tetraplet, resolved.provenance, position);
        match target {
            Target::Scalar(slot) => self.bind(slot, Binding::Scalar(stored(0))),
            Target::Stream(stream) => {
                let merged = self.state.trace.merge_ap();
                let generation = self.traced(id, merged)?;
                let stored = stored(self.state.trace.position());
                self.add_to_stream(stream, stored, generation)?;
                self.write(new_ap());
                Ok(())
            }
        }
    }

    pub(super) fn enter_ap_map(
        &mut self,
        id: NodeId,
        key: OperandIndex,
        value: OperandIndex,
        map: Stream,
    ) -> InstrResult {
        let resolved = match self.resolve(value) {
            Ok(resolved) => resolved,
            Err(error) => return self.wait_or_fail(error),
        };
        let merged = self.state.trace.merge_ap();
        let generation = self.traced(id, merged)?;
        // The state is taken by now and only written below: AquaVM looks at the key last. A key that is not there yet, or
        // a bad one that a `xor` catches, leaves a state out, and the next run can end with 20000.
        let key = match self.value_of(key) {
            Ok(key) => Key::of(&key).ok_or_else(|| Catchable::StreamMapKey { map: self.name(map.slot) })?,
            Err(error) => {
                self.state.suspension.unsteady = true;
                return self.wait_or_fail(error);
            }
        };
        let pair = key.pair(resolved.value);
        check_depth(&pair)?;
        let tetraplet = self.whole_tetraplet(value, resolved.origin);
        let stored = StoredValue::new(pair, tetraplet, resolved.provenance, self.state.trace.position());
        self.add_to_stream(map, stored, generation)?;
        self.write(new_ap());
        Ok(())
    }

    /// The one tetraplet that goes into a variable: of a canon as a whole, that of the canon.
    fn whole_tetraplet(&self, operand: OperandIndex, origin: Origin<'_>) -> Rc<SecurityTetraplet> {
        match (origin, self.run.program.operand(operand)) {
            (Origin::One(tetraplet), _) => tetraplet,
            (Origin::Lensed(tetraplet, lens), _) => with_lens(&tetraplet, lens),
            (Origin::Elements(_), Operand::Canon(slot, _)) => self
                .canon(slot)
                .map_or_else(|_| self.state.literal_tetraplet.clone(), |canon| canon.tetraplet.clone()),
            (Origin::Elements(_), Operand::CanonMap(slot, _)) => self
                .canon_map(slot)
                .map_or_else(|_| self.state.literal_tetraplet.clone(), |map| map.tetraplet.clone()),
            (Origin::Elements(_), _) => self.state.literal_tetraplet.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::exec::tests::check;

    #[test]
    fn a_literal_and_a_lens_into_scalars() {
        check(
            r##"(seq (call "a" ("s" "f") [] x)
 (seq (ap "lit" y) (seq (ap x.$.list.[1] z) (call "a" ("s" "g") [y z]))))"##,
            &[r#"{"list":[1,2]}"#, "0"],
            expect![[r#"
                a: asks s.f()
                a: asks s.g("lit", 2 by .$.list.[1])
                a: done
                0: call {"list":[1,2]} <a:s:f>
                1: call, result not kept
            "#]],
        );
    }

    #[test]
    fn a_value_into_a_stream_leaves_a_state() {
        check(
            r##"(seq (ap 1 $s) (seq (ap 2 $s) (canon "a" $s #c)))"##,
            &[],
            expect![[r#"
            a: done
            0: ap, generation 0
            1: ap, generation 0
            2: canon of 2 <a::>
              1 <a::>
              2 <a::>
        "#]],
        );
    }

    #[test]
    fn pairs_into_a_map() {
        check(
            r##"(seq (ap ("k" 1) %m) (seq (ap (2 "v") %m) (canon "a" %m #%c)))"##,
            &[],
            expect![[r#"
            a: done
            0: ap, generation 0
            1: ap, generation 0
            2: canon of 2 <a::>
              {"key":"k","value":1} <a::>
              {"key":2,"value":"v"} <a::>
        "#]],
        );
    }

    #[test]
    fn a_key_is_a_string_or_an_integer() {
        check(
            r##"(seq (call "a" ("s" "f") [] k) (ap (k 1) %m))"##,
            &["[1]"],
            expect![[r#"
            a: asks s.f()
            a: error 10012: unsupported type for %m map's key
            0: call [1] <a:s:f>
        "#]],
        );
    }

    #[test]
    fn it_waits_for_its_source() {
        check(
            r##"(seq (seq (call "b" ("s" "f") [] x) (ap x $s)) (call "a" ("s" "f") []))"##,
            &[],
            expect![[r#"
                a: sends to b
                b: asks s.f()
                0: call requested by b, number 1
            "#]],
        );
    }
}
