//! `air explain`: the page of a diagnostic, of the error code of an invocation, or of an instruction.

use air_analysis::codes::{self, Code};
use air_analysis::diagnostic::Origin;
use air_ide::instructions;

use crate::cli::exit::Exit;
use crate::cli::output::{GOOD, Output, STRONG};
use crate::cli::report::severity::style;
use crate::config::closest::closest;

/// Arguments of `air explain`.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ExplainArgs {
    /// Codes, names or instructions, such as V001, undefined-variable, 20013 or fold
    #[arg(value_name = "CODE", required_unless_present = "list")]
    pub codes: Vec<String>,
    /// List all diagnostics
    #[arg(long, conflicts_with = "codes")]
    pub list: bool,
    /// Print Markdown
    #[arg(long)]
    pub markdown: bool,
}

/// Runs `air explain`.
pub fn run(args: &ExplainArgs, output: &mut Output) -> Exit {
    if args.list {
        list(args, output);
        return Exit::Clean;
    }
    let mut exit = Exit::Clean;
    for (index, asked) in args.codes.iter().enumerate() {
        let Some(code) = Code::from_str(asked) else {
            if let Some(page) = asked.parse().ok().and_then(air_interpreter::errors::page) {
                if index > 0 {
                    output.line("");
                }
                run_error(page, args, output);
                continue;
            }
            if let Some(page) = instructions::page_of_keyword(asked) {
                if index > 0 {
                    output.line("");
                }
                let text = format!("# {asked}\n\n{}", instructions::markdown(page));
                if args.markdown {
                    output.text(&text);
                } else {
                    render(&text, output);
                }
                continue;
            }
            unknown(asked, output);
            exit = Exit::Failed;
            continue;
        };
        if index > 0 {
            output.line("");
        }
        if args.markdown {
            output.text(&codes::page_markdown(code));
        } else {
            render(&codes::page_markdown(code), output);
        }
    }
    exit
}

/// The page of a code that an invocation ended with.
fn run_error(page: &air_interpreter::errors::Page, args: &ExplainArgs, output: &mut Output) {
    let origin = match page.code {
        1..10000 => "the script did not run; previous data is kept",
        10000..20000 => "`xor` catches it; at the top, new data is kept",
        20000..29000 => "no `xor` catches it; previous data is kept",
        29000..30000 => "an error of this interpreter, where AquaVM traps; previous data is kept",
        _ => "after the run; new data is kept",
    };
    let messages: String = page.message.split(" · ").map(|message| format!("{message}\n")).collect();
    let text = format!(
        "# {} {}\n\n{}\n\nMessage:\n\n```\n{messages}```\n\nIn a run: {origin}.\n",
        page.code, page.name, page.about
    );
    if args.markdown {
        output.text(&text);
    } else {
        render(&text, output);
    }
}

fn list(args: &ExplainArgs, output: &mut Output) {
    if args.markdown {
        output.text(&codes::index_markdown());
        return;
    }
    let width = Code::ALL.iter().map(|code| code.name().len()).max().unwrap_or_default();
    for origin in [Origin::Syntax, Origin::Validation, Origin::Lint] {
        let title = match origin {
            Origin::Syntax => "Syntax: AquaVM refuses the text",
            Origin::Validation => "Validation: AquaVM refuses the script",
            Origin::Lint => "Lints: AquaVM accepts the script",
        };
        output.line(output.paint(STRONG, title).to_string());
        for code in Code::ALL.iter().filter(|code| code.origin() == origin) {
            let id = output.paint(style(code.severity()), code.as_str()).to_string();
            let summary = code.page().summary;
            output.line(format_args!("  {id}  {:width$}  {summary}", code.name()));
        }
    }
}

fn unknown(asked: &str, output: &mut Output) {
    let all = Code::ALL.iter().flat_map(|code| [code.as_str(), code.name()]);
    let close = closest(asked, all).map(|close| format!("; did you mean `{close}`?")).unwrap_or_default();
    output.error(format_args!("unknown code or name `{asked}`{close} (`air explain --list` shows all)"));
}

/// Markdown as far as the pages use it: headings, paragraphs, code blocks, `code`, **strong**.
fn render(markdown: &str, output: &mut Output) {
    let mut code = false;
    for line in markdown.lines() {
        let shown = if line.starts_with("```") {
            code = !code;
            continue;
        } else if code {
            output.paint(GOOD, format_args!("    {line}")).to_string()
        } else if let Some(heading) = line.strip_prefix('#') {
            output.paint(STRONG, heading.trim_start_matches('#').trim().replace('`', "")).to_string()
        } else {
            inline(line, output)
        };
        output.line(shown.trim_end());
    }
}

/// Marks `code` by colour; without colours the back-ticks stay.
fn inline(line: &str, output: &Output) -> String {
    if !output.colour() {
        return line.to_owned();
    }
    let parts = line.split('`').enumerate().map(|(index, part)| {
        if index % 2 == 1 { output.paint(GOOD, part).to_string() } else { part.to_owned() }
    });
    parts.collect()
}
