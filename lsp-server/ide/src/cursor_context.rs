//! Where a cursor is, from tokens alone, so that it works while a script is broken.

mod slots;

use air_semantics::hir::{InstrKind, Role};
use air_syntax::{SyntaxKind, TextRange, TextSize, lexer};

use crate::instructions::page_of_keyword;
pub use slots::{MAX_SLOTS, Slot, SlotKind};
use slots::{after, slots};

/// A cursor's place, and what is around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CursorContext {
    /// What is written, or belongs, at the cursor.
    pub place: CursorPlace,
    /// The word from its start up to its end, the cursor in it or at its end; empty between words.
    pub word: TextRange,
    /// The instruction around it, if its keyword is known, and where its bracket is.
    pub around: Option<(InstrKind, TextSize)>,
    /// Words of the instruction before the cursor, without its keyword; brackets count as one.
    pub before: Vec<TextRange>,
    /// Where the brackets around the cursor open, outermost first.
    pub open: Vec<TextSize>,
    /// Service and function of the call around it, where they are before the cursor.
    pub called: Vec<TextRange>,
    /// What follows the word in its brackets, at most [`MAX_SLOTS`].
    pub after: Vec<Slot>,
    /// In brackets that are part of an instruction: what follows them there.
    pub beyond: Vec<Slot>,
}

/// What stands at a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CursorPlace {
    /// Outside of all brackets.
    Top,
    /// After `(`: a keyword.
    Keyword,
    /// An operand, or an instruction where `role` is none.
    Operand {
        /// Its number within the instruction, brackets counting as one.
        index: usize,
        /// The role of the operand.
        role: Option<Role>,
    },
    /// In a call's brackets: the number of the argument.
    Argument(usize),
    /// Inside of a comment, or at its end.
    Comment,
}

struct Frame {
    bracket: SyntaxKind,
    start: TextSize,
    keyword: Option<InstrKind>,
    words: Vec<TextRange>,
    /// Words of a bracket inside, kept for [`CursorContext::called`].
    inner: Vec<TextRange>,
}

/// Finds out where the cursor is. Linear in the text before it.
pub fn cursor_context(text: &str, offset: TextSize) -> CursorContext {
    let tokens = lexer::lex(text);
    let mut frames: Vec<Frame> = Vec::new();
    let mut word = TextRange::empty(offset);
    for (index, kind) in tokens.kinds.iter().enumerate() {
        let range = TextRange::new(tokens.start(index).into(), tokens.end(index).into());
        if range.start() >= offset {
            // A word that begins at the cursor is the one that is changed.
            if range.start() == offset && is_word(*kind) && word.is_empty() {
                word = range;
            }
            break;
        }
        match kind {
            SyntaxKind::COMMENT if offset <= range.end() => {
                return CursorContext {
                    place: CursorPlace::Comment,
                    word: range,
                    around: None,
                    before: Vec::new(),
                    open: Vec::new(),
                    called: Vec::new(),
                    after: Vec::new(),
                    beyond: Vec::new(),
                };
            }
            SyntaxKind::WHITESPACE | SyntaxKind::COMMENT => {}
            SyntaxKind::L_PAREN | SyntaxKind::L_BRACKET => {
                frames.push(Frame {
                    bracket: *kind,
                    start: range.start(),
                    keyword: None,
                    words: Vec::new(),
                    inner: Vec::new(),
                });
            }
            SyntaxKind::R_PAREN | SyntaxKind::R_BRACKET => {
                if let Some(closed) = frames.pop()
                    && let Some(outer) = frames.last_mut()
                {
                    outer.words.push(TextRange::new(closed.start, range.end()));
                    if closed.bracket == SyntaxKind::L_PAREN && outer.keyword == Some(InstrKind::Call) {
                        outer.inner = closed.words;
                    }
                }
            }
            // The word at the cursor does not count as one before it. A closed literal ends at its quote.
            _ if offset < range.end() || (offset == range.end() && !closed_string(text, *kind, range)) => {
                word = range
            }
            _ => {
                let Some(frame) = frames.last_mut() else { continue };
                let first =
                    frame.words.is_empty() && frame.keyword.is_none() && frame.bracket == SyntaxKind::L_PAREN;
                let page = text
                    .get(std::ops::Range::<usize>::from(range))
                    .filter(|_| first)
                    .and_then(page_of_keyword);
                match page {
                    Some(page) => frame.keyword = Some(page.kind),
                    None => frame.words.push(range),
                }
            }
        }
    }
    let part = frames.last().is_some_and(|frame| frame.keyword.is_none());
    let mut here = place(frames, on_line(text, word, offset));
    let mut rest = after(&tokens, here.word.end().max(offset));
    here.after = slots(text, &mut rest);
    if part && here.place != CursorPlace::Keyword {
        here.beyond = slots(text, &mut rest);
    }
    here
}

/// A literal that is being typed runs on to whatever quote comes next: then only what is before
/// the cursor counts, on the cursor's line.
fn on_line(text: &str, word: TextRange, offset: TextSize) -> TextRange {
    let part = |start: TextSize, end: TextSize| text.get(start.into()..end.into()).unwrap_or_default();
    if !part(word.start(), word.end()).starts_with('"') || offset < word.start() {
        return word;
    }
    let end = match part(offset, word.end()).contains(|c: char| c.is_whitespace() || "()[];".contains(c)) {
        true => offset,
        false => word.end(),
    };
    match part(word.start(), offset).contains('\n') {
        true => TextRange::empty(offset),
        false => TextRange::new(word.start(), end),
    }
}

fn closed_string(text: &str, kind: SyntaxKind, range: TextRange) -> bool {
    kind == SyntaxKind::STRING
        && text.get(std::ops::Range::<usize>::from(range)).is_some_and(|it| it.ends_with('"'))
}

fn is_word(kind: SyntaxKind) -> bool {
    !kind.is_trivia()
        && !matches!(
            kind,
            SyntaxKind::L_PAREN | SyntaxKind::R_PAREN | SyntaxKind::L_BRACKET | SyntaxKind::R_BRACKET
        )
}

fn place(mut frames: Vec<Frame>, word: TextRange) -> CursorContext {
    let open = frames.iter().map(|frame| frame.start).collect();
    let mut here = CursorContext {
        place: CursorPlace::Top,
        word,
        around: None,
        before: Vec::new(),
        open,
        called: Vec::new(),
        after: Vec::new(),
        beyond: Vec::new(),
    };
    let Some(frame) = frames.pop() else { return here };
    if let Some(kind) = frame.keyword {
        here.around = Some((kind, frame.start));
        here.place = CursorPlace::Operand {
            index: frame.words.len(),
            role: role(kind, &frame.words, frame.words.len()),
        };
        here.called = frame.inner;
        here.before = frame.words;
        return here;
    }
    // Brackets without a keyword are part of the instruction around them, if that takes some there.
    let direct = frames.last().is_some_and(|outer| outer.keyword.is_some());
    let mut between = Vec::new();
    let outer = loop {
        let Some(outer) = frames.pop() else { break None };
        match outer.keyword {
            Some(kind) => break Some((kind, outer)),
            None => between.push(outer),
        }
    };
    match outer {
        Some((InstrKind::Call, outer))
            if direct && frame.bracket == SyntaxKind::L_PAREN && outer.words.len() == 1 =>
        {
            let role = match frame.words.len() {
                0 => Some(Role::Service),
                1 => Some(Role::Function),
                _ => None,
            };
            here.place = CursorPlace::Operand { index: 1, role };
            here.around = Some((InstrKind::Call, outer.start));
            here.called = frame.words;
            here.before = outer.words;
        }
        Some((InstrKind::Call, outer)) if frame.bracket == SyntaxKind::L_BRACKET => {
            // The bracket of service and function may not be closed, and arrays do not nest.
            let open = between.iter().position(|it| it.bracket == SyntaxKind::L_PAREN);
            let arguments = between.iter().rfind(|it| it.bracket == SyntaxKind::L_BRACKET).unwrap_or(&frame);
            here.place = CursorPlace::Argument(arguments.words.len());
            here.around = Some((InstrKind::Call, outer.start));
            here.called = match open.and_then(|at| between.get(at)) {
                Some(unclosed) => unclosed.words.clone(),
                None => outer.inner,
            };
            here.before = outer.words;
        }
        Some((InstrKind::Ap, outer))
            if direct && frame.bracket == SyntaxKind::L_PAREN && outer.words.is_empty() =>
        {
            let role = [Role::Key, Role::Value].get(frame.words.len()).copied();
            here.place = CursorPlace::Operand { index: 0, role };
            here.around = Some((InstrKind::Ap, outer.start));
            here.before = frame.words;
        }
        _ if frame.bracket == SyntaxKind::L_PAREN && frame.words.is_empty() => {
            here.place = CursorPlace::Keyword
        }
        _ => here.place = CursorPlace::Operand { index: frame.words.len(), role: None },
    }
    here
}

/// What belongs at an index of an instruction.
fn role(kind: InstrKind, before: &[TextRange], index: usize) -> Option<Role> {
    let roles: &[Option<Role>] = match kind {
        InstrKind::Call => &[Some(Role::Peer), None, None, Some(Role::Output)],
        InstrKind::Canon => &[Some(Role::Peer), Some(Role::Source), Some(Role::Target)],
        InstrKind::Ap => &[Some(Role::Source), Some(Role::Target)],
        InstrKind::Fold => &[Some(Role::Iterable), Some(Role::Iterator)],
        InstrKind::Next => &[Some(Role::Iterator)],
        InstrKind::New => &[Some(Role::Declared)],
        InstrKind::Match | InstrKind::Mismatch => &[Some(Role::Left), Some(Role::Right)],
        InstrKind::Fail if before.is_empty() => &[Some(Role::Failure)],
        InstrKind::Fail => &[None, Some(Role::FailText)],
        _ => &[],
    };
    roles.get(index).copied().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(marked: &str) -> String {
        let offset = marked.find("$0").unwrap();
        let text = marked.replacen("$0", "", 1);
        let here = cursor_context(&text, (offset as u32).into());
        let around = here.around.map(|(kind, _)| format!("{kind:?} ")).unwrap_or_default();
        let called: Vec<_> = here.called.iter().map(|range| &text[*range]).collect();
        format!("{around}{:?} {:?} {}", here.place, &text[here.word], called.join("."))
    }

    #[test]
    fn places() {
        assert_eq!(at("$0"), "Top \"\" ");
        assert_eq!(at("(se$0"), "Keyword \"se\" ");
        assert_eq!(at("(seq (null) ($0"), "Keyword \"\" ");
        assert_eq!(at("(seq $0(null))"), "Seq Operand { index: 0, role: None } \"\" ");
        assert_eq!(at("(call $0"), "Call Operand { index: 0, role: Some(Peer) } \"\" ");
        assert_eq!(
            at("(call p (\"a\" \"b$0"),
            "Call Operand { index: 1, role: Some(Function) } \"\\\"b\" \"a\""
        );
        assert_eq!(at("(call p (\"a\" \"b\") [x $0"), "Call Argument(1) \"\" \"a\".\"b\"");
        assert_eq!(
            at("(call p (\"a\" \"b\") [x] re$0)"),
            "Call Operand { index: 3, role: Some(Output) } \"re\" \"a\".\"b\""
        );
        assert_eq!(at("(ap (k $0"), "Ap Operand { index: 0, role: Some(Value) } \"\" ");
        assert_eq!(at("(ap (k v) $0"), "Ap Operand { index: 1, role: Some(Target) } \"\" ");
        assert_eq!(at("(fold xs $0i (next i))"), "Fold Operand { index: 1, role: Some(Iterator) } \"i\" ");
        assert_eq!(at("(ap x.$.a$0b y)"), "Ap Operand { index: 0, role: Some(Source) } \"x.$.ab\" ");
        assert_eq!(at("(null) ; o$0k"), "Comment \"; ok\" ");
        assert_eq!(
            at("(call \"p$0 (\"s\" \"f\")\n []"),
            "Call Operand { index: 0, role: Some(Peer) } \"\\\"p\" "
        );
        assert_eq!(at("(call p (\"a\" \"b\" [x $0"), "Call Argument(1) \"\" \"a\".\"b\"");
        assert_eq!(at("(call p (\"a\" \"b\") [[] x [$0"), "Call Argument(2) \"\" \"a\".\"b\"");
        assert_eq!(at("(call p (\"a\" \"b\") [[] x.$.[0] $0"), "Call Argument(2) \"\" \"a\".\"b\"");
        assert_eq!(at("(call p (\"a\" \"b\") [x (se$0"), "Keyword \"se\" ");
        assert_eq!(
            at("(seq (call \"p (\"a\" \"b\") [x\n (ap $0"),
            "Ap Operand { index: 0, role: Some(Source) } \"\" "
        );
        assert_eq!(at("(ap x.$.[$0i] y)"), "Ap Operand { index: 0, role: Some(Source) } \"x.$.[i]\" ");
        assert_eq!(at("(fail 1 $0)"), "Fail Operand { index: 1, role: Some(FailText) } \"\" ");
    }
}
