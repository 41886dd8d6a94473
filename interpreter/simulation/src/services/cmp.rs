//! `cmp`: comparisons of integers.

use super::args::Args;
use super::function::{Function, Reply};
use air_interpreter::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    ("gt", |args| binary(args, |x, y| Value::Bool(x > y))),
    ("gte", |args| binary(args, |x, y| Value::Bool(x >= y))),
    ("lt", |args| binary(args, |x, y| Value::Bool(x < y))),
    ("lte", |args| binary(args, |x, y| Value::Bool(x <= y))),
    // -1, 0 or 1.
    ("cmp", |args| binary(args, |x, y| Value::integer(x.cmp(&y) as i64))),
];

fn binary(args: &mut Args<'_>, compute: fn(i64, i64) -> Value) -> Result<Reply, String> {
    args.exactly(2)?;
    Ok(compute(args.integer("x")?, args.integer("y")?).into())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::services::tests::answers;

    #[test]
    fn comparisons() {
        expect![[r#"
            cmp.gt [2, 1] → true
            cmp.gt [1, 1] → false
            cmp.gte [1, 1] → true
            cmp.lt [-1, 1] → true
            cmp.lte [2, 1] → false
            cmp.cmp [1, 2] → -1
            cmp.cmp [2, 2] → 0
            cmp.cmp [3, 2] → 1
            cmp.gt [1] → FAILS 1 "expected 2 arguments, got 1"
            cmp.cmp [1, null] → FAILS 1 "Error: Error deserializing field 'y': expected i64, got null"
            cmp.lt [1, 1.5] → FAILS 1 "Error: Error deserializing field 'y': expected i64, got 1.5"
        "#]]
        .assert_eq(&answers(
            r#"
            cmp.gt [2, 1]
            cmp.gt [1, 1]
            cmp.gte [1, 1]
            cmp.lt [-1, 1]
            cmp.lte [2, 1]
            cmp.cmp [1, 2]
            cmp.cmp [2, 2]
            cmp.cmp [3, 2]
            cmp.gt [1]
            cmp.cmp [1, null]
            cmp.lt [1, 1.5]
            "#,
        ));
    }
}
