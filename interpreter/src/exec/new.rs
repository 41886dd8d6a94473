//! `new`: a name of its own for the body.

use super::machine::{Flow, InstrResult, Machine};
use super::stage::Stage;
use crate::program::{Declared, NodeId};

impl Machine<'_> {
    pub(super) fn enter_new(&mut self, id: NodeId, declared: Declared, body: NodeId) -> Flow {
        match declared {
            Declared::Variable(slot) => self.state.scopes.new_start(slot),
            Declared::Stream(slot) => {
                let span = self.run.program.node(id).map_or((0, 0), |node| (node.start, node.end));
                self.state.streams.new_start(slot, span);
            }
        }
        self.descend(id, Stage::First, body)
    }

    pub(super) fn resume_new(&mut self, declared: Declared, ended: InstrResult) -> Flow {
        let closed = match declared {
            Declared::Variable(slot) => self.state.scopes.new_end(slot, self.run.program.name(slot)),
            Declared::Stream(slot) => self.state.streams.new_end(slot, &mut self.state.trace),
        };
        // An error of the body counts more.
        match (ended, closed) {
            (Err(error), _) => Flow::Failed(error),
            (Ok(()), Err(error)) => Flow::failed(error),
            (Ok(()), Ok(())) => Flow::Done,
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::exec::tests::check;

    #[test]
    fn a_name_of_its_own_hides_the_outer_one() {
        check(
            r##"(seq (ap 1 x) (seq (new x (seq (ap 2 x) (call "a" ("s" "f") [x]))) (call "a" ("s" "g") [x])))"##,
            &["0"],
            expect![[r#"
                a: asks s.f(2)
                a: asks s.g(1)
                0: call, result not kept
                1: call requested by a, number 2
            "#]],
        );
    }

    #[test]
    fn streams_of_each_iteration_are_apart() {
        check(
            r##"(seq (call "a" ("s" "f") [] l) (fold l i (new $s (seq (ap i $s) (seq (canon "a" $s #c) (seq (call "a" ("s" "g") [#c]) (next i)))))))"##,
            &["[1,2]", "0", "0"],
            expect![[r#"
                a: asks s.f()
                a: asks s.g([1] by .$.[0])
                a: asks s.g([2] by .$.[1])
                a: done
                0: call [1,2] <a:s:f>
                1: ap, generation 0
                2: canon of 1 <a::>
                  1 <a:s:f .$.[0]>
                3: call, result not kept
                4: ap, generation 0
                5: canon of 1 <a::>
                  2 <a:s:f .$.[1]>
                6: call, result not kept
            "#]],
        );
    }

    #[test]
    fn reading_before_setting_fails() {
        check(
            r##"(seq (ap 1 x) (new x (call "a" ("s" "f") [x])))"##,
            &[],
            expect![[r#"
            a: error 10009: variable with name 'x' was cleared by new and then wasn't set
        "#]],
        );
    }
}
