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

#[cfg(test)]
mod tests {
    use super::is_of_old_dialect;
    use crate::Analysis;

    /// Whether the first fix of the first finding is one.
    fn is_old(text: &str) -> bool {
        let analysis = Analysis::new(text);
        let found = analysis.diagnostics().iter().find(|it| !it.fixes.is_empty());
        found.is_some_and(|found| is_of_old_dialect(text, found, &found.fixes[0]))
    }

    #[test]
    fn forms_of_older_air() {
        assert!(is_old("(seq (null) (null) (null))"));
        assert!(is_old("(call %init_peer_id% (\"s\" \"f\"))"));
        assert!(is_old("(call %init_peer_id% (\"s\" \"f\") [] out[])"));
        assert!(is_old("(call relay! (\"s\" \"f\") [])"));
        assert!(is_old("(seq (ap 1 $all) (ap $all.$.[0]! x))"));
    }

    #[test]
    fn mistakes_of_any_time() {
        assert!(!is_old("(Seq (null) (null))"));
        assert!(!is_old("(ap 'x' y)"));
        assert!(!is_old("(ap 1 x"));
        assert!(!is_old("(ap resutl y)"));
    }
}
