//! JSON as a JS client writes it: all its numbers are doubles.

use air_interpreter::value::{Number, Value};

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
            let number = air_interpreter::json::parse(token).unwrap_or_default();
            out.push_str(&digits(double(&number)));
            rest = after;
            continue;
        }
        let (token, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        out.push_str(token);
        rest = after;
    }
    out
}

/// `String(number)`, but `null` if it is not finite: the digits that AquaVM prints, with the point where JS has it.
///
/// Made of digits, since the formatter of the standard library would be a large part of the sandbox's module.
fn digits(number: f64) -> String {
    let text = Value::float(number).to_json();
    let (sign, text) = text.strip_prefix('-').map_or(("", &*text), |rest| ("-", rest));
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = [whole, fraction].concat();
    let digits = all.trim_start_matches('0');
    // Digits before the point.
    let point = exponent.parse::<i32>().unwrap_or_default() + whole.len() as i32;
    let point = point - (all.len() - digits.len()) as i32;
    let digits = digits.trim_end_matches('0');
    if number == 0.0 || !number.is_finite() {
        return if number == 0.0 { "0" } else { "null" }.to_owned();
    }
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or_default());
    let length = digits.len() as i32;
    let parts =
        |at: i32| digits.split_at_checked(usize::try_from(at).unwrap_or_default()).unwrap_or((digits, ""));
    let text = match point {
        _ if (length..=21).contains(&point) => [digits, &zeros(point - length)].concat(),
        1..=21 => [parts(point).0, ".", parts(point).1].concat(),
        -5..=0 => ["0.", &zeros(-point), digits].concat(),
        _ => {
            let (first, rest) = parts(1);
            let dot = if rest.is_empty() { "" } else { "." };
            let exponent = point - 1;
            let plus = if exponent > 0 { "+" } else { "" };
            [first, dot, rest, "e", plus, &exponent.to_string()].concat()
        }
    };
    [sign, &text].concat()
}

/// A number as the double that it is in JS; 0 for anything else.
pub(crate) fn double(value: &Value) -> f64 {
    match value {
        Value::Number(Number::Unsigned(number)) => *number as f64,
        Value::Number(Number::Negative(number)) => *number as f64,
        Value::Number(Number::Float(number)) => *number,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_node_prints_them() {
        let value = air_interpreter::json::parse(
            r#"[1, 1.0, -0.0, 0.1, 1e21, 1.5e-7, 0.000001, 9007199254740993, 18446744073709551615, -2.5e30, 123.25, 1234567890123456789012, 5e-324, {"1.0": "1.0 \"2.0\" \\"}]"#,
        )
        .unwrap();
        assert_eq!(
            text(&value, false),
            r#"[1,1,0,0.1,1e+21,1.5e-7,0.000001,9007199254740992,18446744073709552000,-2.5e+30,123.25,1.2345678901234568e+21,5e-324,{"1.0":"1.0 \"2.0\" \\"}]"#
        );
        let value = air_interpreter::json::parse(r#"{"a": [1.0, []], "b": {}}"#).unwrap();
        let pretty = "{\n    \"a\": [\n        1,\n        []\n    ],\n    \"b\": {}\n}";
        assert_eq!(text(&value, true), pretty);
        assert_eq!(number(f64::NAN), Value::Null);
        assert_eq!(number(4.0), Value::unsigned(4));
        assert_eq!(number(-0.5).to_json(), "-0.5");
    }
}
