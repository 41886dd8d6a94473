//! Variables that can stand at a place, the nearest first.

use std::collections::{HashMap, HashSet};

use air_analysis::Analysis;
use air_semantics::directives::DirectiveKind;
use air_semantics::hir::{InstrKind, Role};
use air_semantics::resolve::{Access, BindingId, BindingKind, Occurrence};
use air_semantics::shapes::shapes;
use air_syntax::{TextRange, TextSize};

use super::list::{ItemKind, List, text_of};
use crate::names::visibility::{folds_around, reaches};

/// The nearest ones are ranked by what they are used as, at most this many.
const MAX_RANKED_BY_SHAPE: usize = 100;

/// The distance (greater for what stands after the cursor), whether it is not an iterator, its name, the variable,
/// whether it is an iterator.
type Candidate<'a> = ((bool, TextSize), bool, &'a str, BindingId, bool);

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
                    // What stands after the cursor is less likely to be meant.
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
            let unset = matches!(binding.kind, BindingKind::New(_)) && binding.writes == 0;
            if fits(role, self.kind(), name, iterator) || (unset && fits_unset(role, self.kind(), name)) {
                fitting.push((distance, !iterator, name, id, iterator));
            }
        }
        fitting.sort_unstable();
        self.rank(role, &mut fitting);
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

    /// What is used elsewhere as what stands here goes first.
    fn rank(&self, role: Role, fitting: &mut [Candidate<'_>]) {
        if !matches!(role, Role::Peer | Role::Iterable | Role::Service | Role::Function | Role::Key) {
            return;
        }
        // Items further away are not ranked: that takes time, and they are far down the list.
        let near = fitting.len().min(MAX_RANKED_BY_SHAPE);
        let Some(near) = fitting.get_mut(..near) else { return };
        let shapes = shapes(self.analysis.hir(), self.analysis.resolution());
        near.sort_by_cached_key(|(_, _, name, id, _)| {
            let shape = shapes.of_variable(*id);
            let (node, kind) = (shape.root(), kind_of(name));
            let suits = match role {
                Role::Peer => node.peer,
                Role::Iterable => node.is_array() || !matches!(kind, OperandWord::Scalar),
                Role::Key => node.index || node.integer || node.text,
                _ => node.text,
            };
            // Here a canon needs a lens.
            let lens = !matches!(role, Role::Iterable) && !matches!(kind, OperandWord::Scalar);
            (lens, !suits)
        });
    }

    /// The name that is being typed, which is not a suggestion for itself.
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
        let source = text_of(self.analysis, *source).to_owned();
        let name = match source.strip_prefix('$') {
            Some(bare) => format!("#{bare}"),
            None => format!("#{source}"),
        };
        if kind_word(&name, false).starts_with("canon") && !self.items.iter().any(|item| item.label == name) {
            self.add(ItemKind::Variable, &name, "new", format!("new {source}"));
        }
    }
}

/// Whether a variable can stand there, by its tag: `syntax/spec/language.md §2`.
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
        (Role::Iterator, _) => false,
        // A second write of a scalar fails at run time.
        (Role::Output, _) => stream,
        (Role::Target, _) => stream || map,
        (Role::Declared, _) => !iterator,
        (Role::Iterable, _) => true,
        (Role::FailCode | Role::FailText, _) => false,
        (Role::Key, _) => scalar,
        _ => !(stream || map),
    }
}

/// Whether a variable that `new` declares and nothing has set yet can be set there.
fn fits_unset(role: Role, around: Option<InstrKind>, name: &str) -> bool {
    let scalar = matches!(kind_of(name), OperandWord::Scalar);
    match (role, around) {
        (Role::Output, _) => scalar,
        (Role::Target, around) => around != Some(InstrKind::Canon) && scalar,
        _ => false,
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

    use crate::completion::testing::check;

    #[test]
    fn used_as_such_first() {
        let script = "(seq (call %init_peer_id% (\"s\" \"f\") [] who) (seq (call who (\"s\" \"f\") [] xs) (seq (fold xs x (next x)) (seq (ap 1 n)\n HERE";
        check(
            &script.replace("HERE", "(call $0"),
            expect![[r#"
            instead of ""
            Peer "@relay" -> "\"@relay\"" named by script.sample.json
            Variable who -> "who" scalar
            Variable n -> "n" scalar
            Variable xs -> "xs" scalar
            Special %init_peer_id% -> "%init_peer_id%" 
        "#]],
        );
        check(
            &script.replace("HERE", "(fold $0"),
            expect![[r#"
            instead of ""
            Variable xs -> "xs" scalar
            Variable n -> "n" scalar
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
                Peer "@relay" -> "\"@relay\"" named by script.sample.json
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
                Value 0 -> "0" first element
                Variable z -> "z" scalar
                Iterator it -> "it" iterator
                Variable near -> "near" scalar
                Variable far -> "far" scalar
            "#]],
        );
    }
}
