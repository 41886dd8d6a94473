//! What AquaVM's validator refuses, as plain data with byte ranges.

use std::borrow::Cow;

use air_syntax::TextRange;
use serde::Serialize;

use crate::hir::{Hir, InstrId, NameId};
use crate::text_edit::TextEdit;

/// The rules of AquaVM's validator, in the order in which it reports them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)] // Each is described in the file of its name below `validate`.
pub enum Rule {
    UndefinedVariable,
    UndefinedIterable,
    MultipleNext,
    NewOnIterator,
    MultipleIterables,
    FailCodeZero,
    InstructionAfterNext,
}

/// One violation of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that is violated.
    pub rule: Rule,
    /// The instruction that AquaVM blames.
    pub instr: InstrId,
    /// The name it is about; `None` only for [`Rule::FailCodeZero`].
    pub name: Option<NameId>,
    /// The precise place: an operand where AquaVM blames the whole instruction.
    pub range: TextRange,
    /// One sentence, ours: what is wrong and what to do.
    pub message: String,
    /// Other places that explain it.
    pub related: Vec<Related>,
    /// Ways to fix it, the likeliest first.
    pub fixes: Vec<Fix>,
}

/// A place that explains a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// The place, in the same text.
    pub range: TextRange,
    /// A whole sentence: it is read apart from the finding.
    pub message: Cow<'static, str>,
}

/// AquaVM's own report; the span is in bytes and may end one past the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// AquaVM's text, word for word.
    pub message: String,
    /// First byte of its span, from 0.
    pub start: u32,
    /// One after the last byte.
    pub end: u32,
}

/// A way to fix a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an imperative.
    pub title: Cow<'static, str>,
    /// Whether the script keeps its meaning, so that `air check --fix` may apply it unasked.
    pub safe: bool,
    /// Replacements, disjoint, in text order.
    pub edits: Vec<TextEdit>,
}

impl Finding {
    /// AquaVM's own report of it.
    pub fn reference(&self, hir: &Hir) -> Reference {
        let name = self.name.map_or("", |name| hir.name(name));
        let message = match self.rule {
            Rule::UndefinedIterable => format!("iterable '{name}' wasn't defined"),
            Rule::MultipleNext => format!(
                "multiple next instructions for iterator '{name}' found for one fold, that is prohibited"
            ),
            Rule::NewOnIterator => {
                format!("new can't be applied to a '{name}' because it's an iterator")
            }
            Rule::MultipleIterables => {
                format!("multiple iterable values found for iterator name '{name}'")
            }
            Rule::FailCodeZero => "error code 0 with fail is unsupported".to_owned(),
            Rule::InstructionAfterNext => "fold can not have instructions after next".to_owned(),
            Rule::UndefinedVariable => format!("variable '{name}' wasn't defined"),
        };
        let range = hir.instr(self.instr).map_or(TextRange::default(), |instr| instr.range);
        Reference { message, start: range.start().into(), end: range.end().into() }
    }
}
