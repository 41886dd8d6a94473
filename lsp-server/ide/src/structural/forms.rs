//! Lists and words of a text, whether or not it is a script.

use air_syntax::{SyntaxKind, TextRange, TextSize, lexer};

/// All forms of a text, a list before what is in it.
pub(super) struct Forms<'t> {
    pub(super) text: &'t str,
    forms: Vec<Form>,
}

/// A list or a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Form {
    /// Brackets included.
    pub(super) range: TextRange,
    pub(super) kind: FormKind,
    /// The list around it.
    parent: Option<usize>,
    /// Its neighbours there.
    previous: Option<usize>,
    next: Option<usize>,
    /// Its place among the forms.
    index: usize,
}

/// What a form is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FormKind {
    /// `(keyword …)`
    Instruction,
    /// Any other list whose brackets close.
    List,
    /// A list that nothing closes.
    Open,
    /// A keyword after its bracket.
    Keyword,
    /// Any other word.
    Word,
}

impl<'t> Forms<'t> {
    pub(super) fn new(text: &'t str) -> Forms<'t> {
        let tokens = lexer::lex(text);
        let mut forms: Vec<Form> = Vec::new();
        let mut open: Vec<(usize, SyntaxKind)> = Vec::new();
        // The last form of each open list, and before them that of the text.
        let mut last: Vec<Option<usize>> = vec![None];
        let mut start = 0;
        let mut opened = false;
        for (&kind, &end) in tokens.kinds.iter().zip(&tokens.ends) {
            let range = TextRange::new(start.into(), end.into());
            start = end;
            let parent = open.last().map(|(index, _)| *index);
            let index = forms.len();
            let first = std::mem::take(&mut opened);
            match kind {
                SyntaxKind::WHITESPACE | SyntaxKind::COMMENT => opened = first,
                SyntaxKind::L_PAREN | SyntaxKind::L_BRACKET => {
                    let closer =
                        if kind == SyntaxKind::L_PAREN { SyntaxKind::R_PAREN } else { SyntaxKind::R_BRACKET };
                    opened = kind == SyntaxKind::L_PAREN;
                    let previous = follow(&mut forms, &mut last, index);
                    forms.push(Form { range, kind: FormKind::Open, parent, previous, next: None, index });
                    open.push((index, closer));
                    last.push(None);
                }
                SyntaxKind::R_PAREN | SyntaxKind::R_BRACKET => {
                    // What is open inside stays so.
                    let Some(at) = open.iter().rposition(|(_, closer)| *closer == kind) else { continue };
                    let Some((index, _)) = open.drain(at..).next() else { continue };
                    last.truncate(at + 1);
                    let instruction = forms.get(index + 1).is_some_and(|head| head.kind == FormKind::Keyword);
                    if let Some(list) = forms.get_mut(index) {
                        list.range = list.range.cover(range);
                        list.kind = if instruction { FormKind::Instruction } else { FormKind::List };
                    }
                }
                _ => {
                    let kind = if first && kind.is_keyword() { FormKind::Keyword } else { FormKind::Word };
                    let previous = follow(&mut forms, &mut last, index);
                    forms.push(Form { range, kind, parent, previous, next: None, index });
                }
            }
        }
        Forms { text, forms }
    }

    /// The form that the cursor is at.
    pub(super) fn at(&self, offset: TextSize) -> Option<Form> {
        let found = |wanted: &dyn Fn(&Form) -> bool| self.forms.iter().copied().rfind(|form| wanted(form));
        let begins = found(&|form| form.range.start() == offset && form.kind != FormKind::Open);
        let word = || {
            found(&|form| {
                matches!(form.kind, FormKind::Word | FormKind::Keyword)
                    && form.range.contains_inclusive(offset)
            })
        };
        let ends = || found(&|form| form.range.end() == offset && form.is_list());
        let form = begins.or_else(word).or_else(ends)?;
        if form.kind == FormKind::Keyword {
            self.parent(form).filter(|list| list.is_list())
        } else {
            Some(form)
        }
    }

    /// The innermost list that the cursor is in, or that begins there.
    pub(super) fn around(&self, offset: TextSize) -> Option<Form> {
        self.forms
            .iter()
            .copied()
            .rfind(|form| form.is_list() && form.range.start() <= offset && offset < form.range.end())
    }

    /// The list around a form.
    pub(super) fn parent(&self, form: Form) -> Option<Form> {
        self.forms.get(form.parent?).copied()
    }

    /// What is directly in a list, its keyword included.
    pub(super) fn children(&self, list: Form) -> impl DoubleEndedIterator<Item = Form> + '_ {
        let first = self.forms.get(list.index + 1).filter(|form| form.parent == Some(list.index));
        let children = std::iter::successors(first, |form| self.forms.get(form.next?));
        children.copied().collect::<Vec<Form>>().into_iter()
    }

    /// The form after it in its list, or in the text.
    pub(super) fn next(&self, form: Form) -> Option<Form> {
        self.forms.get(form.next?).copied()
    }

    /// The form before it, but not the keyword.
    pub(super) fn previous(&self, form: Form) -> Option<Form> {
        self.forms.get(form.previous?).copied().filter(|form| form.kind != FormKind::Keyword)
    }

    pub(super) fn slice(&self, start: TextSize, end: TextSize) -> &'t str {
        self.text.get(start.into()..end.into()).unwrap_or_default()
    }

    /// The text of a form.
    pub(super) fn text_of(&self, form: Form) -> &'t str {
        self.slice(form.range.start(), form.range.end())
    }

    /// The end of the opening bracket, or of the keyword if there is one.
    pub(super) fn head_end(&self, list: Form) -> TextSize {
        match self.forms.get(list.index + 1) {
            Some(head) if head.kind == FormKind::Keyword && head.parent == Some(list.index) => {
                head.range.end()
            }
            _ => list.range.start() + TextSize::new(1),
        }
    }
}

impl Form {
    /// Whether it has two brackets.
    pub(super) fn is_list(&self) -> bool {
        matches!(self.kind, FormKind::Instruction | FormKind::List)
    }
}

/// Makes a form that is about to be added the last one of its list; the one before it there.
fn follow(forms: &mut [Form], last: &mut [Option<usize>], index: usize) -> Option<usize> {
    let previous = last.last_mut()?.replace(index);
    if let Some(previous) = previous.and_then(|previous| forms.get_mut(previous)) {
        previous.next = Some(index);
    }
    previous
}

/// A space, where two pieces would become one word.
pub(super) fn gap(before: &str, after: &str) -> &'static str {
    let space = |char: Option<char>| char.is_none_or(|char| char.is_whitespace());
    let open = before.ends_with(['(', '[']);
    if space(before.chars().last()) || space(after.chars().next()) || open || after.starts_with([')', ']']) {
        ""
    } else {
        " "
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_words_and_what_is_open() {
        let forms = Forms::new("(ap 1 [x) ; c\n] y)");
        let kinds: Vec<_> = forms.forms.iter().map(|form| (forms.text_of(*form), form.kind)).collect();
        assert_eq!(
            kinds,
            [
                ("(ap 1 [x)", FormKind::Instruction),
                ("ap", FormKind::Keyword),
                ("1", FormKind::Word),
                ("[", FormKind::Open),
                ("x", FormKind::Word),
                ("y", FormKind::Word),
            ]
        );
    }

    #[test]
    fn neighbours_and_the_list_around() {
        let forms = Forms::new("(seq (null) (ap 1 x))");
        let second = forms.at(12.into()).unwrap();
        assert_eq!(forms.text_of(second), "(ap 1 x)");
        let first = forms.previous(second).unwrap();
        assert_eq!(forms.text_of(first), "(null)");
        assert_eq!(forms.next(first), Some(second));
        assert_eq!(forms.previous(first), None, "the keyword does not count");
        let list = forms.parent(first).unwrap();
        assert_eq!(forms.children(list).count(), 3);
        assert_eq!(forms.around(8.into()), Some(first));
        assert_eq!(forms.at(2.into()), Some(list), "a keyword stands for its list");
        assert_eq!(usize::from(forms.head_end(list)), "(seq".len());
    }

    #[test]
    fn a_space_only_between_words() {
        assert_eq!(gap("a", "b"), " ");
        for (before, after) in [("a ", "b"), ("a", " b"), ("(", "b"), ("a", ")"), ("", "b")] {
            assert_eq!(gap(before, after), "", "{before:?} {after:?}");
        }
    }
}
