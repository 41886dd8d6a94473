//! The JSON schema of `NAME.sample.json`.
//!
//! These types describe what [`air_simulation::sample::from_json`] reads; they are not read into. The
//! tests hold their members to the lists that the reader goes by.
#![expect(dead_code, reason = "described, never made")]

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::Value;

/// Sample data for a script: its peers, what services answer, what the host supplies, what is expected of a run.
#[derive(JsonSchema)]
#[schemars(title = "AIR sample data", rename = "Sample", deny_unknown_fields)]
struct Sample {
    /// Address of this schema.
    #[schemars(rename = "$schema")]
    schema: Option<String>,
    /// Name of the sample data.
    name: Option<String>,
    /// What it is for.
    about: Option<String>,
    /// Words to find it by.
    tags: Option<Vec<String>>,
    /// The script itself, in scenarios that contain one.
    air: Option<String>,
    /// The peer that starts the particle: `@name` or an id; `@init` if absent.
    init_peer: Option<String>,
    /// Peers that can be reached; particles to others are lost. All if absent.
    peers: Option<Vec<String>>,
    /// Whether any text counts as a peer id; signatures are not checked then.
    any_peer: Option<bool>,
    /// Properties of the particle.
    particle: Option<Particle>,
    /// Size limits in bytes.
    limits: Option<Limits>,
    /// What services answer; the first rule that fits.
    services: Option<Vec<Rule>>,
    /// What the host supplies by name: the script's parameters and variables of `; air: given`.
    given: Option<BTreeMap<String, Value>>,
    /// What comes next: `fifo`, `lifo`, `random:SEED`, or moves in order: `@init→@b`, `@b answers s.f`, `lose @b→@init`.
    order: Option<Order>,
    /// Which answers come together: `together`, `single` or `random:SEED`.
    answers: Option<String>,
    /// What goes wrong: `lose @a→@b`, `double @a→@b`, `cut @a→@b`, `part @a @b until 12`, `@a dies after 3`.
    faults: Option<Vec<String>>,
    /// Peers that are connected to nobody but their relay: peer and relay.
    behind: Option<BTreeMap<String, String>>,
    /// What runs on peers: nodes and JS clients differ in their built-in services and after errors. Others are nodes, but
    /// who starts the particle is a client, except in a scenario that contains its script.
    kind: Option<BTreeMap<String, Kind>>,
    /// What is expected of a run.
    expect: Option<Expect>,
    /// Variants of all this.
    cases: Option<Vec<Case>>,
    /// A recorded outcome of the reference.
    expected: Option<Value>,
    /// Whether AquaVM 0.62 gives another outcome.
    differs_in_0_62: Option<bool>,
}

/// A variant: its rules come before the common ones, its other members replace them.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Case {
    /// Name of the case; no other case has the same.
    name: String,
    /// What it is for.
    about: Option<String>,
    /// The peer that starts the particle.
    init_peer: Option<String>,
    /// Peers that can be reached.
    peers: Option<Vec<String>>,
    /// Whether any text counts as a peer id.
    any_peer: Option<bool>,
    /// Properties of the particle.
    particle: Option<Particle>,
    /// Size limits in bytes.
    limits: Option<Limits>,
    /// Rules of this case.
    services: Option<Vec<Rule>>,
    /// Values of this case.
    given: Option<BTreeMap<String, Value>>,
    /// What comes next.
    order: Option<Order>,
    /// Which answers come together.
    answers: Option<String>,
    /// What goes wrong.
    faults: Option<Vec<String>>,
    /// Peers that are connected to nobody but their relay.
    behind: Option<BTreeMap<String, String>>,
    /// What runs on peers.
    kind: Option<BTreeMap<String, Kind>>,
    /// What is expected of it.
    expect: Option<Expect>,
}

/// What runs on a peer.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum Kind {
    /// A node.
    Node,
    /// A JS client.
    Client,
}

/// One text, with commas or line ends between moves, or a list.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Order {
    /// A word or moves.
    Text(String),
    /// Moves.
    Moves(Vec<String>),
}

/// What a script reads as `%timestamp%` and `%ttl%`, and the salt of all signatures.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Particle {
    /// When the particle starts, in milliseconds since 1970.
    timestamp: Option<u64>,
    /// Milliseconds that it lives: after them nothing arrives and nothing is answered. 7000 if absent; 0: for ever.
    ttl: Option<u32>,
    /// Id of the particle: any text.
    particle_id: Option<String>,
}

/// Size limits in bytes; none if absent.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Limits {
    /// Largest script.
    air_size_limit: Option<u64>,
    /// Largest incoming data.
    particle_size_limit: Option<u64>,
    /// Largest result of a call.
    call_result_size_limit: Option<u64>,
    /// Whether exceeding a limit is an error.
    hard_limit_enabled: Option<bool>,
}

/// What certain calls are answered; a member that is absent or `*` matches everything.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Rule {
    /// The peer that is asked: `@name` or an id.
    peer: Option<String>,
    /// Name of the service.
    service: Option<String>,
    /// Name of the function.
    function: Option<String>,
    /// The answer to these calls.
    answer: Answer,
}

/// One kind of answer.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum Answer {
    /// Success with this value.
    Ok(Value),
    /// Failure: code and value.
    Err((i32, Value)),
    /// The argument with that number, counted from 0; `null` if there is no such argument.
    Echo(u32),
    /// All arguments as an array.
    Args(bool),
    /// The tetraplets of all arguments.
    Tetraplets(bool),
    /// The n-th use of the rule gives the n-th answer; later uses give the last one.
    Seq(#[schemars(length(min = 1))] Vec<Answer>),
    /// By the first argument: strings as they are, others as compact JSON, `*` for all others.
    ByArg(BTreeMap<String, Answer>),
    /// The exact text of a result.
    Raw(Raw),
}

/// The exact text of a result.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Raw {
    /// Return code; 0 is success.
    ret_code: i32,
    /// Result as JSON; of a failure any text.
    result: String,
}

/// What is expected of a run; what is absent is not checked.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Expect {
    /// How the run ends.
    outcome: Option<OutcomeWord>,
    /// Arguments of the call of `callbackSrv.response`.
    response: Option<Vec<Value>>,
    /// Code of the error that reaches the initiator or that nothing catches.
    error: Option<i64>,
    /// Calls that are made, in this order; others may come between.
    calls: Option<Vec<ExpectedCall>>,
    /// The calls may come in any order.
    any_order: Option<bool>,
    /// The last values of variables, by their names with tags.
    values: Option<BTreeMap<String, Value>>,
    /// All hops in order: from, to.
    hops: Option<Vec<(String, String)>>,
    /// Variables or peers that something still waits for.
    waiting_for: Option<Vec<String>>,
}

/// How a run ends.
#[derive(JsonSchema)]
#[schemars(rename = "Outcome", rename_all = "snake_case")]
enum OutcomeWord {
    /// The response came, or the whole script is done.
    Completed,
    /// An error reached the initiator, or nothing caught it.
    Failed,
    /// Nothing can continue.
    Waiting,
    /// A limit ended the run.
    Stopped,
    /// The script is done, but nothing tells the peer that started it.
    Unheard,
}

/// A call that is expected; what is absent is not checked.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ExpectedCall {
    /// The peer that is asked: `@name` or an id.
    peer: Option<String>,
    /// Name of the service.
    service: Option<String>,
    /// Name of the function.
    function: Option<String>,
    /// All arguments.
    arguments: Option<Vec<Value>>,
}

/// The JSON schema, as published in `sample.schema.json`.
pub fn schema() -> Value {
    schemars::schema_for!(Sample).to_value()
}

#[cfg(test)]
mod tests {
    use air_simulation::sample::members;

    use super::schema;

    #[test]
    fn the_schema_has_the_members_that_the_reader_knows() {
        let schema = schema();
        let definition = |name: &str| schema["$defs"][name].clone();
        for (object, known) in [
            (schema.clone(), members::SAMPLE),
            (definition("Case"), members::CASE),
            (definition("Particle"), members::PARTICLE),
            (definition("Limits"), members::LIMITS),
            (definition("Rule"), members::RULE),
            (definition("Expect"), members::EXPECT),
            (definition("ExpectedCall"), members::CALL),
        ] {
            let mut members: Vec<&str> =
                object["properties"].as_object().unwrap().keys().map(String::as_str).collect();
            let mut known = known.to_vec();
            members.sort_unstable();
            known.sort_unstable();
            assert_eq!(members, known);
        }
    }
}
