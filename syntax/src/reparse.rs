//! A tree after an edit: only the innermost list that holds all of the edit is parsed again.

use rowan::{GreenNode, GreenNodeData, NodeOrToken, TextRange, TextSize};

use crate::SyntaxKind;
use crate::limits::MAX_DEPTH;
use crate::parse::{Parse, parse, parse_as};

/// Compared at once.
const CHUNK_BYTES: usize = 256;

/// One replacement of bytes by others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edit {
    /// The replaced range, in offsets of the text before.
    pub removed: TextRange,
    /// Length in bytes of what took its place.
    pub inserted: TextSize,
}

impl Edit {
    /// The smallest edit that makes the one text out of the other; `None` if they are equal.
    ///
    /// Costs one look at each byte before and after what differs.
    pub fn between(before: &str, after: &str) -> Option<Edit> {
        if before == after {
            return None;
        }
        let same =
            |pairs: &mut dyn Iterator<Item = (u8, u8)>| pairs.take_while(|(one, other)| one == other).count();
        let (one, other) = (before.as_bytes(), after.as_bytes());
        // Most of both texts is the same: whole pieces are compared first.
        let pieces =
            one.chunks_exact(CHUNK_BYTES).zip(other.chunks_exact(CHUNK_BYTES)).take_while(|(a, b)| a == b);
        let prefix = pieces.count() * CHUNK_BYTES;
        let (one, other) = (one.get(prefix..)?, other.get(prefix..)?);
        let prefix = prefix + same(&mut one.iter().copied().zip(other.iter().copied()));
        let (one, other) = (before.as_bytes().get(prefix..)?, after.as_bytes().get(prefix..)?);
        let pieces =
            one.rchunks_exact(CHUNK_BYTES).zip(other.rchunks_exact(CHUNK_BYTES)).take_while(|(a, b)| a == b);
        let suffix = pieces.count() * CHUNK_BYTES;
        let (one, other) = (one.get(..one.len() - suffix)?, other.get(..other.len() - suffix)?);
        let suffix = suffix + same(&mut one.iter().rev().copied().zip(other.iter().rev().copied()));
        let start = before.floor_char_boundary(prefix);
        let mut suffix = suffix;
        while !before.is_char_boundary(before.len() - suffix) {
            suffix -= 1;
        }
        let size = |bytes: usize| TextSize::new(u32::try_from(bytes).unwrap_or(u32::MAX));
        Some(Edit {
            removed: TextRange::new(size(start), size(before.len() - suffix)),
            inserted: size(after.len() - suffix - start),
        })
    }
}

/// Parses `text`, which is the text of `before` with `edit` made. The same as [`parse`] of it, often sooner.
///
/// Where neither the old text nor the new list has findings, nothing outside of that list can look different: words are
/// cut from left to right and a list begins and ends with a bracket, which is a word by itself. With findings the whole
/// text is parsed, because what is said about brackets rests on all of them and on all indentation.
///
/// ```
/// use air_syntax::{Edit, parse, reparse};
/// let (before, after) = ("(seq (null) (null))", "(seq (null) (never))");
/// let edit = Edit::between(before, after).unwrap();
/// let tree = reparse(&parse(before), after, edit);
/// assert_eq!(tree.green(), parse(after).green());
/// ```
pub fn reparse(before: &Parse, text: &str, edit: Edit) -> Parse {
    reparse_innermost(before, text, edit).unwrap_or_else(|| parse(text))
}

/// A step from a node to one of its children.
struct Step<'g> {
    parent: &'g GreenNodeData,
    index: usize,
    /// The child.
    node: &'g GreenNodeData,
    start: u32,
    /// Lists around the child.
    lists: usize,
}

fn reparse_innermost(before: &Parse, text: &str, edit: Edit) -> Option<Parse> {
    let old_size = u64::from(u32::from(before.green().text_len()));
    let new_size = old_size - u64::from(u32::from(edit.removed.len())) + u64::from(u32::from(edit.inserted));
    if !before.ok() || new_size != text.len() as u64 || new_size > u64::from(u32::MAX) {
        return None;
    }
    let steps = nodes_around(before.green(), edit.removed);
    // From the inside out, as long as that is little against the whole.
    let mut budget = text.len() / 4;
    for (at, step) in steps.iter().enumerate().rev() {
        let kind = SyntaxKind::from_green(step.node.kind());
        if !is_unit(kind) {
            continue;
        }
        let end = step.start + u32::from(step.node.text_len());
        let new_end = end - u32::from(edit.removed.len()) + u32::from(edit.inserted);
        budget = budget.checked_sub((new_end - step.start) as usize)?;
        let fragment = text.get(step.start as usize..new_end as usize)?;
        let parsed = parse_as(kind, fragment);
        if !parsed.ok() || SyntaxKind::from_green(parsed.green().kind()) != kind {
            continue;
        }
        let depth = depth(before, step, &parsed)?;
        let mut green: GreenNode = parsed.green().clone();
        for step in steps.get(..=at)?.iter().rev() {
            green = step.parent.replace_child(step.index, NodeOrToken::Node(green));
        }
        return Some(Parse::without_findings(green, depth));
    }
    None
}

/// Lists that are parsed by themselves.
fn is_unit(kind: SyntaxKind) -> bool {
    kind.is_instruction() || kind == SyntaxKind::ARGUMENTS
}

/// Lists in which others lie.
fn is_list(kind: SyntaxKind) -> bool {
    is_unit(kind) || matches!(kind, SyntaxKind::FUNCTION_REF | SyntaxKind::MAP_ENTRY)
}

/// From the root to the innermost node whose brackets are outside of the range.
fn nodes_around(root: &GreenNodeData, range: TextRange) -> Vec<Step<'_>> {
    let (from, to) = (u32::from(range.start()), u32::from(range.end()));
    let mut steps: Vec<Step<'_>> = Vec::new();
    let (mut parent, mut start, mut lists) = (root, 0, 0);
    'down: loop {
        let mut at = start;
        for (index, child) in parent.children().enumerate() {
            let end = at + u32::from(child.text_len());
            if at >= from {
                break;
            }
            if let NodeOrToken::Node(node) = child
                && to < end
            {
                steps.push(Step { parent, index, node, start: at, lists });
                lists += usize::from(is_list(SyntaxKind::from_green(node.kind())));
                (parent, start) = (node, at);
                continue 'down;
            }
            at = end;
        }
        return steps;
    }
}

/// The number of lists open at once, at the deepest place after the edit; `None` if all of the tree would have to be
/// looked at.
fn depth(before: &Parse, step: &Step<'_>, parsed: &Parse) -> Option<usize> {
    let new = step.lists + parsed.depth();
    let deepest = before.depth();
    if new > MAX_DEPTH || (new < deepest && step.lists + lists_within(step.node) == deepest) {
        return None;
    }
    Some(deepest.max(new))
}

/// The number of lists open at once, at the deepest place of a node, itself included.
fn lists_within(node: &GreenNodeData) -> usize {
    let (mut deepest, mut waiting) = (0, vec![(node, 0)]);
    while let Some((node, around)) = waiting.pop() {
        let lists = around + usize::from(is_list(SyntaxKind::from_green(node.kind())));
        deepest = deepest.max(lists);
        waiting.extend(node.children().filter_map(|child| child.into_node()).map(|child| (child, lists)));
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The edit `before` → `after`, and what of the new text was parsed again; `None` for all of it.
    fn check(before: &str, after: &str) -> Option<String> {
        let old = parse(before);
        let edit = Edit::between(before, after).unwrap();
        let full = parse(after);
        let new = reparse(&old, after, edit);
        assert_eq!(new.green(), full.green());
        assert_eq!((new.errors(), new.depth()), (full.errors(), full.depth()));
        let found = reparse_innermost(&old, after, edit)?;
        // What is new is in no shared node.
        let mut node = found.syntax();
        loop {
            let of_old = |child: &crate::SyntaxNode| {
                old.syntax().descendants().any(|other| std::ptr::eq(&*other.green(), &*child.green()))
            };
            let fresh: Vec<_> = node.children().filter(|child| !of_old(child)).collect();
            match &fresh[..] {
                [only] if is_list(only.kind()) => node = only.clone(),
                _ => return Some(node.text().to_string()),
            }
        }
    }

    const SCRIPT: &str = "(seq\n (call p (\"s\" \"f\") [a.$.b c] r)\n (par (ap r $s) (seq (null) (ap 1 x))))";

    fn changed(from: &str, to: &str) -> Option<String> {
        let padded = format!("{SCRIPT}{}", " ".repeat(600));
        check(&padded, &padded.replacen(from, to, 1))
    }

    #[test]
    fn the_innermost_list_is_parsed() {
        assert_eq!(changed("a.$.b c", "a.$.bcd c").as_deref(), Some("[a.$.bcd c]"));
        assert_eq!(changed("ap 1 x", "ap 21 x").as_deref(), Some("(ap 21 x)"));
        assert_eq!(
            changed("(null)", "(seq (null) (never))").as_deref(),
            Some("(seq (seq (null) (never)) (ap 1 x))")
        );
    }

    #[test]
    fn another_head_asks_for_the_list_around() {
        assert_eq!(changed("(par (ap", "(xor (ap").as_deref(), Some(&*SCRIPT.replace("par", "xor")));
        assert_eq!(changed("(null)", "(never)").as_deref(), Some("(seq (never) (ap 1 x))"));
    }

    #[test]
    fn what_breaks_the_text_is_parsed_whole() {
        for (from, to) in [
            ("(null)", "(null"),
            ("r)", "r))"),
            ("\"s\"", "\"s"),
            ("(ap 1 x)", "; (ap 1 x)"),
            ("ap 1", "ap a+"),
        ] {
            assert_eq!(changed(from, to), None, "{to}");
        }
    }

    #[test]
    fn the_deepest_list_may_go() {
        assert_eq!(check("(seq (null) (seq (null) (null)))", "(seq (null) (null))"), None);
    }

    #[test]
    fn edits_are_small_and_on_character_boundaries() {
        assert_eq!(Edit::between("same", "same"), None);
        let between = |one, other| {
            let edit = Edit::between(one, other).unwrap();
            (u32::from(edit.removed.start()), u32::from(edit.removed.end()), u32::from(edit.inserted))
        };
        assert_eq!(between("aXc", "aYYc"), (1, 2, 2));
        assert_eq!(between("aa", "aaa"), (2, 2, 1));
        assert_eq!(between("é", "è"), (0, 2, 2));
        assert_eq!(between("\u{e9}", "\u{3a9}"), (0, 2, 2));
        assert_eq!(between("", "x"), (0, 0, 1));
    }
}
