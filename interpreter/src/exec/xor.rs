//! `xor`: right, if left fails.

use super::machine::{Flow, InstrResult, Machine};
use super::stage::Stage;
use crate::errors::ExecutionError;
use crate::program::NodeId;

impl Machine<'_> {
    pub(super) fn enter_xor(&mut self, id: NodeId, left: NodeId) -> Flow {
        self.state.complete = true;
        self.descend(id, Stage::First, left)
    }

    pub(super) fn resume_xor(&mut self, id: NodeId, stage: Stage, right: NodeId, ended: InstrResult) -> Flow {
        if stage == Stage::Second {
            self.state.errors.xor_end(ended.is_ok());
            return ended.into();
        }
        match ended {
            Ok(()) => Flow::Done,
            Err(error) => match *error {
                ExecutionError::Catchable(error) => {
                    self.state.complete = true;
                    self.state.errors.xor_right(error);
                    self.descend(id, Stage::Second, right)
                }
                error => Flow::failed(error),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::exec::tests::check;

    #[test]
    fn right_runs_after_an_error_on_the_left() {
        check(
            r##"(xor (call "a" ("s" "f") []) (call "a" ("s" "g") [:error:.$.error_code :error:.$.message]))"##,
            &[r#"!"x""#],
            expect![[r#"
                a: asks s.f()
                a: asks s.g(10000, "Local service error, ret_code is 1, error message is '\"x\"'")
                0: call failed {"message":"\"x\"","ret_code":1} <a:s:f>
                1: call requested by a, number 2
            "#]],
        );
    }

    #[test]
    fn right_does_not_run_while_left_waits() {
        check(
            r##"(xor (call "b" ("s" "f") []) (call "a" ("s" "g") []))"##,
            &[],
            expect![[r#"
            a: sends to b
            b: asks s.f()
            0: call requested by b, number 1
        "#]],
        );
    }

    #[test]
    fn states_of_the_failed_left_side_stay() {
        check(
            r##"(xor (seq (ap 1 $s) (fail 1 "x")) (ap 2 $s))"##,
            &[],
            expect![[r#"
            a: done
            0: ap, generation 0
            1: ap, generation 0
        "#]],
        );
    }

    #[test]
    fn an_error_on_the_right_is_the_error() {
        check(
            r##"(xor (fail 1 "left") (fail 2 "right"))"##,
            &[],
            expect![[r#"
            a: error 10006: fail with '{"error_code":2,"instruction":"fail 2 \"right\"","message":"right","peer_id":"a"}' is used without corresponding xor
        "#]],
        );
    }

    #[test]
    fn an_uncatchable_error_is_not_caught() {
        check(
            r##"(xor (seq (ap 1 x) (ap 2 x)) (call "a" ("s" "g") []))"##,
            &[],
            expect![[r#"
            a: error 20007: trying to shadow variable 'x', but shadowing is allowed only inside fold blocks
        "#]],
        );
    }
}
