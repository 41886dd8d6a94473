//! `json`: objects, and values as text.

use std::rc::Rc;

use super::args::Args;
use super::function::{Function, Reply};
use air_interpreter::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    ("obj", |args| object(Vec::new(), args.rest())),
    ("put", put),
    ("puts", |args| {
        let members = args.object("object")?.members().to_vec();
        object(members, args.rest())
    }),
    ("parse", parse),
    ("stringify", stringify),
    ("obj_pairs", obj_pairs),
    ("puts_pairs", puts_pairs),
];

type Members = Vec<(Rc<str>, Value)>;

/// Keys and values in turn; later ones win.
fn object(mut members: Members, arguments: &[Value]) -> Result<Reply, String> {
    for pair in arguments.chunks(2) {
        match pair {
            [Value::String(key), value] => members.push((Rc::clone(key), value.clone())),
            [key, value] => {
                return Err(format!(
                    "All keys must be of type string. Key of the following pair is of invalid type: ({key}, {value})"
                ));
            }
            // As nodes word it, though it is the other way round.
            [key] => {
                return Err(format!("Expected odd number of arguments, got even. No value for key '{key}'"));
            }
            _ => {}
        }
    }
    Ok(Value::object(members).into())
}

fn put(args: &mut Args<'_>) -> Result<Reply, String> {
    let mut members = args.object("object")?.members().to_vec();
    members.push((args.text("key")?.into(), args.value("value")?.clone()));
    Ok(Value::object(members).into())
}

fn parse(args: &mut Args<'_>) -> Result<Reply, String> {
    args.exactly(1)?;
    let text = args.text("x")?;
    let value = air_interpreter::json::parse(text)
        .map_err(|error| format!("Error: error parsing json {text}\n\nCaused by:\n    {error}"))?;
    Ok(value.into())
}

fn stringify(args: &mut Args<'_>) -> Result<Reply, String> {
    args.exactly(1)?;
    Ok(Value::string(args.value("x")?.to_json()).into())
}

fn obj_pairs(args: &mut Args<'_>) -> Result<Reply, String> {
    args.exactly(1)?;
    Ok(Value::object(pairs(args, "x")?).into())
}

fn puts_pairs(args: &mut Args<'_>) -> Result<Reply, String> {
    args.exactly(2)?;
    let object = args.value("x")?;
    let pairs = pairs(args, "y")?;
    let members = object.as_object().ok_or_else(|| format!("expected json object, got {object}"))?.members();
    Ok(Value::object(members.iter().cloned().chain(pairs).collect()).into())
}

fn pairs(args: &mut Args<'_>, field: &str) -> Result<Members, String> {
    args.array(field, "Vec<(String, serde_json::value::Value)>", |pair| match pair.as_array()? {
        [Value::String(key), value] => Some((Rc::clone(key), value.clone())),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::services::tests::answers;

    #[test]
    fn objects_and_texts() {
        expect![[r#"
            json.obj [] → {}
            json.obj ["b", 1, "a", [], "b", 2] → {"a":[],"b":2}
            json.put [{"a": 1}, "b", null] → {"a":1,"b":null}
            json.put [{"a": 1}, "a", 2] → {"a":2}
            json.puts [{"a": 1}, "b", 2, "a", 3] → {"a":3,"b":2}
            json.puts [{"a": 1}] → {"a":1}
            json.obj_pairs [[["a", 1], ["b", {}], ["a", 2]]] → {"a":2,"b":{}}
            json.puts_pairs [{"a": 1}, [["b", 2]]] → {"a":1,"b":2}
            json.parse ["{\"a\": [1, 1e3, \"é\"]}"] → {"a":[1,1000.0,"é"]}
            json.stringify [{"b": 1, "a": "\n"}] → "{\"a\":\"\\n\",\"b\":1}"
            json.stringify ["x"] → "\"x\""
        "#]]
        .assert_eq(&answers(
            r#"
            json.obj []
            json.obj ["b", 1, "a", [], "b", 2]
            json.put [{"a": 1}, "b", null]
            json.put [{"a": 1}, "a", 2]
            json.puts [{"a": 1}, "b", 2, "a", 3]
            json.puts [{"a": 1}]
            json.obj_pairs [[["a", 1], ["b", {}], ["a", 2]]]
            json.puts_pairs [{"a": 1}, [["b", 2]]]
            json.parse ["{\"a\": [1, 1e3, \"é\"]}"]
            json.stringify [{"b": 1, "a": "\n"}]
            json.stringify ["x"]
            "#,
        ));
    }

    #[test]
    fn refusals() {
        expect![[r#"
            json.obj ["a"] → FAILS 1 "Expected odd number of arguments, got even. No value for key '\"a\"'"
            json.obj ["a", 1, 2, 3] → FAILS 1 "All keys must be of type string. Key of the following pair is of invalid type: (2, 3)"
            json.put [] → FAILS 1 "Error: Field 'object' is missing from args to call_service"
            json.put [[], "a", 1] → FAILS 1 "Error: Error deserializing field 'object': expected serde_json::map::Map<String, serde_json::value::Value>, got []"
            json.put [{}, 1, 1] → FAILS 1 "Error: Error deserializing field 'key': expected String, got 1"
            json.put [{}, "a"] → FAILS 1 "Error: Field 'value' is missing from args to call_service"
            json.puts ["a"] → FAILS 1 "Error: Error deserializing field 'object': expected serde_json::map::Map<String, serde_json::value::Value>, got \"a\""
            json.puts [{}, "a"] → FAILS 1 "Expected odd number of arguments, got even. No value for key '\"a\"'"
            json.obj_pairs [[["a"]]] → FAILS 1 "Error: Error deserializing field 'x': expected Vec<(String, serde_json::value::Value)>, got [[\"a\"]]"
            json.obj_pairs [[[1, 2]]] → FAILS 1 "Error: Error deserializing field 'x': expected Vec<(String, serde_json::value::Value)>, got [[1,2]]"
            json.puts_pairs [[], [["b", 2]]] → FAILS 1 "expected json object, got []"
            json.puts_pairs [{}] → FAILS 1 "expected 2 arguments, got 1"
            json.parse ["{"] → FAILS 1 "Error: error parsing json {\n\nCaused by:\n    EOF while parsing an object at line 1 column 1"
            json.parse [{}] → FAILS 1 "Error: Error deserializing field 'x': expected String, got {}"
            json.parse [] → FAILS 1 "expected 1 arguments, got 0"
            json.stringify [1, 2] → FAILS 1 "expected 1 arguments, got 2"
        "#]].assert_eq(&answers(
            r#"
            json.obj ["a"]
            json.obj ["a", 1, 2, 3]
            json.put []
            json.put [[], "a", 1]
            json.put [{}, 1, 1]
            json.put [{}, "a"]
            json.puts ["a"]
            json.puts [{}, "a"]
            json.obj_pairs [[["a"]]]
            json.obj_pairs [[[1, 2]]]
            json.puts_pairs [[], [["b", 2]]]
            json.puts_pairs [{}]
            json.parse ["{"]
            json.parse [{}]
            json.parse []
            json.stringify [1, 2]
            "#,
        ));
    }
}
