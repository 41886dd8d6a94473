//! Which fixes bring a script of an older AIR to today's.

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Fix};

/// Whether a finding is about a form that an older AIR had, and the fix writes the form of today.
pub fn is_of_old_dialect(text: &str, diagnostic: &Diagnostic, fix: &Fix) -> bool {
    let at = |edit: &crate::diagnostic::TextEdit| {
        text.get(std::ops::Range::<usize>::from(edit.range)).unwrap_or_default()
    };
    match diagnostic.code {
        // Streams as values, `seq` of three, calls without `[]`, lenses with `["name"]`, `!` after names.
        Code::WrongOperand | Code::SurplusInstruction | Code::OldDialect | Code::BadLens => true,
        Code::MissingOperand => fix.edits.iter().all(|edit| edit.new_text.trim() == "[]"),
        // `relay!`, `%last_error%` without its signs, `out[]`.
        Code::BadName => {
            fix.edits.iter().all(|edit| at(edit).contains(['!', '%']) || at(edit).ends_with("[]"))
        }
        _ => false,
    }
}
