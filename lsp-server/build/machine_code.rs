//! Machine code for the target from WebAssembly modules.
//!
//! `unsafe` for one flag of the compiler.
#![allow(unsafe_code)]

use std::env;
use std::error::Error;
use std::fs;
use std::path::Path;

use wasmtime::{Config, Engine};

use crate::samples::SAMPLES;
use crate::settings::settings;

/// Writes `interpreter.cwasm` and, for tests, `samples/*.cwasm` into the folder.
pub(crate) fn make(module: &[u8], folder: &Path) -> Result<(), Box<dyn Error>> {
    let target = env::var("TARGET")?;
    let settings = for_target(&target)?;
    let compiler = Engine::new(&settings).map_err(|error| no_compiler(&target, &error))?;
    fs::write(folder.join("interpreter.cwasm"), compiler.precompile_module(module)?)?;

    let samples = folder.join("samples");
    fs::create_dir_all(&samples)?;
    for sample in &SAMPLES {
        let code = compiler.precompile_module(&sample.module())?;
        fs::write(samples.join(sample.file).with_extension("cwasm"), code)?;
    }
    if env::var("CARGO_CFG_TARGET_ARCH")? == "x86_64" {
        let mut settings = for_target(&target)?;
        // SAFETY: this code is for a test which shows that it is refused.
        unsafe { settings.cranelift_flag_enable("has_avx2") };
        let code = Engine::new(&settings)?.precompile_module(&SAMPLES[0].module())?;
        fs::write(samples.join("needs_avx2.cwasm"), code)?;
    }
    Ok(())
}

/// Writes `avm.cwasm` into the folder, for the tests of who runs the module on servers: they cannot make machine code.
pub(crate) fn make_for_tests(avm: &[u8], folder: &Path) -> Result<(), Box<dyn Error>> {
    let target = env::var("TARGET")?;
    let compiler = Engine::new(&for_target(&target)?).map_err(|error| no_compiler(&target, &error))?;
    Ok(fs::write(folder.join("avm.cwasm"), compiler.precompile_module(avm)?)?)
}

/// With the target named, also where it is this machine, the code needs what every processor of the kind has, and nothing
/// that only this one has.
fn for_target(target: &str) -> Result<Config, Box<dyn Error>> {
    let mut settings = settings();
    settings.target(target)?;
    // Windows cannot do without.
    settings.native_unwind_info(env::var("CARGO_CFG_TARGET_OS")? == "windows");
    Ok(settings)
}

fn no_compiler(target: &str, error: &wasmtime::Error) -> String {
    format!(
        "no machine code can be made for {target} ({error:#}). If this is not the kind of this machine, build with \
         `--features air-lsp/cross`"
    )
}
