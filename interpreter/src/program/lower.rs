//! From the HIR of an accepted script to a program.

use std::collections::HashMap;
use std::sync::Arc;

use air_semantics::hir::{self, AccessorKind, Hir, InstrId, InstrKind, OperandKind, Role};
use rustc_hash::FxHashMap;

use super::{
    Accessor, Accessors, CanonSource, Constant, Declared, Failure, Iterable, Lens, Node, NodeKind,
    NotRunnable, Operand, OperandIndex, Output, Program, Slot, Stream, Target,
};

impl Program {
    /// Makes a script ready to run.
    ///
    /// # Errors
    /// If something is missing; this does not happen for scripts that are accepted.
    pub fn new(hir: &Hir) -> Result<Self, NotRunnable> {
        let &[root] = hir.roots.as_slice() else { return Err(NotRunnable { instr: None }) };
        let mut lowering = Lowering {
            hir,
            program: Program {
                nodes: Vec::with_capacity(hir.instrs.len()),
                root: root.0,
                text: Arc::clone(&hir.text),
                names: hir.name_ranges.clone(),
                constants: Vec::new(),
                lenses: Vec::new(),
                operands: Vec::with_capacity(hir.operands.len()),
            },
            strings: HashMap::default(),
            recent: [None; RECENT_STRINGS],
            empty_array: None,
        };
        for (at, instr) in hir.instrs.iter().enumerate() {
            let kind = lowering.node(instr).ok_or(NotRunnable { instr: Some(InstrId(at as u32)) })?;
            let (start, end) = (instr.range.start().into(), instr.range.end().into());
            lowering.program.nodes.push(Node { kind, start, end });
        }
        Ok(lowering.program)
    }
}

struct Lowering<'a> {
    hir: &'a Hir,
    program: Program,
    strings: FxHashMap<&'a str, u32>,
    /// Some of them, in places that are quickly found: most strings are the same as one a few lines before.
    recent: [Option<(&'a str, u32)>; RECENT_STRINGS],
    empty_array: Option<u32>,
}

/// How many strings are remembered apart; a power of two.
const RECENT_STRINGS: usize = 64;

impl<'a> Lowering<'a> {
    fn node(&mut self, instr: &hir::Instr) -> Option<NodeKind> {
        let hir = self.hir;
        let children = hir.children_of(instr);
        let child = |at: usize| children.get(at).map(|id| id.0);
        let operand = |role| hir.operand(instr, role);
        Some(match instr.kind {
            InstrKind::Call => {
                let (peer, service) =
                    (self.value(operand(Role::Peer)?)?, self.value(operand(Role::Service)?)?);
                let function = self.value(operand(Role::Function)?)?;
                let first = self.program.operands.len() as u32;
                let mut count = 0;
                for argument in hir.operands_of(instr).iter().filter(|operand| operand.role == Role::Argument)
                {
                    self.value(argument)?;
                    count += 1;
                }
                let output = match operand(Role::Output) {
                    None => Output::None,
                    Some(output) => match output.kind {
                        OperandKind::Scalar(name) => Output::Scalar(name.0),
                        OperandKind::Stream(_) => Output::Stream(stream(output)?),
                        _ => return None,
                    },
                };
                NodeKind::Call { peer, service, function, arguments: (first, count), output }
            }
            InstrKind::Seq => NodeKind::Seq { left: child(0)?, right: child(1)? },
            InstrKind::Par => NodeKind::Par { left: child(0)?, right: child(1)? },
            InstrKind::Xor => NodeKind::Xor { left: child(0)?, right: child(1)? },
            InstrKind::Match | InstrKind::Mismatch => NodeKind::Match {
                left: self.value(operand(Role::Left)?)?,
                right: self.value(operand(Role::Right)?)?,
                body: child(0)?,
                equal: instr.kind == InstrKind::Match,
            },
            InstrKind::Ap => {
                let target = operand(Role::Target)?;
                match operand(Role::Key) {
                    Some(key) => NodeKind::ApMap {
                        key: self.value(key)?,
                        value: self.value(operand(Role::Value)?)?,
                        map: stream(target)?,
                    },
                    None => NodeKind::Ap {
                        source: self.value(operand(Role::Source)?)?,
                        target: match target.kind {
                            OperandKind::Scalar(name) => Target::Scalar(name.0),
                            OperandKind::Stream(_) => Target::Stream(stream(target)?),
                            _ => return None,
                        },
                    },
                }
            }
            InstrKind::Canon => {
                let (source, target) = (operand(Role::Source)?, operand(Role::Target)?);
                NodeKind::Canon {
                    peer: self.value(operand(Role::Peer)?)?,
                    source: match (source.kind, target.kind) {
                        (OperandKind::Stream(_), OperandKind::Canon(_)) => {
                            CanonSource::Stream(stream(source)?)
                        }
                        (OperandKind::StreamMap(_), OperandKind::CanonMap(_)) => {
                            CanonSource::Map(stream(source)?)
                        }
                        (OperandKind::StreamMap(_), OperandKind::Scalar(_)) => {
                            CanonSource::MapToScalar(stream(source)?)
                        }
                        _ => return None,
                    },
                    target: target.kind.name()?.0,
                }
            }
            InstrKind::Fold => {
                let iterable = operand(Role::Iterable)?;
                NodeKind::Fold {
                    iterable: match iterable.kind {
                        OperandKind::Stream(_) | OperandKind::StreamMap(_) => {
                            Iterable::Stream(stream(iterable)?)
                        }
                        _ => Iterable::Value(self.value(iterable)?),
                    },
                    iterator: operand(Role::Iterator)?.kind.name()?.0,
                    body: child(0)?,
                    last: child(1),
                }
            }
            InstrKind::Next => NodeKind::Next { iterator: operand(Role::Iterator)?.kind.name()?.0 },
            InstrKind::New => {
                let declared = operand(Role::Declared)?;
                NodeKind::New {
                    declared: match declared.kind {
                        OperandKind::Stream(name) | OperandKind::StreamMap(name) => Declared::Stream(name.0),
                        kind => Declared::Variable(kind.name()?.0),
                    },
                    body: child(0)?,
                }
            }
            InstrKind::Fail => NodeKind::Fail(match operand(Role::Failure) {
                None => match operand(Role::FailCode)?.kind {
                    OperandKind::Int(code) => {
                        Failure::Literal { code, text: hir.literal(operand(Role::FailText)?).into() }
                    }
                    _ => return None,
                },
                Some(failure) => match failure.kind {
                    OperandKind::LastError => Failure::LastError,
                    OperandKind::Error => Failure::Error,
                    _ => Failure::Value(self.value(failure)?),
                },
            }),
            InstrKind::Never => NodeKind::Never,
            InstrKind::Null => NodeKind::Null,
            InstrKind::Unknown => return None,
        })
    }

    /// Adds an operand that is read.
    fn value(&mut self, operand: &hir::Operand) -> Option<OperandIndex> {
        let lens = match &operand.lens {
            None => None,
            Some(lens) => Some(self.lens(lens)?),
        };
        let lowered = match operand.kind {
            OperandKind::Literal => Operand::Constant(self.string(self.hir.literal(operand))),
            OperandKind::Int(number) => self.constant(Constant::Integer(number)),
            OperandKind::Float(number) => self.constant(Constant::Float(number)),
            OperandKind::Bool(flag) => self.constant(Constant::Bool(flag)),
            OperandKind::EmptyArray => match self.empty_array {
                Some(constant) => Operand::Constant(constant),
                None => {
                    self.empty_array = Some(self.program.constants.len() as u32);
                    self.constant(Constant::EmptyArray)
                }
            },
            OperandKind::InitPeerId => Operand::InitPeerId,
            OperandKind::Timestamp => Operand::Timestamp,
            OperandKind::Ttl => Operand::Ttl,
            OperandKind::LastError => Operand::LastError(lens),
            OperandKind::Error => Operand::Error(lens),
            OperandKind::Scalar(name) => Operand::Scalar(name.0, lens),
            OperandKind::Canon(name) => Operand::Canon(name.0, lens),
            OperandKind::CanonMap(name) => Operand::CanonMap(name.0, lens),
            OperandKind::Stream(_) | OperandKind::StreamMap(_) => return None,
        };
        let index = self.program.operands.len() as u32;
        self.program.operands.push(lowered);
        Some(index)
    }

    fn string(&mut self, text: &'a str) -> u32 {
        let slot = self.recent.get_mut(place(text.as_bytes()));
        if let Some(Some((known, constant))) = &slot
            && *known == text
        {
            return *constant;
        }
        let constants = &mut self.program.constants;
        let constant = *self.strings.entry(text).or_insert_with(|| {
            constants.push(Constant::String(text.into()));
            constants.len() as u32 - 1
        });
        if let Some(slot) = slot {
            *slot = Some((text, constant));
        }
        constant
    }

    fn constant(&mut self, constant: Constant) -> Operand {
        self.program.constants.push(constant);
        Operand::Constant(self.program.constants.len() as u32 - 1)
    }

    fn lens(&mut self, lens: &hir::Lens) -> Option<u32> {
        let lowered = match lens {
            hir::Lens::Length => Lens { text: ".length".into(), accessors: Accessors::Length },
            hir::Lens::Path(_) => {
                let mut text = ".$".to_owned();
                let mut accessors = Vec::new();
                for accessor in self.hir.accessors_of(lens) {
                    let lowered = match accessor.kind {
                        AccessorKind::Field => Accessor::Field(self.hir.text_at(accessor.range).into()),
                        AccessorKind::Index(index) => Accessor::Index(index),
                        AccessorKind::Variable(name) => Accessor::Variable(name.0),
                    };
                    lowered.write(&self.program, &mut text);
                    accessors.push(lowered);
                }
                Lens { text: text.into(), accessors: Accessors::Path(accessors) }
            }
        };
        self.program.lenses.push(lowered);
        Some(self.program.lenses.len() as u32 - 1)
    }
}

impl Accessor {
    /// Appends `.name`, `.[3]` or `.[name]`.
    pub(crate) fn write(&self, program: &Program, out: &mut String) {
        out.push('.');
        match self {
            Accessor::Field(name) => out.push_str(name),
            Accessor::Index(index) => {
                out.push('[');
                out.push_str(&index.to_string());
                out.push(']');
            }
            Accessor::Variable(slot) => {
                out.push('[');
                out.push_str(program.name(*slot));
                out.push(']');
            }
        }
    }
}

/// Where a string may be remembered.
fn place(text: &[u8]) -> usize {
    let (first, last) = match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => (text.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0),
    };
    let hash = (first ^ last.rotate_left(23) ^ text.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (hash >> 40) as usize % RECENT_STRINGS
}

fn stream(operand: &hir::Operand) -> Option<Stream> {
    let slot: Slot = match operand.kind {
        OperandKind::Stream(name) | OperandKind::StreamMap(name) => name.0,
        _ => return None,
    };
    Some(Stream { slot, position: operand.range.start().into() })
}
