//! The program `air`, run as users run it: real files, real exit codes, real bytes.

// Everything here is a test, helpers included.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout
)]

#[path = "cli/anomaly.rs"]
mod anomaly;
#[path = "cli/avm.rs"]
mod avm;
#[path = "cli/bad_inputs.rs"]
mod bad_inputs;
#[path = "cli/beautify.rs"]
mod beautify;
#[path = "cli/check.rs"]
mod check;
#[path = "cli/completions.rs"]
mod completions;
#[path = "cli/config.rs"]
mod config;
#[path = "cli/dap.rs"]
mod dap;
#[path = "cli/data.rs"]
mod data;
#[path = "cli/diff.rs"]
mod diff;
#[path = "cli/doctor.rs"]
mod doctor;
#[cfg(unix)]
#[path = "cli/documents.rs"]
mod documents;
#[path = "cli/embedded.rs"]
mod embedded;
#[path = "cli/explain.rs"]
mod explain;
#[path = "cli/explore.rs"]
mod explore;
#[path = "cli/extract.rs"]
mod extract;
#[path = "cli/files.rs"]
mod files;
#[path = "cli/fmt.rs"]
mod fmt;
#[path = "cli/formats.rs"]
mod formats;
#[cfg(unix)]
#[path = "cli/growth.rs"]
mod growth;
#[path = "cli/help.rs"]
mod help;
#[path = "cli/init.rs"]
mod init;
#[path = "cli/invoke.rs"]
mod invoke;
#[path = "cli/lsp.rs"]
mod lsp;
#[path = "cli/man.rs"]
mod man;
#[path = "cli/parse.rs"]
mod parse;
#[path = "cli/program.rs"]
mod program;
#[path = "cli/report_fields.rs"]
mod report_fields;
#[path = "cli/run.rs"]
mod run;
#[path = "cli/sample.rs"]
mod sample;
#[path = "cli/sandbox.rs"]
mod sandbox;
#[path = "cli/scenarios.rs"]
mod scenarios;
#[path = "cli/test.rs"]
mod test;
#[path = "cli/watch.rs"]
mod watch;
#[cfg(unix)]
#[path = "cli/writing.rs"]
mod writing;
