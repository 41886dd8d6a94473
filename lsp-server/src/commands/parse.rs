//! `air parse`: the tree of a script.

use std::path::PathBuf;

use air_analysis::diagnostic::Origin;

use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::report::Full;
use crate::cli::scripts::{self, Script};
use crate::config::Configs;

mod tree;

/// Arguments of `air parse`.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ParseArgs {
    /// The script; `-` or nothing is standard input
    pub path: Option<PathBuf>,
    /// Print the abstract syntax tree as JSON
    #[arg(long)]
    pub json: bool,
    /// Show whitespace as well
    #[arg(long, conflicts_with = "json")]
    pub blanks: bool,
    /// File name of standard input, in messages and for the configuration
    #[arg(long, value_name = "FILE")]
    pub stdin_filepath: Option<PathBuf>,
}

/// Runs `air parse`.
pub fn run(args: &ParseArgs, configs: &Configs, output: &mut Output) -> Exit {
    let result = try_run(args, configs, output);
    output.conclude(result)
}

fn try_run(args: &ParseArgs, configs: &Configs, output: &mut Output) -> Result<Exit, String> {
    let Script { name, analysis, .. } =
        scripts::read_one(args.path.as_ref(), args.stdin_filepath.as_ref(), configs, output)?;
    if args.json {
        // Objects have string keys, and failing output is noted by `Output` itself.
        let _ =
            serde_json::to_writer(output.writer(), &air_service::documents::parse::tree(&name, &analysis));
        output.text("\n");
    } else {
        tree::write(&analysis.parse.syntax(), args.blanks, output);
        let full = Full::new(output.err_colour(), 0);
        for found in analysis.diagnostics().iter().filter(|found| found.code.origin() == Origin::Syntax) {
            output.err_line(full.render(&name, &analysis, found).trim_end_matches('\n'));
        }
    }
    Ok(if analysis.parse.ok() { Exit::Clean } else { Exit::Findings })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_current() {
        crate::schemas::compare("parse.schema.json", &air_service::documents::parse::schema());
    }
}
