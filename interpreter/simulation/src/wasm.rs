//! What the crate exports when it is built as one WebAssembly module. It imports nothing.
//!
//! The host asks [`air_allocate`] for room, writes a text there, calls one of the others, and reads the
//! answer where the returned number says: its place in the upper half, its length in the lower.
//! An instance serves one request and is thrown away, so nothing is ever freed.
//!
//! [`air_last_words`] is the place of what a panic said, which the host reads out of the memory after
//! the trap that every panic ends in.
//!
//! The only module of this crate with `unsafe`: names that the linker must keep, and slices from a
//! place and a length that the host got from here.
#![allow(unsafe_code)]

use std::sync::Once;
use std::sync::atomic::{AtomicU8, Ordering};

use air_interpreter::protocol::Protocol;

/// Bytes kept of what a panic said; unused ones are zero.
const LAST_WORDS: usize = 512;

static WORDS: [AtomicU8; LAST_WORDS] = [const { AtomicU8::new(0) }; LAST_WORDS];
static HOOK: Once = Once::new();

/// Room for `length` bytes.
// SAFETY: nothing else is called so.
#[unsafe(no_mangle)]
pub extern "C" fn air_allocate(length: usize) -> *mut u8 {
    HOOK.call_once(keep_last_words);
    // Zeroed memory is fresh memory: it costs nothing here.
    Vec::leak(vec![0; length.max(1)]).as_mut_ptr()
}

/// Place of [`LAST_WORDS`] bytes of UTF-8.
// SAFETY: nothing else is called so.
#[unsafe(no_mangle)]
pub extern "C" fn air_last_words() -> *const AtomicU8 {
    WORDS.as_ptr()
}

/// Answers one line of the protocol of [`air_interpreter::protocol`].
///
/// # Safety
///
/// `place` is from [`air_allocate`], for at least `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn air_invoke(place: *const u8, length: usize) -> u64 {
    // SAFETY: see above.
    let line = unsafe { std::slice::from_raw_parts(place, length) };
    answer(Protocol::default().answer(&String::from_utf8_lossy(line)).into_bytes())
}

/// Runs a script on simulated peers: [`crate::run::run_json`].
///
/// # Safety
///
/// As for [`air_invoke`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn air_run(place: *const u8, length: usize) -> u64 {
    // SAFETY: see above.
    let request = unsafe { std::slice::from_raw_parts(place, length) };
    answer(crate::run::run_json(request))
}

/// Follows all orders of a run: [`crate::explore::explore_json`].
///
/// # Safety
///
/// As for [`air_invoke`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn air_explore(place: *const u8, length: usize) -> u64 {
    // SAFETY: see above.
    let request = unsafe { std::slice::from_raw_parts(place, length) };
    answer(crate::explore::explore_json(request))
}

/// Place and length of what stays where it is.
fn answer(bytes: Vec<u8>) -> u64 {
    let bytes = Vec::leak(bytes);
    ((bytes.as_ptr().addr() as u64) << 32) | bytes.len() as u64
}

fn keep_last_words() {
    std::panic::set_hook(Box::new(|panic| {
        let words = panic.to_string();
        for (kept, byte) in WORDS.iter().zip(words.bytes()) {
            kept.store(byte, Ordering::Relaxed);
        }
    }));
}
