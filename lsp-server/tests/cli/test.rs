//! `air test`.

use expect_test::{Expect, expect};

use crate::sandbox::{Run, Sandbox};

/// Asks two peers, answers the initiator.
const TWO: &str = r#"(seq
 (seq
  (call "@a" ("srv" "load") [1] x)
  (xor
   (call "@b" ("srv" "store") [x] y)
   (call %init_peer_id% ("callbackSrv" "response") ["no"])
  )
 )
 (call %init_peer_id% ("callbackSrv" "response") [y])
)
"#;

const SERVICES: &str = r#""services": [{"function": "load", "answer": {"ok": {"n": 7}}}, {"function": "store", "answer": {"ok": "done"}}]"#;

/// One script, one expectation; `expected` is the whole output.
#[track_caller]
fn check(expectation: &str, expected: Expect) -> Run {
    let sample = format!("{{{SERVICES}, \"expect\": {expectation}}}");
    let run = Sandbox::new(&[("two.air", TWO), ("two.sample.json", &sample)]).air("test");
    run.expect(expected);
    run
}

#[test]
fn everything_as_expected() {
    check(
        r#"{"outcome": "completed", "response": ["done"],
            "calls": [{"peer": "@a", "function": "load", "arguments": [1]}, {"service": "srv", "function": "store", "arguments": [{"n": 7}]}],
            "values": {"x": {"n": 7}, "y": "done"},
            "hops": [["@init", "@a"], ["@a", "@b"], ["@b", "@init"]]}"#,
        expect![[r#"
            exit 0
            ── out
            ok       two.air

            tests    1 passed, 0 failed
            ran      6 of 7 instructions, 3 of 4 calls
        "#]],
    );
}

#[test]
fn everything_else() {
    check(
        r#"{"outcome": "failed", "response": ["other"], "error": 10000,
            "calls": [{"function": "store"}, {"function": "load"}],
            "values": {"x": {"n": 7.0}, "z": 1}, "hops": [], "waiting_for": ["q"]}"#,
        expect![[r#"
            exit 1
            ── out
            FAILED   two.air
                     two.sample.json:1:126: outcome: expected failed, but completed: response "done"
                     two.sample.json:1:147: response: expected ["other"], found ["done"]
                     two.sample.json:1:170: error: expected 10000, but there was none
                     two.sample.json:2:13: calls: call 2 was not made after those before it: * *.load(…); made: @a srv.load(1)
                     two.sample.json:3:13: values: x: expected {"n":7.0}, found {"n":7}
                     two.sample.json:3:13: values: z: expected 1, but it got no value
                     two.sample.json:3:50: hops: expected no hops, found @init → @a, @a → @b, @b → @init
                     two.sample.json:3:62: waiting_for: expected q, found: nothing waits

            tests    0 passed, 1 failed
            ran      6 of 7 instructions, 3 of 4 calls
        "#]],
    );
}

#[test]
fn calls_in_any_order() {
    check(
        r#"{"calls": [{"function": "store"}, {"function": "load"}, {"service": "srv"}], "any_order": true}"#,
        expect![[r#"
            exit 1
            ── out
            FAILED   two.air
                     two.sample.json:1:126: calls: call 3 was not made: * srv.*(…); made: @a srv.load(1), @b srv.store({"n":7}), @init callbackSrv.response("done")

            tests    0 passed, 1 failed
            ran      6 of 7 instructions, 3 of 4 calls
        "#]],
    );
    check(
        r#"{"calls": [{"function": "store"}, {"function": "load"}], "any_order": true}"#,
        expect![[r#"
        exit 0
        ── out
        ok       two.air

        tests    1 passed, 0 failed
        ran      6 of 7 instructions, 3 of 4 calls
    "#]],
    );
}

#[test]
fn errors_and_waits() {
    let failing = r#"{"services": [{"function": "f", "answer": {"err": [3, "no"]}}], "expect": {"outcome": "failed", "error": 10000}}"#;
    let waiting = r#"{"peers": ["@init"], "expect": {"outcome": "waiting", "waiting_for": ["@a"], "hops": [["@init", "@a"]]}}"#;
    let script = r#"(call "@a" ("s" "f") [] x)"#;
    Sandbox::new(&[
        ("failing.air", script),
        ("failing.sample.json", failing),
        ("waiting.air", script),
        ("waiting.sample.json", waiting),
    ])
    .air("test")
    .expect(expect![[r#"
        exit 0
        ── out
        ok       failing.air
        ok       waiting.air

        tests    2 passed, 0 failed
        ran      1 of 2 instructions, 1 of 2 calls
    "#]]);
}

/// Two cases, one of which fails; a script without sample data.
fn cases() -> Sandbox {
    let sample = format!(
        r#"{{
  // what they share
  {SERVICES},
  "expect": {{"response": ["done"]}},
  "cases": [
    {{"name": "good"}}, // inherits
    {{"name": "bad", "services": [{{"function": "store", "answer": {{"err": [1, "full"]}}}}]}},
    {{
      "name": "wrong", // its own
      "expect": {{"response": ["<\"1\">"] /* gone */, "outcome": "completed"}}, /* stays */
    }},
  ],
}}
"#
    );
    Sandbox::new(&[("dir/two.air", TWO), ("dir/two.sample.json", &sample), ("other.air", "(null)")])
}

#[test]
fn each_case_is_a_test() {
    let sandbox = cases();
    sandbox.air("test").expect(expect![[r#"
        exit 1
        ── out
        ok       dir/two.air::good
        FAILED   dir/two.air::bad
                 dir/two.sample.json:4:14: response: expected ["done"], found ["no"]
        FAILED   dir/two.air::wrong
                 dir/two.sample.json:10:18: response: expected ["<\"1\">"], found ["done"]

        tests    1 passed, 2 failed, 1 without expectations
        ran      7 of 7 instructions, 4 of 4 calls
    "#]]);
    sandbox.air("test --filter ::go dir").expect(expect![[r#"
        exit 0
        ── out
        ok       dir/two.air::good

        tests    1 passed, 0 failed, 2 filtered out
        ran      6 of 7 instructions, 3 of 4 calls
    "#]]);
    sandbox.air("test --filter nothing").expect(expect![[r#"
        exit 2
        ── err
        error: no test name contains `nothing`
    "#]]);
}

#[test]
fn machines_read_it() {
    let sandbox = cases();
    let run = sandbox.air("test --json");
    assert_eq!(run.code, 1);
    let json = run.json();
    let schema = include_str!("../../schemas/test.schema.json");
    let validator = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    assert_eq!(validator.validate(&json).map_err(|error| error.to_string()), Ok(()));
    let states: Vec<_> = json["tests"].as_array().unwrap().iter().map(|test| &test["status"]).collect();
    assert_eq!(states, ["passed", "failed", "failed"]);
    assert_eq!(json["tests"][1]["name"], "dir/two.air::bad");
    assert_eq!(json["tests"][1]["sample"], "dir/two.sample.json");
    let problem = &json["tests"][2]["problems"][0];
    assert_eq!(
        (&problem["what"], &problem["line"], &problem["column"]),
        (&"response".into(), &10.into(), &18.into())
    );
    assert!(json["tests"][2]["duration_ms"].as_f64().unwrap() > 0.0);
    assert_eq!(json["coverage"][0]["calls"], 4);
    assert_eq!(json["coverage"][0]["calls_executed"], 4);
    assert_eq!(json["summary"]["failed"], 2);
    let run = sandbox.air("test -o junit");
    let times = |text: &str| {
        let mut parts = text.split(" time=\"");
        let mut out = parts.next().unwrap().to_owned();
        for part in parts {
            out += part.split_once('"').unwrap().1;
        }
        out
    };
    expect![[r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="air test" tests="3" failures="2" errors="0">
          <testsuite name="dir/two.air" tests="3" failures="2" errors="0">
            <testcase classname="dir/two.air" name="good"/>
            <testcase classname="dir/two.air" name="bad">
              <failure message="response: expected [&quot;done&quot;], found [&quot;no&quot;]">response: expected [&quot;done&quot;], found [&quot;no&quot;]</failure>
            </testcase>
            <testcase classname="dir/two.air" name="wrong">
              <failure message="response: expected [&quot;&lt;\&quot;1\&quot;&gt;&quot;], found [&quot;done&quot;]">response: expected [&quot;&lt;\&quot;1\&quot;&gt;&quot;], found [&quot;done&quot;]</failure>
            </testcase>
          </testsuite>
        </testsuites>
    "#]].assert_eq(&times(&run.out));
}

#[test]
fn blessing_keeps_what_holds() {
    let sandbox = cases();
    sandbox.air("test --bless").expect(expect![[r#"
        exit 0
        ── out
        ok       dir/two.air::good
        blessed  dir/two.air::bad
                 dir/two.sample.json:4:14: response: expected ["done"], found ["no"]
        blessed  dir/two.air::wrong
                 dir/two.sample.json:10:18: response: expected ["<\"1\">"], found ["done"]

        tests    1 passed, 0 failed, 2 blessed, 1 without expectations
        ran      7 of 7 instructions, 4 of 4 calls
    "#]]);
    expect![[r#"
        {
          // what they share
          "services": [{"function": "load", "answer": {"ok": {"n": 7}}}, {"function": "store", "answer": {"ok": "done"}}],
          "expect": {"response": ["done"]},
          "cases": [
            {"name": "good"}, // inherits
            {"name": "bad", "services": [{"function": "store", "answer": {"err": [1, "full"]}}], "expect": {
              "response": ["no"]
            }},
            {
              "name": "wrong", // its own
              "expect": {
                "response": ["done"],
                "outcome": "completed"
              }, /* stays */
            },
          ],
        }
    "#]].assert_eq(&sandbox.read("dir/two.sample.json"));
    let run = sandbox.air("test");
    assert_eq!(run.code, 0, "{run:?}");
    // What holds is not written again.
    let before = sandbox.read("dir/two.sample.json");
    assert_eq!(sandbox.air("test --bless").code, 0);
    assert_eq!(sandbox.read("dir/two.sample.json"), before);
}

#[test]
fn blessing_makes_expectations() {
    for sample in [
        "{}",
        "{\n}",
        "{ // nothing\n}",
        "{\"expect\": {}}",
        &format!("{{{SERVICES}}}"),
        &format!("{{\n  {SERVICES}, // ,\n}}\n"),
    ] {
        let sandbox = Sandbox::new(&[("two.air", TWO), ("two.sample.json", sample)]);
        let run = sandbox.air("test");
        assert_eq!((run.code, run.out.as_str()), (0, ""), "{sample}");
        let run = sandbox.air("test --bless");
        assert_eq!(run.code, 0, "{sample}: {run:?}");
        let run = sandbox.air("test");
        assert!(run.out.contains("1 passed, 0 failed"), "{sample}: {run:?}");
    }
    let sandbox =
        Sandbox::new(&[("two.air", TWO), ("two.sample.json", &format!("{{\n  {SERVICES}, // why\n}}\n"))]);
    sandbox.air("test --bless");
    expect![[r#"
        {
          "services": [{"function": "load", "answer": {"ok": {"n": 7}}}, {"function": "store", "answer": {"ok": "done"}}], // why
          "expect": {
            "outcome": "completed",
            "response": ["done"],
            "calls": [
              {"peer": "@a", "service": "srv", "function": "load", "arguments": [1]},
              {"peer": "@b", "service": "srv", "function": "store", "arguments": [{"n":7}]}
            ]
          }
        }
    "#]].assert_eq(&sandbox.read("two.sample.json"));
}

/// What an editor asks before it runs anything.
#[test]
fn which_tests_there_are() {
    let sandbox = cases();
    sandbox.air("test --list").expect(expect![[r#"
        exit 0
        ── out
        dir/two.air::good
        dir/two.air::bad
        dir/two.air::wrong
    "#]]);
    let listed = sandbox.air("test --list --json dir").json();
    let validator = jsonschema::validator_for(
        &serde_json::from_str(include_str!("../../schemas/test.schema.json")).unwrap(),
    )
    .unwrap();
    assert!(validator.is_valid(&listed), "{listed}");
    let tests = listed["tests"].as_array().unwrap();
    let places: Vec<_> = tests.iter().map(|test| format!("{} {}", test["case"], test["line"])).collect();
    assert_eq!(places, ["\"good\" 6", "\"bad\" 7", "\"wrong\" 8"]);
    assert_eq!(listed["coverage"].as_array().unwrap().len(), 0);
}

/// The same code in and outside of the sandbox.
#[test]
fn natively_too() {
    let sandbox = cases();
    let (inside, outside) = (sandbox.air("test"), sandbox.air("test --native"));
    assert_eq!((inside.code, inside.out), (outside.code, outside.out));
}

/// Whoever comes first is answered to the initiator.
const RACE: &str = r#"(seq
 (par
  (call "@a" ("srv" "vote") [] $votes)
  (call "@b" ("srv" "vote") [] $votes)
 )
 (seq
  (canon %init_peer_id% $votes #votes)
  (call %init_peer_id% ("callbackSrv" "response") [#votes.$.[0]])
 )
)
"#;

#[test]
fn all_orders() {
    let sample = r#"{"services": [{"peer": "@a", "answer": {"ok": "soup"}}, {"peer": "@b", "answer": {"ok": "pie"}}], "expect": {"outcome": "completed"}}"#;
    let sandbox = Sandbox::new(&[("race.air", RACE), ("race.sample.json", sample)]);
    sandbox.air("test --orders all").expect(expect![[r#"
        exit 1
        ── out
        FAILED   race.air
                 orders: 2 ends in all 4 orders that can be told apart: the usual one is completed: response "soup"; another one is completed: response "pie": --answers single --order '@init→@b, @b answers srv.vote, @b→@init'

        tests    0 passed, 1 failed
        ran      7 of 7 instructions, 3 of 3 calls
    "#]]);
    let sample = format!("{{{SERVICES}, \"expect\": {{\"response\": [\"done\"]}}}}");
    let sandbox = Sandbox::new(&[("two.air", TWO), ("two.sample.json", &sample)]);
    assert_eq!(sandbox.air("test --orders all").code, 0);
    let run = sandbox.air("test --orders none");
    assert!(run.code == 2 && run.err.contains("expected a number from 1 on, or all"), "{}", run.err);
}

#[test]
fn forms_and_their_files() {
    let sample = format!("{{{SERVICES}, \"expect\": {{\"response\": [\"done\"]}}}}");
    let sandbox = Sandbox::new(&[("two.air", TWO), ("two.sample.json", &sample)]);
    let run = sandbox.air("test -o full -o junit=r.xml -o json=r.json");
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.starts_with("ok       two.air"), "{}", run.out);
    let xml = std::fs::read_to_string(sandbox.path("r.xml")).unwrap();
    assert!(xml.contains("<testsuites"), "{xml}");
    assert!(std::fs::read_to_string(sandbox.path("r.json")).unwrap().starts_with('{'));
    assert_eq!(sandbox.air("test -o full=x").code, 2);
}

#[test]
fn orders_of_delivery() {
    let sample = r#"{"services": [{"peer": "@a", "answer": {"ok": "soup"}}, {"peer": "@b", "answer": {"ok": "pie"}}], "expect": {"outcome": "completed"}}"#;
    let sandbox = Sandbox::new(&[("race.air", RACE), ("race.sample.json", sample)]);
    assert_eq!(sandbox.air("test").code, 0);
    let run = sandbox.air("test --orders 20");
    run.expect(expect![[r#"
        exit 1
        ── out
        FAILED   race.air
                 orders: the usual order ends with completed, response "soup"; another one with completed, response "pie": --order '@init→@b, @b→@init, @init→@a, @a→@init'

        tests    0 passed, 1 failed
        ran      7 of 7 instructions, 3 of 3 calls
    "#]]);
    let run = sandbox.air("test --orders 1 --seed 7");
    run.expect(expect![[r#"
        exit 0
        ── out
        ok       race.air

        tests    1 passed, 0 failed
        ran      7 of 7 instructions, 3 of 3 calls
    "#]]);
    // Orders do not matter to what is done in sequence.
    let sample = format!("{{{SERVICES}, \"expect\": {{\"response\": [\"done\"]}}}}");
    let sandbox = Sandbox::new(&[("two.air", TWO), ("two.sample.json", &sample)]);
    assert_eq!(sandbox.air("test --orders 20").code, 0);
}

#[test]
fn what_cannot_be_done() {
    let sandbox = Sandbox::new(&[
        ("bad.air", TWO),
        ("bad.sample.json", "{\n  \"expct\": {}\n}"),
        ("broken.air", "(call"),
        ("broken.sample.json", "{}"),
    ]);
    sandbox.air("test bad.air missing.air").expect(expect![[r#"
        exit 2
        ── err
        error: bad.air: bad.sample.json:2:3: unknown member `expct`; did you mean `expect`?
        error: missing.air: no such file or folder
    "#]]);
    sandbox.air("test --bless broken.air").expect(expect![[r#"
        exit 2
        ── err
        error: broken.air: AquaVM rejects this script, so nothing can be expected of it
    "#]]);
    assert_eq!(sandbox.read("broken.sample.json"), "{}");
    assert_eq!(sandbox.air("test --bless --orders 2").code, 2);
}

/// A test for each script that has none; it passes, and nothing that is there is touched.
#[test]
fn first_tests() {
    let sandbox = Sandbox::new(&[
        (
            "a.air",
            "(seq (call \"@a\" (\"s\" \"f\") [] x) (call %init_peer_id% (\"callbackSrv\" \"response\") [x.$.name]))",
        ),
        ("b.air", crate::sandbox::GOOD),
        ("c.air", "(null)"),
        ("c.sample.json", "{}"),
    ]);
    let run = sandbox.air("test --init");
    assert_eq!(run.code, 0, "{} {}", run.out, run.err);
    assert!(run.out.contains("blessed  a.air") && run.out.contains("blessed  b.air"), "{}", run.out);
    assert_eq!(sandbox.read("c.sample.json"), "{}");
    let sample = sandbox.read("a.sample.json");
    assert!(sample.contains("\"outcome\": \"completed\"") && sample.contains("\"response\""), "{sample}");
    // Peers without `@` are peers for those who say so.
    let sample = sandbox.read("b.sample.json");
    assert!(sample.contains("\"any_peer\": true") && !sample.contains("10000"), "{sample}");
    let run = sandbox.air("test");
    assert_eq!(run.code, 0, "{}", run.out);
    assert!(run.out.contains("2 passed"), "{}", run.out);
    sandbox.write("d.air", crate::sandbox::BROKEN);
    let run = sandbox.air("test --init d.air");
    assert_eq!(run.code, 2);
    assert!(run.err.contains("AquaVM rejects this script"), "{}", run.err);
}

/// What was made up for a blessing is kept, so that the test passes without making anything up.
#[test]
fn what_was_made_up_is_kept() {
    let script =
        "(seq (call %init_peer_id% (\"getDataSrv\" \"n\") [] n) (call \"peer\" (\"s\" \"f\") [n] x))";
    let sandbox = Sandbox::new(&[
        ("a.air", script),
        ("a.sample.json", "{\n  // mine\n  \"name\": \"a\"\n}\n"),
        ("b.air", script),
        ("b.sample.json", "{\"cases\": [{\"name\": \"one\"}, {\"name\": \"two\", \"given\": {\"n\": 1}}]}"),
    ]);
    let run = sandbox.air("test --bless --make-up");
    assert_eq!(run.code, 0, "{} {}", run.out, run.err);
    let run = sandbox.air("test");
    assert_eq!(run.code, 0, "{} {}", run.out, run.err);
    assert!(run.out.contains("3 passed"), "{}", run.out);
    assert!(sandbox.read("a.sample.json").contains("// mine"));
}
