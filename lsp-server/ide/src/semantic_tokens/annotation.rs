//! Sample answers in comments, `; ok = {"any": "JSON"}`: what they say is data, with the colours of data.

use super::TokenKind;

/// Whose values are JSON.
const KEYS: [&str; 5] = ["ok", "err", "seq_ok", "seq_error", "map"];

/// A word of a value: offset, length, type.
type Word = (usize, usize, TokenKind);

/// Where the value of an annotation begins in its comment, and its words from there. `None` for any other comment.
pub(super) fn value(comment: &str) -> Option<(usize, Vec<Word>)> {
    let blank = [' ', '\t'];
    let body = comment.trim_start_matches(';').trim_start_matches(blank);
    let key = body.get(..body.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?)?;
    let rest = body.get(key.len()..)?.trim_start_matches(blank).strip_prefix('=')?.trim_start_matches(blank);
    if !KEYS.contains(&key) {
        return None;
    }
    Some((comment.len() - rest.len(), words(rest)?))
}

/// `None` for what is not JSON at first sight.
fn words(json: &str) -> Option<Vec<Word>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = json.get(at..).filter(|rest| !rest.is_empty()) {
        let many = |belongs: fn(char) -> bool| rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        let first = rest.chars().next()?;
        let (length, kind) = match first {
            '"' => {
                let length = string(rest);
                let key = rest.get(length..).is_some_and(|rest| rest.trim_start().starts_with(':'));
                (length, Some(if key { TokenKind::Property } else { TokenKind::String }))
            }
            '0'..='9' | '-' => {
                (many(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-')), Some(TokenKind::Number))
            }
            'a'..='z' => {
                let length = many(|c| c.is_ascii_alphanumeric());
                matches!(rest.get(..length), Some("true" | "false" | "null")).then_some(())?;
                (length, Some(TokenKind::Keyword))
            }
            '{' | '}' | '[' | ']' | ',' | ':' => (1, None),
            blank if blank.is_whitespace() => (blank.len_utf8(), None),
            _ => return None,
        };
        found.extend(kind.map(|kind| (at, length, kind)));
        at += length;
    }
    (!found.is_empty()).then_some(found)
}

/// The length of the string at the beginning, with its quotes.
fn string(text: &str) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::value;

    /// The words of the value.
    fn check(comment: &str, expected: Option<&[&str]>) {
        let words = value(comment).map(|(begin, words)| {
            let word =
                |(from, length, _)| comment.get(begin + from..begin + from + length).unwrap().to_owned();
            words.into_iter().map(word).collect::<Vec<_>>()
        });
        assert_eq!(
            words.as_deref().map(|words| words.iter().map(String::as_str).collect()),
            expected.map(<[_]>::to_vec)
        );
    }

    #[test]
    fn words_of_json_and_nothing_else() {
        check(";; ok = [1, \"é\\\"\", null]", Some(&["1", "\"é\\\"\"", "null"]));
        check("; map={\"a\":-1.5e3}", Some(&["\"a\"", "-1.5e3"]));
        check("; seq_ok = {\"open", Some(&["\"open"]));
        for other in
            ["; ok = yes", "; ok", "; ok = ", "; okay = 1", "; behaviour = 1", "; air: allow(L001)", ";", ""]
        {
            check(other, None);
        }
    }
}
