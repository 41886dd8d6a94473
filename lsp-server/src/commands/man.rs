//! `air man`: manual pages.

use std::path::PathBuf;

use clap::Command;
use clap_mangen::Man;

use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::files::writer;

/// Arguments of `air man`.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ManArgs {
    /// The command whose page is printed [default: the page of the program]
    pub command: Option<String>,
    /// Write all pages into this folder instead
    #[arg(long, value_name = "FOLDER", conflicts_with = "command", value_hint = clap::ValueHint::DirPath)]
    pub out_dir: Option<PathBuf>,
}

/// Runs `air man` for the whole command line, `command`.
pub fn run(args: &ManArgs, command: &mut Command, output: &mut Output) -> Exit {
    let result = try_run(args, command, output);
    output.conclude(result.map(|()| Exit::Clean))
}

fn try_run(args: &ManArgs, command: &mut Command, output: &mut Output) -> Result<(), String> {
    command.build();
    let program = command.get_bin_name().unwrap_or("air").to_owned();
    if let Some(folder) = &args.out_dir {
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let pages = std::iter::once((program.clone(), &*command))
            .chain(shown(command).map(|sub| (format!("{program}-{}", sub.get_name()), sub)));
        for (name, command) in pages {
            let path = folder.join(format!("{name}.1"));
            let page = page(&name, command)?;
            writer::create(&path, &page).map_err(|error| format!("{}: {error}", path.display()))?;
            output.line(path.display());
        }
        return Ok(());
    }
    let (name, command) = match &args.command {
        None => (program, &*command),
        Some(asked) => {
            let found = shown(command).find(|sub| sub.get_name() == asked);
            let sub = found.ok_or_else(|| format!("no command `{asked}` (`{program} --help` lists them)"))?;
            (format!("{program}-{asked}"), sub)
        }
    };
    output.text(&page(&name, command)?);
    Ok(())
}

fn shown(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help")
}

fn page(name: &str, command: &Command) -> Result<String, String> {
    let mut page = Vec::new();
    let command = command.clone().name(name.to_owned()).display_name(name.to_owned());
    Man::new(command).render(&mut page).map_err(|error| format!("cannot be rendered: {error}"))?;
    String::from_utf8(page).map_err(|error| error.to_string())
}
