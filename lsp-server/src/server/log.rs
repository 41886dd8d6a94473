//! Lines on standard error, the only place where the server may write beside the protocol.

use std::io::Write;
use std::sync::atomic::{AtomicU8, Ordering};

use super::lsp::MessageType;

/// Least severe kind that is written: `AIR_LOG=off|error|warn|info|debug`.
static LEVEL: AtomicU8 = AtomicU8::new(WARN);

const ERROR: u8 = 1;
const WARN: u8 = 2;
const INFO: u8 = 3;
const DEBUG: u8 = 4;

/// Reads `AIR_LOG`.
pub(super) fn init() {
    let level = match std::env::var("AIR_LOG").unwrap_or_default().as_str() {
        "off" => 0,
        "error" => ERROR,
        "info" => INFO,
        "debug" => DEBUG,
        _ => WARN,
    };
    LEVEL.store(level, Ordering::Relaxed);
}

/// The server failed at something.
pub(super) fn error(message: &str) {
    write(ERROR, "error", message);
}

/// The client or the surroundings did something unexpected.
pub(super) fn warn(message: &str) {
    write(WARN, "warn", message);
}

/// Milestones.
pub(super) fn info(message: &str) {
    write(INFO, "info", message);
}

/// Every message.
pub(super) fn debug(message: &str) {
    write(DEBUG, "debug", message);
}

/// The client's name for a kind of line.
pub(super) fn line(kind: MessageType, message: &str) {
    match kind {
        MessageType::ERROR => error(message),
        MessageType::WARNING => warn(message),
        MessageType::INFO => info(message),
        _ => debug(message),
    }
}

fn write(level: u8, name: &str, message: &str) {
    if level <= LEVEL.load(Ordering::Relaxed) {
        // Nobody may read standard error; that is no reason to stop.
        let _ = writeln!(std::io::stderr().lock(), "air-lsp {name}: {message}");
    }
}
