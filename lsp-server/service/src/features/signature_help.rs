//! Signature help: the form of the instruction around the cursor, with the operand that is written.

use air_ide::signature::{Signature, signatures};

use super::markup::markup;
use crate::lsp;
use crate::snapshot::Snapshot;

/// `textDocument/signatureHelp`. Works on tokens, so that it also helps while the script is broken.
pub(crate) fn signature_help(
    snapshot: &Snapshot,
    params: lsp::SignatureHelpParams,
) -> lsp::Result<Option<lsp::SignatureHelp>> {
    let offset = snapshot.offset(params.text_document_position_params.position);
    let found = signatures(&snapshot.document.text, offset);
    let Some(first) = found.first() else { return Ok(None) };
    // Past the last one, clients mark none.
    let active = |signature: &Signature| Some(signature.active.unwrap_or(signature.parameters.len()) as u32);
    Ok(Some(lsp::SignatureHelp {
        active_signature: Some(0),
        active_parameter: active(first),
        signatures: found
            .iter()
            .map(|signature| lsp::SignatureInformation {
                label: signature.label.clone(),
                documentation: Some(lsp::Documentation::MarkupContent(markup(
                    snapshot,
                    signature.what.to_owned(),
                ))),
                active_parameter: active(signature),
                parameters: Some(
                    signature
                        .parameters
                        .iter()
                        .map(|(range, what)| information(snapshot, &signature.label, *range, what))
                        .collect(),
                ),
            })
            .collect(),
    }))
}

fn information(
    snapshot: &Snapshot,
    label: &str,
    (start, end): (usize, usize),
    what: &str,
) -> lsp::ParameterInformation {
    let text = |end| label.get(..end).unwrap_or_default();
    // Offsets into labels are in UTF-16 whatever the positions are in.
    let units = |end| text(end).encode_utf16().count() as u32;
    lsp::ParameterInformation {
        label: lsp::ParameterLabel::LabelOffsets([units(start), units(end)]),
        documentation: (!what.is_empty())
            .then(|| lsp::Documentation::MarkupContent(markup(snapshot, what.to_owned()))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::features::fixture::{cursor, uri};

    fn active(marked: &str) -> Option<String> {
        let (snapshot, position) = cursor(marked);
        let params = json!({ "textDocument": { "uri": uri() }, "position": position });
        let help = signature_help(&snapshot, serde_json::from_value(params).unwrap()).unwrap()?;
        let signature = &help.signatures[0];
        let parameter = signature.parameters.as_ref().unwrap().get(help.active_parameter.unwrap() as usize);
        let Some(lsp::ParameterLabel::LabelOffsets([start, end])) = parameter.map(|it| it.label.clone())
        else {
            return Some(format!("{}:", signature.label));
        };
        let units: Vec<u16> = signature.label.encode_utf16().collect();
        Some(format!(
            "{}: {}",
            signature.label,
            String::from_utf16(&units[start as usize..end as usize]).unwrap()
        ))
    }

    #[test]
    fn the_operand_that_is_written() {
        assert_eq!(active("(call $0").unwrap(), "(call PEER (SERVICE FUNCTION) [ARGUMENTS] OUTPUT): PEER");
        assert_eq!(
            active("(call p (\"op\" \"concat_strings\") [1 2 $0]").unwrap(),
            "op.concat_strings(string…): string…"
        );
        assert_eq!(active("(next i $0)").unwrap(), "(next ITERATOR):");
        assert_eq!(active("$0(null)"), None);
    }
}
