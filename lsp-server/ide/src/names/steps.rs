//! Steps of lenses: as data, and as text that can be compared.

use air_semantics::hir::{Accessor, AccessorKind, Hir, Operand};

/// A step of a lens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// `.name`
    Field(String),
    /// `.[0]`
    Index(u32),
    /// `.[i]`: the element or field that a variable names.
    Any,
}

/// The steps of an operand's lens up to and including that one, or all: `.orders.[0].[i]`.
pub fn path_text(hir: &Hir, operand: &Operand, last: Option<&Accessor>) -> String {
    let mut text = String::new();
    for accessor in operand.lens.iter().flat_map(|lens| hir.accessors_of(lens)) {
        push_step(hir, accessor, &mut text);
        if last.is_some_and(|last| last.range == accessor.range) {
            break;
        }
    }
    text
}

/// The step of an operand's lens that ends that path.
pub(super) fn step_of<'h>(hir: &'h Hir, operand: &Operand, path: &str) -> Option<&'h Accessor> {
    let mut text = String::new();
    for accessor in hir.accessors_of(operand.lens.as_ref()?) {
        push_step(hir, accessor, &mut text);
        if text.len() >= path.len() || !path.starts_with(&text) {
            return (text == path).then_some(accessor);
        }
    }
    None
}

/// Whether the last step of a path takes a field by its name.
pub(super) fn last_is_field(path: &str) -> bool {
    !path.ends_with(']')
}

fn push_step(hir: &Hir, accessor: &Accessor, text: &mut String) {
    match accessor.kind {
        AccessorKind::Field => {
            text.push('.');
            text.push_str(hir.text_at(accessor.range));
        }
        AccessorKind::Index(index) => text.push_str(&format!(".[{index}]")),
        AccessorKind::Variable(name) => text.push_str(&format!(".[{}]", hir.name(name))),
    }
}

#[cfg(test)]
mod tests {
    use air_analysis::Analysis;

    use super::*;

    #[test]
    fn paths_as_text_and_back() {
        let analysis = Analysis::new("(ap x.$.orders.[0].[i]! y)");
        let hir = analysis.hir();
        let operand = hir.operands.first().unwrap();
        assert_eq!(path_text(hir, operand, None), ".orders.[0].[i]");
        let second = step_of(hir, operand, ".orders.[0]").unwrap();
        assert_eq!(hir.text_at(second.range), "0");
        assert_eq!(path_text(hir, operand, Some(second)), ".orders.[0]");
        for missing in [".order", ".orders.[1]", ".orders.[0].[i].x", ""] {
            assert!(step_of(hir, operand, missing).is_none(), "{missing}");
        }
        assert!(last_is_field(".orders") && !last_is_field(".orders.[0]"));
    }
}
