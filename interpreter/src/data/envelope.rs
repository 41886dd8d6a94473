//! The envelope around inner data: a map with two versions and the bytes.

use std::borrow::Cow;

use crate::msgpack::{self, Item, MsgpackError, Reader};

/// An envelope, its inner data not yet read.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope<'a> {
    /// Version of the data format; never compared with anything.
    pub version: semver::Version,
    /// Version of the interpreter that wrote it.
    pub interpreter_version: semver::Version,
    /// See [`super::InterpreterData`].
    pub inner_data: Cow<'a, [u8]>,
}

/// Why bytes are not an envelope.
#[derive(Debug, Clone, PartialEq)]
pub struct EnvelopeError {
    /// What is wrong, in the debug form of AquaVM's library.
    pub error: MsgpackError,
    /// Data version and interpreter version, if at least these could be read.
    pub versions: Option<(semver::Version, semver::Version)>,
}

/// The type that AquaVM names in its errors.
const ENVELOPE_TYPE: &str = "struct InterpreterDataEnvelope";

impl<'a> Envelope<'a> {
    /// Reads an envelope: keys in any order, unknown ones ignored, nothing said about what follows.
    ///
    /// # Errors
    /// If it is not one.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, EnvelopeError> {
        let mut fields = Fields::default();
        let whole = fields.read(bytes, true).and_then(|()| {
            let missing = |name: &str| MsgpackError::Syntax(format!("missing field `{name}`"));
            Ok(Envelope {
                version: fields.version.take().ok_or_else(|| missing("version"))?,
                interpreter_version: fields
                    .interpreter_version
                    .take()
                    .ok_or_else(|| missing("interpreter_version"))?,
                inner_data: fields.inner_data.take().ok_or_else(|| missing("inner_data"))?,
            })
        });
        whole.map_err(|error| {
            let mut versions = Fields::default();
            let _ = versions.read(bytes, false);
            let versions =
                if versions.failed { None } else { versions.version.zip(versions.interpreter_version) };
            EnvelopeError { error, versions }
        })
    }

    /// Writes the envelope.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.inner_data.len() + 64);
        msgpack::write_map(3, &mut out);
        msgpack::write_str("version", &mut out);
        msgpack::write_str(&self.version.to_string(), &mut out);
        msgpack::write_str("interpreter_version", &mut out);
        msgpack::write_str(&self.interpreter_version.to_string(), &mut out);
        msgpack::write_str("inner_data", &mut out);
        msgpack::write_bin(&self.inner_data, &mut out);
        out
    }
}

#[derive(Default)]
struct Fields<'a> {
    version: Option<semver::Version>,
    interpreter_version: Option<semver::Version>,
    inner_data: Option<Cow<'a, [u8]>>,
    failed: bool,
}

impl<'a> Fields<'a> {
    fn read(&mut self, bytes: &'a [u8], with_data: bool) -> Result<(), MsgpackError> {
        let result = self.read_fields(bytes, with_data);
        self.failed = result.is_err();
        result
    }

    fn read_fields(&mut self, bytes: &'a [u8], with_data: bool) -> Result<(), MsgpackError> {
        let mut reader = Reader::new(bytes);
        let size = match reader.item()? {
            Item::Map(size) => size,
            other => {
                return Err(MsgpackError::Syntax(format!("invalid type: {other}, expected {ENVELOPE_TYPE}")));
            }
        };
        for _ in 0..size {
            // A key of another kind names nothing here, but has to be one that AquaVM's reader accepts as a key.
            let key = match reader.item()? {
                Item::Str(key) | Item::Bin(key) => key,
                // Where AquaVM reads the versions alone, a field has a number too, and no key of another kind is let pass.
                Item::Unsigned(0) if !with_data => b"version",
                Item::Unsigned(1) if !with_data => b"interpreter_version",
                Item::Unsigned(_) => b"",
                Item::Nil | Item::Bool(_) | Item::Negative(_) | Item::Float(_) if with_data => b"",
                other => {
                    return Err(MsgpackError::Syntax(format!(
                        "invalid type: {other}, expected field identifier"
                    )));
                }
            };
            match key {
                b"version" => set(&mut self.version, "version", || semantic_version(&mut reader))?,
                b"interpreter_version" => {
                    set(&mut self.interpreter_version, "interpreter_version", || {
                        semantic_version(&mut reader)
                    })?;
                }
                b"inner_data" if with_data => {
                    set(&mut self.inner_data, "inner_data", || reader.bytes("a byte array"))?
                }
                _ => reader.skip()?,
            }
        }
        Ok(())
    }
}

fn set<T>(
    slot: &mut Option<T>,
    name: &str,
    read: impl FnOnce() -> Result<T, MsgpackError>,
) -> Result<(), MsgpackError> {
    if slot.is_some() {
        return Err(MsgpackError::Syntax(format!("duplicate field `{name}`")));
    }
    *slot = Some(read()?);
    Ok(())
}

fn semantic_version(reader: &mut Reader<'_>) -> Result<semver::Version, MsgpackError> {
    let text = reader.text("semver version")?;
    semver::Version::parse(text).map_err(|error| MsgpackError::Syntax(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Key by key what AquaVM 0.62 does: with all fields, without the data, and in the place of the key `version`.
    #[test]
    fn keys_of_other_kinds() {
        let text = |text: &str| [&[0xa0 | text.len() as u8], text.as_bytes()].concat();
        let version = [text("version"), text("0.17.2")].concat();
        let interpreter = [text("interpreter_version"), text("0.62.0")].concat();
        let data = [text("inner_data"), vec![0xc4, 0]].concat();
        for (key, whole, readable, in_place) in [
            (vec![0xc0], true, false, false),
            (vec![0xc3], true, false, false),
            (vec![5], true, true, false),
            (vec![0], true, false, true),
            (vec![1], true, false, false),
            (vec![0xea], true, false, false),
            (vec![0xca, 0, 0, 0, 0], true, false, false),
            (vec![0xc4, 1, b'a'], true, true, false),
            (vec![0x91, 1], false, false, false),
            (vec![0x80], false, false, false),
        ] {
            let other = [key.clone(), vec![1]].concat();
            let bytes = [&[0x84], &version[..], &interpreter, &other, &data].concat();
            assert_eq!(Envelope::decode(&bytes).is_ok(), whole, "{key:x?}");
            let bytes = [&[0x83], &version[..], &interpreter, &other].concat();
            let error = Envelope::decode(&bytes).unwrap_err();
            assert_eq!(error.versions.is_some(), readable, "{key:x?}: {error:?}");
            let bytes = [&[0x82], &key[..], &text("0.17.2"), &interpreter].concat();
            assert_eq!(Envelope::decode(&bytes).unwrap_err().versions.is_some(), in_place, "{key:x?}");
        }
    }
}
