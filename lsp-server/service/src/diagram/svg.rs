//! The picture as SVG, drawn here: one file, no fonts, readable on light and on dark ground at its natural size.

use std::fmt::Write as _;

use air_simulation::report::{Span, Status};

use super::{Arrow, CallResult, Diagram, End, Part, Row, label};

/// Width of a character of the fonts below, in tenths of a pixel: the widest of those that systems have.
const CHARACTER_WIDTH_TENTHS: usize = 74;
const MARGIN_PX: i64 = 24;
/// Least distance between two lanes, and room between their boxes.
const MIN_LANE_PX: i64 = 140;
const LANE_GAP_PX: i64 = 20;
/// Where the boxes with names end and the lines of life begin.
const NAMES_HEIGHT_PX: i64 = 52;
/// From the top of a row to its first part: where particles arrive.
const ARRIVAL_PX: i64 = 16;
const LINE_HEIGHT_PX: i64 = 16;
const BOX_HEIGHT_PX: i64 = 56;
const GAP_PX: i64 = 6;
/// Room for a particle that goes nowhere.
const LOST_HEIGHT_PX: i64 = 22;
/// The outcome takes no more lines.
const MAX_OUTCOME_LINES: usize = 4;

/// Without variables, which some renderers of pictures do not know; those see the light colours.
const STYLE: &str = "\
text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;text-anchor:middle}\
.left{text-anchor:start}.right{text-anchor:end}.name{font-weight:600}.life{stroke-dasharray:3 4}.hop{stroke-width:1.4;fill:none}.lost{stroke-dasharray:5 4}.cross{stroke-width:2;fill:none}.note{stroke-dasharray:2 3}\
text{fill:#1f2328}.ground{fill:#fff}.life{stroke:#d0d7de}.peer{fill:#ddf4ff;stroke:#0550ae}.name{fill:#0550ae}.call{fill:#f6f8fa;stroke:#d0d7de}.failed{stroke:#cf222e}.made{stroke:#8250df}.result{fill:#59636e}.bad{fill:#cf222e}.good{fill:#1a7f37}.wait{fill:#9a6700}.hop{stroke:#1f2328}.lost{stroke:#cf222e}.head{fill:#1f2328}.cross{stroke:#cf222e}.note{stroke:#9a6700}\
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.ground{fill:#0d1117}.life{stroke:#3d444d}.peer{fill:#0c2d6b;stroke:#79c0ff}.name{fill:#79c0ff}.call{fill:#161b22;stroke:#3d444d}.failed{stroke:#ff7b72}.made{stroke:#d2a8ff}.result{fill:#8d96a0}.bad{fill:#ff7b72}.good{fill:#3fb950}.wait{fill:#d29922}.hop{stroke:#e6edf3}.lost{stroke:#ff7b72}.head{fill:#e6edf3}.cross{stroke:#ff7b72}.note{stroke:#d29922}}";

/// Where everything stands, in pixels.
struct Layout {
    /// The middle of each lane.
    lanes: Vec<i64>,
    /// Where each row begins; one more for the end of the last.
    rows: Vec<i64>,
    width: i64,
}

/// The picture as an SVG document. Each group that belongs to a place in the script has `data-line` and `data-column`; the
/// rows of one peer have its index as `data-peer`, and the names of the lanes are in the group `heads`.
pub fn svg(diagram: &Diagram) -> String {
    let layout = Layout::new(diagram);
    let life = layout.rows.last().copied().unwrap_or(NAMES_HEIGHT_PX);
    let outcome = outcome_lines(&diagram.outcome, layout.width);
    let height = life + 16 + LINE_HEIGHT_PX * outcome.len() as i64 + MARGIN_PX;
    let width = layout.width;
    let mut out = String::new();
    // Writing into a string does not fail.
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n<rect class=\"ground\" width=\"{width}\" height=\"{height}\"/>",
        escape(&diagram.outcome)
    );
    for x in &layout.lanes {
        let _ = writeln!(
            out,
            "<line class=\"life\" x1=\"{x}\" y1=\"{NAMES_HEIGHT_PX}\" x2=\"{x}\" y2=\"{life}\"/>"
        );
    }
    let mut below = Vec::new();
    for arrow in &diagram.arrows {
        draw_arrow(diagram, arrow, &layout, &mut below, &mut out);
    }
    for (index, row) in diagram.rows.iter().enumerate() {
        draw_row(row, &layout, index, &mut out);
    }
    out.push_str("<g class=\"heads\">");
    for (index, (peer, x)) in diagram.peers.iter().zip(&layout.lanes).enumerate() {
        let name = label(peer);
        let wide = text_width(&name) + 24;
        let _ = writeln!(
            out,
            "<g data-head=\"{index}\"><title>{}</title><rect class=\"peer\" x=\"{}\" y=\"{}\" width=\"{wide}\" height=\"28\" rx=\"6\"/>\
             <text class=\"name\" x=\"{x}\" y=\"{}\">{}</text></g>",
            escape(peer),
            x - wide / 2,
            NAMES_HEIGHT_PX - 28,
            NAMES_HEIGHT_PX - 10,
            escape(&name)
        );
    }
    out.push_str("</g>\n");
    let class = match diagram.status {
        Status::Completed => "good",
        Status::Failed => "bad",
        Status::Waiting | Status::Stopped | Status::Unheard => "wait",
    };
    for (index, line) in outcome.iter().enumerate() {
        let y = life + 28 + LINE_HEIGHT_PX * index as i64;
        let _ =
            writeln!(out, "<text class=\"left {class}\" x=\"{MARGIN_PX}\" y=\"{y}\">{}</text>", escape(line));
    }
    out.push_str("</svg>\n");
    out
}

impl Layout {
    fn new(diagram: &Diagram) -> Layout {
        // Half of the widest thing that stands on each lane.
        let mut half: Vec<i64> =
            diagram.peers.iter().map(|peer| (text_width(&label(peer)) + 24) / 2).collect();
        for row in &diagram.rows {
            let Some(half) = row.peer.and_then(|peer| half.get_mut(peer)) else { continue };
            for part in &row.parts {
                *half = (*half).max(part_width(part) / 2);
            }
        }
        let (mut lanes, mut x) = (Vec::with_capacity(half.len()), MARGIN_PX);
        let mut before: Option<i64> = None;
        for half in &half {
            let (step, wide): (i64, i64) = match before {
                None => (*half, 0),
                Some(before) => (before + *half + LANE_GAP_PX, MIN_LANE_PX),
            };
            x += step.max(wide);
            lanes.push(x);
            before = Some(*half);
        }
        let mut width = x + half.last().copied().unwrap_or_default() + MARGIN_PX;
        for arrow in &diagram.arrows {
            if let (End::Lost(why), Some(from)) = (&arrow.end, lanes.get(arrow.from)) {
                width = width.max(from + 44 + text_width(&lost_text(diagram, arrow, why)) + MARGIN_PX);
            }
        }
        for note in diagram.rows.iter().filter(|row| row.peer.is_none()).flat_map(|row| &row.parts) {
            width = width.max(part_width(note) + 2 * MARGIN_PX);
        }
        let width = width.max(320);
        let mut lost = vec![0; diagram.rows.len()];
        for arrow in diagram.arrows.iter().filter(|arrow| matches!(arrow.end, End::Lost(_))) {
            lost.iter_mut().skip(arrow.sent).take(1).for_each(|count| *count += 1);
        }
        let mut y = NAMES_HEIGHT_PX + 8;
        let mut rows = Vec::with_capacity(diagram.rows.len() + 1);
        for (row, lost) in diagram.rows.iter().zip(lost) {
            rows.push(y);
            y += above(row) + row.parts.iter().map(part_height).sum::<i64>() + LOST_HEIGHT_PX * lost + GAP_PX;
        }
        rows.push(y);
        Layout { lanes, rows, width }
    }

    fn lane(&self, peer: usize) -> i64 {
        self.lanes.get(peer).copied().unwrap_or_default()
    }

    fn row(&self, row: usize) -> i64 {
        self.rows.get(row).copied().unwrap_or_default()
    }

    /// Where a row sends from: its end.
    fn end(&self, row: usize) -> i64 {
        self.row(row + 1) - GAP_PX
    }
}

/// An arrow. `below` counts the lost ones of each row, which stand below each other: row and how many.
fn draw_arrow(
    diagram: &Diagram,
    arrow: &Arrow,
    layout: &Layout,
    below: &mut Vec<(usize, i64)>,
    out: &mut String,
) {
    let (from, to) = (layout.lane(arrow.from), layout.lane(arrow.to));
    let sender = diagram.rows.get(arrow.sent).map_or(0, |row| row.event);
    let peer = |peer: usize| diagram.peers.get(peer).map(String::as_str).unwrap_or_default();
    let way = format!("{} → {}, sent by event {sender}", peer(arrow.from), peer(arrow.to));
    match &arrow.end {
        End::Arrived(row) => {
            let (start, end) = (layout.end(arrow.sent), layout.row(*row) + 8);
            let receiver = diagram.rows.get(*row).map_or(0, |row| row.event);
            let copy = if arrow.copy { ", a copy" } else { "" };
            open(
                arrow.place,
                &[arrow.from, arrow.to],
                &format!("{way}, arrived as event {receiver}{copy}"),
                out,
            );
            // The head is turned as the line is.
            let (across, down) = ((to - from) as f64, (end - start) as f64);
            let length = across.hypot(down).max(1.0);
            let (unit_x, unit_y) = (across / length, down / length);
            let (back_x, back_y) = (to as f64 - unit_x * 10.0, end as f64 - unit_y * 10.0);
            let _ = writeln!(
                out,
                "<line class=\"hop\" x1=\"{from}\" y1=\"{start}\" x2=\"{back_x:.1}\" y2=\"{back_y:.1}\"/>\
                 <path class=\"head\" d=\"M{to} {end}L{:.1} {:.1}L{:.1} {:.1}z\"/></g>",
                back_x - unit_y * 5.0,
                back_y + unit_x * 5.0,
                back_x + unit_y * 5.0,
                back_y - unit_x * 5.0
            );
        }
        End::Lost(why) => {
            let count = match below.iter_mut().find(|(row, _)| *row == arrow.sent) {
                Some((_, count)) => {
                    *count += 1;
                    *count
                }
                None => {
                    below.push((arrow.sent, 0));
                    0
                }
            };
            let lost =
                diagram.arrows.iter().filter(|it| it.sent == arrow.sent && matches!(it.end, End::Lost(_)));
            let y = layout.end(arrow.sent) - LOST_HEIGHT_PX * (lost.count() as i64 - count) + 8;
            open(arrow.place, &[arrow.from, arrow.to], &format!("{way}: {why}"), out);
            let _ = writeln!(
                out,
                "<line class=\"hop lost\" x1=\"{from}\" y1=\"{y}\" x2=\"{}\" y2=\"{y}\"/><path class=\"cross\" d=\"M{} {}l10 10m0 -10l-10 10\"/>\
                 <text class=\"left bad\" x=\"{}\" y=\"{}\">{}</text></g>",
                from + 22,
                from + 22,
                y - 5,
                from + 40,
                y + 4,
                escape(&lost_text(diagram, arrow, why))
            );
        }
    }
}

fn lost_text(diagram: &Diagram, arrow: &Arrow, why: &str) -> String {
    let to = diagram.peers.get(arrow.to).map(|peer| label(peer)).unwrap_or_default();
    let why = super::short(why, 60);
    if why.starts_with(&to) { format!("→ {why}") } else { format!("→ {to}: {why}") }
}

/// A group with what clicks, filters and the mouse need.
fn open(place: Option<Span>, peers: &[usize], title: &str, out: &mut String) {
    out.push_str("<g");
    if let Some(place) = place {
        let _ = write!(out, " data-line=\"{}\" data-column=\"{}\"", place.line, place.column);
    }
    if !peers.is_empty() {
        let peers: Vec<String> = peers.iter().map(usize::to_string).collect();
        let _ = write!(out, " data-peer=\"{}\"", peers.join(" "));
    }
    out.push('>');
    if !title.is_empty() {
        let _ = write!(out, "<title>{}</title>", escape(title));
    }
}

/// Room above the parts of a row.
fn above(row: &Row) -> i64 {
    if row.arrival { ARRIVAL_PX } else { GAP_PX }
}

fn draw_row(row: &Row, layout: &Layout, index: usize, out: &mut String) {
    let mut y = layout.row(index) + above(row);
    let causes: Vec<String> = row.causes.iter().map(u64::to_string).collect();
    let cause = match (row.event, causes.len()) {
        (0, _) => String::new(),
        (event, 0) => format!("event {event}"),
        (event, _) => format!("event {event}, after event {}", causes.join(", ")),
    };
    let peers: Vec<usize> = row.peer.into_iter().collect();
    if let Some(peer) = row.peer.filter(|_| row.arrival && row.parts.is_empty()) {
        // What changes nothing is seen all the same.
        open(None, &peers, &cause, out);
        let _ = writeln!(
            out,
            "<circle class=\"head\" cx=\"{}\" cy=\"{}\" r=\"3\"/></g>",
            layout.lane(peer),
            y - 8
        );
    }
    for part in &row.parts {
        draw_part(part, row.peer.map(|peer| layout.lane(peer)), (y, layout.width), &cause, &peers, out);
        y += part_height(part);
    }
}

fn draw_part(
    part: &Part,
    lane: Option<i64>,
    (y, width): (i64, i64),
    cause: &str,
    peers: &[usize],
    out: &mut String,
) {
    let x = lane.unwrap_or(width / 2);
    match part {
        Part::Call { name, arguments, result, made_up, full, place } => {
            open(*place, peers, &format!("{full}\n{cause}"), out);
            let wide = part_width(part);
            let (result, class, frame) = match result {
                CallResult::Value(value) if *made_up => (format!("→ {value} (made up)"), "result", " made"),
                CallResult::Value(value) => (format!("→ {value}"), "result", ""),
                CallResult::Failed(text) => (format!("✗ {text}"), "bad", " failed"),
                CallResult::None(why) => (why.clone(), "wait", ""),
            };
            let _ = writeln!(
                out,
                "<rect class=\"call{frame}\" x=\"{}\" y=\"{y}\" width=\"{wide}\" height=\"{}\" rx=\"4\"/>\
                 <text x=\"{x}\" y=\"{}\">{}</text><text class=\"result\" x=\"{x}\" y=\"{}\">({})</text>\
                 <text class=\"{class}\" x=\"{x}\" y=\"{}\">{}</text></g>",
                x - wide / 2,
                BOX_HEIGHT_PX - GAP_PX,
                y + 14,
                escape(name),
                y + 29,
                escape(arguments),
                y + 44,
                escape(&result)
            );
        }
        Part::Note(text) => {
            open(None, peers, cause, out);
            let _ = writeln!(
                out,
                "<line class=\"note\" x1=\"{MARGIN_PX}\" y1=\"{0}\" x2=\"{1}\" y2=\"{0}\"/><text class=\"left wait\" x=\"{MARGIN_PX}\" y=\"{2}\">{3}</text></g>",
                y + LINE_HEIGHT_PX,
                width - MARGIN_PX,
                y + 11,
                escape(text)
            );
        }
        Part::Answered(_) | Part::Error { .. } | Part::Waits { .. } | Part::More(_) => {
            let (class, place) = match part {
                Part::Error { place, .. } => ("bad", *place),
                Part::Waits { place, .. } => ("wait", *place),
                _ => ("result", None),
            };
            open(place, peers, cause, out);
            let _ = writeln!(
                out,
                "<text class=\"{class}\" x=\"{x}\" y=\"{}\">{}</text></g>",
                y + 12,
                escape(&line(part))
            );
        }
    }
}

/// The text of a part that is one line.
fn line(part: &Part) -> String {
    match part {
        Part::Answered(names) => format!("⤶ {names}"),
        Part::Error { text, .. } => format!("✗ {text}"),
        Part::Waits { text, .. } => text.clone(),
        Part::More(count) => format!("⋮ {count} events are left out ⋮"),
        Part::Note(text) => text.clone(),
        Part::Call { .. } => String::new(),
    }
}

fn part_height(part: &Part) -> i64 {
    match part {
        Part::Call { .. } => BOX_HEIGHT_PX,
        _ => LINE_HEIGHT_PX + GAP_PX,
    }
}

fn part_width(part: &Part) -> i64 {
    match part {
        Part::Call { name, arguments, result, made_up, .. } => {
            let result = match result {
                CallResult::Value(text) if *made_up => text_width(text) + text_width("→  (made up)"),
                CallResult::Value(text) | CallResult::Failed(text) => text_width(text) + text_width("→ "),
                CallResult::None(text) => text_width(text),
            };
            text_width(name).max(text_width(arguments) + text_width("()")).max(result) + 20
        }
        part => text_width(&line(part)) + 8,
    }
}

/// Sentences of the outcome in lines of the picture's width; the last one ends with an ellipsis if there is more.
fn outcome_lines(text: &str, width: i64) -> Vec<String> {
    let room = usize::try_from((width - 2 * MARGIN_PX) * 10).unwrap_or_default() / CHARACTER_WIDTH_TENTHS;
    let room = room.max(30);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let letters = |text: &str| text.chars().count();
        match lines.last_mut() {
            Some(last) if letters(last) + 1 + letters(word) <= room => {
                last.push(' ');
                last.push_str(word);
            }
            _ => {
                // A word longer than a line goes over several.
                let letters: Vec<char> = word.chars().collect();
                lines.extend(letters.chunks(room).map(|part| part.iter().collect::<String>()));
            }
        }
    }
    if lines.len() > MAX_OUTCOME_LINES {
        lines.truncate(MAX_OUTCOME_LINES);
        if let Some(last) = lines.last_mut() {
            *last = super::short(last, room.saturating_sub(2));
            if !last.ends_with('…') {
                last.push_str(" …");
            }
        }
    }
    lines
}

/// Nearly: wide letters count twice.
fn text_width(text: &str) -> i64 {
    let letters = text.chars().map(|c| if u32::from(c) >= 0x1100 { 2 } else { 1 }).sum::<usize>();
    (letters * CHARACTER_WIDTH_TENTHS / 10) as i64
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push('\n'),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
