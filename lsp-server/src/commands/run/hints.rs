//! What to do next when a run met nobody: calls without an answer, peers that are not there.

use air_simulation::report::Report;

use crate::cli::output::Output;

/// What to do about calls that nobody answers and peers that are not there.
pub(super) fn hints(report: &Report, make_up: bool, own: &str, output: &mut Output) {
    let asked = report.events.iter().flat_map(|event| &event.asked);
    let mut nobody: Vec<String> = asked
        .filter(|asked| asked.nobody)
        .map(|asked| format!("{}.{}", asked.service, asked.function))
        .collect();
    nobody.sort();
    nobody.dedup();
    // The loading of outside variables is a service that nobody has written.
    let is_given = |name: &String| name.strip_prefix("getDataSrv.").is_some_and(|name| !name.is_empty());
    let given: Vec<String> =
        nobody.iter().filter(|name| is_given(name)).map(|name| name.replacen("getDataSrv.", "", 1)).collect();
    nobody.retain(|name| !is_given(name));
    if let Some(first) = given.first() {
        let make_up = if make_up { "" } else { ", or use --make-up" };
        output.note(format_args!(
            "the host gives {}: say the value with --given '{first}=JSON' or as `given` in sample data{make_up}",
            listed(&given)
        ));
    }
    if !nobody.is_empty() {
        let named = listed(&nobody);
        let make_up = if make_up { "" } else { "use --make-up to make answers up, or " };
        output.note(format_args!("nobody answers {named}: {make_up}{own}"));
    }
    // Who leaves out `@name` of `peers` means it.
    let mut absent: Vec<String> = report.lost.iter().filter(|name| !name.starts_with('@')).cloned().collect();
    absent.sort();
    absent.dedup();
    if let Some(first) = absent.first() {
        let verb = if absent.len() == 1 { "is" } else { "are" };
        output.note(format_args!(
            "{} {verb} not there: write `@{first}`, add the name to `peers` of sample data, or use --make-up",
            listed(&absent)
        ));
    }
}

/// The first few of a list, and how many more.
fn listed(names: &[String]) -> String {
    const MAX_SHOWN: usize = 5;
    let shown: Vec<&str> = names.iter().take(MAX_SHOWN).map(String::as_str).collect();
    match names.len() {
        count if count > MAX_SHOWN => format!("{} and {} more", shown.join(", "), count - MAX_SHOWN),
        _ => shown.join(", "),
    }
}
