//! `match` and `mismatch`: a body that runs if two values are equal, or are not.

use super::machine::{Flow, Machine};
use super::stage::Stage;
use crate::errors::Catchable;
use crate::program::{NodeId, OperandIndex};

impl Machine<'_> {
    pub(super) fn enter_match(
        &mut self,
        id: NodeId,
        (left, right): (OperandIndex, OperandIndex),
        body: NodeId,
        equal: bool,
    ) -> Flow {
        let values = self.value_of(left).and_then(|left| Ok((left, self.value_of(right)?)));
        if let Ok((left, right)) = &values {
            self.watch(|recorder, place| recorder.compared(place, left, right));
        }
        match values.map(|(left, right)| left == right) {
            Ok(result) if result == equal => self.descend(id, Stage::First, body),
            Ok(_) if equal => Flow::failed(Catchable::MatchValuesNotEqual),
            Ok(_) => Flow::failed(Catchable::MismatchValuesEqual),
            Err(error) => self.wait_or_fail(error).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::exec::tests::check;

    #[test]
    fn equal_values_let_the_body_run() {
        check(
            r##"(seq (call "a" ("s" "f") [] x) (match x.$.k 1 (call "a" ("s" "g") [])))"##,
            &[r#"{"k":1}"#],
            expect![[r#"
                a: asks s.f()
                a: asks s.g()
                0: call {"k":1} <a:s:f>
                1: call requested by a, number 2
            "#]],
        );
    }

    #[test]
    fn different_values_fail() {
        check(
            r##"(match 1 2 (null))"##,
            &[],
            expect![[r#"
            a: error 10001: compared values do not match
        "#]],
        );
    }

    #[test]
    fn an_integer_is_not_a_float() {
        check(
            r##"(match 1 1.0 (null))"##,
            &[],
            expect![[r#"
            a: error 10001: compared values do not match
        "#]],
        );
    }

    #[test]
    fn mismatch_of_equal_values_fails() {
        check(
            r##"(mismatch "x" "x" (null))"##,
            &[],
            expect![[r#"
            a: error 10002: compared values do not mismatch
        "#]],
        );
    }

    #[test]
    fn both_wait_for_their_operands() {
        check(
            r##"(seq (par (call "b" ("s" "f") [] x) (null)) (seq (match x 1 (fail 1 "no")) (call "a" ("s" "g") [])))"##,
            &[],
            expect![[r#"
                a: sends to b
                b: asks s.f()
                0: par, 1 states left, 0 right
                1: call requested by b, number 1
            "#]],
        );
    }
}
