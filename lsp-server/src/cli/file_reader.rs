//! Reading a file or standard input: whole, as UTF-8, up to a limit.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// Why a script could not be read.
#[derive(Debug)]
pub enum ReadError {
    /// Nothing exists at the path.
    Missing,
    /// The path is a folder.
    Folder,
    /// Larger than the limit; sizes in bytes. The size is unknown for pipes.
    TooLarge {
        /// Size of the file.
        size: Option<u64>,
        /// The limit.
        limit: u64,
    },
    /// Not UTF-8.
    NotUtf8 {
        /// Offset of the first invalid byte, from 0.
        offset: usize,
        /// Its line, from 1.
        line: usize,
        /// The byte.
        byte: u8,
        /// Whether the file begins like UTF-16.
        utf16: bool,
    },
    /// Anything else.
    Io(io::Error),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::Missing => write!(f, "no such file or folder"),
            ReadError::Folder => write!(f, "is a folder; expected a script"),
            ReadError::TooLarge { size, limit } => {
                match size {
                    Some(size) => write!(f, "too large: {size} bytes")?,
                    None => write!(f, "too large")?,
                }
                write!(
                    f,
                    ", the limit is {limit} bytes (set `max-size` under `[files]` in air.toml to raise it)"
                )
            }
            ReadError::NotUtf8 { utf16: true, .. } => {
                write!(f, "is not UTF-8: it starts like UTF-16; save it as UTF-8")
            }
            ReadError::NotUtf8 { offset, line, byte, .. } => {
                write!(f, "is not UTF-8: invalid byte 0x{byte:02x} at offset {offset} (line {line})")
            }
            ReadError::Io(error) => error.fmt(f),
        }
    }
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> ReadError {
        match error.kind() {
            io::ErrorKind::NotFound => ReadError::Missing,
            io::ErrorKind::IsADirectory => ReadError::Folder,
            _ => ReadError::Io(error),
        }
    }
}

/// Reads a file of at most `limit` bytes. Its size is asked before a byte is read.
pub fn read_file(path: &Path, limit: u64) -> Result<String, ReadError> {
    let metadata = fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(ReadError::Folder);
    }
    if metadata.is_file() && metadata.len() > limit {
        return Err(ReadError::TooLarge { size: Some(metadata.len()), limit });
    }
    let hint = usize::try_from(metadata.len()).unwrap_or(0);
    read_limited(File::open(path)?, hint, limit)
}

/// Reads standard input up to its end.
pub fn read_stdin(limit: u64) -> Result<String, ReadError> {
    read_limited(io::stdin().lock(), 0, limit)
}

/// The bytes of a file, or of standard input for `-`, without a limit.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, String> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        return io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes).map_err(|error| error.to_string());
    }
    fs::read(path).map_err(|error| error.to_string())
}

fn read_limited(reader: impl Read, hint: usize, limit: u64) -> Result<String, ReadError> {
    let mut bytes = Vec::with_capacity(hint.saturating_add(1));
    // A pipe or a growing file does not tell its size.
    reader.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(ReadError::TooLarge { size: None, limit });
    }
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let before = bytes.get(..offset).unwrap_or_default();
        ReadError::NotUtf8 {
            offset,
            line: 1 + before.iter().filter(|&&byte| byte == b'\n').count(),
            byte: bytes.get(offset).copied().unwrap_or_default(),
            utf16: bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], limit: u64) -> Result<String, String> {
        read_limited(bytes, 0, limit).map_err(|error| error.to_string())
    }

    #[test]
    fn invalid_bytes_are_located() {
        assert_eq!(
            read(b"(null)\n\"\xc3(\"", 100).unwrap_err(),
            "is not UTF-8: invalid byte 0xc3 at offset 8 (line 2)"
        );
        assert_eq!(
            read(b"\xff\xfe(\0", 100).unwrap_err(),
            "is not UTF-8: it starts like UTF-16; save it as UTF-8"
        );
    }

    #[test]
    fn the_limit_is_inclusive() {
        assert_eq!(read(b"(null)", 6).unwrap(), "(null)");
        assert!(read(b"(null) ", 6).unwrap_err().starts_with("too large, the limit is 6 bytes"));
    }
}
