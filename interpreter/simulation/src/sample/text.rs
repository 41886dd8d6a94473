//! JSON with comments, and the place of each part of it.
//!
//! `//` and `/* */` comments and a comma after the last item are let pass, as editors do for files
//! that people write. They are replaced by spaces, so that all offsets stay.

use std::borrow::Cow;
use std::ops::Range;

use air_interpreter::json;
use air_interpreter::value::Value;

/// A part of a text that is known to be JSON.
#[derive(Debug, Clone, Copy)]
pub struct Part<'t> {
    text: &'t str,
    start: usize,
    end: usize,
}

/// A text without its comments and surplus commas, of the same length.
pub fn without_comments(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut out: Option<Vec<u8>> = None;
    let mut blank = |from: usize, to: usize| {
        let out = out.get_or_insert_with(|| bytes.to_vec());
        for byte in out.get_mut(from..to).unwrap_or_default() {
            if !matches!(byte, b'\n' | b'\r') {
                *byte = b' ';
            }
        }
    };
    let mut at = 0;
    // A comma that nothing but spaces and comments followed so far.
    let mut comma = None;
    while let Some(byte) = bytes.get(at) {
        let rest = bytes.get(at..).unwrap_or_default();
        if rest.starts_with(b"//") {
            let end = at + rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
            blank(at, end);
            at = end;
            continue;
        }
        if rest.starts_with(b"/*") {
            let inner = text.get(at + 2..).unwrap_or_default();
            let end = inner.find("*/").map_or(bytes.len(), |end| at + 2 + end + 2);
            blank(at, end);
            at = end;
            continue;
        }
        match byte {
            b'"' => {
                comma = None;
                at = string_end(bytes, at);
                continue;
            }
            b',' => comma = Some(at),
            b']' | b'}' => {
                if let Some(comma) = comma.take() {
                    blank(comma, comma + 1);
                }
            }
            b' ' | b'\n' | b'\r' | b'\t' => {}
            _ => comma = None,
        }
        at += 1;
    }
    match out.map(String::from_utf8) {
        Some(Ok(out)) => Cow::Owned(out),
        _ => Cow::Borrowed(text),
    }
}

/// The whole of a text without comments, if it is JSON.
///
/// # Errors
/// Where it is not, and why.
pub fn whole(text: &str) -> Result<Part<'_>, (Range<usize>, String)> {
    match json::parse(text) {
        Ok(_) => {
            let inner = text.trim_start();
            let start = text.len() - inner.len();
            Ok(Part { text, start, end: start + inner.trim_end().len() })
        }
        Err(error) => Err(place_of(text, &error.to_string())),
    }
}

/// The place that a message of the JSON reader names, and the message without it.
fn place_of(text: &str, message: &str) -> (Range<usize>, String) {
    let parsed = message.rsplit_once(" at line ").and_then(|(message, place)| {
        let (line, column) = place.split_once(" column ")?;
        Some((message, line.parse::<usize>().ok()?, column.parse::<usize>().ok()?))
    });
    let Some((message, line, column)) = parsed else { return (0..text.len(), message.to_owned()) };
    let line_start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let mut start = (line_start + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let length = text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    (start..start + length, message.to_owned())
}

/// The byte just after the string that begins there.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

impl<'t> Part<'t> {
    /// Its bytes in the text.
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// Its own text.
    pub fn text(&self) -> &'t str {
        self.text.get(self.start..self.end).unwrap_or_default()
    }

    /// The value.
    pub fn value(&self) -> Value {
        json::parse(self.text()).unwrap_or_default()
    }

    /// A string's text.
    pub fn string(&self) -> Option<String> {
        if !self.text().starts_with('"') {
            return None;
        }
        self.value().as_str().map(str::to_owned)
    }

    /// The elements of an array.
    pub fn items(&self) -> Option<Vec<Part<'t>>> {
        self.text().starts_with('[').then(|| self.parts())
    }

    /// The members of an object, keys as parts, in order.
    pub fn members(&self) -> Option<Vec<(Part<'t>, String, Part<'t>)>> {
        if !self.text().starts_with('{') {
            return None;
        }
        let parts = self.parts();
        let pairs = parts.chunks_exact(2).filter_map(|pair| match pair {
            [key, value] => Some((*key, key.string()?, *value)),
            _ => None,
        });
        Some(pairs.collect())
    }

    /// The parts one level down: elements, or keys and values in turn.
    fn parts(&self) -> Vec<Part<'t>> {
        let bytes = self.text.as_bytes();
        let mut parts = Vec::new();
        let mut at = self.start + 1;
        let end = self.end.saturating_sub(1);
        while at < end {
            let start = at;
            match bytes.get(at) {
                Some(b' ' | b'\n' | b'\r' | b'\t' | b',' | b':') => {
                    at += 1;
                    continue;
                }
                Some(b'"') => at = string_end(bytes, at),
                Some(b'[' | b'{') => at = container_end(bytes, at),
                _ => {
                    while at < end
                        && !matches!(bytes.get(at), Some(b' ' | b'\n' | b'\r' | b'\t' | b',' | b':'))
                    {
                        at += 1;
                    }
                }
            }
            parts.push(Part { text: self.text, start, end: at.min(end) });
        }
        parts
    }
}

/// The byte just after the array or object that begins there.
fn container_end(bytes: &[u8], start: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = string_end(bytes, at);
                continue;
            }
            b'[' | b'{' => depth += 1,
            b']' | b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_become_spaces() {
        let text = "{ // a \"b\"\n \"x//y\": [1, /* 2, */ 3,], /* é */ }";
        let plain = without_comments(text);
        assert_eq!(plain.len(), text.len());
        let value = json::parse(&plain).unwrap();
        assert_eq!(value.to_json(), r#"{"x//y":[1,3]}"#);
        assert!(matches!(without_comments("[1, 2]"), Cow::Borrowed(_)));
    }

    #[test]
    fn only_commas_at_the_end_are_surplus() {
        for text in ["[,]", "[1,,2]", "[1,,]", "{,}"] {
            let plain = without_comments(text);
            // `[,]` and `{,}` would be empty otherwise.
            let accepted = json::parse(&plain).is_ok();
            assert_eq!(accepted, matches!(text, "[,]" | "{,}"), "{text}");
        }
    }

    #[test]
    fn parts_know_their_places() {
        let text = r#" {"a\"": [1, "]", {"b": null}], "c" : true} "#;
        let members = whole(text).unwrap().members().unwrap();
        let shown: Vec<_> =
            members.iter().map(|(key, name, value)| (key.text(), &**name, value.text())).collect();
        assert_eq!(shown, [("\"a\\\"\"", "a\"", r#"[1, "]", {"b": null}]"#), ("\"c\"", "c", "true")]);
        let items: Vec<_> = members[0].2.items().unwrap().iter().map(Part::text).collect();
        assert_eq!(items, ["1", "\"]\"", "{\"b\": null}"]);
        assert_eq!(text.get(members[1].2.range()).unwrap(), "true");
    }

    #[test]
    fn errors_have_a_place() {
        for (text, at, message) in [
            ("{\n \"a\": ?}", 8, "expected value"),
            ("", 0, "EOF while parsing a value"),
            ("[1 2]", 3, "expected `,` or `]`"),
        ] {
            let (range, found) = whole(text).unwrap_err();
            assert_eq!((range.start, found.as_str()), (at, message), "{text}");
        }
    }
}
