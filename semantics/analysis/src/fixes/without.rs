//! Which diagnostics have no fix, and why. Those of lints say it in their own files.

use crate::code::Code;

/// What the program cannot know.
const WITHOUT_FIX: &[(Code, &str)] = &[
    (Code::MissingOperand, "Only the author knows what belongs there; completion offers what fits."),
    (
        Code::SeveralInstructions,
        "Only the author knows whether they run one after the other or at the same time.",
    ),
    (Code::TooDeep, "Only the author knows how to divide the script."),
    (Code::TooLong, "Only the author knows how to divide the script."),
    (Code::ForeignFile, "The file is not a script, and not ours to change."),
];

#[cfg(test)]
mod tests {
    use air_semantics::text_edit::apply;

    use super::*;
    use crate::Analysis;
    use crate::diagnostic::Origin;

    /// Lints have a test of their own that says the same.
    #[test]
    fn each_has_a_fix_or_a_reason() {
        let directives = [Code::BadDirective, Code::UnusedGiven, Code::UnusedAllow];
        let ours = Code::ALL.iter().filter(|code| code.origin() != Origin::Lint || directives.contains(code));
        for code in ours {
            let analysis = Analysis::new(code.page().example);
            let found: Vec<_> = analysis.diagnostics().iter().filter(|it| it.code == *code).collect();
            let fixes: Vec<_> = found.iter().flat_map(|it| &it.fixes).collect();
            let none = WITHOUT_FIX.iter().find(|(other, _)| other == code);
            match none {
                Some((_, reason)) => assert!(fixes.is_empty() && reason.ends_with('.'), "{}", code.name()),
                None => assert!(!fixes.is_empty(), "{}: its example shows no fix", code.name()),
            }
            // Each ends the finding that it is for.
            for fix in fixes {
                let after = Analysis::new(apply(&analysis.text, &fix.edits));
                let left = after.diagnostics().iter().filter(|it| it.code == *code).count();
                assert!(left < found.len(), "{}: {}: {}", code.name(), fix.title, after.text);
            }
        }
    }
}
