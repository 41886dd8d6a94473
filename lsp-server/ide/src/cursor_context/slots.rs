//! What stands after a cursor in its brackets: which instruction is meant shows there.

use air_semantics::hir::InstrKind;
use air_syntax::lexer::Tokens;
use air_syntax::{SyntaxKind, TextRange, TextSize};

use crate::instructions::page_of_keyword;

/// No instruction has more; arguments after these are not looked at.
pub const MAX_SLOTS: usize = 16;

/// Something that stands after the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// What it is.
    pub kind: SlotKind,
    /// Where it stands, with its brackets.
    pub range: TextRange,
}

/// What stands after a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlotKind {
    /// A word: the kind of its token.
    Word(SyntaxKind),
    /// `(x y)`, of words only as it seems.
    Pair,
    /// `[…]`
    Brackets {
        /// Words and brackets inside.
        words: usize,
    },
    /// An instruction; `()` is an unknown one.
    Instruction(InstrKind),
}

/// Kinds and ranges of the tokens that begin at an offset or after it, without white space and comments.
pub(super) fn after(tokens: &Tokens, offset: TextSize) -> impl Iterator<Item = (SyntaxKind, TextRange)> {
    // Each begins where the one before ends.
    let before = |end: &u32| TextSize::new(*end) < offset;
    let first = if offset == TextSize::new(0) { 0 } else { tokens.ends.partition_point(before) + 1 };
    tokens
        .kinds
        .iter()
        .enumerate()
        .skip(first)
        .filter(|(_, kind)| !kind.is_trivia())
        .map(|(index, kind)| (*kind, TextRange::new(tokens.start(index).into(), tokens.end(index).into())))
}

/// What follows up to where the brackets close; takes the closing one.
pub(super) fn slots(text: &str, rest: &mut impl Iterator<Item = (SyntaxKind, TextRange)>) -> Vec<Slot> {
    let mut found: Vec<Slot> = Vec::new();
    let mut depth = 0_usize;
    let mut inside = 0_usize;
    for (kind, range) in rest {
        let opens = matches!(kind, SyntaxKind::L_PAREN | SyntaxKind::L_BRACKET);
        let closes = matches!(kind, SyntaxKind::R_PAREN | SyntaxKind::R_BRACKET);
        if closes && depth == 0 {
            break;
        }
        if depth == 0 && found.len() == MAX_SLOTS {
            break;
        }
        match found.last_mut().filter(|_| depth > 0) {
            Some(slot) => {
                slot.range = slot.range.cover(range);
                if depth == 1 && !closes {
                    let word = text.get(std::ops::Range::<usize>::from(range)).unwrap_or_default();
                    match &mut slot.kind {
                        SlotKind::Brackets { words } => *words += 1,
                        it if inside == 0 => {
                            *it = page_of_keyword(word)
                                .map_or(SlotKind::Pair, |page| SlotKind::Instruction(page.kind));
                        }
                        _ => {}
                    }
                    inside += 1;
                }
            }
            None => {
                inside = 0;
                let kind = match kind {
                    SyntaxKind::L_PAREN => SlotKind::Instruction(InstrKind::Unknown),
                    SyntaxKind::L_BRACKET => SlotKind::Brackets { words: 0 },
                    kind => SlotKind::Word(kind),
                };
                found.push(Slot { kind, range });
            }
        }
        depth = if opens { depth + 1 } else { depth - usize::from(closes) };
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cursor_context::cursor_context;

    fn at(marked: &str) -> String {
        let offset = marked.find("$0").unwrap();
        let here = cursor_context(&marked.replacen("$0", "", 1), (offset as u32).into());
        let kinds = |slots: &[Slot]| {
            slots.iter().map(|slot| format!("{:?}", slot.kind)).collect::<Vec<_>>().join(" ")
        };
        format!("{} | {}", kinds(&here.after), kinds(&here.beyond))
    }

    #[test]
    fn in_the_same_brackets() {
        assert_eq!(
            at("(c$0 p (\"s\" \"f\") [x []] $r) (null)"),
            "Word(SCALAR) Pair Brackets { words: 2 } Word(STREAM) | "
        );
        assert_eq!(
            at("(seq ($0 (ap 1 x) (seq (null) (null))) (null))"),
            "Instruction(Ap) Instruction(Seq) | "
        );
        assert_eq!(at("(fold x$0s i () ; c\n)"), "Word(SCALAR) Instruction(Unknown) | ");
        assert_eq!(at("(ap x.$.a$0.b y)"), "Word(SCALAR) | ");
        assert_eq!(at("$0"), " | ");
    }

    #[test]
    fn and_after_them() {
        assert_eq!(at("(call p ($0 \"f\") [x] y)"), "Word(STRING) | Brackets { words: 1 } Word(SCALAR)");
        assert_eq!(at("(call p (\"s\" \"f\") [$0 x y] z)"), "Word(SCALAR) Word(SCALAR) | Word(SCALAR)");
        assert_eq!(at("(ap ($0 1) %m)"), "Word(INT) | Word(STREAM_MAP)");
        assert_eq!(at("(seq (n$0) (null))"), " | ");
    }
}
