//! Reports of tests: for people, as JSON, as JUnit's XML.

use schemars::JsonSchema;
use serde::Serialize;

use super::results::{Coverage, ScriptResults, Status, Test};
use crate::cli::output::{ERROR, GOOD, NOTE, Output, WARNING, visible};
use crate::cli::report::checked::Failure;
use crate::xml;

/// All tests.
#[derive(Debug, Default)]
pub(super) struct Results {
    pub(super) tests: Vec<Test>,
    pub(super) covered: Vec<Coverage>,
    pub(super) without: usize,
    pub(super) filtered: usize,
}

impl Results {
    pub(super) fn add(&mut self, done: ScriptResults) {
        self.tests.extend(done.tests);
        self.covered.extend(done.covered);
        self.without += done.without;
        self.filtered += done.filtered;
    }

    pub(super) fn failed(&self) -> usize {
        self.count(Status::Failed)
    }

    fn count(&self, status: Status) -> usize {
        self.tests.iter().filter(|test| test.status == status).count()
    }

    fn coverage(&self) -> Coverage {
        let mut all = Coverage::default();
        for covered in &self.covered {
            all.instructions += covered.instructions;
            all.executed += covered.executed;
            all.calls += covered.calls;
            all.calls_executed += covered.calls_executed;
        }
        all
    }
}

/// A line for each test, and what is wrong with it below.
pub(super) fn full(tests: &[Test], output: &mut Output) {
    for test in tests {
        let (style, word) = match test.status {
            Status::Passed => (GOOD, "ok"),
            Status::Failed => (ERROR, "FAILED"),
            Status::Blessed => (WARNING, "blessed"),
            Status::Listed => {
                output.line(visible(&test.name));
                continue;
            }
        };
        let word = output.paint(style, format_args!("{word:8}")).to_string();
        output.line(format_args!("{word} {}", visible(&test.name)));
        for problem in &test.problems {
            let place = problem.place.map(|at| format!("{}:{}:{}: ", test.sample, at.line, at.column));
            let place = place.unwrap_or_default();
            let key = output.paint(NOTE, problem.key).to_string();
            let mut lines = problem.message.lines();
            let first = lines.next().unwrap_or_default();
            output.line(format_args!("{:9}{}{key}: {}", "", visible(&place), visible(first)));
            for line in lines {
                output.line(format_args!("{:11}{}", "", visible(line)));
            }
        }
    }
}

/// Figures at the end.
pub(super) fn summary(all: &Results, output: &mut Output) {
    if all.tests.iter().all(|test| test.status == Status::Listed) {
        return;
    }
    let mut parts = vec![format!("{} passed", all.count(Status::Passed)), format!("{} failed", all.failed())];
    let more = [
        (all.count(Status::Blessed), "blessed"),
        (all.filtered, "filtered out"),
        (all.without, "without expectations"),
    ];
    parts.extend(more.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")));
    let label = output.paint(NOTE, "tests").to_string();
    output.line("");
    output.line(format_args!("{label}    {}", parts.join(", ")));
    let covered = all.coverage();
    let label = output.paint(NOTE, "ran").to_string();
    output.line(format_args!(
        "{label}      {} of {} instructions, {} of {} calls",
        covered.executed, covered.instructions, covered.calls_executed, covered.calls
    ));
}

/// What `air test --output-format json` prints.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "air test --output-format json")]
struct Object<'a> {
    /// Version of this form: 1.
    version: u32,
    /// Tests in stable order.
    tests: &'a [Test],
    /// How much of each script ran.
    coverage: &'a [Coverage],
    /// Scripts whose tests could not be run.
    failures: &'a [Failure],
    /// Figures.
    summary: Summary,
}

/// Figures.
#[derive(Serialize, JsonSchema)]
struct Summary {
    /// Tests that passed.
    passed: usize,
    /// Tests that failed.
    failed: usize,
    /// Tests whose expectations were rewritten.
    blessed: usize,
    /// Tests that the filter left out.
    filtered: usize,
    /// Scripts without sample data, sample data and cases without expectations.
    without_expectations: usize,
    /// Scripts whose tests could not be run.
    could_not_run: usize,
}

/// JSON schema of the report.
#[cfg(test)]
fn schema() -> serde_json::Value {
    schemars::schema_for!(Object<'static>).to_value()
}

/// One object.
pub(super) fn json(all: &Results, failures: &[Failure]) -> String {
    let summary = Summary {
        passed: all.count(Status::Passed),
        failed: all.failed(),
        blessed: all.count(Status::Blessed),
        filtered: all.filtered,
        without_expectations: all.without,
        could_not_run: failures.len(),
    };
    let object = Object { version: 1, tests: &all.tests, coverage: &all.covered, failures, summary };
    // String keys and no fallible parts.
    serde_json::to_string(&object).unwrap_or_default()
}

/// A suite for each script; what could not be run is an error in a suite of its own.
///
/// Written by hand: the crate `quick-junit` writes other attributes (`disabled`) and in another order, and this form
/// stays as it is.
pub(super) fn junit(all: &Results, failures: &[Failure]) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str(&format!(
        "<testsuites name=\"air test\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n",
        all.tests.len() + failures.len(),
        all.failed(),
        failures.len()
    ));
    for suite in all.tests.chunk_by(|one, other| one.path == other.path) {
        let path = suite.first().map(|test| xml::escape(&test.path, "?")).unwrap_or_default();
        let failed = suite.iter().filter(|test| test.status == Status::Failed).count();
        out.push_str(&format!(
            "  <testsuite name=\"{path}\" tests=\"{}\" failures=\"{failed}\" errors=\"0\">\n",
            suite.len()
        ));
        for test in suite {
            let name = xml::escape(test.case.as_deref().unwrap_or(&test.name), "?");
            let time = test.time.as_secs_f64();
            out.push_str(&format!("    <testcase classname=\"{path}\" name=\"{name}\" time=\"{time:.3}\""));
            if test.status != Status::Failed {
                out.push_str("/>\n");
                continue;
            }
            let lines: Vec<String> =
                test.problems.iter().map(|problem| format!("{}: {}", problem.key, problem.message)).collect();
            let first = xml::escape(lines.first().map(String::as_str).unwrap_or_default(), "?");
            out.push_str(&format!(
                ">\n      <failure message=\"{first}\">{}</failure>\n    </testcase>\n",
                xml::escape(&lines.join("\n"), "?")
            ));
        }
        out.push_str("  </testsuite>\n");
    }
    for failure in failures {
        let (path, message) = (xml::escape(&failure.path, "?"), xml::escape(&failure.message, "?"));
        out.push_str(&format!(
            "  <testsuite name=\"{path}\" tests=\"1\" failures=\"0\" errors=\"1\">\n    \
             <testcase classname=\"{path}\" name=\"{path}\">\n      <error message=\"{message}\"/>\n    \
             </testcase>\n  </testsuite>\n"
        ));
    }
    out + "</testsuites>\n"
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_current() {
        crate::schemas::compare("test.schema.json", &super::schema());
    }
}
