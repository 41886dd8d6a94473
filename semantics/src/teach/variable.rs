//! What is to be said of a variable, and of the steps of a lens.

use air_syntax::LineCol;
use air_syntax::{Encoding, TextSize};

use super::special::ERROR_FIELDS;
use crate::Analysis;
use crate::hir::{Accessor, AccessorKind, Hir, Instr, InstrKind, Lens, Operand, OperandKind, Role};
use crate::names::definition::canons_of;
use crate::names::knowing::{Knowing, knowing};
use crate::names::path_text;
use crate::resolve::{Access, BindingId, BindingKind};
use crate::shapes::shapes;

/// More places than this are counted, not listed.
const MOST: usize = 5;

/// A variable: its kind, what makes it, where it is written and canonised, and what is demanded of it.
pub(super) fn variable(analysis: &Analysis, id: BindingId) -> Option<String> {
    let (hir, resolution) = (analysis.hir(), analysis.resolution());
    let binding = resolution.binding(id)?;
    let name = hir.name(binding.name);
    let places = || resolution.occurrences_of(id);
    let first = places().next().and_then(|place| hir.operands.get(place.operand.0 as usize));
    let kind = first.map(|operand| operand.kind).filter(|kind| kind.name() == Some(binding.name));
    let mut text = format!("```air\n{name}\n```\n\n{}", kind_text(name, kind, binding.kind));
    match binding.kind {
        BindingKind::New(new) => {
            if let Some(instr) = hir.instr(new) {
                text.push_str(&format!(
                    "; declared by `new` in line {}",
                    line(analysis, instr.range.start())
                ));
            }
        }
        BindingKind::Iterator(fold) => {
            if let Some(instr) = hir.instr(fold) {
                let iterable = hir.operand(instr, Role::Iterable).map_or("", |it| hir.text_at(it.range));
                text.push_str(&format!(" over `{iterable}` in line {}", line(analysis, instr.range.start())));
            }
        }
        BindingKind::Script => {}
    }
    text.push_str(".\n\n");
    let given = crate::names::definition::declarations_of(analysis, id);
    if binding.kind == BindingKind::Script && !given.is_empty() {
        text.push_str("- supplied by the host\n");
    }
    let writes: Vec<_> = places().filter(|place| place.access == Access::Write).collect();
    for place in writes.iter().take(MOST) {
        if let Some(instr) = hir.instr(place.instr) {
            text.push_str(&format!(
                "- written in line {} by {}\n",
                line(analysis, place.range.start()),
                origin(hir, instr)
            ));
        }
    }
    if writes.len() > MOST {
        text.push_str(&format!("- written {} times more\n", writes.len() - MOST));
    }
    for canon in canons_of(analysis, id).take(MOST) {
        let Some(instr) = hir.instr(canon) else { continue };
        let operand = |role| hir.operand(instr, role).map_or("?", |operand| hir.text_at(operand.range));
        let line = line(analysis, instr.range.start());
        text.push_str(&format!(
            "- canonised as `{}` on `{}` in line {line}\n",
            operand(Role::Target),
            operand(Role::Peer)
        ));
    }
    text.push_str(&known_to(&knowing(analysis, id)));
    let reads = places().filter(|place| place.access == Access::Read).count();
    text.push_str(&match reads {
        0 => "- never read\n".to_owned(),
        1 => "- read once\n".to_owned(),
        reads => format!("- read {reads} times\n"),
    });
    let shape = shapes(hir, resolution).of_variable(id);
    if !shape.root().is_any() {
        text.push_str(&format!("- used as `{shape}`\n"));
    }
    Some(text)
}

/// Where it is set, and where the particle goes with it.
fn known_to(knowing: &Knowing<'_>) -> String {
    let peers: Vec<_> = knowing.set.iter().chain(&knowing.later).collect();
    if peers.is_empty() {
        return String::new();
    }
    let shown: Vec<_> = peers.iter().take(MOST).map(|peer| format!("`{peer}`")).collect();
    let more = match peers.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("- known on {}{more}\n", shown.join(", "))
}

fn kind_text(name: &str, kind: Option<OperandKind>, binding: BindingKind) -> &'static str {
    match (binding, kind) {
        (BindingKind::Iterator(_), _) => "Iterator of the `fold`",
        (_, Some(OperandKind::Stream(_))) => {
            "Stream: values are appended; `canon` fixes them, `fold` walks them as they come"
        }
        (_, Some(OperandKind::StreamMap(_))) => "Stream map: pairs of key and value are appended",
        (_, Some(OperandKind::Canon(_))) => "Canon: the fixed content of a stream",
        (_, Some(OperandKind::CanonMap(_))) => "Canon map: the fixed content of a stream map",
        _ if name.starts_with('$') => "Stream",
        _ => "Scalar: one value, set once",
    }
}

/// `call` with what it calls and where, or the instruction.
fn origin(hir: &Hir, instr: &Instr) -> String {
    let operand = |role| hir.operand(instr, role).map_or("?", |operand| hir.text_at(operand.range));
    match instr.kind {
        InstrKind::Call => format!(
            "`call` of `{} {}` on peer `{}`",
            operand(Role::Service),
            operand(Role::Function),
            operand(Role::Peer)
        ),
        InstrKind::Canon => {
            format!("`canon` of `{}` on peer `{}`", operand(Role::Source), operand(Role::Peer))
        }
        InstrKind::Ap if hir.operand(instr, Role::Key).is_some() => {
            format!("`ap` of `{}` at key `{}`", operand(Role::Value), operand(Role::Key))
        }
        InstrKind::Ap => format!("`ap` of `{}`", operand(Role::Source)),
        _ => format!("`{}`", hir.text_at(instr.keyword)),
    }
}

fn line(analysis: &Analysis, offset: TextSize) -> u32 {
    let LineCol { line, .. } = analysis.line_index().line_col(offset, Encoding::Utf8);
    line + 1
}

/// One step of a lens.
pub(super) fn step(analysis: &Analysis, operand: &Operand, accessor: &Accessor) -> String {
    let hir = analysis.hir();
    let path = path_text(hir, operand, Some(accessor));
    let base = base_text(hir, operand);
    let what = step_text(hir, operand, accessor);
    format!("```air\n{base}.${path}\n```\n\n{}.\n", sentence(&what))
}

/// A whole lens, step by step.
pub(super) fn lens(analysis: &Analysis, operand: &Operand) -> String {
    let hir = analysis.hir();
    let base = base_text(hir, operand);
    if operand.lens == Some(Lens::Length) {
        return format!("```air\n{base}.length\n```\n\n{}.\n", length_text(operand.kind));
    }
    let mut text = format!("Out of `{base}`:\n\n");
    for (number, accessor) in (1..).zip(operand.lens.iter().flat_map(|lens| hir.accessors_of(lens)).take(20))
    {
        text.push_str(&format!("{number}. {}\n", sentence(&step_text(hir, operand, accessor))));
    }
    text
}

/// Begins with a capital letter.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn length_text(kind: OperandKind) -> &'static str {
    match kind {
        OperandKind::Canon(_) => "Number of elements of the canon",
        OperandKind::CanonMap(_) => "Number of pairs of the canon map",
        _ => "Number of elements of the array; fails (10010) if it is none",
    }
}

fn base_text<'h>(hir: &'h Hir, operand: &Operand) -> &'h str {
    hir.text_at(crate::names::base_range(hir, operand))
}

fn step_text(hir: &Hir, operand: &Operand, accessor: &Accessor) -> String {
    let first = operand.lens.as_ref().and_then(|lens| hir.accessors_of(lens).first());
    let first = first.is_some_and(|first| first.range == accessor.range);
    let text = hir.text_at(accessor.range);
    match (accessor.kind, operand.kind) {
        (AccessorKind::Field, OperandKind::Error | OperandKind::LastError) if first => {
            let known = ERROR_FIELDS.iter().find(|(field, _)| *field == text);
            known.map_or_else(
                || format!("field `{text}`, which error objects of AquaVM do not have"),
                |(field, what)| format!("`{field}`: {}", what.trim_end_matches('.')),
            )
        }
        (AccessorKind::Field, OperandKind::CanonMap(_)) if first => {
            format!("array of all values at the key `{text}`; empty if there is none")
        }
        (AccessorKind::Index(index), OperandKind::CanonMap(_)) if first => {
            format!("array of all values at the key {index}; empty if there is none")
        }
        (AccessorKind::Index(index), OperandKind::Canon(_)) if first => {
            format!("element {index} of the canon, counted from 0")
        }
        (AccessorKind::Field, OperandKind::Canon(_)) if first => {
            format!("field `{text}`, which fails: a canon is an array, take an element first")
        }
        (AccessorKind::Field, _) if text == "length" => {
            "field `length` of the object; the length of an array is `.length` alone".to_owned()
        }
        (AccessorKind::Field, _) => format!("field `{text}` of the object"),
        (AccessorKind::Index(index), _) => format!("element {index} of the array, counted from 0"),
        (AccessorKind::Variable(name), _) => format!("element or field that `{}` names", hir.name(name)),
    }
}
