//! What can be explained: a word, a line about it, and its page.

use air_analysis::codes::{self, Code};
use air_analysis::diagnostic::{Origin, Severity};
use air_ide::{annotations, instructions, services};

/// Something that has a page.
pub struct Entry {
    /// What to ask for.
    pub word: String,
    /// Another word for it.
    pub name: Option<&'static str>,
    /// A line about it.
    pub about: String,
    /// One of [`GROUPS`].
    pub group: &'static str,
    /// How bad what it explains is, of diagnostics.
    pub severity: Option<Severity>,
}

impl Entry {
    /// Both words.
    pub fn words(&self) -> String {
        self.name.map_or_else(|| self.word.clone(), |name| format!("{}  {name}", self.word))
    }
}

/// Groups of entries, with their titles.
pub const GROUPS: &[(&str, &str)] = &[
    ("topic", "Topics"),
    ("instruction", "Instructions"),
    ("syntax", "Syntax: AquaVM refuses the text"),
    ("validation", "Validation: AquaVM refuses the script"),
    ("lint", "Lints: AquaVM accepts the script"),
    ("error", "Error codes of runs"),
    ("service", "Built-in services, which peers answer by themselves"),
];

/// A topic by its name, in one line, and its page.
type Topic = (&'static str, &'static str, fn() -> String);

/// Pages about more than one thing.
const TOPICS: &[Topic] = &[
    ("sample", "Sample data: who answers the calls of a run", || {
        include_str!("../../../docs/sample-data.md").to_owned()
    }),
    ("directives", "Comments that tell the tools something", directives),
    ("json", "What is printed as JSON, and its schemas", || include_str!("../../../docs/json.md").to_owned()),
];

/// All entries, in the order of [`GROUPS`].
pub fn entries() -> Vec<Entry> {
    let entry = |word: &str, about: &str, group| Entry {
        word: word.to_owned(),
        name: None,
        about: about.to_owned(),
        group,
        severity: None,
    };
    let mut all: Vec<Entry> = TOPICS.iter().map(|(word, about, _)| entry(word, about, "topic")).collect();
    all.extend(instructions::PAGES.iter().map(|page| entry(page.keyword, page.meaning, "instruction")));
    for origin in [Origin::Syntax, Origin::Validation, Origin::Lint] {
        let group = match origin {
            Origin::Syntax => "syntax",
            Origin::Validation => "validation",
            Origin::Lint => "lint",
        };
        all.extend(Code::ALL.iter().filter(|code| code.origin() == origin).map(|code| Entry {
            name: Some(code.name()),
            severity: Some(code.severity()),
            ..entry(code.as_str(), code.page().summary, group)
        }));
    }
    all.extend(
        air_interpreter::errors::PAGES.iter().map(|page| Entry {
            name: Some(page.name),
            ..entry(&page.code.to_string(), page.about, "error")
        }),
    );
    let mut last = "";
    for function in services::BUILT_INS {
        if std::mem::replace(&mut last, function.service) != function.service {
            let functions = services::BUILT_INS.iter().filter(|it| it.service == function.service);
            let names: Vec<&str> = functions.map(|it| it.function).collect();
            all.push(entry(function.service, &names.join(", "), "service"));
        }
    }
    all
}

/// Every word that can be asked for, for shells.
pub fn words() -> Vec<(String, String)> {
    let pairs = entries().into_iter().flat_map(|entry| {
        let name = entry.name.map(|name| (name.to_owned(), entry.about.clone()));
        [Some((entry.word, entry.about)), name]
    });
    pairs.flatten().collect()
}

/// The page of a word, as Markdown.
pub fn page(asked: &str) -> Option<String> {
    if let Some(code) = Code::from_str(asked) {
        return Some(codes::page_markdown(code));
    }
    let by_name = || air_interpreter::errors::PAGES.iter().find(|page| page.name == asked);
    if let Some(page) = asked.parse().ok().and_then(air_interpreter::errors::page).or_else(by_name) {
        return Some(run_error(page));
    }
    if let Some(page) = instructions::page_of_keyword(asked) {
        return Some(format!("# {asked}\n\n{}", instructions::markdown(page)));
    }
    if let Some((.., text)) = TOPICS.iter().find(|(word, ..)| *word == asked) {
        return Some(text());
    }
    service(asked)
}

/// The page of a code that an invocation ended with.
fn run_error(page: &air_interpreter::errors::Page) -> String {
    let origin = match page.code {
        1..10000 => "the script did not run; previous data is kept",
        10000..20000 => "`xor` catches it; at the top, new data is kept",
        20000..29000 => "no `xor` catches it; previous data is kept",
        29000..30000 => "an error of this interpreter, where AquaVM traps; previous data is kept",
        _ => "after the run; new data is kept",
    };
    let messages: String = page.message.split(" · ").map(|message| format!("{message}\n")).collect();
    format!(
        "# {} {}\n\n{}\n\nMessage:\n\n```\n{messages}```\n\nIn a run: {origin}.\n",
        page.code, page.name, page.about
    )
}

/// A built-in service, or one function of it: `op`, `op.concat_strings`.
fn service(asked: &str) -> Option<String> {
    let (service, function) =
        asked.split_once('.').map_or((asked, None), |(service, function)| (service, Some(function)));
    let all = services::BUILT_INS.iter().filter(|it| it.service == service);
    let lines: Vec<String> = all
        .filter(|it| function.is_none_or(|function| it.function == function))
        .map(|it| format!("- `{}({})`: {}\n", it.function, it.parameters.join(", "), it.what))
        .collect();
    (!lines.is_empty()).then(|| {
        format!(
            "# {asked}\n\nA built-in service: peers answer it by themselves, in runs as well.\n\n{}",
            lines.concat()
        )
    })
}

/// Directives and annotations.
fn directives() -> String {
    let line = |it: &annotations::Annotation| format!("- `; {}`: {}\n", it.label, it.what);
    let directives: String = annotations::DIRECTIVES.iter().map(line).collect();
    let samples: String = annotations::SAMPLES.iter().map(line).collect();
    format!(
        "# Directives\n\nComments can tell the tools something about a script. For AquaVM they are comments like any \
         other. A directive is a whole comment, on a line of its own or after an instruction.\n\n{directives}\n\
         After a call, a comment can say what it gets in a run (`air explain sample`):\n\n{samples}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_has_a_page() {
        for entry in entries() {
            let found = page(&entry.word);
            assert!(found.is_some_and(|page| page.starts_with("# ")), "{}", entry.word);
            assert!(GROUPS.iter().any(|(group, _)| *group == entry.group), "{}", entry.group);
        }
        assert!(page("op.concat_strings").is_some() && page("op.nothing").is_none());
    }
}
