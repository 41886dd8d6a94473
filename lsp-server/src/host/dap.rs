//! The debugger on standard input and output, from its start to its end.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use air_service::dap::{Debugger, Files};
use air_service::panic_guard::guard;

use super::framing::Framing;
use super::{log, panic_hook};
use crate::files::reader;

/// Larger scripts and sample data are refused.
const MAX_FILE_BYTES: u64 = 64 << 20;

/// The file system.
struct NativeTexts;

impl Files for NativeTexts {
    fn read(&self, path: &str) -> Result<String, String> {
        reader::read_file(Path::new(path), MAX_FILE_BYTES).map_err(|error| format!("{path}: {error}"))
    }

    fn exists(&self, path: &str) -> bool {
        Path::new(path).is_file()
    }
}

/// Debugs on standard input and output until the client takes leave.
///
/// The exit code is 0 if it did, 1 if the input ended before, and 2 if the debugger could not start.
pub fn run_dap() -> ExitCode {
    panic_hook::install();
    let code = log::start().and_then(|()| serve()).unwrap_or_else(|error| {
        log::error(&format!("the debugger ended: {error}"));
        2
    });
    log::flush();
    ExitCode::from(code)
}

fn serve() -> std::io::Result<u8> {
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
    let mut debugger = Debugger::new(Box::new(NativeTexts));
    let mut framing = Framing::of_json();
    let mut bytes = vec![0; 1 << 16];
    loop {
        let read = input.read(&mut bytes)?;
        if read == 0 {
            return Ok(1);
        }
        framing.push(bytes.get(..read).unwrap_or_default());
        while let Some(frame) = framing.next_frame() {
            let text = String::from_utf8_lossy(&frame);
            let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
            // A bug in one request is the end of that request alone.
            let answers = guard(|| debugger.handle(body)).unwrap_or_else(|panic| {
                log::error(&format!("a request failed: {panic}"));
                Vec::new()
            });
            for answer in answers {
                write!(output, "Content-Length: {}\r\n\r\n{answer}", answer.len())?;
            }
            output.flush()?;
            if debugger.is_over() {
                return Ok(0);
            }
        }
    }
}
