//! `fold` over a stream or map: in rounds, each over the generations that came in since the last.
//!
//! Every generation is a fold of its own: an error or a wait in one does not keep the others from running, and catchable
//! errors are swallowed. The fold is complete if one generation was. Values that the body adds are the next round, so a
//! body that always adds one ends at the limit of the stream (20013).

use super::iterator::{FoldState, Items, StreamFold};
use super::machine::{Flow, InstrResult, Machine};
use super::stage::Stage;
use crate::program::{NodeId, NodeKind, Slot, Stream};
use crate::recorder::Wait;

impl Machine<'_> {
    pub(super) fn enter_stream_fold(&mut self, node: NodeId, operand: Stream) -> Flow {
        let Some(stream) = self.state.streams.get_mut(operand) else {
            // Nothing was ever written: wait, and leave no state.
            self.wait(Wait::Stream(self.run.program.name(operand.slot)));
            return Flow::Done;
        };
        let size = stream.size();
        let (slices, cursor) = stream.first_round();
        self.state.fold_count += 1;
        let id = self.state.fold_count;
        let started = self.state.trace.fold_start(id);
        if let Err(error) = self.traced(node, started) {
            return Flow::Failed(error);
        }
        if slices.is_empty() {
            return self.end_stream_fold(node, id, false);
        }
        self.state.stream_folds.push(StreamFold {
            id,
            stream: operand,
            cursor,
            generations: slices.into(),
            round: 0,
            observed: false,
            size,
            failed: false,
        });
        self.next_generation(node)
    }

    fn next_generation(&mut self, node: NodeId) -> Flow {
        let Some(fold) = self.state.stream_folds.last_mut() else { return Flow::Done };
        if fold.generations.is_empty()
            && let Some(stream) = self.state.streams.get_mut(fold.stream)
        {
            let (slices, cursor) = stream.next_round(fold.cursor);
            fold.cursor = cursor;
            fold.generations = slices.into();
        }
        let (id, observed, round) = (fold.id, fold.observed, fold.round);
        fold.round += 1;
        let Some(generation) = fold.generations.pop_front() else {
            // Rounds and completeness can be others when what is new now is read from data.
            let grown =
                self.state.streams.get_mut(fold.stream).is_none_or(|stream| stream.size() != fold.size);
            self.state.suspension.unsteady |= (grown || fold.failed) && self.state.trace.is_fresh();
            self.state.stream_folds.pop();
            return self.end_stream_fold(node, id, observed);
        };
        let position = generation.first().map_or(0, |first| first.position);
        let started = self.state.trace.fold_iteration_start(id, position);
        if let Err(error) = self.traced(node, started) {
            return Flow::Failed(error);
        }
        let Some(NodeKind::Fold { iterator, body, .. }) = self.run.program.node(node).map(|node| &node.kind)
        else {
            return Flow::Done;
        };
        self.begin_fold(
            FoldState::new(Items::Elements(generation), node, Some(id)),
            round,
            *iterator,
            Stage::Generation,
            *body,
        )
    }

    /// One generation is done, well or with an error that is swallowed here.
    pub(super) fn resume_stream_fold(&mut self, node: NodeId, iterator: Slot, ended: InstrResult) -> Flow {
        self.end_fold(iterator);
        let (complete, failed) = (self.state.complete, ended.is_err());
        let Some(fold) = self.state.stream_folds.last_mut() else { return Flow::Done };
        fold.failed |= failed;
        fold.observed |= complete;
        let ended = self.state.trace.fold_generation_end(fold.id);
        match self.traced(node, ended) {
            Ok(()) => self.next_generation(node),
            Err(error) => Flow::Failed(error),
        }
    }

    fn end_stream_fold(&mut self, node: NodeId, id: u32, observed: bool) -> Flow {
        self.state.complete = observed;
        let ended = self.state.trace.fold_end(id);
        self.traced(node, ended).map(|position| self.report_written(position)).into()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::exec::tests::check;

    #[test]
    fn the_states_of_each_value_before_and_after_next() {
        check(
            r##"(seq (seq (ap 1 $s) (ap 2 $s)) (fold $s i (par (ap i $t) (next i))))"##,
            &[],
            expect![[r#"
                a: done
                0: ap, generation 0
                1: ap, generation 0
                2: fold of 2
                  value of 0: 2 from 3 before next, 0 from 7 after
                  value of 1: 2 from 5 before next, 0 from 7 after
                3: par, 1 states left, 2 right
                4: ap, generation 0
                5: par, 1 states left, 0 right
                6: ap, generation 0
            "#]],
        );
    }

    #[test]
    fn values_that_come_in_meanwhile_are_the_next_round() {
        check(
            r##"(seq (ap 1 $s) (fold $s i (seq (xor (match i 1 (ap 2 $s)) (null)) (next i))))"##,
            &[],
            expect![[r#"
                a: done
                0: ap, generation 0
                1: fold of 2
                  value of 0: 1 from 2 before next, 0 from 3 after
                  value of 2: 0 from 3 before next, 0 from 3 after
                2: ap, generation 1
            "#]],
        );
    }

    #[test]
    fn a_stream_that_was_never_written_is_waited_for() {
        check(
            r##"(seq (par (call "b" ("s" "f") [] $s) (null)) (seq (fold $s i (seq (null) (next i))) (call "a" ("s" "g") [])))"##,
            &[],
            expect![[r#"
                a: sends to b
                b: asks s.f()
                0: par, 1 states left, 0 right
                1: call requested by b, number 1
            "#]],
        );
    }

    #[test]
    fn an_error_ends_its_generation_only() {
        check(
            r##"(seq (ap 1 $s) (fold $s i (seq (xor (match i 1 (ap 2 $s)) (null)) (seq (fail 9 "swallowed") (next i)))))"##,
            &[],
            expect![[r#"
                a: done
                0: ap, generation 0
                1: fold of 2
                  value of 0: 1 from 2 before next, 0 from 3 after
                  value of 2: 0 from 3 before next, 0 from 3 after
                2: ap, generation 1
            "#]],
        );
    }

    #[test]
    fn a_stream_that_feeds_itself_ends_at_the_limit() {
        check(
            r##"(seq (ap 1 $s) (fold $s i (seq (ap i $s) (next i))))"##,
            &[],
            expect![[r#"
            a: error 20013: stream size goes over the allowed limit of 1024
        "#]],
        );
    }
}
