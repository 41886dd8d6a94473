//! The interpreter as AquaVM's hosts load it: one WebAssembly module with the interface of AquaVM's own.
//!
//! Hosts talk to AquaVM through Marine, which calls functions of a module with memory that the module allocates. The
//! module describes its functions in the section `interface-types`. This crate is that interface around
//! [`air_interpreter::invoke`]; built for `wasm32-unknown-unknown` it exports what AquaVM exports, and imports nothing.
//!
//! An instance lives as long as its host. Arguments are freed by the call that takes them and results by
//! `release_objects`, so the memory after many invocations is that after the first ones. An argument that lies
//! where nothing was allocated is an error with the code 29009; it is neither read nor freed.
//!
//! # Layers
//!
//! Each module uses only those above it in this list; nothing goes round in a circle.
//!
//! 1. `interface`: the sections by which Marine knows the module
//! 2. `memory`: what the host has allocated, and results that wait to be read
//! 3. `record`: parameters and outcomes as packed records
//! 4. `ast`: a script's tree as AquaVM prints it
//! 5. `instance`: the functions, without the linker's names
//! 6. `wasm`: their names
//!
//! # Where it differs from AquaVM's module
//!
//! | what | here | why |
//! |---|---|---|
//! | `invoke_tracing` | as `invoke`; parameters of tracing are accepted and have no effect | `air run --profile` shows more |
//! | a string that is not UTF-8, memory that was not allocated | code 29009 | undefined behaviour there |
//! | the log of AquaVM (`log_utf8_string`) | nothing is logged | the module has no imports |
//! | words of libraries in what `to_human_readable_data` says of bytes that are not data | our own | no program reads them |

pub mod ast;
pub mod instance;
pub mod interface;
mod memory;
mod record;
#[cfg(target_family = "wasm")]
pub mod wasm;
