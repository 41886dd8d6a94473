//! Operands as labels show them.

use air_semantics::hir::{AccessorKind, Lens, OperandKind};
use air_syntax::shorten::shorten;

use super::names::split;
use super::patterns::{Op, Patterns};
use crate::operand_text::write_base;

/// Longest operand in a label.
const MAX_CHARS: usize = 40;

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
                let cut = literal.char_indices().nth(MAX_CHARS - 3).map_or(literal.len(), |(at, _)| at);
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
        shorten(&text, MAX_CHARS).into_owned()
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
        for accessor in self.hir.accessors_of(lens).iter().take(MAX_CHARS) {
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

#[cfg(test)]
mod tests {
    use air_semantics::Script;
    use air_semantics::hir::Role;

    use super::*;
    use crate::idioms::HostNames;

    /// The source of an `ap`, as a label shows it.
    fn shown(source: &str) -> String {
        let script = Script::new(format!("(ap {source} target)"));
        let (hir, host) = (script.hir(), HostNames::default());
        let patterns = Patterns::new(hir, &host);
        patterns.show(patterns.op(hir.roots[0], Role::Source).unwrap())
    }

    #[test]
    fn names_and_lenses_as_in_aqua() {
        assert_eq!(shown("-user-arg-.$.name"), "user.name");
        assert_eq!(shown("xs-0.$.[1].peer"), "xs[1].peer");
        assert_eq!(shown("#xs.length"), "#xs.length");
        assert_eq!(shown("%init_peer_id%"), "%init_peer_id%");
    }

    #[test]
    fn long_operands_are_cut() {
        assert_eq!(shown(&format!("\"{}\"", "ж".repeat(50))), format!("\"{}…\"", "ж".repeat(MAX_CHARS - 3)));
        assert_eq!(shown(&"n".repeat(50)), format!("{}…", "n".repeat(MAX_CHARS)));
        assert_eq!(shown("\"two\nlines\""), "\"two lines\"");
    }
}
