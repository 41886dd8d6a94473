//! How good completion is: a word of a valid script is taken away, its first letters are typed, and the first item that
//! an editor would show is accepted.
//!
//! Three figures come out: whether the accepted item makes an error that was not there, the rank of the word that the
//! author wrote, and the time of an answer with its analysis. The sample is a function of the scripts and the seed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use air_analysis::Analysis;
use air_ide::completion::{Item, complete};
use air_ide::names::outside::outside_names;
use air_ide::names::results::{ResultField, result_fields};
use air_ide::surroundings::{ForeignName, NoSurroundings, Surroundings};
use air_semantics::Script;
use air_semantics::hir::{AccessorKind, Hir, Lens, OperandKind, Role};
use air_semantics::resolve::{Access, BindingKind};

/// Larger scripts are left out.
const MAX_SCRIPT_BYTES: usize = 200_000;

/// Letters that are typed before completion is asked.
pub const LETTERS: std::ops::RangeInclusive<usize> = 0..=2;

/// What is wanted is found where it is among so many items.
const FIRST: usize = 3;

/// What was taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wanted {
    /// The word of an instruction.
    Keyword,
    /// A name that stands elsewhere, too, as far as it can be known here: its lens stays.
    Variable,
    /// A name that is first written here: outputs, targets, iterators, `new`.
    NewName,
    /// A function's literal.
    Function,
    /// A service's literal.
    Service,
    /// A field of a lens.
    Field,
    /// Special values, `true`, `[]`.
    Value,
}

impl Wanted {
    /// All, as the table has them.
    pub const ALL: [Wanted; 7] = [
        Wanted::Keyword,
        Wanted::Variable,
        Wanted::NewName,
        Wanted::Function,
        Wanted::Service,
        Wanted::Field,
        Wanted::Value,
    ];

    fn title(self) -> &'static str {
        match self {
            Wanted::Keyword => "keywords",
            Wanted::Variable => "variables",
            Wanted::NewName => "new names",
            Wanted::Function => "functions",
            Wanted::Service => "services",
            Wanted::Field => "lens fields",
            Wanted::Value => "special values",
        }
    }
}

/// Counts of one kind of word and number of letters.
#[derive(Debug, Clone, Copy, Default)]
pub struct Count {
    /// Words that were taken away.
    pub places: usize,
    /// How often the editor had an item to accept.
    pub accepted: usize,
    /// Accepted items after which the script had an error.
    pub errors: usize,
    /// How often what was written there was among the first three.
    pub found: usize,
}

/// What came out.
#[derive(Debug, Default)]
pub struct Rates {
    /// By kind of word and number of letters.
    pub counts: BTreeMap<(Wanted, usize), Count>,
    /// Of analysis and answer.
    pub times: Vec<Duration>,
    /// Of the answer alone, where the script has been analysed.
    pub answers: Vec<Duration>,
    /// Places with an error after the first item, and those whose word was not among the first three.
    pub notes: Vec<Note>,
    /// Scripts that were looked at.
    pub scripts: usize,
}

/// A place where something is to be done better.
#[derive(Debug)]
pub struct Note {
    /// What was taken away.
    pub wanted: Wanted,
    /// How many letters of it were typed.
    pub letters: usize,
    /// The error; `None` where only the rank was bad.
    pub error: Option<String>,
    /// Text around the place, `|` at the cursor, and the items.
    pub about: String,
}

impl Rates {
    /// The sum over some kinds of words and numbers of letters.
    pub fn sum(&self, which: impl Fn(Wanted, usize) -> bool) -> Count {
        let mut sum = Count::default();
        for ((wanted, letters), count) in &self.counts {
            if which(*wanted, *letters) {
                sum.places += count.places;
                sum.accepted += count.accepted;
                sum.errors += count.errors;
                sum.found += count.found;
            }
        }
        sum
    }

    /// For people.
    pub fn table(&self) -> String {
        let mut out = format!("{} scripts\n{:<16}", self.scripts, "");
        for letters in LETTERS {
            let _ = write!(out, "{:>28}", format!("{letters} letters"));
        }
        let _ = write!(out, "\n{:<16}", "");
        for _ in LETTERS {
            let _ = write!(out, "{:>8}{:>10}{:>10}", "places", "no error", "found");
        }
        out.push('\n');
        for wanted in Wanted::ALL {
            let _ = write!(out, "{:<16}", wanted.title());
            for letters in LETTERS {
                let count = self.counts.get(&(wanted, letters)).copied().unwrap_or_default();
                let _ = write!(out, "{:>8}{:>9.2}%{:>9.1}%", count.places, count.valid(), count.rate());
            }
            out.push('\n');
        }
        let all = self.sum(|_, _| true);
        let _ = writeln!(out, "no new error: {:.2} % of {} accepted first items", all.valid(), all.accepted);
        for (what, times) in [("time with analysis", &self.times), ("alone", &self.answers)] {
            let mut times = times.clone();
            times.sort_unstable();
            let at = |share: usize| {
                let at = (times.len() * share / 100).min(times.len().saturating_sub(1));
                times.get(at).map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
            };
            let _ = writeln!(out, "{what}: p50 {:.2} ms, p99 {:.2} ms", at(50), at(99));
        }
        out
    }
}

impl Count {
    /// Accepted items without an error, in per cent.
    pub fn valid(self) -> f64 {
        share(self.accepted - self.errors, self.accepted)
    }

    /// What was found among the first three, in per cent.
    pub fn rate(self) -> f64 {
        share(self.found, self.places)
    }
}

fn share(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole as f64
}

/// How the sample is taken.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// Which words are taken.
    pub seed: u64,
    /// At most so many words of each kind from a script.
    pub places: usize,
    /// Every how many-th script is looked at.
    pub every: usize,
    /// Whether the other scripts of a script's folder are known, as in an editor that has it open.
    pub workspace: bool,
}

/// Names of the other scripts of a folder, and fields that they read of results.
#[derive(Default)]
struct Others(Vec<ForeignName>, Vec<ResultField>);

impl Surroundings for Others {
    fn names(&self) -> &[ForeignName] {
        &self.0
    }

    fn fields(&self) -> &[ResultField] {
        &self.1
    }
}

/// In how many scripts each name and each field stands.
#[derive(Default)]
struct FolderNames(BTreeMap<ForeignName, usize>, BTreeMap<ResultField, usize>);

impl FolderNames {
    fn of(folder: &Path) -> FolderNames {
        let mut found = FolderNames::default();
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        for path in entries.filter(|path| path.extension().is_some_and(|it| it == "air")) {
            let Ok(text) = std::fs::read_to_string(path) else { continue };
            for name in names_of(&text) {
                *found.0.entry(name).or_default() += 1;
            }
            for field in fields_of(&text) {
                *found.1.entry(field).or_default() += 1;
            }
        }
        found
    }

    /// Those that another script than this one has, too.
    fn without(&self, text: &str) -> Others {
        fn others<T: Ord + Clone>(all: &BTreeMap<T, usize>, own: &BTreeSet<T>) -> Vec<T> {
            let others = all.iter().filter(|(name, count)| **count > usize::from(own.contains(*name)));
            others.map(|(name, _)| name.clone()).collect()
        }
        Others(others(&self.0, &names_of(text)), others(&self.1, &fields_of(text)))
    }
}

fn fields_of(text: &str) -> BTreeSet<ResultField> {
    result_fields(&Analysis::new(text)).into_iter().collect()
}

fn names_of(text: &str) -> BTreeSet<ForeignName> {
    let analysis = Analysis::new(text);
    let names = outside_names(&analysis).into_iter().map(|it| ForeignName {
        kind: it.kind,
        service: it.service.unwrap_or_default().to_owned(),
        name: it.name.to_owned(),
        arity: it.arity,
    });
    names.collect()
}

/// Measures on all scripts below a folder.
pub fn measure_folder(folder: &Path, sample: Sample) -> Rates {
    let mut paths = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                path if path.extension().is_some_and(|it| it == "air") => paths.push(path),
                _ => {}
            }
        }
    }
    paths.sort();
    let mut rates = Rates::default();
    let mut folder_names: BTreeMap<&Path, FolderNames> = BTreeMap::new();
    for path in paths.iter().step_by(sample.every.max(1)) {
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        match path.parent().filter(|_| sample.workspace) {
            Some(parent) => {
                let names = folder_names.entry(parent).or_insert_with(|| FolderNames::of(parent));
                measure(&text, sample, &names.without(&text), &mut rates);
            }
            None => measure(&text, sample, &NoSurroundings, &mut rates),
        }
    }
    rates
}

/// Measures on one script, if it is valid.
pub fn measure(text: &str, sample: Sample, surroundings: &dyn Surroundings, rates: &mut Rates) {
    if text.len() > MAX_SCRIPT_BYTES {
        return;
    }
    let script = Script::new(text);
    if !script.accepted() {
        return;
    }
    rates.scripts += 1;
    let mut words: BTreeMap<Wanted, Vec<std::ops::Range<usize>>> = BTreeMap::new();
    for (wanted, range) in words_of(&script) {
        words.entry(wanted).or_default().push(range);
    }
    let mut random = sample.seed
        ^ text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
        });
    for (wanted, mut ranges) in words {
        for _ in 0..sample.places.min(ranges.len()) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let range = ranges.swap_remove((random % ranges.len() as u64) as usize);
            for letters in LETTERS {
                one_place(text, (wanted, range.clone(), letters), surroundings, rates);
            }
        }
    }
}

/// Every word that can be taken away.
fn words_of(script: &Script) -> Vec<(Wanted, std::ops::Range<usize>)> {
    let (hir, resolution) = (script.hir(), script.resolution());
    let mut found: Vec<(Wanted, std::ops::Range<usize>)> = Vec::new();
    found.extend(hir.instrs.iter().map(|instr| (Wanted::Keyword, instr.keyword.into())));
    let mut seen = vec![false; resolution.bindings.len()];
    for place in &resolution.occurrences {
        let binding = place.binding.0 as usize;
        let known = std::mem::replace(&mut seen[binding], true);
        // A name that the host gives stands nowhere before.
        let read = place.access == Access::Read && !reads_only(script, binding);
        if known || read {
            found.push((Wanted::Variable, place.range.into()));
        } else if place.access != Access::Read {
            found.push((Wanted::NewName, place.range.into()));
        }
    }
    for operand in &hir.operands {
        // Nobody asks for an empty name.
        let empty = operand.kind == OperandKind::Literal && hir.literal(operand).is_empty();
        if let Some(wanted) = wanted(operand.role, operand.kind).filter(|_| !empty) {
            let base = operand.lens.as_ref().map_or(operand.range.len(), |_| {
                let text = hir.text_at(operand.range);
                let special = ["%last_error%", ":error:"].into_iter().find(|it| text.starts_with(it));
                special.map_or(operand.range.len(), |it| (it.len() as u32).into())
            });
            found.push((wanted, air_syntax::TextRange::at(operand.range.start(), base).into()));
        }
        if let Some(lens @ Lens::Path(_)) = &operand.lens {
            found.extend(fields(hir, lens).map(|range| (Wanted::Field, range)));
        }
    }
    found
}

fn wanted(role: Role, kind: OperandKind) -> Option<Wanted> {
    match (role, kind) {
        (Role::Function, OperandKind::Literal) => Some(Wanted::Function),
        (Role::Service, OperandKind::Literal) => Some(Wanted::Service),
        (
            _,
            OperandKind::InitPeerId
            | OperandKind::Timestamp
            | OperandKind::Ttl
            | OperandKind::LastError
            | OperandKind::Error
            | OperandKind::Bool(_)
            | OperandKind::EmptyArray,
        ) => Some(Wanted::Value),
        _ => None,
    }
}

fn fields<'a>(hir: &'a Hir, lens: &'a Lens) -> impl Iterator<Item = std::ops::Range<usize>> + 'a {
    let accessors = hir.accessors_of(lens).iter();
    accessors.filter(|it| it.kind == AccessorKind::Field).map(|it| it.range.into())
}

fn reads_only(script: &Script, binding: usize) -> bool {
    let binding = &script.resolution().bindings[binding];
    binding.kind == BindingKind::Script && binding.writes == 0
}

fn one_place(
    text: &str,
    (wanted, range, letters): (Wanted, std::ops::Range<usize>, usize),
    surroundings: &dyn Surroundings,
    rates: &mut Rates,
) {
    let word = &text[range.clone()];
    // The editor closes a literal that is begun.
    let (quote, bare) = match word.strip_prefix('"') {
        Some(rest) => ("\"", rest.trim_end_matches('"')),
        None => ("", word),
    };
    let begun: String = bare.chars().take(letters).collect();
    // A word that is all there needs no completion; `$` alone is a begun one.
    if begun.len() == bare.len() && letters > 0 {
        return;
    }
    let before = format!("{}{quote}{begun}", &text[..range.start]);
    let offset = before.len();
    let edited = format!("{before}{quote}{}", &text[range.end..]);
    let begin = Instant::now();
    let analysis = Analysis::new(&*edited);
    let _ = (analysis.hir(), analysis.resolution());
    let asked = Instant::now();
    let found = complete(&analysis, (offset as u32).into(), surroundings);
    rates.answers.push(asked.elapsed());
    rates.times.push(begin.elapsed());
    let replace = std::ops::Range::<usize>::from(found.replace);
    let typed = edited.get(replace.start.min(offset)..offset).unwrap_or_default();
    let shown = shown(&found.items, typed);
    let result = |item: &Item| {
        let insert = match item.snippet {
            true => filled(&item.insert),
            false => item.insert.clone(),
        };
        format!("{}{insert}{}", &edited[..replace.start], &edited[replace.end..])
    };
    let count = rates.counts.entry((wanted, letters)).or_default();
    count.places += 1;
    // A snippet goes on after the word; what it fills in may differ.
    let meant = |item: &&&Item| result(item) == text || (wanted == Wanted::Keyword && item.label == word);
    let hit = shown.iter().take(FIRST).any(|item| meant(&item));
    count.found += usize::from(hit);
    let mut error = None;
    if let Some(first) = shown.first() {
        count.accepted += 1;
        let after = Analysis::new(result(first));
        let diagnostics = after.diagnostics().iter();
        error = diagnostics
            .filter(|it| it.severity == air_analysis::Severity::Error)
            .map(|it| format!("{:?}: {}", it.code, it.message))
            .next();
        count.errors += usize::from(error.is_some());
    }
    if error.is_some() || !hit {
        let start = edited[..offset].char_indices().rev().nth(70).map_or(0, |(at, _)| at);
        let end = edited[offset..].char_indices().nth(60).map_or(edited.len(), |(at, _)| offset + at);
        let labels: Vec<&str> = shown.iter().take(FIRST + 1).map(|item| &*item.label).collect();
        let about = format!("{}|{}", &edited[start..offset], &edited[offset..end]);
        let about = format!("{word:?} in {:?}: {labels:?}", about.replace('\n', " "));
        rates.notes.push(Note { wanted, letters, error, about });
    }
}

/// What an editor shows: items whose letters are in the label, in order; first those that begin so.
fn shown<'a>(items: &'a [Item], typed: &str) -> Vec<&'a Item> {
    let typed = typed.to_lowercase();
    let mut shown: Vec<(bool, &Item)> = Vec::new();
    for item in items {
        let label = item.label.to_lowercase();
        let mut letters = label.chars();
        if typed.chars().all(|letter| letters.any(|other| other == letter)) {
            shown.push((!label.starts_with(&typed), item));
        }
    }
    shown.sort_by_key(|(other, _)| *other);
    shown.into_iter().map(|(_, item)| item).collect()
}

/// A snippet whose places stay as they are proposed.
fn filled(snippet: &str) -> String {
    let mut out = String::with_capacity(snippet.len());
    let mut chars = snippet.chars().peekable();
    let mut open = 0_usize;
    while let Some(char) = chars.next() {
        match char {
            '\\' => out.extend(chars.next()),
            '$' if chars.next_if_eq(&'{').is_some() => {
                while chars.next_if(char::is_ascii_digit).is_some() {}
                chars.next_if_eq(&':');
                open += 1;
            }
            '$' => while chars.next_if(char::is_ascii_digit).is_some() {},
            '}' if open > 0 => open -= 1,
            char => out.push(char),
        }
    }
    out
}
