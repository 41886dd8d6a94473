//! Scripts run here: the interpreter as WebAssembly, with limits, so that no script can hurt the process.
//!
//! A run has a fresh memory and a thread of its own with a known stack. It is ended when it wants more
//! memory than it may have, when its time is over, on request ([`Stop`]), and when the interpreter
//! itself fails; each end has its own [`SandboxError`]. The module sees nothing of the outside: it imports
//! nothing.
//!
//! The machine code of the module is compiled at the first run and kept ([`artefact`]); for the server, a child process
//! compiles it ([`compile_process`]).
//!
//! Layers, lowest first; each module uses only those before it:
//!
//! 1. [`compile_process`]
//! 2. [`host`]: what one run may use, as the engine asks for it
//! 3. [`artefact`]: machine code, ready to run
//! 4. [`run`]: one run
//! 5. this module: the sandbox of a process

mod artefact;
mod compile_process;
mod host;
mod run;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

pub use air_service::host::{RunError as SandboxError, RunLimits as Limits, Stop};
use artefact::Compiler;
pub use artefact::{Artefact, Origin, cache_folder};

/// The interpreter as WebAssembly, built by the build script.
static MODULE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/interpreter.wasm"));

/// A function that the module exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// One line of `air_interpreter::Protocol`.
    Invoke,
    /// A run on simulated peers: `air_simulation::run::RunRequest` as JSON, answered by a report or `{"error":{"message"}}`.
    Run,
}

impl Entry {
    fn export(self) -> &'static str {
        match self {
            Entry::Invoke => "air_invoke",
            Entry::Run => "air_run",
        }
    }
}

/// The sandbox of this process; everything about it is made when it is first used.
#[derive(Debug)]
pub struct Sandbox {
    folder: Option<PathBuf>,
    /// Whether a child process compiles.
    in_child: AtomicBool,
    artefact: OnceLock<Result<Artefact, SandboxError>>,
}

impl Sandbox {
    /// The one that keeps its machine code where this user's programs keep such things.
    pub fn shared() -> &'static Sandbox {
        static SHARED: OnceLock<Sandbox> = OnceLock::new();
        SHARED.get_or_init(|| Sandbox::new(cache_folder()))
    }

    /// One that keeps its machine code in a folder, or not at all.
    pub fn new(folder: Option<PathBuf>) -> Sandbox {
        Sandbox { folder, in_child: AtomicBool::new(false), artefact: OnceLock::new() }
    }

    /// From now on a child process compiles the machine code, where there is a folder for it. For programs that live
    /// long and whose `main` calls [`child_main`].
    pub fn compile_in_child(&self) {
        self.in_child.store(true, Ordering::Relaxed);
    }

    /// Loads the machine code, compiling it if need be: up to a second once, then well below a millisecond.
    ///
    /// # Errors
    /// [`SandboxError::Unavailable`], and the same error each time.
    pub fn prepare(&self) -> Result<&Artefact, SandboxError> {
        let compiler =
            if self.in_child.load(Ordering::Relaxed) { Compiler::Child } else { Compiler::ThisProcess };
        let artefact = self.artefact.get_or_init(|| Artefact::new(MODULE, self.folder.as_deref(), compiler));
        artefact.as_ref().map_err(SandboxError::clone)
    }

    /// The answer to one request. Blocks until it is there or one of the limits is reached.
    pub fn run(
        &self,
        entry: Entry,
        request: &[u8],
        limits: &Limits,
        stop: &Stop,
    ) -> Result<Vec<u8>, SandboxError> {
        run::run(self.prepare()?, entry.export(), request, limits, stop)
    }
}

/// Compiles machine code, if that is what this process was started for; else returns `None` at once. For `main`, before
/// it looks at its arguments.
pub fn child_main() -> Option<ExitCode> {
    compile_process::child_main(|folder| {
        let artefact = Artefact::new(MODULE, Some(folder), Compiler::ThisProcess);
        artefact.is_ok_and(|artefact| matches!(artefact.origin, Origin::Compiled(_) | Origin::Kept(_)))
    })
}

/// Size of the module in bytes.
pub fn module_size() -> usize {
    MODULE.len()
}
