//! `debug`: values as text.

use super::args::Args;
use super::function::{Function, Reply};
use air_interpreter::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[("stringify", stringify)];

/// JSON: of one argument itself, of several an array.
fn stringify(args: &mut Args<'_>) -> Result<Reply, String> {
    Ok(Value::string(match args.all() {
        [] => "\"<empty argument list>\"".to_owned(),
        [value] => value.to_json(),
        values => Value::array(values.to_vec()).to_json(),
    })
    .into())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::services::tests::answers;

    #[test]
    fn texts() {
        expect![[r#"
            debug.stringify [] → "\"<empty argument list>\""
            debug.stringify ["a"] → "\"a\""
            debug.stringify [{"b": 1.50, "a": null}] → "{\"a\":null,\"b\":1.5}"
            debug.stringify [1, [2]] → "[1,[2]]"
        "#]]
        .assert_eq(&answers(
            r#"
            debug.stringify []
            debug.stringify ["a"]
            debug.stringify [{"b": 1.50, "a": null}]
            debug.stringify [1, [2]]
            "#,
        ));
    }
}
