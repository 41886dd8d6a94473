//! The tree's types: rowan with the kinds of this crate.

use crate::kind::{ALL_KINDS, SyntaxKind};

/// The language parameter of rowan's types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AirLanguage {}

impl rowan::Language for AirLanguage {
    type Kind = SyntaxKind;

    fn kind_from_raw(raw: rowan::SyntaxKind) -> SyntaxKind {
        ALL_KINDS.get(usize::from(raw.0)).copied().unwrap_or(SyntaxKind::ERROR)
    }

    fn kind_to_raw(kind: SyntaxKind) -> rowan::SyntaxKind {
        kind.into()
    }
}

impl From<SyntaxKind> for rowan::SyntaxKind {
    fn from(kind: SyntaxKind) -> Self {
        rowan::SyntaxKind(kind as u16)
    }
}

impl SyntaxKind {
    /// The kind of a green node or token, for walks that skip the red tree.
    pub fn from_green(raw: rowan::SyntaxKind) -> SyntaxKind {
        <AirLanguage as rowan::Language>::kind_from_raw(raw)
    }
}

/// Node with parents and absolute ranges.
pub type SyntaxNode = rowan::SyntaxNode<AirLanguage>;
/// Token with parents and absolute ranges.
pub type SyntaxToken = rowan::SyntaxToken<AirLanguage>;
/// Node or token.
pub type SyntaxElement = rowan::SyntaxElement<AirLanguage>;
