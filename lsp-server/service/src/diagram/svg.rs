//! The picture as SVG, drawn here: one file, no fonts, readable on light and on dark ground.

use std::fmt::Write as _;

use air_simulation::report::Status;

use super::{Diagram, Event, label};

/// Width of a character of the fonts below.
const CHARACTER_WIDTH_PX: usize = 7;
const LANE_WIDTH_PX: usize = 190;
const MARGIN_PX: usize = 24;
/// Where the boxes with names end and the lines of life begin.
const NAMES_HEIGHT_PX: usize = 52;
const TOP_PX: usize = 64;
const BOX_HEIGHT_PX: usize = 40;
const HOP_HEIGHT_PX: usize = 30;
const GAP_PX: usize = 8;

/// Without variables, which some renderers of pictures do not know; those see the light colours.
const STYLE: &str = "\
text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;text-anchor:middle}\
.left{text-anchor:start}.name{font-weight:600}.life{stroke-dasharray:3 4}.hop{stroke-width:1.4;fill:none}.lost{stroke-dasharray:5 4}.cross{stroke-width:2;fill:none}\
text{fill:#1f2328}.ground{fill:#fff}.life{stroke:#d0d7de}.peer{fill:#ddf4ff;stroke:#0550ae}.name{fill:#0550ae}.call{fill:#f6f8fa;stroke:#d0d7de}.failed{stroke:#cf222e}.result{fill:#59636e}.bad{fill:#cf222e}.good{fill:#1a7f37}.wait{fill:#9a6700}.hop{stroke:#1f2328}.lost{stroke:#cf222e}.head{fill:#1f2328}.cross{stroke:#cf222e}\
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.ground{fill:#0d1117}.life{stroke:#3d444d}.peer{fill:#0c2d6b;stroke:#79c0ff}.name{fill:#79c0ff}.call{fill:#161b22;stroke:#3d444d}.failed{stroke:#ff7b72}.result{fill:#8d96a0}.bad{fill:#ff7b72}.good{fill:#3fb950}.wait{fill:#d29922}.hop{stroke:#e6edf3}.lost{stroke:#ff7b72}.head{fill:#e6edf3}.cross{stroke:#ff7b72}}";

/// The picture as an SVG document.
pub fn svg(diagram: &Diagram) -> String {
    // Boxes stand over the lines of other peers; only at the edges they need room.
    let widest = diagram.events.iter().map(|event| match event {
        Event::Call { .. } => width(event),
        Event::Error { text, .. } => text_width(text) + 24,
        _ => 0,
    });
    let half = widest.max().unwrap_or_default().max(LANE_WIDTH_PX - 20) / 2;
    let lanes = diagram.peers.len().max(1);
    let outcome = text_width(&diagram.outcome) + 2 * MARGIN_PX;
    let whole = (2 * (MARGIN_PX + half) + (lanes - 1) * LANE_WIDTH_PX).max(outcome);
    let x = |peer: usize| MARGIN_PX + half + peer * LANE_WIDTH_PX;

    let mut body = String::new();
    let mut y = TOP_PX + GAP_PX;
    for event in &diagram.events {
        // For editors, which go there on a click.
        if let Some(place) = event.place() {
            let _ = write!(body, "<g data-line=\"{}\" data-column=\"{}\">", place.line, place.column);
        }
        y += draw(event, &x, y, whole, &mut body);
        if event.place().is_some() {
            body.truncate(body.trim_end().len());
            body.push_str("</g>\n");
        }
    }
    let life = y;
    let class = match diagram.status {
        Status::Completed => "good",
        Status::Failed => "bad",
        Status::Waiting | Status::Stopped => "wait",
    };
    let height = life + 52;
    let mut out = String::new();
    // Writing into a string does not fail.
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{whole}\" height=\"{height}\" viewBox=\"0 0 {whole} {height}\" role=\"img\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n<rect class=\"ground\" width=\"{whole}\" height=\"{height}\"/>",
        escape(&diagram.outcome)
    );
    for (index, peer) in diagram.peers.iter().enumerate() {
        let (name, x) = (label(peer), x(index));
        let wide = text_width(&name) + 24;
        let _ = writeln!(
            out,
            "<line class=\"life\" x1=\"{x}\" y1=\"{NAMES_HEIGHT_PX}\" x2=\"{x}\" y2=\"{life}\"/>\
             <rect class=\"peer\" x=\"{}\" y=\"{}\" width=\"{wide}\" height=\"28\" rx=\"6\"/>\
             <text class=\"name\" x=\"{x}\" y=\"{}\">{}</text>",
            x.saturating_sub(wide / 2),
            NAMES_HEIGHT_PX - 28,
            NAMES_HEIGHT_PX - 10,
            escape(&name)
        );
    }
    out.push_str(&body);
    let _ = writeln!(
        out,
        "<text class=\"left {class}\" x=\"{MARGIN_PX}\" y=\"{}\">{}</text>\n</svg>",
        life + 32,
        escape(&diagram.outcome)
    );
    out
}

/// Draws an event; how far down the next one begins.
fn draw(event: &Event, x: &dyn Fn(usize) -> usize, y: usize, whole: usize, out: &mut String) -> usize {
    // Writing into a string does not fail.
    match event {
        Event::Call { peer, result, failed, .. } => {
            let (x, wide) = (x(*peer), width(event));
            let (result, class) = match result {
                Some(result) if *failed => (format!("✗ {result}"), "bad"),
                Some(result) => (format!("→ {result}"), "result"),
                None => ("no answer".to_owned(), "wait"),
            };
            let _ = writeln!(
                out,
                "<rect class=\"call{}\" x=\"{}\" y=\"{y}\" width=\"{wide}\" height=\"{BOX_HEIGHT_PX}\" rx=\"4\"/>\
                 <text x=\"{x}\" y=\"{}\">{}</text><text class=\"{class}\" x=\"{x}\" y=\"{}\">{}</text>",
                if *failed { " failed" } else { "" },
                x.saturating_sub(wide / 2),
                y + 16,
                escape(&call_text(event)),
                y + 32,
                escape(&result)
            );
            BOX_HEIGHT_PX + GAP_PX
        }
        Event::Hop { from, to, lost, .. } => {
            let (from, to, y) = (x(*from), x(*to), y + HOP_HEIGHT_PX / 2);
            let back = if to > from { 1 } else { -1 };
            let (end, to) = (to as i64 - back * 8, to as i64);
            if *lost {
                let _ = writeln!(
                    out,
                    "<line class=\"hop lost\" x1=\"{from}\" y1=\"{y}\" x2=\"{end}\" y2=\"{y}\"/>\
                     <path class=\"cross\" d=\"M{} {}l10 10m0 -10l-10 10\"/>\
                     <text class=\"bad\" x=\"{}\" y=\"{}\">unreachable</text>",
                    to - 5,
                    y as i64 - 5,
                    (from as i64 + to) / 2,
                    y - 5
                );
            } else {
                let _ = writeln!(
                    out,
                    "<line class=\"hop\" x1=\"{from}\" y1=\"{y}\" x2=\"{end}\" y2=\"{y}\"/>\
                     <path class=\"head\" d=\"M{to} {y}l{} -5v10z\"/>",
                    -back * 10
                );
            }
            HOP_HEIGHT_PX
        }
        Event::Error { peer, text, .. } => {
            let _ = writeln!(
                out,
                "<text class=\"bad\" x=\"{}\" y=\"{}\">✗ {}</text>",
                x(*peer),
                y + 16,
                escape(text)
            );
            HOP_HEIGHT_PX
        }
        Event::More(count) => {
            let _ = writeln!(
                out,
                "<text class=\"result\" x=\"{}\" y=\"{}\">⋮ {count} more ⋮</text>",
                whole / 2,
                y + 16
            );
            HOP_HEIGHT_PX
        }
    }
}

fn call_text(event: &Event) -> String {
    match event {
        Event::Call { call, times, .. } if *times > 1 => format!("{call} ×{times}"),
        Event::Call { call, .. } => call.clone(),
        _ => String::new(),
    }
}

fn width(event: &Event) -> usize {
    let result = match event {
        Event::Call { result: Some(result), .. } => text_width(result) + 2 * CHARACTER_WIDTH_PX,
        _ => text_width("no answer"),
    };
    text_width(&call_text(event)).max(result) + 20
}

/// Nearly: wide letters count twice.
fn text_width(text: &str) -> usize {
    text.chars().map(|c| if u32::from(c) >= 0x1100 { 2 } else { 1 }).sum::<usize>() * CHARACTER_WIDTH_PX
        + text.chars().count() / 4
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
