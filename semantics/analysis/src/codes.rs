//! The table of diagnostics: every code with its name, origin, severity and page.
//!
//! This is the one source of them: reports, `air explain`, directives, configuration and the pages
//! under `semantics/analysis/docs/diagnostics` come from it. Codes and names are stable for ever; a retired
//! code is never given out again.
//!
//! To add one: a variant and its entry in the list below, the entry with its page in `codes/`, and
//! `UPDATE_EXPECT=1 cargo test -p air-analysis codes` for the documents. Examples are raw strings; prose
//! that takes several lines stands in `prose!`, which joins them. Tests check that the page's example
//! gives the diagnostic and that its fixed form does not.

use crate::diagnostic::{Origin, Severity};
use crate::lints::*;

mod lints;
mod page;
mod syntax;
mod validation;

pub use page::{index_markdown, page_file_name, page_markdown};

/// A row of the table of diagnostics.
pub(crate) struct Entry {
    /// `V001`
    pub(crate) id: &'static str,
    /// Kebab-case; reads well after "allow".
    pub(crate) name: &'static str,
    pub(crate) origin: Origin,
    pub(crate) severity: Severity,
    pub(crate) page: Page,
}

/// The documentation of a diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// One line, no full stop.
    pub summary: &'static str,
    /// When it is reported.
    pub what: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// A script that gets it.
    pub example: &'static str,
    /// How to fix it.
    pub fix: &'static str,
    /// The example, fixed.
    pub fixed: &'static str,
}

/// A text of a page that is written over several lines: they are joined by spaces. Empty lines between
/// paragraphs stay.
macro_rules! prose {
    ($text:literal) => {{
        const JOINED: [u8; $text.len()] = crate::codes::join_lines($text);
        match std::str::from_utf8(&JOINED) {
            Ok(text) => text,
            Err(_) => $text,
        }
    }};
}
pub(crate) use prose;

/// Turns each line's end that stands alone into a space. `N` is the text's length.
pub(crate) const fn join_lines<const N: usize>(text: &str) -> [u8; N] {
    let mut joined = [0; N];
    let (mut from, mut to): (&[u8], &mut [u8]) = (text.as_bytes(), &mut joined);
    let mut before = b'\n';
    while let ([byte, from_rest @ ..], [place, to_rest @ ..]) = (from, to) {
        let alone = *byte == b'\n' && before != b'\n' && !matches!(from_rest, [b'\n', ..]);
        *place = if alone { b' ' } else { *byte };
        (before, from, to) = (*byte, from_rest, to_rest);
    }
    joined
}

macro_rules! codes {
    ($($variant:ident = $entry:path,)*) => {
        /// A diagnostic's code.
        #[allow(missing_docs)]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($variant,)*
        }

        impl Code {
            /// All codes, by origin and number.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            const fn entry(self) -> &'static Entry {
                match self {
                    $(Code::$variant => &$entry,)*
                }
            }
        }
    };
}

codes! {
    UnclosedBracket = syntax::UNCLOSED_BRACKET,
    MissingCloseParen = syntax::MISSING_CLOSE_PAREN,
    SurplusCloseParen = syntax::SURPLUS_CLOSE_PAREN,
    SurplusOpenParen = syntax::SURPLUS_OPEN_PAREN,
    MissingOpenParen = syntax::MISSING_OPEN_PAREN,
    MissingCloseBracket = syntax::MISSING_CLOSE_BRACKET,
    SurplusCloseBracket = syntax::SURPLUS_CLOSE_BRACKET,
    MissingOpenBracket = syntax::MISSING_OPEN_BRACKET,
    WrongCloser = syntax::WRONG_CLOSER,
    UnknownInstruction = syntax::UNKNOWN_INSTRUCTION,
    KeywordCase = syntax::KEYWORD_CASE,
    MissingKeyword = syntax::MISSING_KEYWORD,
    MissingOperand = syntax::MISSING_OPERAND,
    MissingInstruction = syntax::MISSING_INSTRUCTION,
    SurplusOperand = syntax::SURPLUS_OPERAND,
    SurplusInstruction = syntax::SURPLUS_INSTRUCTION,
    WrongOperand = syntax::WRONG_OPERAND,
    KeywordAsName = syntax::KEYWORD_AS_NAME,
    NonEmptyArray = syntax::NON_EMPTY_ARRAY,
    SeveralInstructions = syntax::SEVERAL_INSTRUCTIONS,
    EmptyScript = syntax::EMPTY_SCRIPT,
    StrayText = syntax::STRAY_TEXT,
    MissingSpace = syntax::MISSING_SPACE,
    UnclosedString = syntax::UNCLOSED_STRING,
    BadName = syntax::BAD_NAME,
    BadNumber = syntax::BAD_NUMBER,
    BadLens = syntax::BAD_LENS,
    TooDeep = syntax::TOO_DEEP,
    TooLong = syntax::TOO_LONG,
    UndefinedVariable = validation::UNDEFINED_VARIABLE,
    UndefinedIterable = validation::UNDEFINED_ITERABLE,
    MultipleNext = validation::MULTIPLE_NEXT,
    NewOnIterator = validation::NEW_ON_ITERATOR,
    MultipleIterables = validation::MULTIPLE_ITERABLES,
    FailCodeZero = validation::FAIL_CODE_ZERO,
    InstructionAfterNext = validation::INSTRUCTION_AFTER_NEXT,
    BadDirective = lints::BAD_DIRECTIVE,
    UnusedGiven = lints::UNUSED_GIVEN,
    UnusedAllow = lints::UNUSED_ALLOW,
    UnusedVariable = unused_variable::ENTRY,
    UnusedStream = unused_stream::ENTRY,
    UnwrittenStream = unwritten_stream::ENTRY,
    UnreachableCode = unreachable_code::ENTRY,
    ConstantMatch = constant_match::ENTRY,
    ReusedName = reused_name::ENTRY,
    WrittenIterator = written_iterator::ENTRY,
    FoldWithoutNext = fold_without_next::ENTRY,
    UnreachableNext = unreachable_next::ENTRY,
    SameOperands = same_operands::ENTRY,
    SwallowedError = swallowed_error::ENTRY,
    IdleXor = idle_xor::ENTRY,
    UnsetError = unset_error::ENTRY,
    ImpossibleLens = impossible_lens::ENTRY,
    LengthField = length_field::ENTRY,
    UndefinedIndex = undefined_index::ENTRY,
    DiscardedResult = discarded_result::ENTRY,
    UnreachedJoin = unreached_join::ENTRY,
    MutualWait = mutual_wait::ENTRY,
    EndlessFold = endless_fold::ENTRY,
    BadPeerId = bad_peer_id::ENTRY,
    UselessHop = useless_hop::ENTRY,
    UnusedNew = unused_new::ENTRY,
    MisspeltSpecial = misspelt_special::ENTRY,
    SimilarNames = similar_names::ENTRY,
    UnusualNumber = unusual_number::ENTRY,
    OldDialect = old_dialect::ENTRY,
    UnsetVariable = unset_variable::ENTRY,
    ClearedVariable = cleared_variable::ENTRY,
    EmptyFold = empty_fold::ENTRY,
    ImpossibleErrorCode = impossible_error_code::ENTRY,
    NotAText = not_a_text::ENTRY,
    HiddenScalar = hidden_scalar::ENTRY,
    CrashingLens = crashing_lens::ENTRY,
    SelfWait = self_wait::ENTRY,
    ReenteredFold = reentered_fold::ENTRY,
}

impl Code {
    /// Letter and number: `V001`.
    pub const fn as_str(self) -> &'static str {
        self.entry().id
    }

    /// The kebab-case name: `undefined-variable`.
    pub const fn name(self) -> &'static str {
        self.entry().name
    }

    /// Who reports it.
    pub const fn origin(self) -> Origin {
        self.entry().origin
    }

    /// The severity unless configured otherwise.
    pub const fn severity(self) -> Severity {
        self.entry().severity
    }

    /// Its documentation.
    pub const fn page(self) -> &'static Page {
        &self.entry().page
    }

    /// The code of that number or name, case aside.
    #[allow(clippy::should_implement_trait)] // An `Option` says all there is to say.
    pub fn from_str(text: &str) -> Option<Code> {
        Code::ALL
            .iter()
            .copied()
            .find(|code| code.as_str().eq_ignore_ascii_case(text) || code.name().eq_ignore_ascii_case(text))
    }

    /// Whether a directive may silence it. Not so for syntax errors, which hide what the script is.
    pub fn can_be_allowed(self) -> bool {
        self.origin() != Origin::Syntax
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn codes_and_names_are_unique_sorted_and_found() {
        for pair in Code::ALL.windows(2) {
            let order = |code: Code| ("SVL".find(&code.as_str()[..1]), code.as_str());
            assert!(order(pair[0]) < order(pair[1]), "{pair:?}");
        }
        for code in Code::ALL {
            assert_eq!(Code::from_str(code.as_str()), Some(*code));
            assert_eq!(Code::from_str(&code.name().to_uppercase()), Some(*code));
            assert!(code.name().chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
            let named_twice = Code::ALL.iter().filter(|other| other.name() == code.name()).count();
            assert_eq!(named_twice, 1, "{}", code.name());
        }
        assert_eq!(Code::from_str("nonsense"), None);
    }
}
