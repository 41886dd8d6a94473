//! Published schemas are those of the program.

use std::path::Path;

use serde_json::{Value, json};

/// Compares a schema with the published file of that name; `UPDATE_SCHEMAS=1` rewrites it.
pub(crate) fn compare(file: &str, schema: &serde_json::Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas").join(file);
    let now = serde_json::to_string_pretty(schema).unwrap() + "\n";
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(published == now, "schemas/{file} is old: run the tests once with UPDATE_SCHEMAS=1");
}

#[test]
fn settings_and_sample_data() {
    compare("air.schema.json", &air_service::config::schema());
    compare("sample.schema.json", &air_service::sample_schema::schema());
}

#[test]
fn schema_and_reader_agree() {
    let schema = jsonschema::validator_for(&air_service::sample_schema::schema()).unwrap();
    let check = |sample: Value, right: bool| {
        let (_, problems) = air_simulation::sample::from_json(&sample.to_string());
        assert_eq!((schema.is_valid(&sample), problems.is_empty()), (right, right), "{sample} {problems:?}");
    };
    let with = |answer: Value| json!({"services": [{"function": "f", "answer": answer}]});
    for answer in [
        json!({"ok": null}),
        json!({"err": [1, "no"]}),
        json!({"echo": 0}),
        json!({"args": true}),
        json!({"seq": [{"ok": 1}, {"tetraplets": true}]}),
        json!({"by_arg": {"a": {"ok": 1}, "*": {"raw": {"ret_code": 0, "result": "1"}}}}),
    ] {
        check(with(answer), true);
    }
    for answer in [
        json!({"okay": 1}),
        json!({}),
        json!({"ok": 1, "echo": 1}),
        json!({"err": 1}),
        json!({"echo": "first"}),
        json!({"seq": []}),
        json!({"raw": {"ret_code": 0}}),
    ] {
        check(with(answer), false);
    }
    check(json!({"cases": [{"name": "a", "given": {"x": 1}, "expect": {"outcome": "completed"}}]}), true);
    check(json!({"expect": {"outcome": "done"}}), false);
    check(json!({"cases": [{}]}), false);
    check(json!({"name": 1}), false);
    check(json!([]), false);
}
