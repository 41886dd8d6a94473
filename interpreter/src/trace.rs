//! Previous and current trace merged into the new one, state by state.
//!
//! Two sliders walk the incoming traces while the script runs. Where an instruction writes a state it first takes what
//! both sides have for it, and of the two the one that is further counts: an answer counts more than a request. `par` and
//! `fold` cut the traces into pieces, so that leaving a branch early does not bring the sides out of step.
//!
//! # Layers
//!
//! Lowest first: the [`slider`] over one incoming trace, the `par`s and folds that are [`open`], the [`handler`] with the
//! new trace, what is done with one state of each side ([`merge`]), and the branches and iterations ([`par`], [`fold`]).

mod fold;
mod handler;
mod merge;
mod open;
mod par;
mod slider;

pub(crate) use handler::{GENERATION_STUB, TraceHandler, new_ap};
pub(crate) use merge::{Generation, MergedCall};
