//! `seq`: left, then right if left is complete.

use super::machine::{Flow, InstrResult, Machine};
use super::stage::Stage;
use crate::program::NodeId;

impl Machine<'_> {
    pub(super) fn enter_seq(&mut self, id: NodeId, left: NodeId) -> Flow {
        self.state.complete = true;
        self.descend(id, Stage::SeqLeft, left)
    }

    pub(super) fn resume_seq(&mut self, id: NodeId, stage: Stage, right: NodeId, ended: InstrResult) -> Flow {
        if stage == Stage::SeqLeft && ended.is_ok() && self.state.complete {
            return self.descend(id, Stage::Second, right);
        }
        ended.into()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::exec::tests::check;

    #[test]
    fn right_runs_once_left_is_complete() {
        check(
            r##"(seq (call "a" ("s" "f") [] x) (call "a" ("s" "g") [x]))"##,
            &["1", "2"],
            expect![[r#"
            a: asks s.f()
            a: asks s.g(1)
            a: done
            0: call 1 <a:s:f>
            1: call, result not kept
        "#]],
        );
    }

    #[test]
    fn right_does_not_run_while_left_waits() {
        check(
            r##"(seq (call "b" ("s" "f") []) (call "a" ("s" "g") []))"##,
            &[],
            expect![[r#"
            a: sends to b
            b: asks s.f()
            0: call requested by b, number 1
        "#]],
        );
    }

    #[test]
    fn an_error_on_the_left_ends_it() {
        check(
            r##"(seq (fail 1 "x") (call "a" ("s" "g") []))"##,
            &[],
            expect![[r#"
            a: error 10006: fail with '{"error_code":1,"instruction":"fail 1 \"x\"","message":"x","peer_id":"a"}' is used without corresponding xor
        "#]],
        );
    }
}
