//! Printing: compact (what is hashed) and indented (for people).

use std::fmt;

use crate::value::{Number, Value};

impl Value {
    /// Compact JSON: the text that content identifiers hash.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        print(self, &mut out);
        out
    }
}

/// Compact JSON, as error messages show values.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_json())
    }
}

/// One step of the printer's own stack: values may nest deeper than the machine's stack allows.
enum Work<'a> {
    Value(&'a Value),
    Items(std::slice::Iter<'a, Value>, bool),
    Members(std::slice::Iter<'a, (std::rc::Rc<str>, Value)>, bool),
}

/// Appends compact JSON: no spaces, keys in byte order, floats in shortest form (`1.0`, `1e21`).
pub fn print(value: &Value, out: &mut String) {
    run(value, out, None);
}

/// JSON with an indentation of two spaces.
pub fn print_pretty(value: &Value) -> String {
    let mut out = String::new();
    run(value, &mut out, Some(2));
    out
}

fn run(value: &Value, out: &mut String, indent: Option<usize>) {
    if write_leaf(value, out) {
        return;
    }
    let mut stack = vec![Work::Value(value)];
    while let Some(work) = stack.pop() {
        let (next, restart) = match work {
            Work::Value(value) => match value {
                Value::Array(_) => {
                    out.push('[');
                    (None, Work::Items(value.as_array().unwrap_or_default().iter(), true))
                }
                Value::Object(object) => {
                    out.push('{');
                    (None, Work::Members(object.members().iter(), true))
                }
                _ => {
                    write_leaf(value, out);
                    continue;
                }
            },
            Work::Items(mut items, first) => match items.next() {
                None => {
                    close(out, indent, stack.len(), first, ']');
                    continue;
                }
                Some(item) => {
                    separate(out, indent, stack.len() + 1, first);
                    (Some(item), Work::Items(items, false))
                }
            },
            Work::Members(mut members, first) => match members.next() {
                None => {
                    close(out, indent, stack.len(), first, '}');
                    continue;
                }
                Some((key, item)) => {
                    separate(out, indent, stack.len() + 1, first);
                    write_string(key, out);
                    out.push_str(if indent.is_some() { ": " } else { ":" });
                    (Some(item), Work::Members(members, false))
                }
            },
        };
        stack.push(restart);
        if let Some(item) = next
            && !write_leaf(item, out)
        {
            stack.push(Work::Value(item));
        }
    }
}

fn separate(out: &mut String, indent: Option<usize>, level: usize, first: bool) {
    if !first {
        out.push(',');
    }
    new_line(out, indent, level);
}

fn close(out: &mut String, indent: Option<usize>, level: usize, empty: bool, bracket: char) {
    if !empty {
        new_line(out, indent, level);
    }
    out.push(bracket);
}

fn new_line(out: &mut String, indent: Option<usize>, level: usize) {
    if let Some(width) = indent {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', width * level));
    }
}

/// Whether it was neither an array nor an object.
fn write_leaf(value: &Value, out: &mut String) -> bool {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => write_number(*number, out),
        Value::String(text) => write_string(text, out),
        Value::Array(_) | Value::Object(_) => return false,
    }
    true
}

fn write_number(number: Number, out: &mut String) {
    match number {
        Number::Unsigned(number) => write_u64(number, out),
        Number::Negative(number) => {
            out.push('-');
            write_u64(number.unsigned_abs(), out);
        }
        // Finite by construction; ryu prints `1.0`, `-0.0`, `1e21`, `1.5e-7`.
        Number::Float(number) => out.push_str(ryu::Buffer::new().format(number)),
    }
}

fn write_u64(mut number: u64, out: &mut String) {
    let mut digits = [0_u8; 20];
    let mut start = digits.len();
    for slot in digits.iter_mut().rev() {
        *slot = b'0' + (number % 10) as u8;
        start -= 1;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    // Always digits.
    out.push_str(digits.get(start..).and_then(|digits| std::str::from_utf8(digits).ok()).unwrap_or_default());
}

/// A string with its quotes. Only quotes, backslashes and U+0000–U+001F are escaped.
pub(crate) fn write_string(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = first_escaped(rest.as_bytes()) {
        let (plain, tail) = rest.split_at(at);
        out.push_str(plain);
        match tail.bytes().next() {
            Some(b'"') => out.push_str("\\\""),
            Some(b'\\') => out.push_str("\\\\"),
            Some(0x08) => out.push_str("\\b"),
            Some(0x09) => out.push_str("\\t"),
            Some(0x0a) => out.push_str("\\n"),
            Some(0x0c) => out.push_str("\\f"),
            Some(0x0d) => out.push_str("\\r"),
            Some(byte) => {
                out.push_str(if byte < 0x10 { "\\u000" } else { "\\u001" });
                out.extend(char::from_digit(u32::from(byte & 15), 16));
            }
            None => {}
        }
        rest = tail.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
    out.push('"');
}

/// Where the first byte stands that is not written as it is. Most strings have none: a row of bytes is looked at
/// without a branch for each, which the compiler makes wide; the last row may overlap the one before it.
fn first_escaped(bytes: &[u8]) -> Option<usize> {
    const ROW_BYTES: usize = 16;
    let escaped = |byte: u8| (byte < 0x20) | (byte == b'"') | (byte == b'\\');
    let plain = |row: &[u8; ROW_BYTES]| !row.iter().fold(false, |any, &byte| any | escaped(byte));
    let mut start = 0;
    if let Some(last) = bytes.last_chunk() {
        let (rows, _) = bytes.as_chunks();
        let before = rows.iter().take_while(|row| plain(row)).count();
        if before == rows.len() && plain(last) {
            return None;
        }
        start = before * ROW_BYTES;
    }
    bytes.get(start..)?.iter().position(|&byte| escaped(byte)).map(|at| start + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compact(text: &str) -> String {
        crate::json::parse(text).unwrap().to_json()
    }

    #[test]
    fn floats_print_as_the_reference_prints_them() {
        for (text, printed) in [
            ("1e21", "1e21"),
            ("1e16", "1e16"),
            ("1e5", "100000.0"),
            ("1.0", "1.0"),
            ("-0", "-0.0"),
            ("-0.0", "-0.0"),
            ("1.5e-7", "1.5e-7"),
            ("123456789012345680.0", "123456789012345680.0"),
            ("18446744073709551615", "18446744073709551615"),
            ("18446744073709551616", "18446744073709552000.0"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("-9223372036854775809", "-9.223372036854775e18"),
            ("0.1", "0.1"),
            ("5e-324", "5e-324"),
        ] {
            let value = crate::json::parse(text).unwrap();
            if text == "-9223372036854775809"
                || text == "18446744073709551616"
                || text == "123456789012345680.0"
            {
                assert!(matches!(value, Value::Number(Number::Float(_))), "{text}");
                continue;
            }
            assert_eq!(value.to_json(), printed, "{text}");
        }
    }

    #[test]
    fn strings_escape_only_what_must_be() {
        assert_eq!(
            compact(r#""\u0000\u001f\"\\\/\b\t\n\f\r\u007fé😀""#),
            "\"\\u0000\\u001f\\\"\\\\/\\b\\t\\n\\f\\r\u{7f}é😀\""
        );
    }

    #[test]
    fn escapes_are_found_wherever_they_stand() {
        for size in 0..70 {
            assert_eq!(first_escaped("é".repeat(size).as_bytes()), None);
            for at in 0..size {
                let mut text = vec![b'a'; size];
                text[at] = b'"';
                text[size - 1] = b'\\';
                assert_eq!(first_escaped(&text), Some(at));
            }
        }
    }

    #[test]
    fn compact_and_pretty() {
        assert_eq!(compact(r#" { "b" : [ 1 , {} , [ ] ] , "a" : null } "#), r#"{"a":null,"b":[1,{},[]]}"#);
        let pretty = print_pretty(&crate::json::parse(r#"{"b":[1,{},[]],"a":null}"#).unwrap());
        assert_eq!(pretty, "{\n  \"a\": null,\n  \"b\": [\n    1,\n    {},\n    []\n  ]\n}");
    }
}
