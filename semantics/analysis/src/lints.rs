//! Advice of ours about scripts that AquaVM accepts: one file a lint.
//!
//! Each lint is a row of the table of codes with its page, a function over what the shared facts say, a fix or the reason
//! why there is none, and tests. [`crate::lint`] says how one is written, CONTRIBUTING how one is added.
//!
//! Precision first. A lint that cannot be sure is silent: names that only the Aqua compiler writes and
//! its idioms are not mistakes, and walks towards the root share a budget so that no script is slow.

use std::sync::LazyLock;

use air_semantics::Script;

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::Lint;
use crate::lint::driver::{self, Schedule};

macro_rules! lints {
    ($($lint:ident,)*) => {
        $(pub(crate) mod $lint;)*

        /// All lints, in the order in which the driver calls them.
        pub(crate) const ALL: &[Lint] = &[$($lint::LINT,)*];

        /// Their sources, for the tests below.
        #[cfg(test)]
        const SOURCES: &[(&str, &str)] =
            &[$((stringify!($lint), include_str!(concat!("lints/", stringify!($lint), ".rs"))),)*];
    };
}

lints! {
    unused_variable,
    unused_stream,
    unwritten_stream,
    unreachable_code,
    constant_match,
    reused_name,
    written_iterator,
    fold_without_next,
    unreachable_next,
    same_operands,
    swallowed_error,
    idle_xor,
    unset_error,
    impossible_lens,
    length_field,
    undefined_index,
    discarded_result,
    unreached_join,
    mutual_wait,
    endless_fold,
    bad_peer_id,
    useless_hop,
    unused_new,
    misspelt_special,
    similar_names,
    unusual_number,
    old_dialect,
    unset_variable,
    cleared_variable,
    empty_fold,
    impossible_error_code,
    not_a_text,
    hidden_scalar,
    crashing_lens,
    self_wait,
    reentered_fold,
    invisible_character,
    unheard_initiator,
    mixed_map_keys,
    lost_append,
}

static SCHEDULE: LazyLock<Schedule> = LazyLock::new(|| Schedule::new(ALL));

/// Adds what the lints say about a script that AquaVM accepts, each with the severity of its code; `None` once `stop`
/// says so.
pub(crate) fn run(
    script: &Script,
    severity: fn(Code) -> Severity,
    found: &mut Vec<Diagnostic>,
    stop: &dyn Fn() -> bool,
) -> Option<()> {
    driver::run(&SCHEDULE, script, severity, found, stop)
}

#[cfg(test)]
mod tests {
    use air_semantics::text_edit::apply;

    use super::{ALL, SOURCES};
    use crate::Analysis;
    use crate::lint::Fixing;

    #[test]
    fn each_has_tests_and_a_fix_or_a_reason() {
        assert!(ALL.len() == SOURCES.len());
        for (lint, (file, source)) in ALL.iter().zip(SOURCES) {
            let name = lint.code.name();
            assert_eq!(name.replace('-', "_"), *file, "a lint's file has its name");
            let (code, tests) =
                source.split_once("#[cfg(test)]").unwrap_or_else(|| panic!("{name}: no tests"));
            assert!(tests.matches("#[test]").count() >= 2, "{name}: what it finds, and what it lets pass");
            assert!(tests.contains(lint.code.as_str()), "{name}: a test that shows a finding");
            assert!(code.starts_with("//! "), "{name}: what it is about");
            let fixes = Analysis::new(lint.code.page().example)
                .diagnostics()
                .iter()
                .any(|diagnostic| diagnostic.code == lint.code && !diagnostic.fixes.is_empty());
            match lint.fix {
                Fixing::Offered => assert!(fixes, "{name}: its example shows no fix"),
                Fixing::None(reason) => assert!(!fixes && reason.ends_with('.'), "{name}: {reason}"),
            }
        }
    }

    #[test]
    fn fixes_end_the_finding() {
        for lint in ALL {
            let example = lint.code.page().example;
            for diagnostic in Analysis::new(example).diagnostics() {
                for fix in diagnostic.fixes.iter().filter(|_| diagnostic.code == lint.code) {
                    let text = apply(example, &fix.edits);
                    let fixed = Analysis::new(text.as_str());
                    assert!(fixed.accepted(), "{}: {}: {text}", lint.code.name(), fix.title);
                    let left = fixed.diagnostics().iter().filter(|other| other.code == lint.code).count();
                    assert_eq!(left, 0, "{}: {}: {text}", lint.code.name(), fix.title);
                }
            }
        }
    }
}
