//! The names that the linker keeps. Numbers of 64 bits hold a place in their upper half and a length in the lower.
//!
//! | export | |
//! |---|---|
//! | `web_allocate(length) → place` | room for an argument; 0: no memory |
//! | `web_call(place, length) → answer` | a function: `{"function", "text", "options"}` in, `{"result"}` or `{"error"}` out |
//! | `web_receive(place, length) → messages` | a message for the language server in, an array of messages out; 0: none |
//! | `web_step() → messages` | does one job of the language server; −1: nothing was left to do |
//! | `web_last_words() → place` | 512 bytes, what a panic said last; for after a trap |
//!
//! The names that begin with `air_` are those of the sandbox's module, whose crate is inside; they are of no use here.
//!
//! The only module of this crate with `unsafe`: names that the linker must keep.
#![allow(unsafe_code)]

use std::cell::RefCell;
use std::sync::Once;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::instance::{Instance, Place};

/// Bytes kept of what a panic said; unused ones are zero.
const LAST_WORDS: usize = 512;

static WORDS: [AtomicU8; LAST_WORDS] = [const { AtomicU8::new(0) }; LAST_WORDS];
static HOOK: Once = Once::new();

thread_local! {
    static INSTANCE: RefCell<Instance> = RefCell::default();
}

/// See the table above.
// SAFETY: nothing else is called so.
#[unsafe(no_mangle)]
pub extern "C" fn web_allocate(length: usize) -> usize {
    HOOK.call_once(keep_last_words);
    INSTANCE.with_borrow_mut(|instance| instance.allocate(length))
}

/// See the table above.
// SAFETY: nothing else is called so.
#[unsafe(no_mangle)]
pub extern "C" fn web_call(place: usize, length: usize) -> u64 {
    INSTANCE.with_borrow_mut(|instance| packed(instance.call(place, length)))
}

/// See the table above.
// SAFETY: nothing else is called so.
#[unsafe(no_mangle)]
pub extern "C" fn web_receive(place: usize, length: usize) -> u64 {
    INSTANCE.with_borrow_mut(|instance| packed(instance.receive(place, length)))
}

/// See the table above.
// SAFETY: nothing else is called so.
#[unsafe(no_mangle)]
pub extern "C" fn web_step() -> u64 {
    INSTANCE.with_borrow_mut(|instance| instance.step().map_or(u64::MAX, packed))
}

/// See the table above.
// SAFETY: nothing else is called so.
#[unsafe(no_mangle)]
pub extern "C" fn web_last_words() -> *const AtomicU8 {
    WORDS.as_ptr()
}

fn packed((place, length): Place) -> u64 {
    ((place as u64) << 32) | length as u64
}

fn keep_last_words() {
    std::panic::set_hook(Box::new(|panic| {
        let words = panic.to_string();
        for (kept, byte) in WORDS.iter().zip(words.bytes()) {
            kept.store(byte, Ordering::Relaxed);
        }
    }));
}
