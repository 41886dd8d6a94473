//! What runs on a peer.

/// The program that a peer is. They have different built-in services, and act differently on errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum PeerKind {
    /// A node (nox): keeps the data of every run, and acts on what it asks for.
    #[default]
    Node,
    /// A JS client: a run that ends with an error leaves no data, asks for nothing and goes nowhere.
    Client,
}

impl PeerKind {
    /// How kinds are written.
    pub const WORDS: [(&'static str, PeerKind); 2] = [("node", PeerKind::Node), ("client", PeerKind::Client)];

    /// Reads a word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(word, _)| *word == text).map(|(_, kind)| *kind)
    }

    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            PeerKind::Node => PeerKind::Client,
            PeerKind::Client => PeerKind::Node,
        }
    }
}
