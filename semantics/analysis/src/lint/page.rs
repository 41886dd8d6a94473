//! What the file of a lint begins with: its row in the table of codes.

pub(crate) use crate::code::Code;
pub(crate) use crate::diagnostic::{Origin, Severity};
pub(crate) use crate::entry::{Entry, Page, prose};

/// The row of a lint. `id` is the next free number (`L037`), `name` the kebab-case form of the file's name.
pub(crate) const fn entry(id: &'static str, name: &'static str, severity: Severity, page: Page) -> Entry {
    Entry { id, name, origin: Origin::Lint, severity, page }
}
