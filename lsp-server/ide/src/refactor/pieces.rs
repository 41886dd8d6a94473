//! Instructions with the comments that belong to them.

use air_semantics::hir::Instr;
use air_syntax::{SyntaxKind, TextRange, TextSize, lexer};

use super::context::Context;

/// A child of an instruction and what stands around it there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    /// Spaces and comments before it, from the next line on.
    lead: &'a str,
    /// The child, without comments.
    pub(super) body: &'a str,
    /// The comment after it on its line; empty if there is none.
    trail: &'a str,
}

/// The comment that follows on the same line; an empty range at `end` if there is none.
pub(crate) fn trailing_comment(text: &str, end: TextSize) -> TextRange {
    let rest = text.get(end.into()..).unwrap_or_default();
    let spaces = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    match rest.get(spaces..) {
        Some(comment) if comment.starts_with(';') => {
            let comment = comment.lines().next().unwrap_or_default().trim_end();
            TextRange::at(end + TextSize::new(spaces as u32), TextSize::of(comment))
        }
        _ => TextRange::empty(end),
    }
}

/// Comments in a stretch that begins and ends between two tokens.
pub(crate) fn comments_between(text: &str, range: TextRange) -> Vec<&str> {
    let text = text.get(range.start().into()..range.end().into()).unwrap_or_default();
    let mut found = Vec::new();
    if !text.contains(';') {
        return found;
    }
    let tokens = lexer::lex(text);
    let mut start = 0;
    for (kind, end) in tokens.kinds.iter().zip(&tokens.ends) {
        if *kind == SyntaxKind::COMMENT {
            found.push(text.get(start..*end as usize).unwrap_or_default().trim_end());
        }
        start = *end as usize;
    }
    found
}

impl<'a> Context<'a> {
    pub(super) fn text(&self, start: TextSize, end: TextSize) -> &'a str {
        self.hir.text.get(start.into()..end.into()).unwrap_or_default()
    }

    /// The instruction with the comment after it.
    pub(super) fn attached(&self, instr: &Instr) -> TextRange {
        instr.range.cover(trailing_comment(&self.hir.text, instr.range.end()))
    }

    /// Text of [`Context::attached`]; anything may follow it.
    pub(super) fn attached_text(&self, instr: &Instr) -> String {
        let range = self.attached(instr);
        let text = self.hir.text_at(range);
        if range == instr.range { text.to_owned() } else { format!("{text}\n") }
    }

    /// The head of an instruction with children, comments on its line included; its children; comments before
    /// its closing bracket.
    pub(super) fn parts(&self, instr: &Instr) -> (String, Vec<Part<'a>>, &'a str) {
        let text: &'a str = &self.hir.text;
        let children = self.children(instr);
        let mut parts: Vec<Part<'a>> = Vec::new();
        let mut head = String::new();
        let mut end = children.first().map_or(instr.range.end(), |first| first.range.start());
        for (index, child) in children.iter().enumerate() {
            let before = if index == 0 {
                let all = self.text(instr.range.start(), end);
                // After the last operand, the line has only comments and spaces.
                let words =
                    self.hir.operands_of(instr).last().map_or(instr.keyword.end(), |last| last.range.end());
                let comment = trailing_comment(text, words);
                head = self.text(instr.range.start(), comment.end().max(words)).to_owned();
                if !comment.is_empty() {
                    head.push('\n');
                }
                all.get(usize::from(comment.end().max(words) - instr.range.start())..).unwrap_or_default()
            } else {
                self.text(end, child.range.start())
            };
            let trail = trailing_comment(text, child.range.end());
            parts.push(Part {
                lead: before,
                body: self.hir.text_at(child.range),
                trail: self.hir.text_at(trail),
            });
            end = trail.end();
        }
        let tail =
            if children.is_empty() { "" } else { self.text(end, instr.range.end() - TextSize::of(')')) };
        (head, parts, tail)
    }
}

impl<'a> Part<'a> {
    /// Another instruction with the comments of this one.
    pub(super) fn with_body<'b>(&self, body: &'b str) -> Part<'b>
    where
        'a: 'b,
    {
        Part { lead: self.lead, body, trail: self.trail }
    }

    /// All of it; anything may follow.
    pub(super) fn write(&self, out: &mut String) {
        out.push_str(self.lead);
        if !self.lead.ends_with(char::is_whitespace) {
            out.push(if self.lead.is_empty() { ' ' } else { '\n' });
        }
        out.push_str(self.body);
        if !self.trail.is_empty() {
            out.push(' ');
            out.push_str(self.trail);
            out.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use air_analysis::Analysis;

    use super::*;

    #[test]
    fn a_comment_on_the_same_line() {
        let text = "(null) ; why\n; next line";
        assert_eq!(trailing_comment(text, 6.into()), TextRange::new(7.into(), 12.into()));
        assert_eq!(trailing_comment(text, 5.into()), TextRange::empty(5.into()), "a bracket is between");
        assert_eq!(comments_between(text, TextRange::new(6.into(), 24.into())), ["; why", "; next line"]);
        assert_eq!(comments_between("(ap \";\" x)", TextRange::new(0.into(), 4.into())), [""; 0]);
    }

    #[test]
    fn each_child_with_its_comments() {
        let text = "(seq ; head\n ; lead\n (null) ; trail\n (never)\n ; tail\n)";
        let analysis = Analysis::new(text);
        let context = Context::new(&analysis, TextRange::empty(1.into())).unwrap();
        let (head, parts, tail) = context.parts(context.instr);
        assert_eq!(head, "(seq ; head\n");
        let parts: Vec<_> = parts.iter().map(|part| (part.lead, part.body, part.trail)).collect();
        assert_eq!(parts, [("\n ; lead\n ", "(null)", "; trail"), ("\n ", "(never)", "")]);
        assert_eq!(tail, "\n ; tail\n");
    }
}
