//! Scripts that end on other peers without a word to the one that started them.

use air_semantics::hir::{Hir, Instr, InstrId, InstrKind, OperandKind, Role};

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report};

pub(crate) static ENTRY: Entry = entry(
    "L041",
    "unheard-initiator",
    Severity::Hint,
    Page {
        summary: "the peer that starts the particle is told of errors, and never that the script is done",
        what: prose!(
            "The script calls `%init_peer_id%` when something fails. When nothing does, it ends on other
peers, and no `call` or `canon` on `%init_peer_id%` runs before."
        ),
        why: prose!(
            "Nothing comes back, so that whoever sent the particle and waits for an answer waits
until the particle's life is over. It looks as if the script hung."
        ),
        example: r#"(xor
 (call "relay" ("service" "function") [])
 (call %init_peer_id% ("returnService" "run") [%last_error%]))"#,
        fix: "Call a service of `%init_peer_id%` in the end, if the result matters to it.",
        fixed: r#"(xor
 (seq
  (call "relay" ("service" "function") [] result)
  (call %init_peer_id% ("returnService" "run") [result]))
 (call %init_peer_id% ("returnService" "run") [%last_error%]))"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::UnheardInitiator,
    looks: &[Looks::Text(look)],
    fix: Fixing::None("Only the author knows what the initiator should be told."),
};

/// What holds on the ways of an instruction on which nothing fails.
#[derive(Clone, Copy, Default)]
struct Ways {
    /// There is one.
    end: bool,
    /// The initiator may be called on one of them.
    tell: bool,
    /// The particle goes to another peer on all of them.
    leave: bool,
    /// Which of them is taken may depend on a comparison, or it may fail on purpose.
    chosen: bool,
}

fn look(context: &Context<'_>, _: &str, report: &mut Report<'_>) {
    let hir = context.hir;
    let Some(root) = hir.roots.first() else { return };
    if tells_soon(hir, *root) {
        return;
    }
    let mut all: Vec<Ways> = Vec::with_capacity(hir.instrs.len());
    for instr in &hir.instrs {
        let of = |id: Option<&InstrId>| id.and_then(|id| all.get(id.0 as usize)).copied();
        let children = hir.children_of(instr);
        let (first, second) = (of(children.first()), of(children.get(1)));
        all.push(ways(hir, instr, first.unwrap_or_default(), second.unwrap_or_default()));
    }
    let Some(ways) = all.get(root.0 as usize) else { return };
    // Who is never told of anything may not wait for anything.
    if !ways.end || ways.tell || !ways.leave || !hir.instrs.iter().any(|instr| is_told(hir, instr)) {
        return;
    }
    if let Some(instr) = hir.instr(*root) {
        report.add(
            Code::UnheardInitiator,
            instr.keyword,
            "nothing tells `%init_peer_id%` that this script is done: when nothing fails, it ends on other peers",
        );
    }
}

/// Whether the initiator is called where no error has to come first: nearly every script does that soon, in its beginning.
fn tells_soon(hir: &Hir, root: InstrId) -> bool {
    let mut open = vec![root];
    while let Some(instr) = open.pop().and_then(|id| hir.instr(id)) {
        if matches!(instr.kind, InstrKind::Call | InstrKind::Canon) && is_told(hir, instr) {
            return true;
        }
        let children = hir.children_of(instr);
        let branches = if instr.kind == InstrKind::Xor { 1 } else { children.len() };
        open.extend(children.iter().take(branches).rev());
    }
    false
}

fn is_told(hir: &Hir, instr: &Instr) -> bool {
    hir.operand(instr, Role::Peer).is_some_and(|peer| peer.kind == OperandKind::InitPeerId)
}

fn ways(hir: &Hir, instr: &Instr, first: Ways, second: Ways) -> Ways {
    let both = Ways {
        end: first.end && second.end,
        tell: first.tell || second.tell,
        leave: first.leave || second.leave,
        chosen: first.chosen || second.chosen,
    };
    match instr.kind {
        InstrKind::Call | InstrKind::Canon => {
            let tell = is_told(hir, instr);
            Ways { end: true, tell, leave: !tell, chosen: false }
        }
        InstrKind::Seq => both,
        InstrKind::Par => Ways { end: first.end || second.end, leave: first.leave && second.leave, ..both },
        // The second branch belongs to errors, unless the first one chooses it.
        InstrKind::Xor if first.chosen || !first.end => {
            let leave = first.leave && second.leave;
            Ways { end: first.end || second.end, leave, tell: both.tell, chosen: second.chosen }
        }
        InstrKind::Xor => Ways { chosen: false, ..first },
        // The body may never run.
        InstrKind::Fold => Ways { end: true, leave: false, ..both },
        InstrKind::New => first,
        InstrKind::Match | InstrKind::Mismatch => Ways { chosen: true, ..first },
        InstrKind::Fail => Ways { chosen: true, ..Ways::default() },
        InstrKind::Never => Ways::default(),
        _ => Ways { end: true, ..Ways::default() },
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::UnheardInitiator, text, expected);
    }

    #[test]
    fn only_errors_come_back() {
        check(
            r#"(xor (call "relay" ("op" "identity") []) (call %init_peer_id% ("returnService" "run") [%last_error%]))"#,
            expect![[r#"
                | (xor (call "relay" ("op" "identity") []) (call %init_peer_id% ("returnService" "run") [%last_error%]))
                |  ^^^ L041 nothing tells `%init_peer_id%` that this script is done: when nothing fails, it ends on other peers
            "#]],
        );
    }

    #[test]
    fn it_is_told_or_ends_there_or_is_never_told() {
        for text in [
            r#"(seq (call "a" ("s" "f") []) (call "b" ("s" "f") []))"#,
            r#"(null)"#,
            r#"(seq (call "a" ("s" "f") [] x) (call %init_peer_id% ("s" "f") [x]))"#,
            r#"(seq (call "a" ("s" "f") [] x) (canon %init_peer_id% $s #s))"#,
            r#"(xor (par (call "a" ("s" "f") []) (null)) (call %init_peer_id% ("s" "f") []))"#,
            r#"(seq (call %init_peer_id% ("getDataSrv" "list") [] l) (fold l i (seq (call i ("s" "f") []) (next i))))"#,
            r#"(xor (fold $l i (seq (call i ("s" "f") []) (next i))) (call %init_peer_id% ("s" "f") []))"#,
            r#"(seq (call "a" ("s" "f") [] x) (xor (match x 1 (call "a" ("s" "f") [])) (call %init_peer_id% ("s" "f") [])))"#,
            r#"(xor (seq (call "a" ("s" "f") []) (never)) (call %init_peer_id% ("s" "f") []))"#,
            r#"(xor (seq (call "a" ("s" "f") []) (fail 1 "no")) (call %init_peer_id% ("s" "f") []))"#,
        ] {
            check(
                text,
                expect![[r#"
                nothing
            "#]],
            );
        }
    }
}
