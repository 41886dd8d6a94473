//! Peers: what an id looks like, where else the script has it, and where a variable's peer comes from.

use air_analysis::Analysis;
use air_analysis::peer_id;
use air_semantics::hir::{Hir, Instr, InstrKind, Operand, OperandKind, Role};
use air_semantics::resolve::{Access, BindingId, BindingKind};

use super::explanation::line;
use crate::markdown::code;
use crate::names::definition::declarations_of;
use crate::services::built_in;

/// More places than this are counted, not listed.
const MAX_PLACES_SHOWN: usize = 3;

/// A peer that the script names by a literal.
pub(crate) fn peer_text(analysis: &Analysis, id: &str) -> String {
    let hir = analysis.hir();
    let mut text = format!("Peer {}\n\n", code(id));
    text.push_str(&match form(id) {
        IdForm::Id => "- peer id, made from the peer's key\n".to_owned(),
        IdForm::Broken(problem) => format!("- **not a peer id**: {problem}\n"),
        IdForm::SampleName => {
            "- a name for runs with sample data, where the peer gets a key and an id\n".to_owned()
        }
        IdForm::Other => "- not a peer id of the network: for tests and sample runs\n".to_owned(),
    });
    let same = |operand: &&Operand| operand.kind == OperandKind::Literal && hir.literal(operand) == id;
    let named = hir.instrs.iter().filter(|instr| instr.kind == InstrKind::Ap).filter_map(|instr| {
        hir.operand(instr, Role::Source).filter(same)?;
        Some((hir.operand(instr, Role::Target)?, instr))
    });
    for (target, instr) in named.take(MAX_PLACES_SHOWN) {
        let line = line(analysis, instr.range.start());
        text.push_str(&format!("- named {} by `ap` in line {line}\n", code(hir.text_at(target.range))));
    }
    let count = |kind| {
        let there = hir.instrs.iter().filter(|instr| instr.kind == kind);
        there.filter(|instr| hir.operand(instr, Role::Peer).filter(same).is_some()).count()
    };
    let values = hir.operands.iter().filter(|it| it.role != Role::Peer).filter(same).count();
    let counts = [(count(InstrKind::Call), "call"), (count(InstrKind::Canon), "canon"), (values, "value")];
    let counts = counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    });
    let counts: Vec<_> = counts.collect();
    if !counts.is_empty() {
        text.push_str(&format!("- in this script: {}\n", counts.join(", ")));
    }
    text
}

enum IdForm {
    Id,
    Broken(String),
    /// `@name`, as sample data has them.
    SampleName,
    Other,
}

fn form(id: &str) -> IdForm {
    if let Some(problem) = peer_id::problem(id) {
        return IdForm::Broken(problem);
    }
    if is_peer_id(id) {
        return IdForm::Id;
    }
    let name = id.strip_prefix('@').unwrap_or_default();
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !name.is_empty() && name.chars().all(letters) { IdForm::SampleName } else { IdForm::Other }
}

/// Whether a text looks exactly as an id of a peer does.
pub(super) fn is_peer_id(text: &str) -> bool {
    let begins = ["12D3KooW", "Qm", "16Uiu2HA"].iter().any(|begin| text.starts_with(begin));
    begins && text.len() >= 40 && peer_id::problem(text).is_none()
}

/// Where the peers that a variable names come from: after "as a peer: ".
pub(super) fn origin(analysis: &Analysis, id: BindingId) -> Option<String> {
    let (hir, resolution) = (analysis.hir(), analysis.resolution());
    let binding = resolution.binding(id)?;
    if let BindingKind::Iterator(fold) = binding.kind {
        let iterable = hir.operand(hir.instr(fold)?, Role::Iterable)?;
        return Some(format!("one of {}", code(hir.text_at(iterable.range))));
    }
    let mut found: Vec<String> = Vec::new();
    let writes = resolution.occurrences_of(id).filter(|place| place.access == Access::Write);
    for place in writes {
        let Some(from) = hir.instr(place.instr).and_then(|instr| made_by(hir, instr)) else { continue };
        if !found.contains(&from) {
            found.push(from);
        }
        if found.len() == MAX_PLACES_SHOWN {
            break;
        }
    }
    if found.is_empty() && !declarations_of(analysis, id).is_empty() && binding.kind == BindingKind::Script {
        return Some("supplied by the host".to_owned());
    }
    (!found.is_empty()).then(|| found.join(", or "))
}

fn made_by(hir: &Hir, instr: &Instr) -> Option<String> {
    match instr.kind {
        InstrKind::Call => {
            let literal = |role| hir.operand(instr, role).filter(|it| it.kind == OperandKind::Literal);
            let (service, function) = (literal(Role::Service)?, literal(Role::Function)?);
            let (service, function) = (hir.literal(service), hir.literal(function));
            let host = hir.operand(instr, Role::Peer)?.kind == OperandKind::InitPeerId;
            Some(match (service, function) {
                ("getDataSrv", "-relay-" | "relay") if host => {
                    "the relay through which the initiator is connected, supplied by its host".to_owned()
                }
                ("getDataSrv", name) if host => format!("supplied by the initiator's host as {}", code(name)),
                _ => match built_in(service, function) {
                    Some(it) => {
                        let what = it.what.trim_end_matches('.');
                        format!("returned by {} ({what})", code(&format!("{service}.{function}")))
                    }
                    None => format!("returned by {}", code(&format!("{service}.{function}"))),
                },
            })
        }
        InstrKind::Ap => {
            let source = hir.operand(instr, Role::Source)?;
            Some(match source.kind {
                OperandKind::InitPeerId => "the initiator".to_owned(),
                OperandKind::Literal => format!("always {}", code(hir.literal(source))),
                _ => format!("taken from {}", code(hir.text_at(source.range))),
            })
        }
        InstrKind::Canon => {
            let source = hir.operand(instr, Role::Source)?;
            Some(format!("taken from {}", code(hir.text_at(source.range))))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::hover::testing::check;

    #[test]
    fn literals() {
        check(
            "(call \"rel$0ay\" (\"op\" \"noop\") [])",
            expect![[r#"
                "\"relay\""
                Peer `relay`

                - not a peer id of the network: for tests and sample runs
                - in this script: 1 call
            "#]],
        );
        check(
            "(seq (ap \"12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxUW\" relay)\n (call \"12D3KooWR1cFrRWUL$0aAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxUW\" (\"op\" \"noop\") []))",
            expect![[r#"
                "\"12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxUW\""
                Peer `12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxUW`

                - peer id, made from the peer's key
                - named `relay` by `ap` in line 1
                - in this script: 1 call, 1 value
            "#]],
        );
        check(
            "(call \"12D3KooWR1cFrRWUL$0aAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxU\" (\"op\" \"noop\") [])",
            expect![[r#"
                "\"12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxU\""
                Peer `12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxU`

                - **not a peer id**: it has 51 letters, expected 52
                - in this script: 1 call
            "#]],
        );
        check(
            "(canon \"@a$0\" $s #s)",
            expect![[r#"
                "\"@a\""
                Peer `@a`

                - a name for runs with sample data, where the peer gets a key and an id
                - in this script: 1 canon
            "#]],
        );
    }

    #[test]
    fn variables_say_where_their_peer_comes_from() {
        check(
            "(seq (call %init_peer_id% (\"getDataSrv\" \"-relay-\") [] -relay-)\n (call -re$0lay- (\"op\" \"noop\") []))",
            expect![[r#"
                "-relay-"
                ```air
                -relay-: peer
                ```

                Scalar: one value, set once.

                - written in line 1 by `call` of `"getDataSrv" "-relay-"` on peer `%init_peer_id%`
                - known on `%init_peer_id%`, `-relay-`
                - read once
                - as a peer: the relay through which the initiator is connected, supplied by its host
            "#]],
        );
        check(
            "(seq (call \"p\" (\"kad\" \"neighborhood\") [%init_peer_id%] peers)\n (fold peers pe$0er (par (call peer (\"op\" \"noop\") []) (next peer))))",
            expect![[r#"
                "peer"
                ```air
                peer: peer
                ```

                Iterator of the `fold` over `peers` in line 2, for all elements at once.

                - known on `peer`
                - read 2 times
                - as a peer: one of `peers`
            "#]],
        );
    }
}
