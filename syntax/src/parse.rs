//! Text to tree: [`parse`], [`parse_as`] and [`Parse`].

use rowan::{GreenNode, NodeOrToken, TextRange};

use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::lexer;
use crate::parser::{self, Outcome, State};
use crate::settled::{Settled, Settling, outline};
use crate::sink::Sink;
use crate::tree::TreeBuilder;
use crate::{SyntaxKind, SyntaxNode};

/// Deeper trees are dropped by a loop, since rowan's own drop recurses.
const MAX_RECURSIVE_DROP_DEPTH: usize = 256;

/// Parses a script. Never fails: what is wrong is in [`Parse::errors`], and the tree has every byte.
///
/// ```
/// let parse = air_syntax::parse("(seq (null) (null)");
/// assert_eq!(parse.syntax().text(), "(seq (null) (null)");
/// assert_eq!(parse.errors()[0].message(), "unclosed bracket: add the closing one");
/// ```
pub fn parse(text: &str) -> Parse {
    run(text, State::Script)
}

/// Parses a fragment: the text of one node of that kind, as it stands in a script. What [`crate::reparse()`] is made of.
///
/// Kinds are instructions, `FUNCTION_REF`, `ARGUMENTS`, `MAP_ENTRY`, `EMPTY_ARRAY` and `LENSED`; anything else is
/// parsed as `SCRIPT`. The root has that kind if the text is exactly one such node, and is a `SCRIPT` otherwise.
/// Ranges count from the start of the fragment.
pub fn parse_as(kind: SyntaxKind, text: &str) -> Parse {
    let top = match kind {
        SyntaxKind::FUNCTION_REF => State::OnlyFunctionRef,
        SyntaxKind::ARGUMENTS => State::OnlyArguments,
        SyntaxKind::MAP_ENTRY => State::OnlyMapEntry,
        SyntaxKind::EMPTY_ARRAY | SyntaxKind::LENSED => State::OnlyOperand,
        _ => State::Script,
    };
    let mut parse = run(text, top);
    if kind != SyntaxKind::SCRIPT {
        let mut children = parse.green.children();
        if let (Some(NodeOrToken::Node(only)), None) = (children.next(), children.next())
            && SyntaxKind::from_green(only.kind()) == kind
        {
            let only = only.to_owned();
            parse.green = only;
        }
    }
    parse
}

/// What [`parse`] finds wrong, without its tree: a third of the work.
pub fn errors(text: &str) -> Vec<SyntaxError> {
    into(text, State::Script, &mut NoTree).errors
}

fn run(text: &str, top: State) -> Parse {
    let mut builder = TreeBuilder::new(text);
    let outcome = into(text, top, &mut builder);
    Parse { green: builder.root(), errors: outcome.errors, depth: outcome.depth, settled: Vec::new() }
}

fn into(text: &str, top: State, sink: &mut impl Sink) -> Outcome {
    let tokens = lexer::lex(text);
    let mut outcome = parser::run(text, &tokens, top, sink);
    if tokens.end(usize::MAX) as usize != text.len() {
        let end = TextRange::empty(tokens.end(usize::MAX).into());
        outcome.errors.push(SyntaxError { kind: SyntaxErrorKind::TooLong, range: end, related: Vec::new() });
    }
    outcome
}

/// Parses a script whose settled instructions are known. The same as [`parse`]; none where these do not say enough.
pub(crate) fn parse_outline(text: &str, settled: Vec<Settled>) -> Option<Parse> {
    if u32::try_from(text.len()).is_err() {
        return None;
    }
    let outline = outline(text, settled)?;
    let mut sink = Settling::new(text, &outline.settled);
    let outcome = parser::run_outlined(text, &outline.tokens, outline.indented, State::Script, &mut sink);
    // Whether a `)` is one too many depends on what follows it, also in settled instructions.
    if outcome.had_surplus && !outline.shows_early_ends(text) {
        return None;
    }
    let (green, depth) = sink.root()?;
    Some(Parse { green, errors: outcome.errors, depth: outcome.depth.max(depth), settled: outline.settled })
}

/// Drops what the parser writes.
struct NoTree;

impl Sink for NoTree {
    const LENSES: bool = false;

    fn start(&mut self) {}
    fn token(&mut self, _: SyntaxKind, _: u32, _: u32) {}
    fn finish(&mut self, _: SyntaxKind, _: u32) {}
    fn finish_early(&mut self, _: SyntaxKind, _: u32) {}
}

/// Parses a script into any sink; returns whether it has no errors.
pub(crate) fn is_script(text: &str, sink: &mut impl Sink) -> bool {
    into(text, State::Script, sink).errors.is_empty()
}

/// A tree and what is wrong with its text.
#[derive(Debug)]
pub struct Parse {
    green: GreenNode,
    errors: Vec<SyntaxError>,
    depth: usize,
    /// Instructions that the next version need not look into, as far as that is known; in text order.
    settled: Vec<Settled>,
}

impl Parse {
    /// A tree of a text in which nothing is wrong.
    pub(crate) fn without_findings(green: GreenNode, depth: usize) -> Parse {
        Parse { green, errors: Vec::new(), depth, settled: Vec::new() }
    }

    /// Keeps what the next version need not look into.
    pub(crate) fn with_settled(self, settled: Vec<Settled>) -> Parse {
        let mut parse = self;
        parse.settled = settled;
        parse
    }

    /// Where instructions are, if any, that [`reparse`](crate::reparse()) took over from the version before, in text order;
    /// nothing is wrong in them.
    pub fn settled_ranges(&self) -> impl Iterator<Item = TextRange> + '_ {
        self.settled.iter().map(|settled| TextRange::new(settled.start.into(), settled.end.into()))
    }

    /// Instructions in which nothing is wrong, if any are known.
    pub(crate) fn settled(&self) -> &[Settled] {
        &self.settled
    }

    /// The tree without parents and offsets: cheap to walk, cheap to share.
    ///
    /// Clones of deep trees that outlive this drop recursively, within what a stack of 2 MiB holds at [`MAX_DEPTH`](crate::MAX_DEPTH).
    pub fn green(&self) -> &GreenNode {
        &self.green
    }

    /// The tree with parents and ranges.
    pub fn syntax(&self) -> SyntaxNode {
        SyntaxNode::new_root(self.green.clone())
    }

    /// Findings in text order.
    pub fn errors(&self) -> &[SyntaxError] {
        &self.errors
    }

    /// Whether AquaVM's lexer and grammar take the text (but for our limits of depth and length).
    pub fn ok(&self) -> bool {
        self.errors.is_empty()
    }

    /// Number of lists open at once at the deepest place.
    pub fn depth(&self) -> usize {
        self.depth
    }
}

impl Drop for Parse {
    fn drop(&mut self) {
        if self.depth > MAX_RECURSIVE_DROP_DEPTH {
            let root = std::mem::replace(&mut self.green, GreenNode::new(SyntaxKind::SCRIPT.into(), []));
            let settled = self.settled.drain(..).map(|settled| settled.node);
            drop_iteratively(settled.chain([root]).collect());
        }
    }
}

/// Drops a tree without recursion: a node goes only after its children have another owner.
fn drop_iteratively(nodes: Vec<GreenNode>) {
    let mut owned = nodes;
    while let Some(node) = owned.pop() {
        owned.extend(node.children().filter_map(|child| child.into_node().map(|node| node.to_owned())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_need_no_tree() {
        let texts =
            ["", "(null)", "(seq (null) (nul", ")(", "(call p (s f) [a b $x)\n(seq", "(ap x.$.[0 y) é"];
        for text in texts {
            assert_eq!(errors(text), parse(text).errors(), "{text}");
        }
    }
}
