//! `air init`: a folder to start from.

use std::path::{Path, PathBuf};

use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::files::writer;

/// Arguments of `air init`.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct InitArgs {
    /// The folder; it is made if it is not there [default: the current one]
    #[arg(value_hint = clap::ValueHint::DirPath)]
    pub folder: Option<PathBuf>,
}

/// What is written: name and text.
const FILES: [(&str, &str); 3] = [
    ("air.toml", include_str!("init/air.toml")),
    ("hello.air", include_str!("init/hello.air")),
    ("hello.sample.json", include_str!("init/hello.sample.json")),
];

/// Runs `air init`. Nothing is written if one of the files is there.
pub fn run(args: &InitArgs, output: &mut Output) -> Exit {
    let result = try_run(args, output);
    output.conclude(result)
}

fn try_run(args: &InitArgs, output: &mut Output) -> Result<Exit, String> {
    let folder = args.folder.as_deref().unwrap_or(Path::new(""));
    let at = |name: &str| folder.join(name);
    if let Some((name, _)) = FILES.iter().find(|(name, _)| at(name).symlink_metadata().is_ok()) {
        return Err(format!("{}: is there already; nothing was written", at(name).display()));
    }
    if !folder.as_os_str().is_empty() {
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    for (name, text) in FILES {
        let path = at(name);
        writer::create(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        output.line(path.display());
    }
    let script = at("hello.air");
    let shown = if folder.as_os_str().is_empty() { ".".into() } else { folder.display().to_string() };
    output.note(format_args!(
        "`air run {}` runs the script, `air test {shown}` its test, `air check {shown}` looks for mistakes",
        script.display()
    ));
    Ok(Exit::Clean)
}
