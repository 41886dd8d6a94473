//! Scripts run on simulated peers: no clock, randomness, threads or I/O.
//!
//! [`network::Network`] runs a script on simulated peers, an event at a time: in the order in which particles were sent
//! or in others, with lost and doubled ones if that is wanted, on a simulated clock. [`services`] are those that
//! every peer has; other answers come from whoever implements [`network::Services`]: [`sample`] data written
//! beside a script, and [`make_up`] where nothing answers. [`run`](run::run) puts it all together and gives a
//! [`report`] of what happened where; a build for `wasm32-unknown-unknown` exports it. Invocations that a node
//! recorded are replayed by [`anomaly`].

pub mod anomaly;
pub mod make_up;
pub mod network;
pub mod report;
pub mod run;
pub mod sample;
pub mod services;
mod shorten;
#[cfg(target_family = "wasm")]
pub mod wasm;

pub use shorten::shorten;
