//! `air/document`: what the server believes a document to be.
//!
//! For "is the server out of step?" in bug reports, and for tests of the order of edits: it is
//! answered between the messages around it.

use crate::lsp;
use crate::snapshot::Snapshot;

/// Version, length and digest of the text, and the layout that settings and files give it.
pub(crate) fn document_state(
    snapshot: &Snapshot,
    _: lsp::DocumentStateParams,
) -> lsp::Result<lsp::DocumentStateResult> {
    let document = &snapshot.document;
    Ok(lsp::DocumentStateResult {
        version: document.version,
        length: document.text.len(),
        digest: format!("{:016x}", document.digest()),
        indent_width: document.settings.format("").indent_width,
    })
}
