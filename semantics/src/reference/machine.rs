//! Runs the grammar over the tokens as AquaVM's LR parser does, error recovery included.
//!
//! Every token is looked at once, every open instruction is entered and left once: places to
//! restart at are found through links between the open instructions, not by searching them.

use air_syntax::lexer::RefToken;
use air_syntax::{TextRange, TextSize};

use super::grammar::{State, Step, restart};
use super::terminal::Terminal;
use crate::finding::Reference;
use crate::hir::build::Builder;
use crate::hir::take_over::TakeOver;
use crate::hir::{InstrId, InstrKind, Role};

/// No more errors are kept than this: no reader goes on, and each carries a text.
const MAX_ERRORS: usize = 10_000;

/// What the machine found.
pub(crate) struct SyntaxErrors {
    /// Syntax errors in order.
    pub(crate) errors: Vec<Reference>,
    /// Whether the one error ended parsing at once, so that nothing was validated.
    pub(crate) fatal: bool,
}

/// An open instruction, or the script.
struct Frame {
    /// `None` until the keyword is read, and for the script.
    kind: Option<InstrKind>,
    state: State,
    start: TextSize,
    keyword: TextRange,
    first_operand: u32,
    end_operand: u32,
    /// Complete instructions that are not children of this one or of those inside.
    first_child: usize,
    /// The empty array being read.
    array: Option<(Role, TextSize)>,
    /// The nearest outer frames that could go on before `(` and before `)`.
    before_open: Option<usize>,
    before_close: Option<usize>,
}

struct Machine<'b, 't> {
    builder: &'b mut Builder<'t>,
    frames: Vec<Frame>,
    errors: Vec<Reference>,
    /// End of the last token.
    end: u32,
    /// The state in which an error was met, while tokens are skipped because of it.
    skipping: Option<State>,
}

/// A token with its span.
pub(crate) type Spanned = (RefToken, u32, u32);

/// What the machine is given.
pub(crate) enum Piece {
    Token(Spanned),
    /// A right instruction that is in the arena at hand, and its number there.
    Settled(InstrId, TextRange),
}

/// Parses; complete instructions go into the builder in closing order, also those whose parents
/// are thrown away by the recovery. `to_end` says whether the pieces are all there are. `inside` gives the tokens of a
/// right instruction after its opening bracket, which is needed where an error before it is not over yet.
pub(crate) fn run(
    pieces: impl Iterator<Item = Piece>,
    to_end: bool,
    builder: &mut Builder<'_>,
    settled: &mut Option<TakeOver<'_>>,
    inside: &dyn Fn(TextRange) -> Vec<Spanned>,
) -> SyntaxErrors {
    let script = Frame {
        kind: None,
        state: State::Start,
        start: TextSize::new(0),
        keyword: TextRange::default(),
        first_operand: 0,
        end_operand: 0,
        first_child: 0,
        array: None,
        before_open: None,
        before_close: None,
    };
    let mut machine = Machine { builder, frames: vec![script], errors: Vec::new(), end: 0, skipping: None };
    for piece in pieces {
        let fatal = match piece {
            Piece::Token(token) => machine.token(token),
            Piece::Settled(id, range) => machine.settled(id, range, settled.as_mut(), inside),
        };
        if let Err(error) = fatal {
            return SyntaxErrors { errors: vec![error], fatal: true };
        }
    }
    if to_end && machine.skipping.is_none() && machine.state() != State::Done {
        let end = machine.end;
        machine.error(end, end + 1);
        machine.recover(None);
    }
    SyntaxErrors { errors: machine.errors, fatal: false }
}

impl Machine<'_, '_> {
    /// The next token; an error that ends everything.
    fn token(&mut self, (token, start, end): Spanned) -> Result<(), Reference> {
        let Some(terminal) = Terminal::of(token) else {
            // The grammar has no symbol for it: AquaVM drops all it has found and stops.
            let state = self.skipping.unwrap_or_else(|| self.state());
            return Err(Reference { message: state.expected().expected(), start, end });
        };
        let range = TextRange::new(TextSize::new(start), TextSize::new(end));
        self.end = end;
        if self.skipping.is_none() {
            if self.take(terminal, token, range) {
                return Ok(());
            }
            self.error(start, end);
            self.skipping = Some(self.state());
        }
        if self.recover(Some(terminal)) {
            self.skipping = None;
            self.take(terminal, token, range);
        }
        Ok(())
    }

    /// A right instruction. If its opening bracket is taken so is the rest of it, and comes out as it did before.
    fn settled(
        &mut self,
        id: InstrId,
        range: TextRange,
        settled: Option<&mut TakeOver<'_>>,
        inside: &dyn Fn(TextRange) -> Vec<Spanned>,
    ) -> Result<(), Reference> {
        let start = u32::from(range.start());
        self.token((RefToken::L_PAREN, start, start + 1))?;
        let opened = self.skipping.is_none()
            && self.state() == State::Head
            && self.frames.last().is_some_and(|frame| frame.start == range.start());
        if opened && settled.is_some_and(|settled| settled.take(id, range.start(), self.builder).is_some()) {
            self.frames.pop();
            self.end = range.end().into();
            if let Some(parent) = self.frames.last_mut() {
                parent.state = parent.state.after_child();
            }
            return Ok(());
        }
        inside(range).into_iter().try_for_each(|token| self.token(token))
    }

    fn state(&self) -> State {
        self.frames.last().map_or(State::Done, |frame| frame.state)
    }

    fn error(&mut self, start: u32, end: u32) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(Reference { message: self.state().expected().expected(), start, end });
        }
    }

    /// Takes a token if it can come here.
    fn take(&mut self, terminal: Terminal, token: RefToken, range: TextRange) -> bool {
        let depth = self.frames.len();
        let Some(frame) = self.frames.last_mut() else { return false };
        match frame.state.step(terminal) {
            None => return false,
            Some(Step::To(state, role)) => {
                match (role, frame.array.take()) {
                    (Some(role), _) if terminal == Terminal::LBracket => {
                        frame.array = Some((role, range.start()));
                    }
                    (Some(role), _) => self.builder.word(role, token, range),
                    (None, Some((role, start))) => {
                        self.builder.empty_array(role, TextRange::new(start, range.end()));
                    }
                    (None, None) => {}
                }
                frame.end_operand = self.builder.operand_count();
                frame.state = state;
            }
            Some(Step::Is(kind, state)) => {
                frame.kind = Some(kind);
                frame.keyword = range;
                frame.state = state;
            }
            Some(Step::Nested) => {
                let goes_on = |terminal| restart(frame.kind, frame.state, Some(terminal)).is_some();
                let link = |can, outer| if can { Some(depth - 1) } else { outer };
                let before_open = link(goes_on(Terminal::LParen), frame.before_open);
                let before_close = link(goes_on(Terminal::RParen), frame.before_close);
                let first_operand = self.builder.operand_count();
                self.frames.push(Frame {
                    kind: None,
                    state: State::Head,
                    start: range.start(),
                    keyword: TextRange::empty(range.start()),
                    first_operand,
                    end_operand: first_operand,
                    first_child: self.builder.orphan_count(),
                    array: None,
                    before_open,
                    before_close,
                });
            }
            Some(Step::Closed) => {
                let Some(frame) = self.frames.pop() else { return false };
                if let Some(kind) = frame.kind {
                    let range = TextRange::new(frame.start, range.end());
                    let operands = frame.first_operand..frame.end_operand;
                    self.builder.close(kind, range, frame.keyword, operands, frame.first_child);
                }
                if let Some(parent) = self.frames.last_mut() {
                    parent.state = parent.state.after_child();
                }
            }
        }
        true
    }

    /// Goes back to the nearest place where an error node could stand before `next`, if any.
    fn recover(&mut self, next: Option<Terminal>) -> bool {
        let Some(last) = self.frames.len().checked_sub(1) else { return false };
        let Some(top) = self.frames.last() else { return false };
        let index = if restart(top.kind, top.state, next).is_some() {
            Some(last)
        } else {
            match next {
                Some(Terminal::LParen) => top.before_open,
                Some(Terminal::RParen) => top.before_close,
                Some(_) => None,
                None => Some(0),
            }
        };
        let Some(index) = index else { return false };
        self.frames.truncate(index + 1);
        let Some(frame) = self.frames.last_mut() else { return false };
        // With a child open inside, the script waits in `Start`, which restarts as well.
        let Some((child, state)) = restart(frame.kind, frame.state, next) else { return false };
        frame.state = state;
        frame.array = None;
        self.builder.drop_orphans(frame.first_child + child);
        self.builder.missing();
        true
    }
}
