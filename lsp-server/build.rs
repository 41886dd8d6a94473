//! Builds the interpreter as two WebAssembly modules. Scripts run in one, the sandbox's; machine code is made of it for the
//! processor that the program is built for, because the program has no compiler and loads no code from files. The other
//! one is for AquaVM's hosts; the program does not run it but hands it out, so it is packed.
//!
//! The modules are made by an inner cargo in a target folder of its own, `TARGET/sandbox`, since the usual one is
//! locked by the outer cargo, with whose job server it shares the processors. They are made again when a source
//! below `syntax`, `semantics` or `interpreter` or the lock file changed. `AIR_INTERPRETER_WASM` and `AIR_AVM_WASM` name
//! finished modules to take instead.

use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

#[path = "build/machine_code.rs"]
mod machine_code;
#[path = "build/samples.rs"]
mod samples;
#[path = "src/sandbox/settings.rs"]
mod settings;

const TARGET: &str = "wasm32-unknown-unknown";

/// A module: the package that is built, and the variable that names a finished one.
struct WasmModule {
    package: &'static str,
    prebuilt: &'static str,
}

const SANDBOX: WasmModule = WasmModule { package: "air-simulation", prebuilt: "AIR_INTERPRETER_WASM" };
const AVM: WasmModule = WasmModule { package: "air-avm", prebuilt: "AIR_AVM_WASM" };

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(variable("OUT_DIR")?);
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR")?).join("..");
    for input in ["syntax", "semantics", "interpreter", "interpreter/simulation", "interpreter/avm"] {
        println!("cargo::rerun-if-changed={}", root.join(input).join("src").display());
        println!("cargo::rerun-if-changed={}", root.join(input).join("Cargo.toml").display());
    }
    for input in ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml"] {
        println!("cargo::rerun-if-changed={}", root.join(input).display());
    }
    for input in ["build.rs", "build", "src/sandbox/settings.rs"] {
        println!("cargo::rerun-if-changed={input}");
    }
    machine_code::make(&SANDBOX.bytes(&root, &out)?, &out)?;
    let avm = AVM.bytes(&root, &out)?;
    if variable("PROFILE")? != "release" {
        machine_code::make_for_tests(&avm, &out)?;
    }
    std::fs::write(out.join("avm.wasm.deflate"), miniz_oxide::deflate::compress_to_vec(&avm, 9))?;
    Ok(())
}

impl WasmModule {
    /// The module; it is built unless a finished one is named.
    fn bytes(&self, root: &Path, out: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
        println!("cargo::rerun-if-env-changed={}", self.prebuilt);
        let file = match env::var_os(self.prebuilt) {
            Some(file) => {
                println!("cargo::rerun-if-changed={}", Path::new(&file).display());
                PathBuf::from(file)
            }
            None => build(self, root, out)?,
        };
        Ok(std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?)
    }
}

fn build(module: &WasmModule, root: &Path, out: &Path) -> Result<PathBuf, Box<dyn Error>> {
    have_target(module)?;
    // OUT_DIR is TARGET/PROFILE/build/PACKAGE/out.
    let folder = out.ancestors().nth(4).ok_or("OUT_DIR is not where cargo puts it")?.join("sandbox");
    // A debug build is made again often and must be quick; both are optimised, or runs would crawl.
    let profile = if variable("PROFILE")? == "release" { "sandbox" } else { "sandbox-dev" };
    let mut cargo = Command::new(variable("CARGO")?);
    cargo.current_dir(root).args(["rustc", "--locked", "--package", module.package, "--lib"]);
    cargo
        .args(["--crate-type", "cdylib", "--target", TARGET, "--profile", profile, "--target-dir"])
        .arg(&folder);
    // What the outer build is told about the host (flags, wrappers of clippy and coverage, profiles, folders) is
    // not meant for this one; how to reach registries and the job server is.
    const KEPT: [&str; 8] = [
        "CARGO_HOME",
        "CARGO_NET_",
        "CARGO_HTTP_",
        "CARGO_REGISTR",
        "CARGO_SOURCE_",
        "CARGO_MAKEFLAGS",
        "CARGO_BUILD_JOBS",
        "CARGO_TERM_",
    ];
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        let foreign = name.starts_with("CARGO") && !KEPT.iter().any(|kept| name.starts_with(kept));
        if foreign || ["RUSTFLAGS", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"].contains(&&*name) {
            cargo.env_remove(&*name);
        }
    }
    if !cargo.status()?.success() {
        return Err(format!(
            "{} could not be built for {TARGET}: see above. A finished module may be given in {}",
            module.package, module.prebuilt
        )
        .into());
    }
    Ok(folder.join(TARGET).join(profile).join(module.package.replace('-', "_")).with_extension("wasm"))
}

/// Rust's library for the target, added through rustup where it is missing.
fn have_target(module: &WasmModule) -> Result<(), Box<dyn Error>> {
    let rustc = variable("RUSTC")?;
    let there = || {
        let found = Command::new(&rustc).args(["--print", "target-libdir", "--target", TARGET]).output();
        found.is_ok_and(|found| Path::new(String::from_utf8_lossy(&found.stdout).trim()).is_dir())
    };
    if there() {
        return Ok(());
    }
    let _ = Command::new("rustup").args(["target", "add", TARGET]).status();
    if there() {
        return Ok(());
    }
    Err(format!(
        "Rust's library for {TARGET} is missing. Type\n\n    rustup target add {TARGET}\n\nor, where Rust is not from \
         rustup, install it from where Rust is (Debian: libstd-rust-dev-wasm32), or name a finished module in {}.",
        module.prebuilt
    )
    .into())
}

fn variable(name: &str) -> Result<std::ffi::OsString, String> {
    env::var_os(name).ok_or_else(|| format!("cargo did not set {name}"))
}
