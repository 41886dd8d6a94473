//! Hover: what the text under the pointer is.
//!
//! Several may know something; what they say is put together in their order.

use air_semantics::teach::hover::explain;
use air_syntax::{TextRange, TextSize};

use super::run_hover::of_run;
use crate::server::document::Snapshot;
use crate::server::lsp;

/// What one of them says: about which text, in Markdown.
pub(in crate::server) struct Section {
    /// What it is about.
    pub range: TextRange,
    /// Markdown.
    pub markdown: String,
}

/// Who may know something of a place. To add one: a function here.
const PROVIDERS: &[fn(&Snapshot, TextSize) -> Option<Section>] = &[of_run, meaning];

/// `textDocument/hover`.
pub(in crate::server) fn hover(
    snapshot: &Snapshot,
    params: lsp::HoverParams,
) -> lsp::Result<Option<lsp::Hover>> {
    let offset = snapshot.offset(params.text_document_position_params.position);
    let sections: Vec<_> = PROVIDERS.iter().filter_map(|provider| provider(snapshot, offset)).collect();
    snapshot.check_cancelled()?;
    let Some(first) = sections.first() else { return Ok(None) };
    let texts: Vec<_> = sections.iter().map(|section| section.markdown.trim_end()).collect();
    Ok(Some(lsp::Hover {
        range: Some(snapshot.range(first.range)),
        contents: lsp::HoverContents::Markup(markup(snapshot, texts.join("\n\n---\n\n"))),
    }))
}

/// Markdown, or the same as plain text for clients that show nothing else.
pub(super) fn markup(snapshot: &Snapshot, markdown: String) -> lsp::MarkupContent {
    if snapshot.client.markdown {
        return lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value: markdown };
    }
    let lines = markdown.lines().filter(|line| !line.starts_with("```"));
    let plain: Vec<_> = lines.map(|line| line.replace("**", "").replace('`', "")).collect();
    lsp::MarkupContent { kind: lsp::MarkupKind::PlainText, value: plain.join("\n") }
}

/// The language and this script.
fn meaning(snapshot: &Snapshot, offset: TextSize) -> Option<Section> {
    let found = explain(snapshot.analysis(), offset)?;
    Some(Section { range: found.range, markdown: found.markdown })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;
    use crate::server::features::fixture::{cursor, open_as, text_at, uri};

    fn ask(snapshot: &Snapshot, position: lsp::Position) -> Option<lsp::Hover> {
        let params = json!({ "textDocument": { "uri": uri() }, "position": position });
        hover(snapshot, serde_json::from_value(params).unwrap()).unwrap()
    }

    fn check(marked: &str, expected: Expect) {
        let (snapshot, position) = cursor(marked);
        let Some(found) = ask(&snapshot, position) else { return expected.assert_eq("nothing") };
        let lsp::HoverContents::Markup(markup) = found.contents else { panic!("markup") };
        expected.assert_eq(&format!(
            "{:?}: {:?}\n{}\n",
            text_at(&snapshot, found.range.unwrap()),
            markup.kind,
            markup.value
        ));
    }

    #[test]
    fn a_variable() {
        check(
            "(seq (ap 1 x)\n (ap x$0 y))",
            expect![[r#"
            "x": Markdown
            ```air
            x
            ```

            Scalar: one value, set once.

            - written in line 1 by `ap` of `1`
            - read once
        "#]],
        );
    }

    #[test]
    fn nothing_on_brackets() {
        check("(seq (null)$0\n (null))", expect!["nothing"]);
    }

    #[test]
    fn plain_text_for_clients_without_markdown() {
        let snapshot = open_as("(null)", json!({}), json!({}));
        let found = ask(&snapshot, lsp::Position::new(0, 2)).unwrap();
        let lsp::HoverContents::Markup(markup) = found.contents else { panic!("markup") };
        assert_eq!(markup.kind, lsp::MarkupKind::PlainText);
        assert!(!markup.value.contains('`') && markup.value.contains("Does nothing"), "{}", markup.value);
    }
}
