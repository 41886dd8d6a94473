//! What the commands of `air` share; each command is a module of [`crate::commands`].
//!
//! Layers, lowest first; each module uses only those before it:
//!
//! 1. [`exit`]: exit codes; `program`: its name; `numbers`: values of options
//! 2. [`output`]: standard output and standard error; `markdown`, `known_words`, `form_target`, `moves`, `wrap`: pages, words for shells, forms with files, orders, lines
//! 3. [`progress`]: the progress bar
//! 4. [`pool`]: work on many scripts at once
//! 5. [`excluded`], [`inputs`], [`global_args`]: what the command line says
//! 6. [`report`]: reports of a check; in it `span`, `severity`, `checked`, `summary`, `reporter`, then one module per
//!    format, then `report` itself and `report_writer`
//! 7. `watch`, [`embedded`], [`scripts`], [`rejection`], [`runner`]: scripts with their configuration, why AquaVM rejects one, runs

pub mod diff;
pub mod embedded;
pub mod excluded;
pub mod exit;
pub mod form_target;
pub mod global_args;
pub mod inputs;
pub(crate) mod known_words;
pub(crate) mod markdown;
pub(crate) mod moves;
pub(crate) mod numbers;
pub mod output;
pub mod pool;
pub(crate) mod program;
pub mod progress;
pub mod rejection;
pub mod report;
pub mod runner;
pub(crate) mod sample_problems;
pub mod scripts;
pub(crate) mod watch;
pub(crate) mod wrap;
