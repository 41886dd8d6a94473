//! `air check --statistics`: how often each code was found.

use std::collections::BTreeMap;

use air_analysis::codes::Code;
use air_analysis::diagnostic::{Diagnostic, Severity};

use crate::cli::report::severity::word;

/// Findings by code and severity: configuration may give one code two severities in two folders.
#[derive(Debug, Default)]
pub(super) struct Statistics(BTreeMap<(&'static str, Severity), (Code, usize)>);

impl Statistics {
    /// Counts the findings of a script.
    pub(super) fn add(&mut self, diagnostics: &[Diagnostic]) {
        for found in diagnostics {
            let (_, count) = self.0.entry((found.code.as_str(), found.severity)).or_insert((found.code, 0));
            *count += 1;
        }
    }

    /// Counts what another has counted.
    pub(super) fn merge(&mut self, other: &Statistics) {
        for (key, (code, count)) in &other.0 {
            self.0.entry(*key).or_insert((*code, 0)).1 += count;
        }
    }

    /// One line a code: count, code, severity, name; the most frequent first.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut rows: Vec<_> = self.0.iter().collect();
        // Of equals the code decides, which is the map's order.
        rows.sort_by_key(|(_, (_, count))| std::cmp::Reverse(*count));
        let width = rows.first().map_or(0, |(_, (_, count))| count.to_string().len());
        let line = |((id, severity), (code, count)): ((&str, Severity), (Code, usize))| {
            format!("{count:>width$}  {id}  {:<7}  {}", word(severity), code.name())
        };
        rows.into_iter().map(|(key, row)| line((*key, *row))).collect()
    }
}

#[cfg(test)]
mod tests {
    use air_analysis::Analysis;
    use expect_test::expect;

    use super::*;

    #[test]
    fn the_most_frequent_first() {
        let of = |text: &str| {
            let mut counted = Statistics::default();
            counted.add(Analysis::new(text).diagnostics());
            counted
        };
        let mut all = of("(seq (ap 1 x) (ap 2 y))");
        all.merge(&of("(seq (ap 1 x) (fold [] i (next i)))"));
        expect![[r#"
            3  L004  hint     unused-variable
            1  L033  warning  empty-fold"#]]
        .assert_eq(&all.lines().join("\n"));
        assert_eq!(Statistics::default().lines(), [""; 0]);
    }
}
