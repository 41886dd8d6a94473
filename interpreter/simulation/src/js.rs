//! JSON as a JS client writes it: all its numbers are doubles.

use air_interpreter::value::Value;

/// A number that was computed; `null` if it is not finite.
pub(crate) fn number(number: f64) -> Value {
    air_interpreter::json::parse(&digits(number)).unwrap_or_default()
}

/// A value after it went through a client: `1.0` is `1`, integers above 2^53 are rounded.
pub(crate) fn value(value: &Value) -> Value {
    let text = value.to_json();
    let written = numbers(&text);
    if written == text { value.clone() } else { air_interpreter::json::parse(&written).unwrap_or_default() }
}

/// `JSON.stringify(value)`, or with an indentation of four.
pub(crate) fn text(value: &Value, pretty: bool) -> String {
    if !pretty {
        return numbers(&value.to_json());
    }
    let text = numbers(&air_interpreter::json::print_pretty(value));
    let lines = text.lines().map(|line| {
        let indent = line.len() - line.trim_start_matches(' ').len();
        format!("{:indent$}{line}", "")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The same JSON with numbers as JS writes them.
fn numbers(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut in_string = false;
    let mut rest = json;
    while let Some(first) = rest.chars().next() {
        let mut end = first.len_utf8();
        if in_string {
            end += if first == '\\' { 1 } else { 0 };
            in_string = first != '"';
        } else if first == '"' {
            in_string = true;
        } else if first == '-' || first.is_ascii_digit() {
            end = rest.find(|c: char| !(c.is_ascii_digit() || "+-.eE".contains(c))).unwrap_or(rest.len());
            let (token, after) = rest.split_at(end);
            out.push_str(&digits(token.parse().unwrap_or_default()));
            rest = after;
            continue;
        }
        let (token, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        out.push_str(token);
        rest = after;
    }
    out
}

/// `String(number)`, but `null` if it is not finite.
fn digits(number: f64) -> String {
    let size = number.abs();
    match number {
        _ if !number.is_finite() => "null".to_owned(),
        0.0 => "0".to_owned(),
        _ if (1e-6..1e21).contains(&size) => number.to_string(),
        _ => {
            let text = format!("{number:e}");
            if size < 1.0 { text } else { text.replace('e', "e+") }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_node_prints_them() {
        let value = air_interpreter::json::parse(
            r#"[1, 1.0, -0.0, 0.1, 1e21, 1.5e-7, 0.000001, 9007199254740993, 18446744073709551615, -2.5e30, {"1.0": "1.0 \"2.0\" \\"}]"#,
        )
        .unwrap();
        assert_eq!(
            text(&value, false),
            r#"[1,1,0,0.1,1e+21,1.5e-7,0.000001,9007199254740992,18446744073709552000,-2.5e+30,{"1.0":"1.0 \"2.0\" \\"}]"#
        );
        let value = air_interpreter::json::parse(r#"{"a": [1.0, []], "b": {}}"#).unwrap();
        let pretty = "{\n    \"a\": [\n        1,\n        []\n    ],\n    \"b\": {}\n}";
        assert_eq!(text(&value, true), pretty);
        assert_eq!(number(f64::NAN), Value::Null);
        assert_eq!(number(4.0), Value::unsigned(4));
        assert_eq!(number(-0.5).to_json(), "-0.5");
    }
}
