//! The text to the arena, without a tree: for those who only run the script.
//!
//! The parser is the same, so is the arena that comes of it; a test holds the two ways together. Texts in which
//! something is wrong have only the way over the tree, where recovery saves what it can.

use std::sync::Arc;

use air_syntax::{OperandPosition, Reader, SyntaxKind, TextRange, TextSize};

use super::build::Builder;
use super::lower::instr_kind;
use super::{Hir, InstrKind, Role};

/// What [`super::lower()`] gives for the text; `None` if its syntax is not right. Never recurses, linear.
pub fn read(text: &Arc<str>) -> Option<Hir> {
    let mut reading = HirReader { builder: Builder::without_tree(text), open: Vec::with_capacity(64) };
    let right = air_syntax::read(text, &mut reading);
    right.then(|| reading.builder.finish(Arc::clone(text)))
}

struct HirReader<'t> {
    builder: Builder<'t>,
    /// Open instructions, outermost first.
    open: Vec<OpenInstr>,
}

struct OpenInstr {
    kind: InstrKind,
    start: TextSize,
    keyword: TextRange,
    first_operand: u32,
    /// Operands stand in front of children, which have their own.
    end_operand: u32,
    first_child: usize,
}

impl Reader for HirReader<'_> {
    #[inline]
    fn open(&mut self, kind: SyntaxKind, start: TextSize, keyword: TextRange) {
        let first_operand = self.builder.operand_count();
        self.open.push(OpenInstr {
            kind: instr_kind(kind).unwrap_or(InstrKind::Unknown),
            start,
            keyword,
            first_operand,
            end_operand: first_operand,
            first_child: self.builder.orphan_count(),
        });
    }

    #[inline]
    fn operand(&mut self, slot: OperandPosition, kind: SyntaxKind, range: TextRange) {
        let Some(role) = role(slot, kind) else { return };
        match kind {
            SyntaxKind::L_BRACKET => self.builder.empty_array(role, range),
            _ => self.builder.word(role, kind, range),
        }
        if let Some(open) = self.open.last_mut() {
            open.end_operand = self.builder.operand_count();
        }
    }

    #[inline]
    fn close(&mut self, end: TextSize) {
        // In a broken text, more may close than opened.
        let Some(open) = self.open.pop().filter(|open| open.start <= end) else { return };
        let range = TextRange::new(open.start, end);
        let operands = open.first_operand..open.end_operand;
        self.builder.close(open.kind, range, open.keyword, operands, open.first_child);
    }
}

/// What an operand at that place is for.
#[inline]
fn role(slot: OperandPosition, kind: SyntaxKind) -> Option<Role> {
    Some(match slot {
        OperandPosition::Peer => Role::Peer,
        OperandPosition::Service => Role::Service,
        OperandPosition::Function => Role::Function,
        OperandPosition::Argument => Role::Argument,
        OperandPosition::Output => Role::Output,
        OperandPosition::CanonSource | OperandPosition::ApSource => Role::Source,
        OperandPosition::CanonTarget
        | OperandPosition::CanonMapTarget
        | OperandPosition::ApTarget
        | OperandPosition::MapTarget => Role::Target,
        OperandPosition::Key => Role::Key,
        OperandPosition::Value => Role::Value,
        OperandPosition::NewName => Role::Declared,
        OperandPosition::Failure if kind == SyntaxKind::INT => Role::FailCode,
        OperandPosition::Failure => Role::Failure,
        OperandPosition::FailText => Role::FailText,
        OperandPosition::Iterable => Role::Iterable,
        OperandPosition::Iterator | OperandPosition::NextIterator => Role::Iterator,
        OperandPosition::Left => Role::Left,
        OperandPosition::Right => Role::Right,
        OperandPosition::FunctionRef
        | OperandPosition::Arguments
        | OperandPosition::First
        | OperandPosition::Second
        | OperandPosition::Body
        | OperandPosition::Last
        | OperandPosition::Script => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::hir::lower;

    /// Scripts that AquaVM's parser takes; `tests/tests/properties.rs` has many more.
    const RIGHT: [&str; 4] = [
        "(null)",
        "; c\n(seq (par (xor (never) (null)) (new $s (fail 1 \"t\"))) (fail %last_error%)) ; d",
        "(fold $s i (match i.$.a[0].[i]! [ ; c\n] (mismatch #cc.length 1.5 (next i))) (fold [] j (null)))",
        "(seq (call %init_peer_id% (\"s\" i) [%ttl% -7 true [] :error: %last_error%.$.message] $o)
          (seq (canon i %m #%m) (seq (canon i %m x) (seq (ap i x) (seq (ap (\"k\" v) %m) (fail :error:))))))",
    ];

    #[test]
    fn is_what_the_tree_gives() {
        for text in RIGHT {
            let read = read(&text.into());
            assert_eq!(read, Some(lower(&air_syntax::parse(text), text.into())), "{text}");
        }
    }

    #[test]
    fn broken_scripts_are_left_to_the_tree() {
        for text in ["", ") x (", "(seq (null) (null)", "(null) (null)", "(ap a+ x)", "(ap 1 x) ]", "(call)"]
        {
            assert_eq!(read(&text.into()), None, "{text}");
        }
    }
}
