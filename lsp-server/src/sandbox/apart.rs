//! Machine code made by a process of its own: to make it takes several times the memory of the whole server, which
//! would stay this process's for good.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use super::MODULE;
use super::artefact::{Artefact, Maker, Origin};

/// What this program is started with then; the folder follows. No person types it.
const ARGUMENT: &str = "--make-machine-code";

/// Does what [`make`] has started this program for, if so. For `main`, before it looks at its arguments.
pub fn asked() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    let asked = arguments.next().is_some_and(|argument| argument == OsStr::new(ARGUMENT));
    let folder = arguments.next().filter(|_| asked).map(PathBuf::from)?;
    // Nobody waits for it, but somebody may be typing.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(10);
    Some(match Artefact::new(MODULE, Some(&folder), Maker::Here) {
        Ok(Artefact { origin: Origin::Made(_) | Origin::Kept(_), .. }) => ExitCode::SUCCESS,
        Ok(_) | Err(_) => ExitCode::FAILURE,
    })
}

/// Has this program, started once more, put the machine code into that folder. Only for programs that call [`asked`].
pub(super) fn make(folder: &Path) -> io::Result<()> {
    // Also where the file has been replaced by another version since.
    let program =
        if cfg!(target_os = "linux") { PathBuf::from("/proc/self/exe") } else { std::env::current_exe()? };
    let mut command = Command::new(program);
    command.arg(ARGUMENT).arg(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(status.to_string())) }
}
