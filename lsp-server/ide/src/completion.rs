//! What can be written at a place: only what fits there, the nearest first. Works on tokens and on
//! what a broken script still tells of its variables.

mod comment;
mod documentation;
mod instructions;
mod lens;
mod outside;
mod values;
mod variables;

use air_analysis::Analysis;
use air_semantics::hir::{InstrKind, Role};
use air_syntax::{TextRange, TextSize};

use super::around::Around;
use super::context::{Context, Place, context};

pub use documentation::documentation;

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
    /// For [`documentation()`]; empty where there is none.
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

/// What fits at an offset.
pub fn complete(analysis: &Analysis, offset: TextSize, around: &dyn Around) -> Completions {
    let here = context(&analysis.text, offset);
    let typed = text_of(analysis, TextRange::new(here.word.start().min(offset), offset));
    let mut list = List { analysis, here: &here, offset, around, items: Vec::new() };
    let mut replace = here.word;
    match here.place {
        Place::Comment => replace = list.comment(typed),
        Place::Keyword => list.instructions(false),
        Place::Top => list.instructions(true),
        Place::Slot { role: None, index } => list.other_slot(index),
        _ if lens::is_lens(typed) && here.place_takes_lens() => replace = list.lens(typed),
        // Numbers, and what has no lens.
        _ if typed.contains('.') && !typed.starts_with('"') => {}
        Place::Slot { role: Some(role), .. } => list.operand(role),
        Place::Argument(_) => list.operand(Role::Argument),
    }
    let mut items = list.items;
    items.truncate(MOST);
    Completions { replace, items }
}

struct List<'a> {
    analysis: &'a Analysis,
    here: &'a Context,
    offset: TextSize,
    around: &'a dyn Around,
    items: Vec<Item>,
}

impl List<'_> {
    fn add(&mut self, kind: ItemKind, label: &str, detail: &str, topic: String) {
        let (label, detail) = (label.to_owned(), detail.to_owned());
        self.items.push(Item { insert: label.clone(), label, snippet: false, kind, detail, topic });
    }

    fn snippet(&mut self, label: &str, insert: &str, detail: &str) {
        self.items.push(Item {
            label: label.to_owned(),
            insert: insert.to_owned(),
            snippet: true,
            kind: ItemKind::Value,
            detail: detail.to_owned(),
            topic: format!("value {label}"),
        });
    }

    /// A place for an instruction, or for a bracket.
    fn other_slot(&mut self, index: usize) {
        let Some((kind, _)) = self.here.around else { return };
        match (kind, index) {
            // Not behind both names, inside of the brackets.
            (InstrKind::Call, 1) if self.here.called.is_empty() => self.snippet(
                "(\"service\" \"function\")",
                "(\"${1:service}\" \"${2:function}\")$0",
                "what is called",
            ),
            (InstrKind::Call, 2) => self.snippet("[]", "[$1]$0", "arguments"),
            (InstrKind::Seq | InstrKind::Par | InstrKind::Xor, 0 | 1)
            | (InstrKind::New, 1)
            | (InstrKind::Match | InstrKind::Mismatch, 2)
            | (InstrKind::Fold, 2 | 3) => self.instructions(true),
            _ => {}
        }
    }

    fn operand(&mut self, role: Role) {
        let typed_string = text_of(self.analysis, self.here.word).starts_with('"');
        if let Role::Peer | Role::Service | Role::Function = role {
            self.outside(role);
        }
        if typed_string {
            return;
        }
        self.own_codes(role);
        if role == Role::Right {
            self.error_codes();
        }
        self.variables(role);
        self.canon_of_source(role);
        self.specials(role);
        self.literals(role);
        // Hardly anybody fails with a number of AquaVM's.
        if role == Role::Failure {
            self.error_codes();
        }
    }

    fn kind(&self) -> Option<InstrKind> {
        self.here.around.map(|(kind, _)| kind)
    }
}

fn text_of(analysis: &Analysis, range: TextRange) -> &str {
    analysis.text.get(std::ops::Range::<usize>::from(range)).unwrap_or_default()
}

#[cfg(test)]
mod testing {
    use air_semantics::resolve::BindingId;
    use expect_test::Expect;

    use super::super::around::{Around, ErrorCode, Known};
    use super::super::hover::Step;
    use super::*;
    use crate::names::outside::OutsideKind;

    /// One function in another script, one peer with a name, `{"name": "x", "tags": ["a", "b"]}` for every variable.
    struct Some_([Known; 1]);

    impl Around for Some_ {
        fn names(&self) -> &[Known] {
            &self.0
        }

        fn peers(&self) -> Vec<(String, String)> {
            vec![("@relay".to_owned(), "script.sample.json".to_owned())]
        }

        fn steps(&self, _: BindingId, path: &[Step]) -> Vec<(Step, String)> {
            let field = |name: &str, value: &str| (Step::Field(name.to_owned()), value.to_owned());
            match path {
                [] => vec![field("name", "\"x\""), field("tags", "[\"a\", \"b\"]")],
                [Step::Field(field)] if field == "tags" => {
                    vec![(Step::Index(0), "\"a\"".to_owned()), (Step::Index(1), "\"b\"".to_owned())]
                }
                _ => Vec::new(),
            }
        }

        fn error_codes(&self) -> Vec<ErrorCode> {
            vec![ErrorCode { code: 10001, name: "MatchValuesNotEqual", about: "The two sides differ." }]
        }
    }

    pub(super) fn around() -> impl Around {
        let kind = OutsideKind::Function;
        Some_([Known { kind, service: "s".into(), name: "other".into(), arity: 3 }])
    }

    /// What is offered at `$0`.
    pub(super) fn check(marked: &str, expected: Expect) {
        let offset = marked.find("$0").unwrap();
        let analysis = Analysis::new(marked.replacen("$0", "", 1));
        let found = complete(&analysis, (offset as u32).into(), &around());
        let mut shown = format!("instead of {:?}\n", text_of(&analysis, found.replace));
        for item in found.items.iter().take(8) {
            shown.push_str(&format!("{:?} {} -> {:?} {}\n", item.kind, item.label, item.insert, item.detail));
        }
        if found.items.len() > 8 {
            shown.push_str(&format!("and {} more\n", found.items.len() - 8));
        }
        expected.assert_eq(&shown);
    }
}

#[cfg(test)]
mod tests {
    use super::testing::around;
    use super::*;

    const SCRIPT: &str = "; air: given x\n(xor\n (new $s (seq (call \"p\" (\"s\" \"f\") [x.$.a [] 1 true \"t\"] $s) ; ok = {\"a\": 1}\n  (seq (canon %init_peer_id% $s #s) (seq (ap (\"k\" #s.$.[0]) %m)\n   (fold #s i (par (match i -1.5 (null)) (next i)) (never))))))\n (fail :error:))";

    /// Whatever is written so far: what is offered fits the place, and replaces text of the cursor's line only.
    #[test]
    fn at_every_place_only_what_fits() {
        use ItemKind::*;
        // As it is typed, and in the midst of the finished script, with and without its quotes and brackets.
        let whole = |end: usize| (SCRIPT.to_owned(), end);
        let typed = |end: usize| (SCRIPT[..end].to_owned(), end);
        let without = |char: char| move |end: usize| (SCRIPT.replace(char, " "), end);
        let texts = (0..=SCRIPT.len()).flat_map(|end| {
            [whole(end), typed(end), without('"')(end), without(')')(end), without(']')(end)]
        });
        for (text, end) in texts {
            let offset = TextSize::new(end as u32);
            let analysis = Analysis::new(&*text);
            let here = context(&text, offset);
            let found = complete(&analysis, offset, &around());
            let shown = || format!("{}|{}: {here:?}", &text[..end], &text[end..]);
            assert!(found.replace.start() <= offset && offset <= found.replace.end(), "{}", shown());
            assert!(!text_of(&analysis, found.replace).contains('\n'), "{}", shown());
            let quoted = text_of(&analysis, here.word).starts_with('"') && here.place != Place::Comment;
            for item in found.items {
                let fits = match here.place {
                    _ if quoted => matches!(item.kind, Peer | Service | Function),
                    Place::Comment => matches!(item.kind, Comment | Code | Variable),
                    Place::Top | Place::Keyword => item.kind == Instruction,
                    Place::Slot { role: None, .. } => matches!(item.kind, Instruction | Value),
                    Place::Slot { role: Some(Role::Iterator | Role::Declared), .. } => {
                        matches!(item.kind, Iterator | Variable)
                    }
                    Place::Slot { role: Some(Role::Output | Role::Target), .. } => item.kind == Variable,
                    Place::Slot { .. } | Place::Argument(_) => !matches!(item.kind, Instruction | Comment),
                };
                assert!(fits, "{item:?} at {}", shown());
                // Cursor stops of snippets are numbered from 1, and there is one at the end.
                let stops = item.insert.matches('$').count() - item.insert.matches("\\$").count();
                assert!(!item.snippet || stops > 0 || item.kind == Comment, "{item:?}");
            }
        }
    }
}
