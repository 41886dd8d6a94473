//! Variables that can stand at a place, the nearest first.

use std::collections::{HashMap, HashSet};

use air_syntax::{TextRange, TextSize};

use super::{ItemKind, List, text_of};
use crate::Analysis;
use crate::directives::DirectiveKind;
use crate::hir::{InstrKind, Role};
use crate::names::visibility::{folds_around, reaches};
use crate::resolve::{Access, BindingId, BindingKind, Occurrence};

impl List<'_> {
    /// Variables that are visible here and fit, the nearest first.
    pub(super) fn variables(&mut self, role: Role) {
        let (hir, resolution) = (self.analysis.hir(), self.analysis.resolution());
        // For each name the innermost variable, and how far its nearest place is.
        let mut visible: HashMap<&str, (BindingId, TextSize)> = HashMap::new();
        for (id, binding) in resolution.bindings.iter().enumerate() {
            let whole = binding.kind == BindingKind::Script;
            if whole || self.here.open.binary_search(&binding.scope.start()).is_ok() {
                let found = visible
                    .entry(hir.name(binding.name))
                    .or_insert((BindingId(id as u32), binding.scope.len()));
                if binding.scope.len() < found.1 {
                    *found = (BindingId(id as u32), binding.scope.len());
                }
            }
        }
        let around = folds_around(hir);
        let inside = |form: TextRange| self.here.open.binary_search(&form.start()).is_ok();
        let given = given(self.analysis);
        let mut fitting = Vec::new();
        for (name, (id, _)) in visible {
            let Some(binding) = resolution.binding(id) else { continue };
            let iterator = matches!(binding.kind, BindingKind::Iterator(_));
            let places = resolution.occurrences_of(id).filter(|place| place.range != self.base_of_word());
            let distance = places
                .map(|place| {
                    let before = place.range.start() < self.offset;
                    let (near, far) =
                        (place.range.start().min(self.offset), place.range.start().max(self.offset));
                    // What stands behind the cursor is less likely to be meant.
                    let written = place.access != Access::Read;
                    (!(before && written), far - near)
                })
                .min();
            let Some(distance) = distance else { continue };
            let writes = || resolution.occurrences_of(id).filter(|place| place.access == Access::Write);
            let unseen = |place: &Occurrence| !reaches(hir, &around, place, inside);
            if !given.contains(name) && writes().next().is_some() && writes().all(unseen) {
                continue;
            }
            if fits(role, self.kind(), name, iterator) {
                fitting.push((!iterator, distance, name, id, iterator));
            }
        }
        fitting.sort_unstable_by_key(|(plain, distance, name, ..)| {
            (*distance.max(&(false, TextSize::new(0))), *plain, *name)
        });
        for (_, _, name, id, iterator) in fitting {
            let kind = if iterator { ItemKind::Iterator } else { ItemKind::Variable };
            let mut detail = kind_word(name, iterator).to_owned();
            let script = resolution.binding(id).is_some_and(|it| it.kind == BindingKind::Script);
            if script && given.contains(name) {
                detail.push_str(", from the host");
            }
            self.add(kind, name, &detail, format!("variable {} {name}", id.0));
        }
    }

    /// The name that is being typed is no suggestion for itself.
    fn base_of_word(&self) -> TextRange {
        let word = text_of(self.analysis, self.here.word);
        let base = word.split('.').next().unwrap_or_default();
        TextRange::at(self.here.word.start(), TextSize::of(base))
    }

    /// A new name for the canon of what stands before.
    pub(super) fn canon_of_source(&mut self, role: Role) {
        let (Some(InstrKind::Canon), Role::Target, Some(source)) =
            (self.kind(), role, self.here.before.get(1))
        else {
            return;
        };
        let source = text_of(self.analysis, *source);
        let name = match source.strip_prefix('$') {
            Some(bare) => format!("#{bare}"),
            None => format!("#{source}"),
        };
        if kind_word(&name, false).starts_with("canon") && !self.items.iter().any(|item| item.label == name) {
            self.add(ItemKind::Variable, &name, "new", String::new());
        }
    }
}

/// Whether a variable can stand there, by its tag: `spec/language.md` §2.
fn fits(role: Role, around: Option<InstrKind>, name: &str, iterator: bool) -> bool {
    let kind = kind_of(name);
    let stream = matches!(kind, OperandWord::Stream);
    let map = matches!(kind, OperandWord::StreamMap);
    let scalar = matches!(kind, OperandWord::Scalar);
    match (role, around) {
        (Role::Source, Some(InstrKind::Canon)) => stream || map,
        (Role::Target, Some(InstrKind::Canon)) => matches!(kind, OperandWord::Canon | OperandWord::CanonMap),
        (Role::Iterator, Some(InstrKind::Next)) => iterator,
        (Role::Iterator, Some(InstrKind::Fold)) => false,
        (Role::Iterator, _) => scalar,
        // A second write of a scalar fails at run time.
        (Role::Output, _) => stream,
        (Role::Target, _) => stream || map,
        (Role::Declared, _) => !iterator,
        (Role::Iterable, _) => true,
        (Role::FailCode | Role::FailText, _) => false,
        _ => !(stream || map),
    }
}

#[derive(Clone, Copy)]
enum OperandWord {
    Scalar,
    Stream,
    StreamMap,
    Canon,
    CanonMap,
}

fn kind_of(name: &str) -> OperandWord {
    match name.as_bytes() {
        [b'$', ..] => OperandWord::Stream,
        [_, b'%', ..] => OperandWord::CanonMap,
        [b'%', ..] => OperandWord::StreamMap,
        [b'#', ..] => OperandWord::Canon,
        _ => OperandWord::Scalar,
    }
}

fn kind_word(name: &str, iterator: bool) -> &'static str {
    match kind_of(name) {
        _ if iterator => "iterator",
        OperandWord::Scalar => "scalar",
        OperandWord::Stream => "stream",
        OperandWord::StreamMap => "stream map",
        OperandWord::Canon => "canon",
        OperandWord::CanonMap => "canon map",
    }
}

/// Names that `; air: given` supplies.
fn given(analysis: &Analysis) -> HashSet<&str> {
    let lists = analysis.directives().iter().filter_map(|directive| match &directive.kind {
        DirectiveKind::Given(names) => Some(names),
        _ => None,
    });
    lists.flatten().map(|range| text_of(analysis, *range)).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check;

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
                Variable near -> "near" scalar
                Variable far -> "far" scalar
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
                Variable near -> "near" scalar
                Variable far -> "far" scalar
                Special %init_peer_id% -> "%init_peer_id%" 
            "#]],
        );
        check(
            &at("(call near (\"s\" \"f\") [] $0"),
            expect![[r#"
            instead of ""
            Variable $s -> "$s" stream
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
                Variable z -> "z" scalar
                Iterator it -> "it" iterator
                Variable near -> "near" scalar
                Variable far -> "far" scalar
            "#]],
        );
    }
}
