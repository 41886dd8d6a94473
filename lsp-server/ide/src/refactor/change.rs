//! A draft laid out: edits and the cursor's place.

use air_analysis::Analysis;
use air_analysis::diagnostic::TextEdit;
use air_analysis::format::{FormatOptions, format_form};
use air_semantics::text_edit::trimmed;
use air_syntax::TextSize;

use super::draft::Draft;
use super::verdict;

/// What a refactoring or a structural command does to a script.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Replacements, disjoint, in text order.
    pub edits: Vec<TextEdit>,
    /// Where the cursor belongs, in the new text.
    pub caret: TextSize,
}

impl Draft {
    /// The edits, with the drafted instruction laid out in its column.
    pub(crate) fn change(&self, analysis: &Analysis, options: &FormatOptions) -> Change {
        let (applied, start) = self.applied(&analysis.text);
        let laid_out = self.form.and_then(|form| {
            let after = verdict::reparsed(analysis, self, &applied);
            let at = TextSize::new((start + form) as u32);
            let (range, new) = format_form(&after, &applied, at, options)?;
            let end = usize::from(range.end()) - start;
            let (head, tail) = (self.text.get(..form)?, self.text.get(end..)?);
            Some(format!("{head}{new}{tail}"))
        });
        let text = laid_out.unwrap_or_else(|| self.text.clone());
        let caret = start + same_place(&self.text, self.caret, &text);
        let old = analysis.hir().text_at(self.region);
        let mut edits = self.elsewhere.clone();
        edits.push(trimmed(old, self.region.start(), &text));
        edits.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
        edits.retain(|edit| !(edit.range.is_empty() && edit.new_text.is_empty()));
        Change { edits, caret: TextSize::new(caret as u32) }
    }
}

/// Where in a text with other spaces an offset lies: after what it was directly after, else before what follows.
pub(crate) fn same_place(old: &str, offset: usize, new: &str) -> usize {
    let before = old.get(..offset).unwrap_or(old);
    let count = before.chars().filter(|char| !char.is_whitespace()).count();
    let mut places = new.char_indices().filter(|(_, char)| !char.is_whitespace());
    if let Some(last) = count.checked_sub(1)
        && !before.ends_with(char::is_whitespace)
    {
        return places.nth(last).map_or(new.len(), |(at, char)| at + char.len_utf8());
    }
    places.nth(count).map_or(new.trim_end().len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carets_and_trimming() {
        assert_eq!(same_place("(a  b)", 4, "(a\n b)"), 4);
        assert_eq!(same_place("(a  b)", 2, "(a\n b)"), 2);
        assert_eq!(same_place("(a  b)", 6, "(a\n b)\n"), 6);
        let edit = trimmed("a\r\nb", 10.into(), "a\r\nc");
        assert_eq!((u32::from(edit.range.start()), edit.new_text.as_str()), (13, "c"));
        let edit = trimmed("é", 0.into(), "è");
        assert_eq!((u32::from(edit.range.start()), edit.new_text.as_str()), (0, "è"));
    }
}
