//! Reading a file or standard input: whole, up to a limit, and only what has an end.

use std::fmt;
use std::fs::{self, File, FileType};
use std::io::{self, Read};
use std::path::Path;

/// Why a file could not be read.
#[derive(Debug)]
pub enum ReadError {
    /// Nothing exists at the path.
    Missing,
    /// The path is a folder.
    Folder,
    /// A pipe, a socket or a device, with its article: to open one is to wait for who writes, and it may have no end.
    NotRegular(&'static str),
    /// Larger than the limit; sizes in bytes. The size is unknown for standard input.
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
            ReadError::Folder => write!(f, "is a folder; expected a file"),
            ReadError::NotRegular(kind) => {
                write!(f, "is {kind}; only regular files are read, and standard input as `-`")
            }
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

/// Reads a text of at most `limit` bytes from a regular file.
pub fn read_file(path: &Path, limit: u64) -> Result<String, ReadError> {
    text(read_bytes(path, limit)?)
}

/// Reads at most `limit` bytes from a regular file. Its kind and size are asked before it is opened.
pub fn read_bytes(path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
    let metadata = fs::metadata(path)?;
    regular(metadata.file_type())?;
    if metadata.len() > limit {
        return Err(ReadError::TooLarge { size: Some(metadata.len()), limit });
    }
    let file = open(path)?;
    // A pipe may have taken its place meanwhile.
    regular(file.metadata()?.file_type())?;
    read_limited(file, usize::try_from(metadata.len()).unwrap_or(0), limit)
}

/// Reads standard input up to its end.
pub fn read_stdin(limit: u64) -> Result<Vec<u8>, ReadError> {
    read_limited(io::stdin().lock(), 0, limit)
}

fn regular(kind: FileType) -> Result<(), ReadError> {
    if kind.is_file() {
        return Ok(());
    }
    if kind.is_dir() {
        return Err(ReadError::Folder);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return Err(ReadError::NotRegular("a pipe"));
        }
        if kind.is_socket() {
            return Err(ReadError::NotRegular("a socket"));
        }
    }
    Err(ReadError::NotRegular("a device"))
}

/// Opens without waiting, whatever it is.
fn open(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    options.open(path)
}

fn read_limited(reader: impl Read, hint: usize, limit: u64) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::with_capacity(hint.saturating_add(1));
    // Standard input does not tell its size, and a file may grow.
    reader.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(ReadError::TooLarge { size: None, limit });
    }
    Ok(bytes)
}

/// Bytes that were read, as text.
pub fn text(bytes: Vec<u8>) -> Result<String, ReadError> {
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
        read_limited(bytes, 0, limit).and_then(text).map_err(|error| error.to_string())
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

    #[cfg(unix)]
    #[test]
    fn only_what_has_an_end() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let message = |path: &Path| read_file(path, 10).unwrap_err().to_string();
        assert!(std::process::Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
        let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
        std::os::unix::fs::symlink("loop", at("loop")).unwrap();
        let only = "only regular files are read, and standard input as `-`";
        assert_eq!(message(&at("pipe")), format!("is a pipe; {only}"));
        assert_eq!(message(&at("socket")), format!("is a socket; {only}"));
        assert_eq!(message(Path::new("/dev/zero")), format!("is a device; {only}"));
        assert_eq!(message(folder.path()), "is a folder; expected a file");
        assert_eq!(message(&at("none")), "no such file or folder");
        assert!(matches!(read_file(&at("loop"), 10), Err(ReadError::Io(_))));
    }
}
