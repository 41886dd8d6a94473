//! `fail` with the code that means success.

use crate::finding::{Finding, Fix, Rule};
use crate::hir::{Hir, Instr, InstrId, OperandKind, Role};
use crate::text_edit::TextEdit;

/// Zero in any spelling (`0`, `-0`, `00`) is refused.
pub(super) fn check(hir: &Hir, id: InstrId, instr: &Instr) -> Option<Finding> {
    let code = hir.operand(instr, Role::FailCode).filter(|code| code.kind == OperandKind::Int(0))?;
    Some(Finding {
        rule: Rule::FailCodeZero,
        instr: id,
        name: None,
        range: code.range,
        message: "`fail` needs an error code other than 0, which means success".to_owned(),
        related: Vec::new(),
        fixes: vec![Fix {
            title: "replace by `1`".into(),
            safe: false,
            edits: vec![TextEdit { range: code.range, new_text: "1".to_owned() }],
        }],
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn in_any_spelling() {
        check(
            r#"(par (fail 0 "a") (par (fail -0 "b") (par (fail 00 "c") (fail 1 "d"))))"#,
            expect![[r#"
                | (par (fail 0 "a") (par (fail -0 "b") (par (fail 00 "c") (fail 1 "d"))))
                |            ^ FailCodeZero: `fail` needs an error code other than 0, which means success
                fix: replace by `1`: "(par (fail 1 \"a\") (par (fail -0 \"b\") (par (fail 00 \"c\") (fail 1 \"d\"))))"
                AquaVM 5..17: error code 0 with fail is unsupported
                | (par (fail 0 "a") (par (fail -0 "b") (par (fail 00 "c") (fail 1 "d"))))
                |                              ^^ FailCodeZero: `fail` needs an error code other than 0, which means success
                fix: replace by `1`: "(par (fail 0 \"a\") (par (fail 1 \"b\") (par (fail 00 \"c\") (fail 1 \"d\"))))"
                AquaVM 23..36: error code 0 with fail is unsupported
                | (par (fail 0 "a") (par (fail -0 "b") (par (fail 00 "c") (fail 1 "d"))))
                |                                                 ^^ FailCodeZero: `fail` needs an error code other than 0, which means success
                fix: replace by `1`: "(par (fail 0 \"a\") (par (fail -0 \"b\") (par (fail 1 \"c\") (fail 1 \"d\"))))"
                AquaVM 42..55: error code 0 with fail is unsupported
            "#]],
        );
    }
}
