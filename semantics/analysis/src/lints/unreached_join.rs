//! Values of two branches that never meet.

use air_semantics::hir::{Instr, InstrId, InstrKind, Operand, OperandKind, Role};
use air_syntax::TextRange;

use super::useless_hop::last_peer;
use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report, replace};

pub(crate) static ENTRY: Entry = entry(
    "L021",
    "unreached-join",
    Severity::Warning,
    Page {
        summary: "values of two branches are read on a peer that only one of them goes to",
        what: prose!(
            "A `call` after a `par` reads the results of both branches on a third peer. Each branch
ends with the call that makes its result, and one of them runs where the `par` begins: at the initiator, or
at the peer that the script has reached."
        ),
        why: prose!(
            "The peer where the `par` begins goes on as soon as its own branch is done, and
announces the call to the third peer. The peer of the other branch finds the call announced and does not go
there, so its value never arrives, and the call waits for ever."
        ),
        example: r#"(seq
 (call "one" ("service" "begin") [])
 (seq
  (par
   (call "one" ("service" "function") [] a)
   (call "two" ("service" "function") [] b))
  (call "three" ("service" "join") [a b])))"#,
        fix: "Let each branch end at the peer of the join, with a hop or a call there.",
        fixed: r#"(seq
 (call "one" ("service" "begin") [])
 (seq
  (par
   (seq (call "one" ("service" "function") [] a) (call "three" ("op" "noop") []))
   (seq (call "two" ("service" "function") [] b) (call "three" ("op" "noop") [])))
  (call "three" ("service" "join") [a b])))"#,
    },
);

pub(super) const LINT: Lint =
    Lint { code: Code::UnreachedJoin, looks: &[Looks::Instr(&[InstrKind::Par], look)], fix: Fixing::Offered };

fn look(context: &Context<'_>, id: InstrId, par: &Instr, report: &mut Report<'_>) {
    let Some(seq) = par.parent.and_then(|parent| context.instr(parent)) else { return };
    if seq.kind != InstrKind::Seq || context.child(seq, 0) != Some(id) {
        return;
    }
    let Some(join) = context.child(seq, 1).and_then(|second| first_call(context, second)) else { return };
    let ends = [0, 1].map(|branch| {
        context
            .child(par, branch)
            .and_then(|branch| context.instr(branch))
            .and_then(|branch| end(context, branch))
    });
    let [Some(left), Some(right)] = ends else { return };
    let Some(begin) = begin(context, par.parent) else { return };
    let peer = |call: &Instr| context.operand(call, Role::Peer);
    let (Some(there), Some(one), Some(other)) = (peer(join), peer(left), peer(right)) else { return };
    // Who writes the id of the initiator out writes it everywhere.
    let known = |peer: &Operand| matches!(peer.kind, OperandKind::Literal | OperandKind::InitPeerId);
    let different = |one: &Operand, other: &Operand| {
        known(one) && known(other) && context.text(one.range) != context.text(other.range)
    };
    if !different(one, other) || !different(one, there) || !different(other, there) {
        return;
    }
    let starts_at = |peer: &Operand| context.text(peer.range) == begin;
    if !starts_at(one) && !starts_at(other) {
        return;
    }
    let late = if starts_at(one) { right } else { left };
    let Some(value) = read_of(context, join, late) else { return };
    let early = if starts_at(one) { left } else { right };
    if read_of(context, join, early).is_none() {
        return;
    }
    let (name, to) = (context.text(value), context.text(there.range));
    let hop = [left, right]
        .into_iter()
        .flat_map(|call| {
            [
                replace(TextRange::empty(call.range.start()), "(seq "),
                replace(
                    TextRange::empty(call.range.end()),
                    format!(" (new $-hop- (new #-hopc- (canon {to} $-hop- #-hopc-))))"),
                ),
            ]
        })
        .collect();
    report
        .add(
            Code::UnreachedJoin,
            value,
            format!("`{name}` never arrives at `{to}`: only the peer that is done first goes there"),
        )
        .related(late.keyword, format!("this `call` makes `{name}`, and nothing takes it to `{to}`"))
        .offer(format!("end both branches with a hop to `{to}`"), Some(hop));
}

/// The call that an instruction begins with.
fn first_call<'a>(context: &Context<'a>, mut id: InstrId) -> Option<&'a Instr> {
    loop {
        let instr = context.instr(id)?;
        id = match instr.kind {
            InstrKind::Call => return Some(instr),
            InstrKind::Seq | InstrKind::Xor | InstrKind::New if context.burn() => context.child(instr, 0)?,
            _ => return None,
        };
    }
}

/// The call that a branch ends with.
fn end<'a>(context: &Context<'a>, mut instr: &'a Instr) -> Option<&'a Instr> {
    while instr.kind == InstrKind::Seq && context.burn() {
        let last = context.instr(context.child(instr, 1)?)?;
        instr = if last.kind == InstrKind::Null { context.instr(context.child(instr, 0)?)? } else { last };
    }
    (instr.kind == InstrKind::Call).then_some(instr)
}

/// The peer where a `seq` begins: that of what is directly before it, or the initiator.
fn begin<'a>(context: &Context<'a>, seq: Option<InstrId>) -> Option<&'a str> {
    let mut from = seq?;
    for (id, around) in context.around(from) {
        match around.kind {
            InstrKind::Seq if context.child(around, 0) != Some(from) => {
                let before = context.child(around, 0).and_then(|left| context.instr(left))?;
                return last_peer(context, before).map(|peer| context.text(peer.range));
            }
            InstrKind::Xor if context.child(around, 0) != Some(from) => return None,
            InstrKind::Seq | InstrKind::Xor | InstrKind::New => from = id,
            _ => return None,
        }
    }
    context.has_fuel().then_some("%init_peer_id%")
}

/// Where a call reads the scalar that another one sets.
fn read_of(context: &Context<'_>, call: &Instr, other: &Instr) -> Option<TextRange> {
    let output = context.operand(other, Role::Output)?;
    let OperandKind::Scalar(_) = output.kind else { return None };
    let reads = |operand: &&Operand| operand.role == Role::Argument && operand.kind == output.kind;
    context.hir.operands_of(call).iter().find(reads).map(|operand| operand.range)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::UnreachedJoin, text, expected);
    }

    #[test]
    fn on_a_third_peer() {
        check(
            r#"(seq (call "A" ("s" "f") [])
 (seq (par (call "A" ("s" "a") [] x) (call "B" ("s" "b") [] y))
  (call "C" ("s" "c") [x y])))"#,
            expect![[r#"
                |   (call "C" ("s" "c") [x y])))
                |                          ^ L021 `y` never arrives at `"C"`: only the peer that is done first goes there
                |  (seq (par (call "A" ("s" "a") [] x) (call "B" ("s" "b") [] y))
                |                                       ---- this `call` makes `y`, and nothing takes it to `"C"`
                fix: end both branches with a hop to `"C"`: "(seq (call \"A\" (\"s\" \"f\") [])\n (seq (par (seq (call \"A\" (\"s\" \"a\") [] x) (new $-hop- (new #-hopc- (canon \"C\" $-hop- #-hopc-)))) (seq (call \"B\" (\"s\" \"b\") [] y) (new $-hop- (new #-hopc- (canon \"C\" $-hop- #-hopc-)))))\n  (call \"C\" (\"s\" \"c\") [x y])))"
            "#]],
        );
    }

    #[test]
    fn from_the_initiator() {
        check(
            r#"(xor
 (seq (par (call %init_peer_id% ("s" "a") [] x) (seq (call "B" ("s" "b") [] y) (null)))
  (call "C" ("s" "c") [x y]))
 (null))"#,
            expect![[r#"
                |   (call "C" ("s" "c") [x y]))
                |                          ^ L021 `y` never arrives at `"C"`: only the peer that is done first goes there
                |  (seq (par (call %init_peer_id% ("s" "a") [] x) (seq (call "B" ("s" "b") [] y) (null)))
                |                                                       ---- this `call` makes `y`, and nothing takes it to `"C"`
                fix: end both branches with a hop to `"C"`: "(xor\n (seq (par (seq (call %init_peer_id% (\"s\" \"a\") [] x) (new $-hop- (new #-hopc- (canon \"C\" $-hop- #-hopc-)))) (seq (seq (call \"B\" (\"s\" \"b\") [] y) (new $-hop- (new #-hopc- (canon \"C\" $-hop- #-hopc-)))) (null)))\n  (call \"C\" (\"s\" \"c\") [x y]))\n (null))"
            "#]],
        );
        // Neither begins there: each goes on from a peer of its own.
        check(
            r#"(seq (par (call "A" ("s" "a") [] x) (call "B" ("s" "b") [] y)) (call "C" ("s" "c") [x y]))"#,
            expect![[r#"
                nothing
            "#]],
        );
    }

    #[test]
    fn at_one_of_theirs_or_with_a_way() {
        check(
            r#"(seq (call "A" ("s" "f") [])
 (seq (par (call "A" ("s" "a") [] x) (call "B" ("s" "b") [] y))
  (call "A" ("s" "c") [x y])))"#,
            expect![[r#"
                nothing
            "#]],
        );
        check(
            r#"(seq (call "A" ("s" "f") [])
 (seq (par (call "A" ("s" "a") [] x) (seq (call "B" ("s" "b") [] y) (call "C" ("op" "noop") [])))
  (call "C" ("s" "c") [x y])))"#,
            expect![[r#"
                nothing
            "#]],
        );
    }
}
