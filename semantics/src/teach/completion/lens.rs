//! Steps of a lens: fields of error objects, fields and elements that the script uses elsewhere.

use air_syntax::{TextRange, TextSize};

use super::super::context::{Context, Place};
use super::super::special::ERROR_FIELDS;
use super::{ItemKind, List, text_of};
use crate::hir::Role;
use crate::resolve::{BindingId, BindingKind};
use crate::shapes::shapes;

impl Context {
    pub(super) fn place_takes_lens(&self) -> bool {
        matches!(
            self.place,
            Place::Argument(_)
                | Place::Slot {
                    role: Some(
                        Role::Peer
                            | Role::Service
                            | Role::Function
                            | Role::Source
                            | Role::Key
                            | Role::Value
                            | Role::Left
                            | Role::Right
                            | Role::Iterable
                            | Role::Failure
                    ),
                    ..
                }
        )
    }
}

impl List<'_> {
    /// Steps of a lens; what is replaced is the last one.
    pub(super) fn lens(&mut self, typed: &str) -> TextRange {
        let last = typed.rfind(['.', '[']).map_or(0, |at| at + 1);
        let replace =
            TextRange::new(self.here.word.start() + TextSize::new(last as u32), self.here.word.end());
        let Some((base, path)) = typed.split_once('.') else { return replace };
        let path = path.get(..last.saturating_sub(base.len() + 1)).unwrap_or_default();
        if typed.get(..last).is_some_and(|before| before.ends_with('[')) {
            self.variables(Role::Iterator);
            return replace;
        }
        let error = matches!(base, ":error:" | "%last_error%");
        let start = if path.is_empty() { "$." } else { "" };
        if error {
            if path.is_empty() || path == "$." {
                for (field, what) in ERROR_FIELDS {
                    self.add(ItemKind::Field, &format!("{start}{field}"), what, String::new());
                }
            }
            return replace;
        }
        for (field, detail) in self.fields(base, path) {
            self.add(ItemKind::Field, &format!("{start}{field}"), &detail, String::new());
        }
        if path.is_empty() {
            self.add(ItemKind::Field, "length", "number of elements", String::new());
        }
        replace
    }

    /// Fields that the script uses of the value behind a path, or its elements.
    fn fields(&self, base: &str, path: &str) -> Vec<(String, String)> {
        let (hir, resolution) = (self.analysis.hir(), self.analysis.resolution());
        let visible = resolution.bindings.iter().enumerate().filter(|(_, binding)| {
            hir.name(binding.name) == base
                && (binding.kind == BindingKind::Script
                    || self.here.open.binary_search(&binding.scope.start()).is_ok())
        });
        let Some((id, _)) = visible.min_by_key(|(_, binding)| binding.scope.len()) else { return Vec::new() };
        let shape = shapes(hir, resolution).of_variable(BindingId(id as u32));
        let mut node = shape.root();
        let steps = path.split(['.', '[', ']', '!']).filter(|step| !step.is_empty() && *step != "$");
        for step in steps {
            let field = node.fields.iter().find(|(name, _)| &**name == step).map(|(_, at)| *at);
            // Whatever else stands in brackets takes an element.
            let Some(next) = field.or(node.element) else { return Vec::new() };
            node = shape.node(next);
        }
        // The field that is being typed is no suggestion for itself.
        let typed = text_of(self.analysis, self.here.word).rsplit('.').next().unwrap_or_default().to_owned();
        let mut found: Vec<_> =
            node.fields.iter().map(|(name, _)| (name.to_string(), "field".to_owned())).collect();
        found.retain(|(name, _)| *name != typed || self.offset < self.here.word.end());
        if node.element.is_some() {
            found.push(("[0]".to_owned(), "first element".to_owned()));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check;

    #[test]
    fn lenses() {
        check(
            "(seq (ap :error:.$0 x) (null))",
            expect![[r#"
            instead of ""
            Field $.error_code -> "$.error_code" Integer: 0 for no error, 10000 and above for AquaVM's own, what `fail` says otherwise.
            Field $.message -> "$.message" String: what went wrong. For a failed service, `Local service error, …` with the service's own text.
            Field $.instruction -> "$.instruction" String: the innermost instruction that failed. Reading it before any failure fails.
            Field $.peer_id -> "$.peer_id" String: the peer on which it failed; for a `call`, the peer that was called. Not always there in `:error:`.
        "#]],
        );
        check(
            "(seq (ap user.$.name x) (ap user.$0",
            expect![[r#"
            instead of ""
            Field $.name -> "$.name" field
            Field length -> "length" number of elements
        "#]],
        );
        check(
            "(seq (ap user.$.names.[0].first x) (ap user.$.names.[1].$0",
            expect![[r#"
            instead of ""
            Field first -> "first" field
        "#]],
        );
    }
}
