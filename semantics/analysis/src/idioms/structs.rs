//! Objects: literals, copies, and the services that older compilers used.

use air_semantics::hir::{InstrId, InstrKind, OperandKind, Role};

use super::Certainty::{Certain, Likely};
use super::PayloadRole::{Body, Name, Result, Value};
use super::patterns::Patterns;
use super::{IdiomKind, Recognition};

/// `(new %T_obj_map (seq (ap ("f" X) %T_obj_map) … (canon P %T_obj_map T_obj)))`
pub(super) fn literal(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let declared = patterns.op(id, Role::Declared)?;
    let (&canon, steps) = patterns.steps(patterns.only(id)?).split_last()?;
    let (_, source, result) = patterns.canon(canon)?;
    let fits = matches!(declared.operand.kind, OperandKind::StreamMap(_))
        && patterns.same(source, declared)
        && matches!(result.operand.kind, OperandKind::Scalar(_));
    if !fits {
        return None;
    }
    // `%T_obj_map`, `%T_obj-0_map` for a renamed `T_obj`.
    let base = patterns.base(declared).strip_suffix("_map").map(super::names::base);
    let copied = base.and_then(|base| base.strip_suffix("_obj_copy"));
    let named = copied.or_else(|| base?.strip_suffix("_obj"));
    let kind = if copied.is_some() { IdiomKind::StructCopy } else { IdiomKind::StructLiteral };
    let mut found = Recognition::new(kind, if named.is_some() { Certain } else { Likely }, String::new());
    let mut fields: Vec<String> = Vec::new();
    let mut count = 0;
    for &step in steps {
        let entry = || {
            let key = patterns.op(step, Role::Key).filter(|_| patterns.is(step, InstrKind::Ap))?;
            let value = patterns.op(step, Role::Value)?;
            let target = patterns.op(step, Role::Target)?;
            (patterns.same(target, declared) && patterns.literal(key).is_some()).then_some((key, value))
        };
        let Some((key, value)) = entry() else {
            if named.is_none() && !patterns.is(step, InstrKind::Canon) {
                return None;
            }
            found = found.body(patterns.hir, Body, step);
            continue;
        };
        count += 1;
        if fields.len() < 6 {
            fields.push(format!("{}: {}", patterns.literal(key).unwrap_or_default(), patterns.show(value)));
        } else if fields.len() == 6 {
            fields.push("…".to_owned());
        }
        found = found.operand(Name, key).operand(Value, value).carried_by([step]);
    }
    let uses = patterns.uses(id);
    if count == 0 || uses.reads != 1 || uses.writes != count {
        return None;
    }
    let name = named.map_or(String::new(), |name| format!("{name} "));
    found.label = format!("{} = {name}{{ {} }}", patterns.show(result), fields.join(", "));
    Some(found.operand(Result, result).carried_by([canon]))
}

/// `(call P ("json" "obj") ["f" X "g" Y] T_obj)`, and `puts`, `put` for copies.
pub(super) fn json_object(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
    let function = patterns.called(id).filter(|(service, _)| *service == "json")?.1;
    let copies = match function {
        "obj" => 0,
        "put" | "puts" => 1,
        _ => return None,
    };
    let result = patterns.op(id, Role::Output)?;
    let count = patterns.arguments(id).count();
    let fields = || patterns.arguments(id).skip(copies);
    let keyed = fields().step_by(2).all(|key| patterns.literal(key).is_some());
    if count < copies || !(count - copies).is_multiple_of(2) || !keyed {
        return None;
    }
    let shown: Vec<String> = fields()
        .step_by(2)
        .zip(fields().skip(1).step_by(2))
        .take(6)
        .map(|(key, value)| {
            format!("{}: {}", patterns.literal(key).unwrap_or_default(), patterns.show(value))
        })
        .collect();
    let label = format!("{} = {{ {} }}", patterns.show(result), shown.join(", "));
    let named = patterns.base(result).ends_with("_obj") || patterns.base(result).ends_with("_obj_copy");
    let kind = if copies == 0 { IdiomKind::JsonObject } else { IdiomKind::StructCopy };
    let found = Recognition::new(kind, if named { Certain } else { Likely }, label);
    Some(
        patterns
            .arguments(id)
            .fold(found, |found, value| found.operand(Value, value))
            .operand(Result, result),
    )
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::IdiomKind;
    use super::super::testing::{found, has};

    #[test]
    fn objects() {
        let script = r#"
(seq
 (new %User_obj-0_map
  (seq
   (seq (ap ("name" "ann") %User_obj-0_map) (ap ("age" age) %User_obj-0_map))
   (canon "p" %User_obj-0_map User_obj-0)))
 (seq
  (new %User_obj_copy_map
   (seq (ap ("name" old.$.name) %User_obj_copy_map) (canon "p" %User_obj_copy_map User_obj_copy)))
  (call "p" ("json" "obj") ["name" "bob"] Other_obj)))"#;
        expect![[r#"
            struct-literal: User_obj = User { name: "ann", age: age }
            struct-copy: User_obj_copy = User { name: old.name }
            json-object: Other_obj = { name: "bob" }
        "#]]
        .assert_eq(&found(script));
    }

    #[test]
    fn near_misses() {
        let canon = r#"(new %m (seq (ap ("k" 1) %m) (canon "p" %m #%c)))"#;
        assert!(!has(canon, IdiomKind::StructLiteral), "no object is made");
        let variable = r#"(new %m (seq (ap (k 1) %m) (canon "p" %m x)))"#;
        assert!(!has(variable, IdiomKind::StructLiteral), "a key that is not a literal");
        assert!(!has(r#"(call "p" ("json" "obj") ["k"] x)"#, IdiomKind::JsonObject));
        assert!(!has(r#"(call "p" ("json" "obj") [k 1] x)"#, IdiomKind::JsonObject));
    }
}
