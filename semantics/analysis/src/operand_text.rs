//! Operands as text, as AquaVM's beautifier writes them: names and literals verbatim, numbers and lenses normalised
//! (`syntax/spec/language.md §5.2`).

use std::fmt::Write;

use air_semantics::hir::{AccessorKind, Hir, Lens, Operand, OperandKind};

/// Appends an operand.
pub(crate) fn write_operand(out: &mut String, hir: &Hir, operand: &Operand) {
    write_base(out, hir, operand);
    if let Some(lens) = &operand.lens {
        write_lens(out, hir, lens);
    }
}

/// Appends an operand without its lens.
pub(crate) fn write_base(out: &mut String, hir: &Hir, operand: &Operand) {
    // Writing into a `String` cannot fail.
    match operand.kind {
        OperandKind::Literal => out.push_str(hir.text_at(operand.range)),
        OperandKind::Int(value) => _ = write!(out, "{value}"),
        OperandKind::Float(value) => _ = write!(out, "{value}"),
        OperandKind::Bool(value) => out.push_str(if value { "true" } else { "false" }),
        OperandKind::EmptyArray => out.push_str("[]"),
        OperandKind::InitPeerId => out.push_str("%init_peer_id%"),
        OperandKind::Timestamp => out.push_str("%timestamp%"),
        OperandKind::Ttl => out.push_str("%ttl%"),
        OperandKind::LastError => out.push_str("%last_error%"),
        OperandKind::Error => out.push_str(":error:"),
        OperandKind::Scalar(name)
        | OperandKind::Stream(name)
        | OperandKind::StreamMap(name)
        | OperandKind::Canon(name)
        | OperandKind::CanonMap(name) => out.push_str(hir.name(name)),
    }
}

fn write_lens(out: &mut String, hir: &Hir, lens: &Lens) {
    if *lens == Lens::Length {
        out.push_str(".length");
        return;
    }
    out.push_str(".$");
    for accessor in hir.accessors_of(lens) {
        match accessor.kind {
            AccessorKind::Field => {
                out.push('.');
                out.push_str(hir.text_at(accessor.range));
            }
            AccessorKind::Index(index) => _ = write!(out, ".[{index}]"),
            AccessorKind::Variable(name) => {
                out.push_str(".[");
                out.push_str(hir.name(name));
                out.push(']');
            }
        }
    }
}
