//! One file per capability, named after what the user does with it.
//!
//! Each begins with its entry function: one version of a document and the request's parameters in,
//! the protocol's result out. What it means is computed below, in `air-semantics`; here it is only
//! chosen and converted. Tests stand below, on small scripts with `$0` for the cursor.

mod around;
pub(super) mod call_hierarchy;
pub(super) mod code_actions;
pub(super) mod code_lens;
pub(super) mod completion;
pub(super) mod declaration;
pub(super) mod definition;
pub(super) mod diagnostics;
pub(super) mod document_state;
pub(super) mod document_symbols;
pub(super) mod explain_not_executed;
pub(super) mod fold;
pub(super) mod format;
pub(super) mod generate_sample;
pub(super) mod highlight;
pub(super) mod hover;
pub(super) mod implementation;
pub(super) mod inlay_hints;
pub(super) mod linked_editing;
pub(super) mod misbehave;
pub(super) mod refactor;
pub(super) mod references;
pub(super) mod rename;
pub(super) mod rename_everywhere;
pub(super) mod run;
pub(super) mod run_diagnostics;
pub(super) mod run_hover;
pub(super) mod run_lens;
pub(super) mod run_values;
pub(super) mod sample;
pub(super) mod sample_document;
pub(super) mod select;
pub(super) mod semantic_tokens;
pub(super) mod show_diagram;
pub(super) mod show_report;
pub(super) mod signature_help;
pub(super) mod structural;
pub(super) mod view;
pub(super) mod workspace_diagnostics;
pub(super) mod workspace_symbols;

#[cfg(test)]
pub(super) mod fixture;

#[cfg(test)]
mod corpus;
