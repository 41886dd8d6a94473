//! The walk: which lines an instruction makes.

use air_semantics::hir::{Hir, Instr, InstrId, InstrKind, Role};
use air_syntax::{TextRange, TextSize};

use super::comments::Comment;
use super::head::{head, head_range};
use super::named::Plan;
use super::work::Work;
use super::writer::Writer;
use super::{BeautifyError, BeautifyOptions, View};
use crate::idioms::{Idiom, hop_canon};

pub(super) fn write(
    hir: &Hir,
    options: &BeautifyOptions,
    comments: &[Comment],
    idioms: &[Idiom],
    limit: usize,
) -> Result<View, BeautifyError> {
    let named = Plan::new(hir, idioms);
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
