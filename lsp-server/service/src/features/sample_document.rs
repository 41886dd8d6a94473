//! `NAME.sample.json` as an open document: what is wrong in it, which keys fit and what they are for, a lens for each case.
//!
//! Clients may open such documents; other features do not take them for scripts.

use std::sync::LazyLock;

use air_semantics::Script;
use air_simulation::sample::{Problem, from_json, unmatched};
use air_syntax::TextSize;
use serde_json::{Value, json};

use super::markup::Section;
use super::run;
use super::sample::range;
use crate::document::Document;
use crate::lsp;
use crate::snapshot::Snapshot;

/// The schema that keys come from.
static SCHEMA: LazyLock<Value> = LazyLock::new(crate::sample_schema::schema);

/// Members that only tools write.
const NOT_OFFERED: [&str; 3] = ["$schema", "expected", "differs_in_0_62"];

/// Errors of the sample data, and what its script never asks for, each at its place.
pub(super) fn problems(snapshot: &Snapshot) -> Vec<lsp::Diagnostic> {
    let text = &snapshot.document.text;
    let (_, problems) = from_json(text);
    let script = snapshot.script_of_sample().and_then(|uri| snapshot.document_at(&uri));
    let script = script.filter(|script| problems.is_empty() && !script.too_large());
    let unmatched = script.map(|script| unmatched(text, &Script::new(&*script.text))).unwrap_or_default();
    let shown = |problem: Problem, severity| lsp::Diagnostic {
        range: snapshot.range(range(problem.range.start, problem.range.end)),
        severity: Some(severity),
        source: Some("air sample".to_owned()),
        message: problem.message,
        ..Default::default()
    };
    let errors = problems.into_iter().map(|problem| shown(problem, lsp::DiagnosticSeverity::ERROR));
    errors.chain(unmatched.into_iter().map(|it| shown(it, lsp::DiagnosticSeverity::WARNING))).collect()
}

/// A lens above each case, and one above sample data without any.
pub(super) fn lenses(snapshot: &Snapshot) -> Vec<lsp::CodeLens> {
    let Some(script) = snapshot.script_of_sample() else { return Vec::new() };
    let (sample, _) = from_json(&snapshot.document.text);
    let lens = |at: usize, title: String, case: Option<&str>| {
        let start = snapshot.position(range(at, at).start());
        let argument = json!({ "uri": script, "sample": true, "case": case });
        lsp::CodeLens {
            range: lsp::Range { start, end: start },
            command: Some(lsp::Command {
                title,
                command: run::command::COMMAND.to_owned(),
                arguments: Some(vec![argument]),
            }),
            data: None,
        }
    };
    let begin = snapshot.document.text.find('{').unwrap_or_default();
    let whole = (begin, "▶ Run".to_owned(), None);
    let cases = sample
        .cases
        .iter()
        .map(|(case, range)| (range.start, format!("▶ Run {}", case.name), Some(case.name.as_str())));
    std::iter::once(whole).chain(cases).map(|(at, title, case)| lens(at, title, case)).collect()
}

/// Keys that fit at the cursor, words where only certain ones may stand.
pub(super) fn completion(snapshot: &Snapshot, at: lsp::Position) -> lsp::CompletionList {
    let offset = usize::from(snapshot.offset(at));
    let place = place(&snapshot.document, offset);
    let quoted = snapshot.range(range(place.start, place.end));
    let mut items: Vec<(String, Option<String>, lsp::CompletionItemKind)> = Vec::new();
    for schema in meant(&place.path) {
        if place.key {
            let properties = schema.get("properties").and_then(Value::as_object);
            for (key, about) in properties.into_iter().flatten() {
                let known = place.present.contains(key) || items.iter().any(|(label, ..)| label == key);
                if !known && !NOT_OFFERED.contains(&&**key) {
                    items.push((
                        key.clone(),
                        text(about).or_else(|| text(schema)),
                        lsp::CompletionItemKind::PROPERTY,
                    ));
                }
            }
        } else if let Some(word) = schema.get("const").and_then(Value::as_str) {
            items.push((word.to_owned(), text(schema), lsp::CompletionItemKind::ENUM_MEMBER));
        }
    }
    let colon = place.key && !place.followed;
    let items = items.into_iter().map(|(label, about, kind)| lsp::CompletionItem {
        filter_text: Some(format!("\"{label}\"")),
        text_edit: Some(lsp::CompletionTextEdit::Edit(lsp::TextEdit {
            range: quoted,
            new_text: format!("\"{label}\"{}", if colon { ": " } else { "" }),
        })),
        documentation: about.map(lsp::Documentation::String),
        label,
        kind: Some(kind),
        ..Default::default()
    });
    lsp::CompletionList { is_incomplete: false, items: items.collect() }
}

/// What the key or word at an offset is for.
pub(super) fn about(snapshot: &Snapshot, offset: TextSize) -> Option<Section> {
    let place = place(&snapshot.document, offset.into());
    let quoted = snapshot.document.text.get(place.start..place.end)?;
    let word: String = serde_json::from_str(quoted).ok()?;
    let told = meant(&place.path).into_iter().find_map(|schema| {
        if place.key {
            let key = schema.get("properties")?.get(&word)?;
            return resolved(vec![key]).into_iter().find_map(text);
        }
        text(schema).filter(|_| schema.get("const").and_then(Value::as_str) == Some(&word))
    });
    Some(Section { range: range(place.start, place.end), markdown: told? })
}

fn text(schema: &Value) -> Option<String> {
    schema.get("description").and_then(Value::as_str).map(str::to_owned)
}

/// A step into JSON: the member of an object, or an element of an array.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Member(String),
    Element,
}

/// Where the cursor stands.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    /// From the outside in.
    path: Vec<Step>,
    /// Whether a key belongs here, rather than a value.
    key: bool,
    /// Keys that the object has before the cursor.
    present: Vec<String>,
    /// The string around the cursor, or the cursor.
    start: usize,
    end: usize,
    /// Whether a colon follows already.
    followed: bool,
}

/// A container that is open at the cursor.
struct Open {
    object: bool,
    /// Keys so far; the last one's value is being written while `value` is set.
    keys: Vec<String>,
    value: bool,
}

/// Reads up to the cursor; what follows it may be missing. Unfinished JSON is the usual case here.
fn place(document: &Document, cursor: usize) -> Place {
    let whole = document.text.as_bytes();
    // Trailing commas are removed with the comments; the added `0` keeps one before the cursor.
    let before = format!("{}0", document.text.get(..cursor).unwrap_or_default());
    let text = air_simulation::sample::text::without_comments(&before);
    let bytes = text.as_bytes();
    let mut open: Vec<Open> = Vec::new();
    let mut at = 0;
    let (mut start, mut end) = (cursor, cursor);
    while at < cursor {
        match bytes.get(at) {
            Some(b'{' | b'[') => {
                let object = bytes.get(at) == Some(&b'{');
                open.push(Open { object, keys: Vec::new(), value: false });
            }
            Some(b'}' | b']') => drop(open.pop()),
            Some(b':') => {
                if let Some(open) = open.last_mut() {
                    open.value = true;
                }
            }
            Some(b',') => {
                if let Some(open) = open.last_mut() {
                    open.value = false;
                }
            }
            Some(b'"') => {
                let close = string_end(bytes, at);
                if close > cursor {
                    (start, end) = (at, string_end(whole, at).min(line_end(whole, at)));
                    break;
                }
                if let Some(open) = open.last_mut().filter(|open| open.object && !open.value) {
                    let key = text.get(at..close).and_then(|key| serde_json::from_str(key).ok());
                    open.keys.push(key.unwrap_or_default());
                }
                at = close;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    let step = |open: &Open| match open.keys.last() {
        Some(key) if open.object => Step::Member(key.clone()),
        _ => Step::Element,
    };
    let key = open.last().is_some_and(|open| open.object && !open.value);
    let inner = usize::from(key).min(open.len());
    let path = open.iter().take(open.len() - inner).map(step).collect();
    let rest = whole.get(end..).unwrap_or_default();
    let followed = rest.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':');
    let present = open.last().map(|open| open.keys.clone()).unwrap_or_default();
    Place { path, key, present, start, end, followed }
}

/// The offset after the string that begins there; a string that is not closed ends with its line.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            b'\n' => return at,
            _ => at += 1,
        }
    }
    bytes.len() + 1
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len())
}

/// All parts of the schema that may stand at the end of a path, references and choices resolved.
fn meant(path: &[Step]) -> Vec<&'static Value> {
    let mut now = resolved(vec![&SCHEMA]);
    for step in path {
        let next = now.iter().filter_map(|schema| match step {
            Step::Member(key) => schema
                .pointer("/properties")
                .and_then(|properties| properties.get(key))
                .or_else(|| schema.get("additionalProperties")),
            Step::Element => schema.get("items"),
        });
        now = resolved(next.collect());
    }
    now
}

fn resolved(mut rest: Vec<&'static Value>) -> Vec<&'static Value> {
    let mut found = Vec::new();
    while let Some(schema) = rest.pop() {
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            rest.extend(SCHEMA.pointer(target.trim_start_matches('#')));
        }
        for choice in ["anyOf", "oneOf"] {
            rest.extend(schema.get(choice).and_then(Value::as_array).into_iter().flatten().rev());
        }
        found.push(schema);
    }
    found
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::features::fixture::{open_at, text_at, underlined};

    fn sample(text: &str) -> Snapshot {
        open_at("file:///dir/script.sample.json", text)
    }

    #[test]
    fn what_is_wrong_stands_at_its_place() {
        let check = |text: &str, expected: Expect| {
            let snapshot = sample(text);
            let marks = problems(&snapshot).into_iter().map(|found| (found.range, found.message)).collect();
            expected.assert_eq(&underlined(&snapshot, marks));
        };
        check(
            "{ // é\n  \"servces\": [],\n  \"expect\": {\"outcome\": \"done\"},\n}\n",
            expect![[r#"
                { // é
                  "servces": [],
                  ^^^^^^^^^ unknown member `servces`; did you mean `services`?
                  "expect": {"outcome": "done"},
                                        ^^^^^^ expected one of completed, failed, waiting, stopped, unheard
                }
            "#]],
        );
        check(
            "{\n  \"given\": {\"x\": tru}\n}\n",
            expect![[r#"
            {
              "given": {"x": tru}
                                ^ not valid JSON: expected ident
            }
        "#]],
        );
        check(
            "{}",
            expect![[r#"
            {}
        "#]],
        );
    }

    #[track_caller]
    fn keys(marked: &str, expected: Expect) {
        let at = marked.find("$0").unwrap();
        let snapshot = sample(&marked.replacen("$0", "", 1));
        let position = snapshot.position(u32::try_from(at).unwrap().into());
        let items = completion(&snapshot, position).items;
        let edits: Vec<_> = items
            .iter()
            .map(|item| match &item.text_edit {
                Some(lsp::CompletionTextEdit::Edit(edit)) => {
                    format!("{} {}-{}\n", edit.new_text, edit.range.start.character, edit.range.end.character)
                }
                _ => panic!("{item:?}"),
            })
            .collect();
        expected.assert_eq(&edits.concat());
    }

    #[test]
    fn keys_that_fit() {
        keys(
            "{\"name\": \"a\", $0}",
            expect![[r#"
                "about":  14-14
                "air":  14-14
                "answers":  14-14
                "any_peer":  14-14
                "behind":  14-14
                "cases":  14-14
                "expect":  14-14
                "faults":  14-14
                "given":  14-14
                "init_peer":  14-14
                "kind":  14-14
                "limits":  14-14
                "order":  14-14
                "particle":  14-14
                "peers":  14-14
                "services":  14-14
                "tags":  14-14
            "#]],
        );
        keys(
            "{\"services\": [{\"peer\": \"@a\", \"f$0",
            expect![[r#"
            "answer":  29-31
            "function":  29-31
            "service":  29-31
        "#]],
        );
        keys(
            "{\"services\": [{\"answer\": {\"seq\": [{\"$0\": 1}]}}]}",
            expect![[r#"
            "ok" 35-37
            "err" 35-37
            "echo" 35-37
            "args" 35-37
            "tetraplets" 35-37
            "seq" 35-37
            "by_arg" 35-37
            "raw" 35-37
        "#]],
        );
        keys(
            "{\"cases\": [{\"name\": \"a\"}, {\"expect\": {\"outcome\": $0}}]}",
            expect![[r#"
                "completed" 49-49
                "failed" 49-49
                "waiting" 49-49
                "stopped" 49-49
                "unheard" 49-49
            "#]],
        );
        keys(
            "{ // {,\n \"particle\": {\"ttl\": 1, // ,\n $0\n}}",
            expect![[r#"
            "particle_id":  1-1
            "timestamp":  1-1
        "#]],
        );
        keys("{\"given\": {\"x\": {$0", expect![[r#""#]]);
        keys("$0", expect![[r#""#]]);
    }

    #[test]
    fn what_keys_and_words_are_for() {
        let hovered = |marked: &str| {
            let at = marked.find("$0").unwrap();
            let snapshot = sample(&marked.replacen("$0", "", 1));
            let told = about(&snapshot, u32::try_from(at).unwrap().into());
            let word = |told: &Section| text_at(&snapshot, snapshot.range(told.range));
            told.map(|told| format!("{}: {}", word(&told), told.markdown))
        };
        let shown = [
            "{\"ser$0vices\": []}",
            "{\"services\": [{\"answer\": {\"ec$0ho\": true}}]}",
            "{\"expect\": {\"outcome\": \"fai$0led\"}}",
            "{\"gi$0ven\": {\"x\": 1}}",
            "{\"given\": {\"x$0y\": 1}}",
            "{\"servi$0ses\": []}",
            "{ $0 }",
        ]
        .map(|marked| format!("{:?}\n", hovered(marked)));
        expect![[r#"
            Some("\"services\": What services answer; the first rule that fits.")
            None
            Some("\"failed\": An error reached the initiator, or nothing caught it.")
            Some("\"given\": What the host supplies by name: the script's parameters and variables of `; air: given`.")
            None
            None
            None
        "#]]
        .assert_eq(&shown.concat());
    }

    #[test]
    fn a_lens_for_each_case() {
        let shown: Vec<_> =
            lenses(&sample("{\n \"cases\": [\n  {\"name\": \"a\"},\n  {\"name\": \"b\"}\n ]\n}"))
                .into_iter()
                .map(|lens| {
                    let command = lens.command.unwrap();
                    format!(
                        "{}: {} {}\n",
                        lens.range.start.line,
                        command.title,
                        command.arguments.unwrap()[0]
                    )
                })
                .collect();
        expect![[r#"
            0: ▶ Run {"case":null,"sample":true,"uri":"file:///dir/script.air"}
            2: ▶ Run a {"case":"a","sample":true,"uri":"file:///dir/script.air"}
            3: ▶ Run b {"case":"b","sample":true,"uri":"file:///dir/script.air"}
        "#]]
        .assert_eq(&shown.concat());
    }
}
