//! What can be written at a place: only what fits there, the nearest first. Works on tokens, and on
//! what is known of the variables of a broken script.

mod comment;
mod documentation;
mod fields;
mod forms;
mod functions;
mod instructions;
mod known;
mod lens;
mod list;
mod new_names;
mod outside;
mod special;
#[cfg(test)]
mod testing;
mod values;
mod variables;

use air_analysis::Analysis;
use air_semantics::hir::{InstrKind, Role};
use air_syntax::{TextRange, TextSize};

use crate::cursor_context::{CursorPlace, cursor_context};
use crate::surroundings::Surroundings;

pub use documentation::documentation;
pub use list::{Completions, Item, ItemKind};
use list::{List, text_of};

/// Items of one answer; the rest are less likely to be meant.
pub const MAX_ITEMS: usize = 500;

/// What fits at an offset.
pub fn complete(analysis: &Analysis, offset: TextSize, surroundings: &dyn Surroundings) -> Completions {
    let here = cursor_context(&analysis.text, offset);
    let typed = text_of(analysis, TextRange::new(here.word.start().min(offset), offset));
    let mut list = List { analysis, here: &here, offset, surroundings, items: Vec::new() };
    let mut replace = here.word;
    match here.place {
        CursorPlace::Comment => replace = list.comment(typed),
        CursorPlace::Keyword => list.instructions(false),
        CursorPlace::Top => list.instructions(true),
        CursorPlace::Operand { role: None, index } => list.other_slot(index),
        _ if lens::is_lens(typed) && here.place_takes_lens() => replace = list.lens(typed),
        // Numbers, and what has no lens.
        _ if typed.contains('.') && !typed.starts_with('"') => {}
        CursorPlace::Operand { role: Some(role), .. } => replace = list.operand(role),
        // The only array that can be written is empty.
        CursorPlace::Argument(_) if list.in_array() => {}
        CursorPlace::Argument(_) => replace = list.operand(Role::Argument),
    }
    let mut items = list.items;
    items.truncate(MAX_ITEMS);
    Completions { replace, items }
}

impl List<'_> {
    /// A place for an instruction, or for a bracket.
    fn other_slot(&mut self, index: usize) {
        let Some((kind, _)) = self.here.around else { return };
        match (kind, index) {
            // Not after both names, inside of the brackets.
            (InstrKind::Call, 1) if self.here.called.is_empty() => self.snippet(
                "(\"service\" \"function\")",
                "(\"${1:service}\" \"${2:function}\")$0",
                "what is called",
            ),
            (InstrKind::Call, 2) => self.snippet("[]", "[$1]$0", "arguments"),
            (InstrKind::Seq | InstrKind::Par | InstrKind::Xor, 0 | 1)
            | (InstrKind::New, 1)
            | (InstrKind::Match | InstrKind::Mismatch, 2)
            | (InstrKind::Fold, 2 | 3) => self.instructions(true),
            _ => {}
        }
    }

    /// Whether the cursor is in brackets inside of a call's brackets.
    fn in_array(&self) -> bool {
        let open = |at: usize| self.here.open.iter().rev().nth(at);
        let bracket = |at: usize| {
            open(at).is_some_and(|start| text_of(self.analysis, TextRange::at(*start, 1.into())) == "[")
        };
        bracket(0) && bracket(1)
    }

    /// Operands; what is replaced is the word without its lens.
    fn operand(&mut self, role: Role) -> TextRange {
        let replace = self.base_of_word();
        let typed_string = text_of(self.analysis, self.here.word).starts_with('"');
        if let Role::Peer | Role::Service | Role::Function = role
            && (typed_string || !self.lens_follows())
        {
            self.outside(role);
        }
        if typed_string {
            return replace;
        }
        let known = self.known();
        if !self.lens_follows() {
            self.own_codes(role);
            if role == Role::Right {
                self.error_codes();
            }
        }
        self.variables(role, &known);
        self.specials(role);
        if self.lens_follows() {
            return replace;
        }
        self.literals(role);
        // A `fail` rarely has a code of AquaVM's.
        if role == Role::Failure {
            self.error_codes();
        }
        if role == Role::Peer {
            self.rank_peers(&known);
        }
        replace
    }
}

#[cfg(test)]
mod tests {
    use super::testing::surroundings;
    use super::*;

    const SCRIPT: &str = "; air: given x\n(xor\n (new $s (seq (call \"p\" (\"s\" \"f\") [x.$.a [] 1 true \"t\"] $s) ; ok = {\"a\": 1}\n  (seq (canon %init_peer_id% $s #s) (seq (ap (\"k\" #s.$.[0]) %m)\n   (fold #s i (par (match i -1.5 (null)) (next i)) (never))))))\n (fail :error:))";

    /// Whatever is written so far: what is offered fits the place, and replaces text of the cursor's line only.
    #[test]
    fn at_every_place_only_what_fits() {
        use ItemKind::*;
        // As it is typed, and in the midst of the finished script, with and without its quotes and brackets.
        let whole = |end: usize| (SCRIPT.to_owned(), end);
        let typed = |end: usize| (SCRIPT[..end].to_owned(), end);
        let without = |char: char| move |end: usize| (SCRIPT.replace(char, " "), end);
        let texts = (0..=SCRIPT.len()).flat_map(|end| {
            [whole(end), typed(end), without('"')(end), without(')')(end), without(']')(end)]
        });
        for (text, end) in texts {
            let offset = TextSize::new(end as u32);
            let analysis = Analysis::new(&*text);
            let here = cursor_context(&text, offset);
            let found = complete(&analysis, offset, &surroundings());
            let shown = || format!("{}|{}: {here:?}", &text[..end], &text[end..]);
            assert!(found.replace.start() <= offset && offset <= found.replace.end(), "{}", shown());
            assert!(!text_of(&analysis, found.replace).contains('\n'), "{}", shown());
            let quoted = text_of(&analysis, here.word).starts_with('"') && here.place != CursorPlace::Comment;
            for item in found.items {
                let fits = match here.place {
                    _ if quoted => matches!(item.kind, Peer | Service | Function),
                    CursorPlace::Comment => matches!(item.kind, Comment | Code | Variable),
                    CursorPlace::Top | CursorPlace::Keyword => item.kind == Instruction,
                    CursorPlace::Operand { role: None, .. } => matches!(item.kind, Instruction | Value),
                    CursorPlace::Operand { role: Some(Role::Iterator | Role::Declared), .. } => {
                        matches!(item.kind, Iterator | Variable)
                    }
                    CursorPlace::Operand { role: Some(Role::Output | Role::Target), .. } => {
                        item.kind == Variable
                    }
                    CursorPlace::Operand { .. } | CursorPlace::Argument(_) => {
                        !matches!(item.kind, Instruction | Comment)
                    }
                };
                assert!(fits, "{item:?} at {}", shown());
                // Cursor stops of snippets are numbered from 1, and there is one at the end.
                let stops = item.insert.matches('$').count() - item.insert.matches("\\$").count();
                assert!(!item.snippet || stops > 0 || item.kind == Comment, "{item:?}");
            }
        }
    }
}
