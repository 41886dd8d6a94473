//! A script's instructions and operands without a tree: a third of the work of [`parse`](crate::parse()).

use rowan::{TextRange, TextSize};

use crate::SyntaxKind;
use crate::operand_position::OperandPosition;
use crate::parse::is_script;
use crate::sink::Sink;

/// Takes what a script consists of, in text order, from [`read`].
pub trait Reader {
    /// An instruction opens: the kind of its node, its first byte and its keyword.
    fn open(&mut self, kind: SyntaxKind, start: TextSize, keyword: TextRange);
    /// An operand of the innermost open instruction: one token, or `[]` as [`SyntaxKind::L_BRACKET`].
    fn operand(&mut self, position: OperandPosition, kind: SyntaxKind, range: TextRange);
    /// The innermost instruction ends.
    fn close(&mut self, end: TextSize);
}

/// Parses a script without making a tree of it. Returns whether the script has no errors, as
/// [`crate::Parse::ok`] says; if it has some, what the reader received means nothing.
///
/// ```
/// use air_syntax::{Reader, OperandPosition, SyntaxKind, TextRange, TextSize};
///
/// #[derive(Default)]
/// struct Names(Vec<TextRange>);
///
/// impl Reader for Names {
///     fn open(&mut self, _: SyntaxKind, _: TextSize, _: TextRange) {}
///     fn operand(&mut self, _: OperandPosition, kind: SyntaxKind, range: TextRange) {
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
    is_script(text, &mut ReaderSink(reader))
}

/// Passes instructions and operands on, and drops everything else.
struct ReaderSink<'r, R>(&'r mut R);

impl<R: Reader> Sink for ReaderSink<'_, R> {
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
    fn operand(&mut self, position: OperandPosition, kind: SyntaxKind, start: u32, end: u32) {
        self.0.operand(position, kind, TextRange::new(start.into(), end.into()));
    }
}
