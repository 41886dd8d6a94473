//! What can be written at a place: only what fits there, the nearest first. Works on tokens and on
//! what a broken script still tells of its variables.

mod comment;
mod lens;
mod outside;
mod variables;

use air_syntax::{SyntaxKind, TextRange, TextSize};

use super::annotations::{DIRECTIVES, SAMPLES};
use super::context::{Context, Place, context};
use super::hover::code_text;
use super::instructions::{PAGES, markdown, page_of_keyword};
use super::services::built_in;
use super::special::SPECIALS;
use super::variable;
use crate::Analysis;
use crate::codes::Code;
use crate::hir::{InstrKind, Role};
use crate::names::outside::OutsideKind;
use crate::resolve::BindingId;

/// More than this nobody reads.
pub const MOST: usize = 500;

/// What can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completions {
    /// What the chosen one takes the place of.
    pub replace: TextRange,
    /// The best first.
    pub items: Vec<Item>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What is shown and compared with what was typed.
    pub label: String,
    /// What is written.
    pub insert: String,
    /// Whether `insert` has places to fill in.
    pub snippet: bool,
    /// What it is.
    pub kind: ItemKind,
    /// A few words beside the label.
    pub detail: String,
    /// For [`documentation`]; empty where there is none.
    pub topic: String,
}

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum ItemKind {
    Instruction,
    Variable,
    Iterator,
    Special,
    Field,
    Peer,
    Service,
    Function,
    Comment,
    Code,
    Value,
}

/// A function seen elsewhere: in other scripts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Known {
    /// What it is.
    pub kind: OutsideKind,
    /// Of a function: its service.
    pub service: String,
    /// Its name.
    pub name: String,
    /// Of a function: its arguments.
    pub arity: usize,
}

/// What fits at an offset; `known` are names that other scripts use.
pub fn complete(analysis: &Analysis, offset: TextSize, known: &[Known]) -> Completions {
    let here = context(&analysis.text, offset);
    let typed = text_of(analysis, TextRange::new(here.word.start().min(offset), offset));
    let mut list = List { analysis, here: &here, offset, items: Vec::new() };
    let mut replace = here.word;
    match here.place {
        Place::Comment => replace = list.comment(typed),
        Place::Keyword => list.instructions(false),
        Place::Top => list.instructions(true),
        Place::Slot { role: None, .. } => list.other_slot(),
        _ if !typed.starts_with('"') && typed.contains('.') && here.place_takes_lens() => {
            replace = list.lens(typed);
        }
        Place::Slot { role: Some(role), .. } => list.operand(role, known),
        Place::Argument(_) => list.operand(Role::Argument, known),
    }
    let mut items = list.items;
    items.truncate(MOST);
    Completions { replace, items }
}

/// More about an item, Markdown; by its topic.
pub fn documentation(analysis: &Analysis, topic: &str) -> Option<String> {
    let (kind, rest) = topic.split_once(' ')?;
    match kind {
        "instruction" => page_of_keyword(rest).map(markdown),
        "code" => Code::from_str(rest).map(code_text),
        "function" => {
            let (service, function) = rest.split_once(' ')?;
            let found = built_in(service, function)?;
            Some(format!(
                "```\n{service}.{function}({})\n```\n\n{}\n",
                found.parameters.join(", "),
                found.what
            ))
        }
        "special" => SPECIALS.iter().find(|it| it.text == rest).map(|it| it.what.to_owned()),
        "comment" => {
            DIRECTIVES.iter().chain(SAMPLES).find(|it| it.label == rest).map(|it| it.what.to_owned())
        }
        "variable" => {
            // Numbers of bindings go out of date with the text, names do not.
            let (number, name) = rest.split_once(' ')?;
            let id = BindingId(number.parse().ok()?);
            let binding = analysis.resolution().binding(id)?;
            (analysis.hir().name(binding.name) == name).then(|| variable::variable(analysis, id))?
        }
        _ => None,
    }
}

struct List<'a> {
    analysis: &'a Analysis,
    here: &'a Context,
    offset: TextSize,
    items: Vec<Item>,
}

impl List<'_> {
    fn add(&mut self, kind: ItemKind, label: &str, detail: &str, topic: String) {
        let (label, detail) = (label.to_owned(), detail.to_owned());
        self.items.push(Item { insert: label.clone(), label, snippet: false, kind, detail, topic });
    }

    /// All instructions; with their opening bracket where none is written yet.
    fn instructions(&mut self, bracket: bool) {
        for page in PAGES {
            let insert = match bracket {
                true => page.snippet.to_owned(),
                // The bracket is there, and most editors have closed it.
                false if self.closed() => unbracketed(page.snippet),
                false => page.snippet.trim_start_matches('(').to_owned(),
            };
            self.items.push(Item {
                label: page.keyword.to_owned(),
                insert,
                snippet: true,
                kind: ItemKind::Instruction,
                detail: page.forms.first().map_or("", |form| form.label).to_owned(),
                topic: format!("instruction {}", page.keyword),
            });
        }
    }

    /// Whether a bracket closes right behind the word.
    fn closed(&self) -> bool {
        let rest = self.analysis.text.get(usize::from(self.here.word.end())..);
        rest.is_some_and(|rest| rest.starts_with(')'))
    }

    /// A place for an instruction, or for a bracket.
    fn other_slot(&mut self) {
        match (self.here.around, self.here.before.len()) {
            (Some((InstrKind::Call, _)), 1) => {
                self.snippet("(\"service\" \"function\")", "(\"$1\" \"$2\")", "what is called")
            }
            (Some((InstrKind::Call, _)), 2) => self.snippet("[]", "[$1]", "arguments"),
            (Some((InstrKind::Call, _)), _) | (None, _) => {}
            (Some((InstrKind::Fail, _)), _) => {}
            _ => self.instructions(true),
        }
    }

    fn snippet(&mut self, label: &str, insert: &str, detail: &str) {
        self.items.push(Item {
            label: label.to_owned(),
            insert: insert.to_owned(),
            snippet: true,
            kind: ItemKind::Value,
            detail: detail.to_owned(),
            topic: String::new(),
        });
    }

    fn operand(&mut self, role: Role, known: &[Known]) {
        let typed_string = text_of(self.analysis, self.here.word).starts_with('"');
        match role {
            Role::Peer | Role::Service | Role::Function => self.outside(role, known),
            _ => {}
        }
        if typed_string {
            return;
        }
        self.variables(role);
        self.canon_of_source(role);
        let specials: &[SyntaxKind] = match role {
            Role::Peer => &[SyntaxKind::INIT_PEER_ID],
            Role::Failure => &[SyntaxKind::ERROR_VAR, SyntaxKind::LAST_ERROR],
            Role::Argument | Role::Left | Role::Right | Role::Value => ALL_SPECIALS,
            Role::Source if self.kind() == Some(InstrKind::Ap) => ALL_SPECIALS,
            _ => &[],
        };
        for special in SPECIALS.iter().filter(|special| specials.contains(&special.kind)) {
            self.add(ItemKind::Special, special.text, "", format!("special {}", special.text));
        }
        let literals: &[&str] = match role {
            Role::Argument | Role::Left | Role::Right | Role::Value => &["true", "false", "[]"],
            Role::Source if self.kind() == Some(InstrKind::Ap) => &["true", "false", "[]"],
            Role::Iterable => &["[]"],
            _ => &[],
        };
        for literal in literals {
            self.add(ItemKind::Value, literal, "", String::new());
        }
    }

    fn kind(&self) -> Option<InstrKind> {
        self.here.around.map(|(kind, _)| kind)
    }
}

const ALL_SPECIALS: &[SyntaxKind] = &[
    SyntaxKind::INIT_PEER_ID,
    SyntaxKind::ERROR_VAR,
    SyntaxKind::LAST_ERROR,
    SyntaxKind::TIMESTAMP,
    SyntaxKind::TTL,
];

fn text_of(analysis: &Analysis, range: TextRange) -> &str {
    analysis.text.get(std::ops::Range::<usize>::from(range)).unwrap_or_default()
}

/// A snippet without its outer brackets.
fn unbracketed(snippet: &str) -> String {
    let inner = snippet.strip_prefix('(').unwrap_or(snippet);
    let inner = inner.strip_suffix(")$0").unwrap_or(inner);
    format!("{}$0", inner)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    /// What is offered at `$0`.
    pub(super) fn check(marked: &str, expected: Expect) {
        let offset = marked.find("$0").unwrap();
        let analysis = Analysis::new(marked.replacen("$0", "", 1));
        let known =
            [Known { kind: OutsideKind::Function, service: "s".into(), name: "other".into(), arity: 3 }];
        let found = complete(&analysis, (offset as u32).into(), &known);
        let mut shown = format!("instead of {:?}\n", text_of(&analysis, found.replace));
        for item in found.items.iter().take(8) {
            shown.push_str(&format!("{:?} {} -> {:?} {}\n", item.kind, item.label, item.insert, item.detail));
        }
        if found.items.len() > 8 {
            shown.push_str(&format!("and {} more\n", found.items.len() - 8));
        }
        expected.assert_eq(&shown);
    }

    #[test]
    fn instructions_where_they_fit() {
        check(
            "$0",
            expect![[r#"
            instead of ""
            Instruction call -> "(call ${1:%init_peer_id%} (\"${2:service}\" \"${3:function}\") [$4] ${5:result})$0" (call PEER (SERVICE FUNCTION) [ARGUMENTS] OUTPUT)
            Instruction ap -> "(ap ${1:source} ${2:target})$0" (ap SOURCE TARGET)
            Instruction seq -> "(seq\n $1\n $2\n)$0" (seq FIRST SECOND)
            Instruction par -> "(par\n $1\n $2\n)$0" (par LEFT RIGHT)
            Instruction xor -> "(xor\n $1\n $2\n)$0" (xor TRY CATCH)
            Instruction fold -> "(fold ${1:items} ${2:item}\n (seq\n  $3\n  (next ${2:item})\n )\n)$0" (fold ITERABLE ITERATOR BODY LAST)
            Instruction next -> "(next ${1:item})$0" (next ITERATOR)
            Instruction match -> "(match ${1:left} ${2:right}\n $3\n)$0" (match LEFT RIGHT BODY)
            and 6 more
        "#]],
        );
        check(
            "(seq (null) (ca$0",
            expect![[r#"
                instead of "ca"
                Instruction call -> "call ${1:%init_peer_id%} (\"${2:service}\" \"${3:function}\") [$4] ${5:result})$0" (call PEER (SERVICE FUNCTION) [ARGUMENTS] OUTPUT)
                Instruction ap -> "ap ${1:source} ${2:target})$0" (ap SOURCE TARGET)
                Instruction seq -> "seq\n $1\n $2\n)$0" (seq FIRST SECOND)
                Instruction par -> "par\n $1\n $2\n)$0" (par LEFT RIGHT)
                Instruction xor -> "xor\n $1\n $2\n)$0" (xor TRY CATCH)
                Instruction fold -> "fold ${1:items} ${2:item}\n (seq\n  $3\n  (next ${2:item})\n )\n)$0" (fold ITERABLE ITERATOR BODY LAST)
                Instruction next -> "next ${1:item})$0" (next ITERATOR)
                Instruction match -> "match ${1:left} ${2:right}\n $3\n)$0" (match LEFT RIGHT BODY)
                and 6 more
            "#]],
        );
        check(
            "(seq (null) (ca$0))",
            expect![[r#"
            instead of "ca"
            Instruction call -> "call ${1:%init_peer_id%} (\"${2:service}\" \"${3:function}\") [$4] ${5:result}$0" (call PEER (SERVICE FUNCTION) [ARGUMENTS] OUTPUT)
            Instruction ap -> "ap ${1:source} ${2:target}$0" (ap SOURCE TARGET)
            Instruction seq -> "seq\n $1\n $2\n$0" (seq FIRST SECOND)
            Instruction par -> "par\n $1\n $2\n$0" (par LEFT RIGHT)
            Instruction xor -> "xor\n $1\n $2\n$0" (xor TRY CATCH)
            Instruction fold -> "fold ${1:items} ${2:item}\n (seq\n  $3\n  (next ${2:item})\n )\n$0" (fold ITERABLE ITERATOR BODY LAST)
            Instruction next -> "next ${1:item}$0" (next ITERATOR)
            Instruction match -> "match ${1:left} ${2:right}\n $3\n$0" (match LEFT RIGHT BODY)
            and 6 more
        "#]],
        );
        check(
            "(seq (null) $0)",
            expect![[r#"
            instead of ""
            Instruction call -> "(call ${1:%init_peer_id%} (\"${2:service}\" \"${3:function}\") [$4] ${5:result})$0" (call PEER (SERVICE FUNCTION) [ARGUMENTS] OUTPUT)
            Instruction ap -> "(ap ${1:source} ${2:target})$0" (ap SOURCE TARGET)
            Instruction seq -> "(seq\n $1\n $2\n)$0" (seq FIRST SECOND)
            Instruction par -> "(par\n $1\n $2\n)$0" (par LEFT RIGHT)
            Instruction xor -> "(xor\n $1\n $2\n)$0" (xor TRY CATCH)
            Instruction fold -> "(fold ${1:items} ${2:item}\n (seq\n  $3\n  (next ${2:item})\n )\n)$0" (fold ITERABLE ITERATOR BODY LAST)
            Instruction next -> "(next ${1:item})$0" (next ITERATOR)
            Instruction match -> "(match ${1:left} ${2:right}\n $3\n)$0" (match LEFT RIGHT BODY)
            and 6 more
        "#]],
        );
        check(
            "(call \"p\" $0",
            expect![[r#"
            instead of ""
            Value ("service" "function") -> "(\"$1\" \"$2\")" what is called
        "#]],
        );
    }
}
