//! Where the parser writes: nodes and tokens for a tree, instructions and operands for readers without one.

use crate::SyntaxKind;
use crate::operand_position::OperandPosition;

/// Receives what the parser finds, in text order.
pub(crate) trait Sink {
    /// Whether words with a lens are cut into nodes; else they come as one token.
    const LENSES: bool;

    /// Opens a node; its kind comes when it closes.
    fn start(&mut self);
    /// The next token: bytes from `start` to `end` of the text.
    fn token(&mut self, kind: SyntaxKind, start: u32, end: u32);
    /// Closes the innermost node; `end` is where the parser stands.
    fn finish(&mut self, kind: SyntaxKind, end: u32);
    /// Closes the innermost node before the white space and comments at its end.
    fn finish_early(&mut self, kind: SyntaxKind, end: u32);
    /// The node opened last is an instruction: where it starts, and its keyword from `start` to `end`.
    #[inline(always)]
    fn instruction(&mut self, _kind: SyntaxKind, _open: u32, _start: u32, _end: u32) {}
    /// What stands from `start` to `end` is an operand that fits its place; `[]` shows up as its bracket.
    #[inline(always)]
    fn operand(&mut self, _position: OperandPosition, _kind: SyntaxKind, _start: u32, _end: u32) {}
}
