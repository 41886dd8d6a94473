//! One instruction as one line, as AquaVM's beautifier writes it.

use air_semantics::hir::{Hir, Instr, InstrKind, Role};
use air_syntax::TextRange;

use super::writer::Writer;

/// Writes the line of an instruction, without its children.
pub(super) fn head(writer: &mut Writer<'_>, hir: &Hir, instr: &Instr) {
    match instr.kind {
        InstrKind::Call => {
            if let Some(output) = hir.operand(instr, Role::Output) {
                writer.operand(hir, output);
                writer.out.push_str(" <- ");
            }
            writer.out.push_str("call ");
            writer.role(hir, instr, Role::Peer);
            writer.out.push_str(" (");
            writer.role(hir, instr, Role::Service);
            writer.out.push_str(", ");
            writer.role(hir, instr, Role::Function);
            writer.out.push_str(") [");
            let arguments = hir.operands_of(instr).iter().filter(|operand| operand.role == Role::Argument);
            writer.list(hir, arguments);
            writer.out.push(']');
        }
        InstrKind::Canon => words(writer, hir, instr, "canon", &[Role::Peer, Role::Source, Role::Target]),
        InstrKind::Ap if hir.operand(instr, Role::Key).is_some() => {
            writer.out.push_str("ap (");
            writer.role(hir, instr, Role::Key);
            writer.out.push(' ');
            writer.role(hir, instr, Role::Value);
            writer.out.push_str(") ");
            writer.role(hir, instr, Role::Target);
        }
        InstrKind::Ap => words(writer, hir, instr, "ap", &[Role::Source, Role::Target]),
        InstrKind::Next => words(writer, hir, instr, "next", &[Role::Iterator]),
        InstrKind::Fail if hir.operand(instr, Role::FailCode).is_some() => {
            words(writer, hir, instr, "fail", &[Role::FailCode, Role::FailText]);
        }
        InstrKind::Fail => words(writer, hir, instr, "fail", &[Role::Failure]),
        InstrKind::Null => writer.out.push_str("null"),
        InstrKind::Never => writer.out.push_str("never"),
        InstrKind::Par => writer.out.push_str("par:"),
        InstrKind::Xor => writer.out.push_str("try:"),
        InstrKind::Match => block(writer, hir, instr, "match", &[Role::Left, Role::Right]),
        InstrKind::Mismatch => block(writer, hir, instr, "mismatch", &[Role::Left, Role::Right]),
        InstrKind::Fold => block(writer, hir, instr, "fold", &[Role::Iterable, Role::Iterator]),
        InstrKind::New => block(writer, hir, instr, "new", &[Role::Declared]),
        InstrKind::Unknown => {
            writer.out.push_str("? ");
            writer.out.push_str(excerpt(hir, instr));
        }
        InstrKind::Seq => {}
    }
}

fn words(writer: &mut Writer<'_>, hir: &Hir, instr: &Instr, word: &str, roles: &[Role]) {
    writer.out.push_str(word);
    for &role in roles {
        writer.out.push(' ');
        writer.role(hir, instr, role);
    }
}

fn block(writer: &mut Writer<'_>, hir: &Hir, instr: &Instr, word: &str, roles: &[Role]) {
    words(writer, hir, instr, word, roles);
    writer.out.push(':');
}

/// What the line of an instruction shows of the source.
pub(super) fn head_range(hir: &Hir, instr: &Instr) -> TextRange {
    if instr.children.is_empty() {
        return instr.range;
    }
    let last = hir.operands_of(instr).last().map_or(instr.keyword, |operand| operand.range);
    let start = instr.range.start();
    TextRange::new(start, last.end().max(start))
}

/// The beginning of an unknown list: its first line, up to its first child.
fn excerpt<'h>(hir: &'h Hir, instr: &Instr) -> &'h str {
    const MAX_CHARS: usize = 80;
    let child = hir.children_of(instr).first().and_then(|&child| hir.instr(child));
    let end = child.map_or(instr.range.end(), |child| child.range.start());
    let text = hir.text_at(TextRange::new(instr.range.start(), end.max(instr.range.start())));
    let text = text.strip_prefix('(').unwrap_or(text);
    let line = text.lines().next().unwrap_or_default().trim_end();
    let cut = line.char_indices().nth(MAX_CHARS).map_or(line.len(), |(at, _)| at);
    line.get(..cut).unwrap_or(line)
}
