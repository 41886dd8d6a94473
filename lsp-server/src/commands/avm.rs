//! `air avm`: the interpreter as a WebAssembly module for AquaVM's hosts.

use std::path::PathBuf;

use air_avm::interface;
use air_interpreter::{DATA_VERSION, INTERPRETER_VERSION, MINIMUM_VERSION};
use miniz_oxide::inflate::decompress_to_vec_with_limit;

use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::files::writer;

/// The module as the build script has packed it.
const PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/avm.wasm.deflate"));

/// No module is longer; it is written by this program's own build, so this only bounds what a damaged program does.
const MAX_MODULE_BYTES: usize = 64 << 20;

/// Arguments of `air avm`.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(arg_required_else_help = true)]
pub struct AvmArgs {
    /// Write the module to this file
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Show versions and size of the module
    #[arg(long)]
    pub info: bool,
}

/// Runs `air avm`.
pub fn run(args: &AvmArgs, output: &mut Output) -> Exit {
    let result = try_run(args, output);
    output.conclude(result)
}

fn try_run(args: &AvmArgs, output: &mut Output) -> Result<Exit, String> {
    let module = module()?;
    if args.info {
        let (_, sdk) = interface::SDK_VERSION;
        output.line(format_args!("interpreter {INTERPRETER_VERSION}"));
        output.line(format_args!("data format {DATA_VERSION}"));
        output.line(format_args!("oldest data {MINIMUM_VERSION}"));
        output.line(format_args!("marine sdk  {}", String::from_utf8_lossy(&sdk)));
        output.line(format_args!("interface   {}", interface::FORMAT));
        output.line(format_args!("air         {}", env!("CARGO_PKG_VERSION")));
        output.line(format_args!("size        {} bytes", module.len()));
    }
    if let Some(file) = &args.output {
        writer::create(file, &module).map_err(|error| format!("{}: {error}", file.display()))?;
        output.detail(format_args!("wrote {}", file.display()));
    }
    Ok(Exit::Clean)
}

/// The module, unpacked.
fn module() -> Result<Vec<u8>, String> {
    decompress_to_vec_with_limit(PACKED, MAX_MODULE_BYTES)
        .map_err(|error| format!("the module in this program is damaged: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_is_there_with_its_sections() {
        let module = module().unwrap();
        assert!(module.starts_with(b"\0asm\x01\0\0\0"));
        let contains = |bytes: &[u8]| module.windows(bytes.len()).any(|window| window == bytes);
        for (name, content) in [
            (interface::INTERFACE_NAME, &interface::INTERFACE[..]),
            (interface::SDK_VERSION.0, &interface::SDK_VERSION.1[..]),
        ] {
            assert!(contains(&[name.as_bytes(), content].concat()), "{name}");
        }
    }
}
