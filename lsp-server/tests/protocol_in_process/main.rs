//! The protocol's tests, on the service in this very process: how a browser drives it. Left out are the modules that
//! are about a process and its pipes (`deaf`, `framing`, `hostile`, `latency`, `lifecycle`); single tests say it where
//! they begin.

// Tests fail loudly; the rules for libraries are for libraries.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::string_slice, clippy::print_stdout)]

#[path = "../protocol/attacks.rs"]
mod attacks;
#[path = "../protocol/client.rs"]
mod client;
#[path = "../protocol/features.rs"]
mod features;
mod harness;
#[path = "../protocol/large_script.rs"]
mod large_script;
#[path = "../protocol/polling.rs"]
mod polling;
#[path = "../protocol/readme.rs"]
mod readme;
#[path = "../protocol/requests.rs"]
mod requests;
#[path = "../protocol/runs.rs"]
mod runs;
#[path = "../protocol/samples.rs"]
mod samples;
#[path = "../protocol/settings.rs"]
mod settings;
#[path = "../protocol/sync.rs"]
mod sync;
