//! Fields of what services give, by service and function: what one script reads of a result, another one may want too.

use air_analysis::Analysis;
use air_semantics::hir::{AccessorKind, Hir, InstrId, InstrKind, Operand, OperandKind, Role};
use air_semantics::resolve::{Access, BindingId, BindingKind};
use air_semantics::shapes::{LiteralValue, Shape, ShapeNode, Shapes, shapes};
use rustc_hash::FxHashMap;

use super::Step;

/// The most fields that are told of one script.
const MAX_FIELDS: usize = 500;

/// The most variables that are looked at to find where a value comes from.
const MAX_VARIABLES: usize = 32;

/// What a field is used as, as far as a script says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldUse {
    /// As a peer.
    Peer,
    /// As the id of a service, or another text.
    Text,
    /// As an array.
    Array,
    /// It is compared with `true` or `false`.
    Flag,
    /// As anything else.
    Other,
}

/// A field of a function's result.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResultField {
    /// Whose result it is.
    pub service: String,
    /// Whose result it is.
    pub function: String,
    /// What stands before it, each step with a dot: `.users.[]`, where elements have no number.
    pub path: String,
    /// The field.
    pub name: String,
    /// What it is used as.
    pub used: FieldUse,
}

/// Where a value comes from: a part of a function's result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub(crate) service: String,
    pub(crate) function: String,
    /// As in [`ResultField::path`].
    pub(crate) path: String,
}

/// The fields that a script reads of results, by any of its calls of the function.
pub fn result_fields(analysis: &Analysis) -> Vec<ResultField> {
    let (hir, resolution) = (analysis.hir(), analysis.resolution());
    let mut calls: FxHashMap<(&str, &str), Vec<InstrId>> = FxHashMap::default();
    for (id, instr) in (0..).map(InstrId).zip(&hir.instrs) {
        if let Some(named) = called(hir, id).filter(|_| hir.operand(instr, Role::Output).is_some()) {
            calls.entry(named).or_default().push(id);
        }
    }
    if calls.is_empty() || hir.accessors.is_empty() {
        return Vec::new();
    }
    let shapes = shapes(hir, resolution);
    let mut found = Vec::new();
    for ((service, function), calls) in calls {
        let shape = shapes.of_calls(&calls);
        let mut rest = vec![(String::new(), shape.root())];
        while let Some((path, node)) = rest.pop() {
            for (name, at) in &node.fields {
                if found.len() >= MAX_FIELDS {
                    return found;
                }
                let inner = shape.node(*at);
                found.push(ResultField {
                    service: service.to_owned(),
                    function: function.to_owned(),
                    path: path.clone(),
                    name: name.to_string(),
                    used: use_of(inner),
                });
                rest.push((format!("{path}.{name}"), inner));
            }
            if let Some(element) = node.element {
                rest.push((format!("{path}.[]"), shape.node(element)));
            }
        }
    }
    found
}

/// What is demanded of the results of all calls of a function.
pub(crate) fn shape_of(shapes: &Shapes, hir: &Hir, origin: &Origin) -> Shape {
    let same = |id: &InstrId| called(hir, *id) == Some((&*origin.service, &*origin.function));
    let calls: Vec<InstrId> = (0..hir.instrs.len() as u32).map(InstrId).filter(same).collect();
    shapes.of_calls(&calls)
}

/// The part of a shape at a path as in [`ResultField::path`].
pub(crate) fn part<'s>(shape: &'s Shape, path: &str) -> Option<&'s ShapeNode> {
    let mut node = shape.root();
    for step in path.split('.').skip(1) {
        let at = match step {
            "[]" => node.element,
            name => node.fields.iter().find(|(field, _)| **field == *name).map(|(_, at)| *at),
        };
        node = shape.node(at?);
    }
    Some(node)
}

/// What a part of a value is used as.
pub(crate) fn use_of(node: &ShapeNode) -> FieldUse {
    let flag = |value: &LiteralValue| matches!(value, LiteralValue::Boolean(_));
    match () {
        () if node.peer => FieldUse::Peer,
        () if node.is_array() => FieldUse::Array,
        () if node.literals.iter().any(|literal| flag(&literal.value)) => FieldUse::Flag,
        () if node.text => FieldUse::Text,
        () => FieldUse::Other,
    }
}

/// Where the value of a variable after some steps comes from, as far as the script says.
pub(crate) fn origins(analysis: &Analysis, variable: BindingId, path: &[Step]) -> Vec<Origin> {
    let (hir, resolution) = (analysis.hir(), analysis.resolution());
    let mut found: Vec<Origin> = Vec::new();
    let mut seen: Vec<(BindingId, String)> = Vec::new();
    let mut rest = vec![(variable, path_of(path))];
    while let Some((variable, path)) = rest.pop() {
        if seen.len() >= MAX_VARIABLES || seen.contains(&(variable, path.clone())) {
            continue;
        }
        seen.push((variable, path.clone()));
        let Some(binding) = resolution.binding(variable) else { continue };
        let mut follow = |operand: &Operand, path: &str| {
            if let Some(place) =
                resolution.at(operand.range.start()).filter(|_| operand.kind.name().is_some())
            {
                rest.push((place.binding, format!("{}{path}", lens_of(hir, operand))));
            }
        };
        if let BindingKind::Iterator(fold) = binding.kind {
            let iterable = hir.instr(fold).and_then(|fold| hir.operand(fold, Role::Iterable));
            iterable.into_iter().for_each(|iterable| follow(iterable, &format!(".[]{path}")));
        }
        for place in resolution.occurrences_of(variable).filter(|place| place.access == Access::Write) {
            let Some(instr) = hir.instr(place.instr) else { continue };
            // A stream has what is put into it as elements.
            let stream = hir.name(binding.name).starts_with('$');
            let inner = if stream { path.strip_prefix(".[]") } else { Some(&*path) };
            match instr.kind {
                InstrKind::Call => {
                    if let (Some((service, function)), Some(path)) = (called(hir, place.instr), inner) {
                        let (service, function) = (service.to_owned(), function.to_owned());
                        let origin = Origin { service, function, path: path.to_owned() };
                        if !found.contains(&origin) {
                            found.push(origin);
                        }
                    }
                }
                InstrKind::Ap => {
                    let source = hir.operand(instr, Role::Source);
                    source.zip(inner).into_iter().for_each(|(source, path)| follow(source, path));
                }
                // A canon has the stream's elements.
                InstrKind::Canon => {
                    hir.operand(instr, Role::Source).into_iter().for_each(|source| follow(source, &path));
                }
                _ => {}
            }
        }
    }
    found
}

/// Service and function of a call, where both are written.
fn called(hir: &Hir, id: InstrId) -> Option<(&str, &str)> {
    let instr = hir.instr(id).filter(|instr| instr.kind == InstrKind::Call)?;
    let literal = |role| {
        let operand = hir.operand(instr, role).filter(|operand| operand.kind == OperandKind::Literal)?;
        Some(hir.literal(operand)).filter(|text| !text.is_empty())
    };
    Some((literal(Role::Service)?, literal(Role::Function)?))
}

fn path_of(steps: &[Step]) -> String {
    let mut path = String::new();
    for step in steps {
        path.push('.');
        path.push_str(match step {
            Step::Field(name) => name,
            Step::Index(_) | Step::Any => "[]",
        });
    }
    path
}

fn lens_of(hir: &Hir, operand: &Operand) -> String {
    let mut path = String::new();
    for accessor in operand.lens.iter().flat_map(|lens| hir.accessors_of(lens)) {
        path.push('.');
        path.push_str(match accessor.kind {
            AccessorKind::Field => hir.text_at(accessor.range),
            _ => "[]",
        });
    }
    path
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(text: &str, expected: Expect) {
        let mut found = result_fields(&Analysis::new(text));
        found.sort();
        let mut shown = String::new();
        for field in found {
            let ResultField { service, function, path, name, used } = field;
            shown.push_str(&format!("{service} {function}{path} {name} {used:?}\n"));
        }
        expected.assert_eq(&shown);
    }

    #[test]
    fn of_all_calls_of_a_function() {
        check(
            "(seq (call \"p\" (\"s\" \"f\") [] x) (seq (call \"p\" (\"s\" \"f\") [] y) (seq (call x.$.peer (x.$.id \"g\") []) (xor (match y.$.ok true (fold y.$.list i (seq (call \"p\" (\"t\" \"h\") [i.$.name]) (next i)))) (null)))))",
            expect![[r#"
                s f id Text
                s f list Array
                s f ok Flag
                s f peer Peer
                s f.list.[] name Other
            "#]],
        );
    }

    #[test]
    fn where_a_value_comes_from() {
        let of = |text: &str, name: &str, path: &[Step]| {
            let analysis = Analysis::new(text);
            let (hir, resolution) = (analysis.hir(), analysis.resolution());
            let id = resolution.bindings.iter().position(|it| hir.name(it.name) == name).unwrap();
            let found = origins(&analysis, BindingId(id as u32), path);
            let shown = found.iter().map(|it| format!("{} {}{}", it.service, it.function, it.path));
            shown.collect::<Vec<_>>().join(", ")
        };
        let script = "(seq (call \"p\" (\"s\" \"f\") [] x) (seq (ap x.$.users y) (seq (fold y i (seq (ap i.$.owner $all) (next i))) (canon \"p\" $all #all))))";
        assert_eq!(of(script, "x", &[]), "s f");
        assert_eq!(of(script, "i", &[]), "s f.users.[]");
        assert_eq!(of(script, "#all", &[Step::Index(0)]), "s f.users.[].owner");
        assert_eq!(of(script, "#all", &[]), "");
        // In a circle.
        assert_eq!(of("(fold $s i (seq (ap i $s) (next i)))", "i", &[]), "");
    }
}
