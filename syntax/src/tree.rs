//! Green nodes bottom-up: children wait on one stack, a finished node takes its share.
//!
//! rowan's own builder hashes every node to share equal ones, which costs most of the time and is quadratic for deep
//! trees. Here only tokens are shared: brackets, keywords and special words from a table by kind, the others through
//! a small direct-mapped cache.

use rowan::{GreenNode, GreenToken, NodeOrToken, SyntaxKind as Raw};

use crate::SyntaxKind;

type Element = NodeOrToken<GreenNode, GreenToken>;

/// Receives a tree, in text order.
pub(crate) trait Sink {
    /// Opens a node; its kind comes when it closes.
    fn start(&mut self);
    /// The next token.
    fn token(&mut self, kind: SyntaxKind, text: &str);
    /// Closes the innermost node.
    fn finish(&mut self, kind: SyntaxKind);
    /// Closes the innermost node in front of the blanks and comments at its end.
    fn finish_early(&mut self, kind: SyntaxKind);
}

/// Builds the green tree.
pub(crate) struct TreeBuilder {
    children: Vec<Element>,
    starts: Vec<u32>,
    /// Tokens whose text follows from their kind.
    fixed: Vec<Option<GreenToken>>,
    /// Other tokens by hash.
    slots: Vec<Option<GreenToken>>,
    mask: usize,
}

/// Kinds from here to the other end have one text each.
const FIXED: std::ops::RangeInclusive<u8> = SyntaxKind::L_PAREN as u8..=SyntaxKind::MISMATCH_KW as u8;

impl TreeBuilder {
    /// For a text of about that many bytes.
    pub(crate) fn new(len: usize) -> TreeBuilder {
        let slots = (len / 32).clamp(64, 4096).next_power_of_two();
        TreeBuilder {
            children: Vec::with_capacity((len / 16).clamp(32, 4096)),
            starts: Vec::with_capacity(64),
            fixed: vec![None; usize::from(*FIXED.end()) + 1],
            slots: vec![None; slots],
            mask: slots - 1,
        }
    }

    /// The root, which was the last node to finish.
    pub(crate) fn root(mut self) -> GreenNode {
        match self.children.pop() {
            Some(NodeOrToken::Node(root)) => root,
            _ => GreenNode::new(SyntaxKind::SCRIPT.into(), []),
        }
    }
}

impl Sink for TreeBuilder {
    #[inline]
    fn start(&mut self) {
        self.starts.push(self.children.len() as u32);
    }

    #[inline]
    fn token(&mut self, kind: SyntaxKind, text: &str) {
        let slot = if FIXED.contains(&(kind as u8)) {
            self.fixed.get_mut(kind as usize)
        } else {
            let slot = hash(kind, text.as_bytes()) & self.mask;
            self.slots.get_mut(slot)
        };
        let raw = Raw(kind as u16);
        let token = match slot {
            Some(Some(token)) if token.kind() == raw && token.text() == text => token.clone(),
            Some(slot) => slot.insert(GreenToken::new(raw, text)).clone(),
            None => GreenToken::new(raw, text),
        };
        self.children.push(NodeOrToken::Token(token));
    }

    #[inline]
    fn finish(&mut self, kind: SyntaxKind) {
        let start = self.starts.pop().unwrap_or(0) as usize;
        let start = start.min(self.children.len());
        let node = GreenNode::new(Raw(kind as u16), self.children.drain(start..));
        self.children.push(NodeOrToken::Node(node));
    }

    fn finish_early(&mut self, kind: SyntaxKind) {
        let start = self.starts.last().copied().unwrap_or(0) as usize;
        let own = self.children.get(start..).unwrap_or_default();
        let trivia = own.iter().rev().take_while(|element| is_trivia(element)).count();
        let tail = self.children.split_off(self.children.len() - trivia);
        self.finish(kind);
        self.children.extend(tail);
    }
}

fn is_trivia(element: &Element) -> bool {
    match element {
        NodeOrToken::Node(_) => false,
        NodeOrToken::Token(token) => SyntaxKind::from_green(token.kind()).is_trivia(),
    }
}

/// Good enough to spread names: first and last eight bytes, length and kind.
#[inline]
fn hash(kind: SyntaxKind, text: &[u8]) -> usize {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    let word = |bytes: Option<&[u8; 8]>| bytes.map_or(0, |bytes| u64::from_le_bytes(*bytes));
    let mut hash = (text.len() as u64) << 8 | kind as u64;
    if text.len() >= 8 {
        hash ^= word(text.first_chunk());
        hash = hash.wrapping_mul(ODD).rotate_left(26);
        hash ^= word(text.last_chunk());
    } else {
        for byte in text {
            hash = hash << 8 | hash >> 56;
            hash ^= u64::from(*byte);
        }
    }
    (hash.wrapping_mul(ODD) >> 48) as usize
}
