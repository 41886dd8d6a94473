//! A report beside the source: what is to be said at each line of the script.

use std::collections::BTreeMap;

use super::types::{Executed, Iteration, Report, Role, ValueAt, Values};
use crate::shorten::{MAX_NOTE_CHARS, shorten};

/// Values of one operand in a line; more are only counted.
const MAX_VALUES_PER_LINE: usize = 3;

/// Something to be said at a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What about.
    pub kind: NoteKind,
    /// What.
    pub text: String,
}

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteKind {
    /// Values that something got.
    Value,
    /// The same, made up.
    MadeUp,
    /// A call without an output was made.
    Ran,
    /// An error that nothing caught.
    Error,
    /// An error that something caught.
    Caught,
    /// Something waits here in some iteration.
    Waits,
    /// Something did not run.
    NotExecuted,
    /// Other hosts act otherwise, or AquaVM itself.
    Remark,
}

/// What is to be said, by line from 1.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Beside {
    /// Notes in the order of the text.
    pub notes: BTreeMap<u32, Vec<Note>>,
    /// Lines of parts that did not run, from the first to the last one of each.
    pub idle: Vec<(u32, u32)>,
}

impl Beside {
    /// Whether a line belongs to a part that did not run.
    pub fn is_idle(&self, line: u32) -> bool {
        let after = self.idle.partition_point(|(first, _)| *first <= line);
        self.idle
            .get(..after)
            .is_some_and(|before| before.iter().rev().take(8).any(|(_, last)| line <= *last))
    }
}

/// What a report says, line by line.
pub fn beside(report: &Report) -> Beside {
    let mut out = Beside::default();
    let mut note = |line: u32, kind: NoteKind, text: String| {
        let notes: &mut Vec<Note> = out.notes.entry(line).or_default();
        if !notes.iter().any(|known| known.text == text) {
            notes.push(Note { kind, text });
        }
    };
    let is_shown = |values: &&Values| !matches!(values.role, Role::Argument | Role::Side);
    let shown = report.values.iter().filter(is_shown);
    let mut with_values: Vec<u32> = Vec::new();
    for values in shown {
        let made_up = values.values.iter().any(|value| value.made_up);
        let kind = if made_up { NoteKind::MadeUp } else { NoteKind::Value };
        note(values.range.line, kind, of_values(values, &report.init_peer, made_up));
        with_values.push(values.instruction.start);
    }
    with_values.sort_unstable();
    for call in report.executed.iter().filter(|executed| executed.call) {
        let failed = report.errors.iter().any(|error| error.range == Some(call.range));
        if with_values.binary_search(&call.range.start).is_err() && !failed {
            note(call.range.line, NoteKind::Ran, of_call(call, &report.init_peer));
        }
    }
    for error in &report.errors {
        let Some(range) = error.range else { continue };
        let (kind, end) = match error.caught_by {
            None => (NoteKind::Error, String::new()),
            Some(by) => (NoteKind::Caught, format!(" (caught at line {})", by.line)),
        };
        let peer = on(&error.peer, &report.init_peer);
        let word = if error.again { "again " } else { "" };
        note(range.line, kind, format!("{word}error {}{peer}: {}{end}", error.code, one_line(&error.text)));
    }
    for remark in &report.remarks {
        let Some(range) = remark.range else { continue };
        note(range.line, NoteKind::Remark, remark.text.clone());
    }
    for part in &report.not_executed {
        note(part.range.line, NoteKind::NotExecuted, format!("not run: {}", part.text));
        out.idle.push((part.range.line, part.range.end_line));
    }
    let mut waits: BTreeMap<(u32, &str), Vec<String>> = BTreeMap::new();
    for wait in &report.outcome.waiting {
        waits.entry((wait.range.line, &wait.text)).or_default().push(place(&wait.iteration));
    }
    for ((line, text), places) in waits {
        let notes: &mut Vec<Note> = out.notes.entry(line).or_default();
        if !notes.iter().any(|known| known.kind == NoteKind::NotExecuted) {
            let times = if places.len() > 1 { format!(" ×{}", places.len()) } else { places.concat() };
            let word = if text.starts_with("waits") { "" } else { "waits: " };
            notes.push(Note { kind: NoteKind::Waits, text: format!("{word}{text}{times}") });
        }
    }
    out
}

/// The script with what is to be said as comments at the ends of its lines.
///
/// ```
/// use air_simulation::report::as_comments;
/// use air_simulation::run::{RunRequest, run};
///
/// let text = r#"(call %init_peer_id% ("math" "add") [2 3] five)"#;
/// let report = run(&RunRequest { text: text.to_owned(), ..RunRequest::default() })?;
/// assert_eq!(as_comments(&report, text), format!("{text} ; five = 5\n"));
/// # Ok::<(), air_simulation::run::RunProblem>(())
/// ```
pub fn as_comments(report: &Report, text: &str) -> String {
    let beside = beside(report);
    let mut out = String::with_capacity(2 * text.len());
    for (number, line) in (1..).zip(text.lines()) {
        out.push_str(line);
        if let Some(notes) = beside.notes.get(&number) {
            let texts: Vec<&str> = notes.iter().map(|note| note.text.as_str()).collect();
            out.push_str(" ; ");
            out.push_str(&texts.join(" · "));
        }
        out.push('\n');
    }
    out
}

fn of_values(values: &Values, init_peer: &str, made_up: bool) -> String {
    let mut text = format!("{} = ", values.name);
    let shown = values.values.iter().take(MAX_VALUES_PER_LINE).collect::<Vec<_>>();
    // Where a fold stood says nothing about its elements.
    let with_peer = values.role != Role::Iterator;
    let one_peer = !with_peer || shown.windows(2).all(|pair| matches!(pair, [a, b] if a.peer == b.peer));
    for (index, value) in shown.iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        text.push_str(&value.value.short);
        if !one_peer {
            text.push_str(&on(&value.peer, ""));
        }
    }
    if values.count > shown.len() as u64 {
        text.push_str(&format!(", … ×{}", values.count));
    }
    if let (true, Some(ValueAt { peer, .. })) = (one_peer && with_peer, shown.first()) {
        text.push_str(&on(peer, init_peer));
    }
    if made_up {
        text.push_str(" (made up)");
    }
    text
}

fn of_call(call: &Executed, init_peer: &str) -> String {
    let times = if call.times > 1 { format!(" ×{}", call.times) } else { String::new() };
    format!("called{times}{}", on(&call.peers.join(", "), init_peer))
}

/// ` on PEER`, unless it is the one that goes without saying.
fn on(peer: &str, but: &str) -> String {
    if peer == but { String::new() } else { format!(" on {peer}") }
}

/// ` in element 3 of line…`: the indices alone.
fn place(iteration: &[Iteration]) -> String {
    if iteration.is_empty() {
        return String::new();
    }
    let index = |at: &Iteration| {
        if at.round > 0 { format!("{}/{}", at.round, at.index) } else { at.index.to_string() }
    };
    format!(" [{}]", iteration.iter().map(index).collect::<Vec<_>>().join(","))
}

fn one_line(message: &str) -> String {
    let line = message.split(['\n', '\r']).next().unwrap_or_default();
    shorten(line, MAX_NOTE_CHARS).into_owned()
}
