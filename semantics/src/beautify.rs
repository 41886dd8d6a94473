//! `air beautify`: a script as indented text for people.
//!
//! For every script that AquaVM accepts, and with the options of AquaVM's own beautifier, the text
//! is the one that AquaVM's beautifier writes, byte for byte (language spec §5). Ours beyond that:
//! comments kept, the compiler's idioms named, broken scripts shown as far as they were understood
//! (`?` stands for what is missing), and a [`ViewMap`] between the view and the source.
//!
//! The text cannot be parsed back.

mod comments;
mod lines;
mod map;
mod named;
mod operands;
mod writer;

use std::fmt;

use crate::hir::Hir;
use crate::idioms;

pub(crate) use lines::hop_canon;
pub use map::{ViewLine, ViewMap, ViewSpan};
pub(crate) use operands::write_base;

/// Views larger than this are not built: indentation makes the view of a deep script quadratic in
/// its depth, and nobody reads 256 MiB.
pub const MAX_VIEW_BYTES: usize = 256 << 20;

/// How [`beautify`] writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BeautifyOptions {
    /// Blanks a level; 0 is allowed. AquaVM's default is 4.
    pub indent_step: usize,
    /// Write `hopon PEER` for the three instructions of a hop, as AquaVM's `--patterns` does.
    pub patterns: bool,
    /// Keep the comments of the source. Ours.
    pub comments: bool,
    /// Rewrite those idioms of the Aqua compiler that are certain; includes `patterns`. Ours.
    pub idioms: bool,
}

impl Default for BeautifyOptions {
    fn default() -> Self {
        BeautifyOptions { indent_step: 4, patterns: false, comments: false, idioms: false }
    }
}

/// A view and how it belongs to its source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct View {
    /// The text; every line ends in `\n`.
    pub text: String,
    /// Positions, both ways.
    pub map: ViewMap,
}

/// Why there is no view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BeautifyError {
    /// It would be larger than `limit` bytes.
    TooLarge {
        /// [`MAX_VIEW_BYTES`].
        limit: usize,
    },
}

impl BeautifyError {
    /// Stable name, for JSON and tests.
    pub fn code(self) -> &'static str {
        match self {
            BeautifyError::TooLarge { .. } => "view-too-large",
        }
    }
}

impl fmt::Display for BeautifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BeautifyError::TooLarge { limit } => write!(
                f,
                "the beautified view would be larger than {} MiB, because the script is nested very deeply; \
                 a smaller indent step (0, for instance) makes it smaller",
                limit >> 20
            ),
        }
    }
}

impl std::error::Error for BeautifyError {}

/// Writes the view of a script.
///
/// Time and memory are linear in the size of the script and of the view.
pub fn beautify(hir: &Hir, options: &BeautifyOptions) -> Result<View, BeautifyError> {
    let comments = if options.comments { comments::collect(&hir.text) } else { Vec::new() };
    let idioms = if options.idioms { idioms::recognise(hir) } else { Vec::new() };
    lines::write(hir, options, &comments, &idioms, MAX_VIEW_BYTES)
}
