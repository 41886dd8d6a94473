//! Brackets that are missing, surplus or of the wrong sort: which, and where.
//!
//! Evidence, strongest first: what the innermost list can still take; whether the whole text has too few or too many;
//! where brackets stand that begin a line.

use rowan::TextRange;

use super::grammar::{List, State};
use super::{Frame, Parser};
use crate::SyntaxKind;
use crate::error::{RelatedNote, SyntaxErrorKind};
use crate::limits::MAX_DEPTH;
use crate::operand_position::OperandPosition;
use crate::sink::Sink;

/// Of many open brackets, a finding lists the innermost ones.
const MAX_RELATED_NOTES: usize = 4;

impl<S: Sink> Parser<'_, S> {
    /// At a `(` that starts a line: lists that this line's column shows to be over end here, if `)` are missing.
    pub(super) fn close_by_layout(&mut self) {
        let missing = self.layout.missing_parens();
        let Some(column) = self.layout.column_if_first(self.at) else { return };
        if missing == 0 || !self.opens_instruction() {
            return;
        }
        let (line, _) = self.layout.line();
        let mut count = self
            .open_lists()
            .take(missing + 1)
            .take_while(|frame| !frame.is_virtual && frame.line != line && column <= frame.indent)
            .count();
        if count > missing {
            return;
        }
        if count == self.frames.len() {
            // The last list left may as well be laid out badly.
            count = count.saturating_sub(1);
        }
        if count > 0 {
            self.supply_parens(count);
        }
    }

    /// At a `(` before another `(`, where `)` are missing: it is one too many.
    pub(super) fn surplus_open_paren(&mut self) -> bool {
        let surplus = self.layout.missing_parens() > 0
            && self.top.state != State::Unknown
            && match self.after_trivia(self.at + 1).0 {
                SyntaxKind::L_PAREN => true,
                // The last of a run at the end of the text.
                SyntaxKind::ERROR => self.in_run_of(&SyntaxErrorKind::SurplusOpenParen),
                _ => false,
            };
        if surplus {
            self.layout.supplied_parens(1);
            self.error_token(SyntaxKind::L_PAREN, SyntaxErrorKind::SurplusOpenParen);
        }
        surplus
    }

    /// At a `(` that the innermost list does not take.
    #[cold]
    pub(super) fn unexpected_list(&mut self) {
        self.look_at_layout();
        let rule = self.top.state.rule();
        if self.top.state.is_top() {
            return self.another_instruction();
        }
        if self.top.is_virtual {
            return self.pop_early();
        }
        let opens = self.opens_instruction();
        let lacks_paren = self.layout.missing_parens() > 0 || self.stands_left_of_top();

        if self.top.kind == SyntaxKind::ARGUMENTS {
            if self.layout.missing_brackets() > 0 || (opens && lacks_paren) {
                self.missing_close_bracket();
                if lacks_paren && self.top.state.rule().closes {
                    self.layout.supplied_parens(1);
                    self.pop_early();
                }
                return;
            }
            self.report_here(SyntaxErrorKind::WrongOperand {
                position: OperandPosition::Argument,
                found: SyntaxKind::L_PAREN,
            });
            return self.quiet_list();
        }

        if rule.closes {
            if lacks_paren {
                return self.supply_parens(1);
            }
            if !self.top.muted {
                self.top.muted = true;
                self.report_here(SyntaxErrorKind::SurplusInstruction { form: self.top.kind });
            }
            return self.quiet_list();
        }

        // Something is missing before it, if it fits further on.
        if let Some(state) = self.later_list(opens) {
            self.report_missing();
            self.top.state = state;
            return;
        }
        if opens && lacks_paren {
            self.report_missing();
            self.layout.supplied_parens(1);
            return self.pop_early();
        }
        if !self.top.muted {
            self.report_here(SyntaxErrorKind::WrongOperand {
                position: rule.position,
                found: SyntaxKind::L_PAREN,
            });
        }
        self.top.muted = true;
        self.top.state = rule.next;
        self.quiet_list();
    }

    /// The state of the innermost list, some operands on, that takes a list like the one at hand.
    fn later_list(&self, opens: bool) -> Option<State> {
        let mut state = self.top.state;
        for _ in 0..4 {
            let rule = state.rule();
            let takes = match rule.list {
                List::Instruction => opens,
                List::FunctionRef => !opens,
                _ => false,
            };
            if takes {
                return Some(state);
            }
            if rule.closes {
                return None;
            }
            state = rule.next;
        }
        None
    }

    /// A list where none belongs, kept in shape.
    pub(super) fn quiet_list(&mut self) {
        self.end_error();
        if self.opens_instruction() {
            return self.instruction();
        }
        if self.frames.len() >= MAX_DEPTH {
            return self.swallow();
        }
        let open = self.at;
        self.sink.start();
        let mut frame = Frame::new(SyntaxKind::UNKNOWN_INSTR, State::Unknown, open);
        frame.muted = true;
        self.push(frame);
        self.bump(SyntaxKind::L_PAREN);
    }

    /// A second instruction at top level.
    fn another_instruction(&mut self) {
        self.end_error();
        if !self.several {
            self.several = true;
            let (_, head) = self.after_trivia(self.at + 1);
            let range = self.token_range(self.at).cover(self.token_range(head));
            let first = self.first_instruction.map(|open| {
                let (_, head) = self.after_trivia(open + 1);
                (self.token_range(open).cover(self.token_range(head)), RelatedNote::FirstInstruction)
            });
            self.report(SyntaxErrorKind::SeveralInstructions, range, first.into_iter().collect());
        }
        self.quiet_list();
    }

    /// At a `)` that does not simply close a complete list, or in a text with broken brackets.
    #[cold]
    pub(super) fn doubtful_right_paren(&mut self) {
        self.look_at_layout();
        if self.top.state.is_top() {
            return self.surplus_close_paren();
        }
        if self.top.kind == SyntaxKind::ARGUMENTS {
            if self.top.is_virtual {
                return self.pop_early();
            }
            if self.layout.missing_brackets() > 0 && self.layout.surplus_parens() > 0 {
                self.layout.supplied_bracket();
                self.layout.dropped_paren();
                self.report_here(SyntaxErrorKind::WrongCloser { expected: SyntaxKind::R_BRACKET });
                return self.close(SyntaxKind::R_PAREN);
            }
            return self.missing_close_bracket();
        }
        if self.top.is_virtual {
            if self.layout.surplus_parens() == 0 {
                return self.pop_early();
            }
            self.layout.dropped_paren();
            return self.close(SyntaxKind::R_PAREN);
        }
        let unclosed = self.unclosed_by_layout();
        if unclosed > 0 {
            return self.supply_parens(unclosed);
        }
        if self.layout.surplus_parens() > 0 && self.closes_too_early() {
            if self.top.state.rule().closes {
                self.top.muted = true;
            }
            return self.surplus_close_paren();
        }
        if !self.top.state.rule().closes {
            self.report_missing();
        }
        self.close(SyntaxKind::R_PAREN);
    }

    /// At a `)` alone on its line, in the column of an outer list: how many inner ones lack theirs.
    fn unclosed_by_layout(&self) -> usize {
        let missing = self.layout.missing_parens();
        let Some(column) = self.layout.column_if_first(self.at) else { return 0 };
        if missing == 0 || !self.alone_on_line() || column >= self.top.indent {
            return 0;
        }
        let (line, _) = self.layout.line();
        let inner = self
            .open_lists()
            .take(missing + 1)
            .take_while(|frame| !frame.is_virtual && frame.line != line && frame.indent > column)
            .count();
        let matches = self.open_lists().nth(inner).is_some_and(|frame| frame.indent == column);
        if inner <= missing && matches { inner } else { 0 }
    }

    /// Whether the `)` at hand is rather one too many than the end of the innermost list.
    fn closes_too_early(&self) -> bool {
        let column = self.layout.column_if_first(self.at);
        if column == Some(self.top.indent) && self.alone_on_line() {
            return false;
        }
        let rule = self.top.state.rule();
        let outermost = self.frames.len() == 1;
        let (next, next_at) = self.after_trivia(self.at + 1);
        match rule.list {
            List::Instruction if rule.closes => {
                let inside = self.layout.is_reliable()
                    && self.column_of(next_at).is_some_and(|column| column > self.top.indent);
                next == SyntaxKind::L_PAREN && (outermost || inside)
            }
            List::Instruction => next == SyntaxKind::L_PAREN,
            _ if rule.closes => {
                let better = column.is_some()
                    && next == SyntaxKind::R_PAREN
                    && self.column_of(next_at) == Some(self.top.indent);
                // No operand follows a complete instruction.
                let operand = self.top.kind.is_instruction()
                    && !matches!(
                        next,
                        SyntaxKind::L_PAREN | SyntaxKind::R_PAREN | SyntaxKind::R_BRACKET | SyntaxKind::ERROR
                    )
                    && !next.is_keyword();
                better || operand || (outermost && !matches!(next, SyntaxKind::R_PAREN | SyntaxKind::ERROR))
            }
            List::FunctionRef => next == SyntaxKind::L_PAREN,
            List::Arguments => next == SyntaxKind::L_BRACKET,
            _ => rule.takes(next),
        }
    }

    fn surplus_close_paren(&mut self) {
        self.layout.dropped_paren();
        self.error_token(SyntaxKind::R_PAREN, SyntaxErrorKind::SurplusCloseParen);
    }

    /// The innermost lists end here although they have no `)`.
    pub(super) fn supply_parens(&mut self, count: usize) {
        self.layout.supplied_parens(count);
        let related = self
            .open_lists()
            .take(count.min(MAX_RELATED_NOTES))
            .map(|frame| (self.token_range(frame.open as usize), RelatedNote::OpenedHere))
            .collect();
        let place = self.end_of_previous();
        self.report(SyntaxErrorKind::MissingCloseParen { count: count as u32 }, place, related);
        let mut complete = true;
        for _ in 0..count {
            complete &= self.top.state.rule().closes;
            self.pop_early();
        }
        // Something half written in between: what follows from it is not reported.
        self.top.muted |= !complete;
    }

    /// The arguments end here although they have no `]`.
    fn missing_close_bracket(&mut self) {
        self.layout.supplied_bracket();
        let related = vec![(self.token_range(self.top.open as usize), RelatedNote::OpenedHere)];
        let place = self.end_of_previous();
        self.report(SyntaxErrorKind::MissingCloseBracket, place, related);
        self.pop_early();
    }

    /// At a `[` that neither opens arguments nor is an empty array that fits.
    #[cold]
    pub(super) fn unexpected_bracket(&mut self) {
        self.look_at_layout();
        let rule = self.top.state.rule();
        if self.top.state == State::Unknown {
            return self.bump(SyntaxKind::L_BRACKET);
        }
        if self.top.kind == SyntaxKind::FUNCTION_REF {
            if self.top.is_virtual {
                return self.pop_early();
            }
            if rule.closes {
                return self.supply_parens(1);
            }
            self.report_missing();
            self.layout.supplied_parens(1);
            return self.pop_early();
        }
        if self.top.state == State::CallFunction {
            self.report_missing();
            self.top.muted = false;
            self.top.state = State::CallArguments;
            return;
        }
        match self.after_trivia(self.at + 1) {
            (SyntaxKind::R_BRACKET, end) => self.unexpected_operand(SyntaxKind::L_BRACKET, end),
            _ => self.filled_array(),
        }
    }

    /// `[1 2]`, or a `[` without end, where an operand may stand.
    fn filled_array(&mut self) {
        let rule = self.top.state.rule();
        let mut end = self.at + 1;
        let closing = loop {
            match self.kind(end) {
                Some(SyntaxKind::R_BRACKET) => break true,
                None | Some(SyntaxKind::L_PAREN | SyntaxKind::R_PAREN | SyntaxKind::L_BRACKET) => {
                    break false;
                }
                Some(_) => end += 1,
            }
        };
        let is_top = self.top.state.is_top() && self.top.state != State::OnlyOperand;
        if is_top {
            return self.error_token(SyntaxKind::L_BRACKET, SyntaxErrorKind::StrayText);
        }
        if self.layout.missing_brackets() > 0 && self.doubled_bracket() {
            self.layout.supplied_bracket();
            return self.error_token(SyntaxKind::L_BRACKET, SyntaxErrorKind::SurplusOpenBracket);
        }
        if !closing {
            self.error_token(SyntaxKind::L_BRACKET, SyntaxErrorKind::MissingCloseBracket);
            self.layout.supplied_bracket();
        } else {
            let range = self.token_range(self.at).cover(self.token_range(end));
            if !self.top.muted {
                self.report(SyntaxErrorKind::NonEmptyArray, range, Vec::new());
            }
            self.error_tokens(end);
        }
        if rule.fits != 0 {
            self.top.state = rule.next;
        }
    }

    /// Whether the `[` at hand stands directly after or before another one.
    fn doubled_bracket(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|before| self.kind(before));
        before == Some(SyntaxKind::L_BRACKET) || self.after_trivia(self.at + 1).0 == SyntaxKind::L_BRACKET
    }

    /// At a `]` that closes nothing.
    #[cold]
    pub(super) fn unexpected_right_bracket(&mut self) {
        self.look_at_layout();
        if self.top.state == State::CallArguments {
            self.report_here(SyntaxErrorKind::MissingOpenBracket);
            self.layout.dropped_bracket();
            self.end_error();
            self.sink.start();
            self.bump(SyntaxKind::R_BRACKET);
            self.sink.finish(SyntaxKind::ARGUMENTS, self.offset);
            self.top.state = State::CallOutput;
            return;
        }
        let rule = self.top.state.rule();
        if self.layout.surplus_brackets() > 0
            && self.top.state != State::Unknown
            && rule.takes(SyntaxKind::L_BRACKET)
        {
            // `]` for `[]`.
            self.report_here(SyntaxErrorKind::MissingOpenBracket);
            self.layout.dropped_bracket();
            self.end_error();
            self.top.state = self.top.state.after(SyntaxKind::L_BRACKET, rule);
            self.sink.start();
            self.bump(SyntaxKind::R_BRACKET);
            return self.sink.finish(SyntaxKind::EMPTY_ARRAY, self.offset);
        }
        if self.top.kind == SyntaxKind::FUNCTION_REF
            && self.layout.missing_parens() > 0
            && self.layout.surplus_brackets() > 0
        {
            self.layout.supplied_parens(1);
            self.layout.dropped_bracket();
            self.report_here(SyntaxErrorKind::WrongCloser { expected: SyntaxKind::R_PAREN });
            return self.close(SyntaxKind::R_BRACKET);
        }
        if self.frames.last().is_some_and(|outer| outer.kind == SyntaxKind::ARGUMENTS) {
            return self.supply_parens(1);
        }
        if self.top.state == State::Unknown {
            return self.bump(SyntaxKind::R_BRACKET);
        }
        if self.top.state.is_top() && self.layout.surplus_brackets() == 0 {
            return self.error_token(SyntaxKind::R_BRACKET, SyntaxErrorKind::StrayText);
        }
        self.layout.dropped_bracket();
        self.error_token(SyntaxKind::R_BRACKET, SyntaxErrorKind::SurplusCloseBracket);
    }

    /// At a `(` beyond [`MAX_DEPTH`]: everything up to its `)` goes flat into one ERROR node.
    #[cold]
    pub(super) fn swallow(&mut self) {
        self.report_too_deep();
        self.sink.start();
        let mut open = 0usize;
        while let Some(kind) = self.kind(self.at) {
            self.operand(kind);
            match kind {
                SyntaxKind::L_PAREN => open += 1,
                SyntaxKind::R_PAREN if open == 1 => break,
                SyntaxKind::R_PAREN => open -= 1,
                _ => {}
            }
        }
        self.sink.finish(SyntaxKind::ERROR, self.offset);
    }

    pub(super) fn report_too_deep(&mut self) {
        if !self.too_deep {
            self.too_deep = true;
            self.report_here(SyntaxErrorKind::TooDeep);
        }
    }

    /// Ends what is still open.
    pub(super) fn end_of_text(&mut self) {
        self.end_error();
        let unclosed: Vec<TextRange> = self
            .open_lists()
            .filter(|frame| !frame.is_virtual)
            .map(|frame| self.token_range(frame.open as usize))
            .collect();
        if let Some((innermost, outer)) = unclosed.split_first()
            && !self.too_deep
        {
            let mut related: Vec<_> = outer
                .iter()
                .take(MAX_RELATED_NOTES - 1)
                .map(|range| (*range, RelatedNote::OpenedHere))
                .collect();
            related.push((self.end_of_previous(), RelatedNote::CloseHere));
            let count = unclosed.len() as u32;
            self.report(SyntaxErrorKind::UnclosedAtEnd { count }, *innermost, related);
        }
        while !self.frames.is_empty() {
            self.pop_early();
        }
        if self.errors.is_empty() && self.top.state != State::ScriptDone {
            self.report(SyntaxErrorKind::EmptyScript, TextRange::empty(0.into()), Vec::new());
        }
        self.sink.finish(SyntaxKind::SCRIPT, self.offset);
    }

    /// Open lists, innermost first; the top of the text is none.
    fn open_lists(&self) -> impl Iterator<Item = &Frame> {
        std::iter::once(&self.top).chain(self.frames.iter().rev()).take(self.frames.len())
    }

    /// Whether the token at hand starts a line that stands no further right than that of the innermost list.
    fn stands_left_of_top(&self) -> bool {
        self.layout
            .column_if_first(self.at)
            .is_some_and(|column| column <= self.top.indent && self.top.line != self.layout.line().0)
    }

    /// Whether a line feed, a comment or the end follows the token at hand.
    fn alone_on_line(&self) -> bool {
        let space = self.at + 1;
        match self.kind(space) {
            None | Some(SyntaxKind::COMMENT) => true,
            Some(SyntaxKind::WHITESPACE) => {
                self.token_text(space).contains('\n')
                    || matches!(self.kind(space + 1), None | Some(SyntaxKind::COMMENT))
            }
            _ => false,
        }
    }

    /// Column of a token that starts its line.
    fn column_of(&self, token: usize) -> Option<u32> {
        let space = token.checked_sub(1)?;
        let text = self.token_text(space);
        let newline = text.rfind('\n')?;
        (self.kind(space) == Some(SyntaxKind::WHITESPACE)).then(|| (text.len() - newline - 1) as u32)
    }

    /// Whether the `(` at hand is followed by an instruction's name.
    pub(super) fn opens_instruction(&self) -> bool {
        self.after_trivia(self.at + 1).0.is_keyword()
    }
}
