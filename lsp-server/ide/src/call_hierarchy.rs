//! Call hierarchy: scripts and folds call functions of services; a fold is called by what is around it,
//! and by its `next`.

use air_analysis::Analysis;
use air_semantics::hir::{InstrId, InstrKind, Role};
use air_syntax::{TextRange, TextSize};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::names::calls::{CallSite, Callee, Caller, call_sites};

/// What calls or is called. A fold is found again by where it starts, a function by its names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Target {
    /// The script itself.
    Script,
    /// A fold; which one, its item's range says.
    Fold,
    /// As written: literals have their quotes.
    #[allow(missing_docs)]
    Function { service: String, name: String },
}

impl Target {
    /// Service and name of a function whose names are both literals, which other scripts may call too.
    pub fn literals(&self) -> Option<(&str, &str)> {
        let Target::Function { service, name } = self else { return None };
        Some((unquoted(service)?, unquoted(name)?))
    }
}

/// A line of the hierarchy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Which one; how to find it again.
    pub target: Target,
    /// `service.function` or `fold ITERABLE ITERATOR`; `None` for a script, whose file has a name.
    pub name: Option<String>,
    /// The whole of it: the call, the fold, the text.
    pub range: TextRange,
    /// What to select when it is chosen; within `range`.
    pub selection: TextRange,
}

/// Calls between the item that was asked for and this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calls {
    /// The other one.
    pub item: Item,
    /// Where the caller calls, in text order.
    pub places: Vec<TextRange>,
}

/// What the hierarchy of an offset begins with: on a call its function, on `fold` and `next` the fold, else the script;
/// `None` outside of all instructions.
pub fn prepare(analysis: &Analysis, offset: TextSize) -> Option<Item> {
    let hir = analysis.hir();
    // In closing order the innermost comes first.
    let around = hir.instrs.iter().position(|instr| instr.range.contains_inclusive(offset))?;
    let around = InstrId(around as u32);
    let in_head = |fold: InstrId| {
        let instr = hir.instr(fold).filter(|instr| instr.kind == InstrKind::Fold)?;
        let head = hir.operand(instr, Role::Iterator)?.range.end();
        (offset <= head).then_some(())
    };
    let sites = call_sites(analysis);
    match sites.iter().find(|site| site.instr == around) {
        Some(site) if site.callee != Callee::Fold(around) || in_head(around).is_some() => {
            callee(analysis, site)
        }
        _ => Some(script(analysis)),
    }
}

/// Who in this script calls the target; `start` is where its item's range starts, which tells folds apart.
pub fn incoming(analysis: &Analysis, target: &Target, start: TextSize) -> Vec<Calls> {
    let fold = (*target == Target::Fold).then(|| fold_at(analysis, start)).flatten();
    let mut by_caller: Vec<(Caller, Vec<TextRange>)> = Vec::new();
    let mut known: FxHashMap<Caller, usize> = FxHashMap::default();
    for site in call_sites(analysis) {
        let same = match (target, &site.callee) {
            (Target::Function { service, name }, Callee::Function { service: of, name: called }) => {
                service == of && name == called
            }
            (Target::Fold, Callee::Fold(called)) => fold == Some(*called),
            _ => false,
        };
        if same {
            let next = by_caller.len();
            match by_caller.get_mut(*known.entry(site.caller).or_insert(next)) {
                Some((_, places)) => places.push(site.range),
                None => by_caller.push((site.caller, vec![site.range])),
            }
        }
    }
    let calls = by_caller.into_iter();
    calls
        .filter_map(|(caller, places)| Some(Calls { item: self::caller(analysis, caller)?, places }))
        .collect()
}

/// What the target calls, if it is the script or one of its folds; `None` if the fold has gone since. What a service
/// does is not written in scripts.
pub fn outgoing(analysis: &Analysis, target: &Target, start: TextSize) -> Option<Vec<Calls>> {
    let caller = match target {
        Target::Script => None,
        Target::Fold => Some(fold_at(analysis, start)?),
        Target::Function { .. } => return Some(Vec::new()),
    };
    let mut calls: Vec<Calls> = Vec::new();
    let mut known: FxHashMap<Callee, usize> = FxHashMap::default();
    for site in call_sites(analysis).into_iter().filter(|site| site.caller == caller) {
        let next = calls.len();
        match calls.get_mut(*known.entry(site.callee.clone()).or_insert(next)) {
            Some(call) => call.places.push(site.range),
            None => {
                calls.extend(callee(analysis, &site).map(|item| Calls { item, places: vec![site.range] }));
            }
        }
    }
    Some(calls)
}

/// The text of a literal.
fn unquoted(word: &str) -> Option<&str> {
    word.strip_prefix('"')?.strip_suffix('"')
}

fn fold_at(analysis: &Analysis, start: TextSize) -> Option<InstrId> {
    let mut instrs = analysis.hir().instrs.iter();
    let at = instrs.position(|it| it.kind == InstrKind::Fold && it.range.start() == start)?;
    Some(InstrId(at as u32))
}

fn caller(analysis: &Analysis, caller: Caller) -> Option<Item> {
    match caller {
        Some(fold) => self::fold(analysis, fold),
        None => Some(script(analysis)),
    }
}

fn callee(analysis: &Analysis, site: &CallSite) -> Option<Item> {
    let (service, name) = match &site.callee {
        Callee::Fold(fold) => return self::fold(analysis, *fold),
        Callee::Function { service, name } => (service, name),
    };
    Some(Item {
        target: Target::Function { service: service.clone(), name: name.clone() },
        name: Some(format!("{}.{}", unquoted(service).unwrap_or(service), unquoted(name).unwrap_or(name))),
        range: analysis.hir().instr(site.instr)?.range,
        selection: site.range,
    })
}

fn fold(analysis: &Analysis, id: InstrId) -> Option<Item> {
    let hir = analysis.hir();
    let instr = hir.instr(id)?;
    let operand = |role| hir.operand(instr, role).map_or("?", |operand| hir.text_at(operand.range));
    let name = format!("fold {} {}", operand(Role::Iterable), operand(Role::Iterator));
    Some(Item { target: Target::Fold, name: Some(name), range: instr.range, selection: instr.keyword })
}

fn script(analysis: &Analysis) -> Item {
    let hir = analysis.hir();
    let range = TextRange::up_to(TextSize::of(&*analysis.text));
    let first = hir.roots.first().and_then(|root| hir.instr(*root));
    Item { target: Target::Script, name: None, range, selection: first.map_or(range, |instr| instr.keyword) }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::testing::{cursor, underlined};

    fn check(marked: &str, expected: Expect) {
        let (analysis, offset) = cursor(marked);
        let item = prepare(&analysis, offset).unwrap();
        let mut marks: Vec<(TextRange, String)> = Vec::new();
        let mut add = |calls: &Calls, how: &str| {
            let name = calls.item.name.as_deref().unwrap_or("the script");
            marks.extend(calls.places.iter().map(|place| (*place, format!("{how} {name}"))));
        };
        let start = item.range.start();
        incoming(&analysis, &item.target, start).iter().for_each(|calls| add(calls, "called by"));
        let calls = outgoing(&analysis, &item.target, start).unwrap();
        calls.iter().for_each(|calls| add(calls, "calls"));
        marks.push((item.selection, format!("of {}", item.name.as_deref().unwrap_or("the script"))));
        let marks = marks.iter().map(|(range, note)| (*range, note.as_str()));
        expected.assert_eq(&underlined(&analysis.text, marks));
    }

    const SCRIPT: &str = "(seq\n (call \"p\" (\"s\" \"list\") [] xs)\n (fold xs i\n  (seq (call i (\"s\" \"f\") [])\n   (seq (call \"p\" (\"s\" \"list\") []) (next i)))\n )\n)";

    #[test]
    fn of_a_function() {
        check(
            &SCRIPT.replacen("list", "li$0st", 1),
            expect![[r#"
            (seq
             (call "p" ("s" "list") [] xs)
                            ^^^^^^ called by the script
                            ^^^^^^ of s.list
             (fold xs i
              (seq (call i ("s" "f") [])
               (seq (call "p" ("s" "list") []) (next i)))
                                   ^^^^^^ called by fold xs i
             )
            )
        "#]],
        );
    }

    #[test]
    fn of_a_fold() {
        check(
            &SCRIPT.replacen("fold", "fo$0ld", 1),
            expect![[r#"
            (seq
             (call "p" ("s" "list") [] xs)
             (fold xs i
              ^^^^ called by the script
              ^^^^ of fold xs i
              (seq (call i ("s" "f") [])
                                ^^^ calls s.f
               (seq (call "p" ("s" "list") []) (next i)))
                                   ^^^^^^ calls s.list
                                                ^^^^ called by fold xs i
                                                ^^^^ calls fold xs i
             )
            )
        "#]],
        );
    }

    #[test]
    fn of_the_fold_of_a_next() {
        check(
            &SCRIPT.replacen("next", "ne$0xt", 1),
            expect![[r#"
            (seq
             (call "p" ("s" "list") [] xs)
             (fold xs i
              ^^^^ called by the script
              ^^^^ of fold xs i
              (seq (call i ("s" "f") [])
                                ^^^ calls s.f
               (seq (call "p" ("s" "list") []) (next i)))
                                   ^^^^^^ calls s.list
                                                ^^^^ called by fold xs i
                                                ^^^^ calls fold xs i
             )
            )
        "#]],
        );
    }

    #[test]
    fn of_the_script() {
        check(
            &SCRIPT.replacen("(seq", "(se$0q", 1),
            expect![[r#"
            (seq
             ^^^ of the script
             (call "p" ("s" "list") [] xs)
                            ^^^^^^ calls s.list
             (fold xs i
              ^^^^ calls fold xs i
              (seq (call i ("s" "f") [])
               (seq (call "p" ("s" "list") []) (next i)))
             )
            )
        "#]],
        );
    }

    #[test]
    fn outside_and_gone() {
        let (analysis, offset) = cursor("; $0none\n(null)");
        assert_eq!(prepare(&analysis, offset), None);
        assert_eq!(outgoing(&analysis, &Target::Fold, offset), None, "there is no such fold");
        assert_eq!(incoming(&analysis, &Target::Fold, offset), []);
    }

    #[test]
    fn literals_are_known_elsewhere() {
        let of = |marked| prepare(&cursor(marked).0, cursor(marked).1).unwrap().target;
        assert_eq!(of("(ca$0ll p (\"s\" \"f\") [])").literals(), Some(("s", "f")));
        assert_eq!(of("(ca$0ll p (s \"f\") [])").literals(), None);
    }
}
