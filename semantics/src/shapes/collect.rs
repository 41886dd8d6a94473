//! Where values are used and how they flow: one pass over the instructions.

use rustc_hash::FxHashMap;

use super::arms::Arms;
use super::builtins::{Answer, Kind, signature};
use super::fields::Traces;
use super::flow::{Flow, Graph, Key, NodeId, add_literal};
use super::{LiteralValue, Shapes};
use crate::hir::{AccessorKind, Hir, Instr, InstrId, InstrKind, Lens, Operand, OperandId, OperandKind, Role};
use crate::resolve::{BindingId, Resolution};

/// Collects all demands of a script.
pub(super) fn collect(hir: &Hir, resolution: &Resolution) -> Shapes {
    let mut variables = vec![None; hir.operands.len()];
    for occurrence in &resolution.occurrences {
        let own = hir.operands.get(occurrence.operand.0 as usize);
        if own.is_some_and(|operand| operand.range.start() == occurrence.range.start())
            && let Some(slot) = variables.get_mut(occurrence.operand.0 as usize)
        {
            *slot = Some(occurrence.binding);
        }
    }
    let mut graph = Graph::default();
    // Node number so-and-so is the variable of that number.
    for _ in &resolution.bindings {
        graph.node();
    }
    // Iterators over maps are flows into the field of this name.
    graph.field("value");
    let traces = Traces { steps: vec![None; hir.accessors.len()], ..Traces::default() };
    let mut collector = Collector {
        hir,
        resolution,
        variables,
        graph,
        sites: FxHashMap::default(),
        arms: Arms::new(hir),
        traces,
    };
    for (index, instr) in hir.instrs.iter().enumerate() {
        collector.instruction(InstrId(index as u32), instr);
    }
    Shapes { graph: collector.graph, sites: collector.sites, traces: collector.traces }
}

struct Collector<'h> {
    hir: &'h Hir,
    resolution: &'h Resolution,
    /// For each operand, the variable that it is.
    variables: Vec<Option<BindingId>>,
    graph: Graph,
    sites: FxHashMap<InstrId, NodeId>,
    arms: Arms,
    traces: Traces,
}

/// What an operand is, for the flow.
#[derive(Clone, Copy)]
enum Use {
    /// A value in the graph.
    Value(NodeId),
    /// The length of one.
    Length(NodeId),
    /// A literal or something that the host knows.
    Fixed,
}

impl Collector<'_> {
    fn instruction(&mut self, id: InstrId, instr: &Instr) {
        match instr.kind {
            InstrKind::Call => self.call(id, instr),
            InstrKind::Canon => self.canon(instr),
            InstrKind::Ap => self.ap(id, instr),
            InstrKind::Fold => self.fold(instr),
            InstrKind::Match => self.compare(id, instr, true),
            InstrKind::Mismatch => self.compare(id, instr, false),
            InstrKind::Fail => {
                if let Some(Use::Value(value)) = self.operand(instr, Role::Failure) {
                    let code = self.graph.field_of(value, "error_code");
                    self.graph.demand(code, |demand| demand.own.integer = true);
                    let message = self.graph.field_of(value, "message");
                    self.graph.demand(message, |demand| demand.own.text = true);
                }
            }
            _ => {}
        }
    }

    fn operand(&mut self, instr: &Instr, role: Role) -> Option<Use> {
        let operands = self.hir.operands_of(instr);
        let offset = operands.iter().position(|operand| operand.role == role)?;
        Some(self.used(instr.operands.start as usize + offset, operands.get(offset)?))
    }

    /// The part of a value that an operand takes, with the demands of its lens.
    fn used(&mut self, index: usize, operand: &Operand) -> Use {
        let Some(Some(variable)) = self.variables.get(index) else { return Use::Fixed };
        let mut node = NodeId(variable.0);
        let Some(lens) = &operand.lens else { return Use::Value(node) };
        if *lens == Lens::Length {
            self.graph.demand(node, |demand| demand.own.array = true);
            return Use::Length(node);
        }
        let mut map = matches!(operand.kind, OperandKind::CanonMap(_));
        let hir = self.hir;
        let first = match lens {
            Lens::Path(steps) => steps.start as usize,
            Lens::Length => 0,
        };
        for (step, accessor) in (first..).zip(hir.accessors_of(lens)) {
            let key_of_map = std::mem::take(&mut map);
            match accessor.kind {
                AccessorKind::Field => node = self.graph.field_of(node, hir.text_at(accessor.range)),
                AccessorKind::Index(_) if key_of_map => {
                    node = self.graph.field_of(node, hir.text_at(accessor.range));
                }
                AccessorKind::Index(position) => {
                    self.array(node, position.saturating_add(1));
                    node = self.graph.part(node, Key::Element);
                }
                AccessorKind::Variable(_) => {
                    let index = self.resolution.at(accessor.range.start()).map(|found| found.binding);
                    if key_of_map {
                        node = self.graph.part(node, Key::AnyField);
                        self.traces.step(step, node);
                        continue;
                    }
                    if let Some(index) = index {
                        self.graph.demand(NodeId(index.0), |demand| demand.own.index = true);
                    }
                    self.array(node, 1);
                    node = self.graph.part(node, Key::Element);
                }
            }
            self.traces.step(step, node);
        }
        Use::Value(node)
    }

    fn array(&mut self, node: NodeId, least: u32) {
        // More than this many elements are not made up anyway.
        let least = least.min(super::MAX_NODES as u32);
        self.graph.demand(node, |demand| {
            demand.own.array = true;
            demand.own.least = demand.own.least.max(least);
        });
    }

    fn text(&mut self, instr: &Instr, role: Role) {
        if let Some(Use::Value(node)) = self.operand(instr, role) {
            self.graph.demand(node, |demand| demand.own.text = true);
        }
    }

    fn peer(&mut self, instr: &Instr) {
        if let Some(Use::Value(node)) = self.operand(instr, Role::Peer) {
            self.graph.demand(node, |demand| demand.own.peer = true);
        }
    }

    fn call(&mut self, id: InstrId, instr: &Instr) {
        self.peer(instr);
        self.text(instr, Role::Service);
        self.text(instr, Role::Function);
        let hir = self.hir;
        let site = self.graph.node();
        if let Some(Use::Value(target)) = self.operand(instr, Role::Output) {
            self.sites.insert(id, site);
            self.write(id, instr, Role::Output, site, target);
        }
        let literal = |role| {
            let operand = hir.operand(instr, role)?;
            (operand.kind == OperandKind::Literal).then(|| hir.literal(operand))
        };
        let names = literal(Role::Service).zip(literal(Role::Function));
        let Some((kinds, repeat, gives)) = names.and_then(|(service, function)| signature(service, function))
        else {
            // Lenses in arguments demand something all the same.
            for (offset, operand) in hir.operands_of(instr).iter().enumerate() {
                if operand.role == Role::Argument
                    && let Use::Value(node) = self.used(instr.operands.start as usize + offset, operand)
                {
                    self.traces.given.push((node, id));
                }
            }
            self.traces.outside.insert(site, id);
            return;
        };
        let followed = is_followed(kinds);
        if !followed {
            self.traces.outside.insert(site, id);
        }
        if gives == Answer::Peers {
            let element = self.graph.part(site, Key::Element);
            self.graph.demand(element, |demand| demand.own.peer = true);
            self.graph.demand(site, |demand| demand.own.array = true);
        }
        let mut before = None;
        let mut position = 0;
        for (offset, operand) in hir.operands_of(instr).iter().enumerate() {
            if operand.role != Role::Argument {
                continue;
            }
            let kind = match kinds.get(position) {
                Some(kind) => *kind,
                None => {
                    let back = (position - kinds.len()).checked_rem(repeat);
                    let at = back.and_then(|back| (kinds.len() + back).checked_sub(repeat));
                    at.and_then(|at| kinds.get(at)).copied().unwrap_or(Kind::Any)
                }
            };
            position += 1;
            let index = instr.operands.start as usize + offset;
            if let Use::Value(node) = self.used(index, operand) {
                self.argument(node, kind, site, before);
                if !followed {
                    self.traces.given.push((node, id));
                }
            }
            if kind == Kind::Field {
                let name = OperandId(index.saturating_sub(1) as u32);
                match before {
                    Some(text) => {
                        let key = self.graph.field(text);
                        self.traces.keys.push((site, key, name));
                    }
                    None => self.traces.open.push((site, name)),
                }
            }
            before = (operand.kind == OperandKind::Literal).then(|| hir.literal(operand));
        }
    }

    fn argument(&mut self, node: NodeId, kind: Kind, site: NodeId, before: Option<&str>) {
        let graph = &mut self.graph;
        match kind {
            Kind::Any => {}
            Kind::Text => graph.demand(node, |demand| demand.own.text = true),
            Kind::Integer => graph.demand(node, |demand| demand.own.integer = true),
            Kind::Array => graph.demand(node, |demand| demand.own.array = true),
            Kind::Integers => {
                graph.demand(node, |demand| demand.own.array = true);
                let element = graph.part(node, Key::Element);
                graph.demand(element, |demand| demand.own.integer = true);
            }
            Kind::Peer => graph.demand(node, |demand| demand.own.peer = true),
            Kind::Base58 => graph.demand(node, |demand| demand.own.base58 = true),
            Kind::Json => graph.demand(node, |demand| {
                demand.own.text = true;
                demand.parsed = Some(site);
            }),
            Kind::Result => graph.flow(node, Flow::Same, site),
            Kind::ResultArray => {
                graph.demand(node, |demand| demand.own.array = true);
                graph.flow(node, Flow::Same, site);
            }
            Kind::Element => {
                let element = graph.part(site, Key::Element);
                graph.flow(node, Flow::Same, element);
            }
            Kind::Index => {
                graph.demand(node, |demand| demand.own.integer = true);
                graph.flow(node, Flow::Index, site);
            }
            Kind::Field => {
                let key = before.map_or(Key::AnyField, |name| graph.field(name));
                let field = graph.part(site, key);
                graph.flow(node, Flow::Same, field);
            }
        }
    }

    /// A value goes into the variable that an operand writes.
    fn write(&mut self, id: InstrId, instr: &Instr, role: Role, value: NodeId, target: NodeId) {
        match self.hir.operand(instr, role).map(|operand| operand.kind) {
            Some(OperandKind::Stream(_)) => {
                let element = self.graph.part(target, Key::Element);
                self.graph.flow(value, Flow::Same, element);
                self.one_for_each(id, target);
            }
            _ => self.graph.flow(value, Flow::Same, target),
        }
    }

    /// What is put into a stream in a fold is put there for each element of what is folded.
    fn one_for_each(&mut self, id: InstrId, stream: NodeId) {
        let mut inner = id;
        for _ in 0..MAX_STEPS_TO_FOLD {
            let Some(outer) = self.hir.instr(inner).and_then(|instr| instr.parent) else { return };
            let Some(instr) = self.hir.instr(outer) else { return };
            if instr.kind == InstrKind::Fold {
                if let Some(Use::Value(folded)) = self.operand(instr, Role::Iterable)
                    && folded != stream
                {
                    self.graph.flow(folded, Flow::Length, stream);
                }
                return;
            }
            inner = outer;
        }
    }

    fn ap(&mut self, id: InstrId, instr: &Instr) {
        if let Some(Use::Value(map)) = self.operand(instr, Role::Target)
            && let Some(value) = self.operand(instr, Role::Value)
        {
            let key = self.hir.operand(instr, Role::Key);
            // The key is written before the value, first of all.
            let name = OperandId(instr.operands.start);
            let key = match key.filter(|key| matches!(key.kind, OperandKind::Literal | OperandKind::Int(_))) {
                Some(key) => {
                    let key = self.graph.field(self.hir.text_at(key.range).trim_matches('"'));
                    self.traces.keys.push((map, key, name));
                    key
                }
                None => {
                    self.traces.open.push((map, name));
                    Key::AnyField
                }
            };
            // The key's lens demands something too.
            self.operand(instr, Role::Key);
            if let Use::Value(value) = value {
                let part = self.graph.part(map, key);
                self.graph.flow(value, Flow::Same, part);
            }
            return;
        }
        let source = self.operand(instr, Role::Source);
        if let Some(Use::Value(target)) = self.operand(instr, Role::Target) {
            match source {
                Some(Use::Value(source)) => self.write(id, instr, Role::Target, source, target),
                _ if matches!(
                    self.hir.operand(instr, Role::Target).map(|operand| operand.kind),
                    Some(OperandKind::Stream(_))
                ) =>
                {
                    self.one_for_each(id, target);
                }
                _ => {}
            }
        }
    }

    fn canon(&mut self, instr: &Instr) {
        self.peer(instr);
        let source = self.operand(instr, Role::Source);
        if let (Some(Use::Value(source)), Some(Use::Value(target))) =
            (source, self.operand(instr, Role::Target))
        {
            let to_map = self.hir.operand(instr, Role::Target).map(|operand| operand.kind);
            let how =
                if matches!(to_map, Some(OperandKind::CanonMap(_))) { Flow::CanonMap } else { Flow::Same };
            self.graph.flow(source, how, target);
        }
    }

    fn fold(&mut self, instr: &Instr) {
        let Some(Use::Value(folded)) = self.operand(instr, Role::Iterable) else { return };
        let Some(Use::Value(iterator)) = self.operand(instr, Role::Iterator) else { return };
        let operand = self.hir.operand(instr, Role::Iterable);
        match operand.map(|operand| (operand.kind, operand.lens.is_some())) {
            Some((OperandKind::StreamMap(_), _)) => self.graph.flow(folded, Flow::MapPairs, iterator),
            Some((OperandKind::CanonMap(_), false)) => {
                self.graph.flow(folded, Flow::CanonMapPairs, iterator);
            }
            _ => {
                self.graph.demand(folded, |demand| demand.own.array = true);
                let element = self.graph.part(folded, Key::Element);
                self.graph.flow(element, Flow::Same, iterator);
            }
        }
    }

    fn compare(&mut self, id: InstrId, instr: &Instr, equal: bool) {
        let (left, right) = (self.operand(instr, Role::Left), self.operand(instr, Role::Right));
        let preference = self.arms.preference(self.hir, id);
        let weight = if equal { preference } else { -preference };
        let pairs = [(left, right, Role::Right), (right, left, Role::Left)];
        for (one, other, role) in pairs {
            match (one, other) {
                (Some(Use::Value(value)), Some(Use::Fixed)) => {
                    let literal = self.hir.operand(instr, role).and_then(|operand| self.literal(operand));
                    if let Some(literal) = literal {
                        self.graph.demand(value, |demand| add_literal(&mut demand.own, literal, weight));
                    }
                }
                (Some(Use::Value(value)), Some(Use::Length(_))) => {
                    self.graph.demand(value, |demand| demand.own.integer = true);
                }
                (Some(Use::Length(value)), Some(Use::Fixed)) if weight > 0 => {
                    let length = self.hir.operand(instr, role).map(|operand| operand.kind);
                    // No script waits for hundreds of elements without a way out.
                    if let Some(OperandKind::Int(length @ 0..=MAX_GATE_ELEMENTS)) = length {
                        self.array(value, u32::try_from(length).unwrap_or(0));
                    }
                }
                _ => {}
            }
        }
    }

    fn literal(&self, operand: &Operand) -> Option<LiteralValue> {
        Some(match operand.kind {
            OperandKind::Literal => LiteralValue::Text(self.hir.literal(operand).into()),
            OperandKind::Int(number) => LiteralValue::Integer(number),
            OperandKind::Float(number) => LiteralValue::Float(number),
            OperandKind::Bool(flag) => LiteralValue::Boolean(flag),
            OperandKind::EmptyArray => LiteralValue::EmptyArray,
            _ => return None,
        })
    }
}

/// Whether the result of a built-in is made of its arguments, and of nothing else.
fn is_followed(kinds: &[Kind]) -> bool {
    kinds.iter().any(|kind| matches!(kind, Kind::Result | Kind::ResultArray | Kind::Element | Kind::Field))
        || kinds == [Kind::Array]
}

/// Flow far around a push its fold is looked for.
const MAX_STEPS_TO_FOLD: usize = 64;
/// The longest array that is made to satisfy a comparison of its length.
const MAX_GATE_ELEMENTS: i64 = 64;
