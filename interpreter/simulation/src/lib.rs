//! AIR scripts run on simulated peers: no clock, randomness, threads or I/O.
//!
//! [`run::run`] takes a script with sample data and gives a [`report::Report`] of what happened where. Below it,
//! [`network::Network`] runs a script an event at a time: in the order in which particles were sent or in others, with
//! lost and doubled ones if that is wanted, on a simulated clock. [`services`] are those that every peer has; other
//! answers come from an implementation of [`network::Services`]: [`sample`] data written beside a script, and
//! [`make_up`] where nothing answers. Invocations that a node recorded are replayed by [`anomaly`]. A build for
//! `wasm32-unknown-unknown` exports runs and the interpreter's line protocol.
//!
//! # Layers
//!
//! A module uses only those above it in this list, tests aside. A module with a folder lists and re-exports its
//! children; they use each other and the layers above, never the module around them.
//!
//! 1. `shorten`: texts for one line; `js`: JSON as JS writes it
//! 2. [`network`]: peers that exchange particles; the trait of whatever answers calls
//! 3. [`services`], [`make_up`], [`anomaly`]
//! 4. [`sample`]: rules, what the host supplies, expectations
//! 5. [`report`]
//! 6. [`export`]: runs as files for other programs; [`run`]
//! 7. [`recording`]: a run as moments, and moving through them
//! 8. [`explore`]: all orders
//! 9. `wasm`

pub mod anomaly;
pub mod explore;
pub mod export;
mod js;
pub mod make_up;
pub mod network;
pub mod recording;
pub mod report;
pub mod run;
pub mod sample;
pub mod services;
mod shorten;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod testing;
#[cfg(target_family = "wasm")]
pub mod wasm;

pub use shorten::shorten;
