//! SARIF 2.1.0, the exchange format of code scanning services.

use std::path::Path;

use air_analysis::codes::{self, Code};
use air_analysis::diagnostic::{Diagnostic, Severity};
use air_syntax::TextRange;
use serde::Serialize;
use serde_sarif::sarif;

use super::checked::{CheckedScript, Failure};
use super::reporter::Reporter;
use super::summary::Summary;
use air_simulation::report::Span;

/// Results are rendered by the workers; the log around them is put together by hand.
pub(super) struct Sarif;

impl Reporter for Sarif {
    fn head(&self) -> String {
        format!(
            "{{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\
             \"runs\":[{{\"tool\":{},\"columnKind\":\"utf16CodeUnits\",\"results\":[",
            json(&tool())
        )
    }

    fn separator(&self) -> &'static str {
        ","
    }

    fn script(&self, checked: &CheckedScript) -> String {
        let results: Vec<_> = checked.diagnostics.iter().map(|found| json(&result(checked, found))).collect();
        results.join(",")
    }

    fn tail(&self, _: &Summary, failures: &[Failure]) -> String {
        let notifications: Vec<_> = failures.iter().map(notification).collect();
        let invocation = sarif::Invocation::builder()
            .execution_successful(failures.is_empty())
            .tool_execution_notifications(notifications)
            .build();
        format!("],\"invocations\":[{}]}}]}}\n", json(&invocation))
    }
}

fn tool() -> sarif::Tool {
    let rules: Vec<_> = Code::ALL.iter().map(|code| rule(*code)).collect();
    let driver = sarif::ToolComponent::builder()
        .name("air")
        .version(env!("CARGO_PKG_VERSION"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .information_uri(env!("CARGO_PKG_REPOSITORY"))
        .rules(rules)
        .build();
    sarif::Tool::builder().driver(driver).build()
}

fn rule(code: Code) -> sarif::ReportingDescriptor {
    let page = code.page();
    let text = |text: &str| sarif::MultiformatMessageString::builder().text(text).build();
    let help = sarif::MultiformatMessageString::builder()
        .text(format!("{}\n\n{}\n\n{}", page.what, page.why, page.fix))
        .markdown(codes::page_markdown(code))
        .build();
    sarif::ReportingDescriptor::builder()
        .id(code.as_str())
        .name(code.name())
        .short_description(text(page.summary))
        .full_description(text(page.what))
        .help(help)
        .help_uri(page_url(code))
        .default_configuration(
            sarif::ReportingConfiguration::builder()
                .level(serde_json::Value::from(level(code.severity())))
                .build(),
        )
        .build()
}

/// Where the page stands in the repository.
fn page_url(code: Code) -> String {
    let repository = env!("CARGO_PKG_REPOSITORY");
    format!("{repository}/blob/main/semantics/analysis/docs/diagnostics/{}", codes::page_file_name(code))
}

fn result(checked: &CheckedScript, found: &Diagnostic) -> sarif::Result {
    let location = |range: TextRange| {
        sarif::PhysicalLocation::builder()
            .artifact_location(artifact(&checked.name))
            .region(region(checked, range))
            .build()
    };
    let related: Vec<_> = found
        .related
        .iter()
        .zip(1i64..)
        .map(|(related, id)| {
            sarif::Location::builder()
                .id(id)
                .message(message(&related.message))
                .physical_location(location(related.range))
                .build()
        })
        .collect();
    let fixes: Vec<_> = found
        .fixes
        .iter()
        .map(|fix| {
            let replacements: Vec<_> = fix
                .edits
                .iter()
                .map(|edit| {
                    sarif::Replacement::builder()
                        .deleted_region(region(checked, edit.range))
                        .inserted_content(sarif::ArtifactContent::builder().text(&edit.new_text).build())
                        .build()
                })
                .collect();
            let change = sarif::ArtifactChange::builder()
                .artifact_location(artifact(&checked.name))
                .replacements(replacements)
                .build();
            sarif::Fix::builder().description(message(&fix.title)).artifact_changes(vec![change]).build()
        })
        .collect();
    let rule_index = Code::ALL.iter().position(|code| *code == found.code);
    let mut result = sarif::Result::builder()
        .rule_id(found.code.as_str())
        .level(result_level(found.severity))
        .message(message(&found.message))
        .locations(vec![sarif::Location::builder().physical_location(location(found.range)).build()])
        .build();
    result.rule_index = rule_index.and_then(|index| i64::try_from(index).ok());
    result.related_locations = (!related.is_empty()).then_some(related);
    result.fixes = (!fixes.is_empty()).then_some(fixes);
    result
}

fn notification(failure: &Failure) -> sarif::Notification {
    let place = sarif::PhysicalLocation::builder().artifact_location(artifact(&failure.path)).build();
    sarif::Notification::builder()
        .level(serde_json::Value::from("error"))
        .message(message(&failure.message))
        .locations(vec![sarif::Location::builder().physical_location(place).build()])
        .build()
}

fn region(checked: &CheckedScript, range: TextRange) -> sarif::Region {
    let span = Span::new(&checked.lines, range);
    sarif::Region::builder()
        .start_line(i64::from(span.line))
        .start_column(i64::from(span.column))
        .end_line(i64::from(span.end_line))
        .end_column(i64::from(span.end_column))
        .byte_offset(i64::from(span.start))
        .byte_length(i64::from(span.end.saturating_sub(span.start)))
        .build()
}

fn message(text: &str) -> sarif::Message {
    sarif::Message::builder().text(text).build()
}

fn artifact(name: &str) -> sarif::ArtifactLocation {
    sarif::ArtifactLocation::builder().uri(uri(name)).build()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Hint => "note",
    }
}

fn result_level(severity: Severity) -> sarif::ResultLevel {
    match severity {
        Severity::Error => sarif::ResultLevel::Error,
        Severity::Warning => sarif::ResultLevel::Warning,
        Severity::Info | Severity::Hint => sarif::ResultLevel::Note,
    }
}

/// A path as a URI reference: relative ones stay relative to where the tool ran.
fn uri(name: &str) -> String {
    let absolute = Path::new(name).is_absolute();
    let name = if cfg!(windows) { name.replace('\\', "/") } else { name.to_owned() };
    let mut uri = String::from(match (absolute, name.starts_with('/')) {
        (true, true) => "file://",
        (true, false) => "file:///",
        (false, _) => "",
    });
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(byte.into())
            }
            _ => uri += &format!("%{byte:02X}"),
        }
    }
    uri
}

fn json(value: &impl Serialize) -> String {
    // These objects have string keys and no fallible parts.
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("a b/ж.air"), "a%20b/%D0%B6.air");
        #[cfg(unix)]
        assert_eq!(uri("/a:b.air"), "file:///a%3Ab.air");
    }
}
