//! Names as the user wrote them in Aqua, where that is not ambiguous, and operands for labels.

use rustc_hash::FxHashMap;

use super::patterns::{Op, Patterns};
use crate::operand_text::write_base;
use air_semantics::hir::{AccessorKind, Hir, Lens, NameId, OperandKind};

/// Longest operand in a label, in characters.
const MOST: usize = 40;

/// What each name is shown as.
pub(super) struct Names<'h> {
    /// Per name: without tag and number of renaming.
    bases: Vec<&'h str>,
    /// Per name: how many bytes of the tag, and where in the name the part to show stands.
    shown: Vec<(u32, u32)>,
}

impl<'h> Names<'h> {
    /// Names are stripped only if no two of the script would then look alike.
    pub(super) fn new(hir: &'h Hir) -> Names<'h> {
        let mut alike: FxHashMap<(&str, &str), u32> = FxHashMap::default();
        for name in hir.names() {
            let (tag, core) = split(name);
            *alike.entry((tag, strip(core))).or_default() += 1;
        }
        let shown = hir.names().map(|name| {
            let (tag, core) = split(name);
            let part = strip(core);
            let only = alike.get(&(tag, part)).copied() == Some(1);
            let part = if only { part } else { core };
            let start = offset_in(name, part);
            (start, start + part.len() as u32)
        });
        let bases = hir.names().map(|name| base(split(name).1)).collect();
        Names { bases, shown: shown.collect() }
    }

    /// The name without tag and number of renaming.
    pub(super) fn base(&self, id: NameId) -> &'h str {
        self.bases.get(id.0 as usize).copied().unwrap_or_default()
    }

    /// Tag and name to show.
    pub(super) fn show(&self, hir: &'h Hir, id: NameId) -> (&'h str, &'h str) {
        let name = hir.name(id);
        let (tag, core) = split(name);
        let range = self.shown.get(id.0 as usize).copied().unwrap_or_default();
        (tag, name.get(range.0 as usize..range.1 as usize).unwrap_or(core))
    }
}

/// Tag characters and the rest.
pub(super) fn split(name: &str) -> (&str, &str) {
    let tag = ["#$", "#%", "#", "$", "%"].into_iter().find(|tag| name.starts_with(tag));
    let at = tag.map_or(0, str::len);
    (name.get(..at).unwrap_or_default(), name.get(at..).unwrap_or(name))
}

/// The name in the Aqua source that a compiler's name (without tag) was made from.
fn strip(core: &str) -> &str {
    let mut core = core;
    loop {
        let shorter = unwrap(core, "-", "-arg-")
            .or_else(|| unwrap(base(core), "-", "-flat"))
            .or_else(|| unwrap(core, "", "_gate"))
            .unwrap_or_else(|| base(core));
        if shorter.len() == core.len() {
            return core;
        }
        core = shorter;
    }
}

fn unwrap<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    text.strip_prefix(before)?.strip_suffix(after).filter(|rest| !rest.is_empty())
}

/// `x-1` → `x`: without the number of a renaming.
pub(super) fn base(core: &str) -> &str {
    let head = core.trim_end_matches(|c: char| c.is_ascii_digit());
    match head.strip_suffix('-') {
        Some(rest) if head.len() < core.len() && rest.contains(char::is_alphabetic) => rest,
        _ => core,
    }
}

fn offset_in(whole: &str, part: &str) -> u32 {
    // `part` is a piece of `whole`.
    (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize) as u32
}

impl Patterns<'_> {
    /// An operand for a label: names stripped, lenses as in Aqua, at most 40 characters.
    pub fn show(&self, op: Op<'_>) -> String {
        let mut text = String::new();
        match op.operand.kind.name() {
            Some(name) => {
                let (tag, core) = self.names().show(self.hir, name);
                text.push_str(tag);
                text.push_str(core);
                self.show_lens(&mut text, op.operand.lens.as_ref());
            }
            None if op.operand.kind == OperandKind::Literal => {
                let literal = self.hir.literal(op.operand);
                let cut = literal.char_indices().nth(MOST - 3).map_or(literal.len(), |(at, _)| at);
                let head = literal.get(..cut).unwrap_or(literal);
                text.push('"');
                text.extend(head.chars().map(|c| if c.is_control() { ' ' } else { c }));
                text.push_str(if cut < literal.len() { "…\"" } else { "\"" });
            }
            None => {
                write_base(&mut text, self.hir, op.operand);
                self.show_lens(&mut text, op.operand.lens.as_ref());
            }
        }
        shorten(text)
    }

    /// The same without the tag: for labels that say what kind of thing it is.
    pub fn show_bare(&self, op: Op<'_>) -> String {
        let text = self.show(op);
        let bare = split(&text).1;
        bare.to_owned()
    }

    /// Operands separated by `, `; the first six of them.
    pub fn show_list<'o>(&self, ops: impl Iterator<Item = Op<'o>>) -> String {
        let mut text = String::new();
        for (at, op) in ops.enumerate() {
            if at > 0 {
                text.push_str(", ");
            }
            if at == 6 {
                text.push('…');
                break;
            }
            text.push_str(&self.show(op));
        }
        text
    }

    fn show_lens(&self, text: &mut String, lens: Option<&Lens>) {
        let Some(lens) = lens else { return };
        if *lens == Lens::Length {
            text.push_str(".length");
        }
        for accessor in self.hir.accessors_of(lens).iter().take(MOST) {
            match accessor.kind {
                AccessorKind::Field => {
                    text.push('.');
                    text.push_str(self.hir.text_at(accessor.range));
                }
                AccessorKind::Index(_) | AccessorKind::Variable(_) => {
                    text.push('[');
                    text.push_str(self.hir.text_at(accessor.range));
                    text.push(']');
                }
            }
        }
    }
}

fn shorten(mut text: String) -> String {
    if let Some((at, _)) = text.char_indices().nth(MOST) {
        text.truncate(at);
        text.push('…');
    }
    text
}
