//! What happens at words that do not fit, and how findings and ERROR nodes are made.

use rowan::TextRange;

use super::grammar::{List, Rule, State, form};
use super::spelling::{closest_keyword, wrong_case};
use super::{Frame, Parser};
use crate::SyntaxKind;
use crate::error::{RelatedNote, SyntaxError, SyntaxErrorKind};
use crate::lexer::{LexErrorKind, word_error};
use crate::limits::MAX_DEPTH;
use crate::operand_position::OperandPosition;
use crate::sink::Sink;

impl<S: Sink> Parser<'_, S> {
    /// At a word that does not fit.
    #[cold]
    pub(super) fn unexpected_word(&mut self, kind: SyntaxKind) {
        self.look_at_layout();
        if matches!(kind, SyntaxKind::BAD_WORD | SyntaxKind::UNCLOSED_STRING) {
            return self.broken_word(kind);
        }
        let rule = self.top.state.rule();
        if kind.is_keyword() {
            if self.top.is_virtual && rule.closes {
                return self.pop_early();
            }
            if rule.list == List::Instruction && self.top.state != State::Unknown {
                return self.instruction_without_paren(kind);
            }
            if rule.fits != 0 {
                return self.keyword_as_name(kind, rule);
            }
        }
        if self.top.state.is_top() && self.top.state != State::OnlyOperand {
            return self.error_token(kind, SyntaxErrorKind::StrayText);
        }
        self.unexpected_operand(kind, self.at);
    }

    /// A word or string that the lexer refuses: stands for whatever fits.
    fn broken_word(&mut self, kind: SyntaxKind) {
        self.report_broken(self.at, kind);
        if matches!(self.token_text(self.at), "," | "\"") {
            return self.error_tokens(self.at);
        }
        let rule = self.top.state.rule();
        if self.top.state == State::CallFunction {
            self.top.muted = true;
            return self.open_virtual(SyntaxKind::FUNCTION_REF, State::Service, State::CallArguments);
        }
        if rule.fits == 0 {
            if rule.list == List::Instruction {
                self.top.muted = true;
            }
            return self.error_tokens(self.at);
        }
        self.end_error();
        self.top.state = self.state_after_wrong(rule);
        self.bump(kind);
    }

    /// Says what is wrong with a broken word or string.
    fn report_broken(&mut self, token: usize, kind: SyntaxKind) {
        let range = self.token_range(token);
        if kind == SyntaxKind::UNCLOSED_STRING {
            self.report(SyntaxErrorKind::UnclosedString, range, Vec::new());
            let rest = self.text.get(usize::from(range.end())..).unwrap_or_default();
            let line = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len()) as u32;
            self.muted = (range.start().into(), u32::from(range.end()) + line);
            return;
        }
        let word = self.token_text(token);
        let Some(error) = word_error(word) else { return };
        let (start, end) = error.precise_range(word);
        let start = range.start() + rowan::TextSize::from(start as u32);
        let end = range.start() + rowan::TextSize::from(end as u32);
        let space_lost = matches!(error.kind, LexErrorKind::BadChar('"'));
        self.report(SyntaxErrorKind::BadWord(error), TextRange::new(start, end.max(start)), Vec::new());
        if space_lost {
            self.muted = (range.start().into(), range.end().into());
        }
    }

    /// `seq …` where `(seq …` belongs.
    fn instruction_without_paren(&mut self, keyword: SyntaxKind) {
        let next = self.after_trivia(self.at + 1).0;
        if form(keyword).is_some_and(|(kind, state)| kind == self.top.kind && state == self.top.state)
            && next == SyntaxKind::L_PAREN
            && self.layout.surplus_parens() == 0
        {
            // `(seq seq (…) (…))`
            let form = self.top.kind;
            return self.error_run(self.at, SyntaxErrorKind::SurplusOperand { form, found: keyword });
        }
        let Some((node, state)) = form(keyword) else { return };
        if self.frames.len() >= MAX_DEPTH {
            self.report_too_deep();
            return self.error_tokens(self.at);
        }
        self.end_error();
        self.report_here(SyntaxErrorKind::MissingOpenParen { keyword: Some(keyword) });
        let next = self.top.state.rule().next;
        self.open_virtual(node, state, next);
        self.bump(keyword);
    }

    /// A list whose opening bracket is missing.
    fn open_virtual(&mut self, kind: SyntaxKind, inner: State, outer: State) {
        self.end_error();
        self.top.state = outer;
        let mut frame = Frame::new(kind, inner, self.at);
        frame.is_virtual = true;
        frame.muted = true;
        self.sink.start();
        self.push(frame);
    }

    fn keyword_as_name(&mut self, keyword: SyntaxKind, rule: &Rule) {
        if self.top.state == State::Unknown {
            return self.bump(keyword);
        }
        if !self.top.muted {
            self.report_here(SyntaxErrorKind::KeywordAsName { keyword });
        }
        self.error_tokens(self.at);
        self.top.state = self.state_after_wrong(rule);
    }

    /// At an operand that does not fit; it ends with token `end`, and `L_BRACKET` stands for `[]`.
    pub(super) fn unexpected_operand(&mut self, kind: SyntaxKind, end: usize) {
        if self.ends_part(kind) {
            return self.supply_parens(1);
        }
        let form = self.top.kind;
        let rule = self.top.state.rule();
        let surplus = SyntaxErrorKind::SurplusOperand { form, found: kind };
        let wrong = SyntaxErrorKind::WrongOperand { position: rule.position, found: kind };
        if self.top.state.is_top() {
            return self.error_run(end, SyntaxErrorKind::StrayText);
        }
        match self.top.state {
            State::CallFunction => {
                if OperandPosition::Service.takes(kind) {
                    self.report_before(SyntaxErrorKind::MissingOpenParen { keyword: None });
                    return self.open_virtual(SyntaxKind::FUNCTION_REF, State::Service, State::CallArguments);
                }
                self.error_run(end, wrong)
            }
            State::CallArguments => self.arguments_without_bracket(kind),
            State::Arguments => self.error_run(end, wrong),
            State::CallOutput => {
                self.error_run(end, wrong);
                self.top.state = State::Done;
            }
            State::First | State::Second => {
                self.error_run(end, wrong);
                self.top.muted = true;
            }
            _ if rule.fits == 0 => self.error_run(end, surplus),
            _ => self.wrong_or_shifted(kind, end, rule),
        }
    }

    /// Whether `(key value` or `(service function` is complete, `)` are missing, and the operand fits after it.
    fn ends_part(&self, kind: SyntaxKind) -> bool {
        matches!(self.top.kind, SyntaxKind::FUNCTION_REF | SyntaxKind::MAP_ENTRY)
            && self.top.state == State::Done
            && self.layout.missing_parens() > 0
            && self.frames.last().is_some_and(|outer| could_follow(outer.state, kind))
    }

    /// Operands of a call where `[` belongs.
    fn arguments_without_bracket(&mut self, kind: SyntaxKind) {
        let next = self.after_trivia(self.at + 1).0;
        if self.layout.surplus_brackets() == 0
            && OperandPosition::Output.takes(kind)
            && next == SyntaxKind::R_PAREN
        {
            self.report_missing();
            self.top.state = State::CallOutput;
            return;
        }
        self.report_before(SyntaxErrorKind::MissingOpenBracket);
        if self.layout.surplus_brackets() > 0 {
            self.layout.dropped_bracket();
        }
        self.open_virtual(SyntaxKind::ARGUMENTS, State::Arguments, State::CallOutput);
    }

    /// An operand of the wrong kind: in its place, or before one that is missing, or one too many?
    fn wrong_or_shifted(&mut self, kind: SyntaxKind, end: usize, rule: &Rule) {
        let next = self.after_trivia(end + 1).0;
        let next_fits_after = could_follow(self.state_after_wrong(rule), next);
        let following = rule.next.rule();
        if !next_fits_after && following.takes(kind) && could_follow(rule.next.after(kind, following), next) {
            self.report_missing();
            self.top.muted = false;
            self.top.state = rule.next;
            return;
        }
        if !next_fits_after && rule.takes(next) && next != SyntaxKind::ERROR {
            let form = self.top.kind;
            return self.error_run(end, SyntaxErrorKind::SurplusOperand { form, found: kind });
        }
        self.error_run(end, SyntaxErrorKind::WrongOperand { position: rule.position, found: kind });
        self.top.state = self.state_after_wrong(rule);
    }

    /// State after an operand that does not fit but fills the place; looks at the one after it.
    fn state_after_wrong(&self, rule: &Rule) -> State {
        let next = || self.after_trivia(self.at + 1).0;
        match self.top.state {
            State::CanonSource if matches!(next(), SyntaxKind::CANON_MAP | SyntaxKind::SCALAR) => {
                State::CanonMapTarget
            }
            State::Failure if next() == SyntaxKind::STRING => State::FailText,
            _ => rule.next,
        }
    }

    /// At the place after `(` where the name of an instruction is missing; `(` is token `open`.
    #[cold]
    pub(super) fn unknown_head(&mut self, open: usize, head: Option<SyntaxKind>) {
        self.look_at_layout();
        let mut frame = Frame::new(SyntaxKind::UNKNOWN_INSTR, State::Unknown, open);
        frame.muted = true;
        let word = self.token_text(self.at);
        match head {
            None => {}
            Some(SyntaxKind::SCALAR) => {
                let case = wrong_case(word);
                let meant = case.or_else(|| closest_keyword(word));
                let error = match case {
                    Some(keyword) => SyntaxErrorKind::KeywordCase { keyword },
                    None => SyntaxErrorKind::UnknownInstruction { suggestion: meant },
                };
                self.report_here(error);
                if let Some((_, state)) = meant.and_then(form) {
                    frame.state = state;
                }
                self.push(frame);
                return self.bump(SyntaxKind::SCALAR);
            }
            Some(kind @ (SyntaxKind::BAD_WORD | SyntaxKind::UNCLOSED_STRING)) => {
                self.report_broken(self.at, kind);
                self.push(frame);
                return self.bump(kind);
            }
            Some(found) => {
                let opening = self.token_range(open);
                let range = match found {
                    SyntaxKind::R_PAREN => opening.cover(self.token_range(self.at)),
                    SyntaxKind::L_PAREN => opening,
                    _ => self.token_range(self.at),
                };
                self.report(SyntaxErrorKind::MissingKeyword { found }, range, Vec::new());
            }
        }
        self.push(frame);
    }

    // Findings.

    /// From the first finding on brackets are counted and lines watched.
    pub(super) fn look_at_layout(&mut self) {
        if self.layout.in_use() {
            return;
        }
        self.layout.survey(self.text, self.tokens, self.indented);
        let mut open = self.frames.iter_mut().chain(std::iter::once(&mut self.top)).peekable();
        for token in 0..self.at {
            while let Some(frame) = open.next_if(|frame| frame.open as usize <= token) {
                (frame.line, frame.indent) = self.layout.line();
            }
            if self.tokens.kinds.get(token) == Some(&SyntaxKind::WHITESPACE) {
                self.layout.pass_whitespace(self.text, self.tokens, token);
            }
        }
    }

    /// Called for every token passed once the layout is in use.
    #[cold]
    pub(super) fn watch_token(&mut self) {
        if self.kind(self.at) == Some(SyntaxKind::WHITESPACE) {
            self.layout.pass_whitespace(self.text, self.tokens, self.at);
        }
        if let Some((first, rest)) = self.glued.split_first()
            && *first as usize == self.at
        {
            self.glued = rest;
            let end = self.tokens.end(self.at);
            self.report(SyntaxErrorKind::MissingSpace, TextRange::empty(end.into()), Vec::new());
            self.muted = (end, end + 1);
        }
    }

    pub(super) fn report(
        &mut self,
        kind: SyntaxErrorKind,
        range: TextRange,
        related: Vec<(TextRange, RelatedNote)>,
    ) {
        let start = u32::from(range.start());
        let muted = self.muted.0 <= start && start < self.muted.1;
        if !muted || self.errors.is_empty() {
            self.errors.push(SyntaxError { kind, range, related });
        }
    }

    /// A finding at the token at hand.
    pub(super) fn report_here(&mut self, kind: SyntaxErrorKind) {
        self.report(kind, self.token_range(self.at), Vec::new());
    }

    /// A finding just before the token at hand, of no width.
    fn report_before(&mut self, kind: SyntaxErrorKind) {
        if !self.top.muted {
            self.report(kind, TextRange::empty(self.offset.into()), Vec::new());
        }
    }

    /// What the innermost list needs next is not there.
    pub(super) fn report_missing(&mut self) {
        let position = self.top.state.rule().position;
        let kind = if position.is_instruction() {
            SyntaxErrorKind::MissingInstruction { position }
        } else {
            SyntaxErrorKind::MissingOperand { position }
        };
        if !self.top.muted {
            self.top.muted = true;
            self.report(kind, self.end_of_previous(), Vec::new());
        }
    }

    /// Just after the last token that is neither white space nor a comment.
    pub(super) fn end_of_previous(&self) -> TextRange {
        let mut token = self.at;
        while let Some(before) = token.checked_sub(1) {
            if !self.kind(before).is_some_and(SyntaxKind::is_trivia) {
                return TextRange::empty(self.tokens.end(before).into());
            }
            token = before;
        }
        TextRange::empty(0.into())
    }

    // ERROR nodes.

    /// The token at hand goes into an ERROR node, with a finding that a run of such tokens shares.
    pub(super) fn error_token(&mut self, kind: SyntaxKind, error: SyntaxErrorKind) {
        if matches!(kind, SyntaxKind::BAD_WORD | SyntaxKind::UNCLOSED_STRING) {
            self.report_broken(self.at, kind);
            return self.error_tokens(self.at);
        }
        let muted = std::mem::replace(&mut self.top.muted, false);
        self.error_run(self.at, error);
        self.top.muted = muted;
    }

    /// Tokens up to `end` go into an ERROR node, with a finding that a run of such operands shares.
    fn error_run(&mut self, end: usize, error: SyntaxErrorKind) {
        let range = self.token_range(self.at).cover(self.token_range(end));
        let run = self.run_error.filter(|_| self.in_error).and_then(|run| self.errors.get_mut(run));
        match run {
            Some(last) if shares(&last.kind, &error) => {
                last.range = last.range.cover(range);
                self.error_tokens(end);
            }
            _ => {
                let before = self.errors.len();
                if !self.top.muted {
                    self.report(error, range, Vec::new());
                }
                self.error_tokens(end);
                self.run_error = (self.errors.len() > before).then_some(before);
            }
        }
    }

    /// Whether the next unfitting token would extend a finding of that kind.
    pub(super) fn in_run_of(&self, error: &SyntaxErrorKind) -> bool {
        let run = self.run_error.filter(|_| self.in_error).and_then(|run| self.errors.get(run));
        run.is_some_and(|run| run.kind == *error)
    }

    /// Tokens up to `end` go into an ERROR node, without a finding.
    pub(super) fn error_tokens(&mut self, end: usize) {
        if !self.in_error {
            self.in_error = true;
            self.run_error = None;
            self.sink.start();
        }
        while self.at <= end
            && let Some(kind) = self.kind(self.at)
        {
            self.operand(kind);
        }
    }

    /// Ends the ERROR node before something that fits.
    #[inline]
    pub(super) fn end_error(&mut self) {
        if self.in_error {
            self.in_error = false;
            self.run_error = None;
            self.sink.finish_early(SyntaxKind::ERROR, self.offset);
        }
    }

    /// Ends the innermost list without its bracket.
    pub(super) fn pop_early(&mut self) {
        self.end_error();
        self.sink.finish_early(self.top.kind, self.offset);
        if let Some(outer) = self.frames.pop() {
            self.top = outer;
        }
    }
}

/// Whether neighbouring findings are better one. Operands of the wrong kind are wrong one by one.
fn shares(first: &SyntaxErrorKind, second: &SyntaxErrorKind) -> bool {
    match (first, second) {
        (
            SyntaxErrorKind::SurplusOperand { form, .. },
            SyntaxErrorKind::SurplusOperand { form: other, .. },
        ) => form == other,
        (SyntaxErrorKind::WrongOperand { position, .. }, _) => first == second && position.is_instruction(),
        _ => first == second,
    }
}

/// Whether a token may come in a state.
fn could_follow(state: State, kind: SyntaxKind) -> bool {
    let rule = state.rule();
    match kind {
        SyntaxKind::L_PAREN => !matches!(rule.list, List::Nothing | List::Arguments),
        SyntaxKind::L_BRACKET => rule.list == List::Arguments || rule.takes(kind),
        SyntaxKind::R_PAREN => rule.closes,
        SyntaxKind::ERROR => false,
        kind => rule.takes(kind),
    }
}
