//! `%init_peer_id%`, `:error:` and the like, and where they are most likely.

use std::collections::HashSet;

use air_semantics::hir::{InstrKind, OperandKind, Role};
use air_syntax::{OperandPosition, SyntaxKind};

use super::known::Known;
use super::list::{ItemKind, List, text_of};
use crate::cursor_context::CursorPlace;
use crate::names::instr_at;
use crate::special_values::{SPECIAL_VALUES, SpecialValue};

impl List<'_> {
    /// Special values where they may stand; the failure first where one is handled.
    pub(super) fn specials(&mut self, role: Role) {
        let (position, lens) = (self.position(role), self.lens_follows());
        // Only the whole of an error object can be raised again.
        let fits = |kind: SyntaxKind| match (kind, lens) {
            (SyntaxKind::ERROR_VAR, true) => position.takes(SyntaxKind::ERROR_VAR_LENS),
            (SyntaxKind::LAST_ERROR, true) => position.takes(SyntaxKind::LAST_ERROR_LENS),
            (_, true) => false,
            (kind, false) => position.takes(kind),
        };
        let mut fitting: Vec<&SpecialValue> =
            SPECIAL_VALUES.iter().filter(|special| fits(special.kind)).collect();
        let error = self.word_of_error();
        fitting.sort_by_key(|special| match special.kind {
            SyntaxKind::INIT_PEER_ID => 0,
            kind if kind == error => 1,
            SyntaxKind::ERROR_VAR | SyntaxKind::LAST_ERROR => 2,
            _ => 3,
        });
        let before = self.items.len();
        for special in &fitting {
            self.add(ItemKind::Special, special.text, "", format!("special {}", special.text));
        }
        if let Some(at) = fitting.iter().position(|special| special.kind == error)
            && self.handles_error(position)
            && let Some(upto) = self.items.get_mut(..=before + at)
        {
            upto.rotate_right(1);
        }
    }

    /// The error object that the script uses: older ones have `%last_error%` only.
    fn word_of_error(&self) -> SyntaxKind {
        let (mut new, mut old) = (0_usize, 0_usize);
        for operand in &self.analysis.hir().operands {
            match operand.kind {
                _ if operand.range.contains_inclusive(self.offset) => {}
                OperandKind::Error => new += 1,
                OperandKind::LastError => old += 1,
                _ => {}
            }
        }
        if old > new { SyntaxKind::LAST_ERROR } else { SyntaxKind::ERROR_VAR }
    }

    /// Whether an error object is what is most likely meant.
    fn handles_error(&self, position: OperandPosition) -> bool {
        // Values of services rarely have these.
        let rest = self.analysis.text.get(usize::from(self.base_of_word().end())..).unwrap_or_default();
        if rest.starts_with(".$.error_code") || (rest.starts_with(".$.message") && self.in_handler()) {
            return true;
        }
        let called = self.here.called.get(1).map_or("", |range| text_of(self.analysis, *range));
        match self.here.place {
            CursorPlace::Argument(0) => called == "\"error\"" || (self.in_handler() && self.is_first_read()),
            CursorPlace::Argument(_) => false,
            _ if position == OperandPosition::Failure => self.in_handler(),
            _ => position == OperandPosition::ApSource && self.in_handler() && self.is_first_read(),
        }
    }

    /// Whether the innermost `xor` has the cursor in its second branch.
    fn in_handler(&self) -> bool {
        let hir = self.analysis.hir();
        let around = self.here.open.iter().rev().filter_map(|open| hir.instr(instr_at(hir, *open)?));
        let Some(xor) = around.into_iter().find(|instr| instr.kind == InstrKind::Xor) else { return false };
        let second = hir.children_of(xor).get(1).and_then(|id| hir.instr(*id));
        second.is_some_and(|second| second.range.contains_inclusive(self.offset))
    }

    /// Whether the instruction at the cursor is the handler's only one, or its first.
    fn is_first_read(&self) -> bool {
        let hir = self.analysis.hir();
        let own = instr_at(hir, self.start()).and_then(|id| hir.instr(id));
        let parent = own.and_then(|own| hir.instr(own.parent?));
        parent.is_some_and(|parent| parent.kind == InstrKind::Xor)
    }

    /// Orders what can be a peer: who started the script, who is called before and after, what nobody has used yet.
    pub(super) fn rank_peers(&mut self, known: &[Known<'_>]) {
        let hir = self.analysis.hir();
        let peers = hir.operands.iter().filter(|it| it.role == Role::Peer && it.range != self.here.word);
        let base = |range| hir.text_at(range).split('.').next().unwrap_or_default();
        let (mut before, mut after) = (None, None);
        for peer in peers {
            match peer.range.start() < self.offset {
                true => before = Some(peer.range),
                false => after = after.or(Some(peer.range)),
            }
        }
        let (before, after) = (before.map_or("", base), after.map_or("", base));
        let used = self.used_as(Role::Peer);
        let count = |label: &str| used.get(label).copied().unwrap_or_default();
        let unread: HashSet<&str> = known.iter().filter(|it| it.reads == 0).map(|it| it.name).collect();
        self.items.sort_by_cached_key(|item| {
            let label = item.label.as_str();
            let rank = match () {
                () if label == "%init_peer_id%" && (count(label) > 0 || used.is_empty()) => 0,
                () if label == before => 1,
                () if label == after => 2,
                () if unread.contains(label) => 3,
                () if count(label) > 0 => 4,
                () => 5,
            };
            (rank, std::cmp::Reverse(if rank == 4 { count(label) } else { 0 }))
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::completion::testing::first;

    #[test]
    fn failures_where_they_are_handled() {
        assert_eq!(first("(xor (null) (fail $0))"), ":error: %last_error% 10001");
        assert!(first("(seq (ap 1 x) (ap $0.$.error_code y))").starts_with(":error:"));
        assert!(
            first("(xor (null) (call %init_peer_id% (\"errorHandlingSrv\" \"error\") [$0]))")
                .starts_with(":error:")
        );
        assert!(first("(xor (call \"p\" (\"s\" \"f\") [$0]) (null))").starts_with("%init_peer_id%"));
        let old = "(xor (xor (null) (call \"p\" (\"s\" \"f\") [%last_error%])) (call \"p\" (\"e\" \"error\") [$0]))";
        assert!(first(old).starts_with("%last_error%"), "{}", first(old));
    }

    #[test]
    fn nothing_that_its_lens_does_not_fit() {
        assert_eq!(first("(xor (null) (call \"p\" (\"s\" \"f\") [$0.$.message]))"), ":error: %last_error%");
    }

    #[test]
    fn peers() {
        let call = |peer: &str| format!("(call {peer} (\"s\" \"f\") [])");
        let of = |peers: [&str; 3]| {
            format!("(seq {} (seq {} {}))", call(peers[0]), call(peers[1]), call(peers[2]))
        };
        assert_eq!(first(&of(["\"a\"", "$0", "%init_peer_id%"])), "%init_peer_id% \"a\" \"@relay\"");
        assert_eq!(first(&of(["\"a\"", "\"b\"", "$0"])), "\"b\" \"a\" \"@relay\"");
        assert_eq!(first("(call $0"), "%init_peer_id% \"@relay\"");
    }
}
