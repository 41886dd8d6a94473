//! Anomaly files, which nodes write.

/// A node asked for a call; `code` is what it recorded as the end, 3 records broken data as well.
pub(crate) fn anomaly(code: i64) -> String {
    let bytes = |text: &str| format!("{:?}", text.as_bytes());
    let request = r#"{"1":{"service_id":"s","function_name":"f","arguments":[1],"tetraplets":[[{"peer_pk":"i","service_id":"","function_name":"","lens":""}]]}}"#;
    let outcome = format!(
        r#"{{"ret_code":{code},"error_message":"","data":[],"call_requests":{request},"next_peer_pks":[]}}"#
    );
    format!(
        r#"{{"air_script":"(call \"c\" (\"s\" \"f\") [1] r)","particle":{},"prev_data":[],"current_data":[1],"call_results":{},"avm_outcome":{}}}"#,
        bytes(r#"{"init_peer_id":"i","particle_id":"p","timestamp":1,"ttl":2,"current_peer_id":"c"}"#),
        bytes("{}"),
        bytes(&outcome)
    )
    .replace("\"current_data\":[1]", if code == 3 { "\"current_data\":[1]" } else { "\"current_data\":[]" })
}
