//! `par`: both branches, left first; it fails only if both fail.

use super::machine::{Flow, InstrResult, Machine};
use super::stage::Stage;
use crate::program::{NodeId, NodeKind};

impl Machine<'_> {
    pub(super) fn enter_par(&mut self, id: NodeId, left: NodeId) -> Flow {
        let started = self.state.trace.par_start();
        if let Err(error) = self.traced(id, started) {
            return Flow::Failed(error);
        }
        self.state.complete = !self.is_next(left);
        self.descend(id, Stage::ParLeft, left)
    }

    pub(super) fn resume_par(&mut self, id: NodeId, stage: Stage, right: NodeId, ended: InstrResult) -> Flow {
        if ended.is_err() {
            self.state.complete = false;
        }
        match stage {
            Stage::ParRight { left_complete, left_failed } => {
                let finished = self.state.trace.par_right_end();
                match self.traced(id, finished) {
                    Ok(position) => self.report_written(position),
                    Err(error) => return Flow::Failed(error),
                }
                self.state.complete |= left_complete;
                match ended {
                    Err(error) if left_failed => Flow::Failed(error),
                    _ => {
                        self.state.errors.par_end();
                        Flow::Done
                    }
                }
            }
            _ => {
                let finished = self.state.trace.par_left_end();
                if let Err(error) = self.traced(id, finished) {
                    return Flow::Failed(error);
                }
                let stage =
                    Stage::ParRight { left_complete: self.state.complete, left_failed: ended.is_err() };
                self.state.complete = !self.is_next(right);
                self.descend(id, stage, right)
            }
        }
    }

    /// A branch that is nothing but `next` begins as not complete: at the end of the elements `next` does nothing, and
    /// `(par (call …) (next i))` would be complete whatever its calls do.
    fn is_next(&self, id: NodeId) -> bool {
        matches!(self.run.program.node(id).map(|node| &node.kind), Some(NodeKind::Next { .. }))
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::exec::tests::check;

    #[test]
    fn both_branches_run_and_their_states_are_counted() {
        check(
            r##"(par (call "a" ("s" "f") []) (par (call "b" ("s" "g") []) (null)))"##,
            &["0"],
            expect![[r#"
                a: asks s.f(); sends to b
                a: done
                b: asks s.g()
                0: par, 1 states left, 2 right
                1: call requested by a, number 1
                2: par, 1 states left, 0 right
                3: call requested by b, number 1
            "#]],
        );
    }

    #[test]
    fn one_failed_branch_is_swallowed() {
        check(
            r##"(seq (par (fail 1 "x") (call "a" ("s" "f") [])) (call "a" ("s" "g") []))"##,
            &["0"],
            expect![[r#"
                a: asks s.f()
                a: asks s.g()
                0: par, 0 states left, 1 right
                1: call, result not kept
                2: call requested by a, number 2
            "#]],
        );
    }

    #[test]
    fn one_complete_branch_is_enough() {
        check(
            r##"(seq (par (call "b" ("s" "f") []) (null)) (call "a" ("s" "g") []))"##,
            &[],
            expect![[r#"
            a: asks s.g(); sends to b
            b: asks s.f()
            0: par, 1 states left, 0 right
            1: call requested by b, number 1
            2: call requested by a, number 1
        "#]],
        );
    }

    #[test]
    fn two_waiting_branches_hold_the_rest_back() {
        check(
            r##"(seq (par (call "b" ("s" "f") []) (call "c" ("s" "f") [])) (call "a" ("s" "g") []))"##,
            &[],
            expect![[r#"
                a: sends to b; sends to c
                b: asks s.f()
                c: asks s.f()
                0: par, 1 states left, 1 right
                1: call sent by a
                2: call requested by c, number 1
            "#]],
        );
    }

    #[test]
    fn two_failed_branches_fail_with_the_right_error() {
        check(
            r##"(par (fail 1 "left") (fail 2 "right"))"##,
            &[],
            expect![[r#"
            a: error 10006: fail with '{"error_code":2,"instruction":"fail 2 \"right\"","message":"right","peer_id":"a"}' is used without corresponding xor
            0: par, 0 states left, 0 right
        "#]],
        );
    }
}
