//! Peers, services and functions that sample data names, and where: what a rename must reach.

use std::ops::Range;

use super::text::{Part, whole, without_comments};

/// What a name in sample data names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// A peer.
    Peer,
    /// A service.
    Service,
    /// A function of that service, or of any.
    Function(Option<String>),
}

/// A name in sample data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleName {
    /// The kind of thing that has the name.
    pub named: Named,
    /// The name as it is written, of a peer with its `@`.
    pub name: String,
    /// Where it stands in the text, without its quotes.
    pub range: Range<usize>,
}

/// All of them, in text order; none if the text is not JSON.
pub fn names(text: &str) -> Vec<SampleName> {
    let plain = without_comments(text);
    let mut found = Vec::new();
    if let Ok(sample) = whole(&plain) {
        case(sample, &mut found);
    }
    found.sort_by_key(|name| name.range.start);
    found
}

/// A whole sample, or one of its cases, which have no cases themselves.
fn case(sample: Part<'_>, found: &mut Vec<SampleName>) {
    for (_, key, value) in sample.members().unwrap_or_default() {
        match key.as_str() {
            "services" => value.items().unwrap_or_default().into_iter().for_each(|rule| call(rule, found)),
            "peers" => {
                value.items().unwrap_or_default().into_iter().for_each(|it| add(it, Named::Peer, found))
            }
            "init_peer" => add(value, Named::Peer, found),
            "expect" => expect(value, found),
            "cases" => {
                for inner in value.items().unwrap_or_default() {
                    let members = inner.members().unwrap_or_default();
                    // Cases in cases are not sample data; nothing here goes deeper than that.
                    if !members.iter().any(|(_, key, _)| key == "cases") {
                        case(inner, found);
                    }
                }
            }
            _ => {}
        }
    }
}

fn expect(expected: Part<'_>, found: &mut Vec<SampleName>) {
    for (_, key, value) in expected.members().unwrap_or_default() {
        let items = value.items().unwrap_or_default().into_iter();
        match key.as_str() {
            "calls" => items.for_each(|it| call(it, found)),
            "hops" => items
                .flat_map(|hop| hop.items().unwrap_or_default())
                .for_each(|it| add(it, Named::Peer, found)),
            _ => {}
        }
    }
}

/// A rule of a service, or a call that is expected.
fn call(part: Part<'_>, found: &mut Vec<SampleName>) {
    let members = part.members().unwrap_or_default();
    let service = members.iter().find(|(_, key, _)| key == "service").and_then(|(_, _, it)| it.string());
    for (_, key, value) in members {
        match key.as_str() {
            "peer" => add(value, Named::Peer, found),
            "service" => add(value, Named::Service, found),
            "function" => add(value, Named::Function(service.clone().filter(|it| it != "*")), found),
            _ => {}
        }
    }
}

fn add(part: Part<'_>, named: Named, found: &mut Vec<SampleName>) {
    let Some(name) = part.string().filter(|name| name != "*") else { return };
    let range = part.range();
    // What is written with escapes is left alone.
    if range.len() == name.len() + 2 {
        found.push(SampleName { named, name, range: range.start + 1..range.end - 1 });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_rules_cases_and_expectations() {
        let text = r#"{ // a comment
  "peers": ["@shop"], "given": { "peer": "x" },
  "services": [{ "peer": "@shop", "service": "stock", "function": "price", "answer": { "ok": { "peer": "no" } } },
               { "service": "*", "function": "any" }],
  "cases": [{ "name": "n", "services": [{ "service": "s\u0041" }],
              "expect": { "calls": [{ "function": "order" }], "hops": [["@a", "@b"]] } }],
}"#;
        let shown: Vec<_> = names(text)
            .into_iter()
            .map(|it| {
                assert_eq!(text.get(it.range), Some(it.name.as_str()));
                format!("{:?} {}", it.named, it.name)
            })
            .collect();
        let expected = [
            "Peer @shop",
            "Peer @shop",
            "Service stock",
            "Function(Some(\"stock\")) price",
            "Function(None) any",
            "Function(None) order",
            "Peer @a",
            "Peer @b",
        ];
        assert_eq!(shown, expected);
        assert_eq!(names("{"), []);
    }
}
