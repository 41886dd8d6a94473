//! The keyword that somebody meant.

use crate::SyntaxKind;
use crate::lexer::KEYWORDS;

/// The keyword most like an unknown word; none if all are far off.
pub(super) fn closest_keyword(word: &str) -> Option<SyntaxKind> {
    if word.len() > 12 {
        return None;
    }
    let word = word.to_lowercase();
    let (distance, _, keyword) = KEYWORDS
        .iter()
        .map(|(name, kind)| (distance(&word, name), name.len().abs_diff(word.len()), *kind))
        .min_by_key(|(distance, length, _)| (*distance, *length))?;
    let limit = if word.len() <= 3 { 1 } else { 2 };
    (distance <= limit && distance < word.chars().count()).then_some(keyword)
}

/// The keyword that this word is but for upper case.
pub(super) fn wrong_case(word: &str) -> Option<SyntaxKind> {
    KEYWORDS.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, kind)| *kind)
}

/// Edits from one word to another: insert, delete, replace, swap neighbours.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    let mut previous = None;
    for (line, l) in left.chars().enumerate() {
        let mut next = vec![line + 1];
        for (column, r) in right.iter().enumerate() {
            let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut best = (at(&row, column) + usize::from(l != *r))
                .min(at(&row, column + 1) + 1)
                .min(at(&next, column) + 1);
            if column > 0 && previous == Some(*r) && right.get(column - 1) == Some(&l) {
                best = best.min(at(&before, column - 1) + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
        previous = Some(l);
    }
    row.last().copied().unwrap_or(0)
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
        assert_eq!(distance("seq", "seq"), 0);
        assert_eq!(distance("sqe", "seq"), 1);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(wrong_case("XOR"), Some(SyntaxKind::XOR_KW));
    }
}
