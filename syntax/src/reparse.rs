//! A tree after an edit: only the innermost list that holds all of the edit is parsed again.

use rowan::{GreenNode, GreenNodeData, NodeOrToken, TextRange};

use crate::SyntaxKind;
use crate::edit::Edit;
use crate::limits::MAX_DEPTH;
use crate::parse::{Parse, parse, parse_as, parse_outline};
use crate::settled::{settle, settle_again, settled_still};

/// Of lists around an edit that are parsed by themselves.
const MAX_BYTES_TRIED: usize = 16 << 10;

/// Parses `text`, which is the text of `before` with `edit` made. The same as [`parse`] of it, often sooner.
///
/// Where neither the old text nor the new list has findings, nothing outside of that list can look different: words are
/// cut from left to right and a list begins and ends with a bracket, which is a word by itself. With findings all lists
/// around the edit are parsed, because what is said about brackets rests on all of them and on all indentation; right
/// instructions beside them stay ([`crate::settled`]).
///
/// ```
/// use air_syntax::{Edit, parse, reparse};
/// let (before, after) = ("(seq (null) (null))", "(seq (null) (never))");
/// let edit = Edit::between(before, after).unwrap();
/// let tree = reparse(&parse(before), after, edit);
/// assert_eq!(tree.green(), parse(after).green());
/// ```
pub fn reparse(before: &Parse, text: &str, edit: Edit) -> Parse {
    reparse_innermost(before, text, edit)
        .or_else(|| reparse_around(before, text, edit))
        .unwrap_or_else(|| parse(text))
}

/// Parses what lies around the edit, and around what was wrong before.
fn reparse_around(before: &Parse, text: &str, edit: Edit) -> Option<Parse> {
    if new_size(before, edit) != text.len() as u64 {
        return None;
    }
    let settled = if before.settled().is_empty() {
        let all = settle(before.green(), edit.removed, before.errors(), right)?;
        settled_still(&all, edit)?
    } else {
        settle_again(before.settled(), edit)?
    };
    parse_outline(text, settled)
}

/// The node of an instruction's text, if nothing is wrong in it.
fn right(kind: SyntaxKind, text: &str) -> Option<GreenNode> {
    let parsed = parse_as(kind, text);
    let is_one = parsed.ok() && SyntaxKind::from_green(parsed.green().kind()) == kind;
    is_one.then(|| parsed.green().clone())
}

fn new_size(before: &Parse, edit: Edit) -> u64 {
    let old_size = u64::from(u32::from(before.green().text_len()));
    old_size - u64::from(u32::from(edit.removed.len())) + u64::from(u32::from(edit.inserted))
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
    let new_size = new_size(before, edit);
    if !before.ok() || new_size != text.len() as u64 || new_size > u64::from(u32::MAX) {
        return None;
    }
    let steps = nodes_around(before.green(), edit.removed);
    // From the inside out, as long as that is little against the whole.
    let mut budget = (text.len() / 4).min(MAX_BYTES_TRIED);
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
        let settled = settled_still(before.settled(), edit).unwrap_or_default();
        return Some(Parse::without_findings(green, depth).with_settled(settled));
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

    /// Whether a text that an edit breaks, and the next text, are parsed around the edit only.
    fn around(from: &str, to: &str) -> (bool, bool) {
        let broken = SCRIPT.replacen(from, to, 1);
        let changed = broken.replacen("ap r", "ap rr", 1);
        assert_eq!(check(SCRIPT, &broken), None);
        assert_eq!(check(&broken, &changed), None);
        let edit = Edit::between(SCRIPT, &broken).unwrap();
        let first = reparse_around(&parse(SCRIPT), &broken, edit);
        let is_around = first.is_some();
        let before = first.unwrap_or_else(|| parse(&broken));
        let again = reparse_around(&before, &changed, Edit::between(&broken, &changed).unwrap());
        let full = parse(&changed);
        assert!(again.iter().all(|again| again.green() == full.green() && again.errors() == full.errors()));
        (is_around, again.is_some())
    }

    #[test]
    fn what_breaks_the_text_is_parsed_with_what_lies_around_it() {
        for (from, to) in [
            ("(null)", "(null"),
            ("\"s\"", "\"s"),
            ("(ap 1 x)", "; (ap 1 x)"),
            ("ap 1", "ap a+"),
            ("(seq (null)", "((null)"),
            (" r)", " r) (null)"),
            ("(null)", "(null))"),
            (" r)", " r))"),
        ] {
            assert_eq!(around(from, to), (true, true), "{to}");
        }
    }

    #[test]
    fn the_deepest_list_may_go() {
        assert_eq!(check("(seq (null) (seq (null) (null)))", "(seq (null) (null))"), None);
    }
}
