//! What can be written at a place: only what fits there, the nearest first. Works on tokens and on
//! what a broken script still tells of its variables.

use std::collections::{HashMap, HashSet};

use air_syntax::{SyntaxKind, TextRange, TextSize};

use super::annotations::{DIRECTIVES, SAMPLES};
use super::context::{Context, Place, context};
use super::hover::code_text;
use super::instructions::{PAGES, markdown, page_of_keyword};
use super::services::{BUILT_INS, built_in};
use super::special::{ERROR_FIELDS, SPECIALS};
use super::variable;
use crate::Analysis;
use crate::codes::Code;
use crate::directives::DirectiveKind;
use crate::hir::{InstrKind, Role};
use crate::names::outside::{OutsideKind, OutsideName, outside_names};
use crate::names::visibility::{folds_around, reaches};
use crate::resolve::{Access, BindingId, BindingKind, Occurrence};
use crate::shapes::shapes;

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

impl Context {
    fn place_takes_lens(&self) -> bool {
        matches!(
            self.place,
            Place::Argument(_)
                | Place::Slot {
                    role: Some(
                        Role::Peer
                            | Role::Service
                            | Role::Function
                            | Role::Source
                            | Role::Key
                            | Role::Value
                            | Role::Left
                            | Role::Right
                            | Role::Iterable
                            | Role::Failure
                    ),
                    ..
                }
        )
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

    /// A new name for the canon of what stands before.
    fn canon_of_source(&mut self, role: Role) {
        let (Some(InstrKind::Canon), Role::Target, Some(source)) =
            (self.kind(), role, self.here.before.get(1))
        else {
            return;
        };
        let source = text_of(self.analysis, *source);
        let name = match source.strip_prefix('$') {
            Some(bare) => format!("#{bare}"),
            None => format!("#{source}"),
        };
        if kind_word(&name, false).starts_with("canon") && !self.items.iter().any(|item| item.label == name) {
            self.add(ItemKind::Variable, &name, "new", String::new());
        }
    }

    fn kind(&self) -> Option<InstrKind> {
        self.here.around.map(|(kind, _)| kind)
    }

    /// Variables that are visible here and fit, the nearest first.
    fn variables(&mut self, role: Role) {
        let (hir, resolution) = (self.analysis.hir(), self.analysis.resolution());
        // For each name the innermost variable, and how far its nearest place is.
        let mut visible: HashMap<&str, (BindingId, TextSize)> = HashMap::new();
        for (id, binding) in resolution.bindings.iter().enumerate() {
            let whole = binding.kind == BindingKind::Script;
            if whole || self.here.open.binary_search(&binding.scope.start()).is_ok() {
                let found = visible
                    .entry(hir.name(binding.name))
                    .or_insert((BindingId(id as u32), binding.scope.len()));
                if binding.scope.len() < found.1 {
                    *found = (BindingId(id as u32), binding.scope.len());
                }
            }
        }
        let around = folds_around(hir);
        let inside = |form: TextRange| self.here.open.binary_search(&form.start()).is_ok();
        let given = given(self.analysis);
        let mut fitting = Vec::new();
        for (name, (id, _)) in visible {
            let Some(binding) = resolution.binding(id) else { continue };
            let iterator = matches!(binding.kind, BindingKind::Iterator(_));
            let places = resolution.occurrences_of(id).filter(|place| place.range != self.base_of_word());
            let distance = places
                .map(|place| {
                    let before = place.range.start() < self.offset;
                    let (near, far) =
                        (place.range.start().min(self.offset), place.range.start().max(self.offset));
                    // What stands behind the cursor is less likely to be meant.
                    let written = place.access != Access::Read;
                    (!(before && written), far - near)
                })
                .min();
            let Some(distance) = distance else { continue };
            let writes = || resolution.occurrences_of(id).filter(|place| place.access == Access::Write);
            let unseen = |place: &Occurrence| !reaches(hir, &around, place, inside);
            if !given.contains(name) && writes().next().is_some() && writes().all(unseen) {
                continue;
            }
            if fits(role, self.kind(), name, iterator) {
                fitting.push((!iterator, distance, name, id, iterator));
            }
        }
        fitting.sort_unstable_by_key(|(plain, distance, name, ..)| {
            (*distance.max(&(false, TextSize::new(0))), *plain, *name)
        });
        for (_, _, name, id, iterator) in fitting {
            let kind = if iterator { ItemKind::Iterator } else { ItemKind::Variable };
            let mut detail = kind_word(name, iterator).to_owned();
            let script = resolution.binding(id).is_some_and(|it| it.kind == BindingKind::Script);
            if script && given.contains(name) {
                detail.push_str(", from the host");
            }
            self.add(kind, name, &detail, format!("variable {} {name}", id.0));
        }
    }

    /// The name that is being typed is no suggestion for itself.
    fn base_of_word(&self) -> TextRange {
        let word = text_of(self.analysis, self.here.word);
        let base = word.split('.').next().unwrap_or_default();
        TextRange::at(self.here.word.start(), TextSize::of(base))
    }

    /// Peers, services and functions, as literals.
    fn outside(&mut self, role: Role, known: &[Known]) {
        let names = outside_names(self.analysis.hir());
        let wanted = match role {
            Role::Peer => OutsideKind::Peer,
            Role::Service => OutsideKind::Service,
            _ => OutsideKind::Function,
        };
        let service =
            self.here.called.first().map(|range| text_of(self.analysis, *range).trim_matches('"').to_owned());
        let of_service = |of: Option<&str>| wanted != OutsideKind::Function || of == service.as_deref();
        // Name, and how often it is used here.
        let mut counts: HashMap<&str, (usize, Vec<usize>)> = HashMap::new();
        let here = names
            .iter()
            .filter(|it| it.kind == wanted && of_service(it.service) && it.range != self.here.word);
        for OutsideName { name, arity, .. } in here {
            let entry = counts.entry(name).or_default();
            entry.0 += 1;
            if !entry.1.contains(arity) {
                entry.1.push(*arity);
            }
        }
        let mut used: Vec<_> = counts.into_iter().collect();
        used.sort_unstable_by(|(one, (often, _)), (other, (less, _))| less.cmp(often).then(one.cmp(other)));
        let mut seen: HashSet<String> = HashSet::new();
        let mut found: Vec<(String, String)> = Vec::new();
        for (name, (often, mut arities)) in used {
            arities.sort_unstable();
            let arities: Vec<_> = arities.iter().map(usize::to_string).collect();
            let detail = match wanted {
                OutsideKind::Function => format!("{} arguments", arities.join(" or ")),
                _ => format!("{often}×"),
            };
            seen.insert(name.to_owned());
            found.push((name.to_owned(), detail));
        }
        let elsewhere = known.iter().filter(|it| it.kind == wanted && of_service(Some(&it.service)));
        for it in elsewhere {
            if seen.insert(it.name.clone()) {
                let arity = (wanted == OutsideKind::Function).then(|| format!("{} arguments, ", it.arity));
                found.push((it.name.clone(), format!("{}in other scripts", arity.unwrap_or_default())));
            }
        }
        for it in BUILT_INS {
            let name = match wanted {
                OutsideKind::Service => it.service,
                OutsideKind::Function if service.as_deref() == Some(it.service) => it.function,
                _ => continue,
            };
            let detail = match wanted {
                OutsideKind::Function => format!("({}) {}", it.parameters.join(", "), it.what),
                _ => "built in".to_owned(),
            };
            if let Some((_, known)) = found.iter_mut().find(|(known, _)| known == name) {
                if wanted == OutsideKind::Function {
                    *known = detail;
                }
            } else {
                found.push((name.to_owned(), detail));
            }
        }
        let kind = match wanted {
            OutsideKind::Peer => ItemKind::Peer,
            OutsideKind::Service => ItemKind::Service,
            OutsideKind::Function => ItemKind::Function,
        };
        for (name, detail) in found {
            let topic = match (&service, wanted) {
                (Some(service), OutsideKind::Function) => format!("function {service} {name}"),
                _ => String::new(),
            };
            self.add(kind, &format!("\"{name}\""), &detail, topic);
        }
    }

    /// Steps of a lens; what is replaced is the last one.
    fn lens(&mut self, typed: &str) -> TextRange {
        let last = typed.rfind(['.', '[']).map_or(0, |at| at + 1);
        let replace =
            TextRange::new(self.here.word.start() + TextSize::new(last as u32), self.here.word.end());
        let Some((base, path)) = typed.split_once('.') else { return replace };
        let path = path.get(..last.saturating_sub(base.len() + 1)).unwrap_or_default();
        if typed.get(..last).is_some_and(|before| before.ends_with('[')) {
            self.variables(Role::Iterator);
            return replace;
        }
        let error = matches!(base, ":error:" | "%last_error%");
        let start = if path.is_empty() { "$." } else { "" };
        if error {
            if path.is_empty() || path == "$." {
                for (field, what) in ERROR_FIELDS {
                    self.add(ItemKind::Field, &format!("{start}{field}"), what, String::new());
                }
            }
            return replace;
        }
        for (field, detail) in self.fields(base, path) {
            self.add(ItemKind::Field, &format!("{start}{field}"), &detail, String::new());
        }
        if path.is_empty() {
            self.add(ItemKind::Field, "length", "number of elements", String::new());
        }
        replace
    }

    /// Fields that the script uses of the value behind a path, or its elements.
    fn fields(&self, base: &str, path: &str) -> Vec<(String, String)> {
        let (hir, resolution) = (self.analysis.hir(), self.analysis.resolution());
        let visible = resolution.bindings.iter().enumerate().filter(|(_, binding)| {
            hir.name(binding.name) == base
                && (binding.kind == BindingKind::Script
                    || self.here.open.binary_search(&binding.scope.start()).is_ok())
        });
        let Some((id, _)) = visible.min_by_key(|(_, binding)| binding.scope.len()) else { return Vec::new() };
        let shape = shapes(hir, resolution).of_variable(BindingId(id as u32));
        let mut node = shape.root();
        let steps = path.split(['.', '[', ']', '!']).filter(|step| !step.is_empty() && *step != "$");
        for step in steps {
            let field = node.fields.iter().find(|(name, _)| &**name == step).map(|(_, at)| *at);
            // Whatever else stands in brackets takes an element.
            let Some(next) = field.or(node.element) else { return Vec::new() };
            node = shape.node(next);
        }
        // The field that is being typed is no suggestion for itself.
        let typed = text_of(self.analysis, self.here.word).rsplit('.').next().unwrap_or_default().to_owned();
        let mut found: Vec<_> =
            node.fields.iter().map(|(name, _)| (name.to_string(), "field".to_owned())).collect();
        found.retain(|(name, _)| *name != typed || self.offset < self.here.word.end());
        if node.element.is_some() {
            found.push(("[0]".to_owned(), "first element".to_owned()));
        }
        found
    }

    /// Annotations, directives, codes.
    fn comment(&mut self, typed: &str) -> TextRange {
        let body = typed.trim_start_matches(';');
        let start = self.here.word.start() + TextSize::of(typed) - TextSize::of(body.trim_start());
        if let Some((before, list)) = body.split_once("allow(") {
            if before.trim() == "air:" && !list.contains(')') {
                let code = list.rsplit([',', ' ']).next().unwrap_or_default();
                for code in Code::ALL.iter().filter(|code| code.can_be_allowed()) {
                    self.add(
                        ItemKind::Code,
                        code.name(),
                        code.page().summary,
                        format!("code {}", code.as_str()),
                    );
                }
                return TextRange::new(self.offset - TextSize::of(code), self.offset);
            }
            return TextRange::empty(self.offset);
        }
        for it in DIRECTIVES.iter().chain(SAMPLES) {
            self.items.push(Item {
                label: it.label.to_owned(),
                insert: it.snippet.to_owned(),
                snippet: true,
                kind: ItemKind::Comment,
                detail: String::new(),
                topic: format!("comment {}", it.label),
            });
        }
        TextRange::new(start, self.offset)
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

/// Whether a variable can stand there, by its tag: `spec/language.md` §2.
fn fits(role: Role, around: Option<InstrKind>, name: &str, iterator: bool) -> bool {
    let kind = kind_of(name);
    let stream = matches!(kind, OperandWord::Stream);
    let map = matches!(kind, OperandWord::StreamMap);
    let scalar = matches!(kind, OperandWord::Scalar);
    match (role, around) {
        (Role::Source, Some(InstrKind::Canon)) => stream || map,
        (Role::Target, Some(InstrKind::Canon)) => matches!(kind, OperandWord::Canon | OperandWord::CanonMap),
        (Role::Iterator, Some(InstrKind::Next)) => iterator,
        (Role::Iterator, Some(InstrKind::Fold)) => false,
        (Role::Iterator, _) => scalar,
        // A second write of a scalar fails at run time.
        (Role::Output, _) => stream,
        (Role::Target, _) => stream || map,
        (Role::Declared, _) => !iterator,
        (Role::Iterable, _) => true,
        (Role::FailCode | Role::FailText, _) => false,
        _ => !(stream || map),
    }
}

#[derive(Clone, Copy)]
enum OperandWord {
    Scalar,
    Stream,
    StreamMap,
    Canon,
    CanonMap,
}

fn kind_of(name: &str) -> OperandWord {
    match name.as_bytes() {
        [b'$', ..] => OperandWord::Stream,
        [_, b'%', ..] => OperandWord::CanonMap,
        [b'%', ..] => OperandWord::StreamMap,
        [b'#', ..] => OperandWord::Canon,
        _ => OperandWord::Scalar,
    }
}

fn kind_word(name: &str, iterator: bool) -> &'static str {
    match kind_of(name) {
        _ if iterator => "iterator",
        OperandWord::Scalar => "scalar",
        OperandWord::Stream => "stream",
        OperandWord::StreamMap => "stream map",
        OperandWord::Canon => "canon",
        OperandWord::CanonMap => "canon map",
    }
}

/// Names that `; air: given` supplies.
fn given(analysis: &Analysis) -> HashSet<&str> {
    let lists = analysis.directives().iter().filter_map(|directive| match &directive.kind {
        DirectiveKind::Given(names) => Some(names),
        _ => None,
    });
    lists.flatten().map(|range| text_of(analysis, *range)).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(marked: &str, expected: Expect) {
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

    #[test]
    fn variables_that_fit() {
        let script = "(seq (ap 1 far) (seq (ap 2 $s) (seq (call \"p\" (\"s\" \"f\") [] near)\n (fold near it (seq (new own (ap own z))\n HERE";
        let at = |place: &str| script.replace("HERE", place);
        check(
            &at("(ap $0"),
            expect![[r#"
                instead of ""
                Variable z -> "z" scalar
                Iterator it -> "it" iterator
                Variable near -> "near" scalar
                Variable far -> "far" scalar
                Special %init_peer_id% -> "%init_peer_id%" 
                Special :error: -> ":error:" 
                Special %last_error% -> "%last_error%" 
                Special %timestamp% -> "%timestamp%" 
                and 4 more
            "#]],
        );
        check(
            &at("(next $0"),
            expect![[r#"
                instead of ""
                Iterator it -> "it" iterator
            "#]],
        );
        check(
            &at("(canon \"q\" $0"),
            expect![[r#"
            instead of ""
            Variable $s -> "$s" stream
        "#]],
        );
        check(
            &at("(canon \"q\" $s $0"),
            expect![[r##"
            instead of ""
            Variable #s -> "#s" new
        "##]],
        );
        check(
            "(seq (fold [] i (seq (ap i gone) (next i))) (ap $0))",
            expect![[r#"
            instead of ""
            Special %init_peer_id% -> "%init_peer_id%" 
            Special :error: -> ":error:" 
            Special %last_error% -> "%last_error%" 
            Special %timestamp% -> "%timestamp%" 
            Special %ttl% -> "%ttl%" 
            Value true -> "true" 
            Value false -> "false" 
            Value [] -> "[]" 
        "#]],
        );
        check(
            &at("(call $0"),
            expect![[r#"
                instead of ""
                Peer "p" -> "\"p\"" 1×
                Variable z -> "z" scalar
                Iterator it -> "it" iterator
                Variable near -> "near" scalar
                Variable far -> "far" scalar
                Special %init_peer_id% -> "%init_peer_id%" 
            "#]],
        );
        check(
            &at("(call near (\"s\" \"f\") [] $0"),
            expect![[r#"
            instead of ""
            Variable $s -> "$s" stream
        "#]],
        );
        check(
            &at("(ap 1 ne$0"),
            expect![[r#"
            instead of "ne"
            Variable $s -> "$s" stream
        "#]],
        );
        check(
            &at("(match near.$.[$0"),
            expect![[r#"
                instead of ""
                Variable z -> "z" scalar
                Iterator it -> "it" iterator
                Variable near -> "near" scalar
                Variable far -> "far" scalar
            "#]],
        );
    }

    #[test]
    fn what_lies_outside() {
        check(
            "(seq (call \"relay\" (\"s\" \"f\") [1 2]) (call \"$0",
            expect![[r#"
            instead of "\""
            Peer "relay" -> "\"relay\"" 1×
        "#]],
        );
        check(
            "(seq (call \"relay\" (\"s\" \"f\") [1 2]) (call \"relay\" (\"s\" \"$0\") []))",
            expect![[r#"
            instead of "\"\""
            Function "f" -> "\"f\"" 2 arguments
            Function "other" -> "\"other\"" 3 arguments, in other scripts
        "#]],
        );
        check(
            "(call p (\"math\" $0",
            expect![[r#"
            instead of ""
            Function "add" -> "\"add\"" (a, b) a + b
            Function "sub" -> "\"sub\"" (a, b) a - b
            Function "mul" -> "\"mul\"" (a, b) a * b
            Function "fmul" -> "\"fmul\"" (a, b) a * b for floats, rounded down.
            Function "div" -> "\"div\"" (a, b) a / b, rounded towards 0.
            Function "rem" -> "\"rem\"" (a, b) Remainder of a / b.
            Function "pow" -> "\"pow\"" (a, b) a to the power of b.
            Function "log" -> "\"log\"" (base, a) Logarithm of a, rounded down.
            and 1 more
        "#]],
        );
        check(
            "(call p (\"ma$0\" \"add\") [])",
            expect![[r#"
            instead of "\"ma\""
            Service "op" -> "\"op\"" built in
            Service "math" -> "\"math\"" built in
            Service "cmp" -> "\"cmp\"" built in
            Service "array" -> "\"array\"" built in
            Service "json" -> "\"json\"" built in
            Service "debug" -> "\"debug\"" built in
            Service "peer" -> "\"peer\"" built in
            Service "kad" -> "\"kad\"" built in
            and 8 more
        "#]],
        );
    }

    #[test]
    fn lenses() {
        check(
            "(seq (ap :error:.$0 x) (null))",
            expect![[r#"
            instead of ""
            Field $.error_code -> "$.error_code" Integer: 0 for no error, 10000 and above for AquaVM's own, what `fail` says otherwise.
            Field $.message -> "$.message" String: what went wrong. For a failed service, `Local service error, …` with the service's own text.
            Field $.instruction -> "$.instruction" String: the innermost instruction that failed. Reading it before any failure fails.
            Field $.peer_id -> "$.peer_id" String: the peer on which it failed; for a `call`, the peer that was called. Not always there in `:error:`.
        "#]],
        );
        check(
            "(seq (ap user.$.name x) (ap user.$0",
            expect![[r#"
            instead of ""
            Field $.name -> "$.name" field
            Field length -> "length" number of elements
        "#]],
        );
        check(
            "(seq (ap user.$.names.[0].first x) (ap user.$.names.[1].$0",
            expect![[r#"
            instead of ""
            Field first -> "first" field
        "#]],
        );
    }

    #[test]
    fn comments() {
        check(
            "(null) ; $0",
            expect![[r#"
                instead of ""
                Comment air: given NAME … -> "air: given ${1:name}" 
                Comment air: allow(CODE, …) -> "air: allow(${1:code})" 
                Comment air: fmt off -> "air: fmt off" 
                Comment air: fmt on -> "air: fmt on" 
                Comment ok = JSON -> "ok = ${1:null}" 
                Comment err = {"ret_code": …, "result": …} -> "err = {\"ret_code\": ${1:1}, \"result\": \"${2:message}\"}" 
                Comment seq_ok = {"default": …, "0": …} -> "seq_ok = {\"default\": ${1:null}, \"0\": ${2:null}}" 
                Comment seq_error = {"default": …, "0": …} -> "seq_error = {\"default\": {\"ret_code\": 0, \"result\": ${1:null}}, \"0\": {\"ret_code\": 1, \"result\": \"${2:message}\"}}" 
                and 2 more
            "#]],
        );
        check(
            "; air: allow(undef$0\n(null)",
            expect![[r#"
                instead of "undef"
                Code undefined-variable -> "undefined-variable" a variable is used before anything defines it
                Code undefined-iterable -> "undefined-iterable" `next` stands in no fold over its iterator
                Code multiple-next -> "multiple-next" a fold holds more than one `next` of its iterator
                Code new-on-iterator -> "new-on-iterator" `new` names the iterator of a fold around it
                Code multiple-iterables -> "multiple-iterables" nested folds share one iterator name
                Code fail-code-zero -> "fail-code-zero" `fail` has the error code 0
                Code instruction-after-next -> "instruction-after-next" something follows `next` in a fold over a stream
                Code bad-directive -> "bad-directive" a comment starts like a directive and is none
                and 37 more
            "#]],
        );
    }
}
