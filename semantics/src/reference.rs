//! What AquaVM itself says about a text: its parser, error recovery and validator played through.
//!
//! Our own parser recovers better and is what every feature reads. This machine exists so that each
//! of our errors can carry AquaVM's text and span, and so that the verdict can be tested against
//! the reference's data. It runs only when our parser has found errors.

use std::sync::Arc;

use air_syntax::lexer;

use crate::diagnostic::Reference;
use crate::hir::build::Builder;
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
    let (tokens, lex_error) = lexer::reference_tokens(text);
    let mut builder = Builder::new(text);
    let parsed = machine::run(&tokens, lex_error.is_none(), &mut builder);
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
