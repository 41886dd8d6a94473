//! A report for people: the script with its values beside it, then the particle's route, errors and the outcome.

use air_analysis::Analysis;
use air_simulation::report::{Beside, EventKind, Fate, Note, NoteKind, Report, Status, beside};
use anstyle::{AnsiColor, Style};

use crate::cli::output::{ERROR, FAINT, GOOD, NOTE, Output, STRONG, WARNING, visible};
use crate::cli::wrap::wrap;

use super::trace::{TraceForm, trace as show_trace};

/// Columns of a script beside which notes stand; longer lines have theirs below.
const MAX_SOURCE_COLUMNS: usize = 72;
/// Notes stand beside the source if they have so many columns there.
const MIN_NOTE_COLUMNS: usize = 40;
/// Notes below the source begin no further right.
const MAX_NOTE_INDENT: usize = 24;
/// A note has no more lines.
const MAX_NOTE_LINES: usize = 8;
/// A part that did not run is shown in full up to so many lines.
const MAX_IDLE_LINES: u32 = 6;
/// Made-up values that are listed; the others are counted.
const MAX_MADE_UP_SHOWN: usize = 12;
/// Hops that are shown.
const MAX_HOPS_SHOWN: usize = 24;

const MADE_UP: Style = AnsiColor::Magenta.on_default();

/// Shows a report.
pub(super) fn show(
    name: &str,
    report: &Report,
    analysis: &Analysis,
    trace: Option<TraceForm>,
    output: &mut Output,
) {
    let title = output.paint(STRONG, visible(name)).to_string();
    output.line(title);
    output.line("");
    source(&analysis.text, &beside(report), output);
    output.line("");
    route(report, output);
    order(report, output);
    expired(report, output);
    doubled(report, output);
    for line in report.printed.iter().map(|line| format!("{} printed {}", line.peer, line.text)) {
        output.line(visible(&line));
    }
    made_up(report, output);
    for remark in report.remarks.iter().filter(|remark| remark.range.is_none()) {
        let label = output.paint(WARNING, "note").to_string();
        output.line(format_args!("{label}      {}", visible(&remark.text)));
    }
    if let Some(form) = trace {
        show_trace(report, form, output);
    }
    coverage(report, output);
    outcome(report, output);
}

fn source(text: &str, beside: &Beside, output: &mut Output) {
    let lines: Vec<&str> = text.lines().collect();
    let digits = lines.len().to_string().len();
    let widths = lines.iter().map(|line| line.chars().count()).filter(|width| *width <= MAX_SOURCE_COLUMNS);
    let column = widths.max().unwrap_or_default();
    let mut number = 0;
    while let Some(line) = lines.get(number as usize) {
        number += 1;
        let skipped = skipped(number, beside);
        if skipped > 0 {
            let text = format!("{:digits$} ⋮ {skipped} lines that did not run", "");
            let text = output.paint(FAINT, text).to_string();
            output.line(text);
            number += skipped - 1;
            continue;
        }
        let gutter = output.paint(FAINT, format_args!("{number:digits$} │ ")).to_string();
        let shown = visible(line);
        let width = line.chars().count();
        let shown =
            if beside.is_idle(number) { output.paint(FAINT, shown).to_string() } else { shown.into_owned() };
        let notes = beside.notes.get(&number).map(Vec::as_slice).unwrap_or_default();
        if notes.is_empty() {
            output.line(format_args!("{gutter}{shown}").to_string().trim_end());
            continue;
        }
        let blank = format!("{:digits$} {} ", "", output.paint(FAINT, "│"));
        let mark = output.paint(FAINT, "┊").to_string();
        let beside = output.width().saturating_sub(digits + 3 + column + 3);
        // Beside the source if there is room, else below it from where the line begins.
        let (indent, room) = if output.width() == 0 {
            (column, usize::MAX)
        } else if beside >= MIN_NOTE_COLUMNS {
            (column, beside)
        } else {
            let indent = (line.len() - line.trim_start().len()).min(MAX_NOTE_INDENT);
            (indent, output.width().saturating_sub(digits + 3 + indent + 3).max(16))
        };
        let is_beside = indent == column && width <= column;
        if !is_beside {
            output.line(format_args!("{gutter}{shown}"));
        }
        let mut first = is_beside;
        for note in notes {
            for text in painted(note, room, output) {
                if std::mem::take(&mut first) {
                    output.line(format_args!(
                        "{gutter}{shown}{:pad$} {mark} {text}",
                        "",
                        pad = column - width
                    ));
                } else {
                    output.line(format_args!("{blank}{:indent$} {mark} {text}", ""));
                }
            }
        }
    }
}

/// How many lines from this one on are left out: the inside of a long part that did not run.
fn skipped(number: u32, beside: &Beside) -> u32 {
    let part = beside.idle.iter().find(|(first, last)| *first + 2 == number && last - first > MAX_IDLE_LINES);
    part.map_or(0, |(_, last)| last - number)
}

/// A note in lines of at most so many columns.
fn painted(note: &Note, room: usize, output: &Output) -> Vec<String> {
    let style = match note.kind {
        NoteKind::Value => GOOD,
        NoteKind::MadeUp => MADE_UP,
        NoteKind::Ran | NoteKind::NotExecuted => FAINT,
        NoteKind::Error => ERROR,
        NoteKind::Caught | NoteKind::Waits | NoteKind::Remark => WARNING,
    };
    let text = visible(&note.text);
    let mut lines = if room == usize::MAX { vec![text.into_owned()] } else { wrap(&text, room) };
    if lines.len() > MAX_NOTE_LINES {
        let left: usize = lines.iter().skip(MAX_NOTE_LINES).map(|line| line.chars().count()).sum();
        lines.truncate(MAX_NOTE_LINES);
        lines.push(format!("… {left} more characters, all of them with --json"));
    }
    lines.into_iter().map(|line| output.paint(style, line).to_string()).collect()
}

/// What arrived, in order, and what did not, where it was sent. Hops that follow each other are in one line.
fn route(report: &Report, output: &mut Output) {
    let mut hops: Vec<(&str, &str, Option<String>)> = Vec::new();
    for event in &report.events {
        let Some(peer) = event.peer.as_deref() else { continue };
        if let Some(from) = &event.from {
            hops.push((from, peer, None));
        }
        for sent in &event.sent {
            match &sent.fate {
                Fate::Lost { .. } if report.lost.contains(&sent.to) => {
                    hops.push((peer, &sent.to, Some("unreachable".to_owned())));
                }
                Fate::Lost { why } => hops.push((peer, &sent.to, Some(format!("lost: {why}")))),
                Fate::Expired => hops.push((peer, &sent.to, Some("expired".to_owned()))),
                Fate::UnderWay => hops.push((peer, &sent.to, Some("under way".to_owned()))),
                Fate::Arrived { .. } | Fate::Silent => {}
            }
        }
    }
    if hops.is_empty() {
        return;
    }
    let mut line = String::new();
    let mut at = "";
    for (from, to, lost) in hops.iter().take(MAX_HOPS_SHOWN) {
        if at != *from {
            line.push_str(if line.is_empty() { "" } else { ", " });
            line.push_str(from);
        }
        line.push_str(" → ");
        line.push_str(to);
        if let Some(why) = lost {
            line.push_str(&format!(" ({why})"));
        }
        // Nothing goes on from where nothing came.
        at = if lost.is_some() { "" } else { to };
    }
    if hops.len() > MAX_HOPS_SHOWN {
        line.push_str(&format!(", … {} more", hops.len() - MAX_HOPS_SHOWN));
    }
    let label = output.paint(NOTE, "route").to_string();
    output.line(format_args!("{label}     {}", visible(&line)));
}

/// Which order it was, if it was not the usual one.
fn order(report: &Report, output: &mut Output) {
    let schedule = &report.schedule;
    if schedule.order == "fifo" && schedule.answers == "together" {
        return;
    }
    let moves: Vec<&str> = report.events.iter().filter_map(|event| event.order.as_deref()).collect();
    let mut line = moves.iter().take(MAX_HOPS_SHOWN).copied().collect::<Vec<_>>().join(", ");
    if moves.len() > MAX_HOPS_SHOWN {
        line.push_str(&format!(", … {} more", moves.len() - MAX_HOPS_SHOWN));
    }
    let label = output.paint(NOTE, "order").to_string();
    output.line(format_args!("{label}     {}", visible(&line)));
}

/// What the end of the particle's life cut off.
fn expired(report: &Report, output: &mut Output) {
    if !report.schedule.expired {
        return;
    }
    let asked = report.events.iter().flat_map(|event| &event.asked);
    let calls = asked.filter(|asked| asked.fate == Fate::Expired);
    let calls: Vec<String> = calls.map(|asked| format!("{}.{}", asked.service, asked.function)).collect();
    let label = output.paint(WARNING, "expired").to_string();
    output.line(format_args!(
        "{label}   the particle lives {} ms (--ttl): no answer from {}",
        report.schedule.ttl,
        visible(&calls.join(", "))
    ));
}

/// Deliveries that were doubled on purpose.
fn doubled(report: &Report, output: &mut Output) {
    if report.duplicated.is_empty() {
        return;
    }
    let hops = report.duplicated.iter().take(MAX_HOPS_SHOWN);
    let mut shown: Vec<String> = hops.map(|(from, to)| format!("{from} → {to}")).collect();
    if report.duplicated.len() > MAX_HOPS_SHOWN {
        shown.push(format!("… {} more", report.duplicated.len() - MAX_HOPS_SHOWN));
    }
    let label = output.paint(WARNING, "doubled").to_string();
    output.line(format_args!("{label}   {}", visible(&shown.join(", "))));
}

fn made_up(report: &Report, output: &mut Output) {
    if report.made_up.is_empty() {
        return;
    }
    let mut all: Vec<String> = report
        .made_up
        .iter()
        .take(MAX_MADE_UP_SHOWN)
        .map(|made_up| format!("{} {}", made_up.what, made_up.value.short))
        .collect();
    if let Some(length) = report.array_length.filter(|length| *length != 2) {
        all.push(format!("arrays of {length}"));
    }
    if report.made_up.len() > MAX_MADE_UP_SHOWN {
        all.push(format!("{} more", report.made_up.len() - MAX_MADE_UP_SHOWN));
    }
    let label = output.paint(MADE_UP, "made up").to_string();
    output.line(format_args!("{label}   {}", visible(&all.join("; "))));
}

fn coverage(report: &Report, output: &mut Output) {
    let coverage = &report.coverage;
    let label = output.paint(NOTE, "ran").to_string();
    let deliveries = report.events.iter();
    let deliveries =
        deliveries.filter(|event| matches!(event.kind, EventKind::Start | EventKind::Delivery)).count();
    let time = match report.duration.simulated_ms {
        0 => String::new(),
        time => format!(", {time} ms"),
    };
    output.line(format_args!(
        "{label}       {} of {}, {} of {}, in {} and {}{time}",
        coverage.executed,
        count(coverage.instructions.into(), "instruction"),
        coverage.calls_executed,
        count(coverage.calls.into(), "call"),
        match deliveries as u64 {
            1 => "1 delivery".to_owned(),
            deliveries => format!("{deliveries} deliveries"),
        },
        count(report.duration.invocations, "invocation")
    ));
}

/// A number with a noun.
fn count(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

fn outcome(report: &Report, output: &mut Output) {
    let word = report.outcome.status.word();
    let style = match report.outcome.status {
        Status::Completed if report.outcome.failures.is_empty() => GOOD.bold(),
        Status::Completed | Status::Waiting | Status::Unheard => WARNING,
        Status::Failed | Status::Stopped => ERROR,
    };
    let text = report.outcome.text.strip_prefix(word).unwrap_or(&report.outcome.text);
    let text = text.strip_prefix(": ").unwrap_or(text);
    let word = output.paint(style, format_args!("{word:9}")).to_string();
    output.line(format_args!("{word} {}", visible(text)));
    for later in report.outcome.failures.iter().skip(1) {
        let at = later.range.map(|at| format!(" at line {}", at.line)).unwrap_or_default();
        output.line(format_args!("{:9} also error {}{at}: {}", "", later.code, visible(&later.text)));
    }
}
