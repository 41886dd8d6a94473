//! A child process that compiles the machine code: compiling takes several times the memory of the whole server, which
//! would stay this process's for good.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

/// The argument that tells this program that it is the child; the folder follows. No person types it.
const CHILD_ARGUMENT: &str = "--make-machine-code";

/// Compiles, if this process is a child that [`compile`] has started; else returns `None` at once. `into_folder` puts
/// the machine code into a folder and says whether it is there.
pub(super) fn child_main(into_folder: impl FnOnce(&Path) -> bool) -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    let is_child = arguments.next().is_some_and(|argument| argument == OsStr::new(CHILD_ARGUMENT));
    let folder = arguments.next().filter(|_| is_child).map(PathBuf::from)?;
    // Nothing waits for it, but an editor may be in use meanwhile.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(10);
    Some(if into_folder(&folder) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Starts this program once more to put the machine code into a folder, and waits for it. Only for programs whose
/// `main` calls [`super::child_main`].
pub(super) fn compile(folder: &Path) -> io::Result<()> {
    // Linux finds this very program there, also when its file has been replaced by another version since.
    let program =
        if cfg!(target_os = "linux") { PathBuf::from("/proc/self/exe") } else { std::env::current_exe()? };
    let mut command = Command::new(program);
    command.arg(CHILD_ARGUMENT).arg(folder);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(status.to_string())) }
}
