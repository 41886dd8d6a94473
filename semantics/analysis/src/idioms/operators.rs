//! Boolean operators, comparison and arithmetic.

use air_semantics::hir::{InstrId, InstrKind, OperandKind, Role};

use super::Certainty::{Certain, Likely};
use super::PayloadRole::{Body, Left, Result, Right};
use super::patterns::Patterns;
use super::{IdiomKind, Recognition};

/// `(xor (match X Y (ap A r)) (ap B r))` with booleans: `==`, `!=`, `not`, `&&`, `||`.
///
/// For `&&` and `||` the code of the right side stands before the last `ap`; it only runs when needed.
pub(super) fn boolean(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let (test, rest) = patterns.pair(id)?;
    let equal = patterns.is(test, InstrKind::Match);
    if !equal && !patterns.is(test, InstrKind::Mismatch) {
        return None;
    }
    let left = patterns.op(test, Role::Left)?;
    let right = patterns.op(test, Role::Right)?;
    let then = patterns.only(test)?;
    let (&otherwise, code) = patterns.steps(rest).split_last()?;
    let (yes, target) = patterns.ap(then)?;
    let (no, same) = patterns.ap(otherwise)?;
    if !patterns.same(target, same) || !matches!(target.operand.kind, OperandKind::Scalar(_)) {
        return None;
    }
    let is = |value: bool| OperandKind::Bool(value);
    let mut second = right;
    let (sign, names): (&'static str, &[&str]) = match (yes.operand.kind, no.operand.kind, right.operand.kind)
    {
        (OperandKind::Bool(yes), OperandKind::Bool(no), compared) if yes != no && code.is_empty() => {
            let negated = compared == is(true) || compared == is(false);
            // What the result says if the left side is `true`.
            if negated && (compared == is(yes)) != equal {
                ("not", &["not", "eq", "neq"])
            } else {
                (if yes == equal { "==" } else { "!=" }, &["eq", "neq"])
            }
        }
        (_, _, OperandKind::Bool(stop)) if equal => {
            let short = yes.operand.kind == is(stop)
                || patterns.hir.text_at(yes.operand.range) == patterns.hir.text_at(left.operand.range);
            if !short || no.operand.kind == is(!stop) && code.is_empty() {
                return None;
            }
            second = no;
            if stop { ("||", &["or"]) } else { ("&&", &["and"]) }
        }
        _ => return None,
    };
    let certain = if names.contains(&patterns.base(target)) { Certain } else { Likely };
    let result = patterns.show(target);
    let label = match sign {
        "not" => format!("{result} = not {}", patterns.show(left)),
        _ => format!("{result} = {} {sign} {}", patterns.show(left), patterns.show(second)),
    };
    let mut found = Recognition::new(IdiomKind::BooleanOperator, certain, label)
        .operator(sign)
        .carried_by([test, then, otherwise])
        .operand(Left, left)
        .operand(Right, second)
        .operand(Result, target);
    for &step in code {
        found = found.body(patterns.hir, Body, step);
    }
    Some(found)
}

/// `(call P ("math" "add") [X Y] add)` and the like.
pub(super) fn arithmetic(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let (service, function) = patterns.called(id)?;
    let (kind, sign) = operator(service, function)?;
    let target = patterns.op(id, Role::Output)?;
    let mut arguments = patterns.arguments(id);
    let (left, right) = (arguments.next()?, arguments.next()?);
    if arguments.next().is_some() {
        return None;
    }
    let certain = if patterns.base(target) == function { Certain } else { Likely };
    let label =
        format!("{} = {} {sign} {}", patterns.show(target), patterns.show(left), patterns.show(right));
    let found =
        Recognition::new(kind, certain, label).operator(sign).operand(Left, left).operand(Right, right);
    Some(found.operand(Result, target))
}

/// The sign that Aqua writes for a function of the operators' services.
pub(crate) fn operator(service: &str, function: &str) -> Option<(IdiomKind, &'static str)> {
    let sign = match (service, function) {
        ("math", "add") => "+",
        ("math", "sub") => "-",
        ("math", "mul" | "fmul") => "*",
        ("math", "div") => "/",
        ("math", "rem") => "%",
        ("math", "pow") => "**",
        ("cmp", "gt") => ">",
        ("cmp", "gte") => ">=",
        ("cmp", "lt") => "<",
        ("cmp", "lte") => "<=",
        _ => return None,
    };
    Some((if service == "cmp" { IdiomKind::Comparison } else { IdiomKind::Arithmetic }, sign))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::IdiomKind;
    use super::super::testing::{found, has};

    #[test]
    fn boolean_operators() {
        let script = r#"
(seq
 (seq
  (xor (match a b (ap true eq)) (ap false eq))
  (xor (mismatch a b (ap true neq)) (ap false neq)))
 (seq
  (xor (match a true (ap false not-0)) (ap true not-0))
  (seq
   (xor (match a false (ap a and)) (seq (call "p" ("s" "f") [] b-0) (ap b-0 and)))
   (xor (match a true (ap a mine)) (ap b mine)))))"#;
        expect![[r#"
            boolean-operator: eq = a == b
            boolean-operator: neq = a != b
            boolean-operator: not = not a
            boolean-operator: and = a && b-0
            boolean-operator (likely): mine = a || b
        "#]]
        .assert_eq(&found(script));
    }

    #[test]
    fn arithmetic_and_comparison() {
        let script = r#"
(seq
 (call "p" ("math" "add") [x 1] add)
 (call "p" ("cmp" "gte") [x y] wide))"#;
        expect![[r#"
            arithmetic: add = x + 1
            comparison (likely): wide = x >= y
        "#]]
        .assert_eq(&found(script));
    }

    #[test]
    fn near_misses() {
        for script in [
            "(xor (match a b (ap true r)) (ap false s))",
            "(xor (match a b (ap true r)) (ap true r))",
            "(xor (match a b (ap true $r)) (ap false $r))",
            "(xor (match a b (ap true r)) (seq (ap 1 x) (ap false r)))",
        ] {
            assert!(!has(script, IdiomKind::BooleanOperator), "{script}");
        }
        assert!(!has(r#"(call "p" ("math" "add") [x] add)"#, IdiomKind::Arithmetic));
        assert!(!has(r#"(call "p" ("math" "log") [x y] log)"#, IdiomKind::Arithmetic));
        assert!(!has(r#"(call "p" ("cmp" "cmp") [x y] c)"#, IdiomKind::Comparison));
    }
}
