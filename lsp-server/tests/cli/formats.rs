//! Forms of the report of `air check`.

use expect_test::expect;
use serde_json::Value;

use crate::sandbox::{BROKEN, GOOD, Sandbox, UNDEFINED, USELESS};

fn sandbox() -> Sandbox {
    // A character of two UTF-16 units before the finding shows which columns are meant.
    let wide = "(seq (call \"😀\" (\"\" \"\") [] x) (ap resutl y))\n";
    Sandbox::new(&[("a b.air", wide), ("good.air", GOOD), ("lint.air", USELESS)])
}

fn validate(schema: &Value, instance: &Value) {
    let validator = jsonschema::validator_for(schema).unwrap();
    let errors: Vec<_> = validator
        .iter_errors(instance)
        .map(|error| format!("{error} at {}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn concise() {
    sandbox().air("check -o concise").expect(expect![[r#"
        exit 1
        ── out
        a b.air:1:35: error[V001] variable `resutl` is not defined
        lint.air:1:14: warning[L003] `undefined-variable` does not occur in the next instruction
        ── err
        1 error and 1 warning in 3 scripts
    "#]]);
}

#[test]
fn github() {
    let sandbox = sandbox();
    sandbox.write("multi,line.air", "(seq\n (null)\n (null)\n (call \"p\"\n  (\"\" \"\") [])\n)\n");
    sandbox.air("check -o github . missing.air").expect(expect![[r#"
        exit 2
        ── out
        ::error file=a b.air,line=1,endLine=1,col=35,endColumn=41,title=V001 undefined-variable::a b.air:1:35: variable `resutl` is not defined
        ::warning file=lint.air,line=1,endLine=1,col=14,endColumn=32,title=L003 unused-allow::lint.air:1:14: `undefined-variable` does not occur in the next instruction
        ::error file=multi%2Cline.air,line=4,endLine=4,col=2,endColumn=3,title=S016 surplus-instruction::multi,line.air:4:2: `seq` takes two instructions: nest another `seq` for the rest
        ::error file=missing.air::no such file or folder
        ── err
        error: missing.air: no such file or folder
    "#]]);
}

#[test]
fn json_has_the_promised_fields() {
    let run = sandbox().air("check -o json . missing.air");
    assert_eq!(run.code, 2);
    let report = run.json();
    validate(&air_lsp::cli::report::schema(), &report);
    let pretty = serde_json::to_string_pretty(&report).unwrap();
    expect![[r#"
        {
          "failures": [
            {
              "message": "no such file or folder",
              "path": "missing.air"
            }
          ],
          "files": [
            {
              "accepted": false,
              "diagnostics": [
                {
                  "code": "V001",
                  "column": 35,
                  "end": 42,
                  "end_column": 41,
                  "end_line": 1,
                  "fixes": [
                    {
                      "edits": [
                        {
                          "column": 1,
                          "end": 0,
                          "end_column": 1,
                          "end_line": 1,
                          "line": 1,
                          "new_text": "; air: given resutl\n",
                          "start": 0
                        }
                      ],
                      "safe": false,
                      "title": "declare `resutl` as given by the host"
                    }
                  ],
                  "line": 1,
                  "message": "variable `resutl` is not defined",
                  "name": "undefined-variable",
                  "origin": "validation",
                  "reference": {
                    "end": 45,
                    "message": "variable 'resutl' wasn't defined",
                    "start": 32
                  },
                  "related": [],
                  "severity": "error",
                  "start": 36
                }
              ],
              "path": "a b.air"
            },
            {
              "accepted": true,
              "diagnostics": [],
              "path": "good.air"
            },
            {
              "accepted": true,
              "diagnostics": [
                {
                  "code": "L003",
                  "column": 14,
                  "end": 31,
                  "end_column": 32,
                  "end_line": 1,
                  "fixes": [
                    {
                      "edits": [
                        {
                          "column": 1,
                          "end": 33,
                          "end_column": 1,
                          "end_line": 2,
                          "line": 1,
                          "new_text": "",
                          "start": 0
                        }
                      ],
                      "safe": true,
                      "title": "remove this directive"
                    }
                  ],
                  "line": 1,
                  "message": "`undefined-variable` does not occur in the next instruction",
                  "name": "unused-allow",
                  "origin": "lint",
                  "related": [],
                  "severity": "warning",
                  "start": 13
                }
              ],
              "path": "lint.air"
            }
          ],
          "summary": {
            "accepted": 2,
            "errors": 1,
            "failed": 1,
            "files": 3,
            "fixed": 0,
            "hints": 0,
            "infos": 0,
            "rejected": 1,
            "warnings": 1
          },
          "version": 1
        }"#]]
    .assert_eq(&pretty);
}

#[test]
fn json_lines() {
    sandbox().air("check -o jsonl good.air missing.air").expect(expect![[r#"
        exit 2
        ── out
        {"path":"good.air","accepted":true,"diagnostics":[]}
        {"failure":{"path":"missing.air","message":"no such file or folder"}}
        {"version":1,"summary":{"files":1,"accepted":1,"rejected":0,"failed":1,"errors":0,"warnings":0,"infos":0,"hints":0,"fixed":0}}
        ── err
        error: missing.air: no such file or folder
    "#]]);
}

#[test]
fn sarif_follows_the_official_schema() {
    let mut schema: Value = serde_json::from_str(&std::fs::read_to_string(sarif_schema()).unwrap()).unwrap();
    // A pattern for `language`, which we do not write, has a surplus bracket in the official schema; strict
    // readers refuse it.
    for owner in ["run", "toolComponent"] {
        let language = schema.pointer_mut(&format!("/definitions/{owner}/properties/language")).unwrap();
        language.as_object_mut().unwrap().remove("pattern").unwrap();
    }
    let sandbox = sandbox();
    sandbox.write("broken.air", BROKEN);
    sandbox.write("undefined.air", UNDEFINED);
    let run = sandbox.air("check -o sarif . missing.air");
    assert_eq!(run.code, 2);
    let log = run.json();
    validate(&schema, &log);

    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert!(results.len() >= 4);
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in results {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(rule["helpUri"].as_str().unwrap().contains(rule["id"].as_str().unwrap()));
    }
    assert!(results.iter().any(|result| !result["fixes"].is_null()), "fixes are carried over");
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let first = serde_json::to_string_pretty(&results[0]).unwrap();
    expect![[r#"
        {
          "fixes": [
            {
              "artifactChanges": [
                {
                  "artifactLocation": {
                    "uri": "a%20b.air"
                  },
                  "replacements": [
                    {
                      "deletedRegion": {
                        "byteLength": 0,
                        "byteOffset": 0,
                        "endColumn": 1,
                        "endLine": 1,
                        "startColumn": 1,
                        "startLine": 1
                      },
                      "insertedContent": {
                        "text": "; air: given resutl\n"
                      }
                    }
                  ]
                }
              ],
              "description": {
                "text": "declare `resutl` as given by the host"
              }
            }
          ],
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "a%20b.air"
                },
                "region": {
                  "byteLength": 6,
                  "byteOffset": 36,
                  "endColumn": 41,
                  "endLine": 1,
                  "startColumn": 35,
                  "startLine": 1
                }
              }
            }
          ],
          "message": {
            "text": "variable `resutl` is not defined"
          },
          "ruleId": "V001",
          "ruleIndex": 30
        }"#]]
    .assert_eq(&first);

    // The schema test can fail.
    let mut wrong = log.clone();
    wrong["runs"][0]["results"][0]["message"] = Value::Null;
    assert!(!jsonschema::validator_for(&schema).unwrap().is_valid(&wrong));
}

/// The official schema, out of the crate whose types were generated from it.
fn sarif_schema() -> std::path::PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = std::process::Command::new(cargo)
        // What only other systems need was not fetched.
        .args(["metadata", "--format-version", "1", "--offline", "--filter-platform", "host-tuple"])
        .arg("--manifest-path")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|package| package["name"] == "serde-sarif").unwrap();
    let manifest = std::path::Path::new(package["manifest_path"].as_str().unwrap());
    manifest.with_file_name("src").join("schema.json")
}

#[test]
fn several_reports_at_once() {
    let sandbox = sandbox();
    let run = sandbox.air("check -q -o concise -o json=out/report.json");
    assert_eq!(run.code, 2, "the folder is not there: {run:?}");
    let run = sandbox.air("check -q -o concise -o json=report.json -o sarif=report.sarif");
    assert_eq!((run.code, run.err.as_str()), (1, ""));
    assert!(run.out.starts_with("a b.air:1:35: "), "{}", run.out);
    for file in ["report.json", "report.sarif"] {
        serde_json::from_str::<Value>(&sandbox.read(file)).unwrap();
    }
    sandbox.air("check -o concise -o json").expect(expect![[r#"
        exit 2
        ── err
        error: only one report can go to standard output; send the others to files with FORM=FILE
    "#]]);
    sandbox.air("check -o xml").expect(expect![[r#"
        exit 2
        ── err
        error: invalid value 'xml' for '--output-format <FORM[=FILE]>': expected one of full, concise, json, jsonl, sarif, github

        For more information, try '--help'.
    "#]]);
}

#[test]
fn nothing_to_check_is_still_a_report() {
    let sandbox = Sandbox::new(&[]);
    assert_eq!(sandbox.air("check -q -o json").json()["files"], serde_json::json!([]));
    assert_eq!(sandbox.air("check -q -o sarif").json()["runs"][0]["results"], serde_json::json!([]));
}
