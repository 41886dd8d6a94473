//! Names in `; air: given` directives: variables that the host supplies.

use air_analysis::Analysis;
use air_semantics::directives::DirectiveKind;
use air_semantics::resolve::{BindingId, BindingKind};
use air_syntax::{TextRange, TextSize};

use super::symbol::{NamedSymbol, Symbol};

/// Where `; air: given` names a variable of the script.
pub(super) fn given(analysis: &Analysis, binding: BindingId) -> impl Iterator<Item = TextRange> {
    let binding = analysis.resolution().binding(binding);
    let name = binding.filter(|binding| binding.kind == BindingKind::Script);
    let name = name.map(|binding| analysis.hir().name(binding.name));
    let lists = analysis.directives().iter().filter_map(|directive| match &directive.kind {
        DirectiveKind::Given(names) => Some(names),
        _ => None,
    });
    lists.flatten().copied().filter(move |range| name == Some(analysis.hir().text_at(*range)))
}

/// A variable named by `; air: given` there.
pub(super) fn given_at(analysis: &Analysis, offset: TextSize) -> Option<NamedSymbol> {
    let hir = analysis.hir();
    let lists = analysis.directives().iter().filter_map(|directive| match &directive.kind {
        DirectiveKind::Given(names) => Some(names),
        _ => None,
    });
    let range = lists.flatten().copied().find(|range| range.contains_inclusive(offset))?;
    let id = analysis.resolution().bindings.iter().position(|binding| {
        binding.kind == BindingKind::Script && hir.name(binding.name) == hir.text_at(range)
    })?;
    Some(NamedSymbol { symbol: Symbol::Variable(BindingId(id as u32)), range })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::testing::cursor;

    #[test]
    fn a_name_that_the_script_uses() {
        let (analysis, offset) = cursor("; air: given x, $0y\n; air: given x\n(ap x y2)");
        assert_eq!(given_at(&analysis, offset), None, "nothing uses it");
        let x = given_at(&analysis, 13.into()).unwrap();
        let Symbol::Variable(binding) = x.symbol else { panic!("{x:?}") };
        let places: Vec<u32> = given(&analysis, binding).map(|range| range.start().into()).collect();
        assert_eq!(places, [13, 31]);
    }
}
