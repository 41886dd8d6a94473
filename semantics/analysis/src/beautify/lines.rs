//! The walk: which lines an instruction makes.

use air_syntax::{TextRange, TextSize};

use super::comments::Comment;
use super::named::Named;
use super::writer::Writer;
use super::{BeautifyError, BeautifyOptions, View};
use crate::idioms::{Idiom, hop_canon};
use air_semantics::hir::{Hir, Instr, InstrId, InstrKind, Role};

/// What is still to be written, innermost last.
pub(super) enum Work {
    Instr(InstrId, u32),
    /// A line of its own between two children: `|`, `catch:`, `last:` and the like.
    Word(&'static str, u32, InstrId, TextRange),
    /// A child that a broken script lacks.
    Missing(u32, InstrId, TextSize),
    /// The end of an instruction with children: comments left in it at the first depth, one behind
    /// its bracket at the second.
    Close(TextSize, u32, u32),
}

pub(super) fn write(
    hir: &Hir,
    options: &BeautifyOptions,
    comments: &[Comment],
    idioms: &[Idiom],
    limit: usize,
) -> Result<View, BeautifyError> {
    let named = Named::new(hir, idioms);
    let mut writer = Writer::new(&hir.text, comments, options.indent_step, limit);
    let mut work: Vec<Work> = Vec::new();
    work.push(Work::Close(TextSize::of(&*hir.text), 0, 0));
    work.extend(hir.roots.iter().rev().map(|&root| Work::Instr(root, 0)));
    while let Some(next) = work.pop() {
        match next {
            Work::Instr(id, depth) => {
                let Some(instr) = hir.instr(id) else { continue };
                if named.write(&mut writer, hir, id, depth, &mut work)? {
                    continue;
                }
                if (options.patterns || options.idioms) && hop_on(&mut writer, hir, id, instr, depth)? {
                    continue;
                }
                instruction(&mut writer, hir, id, instr, depth, &mut work)?;
            }
            Work::Word(word, depth, id, gap) => {
                let begun = writer.begin(depth, gap.start(), Some(id))?;
                writer.out.push_str(word);
                writer.close(begun, gap);
            }
            Work::Missing(depth, id, at) => {
                let begun = writer.begin(depth, at, Some(id))?;
                writer.out.push('?');
                writer.close(begun, TextRange::empty(at));
            }
            Work::Close(end, inner, depth) => {
                writer.comments_before(end, inner)?;
                writer.comment_behind(end, depth)?;
            }
        }
    }
    Ok(writer.finish())
}

/// `hopon PEER`, if the instruction is AquaVM's pattern for it.
fn hop_on(
    writer: &mut Writer<'_>,
    hir: &Hir,
    id: InstrId,
    instr: &Instr,
    depth: u32,
) -> Result<bool, BeautifyError> {
    let Some(canon) = hop_canon(hir, instr) else { return Ok(false) };
    let begun = writer.begin(depth, instr.range.start(), Some(id))?;
    writer.out.push_str("hopon ");
    writer.role(hir, canon, Role::Peer);
    writer.end(begun, instr.range);
    Ok(true)
}

fn instruction(
    writer: &mut Writer<'_>,
    hir: &Hir,
    id: InstrId,
    instr: &Instr,
    depth: u32,
    work: &mut Vec<Work>,
) -> Result<(), BeautifyError> {
    let (between, wanted) = match instr.kind {
        InstrKind::Seq => (None, 2),
        InstrKind::Par => (Some("|"), 2),
        InstrKind::Xor => (Some("catch:"), 2),
        InstrKind::Fold => (Some("last:"), 1),
        InstrKind::New | InstrKind::Match | InstrKind::Mismatch => (None, 1),
        _ => (None, 0),
    };
    let children = hir.children_of(instr);
    let inner = if instr.kind == InstrKind::Seq { depth } else { depth.saturating_add(1) };
    if instr.kind != InstrKind::Seq {
        let begun = writer.begin(depth, instr.range.start(), Some(id))?;
        head(writer, hir, instr);
        writer.end(begun, head_range(hir, instr));
    }
    if children.is_empty() && wanted == 0 {
        return Ok(());
    }
    // From last to first: the stack turns it around.
    work.push(Work::Close(instr.range.end(), inner, depth));
    for _ in children.len()..wanted {
        work.push(Work::Missing(inner, id, instr.range.end()));
        if let Some(word) = between {
            work.push(Work::Word(word, depth, id, TextRange::empty(instr.range.end())));
        }
    }
    if children.is_empty() && between.is_some() {
        // No word before the first of the missing.
        work.pop();
    }
    for (at, &child) in children.iter().enumerate().rev() {
        work.push(Work::Instr(child, inner));
        let before = at.checked_sub(1).and_then(|at| hir.instr(*children.get(at)?));
        if let (Some(word), Some(before)) = (between, before) {
            let start = before.range.end();
            let end = hir.instr(child).map_or(start, |child| child.range.start());
            work.push(Work::Word(word, depth, id, TextRange::new(start, end.max(start))));
        }
    }
    Ok(())
}

/// The line of an instruction.
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
fn head_range(hir: &Hir, instr: &Instr) -> TextRange {
    if instr.children.is_empty() {
        return instr.range;
    }
    let last = hir.operands_of(instr).last().map_or(instr.keyword, |operand| operand.range);
    let start = instr.range.start();
    TextRange::new(start, last.end().max(start))
}

/// The beginning of an unknown list: its first line, up to its first child.
fn excerpt<'h>(hir: &'h Hir, instr: &Instr) -> &'h str {
    const MOST: usize = 80;
    let child = hir.children_of(instr).first().and_then(|&child| hir.instr(child));
    let end = child.map_or(instr.range.end(), |child| child.range.start());
    let text = hir.text_at(TextRange::new(instr.range.start(), end.max(instr.range.start())));
    let text = text.strip_prefix('(').unwrap_or(text);
    let line = text.lines().next().unwrap_or_default().trim_end();
    let cut = line.char_indices().nth(MOST).map_or(line.len(), |(at, _)| at);
    line.get(..cut).unwrap_or(line)
}
