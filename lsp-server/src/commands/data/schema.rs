//! The JSON schema of `air data --json`. The objects are put together from values of the interpreter, so these types only
//! describe them; a test holds what is printed to the schema.
#![expect(dead_code, reason = "describes what is made elsewhere")]

use schemars::JsonSchema;
use serde_json::{Map, Value};

/// What `air data --json` prints.
#[derive(JsonSchema)]
#[schemars(title = "air data --json", untagged)]
enum Object {
    Data(Data),
    Particle(Particle),
    Anomaly(Anomaly),
    Error(Error),
}

#[derive(JsonSchema)]
enum DataKind {
    #[schemars(rename = "data")]
    Data,
}

/// Interpreter data.
#[derive(JsonSchema)]
struct Data {
    /// Version of this form: 1.
    version: u32,
    kind: DataKind,
    /// As AquaVM's `to_human_readable_data` has it: versions, trace, stores, signatures.
    data_json: Map<String, Value>,
    /// The trace with contents in the place of identifiers.
    trace: Vec<Value>,
}

#[derive(JsonSchema)]
enum ParticleKind {
    #[schemars(rename = "particle")]
    Particle,
}

/// A particle.
#[derive(JsonSchema)]
struct Particle {
    /// Version of this form: 1.
    version: u32,
    kind: ParticleKind,
    /// Everything but the data.
    particle: Map<String, Value>,
    /// The data that it carries; `null` if it has none yet.
    data: Option<Data>,
}

#[derive(JsonSchema)]
enum AnomalyKind {
    #[schemars(rename = "anomaly")]
    Anomaly,
}

/// The anomaly file of a node.
#[derive(JsonSchema)]
struct Anomaly {
    /// Version of this form: 1.
    version: u32,
    kind: AnomalyKind,
    /// The script.
    air_script: String,
    /// Who, when and how long.
    particle: Map<String, Value>,
    /// Previous data, `null`, or why it cannot be read.
    prev_data: Option<DataOrError>,
    /// Current data.
    current_data: Option<DataOrError>,
    /// Results of calls by their number.
    call_results: Map<String, Value>,
    /// What came out, without the new data.
    outcome: Map<String, Value>,
}

/// Interpreter data, or why it cannot be read.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum DataOrError {
    Data(Data),
    Error {
        /// For people.
        error: String,
    },
}

#[derive(JsonSchema)]
enum ErrorKind {
    #[schemars(rename = "error")]
    Error,
}

/// An error object of a run.
#[derive(JsonSchema)]
struct Error {
    /// Version of this form: 1.
    version: u32,
    kind: ErrorKind,
    /// As it was found.
    error: Map<String, Value>,
    /// The name of its code; `null` for a code of the script itself or of a service.
    name: Option<String>,
    /// Where its instruction stands in `--script`.
    places: Vec<Place>,
}

/// A place in a script.
#[derive(JsonSchema)]
struct Place {
    start: u32,
    end: u32,
    line: u32,
    column: u32,
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_current() {
        crate::schemas::compare("data.schema.json", &schemars::schema_for!(super::Object).to_value());
    }
}
