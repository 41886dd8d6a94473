//! Lines of actions above code, gathered from the features that have some.

use super::{run, sample_document};
use crate::lsp;
use crate::snapshot::Snapshot;

/// What gives lenses.
type Provider = fn(&Snapshot) -> Vec<lsp::CodeLens>;

/// To add lenses: a line here.
const PROVIDERS: &[Provider] = &[run::lens::lenses];

/// `textDocument/codeLens`.
pub(crate) fn code_lens(
    snapshot: &Snapshot,
    _: lsp::CodeLensParams,
) -> lsp::Result<Option<Vec<lsp::CodeLens>>> {
    if snapshot.document.is_sample() {
        return Ok(Some(sample_document::lenses(snapshot)));
    }
    Ok(Some(PROVIDERS.iter().flat_map(|provider| provider(snapshot)).collect()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::features::fixture::{open, uri};

    #[test]
    fn a_script_can_be_run() {
        let params = serde_json::from_value(json!({ "textDocument": { "uri": uri() } })).unwrap();
        let lenses = code_lens(&open("(ap 1 x)"), params).unwrap().unwrap();
        assert_eq!(lenses[0].command.as_ref().unwrap().command, "air.run");
    }
}
