//! `air parse`.

use expect_test::expect;
use serde_json::Value;

use crate::sandbox::{BROKEN, Sandbox};

#[test]
fn the_tree() {
    let sandbox = Sandbox::new(&[("a.air", "; all\n(ap x.$.a[0] $s)\n")]);
    sandbox.air("parse a.air").expect(expect![[r#"
        exit 0
        ── out
        SCRIPT 0..23
          COMMENT 0..5 "; all"
          AP 6..22
            L_PAREN 6..7 "("
            AP_KW 7..9 "ap"
            LENSED 10..18
              SCALAR 10..11 "x"
              LENS 11..18
                LENS_ROOT 11..13 ".$"
                FIELD_ACCESS 13..15
                  DOT 13..14 "."
                  FIELD_NAME 14..15 "a"
                INDEX_ACCESS 15..18
                  L_BRACKET 15..16 "["
                  INDEX 16..17 "0"
                  R_BRACKET 17..18 "]"
            STREAM 19..21 "$s"
            R_PAREN 21..22 ")"
    "#]]);
    sandbox.air_with("parse -q --blanks", "(null )").expect(expect![[r#"
        exit 0
        ── out
        SCRIPT 0..7
          NULL 0..7
            L_PAREN 0..1 "("
            NULL_KW 1..5 "null"
            WHITESPACE 5..6 " "
            R_PAREN 6..7 ")"
    "#]]);
    sandbox.air_with("parse", BROKEN).expect(expect![[r#"
        exit 1
        ── out
        SCRIPT 0..21
          SEQ 0..20
            L_PAREN 0..1 "("
            SEQ_KW 1..4 "seq"
            NULL 6..12
              L_PAREN 6..7 "("
              NULL_KW 7..11 "null"
              R_PAREN 11..12 ")"
            NULL 14..20
              L_PAREN 14..15 "("
              NULL_KW 15..19 "null"
              R_PAREN 19..20 ")"
        ── err
        error[S001]: unclosed bracket: add the closing one
         --> <stdin>:1:1
          |
        1 | (seq
          | ^
        2 |  (null)
        3 |  (null)
          |        - the text ends here
          |
          = help: insert `)` at the end
          = note: unclosed-bracket: `air explain S001` says more
    "#]]);
}

#[test]
fn the_syntax_as_json() {
    let sandbox = Sandbox::new(&[]);
    let script = "(new $s ; inside\n (call %init_peer_id% (\"s\" \"f\") [1 -2.5 true [] a.$.b[0][c] :error: #can.length] $s))";
    let run = sandbox.air_with("parse --json --stdin-filepath x.air", script);
    let tree = run.json();
    validate(&tree);
    expect![[r##"
        {
          "accepted": false,
          "comments": [
            {
              "column": 9,
              "end": 16,
              "end_column": 17,
              "end_line": 1,
              "line": 1,
              "start": 8,
              "text": "; inside"
            }
          ],
          "diagnostics": [
            {
              "code": "V001",
              "column": 49,
              "end": 66,
              "end_column": 50,
              "end_line": 2,
              "fixes": [
                {
                  "edits": [
                    {
                      "column": 1,
                      "end": 0,
                      "end_column": 1,
                      "end_line": 1,
                      "line": 1,
                      "new_text": "; air: given a\n",
                      "start": 0
                    }
                  ],
                  "safe": false,
                  "title": "declare `a` as given by the host"
                }
              ],
              "line": 2,
              "message": "variable `a` is not defined",
              "name": "undefined-variable",
              "origin": "validation",
              "reference": {
                "end": 101,
                "message": "variable 'a' wasn't defined",
                "start": 18
              },
              "related": [],
              "severity": "error",
              "start": 65
            },
            {
              "code": "V001",
              "column": 58,
              "end": 75,
              "end_column": 59,
              "end_line": 2,
              "fixes": [
                {
                  "edits": [
                    {
                      "column": 1,
                      "end": 0,
                      "end_column": 1,
                      "end_line": 1,
                      "line": 1,
                      "new_text": "; air: given c\n",
                      "start": 0
                    }
                  ],
                  "safe": false,
                  "title": "declare `c` as given by the host"
                }
              ],
              "line": 2,
              "message": "variable `c` is not defined",
              "name": "undefined-variable",
              "origin": "validation",
              "reference": {
                "end": 101,
                "message": "variable 'c' wasn't defined",
                "start": 18
              },
              "related": [],
              "severity": "error",
              "start": 74
            },
            {
              "code": "V001",
              "column": 69,
              "end": 89,
              "end_column": 73,
              "end_line": 2,
              "fixes": [
                {
                  "edits": [
                    {
                      "column": 1,
                      "end": 0,
                      "end_column": 1,
                      "end_line": 1,
                      "line": 1,
                      "new_text": "; air: given #can\n",
                      "start": 0
                    }
                  ],
                  "safe": false,
                  "title": "declare `#can` as given by the host"
                }
              ],
              "line": 2,
              "message": "variable `#can` is not defined",
              "name": "undefined-variable",
              "origin": "validation",
              "reference": {
                "end": 101,
                "message": "variable '#can' wasn't defined",
                "start": 18
              },
              "related": [],
              "severity": "error",
              "start": 85
            }
          ],
          "length": 102,
          "nodes": [
            {
              "children": [
                1
              ],
              "column": 1,
              "end": 102,
              "end_column": 86,
              "end_line": 2,
              "id": 0,
              "kind": "new",
              "line": 1,
              "operands": [
                {
                  "column": 6,
                  "end": 7,
                  "end_column": 8,
                  "end_line": 1,
                  "kind": "stream",
                  "lens": null,
                  "line": 1,
                  "name": "$s",
                  "role": "declared",
                  "start": 5,
                  "text": "$s"
                }
              ],
              "parent": null,
              "start": 0
            },
            {
              "children": [],
              "column": 2,
              "end": 101,
              "end_column": 85,
              "end_line": 2,
              "id": 1,
              "kind": "call",
              "line": 2,
              "operands": [
                {
                  "column": 8,
                  "end": 38,
                  "end_column": 22,
                  "end_line": 2,
                  "kind": "init-peer-id",
                  "lens": null,
                  "line": 2,
                  "role": "peer",
                  "start": 24,
                  "text": "%init_peer_id%"
                },
                {
                  "column": 24,
                  "end": 43,
                  "end_column": 27,
                  "end_line": 2,
                  "kind": "string",
                  "lens": null,
                  "line": 2,
                  "role": "service",
                  "start": 40,
                  "text": "\"s\"",
                  "value": "s"
                },
                {
                  "column": 28,
                  "end": 47,
                  "end_column": 31,
                  "end_line": 2,
                  "kind": "string",
                  "lens": null,
                  "line": 2,
                  "role": "function",
                  "start": 44,
                  "text": "\"f\"",
                  "value": "f"
                },
                {
                  "column": 34,
                  "end": 51,
                  "end_column": 35,
                  "end_line": 2,
                  "kind": "int",
                  "lens": null,
                  "line": 2,
                  "role": "argument",
                  "start": 50,
                  "text": "1",
                  "value": 1
                },
                {
                  "column": 36,
                  "end": 56,
                  "end_column": 40,
                  "end_line": 2,
                  "kind": "float",
                  "lens": null,
                  "line": 2,
                  "role": "argument",
                  "start": 52,
                  "text": "-2.5",
                  "value": -2.5
                },
                {
                  "column": 41,
                  "end": 61,
                  "end_column": 45,
                  "end_line": 2,
                  "kind": "bool",
                  "lens": null,
                  "line": 2,
                  "role": "argument",
                  "start": 57,
                  "text": "true",
                  "value": true
                },
                {
                  "column": 46,
                  "end": 64,
                  "end_column": 48,
                  "end_line": 2,
                  "kind": "empty-array",
                  "lens": null,
                  "line": 2,
                  "role": "argument",
                  "start": 62,
                  "text": "[]"
                },
                {
                  "column": 49,
                  "end": 76,
                  "end_column": 60,
                  "end_line": 2,
                  "kind": "scalar",
                  "lens": {
                    "accessors": [
                      {
                        "column": 53,
                        "end": 70,
                        "end_column": 54,
                        "end_line": 2,
                        "kind": "field",
                        "line": 2,
                        "name": "b",
                        "start": 69
                      },
                      {
                        "column": 55,
                        "end": 72,
                        "end_column": 56,
                        "end_line": 2,
                        "index": 0,
                        "kind": "index",
                        "line": 2,
                        "start": 71
                      },
                      {
                        "column": 58,
                        "end": 75,
                        "end_column": 59,
                        "end_line": 2,
                        "kind": "variable",
                        "line": 2,
                        "name": "c",
                        "start": 74
                      }
                    ],
                    "kind": "path"
                  },
                  "line": 2,
                  "name": "a",
                  "role": "argument",
                  "start": 65,
                  "text": "a.$.b[0][c]"
                },
                {
                  "column": 61,
                  "end": 84,
                  "end_column": 68,
                  "end_line": 2,
                  "kind": "error",
                  "lens": null,
                  "line": 2,
                  "role": "argument",
                  "start": 77,
                  "text": ":error:"
                },
                {
                  "column": 69,
                  "end": 96,
                  "end_column": 80,
                  "end_line": 2,
                  "kind": "canon",
                  "lens": {
                    "kind": "length"
                  },
                  "line": 2,
                  "name": "#can",
                  "role": "argument",
                  "start": 85,
                  "text": "#can.length"
                },
                {
                  "column": 82,
                  "end": 100,
                  "end_column": 84,
                  "end_line": 2,
                  "kind": "stream",
                  "lens": null,
                  "line": 2,
                  "name": "$s",
                  "role": "output",
                  "start": 98,
                  "text": "$s"
                }
              ],
              "parent": 0,
              "start": 18
            }
          ],
          "path": "x.air",
          "roots": [
            0
          ],
          "version": 1
        }"##]]
    .assert_eq(&serde_json::to_string_pretty(&tree).unwrap());
}

#[test]
fn broken_scripts_have_trees_too() {
    let sandbox = Sandbox::new(&[]);
    for script in [BROKEN, "", "x", "(seq (foo 1) (null)) (null)", "(call", "((((", ")", "\"", "(ap x.$ y)"] {
        let run = sandbox.air_with("parse --json", script);
        assert_eq!(run.code, 1, "{script}");
        validate(&run.json());
        assert_eq!(run.json()["accepted"], false);
    }
}

#[test]
fn deep_scripts() {
    let sandbox = Sandbox::new(&[]);
    let deep = format!("{}(null){}", "(seq (null) ".repeat(5000), ")".repeat(5000));
    let run = sandbox.air_with("parse --json", &deep);
    // Flat: the reader needs no more than a few levels.
    assert_eq!(run.json()["nodes"].as_array().unwrap().len(), 10_001);
    let tree = sandbox.air_with("parse", &deep);
    assert_eq!(tree.code, 0);
    assert!(tree.out.len() < deep.len() * 100, "{} bytes", tree.out.len());
    assert!(tree.out.contains("[level 5001] "));
}

fn validate(tree: &Value) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/parse.schema.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<_> =
        validator.iter_errors(tree).map(|error| format!("{error} at {}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}
