//! `air run`: its options.

use expect_test::{Expect, expect};

use crate::anomaly::anomaly;
use crate::sandbox::{Run, Sandbox};

/// Asks two peers at once, answers the initiator.
const SCRIPT: &str = r#"(seq
 (par
  (call "@a" ("srv" "load") [1] x)
  (call "@b" ("srv" "load") [2] y)
 )
 (call %init_peer_id% ("callbackSrv" "response") [x])
)
"#;

const SAMPLE: &str = r#"{
 "services": [{"function": "load", "answer": {"echo": 0}}],
 "cases": [{"name": "down", "peers": ["@init", "@b"]}, {"name": "fails", "services": [{"peer": "@a", "answer": {"err": [1, "no"]}}]}]
}"#;

fn sandbox() -> Sandbox {
    Sandbox::new(&[
        ("a.air", SCRIPT),
        ("a.sample.json", SAMPLE),
        ("broken.air", "(call"),
        ("wrong.json", "{\"x\": 1}"),
    ])
}

#[track_caller]
fn check(args: &str, expected: Expect) {
    sandbox().air(args).expect(expected);
}

#[test]
fn values_beside_the_script() {
    check(
        "run a.air",
        expect![[r#"
        exit 0
        ── out
        a.air

        1 │ (seq
        2 │  (par
        3 │   (call "@a" ("srv" "load") [1] x)                    ┊ x = 1 on @a
        4 │   (call "@b" ("srv" "load") [2] y)                    ┊ y = 2 on @b
        5 │  )
        6 │  (call %init_peer_id% ("callbackSrv" "response") [x]) ┊ called
        7 │ )

        route     @init → @a, @init → @b, @a → @init, @b → @init
        ran       5 of 5 instructions, 3 of 3 calls, in 5 deliveries and 8 invocations
        completed response 1
    "#]],
    );
}

#[test]
fn without_sample_data() {
    check(
        "run --no-sample a.air",
        expect![[r#"
            exit 1
            ── out
            a.air

            1 │ (seq
            2 │  (par
            3 │   (call "@a" ("srv" "load") [1] x)                    ┊ error 10000 on @a: the service failed with 1: Service with id 'srv' not found (function load) (caught at line 2)
            4 │   (call "@b" ("srv" "load") [2] y)                    ┊ error 10000 on @b: the service failed with 1: Service with id 'srv' not found (function load) (caught at line 2)
            5 │  )
            6 │  (call %init_peer_id% ("callbackSrv" "response") [x]) ┊ not run: the particle never reached this place
            7 │ )

            route     @init → @a, @init → @b
            ran       4 of 5 instructions, 2 of 3 calls, in 3 deliveries and 5 invocations
            waiting   nothing can continue
            ── err
            nobody answers srv.load: use --make-up to make answers up, or write your own into a.sample.json
        "#]],
    );
    check(
        "run --no-sample --make-up a.air",
        expect![[r#"
        exit 0
        ── out
        a.air

        1 │ (seq
        2 │  (par
        3 │   (call "@a" ("srv" "load") [1] x)                    ┊ x = "load" on @a (made up)
        4 │   (call "@b" ("srv" "load") [2] y)                    ┊ y = "load" on @b (made up)
        5 │  )
        6 │  (call %init_peer_id% ("callbackSrv" "response") [x]) ┊ called
        7 │ )

        route     @init → @a, @init → @b, @a → @init, @b → @init
        made up   srv.load "load"; srv.load "load"
        ran       5 of 5 instructions, 3 of 3 calls, in 5 deliveries and 8 invocations
        completed response "load"
    "#]],
    );
}

#[test]
fn cases() {
    check(
        "run a.air --case down",
        expect![[r#"
            exit 1
            ── out
            a.air

            1 │ (seq
            2 │  (par
            3 │   (call "@a" ("srv" "load") [1] x)                    ┊ not run: @a is unreachable
            4 │   (call "@b" ("srv" "load") [2] y)                    ┊ y = 2 on @b
            5 │  )
            6 │  (call %init_peer_id% ("callbackSrv" "response") [x]) ┊ not run: waits for x, which line 3 sets on @a
            7 │ )

            route     @init → @a (unreachable), @init → @b → @init
            ran       3 of 5 instructions, 1 of 3 calls, in 3 deliveries and 4 invocations
            waiting   line 6: waits for x, which line 3 sets on @a
        "#]],
    );
    check(
        "run a.air --case fails",
        expect![[r#"
        exit 1
        ── out
        a.air

        1 │ (seq
        2 │  (par
        3 │   (call "@a" ("srv" "load") [1] x)                    ┊ error 10000 on @a: the service failed with 1: no (caught at line 2)
        4 │   (call "@b" ("srv" "load") [2] y)                    ┊ y = 2 on @b
        5 │  )
        6 │  (call %init_peer_id% ("callbackSrv" "response") [x]) ┊ not run: waits for x, which line 3 sets on @a
        7 │ )

        route     @init → @a, @init → @b → @init
        ran       4 of 5 instructions, 2 of 3 calls, in 4 deliveries and 6 invocations
        waiting   line 6: waits for x, which line 3 sets on @a
    "#]],
    );
    check(
        "run a.air --case none",
        expect![[r#"
            exit 2
            ── err
            error: a.sample.json:unknown case `none`; expected one of down, fails
        "#]],
    );
    let run = sandbox().air("run broken.air --sample a.sample.json");
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(run.err.contains("AquaVM rejects this script"), "{}", run.err);
}

#[test]
fn what_peers_keep_for_people() {
    check(
        "run a.air --trace --width 60",
        expect![[r#"
        exit 0
        ── out
        a.air

        1 │ (seq
        2 │  (par
        3 │   (call "@a" ("srv" "load") [1] x)
          │    ┊ x = 1 on @a
        4 │   (call "@b" ("srv" "load") [2] y)
          │    ┊ y = 2 on @b
        5 │  )
        6 │  (call %init_peer_id% ("callbackSrv" "response") [x])
          │   ┊ called
        7 │ )

        route     @init → @a, @init → @b, @a → @init, @b → @init
        step 1: @init
          goes to @a, @b
        step 2: @a from @init
          srv.load(1) → 1
          goes to @init
        step 3: @b from @init
          srv.load(2) → 2
          goes to @init
        step 4: @init from @a
          callbackSrv.response(1) → {}
        step 5: @init from @b
        @a keeps
          0   par, 1 states left, 1 right
          1   call 1 <@a:srv:load>
          2   call sent by @init
          3   call sent by @a
        @b keeps
          0   par, 1 states left, 1 right
          1   call sent by @init
          2   call 2 <@b:srv:load>
          3   call sent by @b
        @init keeps
          0   par, 1 states left, 1 right
          1   call 1 <@a:srv:load>
          2   call 2 <@b:srv:load>
          3   call, result not kept

        ran       5 of 5 instructions, 3 of 3 calls, in 5 deliveries and 8 invocations
        completed response 1
    "#]],
    );
}

#[test]
fn forms_and_their_files() {
    let sandbox = sandbox();
    let run =
        sandbox.air("run a.air -o full -o json=r.json -o perfetto=r.pftrace -o otlp=r.otlp -o svg=r.svg");
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    assert_eq!(run.out, sandbox.air("run a.air").out);
    let read = |name: &str| std::fs::read(sandbox.path(name)).unwrap();
    assert_eq!(read("r.json"), sandbox.air("run a.air --json").out.as_bytes());
    assert_eq!(read("r.svg"), sandbox.air("run a.air --diagram svg").out.as_bytes());
    // Field 1 of a message: the first packet.
    assert_eq!(read("r.pftrace").first(), Some(&0x0a));
    let otlp: serde_json::Value = serde_json::from_slice(&read("r.otlp")).unwrap();
    assert_eq!(otlp["resourceSpans"].as_array().map(Vec::len), Some(3), "{otlp}");
    let run = sandbox.air("run a.air -o shiviz");
    assert_eq!((run.code, run.out.lines().count()), (0, 2 * otlp_events(&otlp)), "{}", run.out);
    for (args, said) in [
        ("-o perfetto", "perfetto is binary"),
        ("-o json -o svg", "only one report can go to standard output"),
        ("-o full=out.txt", "full goes to standard output"),
        ("-o svg=no/such/folder.svg", "cannot be written: there is no such folder"),
        ("-o json --json", "cannot be used with"),
    ] {
        let run = sandbox.air(&format!("run a.air {args}"));
        assert_eq!((run.code, run.err.contains(said)), (2, true), "{args}: {}", run.err);
    }
}

/// Spans that are no calls.
fn otlp_events(otlp: &serde_json::Value) -> usize {
    let resources = otlp["resourceSpans"].as_array().into_iter().flatten();
    let spans =
        resources.flat_map(|resource| resource["scopeSpans"][0]["spans"].as_array().into_iter().flatten());
    spans.filter(|span| span["kind"] != 3).count()
}

#[test]
fn every_delivery() {
    check(
        "run a.air --trace=raw",
        expect![[r#"
            exit 0
            ── out
            a.air

            1 │ (seq
            2 │  (par
            3 │   (call "@a" ("srv" "load") [1] x)                    ┊ x = 1 on @a
            4 │   (call "@b" ("srv" "load") [2] y)                    ┊ y = 2 on @b
            5 │  )
            6 │  (call %init_peer_id% ("callbackSrv" "response") [x]) ┊ called
            7 │ )

            route     @init → @a, @init → @b, @a → @init, @b → @init
            step 1: @init
              goes to @a, @b
            step 2: @a from @init
              srv.load(1) → 1
              goes to @init
            step 3: @b from @init
              srv.load(2) → 2
              goes to @init
            step 4: @init from @a
              callbackSrv.response(1) → {}
            step 5: @init from @b
            @a keeps
              0   {"par":[1,1]}
              1   {"call":{"scalar":{"args_hash":"bagaaihrairzqzovkysmfdnnv3whrzwtooaghggixjcypmciea5acs6k2garq","cid":"bagaaihra4g3puu7fsiizna5hsmxgxzfucrr5aiid4maqhy7e54cyusbtqfkq","tetraplet":{"function_name":"load","lens":"","peer_pk":"@a","service_id":"srv"},"value":1}}}
              2   {"call":{"sent_by":{"PeerId":"@init"}}}
              3   {"call":{"sent_by":{"PeerId":"@a"}}}
            @b keeps
              0   {"par":[1,1]}
              1   {"call":{"sent_by":{"PeerId":"@init"}}}
              2   {"call":{"scalar":{"args_hash":"bagaaihraadmq7du3qkadyzl65tqfkqqbqjd7wpjvnoahza7urjrajmi74kcq","cid":"bagaaihra7zu5dkcbbixyk4jgfkbcha4gdb2enfhwwnfzscibdzcodr7dvria","tetraplet":{"function_name":"load","lens":"","peer_pk":"@b","service_id":"srv"},"value":2}}}
              3   {"call":{"sent_by":{"PeerId":"@b"}}}
            @init keeps
              0   {"par":[1,1]}
              1   {"call":{"scalar":{"args_hash":"bagaaihrairzqzovkysmfdnnv3whrzwtooaghggixjcypmciea5acs6k2garq","cid":"bagaaihra4g3puu7fsiizna5hsmxgxzfucrr5aiid4maqhy7e54cyusbtqfkq","tetraplet":{"function_name":"load","lens":"","peer_pk":"@a","service_id":"srv"},"value":1}}}
              2   {"call":{"scalar":{"args_hash":"bagaaihraadmq7du3qkadyzl65tqfkqqbqjd7wpjvnoahza7urjrajmi74kcq","cid":"bagaaihra7zu5dkcbbixyk4jgfkbcha4gdb2enfhwwnfzscibdzcodr7dvria","tetraplet":{"function_name":"load","lens":"","peer_pk":"@b","service_id":"srv"},"value":2}}}
              3   {"call":{"unused":{"value_cid":"bagaaihranzdn2eg67snvnqu2n3cwwuemeh2uycazegkojxzfx43pbsodyj4q"}}}

            ran       5 of 5 instructions, 3 of 3 calls, in 5 deliveries and 8 invocations
            completed response 1
        "#]],
    );
}

#[test]
fn diagrams() {
    check(
        "run a.air --diagram mermaid",
        expect![[r#"
            exit 0
            ── out
            sequenceDiagram
                participant p0 as @init
                participant p1 as @a
                participant p2 as @b
                p0->>p1: 
                Note over p1: srv.load(1)<br/>→ 1
                p0->>p2: 
                Note over p2: srv.load(2)<br/>→ 2
                p1->>p0: 
                Note over p0: callbackSrv.response(1)<br/>→ {}
                p2->>p0: 
                Note over p0,p2: completed: response 1
        "#]],
    );
    assert!(sandbox().air("run a.air --diagram svg").out.starts_with("<svg "));
    assert_eq!(sandbox().air("run a.air --diagram png").code, 2);
}

#[test]
fn orders_of_delivery() {
    let hops =
        |order: &str| sandbox().air(&format!("run a.air --json --order {order}")).json()["hops"].to_string();
    assert_eq!(hops("fifo"), r#"[["@init","@a"],["@init","@b"],["@a","@init"],["@b","@init"]]"#);
    assert_eq!(hops("lifo"), r#"[["@init","@a"],["@init","@b"],["@b","@init"],["@a","@init"]]"#);
    assert_eq!(hops("random:7"), hops("random:7"));
    assert_eq!(sandbox().air("run a.air --order sideways").code, 2);
}

#[test]
fn faults() {
    check(
        "run a.air --lose 100",
        expect![[r#"
            exit 1
            ── out
            a.air

            1 │ (seq
            2 │  (par
            3 │   (call "@a" ("srv" "load") [1] x)                    ┊ not run: nothing gets from @init to @a: by chance
            4 │   (call "@b" ("srv" "load") [2] y)                    ┊ not run: nothing gets from @init to @b: by chance
            5 │  )
            6 │  (call %init_peer_id% ("callbackSrv" "response") [x]) ┊ not run: line 3 has not completed: nothing gets from @init to @a: by chance
            7 │ )

            route     @init → @a (lost: by chance), @init → @b (lost: by chance)
            ran       2 of 5 instructions, 0 of 3 calls, in 1 delivery and 1 invocation
            waiting   line 3: nothing gets from @init to @a: by chance
        "#]],
    );
    let report = sandbox().air("run a.air --json --duplicate 100").json();
    assert_eq!(report["outcome"]["status"], "completed");
    assert_eq!(report["duplicated"].as_array().unwrap().len(), 4, "{}", report["duplicated"]);
    let lost = |seed: u32| {
        sandbox().air(&format!("run a.air --json --lose 50 --fault-seed {seed}")).json()["dropped"].clone()
    };
    assert_eq!(lost(3), lost(3));
    assert!((1..10).any(|seed| lost(seed) != lost(3)), "seeds choose");
    assert_eq!(sandbox().air("run a.air --lose 101").code, 2);
}

#[test]
fn limits() {
    let run = sandbox().air("run a.air --max-steps 1 --json");
    assert_eq!(run.code, 1);
    assert_eq!(run.json()["outcome"]["text"], "stopped: more than 1 runs");
    let run = sandbox().air("run a.air --max-instructions 2 --json");
    assert_eq!((run.code, &run.json()["outcome"]["by"]), (1, &"limit".into()));
    assert_eq!(sandbox().air("run a.air --max-memory 0").code, 2);
}

#[test]
fn other_inputs() {
    let run = sandbox().air_with("run -", "(ap 1 x)");
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.starts_with("<stdin>\n"), "{}", run.out);
    let scenario = r#"{"air": "(call \"@a\" (\"s\" \"f\") [] x)", "services": [{"answer": {"ok": 1}}]}"#;
    let report = sandbox().air_with("run --json -", scenario).json();
    assert_eq!(report["values"][0]["values"][0]["value"]["json"], 1);
    check(
        "run wrong.json",
        expect![[r#"
            exit 2
            ── err
            error: wrong.json: not a script, a scenario (`air`), a particle or an anomaly (`air_script`)
        "#]],
    );
    check(
        "run missing.air",
        expect![[r#"
            exit 2
            ── err
            error: missing.air: no such file or folder
        "#]],
    );
}

/// The same report in and outside of the sandbox; what takes too long ends.
#[test]
fn natively_too() {
    let (inside, outside) = (sandbox().air("run --json a.air"), sandbox().air("run --json --native a.air"));
    assert_eq!((inside.code, inside.out), (outside.code, outside.out));
    assert_eq!(sandbox().air("run --native --max-time 1 a.air").code, 2);
    let elements = vec!["1"; 300].join(",");
    let fold = |iterator: &str, inside: &str| format!("(fold l {iterator} (seq {inside} (next {iterator})))");
    let folds = fold("x", &fold("y", &fold("z", "(null)")));
    let endless = format!("(seq (call %init_peer_id% (\"json\" \"parse\") [\"[{elements}]\"] l) {folds})");
    let run = sandbox().air_with("run - --max-time 1 --max-instructions 1000000000", &endless);
    run.expect(expect![[r#"
        exit 1
        ── err
        error: <stdin>: stopped: the run takes longer than 1 s
    "#]]);
}

#[test]
fn an_anomaly_is_replayed() {
    let (same, other) = (anomaly(0), anomaly(7));
    let sandbox = Sandbox::new(&[("same.json", &same), ("other.json", &other)]);
    let run = sandbox.air("run --anomaly same.json");
    assert_eq!(run.code, 0);
    assert!(run.out.starts_with("code 0\nrequests 1: s.f(1)\nsame as recorded\n"), "{}", run.out);
    let run = sandbox.air("run --anomaly other.json");
    assert_eq!(run.code, 1);
    assert!(run.out.contains("ret_code differs\n  recorded 7\n  now      0\n"), "{}", run.out);
    assert_eq!(sandbox.air("run --anomaly missing.json").code, 2);
}

/// The diagrams in the documentation are those that the program draws.
#[test]
fn pictures() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/runs");
    for (name, code) in [("relay", 0), ("vote", 0), ("failure", 1)] {
        let script = folder.join(name).with_extension("air");
        let run = Sandbox::new(&[]).air(&format!("run --diagram svg {}", script.display()));
        assert_eq!((run.code, run.err.as_str()), (code, ""), "{name}");
        expect_test::expect_file![folder.join(name).with_extension("svg")].assert_eq(&run.out);
    }
}

/// A script is known by what it holds; where its sample data lies has nothing to do with its extension.
#[test]
fn sample_data_of_scripts_with_other_names() {
    let script = "(call \"@a\" (\"s\" \"f\") [] x)\n";
    let sample = r#"{"peers": ["@a"], "services": [{"service": "s", "answer": {"ok": 5}}]}"#;
    let sandbox = Sandbox::new(&[
        ("script.txt", script),
        ("script.sample.json", sample),
        ("my.airport.air", script),
        ("my.airport.sample.json", sample),
    ]);
    for name in ["script.txt", "my.airport.air"] {
        let run = sandbox.air(&format!("run {name}"));
        assert!(run.out.contains("x = 5 on @a"), "{name}: {}", run.out);
    }
    let run = sandbox.air("run --no-sample script.txt");
    assert!(run.err.contains("write your own into script.sample.json"), "{}", run.err);
}

/// Values and reasons can be read on narrow terminals: below their line, whole.
#[test]
fn on_eighty_columns() {
    let sandbox = Sandbox::new(&[
        (
            "wide.air",
            "(seq\n (call %init_peer_id% (\"service\" \"a_function\") [\"argument\"] a_result)\n (call \"peer\" (\"s\" \"f\") [a_result] x))\n",
        ),
        (
            "wide.sample.json",
            "{\"services\": [{\"service\": \"service\", \"answer\": {\"ok\": [\"a value that is longer than a line of eighty columns\", \"and goes on in the next one\"]}}]}",
        ),
    ]);
    let run = sandbox.air("run wide.air --width 80");
    assert!(
        run.out.lines().all(|line| line.chars().count() <= 80 || line.starts_with("waiting")),
        "{}",
        run.out
    );
    expect![[r#"
        wide.air

        1 │ (seq
        2 │  (call %init_peer_id% ("service" "a_function") ["argument"] a_result)
          │   ┊ a_result = ["a value that is longer than a line of ei…", "and goes on in
          │   ┊ the next one"]
        3 │  (call "peer" ("s" "f") [a_result] x))
          │   ┊ not run: peer is unreachable

        route     @init → peer (unreachable)
        ran       2 of 3 instructions, 1 of 2 calls, in 1 delivery and 2 invocations
        waiting   line 3: peer is unreachable
    "#]]
    .assert_eq(&run.out);
}

/// A long lens was recursion in WebAssembly once.
#[test]
fn a_long_lens_in_the_sandbox_and_without_it() {
    let accepted = format!("(seq (ap 1 x) (ap x.${} y))\n", ".[0]".repeat(20_000));
    let rejected = format!("(seq (ap 1 x) (ap z.${} y))\n", ".[0]".repeat(20_000));
    let sandbox = Sandbox::new(&[("accepted.air", &accepted), ("rejected.air", &rejected)]);
    for (file, code) in [("accepted.air", 1), ("rejected.air", 1)] {
        let (wasm, native) =
            (sandbox.air(&format!("run --json {file}")), sandbox.air(&format!("run --json --native {file}")));
        assert_eq!((wasm.code, &wasm.err, &wasm.out), (code, &native.err, &native.out), "{file}");
        assert_eq!(native.code, code, "{file}");
    }
}

/// The sandbox reserves more addresses than some systems give.
#[cfg(target_os = "linux")]
#[test]
fn without_room_for_the_sandbox() {
    let sandbox = Sandbox::new(&[("s.air", "(null)\n")]);
    let mut shell = std::process::Command::new("bash");
    shell.args(["-c", "ulimit -v 3000000; exec \"$0\" run s.air"]).arg(crate::sandbox::program());
    let run = Run::of({
        shell.current_dir(sandbox.path("")).stdin(std::process::Stdio::null());
        shell
    });
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("scripts cannot be run here") && run.err.contains("--native"), "{run:?}");
    assert!(!run.err.contains("bug"), "{run:?}");
}

/// The limit is said as it was set, and it is the same one without the sandbox.
#[test]
fn the_limit_of_memory_is_the_one_that_was_set() {
    let mut script = "(null)".to_owned();
    for level in (0..30).rev() {
        let next = level + 1;
        script = format!(
            "(seq (call %init_peer_id% (\"op\" \"concat_strings\") [x{level} x{level}] x{next}) {script})"
        );
    }
    let sandbox = Sandbox::new(&[("s.air", &format!("(seq (ap \"abcdefgh\" x0) {script})\n"))]);
    let outputs =
        ["run --max-memory 32 s.air", "run --max-memory 32 --native s.air"].map(|args| sandbox.air(args));
    for run in &outputs {
        assert_eq!(run.code, 1, "{run:?}");
        assert!(
            run.out.contains("stopped: more than 32 MiB of memory")
                || run.out.contains("more than 32 MiB of memory"),
            "{run:?}"
        );
    }
    assert_eq!(outputs[0].out, outputs[1].out);
}

/// What may happen in any order is chosen, and what cannot be chosen is said.
#[test]
fn orders_answers_faults() {
    let sandbox = Sandbox::new(&[
        (
            "race.air",
            "(new $s (seq\n (par (call %init_peer_id% (\"s\" \"a\") [] $s) (call %init_peer_id% (\"s\" \"b\") [] $s))\n (seq (canon %init_peer_id% $s #c) (call %init_peer_id% (\"callbackSrv\" \"response\") [#c]))))\n",
        ),
        (
            "race.sample.json",
            "{\"services\": [{\"function\": \"a\", \"answer\": {\"ok\": 1}}, {\"function\": \"b\", \"answer\": {\"ok\": 2}}]}",
        ),
        ("moves", "# only this one\n@init answers s.b\n"),
        ("timer.air", "(call %init_peer_id% (\"peer\" \"timeout\") [9000 \"late\"] x)\n"),
        ("far.air", "(call \"@b\" (\"op\" \"noop\") [])\n"),
    ]);
    let said = |args: &str| {
        let run = Run::of(sandbox.command(&args.split('|').collect::<Vec<_>>()));
        // The outcome stands last, an error first.
        let line = run.out.lines().rfind(|line| !line.is_empty()).or(run.err.lines().next());
        line.unwrap_or_default().to_owned()
    };
    let shown: String = [
        "run|race.air",
        "run|race.air|--answers|single",
        "run|race.air|--answers|single|--order|lifo",
        "run|race.air|--answers|single|--order|moves",
        "run|race.air|--answers|single|--order|@init answers s.b + s.a",
        "run|race.air|--answers|single|--order|@init answers s.z",
        "run|race.air|--order|nosuch",
        "run|race.air|--answers|alone",
        "run|timer.air",
        "run|timer.air|--ttl|9000",
        "run|far.air|--fault|cut @init->@b",
        "run|far.air|--fault|cut it",
        "run|far.air|--given|x=y",
    ]
    .iter()
    .map(|args| format!("{}\n  {}\n", args.replace('|', " "), said(args)))
    .collect();
    expect![[r#"
        run race.air
          completed response [1, 2]
        run race.air --answers single
          completed response [1]
        run race.air --answers single --order lifo
          completed response [2]
        run race.air --answers single --order moves
          completed response [2]
        run race.air --answers single --order @init answers s.b + s.a
          completed response [1, 2]
        run race.air --answers single --order @init answers s.z
          error: race.air: move 1 of the order, `@init answers s.z`: no such call waits; what may come: @init answers s.a, @init answers s.b
        run race.air --order nosuch
          error: invalid value 'nosuch' for '--order <ORDER>': expected `→` or `answers` after `nosuch`, found the end; neither fifo, lifo, random:SEED nor a file
        run race.air --answers alone
          error: invalid value 'alone' for '--answers <ANSWERS>': expected one of together, single, random:SEED
        run timer.air
          waiting   line 1: peer.timeout on @init would answer after 9000 ms, but the particle lives 7000 ms
        run timer.air --ttl 9000
          completed the script reached its end on @init
        run far.air --fault cut @init->@b
          waiting   line 1: nothing gets from @init to @b: `cut @init→@b`
        run far.air --fault cut it
          error: invalid value 'cut it' for '--fault <FAULT>': expected `→` or `answers` after `it`, found the end
        run far.air --given x=y
          error: invalid value 'x=y' for '--given <NAME=JSON>': the value of x is not JSON: expected value at line 1 column 1; a string needs quotes
    "#]].assert_eq(&shown);
}

/// Nobody has written the service that loads what the host gives.
#[test]
fn what_the_host_gives() {
    let sandbox = Sandbox::new(&[("given.air", "; air: given relay\n(call relay (\"op\" \"noop\") [])\n")]);
    let run = sandbox.air("run given.air");
    assert!(run.err.contains("the host gives relay: say the value with --given 'relay=JSON'"), "{}", run.err);
    assert!(!run.err.contains("nobody answers"), "{}", run.err);
    assert_eq!(sandbox.air("run given.air --given relay=\"@init\"").code, 0);
}

/// An anomaly obeys the options of any run.
#[test]
fn anomalies_obey_options() {
    let (same, other) = (crate::anomaly::anomaly(0), crate::anomaly::anomaly(7));
    let sandbox = Sandbox::new(&[("a.json", &same), ("b.json", &other)]);
    let run = sandbox.air("run a.json --json");
    let json = run.json();
    assert_eq!((run.code, &json["kind"], &json["same"]), (0, &"replay".into(), &true.into()));
    assert!(json["report"]["steps"].is_array() && json["outcome"]["call_requests"].is_object(), "{json}");
    let run = sandbox.air("run b.json --json");
    assert_eq!((run.code, &run.json()["differences"][0]["what"]), (1, &"ret_code".into()));
    assert!(sandbox.air("run a.json --diagram mermaid").out.starts_with("sequenceDiagram"));
    let run = sandbox.air("run a.json --trace");
    assert!(run.out.contains("new data") && run.out.contains("same as recorded"), "{}", run.out);
    // The script with what is known of its values.
    assert!(sandbox.air("run a.json").out.contains("(call \"c\""), "{}", sandbox.air("run a.json").out);
}

/// A particle as clients print it is run.
#[test]
fn particles() {
    let particle = r#"{"action":"Particle","id":"p","init_peer_id":"12D3KooW","timestamp":1,"ttl":7000,"script":"(call %init_peer_id% (\"op\" \"identity\") [1] x)","signature":[1],"data":""}"#;
    let sandbox = Sandbox::new(&[("p.json", particle), ("log", &format!("DEBUG {particle}"))]);
    for file in ["p.json", "log"] {
        let run = sandbox.air(&format!("run {file}"));
        assert_eq!(run.code, 0, "{} {}", run.out, run.err);
        assert!(run.out.contains("x = 1"), "{}", run.out);
    }
}
