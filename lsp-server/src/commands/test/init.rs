//! `air test --init`: a first test for a script that has none.

use std::path::Path;
use std::time::Instant;

use air_analysis::Analysis;
use air_service::documents::sample::first_sample;

use super::results::{Status, Test};
use super::{TestArgs, bless, made_up, request};
use crate::cli::inputs::Input;
use crate::files::writer;

/// Writes sample data for a script and what a run with it gave.
pub(super) fn init(args: &TestArgs, input: &Input, text: &str, path: &Path) -> Result<Test, String> {
    let start = Instant::now();
    let shown = path.display();
    let analysis = Analysis::new(text);
    if !analysis.accepted() {
        return Err("AquaVM rejects this script, so nothing can be expected of it".to_owned());
    }
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let name = name.strip_suffix(".sample.json").unwrap_or(name);
    let mut sample = first_sample(&analysis, name);
    let run =
        |sample: &str| args.runner.run(&request(args, text, sample, None)).map_err(|error| error.to_string());
    let mut report = run(&sample)?;
    // Names that are written without `@` are peers for those who say so.
    if !report.lost.is_empty() {
        sample = made_up::written(&sample, None, &[], true).map_err(|error| format!("{shown}: {error}"))?;
        report = run(&sample)?;
    }
    let outcome = report.outcome.text.clone();
    let blessing = bless::Blessing { case: None, keys: Default::default(), report };
    let sample = bless::blessed(&sample, &[blessing]).ok_or_else(|| format!("{shown}: cannot be written"))?;
    writer::create(path, &sample).map_err(|error| format!("{shown}: {error}"))?;
    Ok(Test {
        name: input.name(),
        path: input.name(),
        sample: shown.to_string(),
        case: None,
        place: None,
        status: Status::Blessed,
        problems: Vec::new(),
        outcome,
        time: start.elapsed(),
    })
}
