//! What machine code and the engine that runs it must agree on. The build script makes the code with this very file.

use wasmtime::Config;

/// Settings for the engine of the build script and for the program's.
pub(crate) fn settings() -> Config {
    let mut settings = Config::new();
    settings.epoch_interruption(true);
    // Traps are reported by code, not by place.
    settings.generate_address_map(false);
    settings
}
