//! The services of a JS client (0.9), with its results and texts.
//!
//! Its numbers are doubles, so that division gives fractions and rounds down; its arrays take any values, and an array or
//! object is equal to no other. What its arguments must be is checked in its own words, except that errors of
//! `json.parse` are worded as a node words them. What a client says that it does not support is listed.

use sha2::Digest as _;

use crate::js::{self, double};
use crate::network::ServiceCall;
use air_interpreter::json;
use air_interpreter::value::{Value, object};

use super::function::Reply;
use super::op::bytes;

/// What a function takes: a letter an argument, or one for all if a `*` follows.
///
/// `n` number, `s` string, `a` array, `o` object, `v` any value, `N` array of numbers; `-` nothing is looked at.
type Takes = &'static str;

/// Why a call fails.
enum Failure {
    /// The arguments are refused.
    Refused(String),
    /// The function itself has thrown.
    Thrown(&'static str),
}

use Failure::{Refused, Thrown};

enum Compute {
    Number(fn(f64, f64) -> f64),
    Bool(fn(f64, f64) -> bool),
    Value(fn(&[Value]) -> Result<Value, Failure>),
}

use Compute as C;

const FUNCTIONS: &[(&str, &str, Takes, Compute)] = &[
    ("array", "dedup", "a", C::Value(|args| Ok(dedup(items(args, 0))))),
    ("array", "diff", "aa", C::Value(|args| Ok(pick(args, |x, ys| !includes(ys, x))))),
    ("array", "intersect", "aa", C::Value(|args| Ok(pick(args, |x, ys| includes(ys, x))))),
    ("array", "sdiff", "aa", C::Value(|args| Ok(sdiff(args)))),
    ("array", "sum", "N", C::Value(|args| Ok(js::number(items(args, 0).iter().map(double).sum())))),
    ("cmp", "cmp", "nn", C::Number(|x, y| f64::from(i8::from(x > y) - i8::from(x < y)))),
    ("cmp", "gt", "nn", C::Bool(|x, y| x > y)),
    ("cmp", "gte", "nn", C::Bool(|x, y| x >= y)),
    ("cmp", "lt", "nn", C::Bool(|x, y| x < y)),
    ("cmp", "lte", "nn", C::Bool(|x, y| x <= y)),
    ("debug", "stringify", "-", C::Value(|args| Ok(stringify(args)))),
    ("json", "obj", "-", C::Value(|args| obj(None, args))),
    ("json", "parse", "s", C::Value(parse)),
    ("json", "put", "osv", C::Value(|args| obj(args.first(), args.get(1..).unwrap_or_default()))),
    ("json", "puts", "-", C::Value(puts)),
    ("json", "stringify", "o", C::Value(|args| Ok(Value::string(js::text(first(args), false))))),
    ("math", "add", "nn", C::Number(|x, y| x + y)),
    ("math", "div", "nn", C::Number(|x, y| (x / y).floor())),
    ("math", "fmul", "nn", C::Number(|x, y| (x * y).floor())),
    ("math", "log", "nn", C::Number(|x, y| libm::log(y) / libm::log(x))),
    ("math", "mul", "nn", C::Number(|x, y| x * y)),
    ("math", "pow", "nn", C::Number(libm::pow)),
    ("math", "rem", "nn", C::Number(|x, y| x % y)),
    ("math", "sub", "nn", C::Number(|x, y| x - y)),
    ("op", "array", "-", C::Value(|args| Ok(Value::array(args.to_vec())))),
    ("op", "array_length", "a", C::Value(|args| Ok(Value::unsigned(items(args, 0).len() as u64)))),
    ("op", "bytes_from_b58", "s", C::Value(|args| Ok(bytes(&from_base58(args)?)))),
    ("op", "bytes_to_b58", "N", C::Value(|args| Ok(base58(&octets(args))))),
    ("op", "concat", "a*", C::Value(|args| Ok(concat(args)))),
    (
        "op",
        "concat_strings",
        "s*",
        C::Value(|args| Ok(Value::string(args.iter().map(text).collect::<String>()))),
    ),
    ("op", "identity", "-", C::Value(identity)),
    ("op", "noop", "-", C::Value(|_| Ok(object([])))),
    ("op", "sha256_string", "s", C::Value(|args| Ok(sha256(text(first(args)))))),
    (
        "op",
        "string_from_b58",
        "s",
        C::Value(|args| Ok(Value::string(String::from_utf8_lossy(&from_base58(args)?)))),
    ),
    ("op", "string_to_b58", "s", C::Value(|args| Ok(base58(text(first(args)).as_bytes())))),
    ("run-console", "print", "-", C::Value(|_| Ok(object([])))),
];

/// Functions that a client says that it does not support: services, each with its functions.
pub(super) const UNSUPPORTED: &[(&str, &str)] = &[
    (
        "dist",
        "add_module_from_vault add_module add_blueprint make_module_config load_module_config \
         default_module_config make_blueprint load_blueprint list_modules get_module_interface list_blueprints",
    ),
    ("kad", "neighborhood merge"),
    ("peer", "is_connected connect get_contact"),
    ("script", "add remove list"),
    ("srv", "list create get_interface resolve_alias add_alias remove"),
];

/// What a client answers by itself; the error is the text of its failure. `None`: it has no such function.
pub(super) fn answer(call: &ServiceCall<'_>) -> Option<Result<Reply, String>> {
    let (service, function) = (&*call.request.service_id, &*call.request.function_name);
    let args = &call.request.arguments;
    let result = compute(call, service, function, args)?;
    Some(result.map_err(|failure| match failure {
        Refused(text) => format!("(\"{service}\" \"{function}\") {text}"),
        Thrown(text) => {
            format!("Service call failed. fnName=\"{function}\" serviceId=\"{service}\" error: {text}")
        }
    }))
}

/// Whether a client has a function that works.
pub(super) fn has(service: &str, function: &str) -> bool {
    FUNCTIONS.iter().any(|(known, name, ..)| (*known, *name) == (service, function))
        || matches!(
            (service, function),
            ("peer", "identify" | "timestamp_ms" | "timestamp_sec" | "timeout")
                | ("sig", "sign" | "verify" | "get_peer_id")
        )
}

fn compute(
    call: &ServiceCall<'_>,
    service: &str,
    function: &str,
    args: &[Value],
) -> Option<Result<Reply, Failure>> {
    if let Some((_, _, takes, compute)) =
        FUNCTIONS.iter().find(|(known, name, ..)| (*known, *name) == (service, function))
    {
        if let Err(failure) = check(takes, args) {
            return Some(Err(failure));
        }
        let (x, y) = (double(first(args)), args.get(1).map_or(0.0, double));
        return Some(match compute {
            C::Number(compute) => Ok(js::number(compute(x, y)).into()),
            C::Bool(compute) => Ok(Value::Bool(compute(x, y)).into()),
            C::Value(compute) => compute(args).map(|value| js::value(&value).into()),
        });
    }
    let unsupported = UNSUPPORTED.iter().filter(|(known, _)| *known == service);
    if unsupported.flat_map(|(_, names)| names.split_whitespace()).any(|name| name == function) {
        let text = format!("The JS implementation of Peer does not support \"{service}.{function}\"");
        return Some(Err(Refused(text)));
    }
    Some(match (service, function) {
        ("peer", "identify") => Ok(object([
            ("external_addresses", Value::array(Vec::new())),
            ("node_version", Value::from("js-0.23.0")),
            ("air_version", Value::from("js-0.24.2")),
        ])
        .into()),
        ("peer", "timestamp_ms") => Ok(Value::unsigned(call.now()).into()),
        ("peer", "timestamp_sec") => Ok(Value::unsigned(call.now() / 1000).into()),
        ("peer", "timeout") => check("ns", args).map(|()| {
            // What a timer of JS cannot wait is one millisecond.
            let time = double(first(args));
            let time = if (1.0..=2_147_483_647.0).contains(&time) { time as u64 } else { 1 };
            Reply::After(time, args.get(1).cloned().unwrap_or_default())
        }),
        // A client's own id is a name of `sig`, too.
        (name, "sign") if name == "sig" || name == call.peer.id => sign(call),
        (name, "verify") if name == "sig" || name == call.peer.id => check("NN", args).map(|()| {
            let (signature, data) = (octets(args), octets(args.get(1..).unwrap_or_default()));
            Value::Bool(call.peer.key.public().verifies(&data, &signature)).into()
        }),
        (name, "get_peer_id") if name == "sig" || name == call.peer.id => {
            Ok(Value::from(call.peer.id.as_str()).into())
        }
        _ => return None,
    })
}

/// Where bytes come from that a client signs.
const SIGNED: [(&str, &str); 6] = [
    ("trust-graph", "get_trust_bytes"),
    ("trust-graph", "get_revocation_bytes"),
    ("registry", "get_key_bytes"),
    ("registry", "get_record_bytes"),
    ("registry", "get_record_metadata_bytes"),
    ("registry", "get_tombstone_bytes"),
];

fn sign(call: &ServiceCall<'_>) -> Result<Reply, Failure> {
    let origin = call.request.tetraplets.first().and_then(|tetraplets| tetraplets.first());
    let trusted = call.init_peer == call.peer.id
        && origin.is_some_and(|it| SIGNED.contains(&(&*it.service_id, &*it.function_name)));
    let signature = trusted.then(|| bytes(&call.peer.key.sign(&octets(&call.request.arguments))));
    let error = (!trusted).then(|| Value::from("Security guard validation failed"));
    Ok(super::sig::result(signature, error).into())
}

/// Refuses other arguments.
fn check(takes: Takes, args: &[Value]) -> Result<(), Failure> {
    if takes == "-" {
        return Ok(());
    }
    let all = takes.strip_suffix('*').and_then(|takes| takes.chars().next());
    let count = takes.len();
    if all.is_none() && args.len() != count {
        return Err(Refused(format!("Expected {count} argument(s). Got {}", args.len())));
    }
    for (at, value) in args.iter().enumerate() {
        let kind = all.or_else(|| takes.chars().nth(at)).unwrap_or('v');
        let (fits, expected) = match kind {
            'n' => (matches!(value, Value::Number(_)), "number"),
            's' => (value.as_str().is_some(), "string"),
            'o' => (value.as_object().is_some(), "object"),
            'v' => (true, ""),
            _ => (value.as_array().is_some(), "array"),
        };
        if !fits {
            let got = kind_of(value);
            return Err(Refused(format!("Argument {at} expected to be of type {expected}, Got {got}")));
        }
        let items = value.as_array().unwrap_or_default();
        if let (true, Some(item)) = (kind == 'N', items.iter().find(|it| !matches!(it, Value::Number(_)))) {
            return Err(Refused(format!("Expected number, received {}", kind_of(item))));
        }
    }
    Ok(())
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn first(args: &[Value]) -> &Value {
    args.first().unwrap_or(&Value::Null)
}

fn items(args: &[Value], at: usize) -> &[Value] {
    args.get(at).and_then(Value::as_array).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// As `===` of JS has it: what has parts is equal to itself only, and all of these come from different places.
fn equal(x: &Value, y: &Value) -> bool {
    match (x, y) {
        (Value::Array(_) | Value::Object(_), _) => false,
        (Value::Number(_), Value::Number(_)) => double(x) == double(y),
        _ => x == y,
    }
}

fn includes(items: &[Value], value: &Value) -> bool {
    items.iter().any(|item| equal(value, item))
}

fn dedup(items: &[Value]) -> Value {
    let texts: Vec<String> = items.iter().map(|item| js::text(item, false)).collect();
    let mut seen = rustc_hash::FxHashSet::default();
    let once = items.iter().zip(&texts).filter(|(item, text)| match item {
        Value::Array(_) | Value::Object(_) => true,
        _ => seen.insert(text.as_str()),
    });
    Value::array(once.map(|(item, _)| item.clone()).collect())
}

fn pick(args: &[Value], wanted: fn(&Value, &[Value]) -> bool) -> Value {
    let ys = items(args, 1);
    Value::array(items(args, 0).iter().filter(|x| wanted(x, ys)).cloned().collect())
}

fn sdiff(args: &[Value]) -> Value {
    let (xs, ys) = (items(args, 0), items(args, 1));
    let left = xs.iter().filter(|x| !includes(ys, x));
    Value::array(left.chain(ys.iter().filter(|y| !includes(xs, y))).cloned().collect())
}

fn concat(args: &[Value]) -> Value {
    Value::array(args.iter().flat_map(|array| array.as_array().unwrap_or_default()).cloned().collect())
}

fn stringify(args: &[Value]) -> Value {
    Value::string(match args {
        [] => "\"<empty argument list>\"".to_owned(),
        [value] => js::text(value, true),
        all => js::text(&Value::array(all.to_vec()), true),
    })
}

fn identity(args: &[Value]) -> Result<Value, Failure> {
    match args {
        [] => Ok(object([])),
        [value] => Ok(value.clone()),
        all => Err(Refused(format!("Expected 1 argument(s). Got {}", all.len()))),
    }
}

/// An object with more members, keys and values in turn.
fn obj(object: Option<&Value>, pairs: &[Value]) -> Result<Value, Failure> {
    if !pairs.len().is_multiple_of(2) {
        return Err(Refused(format!("Expected even number of argument(s). Got {}", pairs.len())));
    }
    let known = object.and_then(Value::as_object).map(|object| object.members().to_vec());
    let mut members = known.unwrap_or_default();
    for pair in pairs.chunks(2) {
        match pair {
            [Value::String(key), value] => members.push((key.clone(), value.clone())),
            [key, _] => return Err(Refused(format!("Expected string, received {}", kind_of(key)))),
            _ => {}
        }
    }
    Ok(Value::object(members))
}

fn puts(args: &[Value]) -> Result<Value, Failure> {
    if args.len() < 3 {
        return Err(Refused(format!("Expected more than 3 argument(s). Got {}", args.len())));
    }
    let Some((object, pairs)) = args.split_first() else { return Ok(Value::Null) };
    if !pairs.len().is_multiple_of(2) {
        return Err(Refused("Argument count must be odd.".to_owned()));
    }
    check("o", std::slice::from_ref(object))?;
    obj(Some(object), pairs)
}

fn parse(args: &[Value]) -> Result<Value, Failure> {
    json::parse(text(first(args))).map_err(|error| Refused(error.to_string()))
}

fn base58(bytes: &[u8]) -> Value {
    Value::string(bs58::encode(bytes).into_string())
}

fn from_base58(args: &[Value]) -> Result<Vec<u8>, Failure> {
    let decoded = bs58::decode(text(first(args))).into_vec();
    decoded.map_err(|_| Thrown("Non-base58 character"))
}

fn sha256(text: &str) -> Value {
    let digest = sha2::Sha256::digest(text.as_bytes());
    base58(&[&[0x12, 0x20], digest.as_slice()].concat())
}

/// The first argument as a `Uint8Array` of JS: fractions are cut off, and what is left is counted modulo 256.
fn octets(args: &[Value]) -> Vec<u8> {
    items(args, 0).iter().map(|item| (double(item) % 256.0) as i32 as u8).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::network::PeerKind;
    use crate::services::tests::answers_of;

    fn answers(calls: &str) -> String {
        answers_of(PeerKind::Client, calls)
    }

    #[test]
    fn numbers_are_doubles() {
        expect![[r#"
            math.add [0.1, 0.2] → 0.30000000000000004
            math.add [9223372036854775807, 1] → 9223372036854776000
            math.sub [1, 2.0] → -1
            math.mul [1e300, 1e300] → null
            math.fmul [2.5, -1] → -3
            math.div [7, 2] → 3
            math.div [-7, 2] → -4
            math.div [1, 0] → null
            math.rem [-7, 2] → -1
            math.rem [7.5, 2] → 1.5
            math.rem [1, 0] → null
            math.pow [2, -1] → 0.5
            math.pow [2, 100] → 1.2676506002282294e30
            math.log [10, 1000] → 2.9999999999999996
            math.log [2, 0] → null
            cmp.cmp [2, 1.5] → 1
            cmp.cmp [1, 1.0] → 0
            cmp.lt [0.5, 1] → true
            cmp.gte [1, 2] → false
            array.sum [[0.5, 1]] → 1.5
            op.identity [9007199254740993] → 9007199254740992
            op.identity [{"a": 1.0}] → {"a":1}
        "#]]
        .assert_eq(&answers(
            r#"
            math.add [0.1, 0.2]
            math.add [9223372036854775807, 1]
            math.sub [1, 2.0]
            math.mul [1e300, 1e300]
            math.fmul [2.5, -1]
            math.div [7, 2]
            math.div [-7, 2]
            math.div [1, 0]
            math.rem [-7, 2]
            math.rem [7.5, 2]
            math.rem [1, 0]
            math.pow [2, -1]
            math.pow [2, 100]
            math.log [10, 1000]
            math.log [2, 0]
            cmp.cmp [2, 1.5]
            cmp.cmp [1, 1.0]
            cmp.lt [0.5, 1]
            cmp.gte [1, 2]
            array.sum [[0.5, 1]]
            op.identity [9007199254740993]
            op.identity [{"a": 1.0}]
            "#,
        ));
    }

    #[test]
    fn arrays_take_any_values() {
        expect![[r#"
            array.dedup [[1, 1.0, "1", "1", null, null, [], [], {"a": 1}, {"a": 1}]] → [1,"1",null,[],[],{"a":1},{"a":1}]
            array.intersect [[1, 1, "a", [1]], [1, "a", [1]]] → [1,1,"a"]
            array.diff [[1, 2, 2, [1]], [1, [1]]] → [2,2,[1]]
            array.sdiff [[1, 2, 2], [2, 3, 3]] → [1,3,3]
            op.concat [[1], [], [[2]]] → [1,[2]]
            op.array_length [[1, 2]] → 2
            array.length [[1]] → no such function
            array.slice [[1], 0, 1] → no such function
            op.concat_strings ["a", "b"] → "ab"
        "#]].assert_eq(&answers(
            r#"
            array.dedup [[1, 1.0, "1", "1", null, null, [], [], {"a": 1}, {"a": 1}]]
            array.intersect [[1, 1, "a", [1]], [1, "a", [1]]]
            array.diff [[1, 2, 2, [1]], [1, [1]]]
            array.sdiff [[1, 2, 2], [2, 3, 3]]
            op.concat [[1], [], [[2]]]
            op.array_length [[1, 2]]
            array.length [[1]]
            array.slice [[1], 0, 1]
            op.concat_strings ["a", "b"]
            "#,
        ));
    }

    #[test]
    fn objects_and_texts() {
        expect![[r#"
            json.obj ["b", 1, "a", [2.0]] → {"a":[2],"b":1}
            json.obj ["a"] → FAILS 1 "(\"json\" \"obj\") Expected even number of argument(s). Got 1"
            json.obj [1, 2] → FAILS 1 "(\"json\" \"obj\") Expected string, received number"
            json.put [{"a": 1}, "b", null] → {"a":1,"b":null}
            json.put [[], "b", 1] → FAILS 1 "(\"json\" \"put\") Argument 0 expected to be of type object, Got array"
            json.put [{}, 1, 1] → FAILS 1 "(\"json\" \"put\") Argument 1 expected to be of type string, Got number"
            json.puts [{"a": 1}, "b", 2, "a", 3] → {"a":3,"b":2}
            json.puts [{}] → FAILS 1 "(\"json\" \"puts\") Expected more than 3 argument(s). Got 1"
            json.puts [{}, "a", 1, "b"] → FAILS 1 "(\"json\" \"puts\") Argument count must be odd."
            json.puts [[], "a", 1] → FAILS 1 "(\"json\" \"puts\") Argument 0 expected to be of type object, Got array"
            json.puts [{}, 1, 2] → FAILS 1 "(\"json\" \"puts\") Expected string, received number"
            json.stringify [{"a": [1.0, 1e21]}] → "{\"a\":[1,1e+21]}"
            json.stringify [[1]] → FAILS 1 "(\"json\" \"stringify\") Argument 0 expected to be of type object, Got array"
            json.parse ["[1.0]"] → [1]
            json.obj_pairs [[]] → no such function
            debug.stringify [] → "\"<empty argument list>\""
            debug.stringify [{"a": 1.0}] → "{\n    \"a\": 1\n}"
            debug.stringify ["a", 1] → "[\n    \"a\",\n    1\n]"
            op.noop [] → {}
            op.identity [] → {}
            op.identity [1, 2] → FAILS 1 "(\"op\" \"identity\") Expected 1 argument(s). Got 2"
            op.array [1, []] → [1,[]]
            op.string_to_b58 ["hello"] → "Cn8eVZg"
            op.string_from_b58 ["Cn8eVZg"] → "hello"
            op.string_from_b58 ["0"] → FAILS 1 "Service call failed. fnName=\"string_from_b58\" serviceId=\"op\" error: Non-base58 character"
            op.bytes_to_b58 [[104, 360, -1, 1.9]] → "3fnyoE"
            op.bytes_from_b58 ["Cn8eVZg"] → [104,101,108,108,111]
            op.sha256_string ["abc"] → "QmatYkNGZnELf8cAGdyJpUca2PyY4szai3RHyyWofNY1pY"
            op.sha256_string ["abc", true] → FAILS 1 "(\"op\" \"sha256_string\") Expected 1 argument(s). Got 2"
            run-console.print [1] → {}
        "#]].assert_eq(&answers(
            r#"
            json.obj ["b", 1, "a", [2.0]]
            json.obj ["a"]
            json.obj [1, 2]
            json.put [{"a": 1}, "b", null]
            json.put [[], "b", 1]
            json.put [{}, 1, 1]
            json.puts [{"a": 1}, "b", 2, "a", 3]
            json.puts [{}]
            json.puts [{}, "a", 1, "b"]
            json.puts [[], "a", 1]
            json.puts [{}, 1, 2]
            json.stringify [{"a": [1.0, 1e21]}]
            json.stringify [[1]]
            json.parse ["[1.0]"]
            json.obj_pairs [[]]
            debug.stringify []
            debug.stringify [{"a": 1.0}]
            debug.stringify ["a", 1]
            op.noop []
            op.identity []
            op.identity [1, 2]
            op.array [1, []]
            op.string_to_b58 ["hello"]
            op.string_from_b58 ["Cn8eVZg"]
            op.string_from_b58 ["0"]
            op.bytes_to_b58 [[104, 360, -1, 1.9]]
            op.bytes_from_b58 ["Cn8eVZg"]
            op.sha256_string ["abc"]
            op.sha256_string ["abc", true]
            run-console.print [1]
            "#,
        ));
    }

    #[test]
    fn wrong_arguments() {
        expect![[r#"
            math.add [1] → FAILS 1 "(\"math\" \"add\") Expected 2 argument(s). Got 1"
            math.add [1, 2, 3] → FAILS 1 "(\"math\" \"add\") Expected 2 argument(s). Got 3"
            math.add ["1", null] → FAILS 1 "(\"math\" \"add\") Argument 0 expected to be of type number, Got string"
            math.add [1, []] → FAILS 1 "(\"math\" \"add\") Argument 1 expected to be of type number, Got array"
            array.sum [[1, "2"]] → FAILS 1 "(\"array\" \"sum\") Expected number, received string"
            array.dedup [{}] → FAILS 1 "(\"array\" \"dedup\") Argument 0 expected to be of type array, Got object"
            op.concat [[1], 2] → FAILS 1 "(\"op\" \"concat\") Argument 1 expected to be of type array, Got number"
            op.concat_strings ["a", true] → FAILS 1 "(\"op\" \"concat_strings\") Argument 1 expected to be of type string, Got boolean"
            op.string_to_b58 [1] → FAILS 1 "(\"op\" \"string_to_b58\") Argument 0 expected to be of type string, Got number"
            peer.timeout ["1", "a"] → FAILS 1 "(\"peer\" \"timeout\") Argument 0 expected to be of type number, Got string"
        "#]].assert_eq(&answers(
            r#"
            math.add [1]
            math.add [1, 2, 3]
            math.add ["1", null]
            math.add [1, []]
            array.sum [[1, "2"]]
            array.dedup [{}]
            op.concat [[1], 2]
            op.concat_strings ["a", true]
            op.string_to_b58 [1]
            peer.timeout ["1", "a"]
            "#,
        ));
    }

    #[test]
    fn peers() {
        expect![[r#"
            peer.identify [] → {"air_version":"js-0.24.2","external_addresses":[],"node_version":"js-0.23.0"}
            peer.timestamp_ms [] → 1700000001500
            peer.timestamp_sec [] → 1700000001
            peer.is_connected ["@b"] → FAILS 1 "(\"peer\" \"is_connected\") The JS implementation of Peer does not support \"peer.is_connected\""
            peer.timeout [20, "over"] → at 1520: "over"
            peer.timeout [-5, "over"] → at 1501: "over"
            kad.merge ["a", [], []] → FAILS 1 "(\"kad\" \"merge\") The JS implementation of Peer does not support \"kad.merge\""
            kad.neighborhood ["a"] → FAILS 1 "(\"kad\" \"neighborhood\") The JS implementation of Peer does not support \"kad.neighborhood\""
            sig.get_peer_id [] → "@a"
            sig.sign [[1]] → {"error":["Security guard validation failed"],"signature":[],"success":false}
            sig.sign [] → {"error":["Security guard validation failed"],"signature":[],"success":false}
        "#]].assert_eq(&answers(
            r#"
            peer.identify []
            peer.timestamp_ms []
            peer.timestamp_sec []
            peer.is_connected ["@b"]
            peer.timeout [20, "over"]
            peer.timeout [-5, "over"]
            kad.merge ["a", [], []]
            kad.neighborhood ["a"]
            sig.get_peer_id []
            sig.sign [[1]]
            sig.sign []
            "#,
        ));
    }
}
