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
fn sign(args: &mut Args<'_>) -> Result<Reply, String> {
    let option = |value: Option<Value>| Value::array(value.into_iter().collect());
    let (signature, error) = match args.bytes("data") {
        Ok(data) => (Some(bytes(&args.call.peer.key.sign(&data))), None),
        Err(error) => (None, Some(Value::string(error))),
    };
    Ok(object([
        ("success", Value::Bool(error.is_none())),
        ("error", option(error)),
        ("signature", option(signature)),
    ])
    .into())
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
    fn a_signature_is_the_peers_own() {
        let signed = answers("sig.sign [[1,2,3]]");
        let signature =
            signed.split_once("\"signature\":[").unwrap().1.split_once("],\"success\":true").unwrap().0;
        expect![[r#"
            sig.sign [[1,2,3]] → {"error":[],"signature":[[17,155,104,94,158,4,223,65,240,53,7,87,211,66,117,204,179,45,20,2,141,216,76,214,242,112,237,213,134,180,158,90,153,240,95,9,218,59,251,222,242,190,218,116,17,152,145,55,56,179,60,143,26,153,127,222,148,14,144,44,106,79,104,8]],"success":true}
            sig.verify [[17,155,104,94,158,4,223,65,240,53,7,87,211,66,117,204,179,45,20,2,141,216,76,214,242,112,237,213,134,180,158,90,153,240,95,9,218,59,251,222,242,190,218,116,17,152,145,55,56,179,60,143,26,153,127,222,148,14,144,44,106,79,104,8],[1,2,3]] → true
            sig.verify [[17,155,104,94,158,4,223,65,240,53,7,87,211,66,117,204,179,45,20,2,141,216,76,214,242,112,237,213,134,180,158,90,153,240,95,9,218,59,251,222,242,190,218,116,17,152,145,55,56,179,60,143,26,153,127,222,148,14,144,44,106,79,104,8],[1,2,4]] → false
            sig.verify [[1],[1]] → false
            sig.get_peer_id [] → "@a"
        "#]].assert_eq(&answers(&format!(
            "sig.sign [[1,2,3]]\nsig.verify [{signature},[1,2,3]]\nsig.verify [{signature},[1,2,4]]\nsig.verify [[1],[1]]\n\
             sig.get_peer_id []"
        )));
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
