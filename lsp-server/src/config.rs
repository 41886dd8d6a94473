//! Settings, out of this system's files.

use std::path::Path;

pub use air_service::config::*;

use crate::files::reader::{ReadError, read_file};
use read::{ConfigError, MAX_BYTES, from_text};

/// Reads a configuration file that is named by its user, who may name anything.
pub fn read_named(path: &Path) -> Result<Config, ConfigError> {
    let text = read_file(path, MAX_BYTES).map_err(|error| match error {
        // The limit is not one that a configuration could raise.
        ReadError::TooLarge { .. } => format!("more than {MAX_BYTES} bytes"),
        error => error.to_string(),
    });
    from_text(path, text)
}
