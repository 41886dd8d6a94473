//! A script made ready to run: names resolved to slots, lenses and constants read once.
//!
//! Nodes have the numbers of the HIR's instructions, so whatever is reported about a run can be
//! found in the script again.

mod lower;
mod print;

use std::sync::Arc;

use air_semantics::hir::InstrId;
use air_syntax::TextRange;

/// A script ready to run, as often as one likes, on as many peers as one likes.
#[derive(Debug, Clone)]
pub struct Program {
    pub(crate) nodes: Vec<Node>,
    pub(crate) root: NodeId,
    text: Arc<str>,
    /// Where each variable stands first, by slot, tags included: `x`, `$x`, `#x`, `%x`, `#%x` are five.
    pub(crate) names: Vec<TextRange>,
    pub(crate) constants: Vec<Constant>,
    pub(crate) lenses: Vec<Lens>,
    pub(crate) operands: Vec<Operand>,
}

/// Why a HIR cannot be run: the script is not complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotRunnable {
    /// The instruction that lacks something; `None`: the script has not exactly one instruction.
    pub instr: Option<InstrId>,
}

impl std::fmt::Display for NotRunnable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the script has errors and cannot be run")
    }
}

impl std::error::Error for NotRunnable {}

pub(crate) type NodeId = u32;
pub(crate) type Slot = u32;
pub(crate) type OperandIndex = u32;

/// One instruction; `start` and `end` are its place in the text, which scopes of streams use.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) kind: NodeKind,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

#[derive(Debug, Clone)]
pub(crate) enum NodeKind {
    Call {
        peer: OperandIndex,
        service: OperandIndex,
        function: OperandIndex,
        arguments: (OperandIndex, u32),
        output: Output,
    },
    Seq {
        left: NodeId,
        right: NodeId,
    },
    Par {
        left: NodeId,
        right: NodeId,
    },
    Xor {
        left: NodeId,
        right: NodeId,
    },
    Match {
        left: OperandIndex,
        right: OperandIndex,
        body: NodeId,
        equal: bool,
    },
    Ap {
        source: OperandIndex,
        target: Target,
    },
    ApMap {
        key: OperandIndex,
        value: OperandIndex,
        map: Stream,
    },
    Canon {
        peer: OperandIndex,
        source: CanonSource,
        target: Slot,
    },
    Fold {
        iterable: Iterable,
        iterator: Slot,
        body: NodeId,
        last: Option<NodeId>,
    },
    Next {
        iterator: Slot,
    },
    New {
        declared: Declared,
        body: NodeId,
    },
    Fail(Failure),
    Never,
    Null,
}

/// A stream or map, and where its name stands: scopes go by position.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stream {
    pub(crate) slot: Slot,
    pub(crate) position: u32,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Output {
    None,
    Scalar(Slot),
    Stream(Stream),
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Target {
    Scalar(Slot),
    Stream(Stream),
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum CanonSource {
    /// `canon peer $stream #canon`
    Stream(Stream),
    /// `canon peer %map #%canon`
    Map(Stream),
    /// `canon peer %map scalar`
    MapToScalar(Stream),
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Iterable {
    Value(OperandIndex),
    Stream(Stream),
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Declared {
    /// A scalar, canon or canon map.
    Variable(Slot),
    /// A stream or map.
    Stream(Slot),
}

#[derive(Debug, Clone)]
pub(crate) enum Failure {
    Literal { code: i64, text: Box<str> },
    Value(OperandIndex),
    LastError,
    Error,
}

/// Something that has a value.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Operand {
    Constant(u32),
    InitPeerId,
    Timestamp,
    Ttl,
    Error(Option<u32>),
    LastError(Option<u32>),
    Scalar(Slot, Option<u32>),
    Canon(Slot, Option<u32>),
    CanonMap(Slot, Option<u32>),
}

/// A constant; equal strings stand once.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Constant {
    String(Box<str>),
    Integer(i64),
    Float(f64),
    Bool(bool),
    EmptyArray,
}

/// A lens and its text as tetraplets have it.
#[derive(Debug, Clone)]
pub(crate) struct Lens {
    pub(crate) text: Box<str>,
    pub(crate) accessors: Accessors,
}

#[derive(Debug, Clone)]
pub(crate) enum Accessors {
    Length,
    Path(Vec<Accessor>),
}

#[derive(Debug, Clone)]
pub(crate) enum Accessor {
    Field(Box<str>),
    Index(u32),
    Variable(Slot),
}

impl Program {
    pub(crate) fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id as usize)
    }

    pub(crate) fn name(&self, slot: Slot) -> &str {
        let name = self.names.get(slot as usize).copied().map(std::ops::Range::<usize>::from);
        name.and_then(|name| self.text.get(name)).unwrap_or_default()
    }

    pub(crate) fn operand(&self, index: OperandIndex) -> Operand {
        self.operands.get(index as usize).copied().unwrap_or(Operand::Timestamp)
    }

    pub(crate) fn lens(&self, index: u32) -> Option<&Lens> {
        self.lenses.get(index as usize)
    }
}
