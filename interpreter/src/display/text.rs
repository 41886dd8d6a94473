//! Data and particles in text form: as clients print them, and as logs have them.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::{Content, read_data};
use crate::json;
use crate::value::Value;

/// Objects in a line of a log that are tried.
const MAX_CANDIDATES: usize = 200;

/// What a text contains; `None` if that is for the binary forms.
pub(super) fn read(bytes: &[u8]) -> Option<Result<Content, String>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let error = || error_object(text).map(|error| Ok(Content::Error(error)));
    objects(text).find_map(particle).or_else(error)
}

/// An error object in a text: `{"error_code": …, "message": …}`.
pub fn error_object(text: &str) -> Option<Value> {
    let is_error = |value: &Value| {
        value.get("error_code").is_some_and(|code| code.as_i64().is_some())
            && value.get("message").is_some_and(|message| message.as_str().is_some())
    };
    objects(text).find(is_error)
}

/// The bytes that base64, hex or an array of numbers stand for; others as they are.
pub fn decoded(bytes: &[u8]) -> Cow<'_, [u8]> {
    let encoded = std::str::from_utf8(bytes).ok().and_then(|text| decode(text.trim()));
    encoded.map_or(Cow::Borrowed(bytes), Cow::Owned)
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_matches(['"', '\'', '`']);
    if text.starts_with('[') {
        return numbers(&json::parse(text).ok()?);
    }
    let text: String = text.split_ascii_whitespace().collect();
    if text.is_empty() {
        return None;
    }
    let digits = text.strip_prefix("0x").unwrap_or(&text);
    if digits.len().is_multiple_of(2) && digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let pairs = digits.as_bytes().chunks_exact(2);
        return pairs.map(|pair| Some(digit(*pair.first()?)? << 4 | digit(*pair.last()?)?)).collect();
    }
    base64(&text)
}

/// With or without padding, in the usual letters or in those of addresses.
fn base64(text: &str) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let decode = |alphabet| GeneralPurpose::new(alphabet, config).decode(text).ok();
    decode(&alphabet::STANDARD).or_else(|| decode(&alphabet::URL_SAFE))
}

fn numbers(value: &Value) -> Option<Vec<u8>> {
    value.as_array()?.iter().map(|number| u8::try_from(number.as_u64()?).ok()).collect()
}

/// A particle as clients print it.
fn particle(value: Value) -> Option<Result<Content, String>> {
    value.get("script").and_then(Value::as_str)?;
    let known = ["init_peer_id", "action", "ttl"];
    if !known.iter().any(|key| value.get(key).is_some()) {
        return None;
    }
    let data = match value.get("data") {
        Some(Value::String(text)) => decoded(text.as_bytes()).into_owned(),
        Some(list) => numbers(list).unwrap_or_default(),
        None => Vec::new(),
    };
    let header = value.as_object().map(|object| object.members()).unwrap_or_default().iter();
    let header = header.filter(|(key, _)| !matches!(&**key, "data" | "action")).map(|(key, value)| {
        let signature = (&**key == "signature").then(|| numbers(value)).flatten();
        (
            key.clone(),
            signature.map_or_else(|| value.clone(), |bytes| Value::string(bs58::encode(bytes).into_string())),
        )
    });
    let header = Value::object(header.collect());
    let data = if data.is_empty() { Ok(None) } else { read_data(&data).map(|data| Some(Box::new(data))) };
    Some(data.map(|data| Content::Particle { header, data }))
}

/// The JSON objects in a text, outer ones first.
fn objects(text: &str) -> impl Iterator<Item = Value> {
    let starts = text.match_indices('{').map(|(at, _)| at).take(MAX_CANDIDATES);
    starts.filter_map(|start| {
        let rest = text.get(start..)?;
        json::parse(rest.get(..end(rest)?)?).ok()
    })
}

/// Where the bracket closes that a text begins with.
fn end(text: &str) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' if !quoted => depth += 1,
            b'}' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_bytes() {
        for text in ["AQL/", "AQL_", "0102ff", "0x0102FF", "[1, 2, 255]", " \"AQL/\"\n", "AQ\nL/"] {
            assert_eq!(&*decoded(text.as_bytes()), [1, 2, 255], "{text}");
        }
        assert_eq!(&*decoded(b"no, text"), b"no, text");
        assert_eq!(&*decoded(&[0x81, 0xff]), [0x81, 0xff]);
    }

    #[test]
    fn a_particle_in_a_log() {
        let line = r#"INFO {x} got {"action":"Particle","id":"p","init_peer_id":"i","script":"(null) ; }","signature":[1,2],"data":""} ok"#;
        let Some(Ok(Content::Particle { header, data: None })) = read(line.as_bytes()) else { panic!() };
        assert_eq!(
            header.to_json(),
            r#"{"id":"p","init_peer_id":"i","script":"(null) ; }","signature":"5T"}"#
        );
        let broken = r#"{"id":"p","init_peer_id":"i","script":"(null)","data":"AAAA"}"#;
        expect_test::expect!["not interpreter data: 2 bytes, which begin with aa aa"]
            .assert_eq(&read(broken.as_bytes()).unwrap().unwrap_err());
    }

    #[test]
    fn an_error_in_a_log() {
        let line = r#"failed: {"a": {"error_code":10000,"message":"no","peer_id":"p"}}"#;
        assert!(matches!(read(line.as_bytes()), Some(Ok(Content::Error(_)))));
        assert!(read(b"{\"a\": 1}").is_none() && read(b"{{{").is_none());
    }
}
