//! Lists without an instruction's name, and dots that stand for what was left out.

use air_syntax::lexer::{lex, reference_name};
use air_syntax::{SyntaxKind, TextRange, TextSize};

use super::super::skeleton::Skeleton;
use super::insert;
use crate::diagnostic::{Fix, TextEdit};

/// Instructions that take operands or instructions.
const KEYWORDS: [SyntaxKind; 12] = [
    SyntaxKind::CALL_KW,
    SyntaxKind::CANON_KW,
    SyntaxKind::AP_KW,
    SyntaxKind::SEQ_KW,
    SyntaxKind::PAR_KW,
    SyntaxKind::XOR_KW,
    SyntaxKind::NEW_KW,
    SyntaxKind::FAIL_KW,
    SyntaxKind::FOLD_KW,
    SyntaxKind::NEXT_KW,
    SyntaxKind::MATCH_KW,
    SyntaxKind::MISMATCH_KW,
];

/// `((…) (…))`, `("p" ("s" "f") [])`: the name of the only instruction that takes all of it.
pub(super) fn missing_keyword(text: &str, error: TextRange) -> Option<Fix> {
    let before = text.get(..error.start().into())?;
    // Before another list the error is at the bracket itself.
    let before_list = text.get(error.start().into()..)?.starts_with('(');
    let open = if before_list { before.len() } else { before.trim_end().strip_suffix('(')?.len() };
    let list = Skeleton::of(text, open)?;
    if before_list && list.words == 0 && list.lists == 1 {
        let outer = [list.range.start(), list.range.end() - TextSize::of(')')];
        let edits =
            outer.map(|at| TextEdit { range: TextRange::at(at, TextSize::of('(')), new_text: String::new() });
        return Some(Fix { title: "remove these parentheses".into(), safe: false, edits: edits.into() });
    }
    let inside = TextRange::empty(list.range.start() + TextSize::of('('));
    let fits = |keyword: &SyntaxKind| list.errors_with(inside, reference_name(*keyword)) == 0;
    let keyword = if list.words == 0 && list.lists > 1 {
        // Of three and more, the rest is nested then.
        (list.errors_with(inside, "seq") <= 1).then_some(SyntaxKind::SEQ_KW)?
    } else {
        let mut fitting = KEYWORDS.iter().copied().filter(fits);
        let only = fitting.next()?;
        match fitting.next() {
            None => only,
            Some(_) => walks(text, list.range).then_some(SyntaxKind::FOLD_KW).filter(fits)?,
        }
    };
    let name = reference_name(keyword);
    let after = if keyword == SyntaxKind::SEQ_KW { ": one after the other" } else { "" };
    let edits = vec![insert(inside.start(), format!("{name} "))];
    Some(Fix { title: format!("insert `{name}`{after}").into(), safe: false, edits })
}

/// Whether the second word of a list is the name that a `next` in it continues with.
fn walks(text: &str, list: TextRange) -> bool {
    let inside = text.get(std::ops::Range::<usize>::from(list)).unwrap_or_default();
    let tokens = lex(inside);
    let solid: Vec<usize> =
        (0..tokens.len()).filter(|it| !tokens.kinds.get(*it).is_some_and(|it| it.is_trivia())).collect();
    let word = |index: &usize| inside.get(tokens.start(*index) as usize..tokens.end(*index) as usize);
    let Some(iterator) = solid.get(2).and_then(word) else { return false };
    let next = |pair: &[usize]| {
        pair.first().and_then(word) == Some("next") && pair.last().and_then(word) == Some(iterator)
    };
    solid.windows(2).any(next)
}

/// `...`: nothing, where something can be left out, or `(null)`.
pub(super) fn dots(text: &str, dots: TextRange, instruction: Option<TextSize>) -> Option<Fix> {
    let remove = ("remove these dots".to_owned(), String::new());
    let replace = |new: &str| (format!("replace these dots by `{new}`"), new.to_owned());
    let (title, new_text) = match instruction.and_then(|open| Skeleton::of(text, open.into())) {
        // Outside of the script's instruction, or in its place.
        None if instruction.is_some() => return None,
        None => {
            let tokens = lex(text);
            let other = |(index, kind): (usize, &SyntaxKind)| {
                !kind.is_trivia() && !dots.contains(tokens.start(index).into())
            };
            if tokens.kinds.iter().enumerate().any(other) { remove } else { replace("(null)") }
        }
        Some(list) => {
            let before = list.errors();
            let tried = [replace("(null)"), remove, replace("null")];
            let tried = tried.into_iter().map(|(title, new)| (list.errors_with(dots, &new), title, new));
            // Of equals, the first.
            let (errors, title, new) = tried.min_by_key(|(errors, ..)| *errors)?;
            (errors < before).then_some((title, new))?
        }
    };
    Some(Fix { title: title.into(), safe: false, edits: vec![TextEdit { range: dots, new_text }] })
}

#[cfg(test)]
mod tests {
    use air_semantics::text_edit::apply;

    use crate::Analysis;

    fn fixed(before: &str) -> Option<String> {
        let analysis = Analysis::new(before);
        let fix = analysis.diagnostics().iter().find_map(|it| it.fixes.first())?;
        assert!(!fix.safe, "{}", fix.title);
        Some(apply(before, &fix.edits))
    }

    fn check(before: &str, after: &str) {
        assert_eq!(fixed(before).as_deref(), Some(after));
        assert!(Analysis::new(after).parse.ok(), "{after}");
    }

    #[test]
    fn the_name_of_the_instruction_that_fits() {
        check("((null) (null))", "(seq (null) (null))");
        check("(seq (null) ((null) (never)))", "(seq (null) (seq (null) (never)))");
        check("((seq (null) (null)))", "(seq (null) (null))");
        check("(\"p\" (\"s\" \"f\") [1] x)", "(call \"p\" (\"s\" \"f\") [1] x)");
        check("(seq (ap 1 $s) (\"p\" $s #s))", "(seq (ap 1 $s) (canon \"p\" $s #s))");
        check("(1 x)", "(ap 1 x)");
        check("((1 2) %map)", "(ap (1 2) %map)");
        check("($s (null))", "(new $s (null))");
        check("(1 \"why\")", "(fail 1 \"why\")");
        check(
            "(seq (ap 1 $s) ($s it (seq (null) (next it))))",
            "(seq (ap 1 $s) (fold $s it (seq (null) (next it))))",
        );
        assert_eq!(fixed("((null) (null) (null))").as_deref(), Some("(seq (null) (null) (null))"));
    }

    #[test]
    fn several_that_fit_are_a_question() {
        assert_eq!(fixed("(1 2 (null))"), None);
        assert_eq!(fixed("(1 2)"), None);
        assert_eq!(fixed("(seq ([]) (null))"), None);
    }

    #[test]
    fn dots_are_nothing() {
        check("(seq (null) ...)", "(seq (null) (null))");
        check("(seq ... (null))", "(seq (null) (null))");
        check("(seq (null) (...))", "(seq (null) (null))");
        check("(seq (null) …)", "(seq (null) (null))");
        check("(seq (null) ... (null))", "(seq (null)  (null))");
        check("(call \"p\" (\"s\" \"f\") [...] x)", "(call \"p\" (\"s\" \"f\") [] x)");
        check("(new $s ..)", "(new $s (null))");
        check("...", "(null)");
        check("(null)\n...", "(null)\n");
        assert_eq!(fixed("(call ... (\"s\" \"f\") [])"), None);
        assert_eq!(fixed("(ap ... x)"), None);
    }
}
