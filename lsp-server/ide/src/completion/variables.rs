//! Variables that can stand at a place: what can be read there, the most likely first, or what is still to be set.

use std::cmp::Reverse;
use std::collections::HashSet;

use air_semantics::hir::{InstrKind, Role};
use air_semantics::resolve::Access;
use air_semantics::shapes::shapes;
use air_syntax::{SyntaxKind, TextRange, TextSize};

use super::known::{Known, Readable, word};
use super::list::{ItemKind, List, text_of};
use crate::cursor_context::SlotKind;
use crate::names::instr_at;

/// The nearest ones are ranked by what they are used as, at most this many.
const MAX_RANKED_BY_SHAPE: usize = 100;

/// Canons that are offered with a lens where they need one.
const MAX_ELEMENTS: usize = 3;

/// So many `xor`s around the cursor are searched for what their other branches set.
const MAX_ALTERNATIVES: usize = 4;

impl List<'_> {
    /// Variables that fit, the most likely first, and new names where one may be written.
    pub(super) fn variables(&mut self, role: Role, known: &[Known<'_>]) {
        match (role, self.kind()) {
            (Role::Output | Role::Target, _) => self.set_targets(role, known),
            (Role::Declared, _) => self.declared_names(known),
            (Role::Iterator, Some(InstrKind::Fold)) => {
                for name in self.names_for_iterator(known) {
                    self.add(ItemKind::Iterator, &name, "new", String::new());
                }
            }
            (Role::Iterator, _) => {
                for it in self.without_next(known) {
                    self.add_variable(it);
                }
            }
            _ => {
                let (position, lens) = (self.position(role), self.lens_follows());
                for it in self.to_read(role, known, |it| position.takes(it.word(lens))) {
                    self.add_variable(it);
                }
                if !lens && !position.takes(SyntaxKind::CANON) && position.takes(SyntaxKind::CANON_LENS) {
                    self.elements(role, known);
                }
            }
        }
    }

    /// Scalars for an index.
    pub(super) fn indices(&mut self, known: &[Known<'_>]) {
        for it in self.to_read(Role::Key, known, |it| it.word(false) == SyntaxKind::SCALAR) {
            self.add_variable(it);
        }
    }

    /// Elements of canons, where the whole cannot stand.
    fn elements(&mut self, role: Role, known: &[Known<'_>]) {
        let canons = self.to_read(role, known, |it| it.word(false) == SyntaxKind::CANON && it.name.len() > 2);
        for it in canons.into_iter().take(MAX_ELEMENTS) {
            let label = format!("{}.$.[0]", it.name);
            self.add(
                ItemKind::Variable,
                &label,
                "first element",
                format!("variable {} {}", it.id.0, it.name),
            );
        }
    }

    /// Those that can be read here.
    pub(super) fn to_read<'k, 't>(
        &self,
        role: Role,
        known: &'k [Known<'t>],
        takes: impl Fn(&Known<'_>) -> bool,
    ) -> Vec<&'k Known<'t>> {
        let start = self.start();
        let mut fitting: Vec<_> = known
            .iter()
            .map(|it| ((it.readable(start), it.reads > 0, it.distance, !it.iterator), it))
            .filter(|((readable, ..), it)| *readable != Readable::Never && takes(it))
            .collect();
        fitting.sort_by_key(|(rank, it)| (*rank, it.name));
        let field = self.field_after();
        let wants_shape =
            matches!(role, Role::Peer | Role::Iterable | Role::Service | Role::Function | Role::Key);
        let lens = self.lens_follows();
        // Items further away are not ranked: that takes time, and they are far down the list.
        let near = fitting.len().min(MAX_RANKED_BY_SHAPE);
        if (wants_shape || field.is_some())
            && let Some(near) = fitting.get_mut(..near).filter(|near| near.len() > 1)
        {
            let shapes = shapes(self.analysis.hir(), self.analysis.resolution());
            near.sort_by_cached_key(|((readable, read, ..), it)| {
                let shape = shapes.of_variable(it.id);
                let node = shape.root();
                let many = word(it.name, false) != SyntaxKind::SCALAR;
                let suits = match (role, field) {
                    (_, Some(field)) => node.fields.iter().any(|(name, _)| **name == *field),
                    (Role::Peer, _) => node.peer,
                    (Role::Iterable, _) => node.is_array() || many,
                    (Role::Key, _) => node.index || node.integer || node.text,
                    _ => node.text,
                };
                // Here a canon needs a lens.
                let lens = wants_shape && many && role != Role::Iterable && !lens;
                // What nothing reads yet shows no shape.
                let class = match (field.is_some(), suits, *read) {
                    (true, true, _) => 0,
                    (_, _, false) => 1,
                    (_, true, true) => 2,
                    (_, false, true) => 3,
                };
                (*readable, lens, class)
            });
        }
        fitting.into_iter().map(|(_, it)| it).collect()
    }

    /// What a call, an `ap` or a `canon` can write.
    fn set_targets(&mut self, role: Role, known: &[Known<'_>]) {
        let position = self.position(role);
        let start = self.start();
        let elsewhere = self.set_in_other_branches();
        let mut fitting: Vec<_> = known
            .iter()
            .filter(|it| !it.iterator && position.takes(it.word(false)))
            .filter_map(|it| {
                let several = it.name.starts_with(['$', '%']);
                let rank = match () {
                    () if it.wanted() => 0,
                    () if it.declared && it.set_from.is_none() => 1,
                    () if several => 2,
                    // A second write of a scalar fails at run time, but for one that did not happen.
                    () if elsewhere.contains(it.name) && it.set_from != Some(start) => 3,
                    () => return None,
                };
                Some(((rank, it.read_from.is_none(), it.read_from.filter(|_| rank == 0), it.distance), it))
            })
            .collect();
        fitting.sort_by_key(|(rank, it)| (*rank, it.name));
        let new = self.names_to_set(role);
        let (first, others) = fitting.split_at(fitting.partition_point(|((rank, ..), _)| *rank < 3));
        let mut first: Vec<&Known<'_>> = first.iter().map(|(_, it)| *it).collect();
        // What is still to be set, and is called as it would be.
        first.sort_by_key(|it| !(it.wanted() && new.iter().any(|name| name == it.name)));
        for it in first {
            self.add_variable(it);
        }
        for name in new {
            if !known.iter().any(|it| it.name == name) {
                self.add(ItemKind::Variable, &name, "new", format!("new {name}"));
            }
        }
        for (_, it) in others {
            self.add_variable(it);
        }
    }

    /// Names that branches set which run only if this one does not, or the other way round.
    fn set_in_other_branches(&self) -> HashSet<&str> {
        let (hir, resolution) = (self.analysis.hir(), self.analysis.resolution());
        let around = self.here.open.iter().rev().filter_map(|open| hir.instr(instr_at(hir, *open)?));
        let mut found = HashSet::new();
        for xor in around.filter(|instr| instr.kind == InstrKind::Xor).take(MAX_ALTERNATIVES) {
            let branches = hir.children_of(xor).iter().filter_map(|id| hir.instr(*id));
            for branch in branches.filter(|branch| !branch.range.contains_inclusive(self.offset)) {
                let places = resolution.within(branch.range).iter();
                let places = places.filter(|place| place.access == Access::Write);
                found.extend(places.map(|place| hir.text_at(place.range)));
            }
        }
        found
    }

    /// What `new` can declare: first what only its body has.
    fn declared_names(&mut self, known: &[Known<'_>]) {
        let body = self.body();
        let resolution = self.analysis.resolution();
        let mut fitting: Vec<_> = known
            .iter()
            .filter(|it| !it.iterator)
            .map(|it| {
                let mut places = resolution.occurrences_of(it.id);
                let inside = places.all(|place| body.is_some_and(|body| body.contains_range(place.range)));
                let scalar = it.word(false) == SyntaxKind::SCALAR;
                ((!inside, !it.wanted(), scalar, it.declared, it.distance), it)
            })
            .collect();
        fitting.sort_by_key(|(rank, it)| (*rank, it.name));
        for (_, it) in fitting {
            self.add_variable(it);
        }
    }

    /// The instructions after the cursor in its brackets.
    pub(super) fn body(&self) -> Option<TextRange> {
        let mut instrs = self.here.after.iter().filter(|slot| matches!(slot.kind, SlotKind::Instruction(_)));
        let first = instrs.next()?.range;
        Some(instrs.fold(first, |body, slot| body.cover(slot.range)))
    }

    /// Iterators of the folds around that have no `next` yet, the innermost first.
    pub(super) fn without_next<'k, 't>(&self, known: &'k [Known<'t>]) -> Vec<&'k Known<'t>> {
        let resolution = self.analysis.resolution();
        let mut found: Vec<_> = known.iter().filter(|it| it.iterator && it.nexts == 0).collect();
        found.sort_by_key(|it| Reverse(resolution.binding(it.id).map(|binding| binding.scope.start())));
        found
    }

    fn add_variable(&mut self, it: &Known<'_>) {
        let kind = if it.iterator { ItemKind::Iterator } else { ItemKind::Variable };
        let mut detail = kind_word(it.name, it.iterator).to_owned();
        if it.given {
            detail.push_str(", from the host");
        }
        self.add(kind, it.name, &detail, format!("variable {} {}", it.id.0, it.name));
    }

    /// The name at the cursor, without its lens; a literal or a number whole.
    pub(super) fn base_of_word(&self) -> TextRange {
        let word = text_of(self.analysis, self.here.word);
        if word.starts_with(|c: char| c == '"' || c.is_ascii_digit()) || word.starts_with("-.") {
            return self.here.word;
        }
        let base = word.split('.').next().unwrap_or_default();
        match base.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
            true => self.here.word,
            false => TextRange::at(self.here.word.start(), TextSize::of(base)),
        }
    }

    /// The field that is taken of what stands at the cursor.
    fn field_after(&self) -> Option<&str> {
        let rest = self.analysis.text.get(usize::from(self.base_of_word().end())..)?.strip_prefix(".$.")?;
        let field = rest
            .split(|c: char| matches!(c, '.' | '!' | '(' | ')' | '[' | ']') || c.is_whitespace())
            .next()?;
        (!field.is_empty()).then_some(field)
    }

    /// Whether a lens stands after the name at the cursor.
    pub(super) fn lens_follows(&self) -> bool {
        let rest = self.analysis.text.get(usize::from(self.base_of_word().end())..);
        rest.is_some_and(|rest| rest.starts_with(".$") || rest.starts_with(".length"))
    }
}

fn kind_word(name: &str, iterator: bool) -> &'static str {
    match word(name, false) {
        _ if iterator => "iterator",
        SyntaxKind::STREAM => "stream",
        SyntaxKind::STREAM_MAP => "stream map",
        SyntaxKind::CANON => "canon",
        SyntaxKind::CANON_MAP => "canon map",
        _ => "scalar",
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::completion::testing::check;

    #[test]
    fn used_as_such_first() {
        let script = "(seq (call %init_peer_id% (\"s\" \"f\") [] who) (seq (call who (\"s\" \"f\") [] xs) (seq (fold xs x (next x)) (seq (ap 1 n)\n HERE";
        check(
            &script.replace("HERE", "(call $0"),
            expect![[r#"
                instead of ""
                Special %init_peer_id% -> "%init_peer_id%" 
                Variable who -> "who" scalar
                Variable n -> "n" scalar
                Peer "@relay" -> "\"@relay\"" named by script.sample.json
                Variable xs -> "xs" scalar
            "#]],
        );
        check(
            &script.replace("HERE", "(fold $0"),
            expect![[r#"
                instead of ""
                Variable n -> "n" scalar
                Variable xs -> "xs" scalar
                Variable who -> "who" scalar
                Value [] -> "[]" 
            "#]],
        );
    }

    #[test]
    fn what_new_declares_can_be_set() {
        check(
            "(new x (call \"p\" (\"s\" \"f\") [] $0",
            expect![[r#"
                instead of ""
                Variable x -> "x" scalar
                Variable f -> "f" new
            "#]],
        );
        check(
            "(new x (seq (ap 1 x) (ap 2 $0",
            expect![[r#"
            instead of ""
        "#]],
        );
    }

    #[test]
    fn variables_that_fit() {
        let script = "(seq (ap 1 far) (seq (ap 2 $s) (seq (call \"p\" (\"s\" \"f\") [] near)\n (fold near it (seq (new own (ap own z))\n HERE";
        let at = |place: &str| script.replace("HERE", place);
        check(
            &at("(ap $0"),
            expect![[r#"
                instead of ""
                Variable z -> "z" scalar
                Iterator it -> "it" iterator
                Variable far -> "far" scalar
                Variable near -> "near" scalar
                Special %init_peer_id% -> "%init_peer_id%" 
                Special :error: -> ":error:" 
                Special %last_error% -> "%last_error%" 
                Special %timestamp% -> "%timestamp%" 
                and 4 more
            "#]],
        );
        check(
            &at("(next $0"),
            expect![[r#"
                instead of ""
                Iterator it -> "it" iterator
            "#]],
        );
        check(
            &at("(canon \"q\" $0"),
            expect![[r#"
            instead of ""
            Variable $s -> "$s" stream
        "#]],
        );
        check(
            &at("(canon \"q\" $s $0"),
            expect![[r##"
            instead of ""
            Variable #s -> "#s" new
        "##]],
        );
        check(
            "(seq (fold [] i (seq (ap i gone) (next i))) (ap $0))",
            expect![[r#"
            instead of ""
            Special %init_peer_id% -> "%init_peer_id%" 
            Special :error: -> ":error:" 
            Special %last_error% -> "%last_error%" 
            Special %timestamp% -> "%timestamp%" 
            Special %ttl% -> "%ttl%" 
            Value true -> "true" 
            Value false -> "false" 
            Value [] -> "[]" 
        "#]],
        );
        check(
            &at("(call $0"),
            expect![[r#"
                instead of ""
                Peer "p" -> "\"p\"" 1×
                Variable z -> "z" scalar
                Iterator it -> "it" iterator
                Variable far -> "far" scalar
                Peer "@relay" -> "\"@relay\"" named by script.sample.json
                Variable near -> "near" scalar
                Special %init_peer_id% -> "%init_peer_id%" 
            "#]],
        );
        check(
            &at("(call near (\"s\" \"f\") [] $0"),
            expect![[r#"
                instead of ""
                Variable $s -> "$s" stream
                Variable f -> "f" new
            "#]],
        );
        check(
            &at("(ap 1 ne$0"),
            expect![[r#"
            instead of "ne"
            Variable $s -> "$s" stream
        "#]],
        );
        check(
            &at("(match near.$.[$0"),
            expect![[r#"
                instead of ""
                Value 0 -> "0" first element
                Variable z -> "z" scalar
                Iterator it -> "it" iterator
                Variable far -> "far" scalar
                Variable near -> "near" scalar
            "#]],
        );
    }
}
