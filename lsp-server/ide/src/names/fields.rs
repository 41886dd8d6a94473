//! Fields: the same one wherever the value that has it goes, as far as the script shows.

use air_analysis::Analysis;
use air_semantics::hir::{AccessorKind, Hir, Instr, InstrId, InstrKind, Lens, OperandId, OperandKind, Role};
use air_semantics::resolve::{Access, BindingId};
use air_semantics::shapes::{FieldPlaces, Reach, shapes};
use air_syntax::TextRange;

use super::steps;
use super::symbol::{Mention, Symbol};

/// Whether a literal puts a field into a value.
pub(super) fn is_key(hir: &Hir, id: OperandId) -> bool {
    let operand = |back: u32| hir.operands.get(id.0.checked_sub(back)? as usize);
    let Some(literal) = operand(0).filter(|it| it.kind == OperandKind::Literal) else { return false };
    match literal.role {
        Role::Key => true,
        Role::Argument => {
            let before =
                (1..=id.0).take_while(|back| operand(*back).is_some_and(|it| it.role == Role::Argument));
            let before = before.count() as u32;
            let named = |back, wanted| operand(back).filter(|it| it.role == wanted).map(|it| hir.literal(it));
            match (named(before + 2, Role::Service), named(before + 1, Role::Function)) {
                (Some("json"), Some("obj")) => before.is_multiple_of(2),
                (Some("json"), Some("put")) => before == 1,
                (Some("json"), Some("puts")) => !before.is_multiple_of(2),
                _ => false,
            }
        }
        _ => false,
    }
}

/// Where a field is met; nothing for other symbols, and for steps that take no field by name.
pub(super) fn places(analysis: &Analysis, symbol: &Symbol, reach: Reach) -> Option<FieldPlaces> {
    let (hir, resolution) = (analysis.hir(), analysis.resolution());
    match symbol {
        Symbol::Key(literal) => shapes(hir, resolution).field_of_key(*literal, reach),
        Symbol::Field { binding, path } => {
            let step = step_at(analysis, *binding, path)?;
            shapes(hir, resolution).field_of_step(step, reach)
        }
        _ => None,
    }
}

/// All places that name the field, in text order: where it is put in, and where it is taken out.
pub(super) fn mentions(analysis: &Analysis, symbol: &Symbol) -> Vec<Mention> {
    let Some(found) = places(analysis, symbol, Reach::Around) else {
        return match symbol {
            Symbol::Field { binding, path } => same_path(analysis, *binding, path),
            _ => Vec::new(),
        };
    };
    of(analysis.hir(), &found)
}

/// The places of a field as mentions.
pub(super) fn of(hir: &Hir, found: &FieldPlaces) -> Vec<Mention> {
    let keys = found.keys.iter().filter_map(|key| hir.operands.get(key.0 as usize));
    let keys = keys.map(|key| Mention { range: key.range, access: Access::Write });
    let steps = found.steps.iter().filter_map(|step| hir.accessors.get(*step as usize));
    let steps = steps.map(|step| Mention { range: step.range, access: Access::Read });
    let mut all: Vec<Mention> = keys.chain(steps).collect();
    all.sort_by_key(|mention| mention.range.start());
    all
}

/// Places that take the same path out of the same variable.
pub(super) fn same_path(analysis: &Analysis, binding: BindingId, path: &str) -> Vec<Mention> {
    let hir = analysis.hir();
    let mut found = Vec::new();
    for place in analysis.resolution().occurrences_of(binding) {
        let Some(operand) = hir.operands.get(place.operand.0 as usize) else { continue };
        if operand.range.start() == place.range.start()
            && let Some(accessor) = steps::step_of(hir, operand, path)
        {
            found.push(Mention { range: accessor.range, access: Access::Read });
        }
    }
    found
}

/// The first step that takes this path, as an index into [`Hir::accessors`].
fn step_at(analysis: &Analysis, binding: BindingId, path: &str) -> Option<u32> {
    let hir = analysis.hir();
    let first = same_path(analysis, binding, path).first()?.range;
    let operand = super::locate::operand_at(hir, first.start()).map(|(_, operand)| operand)?;
    let Some(Lens::Path(steps)) = &operand.lens else { return None };
    let mut steps = steps.clone();
    steps.find(|step| {
        hir.accessors
            .get(*step as usize)
            .is_some_and(|it| it.range == first && it.kind == AccessorKind::Field)
    })
}

/// What a call calls, as it is written: `"srv"."fun"` without quotes.
pub(super) fn called(hir: &Hir, call: InstrId) -> Option<(String, TextRange)> {
    let instr = hir.instr(call).filter(|instr| instr.kind == InstrKind::Call)?;
    let word = |role| Some(hir.text_at(hir.operand(instr, role)?.range).trim_matches('"'));
    Some((format!("{}.{}", word(Role::Service)?, word(Role::Function)?), instr.keyword))
}

/// The instruction that an operand belongs to.
pub(super) fn owner(hir: &Hir, id: OperandId) -> Option<&Instr> {
    hir.instrs.iter().find(|instr| instr.operands.contains(&id.0))
}

#[cfg(test)]
mod tests {
    use air_analysis::Analysis;

    use super::*;

    /// Literals that put a field into a value.
    fn keys(text: &str) -> Vec<String> {
        let analysis = Analysis::new(text);
        let hir = analysis.hir();
        let ids = (0..hir.operands.len() as u32).map(OperandId).filter(|id| is_key(hir, *id));
        ids.map(|id| hir.literal(&hir.operands[id.0 as usize]).to_owned()).collect()
    }

    #[test]
    fn keys_of_maps_and_objects() {
        assert_eq!(keys(r#"(ap ("k" "v") %m)"#), ["k"]);
        assert_eq!(keys(r#"(call p ("json" "obj") ["a" "x" "b" "y"])"#), ["a", "b"]);
        assert_eq!(keys(r#"(call p ("json" "put") ["{}" "a" "x"])"#), ["a"]);
        assert_eq!(keys(r#"(call p ("json" "puts") [o "a" "x" "b" "y"])"#), ["a", "b"]);
        assert_eq!(keys(r#"(call p ("mine" "obj") ["a" "x"])"#), [""; 0]);
    }

    #[test]
    fn the_same_path_of_the_same_variable() {
        let analysis = Analysis::new("(seq (ap x.$.a.b y) (par (ap x.$.a z) (ap y.$.a w)))");
        let x = analysis.resolution().at(9.into()).unwrap().binding;
        let texts = |path: &str| {
            let found = same_path(&analysis, x, path);
            found.iter().map(|mention| u32::from(mention.range.start())).collect::<Vec<_>>()
        };
        assert_eq!(texts(".a"), [13, 33]);
        assert_eq!(texts(".a.b"), [15]);
        assert_eq!(step_at(&analysis, x, ".c"), None);
    }

    #[test]
    fn what_a_call_calls() {
        let analysis = Analysis::new(r#"(seq (call p ("s" f) []) (null))"#);
        let hir = analysis.hir();
        assert_eq!(called(hir, InstrId(0)).unwrap().0, "s.f");
        assert_eq!(called(hir, InstrId(1)), None);
        assert_eq!(owner(hir, OperandId(0)).map(|instr| instr.kind), Some(InstrKind::Call));
    }
}
