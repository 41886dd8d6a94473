//! Tokens to tree, without recursion: a stack of open lists, each with its place in the grammar's table.
//!
//! A token that fits its place goes straight into the tree. One that does not goes to [`recover`], which decides
//! what a person would say about it. What keeps its shape there stays outside of ERROR nodes; these are flat.

mod brackets;
mod grammar;
mod layout;
mod recover;
mod spelling;

use rowan::TextRange;

pub(crate) use grammar::State;
use grammar::{List, form};
use layout::Layout;

use crate::SyntaxKind;
use crate::error::SyntaxError;
use crate::lens::{self, AccessorKind};
use crate::lexer::Tokens;
use crate::limits::MAX_DEPTH;
use crate::sink::Sink;

/// What a run leaves besides the tree.
pub(crate) struct Outcome {
    /// In text order.
    pub(crate) errors: Vec<SyntaxError>,
    /// Number of lists open at once at the deepest place.
    pub(crate) depth: usize,
    /// Whether closing parentheses were judged as surplus ones may be.
    pub(crate) had_surplus: bool,
}

/// Parses all tokens into the sink.
pub(crate) fn run(text: &str, tokens: &Tokens, top: State, sink: &mut impl Sink) -> Outcome {
    run_outlined(text, tokens, 0, top, sink)
}

/// The same where the tokens leave the insides of some instructions out, in which `indented` lists begin a line further
/// right than the lists around them.
pub(crate) fn run_outlined(
    text: &str,
    tokens: &Tokens,
    indented: usize,
    top: State,
    sink: &mut impl Sink,
) -> Outcome {
    let mut parser = Parser {
        text,
        tokens,
        kinds: &tokens.kinds,
        ends: &tokens.ends,
        sink,
        at: 0,
        offset: 0,
        frames: Vec::with_capacity(64),
        top: Frame::new(SyntaxKind::SCRIPT, top, 0),
        in_error: false,
        run_error: None,
        errors: Vec::new(),
        depth: 0,
        layout: Layout::default(),
        indented,
        muted: (0, 0),
        glued: tokens.glued.as_slice(),
        first_instruction: None,
        several: false,
        too_deep: false,
    };
    parser.script();
    let mut errors = parser.errors;
    errors.sort_by_key(|error| error.range.start());
    Outcome { errors, depth: parser.depth, had_surplus: parser.layout.had_surplus() }
}

/// An open list, or the top of the text.
#[derive(Debug, Clone, Copy)]
struct Frame {
    kind: SyntaxKind,
    state: State,
    /// Its opening token.
    open: u32,
    /// Indentation of the line that it opens on; only where [`Layout`] is in use.
    indent: u32,
    /// That line; only where [`Layout`] is in use.
    line: u32,
    /// There is no opening bracket: it was missing.
    is_virtual: bool,
    /// Something was reported that explains why the rest of it does not fit.
    muted: bool,
}

impl Frame {
    fn new(kind: SyntaxKind, state: State, open: usize) -> Frame {
        Frame { kind, state, open: open as u32, indent: 0, line: 0, is_virtual: false, muted: false }
    }
}

struct Parser<'t, S> {
    text: &'t str,
    tokens: &'t Tokens,
    // Columns of the tokens, for a shorter way to them.
    kinds: &'t [SyntaxKind],
    ends: &'t [u32],
    sink: &'t mut S,
    /// Next token.
    at: usize,
    /// Its first byte.
    offset: u32,
    /// Open lists around [`Parser::top`], outermost first.
    frames: Vec<Frame>,
    /// The innermost open list.
    top: Frame,
    /// An ERROR node is open.
    in_error: bool,
    /// The finding that a run of unfitting tokens extends.
    run_error: Option<usize>,
    errors: Vec<SyntaxError>,
    depth: usize,
    layout: Layout,
    /// See [`run_outlined`].
    indented: usize,
    /// Findings that start within these bytes follow from what was reported there.
    muted: (u32, u32),
    /// Missing spaces still ahead.
    glued: &'t [u32],
    /// Opening token of the first top-level instruction.
    first_instruction: Option<usize>,
    /// A second one was reported.
    several: bool,
    /// [`crate::SyntaxErrorKind::TooDeep`] was reported.
    too_deep: bool,
}

impl<'t, S: Sink> Parser<'t, S> {
    fn script(&mut self) {
        self.sink.start();
        if !self.tokens.glued.is_empty() || !layout::balanced(self.tokens) {
            self.look_at_layout();
        }
        while let Some(kind) = self.kind(self.at) {
            match kind {
                SyntaxKind::WHITESPACE | SyntaxKind::COMMENT => self.bump(kind),
                SyntaxKind::L_PAREN => self.left_paren(),
                SyntaxKind::R_PAREN => self.right_paren(),
                SyntaxKind::L_BRACKET => self.left_bracket(),
                SyntaxKind::R_BRACKET => self.right_bracket(),
                _ => self.word(kind),
            }
        }
        self.end_of_text();
    }

    fn left_paren(&mut self) {
        if self.layout.in_use() {
            self.close_by_layout();
            if self.surplus_open_paren() {
                return;
            }
        }
        let rule = self.top.state.rule();
        match rule.list {
            List::Instruction => {
                if self.top.state == State::Unknown {
                    return self.quiet_list();
                }
                self.end_error();
                self.top.state = rule.next;
                self.instruction();
            }
            List::FunctionRef if !self.opens_instruction() => {
                self.open_part(SyntaxKind::FUNCTION_REF, State::Service);
            }
            List::MapEntry if !self.opens_instruction() => self.open_part(SyntaxKind::MAP_ENTRY, State::Key),
            _ => self.unexpected_list(),
        }
    }

    /// `(` of an instruction, and the word after it.
    fn instruction(&mut self) {
        if self.frames.len() >= MAX_DEPTH {
            return self.swallow();
        }
        let (open, start) = (self.at, self.offset);
        if self.frames.is_empty() && self.first_instruction.is_none() {
            self.first_instruction = Some(open);
        }
        self.sink.start();
        self.bump(SyntaxKind::L_PAREN);
        let mut kind = self.kind(self.at);
        while let Some(trivia @ (SyntaxKind::WHITESPACE | SyntaxKind::COMMENT)) = kind {
            self.bump(trivia);
            kind = self.kind(self.at);
        }
        match kind.and_then(form) {
            Some((node, state)) => {
                self.push(Frame::new(node, state, open));
                let keyword = self.offset;
                self.bump(kind.unwrap_or(SyntaxKind::ERROR));
                self.sink.instruction(node, start, keyword, self.offset);
            }
            None => self.unknown_head(open, kind),
        }
    }

    /// `(` or `[` of a part that is not an instruction.
    fn open_part(&mut self, kind: SyntaxKind, inner: State) {
        self.end_error();
        let rule = self.top.state.rule();
        self.top.state = self.top.state.after_list(rule);
        let open = self.at;
        self.sink.start();
        self.push(Frame::new(kind, inner, open));
        let bracket = if kind == SyntaxKind::ARGUMENTS { SyntaxKind::L_BRACKET } else { SyntaxKind::L_PAREN };
        self.bump(bracket);
    }

    fn right_paren(&mut self) {
        let fits =
            self.top.state.rule().closes && self.top.kind != SyntaxKind::ARGUMENTS && !self.top.is_virtual;
        if !fits || self.layout.in_use() {
            return self.doubtful_right_paren();
        }
        self.close(SyntaxKind::R_PAREN);
    }

    /// Takes the closing bracket and ends the innermost list.
    fn close(&mut self, bracket: SyntaxKind) {
        self.end_error();
        self.bump(bracket);
        self.pop();
    }

    fn left_bracket(&mut self) {
        let rule = self.top.state.rule();
        if rule.list == List::Arguments {
            return self.open_part(SyntaxKind::ARGUMENTS, State::Arguments);
        }
        match self.after_trivia(self.at + 1) {
            (SyntaxKind::R_BRACKET, end) if rule.takes(SyntaxKind::L_BRACKET) => {
                self.end_error();
                self.top.state = self.top.state.after(SyntaxKind::L_BRACKET, rule);
                let start = self.offset;
                self.empty_array(end);
                self.sink.operand(rule.position, SyntaxKind::L_BRACKET, start, self.offset);
            }
            _ => self.unexpected_bracket(),
        }
    }

    /// `[`, white space, and `]` at token `end`.
    fn empty_array(&mut self, end: usize) {
        self.sink.start();
        while self.at <= end
            && let Some(kind) = self.kind(self.at)
        {
            self.bump(kind);
        }
        self.sink.finish(SyntaxKind::EMPTY_ARRAY, self.offset);
    }

    fn right_bracket(&mut self) {
        if self.top.state == State::Arguments {
            self.close(SyntaxKind::R_BRACKET);
        } else {
            self.unexpected_right_bracket();
        }
    }

    fn word(&mut self, kind: SyntaxKind) {
        let rule = self.top.state.rule();
        if rule.takes(kind) && kind < SyntaxKind::UNCLOSED_STRING {
            self.end_error();
            self.top.state = self.top.state.after(kind, rule);
            let start = self.offset;
            self.operand(kind);
            self.sink.operand(rule.position, kind, start, self.offset);
        } else {
            self.unexpected_word(kind);
        }
    }

    /// The token at hand as an operand; words with a lens become nodes.
    #[inline]
    fn operand(&mut self, kind: SyntaxKind) {
        if S::LENSES && kind.is_lens_word() { self.lensed(kind) } else { self.bump(kind) }
    }

    /// `LENSED` node out of one token; its lens passed the lexer.
    fn lensed(&mut self, kind: SyntaxKind) {
        let word = self.token_text(self.at);
        let prefix = match kind {
            SyntaxKind::ERROR_VAR_LENS => ":error:".len(),
            SyntaxKind::LAST_ERROR_LENS => "%last_error%".len(),
            _ => memchr::memchr(b'.', word.as_bytes()).unwrap_or(word.len()),
        };
        let lens = word.get(prefix..).unwrap_or_default();
        let from = self.offset + prefix as u32;
        let put = |sink: &mut S, kind, start: usize, end: usize| {
            sink.token(kind, from + start as u32, from + end as u32);
        };

        self.sink.start();
        self.sink.token(kind.without_lens(), self.offset, from);
        self.sink.start();
        if lens.starts_with(".$") {
            put(self.sink, SyntaxKind::LENS_ROOT, 0, 2);
        }
        for accessor in lens::accessors(lens).flatten() {
            let (node, name, brackets) = match accessor.kind {
                AccessorKind::Length => (SyntaxKind::LENGTH_ACCESS, SyntaxKind::LENGTH, false),
                AccessorKind::Field => (SyntaxKind::FIELD_ACCESS, SyntaxKind::FIELD_NAME, false),
                AccessorKind::Index => (SyntaxKind::INDEX_ACCESS, SyntaxKind::INDEX, true),
                AccessorKind::Variable => (SyntaxKind::VARIABLE_ACCESS, SyntaxKind::SCALAR, true),
            };
            self.sink.start();
            if accessor.dot {
                put(self.sink, SyntaxKind::DOT, accessor.start, accessor.start + 1);
            }
            if brackets {
                put(self.sink, SyntaxKind::L_BRACKET, accessor.name_start - 1, accessor.name_start);
            }
            put(self.sink, name, accessor.name_start, accessor.name_end);
            if brackets {
                put(self.sink, SyntaxKind::R_BRACKET, accessor.name_end, accessor.name_end + 1);
            }
            if accessor.bang {
                put(self.sink, SyntaxKind::BANG, accessor.end - 1, accessor.end);
            }
            self.sink.finish(node, self.offset);
        }
        self.sink.finish(SyntaxKind::LENS, self.offset);
        self.sink.finish(SyntaxKind::LENSED, self.offset);
        self.advance();
    }

    // Stack and cursor.

    #[inline]
    fn push(&mut self, mut frame: Frame) {
        if self.layout.in_use() {
            (frame.line, frame.indent) = self.layout.line();
        }
        self.frames.push(std::mem::replace(&mut self.top, frame));
        self.depth = self.depth.max(self.frames.len());
    }

    /// Ends the node of the innermost list and goes back to the one around it.
    #[inline]
    fn pop(&mut self) {
        self.sink.finish(self.top.kind, self.offset);
        if let Some(outer) = self.frames.pop() {
            self.top = outer;
        }
    }

    #[inline]
    fn kind(&self, token: usize) -> Option<SyntaxKind> {
        self.kinds.get(token).copied()
    }

    /// The next token into the tree as it is.
    #[inline(always)]
    fn bump(&mut self, kind: SyntaxKind) {
        let end = self.ends.get(self.at).copied().unwrap_or(self.offset);
        self.sink.token(kind, self.offset, end);
        if self.layout.in_use() {
            self.watch_token();
        }
        self.offset = end;
        self.at += 1;
    }

    /// Goes past the next token.
    fn advance(&mut self) {
        if self.layout.in_use() {
            self.watch_token();
        }
        self.offset = self.ends.get(self.at).copied().unwrap_or(self.offset);
        self.at += 1;
    }

    fn token_text(&self, token: usize) -> &'t str {
        self.text.get(self.tokens.start(token) as usize..self.tokens.end(token) as usize).unwrap_or_default()
    }

    fn token_range(&self, token: usize) -> TextRange {
        TextRange::new(self.tokens.start(token).into(), self.tokens.end(token).into())
    }

    /// The first token from `token` on that is neither white space nor a comment, and its number; `ERROR` at the end.
    fn after_trivia(&self, token: usize) -> (SyntaxKind, usize) {
        let mut token = token;
        loop {
            match self.kind(token) {
                Some(kind) if kind.is_trivia() => token += 1,
                Some(kind) => return (kind, token),
                None => return (SyntaxKind::ERROR, token),
            }
        }
    }
}
