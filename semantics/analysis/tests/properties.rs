//! What holds for every text.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr,
    clippy::print_stdout
)]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use air_analysis::Analysis;
use air_semantics::reference;
use air_syntax::TextRange;
use proptest::prelude::*;

/// Looks at everything there is and checks each range.
fn exercise(text: &str) -> Analysis {
    let analysis = Analysis::new(text);
    let inside = |range: TextRange| {
        let range = std::ops::Range::<usize>::from(range);
        assert!(text.get(range.clone()).is_some(), "{range:?} of {text:?}");
    };
    for diagnostic in analysis.diagnostics() {
        inside(diagnostic.range);
        assert!(!diagnostic.message.is_empty());
        diagnostic.related.iter().for_each(|related| inside(related.range));
        for fix in &diagnostic.fixes {
            fix.edits.iter().for_each(|edit| inside(edit.range));
        }
    }
    for error in analysis.reference_errors() {
        assert!(error.start <= error.end && error.end as usize <= text.len() + 1, "{error:?} of {text:?}");
    }
    let hir = analysis.hir();
    for (index, instr) in hir.instrs.iter().enumerate() {
        inside(instr.range);
        inside(instr.keyword);
        for child in hir.children_of(instr) {
            // Closing order: children come first.
            assert!((child.0 as usize) < index);
            assert!(instr.range.contains_range(hir.instr(*child).unwrap().range));
            assert_eq!(hir.instr(*child).unwrap().parent.map(|parent| parent.0 as usize), Some(index));
        }
        for operand in hir.operands_of(instr) {
            inside(operand.range);
            assert!(instr.range.contains_range(operand.range));
            operand.lens.iter().flat_map(|lens| hir.accessors_of(lens)).for_each(|step| inside(step.range));
        }
    }
    let resolution = analysis.resolution();
    let mut end = 0.into();
    for occurrence in &resolution.occurrences {
        inside(occurrence.range);
        assert!(occurrence.range.start() >= end, "occurrences are sorted and disjoint");
        end = occurrence.range.end();
        let binding = resolution.binding(occurrence.binding).unwrap();
        assert_eq!(hir.text_at(occurrence.range), hir.name(binding.name));
        assert!(binding.scope.contains_range(occurrence.range));
        assert!(resolution.occurrences_of(occurrence.binding).any(|other| other == occurrence));
    }
    let by_binding = (0..resolution.bindings.len() as u32)
        .map(|id| resolution.occurrences_of(air_semantics::resolve::BindingId(id)).count())
        .sum::<usize>();
    assert_eq!(by_binding, resolution.occurrences.len());
    analysis
}

/// Real scripts, whole and cut off at many places.
#[test]
fn real_scripts_and_their_beginnings() {
    let root = std::env::var_os("AIR_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let folder = root.join("corpus/air");
    let Ok(sources) = std::fs::read_dir(&folder) else {
        println!(
            "SKIPPED: {} is not there; set AIR_SHARED to the folder of the shared data",
            folder.display()
        );
        return;
    };
    let folders = sources.map(|source| source.unwrap().path()).filter(|path| path.is_dir());
    let mut count = 0;
    for file in folders.flat_map(|source| std::fs::read_dir(source).unwrap()) {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let whole = exercise(&text);
        assert_eq!(whole.hir().text, text.as_str().into());
        if text.len() < 20_000 {
            for part in 1..8 {
                exercise(&text[..text.floor_char_boundary(text.len() * part / 8)]);
            }
        }
        count += 1;
    }
    println!("{count} real scripts");
    assert!(count > 0);
}

const WORDS: &[&str] = &[
    "call",
    "canon",
    "ap",
    "seq",
    "par",
    "fail",
    "fold",
    "xor",
    "never",
    "new",
    "next",
    "null",
    "match",
    "x",
    "i",
    "$s",
    "%m",
    "#c",
    "#%m",
    "x.$.a",
    "#cc.$.[i]",
    "x.length",
    "\"s\"",
    "1",
    "0",
    "1.5",
    "true",
    "%ttl%",
    ":error:",
    "%last_error%.$.é",
    "a+b",
    "\"open",
    ";c",
    "(",
    ")",
    "(",
    ")",
    "[",
    "]",
    "[]",
    "; air: given x\n",
    "; air: allow(V001)\n",
    "\u{feff}",
    "é",
    "(null)",
    "(next i)",
    "(ap x y)",
];

fn script() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("(null)".to_owned()),
        Just("(next i)".to_owned()),
        ("[a-c]|\\$s|#c\\.\\$\\.\\[i\\]", "[a-d]|\\$s").prop_map(|(a, b)| format!("(ap {a} {b})")),
        ("[a-d]", "[a-d]?").prop_map(|(a, b)| format!("(call \"p\" ({a} \"f\") [{a} 1] {b})")),
        "[0-2]".prop_map(|code| format!("(fail {code} \"text\")")),
    ];
    leaf.prop_recursive(6, 40, 2, |inner| {
        prop_oneof![
            ("seq|par|xor", inner.clone(), inner.clone()).prop_map(|(k, a, b)| format!("({k} {a} {b})")),
            ("[a-d]|\\$s|i", inner.clone()).prop_map(|(name, a)| format!("(new {name} {a})")),
            ("[a-d]", inner.clone()).prop_map(|(name, a)| format!("(match {name} 1 {a})")),
            ("[a-d]|\\$s|\\[\\]", "[ij]", inner.clone()).prop_map(|(x, i, a)| format!("(fold {x} {i} {a})")),
        ]
    })
}

proptest! {
    #[test]
    fn any_text_gets_an_answer(text in "\\PC*|[()\\[\\]\"; a$#%.!\n]*") {
        exercise(&text);
    }

    #[test]
    fn any_words_get_an_answer(words in proptest::collection::vec(proptest::sample::select(WORDS), 0..40)) {
        exercise(&words.join(" "));
    }

    #[test]
    fn our_verdict_is_the_reference_machines(text in script(), at in 0.0..1.0f64, cut in any::<bool>()) {
        let mut text = text;
        if cut {
            let at = text.floor_char_boundary((text.len() as f64 * at) as usize);
            let end = text[at..].char_indices().nth(1).map_or(text.len(), |(next, _)| at + next);
            text.replace_range(at..end, "");
        }
        let analysis = exercise(&text);
        prop_assert_eq!(analysis.accepted(), reference::errors(&text.as_str().into(), &Default::default()).is_empty());
    }

    #[test]
    fn layout_changes_no_finding(text in script()) {
        let spread = text.replace(' ', "\n \t").replace(')', " ; note\n)");
        let names = |text: &str| -> Vec<_> {
            let analysis = exercise(text);
            let mut found: Vec<_> = analysis
                .diagnostics()
                .iter()
                .map(|diagnostic| (diagnostic.code, text[diagnostic.range].split_whitespace().next().unwrap_or("").trim_end_matches(')').to_owned()))
                .collect();
            found.sort();
            found
        };
        prop_assert_eq!(names(&text), names(&spread));
    }
}

/// One script of many instructions, as flat as can be.
fn balanced(mut instrs: Vec<String>) -> String {
    while instrs.len() > 1 {
        let pairs = instrs.chunks(2);
        instrs = pairs
            .map(|pair| match pair {
                [left, right] => format!("(seq {left} {right})"),
                _ => pair.concat(),
            })
            .collect();
    }
    instrs.concat()
}

/// Texts that break tools, on a small stack. What is superlinear takes minutes here; the limit leaves
/// room for unoptimised builds on busy machines.
#[test]
fn giants_are_no_trouble() {
    const N: usize = 1_000_000;
    let names: String = (0..200_000).map(|number| format!("(ap n{number} m{number}) ")).collect();
    let legal = balanced((0..100_000).map(|n| format!("(ap undefined{n} m{n})")).collect());
    let again = balanced((0..100_000).map(|n| format!("(ap undefined m{n})")).collect());
    let directives = "; air: allow(V003)\n; air: allow(V001)\n; air: given x\n".repeat(10_000);
    let texts = [
        ("undefined names in a legal script", legal.clone()),
        ("one undefined name", again),
        ("directives before them", format!("{directives}{legal}")),
        ("folds of one name", format!("{}(next i){}", "(fold [] i ".repeat(4000), ")".repeat(4000))),
        ("next in one fold", format!("(fold $s i {})", balanced(vec!["(next i)".to_owned(); 100_000]))),
        ("open brackets", "(".repeat(N)),
        ("closed brackets", ")".repeat(N)),
        ("open seq", "(seq ".repeat(N)),
        ("closed seq", format!("{}(null){}", "(seq ".repeat(N), " (null))".repeat(N))),
        ("open new", "(new $x ".repeat(N)),
        ("new, then brackets", format!("{}{}", "(new $x ".repeat(N / 2), "( ".repeat(N / 2))),
        ("empty lists in seq", "(seq () ".repeat(N / 2)),
        ("square brackets", "[".repeat(N)),
        ("undefined names", format!("(seq {names})")),
        ("next without fold", format!("(seq {})", "(next i) ".repeat(N / 4))),
        ("next of all names", (0..200_000).map(|n| format!("(seq (next n{n}) ")).collect()),
        ("stray words", "word ".repeat(N)),
        ("quotes", "\" ".repeat(N + 1)),
        ("allow", format!("{}(null)", "; air: allow(V001)\n".repeat(20_000))),
        ("given", format!("{}(null)", "; air: given x\n".repeat(20_000))),
    ];
    let run = move || {
        for (name, text) in &texts {
            let start = Instant::now();
            let analysis = Analysis::new(text.as_str());
            let found = analysis.diagnostics().len();
            analysis.resolution();
            analysis.reference_errors();
            drop(analysis);
            let took = start.elapsed();
            assert!(took < Duration::from_secs(15), "{name}: {took:?}");
            eprintln!("{name}: {took:?}, {found} diagnostics");
        }
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap();
}
