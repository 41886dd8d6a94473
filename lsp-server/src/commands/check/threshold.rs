//! What is shown, and what makes the exit code 1.

use air_analysis::diagnostic::{Diagnostic, Severity};

use crate::cli::report::summary::{Summary, counted};
use crate::config::LeastLevel;

/// Which findings are shown and which fail.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ThresholdArgs {
    /// Show findings from this level on, and exit with 1 if there are any: error, warning, info or hint
    ///
    /// Without it and without `level` in air.toml all are shown, and only errors and warnings make the exit code 1.
    #[arg(long, value_name = "LEVEL", hide_possible_values = true)]
    pub level: Option<LeastLevel>,
    /// Exit with 0 whatever was found; 2 still says that something could not be checked
    #[arg(long)]
    pub exit_zero: bool,
    /// Exit with 1 for warnings only if there are more than N; those that --level hides count too
    #[arg(long, value_name = "N")]
    pub max_warnings: Option<usize>,
}

/// Takes away what is below a level; returns how many warnings there were before.
pub(super) fn hide(level: Option<LeastLevel>, diagnostics: &mut Vec<Diagnostic>) -> usize {
    let warnings = diagnostics.iter().filter(|found| found.severity == Severity::Warning).count();
    if let Some(level) = level {
        // Severities are in the order of their weight, errors first.
        diagnostics.retain(|found| found.severity <= Severity::from(level));
    }
    warnings
}

impl ThresholdArgs {
    /// Whether the findings of all scripts make the exit code 1. `shown` has what [`hide`] left, `warnings` is the sum of
    /// what it returned; `advice` has the infos and hints of scripts for which a level is given.
    pub(super) fn fails(&self, shown: &Summary, warnings: usize, advice: usize) -> bool {
        if self.exit_zero {
            return false;
        }
        let too_many = match self.max_warnings {
            Some(most) => warnings > most,
            None => shown.warnings > 0,
        };
        shown.errors > 0 || too_many || advice > 0
    }

    /// What to say if there are too many warnings.
    pub(super) fn complaint(&self, warnings: usize) -> Option<String> {
        let most = self.max_warnings.filter(|most| warnings > *most)?;
        Some(format!("{}, and --max-warnings allows {most}", counted(warnings, "warning")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Summary = Summary {
        files: 1,
        accepted: 1,
        rejected: 0,
        failed: 0,
        errors: 0,
        warnings: 2,
        infos: 1,
        hints: 1,
        fixed: 0,
    };

    #[test]
    fn advice_fails_only_when_its_level_is_asked_for() {
        let advice = Summary { warnings: 0, ..ALL };
        assert!(!ThresholdArgs::default().fails(&advice, 0, 0));
        assert!(ThresholdArgs::default().fails(&advice, 0, 2));
    }

    #[test]
    fn warnings_fail_from_a_number_on() {
        let at_most = |most| ThresholdArgs { max_warnings: Some(most), ..ThresholdArgs::default() };
        assert!(ThresholdArgs::default().fails(&ALL, 2, 0));
        assert!(at_most(1).fails(&ALL, 2, 0));
        assert!(!at_most(2).fails(&ALL, 2, 0));
        assert!(at_most(9).fails(&Summary { errors: 1, ..ALL }, 2, 0), "errors are not warnings");
        assert!(at_most(1).fails(&Summary { warnings: 0, ..ALL }, 2, 0), "hidden ones count");
        assert!(!ThresholdArgs { exit_zero: true, ..at_most(0) }.fails(&Summary { errors: 1, ..ALL }, 2, 0));
    }
}
