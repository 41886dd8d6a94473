//! The protocol's types: the one place through which they come, so that the front can be exchanged.
//!
//! What LSP 3.18 added and `lsp-types` 0.94 lacks is written out below, as are our own methods.

pub(crate) use crate::json_rpc::{Error, Id, Result};
pub(crate) use lsp_types::*;

use serde::{Deserialize, Serialize};

/// The request was cancelled by the server; the client may ask again.
pub(crate) const SERVER_CANCELLED: i64 = -32802;

/// The request makes sense, but cannot be done.
pub(crate) const REQUEST_FAILED: i64 = -32803;

/// A request came before `initialize`.
pub(crate) const SERVER_NOT_INITIALIZED: i64 = -32002;

/// An error with one of the protocol's own codes.
pub(crate) fn error(code: i64, message: impl Into<String>) -> Error {
    Error::new(code, message.into())
}

/// Parameters of `$/cancelRequest`; `lsp-types` has 32 bits for the id only.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(crate) struct CancelRequestParams {
    /// The request to cancel.
    pub id: Id,
}

/// Parameters of `textDocument/rangesFormatting` (3.18).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DocumentRangesFormattingParams {
    /// The document.
    pub text_document: TextDocumentIdentifier,
    /// Ranges to format.
    pub ranges: Vec<Range>,
    /// How the editor indents; the configuration's layout goes first.
    pub options: FormattingOptions,
    /// For progress.
    #[serde(flatten)]
    pub work_done_progress_params: WorkDoneProgressParams,
}

/// Parameters of `workspace/textDocumentContent` (3.18).
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(crate) struct TextDocumentContentParams {
    /// A URI of a scheme that the server serves.
    pub uri: Url,
}

/// Result of `workspace/textDocumentContent` (3.18).
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(crate) struct TextDocumentContentResult {
    /// The document's text.
    pub text: String,
}

/// Parameters of `air/view`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ViewParams {
    /// The script.
    pub text_document: TextDocumentIdentifier,
    /// How it is shown.
    #[serde(default)]
    pub options: ViewOptions,
}

/// How `air/view` shows a script; absent fields are as the settings say.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ViewOptions {
    /// Spaces per level.
    pub indent_step: Option<u8>,
    /// Recognise hops as AquaVM's own beautifier does.
    pub patterns: Option<bool>,
    /// Keep comments.
    pub comments: Option<bool>,
    /// Name the compiler's idioms.
    pub idioms: Option<bool>,
}

/// Result of `air/view`.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(crate) struct ViewResult {
    /// The beautified text.
    pub text: String,
    /// The document's version that it shows.
    pub version: i32,
    /// Which lines of the view show what: `[view line, first source line, last source line]`,
    /// zero-based, ascending.
    pub lines: Vec<[u32; 3]>,
}

/// Parameters of `air/document`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DocumentStateParams {
    /// The document.
    pub text_document: TextDocumentIdentifier,
}

/// Result of `air/document`: what the server believes the document to be.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DocumentStateResult {
    /// Version of the last edit applied.
    pub version: i32,
    /// Length in bytes.
    pub length: usize,
    /// FNV-1a of the text, 64 bits, in hex.
    pub digest: String,
    /// Spaces per level of its layout.
    pub indent_width: u8,
}
