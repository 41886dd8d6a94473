//! Sample data that cannot do what it was written for, told where it stands.

use air_semantics::Script;
use air_simulation::sample::{Problem, annotations, unmatched};
use air_syntax::{Encoding, LineIndex};

/// Annotations that cannot be read, and rules and given values that the script never asks for: a line each, with its
/// place. `sample` is the path and the text of the sample data.
pub(crate) fn sample_problems(name: &str, script: &Script, sample: Option<(&str, &str)>) -> Vec<String> {
    let (_, wrong) = annotations(script.hir());
    let mut lines = told(name, &script.text, &wrong);
    if let Some((path, text)) = sample {
        lines.extend(told(path, text, &unmatched(text, script)));
    }
    lines
}

/// Problems that are told of one file; the others are counted.
const MAX_TOLD: usize = 20;

fn told(name: &str, text: &str, problems: &[Problem]) -> Vec<String> {
    let index = LineIndex::new(text);
    let line = |problem: &Problem| {
        let at = u32::try_from(problem.range.start).unwrap_or_default();
        let place = index.line_col(at.into(), Encoding::Utf32);
        format!("{name}:{}:{}: {}", place.line + 1, place.col + 1, problem.message)
    };
    let mut lines: Vec<String> = problems.iter().take(MAX_TOLD).map(line).collect();
    if problems.len() > MAX_TOLD {
        lines.push(format!("{name}: {} more of this kind", problems.len() - MAX_TOLD));
    }
    lines
}
