//! Writes the canonical layout: one walk over the green tree, one pass over the output.

use air_syntax::{Parse, SyntaxKind};
use memchr::{memchr, memrchr};
use rowan::{Children, GreenNodeData, NodeOrToken};

use super::regions::{Sound, Switch};
use super::{FormatError, FormatOptions, LineEnding, MAX_INDENT};

/// The writer and what it remembers of the text so far.
pub(super) struct Layout<'a> {
    text: &'a str,
    step: usize,
    compact: bool,
    line_ending: LineEnding,
    out: String,
    /// Most bytes that `out` may take.
    limit: usize,
    too_large: bool,
    /// What was written last.
    last: Last,
    /// Line breaks in the text since then.
    lines: usize,
    /// Brackets open since `base`.
    level: usize,
    /// What every line starts with: nothing, or the way to the column of a sound instruction in
    /// broken surroundings.
    base: String,
    /// Where in `out` that instruction starts, until `base` is needed.
    base_at: Option<usize>,
    /// From where on the text is copied as it stands; nothing is laid out meanwhile.
    copied_from: Option<usize>,
    /// Behind `fmt off`.
    off: bool,
}

/// What was written last, as far as the next separator depends on it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// Nothing yet.
    Start,
    /// An opening bracket.
    Open,
    /// An operand or a keyword.
    Word,
    /// A whole instruction.
    Instruction,
    Comment,
}

/// A node being walked.
struct Frame<'a> {
    children: Children<'a>,
    sound: bool,
    instruction: bool,
    /// Sound, in an unsound parent.
    island: bool,
    /// No instruction and no comment with its own line yet: a blank line would follow the opening.
    fresh: bool,
}

impl<'a> Layout<'a> {
    pub(super) fn new(text: &'a str, options: &FormatOptions) -> Self {
        Layout {
            text,
            step: options.step(),
            compact: options.compact,
            line_ending: options.line_ending,
            out: String::new(),
            limit: text.len().saturating_mul(4).max(512 << 20).min(u32::MAX as usize),
            too_large: false,
            last: Last::Start,
            lines: 0,
            level: 0,
            base: String::new(),
            base_at: None,
            copied_from: None,
            off: false,
        }
    }

    /// The whole text.
    pub(super) fn script(mut self, parse: &Parse) -> Result<String, FormatError> {
        self.out.reserve(self.text.len() + self.text.len() / 8);
        self.walk(parse.green(), 0, &Sound::of(parse));
        if let Some(from) = self.copied_from {
            self.copy(from, self.text.len());
        } else if !self.out.is_empty() {
            self.out.push_str(self.line_ending.as_str());
        }
        self.finish()
    }

    /// One sound list that starts at `start`, laid out in the column where it stands.
    pub(super) fn form(mut self, node: &GreenNodeData, start: usize) -> Result<String, FormatError> {
        let line = memrchr(b'\n', self.text.as_bytes().get(..start).unwrap_or_default());
        let line = line.map_or(0, |at| at + 1);
        self.copy(line, start);
        self.base_at = Some(self.out.len());
        self.walk(node, start, &Sound::All);
        if let Some(from) = self.copied_from {
            self.copy(from, start + usize::from(node.text_len()));
        }
        self.out.drain(..start - line);
        self.finish()
    }

    fn finish(self) -> Result<String, FormatError> {
        if self.too_large || self.out.len() > self.limit {
            return Err(FormatError::TooLarge { limit: self.limit });
        }
        Ok(self.out)
    }

    fn walk(&mut self, root: &GreenNodeData, start: usize, sound: &Sound) {
        let mut offset = start;
        let mut entry = 0;
        let root_sound = sound.get(entry);
        if !root_sound {
            self.copied_from = Some(start);
        }
        let mut stack = Vec::with_capacity(64);
        stack.push(Frame {
            children: root.children(),
            sound: root_sound,
            instruction: SyntaxKind::from_green(root.kind()).is_instruction(),
            island: false,
            fresh: true,
        });
        while let Some(frame) = stack.last_mut() {
            match frame.children.next() {
                Some(NodeOrToken::Token(token)) => {
                    let text = token.text();
                    self.token(SyntaxKind::from_green(token.kind()), text, offset, frame);
                    offset += text.len();
                }
                Some(NodeOrToken::Node(node)) => {
                    let kind = SyntaxKind::from_green(node.kind());
                    let mut island = false;
                    let mut sound_here = frame.sound;
                    if kind.is_instruction() {
                        entry += 1;
                        if frame.sound {
                            self.before_instruction(frame);
                        } else if sound.get(entry) {
                            (sound_here, island) = (true, true);
                            self.enter_island(offset);
                        }
                    } else if is_one_word(kind, node) {
                        let end = offset + usize::from(node.text_len());
                        self.word(self.text.get(offset..end).unwrap_or_default());
                        offset = end;
                        continue;
                    }
                    stack.push(Frame {
                        children: node.children(),
                        sound: sound_here,
                        instruction: kind.is_instruction(),
                        island,
                        fresh: true,
                    });
                }
                None => {
                    if frame.island {
                        self.copied_from.get_or_insert(offset);
                    }
                    stack.pop();
                }
            }
        }
    }

    fn token(&mut self, kind: SyntaxKind, text: &str, offset: usize, frame: &mut Frame<'_>) {
        match kind {
            SyntaxKind::WHITESPACE => self.lines += line_breaks(text),
            SyntaxKind::L_PAREN | SyntaxKind::L_BRACKET => {
                if frame.instruction && kind == SyntaxKind::L_PAREN {
                    // Its line was begun before the node was entered.
                    if self.copied_from.is_none() {
                        self.out.push('(');
                    }
                } else {
                    self.word(text);
                }
                self.level += 1;
                self.last = Last::Open;
                self.lines = 0;
            }
            SyntaxKind::R_PAREN | SyntaxKind::R_BRACKET => {
                self.level = self.level.saturating_sub(1);
                if self.copied_from.is_none() {
                    match self.last {
                        Last::Comment => self.new_line(false),
                        Last::Instruction if !self.compact => self.new_line(false),
                        _ => {}
                    }
                    self.out.push_str(text);
                }
                self.last = if frame.instruction { Last::Instruction } else { Last::Word };
                self.lines = 0;
            }
            SyntaxKind::COMMENT => self.comment(text, offset, frame),
            _ => self.word(text),
        }
    }

    /// An operand, a keyword, or the bracket of a list that is no instruction.
    fn word(&mut self, text: &str) {
        if self.copied_from.is_some() {
            return;
        }
        match self.last {
            Last::Start | Last::Open => {}
            Last::Word => self.out.push(' '),
            Last::Instruction | Last::Comment => self.new_line(false),
        }
        self.out.push_str(text);
        self.last = Last::Word;
        self.lines = 0;
    }

    /// Begins the line of a child of `frame`.
    fn before_instruction(&mut self, frame: &mut Frame<'_>) {
        if self.copied_from.is_none() && self.last != Last::Start {
            self.new_line(self.lines >= 2 && !frame.fresh);
        }
        frame.fresh = false;
    }

    fn comment(&mut self, text: &str, offset: usize, frame: &mut Frame<'_>) {
        let switch = Switch::of(text);
        match (self.copied_from, switch) {
            (Some(from), Some(Switch::On)) if self.off => {
                self.off = false;
                if !frame.sound {
                    return;
                }
                self.copy(from, offset);
                self.copied_from = None;
                frame.fresh = false;
            }
            (Some(_), _) => {
                self.off |= switch == Some(Switch::Off);
                return;
            }
            (None, _) => {
                let trails = self.lines == 0 && !matches!(self.last, Last::Start | Last::Comment);
                if trails {
                    self.out.push(' ');
                } else {
                    if self.last != Last::Start {
                        self.new_line(self.lines >= 2 && !frame.fresh);
                    }
                    frame.fresh = false;
                }
            }
        }
        self.out.push_str(text.trim_end());
        self.last = Last::Comment;
        self.lines = 0;
        if switch == Some(Switch::Off) {
            self.off = true;
            self.copied_from = Some(offset + text.len());
        }
    }

    /// Ends the line and indents the next.
    fn new_line(&mut self, blank_line: bool) {
        /// A line feed and the widest indentation.
        const LINE: &str = {
            const BYTES: [u8; 1 + MAX_INDENT] = {
                let mut bytes = [b' '; 1 + MAX_INDENT];
                bytes[0] = b'\n';
                bytes
            };
            match std::str::from_utf8(&BYTES) {
                Ok(line) => line,
                Err(_) => "\n",
            }
        };
        if self.out.len() > self.limit {
            self.too_large = true;
            return;
        }
        if let Some(at) = self.base_at.take() {
            self.base = column(self.out.get(..at).unwrap_or_default());
        }
        if blank_line {
            self.out.push_str(self.line_ending.as_str());
        }
        if self.line_ending == LineEnding::Crlf {
            self.out.push('\r');
        }
        let columns = self.level * self.step;
        if self.base.is_empty() {
            self.out.push_str(LINE.get(..1 + columns).unwrap_or(LINE));
        } else {
            let columns = columns.min(MAX_INDENT.saturating_sub(self.base.len()));
            self.out.push('\n');
            self.out.push_str(&self.base);
            self.out.push_str(LINE.get(1..1 + columns).unwrap_or_default());
        }
    }

    /// A sound instruction in broken surroundings, or one of its own.
    fn enter_island(&mut self, offset: usize) {
        if let Some(from) = self.copied_from {
            self.copy(from, offset);
        }
        self.copied_from = self.off.then_some(offset);
        self.last = Last::Start;
        self.lines = 0;
        self.level = 0;
        self.base.clear();
        self.base_at = Some(self.out.len());
    }

    fn copy(&mut self, from: usize, to: usize) {
        self.out.push_str(self.text.get(from..to).unwrap_or_default());
    }
}

/// Blanks, and tabs where its indentation has them, as wide as the last line.
pub(super) fn column(text: &str) -> String {
    let line = memrchr(b'\n', text.as_bytes()).map_or(0, |at| at + 1);
    let mut indentation = true;
    let line = text.get(line..).unwrap_or_default().chars().take(MAX_INDENT);
    line.map(|char| {
        indentation &= char.is_whitespace();
        if indentation && char == '\t' { '\t' } else { ' ' }
    })
    .collect()
}

/// A word with a lens, or `[]` without blanks.
fn is_one_word(kind: SyntaxKind, node: &GreenNodeData) -> bool {
    kind == SyntaxKind::LENSED || kind == SyntaxKind::EMPTY_ARRAY && u32::from(node.text_len()) == 2
}

/// Line breaks in a run of blanks, of which two are as good as more; CR alone breaks a line if there is
/// no LF.
fn line_breaks(blanks: &str) -> usize {
    match blanks.as_bytes() {
        [b' '] => 0,
        [b'\n'] => 1,
        bytes => match memchr(b'\n', bytes) {
            Some(first) => {
                1 + usize::from(memchr(b'\n', bytes.get(first + 1..).unwrap_or_default()).is_some())
            }
            None => bytes.iter().filter(|byte| **byte == b'\r').count(),
        },
    }
}
