//! One file per capability, named after what the user does with it.
//!
//! Each begins with its entry function: one version of a document and the request's parameters in,
//! the protocol's result out. What it means is computed below, in `air-ide`; here it is only
//! chosen and converted. Tests stand below, on small scripts with `$0` for the cursor.

pub(crate) mod call_hierarchy;
pub(crate) mod code_action;
pub(crate) mod code_lens;
pub(crate) mod completion;
pub(crate) mod declaration;
pub(crate) mod definition;
pub(crate) mod diagnostic;
pub(crate) mod document_highlight;
pub(crate) mod document_state;
pub(crate) mod document_symbol;
pub(crate) mod embedded;
pub(crate) mod explain_not_executed;
pub(crate) mod folding_range;
pub(crate) mod formatting;
pub(crate) mod generate_sample;
pub(crate) mod hover;
pub(crate) mod implementation;
pub(crate) mod inlay_hint;
mod knowledge;
pub(crate) mod linked_editing_range;
mod markup;
pub(crate) mod readable_view;
pub(crate) mod refactor;
pub(crate) mod references;
pub(crate) mod rename;
pub(crate) mod run;
pub(crate) mod sample;
pub(crate) mod sample_document;
pub(crate) mod selection_range;
pub(crate) mod semantic_tokens;
pub(crate) mod show_diagram;
pub(crate) mod show_report;
pub(crate) mod signature_help;
pub(crate) mod structural;
pub(crate) mod test_hooks;
pub(crate) mod will_rename_files;
pub(crate) mod workspace_diagnostic;
pub(crate) mod workspace_symbol;

#[cfg(test)]
pub(crate) mod fixture;

#[cfg(test)]
mod corpus;
