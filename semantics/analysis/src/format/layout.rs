//! Writes the canonical layout: one walk over the green tree.
//!
//! What the text has already as it should be is not written piece by piece: the writer compares the
//! spaces before each token with those that belong there, and copies the text in runs between the
//! places where they differ. A canonical script is recognised without being written at all.

use air_syntax::{Parse, SyntaxKind};
use memchr::{memchr, memrchr};
use rowan::{Children, GreenNodeData, NodeOrToken};

use super::regions::{Sound, Switch};
use super::{FormatError, FormatOptions, LineEnding, MAX_INDENT};

/// The writer and what it remembers of the text so far.
///
/// What was laid out so far is `out` and then the run, which ends with the last item: the token or
/// comment that was dealt with last.
///
/// Whether the walk lays out or copies is `copied_from`; the rest says why, and with which indentation:
///
/// | where the walk is | `copied_from` | `off` | `base`, `base_at` | left by |
/// |---|---|---|---|---|
/// | in a sound script | `None` | false | empty, `None` | `; air: fmt off` |
/// | after `; air: fmt off` | `Some` | true | as before | `; air: fmt on`, the end |
/// | in unsound surroundings | `Some` | false | of no use | a sound instruction (*island*), `; air: fmt off` |
/// | in an island | `None` | false | `base_at` is `Some` until the first new line sets `base` | its end |
/// | in an island after `fmt off` | `Some` | true | as in the island | `; air: fmt on`; its end, but then `off` stays |
///
/// `level` counts the brackets since `base`: an island starts again at 0. [`Frame`] has what belongs to one open
/// list: `sound` and `island` say which row its content is in, `fresh` and `has_children` where its lines break.
pub(super) struct Layout<'a> {
    text: &'a str,
    step: usize,
    compact: bool,
    line_ending: LineEnding,
    out: String,
    /// A piece of the text that follows in `out` as it stands.
    run: std::ops::Range<usize>,
    /// Most bytes that `out` may take.
    limit: usize,
    too_large: bool,
    /// What the last item was.
    last: Last,
    /// Brackets open since `base`.
    level: usize,
    /// What every line starts with: nothing, or the way to the column of a sound instruction in
    /// broken surroundings.
    base: String,
    /// Where in all that was laid out that instruction starts, until `base` is needed.
    base_at: Option<usize>,
    /// From where on the text is copied as it stands; nothing is laid out meanwhile.
    copied_from: Option<usize>,
    /// After `fmt off`.
    off: bool,
}

/// What the last item was, as far as the next separator depends on it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// Nothing yet.
    Start,
    /// An opening bracket.
    Open,
    /// An operand or a keyword.
    Word,
    /// A word that AquaVM's lexer refuses. A bracket open in it takes in what follows it directly, so
    /// the space after it stays even before a closing bracket.
    BrokenWord,
    /// A whole instruction.
    Instruction,
    Comment,
}

/// What belongs between two items.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Separator {
    Nothing,
    Space,
    /// A new line, indented.
    Line,
    /// The same, behind a blank line if there is one.
    LineOrTwo,
    /// The end of the last line.
    End,
}

/// A node being walked: an instruction, a list, or the script.
///
/// `island` implies `sound` and `instruction`. `fresh` ends with the first child, `has_children` begins with it; a
/// comment on a line of its own ends `fresh` only, so a closing bracket after it need not stand alone.
struct Frame<'a> {
    children: Children<'a>,
    sound: bool,
    instruction: bool,
    /// Sound, in an unsound parent.
    island: bool,
    /// No instruction and no comment with its own line yet: a blank line would follow the opening.
    fresh: bool,
    has_children: bool,
}

impl<'a> Layout<'a> {
    pub(super) fn new(text: &'a str, options: &FormatOptions) -> Self {
        Layout {
            text,
            step: options.step(),
            compact: options.compact,
            line_ending: options.line_ending,
            out: String::new(),
            run: 0..0,
            limit: text.len().saturating_mul(4).max(512 << 20).min(u32::MAX as usize),
            too_large: false,
            last: Last::Start,
            level: 0,
            base: String::new(),
            base_at: None,
            copied_from: None,
            off: false,
        }
    }

    /// The whole text; `None` if it stands as it should.
    pub(super) fn script(mut self, parse: &Parse) -> Result<Option<String>, FormatError> {
        let len = self.text.len();
        self.walk(parse.green(), 0, &Sound::of(parse));
        if let Some(from) = self.copied_from {
            self.keep(from, len);
        } else if self.last == Last::Start {
            self.run = len..len;
        } else {
            self.item(Separator::End, len, len);
        }
        if self.out.is_empty() && self.run == (0..len) {
            return Ok(None);
        }
        let text = self.text;
        self.finish().map(|out| (out != text).then_some(out))
    }

    /// One sound list that starts at `start`, laid out in the column where it stands.
    pub(super) fn form(mut self, node: &GreenNodeData, start: usize) -> Result<String, FormatError> {
        let line = memrchr(b'\n', self.text.as_bytes().get(..start).unwrap_or_default());
        let line = line.map_or(0, |at| at + 1);
        self.run = line..start;
        self.base_at = Some(start - line);
        self.walk(node, start, &Sound::All);
        if let Some(from) = self.copied_from {
            self.keep(from, start + usize::from(node.text_len()));
        }
        let mut out = self.finish()?;
        out.drain(..start - line);
        Ok(out)
    }

    fn finish(mut self) -> Result<String, FormatError> {
        self.flush();
        if self.too_large {
            return Err(FormatError::TooLarge { limit: self.limit });
        }
        Ok(self.out)
    }

    fn walk(&mut self, root: &GreenNodeData, start: usize, sound: &Sound) {
        let mut offset = start;
        let mut entry = 0;
        let root_sound = sound.get(entry);
        let root_instruction = SyntaxKind::from_green(root.kind()).is_instruction();
        if !root_sound {
            self.copied_from = Some(start);
        } else if root_instruction {
            self.item(Separator::Nothing, start, start + 1);
        }
        let mut stack = Vec::with_capacity(64);
        stack.push(Frame {
            children: root.children(),
            sound: root_sound,
            instruction: root_instruction,
            island: false,
            fresh: true,
            has_children: false,
        });
        while let Some(frame) = stack.last_mut() {
            match frame.children.next() {
                Some(NodeOrToken::Token(token)) => {
                    let kind = SyntaxKind::from_green(token.kind());
                    let end = offset + usize::from(token.text_len());
                    if kind != SyntaxKind::WHITESPACE {
                        self.token(kind, offset, end, frame);
                    }
                    offset = end;
                }
                Some(NodeOrToken::Node(node)) => {
                    let kind = SyntaxKind::from_green(node.kind());
                    let mut island = false;
                    let mut sound_here = frame.sound;
                    if kind.is_instruction() {
                        entry += 1;
                        if frame.sound {
                            self.open_instruction(offset, frame);
                        } else if sound.get(entry) {
                            (sound_here, island) = (true, true);
                            self.open_island(offset);
                        }
                    } else if is_one_word(kind, node) {
                        let end = offset + usize::from(node.text_len());
                        self.word(offset, end);
                        offset = end;
                        continue;
                    }
                    stack.push(Frame {
                        children: node.children(),
                        sound: sound_here,
                        instruction: kind.is_instruction(),
                        island,
                        fresh: true,
                        has_children: false,
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

    fn token(&mut self, kind: SyntaxKind, start: usize, end: usize, frame: &mut Frame<'_>) {
        match kind {
            SyntaxKind::L_PAREN | SyntaxKind::L_BRACKET => {
                // That of an instruction was dealt with before the node was entered.
                if !(frame.instruction && kind == SyntaxKind::L_PAREN) {
                    self.word(start, end);
                }
                self.level += 1;
                self.last = Last::Open;
            }
            SyntaxKind::R_PAREN | SyntaxKind::R_BRACKET => {
                self.level = self.level.saturating_sub(1);
                let separator = match self.last {
                    Last::Comment => Separator::Line,
                    Last::BrokenWord if !self.gap(start).is_empty() => Separator::Space,
                    _ if frame.has_children && !self.compact => Separator::Line,
                    _ => Separator::Nothing,
                };
                self.item(separator, start, end);
                self.last = if frame.instruction { Last::Instruction } else { Last::Word };
            }
            SyntaxKind::COMMENT => self.comment(start, end, frame),
            _ => {
                self.word(start, end);
                if kind == SyntaxKind::BAD_WORD {
                    self.last = Last::BrokenWord;
                }
            }
        }
    }

    /// An operand, a keyword, or the bracket of a list that is not an instruction.
    fn word(&mut self, start: usize, end: usize) {
        let separator = match self.last {
            Last::Start | Last::Open => Separator::Nothing,
            Last::Word | Last::BrokenWord => Separator::Space,
            Last::Instruction | Last::Comment => Separator::Line,
        };
        self.item(separator, start, end);
        self.last = Last::Word;
    }

    /// The opening bracket of a child of `frame`.
    fn open_instruction(&mut self, start: usize, frame: &mut Frame<'_>) {
        let separator = match self.last {
            Last::Start => Separator::Nothing,
            _ => frame.own_line(),
        };
        self.item(separator, start, start + 1);
        frame.fresh = false;
        frame.has_children = true;
    }

    fn comment(&mut self, start: usize, end: usize, frame: &mut Frame<'_>) {
        let text = self.text.get(start..end).unwrap_or_default();
        let switch = Switch::of(text);
        let separator = match (self.copied_from, switch) {
            (Some(from), Some(Switch::On)) if self.off => {
                self.off = false;
                if !frame.sound {
                    return;
                }
                self.keep(from, start);
                self.copied_from = None;
                frame.fresh = false;
                Separator::Nothing
            }
            (Some(_), _) => {
                self.off |= switch == Some(Switch::Off);
                return;
            }
            (None, _) => match self.last {
                Last::Start => Separator::Nothing,
                Last::Open | Last::Word | Last::BrokenWord | Last::Instruction
                    if line_breaks(self.gap(start)) == 0 =>
                {
                    Separator::Space
                }
                _ => frame.own_line(),
            },
        };
        // What trails an opening line leaves it an opening line.
        frame.fresh &= separator == Separator::Space;
        self.item(separator, start, start + text.trim_end().len());
        self.last = Last::Comment;
        if switch == Some(Switch::Off) {
            self.off = true;
            self.copied_from = Some(end);
        }
    }

    /// A sound instruction in broken surroundings.
    fn open_island(&mut self, start: usize) {
        if let Some(from) = self.copied_from.take() {
            self.keep(from, start);
        }
        self.level = 0;
        self.base.clear();
        self.base_at = Some(self.out.len() + self.run.len());
        self.item(Separator::Nothing, start, start + 1);
        self.copied_from = self.off.then_some(start + 1);
    }

    /// The spaces between the last item and the next.
    fn gap(&self, start: usize) -> &'a str {
        self.text.get(self.run.end..start).unwrap_or_default()
    }

    /// Adds an item after a separator.
    #[inline]
    fn item(&mut self, separator: Separator, start: usize, end: usize) {
        if self.copied_from.is_some() {
            return;
        }
        let before = self.run.end;
        let fits = match separator {
            Separator::Nothing => start == before,
            Separator::Space => start == before + 1 && self.text.as_bytes().get(before) == Some(&b' '),
            Separator::End => self.gap(start) == self.line_ending.as_str(),
            Separator::Line | Separator::LineOrTwo => return self.line(separator, start, end),
        };
        if !fits {
            self.flush();
            match separator {
                Separator::Space if !self.too_large => self.out.push(' '),
                Separator::End if !self.too_large => self.out.push_str(self.line_ending.as_str()),
                _ => {}
            }
            self.run.start = start;
        }
        self.run.end = end;
    }

    /// Adds an item on a line of its own.
    fn line(&mut self, separator: Separator, start: usize, end: usize) {
        if let Some(at) = self.base_at.take() {
            self.flush();
            self.base = column(self.out.get(..at).unwrap_or_default());
        }
        let columns = (self.level * self.step).min(MAX_INDENT.saturating_sub(self.base.len()));
        let line = LINE.get(..1 + columns).unwrap_or(LINE);
        let plain = self.base.is_empty() && self.line_ending == LineEnding::Lf;
        let fits = plain && self.text.as_bytes().get(self.run.end..start) == Some(line.as_bytes());
        if !fits {
            let gap = self.gap(start);
            self.flush();
            if !self.too_large {
                if separator == Separator::LineOrTwo && line_breaks(gap) >= 2 {
                    self.out.push_str(self.line_ending.as_str());
                }
                if plain {
                    self.out.push_str(line);
                } else {
                    self.out.push_str(self.line_ending.as_str());
                    self.out.push_str(&self.base);
                    self.out.push_str(line.get(1..).unwrap_or_default());
                }
            }
            self.run.start = start;
        }
        self.run.end = end;
    }

    /// Adds a piece of the text as it stands.
    fn keep(&mut self, from: usize, to: usize) {
        if from != self.run.end {
            self.flush();
            self.run.start = from;
        }
        self.run.end = to;
    }

    fn flush(&mut self) {
        if self.out.is_empty() {
            self.out.reserve(self.text.len() + self.text.len() / 8);
        }
        // Nothing is written beyond the limit.
        self.too_large |= self.out.len() + self.run.len() > self.limit;
        if !self.too_large {
            self.out.push_str(self.text.get(self.run.clone()).unwrap_or_default());
        }
        self.run.start = self.run.end;
    }
}

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

impl Frame<'_> {
    /// What belongs before an instruction or a comment with its own line.
    fn own_line(&self) -> Separator {
        if self.fresh { Separator::Line } else { Separator::LineOrTwo }
    }
}

/// Spaces, and tabs where its indentation has them, as wide as the last line.
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

/// A word with a lens, or `[]` without spaces.
fn is_one_word(kind: SyntaxKind, node: &GreenNodeData) -> bool {
    kind == SyntaxKind::LENSED || kind == SyntaxKind::EMPTY_ARRAY && u32::from(node.text_len()) == 2
}

/// Line breaks in a run of spaces, of which two are as good as more; CR alone breaks a line if there is
/// no LF.
fn line_breaks(spaces: &str) -> usize {
    match spaces.as_bytes() {
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
