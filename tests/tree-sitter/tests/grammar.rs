//! What the grammar must do. `UPDATE_PARSER=1` writes the generated files and the copies anew.

use std::path::{Path, PathBuf};

use air_tree_sitter_tests::{captures, folder, generate, parse, query};

const GENERATED: [&str; 6] = [
    "grammar.json",
    "node-types.json",
    "parser.c",
    "tree_sitter/alloc.h",
    "tree_sitter/array.h",
    "tree_sitter/parser.h",
];

#[test]
fn the_committed_parser_is_that_of_the_grammar() {
    let committed = folder().join("src");
    if std::env::var_os("UPDATE_PARSER").is_some() {
        return generate(&committed).unwrap();
    }
    let fresh = tempfile::tempdir().unwrap();
    generate(fresh.path()).unwrap();
    for file in GENERATED {
        let read = |folder: &Path| std::fs::read_to_string(folder.join(file)).unwrap();
        assert!(
            read(&committed) == read(fresh.path()),
            "{file} is out of date: run this with UPDATE_PARSER=1"
        );
    }
}

/// In the format of tree-sitter's own command line: name, source, tree.
#[test]
fn cases_give_their_trees() {
    let mut count = 0;
    for file in std::fs::read_dir(folder().join("test/corpus")).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let line = format!("{}\n", "=".repeat(18));
        let mut cases = text.split(&line).skip(1);
        while let (Some(name), Some(case)) = (cases.next(), cases.next()) {
            let (source, expected) = case.split_once("\n---\n").expect("a source, `---` and a tree");
            let tree = parse(source.trim()).root_node().to_sexp();
            let expected = expected.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(tree, expected, "{}: {}", path.display(), name.trim());
            count += 1;
        }
    }
    assert!(count > 10, "{count} cases");
}

/// Neovim's plugin brings the queries along.
#[test]
fn neovim_has_the_same_queries() {
    let copies = folder().join("../nvim/queries/air");
    for name in ["highlights", "folds", "indents", "locals", "injections"] {
        let ours = folder().join("queries").join(name).with_extension("scm");
        let copy = copies.join(name).with_extension("scm");
        if std::env::var_os("UPDATE_PARSER").is_some() {
            std::fs::copy(&ours, &copy).unwrap();
        }
        let read = |path: &Path| std::fs::read_to_string(path).unwrap();
        assert!(read(&ours) == read(&copy), "{name} differs: run this with UPDATE_PARSER=1");
    }
}

/// Captures as `name text`, those without `_` in front.
fn captured(name: &str, text: &str) -> Vec<String> {
    captured_by(&folder().join("queries").join(name).with_extension("scm"), text)
}

fn captured_by(path: &Path, text: &str) -> Vec<String> {
    captures(&query(path).unwrap(), text)
        .into_iter()
        .filter(|(_, capture)| !capture.starts_with('_'))
        .map(|(range, capture)| {
            let text = text[range].split('\n').next().unwrap_or_default();
            format!("{capture} {text}")
        })
        .collect()
}

const SCRIPT: &str = r#"(new $all
 (fold names name
  (seq
   (call name ("greeter" "hello") [1] $all) ; seq_ok = {"0": 1}
   (next name) ; behaviour = echo
  )
 )
)
"#;

/// Queries of the editors that have their own, in folders beside the grammar's.
const OTHERS: [&str; 2] = ["helix/queries/air", "zed/languages/air"];

#[test]
fn queries_of_other_editors_fit_the_grammar() {
    let mut count = 0;
    for other in OTHERS {
        for file in std::fs::read_dir(folder().join("..").join(other)).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "scm") {
                query(&path).unwrap();
                count += 1;
            }
        }
    }
    assert!(count > 12, "{count} queries");
}

/// Which of two patterns counts has changed between versions of Helix.
#[test]
fn helix_has_one_colour_a_node() {
    let path = folder().join("../helix/queries/air/highlights.scm");
    let text = SCRIPT.to_owned()
        + r#"; air: given x
        (xor (fold [] i (next i)) (match "a" #c.length (xor (fail 1 "m") (canon "p" %m #%m))))"#;
    let mut found: Vec<_> =
        captures(&query(&path).unwrap(), &text).into_iter().map(|(range, _)| range).collect();
    let all = found.len();
    found.dedup();
    assert_eq!(all, found.len());
}

#[test]
fn helix_knows_iterators_wherever_they_are_used() {
    let path = folder().join("../helix/queries/air/locals.scm");
    let found = captured_by(&path, "(fold xs x (new x (ap x y)))");
    let defined: Vec<_> = found.iter().filter(|line| line.starts_with("local.definition")).collect();
    assert_eq!(defined, ["local.definition.variable.parameter x", "local.definition.variable x"]);
    assert_eq!(found.iter().filter(|line| *line == "local.reference x").count(), 3, "{found:#?}");
}

#[test]
fn zed_outlines_calls_and_scopes_and_runs_scripts() {
    let path = folder().join("../zed/languages/air");
    let found = captured_by(&path.join("outline.scm"), SCRIPT);
    let names: Vec<_> = found.iter().filter_map(|line| line.strip_prefix("name ")).collect();
    assert_eq!(names, ["$all", "names", "\"hello\""]);
    assert_eq!(captured_by(&path.join("runnables.scm"), SCRIPT), ["run (new $all"]);
}

#[test]
fn instructions_of_several_lines_fold() {
    let all = ["fold (new $all", "fold (fold names name", "fold (seq"];
    let found = captured("folds", SCRIPT);
    assert_eq!(found.iter().filter(|line| all.contains(&line.as_str())).count(), 3, "{found:#?}");
}

#[test]
fn brackets_that_open_indent_and_those_that_close_do_not() {
    let found = captured("indents", SCRIPT);
    let of = |what: &str| found.iter().filter(|line| line.starts_with(what)).count();
    assert_eq!((of("indent.begin"), of("indent.branch"), of("indent.end")), (5, 7, 7), "{found:#?}");
}

#[test]
fn a_new_instruction_indents_before_it_is_closed() {
    let found = captured("indents", "(seq\n (fold ");
    assert!(found.iter().any(|line| line.starts_with("indent.begin")), "{found:#?}");
}

#[test]
fn names_have_their_scopes() {
    let text = SCRIPT.lines().take(2).collect::<Vec<_>>().join("\n") + " (null)))";
    assert_eq!(
        captured("locals", &text),
        [
            "local.scope (new $all",
            "local.scope (new $all",
            "local.definition.var $all",
            "local.reference $all",
            "local.scope (fold names name (null))",
            "local.reference names",
            "local.definition.parameter name",
            "local.reference name",
        ]
    );
}

#[test]
fn calls_and_variables_are_tags() {
    assert_eq!(
        captured("tags", SCRIPT),
        [
            "definition.variable (new $all",
            "name $all",
            "definition.variable (fold names name",
            "name name",
            "reference.call (call name (\"greeter\" \"hello\") [1] $all)",
            "name \"hello\"",
        ]
    );
}

/// A part of the shared data; `None`, with a message, if it is missing.
fn shared(part: &str) -> Option<PathBuf> {
    let root = std::env::var_os("AIR_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = root.join(part);
    if path.exists() {
        return Some(path);
    }
    println!("SKIPPED: {} is missing; set AIR_SHARED", path.display());
    None
}

/// The first node that is wrong.
fn error(text: &str) -> Option<String> {
    let tree = parse(text);
    if !tree.root_node().has_error() {
        return None;
    }
    let mut node = tree.root_node();
    while let Some(child) =
        (0..node.child_count()).filter_map(|at| node.child(at)).find(|child| child.has_error())
    {
        node = child;
    }
    Some(format!("{} at {}: {:?}", node.kind(), node.start_position(), text.get(node.byte_range())))
}

#[test]
fn samples_are_json() {
    // Predicates of a query are those of the text.
    assert_eq!(captured("injections", SCRIPT), ["injection.content  {\"0\": 1}"]);
}

#[test]
fn colours_know_what_a_word_is_for() {
    let found = captured("highlights", "(call \"p\" (\"s\" \"f\") [\"a\" #c.$.[0].b x.length] $out)");
    let last = |text: &str| {
        found.iter().rev().find_map(|line| line.strip_suffix(text)?.strip_suffix(' ')).unwrap_or("nothing")
    };
    let all = ["call", "\"p\"", "\"s\"", "\"f\"", "\"a\"", "#c", "0", "b", "x", "length", "$out"];
    assert_eq!(
        all.map(last),
        [
            "keyword",
            "type",
            "module",
            "function.call",
            "string",
            "variable.canon",
            "number",
            "property",
            "variable",
            "property.builtin",
            "variable.stream",
        ]
    );
}

/// As deep as AquaVM itself goes, and much deeper: neither a crash nor time that grows faster than the text.
#[test]
fn depth_is_no_problem() {
    for depth in [1_000, 100_000] {
        let text = "(seq (null) ".repeat(depth) + "(null)" + &")".repeat(depth);
        let begun = std::time::Instant::now();
        assert!(!parse(&text).root_node().has_error());
        println!("{depth} levels: {:.1} MB/s", text.len() as f64 / 1e6 / begun.elapsed().as_secs_f64());
        parse(&text[..text.len() - depth / 2]);
    }
}

#[test]
fn what_aquavm_accepts_has_no_error_node() {
    let Some(folder) = shared("corpus/air") else { return };
    let index = std::fs::read_to_string(folder.join("index.jsonl")).unwrap();
    let (mut scripts, mut bytes, mut wrong) = (0, 0, Vec::new());
    let mut time = std::time::Duration::ZERO;
    for line in index.lines() {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap();
        if entry["parses_0_12_0"] != true {
            continue;
        }
        let file = entry["file"].as_str().unwrap();
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        (scripts, bytes) = (scripts + 1, bytes + text.len());
        let begun = std::time::Instant::now();
        parse(&text);
        time += begun.elapsed();
        wrong.extend(error(&text).map(|error| format!("{file}: {error}")));
    }
    let rate = bytes as f64 / 1e6 / time.as_secs_f64();
    println!("{scripts} scripts, {} with an error node; {rate:.1} MB/s", wrong.len());
    assert!(wrong.is_empty() && scripts > 600, "{}", wrong.join("\n"));
}

#[test]
fn small_cases_that_aquavm_accepts_have_no_error_node() {
    let Some(file) = shared("corpus/static/cases.jsonl") else { return };
    let (mut count, mut wrong) = (0, Vec::new());
    for line in std::fs::read_to_string(file).unwrap().lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        if case["accept"] == true {
            count += 1;
            wrong.extend(error(case["air"].as_str().unwrap()));
        }
    }
    println!("{count} cases, {} with an error node", wrong.len());
    assert!(wrong.is_empty() && count > 100, "{}", wrong.join("\n"));
}
