//! What AquaVM itself says about a text: its parser, error recovery and validator played through.
//!
//! Our own parser recovers better and is what every feature reads. This machine exists so that each
//! of our errors can carry AquaVM's text and span, and so that the verdict can be tested against
//! the reference's data. It runs only when our parser has found errors.

use std::sync::Arc;

use air_syntax::{TextRange, lexer};
use machine::Piece;

use crate::finding::Reference;
use crate::hir::Hir;
use crate::hir::build::Builder;
use crate::hir::take_over::TakeOver;
use crate::validate::{self, Given};

mod grammar;
mod machine;
mod terminal;

/// AquaVM's error list for a text: syntax errors in order, then the validator's. Empty if AquaVM
/// accepts it. Names in `given` count as defined at the start.
///
/// AquaVM gives validator errors of one rule in the random order of a hash map; here they come in
/// text order.
pub fn errors(text: &Arc<str>, given: &Given) -> Vec<Reference> {
    errors_around(text, given, std::iter::empty(), None)
}

/// The same for a text of which some instructions are known to be right, and are in an arena; in text order.
pub(crate) fn errors_around(
    text: &Arc<str>,
    given: &Given,
    settled: impl Iterator<Item = TextRange>,
    arena: Option<&Hir>,
) -> Vec<Reference> {
    let mut take = arena.map(TakeOver::new);
    let (mut pieces, mut tokens, mut at, mut lex_error) = (Vec::new(), Vec::new(), 0, None);
    for range in settled {
        let (start, end) = (usize::from(range.start()), usize::from(range.end()));
        let Some(id) = take.as_ref().and_then(|take| take.instr_at(range)) else { continue };
        if start < at {
            // A string or a word of AquaVM's runs into it.
            continue;
        }
        match lexer::reference_stretch(text, at..start, &mut tokens) {
            Ok(reached) => at = reached,
            Err(error) => {
                lex_error = Some(error);
                break;
            }
        }
        pieces.extend(tokens.drain(..).map(Piece::Token));
        if at == start {
            pieces.push(Piece::Settled(id, range));
            at = end;
        }
    }
    if lex_error.is_none() {
        lex_error = lexer::reference_stretch(text, at..text.len(), &mut tokens).err();
    }
    pieces.extend(tokens.drain(..).map(Piece::Token));
    let inside = |range: TextRange| {
        let mut tokens = Vec::new();
        let after_bracket = usize::from(range.start()) + 1..usize::from(range.end());
        // It is right, so no token of it is refused.
        let _ = lexer::reference_stretch(text, after_bracket, &mut tokens);
        tokens
    };
    let mut builder = Builder::without_tree(text);
    let parsed = machine::run(pieces.into_iter(), lex_error.is_none(), &mut builder, &mut take, &inside);
    if parsed.fatal {
        return parsed.errors;
    }
    if let Some(error) = lex_error {
        // The only one that AquaVM then reports.
        let message = error.reference_message().into_owned();
        return vec![Reference { message, start: error.start, end: error.end }];
    }
    let mut errors = parsed.errors;
    let hir = builder.finish(text.clone());
    errors.extend(validate::validate(&hir, given).iter().map(|finding| finding.reference(&hir)));
    errors
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use expect_test::{Expect, expect};

    use super::errors;

    fn check(text: &str, expected: Expect) {
        let mut shown = String::new();
        for error in errors(&text.into(), &Default::default()) {
            let _ = writeln!(shown, "{}..{} {}", error.start, error.end, error.message);
        }
        expected.assert_eq(&shown);
    }

    #[test]
    fn accepts() {
        check(r#"(seq (null) (fold [ ] i (next i) (ap ("k" []) %m)))"#, expect![[""]]);
    }

    #[test]
    fn the_end_of_the_text_is_one_past_the_last_token() {
        check(
            "; only a comment",
            expect![[r#"
            0..1 expected "("
        "#]],
        );
        check(
            "(seq (null) ; and then?\n",
            expect![[r#"
            11..12 expected "("
        "#]],
        );
    }

    #[test]
    fn recovers_at_the_innermost_place_that_can_go_on() {
        // The second branch is thrown away, its closed child still counts for the validator.
        check(
            "(seq (null) (seq (ap x y) oops))",
            expect![[r#"
            26..30 expected "("
            17..25 variable 'x' wasn't defined
        "#]],
        );
        check(
            "(fold [] i (oops) (next i))",
            expect![[r#"
            12..16 expected ap or call or canon or fail or fold or match_ or mismatch or never or new or next or null or par or seq or xor
            18..19 expected <nothing>
        "#]],
        );
        check(
            "(new x oops)",
            expect![[r#"
            7..11 expected "("
        "#]],
        );
        check(
            "(seq (par (null) (null) (null)) (null))",
            expect![[r#"
            24..25 expected ")"
        "#]],
        );
        check(
            "(null) (null)",
            expect![[r#"
            7..8 expected <nothing>
        "#]],
        );
    }

    #[test]
    fn several_errors() {
        check(
            "(seq (ap x) (call y))",
            expect![[r#"
            10..11 expected Scalar or Stream
            19..20 expected "("
            20..21 expected <nothing>
        "#]],
        );
    }

    #[test]
    fn lexer_errors_and_streams_with_a_lens_drop_all_others() {
        check(
            "(seq (oops) (ap \"x",
            expect![[r#"
            16..18 this string literal has unclosed quote
        "#]],
        );
        check(
            "(seq (oops) (ap 1 $ss.$.x))",
            expect![[r#"
            18..25 expected Scalar or Stream
        "#]],
        );
        check(
            "(seq (ap $ss.length x) (ap \"x",
            expect![[r#"
            9..19 expected "(" or "[" or Boolean or CanonStream or CanonStreamMapWithLambda or CanonStreamWithLambda or Error or ErrorWithLambda or F64 or I64 or InitPeerId or LastError or LastErrorWithLambda or Literal or Scalar or ScalarWithLambda or TTL or Timestamp
        "#]],
        );
    }

    #[test]
    fn error_nodes_are_children_of_folds() {
        check(
            "(new $s (fold $s i (oops) (seq (next i) (null))))",
            expect![[r#"
            20..24 expected ap or call or canon or fail or fold or match_ or mismatch or never or new or next or null or par or seq or xor
            26..27 expected ")"
            40..41 expected <nothing>
        "#]],
        );
    }
}
