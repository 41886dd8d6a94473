//! Settings, out of this system's files.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

pub use air_service::config::*;

use read::{ConfigError, MAX_BYTES, from_text};

/// Reads a configuration file that is named by its user, who may name anything.
pub fn read_named(path: &Path) -> Result<Config, ConfigError> {
    from_text(path, text_of(path))
}

/// Configuration is short; what is not is something else.
fn text_of(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(MAX_BYTES + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MAX_BYTES {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "more than 1 MiB"));
    }
    Ok(text)
}
