//! What happened becomes what is expected: `expect` in the text of sample data, the rest of it as it was.

use std::collections::BTreeSet;
use std::ops::Range;

use air_analysis::diagnostic::TextEdit;
use air_interpreter::value::Value;
use air_semantics::text_edit::apply;
use air_simulation::report::Report;
use air_simulation::sample::text::{Part, whole, without_comments};
use air_syntax::TextRange;

use super::compare::{PerformedCall, error, last_value, made, response, status, waiting_for};
use super::places::member;

/// What to write for one case.
#[derive(Debug)]
pub(super) struct Blessing {
    /// Which case, from 0; `None` for sample data without cases.
    pub(super) case: Option<usize>,
    /// Members of `expect` that do not hold; others are left.
    pub(super) keys: BTreeSet<&'static str>,
    /// The run.
    pub(super) report: Report,
}

/// Services of the conventions of compiled scripts: their calls say nothing that a new `expect` has not got
/// already.
const CONVENTIONS: &[&str] = &["getDataSrv", "callbackSrv", "errorHandlingSrv"];

/// The text with new expectations; `None` if it is not sample data.
pub(super) fn blessed(text: &str, blessings: &[Blessing]) -> Option<String> {
    let plain = without_comments(text);
    let root = whole(&plain).ok()?;
    let common = member(root, "expect");
    let mut edits = Vec::new();
    for blessing in blessings {
        let sample = target(root, blessing.case)?;
        let own = member(sample, "expect");
        let members = match own.or(common) {
            Some(old) => renewed(old, blessing)?,
            None => fresh(&blessing.report),
        };
        match own {
            Some(old) => {
                let indent = indent_at(text, old.range().start);
                edits.push(edit(old.range(), written(&members, indent))?);
            }
            None => edits
                .extend(append(text, sample, |indent| format!("\"expect\": {}", written(&members, indent)))?),
        }
    }
    edits.sort_by_key(|edit| edit.range.start());
    Some(apply(text, &edits))
}

/// The object of a case, or the whole.
pub(super) fn target(root: Part<'_>, case: Option<usize>) -> Option<Part<'_>> {
    match case {
        None => Some(root),
        Some(index) => member(root, "cases")?.items()?.get(index).copied(),
    }
}

/// `None` for texts of 4 GiB and more.
fn edit(range: Range<usize>, new_text: String) -> Option<TextEdit> {
    let range = TextRange::new(range.start.try_into().ok()?, range.end.try_into().ok()?);
    Some(TextEdit { range, new_text })
}

/// Members of an object in text form.
type Members = Vec<(&'static str, Text)>;

enum Text {
    One(String),
    /// An array with an element a line.
    Lines(Vec<String>),
}

/// The members that hold as they stand, the others anew.
fn renewed(old: Part<'_>, blessing: &Blessing) -> Option<Members> {
    let report = &blessing.report;
    let mut members = Vec::new();
    for (_, key, value) in old.members()? {
        let key = *air_simulation::sample::members::EXPECT.iter().find(|known| **known == key)?;
        if !blessing.keys.contains(key) {
            members.push((key, Text::One(value.text().to_owned())));
            continue;
        }
        let new = match key {
            "calls" => Some(calls(&of_listed(&made(report), value))),
            "values" => {
                let names = value.members()?.into_iter().map(|(_, name, _)| name);
                let values =
                    names.filter_map(|name| Some((name.as_str().into(), last_value(report, &name)?)));
                Some(Text::One(Value::object(values.collect()).to_json()))
            }
            key => simple(key, report),
        };
        members.extend(new.map(|new| (key, new)));
    }
    if members.is_empty() {
        members = fresh(report);
    }
    Some(members)
}

/// The calls of functions that a list names already: who lists some calls does not mean all. All if none of them is made
/// any more.
fn of_listed(made: &[PerformedCall], list: Part<'_>) -> Vec<PerformedCall> {
    let text = |call: Part<'_>, key: &str| member(call, key).and_then(|part| part.string());
    let listed: Vec<_> = list
        .items()
        .unwrap_or_default()
        .into_iter()
        .map(|call| (text(call, "service"), text(call, "function")))
        .collect();
    let fits = |wanted: &Option<String>, is: &str| wanted.as_deref().is_none_or(|wanted| wanted == is);
    let is_listed = |call: &&PerformedCall| {
        listed
            .iter()
            .any(|(service, function)| fits(service, &call.service) && fits(function, &call.function))
    };
    let some: Vec<PerformedCall> = made.iter().filter(is_listed).cloned().collect();
    if some.is_empty() { made.to_vec() } else { some }
}

/// What a first run is expected to do again.
fn fresh(report: &Report) -> Members {
    let mut members: Members = Vec::new();
    for key in ["outcome", "response", "error"] {
        members.extend(simple(key, report).map(|new| (key, new)));
    }
    let mut made = made(report);
    made.retain(|call| !CONVENTIONS.contains(&call.service.as_str()));
    if !made.is_empty() {
        members.push(("calls", calls(&made)));
    }
    members.extend(simple("waiting_for", report).map(|new| ("waiting_for", new)));
    members
}

fn simple(key: &str, report: &Report) -> Option<Text> {
    let outcome = &report.outcome;
    let texts = |texts: Vec<String>| Value::array(texts.into_iter().map(Value::string).collect());
    let value = match key {
        "outcome" => Value::from(status(outcome)),
        "response" => response(outcome)?,
        "error" => Value::integer(error(outcome)?),
        "hops" => {
            let hops = report.hops.iter().map(|(from, to)| texts(vec![from.clone(), to.clone()]));
            Value::array(hops.collect())
        }
        "waiting_for" => Some(waiting_for(outcome)).filter(|names| !names.is_empty()).map(texts)?,
        _ => return None,
    };
    Some(Text::One(value.to_json()))
}

fn calls(made: &[PerformedCall]) -> Text {
    let line = |call: &PerformedCall| {
        let quoted = |text: &str| Value::from(text).to_json();
        format!(
            "{{\"peer\": {}, \"service\": {}, \"function\": {}, \"arguments\": {}}}",
            quoted(&call.peer),
            quoted(&call.service),
            quoted(&call.function),
            Value::array(call.arguments.clone()).to_json()
        )
    };
    Text::Lines(made.iter().map(line).collect())
}

/// An object with a member a line; `indent` is that of the line it begins on.
fn written(members: &Members, indent: &str) -> String {
    let lines: Vec<String> = members
        .iter()
        .map(|(key, text)| match text {
            Text::One(text) => format!("{indent}  \"{key}\": {text}"),
            Text::Lines(lines) if lines.is_empty() => format!("{indent}  \"{key}\": []"),
            Text::Lines(lines) => {
                let items: Vec<String> = lines.iter().map(|line| format!("{indent}    {line}")).collect();
                format!("{indent}  \"{key}\": [\n{}\n{indent}  ]", items.join(",\n"))
            }
        })
        .collect();
    format!("{{\n{}\n{indent}}}", lines.join(",\n"))
}

/// One more member of an object or item of an array, after the others; `item` makes it from the indent of its line.
pub(super) fn append(
    text: &str,
    container: Part<'_>,
    item: impl Fn(&str) -> String,
) -> Option<Vec<TextEdit>> {
    let close = container.range().end.checked_sub(1)?;
    let last = match container.members() {
        Some(members) => members.last().map(|(_, _, value)| value.range().end),
        None => container.items()?.last().map(|item| item.range().end),
    };
    let mut edits = Vec::new();
    if let Some(last) = last {
        // A comma may stand there already; with the zero after it, a trailing one is no mistake.
        let gap = format!("{}0", text.get(last..close)?);
        if !without_comments(&gap).contains(',') {
            edits.push(edit(last..last, ",".to_owned())?);
        }
    }
    let line = text.get(..close)?.rfind('\n').map_or(0, |at| at + 1);
    if line > container.range().start && text.get(line..close)?.trim().is_empty() {
        let outer = text.get(line..close)?;
        let indent = format!("{outer}  ");
        let new = format!("{indent}{}\n", item(&indent));
        edits.push(edit(line..line, new)?);
    } else {
        let indent = indent_at(text, close);
        edits.push(edit(close..close, format!(" {}", item(indent)))?);
    }
    Some(edits)
}

/// The indent of the line around an offset.
fn indent_at(text: &str, at: usize) -> &str {
    let before = text.get(..at).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.get(start..).unwrap_or_default();
    line.get(..line.len() - line.trim_start_matches([' ', '\t']).len()).unwrap_or_default()
}
