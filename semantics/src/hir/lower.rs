//! The tree to the arena, in one walk over green nodes.
//!
//! A green node knows only its length, so offsets run along; what is open waits on an explicit
//! stack. Broken scripts lower as far as they go: `ERROR` nodes are skipped but keep the place of
//! the operand they stand for, so that the operands behind them keep their roles.

use std::sync::Arc;

use air_syntax::{Parse, SyntaxKind, TextRange, TextSize};
use rowan::{Children, GreenNodeData, GreenTokenData, NodeOrToken};

use super::build::Builder;
use super::{Hir, InstrKind, Role};

/// Lowers a script. Never fails, never recurses, linear.
pub fn lower(parse: &Parse, text: Arc<str>) -> Hir {
    let mut builder = Builder::new(&text);
    walk(parse.green(), &mut builder);
    builder.finish(text.clone())
}

/// A node whose children are being walked.
struct Frame<'g> {
    children: Children<'g>,
    /// `None` for the script.
    kind: Option<InstrKind>,
    start: TextSize,
    /// Where the next child begins.
    at: TextSize,
    keyword: TextRange,
    first_operand: u32,
    end_operand: u32,
    first_child: usize,
    /// How many places for operands are behind us.
    slot: u8,
}

/// Beyond all places: what still comes is no operand.
const FULL: u8 = u8::MAX;

fn walk(script: &GreenNodeData, builder: &mut Builder<'_>) {
    let mut stack = vec![Frame::new(script, None, TextSize::new(0), builder)];
    while let Some(frame) = stack.last_mut() {
        match frame.children.next() {
            Some(NodeOrToken::Token(token)) => frame.token(token, builder),
            Some(NodeOrToken::Node(node)) => {
                let at = frame.at;
                frame.at += node.text_len();
                let kind = SyntaxKind::from_green(node.kind());
                match instr_kind(kind) {
                    Some(instr) => {
                        // Operands of one instruction are neighbours: none is taken after a child.
                        frame.slot = FULL;
                        stack.push(Frame::new(node, Some(instr), at, builder));
                    }
                    None => frame.part(kind, node, at, builder),
                }
            }
            None => {
                let Some(frame) = stack.pop() else { break };
                if let Some(kind) = frame.kind {
                    let range = TextRange::new(frame.start, frame.at);
                    let operands = frame.first_operand..frame.end_operand;
                    builder.close(kind, range, frame.keyword, operands, frame.first_child);
                }
            }
        }
    }
}

impl<'g> Frame<'g> {
    fn new(
        node: &'g GreenNodeData,
        kind: Option<InstrKind>,
        start: TextSize,
        builder: &Builder<'_>,
    ) -> Frame<'g> {
        let operands = builder.operand_count();
        Frame {
            children: node.children(),
            kind,
            start,
            at: start,
            keyword: TextRange::empty(start),
            first_operand: operands,
            end_operand: operands,
            first_child: builder.orphan_count(),
            slot: 0,
        }
    }

    fn token(&mut self, token: &GreenTokenData, builder: &mut Builder<'_>) {
        let kind = SyntaxKind::from_green(token.kind());
        let range = TextRange::at(self.at, TextSize::of(token.text()));
        self.at = range.end();
        if kind <= SyntaxKind::R_BRACKET {
            return;
        }
        if kind.is_keyword() {
            if self.keyword.is_empty() {
                self.keyword = range;
            }
        } else if self.kind == Some(InstrKind::Unknown) {
            if self.slot == 0 {
                self.keyword = range;
            }
            self.slot = FULL;
        } else if let Some(role) = self.role(kind) {
            builder.word(role, kind, range);
            self.end_operand = builder.operand_count();
        }
    }

    /// A node that is no instruction.
    fn part(&mut self, kind: SyntaxKind, node: &GreenNodeData, at: TextSize, builder: &mut Builder<'_>) {
        if self.slot == FULL {
            return;
        }
        match kind {
            SyntaxKind::LENSED => {
                // Only the peer of a `canon` takes a lens: `#c.$.[0]` there is no target.
                let peer = self.kind == Some(InstrKind::Canon) && self.slot == 0;
                let scalar_like = |base| if peer { SyntaxKind::SCALAR } else { base };
                if let Some((base, _)) = base_token(node)
                    && let Some(role) = self.role(scalar_like(base))
                {
                    lensed(role, node, at, builder);
                }
            }
            SyntaxKind::EMPTY_ARRAY => {
                if let Some(role) = self.role(SyntaxKind::L_BRACKET) {
                    builder.empty_array(role, TextRange::at(at, node.text_len()));
                }
            }
            SyntaxKind::FUNCTION_REF => {
                list(&[Role::Service, Role::Function], node, at, builder);
                self.slot = 2;
            }
            SyntaxKind::ARGUMENTS => {
                list(&[], node, at, builder);
                self.slot = 2;
            }
            SyntaxKind::MAP_ENTRY if self.slot == 0 => {
                list(&[Role::Key, Role::Value], node, at, builder);
                self.slot = 1;
            }
            SyntaxKind::ERROR => self.slot = self.slot.saturating_add(1),
            _ => {}
        }
        self.end_operand = builder.operand_count();
    }

    /// What an operand at this place is for. Where one before it is missing, its kind can tell.
    fn role(&mut self, token: SyntaxKind) -> Option<Role> {
        let stream = matches!(token, SyntaxKind::STREAM | SyntaxKind::STREAM_MAP);
        let canon = matches!(token, SyntaxKind::CANON | SyntaxKind::CANON_MAP);
        let (role, slot) = match (self.kind?, self.slot) {
            (InstrKind::Call, 0) if !stream => (Role::Peer, 1),
            (InstrKind::Call, 0..=2) => (Role::Output, FULL),
            (InstrKind::Canon, 0) if !stream && !canon => (Role::Peer, 1),
            (InstrKind::Canon, 0 | 1) if !canon => (Role::Source, 2),
            (InstrKind::Canon, 0..=2) => (Role::Target, FULL),
            (InstrKind::Ap, 0) if !stream => (Role::Source, 1),
            (InstrKind::Ap, 0 | 1) => (Role::Target, FULL),
            (InstrKind::New, 0) => (Role::Declared, FULL),
            (InstrKind::Fail, 0) if token == SyntaxKind::INT => (Role::FailCode, 1),
            (InstrKind::Fail, 0) => (Role::Failure, FULL),
            (InstrKind::Fail, 1) => (Role::FailText, FULL),
            (InstrKind::Fold, 0) => (Role::Iterable, 1),
            (InstrKind::Fold, 1) => (Role::Iterator, FULL),
            (InstrKind::Next, 0) => (Role::Iterator, FULL),
            (InstrKind::Match | InstrKind::Mismatch, 0) => (Role::Left, 1),
            (InstrKind::Match | InstrKind::Mismatch, 1) => (Role::Right, FULL),
            _ => return None,
        };
        self.slot = slot;
        Some(role)
    }
}

/// Operands in brackets of their own; without roles they are arguments.
fn list(roles: &[Role], node: &GreenNodeData, mut at: TextSize, builder: &mut Builder<'_>) {
    let mut slot = 0;
    for child in node.children() {
        let role = if roles.is_empty() { Some(Role::Argument) } else { roles.get(slot).copied() };
        match child {
            NodeOrToken::Token(token) => {
                let kind = SyntaxKind::from_green(token.kind());
                let length = TextSize::of(token.text());
                if kind > SyntaxKind::MISMATCH_KW {
                    if let Some(role) = role {
                        builder.word(role, kind, TextRange::at(at, length));
                    }
                    slot += 1;
                }
                at += length;
            }
            NodeOrToken::Node(node) => {
                if let Some(role) = role {
                    match SyntaxKind::from_green(node.kind()) {
                        SyntaxKind::LENSED => lensed(role, node, at, builder),
                        SyntaxKind::EMPTY_ARRAY => {
                            builder.empty_array(role, TextRange::at(at, node.text_len()));
                        }
                        _ => {}
                    }
                }
                slot += 1;
                at += node.text_len();
            }
        }
    }
}

fn lensed(role: Role, node: &GreenNodeData, at: TextSize, builder: &mut Builder<'_>) {
    if let Some((base, length)) = base_token(node) {
        builder.lensed(role, base, TextRange::at(at, node.text_len()), length);
    }
}

/// Kind and length of what the lens is behind.
fn base_token(lensed: &GreenNodeData) -> Option<(SyntaxKind, TextSize)> {
    let base = lensed.children().next()?.into_token()?;
    Some((SyntaxKind::from_green(base.kind()), TextSize::of(base.text())))
}

fn instr_kind(kind: SyntaxKind) -> Option<InstrKind> {
    Some(match kind {
        SyntaxKind::CALL => InstrKind::Call,
        SyntaxKind::CANON_INSTR => InstrKind::Canon,
        SyntaxKind::AP => InstrKind::Ap,
        SyntaxKind::SEQ => InstrKind::Seq,
        SyntaxKind::PAR => InstrKind::Par,
        SyntaxKind::XOR => InstrKind::Xor,
        SyntaxKind::NEVER => InstrKind::Never,
        SyntaxKind::NULL => InstrKind::Null,
        SyntaxKind::NEW => InstrKind::New,
        SyntaxKind::FAIL => InstrKind::Fail,
        SyntaxKind::FOLD => InstrKind::Fold,
        SyntaxKind::NEXT => InstrKind::Next,
        SyntaxKind::MATCH => InstrKind::Match,
        SyntaxKind::MISMATCH => InstrKind::Mismatch,
        SyntaxKind::UNKNOWN_INSTR => InstrKind::Unknown,
        _ => return None,
    })
}
