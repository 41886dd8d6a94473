//! Mermaid's `sequenceDiagram`, for Markdown and other programs that draw it. It has no slanted arrows: particles are
//! drawn where they arrive, lost ones where they were sent.

use std::fmt::Write as _;

use super::{CallResult, Diagram, End, Part, label};

/// The picture as text for Mermaid.
pub fn mermaid(diagram: &Diagram) -> String {
    let mut out = "sequenceDiagram\n".to_owned();
    // Writing into a string does not fail.
    for (index, peer) in diagram.peers.iter().enumerate() {
        let _ = writeln!(out, "    participant p{index} as {}", escape(&label(peer)));
    }
    let last = diagram.peers.len().saturating_sub(1);
    let all = if last == 0 { "p0".to_owned() } else { format!("p0,p{last}") };
    for (index, row) in diagram.rows.iter().enumerate() {
        for arrow in diagram.arrows.iter().filter(|arrow| arrow.end == End::Arrived(index)) {
            let copy = if arrow.copy { "a second time" } else { "" };
            let _ = writeln!(out, "    p{}->>p{}: {copy}", arrow.from, arrow.to);
        }
        let over = row.peer.map_or_else(|| all.clone(), |peer| format!("p{peer}"));
        for part in &row.parts {
            let _ = writeln!(out, "    Note over {over}: {}", text(part));
        }
        for arrow in diagram.arrows.iter().filter(|arrow| arrow.sent == index) {
            if let End::Lost(why) = &arrow.end {
                let _ = writeln!(out, "    p{}-xp{}: {}", arrow.from, arrow.to, escape(why));
            }
        }
    }
    if !diagram.peers.is_empty() {
        let _ = writeln!(out, "    Note over {all}: {}", escape(&diagram.outcome));
    }
    out
}

fn text(part: &Part) -> String {
    match part {
        Part::Call { name, arguments, result, made_up, .. } => {
            let made_up = if *made_up { " (made up)" } else { "" };
            let result = match result {
                CallResult::Value(value) => format!("→ {}{made_up}", escape(value)),
                CallResult::Failed(text) => format!("fails: {}", escape(text)),
                CallResult::None(why) => escape(why),
            };
            format!("{}({})<br/>{result}", escape(name), escape(arguments))
        }
        Part::Answered(names) => format!("answered: {}", escape(names)),
        Part::Error { text, .. } => format!("✗ {}", escape(text)),
        Part::Note(text) => escape(text),
        Part::Waits { text, .. } => escape(text),
        Part::More(count) => format!("… {count} events are left out …"),
    }
}

/// Mermaid reads `#` and `;` as its own, and HTML.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '#' => out.push_str("#35;"),
            ';' => out.push_str("#59;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '&' => out.push_str("#amp;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
