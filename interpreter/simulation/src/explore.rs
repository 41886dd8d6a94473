//! Every order: what a run may end with when particles and answers come in any order that a network can choose.
//!
//! What happens next on a network is one of its *candidates*: a particle arrives, a call is answered, or all calls that
//! a peer has answers for are answered together. Two things that happen on different peers can happen in either order and
//! nobody can tell; so only those orders are followed that differ in what some peer gets before what
//! (dynamic partial order reduction with source sets and sleep sets, `search`). Where peers and all that is
//! under way are the same again, the search does not go on a second time.
//!
//! An *end* is what people can see of a run ([`Compare`]). For each end there is a witness: moves after which the run goes on by
//! itself, as `air run --order` takes them, as few as were found.

mod dependence;
mod end;
mod explored;
mod faults;
mod request;
mod search;
mod shrink;
#[cfg(test)]
mod tests;
mod types;
mod witness;

pub use end::Compare;
pub use faults::{FaultOutcome, single_faults};
pub use request::{explore, explore_after, explore_json};
pub use types::{DecidingEvent, End, Exploration, ExploreRequest};
