//! Fields that a lens may take, the likeliest first: what is known of the variable and of the function that gives it,
//! then what is usual at the place.

use std::collections::HashMap;

use air_semantics::hir::{AccessorKind, Operand, OperandKind, Role};
use air_semantics::resolve::BindingId;
use air_semantics::shapes::{Shape, ShapeNode, Shapes};
use air_syntax::TextRange;

use super::list::{List, text_of};
use crate::cursor_context::{CursorPlace, SlotKind};
use crate::names::Step;
use crate::names::results::{FieldUse, Origin, origins, part, shape_of, use_of};
use crate::services::RESULTS;

/// Fields of other values that are offered.
const MAX_FIELDS_OF_OTHERS: usize = 20;

/// A field that may be meant.
pub(super) struct Candidate {
    pub(super) name: String,
    pub(super) detail: &'static str,
    /// As far as it is known.
    used: Option<FieldUse>,
}

/// Fields in the order in which they are offered, each once.
#[derive(Default)]
struct Candidates(Vec<Candidate>);

impl Candidates {
    fn add(&mut self, name: &str, detail: &'static str, used: Option<FieldUse>) {
        if !name.is_empty() && self.0.iter().all(|it| it.name != name) {
            self.0.push(Candidate { name: name.to_owned(), detail, used });
        }
    }

    fn add_all(&mut self, shape: &Shape, node: &ShapeNode, written: &str) {
        for (name, at) in node.fields.iter().filter(|(name, _)| **name != *written) {
            self.add(name, "field", Some(use_of(shape.node(*at))));
        }
    }
}

impl List<'_> {
    /// The fields of a variable's value after the steps of a path; `written` is the one that is being typed.
    pub(super) fn fields(
        &self,
        variable: BindingId,
        path: &[Step],
        shapes: &Shapes,
        own: Option<(&Shape, &ShapeNode)>,
        written: &str,
    ) -> Vec<Candidate> {
        let place = self.place_use();
        let mut known = Candidates::default();
        if let Some((shape, node)) = own {
            known.add_all(shape, node, written);
        }
        let origins = origins(self.analysis, variable, path);
        for origin in &origins {
            let shape = shape_of(shapes, self.analysis.hir(), origin);
            if let Some(node) = part(&shape, &origin.path) {
                known.add_all(&shape, node, written);
            }
        }
        for origin in &origins {
            self.of_other_scripts(origin, &mut known);
            for (service, function, path, fields) in RESULTS {
                if origin.service == *service && (function.is_empty() || origin.function == *function) {
                    let fields = fields.iter().filter(|_| origin.path == *path);
                    fields.for_each(|field| known.add(field, "field of the result", None));
                }
            }
        }
        let target = self.target_after();
        if let Some(at) = known.0.iter().position(|it| Some(&*it.name) == target) {
            let named = known.0.remove(at);
            known.0.insert(0, named);
        } else {
            known.0.sort_by_key(|it| fit(place, it.used));
        }
        // Before those that are used as something else.
        let others = known.0.partition_point(|it| fit(place, it.used) < 2);
        let mut all = Candidates(known.0.drain(..others).collect());
        for usual in usual(place) {
            all.add(usual, "usual here", Some(place));
        }
        for it in known.0 {
            all.add(&it.name, it.detail, it.used);
        }
        if let Some(target) = target {
            all.add(target, "named as its target", None);
        }
        self.of_other_values(place, written, &mut all);
        all.0
    }

    fn of_other_scripts(&self, origin: &Origin, known: &mut Candidates) {
        for field in self.surroundings.fields() {
            if field.service == origin.service
                && field.function == origin.function
                && field.path == origin.path
            {
                known.add(&field.name, "in other scripts", Some(field.used));
            }
        }
    }

    /// Fields that the script takes of whatever else, those that are used as the one at the cursor first.
    fn of_other_values(&self, place: FieldUse, written: &str, all: &mut Candidates) {
        let hir = self.analysis.hir();
        let mut counts: HashMap<&str, (bool, usize)> = HashMap::new();
        let others = hir.operands.iter().filter(|operand| operand.range.start() != self.here.word.start());
        for operand in others {
            // Errors have fields of their own.
            if matches!(operand.kind, OperandKind::Error | OperandKind::LastError) {
                continue;
            }
            let accessors = operand.lens.iter().flat_map(|lens| hir.accessors_of(lens));
            let fields = accessors.filter(|accessor| accessor.kind == AccessorKind::Field);
            let last = fields.clone().next_back().map(|accessor| accessor.range);
            for field in fields {
                let entry = counts.entry(hir.text_at(field.range)).or_default();
                entry.0 |= Some(field.range) == last && use_at(operand) == Some(place);
                entry.1 += 1;
            }
        }
        let mut counts: Vec<_> = counts.into_iter().filter(|(name, _)| *name != written).collect();
        counts.sort_unstable_by(|(one, (same, often)), (other, (as_well, less))| {
            as_well.cmp(same).then(less.cmp(often)).then(one.cmp(other))
        });
        for (name, _) in counts.into_iter().take(MAX_FIELDS_OF_OTHERS) {
            all.add(name, "field of another value", None);
        }
    }

    /// What the value at the cursor is used as.
    fn place_use(&self) -> FieldUse {
        let CursorPlace::Operand { role: Some(role), .. } = self.here.place else { return FieldUse::Other };
        let is_bool = |text: &str| matches!(text, "true" | "false");
        match role {
            Role::Peer => FieldUse::Peer,
            Role::Service | Role::Function => FieldUse::Text,
            Role::Iterable => FieldUse::Array,
            Role::Left | Role::Right => {
                let before = self.here.before.first().map(|range| text_of(self.analysis, *range));
                let after = self.here.after.first().map(|slot| text_of(self.analysis, slot.range));
                let other = if role == Role::Right { before } else { after };
                if other.is_some_and(is_bool) { FieldUse::Flag } else { FieldUse::Other }
            }
            _ => FieldUse::Other,
        }
    }

    /// The name of what the value becomes, without its sign and the number of a renaming.
    fn target_after(&self) -> Option<&str> {
        let CursorPlace::Operand { role: Some(Role::Source), .. } = self.here.place else { return None };
        // Of a value in the middle of a lens nothing comes yet.
        let rest = text_of(self.analysis, TextRange::new(self.offset, self.here.word.end()));
        if rest.contains('.') {
            return None;
        }
        let slot = self.here.after.first().filter(|slot| matches!(slot.kind, SlotKind::Word(_)))?;
        let target = text_of(self.analysis, slot.range).trim_start_matches(['$', '#', '%']);
        let bare = target.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-');
        // `ret_flat` is of the compiler.
        let plain = !bare.is_empty() && !bare.ends_with("_flat") && !bare.contains(['-', '.']);
        plain.then_some(bare)
    }
}

/// What an operand is used as by itself.
fn use_at(operand: &Operand) -> Option<FieldUse> {
    match operand.role {
        Role::Peer => Some(FieldUse::Peer),
        Role::Service | Role::Function => Some(FieldUse::Text),
        Role::Iterable => Some(FieldUse::Array),
        Role::Left | Role::Right => None,
        _ => Some(FieldUse::Other),
    }
}

/// How well a field fits a place: 0 well, 2 not.
fn fit(place: FieldUse, used: Option<FieldUse>) -> u8 {
    match used {
        Some(used) if used == place => 0,
        // An argument may be anything, but for what only says that all went well.
        Some(used) if place == FieldUse::Other => 1 + u8::from(used == FieldUse::Flag),
        Some(FieldUse::Other) | None => 1,
        Some(_) => 2,
    }
}

/// Names that Aqua's libraries give to such fields.
fn usual(place: FieldUse) -> &'static [&'static str] {
    match place {
        FieldUse::Peer => &["peer_id", "relay_id"],
        FieldUse::Text => &["service_id"],
        FieldUse::Flag => &["success"],
        FieldUse::Array | FieldUse::Other => &[],
    }
}

#[cfg(test)]
mod tests {
    use crate::completion::testing::fields;

    #[test]
    fn of_the_function_that_gives_the_value() {
        // Another call of the same function.
        let script = "(seq (call \"p\" (\"a\" \"g\") [] x) (seq (ap x.$.tail t) (seq (call \"p\" (\"a\" \"g\") [] y) (ap y.$.$0 z))))";
        assert!(fields(script).starts_with("tail"), "{}", fields(script));
        // Another script, through a stream, its canon and a fold.
        let script = "(seq (call \"p\" (\"s\" \"other\") [] $all) (seq (canon \"p\" $all #all) (fold #all i (seq (call i.$.$0 (\"x\" \"y\") []) (next i)))))";
        assert!(fields(script).starts_with("owner"), "{}", fields(script));
        // A built-in service.
        assert!(
            fields("(seq (call \"p\" (\"peer\" \"identify\") [] x) (ap x.$.$0 y))")
                .contains("external_addresses")
        );
    }

    #[test]
    fn what_fits_the_place_comes_first() {
        let script = |place: &str| {
            format!(
                "(seq (call \"p\" (\"a\" \"g\") [] x) (seq (call x.$.peer (x.$.id \"f\") [x.$.what]) (seq (xor (match x.$.ok true (null)) (null)) {place})))"
            )
        };
        assert!(fields(&script("(call x.$.$0 (\"s\" \"f\") [])")).starts_with("peer what"));
        assert!(fields(&script("(call \"p\" (x.$.$0 \"f\") [])")).starts_with("id what"));
        assert!(fields(&script("(match x.$.$0 false (null))")).starts_with("ok what"));
        assert!(fields(&script("(match true x.$.$0 (null))")).starts_with("ok what"));
        assert!(fields(&script("(call \"p\" (\"s\" \"f\") [x.$.$0])")).starts_with("what peer id ok"));
    }

    #[test]
    fn what_is_usual_at_the_place() {
        let script = "(seq (call \"p\" (\"a\" \"g\") [] x) (call x.$.peer_id (x.$.$0 \"f\") []))";
        assert!(fields(script).starts_with("service_id peer_id"), "{}", fields(script));
        assert_eq!(
            fields("(seq (call \"p\" (\"a\" \"g\") [] x) (xor (match x.$.$0 true (null)) (null)))"),
            "success"
        );
        assert_eq!(fields("(seq (call \"p\" (\"a\" \"g\") [] x) (ap x.$.$0 name))"), "name");
        assert_eq!(fields("(seq (call \"p\" (\"a\" \"g\") [] x) (ap x.$.$0 x_flat))"), "");
    }
}
