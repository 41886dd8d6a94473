//! The table of diagnostics: every code with its name, origin, severity and page.
//!
//! This is the one source of them: reports, `air explain`, directives, configuration and the pages
//! under `semantics/analysis/docs/diagnostics` come from it. Codes and names are stable for ever; a retired
//! code is never given out again.
//!
//! To add one: its line in the list of `code.rs`; its row with the page in `codes/`, or for a lint in the lint's file;
//! and `UPDATE_EXPECT=1 cargo test -p air-analysis documents` for the documents. Examples are raw strings; prose
//! that takes several lines stands in `prose!`, which joins them. Tests check that the page's example
//! gives the diagnostic and that its fixed form does not.

use crate::code::with_codes;
use crate::diagnostic::{Origin, Severity};
use crate::entry::Entry;
use crate::lints::*;

mod lints;
mod page;
mod syntax;
mod validation;

pub use crate::code::Code;
pub use crate::entry::Page;
pub use page::{index_markdown, page_file_name, page_markdown};

macro_rules! table {
    ($($variant:ident = $row:path,)*) => {
        impl Code {
            const fn entry(self) -> &'static Entry {
                match self {
                    $(Code::$variant => &$row,)*
                }
            }
        }
    };
}

with_codes!(table);

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
