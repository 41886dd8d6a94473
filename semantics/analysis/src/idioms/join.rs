//! `join S[n]`, `S[n]`: wait until so many elements of a stream have arrived.

use air_semantics::hir::{InstrId, InstrKind, Lens, OperandKind, Role};

use super::Certainty::{Certain, Likely};
use super::PayloadRole::{Result, Right, Value};
use super::patterns::{Op, Patterns};
use super::{IdiomKind, Recognition};

/// The loop that pushes each element to a private stream and stops when there are enough.
struct Gate<'h> {
    stream: Op<'h>,
    /// The private stream.
    test: Op<'h>,
    wanted: Op<'h>,
    /// The call that computes `wanted`.
    counter: Option<InstrId>,
    carriers: Vec<InstrId>,
}

/// `(new $T (seq GATE (canon P $T #R) (ap #R S_gate)))`
pub(super) fn join(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let declared = patterns.op(id, Role::Declared)?;
    let steps = patterns.steps(patterns.only(id)?);
    let mut folds = steps.iter().copied().filter(|&step| patterns.is(step, InstrKind::Fold));
    let fold = folds.next()?;
    if folds.next().is_some() {
        return None;
    }
    let gate = gate(patterns, fold)?;
    // Used in the gate (one push, one canon) and for the result at most.
    let uses = patterns.uses(id);
    if !patterns.same(gate.test, declared) || uses.writes != 1 || uses.reads > 2 {
        return None;
    }
    let mut result = None;
    let mut carriers = vec![fold];
    for &step in steps {
        let canon = patterns.canon(step).filter(|(_, source, _)| patterns.same(*source, declared));
        if let Some((_, _, target)) = canon {
            result = Some(target);
        } else if let (Some((source, target)), Some(canon)) = (patterns.ap(step), result) {
            if !patterns.same(source, canon) {
                return None;
            }
            result = Some(target);
        } else if step != fold && !is_counter(patterns, step) && !super::hop::moves(patterns, step) {
            return None;
        }
        if step != fold {
            carriers.push(step);
        }
    }
    let named = patterns.base(declared).ends_with("_test");
    let found = found(patterns, gate, named).carried_by(carriers);
    Some(match result {
        Some(result) => found.operand(Result, result),
        None => found,
    })
}

/// The gate alone, as older compilers leave it: its test stream belongs to a `new` further out.
pub(super) fn bare_join(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let gate = gate(patterns, id)?;
    let new = patterns.declared_by(gate.test);
    // Who else pushes to the test stream could end the wait.
    if new.is_some_and(|new| patterns.uses(new).writes != 1) {
        return None;
    }
    let named = new.is_some() && patterns.base(gate.test).ends_with("_test");
    Some(found(patterns, gate, named))
}

fn found(patterns: &Patterns<'_>, gate: Gate<'_>, named: bool) -> Recognition {
    let certain = if named { Certain } else { Likely };
    let label = format!("join {}[0..{})", patterns.show_bare(gate.stream), count(patterns, &gate));
    Recognition::new(IdiomKind::Join, certain, label)
        .operand(Value, gate.stream)
        .operand(Right, gate.wanted)
        .carried_by(gate.carriers)
}

/// How many are waited for, as a text.
fn count(patterns: &Patterns<'_>, gate: &Gate<'_>) -> String {
    let sum = || {
        let mut sides = patterns.arguments(gate.counter?);
        let (index, one) = (sides.next()?, sides.next()?);
        Some(match (index.operand.kind, one.operand.kind) {
            (OperandKind::Int(index), OperandKind::Int(one)) => index.saturating_add(one).to_string(),
            _ => format!("{} + {}", patterns.show(index), patterns.show(one)),
        })
    };
    sum().unwrap_or_else(|| patterns.show(gate.wanted))
}

fn gate<'h>(patterns: &Patterns<'h>, fold: InstrId) -> Option<Gate<'h>> {
    let stream = patterns.op(fold, Role::Iterable)?;
    let iterator = patterns.op(fold, Role::Iterator)?;
    let (body, last) = match patterns.children(fold) {
        [body] => (*body, None),
        [body, last] => (*body, Some(*last)),
        _ => return None,
    };
    let steps = patterns.steps(body);
    let (&choice, _) = steps.split_last()?;
    let push = *steps.iter().find(|&&step| patterns.is(step, InstrKind::Ap))?;
    let (item, test) = patterns.ap(push)?;
    let (found, next) = patterns.pair(choice).filter(|_| patterns.is(choice, InstrKind::Xor))?;
    let enough = patterns.only(found).filter(|_| patterns.is(found, InstrKind::Match))?;
    let (left, right) = (patterns.op(found, Role::Left)?, patterns.op(found, Role::Right)?);
    let (length, wanted) =
        if left.operand.lens == Some(Lens::Length) { (left, right) } else { (right, left) };
    let counted = steps.iter().find_map(|&step| {
        patterns
            .canon(step)
            .filter(|(_, source, target)| patterns.same(*source, test) && patterns.same_base(*target, length))
    });
    let fits = patterns.is(fold, InstrKind::Fold)
        && matches!(stream.operand.kind, OperandKind::Stream(_))
        && patterns.same(item, iterator)
        && matches!(test.operand.kind, OperandKind::Stream(_))
        && length.operand.lens == Some(Lens::Length)
        && counted.is_some()
        && patterns.is(enough, InstrKind::Null)
        && patterns.is_next(next, iterator)
        && last.is_none_or(|last| patterns.is(last, InstrKind::Never) || patterns.is(last, InstrKind::Null))
        && steps.iter().all(|&step| {
            step == choice
                || step == push
                || is_counter(patterns, step)
                || patterns.is(step, InstrKind::Canon)
                || super::hop::moves(patterns, step)
        });
    let mut carriers = vec![found, enough, next];
    carriers.extend(steps);
    carriers.extend(last);
    // Older compilers count inside the loop.
    let counter = steps.iter().copied().find(|&step| {
        is_counter(patterns, step)
            && patterns.op(step, Role::Output).is_some_and(|op| patterns.same(op, wanted))
    });
    fits.then_some(Gate { stream, test, wanted, counter, carriers })
}

/// `idx + 1`, and back.
fn is_counter(patterns: &Patterns<'_>, id: InstrId) -> bool {
    matches!(patterns.called(id), Some(("math", "add" | "sub")))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::IdiomKind;
    use super::super::testing::{found, has};

    fn gate(enough: &str) -> String {
        format!(
            r#"
(new $res_test
 (seq
  (seq
   (fold $res res_fold_var
    (seq
     (seq (ap res_fold_var $res_test) (canon "p" $res_test #res_iter_canon))
     (xor (match #res_iter_canon.length {enough} (null)) (next res_fold_var)))
    (never))
   (canon "p" $res_test #res_result_canon))
  (ap #res_result_canon res_gate)))"#
        )
    }

    #[test]
    fn waits_for_elements() {
        expect![[r#"
            join: join res[0..2)
        "#]]
        .assert_eq(&found(&gate("2")));
        let older = r#"
(new $t
 (seq
  (fold $res s
   (seq
    (seq
     (seq (call "p" ("math" "add") [1 1] incr_idx) (ap s $t))
     (canon "p" $t #iter))
    (xor (match #iter.length incr_idx (null)) (next s))))
  (canon "p" $t #all)))"#;
        expect![[r#"
            join (likely): join res[0..2)
        "#]]
        .assert_eq(&found(older));
    }

    #[test]
    fn near_misses() {
        let kind = IdiomKind::Join;
        assert!(has(&gate("n"), kind));
        assert!(!has(&gate("2").replace("#res_iter_canon.length", "#res_iter_canon"), kind), "no length");
        assert!(!has(&gate("2").replace("(null)", "(ap 1 x)"), kind), "something runs at the end");
        assert!(!has(&gate("2").replace("(ap res_fold_var $", "(ap other $"), kind), "another item");
        let shared = gate("2").replace("(ap #res_result_canon res_gate)", "(ap 1 $res_test)");
        assert!(!has(&shared, kind), "the test stream is written elsewhere");
    }
}
