//! Files of this system: what reads, writes and finds them, for the server and for all commands.
//!
//! Nothing else opens a file whose name came from outside. Layers, lowest first: [`identity`], [`reader`],
//! `signals`, `temporary`, [`writer`], [`walk`].

pub mod exclude;
pub mod identity;
pub mod reader;
mod signals;
mod temporary;
pub mod walk;
pub mod writer;
