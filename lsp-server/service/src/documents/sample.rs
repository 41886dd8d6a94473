//! Sample data to start from, so that a run needs nothing else.

use std::collections::BTreeSet;

use air_analysis::Analysis;
use air_interpreter::value::Value;
use air_semantics::hir::{Instr, InstrKind, OperandKind, Role};
use air_simulation::sample::generate::skeleton;
use air_simulation::sample::layers::answers_itself;
use air_syntax::Encoding;

/// A complete `NAME.sample.json` for an accepted script: made-up answers to all calls that nothing answers by itself, also
/// to those whose answer no variable keeps, since they would fail without.
pub fn first_sample(analysis: &Analysis, name: &str) -> String {
    let text = skeleton(analysis.hir(), analysis.resolution(), name);
    let rules = silent_rules(analysis);
    // The services are the last member.
    let Some(services) = text.strip_suffix("]\n}\n").filter(|_| !rules.is_empty()) else { return text };
    let (services, comma) = match services.strip_suffix("\n  ") {
        Some(services) => (services, ","),
        None => (services, ""),
    };
    format!("{services}{comma}{}\n  ]\n}}\n", rules.join(","))
}

/// A rule for each function that is only called without an output.
fn silent_rules(analysis: &Analysis) -> Vec<String> {
    let hir = analysis.hir();
    let name = |instr: &Instr, role| match hir.operand(instr, role) {
        Some(operand) if operand.kind == OperandKind::Literal => Some(hir.literal(operand).to_owned()),
        _ => None,
    };
    let calls = || hir.instrs.iter().filter(|instr| instr.kind == InstrKind::Call);
    let names = |instr: &Instr| Some((name(instr, Role::Service)?, name(instr, Role::Function)?));
    let kept = calls().filter(|instr| hir.operand(instr, Role::Output).is_some());
    let mut known: BTreeSet<(String, String)> = kept.filter_map(names).collect();
    let mut silent: Vec<_> = calls().filter_map(|instr| Some((instr.range.start(), names(instr)?))).collect();
    silent.sort();
    let mut rules = Vec::new();
    for (start, (service, function)) in silent {
        if answers_itself(&service, &function) || !known.insert((service.clone(), function.clone())) {
            continue;
        }
        let line = analysis.line_index().line_col(start, Encoding::Utf8).line + 1;
        let (service, function) = (Value::string(service).to_json(), Value::string(function).to_json());
        rules.push(format!(
            "\n    // line {line}: no variable keeps the answer\n    \
             {{\"service\": {service}, \"function\": {function}, \"answer\": {{\"ok\": null}}}}"
        ));
    }
    rules
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn calls_whose_answers_nobody_keeps() {
        let script = Analysis::new(
            "(seq\n (call \"@a\" (\"s\" \"f\") [] x)\n (par\n  (call \"@a\" (\"s\" \"g\") [x])\n  (par (call \"@a\" (\"s\" \"f\") []) (call \"@a\" (\"op\" \"noop\") []))\n )\n)",
        );
        expect![[r#"
            // What this script needs from outside. All values are made up from how the script uses them.
            {
              "name": "a",
              "init_peer": "@init",
              // Without "peers", every peer that the script names can be reached.
              "given": {},
              // The first rule that fits answers; without "peer" on every peer.
              "services": [
                // line 2: any
                {"service": "s", "function": "f", "answer": {"ok": "f"}},
                // line 4: no variable keeps the answer
                {"service": "s", "function": "g", "answer": {"ok": null}}
              ]
            }
        "#]]
        .assert_eq(&first_sample(&script, "a"));
        let only = first_sample(&Analysis::new("(call \"@a\" (\"s\" \"g\") [])"), "a");
        let (sample, problems) = air_simulation::sample::from_json(&only);
        assert!(problems.is_empty() && sample.services.len() == 1, "{only}");
    }
}
