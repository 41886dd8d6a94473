//! Instructions that the parser need not look into again: an edit did not touch them, and nothing is wrong in them.
//!
//! What a parser does inside of a right instruction depends on nothing outside of it, with one exception: in a broken
//! text lines that stand too far left may end lists. Instructions that have such lines are not settled ([`Facts::of`]).
//! So the parser gets three or four tokens in the place of all of them ([`outline`]), and the node goes into the new
//! tree as it is ([`Settling`]). What is parsed is the way from the script to the edit.

use rowan::{GreenNode, GreenNodeData, NodeOrToken, TextRange, TextSize};

use crate::SyntaxKind;
use crate::edit::Edit;
use crate::error::SyntaxError;
use crate::lexer::{Tokens, lex_stretch};
use crate::limits::MAX_DEPTH;
use crate::sink::Sink;
use crate::tree::TreeBuilder;

/// A right instruction, by its place in a text.
#[derive(Debug, Clone)]
pub(crate) struct Settled {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) node: GreenNode,
    /// Indentation in bytes of the line that it starts on.
    indent: u32,
    facts: Facts,
}

/// What there is to know of the inside of a right instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Facts {
    /// End of its name, from the start of the instruction; the name follows the bracket.
    keyword_end: u32,
    /// Lists in it that begin a line, further right than the list around them.
    indented: u32,
    /// Number of lists open at once at the deepest place, itself included.
    depth: u32,
    /// The last white space in it that has a line feed, from the start of the instruction.
    line: Option<(u32, u32)>,
    /// Indentation in bytes of the line that it ends on.
    indent: u32,
    /// No `)` in it looks as if it came too early.
    tight: bool,
    /// It is a `fold` that could have one more instruction.
    open_fold: bool,
}

/// A `)` until it is known what follows.
struct Closed {
    /// Its column, if it begins a line.
    column: Option<u32>,
    /// Indentation of the line that its list starts on.
    indent: u32,
    open_fold: bool,
}

impl Closed {
    /// Whether it may look as if it came too early, if there are too many: see `closes_too_early` in
    /// `parser/brackets.rs`. `column` is that of the bracket that follows, if it begins a line.
    fn looks_early(&self, next: SyntaxKind, column: Option<u32>) -> bool {
        if self.column == Some(self.indent) {
            return false;
        }
        match next {
            SyntaxKind::L_PAREN => self.open_fold && column.is_some_and(|column| column > self.indent),
            _ => self.column.is_some() && column == Some(self.indent),
        }
    }
}

impl Settled {
    /// Where it is after an edit outside of it.
    fn shift(&mut self, edit: Edit) {
        if self.start >= u32::from(edit.removed.end()) {
            let moved = |offset| offset - u32::from(edit.removed.len()) + u32::from(edit.inserted);
            (self.start, self.end) = (moved(self.start), moved(self.end));
        }
    }

    fn is_outside(&self, range: TextRange) -> bool {
        u32::from(range.end()) <= self.start || u32::from(range.start()) >= self.end
    }
}

/// Lists in which others lie.
fn is_list(kind: SyntaxKind) -> bool {
    kind.is_instruction()
        || matches!(kind, SyntaxKind::ARGUMENTS | SyntaxKind::FUNCTION_REF | SyntaxKind::MAP_ENTRY)
}

/// How far white space moves a line's indentation; none if it has no line feed.
fn indent_after(space: &str) -> Option<u32> {
    let newline = memchr::memrchr(b'\n', space.as_bytes())?;
    Some((space.len() - newline - 1) as u32)
}

impl Facts {
    /// Of an instruction on a line with that indentation. None where the layout may look like a mistake: if a line in
    /// it begins with a list that stands no further right than the one around it, or with a `)` further left than the
    /// list that it closes. `budget` is how many nodes and tokens may be looked at.
    fn of(instr: &GreenNodeData, indent: u32, budget: &mut usize) -> Option<Facts> {
        let mut lists: Vec<(rowan::Children<'_>, u32)> = Vec::with_capacity(16);
        let mut facts = Facts {
            keyword_end: 0,
            indented: 0,
            depth: 1,
            line: None,
            indent,
            tight: true,
            open_fold: is_open_fold(instr),
        };
        let mut last_closed: Option<Closed> = None;
        let mut open_fold = facts.open_fold;
        let (mut at, mut first, mut open) = (0u32, false, 1u32);
        let mut children = instr.children();
        // Indentation of the innermost list's line.
        let mut list_indent = indent;
        let mut is_list_node = true;
        let mut around = Vec::with_capacity(16);
        loop {
            match children.next() {
                Some(NodeOrToken::Token(token)) => {
                    *budget = budget.checked_sub(1)?;
                    let kind = SyntaxKind::from_green(token.kind());
                    let end = at + u32::from(token.text_len());
                    match kind {
                        SyntaxKind::WHITESPACE => {
                            if let Some(indent) = indent_after(token.text()) {
                                facts.line = Some((at, end));
                                facts.indent = indent;
                                first = true;
                                at = end;
                                continue;
                            }
                        }
                        SyntaxKind::R_PAREN if first && facts.indent < list_indent => return None,
                        SyntaxKind::L_PAREN | SyntaxKind::R_PAREN => {
                            let column = first.then_some(facts.indent);
                            if last_closed.take().is_some_and(|last| last.looks_early(kind, column)) {
                                facts.tight = false;
                            }
                            if kind == SyntaxKind::R_PAREN {
                                last_closed = Some(Closed { column, indent: list_indent, open_fold });
                            }
                        }
                        SyntaxKind::COMMENT => {}
                        _ if facts.keyword_end == 0 && at == 1 => {
                            if !kind.is_keyword() {
                                return None;
                            }
                            facts.keyword_end = end;
                        }
                        _ => {}
                    }
                    first = false;
                    at = end;
                }
                Some(NodeOrToken::Node(node)) => {
                    *budget = budget.checked_sub(1)?;
                    let kind = SyntaxKind::from_green(node.kind());
                    if kind == SyntaxKind::LENSED {
                        // One word.
                        at += u32::from(node.text_len());
                        first = false;
                        continue;
                    }
                    let is_list = is_list(kind);
                    let outer = list_indent;
                    if is_list {
                        if first && kind != SyntaxKind::ARGUMENTS {
                            if facts.indent <= list_indent {
                                return None;
                            }
                            facts.indented += 1;
                        }
                        open += 1;
                        facts.depth = facts.depth.max(open);
                        list_indent = facts.indent;
                    }
                    around.push((is_list_node, open_fold));
                    is_list_node = is_list;
                    open_fold = is_open_fold(node);
                    lists.push((std::mem::replace(&mut children, node.children()), outer));
                }
                None => {
                    open -= u32::from(is_list_node);
                    match (lists.pop(), around.pop()) {
                        (Some((outer, indent)), Some(flags)) => {
                            (children, list_indent) = (outer, indent);
                            (is_list_node, open_fold) = flags;
                        }
                        _ => break,
                    }
                }
            }
        }
        (facts.keyword_end > 0).then_some(facts)
    }
}

/// Whether a node is a `fold` with one instruction, which may have two.
fn is_open_fold(node: &GreenNodeData) -> bool {
    if node.kind() != SyntaxKind::FOLD.into() {
        return false;
    }
    let nodes = node.children().filter_map(NodeOrToken::into_node);
    nodes.filter(|node| SyntaxKind::from_green(node.kind()).is_instruction()).count() == 1
}

/// Settled instructions of a text, in its order: all that lie outside of an edited range and of what is wrong, the
/// outermost ones. `right` gives the node of an instruction's text if nothing is wrong in it; it is asked where anything
/// is wrong in the whole text. None if the tree would have to be looked at again and again.
pub(crate) fn settle(
    root: &GreenNodeData,
    edited: TextRange,
    errors: &[SyntaxError],
    right: Right,
) -> Option<Vec<Settled>> {
    let budget = 8 * usize::from(root.text_len());
    let mut wrong = Vec::with_capacity(errors.len());
    for error in errors {
        let before = wrong.last().map_or(TextSize::new(0), |(_, end)| *end);
        wrong.push((error.range.start(), error.range.end().max(before)));
    }
    let mut finder = Finder { edited, wrong, right, found: Vec::new(), budget };
    finder.look_into(root, 0, 0)?;
    Some(finder.found)
}

/// The same instructions after an edit; in the place of those that it touches, those in them that it does not.
pub(crate) fn settle_again(before: &[Settled], edit: Edit) -> Option<Vec<Settled>> {
    let end = before.last().map_or(0, |last| last.end);
    let mut finder = Finder {
        edited: edit.removed,
        wrong: Vec::new(),
        right: |_, _| None,
        found: Vec::new(),
        budget: 8 * end as usize,
    };
    for settled in before {
        if settled.is_outside(edit.removed) {
            finder.found.push(settled.clone());
        } else {
            finder.look_into(&settled.node, settled.start, settled.indent)?;
        }
    }
    for settled in &mut finder.found {
        settled.shift(edit);
    }
    Some(finder.found)
}

/// The same instructions after an edit, if it touches none.
pub(crate) fn settled_still(before: &[Settled], edit: Edit) -> Option<Vec<Settled>> {
    let after = |settled: &Settled| {
        let mut settled = settled.clone();
        settled.is_outside(edit.removed).then(|| settled.shift(edit)).map(|()| settled)
    };
    before.iter().map(after).collect()
}

/// Gives the node of an instruction's text.
pub(crate) type Right = fn(SyntaxKind, &str) -> Option<GreenNode>;

/// Looks for settled instructions.
struct Finder {
    edited: TextRange,
    /// Where something is wrong, by starts; each with the last end up to it.
    wrong: Vec<(TextSize, TextSize)>,
    right: Right,
    found: Vec<Settled>,
    budget: usize,
}

impl Finder {
    /// Adds those below a node, which starts on a line with that indentation.
    fn look_into(&mut self, node: &GreenNodeData, start: u32, indent: u32) -> Option<()> {
        let (mut at, mut indent) = (start, indent);
        let mut open = Vec::new();
        let mut children = node.children();
        loop {
            match children.next() {
                Some(NodeOrToken::Token(token)) => {
                    if token.kind() == SyntaxKind::WHITESPACE.into() {
                        indent = match indent_after(token.text()) {
                            Some(indent) => indent,
                            None if at == 0 => u32::from(token.text_len()),
                            None => indent,
                        };
                    }
                    at += u32::from(token.text_len());
                }
                Some(NodeOrToken::Node(node)) => {
                    if let Some(settled) = self.settled(node, at, indent) {
                        (at, indent) = (settled.end, settled.facts.indent);
                        self.found.push(settled);
                    } else {
                        self.budget = self.budget.checked_sub(1)?;
                        open.push(std::mem::replace(&mut children, node.children()));
                    }
                }
                None => match open.pop() {
                    Some(outer) => children = outer,
                    None => return Some(()),
                },
            }
        }
    }

    fn settled(&mut self, node: &GreenNodeData, start: u32, indent: u32) -> Option<Settled> {
        let kind = SyntaxKind::from_green(node.kind());
        if !kind.is_instruction() || kind == SyntaxKind::UNKNOWN_INSTR {
            return None;
        }
        let end = start + u32::from(node.text_len());
        let (from, to) = (TextSize::new(start), TextSize::new(end));
        let is_outside = self.edited.end() <= from || self.edited.start() >= to;
        let before = self.wrong.partition_point(|(start, _)| *start <= to).checked_sub(1);
        let is_wrong = before.and_then(|last| self.wrong.get(last)).is_some_and(|(_, end)| *end >= from);
        if !is_outside || is_wrong {
            return None;
        }
        let node = if self.wrong.is_empty() {
            node.to_owned()
        } else {
            self.budget = self.budget.checked_sub((end - start) as usize)?;
            (self.right)(kind, &node.to_string())?
        };
        let facts = Facts::of(&node, indent, &mut self.budget)?;
        Some(Settled { start, end, node, indent, facts })
    }
}

/// Tokens of a text with little in the place of settled instructions.
pub(crate) struct Outline {
    pub(crate) tokens: Tokens,
    /// Lists in settled instructions that begin a line, further right than the list around them.
    pub(crate) indented: usize,
    /// Those that are settled still.
    pub(crate) settled: Vec<Settled>,
    /// The `)` of each that is a `fold` which could have one more instruction.
    folds: Vec<(usize, Closed)>,
}

impl Outline {
    /// Whether the parser sees all that it would see in the settled instructions, where the text has too many `)`.
    pub(crate) fn shows_early_ends(&self, text: &str) -> bool {
        self.settled.iter().all(|settled| settled.facts.tight)
            && self.folds.iter().all(|(token, closed)| {
                let mut next = token + 1;
                while self.tokens.kinds.get(next).is_some_and(|kind| kind.is_trivia()) {
                    next += 1;
                }
                let space =
                    text.get(self.tokens.start(next - 1) as usize..self.tokens.end(next - 1) as usize);
                let column = match self.tokens.kinds.get(next - 1) {
                    Some(SyntaxKind::WHITESPACE) => space.and_then(indent_after),
                    _ => None,
                };
                match self.tokens.kinds.get(next) {
                    None => true,
                    Some(kind @ (SyntaxKind::L_PAREN | SyntaxKind::R_PAREN)) => {
                        !closed.looks_early(*kind, column)
                    }
                    Some(_) => false,
                }
            })
    }
}

/// Cuts a text into tokens, except for settled instructions. None if lines of one stand too far left now.
pub(crate) fn outline(text: &str, settled: Vec<Settled>) -> Option<Outline> {
    let mut outline =
        Outline { tokens: Tokens::default(), indented: 0, settled: Vec::new(), folds: Vec::new() };
    let (mut at, mut budget, mut indent) = (0u32, text.len(), 0);
    for settled in settled {
        if settled.start < at {
            // A string or a comment runs into it.
            continue;
        }
        let count = outline.tokens.len();
        at = lex_stretch(text, at, settled.start, &mut outline.tokens);
        indent = indent_at(text, &outline.tokens, count, indent);
        if at > settled.start {
            continue;
        }
        let facts = match settled.indent == indent {
            true => settled.facts,
            false => Facts::of(&settled.node, indent, &mut budget)?,
        };
        let (start, end) = (settled.start, settled.end);
        outline.tokens.push(SyntaxKind::L_PAREN, start as usize + 1);
        outline.tokens.push(SyntaxKind::NULL_KW, (start + facts.keyword_end) as usize);
        let mut column = None;
        if let Some((from, to)) = facts.line {
            // Comments stand for all that says nothing.
            outline.tokens.push(SyntaxKind::COMMENT, (start + from) as usize);
            outline.tokens.push(SyntaxKind::WHITESPACE, (start + to) as usize);
            if start + to == end - 1 {
                column = Some(facts.indent);
            } else {
                outline.tokens.push(SyntaxKind::COMMENT, end as usize - 1);
            }
        }
        if facts.open_fold {
            outline.folds.push((outline.tokens.len(), Closed { column, indent, open_fold: true }));
        }
        outline.tokens.push(SyntaxKind::R_PAREN, end as usize);
        outline.indented += facts.indented as usize;
        at = end;
        outline.settled.push(Settled { indent, facts, ..settled });
        indent = facts.indent;
    }
    lex_stretch(text, at, text.len() as u32, &mut outline.tokens);
    Some(outline)
}

/// Indentation of the line at the end of the tokens, of which those before `count` had led to `indent`.
fn indent_at(text: &str, tokens: &Tokens, count: usize, indent: u32) -> u32 {
    let mut indent = indent;
    for token in count..tokens.len() {
        if tokens.kinds.get(token) == Some(&SyntaxKind::WHITESPACE) {
            let space =
                text.get(tokens.start(token) as usize..tokens.end(token) as usize).unwrap_or_default();
            indent = match indent_after(space) {
                Some(indent) => indent,
                None if token == 0 => space.len() as u32,
                None => indent,
            };
        }
    }
    indent
}

/// Builds the tree of an [`Outline`], with the settled instructions in it.
pub(crate) struct Settling<'t, 's> {
    builder: TreeBuilder<'t>,
    rest: std::slice::Iter<'s, Settled>,
    next: Option<&'s Settled>,
    /// The settled instruction whose tokens are coming, and has not ended.
    inside: Option<&'s Settled>,
    /// Nodes that are open, the root included.
    open: usize,
    depth: usize,
    /// The parser did not take a settled instruction as one.
    failed: bool,
}

impl<'t, 's> Settling<'t, 's> {
    pub(crate) fn new(text: &'t str, settled: &'s [Settled]) -> Settling<'t, 's> {
        let mut rest = settled.iter();
        let next = rest.next();
        let builder = TreeBuilder::new(text);
        Settling { builder, rest, next, inside: None, open: 0, depth: 0, failed: false }
    }

    /// The root, and the number of lists open at once at the deepest place in settled instructions.
    pub(crate) fn root(self) -> Option<(GreenNode, usize)> {
        let whole = !self.failed && self.inside.is_none() && self.next.is_none();
        (whole && self.depth <= MAX_DEPTH).then(|| (self.builder.root(), self.depth))
    }
}

impl Sink for Settling<'_, '_> {
    const LENSES: bool = true;

    fn start(&mut self) {
        self.failed |= self.inside.is_some();
        self.open += 1;
        self.builder.start();
    }

    fn token(&mut self, kind: SyntaxKind, start: u32, end: u32) {
        if self.inside.is_some() {
            return;
        }
        if let Some(next) = self.next.filter(|next| next.start == start && kind == SyntaxKind::L_PAREN) {
            self.inside = Some(next);
            self.next = self.rest.next();
            // Without the root and its own node, these are the lists around it.
            self.depth = self.depth.max((self.open + next.facts.depth as usize).saturating_sub(2));
            return;
        }
        self.builder.token(kind, start, end);
    }

    fn finish(&mut self, kind: SyntaxKind, end: u32) {
        self.open = self.open.saturating_sub(1);
        match self.inside.take() {
            Some(settled) => {
                self.failed |= kind != SyntaxKind::NULL || end != settled.end;
                self.builder.finish_as(settled.node.clone());
            }
            None => self.builder.finish(kind, end),
        }
    }

    fn finish_early(&mut self, kind: SyntaxKind, end: u32) {
        self.failed |= self.inside.is_some();
        self.open = self.open.saturating_sub(1);
        self.builder.finish_early(kind, end);
    }
}
