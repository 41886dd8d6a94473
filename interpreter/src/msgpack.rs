//! MessagePack as far as AquaVM uses it: envelopes, call results, call requests.
//!
//! Written with the smallest integer forms; read with the tolerance of AquaVM's reader.
//!
//! By hand, because the errors have to be AquaVM's to the letter: hosts see them (3, 4, 5). They are the texts of serde and
//! of rmp-serde's reader (`Syntax(…)`, `InvalidMarkerRead(…)`), of which the crate `rmp` has none but the name of one
//! marker, and rmp-serde's reader recurses on what the bytes control. What `rmp` itself would take over are the table of
//! markers in [`Reader::item`] and the sizes in the writers.

use std::fmt;

use crate::value::{Number, Value};

/// Why bytes are not what was expected, in the debug form of the reference's library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MsgpackError {
    /// The bytes end too early.
    Eof,
    /// A marker that means nothing or that does not fit.
    TypeMismatch(String),
    /// A shape that does not fit.
    Syntax(String),
}

impl fmt::Display for MsgpackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MsgpackError::Eof => f.write_str(
                "InvalidMarkerRead(Error { kind: UnexpectedEof, message: \"failed to fill whole buffer\" })",
            ),
            MsgpackError::TypeMismatch(marker) => write!(f, "TypeMismatch({marker})"),
            MsgpackError::Syntax(message) => write!(f, "Syntax({message:?})"),
        }
    }
}

/// One item; arrays and maps only with their sizes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Item<'a> {
    /// `nil`
    Nil,
    /// `true`, `false`
    Bool(bool),
    /// An integer from 0, whichever form it is written in.
    Unsigned(u64),
    /// A negative integer.
    Negative(i64),
    /// A float of 32 or 64 bits.
    Float(f64),
    /// Text; not yet known to be UTF-8.
    Str(&'a [u8]),
    /// Bytes.
    Bin(&'a [u8]),
    /// That many items follow.
    Array(u32),
    /// That many pairs of items follow.
    Map(u32),
    /// An extension; nothing here uses them.
    Ext,
}

impl fmt::Display for Item<'_> {
    /// As the reference names what it did not expect.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Item::Nil => f.write_str("unit value"),
            Item::Bool(flag) => write!(f, "boolean `{flag}`"),
            Item::Unsigned(number) => write!(f, "integer `{number}`"),
            Item::Negative(number) => write!(f, "integer `{number}`"),
            Item::Float(number) => write!(f, "floating point `{number}`"),
            Item::Str(text) => write!(f, "string {:?}", String::from_utf8_lossy(text)),
            Item::Bin(_) => f.write_str("byte array"),
            Item::Array(_) => f.write_str("sequence"),
            Item::Map(_) => f.write_str("map"),
            Item::Ext => f.write_str("newtype struct"),
        }
    }
}

/// Reads items one after the other.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// A reader of these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Reader { rest: bytes }
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], MsgpackError> {
        let (head, tail) = self.rest.split_at_checked(count).ok_or(MsgpackError::Eof)?;
        self.rest = tail;
        Ok(head)
    }

    fn big_endian(&mut self, width: usize) -> Result<u64, MsgpackError> {
        Ok(self.take(width)?.iter().fold(0, |number, &byte| (number << 8) | u64::from(byte)))
    }

    fn sized(&mut self, width: usize) -> Result<&'a [u8], MsgpackError> {
        let size = self.big_endian(width)?;
        self.take(usize::try_from(size).map_err(|_| MsgpackError::Eof)?)
    }

    /// The next item.
    ///
    /// # Errors
    /// At the end of the bytes, or on the one marker that is reserved.
    pub fn item(&mut self) -> Result<Item<'a>, MsgpackError> {
        let marker = self.big_endian(1)? as u8;
        Ok(match marker {
            0x00..=0x7f => Item::Unsigned(u64::from(marker)),
            0x80..=0x8f => Item::Map(u32::from(marker & 0x0f)),
            0x90..=0x9f => Item::Array(u32::from(marker & 0x0f)),
            0xa0..=0xbf => Item::Str(self.take(usize::from(marker & 0x1f))?),
            0xc0 => Item::Nil,
            0xc1 => return Err(MsgpackError::TypeMismatch("Reserved".to_owned())),
            0xc2 => Item::Bool(false),
            0xc3 => Item::Bool(true),
            0xc4..=0xc6 => Item::Bin(self.sized(1 << (marker - 0xc4))?),
            0xc7..=0xc9 => {
                let size = self.big_endian(1 << (marker - 0xc7))?;
                self.take(usize::try_from(size).unwrap_or(usize::MAX).saturating_add(1))?;
                Item::Ext
            }
            0xca => Item::Float(f64::from(f32::from_bits(self.big_endian(4)? as u32))),
            0xcb => Item::Float(f64::from_bits(self.big_endian(8)?)),
            0xcc..=0xcf => Item::Unsigned(self.big_endian(1 << (marker - 0xcc))?),
            0xd0..=0xd3 => {
                let width = 1_u32 << (marker - 0xd0);
                let shift = 64 - 8 * width;
                let number = ((self.big_endian(width as usize)? << shift) as i64) >> shift;
                u64::try_from(number).map_or(Item::Negative(number), Item::Unsigned)
            }
            0xd4..=0xd8 => {
                self.take(1 + (1 << (marker - 0xd4)))?;
                Item::Ext
            }
            0xd9..=0xdb => Item::Str(self.sized(1 << (marker - 0xd9))?),
            0xdc..=0xdd => Item::Array(self.big_endian(2 << (marker - 0xdc))? as u32),
            0xde..=0xdf => Item::Map(self.big_endian(2 << (marker - 0xde))? as u32),
            0xe0..=0xff => Item::Negative(i64::from(marker as i8)),
        })
    }

    /// Skips one item with everything in it.
    ///
    /// # Errors
    /// If it is not complete.
    pub fn skip(&mut self) -> Result<(), MsgpackError> {
        let mut left = 1_u64;
        while left > 0 {
            left -= 1;
            left += match self.item()? {
                Item::Array(size) => u64::from(size),
                Item::Map(size) => 2 * u64::from(size),
                _ => 0,
            };
        }
        Ok(())
    }

    /// Text, which may also come as bytes.
    ///
    /// # Errors
    /// If the next item is not text.
    pub fn text(&mut self, expected: &str) -> Result<&'a str, MsgpackError> {
        match self.item()? {
            Item::Str(text) | Item::Bin(text) => std::str::from_utf8(text)
                .map_err(|_| MsgpackError::Syntax(format!("invalid value: byte array, expected {expected}"))),
            other => Err(MsgpackError::Syntax(format!("invalid type: {other}, expected {expected}"))),
        }
    }

    /// Bytes, which may also come as text or as an array of small integers.
    ///
    /// # Errors
    /// If the next item is nothing of that.
    pub fn bytes(&mut self, expected: &str) -> Result<std::borrow::Cow<'a, [u8]>, MsgpackError> {
        match self.item()? {
            Item::Str(bytes) | Item::Bin(bytes) => Ok(bytes.into()),
            Item::Array(size) => {
                let mut bytes = Vec::new();
                for _ in 0..size {
                    match self.item()? {
                        Item::Unsigned(number) if number < 256 => bytes.push(number as u8),
                        other => {
                            return Err(MsgpackError::Syntax(format!("invalid value: {other}, expected u8")));
                        }
                    }
                }
                Ok(bytes.into())
            }
            other => Err(MsgpackError::Syntax(format!("invalid type: {other}, expected {expected}"))),
        }
    }
}

/// Appends a map header.
pub fn write_map(size: usize, out: &mut Vec<u8>) {
    write_size(size, 0x80, 0xde, out);
}

/// Appends an array header.
pub fn write_array(size: usize, out: &mut Vec<u8>) {
    write_size(size, 0x90, 0xdc, out);
}

fn write_size(size: usize, fix: u8, wide: u8, out: &mut Vec<u8>) {
    match size {
        0..16 => out.push(fix | size as u8),
        16..0x1_0000 => wide_header(wide, size as u64, 2, out),
        _ => wide_header(wide + 1, size as u64, 4, out),
    }
}

fn wide_header(marker: u8, number: u64, width: usize, out: &mut Vec<u8>) {
    out.push(marker);
    out.extend(number.to_be_bytes().iter().skip(8 - width));
}

/// Appends a string.
pub fn write_str(text: &str, out: &mut Vec<u8>) {
    match text.len() {
        size @ 0..32 => out.push(0xa0 | size as u8),
        size @ 32..0x100 => wide_header(0xd9, size as u64, 1, out),
        size @ 0x100..0x1_0000 => wide_header(0xda, size as u64, 2, out),
        size => wide_header(0xdb, size as u64, 4, out),
    }
    out.extend_from_slice(text.as_bytes());
}

/// Appends bytes.
pub fn write_bin(bytes: &[u8], out: &mut Vec<u8>) {
    match bytes.len() {
        size @ 0..0x100 => wide_header(0xc4, size as u64, 1, out),
        size @ 0x100..0x1_0000 => wide_header(0xc5, size as u64, 2, out),
        size => wide_header(0xc6, size as u64, 4, out),
    }
    out.extend_from_slice(bytes);
}

/// Appends an unsigned integer.
pub fn write_u64(number: u64, out: &mut Vec<u8>) {
    match number {
        0..0x80 => out.push(number as u8),
        0x80..0x100 => wide_header(0xcc, number, 1, out),
        0x100..0x1_0000 => wide_header(0xcd, number, 2, out),
        0x1_0000..0x1_0000_0000 => wide_header(0xce, number, 4, out),
        _ => wide_header(0xcf, number, 8, out),
    }
}

fn write_i64(number: i64, out: &mut Vec<u8>) {
    match number {
        0.. => write_u64(number as u64, out),
        -0x20..0 => out.push(number as u8),
        -0x80..-0x20 => wide_header(0xd0, number as u64, 1, out),
        -0x8000..-0x80 => wide_header(0xd1, number as u64, 2, out),
        -0x8000_0000..-0x8000 => wide_header(0xd2, number as u64, 4, out),
        _ => wide_header(0xd3, number as u64, 8, out),
    }
}

/// Appends a JSON value.
pub fn write_value(value: &Value, out: &mut Vec<u8>) {
    enum Work<'a> {
        Value(&'a Value),
        Key(&'a str),
    }
    let mut stack = vec![Work::Value(value)];
    while let Some(work) = stack.pop() {
        match work {
            Work::Key(key) => write_str(key, out),
            Work::Value(Value::Null) => out.push(0xc0),
            Work::Value(Value::Bool(flag)) => out.push(0xc2 | u8::from(*flag)),
            Work::Value(Value::Number(Number::Unsigned(number))) => write_u64(*number, out),
            Work::Value(Value::Number(Number::Negative(number))) => write_i64(*number, out),
            Work::Value(Value::Number(Number::Float(number))) => {
                out.push(0xcb);
                out.extend(number.to_bits().to_be_bytes());
            }
            Work::Value(Value::String(text)) => write_str(text, out),
            Work::Value(value @ Value::Array(_)) => {
                let items = value.as_array().unwrap_or_default();
                write_array(items.len(), out);
                stack.extend(items.iter().rev().map(Work::Value));
            }
            Work::Value(Value::Object(object)) => {
                write_map(object.members().len(), out);
                for (key, value) in object.members().iter().rev() {
                    stack.push(Work::Value(value));
                    stack.push(Work::Key(key));
                }
            }
        }
    }
}

/// Reads a JSON value; keys of maps have to be text.
///
/// # Errors
/// If there is no value, or if it nests deeper than 1,024 levels.
pub fn read_value(reader: &mut Reader<'_>) -> Result<Value, MsgpackError> {
    enum Open {
        Array(Vec<Value>, u32),
        Object(Vec<(std::rc::Rc<str>, Value)>, std::rc::Rc<str>, u32),
    }
    let too_deep = || MsgpackError::Syntax("depth limit exceeded".to_owned());
    let mut open: Vec<Open> = Vec::new();
    loop {
        if open.len() > 1024 {
            return Err(too_deep());
        }
        let mut value = match reader.item()? {
            Item::Nil => Value::Null,
            Item::Bool(flag) => Value::Bool(flag),
            Item::Unsigned(number) => Value::unsigned(number),
            Item::Negative(number) => Value::integer(number),
            Item::Float(number) => Value::float(number),
            Item::Str(text) => Value::string(
                std::str::from_utf8(text).map_err(|_| MsgpackError::Syntax("not UTF-8".to_owned()))?,
            ),
            Item::Bin(_) | Item::Ext => {
                return Err(MsgpackError::Syntax(
                    "invalid type: byte array, expected any valid JSON value".to_owned(),
                ));
            }
            Item::Array(0) => Value::array(Vec::new()),
            Item::Map(0) => Value::object(Vec::new()),
            Item::Array(size) => {
                open.push(Open::Array(Vec::new(), size));
                continue;
            }
            Item::Map(size) => {
                let key = reader.text("a string key")?.into();
                open.push(Open::Object(Vec::new(), key, size));
                continue;
            }
        };
        loop {
            match open.pop() {
                None => return Ok(value),
                Some(Open::Array(mut items, left)) => {
                    items.push(value);
                    if left > 1 {
                        open.push(Open::Array(items, left - 1));
                        break;
                    }
                    value = Value::array(items);
                }
                Some(Open::Object(mut members, key, left)) => {
                    members.push((key, value));
                    if left > 1 {
                        let key = reader.text("a string key")?.into();
                        open.push(Open::Object(members, key, left - 1));
                        break;
                    }
                    value = Value::object(members);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_round_trip_in_the_smallest_forms() {
        let texts = [
            "null",
            "true",
            "-1",
            "-32",
            "-33",
            "-128",
            "-129",
            "-32769",
            "-2147483649",
            "127",
            "128",
            "255",
            "256",
            "65536",
            "4294967296",
            "1.5",
            r#"{"a":[1,{"b":[]}],"c":"é"}"#,
        ];
        let sizes = [1, 1, 1, 1, 2, 2, 3, 5, 9, 1, 2, 2, 3, 5, 9, 9, 14];
        for (text, size) in texts.into_iter().zip(sizes) {
            let value = crate::json::parse(text).unwrap();
            let mut bytes = Vec::new();
            write_value(&value, &mut bytes);
            assert_eq!(bytes.len(), size, "{text}");
            assert_eq!(read_value(&mut Reader::new(&bytes)).unwrap(), value);
        }
    }

    #[test]
    fn incomplete_and_endless_input_ends() {
        assert_eq!(Reader::new(&[0xdd, 0xff, 0xff, 0xff, 0xff]).skip(), Err(MsgpackError::Eof));
        assert!(read_value(&mut Reader::new(&[0x91; 100_000])).is_err());
        assert!(Reader::new(&[0xc9, 0xff, 0xff, 0xff, 0xff]).item().is_err());
    }
}
