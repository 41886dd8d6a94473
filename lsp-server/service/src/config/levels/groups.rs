//! Which diagnostics the keys of `[levels]` and the command line's `--allow`, `--warn` and `--deny` mean: codes, names and
//! groups.

use air_analysis::codes::Code;
use air_analysis::diagnostic::{Origin, Severity};

use super::super::closest::closest;
use super::{Level, check};

/// A group's name, what it is, and whether a diagnostic is in it.
type Group = (&'static str, &'static str, fn(Code) -> bool);

/// Groups of diagnostics, the larger ones first.
const GROUPS: &[Group] = &[
    ("all", "everything", |_| true),
    ("syntax", "what AquaVM's grammar rejects", |code| code.origin() == Origin::Syntax),
    ("validation", "what AquaVM's validator rejects", |code| code.origin() == Origin::Validation),
    ("lints", "all advice", |code| code.origin() == Origin::Lint),
    ("warnings", "lints that are warnings by default", |code| is_lint_at(code, Severity::Warning)),
    ("infos", "lints that are infos by default", |code| is_lint_at(code, Severity::Info)),
    ("hints", "lints that are hints by default", |code| is_lint_at(code, Severity::Hint)),
];

/// For each group its name, what it is, and whether it has lints only, so that it can have any level.
pub fn described() -> impl Iterator<Item = (&'static str, &'static str, bool)> {
    GROUPS.iter().map(|(name, what, holds)| {
        let lints = Code::ALL.iter().filter(|code| holds(**code)).all(|code| code.origin() == Origin::Lint);
        (*name, *what, lints)
    })
}

fn is_lint_at(code: Code, severity: Severity) -> bool {
    code.origin() == Origin::Lint && code.severity() == severity
}

/// Levels in the order in which they are to be set: what is named more closely later, so that `--allow lints --warn L004`
/// leaves `L004`; of equals in the given order.
///
/// # Errors
/// A sentence: an unknown name, or a level that its diagnostics may not have.
pub fn expand(selectors: &[(&str, Level)]) -> Result<Vec<(Code, Level)>, String> {
    let mut ranked = Vec::new();
    for (selector, level) in selectors {
        match GROUPS.iter().position(|(name, ..)| name.eq_ignore_ascii_case(selector)) {
            None => {
                let code = check(selector, *level).map_err(|error| suggest(selector, error))?;
                ranked.push((GROUPS.len(), code, *level));
            }
            Some(rank) => ranked.extend(group(rank, *level)?.map(|code| (rank, code, *level))),
        }
    }
    ranked.sort_by_key(|(rank, ..)| *rank);
    Ok(ranked.into_iter().map(|(_, code, level)| (code, level)).collect())
}

/// Names the group that was meant, where the selector is almost one.
fn suggest(selector: &str, error: String) -> String {
    match closest(selector, GROUPS.iter().map(|(name, ..)| *name)) {
        Some(group) if Code::from_str(selector).is_none() && !error.contains("did you mean") => {
            format!("unknown diagnostic `{selector}`; did you mean the group `{group}`?")
        }
        _ => error,
    }
}

/// The diagnostics of a group, by its place in [`GROUPS`].
fn group(rank: usize, level: Level) -> Result<impl Iterator<Item = Code>, String> {
    let (name, _, holds) = GROUPS.get(rank).copied().unwrap_or(("all", "", |_| true));
    let codes = Code::ALL.iter().copied().filter(move |code| holds(*code));
    match codes.clone().find(|code| code.origin() != Origin::Lint) {
        Some(_) if level != Level::Error => Err(format!(
            "`{name}` cannot be lowered: AquaVM rejects such a script, so it stays an error; `lints` can be"
        )),
        _ => Ok(codes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level_of(selectors: &[(&str, Level)], wanted: &str) -> Option<Level> {
        let wanted = Code::from_str(wanted)?;
        expand(selectors).unwrap().into_iter().rev().find(|(code, _)| *code == wanted).map(|(_, level)| level)
    }

    #[test]
    fn what_is_named_more_closely_counts() {
        let selectors = [
            ("L004", Level::Warning),
            ("lints", Level::Allow),
            ("HINTS", Level::Error),
            ("all", Level::Error),
        ];
        assert_eq!(level_of(&selectors, "L004"), Some(Level::Warning));
        assert_eq!(level_of(&selectors, "unused-stream"), Some(Level::Error), "of hints");
        assert_eq!(level_of(&selectors, "L008"), Some(Level::Allow), "of lints");
        assert_eq!(level_of(&selectors, "V001"), Some(Level::Error));
    }

    #[test]
    fn errors_of_the_reference_stay() {
        assert!(expand(&[("syntax", Level::Allow)]).is_err());
        assert!(expand(&[("all", Level::Warning)]).is_err());
        assert!(expand(&[("validation", Level::Error)]).is_ok());
        assert!(expand(&[("lint", Level::Error)]).is_err(), "unknown");
    }

    #[test]
    fn every_group_has_members() {
        for (name, _, holds) in GROUPS {
            assert!(Code::ALL.iter().any(|code| holds(*code)), "{name}");
        }
    }
}
