//! Modules inside each crate stand in layers: each uses only those below it, and the crate's documentation lists them
//! in that order. Children of a module share what it holds, so a module and its children count as one towards others.

use std::collections::{BTreeMap, BTreeSet};

use air_architecture::modules::{Module, modules};
use air_architecture::tree::root;

const CRATES: [&str; 11] = [
    "syntax/src",
    "semantics/src",
    "semantics/analysis/src",
    "interpreter/src",
    "interpreter/avm/src",
    "interpreter/avm/server/src",
    "interpreter/simulation/src",
    "lsp-server/ide/src",
    "lsp-server/service/src",
    "lsp-server/web/src",
    "lsp-server/src",
];

/// Circles that are let pass, each with the reason.
const CIRCLES: [(&str, &[&str], &str); 0] = [];

/// Who uses whom among the modules below one: name to name, with an example.
type Neighbours = BTreeMap<String, BTreeMap<String, String>>;

fn neighbours(uses: &BTreeMap<(Module, Module), String>) -> BTreeMap<Module, Neighbours> {
    let mut levels: BTreeMap<Module, Neighbours> = BTreeMap::new();
    for ((user, used), path) in uses {
        let shared = user.iter().zip(used).take_while(|(one, other)| one == other).count();
        // One inside the other are no neighbours.
        let (Some(one), Some(other)) = (user.get(shared), used.get(shared)) else { continue };
        let example = format!("{} uses {path}", user.join("::"));
        let level = levels.entry(user[..shared].to_vec()).or_default();
        level.entry(one.clone()).or_default().entry(other.clone()).or_insert(example);
    }
    levels
}

/// What can be reached from a module, along who uses whom.
fn reached(level: &Neighbours, from: &str) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from.to_owned()];
    while let Some(module) = open.pop() {
        for used in level.get(&module).into_iter().flat_map(BTreeMap::keys) {
            if reached.insert(used.clone()) {
                open.push(used.clone());
            }
        }
    }
    reached
}

#[test]
fn no_circles() {
    let mut wrong = Vec::new();
    let mut let_pass = 0;
    for folder in CRATES {
        let modules = modules(folder);
        assert!(modules.all.len() > 5 && modules.uses.len() > 5, "{folder} is not where this test looks");
        for (parent, level) in neighbours(&modules.uses) {
            let mut seen: BTreeSet<String> = BTreeSet::new();
            for module in level.keys() {
                if seen.contains(module) || !reached(&level, module).contains(module) {
                    continue;
                }
                let circle: BTreeSet<String> = reached(&level, module)
                    .into_iter()
                    .filter(|other| reached(&level, other).contains(module))
                    .collect();
                seen.extend(circle.iter().cloned());
                let names: Vec<&str> = circle.iter().map(String::as_str).collect();
                if CIRCLES.iter().any(|(place, known, _)| *place == folder && **known == *names) {
                    let_pass += 1;
                    continue;
                }
                wrong.push(format!("{folder} {}: {names:?}", parent.join("::")));
                for (used, example) in circle.iter().filter_map(|name| level.get(name)).flatten() {
                    if circle.contains(used) {
                        wrong.push(format!("    {example}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "modules use each other in a circle:\n{}", wrong.join("\n"));
    assert_eq!(let_pass, CIRCLES.len(), "a circle in CIRCLES is gone");
}

/// The modules in the order in which the documentation of the crate gives its layers.
fn documented(folder: &str, all: &BTreeSet<Module>) -> Vec<String> {
    let text = std::fs::read_to_string(root().join(folder).join("lib.rs")).unwrap();
    let docs: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("//!")).collect();
    let begin = docs.iter().position(|line| line.contains("Layers")).unwrap_or(docs.len());
    let mut order: Vec<String> = Vec::new();
    for word in docs[begin.min(docs.len())..].iter().flat_map(|line| line.split('`').skip(1).step_by(2)) {
        let name = word.trim_start_matches("mod@").to_owned();
        if all.contains(&vec![name.clone()]) && !order.contains(&name) {
            order.push(name);
        }
    }
    order
}

#[test]
fn the_documented_layers_are_true() {
    let mut wrong = Vec::new();
    for folder in CRATES {
        let modules = modules(folder);
        let order = documented(folder, &modules.all);
        let place = |name: &String| order.iter().position(|other| other == name);
        for module in modules.all.iter().filter(|module| module.len() == 1) {
            if place(&module[0]).is_none() {
                wrong.push(format!("{folder}/lib.rs does not say in which layer `{}` is", module[0]));
            }
        }
        let levels = neighbours(&modules.uses);
        for (user, used) in levels.get(&Module::new()).into_iter().flatten() {
            for (used, example) in used.iter().filter(|(used, _)| place(used) > place(user)) {
                wrong.push(format!("{folder}: `{user}` stands below `{used}`, but {example}"));
            }
        }
    }
    assert!(wrong.is_empty(), "each module uses only those listed before it:\n{}", wrong.join("\n"));
}

#[test]
fn a_circle_would_be_seen() {
    let path = |parts: &str| parts.split("::").map(str::to_owned).collect::<Module>();
    let mut uses = BTreeMap::new();
    for (user, used) in [("a", "b::c"), ("b::d", "e"), ("e::f", "a"), ("a", "a::x"), ("a::x", "a")] {
        uses.insert((path(user), path(used)), used.to_owned());
    }
    let levels = neighbours(&uses);
    assert_eq!(levels.len(), 1, "a module and its child are one");
    let level = &levels[&Module::new()];
    assert!(["a", "b", "e"].iter().all(|name| reached(level, name).contains(*name)));
}
