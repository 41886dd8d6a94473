//! Call results and call requests as hosts exchange them: a codec prefix, then MessagePack.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::data::SecurityTetraplet;
use crate::host::{CallRequest, CallServiceResult};
use crate::msgpack::{self, Item, MsgpackError, Reader};
use crate::value::Value;

/// The MessagePack codec as a varint.
const MSGPACK_CODEC: u64 = 0x0201;
/// The same as bytes.
const CODEC_PREFIX: [u8; 2] = [0x81, 0x04];

/// Reads results of calls: a map from the request's number *as text* to `{ret_code, result}`.
///
/// # Errors
/// If the bytes are not in this encoding; zero bytes are not.
pub fn decode_call_results(bytes: &[u8]) -> Result<BTreeMap<String, CallServiceResult>, String> {
    let decoding = |error: MsgpackError| format!("Decode({error})");
    let mut reader = Reader::new(strip_codec(bytes)?);
    let size = match reader.item().map_err(decoding)? {
        Item::Map(size) => size,
        other => {
            return Err(decoding(MsgpackError::Syntax(format!("invalid type: {other}, expected a map"))));
        }
    };
    // Mostly in order already: a map of all at once is cheaper than one that grows.
    let mut results = Vec::new();
    for _ in 0..size {
        let id = reader.text("a string").map_err(decoding)?.to_owned();
        results.push((id, call_result(&mut reader).map_err(decoding)?));
    }
    Ok(results.into_iter().collect())
}

fn strip_codec(bytes: &[u8]) -> Result<&[u8], String> {
    let (mut codec, mut shift) = (0_u64, 0_u32);
    for (at, &byte) in bytes.iter().enumerate() {
        if shift >= 63 {
            return Err("VarInt(Overflow)".to_owned());
        }
        codec |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            if byte == 0 && at > 0 {
                return Err("VarInt(NotMinimal)".to_owned());
            }
            if codec != MSGPACK_CODEC {
                return Err(format!("Codec({codec})"));
            }
            return Ok(bytes.get(at + 1..).unwrap_or_default());
        }
    }
    Err("VarInt(Insufficient)".to_owned())
}

/// The type that AquaVM names in its errors.
const RESULT_TYPE: &str = "struct CallServiceResult";

/// A map with names, or an array in their order.
fn call_result(reader: &mut Reader<'_>) -> Result<CallServiceResult, MsgpackError> {
    let syntax = |message: String| MsgpackError::Syntax(message);
    let (mut ret_code, mut result) = (None, None);
    match reader.item()? {
        Item::Array(2) => {
            ret_code = Some(code(reader)?);
            result = Some(reader.text("a string")?.to_owned());
        }
        Item::Array(size) => {
            return Err(syntax(format!("invalid length {size}, expected {RESULT_TYPE} with 2 elements")));
        }
        Item::Map(size) => {
            for _ in 0..size {
                match reader.text("field identifier")? {
                    "ret_code" if ret_code.is_some() => {
                        return Err(syntax("duplicate field `ret_code`".to_owned()));
                    }
                    "result" if result.is_some() => {
                        return Err(syntax("duplicate field `result`".to_owned()));
                    }
                    "ret_code" => ret_code = Some(code(reader)?),
                    "result" => result = Some(reader.text("a string")?.to_owned()),
                    _ => reader.skip()?,
                }
            }
        }
        other => return Err(syntax(format!("invalid type: {other}, expected {RESULT_TYPE}"))),
    }
    Ok(CallServiceResult {
        ret_code: ret_code.ok_or_else(|| syntax("missing field `ret_code`".to_owned()))?,
        result: result.ok_or_else(|| syntax("missing field `result`".to_owned()))?,
    })
}

fn code(reader: &mut Reader<'_>) -> Result<i32, MsgpackError> {
    let item = reader.item()?;
    let code = match item {
        Item::Unsigned(number) => i32::try_from(number).ok(),
        Item::Negative(number) => i32::try_from(number).ok(),
        other => return Err(MsgpackError::Syntax(format!("invalid type: {other}, expected i32"))),
    };
    code.ok_or_else(|| MsgpackError::Syntax(format!("invalid value: {item}, expected i32")))
}

/// Writes results of calls; what a host passes in.
pub fn encode_call_results(results: &BTreeMap<String, CallServiceResult>) -> Vec<u8> {
    let mut out = CODEC_PREFIX.to_vec();
    msgpack::write_map(results.len(), &mut out);
    for (id, result) in results {
        msgpack::write_str(id, &mut out);
        msgpack::write_map(2, &mut out);
        msgpack::write_str("ret_code", &mut out);
        msgpack::write_value(&crate::value::Value::integer(result.ret_code.into()), &mut out);
        msgpack::write_str("result", &mut out);
        msgpack::write_str(&result.result, &mut out);
    }
    out
}

/// Writes call requests: a map from their *numbers*; arguments and tetraplets are encoded once more.
pub fn encode_call_requests(requests: &BTreeMap<u32, CallRequest>) -> Vec<u8> {
    let mut out = CODEC_PREFIX.to_vec();
    msgpack::write_map(requests.len(), &mut out);
    for (&id, request) in requests {
        msgpack::write_u64(id.into(), &mut out);
        msgpack::write_map(4, &mut out);
        msgpack::write_str("service_id", &mut out);
        msgpack::write_str(&request.service_id, &mut out);
        msgpack::write_str("function_name", &mut out);
        msgpack::write_str(&request.function_name, &mut out);
        let mut inner = Vec::new();
        msgpack::write_array(request.arguments.len(), &mut inner);
        for argument in &request.arguments {
            msgpack::write_value(argument, &mut inner);
        }
        msgpack::write_str("arguments", &mut out);
        msgpack::write_bin(&inner, &mut out);
        inner.clear();
        msgpack::write_array(request.tetraplets.len(), &mut inner);
        for tetraplets in &request.tetraplets {
            msgpack::write_array(tetraplets.len(), &mut inner);
            for tetraplet in tetraplets {
                write_tetraplet(tetraplet, &mut inner);
            }
        }
        msgpack::write_str("tetraplets", &mut out);
        msgpack::write_bin(&inner, &mut out);
    }
    out
}

/// Reads requests, as a host does; `None` for zero bytes.
///
/// # Errors
/// If the bytes are not in the encoding of [`encode_call_requests`].
pub fn decode_call_requests(bytes: &[u8]) -> Result<Option<BTreeMap<u32, CallRequest>>, String> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let mut reader = Reader::new(strip_codec(bytes)?);
    requests(&mut reader).map(Some).map_err(|error| format!("Decode({error})"))
}

fn requests(reader: &mut Reader<'_>) -> Result<BTreeMap<u32, CallRequest>, MsgpackError> {
    let mut requests = BTreeMap::new();
    for _ in 0..map_size(reader)? {
        let id = msgpack::read_value(reader)?;
        let id = id.as_u64().and_then(|id| u32::try_from(id).ok());
        let id = id.ok_or_else(|| MsgpackError::Syntax("a request's number is not u32".to_owned()))?;
        let mut request = CallRequest {
            service_id: String::new(),
            function_name: String::new(),
            arguments: Vec::new(),
            tetraplets: Vec::new(),
        };
        for _ in 0..map_size(reader)? {
            match reader.text("field identifier")? {
                "service_id" => reader.text("a string")?.clone_into(&mut request.service_id),
                "function_name" => reader.text("a string")?.clone_into(&mut request.function_name),
                "arguments" => {
                    let bytes = reader.bytes("bytes")?;
                    let arguments = msgpack::read_value(&mut Reader::new(&bytes))?;
                    request.arguments = arguments.as_array().unwrap_or_default().to_vec();
                }
                "tetraplets" => {
                    let bytes = reader.bytes("bytes")?;
                    let lists = msgpack::read_value(&mut Reader::new(&bytes))?;
                    let lists = lists.as_array().unwrap_or_default().iter();
                    request.tetraplets = lists.map(read_tetraplets).collect();
                }
                _ => reader.skip()?,
            }
        }
        requests.insert(id, request);
    }
    Ok(requests)
}

fn map_size(reader: &mut Reader<'_>) -> Result<u32, MsgpackError> {
    match reader.item()? {
        Item::Map(size) => Ok(size),
        other => Err(MsgpackError::Syntax(format!("invalid type: {other}, expected a map"))),
    }
}

fn read_tetraplets(list: &Value) -> Vec<Rc<SecurityTetraplet>> {
    let tetraplets = list.as_array().unwrap_or_default().iter();
    tetraplets
        .map(|tetraplet| {
            let text =
                |name: &str| tetraplet.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            Rc::new(SecurityTetraplet {
                peer_pk: text("peer_pk"),
                service_id: text("service_id"),
                function_name: text("function_name"),
                lens: text("lens"),
            })
        })
        .collect()
}

fn write_tetraplet(tetraplet: &SecurityTetraplet, out: &mut Vec<u8>) {
    msgpack::write_map(4, out);
    let fields = [
        ("peer_pk", &tetraplet.peer_pk),
        ("service_id", &tetraplet.service_id),
        ("function_name", &tetraplet.function_name),
        ("lens", &tetraplet.lens),
    ];
    for (name, text) in fields {
        msgpack::write_str(name, out);
        msgpack::write_str(text, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_round_trip() {
        let results = BTreeMap::from([
            ("1".to_owned(), CallServiceResult { ret_code: 0, result: "{\"a\":[1,\"x\"]}".to_owned() }),
            ("20".to_owned(), CallServiceResult { ret_code: -7, result: "no".to_owned() }),
        ]);
        assert_eq!(decode_call_results(&encode_call_results(&results)).unwrap(), results);
    }

    #[test]
    fn requests_round_trip() {
        let tetraplet = Rc::new(SecurityTetraplet {
            peer_pk: "p".to_owned(),
            service_id: "s".to_owned(),
            function_name: String::new(),
            lens: ".$.a".to_owned(),
        });
        let request = CallRequest {
            service_id: "s".to_owned(),
            function_name: "f".to_owned(),
            arguments: vec![Value::from("x"), Value::float(1.5), Value::Null],
            tetraplets: vec![vec![Rc::clone(&tetraplet)], Vec::new(), vec![Rc::clone(&tetraplet), tetraplet]],
        };
        let requests = BTreeMap::from([(1, request.clone()), (4_000_000_000, request)]);
        assert_eq!(decode_call_requests(&encode_call_requests(&requests)), Ok(Some(requests)));
        assert_eq!(decode_call_requests(b""), Ok(None));
        assert!(decode_call_requests(b"\x81\x04\x81").is_err());
    }

    #[test]
    fn other_encodings_are_refused() {
        for (bytes, error) in [
            (&b""[..], "VarInt(Insufficient)"),
            (b"\x80\x04\x80", "Codec(512)"),
            (b"\x81\x04\x81\x01\x82", "Decode(Syntax(\"invalid type: integer `1`, expected a string\"))"),
        ] {
            assert_eq!(decode_call_results(bytes).unwrap_err(), error);
        }
    }

    #[test]
    fn results_may_be_arrays_followed_by_other_bytes() {
        let bytes = b"\x81\x04\x81\xa11\x92\x07\xa2no\x01\x02";
        let result = CallServiceResult { ret_code: 7, result: "no".to_owned() };
        assert_eq!(decode_call_results(bytes).unwrap().get("1"), Some(&result));
    }
}
