//! The machine code of the module: compiled once, kept in a private folder, loaded by mapping the file.
//!
//! The file is named after what it depends on, the module's bytes and the engine's version and settings, and lies
//! beside its digest: what does not match is compiled anew. No other user may write into the folder.
//!
//! One of the two modules of this crate with `unsafe`: loading machine code means to trust it.
#![allow(unsafe_code)]

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher as _};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use wasmtime::{Config, Engine, InstancePre, Linker, Module};

use super::SandboxError;
use super::compile_process;
use super::host::{Host, WASM_STACK_BYTES};

/// Bytes read at once.
const CHUNK_BYTES: usize = 64 << 10;

/// Unused machine code of other versions is removed after this time.
const MAX_UNUSED_AGE: Duration = Duration::from_hours(24 * 30);

/// Machine code, ready to run.
pub struct Artefact {
    pub(super) engine: Engine,
    pub(super) module: InstancePre<Host>,
    /// Where it came from.
    pub origin: Origin,
    /// How long it took to get it.
    pub took: Duration,
}

impl std::fmt::Debug for Artefact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Artefact").field("origin", &self.origin).field("took", &self.took).finish()
    }
}

/// Where machine code came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A file of an earlier run.
    Kept(PathBuf),
    /// Compiled now and kept.
    Compiled(PathBuf),
    /// Compiled now; why it could not be kept.
    NotKept(String),
}

/// Which process compiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compiler {
    /// This one.
    ThisProcess,
    /// A child where there is a folder to put the machine code into; else this one.
    Child,
}

impl Artefact {
    /// From the folder if it is there, else compiled.
    pub(super) fn new(
        wasm: &[u8],
        folder: Option<&Path>,
        compiler: Compiler,
    ) -> Result<Artefact, SandboxError> {
        let begun = Instant::now();
        let unavailable = |what: &str, error: &dyn std::fmt::Display| SandboxError::Unavailable {
            message: format!("{what}: {error}"),
        };
        let engine =
            Engine::new(&settings()).map_err(|error| unavailable("no engine for this machine", &error))?;
        let file = folder.ok_or_else(|| "there is no folder for it".to_owned()).and_then(|folder| {
            private(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
            Ok(folder.join(name(wasm, &engine)))
        });
        let found = |origin: fn(PathBuf) -> Origin| {
            let file = file.as_deref().ok()?;
            Some((load(&engine, file)?, origin(file.to_owned())))
        };
        let compiled_by_child = || {
            folder
                .filter(|_| compiler == Compiler::Child && file.is_ok())
                .and_then(|folder| compile_process::compile(folder).ok())?;
            found(Origin::Compiled)
        };
        let (module, origin) = match found(Origin::Kept).or_else(compiled_by_child) {
            Some(found) => found,
            None => {
                let code = engine.precompile_module(wasm);
                let code = code.map_err(|error| unavailable("no machine code", &error))?;
                let origin = match &file {
                    Ok(file) => match keep(file, &code) {
                        Ok(()) => Origin::Compiled(file.clone()),
                        Err(error) => Origin::NotKept(format!("{}: {error}", file.display())),
                    },
                    Err(why) => Origin::NotKept(why.clone()),
                };
                // SAFETY: the engine compiled it just now.
                let module = unsafe { Module::deserialize(&engine, &code) };
                (module.map_err(|error| unavailable("the machine code does not load", &error))?, origin)
            }
        };
        let module = Linker::new(&engine)
            .instantiate_pre(&module)
            .map_err(|error| unavailable("the module is not ours", &error))?;
        Ok(Artefact { engine, module, origin, took: begun.elapsed() })
    }
}

fn settings() -> Config {
    let mut settings = Config::new();
    settings.epoch_interruption(true);
    settings.max_wasm_stack(WASM_STACK_BYTES);
    // Traps are reported by code, not by place.
    settings.generate_address_map(false);
    settings.native_unwind_info(cfg!(windows));
    settings
}

/// Names everything that the machine code depends on.
fn name(wasm: &[u8], engine: &Engine) -> String {
    let mut depends = DefaultHasher::new();
    engine.precompile_compatibility_hash().hash(&mut depends);
    let module = blake3::hash(wasm).to_hex();
    format!("sandbox-{}-{:016x}.cwasm", module.get(..16).unwrap_or_default(), depends.finish())
}

/// `None` if it is not there, not whole or not for this engine.
fn load(engine: &Engine, file: &Path) -> Option<Module> {
    let digest = fs::read_to_string(digest_of(file)).ok()?;
    let mut bytes = fs::File::open(file).ok()?;
    let mut found = blake3::Hasher::new();
    let mut chunk = vec![0; CHUNK_BYTES];
    while let length @ 1.. = bytes.read(&mut chunk).ok()? {
        found.update(chunk.get(..length)?);
    }
    if digest != *found.finalize().to_hex() {
        return None;
    }
    // SAFETY: it is what this program wrote into a folder that only its user may write to.
    unsafe { Module::deserialize_file(engine, file) }.ok()
}

fn digest_of(file: &Path) -> PathBuf {
    file.with_extension("blake3")
}

/// Each file appears whole or not at all; without its digest the code does not count.
fn keep(file: &Path, code: &[u8]) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let put = |to: &Path, bytes: &[u8]| {
        let mut new = tempfile::NamedTempFile::new_in(folder)?;
        new.write_all(bytes)?;
        new.persist(to).map_err(|error| error.error)
    };
    put(file, code)?;
    put(&digest_of(file), blake3::hash(code).to_hex().as_bytes())?;
    for entry in fs::read_dir(folder)?.flatten() {
        let old = |time: SystemTime| time.elapsed().is_ok_and(|age| age > MAX_UNUSED_AGE);
        let ours = entry.file_name().to_string_lossy().starts_with("sandbox-");
        if ours && entry.metadata().and_then(|about| about.modified()).is_ok_and(old) {
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

/// Makes the folder, for this user alone; only its owner can succeed.
fn private(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
        // The superuser may do that with anybody's folder.
        let mine = tempfile::NamedTempFile::new_in(folder)?.as_file().metadata()?.uid();
        if fs::metadata(folder)?.uid() != mine {
            return Err(io::Error::other("the folder is another user's"));
        }
    }
    Ok(())
}

/// Where machine code is kept: `AIR_CACHE_DIR`, else `air` in the system's folder for such things.
pub fn cache_folder() -> Option<PathBuf> {
    let set = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if let Some(own) = set("AIR_CACHE_DIR") {
        return Some(own);
    }
    let caches = if cfg!(windows) {
        set("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        set("HOME").map(|home| home.join("Library/Caches"))
    } else {
        set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")))
    };
    Some(caches?.join("air"))
}

#[cfg(test)]
mod tests {
    use super::super::MODULE;
    use super::*;

    #[test]
    fn made_once_then_kept_and_made_again_when_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("deep/air");
        let made = Artefact::new(MODULE, Some(&folder), Compiler::ThisProcess).unwrap();
        let Origin::Compiled(file) = made.origin else { panic!("{:?}", made.origin) };
        let kept = Artefact::new(MODULE, Some(&folder), Compiler::ThisProcess).unwrap();
        assert_eq!(kept.origin, Origin::Kept(file.clone()));
        // The file is mapped: it is replaced, not written to, as an editor or a crash would.
        let mut bytes = fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::remove_file(&file).unwrap();
        fs::write(&file, bytes).unwrap();
        assert_eq!(
            Artefact::new(MODULE, Some(&folder), Compiler::ThisProcess).unwrap().origin,
            Origin::Compiled(file)
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
        }
    }

    #[test]
    fn a_folder_that_cannot_be_is_no_obstacle() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let made = Artefact::new(MODULE, Some(&file.path().join("air")), Compiler::ThisProcess).unwrap();
        assert!(matches!(made.origin, Origin::NotKept(_)), "{:?}", made.origin);
    }

    #[test]
    fn what_is_no_module_is_told() {
        let error = Artefact::new(b"no module", None, Compiler::ThisProcess).unwrap_err();
        assert_eq!(error.code(), "sandbox-unavailable");
    }
}
