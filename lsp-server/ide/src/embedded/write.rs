//! Edits of a script as edits of its host file: what the host's literal needs escaped is escaped, and what it cannot
//! hold is refused.

use air_semantics::text_edit::{self, TextEdit};
use air_syntax::{TextRange, TextSize};

use super::EmbeddedScript;
use super::literal::{Braces, Form, at};

impl EmbeddedScript {
    /// An edit of the script as an edit of the host file. `None` if it would divide an escape or touch a hole, or if the
    /// literal cannot hold the new text.
    pub fn edit_to_host(&self, host: &str, edit: &TextEdit) -> Option<TextEdit> {
        if self.map.divides(edit.range) || self.touches_hole(edit.range) {
            return None;
        }
        let range = self.edited(edit.range);
        let new_text = self.written(host, range, &edit.new_text)?;
        Some(TextEdit { range, new_text })
    }

    /// The edits of the host file that make the script `new`; `None` as above. The words that stand for holes stay what
    /// they are, wherever they are moved.
    pub fn rewrite(&self, host: &str, new: &str) -> Option<TextEdit> {
        let edit = text_edit::trimmed(&self.text, TextSize::new(0), new);
        let (mut start, mut end) = (usize::from(edit.range.start()), usize::from(edit.range.end()));
        // Whole holes and whole lines: an escape is not divided by a line's end.
        for hole in &self.holes {
            let place = &hole.place.script;
            if place.end > start && place.start < end {
                // Only a word can be found again.
                if !hole.role.is_word() {
                    return None;
                }
                (start, end) = (start.min(place.start), end.max(place.end));
            }
        }
        let after = self.text.len() - end;
        let mut middle = new.get(start..new.len().checked_sub(after)?)?;
        let range = TextRange::new(TextSize::new(start as u32), TextSize::new(end as u32));
        if self.map.divides(range) {
            return None;
        }
        let host_range = self.edited(range);
        let mut new_text = String::new();
        while let Some((before, hole, rest)) = self.next_word(middle) {
            new_text += &self.written(host, host_range, before)?;
            new_text += host.get(hole)?;
            middle = rest;
        }
        new_text += &self.written(host, host_range, middle)?;
        Some(TextEdit { range: host_range, new_text })
    }

    /// The host's bytes that an edit replaces. After a line's end, they include the indentation that the script lacks: the
    /// new line has it again.
    fn edited(&self, range: TextRange) -> TextRange {
        let host = self.map.range_to_host(range);
        let end = usize::from(range.end());
        let line_before = self.text.get(..end).is_some_and(|before| before.ends_with('\n'));
        if range.is_empty() || !line_before {
            return host;
        }
        TextRange::new(host.start(), self.offset_to_host(range.end()).max(host.end()))
    }

    /// What comes before the next word that stands for a hole, the hole in the host, and what comes after.
    fn next_word<'n>(&self, text: &'n str) -> Option<(&'n str, std::ops::Range<usize>, &'n str)> {
        if self.holes.is_empty() {
            return None;
        }
        let (before, rest) = text.split_once(self.stem.as_str())?;
        let digits = rest.find(|char: char| !char.is_ascii_digit())?;
        let (number, rest) = rest.split_at(digits);
        let number: usize = number.parse().ok()?;
        let hole = self.holes.iter().find(|hole| hole.place.number == number)?;
        Some((before, hole.place.host.clone(), rest.strip_prefix('_')?))
    }

    /// A text as it stands in the literal, at a range of the host.
    fn written(&self, host: &str, range: TextRange, text: &str) -> Option<String> {
        let (start, end) = (usize::from(range.start()), usize::from(range.end()));
        let before = start.checked_sub(1).map_or(0, |index| at(host.as_bytes(), index));
        let after = host.get(end..)?;
        let mut out = String::with_capacity(text.len());
        let mut rest = text.chars();
        // An escaped `$` lets a brace after it be.
        let last = if start > self.literal.inside.start { char::from(before) } else { ' ' };
        while let Some(char) = rest.next() {
            let next = rest.clone().next().or_else(|| {
                // The literal's own end is not a part of it.
                (end < self.literal.inside.end).then(|| after.chars().next()).flatten()
            });
            match (&self.literal.form, char) {
                (_, '\n') => self.line_end(&mut out),
                // A line feed follows, or the host would read one.
                (Form::JsQuoted(_), '\r') => out += "\\r",
                (_, '\r') if next == Some('\n') => out.push('\r'),
                (Form::JsTemplate { raw: false } | Form::RustPlain, '\r') => out += "\\r",
                (_, '\r') => return None,
                (Form::JsTemplate { raw: true }, '`' | '\\') => return None,
                (Form::JsTemplate { raw: true }, '{') if out.is_empty() && last == '$' => return None,
                (Form::JsTemplate { raw: true }, '$') if next == Some('{') => return None,
                (Form::JsTemplate { .. }, '`' | '\\') => push_escaped(&mut out, char),
                (Form::JsTemplate { .. }, '{') if out.is_empty() && last == '$' => {
                    push_escaped(&mut out, char)
                }
                (Form::JsTemplate { .. }, '$') if next == Some('{') => push_escaped(&mut out, char),
                (Form::JsQuoted(quote), _) if char == '\\' || char == char::from(*quote) => {
                    push_escaped(&mut out, char)
                }
                (Form::RustPlain, '\\' | '"') => push_escaped(&mut out, char),
                (Form::RustRaw(0), '"') => return None,
                (_, '{' | '}') if self.in_braces() => match self.literal.braces {
                    Braces::Format => out.extend([char, char]),
                    _ => return None,
                },
                _ => out.push(char),
            }
        }
        match &self.literal.form {
            Form::RustRaw(hashes) if self.closes_raw(host, range, &out, *hashes) => None,
            Form::Fence { mark, length, .. } if closes_fence(&out, *mark, *length) => None,
            _ => Some(out),
        }
    }

    /// Whether braces mean something in this literal.
    fn in_braces(&self) -> bool {
        !matches!(self.literal.form, Form::JsTemplate { .. } | Form::JsQuoted(_) | Form::Fence { .. })
    }

    fn line_end(&self, out: &mut String) {
        match self.literal.form {
            Form::JsQuoted(_) => *out += "\\n",
            Form::RustPlain if !self.over_lines => *out += "\\n",
            _ => {
                out.push('\n');
                *out += &self.indent;
            }
        }
    }

    /// Whether a quote and hashes of the new text and what is around it would end the literal.
    fn closes_raw(&self, host: &str, range: TextRange, new: &str, hashes: usize) -> bool {
        let closing: String = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
        let inside = &self.literal.inside;
        let (start, end) = (usize::from(range.start()), usize::from(range.end()));
        let from = host.floor_char_boundary(start.saturating_sub(closing.len()).max(inside.start));
        let to = host.ceil_char_boundary((end + closing.len()).min(inside.end));
        let (before, after) = (host.get(from..start), host.get(end..to));
        [before.unwrap_or_default(), new, after.unwrap_or_default()].concat().contains(&closing)
    }
}

fn push_escaped(out: &mut String, char: char) {
    out.extend(['\\', char]);
}

fn closes_fence(text: &str, mark: u8, length: usize) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start_matches([' ', '\t', '>']);
        line.bytes().take_while(|byte| *byte == mark).count() >= length
    })
}
