//! Only for the dependency.
