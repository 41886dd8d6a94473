//! What holds for every text, through all crates.

#[path = "properties/generate.rs"]
mod generate;

use air_analysis::Analysis;
use air_analysis::beautify::{BeautifyOptions, beautify};
use air_analysis::diagnostic::Origin;
use air_analysis::format::{FormatError, FormatOptions, Formatted, format};
use air_semantics::Script;
use air_semantics::hir::{self, Hir, Instr, Lens, Operand};
use air_syntax::{SyntaxKind, TextRange};
use air_tests::shared::{json_lines, shared};
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
            let (kept, fresh) = (Analysis::after(before_it, &*edited), Analysis::new(&*edited));
            assert!(kept.parse.green() == fresh.parse.green(), "{file}: {start}..{end} {new:?}");
            assert_eq!(kept.parse.errors(), fresh.parse.errors(), "{file}: {start}..{end} {new:?}");
            assert_eq!(kept.parse.depth(), fresh.parse.depth(), "{file}: {start}..{end} {new:?}");
            assert!(kept.hir() == fresh.hir(), "{file}: {start}..{end} {new:?}");
            // All else follows from the text, the tree and the arena; looked at now and then.
            if number % 10 < 2 {
                assert_eq!(
                    kept.reference_errors(),
                    fresh.reference_errors(),
                    "{file}: {start}..{end} {new:?}"
                );
                assert_eq!(kept.diagnostics(), fresh.diagnostics(), "{file}: {start}..{end} {new:?}");
            }
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

/// Not one byte is lost or added by the tree.
fn tree_has_the_text(text: &str) -> Result<(), TestCaseError> {
    prop_assert_eq!(air_syntax::parse(text).syntax().to_string(), text);
    Ok(())
}

/// Whatever is reported lies inside the text, on characters' boundaries, and has words; and a text is accepted
/// exactly when nothing of AquaVM's is reported.
fn findings_are_sound(text: &str) -> Result<(), TestCaseError> {
    let analysis = Analysis::new(text);
    for finding in analysis.diagnostics() {
        prop_assert!(!finding.message.is_empty());
        inside(text, finding.range)?;
        for related in &finding.related {
            inside(text, related.range)?;
        }
        for fix in &finding.fixes {
            let mut end = 0.into();
            for edit in &fix.edits {
                inside(text, edit.range)?;
                prop_assert!(edit.range.start() >= end, "edits overlap or are out of order: {:?}", fix);
                end = edit.range.end();
            }
        }
    }
    let refused = analysis.diagnostics().iter().any(|finding| finding.code.origin() != Origin::Lint);
    prop_assert_eq!(analysis.accepted(), !refused);
    Ok(())
}

/// Without a tree, the same arena comes out of the same texts, and the same verdict.
fn reading_is_sound(text: &str) -> Result<(), TestCaseError> {
    let whole = Analysis::new(text);
    let read = hir::read(&whole.text);
    prop_assert_eq!(read.is_some(), whole.parse.ok());
    prop_assert!(read.is_none_or(|read| read == *whole.hir()));
    let to_run = Script::to_run(text);
    prop_assert_eq!(to_run.accepted(), whole.accepted());
    prop_assert_eq!(to_run.reference_errors(), whole.reference_errors());
    prop_assert!(to_run.hir() == whole.hir());
    prop_assert!(to_run.parse.green() == whole.parse.green());
    Ok(())
}

/// The layout is a fixed point, keeps every token and comment in its order, and the meaning.
fn layout_is_sound(text: &str, options: &FormatOptions) -> Result<(), TestCaseError> {
    let Ok(once) = formatted(text, options) else { return Ok(()) };
    prop_assert_eq!(words(&once.text), words(text));
    prop_assert_eq!(once.changed, once.text != text);
    let twice = formatted(&once.text, options);
    prop_assert!(twice.is_ok(), "what was laid out cannot be laid out again:\n{}", once.text);
    prop_assert_eq!(&twice.unwrap().text, &once.text);
    let (before, after) = (Analysis::new(text), Analysis::new(&*once.text));
    prop_assert_eq!(before.accepted(), after.accepted());
    // Where brackets do not match, the parser goes by the layout, so a new layout may be read otherwise.
    if before.parse.ok() {
        prop_assert_eq!(meaning(before.hir()), meaning(after.hir()));
    }
    Ok(())
}

/// The readable view answers, and does not refuse what AquaVM accepts.
fn view_is_sound(text: &str, options: &BeautifyOptions) -> Result<(), TestCaseError> {
    let analysis = Analysis::new(text);
    let view = beautify(analysis.hir(), options);
    prop_assert!(view.is_ok() || !analysis.accepted());
    Ok(())
}

fn inside(text: &str, range: TextRange) -> Result<(), TestCaseError> {
    let (start, end) = (usize::from(range.start()), usize::from(range.end()));
    prop_assert!(text.get(start..end).is_some(), "{:?} is not in the text of {} bytes", range, text.len());
    Ok(())
}

fn formatted(text: &str, options: &FormatOptions) -> Result<Formatted, FormatError> {
    format(&air_syntax::parse(text), text, options)
}

/// All tokens but blanks; comments without blanks at their end, which the layout takes away.
fn words(text: &str) -> Vec<String> {
    let tokens = air_syntax::lexer::lex(text);
    let mut start = 0;
    let mut words = Vec::new();
    for (kind, end) in tokens.kinds.iter().zip(&tokens.ends) {
        let word = &text[start..*end as usize];
        start = *end as usize;
        match kind {
            SyntaxKind::WHITESPACE => {}
            SyntaxKind::COMMENT => words.push(word.trim_end().to_owned()),
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// The script without places: kinds, shapes and words.
fn meaning(hir: &Hir) -> Vec<String> {
    let instruction = |instr: &Instr| {
        let operands: Vec<String> =
            hir.operands_of(instr).iter().map(|operand| operand_meaning(hir, operand)).collect();
        format!("{:?} {:?} {:?} {:?}", instr.kind, instr.parent, hir.children_of(instr), operands)
    };
    hir.instrs.iter().map(instruction).collect()
}

fn operand_meaning(hir: &Hir, operand: &Operand) -> String {
    let lens = operand.lens.as_ref().map(|lens| match lens {
        Lens::Length => "length".to_owned(),
        Lens::Path(_) => {
            let steps = hir.accessors_of(lens).iter();
            steps
                .map(|step| format!("{:?} {}", step.kind, hir.text_at(step.range)))
                .collect::<Vec<_>>()
                .join(" ")
        }
    });
    format!("{:?} {:?} {} {lens:?}", operand.role, operand.kind, hir.text_at(operand.range))
}
