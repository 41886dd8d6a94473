//! Steps of a lens: fields of error objects, fields and elements that the script uses elsewhere.

use air_semantics::hir::Role;
use air_semantics::resolve::{BindingId, BindingKind};
use air_semantics::shapes::shapes;
use air_syntax::{TextRange, TextSize};

use super::list::{ItemKind, List, text_of};
use crate::cursor_context::{CursorContext, CursorPlace};
use crate::names::Step;
use crate::special_values::ERROR_FIELDS;

/// Elements of an array that are offered by their indices.
const MAX_ELEMENTS: usize = 5;

/// Whether a word up to the cursor has a lens. Numbers, literals and streams have none, nor have tagged names of one
/// letter.
pub(super) fn is_lens(typed: &str) -> bool {
    let Some((base, _)) = typed.split_once('.') else { return false };
    let stream = base.starts_with(['$', '%']) && base != "%last_error%";
    let short = base.starts_with('#') && base.trim_start_matches(['#', '%']).chars().count() < 2;
    let number = base.starts_with(|c: char| c.is_ascii_digit()) || base == "-";
    !(base.is_empty() || base.starts_with('"') || stream || short || number)
}

impl CursorContext {
    pub(super) fn place_takes_lens(&self) -> bool {
        matches!(
            self.place,
            CursorPlace::Argument(_)
                | CursorPlace::Operand {
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
        let start = self.here.word.start() + TextSize::new(last as u32);
        // Steps after the cursor stay.
        let after = text_of(self.analysis, TextRange::new(self.offset, self.here.word.end()));
        let length = after.find(['.', '[', ']', '!']).unwrap_or(after.len());
        let replace = TextRange::new(start, self.offset + TextSize::new(length as u32));
        let Some((base, path)) = typed.split_once('.') else { return replace };
        let path = path.get(..last.saturating_sub(base.len() + 1)).unwrap_or_default();
        let bracket = typed.get(..last).is_some_and(|before| before.ends_with('['));
        let start = if path.is_empty() { "$." } else { "" };
        if matches!(base, ":error:" | "%last_error%") {
            if path.is_empty() || path == "$." {
                for (field, what) in ERROR_FIELDS {
                    self.add(
                        ItemKind::Field,
                        &format!("{start}{field}"),
                        what,
                        format!("error-field {field}"),
                    );
                }
            }
            return replace;
        }
        let steps = self.steps(base, &steps_of(path), text_of(self.analysis, replace));
        if bracket {
            for (step, detail) in steps {
                if let Step::Index(index) = step {
                    self.add(ItemKind::Value, &index.to_string(), &detail, format!("step {index}"));
                }
            }
            self.indices(&self.known());
            return replace;
        }
        for (step, detail) in steps {
            let text = match step {
                Step::Field(field) => field,
                Step::Index(index) => format!("[{index}]"),
                Step::Any => continue,
            };
            self.add(ItemKind::Field, &format!("{start}{text}"), &detail, format!("step {text}"));
        }
        if path.is_empty() {
            self.add(ItemKind::Field, "length", "number of elements", "step length".to_owned());
        }
        replace
    }

    /// What can stand after a path: what values had there, then what the script uses elsewhere. The step that is
    /// being typed is not a suggestion for itself.
    fn steps(&self, base: &str, path: &[Step], written: &str) -> Vec<(Step, String)> {
        let (hir, resolution) = (self.analysis.hir(), self.analysis.resolution());
        let visible = resolution.bindings.iter().enumerate().filter(|(_, binding)| {
            hir.name(binding.name) == base
                && (binding.kind == BindingKind::Script
                    || self.here.open.binary_search(&binding.scope.start()).is_ok())
        });
        let Some((id, _)) = visible.min_by_key(|(_, binding)| binding.scope.len()) else { return Vec::new() };
        let id = BindingId(id as u32);
        let mut found = self.surroundings.steps(id, path);
        let indices = found.iter().filter(|(step, _)| matches!(step, Step::Index(_))).count();
        found.truncate(found.len() - indices.saturating_sub(MAX_ELEMENTS));
        let mut add = |step: Step, detail: &str| {
            if !found.iter().any(|(known, _)| *known == step) {
                found.push((step, detail.to_owned()));
            }
        };
        let all = shapes(hir, resolution);
        let shape = all.of_variable(id);
        let mut node = Some(shape.root());
        for step in path {
            let field = node.and_then(|node| {
                let Step::Field(name) = step else { return node.element };
                // Whatever else stands there takes an element.
                let field = node.fields.iter().find(|(field, _)| **field == **name);
                field.map(|(_, at)| *at).or(node.element)
            });
            node = field.map(|field| shape.node(field));
        }
        let own = node.map(|node| (&shape, node));
        for field in self.fields(id, path, &all, own, written) {
            add(Step::Field(field.name), field.detail);
        }
        if node.is_some_and(|node| node.element.is_some()) || (path.is_empty() && base.starts_with('#')) {
            add(Step::Index(0), "first element");
        }
        found
    }
}

/// The steps of a path as it is written: `$.names.[0].`
fn steps_of(path: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    for part in path.split('.').filter(|part| !part.is_empty() && *part != "$") {
        let inner = part.trim_end_matches('!');
        let inner = inner.strip_prefix('[').map(|inner| inner.trim_end_matches(']'));
        match inner.map(str::parse) {
            _ if inner == Some("") => {}
            Some(Ok(index)) => steps.push(Step::Index(index)),
            Some(Err(_)) => steps.push(Step::Any),
            None => steps.push(Step::Field(part.trim_end_matches('!').to_owned())),
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::completion::testing::check;

    #[test]
    fn by_values_that_were_there() {
        check(
            "(seq (call \"p\" (\"s\" \"f\") [] x) (ap x.$.$0",
            expect![[r#"
            instead of ""
            Field name -> "name" "x"
            Field tags -> "tags" ["a", "b"]
        "#]],
        );
        check(
            "(seq (call \"p\" (\"s\" \"f\") [] x) (ap x.$.tags.$0",
            expect![[r#"
            instead of ""
            Field [0] -> "[0]" "a"
            Field [1] -> "[1]" "b"
        "#]],
        );
        check(
            "(seq (call \"p\" (\"s\" \"f\") [] x) (ap x.$.tags.[$0",
            expect![[r#"
            instead of ""
            Value 0 -> "0" "a"
            Value 1 -> "1" "b"
            Variable x -> "x" scalar
        "#]],
        );
    }

    #[test]
    fn only_the_step_at_the_cursor() {
        check(
            "(seq (ap user.$.name.first x) (ap user.$.na$0.first y))",
            expect![[r#"
                instead of "na"
                Field name -> "name" "x"
                Field tags -> "tags" ["a", "b"]
                Field first -> "first" field of another value
            "#]],
        );
        check(
            "(seq (ap #cs.$.[0] x) (ap #cs.$0",
            expect![[r#"
                instead of ""
                Field $.name -> "$.name" "x"
                Field $.tags -> "$.tags" ["a", "b"]
                Field $.[0] -> "$.[0]" first element
                Field length -> "length" number of elements
            "#]],
        );
    }

    #[test]
    fn not_where_there_are_none() {
        // AquaVM takes no lens there.
        check(
            "(seq (canon \"p\" $s #c) (ap #c.$0",
            expect![[r##"
            instead of "#c."
        "##]],
        );
        check(
            "(match 1.$0",
            expect![[r#"
                instead of "1."
            "#]],
        );
        check(
            "(ap $s.$0",
            expect![[r#"
                instead of "$s."
            "#]],
        );
        check(
            "(call \"a.$0",
            expect![[r#"
            instead of "\"a."
            Peer "@relay" -> "\"@relay\"" named by script.sample.json
        "#]],
        );
    }

    #[test]
    fn lenses() {
        check(
            "(seq (ap :error:.$0 x) (null))",
            expect![[r#"
            instead of ""
            Field $.error_code -> "$.error_code" Integer: 0 for no error, 10000 and above for AquaVM's own errors, otherwise the code of the `fail`.
            Field $.message -> "$.message" String: what went wrong. For a failed service, `Local service error, …` with the service's own text.
            Field $.instruction -> "$.instruction" String: the innermost instruction that failed. Reading it before any failure fails.
            Field $.peer_id -> "$.peer_id" String: the peer on which it failed; for a `call`, the peer that was called. May be missing in `:error:`.
        "#]],
        );
        check(
            "(seq (ap user.$.name x) (ap user.$0",
            expect![[r#"
                instead of ""
                Field $.name -> "$.name" "x"
                Field $.tags -> "$.tags" ["a", "b"]
                Field length -> "length" number of elements
            "#]],
        );
        check(
            "(seq (ap user.$.names.[0].first x) (ap user.$.names.[1].$0",
            expect![[r#"
                instead of ""
                Field first -> "first" field
                Field names -> "names" field of another value
            "#]],
        );
    }
}
