//! No view of a report forgets a field: each field of the JSON schema stands in a list that says for every view that it is
//! shown, which its source has to prove, or why not.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Why a view leaves a field out.
const REASONS: [(char, &str); 8] = [
    ('t', "it is in the sentence of `outcome.text`"),
    ('j', "other fields say the same in the form that this view needs; it is there for programs"),
    ('d', "a detail of a place, of which this view says the rest"),
    ('n', "a number that no decision of a reader rests on"),
    ('p', "a picture is of events, this is of places"),
    ('e', "an editor shows what belongs to a place of the script"),
    ('l', "the reader has set it"),
    ('b', "told before the run, at its place in script or sample data"),
];

/// Field, then whether people (`air run`), pictures and editors are shown it: `+`, or the letter of a reason.
const FIELDS: &str = "
Report.array_length + p e      Report.coverage + p +        Report.dropped j j j
Report.duplicated + j e        Report.duration + n e        Report.errors + + +
Report.events + + e            Report.executed + p +        Report.final + n e
Report.hops j j e              Report.init_peer + j j       Report.limits l l l
Report.lost + + e              Report.made_up + + +         Report.not_executed + p +
Report.outcome + + +           Report.peers j + e           Report.printed + p e
Report.problems b b b          Report.remarks + p +         Report.requests j + j
Report.schedule + + e          Report.steps + j j           Report.stopped t t +
Report.values + p +            Report.version j j j
Outcome.by + t t               Outcome.failures + t j       Outcome.responses + t t
Outcome.root + t t             Outcome.status + + +         Outcome.text + + +
Outcome.unheard t t t          Outcome.waiting t + +
Schedule.answers + + e         Schedule.expired + j e       Schedule.order + + e        Schedule.ttl + + e
Event.answers j + e            Event.asked + + e            Event.causes j + e          Event.from + + e
Event.kind + + e               Event.number n + e           Event.order + + e           Event.peer + + e
Event.ret_code j + e           Event.sent + + e             Event.time n + e
Asked.function + + e           Asked.id n + e               Asked.nobody + d e          Asked.service + + e
Asked.fate + + e               Sent.copy d + e              Sent.to + + e               Sent.fate + + e
Response.after_error + d d     Response.range d d d         Response.values + t t
Failure.after_response t t t   Failure.code + t j           Failure.handled + d d       Failure.message j j j
Failure.peer d d j             Failure.range + t j          Failure.text + t j
Waiting.iteration + d d        Waiting.peer d + +           Waiting.range + d +         Waiting.reason j + j
Waiting.text + + +
NotExecuted.instructions d p d NotExecuted.range + p +      NotExecuted.reason j p j    NotExecuted.text + p +
Executed.call + p +            Executed.complete d p d      Executed.peers + p d        Executed.range + p +
Executed.times + p d
Request.id j + j               Request.peer j + j           Request.range j + j
Values.count + p +             Values.instruction + p j     Values.name + p +           Values.range + p +
Values.role + p +              Values.values + p +
ValueAt.cid d p +              ValueAt.iteration + p +      ValueAt.made_up + p +       ValueAt.peer + p +
ValueAt.tetraplets d p +       ValueAt.value + p +
Shown.json d p +               Shown.short + p +            Shown.size d p +
RunError.again + d +           RunError.caught_by + d +     RunError.code + + +         RunError.iteration d d d
RunError.message j j j         RunError.peer + d +          RunError.range + + +        RunError.text + + +
MadeUp.count n p n             MadeUp.range j + j           MadeUp.value + p j          MadeUp.what + p j
Remark.class j p +             Remark.peer d p d            Remark.range + p +          Remark.text + p +
Printed.peer + p e             Printed.text + p e           Problem.message b b b       Problem.range b b b
Coverage.calls + n n           Coverage.calls_executed + n n
Coverage.executed + n +        Coverage.instructions + n +
Duration.instructions n n n    Duration.invocations + n n   Duration.simulated_ms + j j Duration.steps j j j
Limits.max_instructions l l l  Limits.max_memory l l l      Limits.max_steps l l l      Limits.value_bytes l l l
Limits.values l l l
";

/// Types of which every field is part of what holds it: a place, a kind of reason, a value.
const PARTS: [&str; 5] = ["Span", "Iteration", "Tetraplet", "Json", "EventKind"];

/// The sources of a view, without tests.
fn source(files: &[&str]) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = String::new();
    for file in files {
        let path = root.join(file);
        let mut files: Vec<_> = match path.is_dir() {
            true => std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()).collect(),
            false => vec![path],
        };
        files.sort();
        for path in files {
            let text = std::fs::read_to_string(&path).unwrap();
            all.push_str(text.split("#[cfg(test)]").next().unwrap());
        }
    }
    all
}

/// Whether a source reads a field of that name.
fn reads(source: &str, field: &str) -> bool {
    // What a keyword of Rust or the words of another type keep from being the field's name there.
    let field = if field == "final" { "kept" } else { field };
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    source.match_indices(field).any(|(at, _)| {
        let before = source[..at].trim_end();
        let after = source[at + field.len()..].chars().next();
        (before.ends_with('.') || before.ends_with('{') || before.ends_with(','))
            && !after.is_some_and(is_name)
    })
}

#[test]
fn views_show_each_field_or_say_why_not() {
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../schemas/run.schema.json")).unwrap();
    let definitions = schema["$defs"].as_object().unwrap();
    let mut fields = BTreeSet::new();
    let whole = std::iter::once(("Report", &schema));
    for (name, definition) in whole.chain(definitions.iter().map(|(name, it)| (name.as_str(), it))) {
        let Some(properties) = definition["properties"].as_object() else { continue };
        if !PARTS.contains(&name) {
            fields.extend(properties.keys().map(|field| format!("{name}.{field}")));
        }
    }
    let views = [
        source(&[
            "src/commands/run.rs",
            "src/commands/run",
            "../interpreter/simulation/src/report/beside.rs",
            "../interpreter/simulation/src/report/outcome.rs",
        ]),
        source(&["service/src/diagram.rs", "service/src/diagram"]),
        source(&["service/src/features/run", "service/src/features/knowledge/values.rs"]),
    ];
    let words: Vec<&str> = FIELDS.split_whitespace().collect();
    let mut listed = BTreeMap::new();
    for entry in words.chunks(4) {
        let [field, people, picture, editor] = entry else { panic!("{entry:?}") };
        assert!(listed.insert((*field).to_owned(), [*people, *picture, *editor]).is_none(), "{field} twice");
    }
    // The fate of what was sent or asked is one of several objects in the same place.
    let known: BTreeSet<String> = listed.keys().filter(|field| !field.ends_with(".fate")).cloned().collect();
    let missing: Vec<_> = fields.difference(&known).collect();
    assert!(missing.is_empty(), "say for each view whether it shows them, or why not: {missing:?}");
    let stale: Vec<_> = known.difference(&fields).collect();
    assert!(stale.is_empty(), "no such fields: {stale:?}");
    let mut wrong = Vec::new();
    for (field, marks) in &listed {
        let (_, name) = field.split_once('.').unwrap();
        for (mark, (view, source)) in marks.iter().zip(["people", "picture", "editor"].iter().zip(&views)) {
            let is_reason = REASONS.iter().any(|(letter, _)| mark.chars().eq([*letter]));
            if *mark == "+" && !reads(source, name) {
                wrong.push(format!("{field}: the view for {view} does not read it"));
            } else if *mark != "+" && !is_reason {
                wrong.push(format!("{field}: `{mark}` is not a reason"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
