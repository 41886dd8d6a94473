//! Refactorings that say they keep what a script does, put to the test: real scripts run before and after, with made-up
//! values, and must end alike. `AIR_SCRIPTS=600` for more scripts, `AIR_SEED` for other places.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

use std::collections::BTreeMap;

use air_analysis::Analysis;
use air_analysis::format::FormatOptions;
use air_ide::refactor::offers;
use air_semantics::text_edit::apply;
use air_simulation::report::Report;
use air_simulation::run::{RunRequest, run};
use air_syntax::{TextRange, TextSize};
use air_tests::shared::shared;

/// What a user of the script would see: how it ended, what it answered, which errors it reported, and what it asked of
/// services, in whatever order.
fn seen(report: &Report) -> String {
    let outcome = &report.outcome;
    let responses: Vec<_> = outcome.responses.iter().map(|it| &it.values).collect();
    let failures: Vec<_> = outcome.failures.iter().map(|it| (it.code, it.handled)).collect();
    format!("{:?} {:?} {responses:?} {failures:?} {}", outcome.status, outcome.by, outcome.root.is_some())
}

fn request(text: &str) -> RunRequest {
    RunRequest { text: text.to_owned(), make_up: true, ..RunRequest::default() }
}

fn number(variable: &str, default: usize) -> usize {
    std::env::var(variable).ok().and_then(|it| it.parse().ok()).unwrap_or(default)
}

#[test]
fn what_is_kept_is_kept() {
    let Some(folder) = shared("corpus/air") else { return };
    let index = std::fs::read_to_string(folder.join("index.jsonl")).unwrap();
    let entries: Vec<serde_json::Value> = index.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    let wanted = number("AIR_SCRIPTS", 60);
    let step = (entries.len() / wanted.max(1)).max(1);
    let mut random = number("AIR_SEED", 1).wrapping_mul(0x9E37_79B9) | 1;
    let mut below = |limit: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % limit.max(1)
    };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut runs = 0;
    for entry in entries.iter().skip(number("AIR_SEED", 1) % step).step_by(step) {
        let name = entry["file"].as_str().unwrap();
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        let analysis = Analysis::new(text.as_str());
        if !analysis.accepted() || text.len() > 30_000 {
            continue;
        }
        let before = run(&request(&text)).unwrap();
        // Any places, and places where the rarer ones are.
        let mut places = vec![below(text.len()), below(text.len())];
        for word in ["(ap ", "(fold ", "(new "] {
            let found: Vec<usize> = text.match_indices(word).map(|(at, _)| at + 1).collect();
            places.extend(found.get(below(found.len())));
        }
        for at in places.into_iter().map(|at| text.floor_char_boundary(at)) {
            for offer in offers(&analysis, TextRange::empty(TextSize::new(at as u32))) {
                if offer.title.contains(':') {
                    continue;
                }
                let change = offer.change(&analysis, &FormatOptions::default());
                let after = apply(&text, &change.edits);
                let report = run(&request(&after)).unwrap();
                runs += 1;
                *counts.entry(offer.refactoring.name).or_default() += 1;
                assert_eq!(seen(&before), seen(&report), "{} at {at} of {name}\n{after}", offer.title);
            }
        }
    }
    println!("{runs} runs of changed scripts: {counts:?}");
    assert!(runs > 50, "{runs} runs");
}
