//! The tree as text, without recursion: for tests, bug reports and trees of unknown depth.
//!
//! rowan's own `Debug`, `Display` and `==` of green trees recurse.

use std::fmt::Write;

use rowan::{GreenNode, GreenNodeData, NodeOrToken};

use crate::{Parse, SyntaxKind};

impl Parse {
    /// All tokens put together again: the text that was parsed.
    pub fn text(&self) -> String {
        let mut out = String::with_capacity(self.green().text_len().into());
        walk(self.green(), |event| {
            if let Event::Token(_, text) = event {
                out.push_str(text);
            }
        });
        out
    }

    /// One line for each node and token, children indented by one space.
    ///
    /// ```
    /// assert_eq!(air_syntax::parse("(null)").debug_tree(), "\
    /// SCRIPT
    ///  NULL
    ///   L_PAREN \"(\"
    ///   NULL_KW \"null\"
    ///   R_PAREN \")\"
    /// ");
    /// ```
    pub fn debug_tree(&self) -> String {
        let mut out = String::new();
        let mut depth = 0;
        walk(self.green(), |event| match event {
            Event::Enter(kind) => {
                // Writing into a string does not fail.
                let _ = writeln!(out, "{:depth$}{kind:?}", "");
                depth += 1;
            }
            Event::Token(kind, text) => {
                let _ = writeln!(out, "{:depth$}{kind:?} {text:?}", "");
            }
            Event::Leave => depth -= 1,
        });
        out
    }
}

enum Event<'a> {
    Enter(SyntaxKind),
    Token(SyntaxKind, &'a str),
    Leave,
}

fn walk(root: &GreenNode, mut each: impl FnMut(Event<'_>)) {
    let root: &GreenNodeData = root;
    each(Event::Enter(SyntaxKind::from_green(root.kind())));
    let mut open = vec![root.children()];
    while let Some(children) = open.last_mut() {
        match children.next() {
            Some(NodeOrToken::Node(node)) => {
                each(Event::Enter(SyntaxKind::from_green(node.kind())));
                open.push(node.children());
            }
            Some(NodeOrToken::Token(token)) => {
                each(Event::Token(SyntaxKind::from_green(token.kind()), token.text()));
            }
            None => {
                each(Event::Leave);
                open.pop();
            }
        }
    }
}
