//! `air beautify`: a script as people read it.

use std::path::PathBuf;

use air_analysis::beautify::{BeautifyOptions, beautify};

use crate::cli::exit::Exit;
use crate::cli::inputs::{self, Input};
use crate::cli::output::Output;
use crate::cli::rejection;
use crate::cli::scripts::{self, Script};
use crate::config::Configs;
use crate::files::writer;

/// Arguments of `air beautify`.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct BeautifyArgs {
    /// The script; `-` or nothing is standard input
    pub path: Option<PathBuf>,
    /// Spaces per level [default: 4]
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=64))]
    pub indent_step: Option<u8>,
    /// Show the compiler's hops as `hopon`
    #[arg(long, short)]
    pub patterns: bool,
    /// Write the view to this file
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Keep comments (an extension)
    #[arg(long)]
    pub comments: bool,
    /// Name all idioms of the Aqua compiler (an extension)
    #[arg(long)]
    pub idioms: bool,
    /// Show what can be shown of a rejected script (an extension)
    #[arg(long)]
    pub force: bool,
    /// File name of standard input, in messages and for the configuration
    #[arg(long, value_name = "FILE")]
    pub stdin_filepath: Option<PathBuf>,
}

/// Runs `air beautify`.
pub fn run(args: &BeautifyArgs, configs: &Configs, output: &mut Output) -> Exit {
    let result = try_run(args, configs, output);
    output.conclude(result)
}

fn try_run(args: &BeautifyArgs, configs: &Configs, output: &mut Output) -> Result<Exit, String> {
    let input = Input::one(args.path.as_ref(), args.stdin_filepath.as_ref());
    inputs::keep_apart(args.output.as_deref(), [&input])?;
    let Script { name, config, analysis } =
        scripts::read_one(args.path.as_ref(), args.stdin_filepath.as_ref(), configs, output)?;

    let mut exit = Exit::Clean;
    if !analysis.accepted() {
        rejection::show(&name, &analysis, output);
        output.note("AquaVM rejects this script, so it has no view; `--force` shows what can be shown");
        exit = Exit::Findings;
        if !args.force {
            return Ok(exit);
        }
    }
    let settings = config.beautify;
    let options = BeautifyOptions {
        indent_step: usize::from(args.indent_step.or(settings.indent_step).unwrap_or(4)),
        patterns: args.patterns || settings.patterns.unwrap_or(false),
        comments: args.comments || settings.comments.unwrap_or(false),
        idioms: args.idioms || settings.idioms.unwrap_or(false),
    };
    let view = beautify(analysis.hir(), &options).map_err(|error| format!("{name}: {error}"))?;
    match &args.output {
        Some(file) => {
            writer::create(file, &view.text).map_err(|error| format!("{}: {error}", file.display()))?;
            output.detail(format_args!("wrote {}", file.display()));
        }
        None => output.script(&view.text),
    }
    Ok(exit)
}
