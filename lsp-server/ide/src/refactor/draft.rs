//! A change before its layout.

use air_analysis::diagnostic::TextEdit;
use air_analysis::format::{LineEnding, column};
use air_syntax::TextRange;

use super::pieces::trailing_comment;

/// A change before its layout.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) title: String,
    /// The stretch that gets a new text.
    pub(crate) region: TextRange,
    /// That text; spaces in it do not matter where it is laid out.
    pub(crate) text: String,
    /// Where in it the instruction starts that is to be laid out.
    pub(crate) form: Option<usize>,
    /// Where in it the cursor belongs; spaces do not count.
    pub(crate) caret: usize,
    /// Words elsewhere, in text order, none in the region.
    pub(crate) elsewhere: Vec<TextEdit>,
}

impl Draft {
    /// One instruction for another.
    pub(crate) fn form(title: impl Into<String>, region: TextRange, text: String, caret: usize) -> Draft {
        Draft { title: title.into(), region, text, form: Some(0), caret, elsewhere: Vec::new() }
    }

    /// One word for another.
    pub(super) fn word(title: impl Into<String>, region: TextRange, text: impl Into<String>) -> Draft {
        let (title, text) = (title.into(), text.into());
        Draft { title, region, text, form: None, caret: 0, elsewhere: Vec::new() }
    }

    /// Part of an instruction, and comments that were in it, for the whole of it.
    pub(crate) fn part<'a>(
        script: &'a str,
        title: impl Into<String>,
        outer: TextRange,
        mut comments: Vec<&'a str>,
        kept: &str,
        mut trail: Option<&'a str>,
    ) -> Draft {
        let own = trailing_comment(script, outer.end());
        let region = outer.cover(own);
        if let Some(own) = script.get(std::ops::Range::<usize>::from(own)).filter(|own| !own.is_empty()) {
            if trail.is_none() { trail = Some(own) } else { comments.push(own) }
        }
        let mut text = String::new();
        let indent = column(script.get(..region.start().into()).unwrap_or_default());
        let line_ending = LineEnding::of(script).as_str();
        let line = |text: &mut String, comment: &str| {
            text.push_str(comment);
            text.push_str(line_ending);
            text.push_str(&indent);
        };
        for comment in comments {
            line(&mut text, comment);
        }
        let form = text.len();
        text.push_str(kept);
        if let Some(trail) = trail {
            text.push(' ');
            // What followed on the line must not become part of the comment.
            let rest = script.get(region.end().into()..).unwrap_or_default();
            match rest.starts_with(['\n', '\r']) || rest.is_empty() {
                true => text.push_str(trail),
                false => line(&mut text, trail),
            }
        }
        Draft { title: title.into(), region, text, form: Some(form), caret: form, elsewhere: Vec::new() }
    }

    /// The script with it, and how far the region moves by what changes before it.
    pub(crate) fn applied(&self, text: &str) -> (String, usize) {
        let mut out = String::with_capacity(text.len() + self.text.len());
        let mut start = 0;
        let mut done = 0;
        let mut put = |out: &mut String, range: TextRange, new_text: &str| {
            out.push_str(text.get(done..range.start().into()).unwrap_or_default());
            out.push_str(new_text);
            done = range.end().into();
        };
        let (before, after) = self
            .elsewhere
            .split_at(self.elsewhere.partition_point(|edit| edit.range.end() <= self.region.start()));
        for edit in before {
            put(&mut out, edit.range, &edit.new_text);
        }
        put(&mut out, TextRange::empty(self.region.start()), "");
        start += out.len();
        put(&mut out, self.region, &self.text);
        for edit in after {
            put(&mut out, edit.range, &edit.new_text);
        }
        out.push_str(text.get(done..).unwrap_or_default());
        (out, start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_region_moves_by_what_changes_before_it() {
        let range = |start: u32, end: u32| TextRange::new(start.into(), end.into());
        let mut draft = Draft::word("", range(4, 5), "new");
        draft.elsewhere.push(TextEdit { range: range(0, 1), new_text: "longer".to_owned() });
        draft.elsewhere.push(TextEdit { range: range(6, 7), new_text: String::new() });
        assert_eq!(draft.applied("a b c d"), ("longer b new ".to_owned(), 9));
    }

    #[test]
    fn comments_of_the_whole_stay_with_the_part() {
        let script = "(seq (null) (ap 1 x)) ; both";
        let outer = TextRange::new(0.into(), 21.into());
        let draft = Draft::part(script, "", outer, vec!["; first"], "(null)", None);
        assert_eq!(draft.text, "; first\n(null) ; both");
        assert_eq!(draft.form, Some("; first\n".len()));
        assert_eq!(usize::from(draft.region.end()), script.len());
    }
}
