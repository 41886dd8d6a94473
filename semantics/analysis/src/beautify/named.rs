//! Idioms in the view: what is certain is written by its name, all else as it stands.

use air_semantics::hir::{Hir, Instr, InstrId, InstrKind, Operand};
use air_syntax::{TextRange, TextSize};

use super::BeautifyError;
use super::head::head;
use super::work::Work;
use super::writer::Writer;
use crate::idioms::{Certainty, Idiom, IdiomKind, PayloadNode, PayloadRole};

/// What to write for each instruction that an idiom changes.
pub(super) struct Plan<'i> {
    idioms: &'i [Idiom],
    /// Per instruction; empty without idioms.
    actions: Vec<Action>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Action {
    Plain,
    /// Explained by a line before it.
    Skip,
    /// Only its first branch says something.
    First,
    /// The idiom with that index is written here.
    Idiom(u32),
}

impl<'i> Plan<'i> {
    pub(super) fn new(hir: &Hir, idioms: &'i [Idiom]) -> Plan<'i> {
        let count = if idioms.is_empty() { 0 } else { hir.instrs.len() };
        let mut named = Plan { idioms, actions: vec![Action::Plain; count] };
        for (index, idiom) in (0..).zip(idioms) {
            // An older compiler's hop in the way of an error, and the like: never written at all.
            if idiom.certainty == Certainty::Certain && idiom.part_of.is_none() {
                named.plan(hir, idiom, index);
            }
        }
        named
    }

    fn plan(&mut self, hir: &Hir, idiom: &Idiom, index: u32) {
        let carriers = |kind: InstrKind| {
            let is = move |id: &&InstrId| hir.instr(**id).is_some_and(|instr| instr.kind == kind);
            idiom.carriers.iter().filter(is).copied()
        };
        let root_kind = hir.instr(idiom.root).map(|instr| instr.kind);
        match idiom.kind {
            IdiomKind::For => self.set_all(carriers(InstrKind::Next), Action::Skip),
            IdiomKind::ForMap => {
                self.set_all(carriers(InstrKind::Next), Action::Skip);
                self.set_all(carriers(InstrKind::Ap), Action::Skip);
            }
            IdiomKind::ForTry => self.set_all(carriers(InstrKind::Xor), Action::First),
            IdiomKind::ForPar | IdiomKind::ForRec | IdiomKind::ParSeq => {
                self.set_all(carriers(InstrKind::Par), Action::First);
                if root_kind == Some(InstrKind::Par) {
                    // What stands before the loop is written before it.
                    self.set(idiom.root, Action::First);
                    self.set_all(carriers(InstrKind::Fold), Action::Idiom(index));
                    return;
                }
            }
            IdiomKind::StreamReturn
            | IdiomKind::Length
            | IdiomKind::PushStream
            | IdiomKind::StreamParameter
            | IdiomKind::TracedFunction => self.set_all(idiom.carriers.iter().copied(), Action::Skip),
            IdiomKind::ErrorWrapper
            | IdiomKind::Parameter
            | IdiomKind::Return
            | IdiomKind::Callback
            | IdiomKind::Via
            | IdiomKind::ViaBack
            | IdiomKind::OnBlock
            | IdiomKind::If
            | IdiomKind::IfElse
            | IdiomKind::Arithmetic
            | IdiomKind::Comparison
            | IdiomKind::Freeze
            | IdiomKind::Join
            | IdiomKind::Co => {}
            // Else it is as plain as AquaVM's own form.
            IdiomKind::ParBlock if !idiom.carriers.is_empty() => {}
            // With code of nested expressions inside, these are no longer one line.
            IdiomKind::BooleanOperator
            | IdiomKind::ArrayLiteral
            | IdiomKind::OptionLiteral
            | IdiomKind::StructLiteral
            | IdiomKind::StructCopy
                if root_kind != Some(InstrKind::Call) && bodies(idiom).next().is_none() => {}
            _ => return,
        }
        self.set(idiom.root, Action::Idiom(index));
    }

    fn set_all(&mut self, ids: impl Iterator<Item = InstrId>, to: Action) {
        ids.for_each(|id| self.set(id, to));
    }

    fn set(&mut self, id: InstrId, to: Action) {
        if let Some(action) = self.actions.get_mut(id.0 as usize) {
            *action = to;
        }
    }

    fn action(&self, id: InstrId) -> Action {
        self.actions.get(id.0 as usize).copied().unwrap_or(Action::Plain)
    }

    /// Writes what stands for the instruction; false if it stands for itself.
    pub(super) fn write(
        &self,
        writer: &mut Writer<'_>,
        hir: &Hir,
        id: InstrId,
        depth: u32,
        work: &mut Vec<Work>,
    ) -> Result<bool, BeautifyError> {
        match self.action(id) {
            Action::Plain => return Ok(false),
            Action::Skip => {}
            Action::First => {
                let children = hir.instr(id).map_or(&[][..], |instr| hir.children_of(instr));
                work.extend(children.first().map(|&child| Work::Instr(child, depth)));
            }
            Action::Idiom(index) => {
                let (Some(idiom), Some(instr)) = (self.idioms.get(index as usize), hir.instr(id)) else {
                    return Ok(false);
                };
                let mut at = IdiomWriter { writer, hir, idiom, id, instr, depth, work };
                return at.write(self).map(|()| true);
            }
        }
        Ok(true)
    }
}

/// An idiom about to be written.
struct IdiomWriter<'w, 'a, 'h> {
    writer: &'w mut Writer<'a>,
    hir: &'h Hir,
    idiom: &'h Idiom,
    id: InstrId,
    instr: &'h Instr,
    depth: u32,
    work: &'w mut Vec<Work>,
}

impl IdiomWriter<'_, '_, '_> {
    fn write(&mut self, named: &Plan<'_>) -> Result<(), BeautifyError> {
        use PayloadRole::{Iterator as Item, Left, Name, Peer, Result as Output, Right, Value};
        match self.idiom.kind {
            IdiomKind::ErrorWrapper => {
                self.block(&["try:"], &[])?;
                self.last("on error report to initiator");
                self.bodies();
            }
            IdiomKind::OnBlock if self.has(Peer) => {
                // The peer is taken from a call inside: no part of this line's source.
                let mut head = "on ".to_owned();
                if let Some(peer) = operands(self.hir, self.idiom, Peer).next() {
                    crate::operand_text::write_operand(&mut head, self.hir, peer);
                }
                head.push(':');
                self.block(&[&head], &[])?;
                self.bodies();
            }
            IdiomKind::OnBlock => {
                self.block(&["on …:"], &[])?;
                self.bodies();
            }
            IdiomKind::If | IdiomKind::IfElse => {
                match self.idiom.operator {
                    Some("") => self.block(&["if ", ":"], &[Left])?,
                    Some("not") => self.block(&["if not ", ":"], &[Left])?,
                    Some("!=") => self.block(&["if ", " != ", ":"], &[Left, Right])?,
                    _ => self.block(&["if ", " == ", ":"], &[Left, Right])?,
                }
                self.bodies();
            }
            IdiomKind::For => self.each(":", &[Item, Value])?,
            IdiomKind::ForMap => self.each(":", &[Item, Item, Value])?,
            IdiomKind::ForPar => self.each(" par:", &[Item, Value])?,
            IdiomKind::ForRec => self.each(" rec:", &[Item, Value])?,
            IdiomKind::ForTry => self.each(" try:", &[Item, Value])?,
            IdiomKind::ParSeq => self.each(" parseq:", &[Item, Value])?,
            IdiomKind::Co => self.detached(named)?,
            IdiomKind::ParBlock => {
                self.block(&["par:"], &[])?;
                self.bodies();
            }
            IdiomKind::TracedFunction => {
                self.block(&["function ", ":"], &[Name])?;
                self.bodies();
            }
            IdiomKind::Parameter | IdiomKind::StreamParameter => {
                self.line(&["", " <- parameter "], &[Output, Name])?;
            }
            IdiomKind::Return if self.has(Value) => self.listed(&["return ", ""], &[], "")?,
            IdiomKind::Return => self.line(&["return"], &[])?,
            IdiomKind::Callback if self.has(Output) => {
                self.listed(&["", " <- callback ", " ["], &[Output, Name], "]")?;
            }
            IdiomKind::Callback => self.listed(&["callback ", " ["], &[Name], "]")?,
            IdiomKind::Via => self.line(&["hopon each of "], &[Value])?,
            IdiomKind::ViaBack => self.line(&["hopon each of ", ", last first"], &[Value])?,
            IdiomKind::Join if self.has(Output) => {
                self.line(&["", " <- join ", "[0..", ")"], &[Output, Value, Right])?;
            }
            IdiomKind::Join => self.line(&["join ", "[0..", ")"], &[Value, Right])?,
            IdiomKind::StreamReturn | IdiomKind::Freeze => {
                self.line(&["", " = snapshot of ", " on "], &[Output, Value, Peer])?;
            }
            IdiomKind::Length => self.line(&["", " = ", ".length"], &[Output, Value])?,
            IdiomKind::PushStream => self.line(&["", " << array of "], &[Output, Value])?,
            IdiomKind::BooleanOperator | IdiomKind::Arithmetic | IdiomKind::Comparison => {
                match self.idiom.operator {
                    Some("not") => self.line(&["", " = not "], &[Output, Left])?,
                    sign => {
                        let sign = format!(" {} ", sign.unwrap_or("?"));
                        self.line(&["", " = ", &sign], &[Output, Left, Right])?;
                    }
                }
            }
            IdiomKind::ArrayLiteral => self.listed(&["", " = ["], &[Output], "]")?,
            IdiomKind::OptionLiteral => self.listed(&["", " = ?["], &[Output], "]")?,
            IdiomKind::StructLiteral | IdiomKind::StructCopy => self.object()?,
            // `plan` chooses the kinds.
            _ => {}
        }
        Ok(())
    }

    /// A whole line: texts, with an operand after each but the last of them.
    fn line(&mut self, texts: &[&str], roles: &[PayloadRole]) -> Result<(), BeautifyError> {
        let begun = self.writer.begin(self.depth, self.instr.range.start(), Some(self.id))?;
        self.mixed(texts, roles);
        self.writer.end(begun, self.idiom.range);
        Ok(())
    }

    /// The head of a block.
    fn block(&mut self, texts: &[&str], roles: &[PayloadRole]) -> Result<(), BeautifyError> {
        let start = self.instr.range.start();
        let begun = self.writer.begin(self.depth, start, Some(self.id))?;
        self.mixed(texts, roles);
        let body = bodies(self.idiom).next().map_or(self.instr.range.end(), |(_, range)| range.start());
        let operands = self.idiom.payloads.iter().filter(|payload| roles.contains(&payload.role));
        let end = operands.map(|payload| payload.range.end()).filter(|&end| end <= body).max();
        let head = TextRange::new(start, end.unwrap_or(self.instr.keyword.end()).max(start));
        self.writer.end(begun, head);
        Ok(())
    }

    fn mixed(&mut self, texts: &[&str], roles: &[PayloadRole]) {
        let mut taken = 0;
        for (at, text) in texts.iter().enumerate() {
            self.writer.out.push_str(text);
            let Some(&role) = roles.get(at) else { continue };
            // The second operand of the same role, where it is asked for twice.
            let again = at > 0 && roles.get(at - 1) == Some(&role);
            taken = if again { taken + 1 } else { 0 };
            if again {
                // `k, v`
                self.writer.out.push_str(", ");
            }
            let operand = operands(self.hir, self.idiom, role).nth(taken);
            self.writer.or_missing(self.hir, operand);
        }
    }

    /// A line that ends in the list of values.
    fn listed(&mut self, texts: &[&str], roles: &[PayloadRole], end: &str) -> Result<(), BeautifyError> {
        let begun = self.writer.begin(self.depth, self.instr.range.start(), Some(self.id))?;
        self.mixed(texts, roles);
        let values = operands(self.hir, self.idiom, PayloadRole::Value);
        self.writer.list(self.hir, values);
        self.writer.out.push_str(end);
        self.writer.end(begun, self.idiom.range);
        Ok(())
    }

    fn object(&mut self) -> Result<(), BeautifyError> {
        let begun = self.writer.begin(self.depth, self.instr.range.start(), Some(self.id))?;
        self.mixed(&["", " = {"], &[PayloadRole::Result]);
        let keys = operands(self.hir, self.idiom, PayloadRole::Name);
        let values = operands(self.hir, self.idiom, PayloadRole::Value);
        for (at, (key, value)) in keys.zip(values).enumerate() {
            self.writer.out.push_str(if at > 0 { ", " } else { "" });
            self.writer.operand(self.hir, key);
            self.writer.out.push_str(": ");
            self.writer.operand(self.hir, value);
        }
        self.writer.out.push('}');
        self.writer.end(begun, self.idiom.range);
        Ok(())
    }

    /// `for i in X:` and the loop's body; `next` and the last instruction are implied.
    fn each(&mut self, how: &str, roles: &[PayloadRole]) -> Result<(), BeautifyError> {
        let texts: &[&str] =
            if roles.len() > 2 { &["for ", "", " in ", how] } else { &["for ", " in ", how] };
        self.block(texts, roles)?;
        self.close();
        let body = self.hir.children_of(self.instr).first();
        self.work.extend(body.map(|&body| Work::Instr(body, self.depth.saturating_add(1))));
        Ok(())
    }

    /// `co call …` on one line, or a block.
    fn detached(&mut self, named: &Plan<'_>) -> Result<(), BeautifyError> {
        let Some((body, _)) = bodies(self.idiom).next() else { return Ok(()) };
        let leaf = self.hir.instr(body).filter(|instr| {
            instr.children.is_empty() && named.action(body) == Action::Plain && instr.kind != InstrKind::Seq
        });
        let Some(leaf) = leaf else {
            self.block(&["co:"], &[])?;
            self.bodies();
            return Ok(());
        };
        let begun = self.writer.begin(self.depth, self.instr.range.start(), Some(body))?;
        self.writer.out.push_str("co ");
        head(self.writer, self.hir, leaf);
        self.writer.end(begun, self.instr.range);
        Ok(())
    }

    /// Leaves the bodies to be written, each group after its word.
    fn bodies(&mut self) {
        self.close();
        let inner = self.depth.saturating_add(1);
        let first = self.work.len();
        let mut before = None;
        for payload in &self.idiom.payloads {
            let PayloadNode::Instr(id) = payload.node else { continue };
            if payload.role == PayloadRole::Otherwise {
                let gap = TextRange::empty(payload.range.start());
                self.work.push(Work::Word("else:", self.depth, self.id, gap));
            }
            if let Some(end) = before.filter(|_| self.idiom.kind == IdiomKind::ParBlock) {
                let gap = TextRange::new(end, payload.range.start().max(end));
                self.work.push(Work::Word("|", self.depth, self.id, gap));
            }
            before = Some(payload.range.end());
            self.work.push(Work::Instr(id, inner));
        }
        if let Some(pushed) = self.work.get_mut(first..) {
            pushed.reverse();
        }
    }

    /// A line after the bodies.
    fn last(&mut self, word: &'static str) {
        let body = bodies(self.idiom).last().map_or(self.instr.range.end(), |(_, range)| range.end());
        let gap = TextRange::new(body, self.instr.range.end().max(body));
        self.work.push(Work::Word(word, self.depth, self.id, gap));
    }

    fn close(&mut self) {
        let end: TextSize = self.instr.range.end();
        self.work.push(Work::Close(end, self.depth.saturating_add(1), self.depth));
    }

    fn has(&self, role: PayloadRole) -> bool {
        self.idiom.payloads.iter().any(|payload| payload.role == role)
    }
}

fn operands<'h>(hir: &'h Hir, idiom: &'h Idiom, role: PayloadRole) -> impl Iterator<Item = &'h Operand> {
    idiom.payloads.iter().filter(move |payload| payload.role == role).filter_map(|payload| {
        match payload.node {
            PayloadNode::Operand(id) => hir.operands.get(id.0 as usize),
            PayloadNode::Instr(_) => None,
        }
    })
}

/// Instructions that the author wrote in it.
fn bodies(idiom: &Idiom) -> impl Iterator<Item = (InstrId, TextRange)> {
    idiom.payloads.iter().filter_map(|payload| match payload.node {
        PayloadNode::Instr(id) => Some((id, payload.range)),
        PayloadNode::Operand(_) => None,
    })
}
