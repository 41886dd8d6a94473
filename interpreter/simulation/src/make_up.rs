//! Answers where no sample and no service gives any: values made up from what the script demands of them.
//!
//! The same script gets the same values each time. They are what the shapes ask for and no more: arrays
//! of two elements, peers of the network where a peer is needed, the literals that lead into the branch
//! that looks good, booleans true, integers 1, and texts that say where they come from.

mod value;

use std::rc::Rc;

use air_semantics::hir::{Hir, InstrId, InstrKind, OperandKind, Role};
use air_semantics::resolve::{BindingId, Resolution};
use air_semantics::shapes::{Shapes, shapes};
use rustc_hash::FxHashMap;

use crate::network::{Answer, ServiceCall};
use air_interpreter::value::Value;

pub use value::{MAX_NODES, World, value};

/// Names of the peers that stand where a script needs one.
pub const PEER_NAMES: [&str; 5] = ["peer_1", "peer_2", "peer_3", "peer_4", "peer_5"];

/// Array lengths to try one after the other when a script waits or is stopped.
pub const ARRAY_LENGTHS: [u32; 3] = [2, 3, 1];

/// Makes up answers for one script, and remembers what it made up.
#[derive(Debug, Clone)]
pub struct MakeUp {
    shapes: Rc<Shapes>,
    /// For each call with an output, the calls that give the same value.
    groups: Rc<FxHashMap<InstrId, Rc<[InstrId]>>>,
    world: World,
    made: Vec<MadeUpAnswer>,
    by_call: FxHashMap<InstrId, usize>,
}

/// A value that was made up.
#[derive(Debug, Clone, PartialEq)]
pub struct MadeUpAnswer {
    /// The call that it answers.
    pub call: InstrId,
    /// The service, as the call names it when it runs.
    pub service: String,
    /// The function.
    pub function: String,
    /// The value.
    pub value: Value,
    /// How often it was given.
    pub count: u64,
}

impl MakeUp {
    /// For a script, in a world of those peers.
    pub fn new(hir: &Hir, resolution: &Resolution, world: World) -> Self {
        MakeUp {
            shapes: Rc::new(shapes(hir, resolution)),
            groups: Rc::new(groups(hir)),
            world,
            made: Vec::new(),
            by_call: FxHashMap::default(),
        }
    }

    /// The answer to a call: always a success, always the same for one call instruction.
    pub fn answer(&mut self, call: &ServiceCall<'_>) -> Answer {
        let instr = call.place.instr;
        if let Some(made) = self.by_call.get(&instr).and_then(|index| self.made.get_mut(*index)) {
            made.count += 1;
            return Answer::ok(&made.value);
        }
        let value = self.value_for(instr, &call.request.function_name);
        let answer = Answer::ok(&value);
        // A value that no variable keeps is not reported.
        if self.groups.contains_key(&instr) {
            self.by_call.insert(instr, self.made.len());
            self.made.push(MadeUpAnswer {
                call: instr,
                service: call.request.service_id.clone(),
                function: call.request.function_name.clone(),
                value,
                count: 1,
            });
        }
        answer
    }

    /// The value that a call gets; `null` if nothing keeps it.
    pub fn value_for(&self, call: InstrId, name: &str) -> Value {
        match self.groups.get(&call) {
            Some(group) => value(&self.shapes.of_calls(group), name, &self.world),
            None => Value::Null,
        }
    }

    /// The value of a variable that comes from outside.
    pub fn variable(&self, variable: BindingId, name: &str) -> Value {
        value(&self.shapes.of_variable(variable), name, &self.world)
    }

    /// What was made up so far, in order.
    pub fn made(&self) -> &[MadeUpAnswer] {
        &self.made
    }
}

/// The calls with outputs. Those that read the same parameter of the script give the same value.
fn groups(hir: &Hir) -> FxHashMap<InstrId, Rc<[InstrId]>> {
    let mut parameters: FxHashMap<&str, Vec<InstrId>> = FxHashMap::default();
    let mut groups = FxHashMap::default();
    for (index, instr) in hir.instrs.iter().enumerate() {
        let id = InstrId(index as u32);
        if instr.kind != InstrKind::Call || hir.operand(instr, Role::Output).is_none() {
            continue;
        }
        let literal = |role| {
            let operand = hir.operand(instr, role)?;
            (operand.kind == OperandKind::Literal).then(|| hir.literal(operand))
        };
        match (literal(Role::Service), literal(Role::Function)) {
            (Some("getDataSrv"), Some(function)) => parameters.entry(function).or_default().push(id),
            _ => {
                groups.insert(id, Rc::from([id]));
            }
        }
    }
    for group in parameters.into_values() {
        let group: Rc<[InstrId]> = group.into();
        groups.extend(group.iter().map(|id| (*id, Rc::clone(&group))));
    }
    groups
}
