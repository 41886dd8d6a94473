//! `op`: texts, arrays, base58, hashes.

use super::args::Args;
use super::array;
use super::function::{Function, Reply};
use air_interpreter::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    ("noop", |_| Ok(Reply::Nothing)),
    ("identity", identity),
    ("array", |args| Ok(Value::array(args.all().to_vec()).into())),
    ("array_length", array::length),
    ("concat", concat),
    ("concat_strings", concat_strings),
    ("string_to_b58", |args| Ok(base58(args.text("string")?.as_bytes()).into())),
    ("string_from_b58", string_from_b58),
    ("bytes_to_b58", |args| Ok(base58(&args.bytes("bytes")?).into())),
    ("bytes_from_b58", |args| Ok(bytes(&from_base58(args.text("b58_string")?)?).into())),
    ("sha256_string", sha256_string),
];

fn identity(args: &mut Args<'_>) -> Result<Reply, String> {
    match args.all() {
        [] => Ok(Reply::Nothing),
        [value] => Ok(value.clone().into()),
        all => Err(format!("identity accepts up to 1 arguments, received {} arguments", all.len())),
    }
}

/// One array of the elements of all.
fn concat(args: &mut Args<'_>) -> Result<Reply, String> {
    let mut items = Vec::new();
    for (at, value) in args.all().iter().enumerate() {
        let wrong = || format!("all arguments of 'concat' must be arrays: argument #{at} is not");
        items.extend_from_slice(value.as_array().ok_or_else(wrong)?);
    }
    Ok(Value::array(items).into())
}

fn concat_strings(args: &mut Args<'_>) -> Result<Reply, String> {
    let mut text = String::new();
    for (at, value) in args.all().iter().enumerate() {
        let wrong = || format!("all arguments of 'concat_strings' must be strings: argument #{at} is not");
        text.push_str(value.as_str().ok_or_else(wrong)?);
    }
    Ok(Value::string(text).into())
}

fn string_from_b58(args: &mut Args<'_>) -> Result<Reply, String> {
    let text = String::from_utf8(from_base58(args.text("b58_string")?)?)
        .map_err(|error| format!("Error: decode from bytes to UTF8 failed: {error}"))?;
    Ok(Value::string(text).into())
}

fn base58(bytes: &[u8]) -> Value {
    Value::string(bs58::encode(bytes).into_string())
}

pub(super) fn from_base58(text: &str) -> Result<Vec<u8>, String> {
    bs58::decode(text).into_vec().map_err(|error| format!("Error: decode base58 failed: {error}"))
}

/// Bytes as an array of numbers.
pub(super) fn bytes(bytes: &[u8]) -> Value {
    Value::array(bytes.iter().map(|&byte| Value::unsigned(byte.into())).collect())
}

/// `[string, digest_only, as_bytes]`: as multihash unless only the digest is wanted, in base58 unless bytes are. Nodes put
/// the text itself where its SHA-256 belongs, since a function of a library that hashed now only wraps.
fn sha256_string(args: &mut Args<'_>) -> Result<Reply, String> {
    let digest = args.text("string")?.as_bytes();
    let digest_only = args.option("digest_only", "bool", Value::as_bool)?;
    let as_bytes = args.option("as_bytes", "bool", Value::as_bool)?;
    let length = u8::try_from(digest.len()).ok().filter(|length| *length <= MAX_DIGEST_BYTES);
    let length = length.ok_or_else(|| format!("Error: Invalid multihash size {}.", digest.len()))?;
    // The code of SHA-256, the length of the digest.
    let mut hash = if digest_only == Some(true) { Vec::new() } else { vec![0x12, length] };
    hash.extend_from_slice(digest);
    Ok(if as_bytes == Some(true) { bytes(&hash) } else { base58(&hash) }.into())
}

/// Of a multihash of nodes.
const MAX_DIGEST_BYTES: u8 = 64;

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::services::tests::answers;

    #[test]
    fn texts_and_arrays() {
        expect![[r#"
            op.noop [] → ""
            op.noop [1, 2] → ""
            op.identity [] → ""
            op.identity [{"a": 1}] → {"a":1}
            op.array [1, "b", []] → [1,"b",[]]
            op.array [] → []
            op.array_length [[1, 2]] → 2
            op.concat [[1], [], [[2], 3]] → [1,[2],3]
            op.concat [] → []
            op.concat_strings ["a", "", "é"] → "aé"
            op.concat_strings [] → ""
        "#]]
        .assert_eq(&answers(
            r#"
            op.noop []
            op.noop [1, 2]
            op.identity []
            op.identity [{"a": 1}]
            op.array [1, "b", []]
            op.array []
            op.array_length [[1, 2]]
            op.concat [[1], [], [[2], 3]]
            op.concat []
            op.concat_strings ["a", "", "é"]
            op.concat_strings []
            "#,
        ));
    }

    #[test]
    fn base58_and_hashes() {
        expect![[r#"
            op.string_to_b58 ["hello"] → "Cn8eVZg"
            op.string_from_b58 ["Cn8eVZg"] → "hello"
            op.bytes_to_b58 [[104, 101, 108, 108, 111]] → "Cn8eVZg"
            op.bytes_from_b58 ["Cn8eVZg"] → [104,101,108,108,111]
            op.sha256_string ["abc"] → "32sacca"
            op.sha256_string ["abc", false, false] → "32sacca"
            op.sha256_string ["abc", true] → "ZiCa"
            op.sha256_string ["abc", [true], [true]] → [97,98,99]
            op.sha256_string ["abc", [], null] → "32sacca"
        "#]]
        .assert_eq(&answers(
            r#"
            op.string_to_b58 ["hello"]
            op.string_from_b58 ["Cn8eVZg"]
            op.bytes_to_b58 [[104, 101, 108, 108, 111]]
            op.bytes_from_b58 ["Cn8eVZg"]
            op.sha256_string ["abc"]
            op.sha256_string ["abc", false, false]
            op.sha256_string ["abc", true]
            op.sha256_string ["abc", [true], [true]]
            op.sha256_string ["abc", [], null]
            "#,
        ));
    }

    #[test]
    fn refusals() {
        expect![[r#"
            op.identity [1, 2] → FAILS 1 "identity accepts up to 1 arguments, received 2 arguments"
            op.array_length ["a"] → FAILS 1 "op array_length's argument must be an array"
            op.array_length [[], []] → FAILS 1 "op array_length accepts exactly 1 argument: 2 found"
            op.concat [[1], 2] → FAILS 1 "all arguments of 'concat' must be arrays: argument #1 is not"
            op.concat_strings ["a", 1] → FAILS 1 "all arguments of 'concat_strings' must be strings: argument #1 is not"
            op.string_to_b58 [] → FAILS 1 "Error: Field 'string' is missing from args to call_service"
            op.string_to_b58 [1] → FAILS 1 "Error: Error deserializing field 'string': expected String, got 1"
            op.string_from_b58 ["0"] → FAILS 1 "Error: decode base58 failed: provided string contained invalid character '0' at byte 0"
            op.string_from_b58 ["5Q"] → FAILS 1 "Error: decode from bytes to UTF8 failed: invalid utf-8 sequence of 1 bytes from index 0"
            op.bytes_to_b58 [[256]] → FAILS 1 "Error: Error deserializing field 'bytes': expected Vec<u8>, got [256]"
            op.bytes_to_b58 ["a"] → FAILS 1 "Error: Error deserializing field 'bytes': expected Vec<u8>, got \"a\""
            op.bytes_from_b58 ["a b"] → FAILS 1 "Error: decode base58 failed: provided string contained invalid character ' ' at byte 1"
            op.sha256_string [1] → FAILS 1 "Error: Error deserializing field 'string': expected String, got 1"
            op.sha256_string ["a", "yes"] → FAILS 1 "Error: Error deserializing field 'digest_only': expected Option<bool>, got \"yes\""
            op.sha256_string ["a", [true, false]] → FAILS 1 "Error: Option's array must contain at most 1 element, 'digest_only' was of 2 elements"
        "#]].assert_eq(&answers(
            r#"
            op.identity [1, 2]
            op.array_length ["a"]
            op.array_length [[], []]
            op.concat [[1], 2]
            op.concat_strings ["a", 1]
            op.string_to_b58 []
            op.string_to_b58 [1]
            op.string_from_b58 ["0"]
            op.string_from_b58 ["5Q"]
            op.bytes_to_b58 [[256]]
            op.bytes_to_b58 ["a"]
            op.bytes_from_b58 ["a b"]
            op.sha256_string [1]
            op.sha256_string ["a", "yes"]
            op.sha256_string ["a", [true, false]]
            "#,
        ));
    }
}
