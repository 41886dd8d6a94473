//! Scripts run here: the interpreter as WebAssembly, with limits, so that no script can hurt the process.
//!
//! A run has a fresh memory and a thread of its own with a known stack. It is ended when it wants more
//! memory than it may have, when its time is over, when somebody asks for it, and when the interpreter
//! itself fails; each end has its own [`SandboxError`]. The module sees nothing of the outside: it imports
//! nothing.
//!
//! The machine code of the module is made at the first run and kept ([`artefact`]); for the server by a process of its
//! own ([`apart`]).

mod apart;
mod artefact;
mod run;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

pub use air_service::host::{RunError as SandboxError, RunLimits as Limits, Stop};
pub use apart::asked;
use artefact::Maker;
pub use artefact::{Artefact, Origin, cache_folder};

/// The interpreter, made by the build script.
static MODULE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/interpreter.wasm"));

/// What is asked of the interpreter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// One line of `air_interpreter::Protocol`.
    Invoke,
    /// A run on simulated peers: `air_interpreter::run::RunRequest` as JSON, answered by a report or `{"error":{"message"}}`.
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
    folder: Option<std::path::PathBuf>,
    /// Whether another process makes the machine code.
    apart: AtomicBool,
    artefact: OnceLock<Result<Artefact, SandboxError>>,
}

impl Sandbox {
    /// The one that keeps its machine code where this user's programs keep such things.
    pub fn shared() -> &'static Sandbox {
        static SHARED: OnceLock<Sandbox> = OnceLock::new();
        SHARED.get_or_init(|| Sandbox::new(cache_folder()))
    }

    /// One that keeps its machine code in a folder, or not at all.
    pub fn new(folder: Option<std::path::PathBuf>) -> Sandbox {
        Sandbox { folder, apart: AtomicBool::new(false), artefact: OnceLock::new() }
    }

    /// From now on another process makes the machine code, where it can be kept. For programs that live long and
    /// whose `main` calls [`asked`].
    pub fn made_apart(&self) {
        self.apart.store(true, Ordering::Relaxed);
    }

    /// Loads the machine code, making it if need be: up to a second once, then well below a millisecond.
    pub fn prepare(&self) -> Result<&Artefact, SandboxError> {
        let maker = if self.apart.load(Ordering::Relaxed) { Maker::Apart } else { Maker::Here };
        let made = self.artefact.get_or_init(|| Artefact::new(MODULE, self.folder.as_deref(), maker));
        made.as_ref().map_err(SandboxError::clone)
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

/// Bytes of the module.
pub fn module_size() -> usize {
    MODULE.len()
}
