//! `air doctor`: what is installed and found, for set-up and bug reports.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Instant;

use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::exit::Exit;
use crate::cli::global_args::GlobalArgs;
use crate::cli::output::{GOOD, Output, STRONG, WARNING};
use crate::config::LineEnding;
use crate::config::editorconfig::{self, Layout};
use crate::config::find::nearest;
use crate::host::NativeFiles;
use crate::sandbox::{self, Entry, Limits, Sandbox, SandboxError, Stop};

/// Arguments of `air doctor`.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct DoctorArgs {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// What the command reports; serialized with `--json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "air doctor --json")]
struct Findings {
    /// Of the program.
    version: &'static str,
    /// The release of AquaVM that it behaves as.
    aquavm: String,
    system: String,
    processors: usize,
    program: Option<PathBuf>,
    /// What the shell starts for the name of this program.
    on_path: Option<PathBuf>,
    /// The language server beside it.
    server: Option<PathBuf>,
    config: Option<PathBuf>,
    editorconfig_indent: Option<u8>,
    /// `lf` or `crlf`.
    editorconfig_line_ending: Option<LineEnding>,
    /// Whether scripts can be run.
    sandbox: String,
    editors: Vec<Editor>,
    terminal: Terminal,
    /// What needs attention, and what to do.
    problems: Vec<String>,
}

/// An editor on PATH.
#[derive(Debug, Serialize, JsonSchema)]
struct Editor {
    name: &'static str,
    path: PathBuf,
    hint: &'static str,
}

/// Where the output goes.
#[derive(Debug, Serialize, JsonSchema)]
struct Terminal {
    stdout_is_terminal: bool,
    stderr_is_terminal: bool,
    colour: bool,
    width: usize,
    term: Option<String>,
}

const EDITORS: [(&str, &str, &str); 5] = [
    ("nvim", "Neovim", "editors/nvim in the repository"),
    ("hx", "Helix", "editors/helix in the repository"),
    ("code", "VS Code", "editors/vscode in the repository"),
    ("emacs", "Emacs", "editors/emacs in the repository"),
    ("zed", "Zed", "editors/zed in the repository"),
];

/// Runs `air doctor`.
pub fn run(args: &DoctorArgs, global: &GlobalArgs, output: &mut Output) -> Exit {
    let findings = look(global, output);
    if args.json {
        output.line(serde_json::to_string_pretty(&findings).unwrap_or_default());
    } else {
        show(&findings, output);
    }
    if findings.problems.is_empty() { Exit::Clean } else { Exit::Findings }
}

fn look(global: &GlobalArgs, output: &Output) -> Findings {
    let mut problems = Vec::new();
    let program = env::current_exe().ok();
    let own_name = program.as_deref().and_then(Path::file_name).unwrap_or(OsStr::new("air"));
    let on_path = on_path(own_name);
    match (&program, &on_path) {
        (Some(program), Some(found)) if !same(program, found) => problems.push(format!(
            "`{}` on PATH is another program: {}. Several tools are called `air`; put {} earlier in PATH, or link \
             this program under another name (any name works)",
            own_name.display(),
            found.display(),
            program.parent().unwrap_or(Path::new("")).display()
        )),
        (Some(program), None) => {
            problems.push(format!("{} is not on PATH; add its folder", program.display()));
        }
        _ => {}
    }
    let server = self::on_path(OsStr::new("air-lsp"));
    if server.is_none() {
        problems.push("`air-lsp` is not on PATH; let editors start `air lsp` instead".to_owned());
    }
    let here = env::current_dir().unwrap_or_default();
    let config = match &global.config {
        Some(path) => Some(path.clone()),
        None if global.isolated => None,
        None => nearest(&NativeFiles, &here),
    };
    if let Some(error) = config.as_deref().and_then(|path| crate::config::read_named(path).err()) {
        problems.push(error.to_string());
    }
    let editorconfig = if global.isolated {
        Layout::default()
    } else {
        editorconfig::layout(&NativeFiles, &here.join("script.air"))
    };
    let sandbox = sandbox().unwrap_or_else(|error| {
        problems.push(error.to_string());
        error.code().to_owned()
    });
    Findings {
        version: env!("CARGO_PKG_VERSION"),
        aquavm: air_interpreter::INTERPRETER_VERSION.to_string(),
        system: format!("{} {}", env::consts::OS, env::consts::ARCH),
        processors: std::thread::available_parallelism().map_or(1, usize::from),
        program,
        on_path,
        server,
        config,
        editorconfig_indent: editorconfig.indent_width,
        editorconfig_line_ending: editorconfig.line_ending,
        sandbox,
        editors: EDITORS
            .iter()
            .filter_map(|(command, name, hint)| {
                Some(Editor { name, path: self::on_path(OsStr::new(command))?, hint })
            })
            .collect(),
        terminal: Terminal {
            stdout_is_terminal: output.out_is_terminal(),
            stderr_is_terminal: output.err_is_terminal(),
            colour: output.colour(),
            width: output.width(),
            term: env::var("TERM").ok(),
        },
        problems,
    }
}

fn show(findings: &Findings, output: &mut Output) {
    let path = |path: &Option<PathBuf>, none: &str| {
        path.as_ref().map_or(none.to_owned(), |path| path.display().to_string())
    };
    let terminal = &findings.terminal;
    let yes = |yes| if yes { "yes" } else { "no" };
    let lines = [
        ("version", findings.version.to_owned()),
        ("AquaVM", findings.aquavm.clone()),
        ("system", format!("{}, {} processors", findings.system, findings.processors)),
        ("program", path(&findings.program, "unknown")),
        ("on PATH", path(&findings.on_path, "no")),
        ("air-lsp", path(&findings.server, "not on PATH")),
        ("air.toml", path(&findings.config, "none in this folder or above; defaults apply")),
        (".editorconfig", editorconfig_says(findings)),
        ("sandbox", findings.sandbox.clone()),
        (
            "terminal",
            format!(
                "output {}, errors {}, colours {}, width {}, TERM {}",
                yes(terminal.stdout_is_terminal),
                yes(terminal.stderr_is_terminal),
                yes(terminal.colour),
                terminal.width,
                terminal.term.as_deref().unwrap_or("unset")
            ),
        ),
    ];
    for (what, value) in lines {
        let what = output.paint(STRONG, format_args!("{what:14}")).to_string();
        output.line(format_args!("{what} {value}"));
    }
    for editor in &findings.editors {
        let name = output.paint(STRONG, format_args!("{:14}", editor.name)).to_string();
        output.line(format_args!("{name} {}; set-up: {}", editor.path.display(), editor.hint));
    }
    for problem in &findings.problems {
        let mark = output.paint(WARNING, "attention:").to_string();
        output.line(format_args!("{mark} {problem}"));
    }
    if findings.problems.is_empty() {
        output.line(output.paint(GOOD, "no problems found").to_string());
    }
}

/// What `.editorconfig` says of scripts.
fn editorconfig_says(findings: &Findings) -> String {
    let indent = findings.editorconfig_indent.map(|width| format!("indent {width}"));
    let end = findings.editorconfig_line_ending.map(|end| match end {
        LineEnding::Crlf => "lines end with CRLF".to_owned(),
        _ => "lines end with LF".to_owned(),
    });
    let said: Vec<String> = [indent, end].into_iter().flatten().collect();
    if said.is_empty() { "sets neither indent (1 to 8) nor line ends".to_owned() } else { said.join(", ") }
}

/// Makes a test run; the sentence says how it went.
fn sandbox() -> Result<String, SandboxError> {
    let begun = Instant::now();
    let request = br#"{"op":"key","name":"doctor"}"#;
    Sandbox::shared().run(Entry::Invoke, request, &Limits::default(), &Stop::default())?;
    let (size, took) = (sandbox::code_size() / 1000, begun.elapsed().as_millis());
    Ok(format!("works: machine code of {size} kB, test run in {took} ms"))
}

/// The first program of that name on PATH.
fn on_path(name: &OsStr) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(name).with_extension(env::consts::EXE_EXTENSION))
        .find(|file| is_program(file))
}

#[cfg(unix)]
fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    file.is_file()
}

fn same(left: &Path, right: &Path) -> bool {
    match (left.canonicalize(), right.canonicalize()) {
        (Ok(left), Ok(right)) => left == right,
        _ => left == right,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_current() {
        crate::schemas::compare("doctor.schema.json", &schemars::schema_for!(super::Findings).to_value());
    }
}
