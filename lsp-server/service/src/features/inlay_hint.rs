//! Inlay hints: what holds but is not written. Few by default; each kind has a setting.

use air_ide::hints::{Hint, HintKind, hints};
use air_syntax::TextRange;

use super::markup::{Word, markup};
use super::run;
use crate::lsp;
use crate::snapshot::Snapshot;
use air_ide::markdown::code;

/// More words than this slow an editor down.
const MAX_HINTS: usize = 2000;

/// Who has something to show in a part of the script. To add one: a function here.
const PROVIDERS: &[fn(&Snapshot, TextRange) -> Vec<Word>] = &[unwritten, run::values::hints];

/// `textDocument/inlayHint`.
pub(crate) fn inlay_hints(
    snapshot: &Snapshot,
    params: lsp::InlayHintParams,
) -> lsp::Result<Option<Vec<lsp::InlayHint>>> {
    let part = snapshot.text_range(params.range);
    let mut words: Vec<_> = PROVIDERS.iter().flat_map(|provider| provider(snapshot, part)).collect();
    snapshot.check_cancelled()?;
    words.sort_by_key(|word| word.at);
    words.truncate(MAX_HINTS);
    Ok(Some(words.into_iter().map(|word| converted(snapshot, word)).collect()))
}

fn converted(snapshot: &Snapshot, word: Word) -> lsp::InlayHint {
    let tooltip = (!word.tooltip.is_empty())
        .then(|| lsp::InlayHintTooltip::MarkupContent(markup(snapshot, word.tooltip)));
    lsp::InlayHint {
        position: snapshot.position(word.at),
        label: label(snapshot, word.text, word.target),
        kind: None,
        text_edits: None,
        tooltip,
        padding_left: Some(word.padding.0),
        padding_right: Some(word.padding.1),
        data: None,
    }
}

/// With a place to go to it is a part of its own, which editors make a link.
fn label(snapshot: &Snapshot, text: String, target: Option<TextRange>) -> lsp::InlayHintLabel {
    let Some(target) = target else { return lsp::InlayHintLabel::String(text) };
    let location = lsp::Location { uri: snapshot.document.uri.clone(), range: snapshot.range(target) };
    let part = lsp::InlayHintLabelPart { value: text, location: Some(location), ..Default::default() };
    lsp::InlayHintLabel::LabelParts(vec![part])
}

/// Far brackets, peers of branches, last instructions, idioms.
fn unwritten(snapshot: &Snapshot, part: TextRange) -> Vec<Word> {
    let settings = &snapshot.document.settings;
    let named = |id: &str| settings.peers().find(|(_, known)| *known == id).map(|(name, _)| &**name);
    let found = hints(snapshot.analysis(), part, settings.hints(), named);
    found.into_iter().map(|hint| word(snapshot, hint)).collect()
}

fn word(snapshot: &Snapshot, hint: Hint) -> Word {
    let line = snapshot.position(hint.about.start()).line + 1;
    let tooltip = match hint.kind {
        HintKind::Closing => format!("Closes {} of line {line}.", code(&hint.text)),
        _ => hint.more.to_owned(),
    };
    let padding = (hint.kind != HintKind::Peer, hint.kind == HintKind::Peer);
    Word { at: hint.at, text: hint.text, padding, tooltip, target: Some(hint.about) }
}

#[cfg(test)]
mod tests {
    use air_syntax::TextSize;
    use serde_json::json;

    use super::*;
    use crate::features::fixture::{everything, open_as, uri};

    fn labels(text: &str, settings: serde_json::Value) -> Vec<String> {
        let snapshot = open_as(text, everything(), settings);
        let end = snapshot.position(TextSize::of(text));
        let params = json!({ "textDocument": { "uri": uri() }, "range": { "start": { "line": 0, "character": 0 }, "end": end } });
        let found = inlay_hints(&snapshot, serde_json::from_value(params).unwrap()).unwrap().unwrap();
        let labels = found.into_iter().map(|hint| match hint.label {
            lsp::InlayHintLabel::String(text) => text,
            lsp::InlayHintLabel::LabelParts(parts) => parts.into_iter().map(|part| part.value).collect(),
        });
        labels.collect()
    }

    #[test]
    fn each_kind_has_a_setting() {
        let text = format!(
            "(par{}\n (seq (call \"p\" (\"s\" \"f\") []) (fold [] i (next i)))\n (null)\n)",
            "\n".repeat(30)
        );
        assert_eq!(labels(&text, json!({})), ["par"]);
        assert_eq!(labels(&text, json!({ "hints": { "closing": false } })), [""; 0]);
        let peers = json!({ "hints": { "peers": true, "closing": false } });
        assert_eq!(labels(&text, peers), ["on \"p\":"]);
        assert_eq!(labels(&text, json!({ "hints": { "last": true } })), ["(null)", "par"]);
        let hop = "(new $h\n (new #h\n  (canon -relay- $h #h)\n )\n)";
        assert_eq!(labels(hop, json!({ "hints": { "idioms": true } })), ["hop -relay-"]);
    }

    #[test]
    fn a_click_leads_to_what_is_closed() {
        let text = format!("(seq\n (null){}\n (null))", "\n".repeat(30));
        let snapshot = open_as(&text, everything(), json!({}));
        let params = json!({ "textDocument": { "uri": uri() }, "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 90, "character": 0 } } });
        let found = inlay_hints(&snapshot, serde_json::from_value(params).unwrap()).unwrap().unwrap();
        let [lsp::InlayHint { label: lsp::InlayHintLabel::LabelParts(parts), .. }] = &*found else {
            panic!("{found:?}")
        };
        assert_eq!(parts[0].location.as_ref().unwrap().range.start, lsp::Position::new(0, 0));
    }
}
