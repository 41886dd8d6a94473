//! Green nodes bottom-up: children wait on one stack, a finished node takes its share.
//!
//! rowan's own builder hashes every node to share equal ones, which costs most of the time and is quadratic for deep
//! trees. Here only tokens are shared: brackets, keywords and single spaces from a table, the others through a small direct-mapped cache.

use rowan::{GreenNode, GreenToken, GreenTokenData, NodeOrToken, SyntaxKind as Raw};

use crate::SyntaxKind;
use crate::lexer::KEYWORDS;
use crate::sink::Sink;

type Element = NodeOrToken<GreenNode, GreenToken>;

/// Builds the green tree.
pub(crate) struct TreeBuilder<'t> {
    text: &'t str,
    children: Vec<Element>,
    starts: Vec<u32>,
    /// One space, then brackets and keywords in the order of their kinds.
    fixed: Vec<GreenToken>,
    /// Other tokens by hash.
    tokens_by_hash: Vec<Option<GreenToken>>,
    /// A new line and what it is indented by, by their length.
    indents: Vec<Option<GreenToken>>,
    /// Small nodes by hash: `("op" "noop")`, `[]`, `(next i)`.
    nodes: Vec<Option<GreenNode>>,
    mask: usize,
}

/// Whether nodes of that kind are small and often equal, so that a look for an equal one pays.
#[inline]
fn repeats(kind: SyntaxKind) -> bool {
    use SyntaxKind::*;
    matches!(
        kind,
        NULL | NEVER | NEXT | FUNCTION_REF | EMPTY_ARRAY | FIELD_ACCESS | INDEX_ACCESS | LENGTH_ACCESS
    )
}

/// Brackets and keywords: kinds with one text each.
const FIXED_TOKENS: [(&str, SyntaxKind); 4] = [
    ("(", SyntaxKind::L_PAREN),
    (")", SyntaxKind::R_PAREN),
    ("[", SyntaxKind::L_BRACKET),
    ("]", SyntaxKind::R_BRACKET),
];

/// Of white space that is found by its length; more is found by its hash.
const MAX_INDENT_BYTES: usize = 64;

impl<'t> TreeBuilder<'t> {
    /// An empty builder; its caches grow with the text's length.
    pub(crate) fn new(text: &'t str) -> TreeBuilder<'t> {
        // Both tables are cleared for every text: small texts get small ones.
        let tokens_by_hash = (text.len() / 64).clamp(64, 4096).next_power_of_two();
        let space = std::iter::once((" ", SyntaxKind::WHITESPACE));
        let fixed = space.chain(FIXED_TOKENS).chain(KEYWORDS);
        TreeBuilder {
            text,
            children: Vec::with_capacity((text.len() / 16).clamp(32, 4096)),
            starts: Vec::with_capacity(64),
            fixed: fixed.map(|(text, kind)| GreenToken::new(kind.into(), text)).collect(),
            tokens_by_hash: vec![None; tokens_by_hash],
            indents: vec![None; MAX_INDENT_BYTES],
            nodes: vec![None; tokens_by_hash / 4],
            mask: tokens_by_hash - 1,
        }
    }

    /// The root, which was the last node to finish.
    pub(crate) fn root(mut self) -> GreenNode {
        match self.children.pop() {
            Some(NodeOrToken::Node(root)) => root,
            _ => GreenNode::new(SyntaxKind::SCRIPT.into(), []),
        }
    }

    /// Closes the innermost node, which has no children yet: it is that one.
    pub(crate) fn finish_as(&mut self, node: GreenNode) {
        self.starts.pop();
        self.children.push(NodeOrToken::Node(node));
    }

    /// A token whose text does not follow from its kind.
    #[inline(never)]
    fn shared(&mut self, kind: SyntaxKind, start: u32, end: u32) -> GreenToken {
        let bytes = self.text.as_bytes().get(start as usize..end as usize).unwrap_or_default();
        let indent = if kind == SyntaxKind::WHITESPACE { self.indents.get_mut(bytes.len()) } else { None };
        let entry = match indent {
            Some(indent) => Some(indent),
            None => self.tokens_by_hash.get_mut(hash(kind, bytes) & self.mask),
        };
        let raw = Raw(kind as u16);
        if let Some(Some(token)) = &entry
            && token.kind() == raw
            && same(token.text().as_bytes(), bytes)
        {
            return token.clone();
        }
        let text = self.text.get(start as usize..end as usize).unwrap_or_default();
        let token = GreenToken::new(raw, text);
        if let Some(entry) = entry {
            *entry = Some(token.clone());
        }
        token
    }
}

impl Sink for TreeBuilder<'_> {
    const LENSES: bool = true;

    #[inline]
    fn start(&mut self) {
        self.starts.push(self.children.len() as u32);
    }

    #[inline(always)]
    fn token(&mut self, kind: SyntaxKind, start: u32, end: u32) {
        let known = if kind >= SyntaxKind::L_PAREN && kind <= SyntaxKind::MISMATCH_KW {
            self.fixed.get(kind as usize - SyntaxKind::L_PAREN as usize + 1)
        } else if kind == SyntaxKind::WHITESPACE
            && end - start == 1
            && self.text.as_bytes().get(start as usize) == Some(&b' ')
        {
            self.fixed.first()
        } else {
            None
        };
        let token = match known {
            Some(token) => token.clone(),
            None => self.shared(kind, start, end),
        };
        self.children.push(NodeOrToken::Token(token));
    }

    #[inline]
    fn finish(&mut self, kind: SyntaxKind, _: u32) {
        let start = self.starts.pop().unwrap_or(0) as usize;
        let start = start.min(self.children.len());
        let raw = Raw(kind as u16);
        let own = self.children.get(start..).unwrap_or_default();
        let hash = if repeats(kind) { hash_children(kind, own) } else { None };
        let entry = hash.and_then(|hash| self.nodes.get_mut(hash & (self.mask >> 2)));
        if let Some(Some(known)) = &entry
            && known.kind() == raw
            && are_children(own, known)
        {
            let node = known.clone();
            self.children.truncate(start);
            self.children.push(NodeOrToken::Node(node));
            return;
        }
        let node = GreenNode::new(raw, self.children.drain(start..));
        if let Some(entry) = entry {
            *entry = Some(node.clone());
        }
        self.children.push(NodeOrToken::Node(node));
    }

    fn finish_early(&mut self, kind: SyntaxKind, end: u32) {
        let start = self.starts.last().copied().unwrap_or(0) as usize;
        let own = self.children.get(start..).unwrap_or_default();
        let trivia = own.iter().rev().take_while(|element| is_trivia(element)).count();
        let tail = self.children.split_off(self.children.len() - trivia);
        self.finish(kind, end);
        self.children.extend(tail);
    }
}

fn is_trivia(element: &Element) -> bool {
    match element {
        NodeOrToken::Node(_) => false,
        NodeOrToken::Token(token) => SyntaxKind::from_green(token.kind()).is_trivia(),
    }
}

const HASH_MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

/// Good enough to spread names: first and last bytes, length and kind.
#[inline]
fn hash(kind: SyntaxKind, text: &[u8]) -> usize {
    let mut hash = (text.len() as u64) << 8 | kind as u64;
    if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        hash ^= u64::from_le_bytes(*first);
        hash = hash.wrapping_mul(HASH_MULTIPLIER).rotate_left(26);
        hash ^= u64::from_le_bytes(*last);
    } else if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        hash ^= u64::from(u32::from_le_bytes(*first)) << 32;
        hash ^= u64::from(u32::from_le_bytes(*last)) << 4;
    } else {
        for byte in text {
            hash = hash << 8 ^ u64::from(*byte);
        }
    }
    (hash.wrapping_mul(HASH_MULTIPLIER) >> 40) as usize
}

/// Whether two texts are equal: short ones, as nearly all tokens are, by two loads instead of a call.
#[inline]
fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    match one.len() {
        0..4 => one.iter().eq(other),
        4..8 => one.first_chunk::<4>() == other.first_chunk() && one.last_chunk::<4>() == other.last_chunk(),
        8..=16 => {
            one.first_chunk::<8>() == other.first_chunk() && one.last_chunk::<8>() == other.last_chunk()
        }
        _ => one == other,
    }
}

/// Hash of a node by the addresses of its tokens, which are shared; none if it has nodes in it.
#[inline]
fn hash_children(kind: SyntaxKind, children: &[Element]) -> Option<usize> {
    let mut hash = kind as u64;
    for child in children {
        let token = child.as_token()?;
        hash = (hash.rotate_left(5) ^ std::ptr::from_ref::<GreenTokenData>(token).addr() as u64)
            .wrapping_mul(HASH_MULTIPLIER);
    }
    Some((hash >> 40) as usize)
}

/// Whether a node has these very children.
#[inline]
fn are_children(children: &[Element], node: &GreenNode) -> bool {
    let known = node.children();
    known.len() == children.len()
        && known.zip(children).all(|pair| match pair {
            (NodeOrToken::Token(known), NodeOrToken::Token(token)) => std::ptr::eq(known, &**token),
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts() {
        let text = "abcdefghijklmnopqrstuvwxyz".as_bytes();
        for length in 0..text.len() {
            let one = &text[..length];
            let copy = one.to_vec();
            assert!(same(one, &copy));
            assert!(!same(one, &text[..length + 1]));
            for at in 0..length {
                let mut other = one.to_vec();
                other[at] = b'_';
                assert!(!same(one, &other), "{length} {at}");
            }
        }
    }

    #[test]
    fn keywords_are_in_the_order_of_their_kinds() {
        for (at, (_, kind)) in FIXED_TOKENS.into_iter().chain(KEYWORDS).enumerate() {
            assert_eq!(kind as usize, SyntaxKind::L_PAREN as usize + at);
        }
    }
}
