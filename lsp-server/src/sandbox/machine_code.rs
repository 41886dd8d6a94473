//! The machine code of the module. It was made when the program was built and is a part of the program, so nothing is
//! compiled here, and nothing that lies in a file is ever run.
//!
//! One of the two modules of this crate with `unsafe`: loading machine code means to trust it.
#![allow(unsafe_code)]

use wasmtime::{Config, Engine, InstancePre, Linker, Module};

use super::SandboxError;
use super::host::{Host, WASM_STACK_BYTES};
use super::settings::settings;

/// What the build script has made.
#[derive(Debug, Clone, Copy)]
pub(super) struct MachineCode(&'static [u8]);

/// Machine code from the build script's folder, by its file's name.
macro_rules! built {
    ($file:literal) => {
        $crate::sandbox::machine_code::MachineCode::trusted(include_bytes!(concat!(
            env!("OUT_DIR"),
            "/",
            $file
        )))
    };
}
#[cfg(test)]
pub(super) use built;

/// The interpreter.
pub(super) const INTERPRETER: MachineCode = built!("interpreter.cwasm");

impl MachineCode {
    /// Only for what the build script has made: use `built!`.
    pub(super) const fn trusted(bytes: &'static [u8]) -> MachineCode {
        MachineCode(bytes)
    }

    /// Its size in bytes.
    pub(super) const fn size(self) -> usize {
        self.0.len()
    }

    /// Makes it ready to run.
    ///
    /// # Errors
    /// [`SandboxError::Unavailable`] if the processor lacks instructions that the code has, or the system gives no memory
    /// that may hold code.
    pub(super) fn load(self) -> Result<Loaded, SandboxError> {
        self.load_with(settings())
    }

    fn load_with(self, mut settings: Config) -> Result<Loaded, SandboxError> {
        settings.max_wasm_stack(WASM_STACK_BYTES);
        let load = || -> wasmtime::Result<Loaded> {
            let engine = Engine::new(&settings)?;
            // SAFETY: these bytes are the build script's, from wasmtime's compiler, and nobody can have changed them since.
            // Code of another version, for other settings or for another processor is an error here.
            let module = unsafe { Module::deserialize(&engine, self.0) }?;
            let module = Linker::new(&engine).instantiate_pre(&module)?;
            Ok(Loaded { engine, module })
        };
        load().map_err(|error| SandboxError::Unavailable {
            message: format!("the sandbox's machine code does not fit this machine: {error:#}"),
        })
    }
}

/// Machine code, ready to run.
pub(super) struct Loaded {
    pub(super) engine: Engine,
    pub(super) module: InstancePre<Host>,
}

impl std::fmt::Debug for Loaded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Loaded")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNFIT: &str = "scripts cannot be run here: the sandbox's machine code does not fit this machine: ";

    #[test]
    fn the_interpreter_fits_every_processor_of_its_kind() {
        let mut settings = settings();
        // SAFETY: what it says of the processor is less than what the processor has.
        unsafe { settings.detect_host_feature(|_| Some(false)) };
        INTERPRETER.load_with(settings).unwrap();
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn a_processor_that_lacks_something_is_an_error() {
        let mut settings = settings();
        // SAFETY: as above.
        unsafe { settings.detect_host_feature(|_| Some(false)) };
        let error = built!("samples/needs_avx2.cwasm").load_with(settings).unwrap_err();
        let why = "compilation settings of module incompatible with native host: compilation setting \"has_avx2\" is enabled, \
                   but not available on the host";
        assert_eq!(error.to_string(), format!("{UNFIT}{why}"));
    }

    #[test]
    fn code_for_other_settings_is_an_error() {
        let mut settings = settings();
        settings.epoch_interruption(false);
        let error = INTERPRETER.load_with(settings).unwrap_err();
        let why = "Module was compiled with epoch interruption but it is not enabled for the host";
        assert_eq!(error.to_string(), format!("{UNFIT}{why}"));
    }
}
