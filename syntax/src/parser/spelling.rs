//! The keyword that an unknown word was meant to be.

use crate::SyntaxKind;
use crate::lexer::KEYWORDS;

/// Longer words resemble no keyword.
const MAX_MISSPELLED_BYTES: usize = 12;

/// The keyword that takes the fewest edits to get to from an unknown word; none if every one takes too many.
pub(super) fn closest_keyword(word: &str) -> Option<SyntaxKind> {
    if word.len() > MAX_MISSPELLED_BYTES {
        return None;
    }
    let word = word.to_lowercase();
    let (distance, _, keyword) = KEYWORDS
        .iter()
        // Swapped neighbours, the most frequent slip, count as one edit.
        .map(|(name, kind)| (strsim::osa_distance(&word, name), name.len().abs_diff(word.len()), *kind))
        .min_by_key(|(distance, length, _)| (*distance, *length))?;
    let max_distance = if word.len() <= 3 { 1 } else { 2 };
    (distance <= max_distance && distance < word.chars().count()).then_some(keyword)
}

/// The keyword that this word is but for upper case.
pub(super) fn wrong_case(word: &str) -> Option<SyntaxKind> {
    KEYWORDS.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        for (word, keyword) in [
            ("sqe", Some(SyntaxKind::SEQ_KW)),
            ("cal", Some(SyntaxKind::CALL_KW)),
            ("foldl", Some(SyntaxKind::FOLD_KW)),
            ("mach", Some(SyntaxKind::MATCH_KW)),
            ("missmatch", Some(SyntaxKind::MISMATCH_KW)),
            ("nul", Some(SyntaxKind::NULL_KW)),
            ("try", None),
            ("x", None),
            ("sequence", None),
            ("embed", None),
        ] {
            assert_eq!(closest_keyword(word), keyword, "{word}");
        }
        assert_eq!(wrong_case("XOR"), Some(SyntaxKind::XOR_KW));
    }
}
