//! `air explain`: the page of a diagnostic, of the error code of a run, of an instruction, a service or a topic.

use air_service::documents::explain::{self, Entry, GROUPS, entries, page};
use anstyle::Style;

use crate::cli::exit::Exit;
use crate::cli::known_words::KnownWords;
use crate::cli::markdown::render;
use crate::cli::output::{GOOD, Output, STRONG, WARNING};
use crate::cli::report::severity;
use crate::config::closest::closest;

/// Arguments of `air explain`.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ExplainArgs {
    /// Codes, names, instructions, services or topics, such as V001, undefined-variable, 20013, fold, op or sample
    #[arg(value_name = "WHAT", required_unless_present_any = ["list", "search"], value_parser = KnownWords(explain::words), hide_possible_values = true)]
    pub codes: Vec<String>,
    /// List all that can be explained
    #[arg(long, conflicts_with = "codes")]
    pub list: bool,
    /// List the pages that contain this text
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["codes", "list"])]
    pub search: Option<String>,
    /// Print Markdown
    #[arg(long)]
    pub markdown: bool,
}

/// Runs `air explain`.
pub fn run(args: &ExplainArgs, output: &mut Output) -> Exit {
    if args.list && args.markdown {
        output.text(&air_analysis::codes::index_markdown());
        return Exit::Clean;
    }
    if args.list {
        list(&entries(), output);
        return Exit::Clean;
    }
    if let Some(text) = &args.search {
        let found = search(text);
        list(&found, output);
        if found.is_empty() {
            output.note(format_args!("no page contains `{text}`"));
            return Exit::Findings;
        }
        return Exit::Clean;
    }
    let mut exit = Exit::Clean;
    for (index, asked) in args.codes.iter().enumerate() {
        let Some(text) = page(asked) else {
            unknown(asked, output);
            exit = Exit::Failed;
            continue;
        };
        if index > 0 {
            output.line("");
        }
        if args.markdown {
            output.text(&text);
        } else {
            render(&text, output);
        }
    }
    exit
}

/// Entries by group, a line each, cut where the terminal ends.
fn list(entries: &[Entry], output: &mut Output) {
    let width = output.width();
    let mut first = true;
    for (group, title) in GROUPS {
        let of_group: Vec<&Entry> = entries.iter().filter(|entry| entry.group == *group).collect();
        if of_group.is_empty() {
            continue;
        }
        if !std::mem::take(&mut first) {
            output.line("");
        }
        output.line(output.paint(STRONG, title).to_string());
        let columns = of_group.iter().map(|entry| entry.words().chars().count()).max().unwrap_or_default();
        for entry in of_group {
            let word = format!("{:columns$}", entry.words());
            let word = output.paint(style(entry), word).to_string();
            let room = if width == 0 { usize::MAX } else { width.saturating_sub(columns + 4) };
            output.line(format_args!("  {word}  {}", cut(&entry.about, room)).to_string().trim_end());
        }
    }
}

/// How the word of an entry is shown.
fn style(entry: &Entry) -> Style {
    match (entry.severity, entry.group) {
        (Some(severity), _) => severity::style(severity),
        (None, "topic") => STRONG,
        (None, "error") => WARNING,
        (None, _) => GOOD,
    }
}

/// The beginning of a text, with `…` if that is not all.
fn cut(text: &str, columns: usize) -> String {
    if text.chars().count() <= columns {
        return text.to_owned();
    }
    text.chars().take(columns.saturating_sub(1)).chain(['…']).collect()
}

/// Pages that contain a text, in any case.
fn search(text: &str) -> Vec<Entry> {
    let text = text.to_lowercase();
    let has = |entry: &Entry| {
        entry.words().to_lowercase().contains(&text)
            || page(&entry.word).is_some_and(|page| page.to_lowercase().contains(&text))
    };
    entries().into_iter().filter(has).collect()
}

fn unknown(asked: &str, output: &mut Output) {
    let entries = entries();
    let all = entries.iter().flat_map(|entry| [Some(entry.word.as_str()), entry.name]).flatten();
    let close = closest(asked, all).map(|close| format!("; did you mean `{close}`?")).unwrap_or_default();
    output.error(format_args!("unknown code or name `{asked}`{close} (`air explain --list` shows all)"));
    let found = search(asked);
    if close.is_empty() && !found.is_empty() {
        let (count, verb) = if found.len() == 1 {
            ("one page".to_owned(), "contains")
        } else {
            (format!("{} pages", found.len()), "contain")
        };
        output.note(format_args!("{count} {verb} it: `air explain --search {asked}`"));
    }
}
