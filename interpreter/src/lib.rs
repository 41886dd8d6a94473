//! One AquaVM invocation as a pure function: no clock, randomness, threads or I/O.
//!
//! What is here so far is the data between peers: JSON [`Value`]s printed and hashed as every peer
//! prints and hashes them, content identifiers ([`cid`]), the envelope and the inner data
//! ([`data`]), keys and signatures ([`keys`], [`signatures`]), MessagePack ([`msgpack`]).

pub mod cid;
pub mod data;
pub mod json;
pub mod keys;
pub mod msgpack;
pub mod signatures;
pub mod value;

pub use value::Value;
