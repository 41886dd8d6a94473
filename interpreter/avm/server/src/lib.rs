//! The interpreter on a server: what AquaVM's `avm-server` does.
//!
//! [`Runner`] runs a module with AquaVM's interface inside wasmtime: with limits of memory and time for each invocation,
//! statistics, and a fresh instance after a trap. [`Avm`] is a runner with a [`DataStore`]: it reads what a peer
//! has kept of a particle, invokes, writes down what went wrong, and keeps the new data. [`FileStore`] is a store in
//! a folder, with the file names of Fluence's nodes; a kill at any moment leaves the old data or the new.
//!
//! ```no_run
//! use air_avm_server::{Avm, FileStore, Invocation, Limits, Native};
//!
//! let mut avm = Avm::new(Native, FileStore::open("data".as_ref())?);
//! let outcome = avm.call(&Invocation { script: "(null)", ..Invocation::default() })?;
//! assert_eq!(outcome.ret_code, 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Layers
//!
//! Each module uses only those above it in this list; nothing goes round in a circle.
//!
//! 1. `invocation`: what goes in and comes out, and who answers
//! 2. `anomaly`: an invocation as a file that can be replayed
//! 3. `store`: where data is kept
//! 4. `file_store`: in files
//! 5. `instance`: one instance of a module and how it is called
//! 6. `runner`: instances with limits
//! 7. `avm`: a runner with a store

mod anomaly;
mod avm;
mod file_store;
mod instance;
mod invocation;
mod runner;
mod store;

pub use anomaly::AnomalyData;
pub use avm::{Avm, AvmError};
pub use file_store::FileStore;
pub use invocation::{Answer, Invocation, Invoke, Native, RunError};
pub use runner::{Limits, MemoryStatistics, Runner};
pub use store::{DataKey, DataStore};
