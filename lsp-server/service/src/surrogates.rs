//! Halves of characters. A text of JavaScript may hold half of a surrogate pair; JSON can say it, UTF-8 cannot. An edit
//! with one must not be lost, or all later ones would go to wrong places: the replacement character takes its place,
//! which counts as much in UTF-16.

/// A message with its lone surrogates replaced; `None` if it has none.
pub fn replaced(json: &str) -> Option<String> {
    let bytes = json.as_bytes();
    let mut out: Option<Vec<u8>> = None;
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', bytes.get(at..)?) {
        at += found;
        at += match unit(bytes, at) {
            Some(0xd800..=0xdbff) if matches!(unit(bytes, at + 6), Some(0xdc00..=0xdfff)) => 12,
            Some(0xd800..=0xdfff) => {
                let out = out.get_or_insert_with(|| bytes.to_vec());
                if let Some(digits) = out.get_mut(at + 2..at + 6) {
                    digits.copy_from_slice(b"fffd");
                }
                6
            }
            // Whatever else is escaped, and its backslash.
            _ => 2,
        };
        if at >= bytes.len() {
            break;
        }
    }
    out.and_then(|bytes| String::from_utf8(bytes).ok())
}

/// The code unit that `\uXXXX` at that place stands for.
fn unit(bytes: &[u8], at: usize) -> Option<u16> {
    let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::replaced;

    #[test]
    fn only_halves() {
        for (text, expected) in [
            (r#""\ud83d\ude00 \\ud800 \u00e9""#, None),
            (r#""a\ud83d""#, Some(r#""a\ufffd""#)),
            (r#""\uDE00\uD83D\ude00\ud83d\ud83d\ude00""#, Some(r#""\ufffd\uD83D\ude00\ufffd\ud83d\ude00""#)),
            (r#""\ud83"#, None),
            (r#""é\"#, None),
            ("", None),
        ] {
            assert_eq!(replaced(text).as_deref(), expected, "{text}");
        }
    }
}
