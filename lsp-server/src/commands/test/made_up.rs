//! What a run made up, written into its sample data, so that the next run needs nothing made up.

use std::collections::BTreeMap;

use air_interpreter::value::Value;
use air_semantics::text_edit::apply;
use air_simulation::report::{Json, MadeUp};
use air_simulation::sample::text::{whole, without_comments};

use super::bless::{append, target};
use super::places::member;

/// Why made-up values cannot be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NotWritten {
    /// It is not sample data.
    NotSampleData,
    /// Two calls of one function got different values, which rules cannot tell apart.
    Different(String),
}

impl std::fmt::Display for NotWritten {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            NotWritten::NotSampleData => f.write_str("is not sample data"),
            NotWritten::Different(what) => {
                write!(f, "several calls of {what} got different made-up values: give its answers yourself")
            }
        }
    }
}

/// The text with rules for answers and values for parameters that were made up for a case. `any_peer`: any text in a
/// peer's place is a peer, as where values are made up.
pub(super) fn written(
    text: &str,
    case: Option<usize>,
    made: &[MadeUp],
    any_peer: bool,
) -> Result<String, NotWritten> {
    let (mut given, mut rules) = (BTreeMap::new(), BTreeMap::new());
    for made in made {
        let value = made.value.json.as_ref().map(Json::value).unwrap_or_default();
        let (service, function) = made.what.rsplit_once('.').unwrap_or(("getDataSrv", &made.what));
        let old = if service == "getDataSrv" {
            given.insert(function, value.to_json())
        } else {
            rules.insert((service, function), value.to_json())
        };
        if old.is_some_and(|old| old != value.to_json()) {
            return Err(NotWritten::Different(made.what.clone()));
        }
    }
    let quoted = |text: &str| Value::from(text).to_json();
    let given = given.iter().map(|(name, value)| format!("{}: {value}", quoted(name)));
    let rules = rules.iter().map(|((service, function), value)| {
        let (service, function) = (quoted(service), quoted(function));
        format!("{{\"service\": {service}, \"function\": {function}, \"answer\": {{\"ok\": {value}}}}}")
    });
    let mut text = added(text, case, "given", ('{', '}'), &given.collect::<Vec<_>>())?;
    text = added(&text, case, "services", ('[', ']'), &rules.collect::<Vec<_>>())?;
    let plain = without_comments(&text);
    let root = whole(&plain).map_err(|_| NotWritten::NotSampleData)?;
    if any_peer && member(root, "any_peer").is_none() {
        let edits = append(&text, root, |_| "\"any_peer\": true".to_owned());
        return Ok(apply(&text, &edits.ok_or(NotWritten::NotSampleData)?));
    }
    Ok(text)
}

/// The text with more items in a member of a case, which gets that member if it has none.
fn added(
    text: &str,
    case: Option<usize>,
    key: &str,
    (open, close): (char, char),
    items: &[String],
) -> Result<String, NotWritten> {
    if items.is_empty() {
        return Ok(text.to_owned());
    }
    let plain = without_comments(text);
    let root = whole(&plain).map_err(|_| NotWritten::NotSampleData)?;
    let sample = target(root, case).ok_or(NotWritten::NotSampleData)?;
    let lines = |indent: &str| items.join(&format!(",\n{indent}"));
    let edits = match member(sample, key) {
        Some(present) => append(text, present, lines),
        None => append(text, sample, |indent| {
            let inner = format!("{indent}  ");
            format!("\"{key}\": {open}\n{inner}{}\n{indent}{close}", lines(&inner))
        }),
    };
    Ok(apply(text, &edits.ok_or(NotWritten::NotSampleData)?))
}

#[cfg(test)]
mod tests {
    use air_simulation::run::{RunRequest, run};
    use expect_test::expect;

    use super::*;

    fn made(script: &str) -> Vec<MadeUp> {
        let request = RunRequest { text: script.to_owned(), make_up: true, ..RunRequest::default() };
        run(&request).unwrap().made_up
    }

    #[test]
    fn rules_and_parameters() {
        let made = made(
            "(seq (call %init_peer_id% (\"getDataSrv\" \"n\") [] n) (call \"@a\" (\"s.t\" \"f\") [n] x))",
        );
        let text = written("{\n  // why\n  \"services\": [{\"function\": \"g\"}]\n}\n", None, &made, true);
        expect![[r#"
            {
              // why
              "services": [{"function": "g"}, {"service": "s.t", "function": "f", "answer": {"ok": "f"}}],
              "given": {
                "n": "n"
              },
              "any_peer": true
            }
        "#]]
        .assert_eq(&text.unwrap());
        let text = written("{\"cases\": [{\"name\": \"a\"}]}", Some(0), &made[1..], false).unwrap();
        let (sample, problems) = air_simulation::sample::from_json(&text);
        assert!(problems.is_empty() && sample.cases[0].0.services.len() == 1, "{text}");
    }

    #[test]
    fn what_rules_cannot_tell_apart() {
        let made = made(
            "(seq (call \"@a\" (\"s\" \"f\") [] x) (seq (call \"@a\" (\"s\" \"f\") [] y) (call \"@a\" (\"s\" \"g\") [x.$.a y.$.b])))",
        );
        assert_eq!(written("{}", None, &made, false), Err(NotWritten::Different("s.f".to_owned())));
    }
}
