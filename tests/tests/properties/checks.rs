//! What holds for a text: each is asked of random texts, of real ones and of damaged ones.

use air_analysis::Analysis;
use air_analysis::beautify::{BeautifyOptions, beautify};
use air_analysis::diagnostic::Origin;
use air_analysis::format::{FormatError, FormatOptions, Formatted, format};
use air_semantics::Script;
use air_semantics::hir::{self, Hir, Instr, Lens, Operand};
use air_syntax::{SyntaxKind, TextRange};
use proptest::prelude::*;

/// What is kept from the version before changes nothing. `all`: findings, too. The analysis that kept it.
pub(crate) fn edited_is_new(before: &Analysis, text: &str, all: bool) -> Result<Analysis, TestCaseError> {
    let (kept, fresh) = (Analysis::after(before, text), Analysis::new(text));
    prop_assert!(kept.parse.green() == fresh.parse.green(), "the trees differ");
    prop_assert_eq!(kept.parse.errors(), fresh.parse.errors());
    prop_assert_eq!(kept.parse.depth(), fresh.parse.depth());
    prop_assert!(kept.hir() == fresh.hir(), "the arenas differ");
    if all {
        prop_assert_eq!(kept.reference_errors(), fresh.reference_errors());
        prop_assert_eq!(kept.diagnostics(), fresh.diagnostics());
    }
    Ok(kept)
}

/// Not one byte is lost or added by the tree.
pub(crate) fn tree_has_the_text(text: &str) -> Result<(), TestCaseError> {
    prop_assert_eq!(air_syntax::parse(text).syntax().to_string(), text);
    Ok(())
}

/// Whatever is reported lies inside the text, on characters' boundaries, and has words; and a text is accepted
/// exactly when nothing of AquaVM's is reported.
pub(crate) fn findings_are_sound(text: &str) -> Result<(), TestCaseError> {
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
pub(crate) fn reading_is_sound(text: &str) -> Result<(), TestCaseError> {
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
pub(crate) fn layout_is_sound(text: &str, options: &FormatOptions) -> Result<(), TestCaseError> {
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
pub(crate) fn view_is_sound(text: &str, options: &BeautifyOptions) -> Result<(), TestCaseError> {
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

pub(crate) fn formatted(text: &str, options: &FormatOptions) -> Result<Formatted, FormatError> {
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
