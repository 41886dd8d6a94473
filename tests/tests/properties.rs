//! What holds for every text, through all crates.

#[path = "properties/checks.rs"]
mod checks;
#[path = "properties/generate.rs"]
mod generate;

use air_analysis::Analysis;
use air_analysis::beautify::BeautifyOptions;
use air_analysis::format::FormatOptions;
use air_tests::fuzz;
use air_tests::shared::{json_lines, shared};
use checks::{
    edited_is_new, findings_are_sound, formatted, layout_is_sound, reading_is_sound, tree_has_the_text,
    view_is_sound,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

/// `PROPTEST_CASES` asks for more or fewer.
fn config(cases: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(cases);
    // A failure becomes a test written by hand, not a line in a file of seeds.
    ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 20_000, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn the_tree_has_the_text(text in generate::text()) {
        tree_has_the_text(&text)?;
    }

    #[test]
    fn findings_point_into_the_text(text in generate::text()) {
        findings_are_sound(&text)?;
    }

    #[test]
    fn reading_without_a_tree_is_reading(text in generate::text()) {
        reading_is_sound(&text)?;
    }

    #[test]
    fn formatting_keeps_everything_but_blanks(text in generate::text(), compact: bool, indent_width in 1u8..5) {
        layout_is_sound(&text, &FormatOptions { compact, indent_width, ..FormatOptions::default() })?;
    }

    #[test]
    fn scripts_without_mistakes_are_laid_out(text in generate::script()) {
        if air_syntax::parse(&text).ok() {
            prop_assert!(formatted(&text, &FormatOptions::default()).is_ok());
        }
    }

    #[test]
    fn the_view_answers(text in generate::text(), patterns: bool, comments: bool, idioms: bool) {
        view_is_sound(&text, &BeautifyOptions { patterns, comments, idioms, ..BeautifyOptions::default() })?;
    }
}

/// The same on real scripts.
#[test]
fn all_of_it_holds_for_real_scripts() {
    let Some(index) = json_lines::<RealScript>("corpus/air/index.jsonl") else { return };
    let folder = shared("corpus/air").unwrap();
    for RealScript { file } in index {
        let text = std::fs::read_to_string(folder.join(&file)).unwrap();
        let holds = tree_has_the_text(&text)
            .and_then(|()| findings_are_sound(&text))
            .and_then(|()| reading_is_sound(&text))
            .and_then(|()| layout_is_sound(&text, &FormatOptions::default()))
            .and_then(|()| {
                layout_is_sound(&text, &FormatOptions { compact: true, ..FormatOptions::default() })
            })
            .and_then(|()| view_is_sound(&text, &BeautifyOptions::default()));
        assert!(holds.is_ok(), "{file}: {holds:?}");
    }
}

/// A hundred edits in each real script: what is kept from the version before changes nothing.
#[test]
fn edits_of_real_scripts_are_seen_as_new_texts_are() {
    let Some(index) = json_lines::<RealScript>("corpus/air/index.jsonl") else { return };
    let folder = shared("corpus/air").unwrap();
    let mut runner = TestRunner::new(config(100));
    let edit = (any::<prop::sample::Index>(), 0..30_usize, generate::edit());
    for RealScript { file } in index {
        let text = std::fs::read_to_string(folder.join(&file)).unwrap();
        let original = Analysis::new(&*text);
        original.hir();
        let mut before = None;
        for number in 0..100 {
            // Every third is made in the text as it was; the others where something is wrong already, mostly.
            let before_it = before.as_ref().filter(|_| number % 3 != 0).unwrap_or(&original);
            let text = &before_it.text;
            let (at, length, new) = edit.new_tree(&mut runner).unwrap().current();
            let start = text.floor_char_boundary(at.index(text.len() + 1));
            let end = text.floor_char_boundary((start + length).min(text.len()));
            let edited = format!("{}{new}{}", &text[..start], &text[end..]);
            // All else follows from the text, the tree and the arena; looked at now and then.
            let kept = edited_is_new(before_it, &edited, number % 10 < 2)
                .unwrap_or_else(|error| panic!("{file}: {start}..{end} {new:?}: {error}"));
            if number % 10 == 0 {
                assert!(reading_is_sound(&edited).is_ok(), "{file}: {start}..{end} {new:?}");
            }
            before = Some(kept);
        }
    }
}

#[derive(serde::Deserialize)]
struct RealScript {
    file: String,
}

/// Real scripts with small damage; see `air_tests::fuzz`.
fn seeds() -> Vec<Vec<u8>> {
    let root = air_architecture::tree::root();
    fuzz::seeds(
        &[root.join("tests/scripts"), root.join("tests/completion"), fuzz::shared("corpus/air")],
        ".air",
        400,
    )
}

const WORDS: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "\"",
    ";",
    "\n",
    " ",
    "(seq ",
    "(par ",
    "(xor ",
    "(new $s ",
    "(fold l i ",
    "(next i)",
    "(ap 1 $s)",
    "(canon \"p\" $s #c)",
    "(call \"p\" (\"s\" \"f\") [] x)",
    "(match 1 1 ",
    "(fail :error:)",
    "(null)",
    "(never)",
    "%init_peer_id%",
    "%timestamp%",
    ":error:",
    ".$.a.[0]",
    ".length",
    "; air: allow(L001)\n",
    "; air: fmt off\n",
    "; air: fmt on\n",
    "; air: given x\n",
    "; ok = 1\n",
    "embed",
    "$s",
    "#c",
    "%m",
    "#%c",
    "x",
];

#[test]
fn damaged_scripts() {
    fuzz::fuzz("texts", 1_500, &seeds(), WORDS, |input| {
        let text = String::from_utf8_lossy(input);
        tree_has_the_text(&text).unwrap();
        findings_are_sound(&text).unwrap();
        reading_is_sound(&text).unwrap();
        let odd = input.len() % 2 == 1;
        layout_is_sound(&text, &FormatOptions { compact: odd, ..FormatOptions::default() }).unwrap();
        view_is_sound(&text, &BeautifyOptions { idioms: odd, comments: odd, ..BeautifyOptions::default() })
            .unwrap();
    });
}

/// Each input is typed into the one before it: the part that differs.
#[test]
fn damage_is_typed() {
    let before = std::cell::RefCell::new(Analysis::new(""));
    fuzz::fuzz("edits", 1_500, &seeds(), WORDS, |input| {
        let text = String::from_utf8_lossy(input);
        let kept = edited_is_new(&before.borrow(), &text, true).unwrap();
        before.replace(kept);
        // Half of the damage alone, and its end.
        let half = &text[..text.floor_char_boundary(text.len() / 2)];
        let kept = edited_is_new(&before.borrow(), half, true).unwrap();
        edited_is_new(&kept, &text, true).unwrap();
    });
}
