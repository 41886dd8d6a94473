//! `array`: sums, slices, and arrays of strings as sets.

use rustc_hash::FxHashSet;

use super::args::Args;
use super::function::{Function, Reply};
use air_interpreter::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    ("sum", sum),
    ("dedup", dedup),
    ("intersect", |args| sets(args, |xs, ys| keep(xs, |x| ys.contains(x)))),
    ("diff", |args| sets(args, |xs, ys| keep(xs, |x| !ys.contains(x)))),
    ("sdiff", |args| {
        sets(args, |xs, ys| {
            let mut either = keep(xs, |x| !ys.contains(x));
            either.extend(keep(ys, |y| !xs.contains(y)));
            either
        })
    }),
    ("slice", slice),
    ("length", length),
];

fn sum(args: &mut Args<'_>) -> Result<Reply, String> {
    args.exactly(1)?;
    let numbers = args.array("x", "Vec<i64>", Value::as_i64)?;
    let sum = numbers.into_iter().try_fold(0_i64, i64::checked_add);
    sum.map(|sum| Value::integer(sum).into()).ok_or_else(|| "i64 add overflow".to_owned())
}

fn dedup(args: &mut Args<'_>) -> Result<Reply, String> {
    args.exactly(1)?;
    let texts = args.array("x", "Vec<String>", Value::as_str)?;
    Ok(texts_value(distinct(texts)))
}

fn sets(
    args: &mut Args<'_>,
    compute: for<'v> fn(&Set<'v>, &Set<'v>) -> Vec<&'v str>,
) -> Result<Reply, String> {
    args.exactly(2)?;
    let mut set =
        |field| args.array(field, "std::collections::hash::set::HashSet<String>", Value::as_str).map(Set::of);
    let (xs, ys) = (set("x")?, set("y")?);
    Ok(texts_value(compute(&xs, &ys)))
}

/// Texts, each once, in the order in which they came first.
struct Set<'v> {
    order: Vec<&'v str>,
    members: FxHashSet<&'v str>,
}

impl<'v> Set<'v> {
    fn of(texts: Vec<&'v str>) -> Self {
        let order = distinct(texts);
        Set { members: order.iter().copied().collect(), order }
    }

    fn contains(&self, text: &str) -> bool {
        self.members.contains(text)
    }
}

fn distinct(texts: Vec<&str>) -> Vec<&str> {
    let mut seen = FxHashSet::default();
    texts.into_iter().filter(|text| seen.insert(*text)).collect()
}

fn keep<'v>(set: &Set<'v>, wanted: impl Fn(&str) -> bool) -> Vec<&'v str> {
    set.order.iter().copied().filter(|text| wanted(text)).collect()
}

fn texts_value(texts: Vec<&str>) -> Reply {
    Value::array(texts.into_iter().map(Value::from).collect()).into()
}

/// `[array, from, to]`, `to` left out. An empty array gives itself, whatever the indices.
fn slice(args: &mut Args<'_>) -> Result<Reply, String> {
    let [array, start, end] = args.all() else {
        return Err("invalid number of parameters. need array, start index and end index".to_owned());
    };
    let items = array.as_array().ok_or_else(|| format!("first argument must be an array, was {array}"))?;
    if items.is_empty() {
        return Ok(array.clone().into());
    }
    let index = |value: &Value, which: &str| {
        let wrong = || format!("{which} must be an unsigned integer, was {value}");
        value.as_u64().and_then(|index| usize::try_from(index).ok()).ok_or_else(wrong)
    };
    let start = index(start, "second argument (start index)")?;
    let end = index(end, "third argument (end index)")?;
    let part = items.get(start..end).ok_or_else(|| {
        format!(
            "slice indexes out of bounds. start index: {start}, end index: {end}, array length: {}",
            items.len()
        )
    })?;
    Ok(Value::array(part.to_vec()).into())
}

pub(super) fn length(args: &mut Args<'_>) -> Result<Reply, String> {
    match args.all() {
        [array] if array.as_array().is_some() => {
            Ok(Value::unsigned(array.as_array().map_or(0, <[Value]>::len) as u64).into())
        }
        [_] => Err("op array_length's argument must be an array".to_owned()),
        all => Err(format!("op array_length accepts exactly 1 argument: {} found", all.len())),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::services::tests::answers;

    #[test]
    fn arrays() {
        expect![[r#"
            array.sum [[1, 2, -5]] → -2
            array.sum [[]] → 0
            array.dedup [["b", "a", "b", "a", "c"]] → ["b","a","c"]
            array.intersect [["c", "a", "b", "a"], ["b", "c"]] → ["c","b"]
            array.diff [["c", "a", "b", "a"], ["b"]] → ["c","a"]
            array.sdiff [["c", "a", "b"], ["b", "d", "d"]] → ["c","a","d"]
            array.slice [[1, "b", {}], 1, 3] → ["b",{}]
            array.slice [[1], 1, 1] → []
            array.slice [[], 7, "x"] → []
            array.length [[1, [2, 3]]] → 2
        "#]]
        .assert_eq(&answers(
            r#"
            array.sum [[1, 2, -5]]
            array.sum [[]]
            array.dedup [["b", "a", "b", "a", "c"]]
            array.intersect [["c", "a", "b", "a"], ["b", "c"]]
            array.diff [["c", "a", "b", "a"], ["b"]]
            array.sdiff [["c", "a", "b"], ["b", "d", "d"]]
            array.slice [[1, "b", {}], 1, 3]
            array.slice [[1], 1, 1]
            array.slice [[], 7, "x"]
            array.length [[1, [2, 3]]]
            "#,
        ));
    }

    #[test]
    fn refusals() {
        expect![[r#"
            array.sum [[9223372036854775807, 1]] → FAILS 1 "i64 add overflow"
            array.sum [[1, "2"]] → FAILS 1 "Error: Error deserializing field 'x': expected Vec<i64>, got [1,\"2\"]"
            array.sum [1, 2] → FAILS 1 "expected 1 arguments, got 2"
            array.dedup [[1]] → FAILS 1 "Error: Error deserializing field 'x': expected Vec<String>, got [1]"
            array.intersect [["a"]] → FAILS 1 "expected 2 arguments, got 1"
            array.diff [["a"], "a"] → FAILS 1 "Error: Error deserializing field 'y': expected std::collections::hash::set::HashSet<String>, got \"a\""
            array.slice [[1]] → FAILS 1 "invalid number of parameters. need array, start index and end index"
            array.slice [{}, 0, 1] → FAILS 1 "first argument must be an array, was {}"
            array.slice [[1], -1, 1] → FAILS 1 "second argument (start index) must be an unsigned integer, was -1"
            array.slice [[1], 0, "1"] → FAILS 1 "third argument (end index) must be an unsigned integer, was \"1\""
            array.slice [[1], 0, 2] → FAILS 1 "slice indexes out of bounds. start index: 0, end index: 2, array length: 1"
            array.slice [[1, 2], 2, 1] → FAILS 1 "slice indexes out of bounds. start index: 2, end index: 1, array length: 2"
            array.length [{}] → FAILS 1 "op array_length's argument must be an array"
            array.length [] → FAILS 1 "op array_length accepts exactly 1 argument: 0 found"
        "#]].assert_eq(&answers(
            r#"
            array.sum [[9223372036854775807, 1]]
            array.sum [[1, "2"]]
            array.sum [1, 2]
            array.dedup [[1]]
            array.intersect [["a"]]
            array.diff [["a"], "a"]
            array.slice [[1]]
            array.slice [{}, 0, 1]
            array.slice [[1], -1, 1]
            array.slice [[1], 0, "1"]
            array.slice [[1], 0, 2]
            array.slice [[1, 2], 2, 1]
            array.length [{}]
            array.length []
            "#,
        ));
    }
}
