//! Instructions after `next` in a fold over a stream.

use rustc_hash::FxHashMap;

use super::{Finding, role_range, walks_stream};
use crate::codes::Code;
use crate::diagnostic::Related;
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
    stack: Vec<Mark>,
    /// For each iterator, the first `seq` or `par` with something after its `next`.
    after: FxHashMap<NameId, After>,
    blamed: Vec<(InstrId, NameId, After)>,
    /// Once the machine loses count it checks nothing for the rest of the script.
    off: bool,
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
            self.stack.truncate(self.stack.len().saturating_sub(children));
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
        self.stack.clear();
        self.off = true;
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
    let mut related = vec![Related {
        range: hir.instr(after.next)?.range,
        message: "the `next` that should come last".to_owned(),
    }];
    let fold_range = role_range(hir, fold, Role::Iterator);
    let message = if hir.instr(fold)?.range.contains_range(blamed.range) {
        related.push(Related { range: fold_range, message: "the fold over a stream".to_owned() });
        "nothing may follow `next` in a fold over a stream, not even in `par`".to_owned()
    } else {
        related.push(Related {
            range: fold_range,
            message: format!("AquaVM takes it to belong to this fold, which also walks with `{spelling}`"),
        });
        format!(
            "AquaVM mixes up two folds with the iterator `{spelling}`; rename the iterator in one of them"
        )
    };
    Some(Finding {
        code: Code::InstructionAfterNext,
        instr: after.instr,
        name: Some(name),
        range,
        message,
        related,
        fixes: Vec::new(),
    })
}
