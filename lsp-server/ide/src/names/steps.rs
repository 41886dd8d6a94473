//! Steps of lenses as text that can be compared.

use air_semantics::hir::{Accessor, AccessorKind, Hir, Operand};

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
