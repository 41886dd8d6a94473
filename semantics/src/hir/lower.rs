//! The tree to the arena, in one walk over green nodes.
//!
//! A green node knows only its length, so offsets run along; what is open waits on an explicit
//! stack. Broken scripts lower as far as they go: `ERROR` nodes are skipped but keep the place of
//! the operand they stand for, so that the operands after them keep their roles.

use std::sync::Arc;

use air_syntax::{Edit, Parse, SyntaxKind, TextRange, TextSize};
use rowan::{Children, GreenNodeData, GreenTokenData, NodeOrToken};

use super::build::Builder;
use super::take_over::TakeOver;
use super::{Hir, InstrKind, Role};

/// Lowers a script. Never fails, never recurses, linear.
pub fn lower(parse: &Parse, text: Arc<str>) -> Hir {
    let mut builder = Builder::new(&text);
    walk(parse.green(), &mut builder, &mut None::<Kept<'_, std::iter::Empty<TextRange>>>);
    builder.finish(text.clone())
}

/// The same for a text that came out of another by an edit: what the edit left alone is taken out of the arena before.
pub(crate) fn lower_after(before: &Hir, parse: &Parse, text: Arc<str>, edit: Edit) -> Hir {
    let mut builder = Builder::new(&text);
    let mut settled = parse.settled_ranges();
    let next = settled.next();
    let mut kept = Some(Kept { take: TakeOver::new(before), rest: settled, next, edit });
    walk(parse.green(), &mut builder, &mut kept);
    drop(kept);
    builder.finish(text.clone())
}

/// What an edit left alone.
struct Kept<'h, I> {
    take: TakeOver<'h>,
    rest: I,
    /// The next one, in offsets of the text after the edit.
    next: Option<TextRange>,
    edit: Edit,
}

impl<I: Iterator<Item = TextRange>> Kept<'_, I> {
    /// Takes over what stands at a range, if it is what comes next.
    fn take(&mut self, range: TextRange, builder: &mut Builder<'_>) -> Option<()> {
        while self.next.is_some_and(|next| next.start() < range.start()) {
            self.next = self.rest.next();
        }
        self.next.filter(|next| *next == range)?;
        let Edit { removed, inserted } = self.edit;
        let start = match range.start() >= removed.start() + inserted {
            true => range.start() - inserted + removed.len(),
            false => range.start(),
        };
        let id = self.take.instr_at(TextRange::at(start, range.len()))?;
        self.take.take(id, range.start(), builder)
    }
}

/// A node whose children are being walked.
struct Frame<'t> {
    children: Children<'t>,
    /// `None` for the script.
    kind: Option<InstrKind>,
    start: TextSize,
    /// Where the next child begins.
    at: TextSize,
    keyword: TextRange,
    first_operand: u32,
    end_operand: u32,
    first_child: usize,
    /// How many places for operands have been passed.
    slot: u8,
}

/// Beyond all places: what still comes is not an operand.
const FULL: u8 = u8::MAX;

fn walk<'t>(
    script: &'t GreenNodeData,
    builder: &mut Builder<'t>,
    kept: &mut Option<Kept<'_, impl Iterator<Item = TextRange>>>,
) {
    let mut frame = Frame::new(script, None, TextSize::new(0), builder);
    let mut stack: Vec<Frame<'t>> = Vec::with_capacity(64);
    loop {
        match frame.children.next() {
            Some(NodeOrToken::Token(token)) => {
                let at = frame.at;
                frame.at += TextSize::of(token.text());
                // Spaces and brackets say nothing here, and are most of all tokens.
                if token.kind().0 > SyntaxKind::R_BRACKET as u16 {
                    frame.token(token, TextRange::new(at, frame.at), builder);
                }
            }
            Some(NodeOrToken::Node(node)) => {
                let at = frame.at;
                frame.at += node.text_len();
                let kind = SyntaxKind::from_green(node.kind());
                match instr_kind(kind) {
                    Some(instr) => {
                        // Operands of one instruction are neighbours: none is taken after a child.
                        frame.slot = FULL;
                        let range = TextRange::new(at, frame.at);
                        if kept.as_mut().is_some_and(|kept| kept.take(range, builder).is_some()) {
                            continue;
                        }
                        let inner = Frame::new(node, Some(instr), at, builder);
                        stack.push(std::mem::replace(&mut frame, inner));
                    }
                    None => frame.part(kind, node, at, builder),
                }
            }
            None => {
                if let Some(kind) = frame.kind {
                    let range = TextRange::new(frame.start, frame.at);
                    let operands = frame.first_operand..frame.end_operand;
                    builder.close(kind, range, frame.keyword, operands, frame.first_child);
                }
                match stack.pop() {
                    Some(outer) => frame = outer,
                    None => break,
                }
            }
        }
    }
}

impl<'t> Frame<'t> {
    fn new(
        node: &'t GreenNodeData,
        kind: Option<InstrKind>,
        start: TextSize,
        builder: &Builder<'_>,
    ) -> Frame<'t> {
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

    /// A token that is neither space nor bracket.
    fn token(&mut self, token: &'t GreenTokenData, range: TextRange, builder: &mut Builder<'t>) {
        let kind = SyntaxKind::from_green(token.kind());
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
            builder.token(role, kind, range, token);
            self.end_operand = builder.operand_count();
        }
    }

    /// A node that is not an instruction.
    fn part(&mut self, kind: SyntaxKind, node: &'t GreenNodeData, at: TextSize, builder: &mut Builder<'t>) {
        if self.slot == FULL {
            return;
        }
        match kind {
            SyntaxKind::LENSED => {
                // Only the peer of a `canon` takes a lens: `#c.$.[0]` there is not a target.
                let peer = self.kind == Some(InstrKind::Canon) && self.slot == 0;
                let scalar_like = |base| if peer { SyntaxKind::SCALAR } else { base };
                if let Some(base) = base_token(node)
                    && let Some(role) = self.role(scalar_like(SyntaxKind::from_green(base.kind())))
                {
                    builder.lensed_token(role, TextRange::at(at, node.text_len()), base);
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
    #[inline]
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
fn list<'t>(roles: &[Role], node: &'t GreenNodeData, mut at: TextSize, builder: &mut Builder<'t>) {
    let mut slot = 0;
    for child in node.children() {
        let role = if roles.is_empty() { Some(Role::Argument) } else { roles.get(slot).copied() };
        match child {
            NodeOrToken::Token(token) => {
                let kind = SyntaxKind::from_green(token.kind());
                let length = TextSize::of(token.text());
                if kind > SyntaxKind::MISMATCH_KW {
                    if let Some(role) = role {
                        builder.token(role, kind, TextRange::at(at, length), token);
                    }
                    slot += 1;
                }
                at += length;
            }
            NodeOrToken::Node(node) => {
                if let Some(role) = role {
                    match SyntaxKind::from_green(node.kind()) {
                        SyntaxKind::LENSED => {
                            if let Some(base) = base_token(node) {
                                builder.lensed_token(role, TextRange::at(at, node.text_len()), base);
                            }
                        }
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

/// What the lens follows.
fn base_token(lensed: &GreenNodeData) -> Option<&GreenTokenData> {
    lensed.children().next()?.into_token()
}

pub(super) fn instr_kind(kind: SyntaxKind) -> Option<InstrKind> {
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

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use expect_test::{Expect, expect};

    use crate::hir::{AccessorKind, Hir, Lens, Operand, lower};

    /// Instructions in closing order, each with its operands and the numbers of its children.
    fn check(text: &str, expected: Expect) {
        let hir = lower(&air_syntax::parse(text), text.into());
        let mut shown = String::new();
        for (index, instr) in hir.instrs.iter().enumerate() {
            let _ = write!(shown, "{index} {:?} {:?}", instr.kind, hir.text_at(instr.keyword));
            for operand in hir.operands_of(instr) {
                let _ = write!(shown, " {:?}={}", operand.role, show(&hir, operand));
            }
            for child in hir.children_of(instr) {
                let _ = write!(shown, " <{}>", child.0);
            }
            shown.push('\n');
        }
        let _ = writeln!(shown, "roots {:?}", hir.roots.iter().map(|id| id.0).collect::<Vec<_>>());
        expected.assert_eq(&shown);
    }

    fn show(hir: &Hir, operand: &Operand) -> String {
        let mut shown = match operand.kind.name() {
            Some(name) => {
                let kind = format!("{:?}", operand.kind);
                format!("{}({})", kind.split('(').next().unwrap(), hir.name(name))
            }
            None => format!("{:?}", operand.kind),
        };
        match &operand.lens {
            None => {}
            Some(Lens::Length) => shown.push_str(".length"),
            Some(lens) => {
                for step in hir.accessors_of(lens) {
                    let text = hir.text_at(step.range);
                    let _ = match step.kind {
                        AccessorKind::Field => write!(shown, ".{text}"),
                        AccessorKind::Index(index) => write!(shown, "[{index}]"),
                        AccessorKind::Variable(name) => {
                            assert_eq!(hir.name(name), text);
                            write!(shown, "[{text}]")
                        }
                    };
                }
            }
        }
        shown
    }

    #[test]
    fn every_instruction() {
        check(
            "(seq (par (xor (never) (null)) (new $s (fail 1 \"t\")))
              (fold $s i (match i.$.a[0].[i]! [] (mismatch #c.length 1.5 (next i)))
               (seq (call %init_peer_id% (\"s\" i) [%ttl% -7 true :error: %last_error%.$.message] $o)
                (seq (canon i %m #%m) (seq (ap i x) (seq (ap (\"k\" v) %m) (fail %last_error%)))))))",
            expect![[r#"
                0 Never "never"
                1 Null "null"
                2 Xor "xor" <0> <1>
                3 Fail "fail" FailCode=Int(1) FailText=Literal
                4 New "new" Declared=Stream($s) <3>
                5 Par "par" <2> <4>
                6 Next "next" Iterator=Scalar(i)
                7 Mismatch "mismatch" Right=Float(1.5) <6>
                8 Match "match" Left=Scalar(i).a[0][i] Right=EmptyArray <7>
                9 Call "call" Peer=InitPeerId Service=Literal Function=Scalar(i) Argument=Ttl Argument=Int(-7) Argument=Bool(true) Argument=Error Argument=LastError.message Output=Stream($o)
                10 Canon "canon" Peer=Scalar(i) Source=StreamMap(%m) Target=CanonMap(#%m)
                11 Ap "ap" Source=Scalar(i) Target=Scalar(x)
                12 Ap "ap" Key=Literal Value=Scalar(v) Target=StreamMap(%m)
                13 Fail "fail" Failure=LastError
                14 Seq "seq" <12> <13>
                15 Seq "seq" <11> <14>
                16 Seq "seq" <10> <15>
                17 Seq "seq" <9> <16>
                18 Fold "fold" Iterable=Stream($s) Iterator=Scalar(i) <8> <17>
                19 Seq "seq" <5> <18>
                roots [19]
            "#]],
        );
    }

    #[test]
    fn operands_keep_their_roles_behind_missing_and_wrong_ones() {
        check(
            "(canon $s #c)",
            expect![[r#"
            0 Canon "canon" Source=Stream($s) Target=Canon(#c)
            roots [0]
        "#]],
        );
        check(
            "(call (\"s\" \"f\") [x])",
            expect![[r#"
            0 Call "call" Service=Literal Function=Literal Argument=Scalar(x)
            roots [0]
        "#]],
        );
        check(
            "(call \"p\" (\"s\") [x $s y] out more)",
            expect![[r#"
            0 Call "call" Peer=Literal Service=Literal Argument=Scalar(x) Argument=Scalar(y) Output=Scalar(out)
            roots [0]
        "#]],
        );
        check(
            "(ap $s x)",
            expect![[r#"
            0 Ap "ap" Target=Scalar(x)
            roots [0]
        "#]],
        );
        check(
            "(ap (k) %m)",
            expect![[r#"
            0 Ap "ap" Key=Scalar(k) Target=StreamMap(%m)
            roots [0]
        "#]],
        );
        check(
            "(match a+b x (null))",
            expect![[r#"
            0 Null "null"
            1 Match "match" Right=Scalar(x) <0>
            roots [1]
        "#]],
        );
        check(
            "(fold \"no\" i (next i))",
            expect![[r#"
            0 Next "next" Iterator=Scalar(i)
            1 Fold "fold" Iterator=Scalar(i) <0>
            roots [1]
        "#]],
        );
    }

    #[test]
    fn broken_scripts_keep_their_instructions() {
        check(
            "(null) (seq (ap 1 x) (foo (next i)) (null) (null)",
            expect![[r#"
            0 Null "null"
            1 Ap "ap" Source=Int(1) Target=Scalar(x)
            2 Next "next" Iterator=Scalar(i)
            3 Unknown "foo" <2>
            4 Seq "seq" <1> <3>
            5 Null "null"
            6 Null "null"
            roots [0, 4, 5, 6]
        "#]],
        );
        check(
            ") x (",
            expect![[r#"
            0 Unknown ""
            roots [0]
        "#]],
        );
        check(
            "",
            expect![[r#"
            roots []
        "#]],
        );
    }
}
