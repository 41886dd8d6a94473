//! Scripts run here: the interpreter as WebAssembly, with limits, so that no script can hurt the process.
//!
//! A run has a fresh memory and a thread of its own with a known stack. It is ended when it wants more
//! memory than it may have, when its time is over, on request ([`Stop`]), and when the interpreter
//! itself fails; each end has its own [`SandboxError`]. The module sees nothing of the outside: it imports
//! nothing.
//!
//! The machine code of the module is a part of the program ([`machine_code`]): nothing is compiled here, and no file is
//! read.
//!
//! Layers, lowest first; each module uses only those before it:
//!
//! 1. [`settings`]: what the code and the engine agree on
//! 2. [`host`]: what one run may use, as the engine asks for it
//! 3. [`machine_code`]: the code, and the code ready to run
//! 4. [`run`]: one run
//! 5. this module: the sandbox of a process

mod host;
mod machine_code;
mod run;
mod settings;

use std::sync::OnceLock;

pub use air_service::host::{RunError as SandboxError, RunLimits as Limits, Stop};
use machine_code::{INTERPRETER, Loaded};

/// A function that the module exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// One line of `air_interpreter::Protocol`.
    Invoke,
    /// A run on simulated peers: `air_simulation::run::RunRequest` as JSON, answered by a report or `{"error":{"message"}}`.
    Run,
    /// All orders of one: `air_simulation::explore::ExploreRequest`, answered by an `Exploration` or
    /// `{"error":{"message"}}`.
    Explore,
}

impl Entry {
    fn export(self) -> &'static str {
        match self {
            Entry::Invoke => "air_invoke",
            Entry::Run => "air_run",
            Entry::Explore => "air_explore",
        }
    }
}

/// The sandbox of a process. The machine code is made ready when it is first used.
#[derive(Debug, Default)]
pub struct Sandbox {
    loaded: OnceLock<Result<Loaded, SandboxError>>,
}

impl Sandbox {
    /// The one of this process.
    pub fn shared() -> &'static Sandbox {
        static SHARED: OnceLock<Sandbox> = OnceLock::new();
        SHARED.get_or_init(Sandbox::default)
    }

    /// The answer to one request. Blocks until it is there or one of the limits is reached.
    ///
    /// # Errors
    /// [`SandboxError`]; [`SandboxError::Unavailable`] each time where the machine code cannot run on this machine.
    pub fn run(
        &self,
        entry: Entry,
        request: &[u8],
        limits: &Limits,
        stop: &Stop,
    ) -> Result<Vec<u8>, SandboxError> {
        let loaded = self.loaded.get_or_init(|| INTERPRETER.load()).as_ref().map_err(SandboxError::clone)?;
        run::run(loaded, entry.export(), request, limits, stop)
    }
}

/// Size of the interpreter's machine code in bytes.
pub fn code_size() -> usize {
    INTERPRETER.size()
}
