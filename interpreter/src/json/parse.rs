//! Reading JSON: the values, limits and rounding of the reference.
//!
//! Nesting ends at 127 levels. Floats are computed as `significand * 10^exponent` with one or two
//! roundings, which is off by one unit in the last place for some inputs; every peer has to be off
//! in the same way.

use std::fmt;
use std::rc::Rc;

use super::pow10::POW10;
use crate::value::{Number, Value};

/// Arrays and objects that may be open at the same time.
pub(crate) const MAX_NESTING: usize = 127;

/// Why a text is not JSON, in the words of the reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError(String);

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for JsonError {}

/// Reads one JSON text.
///
/// # Errors
/// If it is not one; the message names line and column as the reference does.
pub fn parse(text: &str) -> Result<Value, JsonError> {
    let mut reader = Reader { bytes: text.as_bytes(), text, at: 0 };
    reader.document().ok_or_else(|| explain(text))
}

/// The message comes from the library that the reference uses: it ends up in values that are
/// hashed, so it has to be the same to the letter.
fn explain(text: &str) -> JsonError {
    JsonError(match serde_json::from_str::<serde_json::Value>(text) {
        Err(error) => error.to_string(),
        Ok(_) => "invalid JSON".to_owned(),
    })
}

/// A container that is still open.
enum Open {
    Array(Vec<Value>),
    Object(Vec<(Rc<str>, Value)>, Rc<str>),
}

struct Reader<'a> {
    bytes: &'a [u8],
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn document(&mut self) -> Option<Value> {
        let mut open: Vec<Open> = Vec::new();
        loop {
            let mut value = match self.next_token()? {
                b'[' => {
                    self.at += 1;
                    if open.len() >= MAX_NESTING {
                        return None;
                    }
                    if self.next_token()? == b']' {
                        self.at += 1;
                        Value::array(Vec::new())
                    } else {
                        open.push(Open::Array(Vec::new()));
                        continue;
                    }
                }
                b'{' => {
                    self.at += 1;
                    if open.len() >= MAX_NESTING {
                        return None;
                    }
                    if self.next_token()? == b'}' {
                        self.at += 1;
                        Value::object(Vec::new())
                    } else {
                        let key = self.key()?;
                        open.push(Open::Object(Vec::new(), key));
                        continue;
                    }
                }
                b'"' => Value::String(self.string()?),
                b't' => self.word(b"true", Value::Bool(true))?,
                b'f' => self.word(b"false", Value::Bool(false))?,
                b'n' => self.word(b"null", Value::Null)?,
                b'-' => {
                    self.at += 1;
                    self.number(false)?
                }
                b'0'..=b'9' => self.number(true)?,
                _ => return None,
            };
            // A value is finished: close what it closes.
            loop {
                match open.pop() {
                    None => return if self.next_token().is_none() { Some(value) } else { None },
                    Some(Open::Array(mut items)) => {
                        items.push(value);
                        match self.next_token()? {
                            b',' => {
                                self.at += 1;
                                open.push(Open::Array(items));
                                break;
                            }
                            b']' => {
                                self.at += 1;
                                value = Value::array(items);
                            }
                            _ => return None,
                        }
                    }
                    Some(Open::Object(mut members, key)) => {
                        members.push((key, value));
                        match self.next_token()? {
                            b',' => {
                                self.at += 1;
                                let key = self.key()?;
                                open.push(Open::Object(members, key));
                                break;
                            }
                            b'}' => {
                                self.at += 1;
                                value = Value::object(members);
                            }
                            _ => return None,
                        }
                    }
                }
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Skips white space: the next byte after it; `None` at the end.
    fn next_token(&mut self) -> Option<u8> {
        loop {
            match self.peek()? {
                b' ' | b'\n' | b'\t' | b'\r' => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    fn word(&mut self, word: &[u8], value: Value) -> Option<Value> {
        self.bytes.get(self.at..)?.starts_with(word).then(|| {
            self.at += word.len();
            value
        })
    }

    /// A key and its colon.
    fn key(&mut self) -> Option<Rc<str>> {
        if self.next_token()? != b'"' {
            return None;
        }
        let key = self.string()?;
        if self.next_token()? != b':' {
            return None;
        }
        self.at += 1;
        Some(key)
    }

    fn string(&mut self) -> Option<Rc<str>> {
        self.at += 1;
        let start = self.at;
        self.plain()?;
        if self.peek()? == b'"' {
            let text = self.text.get(start..self.at)?;
            self.at += 1;
            return Some(Rc::from(text));
        }
        let mut out = self.text.get(start..self.at)?.to_owned();
        loop {
            let start = self.at;
            self.plain()?;
            out.push_str(self.text.get(start..self.at)?);
            let byte = self.peek()?;
            self.at += 1;
            match byte {
                b'"' => return Some(Rc::from(out)),
                b'\\' => out.push(self.escape()?),
                _ => return None,
            }
        }
    }

    /// Up to the next quote, backslash or control character.
    fn plain(&mut self) -> Option<()> {
        let rest = self.bytes.get(self.at..)?;
        self.at += rest.iter().position(|&byte| byte < 0x20 || byte == b'"' || byte == b'\\')?;
        Some(())
    }

    fn escape(&mut self) -> Option<char> {
        let byte = self.peek()?;
        self.at += 1;
        Some(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.hex()?;
                match first {
                    0xd800..=0xdbff => {
                        if !self.bytes.get(self.at..)?.starts_with(b"\\u") {
                            return None;
                        }
                        self.at += 2;
                        let second = self.hex()?;
                        if !(0xdc00..=0xdfff).contains(&second) {
                            return None;
                        }
                        char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))?
                    }
                    code => char::from_u32(code)?,
                }
            }
            _ => return None,
        })
    }

    fn hex(&mut self) -> Option<u32> {
        let mut code = 0;
        for &byte in self.bytes.get(self.at..self.at + 4)? {
            code = code * 16 + char::from(byte).to_digit(16)?;
        }
        self.at += 4;
        Some(code)
    }

    fn digit(&mut self) -> Option<u64> {
        let digit = self.peek().filter(u8::is_ascii_digit)?;
        self.at += 1;
        Some(u64::from(digit - b'0'))
    }

    fn skip_digits(&mut self) -> i32 {
        let mut count = 0_i32;
        while self.digit().is_some() {
            count = count.saturating_add(1);
        }
        count
    }

    fn number(&mut self, positive: bool) -> Option<Value> {
        let mut significand = self.digit()?;
        let mut exponent = 0;
        if significand == 0 {
            if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                return None;
            }
        } else {
            while let Some(byte) = self.peek().filter(u8::is_ascii_digit) {
                match push_digit(significand, byte) {
                    Some(next) => significand = next,
                    // Too long for an integer: the remaining digits only count.
                    None => {
                        exponent = self.skip_digits();
                        break;
                    }
                }
                self.at += 1;
            }
        }
        let long = exponent > 0;
        let number = match self.peek() {
            Some(b'.') => self.decimal(positive, significand, exponent)?,
            Some(b'e' | b'E') => self.exponent(positive, significand, exponent)?,
            _ if long => float(positive, significand, exponent)?,
            _ if positive => Number::Unsigned(significand),
            _ => match 0_i64.checked_sub_unsigned(significand) {
                Some(number) if number < 0 => Number::Negative(number),
                _ => Number::Float(-(significand as f64)),
            },
        };
        Some(Value::Number(number))
    }

    fn decimal(&mut self, positive: bool, mut significand: u64, before: i32) -> Option<Number> {
        self.at += 1;
        let mut after = 0_i32;
        while let Some(byte) = self.peek().filter(u8::is_ascii_digit) {
            match push_digit(significand, byte) {
                Some(next) => significand = next,
                None => {
                    self.skip_digits();
                    break;
                }
            }
            self.at += 1;
            after -= 1;
        }
        if after == 0 && !self.bytes.get(self.at - 1).is_some_and(u8::is_ascii_digit) {
            return None;
        }
        let exponent = before.saturating_add(after);
        match self.peek() {
            Some(b'e' | b'E') => self.exponent(positive, significand, exponent),
            _ => float(positive, significand, exponent),
        }
    }

    fn exponent(&mut self, positive: bool, significand: u64, start: i32) -> Option<Number> {
        self.at += 1;
        let up = match self.peek() {
            Some(b'+') => {
                self.at += 1;
                true
            }
            Some(b'-') => {
                self.at += 1;
                false
            }
            _ => true,
        };
        let mut exponent = i32::try_from(self.digit()?).ok()?;
        while let Some(digit) = self.digit() {
            match exponent.checked_mul(10).and_then(|tens| tens.checked_add(digit as i32)) {
                Some(next) => exponent = next,
                None => {
                    if significand != 0 && up {
                        return None;
                    }
                    self.skip_digits();
                    return Some(Number::Float(if positive { 0.0 } else { -0.0 }));
                }
            }
        }
        let exponent = if up { start.saturating_add(exponent) } else { start.saturating_sub(exponent) };
        float(positive, significand, exponent)
    }
}

fn push_digit(significand: u64, byte: u8) -> Option<u64> {
    significand.checked_mul(10)?.checked_add(u64::from(byte - b'0'))
}

/// `None`: out of range.
fn float(positive: bool, significand: u64, mut exponent: i32) -> Option<Number> {
    let mut number = significand as f64;
    loop {
        match POW10.get(exponent.unsigned_abs() as usize) {
            Some(&power) if exponent >= 0 => {
                number *= power;
                if number.is_infinite() {
                    return None;
                }
                break;
            }
            Some(&power) => {
                number /= power;
                break;
            }
            None if number == 0.0 => break,
            None if exponent >= 0 => return None,
            None => {
                number /= 1e308;
                exponent += 308;
            }
        }
    }
    Some(Number::Float(if positive { number } else { -number }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nesting_ends_where_the_reference_ends() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(parse(&nested(127)).is_ok());
        let error = parse(&nested(128)).unwrap_err();
        assert_eq!(error.to_string(), "recursion limit exceeded at line 1 column 128");
        assert!(parse(&"[".repeat(1_000_000)).is_err());
    }

    #[test]
    fn errors_speak_as_the_reference() {
        for (text, message) in [
            ("", "EOF while parsing a value at line 1 column 0"),
            ("{not json", "key must be a string at line 1 column 2"),
            ("[1,]", "trailing comma at line 1 column 4"),
            ("01", "invalid number at line 1 column 2"),
            ("1e400", "number out of range at line 1 column 5"),
            ("1.", "EOF while parsing a value at line 1 column 2"),
            ("\"\\ud800\"", "unexpected end of hex escape at line 1 column 8"),
            ("1 1", "trailing characters at line 1 column 3"),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), message, "{text}");
        }
    }

    /// The same value out of the library that the reference uses, numbers bit for bit.
    fn agree(text: &str) {
        let theirs = serde_json::from_str::<serde_json::Value>(text);
        match (parse(text), theirs) {
            (Ok(ours), Ok(theirs)) => assert!(same(&ours, &theirs), "{text}: {ours} {theirs}"),
            (Err(ours), Err(theirs)) => assert_eq!(ours.to_string(), theirs.to_string()),
            (ours, theirs) => panic!("{text}: {ours:?} {theirs:?}"),
        }
    }

    fn same(ours: &Value, theirs: &serde_json::Value) -> bool {
        match (ours, theirs) {
            (Value::Number(Number::Float(a)), serde_json::Value::Number(b)) => {
                b.is_f64() && b.as_f64().is_some_and(|b| a.to_bits() == b.to_bits())
            }
            (Value::Number(_), serde_json::Value::Number(b)) => {
                ours.to_json() == b.to_string() && !b.is_f64()
            }
            (Value::Array(_), serde_json::Value::Array(b)) => {
                let a = ours.as_array().unwrap();
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
            }
            (Value::Object(a), serde_json::Value::Object(b)) => {
                a.members().len() == b.len()
                    && a.members().iter().all(|(key, a)| b.get(&**key).is_some_and(|b| same(a, b)))
            }
            _ => ours.to_json() == *theirs.to_string(),
        }
    }

    proptest! {
        #[test]
        fn floats_round_as_the_reference_rounds(bits in any::<u64>(), digits in "-?[0-9]{1,25}(\\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?") {
            agree(&digits);
            let float = f64::from_bits(bits);
            if float.is_finite() {
                agree(&format!("{float:?}"));
                agree(&format!("{float}"));
            }
        }

        #[test]
        fn any_text_is_read_or_refused_alike(text in "[\\[\\]{},:\"\\\\u0-9a-f.eE+ \\n-]{0,24}") {
            agree(&text);
        }
    }
}
