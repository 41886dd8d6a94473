//! The outline of a script: what an editor lists as its symbols.
//!
//! Chains of `seq` are lists, idioms stand under their names with only what the user wrote inside,
//! and `null` and `next` are left out: compiler output of a hundred levels becomes a tree of a few.

mod names;

use air_analysis::Analysis;
use air_analysis::idioms::{HostNames, Idiom, IdiomKind, Patterns, PayloadNode};
use air_semantics::hir::{Hir, Instr, InstrId, InstrKind, Role};
use air_syntax::TextRange;

/// More items than this are not listed; the last one then says how many instructions are left out.
pub const MAX_ITEMS: usize = 20_000;

/// Items deeper than this stand beside their parent: editors recurse over symbols.
pub const MAX_LEVELS: u32 = 100;

/// One line of the outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutlineItem {
    /// What is listed: `call -relay- op.noop`, `fold peers p`, or an idiom's label.
    pub name: String,
    /// What it is: the kind of instruction at its root.
    pub instr_kind: InstrKind,
    /// The idiom, if it is one.
    pub idiom: Option<IdiomKind>,
    /// The instruction; none for the item that ends a cut outline.
    pub instr: Option<InstrId>,
    /// The whole of it.
    pub range: TextRange,
    /// What to select when it is chosen: its keyword or most telling operand; within `range`.
    pub selection: TextRange,
    /// Index of the item that it belongs to; smaller than its own.
    pub parent: Option<u32>,
    /// One after the index of the last item that belongs to it, directly or not.
    pub end: u32,
}

/// Lists a script: parents before children, in text order.
pub fn outline(analysis: &Analysis) -> Vec<OutlineItem> {
    outline_with(analysis, MAX_ITEMS)
}

enum Task {
    Enter {
        id: InstrId,
        parent: Option<u32>,
        depth: u32,
    },
    /// A branch that is listed under a name of its own.
    Group {
        name: String,
        id: InstrId,
        parent: Option<u32>,
        depth: u32,
    },
    Leave(u32),
}

fn outline_with(analysis: &Analysis, max_items: usize) -> Vec<OutlineItem> {
    let host = HostNames::default();
    let hir = analysis.hir();
    let patterns = Patterns::new(hir, &host);
    let idioms = analysis.idioms();
    let mut idiom_of: Vec<Option<&Idiom>> = vec![None; hir.instrs.len()];
    let mut hidden = vec![false; hir.instrs.len()];
    for idiom in idioms {
        for carrier in &idiom.carriers {
            if let Some(slot) = hidden.get_mut(carrier.0 as usize) {
                *slot = true;
            }
        }
        if let Some(slot) = idiom_of.get_mut(idiom.root.0 as usize) {
            *slot = Some(idiom);
        }
    }
    let mut list = OutlineBuilder { hir, items: Vec::new(), max_items, left_out: 0, stack: Vec::new() };
    let roots = hir.roots.iter().rev().map(|&id| Task::Enter { id, parent: None, depth: 0 });
    list.stack.extend(roots);
    while let Some(task) = list.stack.pop() {
        match task {
            Task::Leave(index) => {
                let end = list.items.len() as u32;
                if let Some(item) = list.items.get_mut(index as usize) {
                    item.end = end;
                }
            }
            Task::Group { name, id, parent, depth } => {
                let (parent, depth) = list.item(name, id, None, parent, depth);
                list.stack.push(Task::Enter { id, parent, depth });
            }
            Task::Enter { id, parent, depth } => {
                let Some(instr) = hir.instr(id) else { continue };
                let skipped = hidden.get(id.0 as usize).copied().unwrap_or(false);
                if instr.kind == InstrKind::Seq {
                    let steps = patterns.steps(id).iter().rev();
                    list.stack.extend(steps.map(|&id| Task::Enter { id, parent, depth }));
                } else if !skipped && !matches!(instr.kind, InstrKind::Null | InstrKind::Next) {
                    let idiom = idiom_of.get(id.0 as usize).copied().flatten();
                    let name = names::name(&patterns, id, idiom);
                    let (parent, depth) = list.item(name, id, idiom, parent, depth);
                    list.inside(&patterns, instr, idiom, parent, depth);
                }
            }
        }
    }
    if list.left_out > 0 {
        let rest = rest(hir, list.items.len(), list.left_out);
        list.items.push(rest);
    }
    list.items
}

struct OutlineBuilder<'h> {
    hir: &'h Hir,
    items: Vec<OutlineItem>,
    max_items: usize,
    left_out: usize,
    stack: Vec<Task>,
}

impl OutlineBuilder<'_> {
    /// Lists an instruction: the parent and depth of what is inside it.
    fn item(
        &mut self,
        name: String,
        id: InstrId,
        idiom: Option<&Idiom>,
        parent: Option<u32>,
        depth: u32,
    ) -> (Option<u32>, u32) {
        let Some(instr) = self.hir.instr(id) else { return (parent, depth) };
        if self.items.len() >= self.max_items {
            self.left_out += 1;
            return (parent, depth);
        }
        let index = self.items.len() as u32;
        self.items.push(OutlineItem {
            name,
            instr_kind: instr.kind,
            idiom: idiom.map(|idiom| idiom.kind),
            instr: Some(id),
            range: idiom.map_or(instr.range, |idiom| idiom.range),
            selection: selection(self.hir, instr),
            parent,
            end: index + 1,
        });
        if depth >= MAX_LEVELS {
            return (parent, depth);
        }
        self.stack.push(Task::Leave(index));
        (Some(index), depth + 1)
    }

    /// Leaves what is inside an instruction to be listed.
    fn inside(
        &mut self,
        patterns: &Patterns<'_>,
        instr: &Instr,
        idiom: Option<&Idiom>,
        parent: Option<u32>,
        depth: u32,
    ) {
        let Some(idiom) = idiom else {
            let children = self.hir.children_of(instr).iter().rev();
            self.stack.extend(children.map(|&id| Task::Enter { id, parent, depth }));
            return;
        };
        let bodies = idiom.payloads.iter().filter_map(|payload| match payload.node {
            PayloadNode::Instr(id) => Some((payload.role, id)),
            PayloadNode::Operand(_) => None,
        });
        let first = self.stack.len();
        for (number, (role, id)) in (1..).zip(bodies) {
            self.stack.push(match names::branch(patterns, idiom.kind, role, id, number) {
                Some(name) => Task::Group { name, id, parent, depth },
                None => Task::Enter { id, parent, depth },
            });
        }
        if let Some(pushed) = self.stack.get_mut(first..) {
            pushed.reverse();
        }
    }
}

/// The item that stands for all that are not listed.
fn rest(hir: &Hir, index: usize, left_out: usize) -> OutlineItem {
    let last = hir.roots.last().and_then(|&root| hir.instr(root));
    let end = last.map_or(TextRange::default(), |root| TextRange::empty(root.range.end()));
    OutlineItem {
        name: format!("… {left_out} more instructions are not listed"),
        instr_kind: InstrKind::Unknown,
        idiom: None,
        instr: None,
        range: end,
        selection: end,
        parent: None,
        end: index as u32 + 1,
    }
}

fn selection(hir: &Hir, instr: &Instr) -> TextRange {
    let role = match instr.kind {
        InstrKind::Call => Role::Function,
        InstrKind::New => Role::Declared,
        InstrKind::Fold => Role::Iterator,
        _ => return instr.keyword,
    };
    hir.operand(instr, role).map_or(instr.keyword, |operand| operand.range)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(text: &str, max_items: usize, tree: Expect) {
        let items = outline_with(&Analysis::new(text), max_items);
        let mut depth: Vec<usize> = Vec::new();
        let mut shown = String::new();
        for (index, item) in items.iter().enumerate() {
            let level = item.parent.map_or(0, |parent| depth[parent as usize] + 1);
            depth.push(level);
            assert!(item.range.contains_range(item.selection), "{item:?}");
            assert!(item.end as usize > index && item.end as usize <= items.len());
            let selected = text.get(usize::from(item.selection.start())..usize::from(item.selection.end()));
            shown.push_str(&format!("{}{} <{}>\n", "  ".repeat(level), item.name, selected.unwrap()));
        }
        tree.assert_eq(&shown);
    }

    #[test]
    fn plain_scripts() {
        let script = r#"
(seq
 (seq
  (call -relay- ("op" "identity") ["a"] x)
  (seq (null) (ap x $s)))
 (fold xs i
  (par
   (new #c (seq (call i (x.$.id "f") []) (fail 1 "no")))
   (next i))))"#;
        check(
            script,
            100,
            expect![[r#"
            call -relay- op.identity → x <"identity">
            s << x <ap>
            for i in xs par <i>
              new #c <#c>
                call i x.id.f <"f">
                fail 1 "no" <fail>
        "#]],
        );
    }

    #[test]
    fn branches_have_names() {
        let script = r#"
(xor
 (par
  (seq (call "a" ("s" "f") [] x) (call "a" ("s" "g") [x]))
  (call "b" ("s" "f") []))
 (seq (ap :error:.$.message why) (call "c" ("s" "f") [why])))"#;
        check(
            script,
            100,
            expect![[r#"
            try … catch <xor>
              par <par>
                branch 1 <seq>
                  call "a" s.f → x <"f">
                  call "a" s.g <"g">
                call "b" s.f <"f">
              catch <seq>
                ap :error:.message → why <ap>
                call "c" s.f <"f">
        "#]],
        );
    }

    #[test]
    fn frames_and_carriers_are_not_listed() {
        let script = r#"
(xor
 (seq
  (call %init_peer_id% ("getDataSrv" "user") [] -user-arg-)
  (new $array-inline
   (seq (ap -user-arg- $array-inline) (canon %init_peer_id% $array-inline #array-inline-0))))
 (call %init_peer_id% ("errorHandlingSrv" "error") [:error: 0]))"#;
        check(
            script,
            100,
            expect![[r#"
            entry point: errors → errorHandlingSrv.error <xor>
              parameter user <"user">
              #array-inline = [user] <$array-inline>
        "#]],
        );
    }

    #[test]
    fn broken_and_cut() {
        check(
            "(call) (seq (bad",
            100,
            expect![[r#"
                call ? ?.? <call>
                ? bad <bad>
            "#]],
        );
        check(
            "(seq (seq (ap 1 x) (ap 2 x)) (ap 3 x))",
            1,
            expect![[r#"
            ap 1 → x <ap>
            … 2 more instructions are not listed <>
        "#]],
        );
    }

    #[test]
    fn deep_scripts_stay_shallow() {
        let text = "(new $s ".repeat(500) + "(null)" + &")".repeat(500);
        let items = outline(&Analysis::new(text));
        let mut depth: Vec<u32> = Vec::new();
        for item in &items {
            depth.push(item.parent.map_or(0, |parent| depth[parent as usize] + 1));
        }
        assert_eq!((items.len(), depth.iter().max()), (500, Some(&MAX_LEVELS)));
    }
}
