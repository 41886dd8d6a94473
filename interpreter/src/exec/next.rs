//! `next`: the body once more, with the next element.

use super::machine::{Flow, InstrResult, Machine};
use super::stage::Stage;
use crate::errors::Uncatchable;
use crate::program::{NodeId, NodeKind, Slot};

impl Machine<'_> {
    pub(super) fn enter_next(&mut self, id: NodeId, iterator: Slot) -> Flow {
        let Some(state) = self.state.iterators.get_mut(iterator as usize).and_then(Option::as_deref_mut)
        else {
            return Flow::failed(Uncatchable::FoldStateNotFound(self.name(iterator)));
        };
        let stream_fold = state.stream_fold;
        if let Some(fold) = stream_fold {
            let ended = self.state.trace.fold_iteration_end(fold);
            if let Err(error) = self.traced(id, ended) {
                return Flow::Failed(error);
            }
        }
        let Some(state) = self.state.iterators.get_mut(iterator as usize).and_then(Option::as_deref_mut)
        else {
            return Flow::Done;
        };
        let (body, last) = match self.run.program.node(state.node).map(|node| &node.kind) {
            Some(NodeKind::Fold { body, last, .. }) => (*body, *last),
            _ => return Flow::Done,
        };
        if state.advance() {
            let (position, level, cursor) = (state.position(), state.level, state.cursor());
            self.note_cursor(level, cursor);
            self.report_element(iterator);
            if let Some(fold) = stream_fold {
                let started = self.state.trace.fold_iteration_start(fold, position);
                if let Err(error) = self.traced(id, started) {
                    return Flow::Failed(error);
                }
            }
            self.state.scopes.next_before();
            return self.descend(id, Stage::First, body);
        }
        let first_end = !std::mem::replace(&mut state.ended_once, true);
        if let Some(fold) = stream_fold {
            let back = self.state.trace.fold_back(fold);
            if let Err(error) = self.traced(id, back) {
                return Flow::Failed(error);
            }
        }
        match last {
            Some(last) => {
                self.state.complete = true;
                self.descend(id, Stage::Second, last)
            }
            None => {
                // Without a last instruction a stream may still grow, so what follows has to wait.
                if stream_fold.is_some() && first_end {
                    self.state.complete = false;
                }
                Flow::Done
            }
        }
    }

    pub(super) fn resume_next(
        &mut self,
        stage: Stage,
        iterator: Slot,
        id: NodeId,
        ended: InstrResult,
    ) -> Flow {
        if stage != Stage::First {
            return ended.into();
        }
        self.state.scopes.next_after();
        if let Err(error) = ended {
            // AquaVM moves the iterator back only after success: what catches the error sees the deeper element.
            return Flow::Failed(error);
        }
        let Some(state) = self.state.iterators.get_mut(iterator as usize).and_then(Option::as_deref_mut)
        else {
            return Flow::Done;
        };
        state.step_back();
        let (stream_fold, level, cursor) = (state.stream_fold, state.level, state.cursor());
        self.note_cursor(level, cursor);
        match stream_fold {
            Some(fold) => {
                let back = self.state.trace.fold_back(fold);
                self.traced(id, back).into()
            }
            None => Flow::Done,
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::exec::tests::check;

    #[test]
    fn the_body_again_with_the_next_element() {
        check(
            r##"(seq (call "a" ("s" "f") [] l) (fold l i (seq (call "a" ("s" "g") [i]) (next i) ) (call "a" ("s" "last") [i])))"##,
            &["[1,2]", "0", "0", "0"],
            expect![[r#"
                a: asks s.f()
                a: asks s.g(1 by .$.[0])
                a: asks s.g(2 by .$.[1])
                a: asks s.last(2 by .$.[1])
                a: done
                0: call [1,2] <a:s:f>
                1: call, result not kept
                2: call, result not kept
                3: call, result not kept
            "#]],
        );
    }

    #[test]
    fn what_follows_runs_with_the_elements_in_reverse() {
        check(
            r##"(seq (call "a" ("s" "f") [] l) (fold l i (seq (next i) (call "a" ("s" "g") [i]))))"##,
            &["[1,2]", "0", "0"],
            expect![[r#"
                a: asks s.f()
                a: asks s.g(2 by .$.[1])
                a: asks s.g(1 by .$.[0])
                a: done
                0: call [1,2] <a:s:f>
                1: call, result not kept
                2: call, result not kept
            "#]],
        );
    }

    #[test]
    fn an_error_leaves_the_iterator_on_the_deeper_element() {
        check(
            r##"(seq (call "a" ("s" "f") [] l) (fold l i (seq (mismatch i 2 (null)) (xor (next i) (call "a" ("s" "g") [i])))))"##,
            &["[1,2]"],
            expect![[r#"
                a: asks s.f()
                a: asks s.g(2 by .$.[1])
                0: call [1,2] <a:s:f>
                1: call requested by a, number 2
            "#]],
        );
    }

    #[test]
    fn an_error_after_it_ends_the_fold() {
        check(
            r##"(seq (call "a" ("s" "f") [] l) (fold l i (seq (next i) (fail 1 "x"))))"##,
            &["[1,2]"],
            expect![[r#"
                a: asks s.f()
                a: error 10006: fail with '{"error_code":1,"instruction":"fail 1 \"x\"","message":"x","peer_id":"a"}' is used without corresponding xor
                0: call [1,2] <a:s:f>
            "#]],
        );
    }
}
