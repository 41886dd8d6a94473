//! What the parser tells of a text: nodes and tokens to those who want a tree, instructions and operands to others.

use rowan::{TextRange, TextSize};

use crate::SyntaxKind;
use crate::slot::Slot;

/// Receives what the parser finds, in text order.
pub(crate) trait Sink {
    /// Whether the parts of lenses are wanted as nodes.
    const LENSES: bool;

    /// Opens a node; its kind comes when it closes.
    fn start(&mut self);
    /// The next token: bytes from `start` to `end` of the text.
    fn token(&mut self, kind: SyntaxKind, start: u32, end: u32);
    /// Closes the innermost node; `end` is where the parser stands.
    fn finish(&mut self, kind: SyntaxKind, end: u32);
    /// Closes the innermost node in front of the blanks and comments at its end.
    fn finish_early(&mut self, kind: SyntaxKind, end: u32);
    /// The node opened last is an instruction: where it starts, and its keyword from `start` to `end`.
    #[inline(always)]
    fn instruction(&mut self, _kind: SyntaxKind, _open: u32, _start: u32, _end: u32) {}
    /// What stands from `start` to `end` is an operand that fits its place; `[]` shows up as its bracket.
    #[inline(always)]
    fn operand(&mut self, _slot: Slot, _kind: SyntaxKind, _start: u32, _end: u32) {}
}

/// Takes what a script consists of, in text order, from [`read`].
pub trait Reader {
    /// An instruction opens: the kind of its node, its first byte and its keyword.
    fn open(&mut self, kind: SyntaxKind, start: TextSize, keyword: TextRange);
    /// An operand of the innermost open instruction: one token, or `[]` as [`SyntaxKind::L_BRACKET`].
    fn operand(&mut self, slot: Slot, kind: SyntaxKind, range: TextRange);
    /// The innermost instruction ends.
    fn close(&mut self, end: TextSize);
}

/// Parses a script without making a tree of it. Whether nothing is wrong with it, as [`crate::Parse::ok`] says; if
/// something is, the reader was told things that mean nothing.
///
/// ```
/// use air_syntax::{Reader, Slot, SyntaxKind, TextRange, TextSize};
///
/// #[derive(Default)]
/// struct Names(Vec<TextRange>);
///
/// impl Reader for Names {
///     fn open(&mut self, _: SyntaxKind, _: TextSize, _: TextRange) {}
///     fn operand(&mut self, _: Slot, kind: SyntaxKind, range: TextRange) {
///         self.0.extend((kind == SyntaxKind::SCALAR).then_some(range));
///     }
///     fn close(&mut self, _: TextSize) {}
/// }
///
/// let mut names = Names::default();
/// assert!(air_syntax::read("(seq (ap 1 x) (ap x y))", &mut names));
/// assert_eq!(names.0.len(), 3);
/// ```
pub fn read(text: &str, reader: &mut impl Reader) -> bool {
    crate::parse::is_script(text, &mut Telling(reader))
}

/// Leaves the tree out.
struct Telling<'r, R>(&'r mut R);

impl<R: Reader> Sink for Telling<'_, R> {
    const LENSES: bool = false;

    #[inline(always)]
    fn start(&mut self) {}

    #[inline(always)]
    fn token(&mut self, _: SyntaxKind, _: u32, _: u32) {}

    #[inline(always)]
    fn finish(&mut self, kind: SyntaxKind, end: u32) {
        if kind.is_instruction() {
            self.0.close(end.into());
        }
    }

    fn finish_early(&mut self, _: SyntaxKind, _: u32) {}

    #[inline(always)]
    fn instruction(&mut self, kind: SyntaxKind, open: u32, start: u32, end: u32) {
        self.0.open(kind, open.into(), TextRange::new(start.into(), end.into()));
    }

    #[inline(always)]
    fn operand(&mut self, slot: Slot, kind: SyntaxKind, start: u32, end: u32) {
        self.0.operand(slot, kind, TextRange::new(start.into(), end.into()));
    }
}
