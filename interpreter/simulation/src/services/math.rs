//! `math`: integers of 64 bits; what does not fit is a failure.

use super::args::Args;
use super::function::{Function, Reply};
use air_interpreter::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    ("add", |args| binary(args, |x, y| x.checked_add(y).ok_or("add"))),
    // A node negates first, so the smallest number cannot be subtracted, whatever it is subtracted from.
    ("sub", |args| binary(args, |x, y| x.checked_add(y.checked_neg().ok_or("neg")?).ok_or("add"))),
    ("mul", |args| binary(args, |x, y| x.checked_mul(y).ok_or("mul"))),
    ("fmul", fmul),
    ("div", |args| binary(args, |x, y| x.checked_div(y).ok_or("div"))),
    ("rem", |args| binary(args, |x, y| x.checked_rem(y).ok_or("rem"))),
    ("pow", pow),
    // The base comes first.
    ("log", |args| binary(args, |x, y| y.checked_ilog(x).map(i64::from).ok_or("log"))),
];

fn binary(args: &mut Args<'_>, compute: fn(i64, i64) -> Result<i64, &'static str>) -> Result<Reply, String> {
    args.exactly(2)?;
    let (x, y) = (args.integer("x")?, args.integer("y")?);
    compute(x, y).map(|result| Value::integer(result).into()).map_err(overflow)
}

fn overflow(what: &str) -> String {
    format!("i64 {what} overflow")
}

/// The product of any numbers, rounded down; beyond 64 bits the nearest integer that there is.
fn fmul(args: &mut Args<'_>) -> Result<Reply, String> {
    args.exactly(2)?;
    let (x, y) = (args.float("x")?, args.float("y")?);
    Ok(Value::integer((x * y).floor() as i64).into())
}

fn pow(args: &mut Args<'_>) -> Result<Reply, String> {
    args.exactly(2)?;
    let (x, y) = (args.integer("x")?, args.small("y")?);
    x.checked_pow(y).map(|result| Value::integer(result).into()).ok_or_else(|| overflow("pow"))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::services::tests::answers;

    #[test]
    fn arithmetic() {
        expect![[r#"
            math.add [2, 40] → 42
            math.add [9223372036854775807, 1] → FAILS 1 "i64 add overflow"
            math.sub [2, 40] → -38
            math.sub [-1, -9223372036854775808] → FAILS 1 "i64 neg overflow"
            math.sub [-9223372036854775808, 1] → FAILS 1 "i64 add overflow"
            math.mul [-6, 7] → -42
            math.mul [4611686018427387904, 2] → FAILS 1 "i64 mul overflow"
            math.fmul [2.5, 3] → 7
            math.fmul [-0.5, 1] → -1
            math.fmul [1e300, 1e300] → 9223372036854775807
            math.div [7, -2] → -3
            math.div [7, 0] → FAILS 1 "i64 div overflow"
            math.rem [-7, 2] → -1
            math.rem [7, 0] → FAILS 1 "i64 rem overflow"
            math.pow [2, 62] → 4611686018427387904
            math.pow [2, 63] → FAILS 1 "i64 pow overflow"
            math.pow [2, -1] → FAILS 1 "Error: Error deserializing field 'y': expected u32, got -1"
            math.log [2, 1024] → 10
            math.log [1, 10] → FAILS 1 "i64 log overflow"
            math.log [2, 0] → FAILS 1 "i64 log overflow"
        "#]]
        .assert_eq(&answers(
            r#"
            math.add [2, 40]
            math.add [9223372036854775807, 1]
            math.sub [2, 40]
            math.sub [-1, -9223372036854775808]
            math.sub [-9223372036854775808, 1]
            math.mul [-6, 7]
            math.mul [4611686018427387904, 2]
            math.fmul [2.5, 3]
            math.fmul [-0.5, 1]
            math.fmul [1e300, 1e300]
            math.div [7, -2]
            math.div [7, 0]
            math.rem [-7, 2]
            math.rem [7, 0]
            math.pow [2, 62]
            math.pow [2, 63]
            math.pow [2, -1]
            math.log [2, 1024]
            math.log [1, 10]
            math.log [2, 0]
            "#,
        ));
    }

    #[test]
    fn refusals() {
        expect![[r#"
            math.add [] → FAILS 1 "expected 2 arguments, got 0"
            math.add [1, 2, 3] → FAILS 1 "expected 2 arguments, got 3"
            math.add ["1", 2] → FAILS 1 "Error: Error deserializing field 'x': expected i64, got \"1\""
            math.add [1, 2.0] → FAILS 1 "Error: Error deserializing field 'y': expected i64, got 2.0"
            math.add [1, 9223372036854775808] → FAILS 1 "Error: Error deserializing field 'y': expected i64, got 9223372036854775808"
            math.fmul [1, "2"] → FAILS 1 "Error: Error deserializing field 'y': expected f64, got \"2\""
            math.pow [2, 4294967296] → FAILS 1 "Error: Error deserializing field 'y': expected u32, got 4294967296"
        "#]].assert_eq(&answers(
            r#"
            math.add []
            math.add [1, 2, 3]
            math.add ["1", 2]
            math.add [1, 2.0]
            math.add [1, 9223372036854775808]
            math.fmul [1, "2"]
            math.pow [2, 4294967296]
            "#,
        ));
    }
}
