//! `[x, y]` and `?[x]`.

use air_semantics::hir::{InstrId, InstrKind, OperandKind, Role};

use super::Certainty::{Certain, Likely};
use super::PayloadRole::{Body, Result, Value};
use super::patterns::{Op, Patterns};
use super::{IdiomKind, Recognition};

/// `(new $array-inline (seq (ap X $array-inline) … (canon P $array-inline #array-inline-0)))`
pub(super) fn array(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let (declared, steps, result) = built(patterns, id)?;
    let is_push =
        |step: InstrId| patterns.ap(step).is_some_and(|(_, target)| patterns.same(target, declared));
    let pushes = || steps.iter().copied().filter(|&step| is_push(step));
    let count = pushes().count();
    let named = matches!(patterns.base(declared), "array-inline" | "stream-inline" | "stream-anon");
    let uses = patterns.uses(id);
    // Code of nested expressions stands between the pushes: only the names tell it from a user's own.
    if count == 0 || (!named && count != steps.len()) || uses.reads != 1 || uses.writes as usize != count {
        return None;
    }
    let values = pushes().filter_map(|step| patterns.op(step, Role::Source));
    let label = format!("{} = [{}]", patterns.show(result), patterns.show_list(values));
    let certain = if named { Certain } else { Likely };
    let mut found = Recognition::new(IdiomKind::ArrayLiteral, certain, label).operand(Result, result);
    for &step in steps {
        found = match patterns.op(step, Role::Source).filter(|_| is_push(step)) {
            Some(value) => found.operand(Value, value).carried_by([step]),
            None => found.body(patterns.hir, Body, step),
        };
    }
    Some(found.carried_by(canon_of(patterns, id)))
}

/// `(new $option-inline (seq (xor (ap X $option-inline) (null)) (canon P $option-inline #…)))`
pub(super) fn option(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let (declared, steps, result) = built(patterns, id)?;
    let (&choice, code) = steps.split_last()?;
    let named = patterns.base(declared) == "option-inline";
    let mut values = Vec::new();
    let mut carriers = vec![choice];
    let mut nested: Vec<InstrId> = code.to_vec();
    let mut alternative = |id: InstrId| {
        let (&push, before) = patterns.steps(id).split_last()?;
        nested.extend(before);
        let (value, target) = patterns.ap(push)?;
        (patterns.same(target, declared) && (named || before.is_empty())).then_some((push, value))
    };
    let mut at = choice;
    // (xor (xor (ap a $o) (ap b $o)) (null)), the last alternative first.
    while let Some((left, right)) = patterns.pair(at).filter(|_| patterns.is(at, InstrKind::Xor)) {
        if patterns.is(right, InstrKind::Null) {
            carriers.push(right);
        } else {
            let (push, value) = alternative(right)?;
            carriers.push(push);
            values.push(value);
        }
        if patterns.is(left, InstrKind::Xor) {
            carriers.push(left);
        }
        at = left;
    }
    if at == choice || (!named && !code.is_empty()) {
        return None;
    }
    let (push, value) = alternative(at)?;
    carriers.push(push);
    values.push(value);
    values.reverse();
    // Collected from the last alternative to the first.
    nested.sort_unstable();
    let uses = patterns.uses(id);
    if uses.reads != 1 || uses.writes as usize != values.len() {
        return None;
    }
    let label = format!("{} = ?[{}]", patterns.show(result), patterns.show_list(values.iter().copied()));
    let mut found = Recognition::new(IdiomKind::OptionLiteral, if named { Certain } else { Likely }, label)
        .operand(Result, result)
        .carried_by(carriers)
        .carried_by(canon_of(patterns, id));
    for &step in &nested {
        found = found.body(patterns.hir, Body, step);
    }
    Some(values.iter().fold(found, |found, &value| found.operand(Value, value)))
}

/// `(new $S (seq STEPS… (canon P $S #C)))`: the name, the steps, `#C`.
fn built<'s, 'h>(patterns: &'s Patterns<'h>, id: InstrId) -> Option<(Op<'h>, &'s [InstrId], Op<'h>)> {
    let declared = patterns.op(id, Role::Declared)?;
    let (&canon, steps) = patterns.steps(patterns.only(id)?).split_last()?;
    // Before canons there was a call that waits for the stream.
    let identity = || {
        let idle = patterns.called(canon)? == ("op", "identity");
        let mut arguments = patterns.arguments(canon);
        let only = arguments.next().filter(|_| idle && arguments.next().is_none())?;
        Some((only, patterns.op(canon, Role::Output)?))
    };
    let (source, result) = match patterns.canon(canon) {
        Some((_, source, target)) => (source, target),
        None => identity()?,
    };
    let fits = matches!(declared.operand.kind, OperandKind::Stream(_)) && patterns.same(source, declared);
    fits.then_some((declared, steps, result))
}

fn canon_of(patterns: &Patterns<'_>, id: InstrId) -> Option<InstrId> {
    patterns.steps(patterns.only(id)?).last().copied()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::IdiomKind;
    use super::super::testing::{found, has};

    #[test]
    fn arrays_and_options() {
        let script = r#"
(seq
 (new $array-inline
  (seq (seq (ap 1 $array-inline) (ap x $array-inline)) (canon "p" $array-inline #array-inline-0)))
 (new $option-inline
  (seq
   (xor (xor (ap a.$.x $option-inline) (ap "b" $option-inline)) (null))
   (canon "p" $option-inline #option-inline-0))))"#;
        expect![[r##"
            array-literal: #array-inline = [1, x]
            option-literal: #option-inline = ?[a.x, "b"]
        "##]]
        .assert_eq(&found(script));
    }

    #[test]
    fn names_confirm_what_holds_code() {
        let script = |name: &str| {
            r#"(new $N (seq (seq (call "p" ("s" "f") [] v) (ap v $N)) (canon "p" $N #c)))"#.replace('N', name)
        };
        assert!(has(&script("array-inline"), IdiomKind::ArrayLiteral));
        assert!(!has(&script("mine"), IdiomKind::ArrayLiteral));
    }

    #[test]
    fn near_misses() {
        let used = r#"(new $s (seq (seq (ap 1 $s) (canon "p" $s #early)) (canon "p" $s #c)))"#;
        assert!(!has(used, IdiomKind::ArrayLiteral), "read twice");
        assert!(!has(r#"(new $s (canon "p" $s #c))"#, IdiomKind::ArrayLiteral), "nothing pushed");
        let other = r#"(new $s (seq (xor (ap 1 $t) (null)) (canon "p" $s #c)))"#;
        assert!(!has(other, IdiomKind::OptionLiteral));
    }
}
