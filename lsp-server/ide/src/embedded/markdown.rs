//! Fenced blocks of Markdown, also inside of lists and quotes.

use super::literal::{Braces, Form, Literal, at};

/// Finds all fenced blocks that have an end, in order.
pub(crate) fn literals(text: &str) -> Vec<Literal> {
    let mut found = Vec::new();
    let mut open: Option<Open> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let (prefix, rest) = divided(line);
        let mark = at(rest.as_bytes(), 0);
        let length = rest.bytes().take_while(|byte| *byte == mark).count();
        let fence = matches!(mark, b'`' | b'~') && length >= 3;
        let info = rest.get(length..).unwrap_or_default().trim();
        match &open {
            Some(block) if fence && mark == block.mark && length >= block.length && info.is_empty() => {
                if !block.ignored {
                    found.push(Literal {
                        inside: block.start..start,
                        form: Form::Fence { mark, length: block.length, prefix: block.prefix.clone() },
                        tagged: block.tagged,
                        braces: Braces::Perhaps,
                        holes: Vec::new(),
                    });
                }
                open = None;
            }
            None if fence && (mark == b'~' || !info.contains('`')) => {
                let mut words = info.split([' ', ',', '\t', '{', '}', '.']).filter(|word| !word.is_empty());
                let tagged = words.next().is_some_and(|word| word.eq_ignore_ascii_case("air"));
                let ignored = words.any(|word| word == "ignore");
                let prefix = prefix.to_owned();
                open = Some(Open { start: end, mark, length, prefix, tagged, ignored });
            }
            _ => {}
        }
        start = end;
    }
    found
}

/// A block whose end is not found yet.
struct Open {
    start: usize,
    mark: u8,
    length: usize,
    prefix: String,
    tagged: bool,
    ignored: bool,
}

/// White space and marks of quotes at a line's start, and the rest.
fn divided(line: &str) -> (&str, &str) {
    let rest = line.trim_start_matches([' ', '\t', '>']);
    line.split_at(line.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks() {
        let text = "a\n```air\n(null)\n```\n\n- b\n  ~~~~ wasm\n  ```\n  ~~~~\n> ```\n> (never)\n> ```\n``` air ignore\nx\n```\n``` `no` ```\n```air\nopen\n";
        let found: Vec<_> = literals(text).into_iter().map(|it| (&text[it.inside], it.tagged)).collect();
        assert_eq!(found, [("(null)\n", true), ("  ```\n", false), ("> (never)\n", false)]);
    }
}
