//! `if`, with and without propagation of errors.

use super::Certainty::{Certain, Likely};
use super::PayloadRole::{Body, Left, Otherwise, Result, Right};
use super::hop::{moves, sole};
use super::shapes::{Op, Shapes};
use super::{Found, IdiomKind};
use crate::hir::{InstrId, InstrKind, OperandKind, Role};

/// AquaVM's code of a `match` whose sides differ, and of a `mismatch` whose sides are equal.
const MATCH_FAILED: i64 = 10001;
const MISMATCH_FAILED: i64 = 10002;

/// `match`/`mismatch`, with hops around it.
struct Condition<'h> {
    equal: bool,
    left: Op<'h>,
    right: Op<'h>,
    then: InstrId,
}

fn condition<'h>(shapes: &Shapes<'h>, id: InstrId) -> Option<Condition<'h>> {
    let test = sole(shapes, id)?;
    let equal = match shapes.kind(test)? {
        InstrKind::Match => true,
        InstrKind::Mismatch => false,
        _ => return None,
    };
    Some(Condition {
        equal,
        left: shapes.op(test, Role::Left)?,
        right: shapes.op(test, Role::Right)?,
        then: shapes.only(test)?,
    })
}

impl Condition<'_> {
    fn sign(&self) -> &'static str {
        match (self.right.operand.kind, self.equal) {
            (OperandKind::Bool(right), equal) if right == equal => "",
            (OperandKind::Bool(_), _) => "not",
            (_, true) => "==",
            (_, false) => "!=",
        }
    }

    fn show(&self, shapes: &Shapes<'_>) -> String {
        let left = shapes.show(self.left);
        match self.sign() {
            "" => left,
            "not" => format!("not {left}"),
            sign => format!("{left} {sign} {}", shapes.show(self.right)),
        }
    }
}

/// The compiler's `if`: a `new -if-error-` that keeps the error of the branch apart from the
/// condition's own.
pub(super) fn if_propagating(shapes: &Shapes<'_>, id: InstrId) -> Option<Found> {
    with_else(shapes, id).or_else(|| without_else(shapes, id))
}

fn without_else(shapes: &Shapes<'_>, new: InstrId) -> Option<Found> {
    let saved = shapes.op(new, Role::Declared)?;
    let head = head(shapes, new, saved)?;
    let (test, rest) = shapes.pair(head.inner)?;
    let nothing = error_test(shapes, test, head.code())?;
    let fail = sole(shapes, rest)?;
    let uses = shapes.uses(new);
    let fits =
        shapes.steps(nothing).iter().all(|&step| shapes.is(step, InstrKind::Null) || moves(shapes, step))
            && shapes.is(fail, InstrKind::Fail)
            && shapes.same(shapes.op(fail, Role::Failure)?, saved)
            && (uses.reads, uses.writes) == (1, 1);
    if !fits {
        return None;
    }
    let certain = if shapes.base(saved) == "-if-error-" { Certain } else { Likely };
    let label = format!("if {}", head.condition.show(shapes));
    let found = Found::new(IdiomKind::If, certain, label)
        .carried_by(head.carriers)
        .carried_by(shapes.steps(test).iter().copied())
        .carried_by(shapes.steps(nothing).iter().copied())
        .carried_by(shapes.steps(rest).iter().copied());
    Some(payloads(shapes, found, &head.condition))
}

fn with_else(shapes: &Shapes<'_>, outer: InstrId) -> Option<Found> {
    let middle = shapes.only(outer).filter(|&id| shapes.is(id, InstrKind::New))?;
    let inner = shapes.only(middle).filter(|&id| shapes.is(id, InstrKind::New))?;
    let raised = shapes.op(outer, Role::Declared)?;
    let of_else = shapes.op(middle, Role::Declared)?;
    let of_then = shapes.op(inner, Role::Declared)?;
    let head = head(shapes, inner, of_then)?;
    let (test, rest) = shapes.pair(head.inner)?;
    let otherwise = error_test(shapes, test, head.code())?;
    // (ap :error: of_else) (xor (match … (ap of_then raised)) (ap of_else raised)) (fail raised)
    let steps = || shapes.steps(rest).iter().copied().filter(|&step| !moves(shapes, step));
    let (save, choose, fail) = match (steps().next(), steps().nth(1), steps().nth(2), steps().nth(3)) {
        (Some(save), Some(choose), Some(fail), None) => (save, choose, fail),
        _ => return None,
    };
    let (error, target) = shapes.ap(save)?;
    let (which, second) = shapes.pair(choose).filter(|_| shapes.is(choose, InstrKind::Xor))?;
    let first = error_test(shapes, which, MATCH_FAILED)?;
    let (from_then, to) = shapes.ap(first)?;
    let (from_else, and_to) = shapes.ap(sole(shapes, second)?)?;
    let fits = shapes.is_error(error)
        && shapes.same(target, of_else)
        && shapes.same(from_then, of_then)
        && shapes.same(from_else, of_else)
        && shapes.same(to, raised)
        && shapes.same(and_to, raised)
        && shapes.is(fail, InstrKind::Fail)
        && shapes.same(shapes.op(fail, Role::Failure)?, raised)
        && [(outer, 1, 2), (middle, 1, 1), (inner, 1, 1)].iter().all(|&(new, reads, writes)| {
            (shapes.uses(new).reads, shapes.uses(new).writes) == (reads, writes)
        });
    if !fits {
        return None;
    }
    let certain = if shapes.base(of_then) == "-if-error-" { Certain } else { Likely };
    let label = format!("if {} … else", head.condition.show(shapes));
    let found = Found::new(IdiomKind::IfElse, certain, label)
        .carried_by([middle, inner])
        .carried_by(head.carriers)
        .carried_by([test, which, second].iter().flat_map(|&id| shapes.steps(id)).copied())
        .carried_by([first])
        .carried_by(shapes.steps(rest).iter().copied());
    Some(payloads(shapes, found, &head.condition).body(shapes.hir, Otherwise, otherwise))
}

struct Head<'h> {
    condition: Condition<'h>,
    /// The `xor` that tells the condition's error from the branch's.
    inner: InstrId,
    carriers: Vec<InstrId>,
}

impl Head<'_> {
    /// The code with which the condition itself fails.
    fn code(&self) -> i64 {
        if self.condition.equal { MATCH_FAILED } else { MISMATCH_FAILED }
    }
}

/// `(new E (xor CONDITION (seq (ap :error: E) (xor …))))`
fn head<'h>(shapes: &Shapes<'h>, new: InstrId, saved: Op<'_>) -> Option<Head<'h>> {
    let body = shapes.only(new)?;
    let xor = shapes.steps(body).last().copied().filter(|&id| shapes.is(id, InstrKind::Xor))?;
    let (condition_at, handler) = shapes.pair(xor)?;
    let condition = condition(shapes, condition_at)?;
    let (&save, rest) = shapes.steps(handler).split_first()?;
    let inner = rest.iter().copied().find(|&step| shapes.is(step, InstrKind::Xor))?;
    let (error, target) = shapes.ap(save)?;
    let fits = shapes.is(inner, InstrKind::Xor)
        && shapes.is_error(error)
        && shapes.same(target, saved)
        && rest.iter().all(|&step| step == inner || moves(shapes, step))
        && shapes.steps(body).split_last()?.1.iter().all(|&hop| moves(shapes, hop));
    let mut carriers = vec![save];
    carriers.extend(rest);
    carriers.extend(shapes.steps(body));
    carriers.extend(shapes.steps(condition_at));
    fits.then_some(Head { condition, inner, carriers })
}

/// The body of `(match :error:.$.error_code CODE BODY)`.
fn error_test(shapes: &Shapes<'_>, id: InstrId, code: i64) -> Option<InstrId> {
    let id = sole(shapes, id)?;
    let left = shapes.op(id, Role::Left).filter(|_| shapes.is(id, InstrKind::Match))?;
    let right = shapes.op(id, Role::Right)?;
    let error = matches!(left.operand.kind, OperandKind::Error | OperandKind::LastError);
    let fits = error && shapes.is_field(left, "error_code") && right.operand.kind == OperandKind::Int(code);
    shapes.only(id).filter(|_| fits)
}

fn payloads(shapes: &Shapes<'_>, found: Found, condition: &Condition<'_>) -> Found {
    let found = found.operator(condition.sign());
    found.operand(Left, condition.left).operand(Right, condition.right).body(shapes.hir, Body, condition.then)
}

/// `(xor (match X Y THEN) ELSE)`: any error in THEN runs ELSE, too.
pub(super) fn if_plain(shapes: &Shapes<'_>, id: InstrId) -> Option<Found> {
    let (left, otherwise) = shapes.pair(id)?;
    let condition = condition(shapes, left)?;
    let certain = if shapes.compiled() { Certain } else { Likely };
    let shown = condition.show(shapes);
    if shapes.is(otherwise, InstrKind::Null) {
        let found = Found::new(IdiomKind::IfPlain, certain, format!("if {shown}"));
        let found = found.carried_by(shapes.steps(left).iter().copied()).carried_by([otherwise]);
        return Some(payloads(shapes, found, &condition));
    }
    let assigned = || {
        let (yes, target) = shapes.ap(condition.then)?;
        let (no, same) = shapes.ap(otherwise)?;
        let fits = shapes.same(target, same);
        let text = format!("{} = {shown} ? {} : {}", shapes.show(target), shapes.show(yes), shapes.show(no));
        fits.then_some((text, target))
    };
    let assigned = assigned();
    let (label, target) =
        assigned.map_or_else(|| (format!("if {shown} … else"), None), |(text, target)| (text, Some(target)));
    let found =
        Found::new(IdiomKind::IfElsePlain, certain, label).carried_by(shapes.steps(left).iter().copied());
    let found = payloads(shapes, found, &condition).body(shapes.hir, Otherwise, otherwise);
    Some(match target {
        Some(target) => found.operand(Result, target),
        None => found,
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::IdiomKind;
    use super::super::testing::{found, has};

    /// The compiler's `if` without `else`.
    fn propagating(name: &str, code: i64, test: &str) -> String {
        format!(
            r#"
(new {name}
 (xor
  ({test} user "ann" (call "p" ("s" "f") []))
  (seq
   (ap :error: {name})
   (xor
    (match :error:.$.error_code {code} (null))
    (fail {name})))))"#
        )
    }

    #[test]
    fn if_whose_errors_propagate() {
        expect![[r#"
            if: if user == "ann"
              rethrow: rethrow
        "#]]
        .assert_eq(&found(&propagating("-if-error-", 10001, "match")));
        expect![[r#"
            if (likely): if user != "ann"
        "#]]
        .assert_eq(&found(&propagating("kept", 10002, "mismatch")));
    }

    #[test]
    fn near_misses_of_if() {
        let kind = IdiomKind::If;
        assert!(has(&propagating("kept", 10001, "match"), kind));
        assert!(!has(&propagating("kept", 10002, "match"), kind), "the other code");
        assert!(!has(&propagating("kept", 10001, "mismatch"), kind), "the other code");
        let used = propagating("kept", 10001, "match").replace("(null)", "(call \"p\" (\"s\" \"g\") [kept])");
        assert!(!has(&used, kind), "the saved error is used elsewhere");
    }

    #[test]
    fn if_else_whose_errors_propagate() {
        let script = r#"
(new -if-else-error-
 (new -else-error-
  (new -if-error-
   (xor
    (match ready true (ap 1 $log))
    (seq
     (ap :error: -if-error-)
     (xor
      (match :error:.$.error_code 10001 (ap 2 $log))
      (seq
       (seq
        (ap :error: -else-error-)
        (xor
         (match :error:.$.error_code 10001 (ap -if-error- -if-else-error-))
         (ap -else-error- -if-else-error-)))
       (fail -if-else-error-))))))))"#;
        expect![[r#"
            if-else: if ready … else
            push: log << 1
            push: log << 2
              rethrow: rethrow
        "#]]
        .assert_eq(&found(script));
        let swapped = script.replace("(ap -if-error- -if-else-error-)", "(ap -else-error- -if-else-error-)");
        assert!(!has(&swapped, IdiomKind::IfElse));
    }

    #[test]
    fn if_whose_errors_are_lost() {
        let script = r#"
(seq
 (xor (match a b (call "p" ("s" "f") [])) (null))
 (seq
  (xor (mismatch a b (call "p" ("s" "f") [])) (call "p" ("s" "g") []))
  (xor (match a 1 (ap "one" r)) (ap "many" r))))"#;
        expect![[r#"
            if-plain (likely): if a == b
            if-else-plain (likely): if a != b … else
            if-else-plain (likely): r = a == 1 ? "one" : "many"
        "#]]
        .assert_eq(&found(script));
        assert!(!has("(xor (seq (ap 1 x) (match a b (null))) (null))", IdiomKind::IfPlain));
    }
}
