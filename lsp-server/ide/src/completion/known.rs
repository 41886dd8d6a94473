//! What is known of each variable that is visible at the cursor: whether it can be read there, and whether it is still
//! to be set.

use std::collections::{HashMap, HashSet};

use air_semantics::hir::{InstrKind, OperandKind, Role};
use air_semantics::resolve::{Access, BindingId, BindingKind, Occurrence};
use air_syntax::{OperandPosition, SyntaxKind, TextRange, TextSize};

use super::list::{List, text_of};
use crate::cursor_context::CursorPlace;
use crate::names::visibility::{folds_around, reaches};

/// A variable, as it is without the word at the cursor.
pub(super) struct Known<'a> {
    pub(super) name: &'a str,
    pub(super) id: BindingId,
    pub(super) iterator: bool,
    /// Whether a `new` around the cursor declares it.
    pub(super) declared: bool,
    /// Whether the host gives it.
    pub(super) given: bool,
    /// Where the leftmost instruction begins that sets it.
    pub(super) set_from: Option<TextSize>,
    /// Where the first instruction after the cursor begins that reads it.
    pub(super) read_from: Option<TextSize>,
    /// How many places read it, `next` aside.
    pub(super) reads: usize,
    /// How many places are a `next` of it.
    pub(super) nexts: usize,
    /// How far its nearest place is; greater for what does not set it before the cursor.
    pub(super) distance: (bool, TextSize),
    /// Whether what is set before the cursor is seen there: not what only another fold sets.
    seen: bool,
    /// Whether it stands in the instruction at the cursor.
    pub(super) beside: bool,
}

/// Whether a variable can be read at the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Readable {
    Now,
    /// It is declared before the cursor and set after it.
    Later,
    /// Nothing sets it: the host may give it.
    Perhaps,
    Never,
}

impl Known<'_> {
    /// AquaVM knows a name right of the instruction that sets it, and a value is seen in its fold.
    pub(super) fn readable(&self, at: TextSize) -> Readable {
        let before = self.set_from.is_some_and(|from| from < at);
        let several = self.name.starts_with(['$', '%']);
        match () {
            () if self.given || self.iterator || (before && self.seen) => Readable::Now,
            () if self.declared && several => Readable::Now,
            () if self.declared => Readable::Later,
            () if self.set_from.is_none() && !self.beside => Readable::Perhaps,
            () => Readable::Never,
        }
    }

    /// Whether it is read further on, and nothing sets it before that.
    pub(super) fn wanted(&self) -> bool {
        let read = self.read_from.is_some_and(|read| self.set_from.is_none_or(|from| from >= read));
        read && !self.given && !self.iterator
    }

    /// The kind of its word, with a lens after it or without.
    pub(super) fn word(&self, lens: bool) -> SyntaxKind {
        word(self.name, lens)
    }
}

/// The kind of a name's word.
pub(super) fn word(name: &str, lens: bool) -> SyntaxKind {
    match (name.as_bytes(), lens) {
        ([b'$', ..], false) => SyntaxKind::STREAM,
        ([b'$', ..], true) => SyntaxKind::STREAM_LENS,
        ([_, b'%', ..], false) => SyntaxKind::CANON_MAP,
        ([_, b'%', ..], true) => SyntaxKind::CANON_MAP_LENS,
        ([b'%', ..], false) => SyntaxKind::STREAM_MAP,
        ([b'%', ..], true) => SyntaxKind::STREAM_MAP_LENS,
        ([b'#', ..], false) => SyntaxKind::CANON,
        ([b'#', ..], true) => SyntaxKind::CANON_LENS,
        (_, false) => SyntaxKind::SCALAR,
        (_, true) => SyntaxKind::SCALAR_LENS,
    }
}

impl<'a> List<'a> {
    /// Where the instruction at the cursor begins.
    pub(super) fn start(&self) -> TextSize {
        let start = match self.here.place {
            // Its bracket is the innermost.
            CursorPlace::Keyword => self.here.open.last().copied(),
            _ => self.here.around.map(|(_, start)| start),
        };
        start.unwrap_or(self.offset)
    }

    /// For each visible name the innermost variable.
    pub(super) fn known(&self) -> Vec<Known<'a>> {
        let (hir, resolution) = (self.analysis.hir(), self.analysis.resolution());
        let mut innermost: Vec<Option<(BindingId, TextSize)>> = vec![None; hir.name_ranges.len()];
        for (id, binding) in (0..).map(BindingId).zip(&resolution.bindings) {
            let visible = binding.kind == BindingKind::Script
                || (self.here.open.binary_search(&binding.scope.start()).is_ok()
                    && self.start() != binding.scope.start());
            if visible
                && let Some(found) = innermost.get_mut(binding.name.0 as usize)
                && found.is_none_or(|(_, length)| binding.scope.len() < length)
            {
                *found = Some((id, binding.scope.len()));
            }
        }
        let around = folds_around(hir);
        let inside = |form: TextRange| self.here.open.binary_search(&form.start()).is_ok();
        let given = self.analysis.given();
        let start = self.start();
        let mut known = Vec::new();
        for (id, _) in innermost.into_iter().flatten() {
            let Some(binding) = resolution.binding(id) else { continue };
            let name = hir.name(binding.name);
            let script = binding.kind == BindingKind::Script;
            let mut found = Known {
                name,
                id,
                iterator: matches!(binding.kind, BindingKind::Iterator(_)),
                declared: matches!(binding.kind, BindingKind::New(_)),
                given: script && given.contains(name),
                set_from: None,
                read_from: None,
                reads: 0,
                nexts: 0,
                distance: (true, TextSize::of(&*self.analysis.text)),
                seen: false,
                beside: false,
            };
            let mut places = 0_usize;
            for place in resolution.occurrences_of(id).filter(|place| !self.at_cursor(place)) {
                places += 1;
                self.look(place, start, &mut found);
                let visible = place.access == Access::Write
                    && place.range.start() < self.offset
                    && (found.seen || reaches(hir, &around, place, inside));
                found.seen |= visible;
            }
            if places > 0 || found.given {
                known.push(found);
            }
        }
        let used: HashSet<&str> = known.iter().map(|it| it.name).collect();
        let unused: Vec<&str> =
            given.iter().map(|name| &**name).filter(|name| !used.contains(name)).collect();
        known.extend(unused.into_iter().map(|name| Known {
            name,
            id: BindingId(u32::MAX),
            iterator: false,
            declared: false,
            given: true,
            set_from: None,
            read_from: None,
            reads: 0,
            nexts: 0,
            distance: (true, TextSize::of(&*self.analysis.text)),
            seen: false,
            beside: false,
        }));
        known
    }

    /// Adds a place to what is known of its variable.
    fn look(&self, place: &Occurrence, start: TextSize, found: &mut Known<'_>) {
        let hir = self.analysis.hir();
        let from = hir.instr(place.instr).map_or(start, |instr| instr.range.start());
        let before = place.range.start() < self.offset;
        let (near, far) = (place.range.start().min(self.offset), place.range.start().max(self.offset));
        let distance = (!(before && place.access != Access::Read), far - near);
        found.distance = found.distance.min(distance);
        let own = from == start;
        found.beside |= own;
        let next = hir
            .operands
            .get(place.operand.0 as usize)
            .is_some_and(|operand| operand.role == Role::Iterator && operand.range == place.range);
        match place.access {
            Access::Write if !own => {
                found.set_from = Some(found.set_from.map_or(from, |known| known.min(from)));
            }
            Access::Read => {
                found.nexts += usize::from(next && !own);
                found.reads += usize::from(!next);
                if from > start {
                    found.read_from = Some(found.read_from.map_or(from, |known| known.min(from)));
                }
            }
            _ => {}
        }
    }

    /// The name that is being typed says nothing.
    fn at_cursor(&self, place: &Occurrence) -> bool {
        self.here.word.contains_range(place.range) && place.range.contains_inclusive(self.offset)
    }

    /// What may stand at the cursor in that role.
    pub(super) fn position(&self, role: Role) -> OperandPosition {
        let first = |at: usize| self.here.before.get(at).map(|range| text_of(self.analysis, *range));
        match (role, self.kind()) {
            (Role::Peer, _) => OperandPosition::Peer,
            (Role::Service, _) => OperandPosition::Service,
            (Role::Function, _) => OperandPosition::Function,
            (Role::Argument, _) => OperandPosition::Argument,
            (Role::Output, _) => OperandPosition::Output,
            (Role::Source, Some(InstrKind::Canon)) => OperandPosition::CanonSource,
            (Role::Source, _) => OperandPosition::ApSource,
            (Role::Target, Some(InstrKind::Canon)) => {
                match first(1).is_some_and(|source| source.starts_with('%')) {
                    true => OperandPosition::CanonMapTarget,
                    false => OperandPosition::CanonTarget,
                }
            }
            (Role::Target, _) => match first(0).is_some_and(|source| source.starts_with('(')) {
                true => OperandPosition::MapTarget,
                false => OperandPosition::ApTarget,
            },
            (Role::Key, _) => OperandPosition::Key,
            (Role::Value, _) => OperandPosition::Value,
            (Role::Left, _) => OperandPosition::Left,
            (Role::Right, _) => OperandPosition::Right,
            (Role::Iterable, _) => OperandPosition::Iterable,
            (Role::Iterator, Some(InstrKind::Next)) => OperandPosition::NextIterator,
            (Role::Iterator, _) => OperandPosition::Iterator,
            (Role::Declared, _) => OperandPosition::NewName,
            (Role::Failure | Role::FailCode, _) => OperandPosition::Failure,
            (Role::FailText, _) => OperandPosition::FailText,
        }
    }

    /// The text of operands in a role and how often each stands there, without the one at the cursor.
    pub(super) fn used_as(&self, role: Role) -> HashMap<&'a str, usize> {
        let hir = self.analysis.hir();
        let mut counts = HashMap::new();
        for operand in &hir.operands {
            let word = operand.range;
            if operand.role == role && word != self.here.word && operand.kind != OperandKind::EmptyArray {
                *counts.entry(hir.text_at(word)).or_default() += 1;
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use crate::completion::ItemKind;
    use crate::completion::testing::offered;

    /// The variables that are offered.
    fn variables(marked: &str) -> String {
        let items = offered(marked).1.into_iter();
        let those = items.filter(|item| matches!(item.kind, ItemKind::Variable | ItemKind::Iterator));
        those.map(|item| item.label).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_can_be_read() {
        // The output of the very call, what is set further on, or in another fold only.
        assert_eq!(variables("(call \"p\" (\"op\" \"identity\") [$0 %init_peer_id%] ret)"), "");
        assert_eq!(variables("(seq (ap $0 $x) (canon %init_peer_id% $x #x))"), "");
        assert_eq!(variables("(seq (fold $0 y (null)) (ap 1 $s))"), "");
        assert_eq!(variables("(seq (fold [] i (ap i x)) (ap $0 y))"), "");
        assert_eq!(
            variables("(seq (call \"p\" (\"s\" \"f\") [] x) (call \"p\" (\"s\" \"f\") [x.$.[$0]] n))"),
            "x"
        );
        assert_eq!(variables("(seq (ap 1 x) (ap $0 y))"), "x");
        // What is declared can be read once something sets it; a stream at once.
        assert_eq!(variables("(new x (new $s (par (call $0) (ap 1 x))))"), "x");
        assert_eq!(variables("(new x (new $s (fold $0))"), "$s x");
        assert_eq!(variables("; air: given g\n(seq (ap 1 x) (call $0))"), "x g");
        // Perhaps the host gives it.
        assert_eq!(variables("(seq (call relay (\"s\" \"f\") []) (call $0))"), "relay");
    }

    #[test]
    fn what_was_not_read_yet_first() {
        assert_eq!(variables("(seq (ap 1 x) (seq (ap 2 y) (seq (ap y z) (ap $0 v))))"), "z x y");
        assert_eq!(
            variables("(seq (ap 1 x) (seq (ap x.$.id y) (seq (ap 2 z) (seq (ap z.$.n v) (ap $0.$.id w)))))"),
            "x v y z"
        );
    }

    #[test]
    fn what_is_continued() {
        assert_eq!(variables("(fold [] i (fold [] j (next $0)))"), "j i");
        assert_eq!(variables("(fold [] i (fold [] j (seq (next $0) (next j))))"), "i");
    }
}
