//! What the text at a place is, for people: Markdown. One file for each kind of word.

mod comment;
mod instruction;
mod lens;
mod literal;
mod outside;
mod peer;
mod special;
mod variable;

use air_analysis::Analysis;
use air_semantics::hir::{OperandKind, Role};
use air_semantics::resolve::BindingId;
use air_syntax::{Encoding, LineCol, TextRange, TextSize};

use crate::names::{Symbol, operand_at, symbol_at};

pub use comment::code_text;
pub use lens::steps;
pub(super) use outside::{function_text, service_text};
pub(super) use peer::peer_text;
pub(super) use variable::variable;

/// A text about a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// What it is about.
    pub range: TextRange,
    /// Markdown.
    pub markdown: String,
    /// The same for those who know more of it than a script can say.
    pub subject: Subject,
}

/// What an explanation is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A variable.
    Variable(BindingId),
    /// What a lens takes out of a variable.
    Part(BindingId, Vec<Step>),
    /// A peer, by its id.
    Peer(String),
    /// `%init_peer_id%`
    InitPeer,
    /// A number that a failure has or is compared with.
    ErrorCode(i64),
    /// Nothing that has a name outside.
    Other,
}

/// A step of a lens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// `.name`
    Field(String),
    /// `.[0]`
    Index(u32),
    /// `.[i]`: the element or field that a variable names.
    Any,
}

/// Explains the word at an offset; nothing for blanks, for most brackets, and for words that mean nothing.
pub fn explain(analysis: &Analysis, offset: TextSize) -> Option<Explained> {
    instruction::at(analysis, offset)
        .or_else(|| operand(analysis, offset))
        .or_else(|| instruction::closed_at(analysis, offset))
        .or_else(|| comment::at(analysis, offset))
}

fn operand(analysis: &Analysis, offset: TextSize) -> Option<Explained> {
    let (id, operand) = operand_at(analysis.hir(), offset)?;
    let found = lens::at(analysis, operand, offset).or_else(|| special::at(analysis, operand, offset));
    if found.is_some() {
        return found;
    }
    // Where a literal stands says more than what it names.
    let of_call = matches!(operand.role, Role::Peer | Role::Service | Role::Function);
    let named = symbol_at(analysis, offset).filter(|_| operand.kind != OperandKind::Literal || of_call);
    let Some(named) = named else { return literal::at(analysis, id, operand) };
    let (subject, markdown) = match &named.symbol {
        Symbol::Variable(binding) => (Subject::Variable(*binding), variable(analysis, *binding)?),
        Symbol::Peer(id) => (Subject::Peer(id.clone()), peer_text(analysis, id)),
        Symbol::Service(id) => (Subject::Other, service_text(analysis, id)),
        Symbol::Function { service, name } => {
            (Subject::Other, function_text(analysis, service.as_deref(), name))
        }
        Symbol::Field { .. } | Symbol::Key(_) | Symbol::Special(_) => return None,
    };
    Some(Explained { range: named.range, markdown, subject })
}

/// The line of an offset, from 1.
fn line(analysis: &Analysis, offset: TextSize) -> u32 {
    let LineCol { line, .. } = analysis.line_index().line_col(offset, Encoding::Utf8);
    line + 1
}

fn times(count: usize, what: &str) -> String {
    match count {
        0 => format!("never {what}"),
        1 => format!("{what} once"),
        count => format!("{what} {count} times"),
    }
}

/// Begins with a capital letter.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Names as code, with commas.
fn list<'t>(names: impl IntoIterator<Item = &'t str>) -> String {
    let shown: Vec<_> = names.into_iter().map(|name| format!("`{name}`")).collect();
    shown.join(", ")
}

#[cfg(test)]
mod testing {
    use air_analysis::Analysis;
    use expect_test::Expect;

    use super::explain;

    /// What is said at `$0`, and of which text.
    pub(super) fn check(marked: &str, expected: Expect) {
        let offset = marked.find("$0").unwrap();
        let analysis = Analysis::new(marked.replacen("$0", "", 1));
        let shown = match explain(&analysis, (offset as u32).into()) {
            Some(found) => format!("{:?}\n{}", analysis.hir().text_at(found.range), found.markdown),
            None => "nothing\n".to_owned(),
        };
        expected.assert_eq(&shown);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::testing::check;

    #[test]
    fn nothing_on_blanks() {
        check("(seq $0 (null) (null))", expect![["nothing\n"]]);
    }
}
