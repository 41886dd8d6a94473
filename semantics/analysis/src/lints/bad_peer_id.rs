//! Literals that look like peer ids and are not.

use air_semantics::hir::{Instr, InstrId, InstrKind, OperandKind, Role};

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report};
use crate::peer_id::{KEY_FORMS, MIN_ID_BYTES, problem, problem_of};

pub(crate) static ENTRY: Entry = entry(
    "L024",
    "bad-peer-id",
    Severity::Warning,
    Page {
        summary: "a literal that looks like a peer id and is not one",
        what: prose!(
            "The peer of a `call` or `canon` is an empty literal, or one that begins like a peer id
(`12D3KooW`, `Qm`, `16Uiu2HA`) but has a wrong length or a character that base58 does not have (`0`, `O`,
`I`, `l`), or a peer id written as a CID (`k51qzi5uqu5d…`, `bafzaa…`). Literals in `ap`, `match` and
arguments are checked too if they begin like the id of an Ed25519 or secp256k1 key. Short names, as in tests
and examples, are left alone."
        ),
        why: "No peer has such an id, so nothing runs there, and the script waits for ever.",
        example: r#"(call "12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxU" ("service" "function") [])"#,
        fix: "Copy the whole id: 52 characters for `12D3KooW…`, 46 for `Qm…`, 53 for `16Uiu2HA…`.",
        fixed: r#"(call "12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxUW" ("service" "function") [])"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::BadPeerId,
    looks: &[Looks::Instr(
        &[InstrKind::Call, InstrKind::Canon, InstrKind::Ap, InstrKind::Match, InstrKind::Mismatch],
        look,
    )],
    fix: Fixing::None("Only the author knows which peer is meant."),
};

fn look(context: &Context<'_>, _: InstrId, instr: &Instr, report: &mut Report<'_>) {
    for operand in context.hir.operands_of(instr) {
        // With its quotes. What is shorter is a name, but for the empty text.
        let length = usize::from(operand.range.len());
        if operand.kind != OperandKind::Literal || (3..MIN_ID_BYTES + 2).contains(&length) {
            continue;
        }
        let id = context.hir.literal(operand);
        let problem = match operand.role {
            Role::Peer => problem(id),
            // Elsewhere many a text begins with `Qm`, and an id may be part of an address.
            Role::Argument | Role::Left | Role::Right | Role::Source
                if id.len() >= MIN_ID_BYTES && id.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
            {
                problem_of(id, KEY_FORMS)
            }
            _ => None,
        };
        if let Some(problem) = problem {
            report.add(
                Code::BadPeerId,
                operand.range,
                format!("`{}` is not a peer id: {problem}", context.shown(operand.range)),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::BadPeerId, text, expected);
    }

    #[test]
    fn length_letters_and_nothing() {
        check(
            r#"(par
 (call "12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxUWW" ("s" "f") [])
 (par
  (call "12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxU0" ("s" "f") [])
  (canon "" $s #s)))"#,
            expect![[r#"
                |  (call "12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxUWW" ("s" "f") [])
                |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ L024 `"12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxUWW"` is not a peer id: it has 53 letters, expected 52
                |   (call "12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxU0" ("s" "f") [])
                |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ L024 `"12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxU0"` is not a peer id: base58 has no `0`
                |   (canon "" $s #s)))
                |          ^^ L024 `""` is not a peer id: it is empty
            "#]],
        );
    }

    #[test]
    fn cids_and_ids_that_are_passed_on() {
        check(
            r#"(seq (call "k51qzi5uqu5dhp48cti0590jyvwgxssrii0zdf19pyfsxwoqomqvfg6bg8qj3s" ("s" "f") ["12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAx"])
 (match %init_peer_id% "12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAx0W" (null)))"#,
            expect![[r#"
                | (seq (call "k51qzi5uqu5dhp48cti0590jyvwgxssrii0zdf19pyfsxwoqomqvfg6bg8qj3s" ("s" "f") ["12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAx"])
                |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ L024 `"k51qzi5uqu5dhp48cti0590jyvwgxssrii0zdf19pyfsxwoqomqvfg6bg8qj3s"` is not a peer id: it is a CID, and scripts name peers in base58 (`12D3KooW…`)
                | (seq (call "k51qzi5uqu5dhp48cti0590jyvwgxssrii0zdf19pyfsxwoqomqvfg6bg8qj3s" ("s" "f") ["12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAx"])
                |                                                                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ L024 `"12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAx"` is not a peer id: it has 50 letters, expected 52
                |  (match %init_peer_id% "12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAx0W" (null)))
                |                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ L024 `"12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAx0W"` is not a peer id: base58 has no `0`
            "#]],
        );
    }

    #[test]
    fn ids_and_names() {
        check(
            r#"(par
 (call "12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxUW" ("s" "f") [])
 (par (call "relay" ("s" "f") []) (call "Qmeeting" ("s" "f") ["" "QmNotAPeerButSomethingElseThatIsLongEnough00000" "/p2p/12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7"])))"#,
            expect![[r#"
                nothing
            "#]],
        );
    }
}
