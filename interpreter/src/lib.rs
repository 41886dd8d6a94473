//! AquaVM as a pure function: one invocation takes a script, the data a peer kept, the data that
//! arrived, parameters and call results, and gives a code, a message, new data, the next peers and
//! call requests.
//!
//! Nothing is here yet: the crate holds the place in `syntax ← semantics ← interpreter ← lsp-server`.
