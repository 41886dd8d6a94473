//! Instructions after `next` in a fold over a stream.

use rustc_hash::FxHashMap;

use super::{role_range, walks_stream};
use crate::finding::{Finding, Related, Rule};
use crate::hir::{Hir, Instr, InstrId, InstrKind, NameId, Role};

/// What a complete instruction ends in.
#[derive(Clone, Copy)]
enum Mark {
    Other,
    /// `next` of that iterator; the `next` itself.
    Next(NameId, InstrId),
}

/// Something that follows a `next`.
#[derive(Clone, Copy)]
struct After {
    /// The `seq` or `par` that AquaVM blames.
    instr: InstrId,
    next: InstrId,
}

/// AquaVM's stack machine: every closing instruction takes the marks of its children off the stack
/// and puts its own on. It knows names only, no scopes, so an entry of `after` made in one fold can
/// be blamed on a later one with the same iterator.
#[derive(Default)]
pub(super) struct Marks {
    stack: Stack,
    /// For each iterator, the first `seq` or `par` with something after its `next`.
    after: FxHashMap<NameId, After>,
    blamed: Vec<(InstrId, NameId, After)>,
    /// Once the machine loses count it checks nothing for the rest of the script.
    off: bool,
}

/// A stack of marks. Nearly all are [`Mark::Other`]: those on top are only counted.
#[derive(Default)]
struct Stack {
    below: Vec<Mark>,
    others: usize,
}

impl Stack {
    fn push(&mut self, mark: Mark) {
        match mark {
            Mark::Other => self.others += 1,
            Mark::Next(..) => {
                self.below.resize(self.below.len() + self.others, Mark::Other);
                self.others = 0;
                self.below.push(mark);
            }
        }
    }

    fn pop(&mut self) -> Option<Mark> {
        match self.others.checked_sub(1) {
            Some(others) => {
                self.others = others;
                Some(Mark::Other)
            }
            None => self.below.pop(),
        }
    }

    /// Takes so many off, or all.
    fn drop_last(&mut self, count: usize) {
        let marks = count.saturating_sub(self.others);
        self.others -= count.min(self.others);
        self.below.truncate(self.below.len().saturating_sub(marks));
    }
}

impl Marks {
    pub(super) fn close(&mut self, hir: &Hir, id: InstrId, instr: &Instr) {
        if self.off {
            return;
        }
        let mark = match instr.kind {
            InstrKind::Call
            | InstrKind::Canon
            | InstrKind::Ap
            | InstrKind::Fail
            | InstrKind::Null
            | InstrKind::Never => Mark::Other,
            InstrKind::Unknown => return,
            InstrKind::Next => match iterator(hir, instr) {
                Some(name) => Mark::Next(name, id),
                None => Mark::Other,
            },
            InstrKind::New | InstrKind::Match | InstrKind::Mismatch => match self.stack.pop() {
                Some(body) => body,
                None => return self.disable(),
            },
            // By far the most.
            InstrKind::Seq | InstrKind::Par | InstrKind::Xor if self.stack.others >= 2 => {
                self.stack.others -= 1;
                return;
            }
            InstrKind::Seq | InstrKind::Par | InstrKind::Xor => {
                let (Some(right), Some(left)) = (self.stack.pop(), self.stack.pop()) else {
                    return self.disable();
                };
                match (left, right) {
                    (Mark::Next(..), Mark::Next(..)) if instr.kind == InstrKind::Xor => {
                        return self.disable();
                    }
                    (Mark::Next(..), Mark::Other) if instr.kind == InstrKind::Xor => left,
                    (Mark::Next(name, _), Mark::Next(other, _)) if name == other => left,
                    (Mark::Next(name, next), _) => {
                        self.after.entry(name).or_insert(After { instr: id, next });
                        Mark::Other
                    }
                    (Mark::Other, right) => right,
                }
            }
            InstrKind::Fold => match self.fold(hir, id, instr) {
                Some(mark) => mark,
                None => return,
            },
        };
        self.stack.push(mark);
    }

    fn fold(&mut self, hir: &Hir, id: InstrId, instr: &Instr) -> Option<Mark> {
        let children = hir.children_of(instr).len();
        if !walks_stream(hir, instr) {
            self.stack.drop_last(children);
            return Some(Mark::Other);
        }
        if children > 1 {
            self.stack.pop();
        }
        let Some(body) = self.stack.pop() else {
            self.off = true;
            return None;
        };
        let Some(name) = iterator(hir, instr) else { return Some(Mark::Other) };
        if let Some(after) = self.after.get(&name) {
            self.blamed.push((id, name, *after));
        }
        match body {
            Mark::Next(other, _) if other == name => {
                self.after.remove(&name);
                Some(Mark::Other)
            }
            body => Some(body),
        }
    }

    fn disable(&mut self) {
        self.stack = Stack::default();
        self.off = true;
    }

    pub(super) fn none_blamed(&self) -> bool {
        self.blamed.is_empty()
    }

    pub(super) fn report(self, hir: &Hir) -> Vec<Finding> {
        self.blamed.into_iter().filter_map(|(fold, name, after)| finding(hir, fold, name, after)).collect()
    }
}

fn iterator(hir: &Hir, instr: &Instr) -> Option<NameId> {
    hir.operand(instr, Role::Iterator)?.kind.name()
}

fn finding(hir: &Hir, fold: InstrId, name: NameId, after: After) -> Option<Finding> {
    let blamed = hir.instr(after.instr)?;
    let second = hir.children_of(blamed).get(1).and_then(|id| hir.instr(*id));
    // A short instruction is shown whole, a tree by its head.
    let range = match second {
        Some(second) if second.children.is_empty() => second.range,
        Some(second) => second.keyword.cover_offset(second.range.start()),
        None => blamed.keyword,
    };
    let spelling = hir.name(name);
    let next = hir.instr(after.next)?.range;
    let walker = role_range(hir, fold, Role::Iterator);
    let related = |at_next: &'static str, at_fold: String| {
        vec![
            Related { range: next, message: at_next.into() },
            Related { range: walker, message: at_fold.into() },
        ]
    };
    let (message, related) = if hir.instr(fold)?.range.contains_range(blamed.range) {
        (
            format!(
                "`{}` follows `next {spelling}` in a fold over a stream: `next` must come last, even in `par`",
                second.map_or("…", |second| hir.text_at(second.keyword)),
            ),
            related("this `next` must come last", "this `fold` walks a stream".to_owned()),
        )
    } else {
        (
            format!(
                "`{spelling}` is the iterator of two folds, which AquaVM mixes up; rename it in one of them"
            ),
            related(
                "other instructions may follow this `next`",
                format!(
                    "AquaVM counts that `next` to this fold over a stream, whose iterator is `{spelling}` too"
                ),
            ),
        )
    };
    Some(Finding {
        rule: Rule::InstructionAfterNext,
        instr: after.instr,
        name: Some(name),
        range,
        message,
        related,
        fixes: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn points_at_what_follows() {
        check(
            r#"(new $s (fold $s i
 (seq
  (next i)
  (ap i x))))"#,
            expect![[r#"
                |   (ap i x))))
                |   ^^^^^^^^ InstructionAfterNext: `ap` follows `next i` in a fold over a stream: `next` must come last, even in `par`
                |   (next i)
                |   -------- this `next` must come last
                | (new $s (fold $s i
                |                  - this `fold` walks a stream
                AquaVM 20..47: fold can not have instructions after next
            "#]],
        );
    }

    #[test]
    fn shows_the_head_of_a_tree() {
        check(
            r#"(new $s (fold $s i (seq (next i)
 (par
  (null)
  (null)))))"#,
            expect![[r#"
                |  (par
                |  ^^^^ InstructionAfterNext: `par` follows `next i` in a fold over a stream: `next` must come last, even in `par`
                | (new $s (fold $s i (seq (next i)
                |                         -------- this `next` must come last
                | (new $s (fold $s i (seq (next i)
                |                  - this `fold` walks a stream
                AquaVM 19..58: fold can not have instructions after next
            "#]],
        );
    }

    #[test]
    fn par_counts() {
        check(
            "(new $s (fold $s i (par (next i) (null))))",
            expect![[r#"
                | (new $s (fold $s i (par (next i) (null))))
                |                                  ^^^^^^ InstructionAfterNext: `null` follows `next i` in a fold over a stream: `next` must come last, even in `par`
                | (new $s (fold $s i (par (next i) (null))))
                |                         -------- this `next` must come last
                | (new $s (fold $s i (par (next i) (null))))
                |                  - this `fold` walks a stream
                AquaVM 19..40: fold can not have instructions after next
            "#]],
        );
    }

    #[test]
    fn xor_hides_nothing() {
        check(
            "(new $s (fold $s i (seq (xor (next i) (null)) (null))))",
            expect![[r#"
                | (new $s (fold $s i (seq (xor (next i) (null)) (null))))
                |                                               ^^^^^^ InstructionAfterNext: `null` follows `next i` in a fold over a stream: `next` must come last, even in `par`
                | (new $s (fold $s i (seq (xor (next i) (null)) (null))))
                |                              -------- this `next` must come last
                | (new $s (fold $s i (seq (xor (next i) (null)) (null))))
                |                  - this `fold` walks a stream
                AquaVM 19..53: fold can not have instructions after next
            "#]],
        );
    }

    #[test]
    fn arrays_are_free() {
        check(
            "(fold [] i (seq (next i) (null)))",
            expect![[r#"
                accepted
            "#]],
        );
    }

    #[test]
    fn a_stale_entry_is_held_against_a_later_fold() {
        check(
            r#"(new $s (seq
 (fold [] i (seq (next i) (null)))
 (fold $s i (next i))))"#,
            expect![[r#"
                |  (fold [] i (seq (next i) (null)))
                |                           ^^^^^^ InstructionAfterNext: `i` is the iterator of two folds, which AquaVM mixes up; rename it in one of them
                |  (fold [] i (seq (next i) (null)))
                |                  -------- other instructions may follow this `next`
                |  (fold $s i (next i))))
                |           - AquaVM counts that `next` to this fold over a stream, whose iterator is `i` too
                AquaVM 25..46: fold can not have instructions after next
            "#]],
        );
    }

    #[test]
    fn the_other_order_is_accepted() {
        check(
            "(new $s (seq (fold $s i (next i)) (fold [] i (seq (next i) (null)))))",
            expect![[r#"
                accepted
            "#]],
        );
    }

    #[test]
    fn two_next_in_xor_end_the_check() {
        check(
            "(new $s (fold [] i (fold [] j (seq (xor (next i) (next j)) (fold $s k (seq (next k) (null)))))))",
            expect![[r#"
                accepted
            "#]],
        );
    }

    #[test]
    fn an_outer_next_propagates() {
        check(
            "(new $s (fold $s i (seq (fold $s j (next i)) (null))))",
            expect![[r#"
                | (new $s (fold $s i (seq (fold $s j (next i)) (null))))
                |                                              ^^^^^^ InstructionAfterNext: `null` follows `next i` in a fold over a stream: `next` must come last, even in `par`
                | (new $s (fold $s i (seq (fold $s j (next i)) (null))))
                |                                    -------- this `next` must come last
                | (new $s (fold $s i (seq (fold $s j (next i)) (null))))
                |                  - this `fold` walks a stream
                AquaVM 19..52: fold can not have instructions after next
            "#]],
        );
    }

    #[test]
    fn the_last_instruction_has_set_it_already() {
        check(
            "(new $s (fold $s i (null) (seq (next i) (null))))",
            expect![[r#"
                | (new $s (fold $s i (null) (seq (next i) (null))))
                |                                         ^^^^^^ InstructionAfterNext: `null` follows `next i` in a fold over a stream: `next` must come last, even in `par`
                | (new $s (fold $s i (null) (seq (next i) (null))))
                |                                -------- this `next` must come last
                | (new $s (fold $s i (null) (seq (next i) (null))))
                |                  - this `fold` walks a stream
                AquaVM 26..47: fold can not have instructions after next
            "#]],
        );
    }
}
