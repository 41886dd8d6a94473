//! `sig`: signatures with the peer's own key, plain Ed25519 over the bytes as they are.

use super::args::Args;
use super::function::{Function, Reply};
use super::op::bytes;
use air_interpreter::value::{Value, object};

pub(super) const FUNCTIONS: &[Function] = &[
    ("sign", sign),
    ("verify", verify),
    ("get_peer_id", |args| Ok(Value::from(args.call.peer.id.as_str()).into())),
];

/// `[bytes]`: a success with the signature, or the reason why not, both in Aqua's options.
///
/// A node signs only what its own registry has made: where the argument comes from is in its tetraplet.
fn sign(args: &mut Args<'_>) -> Result<Reply, String> {
    let data = match args.bytes("data") {
        Ok(data) => data,
        Err(error) => return Ok(result(None, Some(Value::string(error))).into()),
    };
    let tetraplets = args.call.request.tetraplets.first();
    let Some([origin]) = tetraplets.map(Vec::as_slice) else {
        return Err("expected tetraplet for a scalar argument, got tetraplet for an array".to_owned());
    };
    let peer = &args.call.peer.id;
    if origin.peer_pk != *peer {
        return Err(format!(
            "data is expected to be produced by service 'registry' on peer '{peer}', was from peer '{}'",
            origin.peer_pk
        ));
    }
    let name = (&*origin.service_id, &*origin.function_name);
    if !matches!(name, ("registry", "get_record_bytes" | "get_record_metadata_bytes")) {
        return Err(format!(
            "data is expected to result from a call to 'registry.get_record_bytes' or \
             'registry.get_record_metadata_bytes', was from '{}.{}'",
            name.0, name.1
        ));
    }
    if !origin.lens.is_empty() {
        return Err("lens for data tetraplet is expected to be empty".to_owned());
    }
    Ok(result(Some(bytes(&args.call.peer.key.sign(&data))), None).into())
}

/// What signing gives.
pub(super) fn result(signature: Option<Value>, error: Option<Value>) -> Value {
    let option = |value: Option<Value>| Value::array(value.into_iter().collect());
    object([
        ("success", Value::Bool(error.is_none())),
        ("error", option(error)),
        ("signature", option(signature)),
    ])
}

/// `[signature, bytes]`: whether this peer has signed that.
fn verify(args: &mut Args<'_>) -> Result<Reply, String> {
    let (signature, data) = (args.bytes("signature")?, args.bytes("data")?);
    Ok(Value::Bool(args.call.peer.key.public().verifies(&data, &signature)).into())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::services::tests::answers;

    #[test]
    fn only_what_the_registry_made_is_signed() {
        expect![[r#"
            sig.sign [[1,2,3]] → FAILS 1 "data is expected to be produced by service 'registry' on peer '@a', was from peer ''"
            sig.get_peer_id [] → "@a"
        "#]].assert_eq(&answers("sig.sign [[1,2,3]]\nsig.get_peer_id []"));
    }

    #[test]
    fn refusals() {
        expect![[r#"
            sig.sign ["text"] → {"error":["Error: Error deserializing field 'data': expected Vec<u8>, got \"text\""],"signature":[],"success":false}
            sig.sign [] → {"error":["Error: Field 'data' is missing from args to call_service"],"signature":[],"success":false}
            sig.verify [[1]] → FAILS 1 "Error: Field 'data' is missing from args to call_service"
            sig.verify ["a", [1]] → FAILS 1 "Error: Error deserializing field 'signature': expected Vec<u8>, got \"a\""
        "#]].assert_eq(&answers(
            r#"
            sig.sign ["text"]
            sig.sign []
            sig.verify [[1]]
            sig.verify ["a", [1]]
            "#,
        ));
    }
}
