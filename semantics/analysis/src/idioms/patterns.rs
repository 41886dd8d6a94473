//! What the templates ask of a script: steps of a `seq`, operands, bindings, calls.

use air_semantics::hir::{Hir, Instr, InstrId, InstrKind, Lens, Operand, OperandId, OperandKind, Role};

use super::host_names::HostNames;
use super::names::{self, Names};
use super::scope::{Scope, Uses};

/// A script, prepared for matching.
pub struct Patterns<'h> {
    /// The script; operands and instructions are those of this HIR.
    pub hir: &'h Hir,
    /// How its host's services are called.
    pub host: &'h HostNames,
    scope: Scope,
    names: Names<'h>,
    /// Leaves of all maximal trees of `seq`, tree after tree.
    steps: Vec<InstrId>,
    /// Per `seq`: its part of `steps`; for others: start = end = 0.
    spans: Vec<(u32, u32)>,
    /// Per step: its place in `steps` and the end of its tree; 0, 0 for what stands alone.
    places: Vec<(u32, u32)>,
    /// Every id once, so that one instruction can be seen as a list of one step.
    ids: Vec<InstrId>,
    /// How many `:error:` and `%last_error%` stand before each operand.
    errors_before: Vec<u32>,
    compiled: bool,
    reporters: i64,
}

/// An operand and its id.
#[derive(Clone, Copy)]
pub struct Op<'h> {
    /// Where it stands in the HIR.
    pub id: OperandId,
    /// What stands there.
    pub operand: &'h Operand,
}

impl<'h> Patterns<'h> {
    /// Numbers the instructions in the order of the text.
    pub fn new(hir: &'h Hir, host: &'h HostNames) -> Patterns<'h> {
        let count = hir.instrs.len();
        let mut patterns = Patterns {
            hir,
            host,
            scope: Scope::new(hir),
            names: Names::new(hir),
            steps: Vec::with_capacity(count),
            spans: vec![(0, 0); count],
            places: vec![(0, 0); count],
            ids: (0..count as u32).map(InstrId).collect(),
            errors_before: Vec::with_capacity(hir.operands.len() + 1),
            compiled: hir.names().any(|name| reserved(names::split(name).1)),
            reporters: 0,
        };
        patterns.flatten();
        patterns.errors();
        patterns.reporters = patterns.ids.iter().filter_map(|&id| patterns.reporter(id)).max().unwrap_or(0);
        patterns
    }

    /// Parents before children, in text order.
    pub fn preorder(&self) -> &[InstrId] {
        &self.scope.preorder
    }

    pub(super) fn names(&self) -> &Names<'h> {
        &self.names
    }

    /// Whether some name proves that the compiler wrote the script.
    pub fn compiled(&self) -> bool {
        self.compiled
    }

    /// Largest number of an error reporter in the output of an old compiler; 0 in others.
    pub fn reporters(&self) -> i64 {
        self.reporters
    }

    /// Whether it reports an error to the initiator's error handler.
    pub(super) fn is_report(&self, id: InstrId) -> bool {
        self.host_call(id, &self.host.errors) == Some(&*self.host.error)
            && self.op(id, Role::Output).is_none()
            && self.arguments(id).next().is_some_and(|error| self.is_error(error))
    }

    /// The number of a reporter: older compilers number their wrappers in the order of generation.
    pub(super) fn reporter(&self, id: InstrId) -> Option<i64> {
        if !self.is(id, InstrKind::Call) || !self.is_report(id) {
            return None;
        }
        match self.arguments(id).nth(1)?.operand.kind {
            OperandKind::Int(number) => Some(number),
            _ => None,
        }
    }

    /// The instruction of that id.
    pub fn instr(&self, id: InstrId) -> Option<&'h Instr> {
        self.hir.instr(id)
    }

    /// What it is; unknown if it holds instructions that do not belong there, as in a broken script.
    pub fn kind(&self, id: InstrId) -> Option<InstrKind> {
        use InstrKind::{Ap, Call, Canon, Fail, Never, Next, Null, Unknown};
        self.instr(id).map(|instr| match instr.kind {
            Call | Canon | Ap | Fail | Next | Null | Never if !instr.children.is_empty() => Unknown,
            kind => kind,
        })
    }

    /// Whether the instruction is of that kind.
    pub fn is(&self, id: InstrId, kind: InstrKind) -> bool {
        self.kind(id) == Some(kind)
    }

    /// The instructions directly in it, in text order.
    pub fn children(&self, id: InstrId) -> &'h [InstrId] {
        self.instr(id).map_or(&[], |instr| self.hir.children_of(instr))
    }

    /// Both children of a `seq`, `par` or `xor`.
    pub fn pair(&self, id: InstrId) -> Option<(InstrId, InstrId)> {
        match self.children(id) {
            [left, right] => Some((*left, *right)),
            _ => None,
        }
    }

    /// The child of a `new` or `match`.
    pub fn only(&self, id: InstrId) -> Option<InstrId> {
        match self.children(id) {
            [child] => Some(*child),
            _ => None,
        }
    }

    /// What runs one after another: leaves of a tree of `seq`, or the instruction itself.
    pub fn steps(&self, id: InstrId) -> &[InstrId] {
        let at = id.0 as usize;
        if self.is(id, InstrKind::Seq) {
            let (start, end) = self.spans.get(at).copied().unwrap_or_default();
            self.steps.get(start as usize..end as usize).unwrap_or_default()
        } else {
            self.ids.get(at..=at).unwrap_or_default()
        }
    }

    /// Steps that follow this one in its tree of `seq`.
    pub fn following(&self, id: InstrId) -> &[InstrId] {
        let (at, end) = self.places.get(id.0 as usize).copied().unwrap_or_default();
        self.steps.get(at as usize + 1..end as usize).unwrap_or_default()
    }

    /// The last steps before this one in its tree of `seq`, at most so many.
    pub(super) fn preceding(&self, id: InstrId, most: usize) -> &[InstrId] {
        let (at, end) = self.places.get(id.0 as usize).copied().unwrap_or_default();
        let before = self.steps.get(..at as usize).unwrap_or_default();
        let end_of = |step: &InstrId| self.places.get(step.0 as usize).map(|(_, end)| *end);
        let same = before.iter().rev().take(most).take_while(|step| end_of(step) == Some(end)).count();
        before.get(before.len() - same..).unwrap_or_default()
    }

    /// What runs after it, if `seq`s around it say so.
    pub fn next_step(&self, id: InstrId) -> Option<InstrId> {
        self.following(id).first().copied()
    }

    /// Its operands, in text order.
    pub fn ops(&self, id: InstrId) -> impl Iterator<Item = Op<'h>> {
        let (start, operands) =
            self.instr(id).map_or((0, &[][..]), |instr| (instr.operands.start, self.hir.operands_of(instr)));
        (start..).zip(operands).map(|(at, operand)| Op { id: OperandId(at), operand })
    }

    /// The first operand with that role.
    pub fn op(&self, id: InstrId, role: Role) -> Option<Op<'h>> {
        self.ops(id).find(|op| op.operand.role == role)
    }

    /// The arguments of a call.
    pub fn arguments(&self, id: InstrId) -> impl Iterator<Item = Op<'h>> {
        self.ops(id).filter(|op| op.operand.role == Role::Argument)
    }

    /// Whether a call has no arguments: in broken scripts an argument may be there that is not an operand.
    pub fn no_arguments(&self, id: InstrId) -> bool {
        let Some(instr) = self.instr(id) else { return false };
        let Some(function) = self.op(id, Role::Function) else { return false };
        let end = self.op(id, Role::Output).map_or(instr.range.end(), |op| op.operand.range.start());
        let start = function.operand.range.end();
        // `)[])` and spaces; what holds more ends the look.
        let rest = self.hir.text_at(air_syntax::TextRange::new(start, end.max(start)));
        rest.chars().all(|c| matches!(c, ')' | '[' | ']') || c.is_whitespace())
    }

    /// Text of a literal operand.
    pub fn literal(&self, op: Op<'h>) -> Option<&'h str> {
        (op.operand.kind == OperandKind::Literal).then(|| self.hir.literal(op.operand))
    }

    /// The same variable, without lenses.
    pub fn same(&self, a: Op<'_>, b: Op<'_>) -> bool {
        a.operand.kind.name().is_some()
            && a.operand.lens.is_none()
            && b.operand.lens.is_none()
            && self.same_base(a, b)
    }

    /// The same variable, whatever is taken out of it.
    pub fn same_base(&self, a: Op<'_>, b: Op<'_>) -> bool {
        a.operand.kind == b.operand.kind && self.scope.binding(a.id.0) == self.scope.binding(b.id.0)
    }

    /// The `new` that the operand's name belongs to.
    pub fn declared_by(&self, op: Op<'_>) -> Option<InstrId> {
        self.scope.binding(op.id.0)
    }

    /// How the name that a `new` declares is used.
    pub(super) fn uses(&self, new: InstrId) -> Uses {
        self.scope.uses(new)
    }

    /// Name without tag and number of renaming.
    pub fn base(&self, op: Op<'_>) -> &'h str {
        op.operand.kind.name().map_or("", |name| self.names.base(name))
    }

    /// Service and function of a call, if both are literals.
    pub fn called(&self, id: InstrId) -> Option<(&'h str, &'h str)> {
        if !self.is(id, InstrKind::Call) {
            return None;
        }
        let service = self.literal(self.op(id, Role::Service)?)?;
        Some((service, self.literal(self.op(id, Role::Function)?)?))
    }

    /// The function of a call of that service on the initiator.
    pub fn host_call(&self, id: InstrId, service: &str) -> Option<&'h str> {
        let (of, function) = self.called(id)?;
        let peer = self.op(id, Role::Peer)?;
        (of == service && peer.operand.kind == OperandKind::InitPeerId).then_some(function)
    }

    /// `:error:` or `%last_error%`, whole.
    pub fn is_error(&self, op: Op<'_>) -> bool {
        matches!(op.operand.kind, OperandKind::Error | OperandKind::LastError) && op.operand.lens.is_none()
    }

    /// Source and target of `(ap SOURCE TARGET)`.
    pub fn ap(&self, id: InstrId) -> Option<(Op<'h>, Op<'h>)> {
        if !self.is(id, InstrKind::Ap) {
            return None;
        }
        Some((self.op(id, Role::Source)?, self.op(id, Role::Target)?))
    }

    /// Peer, source and target of a `canon`.
    pub fn canon(&self, id: InstrId) -> Option<(Op<'h>, Op<'h>, Op<'h>)> {
        if !self.is(id, InstrKind::Canon) {
            return None;
        }
        Some((self.op(id, Role::Peer)?, self.op(id, Role::Source)?, self.op(id, Role::Target)?))
    }

    /// `(next i)` of that iterator.
    pub fn is_next(&self, id: InstrId, iterator: Op<'_>) -> bool {
        self.is(id, InstrKind::Next) && self.op(id, Role::Iterator).is_some_and(|op| self.same(op, iterator))
    }

    /// A single field of a variable: `x.$.field`.
    pub fn is_field(&self, op: Op<'_>, field: &str) -> bool {
        match &op.operand.lens {
            Some(lens @ Lens::Path(_)) => match self.hir.accessors_of(lens) {
                [step] => {
                    self.hir.text_at(step.range) == field
                        && step.kind == air_semantics::hir::AccessorKind::Field
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether `:error:` or `%last_error%` is read in the instruction or below.
    pub fn reads_error(&self, id: InstrId) -> bool {
        let Some(instr) = self.instr(id) else { return false };
        let before = |end| {
            let at = self.hir.operands.partition_point(|operand| operand.range.start() < end);
            self.errors_before.get(at).copied().unwrap_or(0)
        };
        before(instr.range.start()) < before(instr.range.end())
    }

    fn flatten(&mut self) {
        // A tree's steps are noted when its topmost `seq` is met; the parts of the inner ones are
        // then known from where their first and last step went.
        enum Walk {
            Enter(InstrId),
            Leave(InstrId, u32),
        }
        let mut stack = Vec::new();
        for (at, instr) in self.hir.instrs.iter().enumerate() {
            let inner = instr.parent.is_some_and(|parent| self.is(parent, InstrKind::Seq));
            if instr.kind != InstrKind::Seq || inner {
                continue;
            }
            let tree = self.steps.len();
            stack.push(Walk::Enter(InstrId(at as u32)));
            while let Some(walk) = stack.pop() {
                match walk {
                    Walk::Leave(id, start) => {
                        let end = self.steps.len() as u32;
                        if let Some(span) = self.spans.get_mut(id.0 as usize) {
                            *span = (start, end);
                        }
                    }
                    Walk::Enter(id) if self.is(id, InstrKind::Seq) => {
                        stack.push(Walk::Leave(id, self.steps.len() as u32));
                        stack.extend(self.children(id).iter().rev().map(|&child| Walk::Enter(child)));
                    }
                    Walk::Enter(id) => self.steps.push(id),
                }
            }
            let end = self.steps.len() as u32;
            for (place, step) in self.steps.iter().enumerate().skip(tree) {
                if let Some(slot) = self.places.get_mut(step.0 as usize) {
                    *slot = (place as u32, end);
                }
            }
        }
    }

    fn errors(&mut self) {
        let mut errors = 0;
        self.errors_before.push(0);
        for operand in &self.hir.operands {
            errors += u32::from(matches!(operand.kind, OperandKind::Error | OperandKind::LastError));
            self.errors_before.push(errors);
        }
    }
}

/// `-relay-`, `-x-arg-`, `-if-error-`: no Aqua identifier has a dash.
fn reserved(core: &str) -> bool {
    core.len() > 2
        && core.starts_with('-')
        && core.ends_with('-')
        && core.contains(|c: char| c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use air_semantics::Script;

    use super::*;

    /// The steps of the script's root, each by its text.
    fn steps(text: &str) -> Vec<String> {
        let script = Script::new(text);
        let (hir, host) = (script.hir(), HostNames::default());
        let patterns = Patterns::new(hir, &host);
        let steps = patterns.steps(hir.roots[0]).iter();
        steps.map(|step| hir.text_at(hir.instr(*step).unwrap().range).to_owned()).collect()
    }

    #[test]
    fn trees_of_seq_are_lists_of_steps() {
        assert_eq!(steps("(seq (seq (ap 1 a) (ap 2 b)) (seq (null) (ap 3 c)))").len(), 4);
        assert_eq!(steps("(seq (ap 1 a) (par (null) (null)))"), ["(ap 1 a)", "(par (null) (null))"]);
        assert_eq!(steps("(ap 1 a)"), ["(ap 1 a)"], "what stands alone is its only step");
    }

    #[test]
    fn the_same_variable_is_the_same_binding() {
        let script = Script::new("(seq (ap 1 $s) (new $s (seq (ap 2 $s) (ap 3 $s))))");
        let (hir, host) = (script.hir(), HostNames::default());
        let patterns = Patterns::new(hir, &host);
        let targets = patterns.preorder().iter().filter_map(|id| patterns.op(*id, Role::Target));
        let [outer, first, second] = targets.collect::<Vec<_>>()[..] else { panic!("three targets") };
        assert!(patterns.same(first, second));
        assert!(!patterns.same(outer, first));
    }

    #[test]
    fn compiled_scripts_have_reserved_names() {
        let compiled = |text: &str| {
            let script = Script::new(text);
            Patterns::new(script.hir(), &HostNames::default()).compiled()
        };
        assert!(compiled("(call -relay- (\"op\" \"noop\") [])"));
        assert!(!compiled("(call my-relay (\"op\" \"noop\") [])"));
    }
}
