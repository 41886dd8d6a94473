//! Which diagnostics have no fix, and why. Those of lints say it in their own files.

use crate::codes::Code;

/// What the program cannot know.
const NONE: &[(Code, &str)] = &[
    (Code::MissingOperand, "What belongs there only the author knows; completion offers what fits."),
    (
        Code::SurplusInstruction,
        "Whether they run one after the other or at the same time only the author knows.",
    ),
    (Code::WrongOperand, "What is meant instead only the author knows; for a stream there is a refactoring."),
    (Code::NonEmptyArray, "AIR has no such value: a service makes it, and which one only the author knows."),
    (
        Code::SeveralInstructions,
        "Whether they run one after the other or at the same time only the author knows.",
    ),
    (Code::UnclosedString, "Where it ends only the author knows."),
    (Code::TooDeep, "How to divide the script only the author knows."),
    (Code::TooLong, "How to divide the script only the author knows."),
    (Code::MultipleNext, "Which of them is meant only the author knows."),
    (Code::InstructionAfterNext, "Whether it runs before the others or beside them only the author knows."),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Analysis;
    use crate::diagnostic::Origin;
    use air_semantics::text_edit::apply;

    /// Lints have a test of their own that says the same.
    #[test]
    fn each_has_a_fix_or_a_reason() {
        let directives = [Code::BadDirective, Code::UnusedGiven, Code::UnusedAllow];
        let ours = Code::ALL.iter().filter(|code| code.origin() != Origin::Lint || directives.contains(code));
        for code in ours {
            let analysis = Analysis::new(code.page().example);
            let found: Vec<_> = analysis.diagnostics().iter().filter(|it| it.code == *code).collect();
            let fixes: Vec<_> = found.iter().flat_map(|it| &it.fixes).collect();
            let none = NONE.iter().find(|(other, _)| other == code);
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
