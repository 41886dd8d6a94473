//! `[1 2]` as a value: its elements are collected in a stream, and a canon of it is the array.

use air_semantics::hir::{InstrKind, Role};
use air_syntax::lexer::lex;
use air_syntax::{OperandPosition, SyntaxError, SyntaxKind, TextRange};

use super::super::skeleton::Skeleton;
use super::{StructureFixes, insert, whole_instr};
use crate::diagnostic::{Fix, TextEdit};

/// Of an array; the instructions nest as deep.
const MAX_ELEMENTS: usize = 50;

pub(super) fn collect(fixes: &mut StructureFixes<'_>, error: &SyntaxError) -> Option<Fix> {
    let hir = fixes.script.hir();
    let instr = whole_instr(hir, error.range)?;
    if instr.kind == InstrKind::Unknown {
        return None;
    }
    let array = hir.text_at(error.range);
    let elements = elements(array)?;
    // A canon does not fit everywhere.
    let list = Skeleton::of(&fixes.script.text, instr.range.start().into())?;
    if list.errors_with(error.range, "#array") >= list.errors() {
        return None;
    }
    let peer = hir.operand(instr, Role::Peer).filter(|peer| !peer.range.contains_range(error.range));
    let peer = peer.map_or("%init_peer_id%", |peer| hir.text_at(peer.range)).to_owned();
    let range = instr.range;
    let name = fixes.free("array");
    let mut before = format!("(new ${name} ");
    for element in &elements {
        before.push_str(&format!("(seq (ap {element} ${name}) "));
    }
    before.push_str(&format!("(seq (canon {peer} ${name} #{name}) "));
    let edits = vec![
        insert(range.start(), before),
        TextEdit { range: error.range, new_text: format!("#{name}") },
        insert(range.end(), ")".repeat(elements.len() + 2)),
    ];
    let title = format!("collect the elements in a stream, made an array on {peer}");
    Some(Fix { title: title.into(), safe: false, edits })
}

/// What stands in an array, if `ap` takes each of it.
fn elements(array: &str) -> Option<Vec<&str>> {
    let inside = array.strip_prefix('[')?.strip_suffix(']')?;
    let tokens = lex(inside);
    let mut elements = Vec::new();
    for (index, kind) in tokens.kinds.iter().enumerate().filter(|(_, kind)| !kind.is_trivia()) {
        let value = OperandPosition::ApSource.takes(*kind) && *kind != SyntaxKind::L_BRACKET;
        if !value || elements.len() == MAX_ELEMENTS {
            return None;
        }
        let range = TextRange::new(tokens.start(index).into(), tokens.end(index).into());
        elements.push(inside.get(std::ops::Range::<usize>::from(range))?);
    }
    Some(elements).filter(|elements| !elements.is_empty())
}

#[cfg(test)]
mod tests {
    use air_semantics::text_edit::apply;

    use crate::Analysis;

    /// The first fix of the first error, after which the script is accepted.
    fn check(before: &str, after: &str) {
        let analysis = Analysis::new(before);
        let fix = analysis.diagnostics().iter().find_map(|it| it.fixes.first()).unwrap();
        assert!(!fix.safe);
        assert_eq!(apply(before, &fix.edits), after);
        assert!(Analysis::new(after).accepted(), "{after}");
    }

    #[test]
    fn elements_are_collected() {
        check(
            "(ap [1 \"two\"] x)",
            "(new $array (seq (ap 1 $array) (seq (ap \"two\" $array) (seq (canon %init_peer_id% $array #array) (ap #array x)))))",
        );
        check(
            "(seq (ap 1 array) (call \"p\" (\"s\" \"f\") [[array true] 2] x))",
            "(seq (ap 1 array) (new $array_2 (seq (ap array $array_2) (seq (ap true $array_2) (seq (canon \"p\" $array_2 #array_2) (call \"p\" (\"s\" \"f\") [#array_2 2] x))))))",
        );
        check(
            "(fold [1] it (seq (null) (next it)))",
            "(new $array (seq (ap 1 $array) (seq (canon %init_peer_id% $array #array) (fold #array it (seq (null) (next it))))))",
        );
    }

    #[test]
    fn what_is_no_value_is_left() {
        for text in ["(call [1 2] (\"s\" \"f\") [])", "(ap [$s] x)"] {
            let analysis = Analysis::new(text);
            let titles: Vec<_> =
                analysis.diagnostics().iter().flat_map(|it| &it.fixes).map(|it| &it.title).collect();
            assert!(titles.iter().all(|title| !title.contains("collect")), "{text}: {titles:?}");
        }
    }
}
