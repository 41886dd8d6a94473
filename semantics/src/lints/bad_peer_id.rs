//! Literals that look like peer ids and are not.

use super::page::*;
use super::{Context, Fixing, Lint, Looks, Report};
use crate::hir::{Instr, InstrId, InstrKind, OperandKind, Role};

pub(crate) static ENTRY: Entry = entry(
    "L024",
    "bad-peer-id",
    Severity::Warning,
    Page {
        summary: "a literal that looks like a peer id and is not one",
        what: prose!("The peer of a `call` or `canon` is an empty literal, or one that begins like a peer id
(`12D3KooW`, `Qm`, `16Uiu2HA`) but has a wrong length or a character that base58 does not have (`0`, `O`,
`I`, `l`), or a peer id written as a CID (`k51qzi5uqu5d…`, `bafzaa…`). Literals in `ap`, `match` and
arguments are checked too if they begin like the id of an Ed25519 or secp256k1 key. Short names, as in tests
and examples, are left alone."),
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

/// How ids of Ed25519, RSA and secp256k1 keys begin, and how many letters they have.
const FORMS: [(&str, usize); 3] = [("12D3KooW", 52), ("16Uiu2HA", 53), ("Qm", 46)];

/// Those of them that nothing else begins with.
const KEYS: &[(&str, usize)] = &[("12D3KooW", 52), ("16Uiu2HA", 53)];

/// Ids have at least so many letters.
const LONG: usize = 40;

/// How CIDs of peers begin: of Ed25519 and RSA keys, in base36 and base32.
const CIDS: [&str; 4] = ["k51qzi5uqu5d", "k2k4r8", "bafzaa", "bafzbe"];

fn look(context: &Context<'_>, _: InstrId, instr: &Instr, report: &mut Report<'_>) {
    for operand in context.hir.operands_of(instr) {
        if operand.kind != OperandKind::Literal {
            continue;
        }
        let id = context.hir.literal(operand);
        let problem = match operand.role {
            Role::Peer => problem(id),
            // Elsewhere many a text begins with `Qm`, and an id may be part of an address.
            Role::Argument | Role::Left | Role::Right | Role::Source
                if id.len() >= LONG && id.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
            {
                problem_of(id, KEYS)
            }
            _ => None,
        };
        if let Some(problem) = problem {
            report.add(Code::BadPeerId, operand.range, format!("`{}` is not a peer id: {problem}", context.shown(operand.range)));
        }
    }
}

/// Whether a text has the form of a peer id.
pub(crate) fn is_peer_id(id: &str) -> bool {
    FORMS.iter().any(|(begin, _)| id.starts_with(begin)) && id.len() >= 40 && problem(id).is_none()
}

/// What keeps a text that looks like a peer id from being one.
pub(crate) fn problem(id: &str) -> Option<String> {
    problem_of(id, &FORMS)
}

fn problem_of(id: &str, forms: &[(&str, usize)]) -> Option<String> {
    if id.is_empty() {
        return Some("it is empty".to_owned());
    }
    // What is much shorter is a name.
    if id.len() < LONG {
        return None;
    }
    if forms.len() == FORMS.len() && CIDS.iter().any(|begin| id.starts_with(begin)) {
        return Some("it is a CID, and scripts name peers in base58 (`12D3KooW…`)".to_owned());
    }
    let (_, length) = forms.iter().find(|(begin, _)| id.starts_with(begin))?;
    let strange = id.chars().find(|c| !c.is_ascii_alphanumeric() || matches!(c, '0' | 'O' | 'I' | 'l'));
    if let Some(strange) = strange {
        return Some(format!("base58 has no `{strange}`"));
    }
    (id.len() != *length).then(|| format!("it has {} letters, expected {length}", id.len()))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::codes::Code;
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
