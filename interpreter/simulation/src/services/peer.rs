//! `peer`: who and when. The clock is the simulated one; nothing ever waits.

use super::args::Args;
use super::function::{Function, Reply};
use air_interpreter::value::{Value, object};

pub(super) const FUNCTIONS: &[Function] = &[
    ("identify", identify),
    ("timestamp_ms", |args| Ok(Value::unsigned(args.call.now()).into())),
    ("timestamp_sec", |args| Ok(Value::unsigned(args.call.now() / 1_000).into())),
    ("is_connected", is_connected),
    ("timeout", timeout),
];

/// What a node reports about itself: addresses for TCP and for WebSockets, in a range that is kept for examples, and
/// no programs that services may use.
fn identify(args: &mut Args<'_>) -> Result<Reply, String> {
    let host = args.call.peer.id.bytes().fold(0_u8, |host, byte| host.wrapping_mul(31).wrapping_add(byte));
    let address = |tail: &str| Value::string(format!("/ip4/203.0.113.{host}/tcp/{tail}"));
    Ok(object([
        ("external_addresses", Value::array(vec![address("7777"), address("9999/ws")])),
        ("node_version", Value::from("0.28.2")),
        ("air_version", Value::string(air_interpreter::INTERPRETER_VERSION.to_string())),
        ("spell_version", Value::from("0.7.5")),
        ("allowed_binaries", Value::array(Vec::new())),
        ("vm_info", Value::Null),
    ])
    .into())
}

/// Every peer that is there is connected with all others, not with itself.
fn is_connected(args: &mut Args<'_>) -> Result<Reply, String> {
    let id = args.text("peer_id")?;
    if args.call.is_there(id) {
        return Ok(Value::Bool(id != args.call.peer.id).into());
    }
    let bytes =
        bs58::decode(id).into_vec().map_err(|error| format!("Error: base-58 decode error: {error}"))?;
    // The identity hash of a key of at most 42 bytes, or a SHA-256.
    match bytes.split_first_chunk::<2>() {
        Some(([0x00, length], rest)) if usize::from(*length) == rest.len() && rest.len() <= 42 => {}
        Some(([0x12, 0x20], rest)) if rest.len() == 32 => {}
        _ => return Err("Error: invalid multihash".to_owned()),
    }
    Ok(Value::Bool(false).into())
}

/// `[milliseconds, message]`: the message, or nothing, when the time has passed. The number may be a text.
fn timeout(args: &mut Args<'_>) -> Result<Reply, String> {
    enum Duration<'v> {
        Number(u64),
        Text(&'v str),
    }
    let read = |value| match value {
        &Value::Number(_) => value.as_u64().map(Duration::Number),
        value => value.as_str().map(Duration::Text),
    };
    let duration = match args.option("duration_ms", "u64", read)? {
        Some(Duration::Number(number)) => number,
        Some(Duration::Text(text)) => {
            text.parse().map_err(|_| "Error: Error while deserializing field duration_ms".to_owned())?
        }
        None => return Err("Error: Field 'duration_ms' is missing from args to call_service".to_owned()),
    };
    let message = args.option("message", "String", Value::as_str)?;
    Ok(Reply::After(duration, Value::from(message.unwrap_or_default())))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::services::tests::answers;

    #[test]
    fn who_and_when() {
        expect![[r#"
            peer.identify [] → {"air_version":"0.64.1","allowed_binaries":[],"external_addresses":["/ip4/203.0.113.132/tcp/7777","/ip4/203.0.113.132/tcp/9999/ws"],"node_version":"0.28.2","spell_version":"0.7.5","vm_info":null}
            peer.timestamp_ms [] → 1700000001500
            peer.timestamp_sec [] → 1700000001
            peer.is_connected ["@b"] → true
            peer.is_connected ["@a"] → false
            peer.is_connected ["12D3KooWNymCpWpWdcFtJ7pBR3f3t79v9KH4pzLGYoUxRxr6hVdZ"] → false
            peer.timeout [1000, "over"] → at 2500: "over"
            peer.timeout ["20"] → at 1520: ""
            peer.timeout [[0], []] → at 1500: ""
        "#]].assert_eq(&answers(
            r#"
            peer.identify []
            peer.timestamp_ms []
            peer.timestamp_sec []
            peer.is_connected ["@b"]
            peer.is_connected ["@a"]
            peer.is_connected ["12D3KooWNymCpWpWdcFtJ7pBR3f3t79v9KH4pzLGYoUxRxr6hVdZ"]
            peer.timeout [1000, "over"]
            peer.timeout ["20"]
            peer.timeout [[0], []]
            "#,
        ));
    }

    #[test]
    fn refusals() {
        expect![[r#"
            peer.is_connected [] → FAILS 1 "Error: Field 'peer_id' is missing from args to call_service"
            peer.is_connected [1] → FAILS 1 "Error: Error deserializing field 'peer_id': expected String, got 1"
            peer.is_connected ["nobody"] → FAILS 1 "Error: invalid multihash"
            peer.is_connected ["nobdy"] → FAILS 1 "Error: invalid multihash"
            peer.timeout [] → FAILS 1 "Error: Field 'duration_ms' is missing from args to call_service"
            peer.timeout [[]] → FAILS 1 "Error: Field 'duration_ms' is missing from args to call_service"
            peer.timeout [-1, "x"] → FAILS 1 "Error: Error deserializing field 'duration_ms': expected Option<u64>, got -1"
            peer.timeout ["soon"] → FAILS 1 "Error: Error while deserializing field duration_ms"
            peer.timeout [1, 2] → FAILS 1 "Error: Error deserializing field 'message': expected Option<String>, got 2"
        "#]].assert_eq(&answers(
            r#"
            peer.is_connected []
            peer.is_connected [1]
            peer.is_connected ["nobody"]
            peer.is_connected ["nobdy"]
            peer.timeout []
            peer.timeout [[]]
            peer.timeout [-1, "x"]
            peer.timeout ["soon"]
            peer.timeout [1, 2]
            "#,
        ));
    }
}
