//! What may be laid out: instructions without anything unparsable, and not after `fmt off`.

use air_semantics::directives::{DirectiveKind, directives};
use air_syntax::{Parse, SyntaxKind};
use rowan::{Children, GreenNodeData, NodeOrToken};

/// Which instructions are sound, by their order in the text (a parent before its children).
///
/// Sound is a matter of brackets and heads only. An instruction that lacks an operand, or has a wrong
/// one, still has one layout, so that a script can be formatted while it is being written.
#[derive(Debug)]
pub(super) enum Sound {
    /// All of them.
    All,
    /// As noted; the first entry is the root of the tree, instruction or not.
    Noted(Vec<bool>),
}

impl Sound {
    /// Looks for everything unparsable below the root.
    pub(super) fn of(parse: &Parse) -> Self {
        if parse.errors().is_empty() { Sound::All } else { Sound::noted(parse.green()) }
    }

    /// Whether all of a tree is sound.
    pub(super) fn below(root: &GreenNodeData) -> bool {
        Sound::noted(root).get(0)
    }

    fn noted(root: &GreenNodeData) -> Self {
        /// A node being walked; `entry` is that of the innermost noted node.
        struct Frame<'a> {
            children: Children<'a>,
            entry: usize,
            noted: bool,
        }
        let mut sound = vec![is_whole(root)];
        // The instruction whose word came last, if no space or bracket did since.
        let mut word = None;
        // After a quote without partner it is guesswork what is a string, and one that heeds lines.
        let mut lost = false;
        let mut stack = vec![Frame { children: root.children(), entry: 0, noted: true }];
        while let Some(frame) = stack.last_mut() {
            let entry = frame.entry;
            match frame.children.next() {
                Some(NodeOrToken::Token(token)) => {
                    let kind = SyntaxKind::from_green(token.kind());
                    if kind == SyntaxKind::UNCLOSED_STRING {
                        lost = true;
                        unsound(&mut sound, entry);
                    }
                    word = match kind {
                        SyntaxKind::R_PAREN | SyntaxKind::R_BRACKET | SyntaxKind::WHITESPACE => None,
                        _ => {
                            if let Some(entry) = word {
                                unsound(&mut sound, entry);
                            }
                            let ends_itself = matches!(
                                kind,
                                SyntaxKind::L_PAREN
                                    | SyntaxKind::L_BRACKET
                                    | SyntaxKind::STRING
                                    | SyntaxKind::COMMENT
                            );
                            (!ends_itself).then_some(entry)
                        }
                    };
                }
                Some(NodeOrToken::Node(node)) => {
                    let kind = SyntaxKind::from_green(node.kind());
                    if kind == SyntaxKind::LENSED {
                        if let Some(entry) = word {
                            unsound(&mut sound, entry);
                        }
                        word = Some(entry);
                        continue;
                    }
                    let noted = kind.is_instruction();
                    let entry = if noted { sound.len() } else { entry };
                    if noted {
                        sound.push(!lost);
                    }
                    if !is_whole(node) {
                        unsound(&mut sound, entry);
                    }
                    stack.push(Frame { children: node.children(), entry, noted });
                }
                None => {
                    let outermost = frame.noted;
                    stack.pop();
                    // What is wrong inside is wrong for all around it.
                    if let (true, Some(parent), Some(false)) = (outermost, stack.last(), sound.get(entry)) {
                        unsound(&mut sound, parent.entry);
                    }
                }
            }
        }
        Sound::Noted(sound)
    }

    /// Whether the instruction with that number is sound.
    pub(super) fn get(&self, entry: usize) -> bool {
        match self {
            Sound::All => true,
            Sound::Noted(sound) => sound.get(entry).copied().unwrap_or(false),
        }
    }
}

fn unsound(sound: &mut [bool], entry: usize) {
    if let Some(slot) = sound.get_mut(entry) {
        *slot = false;
    }
}

/// Whether a node can be laid out, as far as it can be seen from itself: a known head, and brackets
/// where its kind has them.
fn is_whole(node: &GreenNodeData) -> bool {
    let bracket = |child: Option<NodeOrToken<&GreenNodeData, _>>, kind| {
        child.is_some_and(|child| SyntaxKind::from_green(child.kind()) == kind)
    };
    let enclosed = |opening, closing| {
        let mut children = node.children();
        bracket(children.next(), opening) && bracket(children.next_back(), closing)
    };
    match SyntaxKind::from_green(node.kind()) {
        SyntaxKind::UNKNOWN_INSTR => false,
        // A wrong or surplus operand; a keyword or bracket there is a sign of worse.
        SyntaxKind::ERROR => node.children().all(|child| {
            let kind = SyntaxKind::from_green(child.kind());
            !(kind.is_keyword() || (SyntaxKind::L_PAREN..=SyntaxKind::R_BRACKET).contains(&kind))
        }),
        SyntaxKind::SCRIPT => {
            node.children().all(|child| SyntaxKind::from_green(child.kind()) != SyntaxKind::ERROR)
        }
        SyntaxKind::ARGUMENTS | SyntaxKind::EMPTY_ARRAY => {
            enclosed(SyntaxKind::L_BRACKET, SyntaxKind::R_BRACKET)
        }
        kind if kind.is_instruction() || matches!(kind, SyntaxKind::FUNCTION_REF | SyntaxKind::MAP_ENTRY) => {
            enclosed(SyntaxKind::L_PAREN, SyntaxKind::R_PAREN)
        }
        _ => true,
    }
}

/// `; air: fmt off` and `; air: fmt on`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Switch {
    Off,
    On,
}

impl Switch {
    /// Reads a comment.
    pub(super) fn of(comment: &str) -> Option<Self> {
        if !comment.trim_start_matches(';').trim_start().starts_with("air:") {
            return None;
        }
        match directives(comment).first()?.kind {
            DirectiveKind::FmtOff => Some(Switch::Off),
            DirectiveKind::FmtOn => Some(Switch::On),
            _ => None,
        }
    }
}
