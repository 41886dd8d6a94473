//! Mermaid's `sequenceDiagram`, for Markdown and other programs that draw it.

use std::fmt::Write as _;

use super::{Diagram, Event, label};

/// The picture as text for Mermaid.
pub fn mermaid(diagram: &Diagram) -> String {
    let mut out = "sequenceDiagram\n".to_owned();
    // Writing into a string does not fail.
    for (index, peer) in diagram.peers.iter().enumerate() {
        let _ = writeln!(out, "    participant p{index} as {}", escape(&label(peer)));
    }
    for event in &diagram.events {
        let _ = match event {
            Event::Call { peer, call, result, failed, times, .. } => {
                let times = if *times > 1 { format!("{times} × ") } else { String::new() };
                let result = match result {
                    Some(result) if *failed => format!("fails: {}", escape(result)),
                    Some(result) => format!("→ {}", escape(result)),
                    None => "no answer".to_owned(),
                };
                writeln!(out, "    Note over p{peer}: {times}{}<br/>{result}", escape(call))
            }
            Event::Hop { from, to, lost: false, .. } => writeln!(out, "    p{from}->>p{to}: "),
            Event::Hop { from, to, lost: true, .. } => writeln!(out, "    p{from}-xp{to}: unreachable"),
            Event::Error { peer, text, .. } => writeln!(out, "    Note over p{peer}: ✗ {}", escape(text)),
            Event::More(count) => {
                let last = diagram.peers.len().saturating_sub(1);
                writeln!(out, "    Note over p0,p{last}: … {count} more …")
            }
        };
    }
    if !diagram.peers.is_empty() {
        let last = diagram.peers.len() - 1;
        let over = if last == 0 { "p0".to_owned() } else { format!("p0,p{last}") };
        let _ = writeln!(out, "    Note over {over}: {}", escape(&diagram.outcome));
    }
    out
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
