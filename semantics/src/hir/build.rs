//! Puts an arena together: interned names, operands out of words, instructions out of what was
//! read of them. Shared by the lowering of our tree and by the reference machine.

use std::ops::Range;
use std::sync::Arc;

use air_syntax::{SyntaxKind, TextRange, TextSize, lens};
use rowan::GreenTokenData;
use rustc_hash::FxHashMap;

use super::{
    Accessor, AccessorKind, Hir, Instr, InstrId, InstrKind, Lens, NameId, Operand, OperandKind, Role,
};

/// Stands in a child list for an instruction that could not be read.
pub(crate) const MISSING: InstrId = InstrId(u32::MAX);

/// How many tokens [`Builder`] remembers; a power of two.
const RECENT_TOKENS: usize = 1024;

/// An arena under construction.
pub(crate) struct Builder<'t> {
    text: &'t str,
    pub(super) instrs: Vec<Instr>,
    pub(super) child_ids: Vec<InstrId>,
    pub(super) operands: Vec<Operand>,
    pub(super) accessors: Vec<Accessor>,
    names: Vec<TextRange>,
    interned: FxHashMap<&'t str, NameId>,
    /// Names of tokens seen lately, by address. A tree shares equal tokens, so most names are found
    /// here without a look at their text.
    recent: Vec<(usize, NameId)>,
    /// Complete instructions whose parent is still open.
    pub(super) orphans: Vec<InstrId>,
}

impl<'t> Builder<'t> {
    /// An empty arena for that text, to be filled with tokens of its tree.
    pub(crate) fn new(text: &'t str) -> Builder<'t> {
        Builder::with(text, text.len() / 256, vec![(0, NameId(0)); RECENT_TOKENS])
    }

    /// An empty arena for that text, to be filled with words. There is no tree that takes memory, too, so that the
    /// table of names need not grow step by step.
    pub(crate) fn without_tree(text: &'t str) -> Builder<'t> {
        Builder::with(text, text.len() / 96, Vec::new())
    }

    fn with(text: &'t str, names: usize, recent: Vec<(usize, NameId)>) -> Builder<'t> {
        // What compiler output needs (32 bytes an instruction, 12 an operand); others grow.
        let instrs = text.len() / 32;
        Builder {
            text,
            instrs: Vec::with_capacity(instrs),
            child_ids: Vec::with_capacity(instrs),
            operands: Vec::with_capacity(text.len() / 14),
            accessors: Vec::new(),
            names: Vec::new(),
            interned: FxHashMap::with_capacity_and_hasher(names, Default::default()),
            recent,
            orphans: Vec::new(),
        }
    }

    /// The arena. Instructions that found no parent are its roots.
    pub(crate) fn finish(self, text: Arc<str>) -> Hir {
        Hir {
            text,
            instrs: self.instrs,
            child_ids: self.child_ids,
            operands: self.operands,
            accessors: self.accessors,
            name_ranges: self.names,
            roots: self.orphans.into_iter().filter(|id| *id != MISSING).collect(),
        }
    }

    /// How many operands there are, which is the index of the next.
    pub(crate) fn operand_count(&self) -> u32 {
        self.operands.len() as u32
    }

    /// How many complete instructions wait for their parent.
    pub(crate) fn orphan_count(&self) -> usize {
        self.orphans.len()
    }

    /// Forgets complete instructions beyond the first `count` that wait for their parent.
    pub(crate) fn drop_orphans(&mut self, count: usize) {
        self.orphans.truncate(count);
    }

    /// Notes that an instruction is missing where one should be.
    pub(crate) fn missing(&mut self) {
        self.orphans.push(MISSING);
    }

    /// Completes an instruction: its children are the orphans from `first_child` on.
    #[inline(always)]
    pub(crate) fn close(
        &mut self,
        kind: InstrKind,
        range: TextRange,
        keyword: TextRange,
        operands: Range<u32>,
        first_child: usize,
    ) {
        let id = InstrId(self.instrs.len() as u32);
        let start = self.child_ids.len() as u32;
        let children = self.orphans.get(first_child..).unwrap_or_default();
        if !children.is_empty() {
            // One or two, mostly: too few to be copied as a block.
            for &child in children {
                if let Some(child) = self.instrs.get_mut(child.0 as usize) {
                    child.parent = Some(id);
                }
                self.child_ids.push(child);
            }
            self.orphans.truncate(first_child);
        }
        let children = start..self.child_ids.len() as u32;
        self.instrs.push(Instr { kind, range, keyword, parent: None, operands, children });
        self.orphans.push(id);
    }

    /// Adds an operand that is one word (lens included) or one literal. Words that are none are
    /// not added.
    pub(crate) fn word(&mut self, role: Role, token: SyntaxKind, range: TextRange) {
        if token == SyntaxKind::STRING {
            return self.operands.push(Operand { role, kind: OperandKind::Literal, range, lens: None });
        }
        let base = match token {
            SyntaxKind::SCALAR_LENS => SyntaxKind::SCALAR,
            SyntaxKind::CANON_LENS => SyntaxKind::CANON,
            SyntaxKind::CANON_MAP_LENS => SyntaxKind::CANON_MAP,
            SyntaxKind::LAST_ERROR_LENS => SyntaxKind::LAST_ERROR,
            SyntaxKind::ERROR_VAR_LENS => SyntaxKind::ERROR_VAR,
            plain => {
                let text = self.text_at(range);
                return self.operand(role, plain, text, range, None);
            }
        };
        // No name holds a dot, so the first one begins the lens.
        let word = self.text_at(range);
        let dot = memchr::memchr(b'.', word.as_bytes()).unwrap_or(word.len());
        let (name, lens) = word.split_at_checked(dot).unwrap_or((word, ""));
        self.operand(role, base, name, range, None);
        self.add_lens(lens, range.start() + TextSize::of(name));
    }

    /// Adds an operand that is that token of a tree.
    pub(crate) fn token(
        &mut self,
        role: Role,
        kind: SyntaxKind,
        range: TextRange,
        token: &'t GreenTokenData,
    ) {
        let text = self.text_at(range);
        self.operand(role, kind, text, range, Some(token));
    }

    /// Adds an operand with a lens: `base` begins the range, the rest of it is lens.
    pub(crate) fn lensed_token(&mut self, role: Role, range: TextRange, base: &'t GreenTokenData) {
        let text = self.text_at(range);
        let (name, lens) = text.split_at_checked(base.text().len()).unwrap_or((text, ""));
        self.operand(role, SyntaxKind::from_green(base.kind()), name, range, Some(base));
        self.add_lens(lens, range.start() + TextSize::of(name));
    }

    /// Adds the operand `[]`.
    pub(crate) fn empty_array(&mut self, role: Role, range: TextRange) {
        self.operands.push(Operand { role, kind: OperandKind::EmptyArray, range, lens: None });
    }

    fn operand(
        &mut self,
        role: Role,
        base: SyntaxKind,
        text: &'t str,
        range: TextRange,
        token: Option<&'t GreenTokenData>,
    ) {
        let kind = match base {
            SyntaxKind::STRING => OperandKind::Literal,
            SyntaxKind::SCALAR => OperandKind::Scalar(self.name(text, token)),
            SyntaxKind::STREAM => OperandKind::Stream(self.name(text, token)),
            SyntaxKind::STREAM_MAP => OperandKind::StreamMap(self.name(text, token)),
            SyntaxKind::CANON => OperandKind::Canon(self.name(text, token)),
            SyntaxKind::CANON_MAP => OperandKind::CanonMap(self.name(text, token)),
            SyntaxKind::INIT_PEER_ID => OperandKind::InitPeerId,
            SyntaxKind::TIMESTAMP => OperandKind::Timestamp,
            SyntaxKind::TTL => OperandKind::Ttl,
            SyntaxKind::LAST_ERROR => OperandKind::LastError,
            SyntaxKind::ERROR_VAR => OperandKind::Error,
            SyntaxKind::BOOL => OperandKind::Bool(text == "true"),
            SyntaxKind::INT => match text.parse() {
                Ok(int) => OperandKind::Int(int),
                Err(_) => return,
            },
            SyntaxKind::FLOAT => match text.parse() {
                Ok(float) => OperandKind::Float(float),
                Err(_) => return,
            },
            _ => return,
        };
        self.operands.push(Operand { role, kind, range, lens: None });
    }

    /// Gives the last operand its lens. Comes after its name, so that names are numbered by where they stand first.
    fn add_lens(&mut self, text: &'t str, start: TextSize) {
        let lens = self.lens(text, start);
        if let Some(operand) = self.operands.last_mut() {
            operand.lens = lens;
        }
    }

    pub(super) fn text_at(&self, range: TextRange) -> &'t str {
        self.text.get(range.start().into()..range.end().into()).unwrap_or_default()
    }

    fn name(&mut self, text: &'t str, token: Option<&'t GreenTokenData>) -> NameId {
        let Some(token) = token else { return self.intern(text) };
        let address = std::ptr::from_ref(token) as usize;
        // The tree outlives the builder, so an address means one token. Allocations are 16 bytes apart.
        let slot = (address >> 4) & (RECENT_TOKENS - 1);
        match self.recent.get(slot) {
            Some((known, name)) if *known == address => *name,
            _ => {
                let name = self.intern(text);
                if let Some(recent) = self.recent.get_mut(slot) {
                    *recent = (address, name);
                }
                name
            }
        }
    }

    pub(super) fn intern(&mut self, text: &'t str) -> NameId {
        *self.interned.entry(text).or_insert_with(|| {
            let start = (text.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
            self.names.push(TextRange::at(TextSize::new(start as u32), TextSize::of(text)));
            NameId(self.names.len() as u32 - 1)
        })
    }

    /// Adds the accessors of a lens; `start` is where its text begins.
    fn lens(&mut self, text: &'t str, start: TextSize) -> Option<Lens> {
        let first = self.accessors.len() as u32;
        // What is not a lens ends the word for the lexer: there are no errors here.
        for step in lens::accessors(text).flatten() {
            let name = text.get(step.name_start..step.name_end)?;
            let kind = match step.kind {
                lens::AccessorKind::Length => return Some(Lens::Length),
                lens::AccessorKind::Field => AccessorKind::Field,
                lens::AccessorKind::Index => AccessorKind::Index(name.parse().ok()?),
                lens::AccessorKind::Variable => AccessorKind::Variable(self.intern(name)),
            };
            let range = TextRange::at(start + TextSize::new(step.name_start as u32), TextSize::of(name));
            self.accessors.push(Accessor { kind, range });
        }
        Some(Lens::Path(first..self.accessors.len() as u32))
    }
}
