//! The script as an arena: instructions, operands, lenses and names, with ranges into the text.
//!
//! Instructions stand in *closing order* (children before parents, left before right): the order
//! in which AquaVM's validator sees them (`syntax/spec/language.md §3`), and one in which every bottom-up
//! pass is a plain loop. Operands stand in text order. Nothing here borrows from the tree;
//! `(kind, range)` of an instruction is its pointer into it.

use std::ops::Range;
use std::sync::Arc;

use air_syntax::{SyntaxKind, TextRange};

pub(crate) mod build;
mod lower;
mod patch;
mod read;
pub(crate) mod take_over;

pub use lower::lower;
pub(crate) use lower::lower_after;
pub(crate) use patch::{Moved, Patched, patch};
pub use read::read;

/// Index of an instruction in [`Hir::instrs`]; closing order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstrId(pub u32);

/// Index of an operand in [`Hir::operands`]; text order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperandId(pub u32);

/// Index of a name in [`Hir::names`]. Names include their tag: `$s`, `#s` and `s` are three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(pub u32);

/// A lowered script. Broken scripts lower too: what is missing is absent.
#[derive(Debug, Clone, PartialEq)]
pub struct Hir {
    /// The whole text that all ranges refer to.
    pub text: Arc<str>,
    /// Instructions in closing order.
    pub instrs: Vec<Instr>,
    /// Child lists of all instructions; see [`Instr::children`].
    pub child_ids: Vec<InstrId>,
    /// Operands in text order.
    pub operands: Vec<Operand>,
    /// Accessors of all lenses; see [`Lens::Path`].
    pub accessors: Vec<Accessor>,
    /// Distinct names, tags included: where each stands first; see [`Hir::names`].
    pub name_ranges: Vec<TextRange>,
    /// Top-level instructions: one in an accepted script.
    pub roots: Vec<InstrId>,
}

/// One instruction.
#[derive(Debug, Clone, PartialEq)]
pub struct Instr {
    /// Which of the fourteen, or unknown.
    pub kind: InstrKind,
    /// From `(` to just after `)`.
    pub range: TextRange,
    /// The keyword; empty range at the start where there is none.
    pub keyword: TextRange,
    /// The enclosing instruction; `None` for a root.
    pub parent: Option<InstrId>,
    /// Indices into [`Hir::operands`].
    pub operands: Range<u32>,
    /// Indices into [`Hir::child_ids`].
    pub children: Range<u32>,
}

/// The fourteen instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum InstrKind {
    Call,
    Canon,
    Ap,
    Seq,
    Par,
    Xor,
    Never,
    Null,
    New,
    Fail,
    Fold,
    Next,
    Match,
    Mismatch,
    /// A list with an unknown head; only in rejected scripts.
    Unknown,
}

/// What an operand is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Peer of a `call` or `canon`.
    Peer,
    /// Service of a `call`.
    Service,
    /// Function of a `call`.
    Function,
    /// One argument of a `call`.
    Argument,
    /// Where a `call` puts its result.
    Output,
    /// What `ap` and `canon` read.
    Source,
    /// Where `ap` and `canon` write.
    Target,
    /// Key of an `ap` into a stream map.
    Key,
    /// Value of an `ap` into a stream map.
    Value,
    /// First side of `match` and `mismatch`.
    Left,
    /// Second side of `match` and `mismatch`.
    Right,
    /// What `fold` walks.
    Iterable,
    /// Iterator of `fold` and `next`.
    Iterator,
    /// Name that `new` declares.
    Declared,
    /// Object that `fail` raises.
    Failure,
    /// Code of `(fail CODE "TEXT")`.
    FailCode,
    /// Text of `(fail CODE "TEXT")`.
    FailText,
}

/// One operand.
#[derive(Debug, Clone, PartialEq)]
pub struct Operand {
    /// Its position in the instruction, by purpose.
    pub role: Role,
    /// What stands there, with its name or value.
    pub kind: OperandKind,
    /// The whole word, lens included; both brackets of `[]`, both quotes of a literal.
    pub range: TextRange,
    /// The lens after it; `None` without one.
    pub lens: Option<Lens>,
}

/// What an operand is; [`SyntaxKind`] of the base token is [`OperandKind::token`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)]
pub enum OperandKind {
    /// Text between the quotes: [`Hir::literal`].
    Literal,
    Int(i64),
    Float(f64),
    Bool(bool),
    EmptyArray,
    InitPeerId,
    Timestamp,
    Ttl,
    LastError,
    Error,
    Scalar(NameId),
    Stream(NameId),
    StreamMap(NameId),
    Canon(NameId),
    CanonMap(NameId),
}

/// A lens: what is taken out of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lens {
    /// `.length`
    Length,
    /// `.$` and accessors: indices into [`Hir::accessors`].
    Path(Range<u32>),
}

/// One step of a lens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accessor {
    /// What the step takes.
    pub kind: AccessorKind,
    /// The name or index alone, without dots, brackets or `!`.
    pub range: TextRange,
}

/// What a step of a lens takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessorKind {
    /// `.name`; the text is at [`Accessor::range`].
    Field,
    /// `[0]`
    Index(u32),
    /// `[name]`: index or field given by a scalar.
    Variable(NameId),
}

impl OperandKind {
    /// The name, for the five kinds of variables.
    pub fn name(self) -> Option<NameId> {
        match self {
            OperandKind::Scalar(name)
            | OperandKind::Stream(name)
            | OperandKind::StreamMap(name)
            | OperandKind::Canon(name)
            | OperandKind::CanonMap(name) => Some(name),
            _ => None,
        }
    }

    /// The kind of the token that carries it; the bracket for `[]`.
    pub fn token(self) -> SyntaxKind {
        match self {
            OperandKind::Literal => SyntaxKind::STRING,
            OperandKind::Int(_) => SyntaxKind::INT,
            OperandKind::Float(_) => SyntaxKind::FLOAT,
            OperandKind::Bool(_) => SyntaxKind::BOOL,
            OperandKind::EmptyArray => SyntaxKind::L_BRACKET,
            OperandKind::InitPeerId => SyntaxKind::INIT_PEER_ID,
            OperandKind::Timestamp => SyntaxKind::TIMESTAMP,
            OperandKind::Ttl => SyntaxKind::TTL,
            OperandKind::LastError => SyntaxKind::LAST_ERROR,
            OperandKind::Error => SyntaxKind::ERROR_VAR,
            OperandKind::Scalar(_) => SyntaxKind::SCALAR,
            OperandKind::Stream(_) => SyntaxKind::STREAM,
            OperandKind::StreamMap(_) => SyntaxKind::STREAM_MAP,
            OperandKind::Canon(_) => SyntaxKind::CANON,
            OperandKind::CanonMap(_) => SyntaxKind::CANON_MAP,
        }
    }
}

impl Role {
    /// Whether the operand is written or declared there rather than read.
    pub fn is_write(self) -> bool {
        matches!(self, Role::Output | Role::Target | Role::Declared)
    }
}

impl Hir {
    /// The instruction.
    pub fn instr(&self, id: InstrId) -> Option<&Instr> {
        self.instrs.get(id.0 as usize)
    }

    /// Operands of an instruction, in text order.
    pub fn operands_of(&self, instr: &Instr) -> &[Operand] {
        self.operands.get(instr.operands.start as usize..instr.operands.end as usize).unwrap_or_default()
    }

    /// The first operand with that role.
    pub fn operand(&self, instr: &Instr, role: Role) -> Option<&Operand> {
        self.operands_of(instr).iter().find(|operand| operand.role == role)
    }

    /// Child instructions, in text order.
    pub fn children_of(&self, instr: &Instr) -> &[InstrId] {
        self.child_ids.get(instr.children.start as usize..instr.children.end as usize).unwrap_or_default()
    }

    /// Steps of a lens; empty for `.length`.
    pub fn accessors_of(&self, lens: &Lens) -> &[Accessor] {
        match lens {
            Lens::Length => &[],
            Lens::Path(range) => {
                self.accessors.get(range.start as usize..range.end as usize).unwrap_or_default()
            }
        }
    }

    /// A name with its tag.
    pub fn name(&self, id: NameId) -> &str {
        self.name_ranges.get(id.0 as usize).map_or("", |range| self.text_at(*range))
    }

    /// All names, tags included; a [`NameId`] is an index.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.name_ranges.iter().map(|range| self.text_at(*range))
    }

    /// Text at a range; empty if the range is not of this text.
    pub fn text_at(&self, range: TextRange) -> &str {
        self.text.get(usize::from(range.start())..usize::from(range.end())).unwrap_or_default()
    }

    /// Raw text of a literal, without its quotes.
    pub fn literal(&self, operand: &Operand) -> &str {
        let text = self.text_at(operand.range);
        text.strip_prefix('"').map_or("", |rest| rest.strip_suffix('"').unwrap_or(rest))
    }
}
