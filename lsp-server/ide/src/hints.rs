//! What is there but not written: short texts that an editor shows between those of the script.

use air_analysis::Analysis;
use air_analysis::idioms::Certainty;
use air_semantics::hir::{Hir, Instr, InstrId, InstrKind, Operand, OperandId, OperandKind, Role};
use air_syntax::shorten::shorten;
use air_syntax::{Encoding, TextRange, TextSize};

use crate::names::is_closed;

/// A bracket that closes fewer lines than this gets no hint.
pub const MIN_LINES_TO_CLOSE: u32 = 20;

/// Operands and peers are cut here.
const MAX_WORD_CHARS: usize = 30;

/// Which hints are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HintOptions {
    /// What a far `)` closes.
    pub closing: bool,
    /// On which peer a branch of `par` begins.
    pub peers: bool,
    /// The last instruction that a fold has when none is written.
    pub last: bool,
    /// The compiler's idioms by name.
    pub idioms: bool,
}

/// What a hint says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum HintKind {
    Closing,
    Peer,
    Last,
    Idiom,
}

/// A text that is shown at a place of the script without being part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Where it is shown.
    pub at: TextSize,
    /// What is shown, without spaces around it.
    pub text: String,
    /// What it is about: the editor can show or hide each kind.
    pub kind: HintKind,
    /// The instruction that it is about.
    pub about: TextRange,
    /// A sentence of explanation; empty if there is none.
    pub more: &'static str,
}

/// The hints in a part of a script, in text order; `named` gives the name of a peer by its id.
pub fn hints<'n>(
    analysis: &Analysis,
    part: TextRange,
    options: HintOptions,
    named: impl Fn(&str) -> Option<&'n str>,
) -> Vec<Hint> {
    let mut found = Vec::new();
    if options.closing {
        closing(analysis, &mut found);
    }
    if options.peers {
        peers(analysis.hir(), named, &mut found);
    }
    if options.last {
        last(analysis.hir(), &mut found);
    }
    if options.idioms {
        idioms(analysis, &mut found);
    }
    found.retain(|hint| part.contains_inclusive(hint.at));
    found.sort_by_key(|hint| hint.at);
    found
}

fn closing(analysis: &Analysis, found: &mut Vec<Hint>) {
    let hir = analysis.hir();
    let line = |offset| analysis.line_index().line_col(offset, Encoding::Utf8).line;
    // One hint a line: for the outermost of those that end there, which comes last.
    let mut on_line: Option<u32> = None;
    for instr in &hir.instrs {
        let end = line(instr.range.end());
        if end - line(instr.range.start()) < MIN_LINES_TO_CLOSE || !is_closed(hir, instr) {
            continue;
        }
        if on_line.replace(end) == Some(end) {
            found.pop();
        }
        let text = head(hir, instr);
        found.push(Hint {
            at: instr.range.end(),
            text,
            kind: HintKind::Closing,
            about: instr.range,
            more: "",
        });
    }
}

/// The keyword and the operands that distinguish the instruction from others.
pub(super) fn head(hir: &Hir, instr: &Instr) -> String {
    let mut text = hir.text_at(instr.keyword).to_owned();
    let roles: &[Role] = match instr.kind {
        InstrKind::New => &[Role::Declared],
        InstrKind::Fold => &[Role::Iterable, Role::Iterator],
        InstrKind::Match | InstrKind::Mismatch => &[Role::Left, Role::Right],
        InstrKind::Call => &[Role::Service, Role::Function],
        _ => &[],
    };
    for operand in roles.iter().filter_map(|role| hir.operand(instr, *role)) {
        text.push(' ');
        text.push_str(&shorten(hir.text_at(operand.range), MAX_WORD_CHARS));
    }
    text
}

fn peers<'n>(hir: &Hir, named: impl Fn(&str) -> Option<&'n str>, found: &mut Vec<Hint>) {
    // The first peer inside of each instruction, children before parents.
    let mut first: Vec<Option<OperandId>> = Vec::with_capacity(hir.instrs.len());
    for instr in &hir.instrs {
        let own = || {
            let operands = instr.operands.clone().zip(hir.operands_of(instr));
            let mut peers = operands.filter(|(_, operand)| operand.role == Role::Peer);
            peers.next().map(|(id, _)| OperandId(id))
        };
        let of_child = |child: &InstrId| first.get(child.0 as usize).copied().flatten();
        let peer = match instr.kind {
            InstrKind::Call | InstrKind::Canon => own(),
            _ => hir.children_of(instr).iter().find_map(of_child),
        };
        first.push(peer);
    }
    for instr in hir.instrs.iter().filter(|instr| instr.kind == InstrKind::Par) {
        for child in hir.children_of(instr) {
            let peer = first.get(child.0 as usize).copied().flatten();
            let peer = peer.and_then(|peer| hir.operands.get(peer.0 as usize));
            let Some((branch, peer)) = hir.instr(*child).zip(peer) else { continue };
            // A single call says it itself.
            if !matches!(branch.kind, InstrKind::Call | InstrKind::Canon) {
                let name = named(hir.literal(peer)).unwrap_or_else(|| hir.text_at(peer.range));
                let text = format!("on {}:", shorten(name, MAX_WORD_CHARS));
                let more = "The first peer that this branch goes to.";
                found.push(Hint {
                    at: branch.range.start(),
                    text,
                    kind: HintKind::Peer,
                    about: branch.range,
                    more,
                });
            }
        }
    }
}

fn last(hir: &Hir, found: &mut Vec<Hint>) {
    for instr in hir.instrs.iter().filter(|instr| instr.kind == InstrKind::Fold) {
        let [_] = hir.children_of(instr) else { continue };
        if !is_closed(hir, instr) {
            continue;
        }
        let stream =
            |operand: &Operand| matches!(operand.kind, OperandKind::Stream(_) | OperandKind::StreamMap(_));
        let (text, more) = match hir.operand(instr, Role::Iterable).is_some_and(stream) {
            true => (
                "(never)",
                "After the last element, a fold over a stream is not complete unless a last instruction completes it.",
            ),
            false => ("(null)", "After the last element nothing more is done."),
        };
        let at = instr.range.end() - TextSize::of(')');
        found.push(Hint { at, text: text.to_owned(), kind: HintKind::Last, about: instr.range, more });
    }
}

fn idioms(analysis: &Analysis, found: &mut Vec<Hint>) {
    let hir = analysis.hir();
    for idiom in analysis.idioms().iter().filter(|idiom| idiom.certainty >= Certainty::Likely) {
        let Some(instr) = hir.instr(idiom.root) else { continue };
        // At the end of its first line.
        let first = hir.text_at(instr.range).lines().next().unwrap_or_default();
        let at = instr.range.start() + TextSize::of(first.trim_end());
        let more = idiom.kind.summary();
        found.push(Hint { at, text: idiom.label.clone(), kind: HintKind::Idiom, about: instr.range, more });
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    const ALL: HintOptions = HintOptions { closing: true, peers: true, last: true, idioms: true };

    fn check(text: &str, options: HintOptions, expected: Expect) {
        let analysis = Analysis::new(text);
        let mut shown = text.to_owned();
        for hint in hints(&analysis, TextRange::up_to(TextSize::of(text)), options, |_| None).iter().rev() {
            shown.insert_str(hint.at.into(), &format!("«{}»", hint.text));
        }
        expected.assert_eq(&shown);
    }

    #[test]
    fn what_a_far_bracket_closes() {
        let text = format!("(seq\n (new $s{}\n  (null)\n )\n)", "\n".repeat(MIN_LINES_TO_CLOSE as usize));
        let analysis = Analysis::new(&*text);
        let options = HintOptions { peers: false, last: false, idioms: false, closing: true };
        let found = hints(&analysis, TextRange::up_to(TextSize::of(&*text)), options, |_| None);
        let words: Vec<_> = found.iter().map(|hint| &*hint.text).collect();
        assert_eq!(words, ["new $s", "seq"]);
        let near = Analysis::new("(seq\n (null)\n (null)\n)");
        assert_eq!(hints(&near, TextRange::up_to(20.into()), options, |_| None), []);
    }

    #[test]
    fn peers_by_their_names() {
        let text =
            "(par (seq (call \"12D3\" (\"s\" \"f\") []) (null)) (seq (call \"q\" (\"s\" \"f\") []) (null)))";
        let options = HintOptions { peers: true, last: false, idioms: false, closing: false };
        let found = hints(&Analysis::new(text), TextRange::up_to(TextSize::of(text)), options, |id| {
            (id == "12D3").then_some("bootstrap")
        });
        let words: Vec<_> = found.iter().map(|hint| &*hint.text).collect();
        assert_eq!(words, ["on bootstrap:", "on \"q\":"]);
    }

    #[test]
    fn branches_folds_and_idioms() {
        check(
            "(par\n (seq (call \"relay\" (\"s\" \"f\") []) (null))\n (seq (fold xs i (par (call i (\"s\" \"f\") []) (next i))) (fold $s j (next j)))\n)",
            HintOptions { idioms: false, ..ALL },
            expect![[r#"
                (par
                 «on "relay":»(seq (call "relay" ("s" "f") []) (null))
                 «on i:»(seq (fold xs i (par (call i ("s" "f") []) (next i))«(null)») (fold $s j (next j)«(never)»))
                )"#]],
        );
        check(
            "(new $-hop-\n (new #-hop-\n  (canon -relay- $-hop- #-hop-)\n )\n)",
            ALL,
            expect![[r#"
            (new $-hop-«hop -relay-»
             (new #-hop-
              (canon -relay- $-hop- #-hop-)
             )
            )"#]],
        );
    }
}
