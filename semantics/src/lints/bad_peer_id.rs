//! Peer ids with a slip in them.

use super::page::*;
use super::{Context, Fixing, Lint, Looks, Report};
use crate::hir::{Instr, InstrId, InstrKind, OperandKind, Role};

pub(crate) static ENTRY: Entry = entry(
    "L024",
    "bad-peer-id",
    Severity::Warning,
    Page {
        summary: "a literal that looks like a peer id and is none",
        what: "The peer of a `call` or `canon` is an empty literal, or one that begins as peer ids do (`12D3KooW`, `Qm`, \
`16Uiu2HA`) and has a wrong length or a letter that base58 has not (`0`, `O`, `I`, `l`). Short names as tests and \
examples use are left alone.",
        why: "No peer has such an id, so nothing runs there and the script waits for ever.",
        example: "(call \"12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxU\" (\"service\" \"function\") [])",
        fix: "Copy the whole id: 52 letters for `12D3KooW…`, 46 for `Qm…`, 53 for `16Uiu2HA…`.",
        fixed: "(call \"12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxUW\" (\"service\" \"function\") [])",
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::BadPeerId,
    looks: &[Looks::Instr(&[InstrKind::Call, InstrKind::Canon], look)],
    fix: Fixing::None("Which peer is meant only the author knows."),
};

/// How ids of Ed25519, RSA and secp256k1 keys begin, and how many letters they have.
const FORMS: [(&str, usize); 3] = [("12D3KooW", 52), ("Qm", 46), ("16Uiu2HA", 53)];

fn look(context: &Context<'_>, _: InstrId, instr: &Instr, report: &mut Report<'_>) {
    let Some(peer) = context.hir.operands_of(instr).first() else { return };
    if peer.kind != OperandKind::Literal || peer.role != Role::Peer {
        return;
    }
    let id = context.hir.literal(peer);
    if let Some(problem) = problem(id) {
        report.add(Code::BadPeerId, peer.range, format!("this is no peer id: {problem}"));
    }
}

/// Whether a text has the form of a peer id.
pub(crate) fn is_peer_id(id: &str) -> bool {
    FORMS.iter().any(|(begin, _)| id.starts_with(begin)) && id.len() >= 40 && problem(id).is_none()
}

/// What keeps a text that looks like a peer id from being one.
pub(crate) fn problem(id: &str) -> Option<String> {
    if id.is_empty() {
        return Some("it is empty".to_owned());
    }
    let (_, length) = FORMS.iter().find(|(begin, _)| id.starts_with(begin))?;
    // What is much shorter is a name.
    if id.len() < 40 {
        return None;
    }
    let strange = id.chars().find(|c| !c.is_ascii_alphanumeric() || matches!(c, '0' | 'O' | 'I' | 'l'));
    if let Some(strange) = strange {
        return Some(format!("base58 has no `{strange}`"));
    }
    (id.len() != *length).then(|| format!("it has {} letters, and should have {length}", id.len()))
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
                |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ L024 this is no peer id: it has 53 letters, and should have 52
                |   (call "12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxU0" ("s" "f") [])
                |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ L024 this is no peer id: base58 has no `0`
                |   (canon "" $s #s)))
                |          ^^ L024 this is no peer id: it is empty
            "#]],
        );
    }

    #[test]
    fn ids_and_names() {
        check(
            r#"(par
 (call "12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxUW" ("s" "f") [])
 (par (call "relay" ("s" "f") []) (call "Qmeeting" ("s" "f") [])))"#,
            expect![[r#"
                nothing
            "#]],
        );
    }
}
