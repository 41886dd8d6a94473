//! Tries the templates on each instruction of a script.

use air_semantics::hir::{InstrId, InstrKind};

use super::idiom::Idiom;
use super::patterns::Patterns;
use super::recognition::Recognition;

/// Says what idiom an instruction is the root of, if it is one.
pub(super) type Template = for<'h> fn(&Patterns<'h>, InstrId) -> Option<Recognition>;

/// All idioms; outer before inner, otherwise in text order. `templates` are those for an instruction of that kind, in
/// the order in which they are tried: the first that recognises something decides.
pub(super) fn find(patterns: &Patterns<'_>, templates: fn(InstrKind) -> &'static [Template]) -> Vec<Idiom> {
    let mut finder = Finder { found: Vec::new(), carrier_of: vec![0; patterns.hir.instrs.len()] };
    for &id in patterns.preorder() {
        finder.try_all(patterns, id, templates);
    }
    finder.found
}

/// How many steps before an instruction may carry it: idioms that go on with the steps after them take few, and hops
/// between those.
const MAX_STEPS_BEFORE: usize = 64;

/// The one that [`find`] finds at that root. Only what can carry it is looked at besides: what is around it, and the
/// steps before it and before what is around it.
pub(super) fn find_at(
    patterns: &Patterns<'_>,
    root: InstrId,
    templates: fn(InstrKind) -> &'static [Template],
) -> Option<Idiom> {
    let mut looked_at = Vec::new();
    let mut around = Some(root);
    while let Some(id) = around {
        looked_at.push(id);
        looked_at.extend(patterns.preceding(id, MAX_STEPS_BEFORE));
        around = patterns.instr(id)?.parent;
    }
    // As in `find`: in text order, outer before inner, of which the outer one has the larger number.
    let start = |id: InstrId| patterns.instr(id).map(|instr| instr.range.start());
    looked_at.sort_unstable_by_key(|id| (start(*id), std::cmp::Reverse(*id)));
    looked_at.dedup();
    let mut finder = Finder { found: Vec::new(), carrier_of: vec![0; patterns.hir.instrs.len()] };
    for id in looked_at {
        finder.try_all(patterns, id, templates);
    }
    finder.found.into_iter().find(|idiom| idiom.root == root)
}

struct Finder {
    found: Vec<Idiom>,
    /// Per instruction: index + 1 of the idiom that it carries.
    carrier_of: Vec<u32>,
}

impl Finder {
    fn try_all(
        &mut self,
        patterns: &Patterns<'_>,
        id: InstrId,
        templates: fn(InstrKind) -> &'static [Template],
    ) {
        let Some(instr) = patterns.hir.instr(id) else { return };
        let owner = self.carrier_of.get(id.0 as usize).copied().unwrap_or(0);
        for template in patterns.kind(id).map_or(&[][..], templates) {
            let Some(found) = template(patterns, id) else { continue };
            // What carries an idiom is explained by it; only what is shown apart anyway stays.
            if owner != 0 && !found.kind.stays_inside() {
                continue;
            }
            let index = u32::try_from(self.found.len() + 1).unwrap_or(u32::MAX);
            for carrier in &found.carriers {
                if let Some(slot) = self.carrier_of.get_mut(carrier.0 as usize) {
                    *slot = index;
                }
            }
            self.found.push(Idiom {
                kind: found.kind,
                certainty: found.certainty,
                root: id,
                range: found.range.unwrap_or(instr.range),
                payloads: found.payloads,
                carriers: found.carriers,
                operator: found.operator,
                label: found.label,
                part_of: owner.checked_sub(1),
            });
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use air_semantics::Script;

    use super::super::{Certainty, HostNames, IdiomKind};
    use super::*;

    fn any_null(patterns: &Patterns<'_>, id: InstrId) -> Option<Recognition> {
        patterns.instr(id)?;
        Some(Recognition::new(IdiomKind::Wait, Certainty::Hint, "null".to_owned()))
    }

    #[test]
    fn templates_are_tried_by_the_kind_of_the_root() {
        let script = Script::new("(seq (null) (par (never) (null)))");
        let host = HostNames::default();
        let found = find(&Patterns::new(script.hir(), &host), |kind| match kind {
            InstrKind::Null => &[any_null],
            _ => &[],
        });
        let texts: Vec<_> = found.iter().map(|idiom| script.hir().text_at(idiom.range)).collect();
        assert_eq!(texts, ["(null)", "(null)"]);
    }
}
