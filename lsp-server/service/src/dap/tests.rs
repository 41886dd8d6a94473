//! The machine, driven by messages.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::{Debugger, Files};

struct Memory;

const SCRIPT: &str = r#"(seq
  (call %init_peer_id% ("op" "array") [1 2 3] xs)
  (seq
    (fold xs x
      (seq
        (xor
          (match x 2
            (call "@b" ("srv" "double") [x] $out))
          (ap x $out))
        (next x)))
    (seq
      (canon %init_peer_id% $out #out)
      (xor
        (call "@c" ("srv" "fails") [#out] end)
        (call %init_peer_id% ("run-console" "print") [:error:.$.message])))))
"#;

/// Sample data under which the last call fails.
const SAMPLE: &str = r#"{"services": [
  {"service": "srv", "function": "double", "answer": {"ok": 4}},
  {"service": "srv", "function": "fails", "answer": {"err": [7, "no"]}}
]}"#;

impl Files for Memory {
    fn read(&self, path: &str) -> Result<String, String> {
        match path {
            "/w/a.air" => Ok(SCRIPT.to_owned()),
            _ => Err(format!("{path}: no such file")),
        }
    }

    fn exists(&self, _: &str) -> bool {
        false
    }
}

/// A client.
struct Client {
    debugger: Debugger,
    seq: i64,
    events: Vec<Value>,
}

impl Client {
    fn new() -> Self {
        Client { debugger: Debugger::new(Box::new(Memory)), seq: 0, events: Vec::new() }
    }

    fn launched(more: &Value) -> Self {
        let mut client = Client::new();
        client.ask("initialize", json!({ "adapterID": "air" }));
        let mut arguments = json!({ "program": "/w/a.air", "stopOnEntry": true, "makeUp": true });
        arguments.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        client.ask("launch", arguments);
        client
    }

    fn stopped_at_entry() -> Self {
        let mut client = Client::launched(&json!({}));
        client.ask("configurationDone", json!({}));
        client
    }

    fn try_ask(&mut self, command: &str, arguments: Value) -> Result<Value, String> {
        self.seq += 1;
        let message =
            json!({ "seq": self.seq, "type": "request", "command": command, "arguments": arguments });
        let mut answer = None;
        for text in self.debugger.handle(&message.to_string()) {
            let message: Value = serde_json::from_str(&text).unwrap();
            match message["type"].as_str() {
                Some("response") => {
                    assert_eq!(message["request_seq"], self.seq);
                    answer = Some(match message["success"].as_bool() {
                        Some(true) => Ok(message["body"].clone()),
                        _ => Err(message["message"].as_str().unwrap().to_owned()),
                    });
                }
                _ => self.events.push(message),
            }
        }
        answer.unwrap_or_else(|| panic!("no answer to {command}"))
    }

    fn ask(&mut self, command: &str, arguments: Value) -> Value {
        self.try_ask(command, arguments).unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    fn step(&mut self, command: &str) -> String {
        let thread = self.thread();
        self.ask(command, json!({ "threadId": thread }));
        self.here()
    }

    fn thread(&self) -> u64 {
        let stopped = self.events.iter().rev().find(|event| event["event"] == "stopped").unwrap();
        stopped["body"]["threadId"].as_u64().unwrap()
    }

    fn reason(&self) -> String {
        let stopped = self.events.iter().rev().find(|event| event["event"] == "stopped").unwrap();
        let text = stopped["body"]["text"].as_str().map(|text| format!(": {text}"));
        format!("{}{}", stopped["body"]["reason"].as_str().unwrap(), text.unwrap_or_default())
    }

    fn frames(&mut self) -> Vec<Value> {
        let thread = self.thread();
        self.ask("stackTrace", json!({ "threadId": thread }))["stackFrames"].as_array().unwrap().clone()
    }

    /// Peer, line and instruction.
    fn here(&mut self) -> String {
        let thread = self.thread();
        let threads = self.ask("threads", json!({}));
        let all = threads["threads"].as_array().unwrap();
        let name = all.iter().find(|it| it["id"] == thread).unwrap()["name"].as_str().unwrap().to_owned();
        let frame = self.frames()[0].clone();
        format!("{name}: {} {}", frame["line"], frame["name"].as_str().unwrap())
    }

    /// All scopes of the innermost frame, opened.
    fn scopes(&mut self) -> String {
        let frame = self.frames()[0]["id"].clone();
        let scopes = self.ask("scopes", json!({ "frameId": frame }));
        let mut out = String::new();
        for scope in scopes["scopes"].as_array().unwrap() {
            let _ = writeln!(out, "{}", scope["name"].as_str().unwrap());
            for (name, value) in self.open(&scope["variablesReference"]) {
                let _ = writeln!(out, "  {name}: {value}");
            }
        }
        out
    }

    fn open(&mut self, reference: &Value) -> Vec<(String, String)> {
        let answer = self.ask("variables", json!({ "variablesReference": reference }));
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let variables = answer["variables"].as_array().unwrap().iter();
        variables.map(|it| (text(&it["name"]), text(&it["value"]))).collect()
    }

    fn value(&mut self, expression: &str) -> String {
        match self.try_ask("evaluate", json!({ "expression": expression, "context": "watch" })) {
            Ok(answer) => answer["result"].as_str().unwrap().to_owned(),
            Err(error) => format!("! {error}"),
        }
    }
}

fn check(actual: &str, expected: Expect) {
    expected.assert_eq(actual);
}

#[test]
fn steps_go_to_other_peers_and_back() {
    let mut client = Client::stopped_at_entry();
    let mut way = vec![client.here()];
    for command in ["next", "stepIn", "next", "stepOut", "stepIn", "stepIn", "stepIn", "next", "stepIn"] {
        let here = client.step(command);
        way.push(format!("{command}: {here}"));
    }
    for command in ["stepBack", "air/previous", "air/stepBackOut", "stepBack"] {
        let here = client.step(command);
        way.push(format!("{command}: {here}"));
    }
    check(
        &way.join("\n"),
        expect![[r#"
        @init · 1/9: 2 call %init_peer_id% ("op" "array") [1 2 3] xs
        next: @init · 2/9: 4 fold xs x
        stepIn: @init · 3/9: 7 match x 2 #1
        next: @init · 4/9: 9 ap x $out #1
        stepOut: @init · 5/9: 10 next x #1
        stepIn: @init · 6/9: 7 match x 2 #2
        stepIn: @init · 7/9: 8 call "@b" ("srv" "double") [x] $out #2
        stepIn: @b · 1/6: 8 call "@b" ("srv" "double") [x] $out #2
        next: @b · 2/6: 10 next x #2
        stepIn: @b · 3/6: 7 match x 2 #3
        stepBack: @b · 2/6: 10 next x #2
        air/previous: @b · 1/6: 8 call "@b" ("srv" "double") [x] $out #2
        air/stepBackOut: @init · 7/9: 8 call "@b" ("srv" "double") [x] $out #2
        stepBack: @init · 6/9: 7 match x 2 #2"#]],
    );
}

#[test]
fn steps_back_undo_steps_in() {
    let mut client = Client::stopped_at_entry();
    let mut states = Vec::new();
    loop {
        let state = (client.here(), client.frames().len(), client.scopes());
        states.push(state);
        let thread = client.thread();
        client.ask("stepIn", json!({ "threadId": thread }));
        if client.events.iter().any(|event| event["event"] == "terminated") {
            break;
        }
    }
    assert!(states.len() > 10);
    states.pop();
    while let Some(state) = states.pop() {
        client.step("stepBack");
        assert_eq!((client.here(), client.frames().len(), client.scopes()), state);
    }
    // The same by single moments.
    let step = |client: &mut Client, command: &str| {
        let thread = client.thread();
        client.ask(command, json!({ "threadId": thread, "granularity": "instruction" }));
        (client.here(), client.scopes())
    };
    let mut states = vec![(client.here(), client.scopes())];
    for _ in 0..12 {
        states.push(step(&mut client, "stepIn"));
    }
    states.pop();
    while let Some(state) = states.pop() {
        assert_eq!(step(&mut client, "stepBack"), state);
    }
}

#[test]
fn what_a_peer_holds() {
    let mut client = Client::launched(&json!({}));
    client.ask("setFunctionBreakpoints", json!({ "breakpoints": [{ "name": "srv.fails" }] }));
    client.ask("configurationDone", json!({}));
    client.ask("continue", json!({ "threadId": 1 }));
    let frames = client.frames();
    let names: Vec<String> =
        frames.iter().map(|frame| format!("{} {}", frame["line"], frame["name"].as_str().unwrap())).collect();
    check(
        &names.join("\n"),
        expect![[r#"
        14 call "@c" ("srv" "fails") [#out] end
        13 xor
        14 event 6: the particle came from @init to @c
        12 event 5: the particle came from @b to @init
        8 event 4: @b got the answer of srv.double
        8 event 3: the particle came from @init to @b
        2 event 2: @init got the answer of op.array"#]],
    );
    check(
        &client.scopes(),
        expect![[r#"
        Values
          xs: [1,2,3]
          #out: [1,"double",3]
        Streams
          $out: 3 values
        Particle
          peer: @c
          %init_peer_id%: @init
          %ttl%: 7000
          event: 6 of 7
          time: 0 ms after the start
          order: @init→@c
          outcome: completed: the script reached its end on @c
        Kept by this peer
          0: call: [1,2,3] (line 2)
          1: ap (line 9)
          2: call: "double" (line 8)
          3: ap (line 9)
          4: canon: [1,"double",3] (line 12)
    "#]],
    );
    let values = [
        "xs",
        "xs.$.[1]",
        "$out",
        "#out",
        "xs.length",
        "xs.$.[0] == 1",
        "match xs.$.[0] 2",
        "%init_peer_id%",
        "no",
        "((",
    ];
    let values: Vec<String> = values.iter().map(|it| format!("{it} = {}", client.value(it))).collect();
    check(
        &values.join("\n"),
        expect![[r#"
        xs = [1,2,3]
        xs.$.[1] = 2
        $out = [1,"double",3]
        #out = [1,"double",3]
        xs.length = 3
        xs.$.[0] == 1 = true
        match xs.$.[0] 2 = false
        %init_peer_id% = "@init"
        no = ! `no` has no value here
        (( = ! this is no expression: names with lenses, literals, `A == B` and `A != B` are"#]],
    );
    let from = client.ask("evaluate", json!({ "expression": "from #out", "context": "repl" }));
    check(
        from["result"].as_str().unwrap(),
        expect![[r##"
        #out = [1,"double",3] on @init, by (canon %init_peer_id% $out #out)
          $out = 1 on @init, by (ap x $out)
            x = 1 on @init, by (fold xs x (seq (xor (match x 2 (call "@b" ("srv" "double") [x] $out)) (ap x $ou…
              xs = [1,2,3] on @init, by (call %init_peer_id% ("op" "array") [1 2 3] xs)
                @init asked op.array [1 2 3]
          $out = "double" on @b, by (call "@b" ("srv" "double") [x] $out)
            @b asked srv.double [2]
            x = 2 on @init, by (next x)
          $out = 3 on @b, by (ap x $out)
            x = 3 on @b, by (next x)"##]],
    );
    // A page of a value, and where it comes from.
    let answer = client.ask("evaluate", json!({ "expression": "xs" }));
    let reference = answer["variablesReference"].clone();
    assert_eq!(answer["indexedVariables"], 3);
    let page = json!({ "variablesReference": reference, "filter": "indexed", "start": 1, "count": 1 });
    let page = client.ask("variables", page);
    assert_eq!(
        (page["variables"].as_array().unwrap().len(), &page["variables"][0]["name"]),
        (1, &json!("[1]"))
    );
    let named = client.ask("variables", json!({ "variablesReference": reference, "filter": "named" }));
    let from = client.open(&named["variables"][0]["variablesReference"]);
    check(
        &format!("{from:?}"),
        expect![[
            r#"[("peer", "@init"), ("service", "op"), ("function", "array"), ("← 1", "@init asked op.array [1 2 3]")]"#
        ]],
    );
    let names = client.ask("completions", json!({ "text": "x", "column": 2 }));
    assert_eq!(names["targets"][0]["label"], "xs");
    let origins = client.ask("air/origins", json!({ "name": "xs" }));
    assert_eq!(origins["origins"][0]["line"], 2);
    let to = origins["origins"][0]["moment"].clone();
    client.ask("air/goto", json!({ "moment": to }));
    assert_eq!(client.reason(), "goto");
}

#[test]
fn breakpoints() {
    let mut client = Client::launched(&json!({ "stopOnEntry": false }));
    let source = json!({ "path": "/w/a.air" });
    let lines = client.ask("breakpointLocations", json!({ "source": source, "line": 7, "endLine": 8 }));
    assert_eq!(lines["breakpoints"].as_array().unwrap().len(), 2);
    let wanted = json!([
        { "line": 7, "condition": "x != 1" },
        { "line": 9, "logMessage": "x is {x}, {no}" },
        { "line": 10, "hitCondition": ">= 2" },
        { "line": 100 },
        { "line": 9, "hitCondition": "often" },
    ]);
    let set = client.ask("setBreakpoints", json!({ "source": source, "breakpoints": wanted }));
    let set: Vec<String> = set["breakpoints"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| format!("{} {} {}", it["verified"], it["line"], it["message"]))
        .collect();
    check(
        &set.join("\n"),
        expect![[r#"
        true 7 null
        true 9 null
        true 10 null
        false 100 "no instruction begins here"
        false 9 "`often` is no hit condition: a number is one, and `>= 3`, `% 3`""#]],
    );
    client.ask("setExceptionBreakpoints", json!({ "filters": ["service"] }));
    client.ask("setDataBreakpoints", json!({ "breakpoints": [{ "dataId": "#out" }] }));
    client.ask("configurationDone", json!({}));
    let mut way = Vec::new();
    while client.events.last().unwrap()["event"] != "terminated" {
        let here = client.here();
        way.push(format!("{} {here}", client.reason()));
        client.ask("continue", json!({ "threadId": 1 }));
    }
    check(
        &way.join("\n"),
        expect![[r#"
        breakpoint @init · 6/9: 7 match x 2 #2
        breakpoint @b · 2/6: 10 next x #2
        breakpoint @b · 3/6: 7 match x 2 #3
        breakpoint @b · 5/6: 10 next x #3
        data breakpoint @init · 8/9: 12 canon %init_peer_id% $out #out
        pause @c · 3/3: 1 seq"#]],
    );
    let output: String = client.events.iter().filter_map(|event| event["body"]["output"].as_str()).collect();
    check(
        &output,
        expect![[r#"
        @init: x is 1, <`no` has no value here>
        @b: x is 3, <`no` has no value here>
        completed: the script reached its end on @c
    "#]],
    );
    // And the same way back.
    let mut back = Vec::new();
    for _ in 0..way.len() {
        client.ask("reverseContinue", json!({ "threadId": 1 }));
        let here = client.here();
        back.push(format!("{} {here}", client.reason()));
    }
    way.pop();
    way.reverse();
    assert_eq!(back.pop().unwrap().split(' ').next(), Some("entry"));
    assert_eq!(back, way);
    // Before the first of them there is none: back to the beginning.
    client.ask(
        "setBreakpoints",
        json!({ "source": { "path": "/w/other.air" }, "breakpoints": [{ "line": 1 }] }),
    );
}

#[test]
fn errors_are_explained() {
    let sample: Value = serde_json::from_str(SAMPLE).unwrap();
    let mut client = Client::launched(&json!({ "stopOnEntry": false, "makeUp": false, "sample": sample }));
    client.ask(
        "setExceptionBreakpoints",
        json!({ "filters": [], "filterOptions": [{ "filterId": "service" }] }),
    );
    client.ask("configurationDone", json!({}));
    let here = client.here();
    let thread = client.thread();
    let info = client.ask("exceptionInfo", json!({ "threadId": thread }));
    check(
        &format!("{here}\n{}\n{info}", client.reason()),
        expect![[r#"
        @c · 1/2: 14 call "@c" ("srv" "fails") [#out] end
        exception: Local service error, ret_code is 7, error message is '"no"'
        {"breakMode":"always","description":"Local service error, ret_code is 7, error message is '\"no\"'","details":{"message":"Local service error, ret_code is 7, error message is '\"no\"'"},"exceptionId":"10000"}"#]],
    );
    let scopes = client.scopes();
    check(
        scopes.split_once("Errors").unwrap().1,
        expect![[r#"

          10000: Local service error, ret_code is 7, error message is '"no"'
        Kept by this peer
          0: call: [1,2,3] (line 2)
          1: ap (line 9)
          2: call: 4 (line 8)
          3: ap (line 9)
          4: canon: [1,4,3] (line 12)
          5: call: without a result (line 14)
    "#]],
    );
    assert_eq!(client.value("%last_error%.$.error_code"), "10000");
    let console = client.ask("evaluate", json!({ "expression": "why 8", "context": "repl" }));
    assert!(console["result"].as_str().unwrap().contains("it has run"), "{console}");
}

#[test]
fn an_answer_is_changed() {
    let mut client = Client::stopped_at_entry();
    client.step("stepIn");
    let frame = client.frames()[0]["id"].clone();
    let scopes = client.ask("scopes", json!({ "frameId": frame }));
    let values = scopes["scopes"][0]["variablesReference"].clone();
    let refused =
        client.try_ask("setVariable", json!({ "variablesReference": values, "name": "xs", "value": "[" }));
    assert!(refused.unwrap_err().contains("is not JSON"));
    let set =
        client.ask("setVariable", json!({ "variablesReference": values, "name": "xs", "value": "[7]" }));
    assert_eq!(set["value"], "[7]");
    assert_eq!(client.value("xs"), "[7]");
    client.ask("continue", json!({ "threadId": 1 }));
    assert_eq!(client.value("#out"), "[7]");
    client.ask("restart", json!({}));
    client.step("stepIn");
    assert_eq!(client.value("xs"), "[1,2,3]");
}

#[test]
fn other_ways_to_move() {
    let mut client = Client::stopped_at_entry();
    let source = json!({ "path": "/w/a.air" });
    let targets = client.ask("gotoTargets", json!({ "source": source, "line": 7 }));
    let labels: Vec<&str> =
        targets["targets"].as_array().unwrap().iter().map(|it| it["label"].as_str().unwrap()).collect();
    check(
        &labels.join("\n"),
        expect![[r#"
        @init, event 2 #1
        @init, event 2 #2
        @b, event 4 #3"#]],
    );
    client.ask("goto", json!({ "threadId": 1, "targetId": targets["targets"][1]["id"] }));
    check(&client.here(), expect!["@init · 6/9: 7 match x 2 #2"]);
    let fold =
        client.frames().iter().find(|it| it["name"].as_str().unwrap().starts_with("fold")).unwrap()["id"]
            .clone();
    client.ask("restartFrame", json!({ "frameId": fold }));
    check(&client.here(), expect!["@init · 2/9: 4 fold xs x"]);
    client.ask("pause", json!({ "threadId": 1 }));
    assert_eq!(client.reason(), "pause");
    let timeline = client.ask("air/timeline", json!({}));
    assert!(timeline["events"].as_array().unwrap().len() > 4);
    assert_eq!(timeline["events"][0]["at"]["peer"], "@init");
    assert_eq!(client.ask("source", json!({ "sourceReference": 1 }))["content"], SCRIPT);
    let info = client.ask("dataBreakpointInfo", json!({ "name": "$out" }));
    assert_eq!(info["dataId"], "$out");
    client.ask("terminate", json!({}));
    assert_eq!(client.events.last().unwrap()["event"], "terminated");
    client.ask("disconnect", json!({}));
    assert!(client.debugger.is_over());
}

#[test]
fn scripts_without_files_run_too() {
    let mut client = Client::new();
    assert_eq!(client.try_ask("threads", json!({})), Err("nothing was launched".to_owned()));
    let capabilities = client
        .ask("initialize", json!({ "adapterID": "air", "linesStartAt1": false, "columnsStartAt1": false }));
    assert_eq!(capabilities["supportsStepBack"], true);
    let missing = client.try_ask("launch", json!({ "program": "/w/none.air" }));
    assert_eq!(missing, Err("/w/none.air: no such file".to_owned()));
    let text = r#"(call %init_peer_id% ("srv" "f") [] x)"#;
    let wrong = json!({ "services": { "srv": {} } });
    let launched = client.try_ask("launch", json!({ "text": text, "sample": wrong, "stopOnEntry": true }));
    check(&format!("{launched:?}"), expect![[r#"Err("sample data: 1:13: expected an array")"#]]);
    client.ask("launch", json!({ "text": text, "makeUp": true, "noDebug": true }));
    client.ask("configurationDone", json!({}));
    assert_eq!(client.events.last().unwrap()["event"], "terminated");
    let frames = client.frames();
    assert_eq!((&frames[0]["line"], &frames[0]["source"]["sourceReference"]), (&json!(0), &json!(1)));
}

#[test]
fn broken_messages_are_survived() {
    let mut client = Client::stopped_at_entry();
    for text in [
        "",
        "{",
        "[]",
        "null",
        "{}",
        r#"{"seq":1}"#,
        r#"{"type":"response"}"#,
        r#"{"seq":1e99,"command":"x"}"#,
    ] {
        client.debugger.handle(text);
    }
    let commands = [
        "initialize",
        "launch",
        "attach",
        "configurationDone",
        "setBreakpoints",
        "setFunctionBreakpoints",
        "setDataBreakpoints",
        "setExceptionBreakpoints",
        "dataBreakpointInfo",
        "breakpointLocations",
        "threads",
        "stackTrace",
        "scopes",
        "variables",
        "evaluate",
        "completions",
        "exceptionInfo",
        "source",
        "setVariable",
        "gotoTargets",
        "goto",
        "air/goto",
        "next",
        "stepIn",
        "stepOut",
        "stepBack",
        "air/previous",
        "air/stepBackOut",
        "continue",
        "reverseContinue",
        "pause",
        "restart",
        "restartFrame",
        "air/origins",
        "air/whyNot",
        "air/timeline",
        "terminate",
        "no such",
    ];
    let members = [
        "threadId",
        "frameId",
        "variablesReference",
        "line",
        "column",
        "text",
        "expression",
        "name",
        "value",
        "source",
        "breakpoints",
        "filters",
        "targetId",
        "moment",
        "start",
        "count",
        "levels",
        "startFrame",
        "endLine",
        "program",
    ];
    let values = [
        json!(0),
        json!(1),
        json!(2),
        json!(u64::MAX),
        json!(-1),
        json!("x"),
        json!(""),
        json!("(((("),
        json!([]),
        json!({}),
        json!(null),
        json!({ "path": "/w/a.air" }),
        json!([{ "line": 4, "name": "@b", "dataId": "x" }]),
        json!(["caught"]),
        json!(4_000_000_000_u32),
        json!(1.5),
    ];
    let mut state = 7_u64;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) as usize % below
    };
    let mut good = 0;
    for _ in 0..3000 {
        let command = commands[random(commands.len())];
        let mut arguments = serde_json::Map::new();
        for _ in 0..random(6) {
            arguments.insert(members[random(members.len())].to_owned(), values[random(values.len())].clone());
        }
        if command == "launch" || command == "restart" {
            continue;
        }
        good += usize::from(client.try_ask(command, Value::Object(arguments)).is_ok());
    }
    assert!(good > 300, "{good}");
    // And bytes of a message, changed at random.
    let message = json!({ "seq": 1, "type": "request", "command": "evaluate", "arguments": { "expression": "xs.$.[1]" } });
    for _ in 0..2000 {
        let mut bytes = message.to_string().into_bytes();
        for _ in 0..=random(3) {
            let at = random(bytes.len());
            bytes[at] = b"{}[]\",:\\x0(#$%."[random(15)];
        }
        if let Ok(text) = String::from_utf8(bytes) {
            client.debugger.handle(&text);
        }
    }
}
