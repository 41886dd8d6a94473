//! `if`, with and without propagation of errors.

use air_semantics::hir::{InstrId, InstrKind, OperandKind, Role};

use super::Certainty::{Certain, Likely};
use super::PayloadRole::{Body, Left, Otherwise, Result, Right};
use super::hop::{moves, sole};
use super::patterns::{Op, Patterns};
use super::{IdiomKind, Recognition};

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

fn condition<'h>(patterns: &Patterns<'h>, id: InstrId) -> Option<Condition<'h>> {
    let test = sole(patterns, id)?;
    let equal = match patterns.kind(test)? {
        InstrKind::Match => true,
        InstrKind::Mismatch => false,
        _ => return None,
    };
    Some(Condition {
        equal,
        left: patterns.op(test, Role::Left)?,
        right: patterns.op(test, Role::Right)?,
        then: patterns.only(test)?,
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

    fn show(&self, patterns: &Patterns<'_>) -> String {
        let left = patterns.show(self.left);
        match self.sign() {
            "" => left,
            "not" => format!("not {left}"),
            sign => format!("{left} {sign} {}", patterns.show(self.right)),
        }
    }
}

/// The compiler's `if`: a `new -if-error-` that keeps the error of the branch apart from the
/// condition's own.
pub(super) fn if_propagating(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    with_else(patterns, id).or_else(|| without_else(patterns, id))
}

fn without_else(patterns: &Patterns<'_>, new: InstrId) -> Option<Recognition> {
    let saved = patterns.op(new, Role::Declared)?;
    let head = head(patterns, new, saved)?;
    let (test, rest) = patterns.pair(head.inner)?;
    let nothing = error_test(patterns, test, head.code())?;
    let fail = sole(patterns, rest)?;
    let uses = patterns.uses(new);
    let fits = patterns
        .steps(nothing)
        .iter()
        .all(|&step| patterns.is(step, InstrKind::Null) || moves(patterns, step))
        && patterns.is(fail, InstrKind::Fail)
        && patterns.same(patterns.op(fail, Role::Failure)?, saved)
        && (uses.reads, uses.writes) == (1, 1);
    if !fits {
        return None;
    }
    let certain = if patterns.base(saved) == "-if-error-" { Certain } else { Likely };
    let label = format!("if {}", head.condition.show(patterns));
    let found = Recognition::new(IdiomKind::If, certain, label)
        .carried_by(head.carriers)
        .carried_by(patterns.steps(test).iter().copied())
        .carried_by(patterns.steps(nothing).iter().copied())
        .carried_by(patterns.steps(rest).iter().copied());
    Some(payloads(patterns, found, &head.condition))
}

fn with_else(patterns: &Patterns<'_>, outer: InstrId) -> Option<Recognition> {
    let middle = patterns.only(outer).filter(|&id| patterns.is(id, InstrKind::New))?;
    let inner = patterns.only(middle).filter(|&id| patterns.is(id, InstrKind::New))?;
    let raised = patterns.op(outer, Role::Declared)?;
    let of_else = patterns.op(middle, Role::Declared)?;
    let of_then = patterns.op(inner, Role::Declared)?;
    let head = head(patterns, inner, of_then)?;
    let (test, rest) = patterns.pair(head.inner)?;
    let otherwise = error_test(patterns, test, head.code())?;
    // (ap :error: of_else) (xor (match … (ap of_then raised)) (ap of_else raised)) (fail raised)
    let steps = || patterns.steps(rest).iter().copied().filter(|&step| !moves(patterns, step));
    let (save, choose, fail) = match (steps().next(), steps().nth(1), steps().nth(2), steps().nth(3)) {
        (Some(save), Some(choose), Some(fail), None) => (save, choose, fail),
        _ => return None,
    };
    let (error, target) = patterns.ap(save)?;
    let (which, second) = patterns.pair(choose).filter(|_| patterns.is(choose, InstrKind::Xor))?;
    let first = error_test(patterns, which, MATCH_FAILED)?;
    let (from_then, to) = patterns.ap(first)?;
    let (from_else, and_to) = patterns.ap(sole(patterns, second)?)?;
    let fits = patterns.is_error(error)
        && patterns.same(target, of_else)
        && patterns.same(from_then, of_then)
        && patterns.same(from_else, of_else)
        && patterns.same(to, raised)
        && patterns.same(and_to, raised)
        && patterns.is(fail, InstrKind::Fail)
        && patterns.same(patterns.op(fail, Role::Failure)?, raised)
        && [(outer, 1, 2), (middle, 1, 1), (inner, 1, 1)].iter().all(|&(new, reads, writes)| {
            (patterns.uses(new).reads, patterns.uses(new).writes) == (reads, writes)
        });
    if !fits {
        return None;
    }
    let certain = if patterns.base(of_then) == "-if-error-" { Certain } else { Likely };
    let label = format!("if {} … else", head.condition.show(patterns));
    let found = Recognition::new(IdiomKind::IfElse, certain, label)
        .carried_by([middle, inner])
        .carried_by(head.carriers)
        .carried_by([test, which, second].iter().flat_map(|&id| patterns.steps(id)).copied())
        .carried_by([first])
        .carried_by(patterns.steps(rest).iter().copied());
    Some(payloads(patterns, found, &head.condition).body(patterns.hir, Otherwise, otherwise))
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
fn head<'h>(patterns: &Patterns<'h>, new: InstrId, saved: Op<'_>) -> Option<Head<'h>> {
    let body = patterns.only(new)?;
    let xor = patterns.steps(body).last().copied().filter(|&id| patterns.is(id, InstrKind::Xor))?;
    let (condition_at, handler) = patterns.pair(xor)?;
    let condition = condition(patterns, condition_at)?;
    let (&save, rest) = patterns.steps(handler).split_first()?;
    let inner = rest.iter().copied().find(|&step| patterns.is(step, InstrKind::Xor))?;
    let (error, target) = patterns.ap(save)?;
    let fits = patterns.is(inner, InstrKind::Xor)
        && patterns.is_error(error)
        && patterns.same(target, saved)
        && rest.iter().all(|&step| step == inner || moves(patterns, step))
        && patterns.steps(body).split_last()?.1.iter().all(|&hop| moves(patterns, hop));
    let mut carriers = vec![save];
    carriers.extend(rest);
    carriers.extend(patterns.steps(body));
    carriers.extend(patterns.steps(condition_at));
    fits.then_some(Head { condition, inner, carriers })
}

/// The body of `(match :error:.$.error_code CODE BODY)`.
fn error_test(patterns: &Patterns<'_>, id: InstrId, code: i64) -> Option<InstrId> {
    let id = sole(patterns, id)?;
    let left = patterns.op(id, Role::Left).filter(|_| patterns.is(id, InstrKind::Match))?;
    let right = patterns.op(id, Role::Right)?;
    let error = matches!(left.operand.kind, OperandKind::Error | OperandKind::LastError);
    let fits = error && patterns.is_field(left, "error_code") && right.operand.kind == OperandKind::Int(code);
    patterns.only(id).filter(|_| fits)
}

fn payloads(patterns: &Patterns<'_>, found: Recognition, condition: &Condition<'_>) -> Recognition {
    let found = found.operator(condition.sign());
    found.operand(Left, condition.left).operand(Right, condition.right).body(
        patterns.hir,
        Body,
        condition.then,
    )
}

/// `(xor (match X Y THEN) ELSE)`: any error in THEN runs ELSE, too.
pub(super) fn if_plain(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let (left, otherwise) = patterns.pair(id)?;
    let condition = condition(patterns, left)?;
    let certain = if patterns.compiled() { Certain } else { Likely };
    let shown = condition.show(patterns);
    if patterns.is(otherwise, InstrKind::Null) {
        let found = Recognition::new(IdiomKind::IfPlain, certain, format!("if {shown}"));
        let found = found.carried_by(patterns.steps(left).iter().copied()).carried_by([otherwise]);
        return Some(payloads(patterns, found, &condition));
    }
    let assigned = || {
        let (yes, target) = patterns.ap(condition.then)?;
        let (no, same) = patterns.ap(otherwise)?;
        let fits = patterns.same(target, same);
        let text =
            format!("{} = {shown} ? {} : {}", patterns.show(target), patterns.show(yes), patterns.show(no));
        fits.then_some((text, target))
    };
    let assigned = assigned();
    let (label, target) =
        assigned.map_or_else(|| (format!("if {shown} … else"), None), |(text, target)| (text, Some(target)));
    let found = Recognition::new(IdiomKind::IfElsePlain, certain, label)
        .carried_by(patterns.steps(left).iter().copied());
    let found = payloads(patterns, found, &condition).body(patterns.hir, Otherwise, otherwise);
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
