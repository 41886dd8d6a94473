//! `fold` over arrays and canons.

use std::rc::Rc;

use super::iterator::{FoldState, Items};
use super::machine::{Flow, InstrResult, Machine};
use super::resolve::Origin;
use super::stage::Stage;
use super::values::with_lens;
use super::variables::ResolveResult;
use crate::errors::Catchable;
use crate::program::{NodeId, Operand, OperandIndex, Slot};

impl Machine<'_> {
    pub(super) fn enter_fold(
        &mut self,
        id: NodeId,
        iterable: OperandIndex,
        iterator: Slot,
        body: NodeId,
    ) -> Flow {
        match self.items_of(iterable) {
            Ok(items) if items.len() == 0 => Flow::Done,
            Ok(items) => self.begin_fold(FoldState::new(items, id, None), 0, iterator, Stage::First, body),
            Err(error) => self.wait_or_fail(error).into(),
        }
    }

    pub(super) fn resume_fold(&mut self, iterator: Slot, ended: InstrResult) -> Flow {
        self.end_fold(iterator);
        ended.into()
    }

    fn items_of(&self, operand: OperandIndex) -> ResolveResult<Items> {
        match self.run.program.operand(operand) {
            Operand::Canon(slot, None) => return Ok(Items::Elements(self.canon(slot)?.items.clone())),
            Operand::CanonMap(slot, None) => return Ok(Items::Elements(self.canon_map(slot)?.last_pairs())),
            // AquaVM asks whether the map is empty before it looks at the lens: no error then.
            Operand::CanonMap(slot, Some(_)) if self.canon_map(slot)?.pairs.is_empty() => {
                return Ok(Items::Elements(Rc::from([])));
            }
            _ => {}
        }
        let resolved = self.resolve(operand)?;
        if resolved.value.as_array().is_none() {
            let expression = match self.run.program.operand(operand) {
                Operand::Scalar(_, Some(lens))
                | Operand::Canon(_, Some(lens))
                | Operand::CanonMap(_, Some(lens)) => {
                    self.run.program.lens(lens).map_or_else(String::new, |lens| lens.text.to_string())
                }
                _ => self.run.program.print_operand(operand),
            };
            return Err(Catchable::FoldIteratesOverNonArray { value: resolved.value, expression }.into());
        }
        let tetraplet = match resolved.origin {
            Origin::One(tetraplet) => tetraplet,
            Origin::Lensed(tetraplet, lens) => with_lens(&tetraplet, lens),
            Origin::Elements(_) => self.state.literal_tetraplet.clone(),
        };
        Ok(Items::Array { array: resolved.value, tetraplet, provenance: resolved.provenance })
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::exec::tests::check;

    #[test]
    fn each_element_with_its_place() {
        check(
            r##"(seq (call "a" ("s" "f") [] l) (fold l.$.x i (seq (call "a" ("s" "g") [i]) (next i))))"##,
            &[r#"{"x":["p","q"]}"#, "0", "0"],
            expect![[r#"
                a: asks s.f()
                a: asks s.g("p" by .$.x.$.[0])
                a: asks s.g("q" by .$.x.$.[1])
                a: done
                0: call {"x":["p","q"]} <a:s:f>
                1: call, result not kept
                2: call, result not kept
            "#]],
        );
    }

    #[test]
    fn an_empty_array_runs_nothing() {
        check(
            r##"(seq (fold [] i (seq (fail 1 "never") (next i))) (call "a" ("s" "f") []))"##,
            &[],
            expect![[r#"
                a: asks s.f()
                0: call requested by a, number 1
            "#]],
        );
    }

    #[test]
    fn of_a_canon_map_each_key_with_its_last_pair() {
        check(
            r##"(seq (seq (ap ("k" 1) %m) (seq (ap ("l" 2) %m) (ap ("k" 3) %m))) (seq (canon "a" %m #%c)
 (fold #%c i (par (call "a" ("s" "g") [i.$.value]) (next i)))))"##,
            &[],
            expect![[r#"
                a: asks s.g(2 by .$.value); asks s.g(3 by .$.value)
                0: ap, generation 0
                1: ap, generation 0
                2: ap, generation 0
                3: canon of 3 <a::>
                  {"key":"k","value":1} <a::>
                  {"key":"l","value":2} <a::>
                  {"key":"k","value":3} <a::>
                4: par, 1 states left, 2 right
                5: call requested by a, number 1
                6: par, 1 states left, 0 right
                7: call requested by a, number 2
            "#]],
        );
    }

    #[test]
    fn what_is_not_an_array_fails() {
        check(
            r##"(seq (call "a" ("s" "f") [] x) (fold x i (seq (null) (next i))))"##,
            &["5"],
            expect![[r#"
            a: asks s.f()
            a: error 10005: expression 'x' returned non-array value '5' for fold iterable
            0: call 5 <a:s:f>
        "#]],
        );
    }

    #[test]
    fn an_error_in_one_iteration_ends_all() {
        check(
            r##"(seq (call "a" ("s" "f") [] l) (fold l i (seq (match i 1 (call "a" ("s" "g") [i])) (next i))))"##,
            &["[1,2,3]", "0"],
            expect![[r#"
                a: asks s.f()
                a: asks s.g(1 by .$.[0])
                a: error 10001: compared values do not match
                0: call [1,2,3] <a:s:f>
                1: call, result not kept
            "#]],
        );
    }
}
