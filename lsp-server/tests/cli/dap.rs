//! `air dap`: a session from its first byte to its last.

use serde_json::{Value, json};

use crate::sandbox::{Run, Sandbox};

const SCRIPT: &str = r#"(seq
 (call "@b" ("srv" "one") [] one)
 (call %init_peer_id% ("srv" "two") [one] two))
"#;
const SAMPLE: &str = r#"{"services": [
  {"service": "srv", "function": "one", "answer": {"ok": 1}},
  {"service": "srv", "function": "two", "answer": {"ok": 2}}
]}"#;

fn framed(messages: &[Value]) -> String {
    let frame = |(seq, message): (i64, &Value)| {
        let mut message = message.clone();
        message["seq"] = seq.into();
        message["type"] = "request".into();
        let text = message.to_string();
        format!("Content-Length: {}\r\n\r\n{text}", text.len())
    };
    (1..).zip(messages).map(frame).collect()
}

/// What came out, message by message.
fn messages(run: &Run) -> Vec<Value> {
    let mut rest = run.out.as_str();
    let mut all = Vec::new();
    while let Some((header, after)) = rest.split_once("\r\n\r\n") {
        let length: usize = header.strip_prefix("Content-Length: ").unwrap().parse().unwrap();
        all.push(serde_json::from_str(&after[..length]).unwrap());
        rest = &after[length..];
    }
    assert_eq!(rest, "");
    all
}

fn body(messages: &[Value], seq: i64) -> &Value {
    let mine = |message: &&Value| message["request_seq"] == seq;
    let answer = messages.iter().find(mine).unwrap_or_else(|| panic!("no answer to {seq}"));
    assert_eq!(answer["success"], true, "{answer}");
    &answer["body"]
}

#[test]
fn a_whole_session() {
    let sandbox = Sandbox::new(&[("a.air", SCRIPT), ("a.sample.json", SAMPLE)]);
    let file = sandbox.path("a.air");
    let source = json!({ "path": file });
    let input = framed(&[
        json!({ "command": "initialize", "arguments": { "adapterID": "air" } }),
        json!({ "command": "launch", "arguments": { "program": file } }),
        json!({ "command": "setBreakpoints", "arguments": { "source": source, "breakpoints": [{ "line": 3 }] } }),
        json!({ "command": "configurationDone" }),
        json!({ "command": "evaluate", "arguments": { "expression": "one" } }),
        json!({ "command": "reverseContinue", "arguments": { "threadId": 1 } }),
        json!({ "command": "stepIn", "arguments": { "threadId": 1 } }),
        json!({ "command": "stackTrace", "arguments": { "threadId": 2 } }),
        json!({ "command": "continue", "arguments": { "threadId": 1 } }),
        json!({ "command": "evaluate", "arguments": { "expression": "one == 1" } }),
        json!({ "command": "disconnect" }),
        json!({ "command": "threads" }),
    ]);
    for command in ["dap", "dap --stdio"] {
        let run = sandbox.air_with(command, &input);
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        let messages = messages(&run);
        assert_eq!(body(&messages, 1)["supportsStepBack"], true);
        assert_eq!(body(&messages, 3)["breakpoints"][0]["verified"], true);
        assert_eq!(body(&messages, 5)["result"], "1");
        let frame = &body(&messages, 8)["stackFrames"][0];
        assert_eq!((&frame["line"], &frame["source"]["name"]), (&json!(2), &json!("a.air")));
        assert_eq!(body(&messages, 10)["result"], "true");
        // After leave is taken nothing is answered.
        assert!(!messages.iter().any(|message| message["request_seq"] == 12));
    }
}

#[test]
fn broken_bytes_do_not_end_it() {
    let sandbox = Sandbox::new(&[]);
    let good =
        framed(&[json!({ "command": "initialize", "arguments": {} }), json!({ "command": "disconnect" })]);
    let deep = "[".repeat(100_000);
    let deep = format!("Content-Length: {}\r\n\r\n{deep}", deep.len());
    for bad in [
        "",
        "hello\r\n\r\n",
        "Content-Length: x\r\n\r\n",
        "Content-Length: 2\r\n\r\n{]",
        "Content-Length: 2\r\n\r\n{}",
        &deep,
    ] {
        let run = sandbox.air_with("dap", &format!("{bad}{good}"));
        assert_eq!(run.code, 0, "{bad} {}", run.err);
        let messages = messages(&run);
        assert!(messages.iter().any(|message| message["command"] == "disconnect"), "{bad}");
    }
    // An input that ends without leave.
    assert_eq!(sandbox.air_with("dap", "Content-Length: 100\r\n\r\n{").code, 1);
}
