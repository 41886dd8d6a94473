//! The readable view of a script: `air/view`, and the same as a virtual document of scheme
//! `air-view` through `workspace/textDocumentContent`.

use air_analysis::beautify::{self, BeautifyOptions, View};
use serde_json::Value;

use crate::file_url;
use crate::lsp::{self, Url};
use crate::snapshot::Snapshot;

/// Scheme of virtual documents. `air-view:NAME.air?URI` shows the script at that URI; the URI is
/// percent-encoded, and what stands before the question mark is only for the editor's title bar.
pub(crate) const SCHEME: &str = "air-view";

/// `air/view`.
pub(crate) fn view(snapshot: &Snapshot, params: lsp::ViewParams) -> lsp::Result<lsp::ViewResult> {
    let view = beautified(snapshot, &params.options)?;
    snapshot.check_cancelled()?;
    let lines = lines(snapshot, &view);
    Ok(lsp::ViewResult { text: view.text, version: snapshot.document.version, lines })
}

/// `workspace/textDocumentContent`.
pub(crate) fn content(
    snapshot: &Snapshot,
    _: lsp::TextDocumentContentParams,
) -> lsp::Result<lsp::TextDocumentContentResult> {
    let view = beautified(snapshot, &lsp::ViewOptions::default())?;
    Ok(lsp::TextDocumentContentResult { text: view.text })
}

/// The script that a virtual document shows.
pub(crate) fn source_of(params: &Value) -> lsp::Result<Url> {
    let uri = params.get("uri").and_then(Value::as_str).unwrap_or_default();
    let wrong = || {
        lsp::error(-32602, format!("{uri} is not a URI of the form {SCHEME}:NAME.air?PERCENT-ENCODED-URI"))
    };
    let uri = Url::parse(uri).map_err(|_| wrong())?;
    if uri.scheme() != SCHEME {
        return Err(wrong());
    }
    let source = file_url::percent_decoded(uri.query().unwrap_or_default()).ok_or_else(wrong)?;
    Url::parse(&source).map_err(|_| wrong())
}

fn beautified(snapshot: &Snapshot, asked: &lsp::ViewOptions) -> lsp::Result<View> {
    let settings = snapshot.document.settings.view();
    let options = BeautifyOptions {
        indent_step: asked.indent_step.or(settings.indent_step).unwrap_or(4).min(64).into(),
        patterns: asked.patterns.or(settings.patterns).unwrap_or_default(),
        comments: asked.comments.or(settings.comments).unwrap_or_default(),
        idioms: asked.idioms.or(settings.idioms).unwrap_or_default(),
    };
    beautify::beautify(snapshot.analysis().hir(), &options)
        .map_err(|error| lsp::error(-32803, error.to_string()))
}

/// `[line of the view, first and last line of the script]`, for scrolling in step.
fn lines(snapshot: &Snapshot, view: &View) -> Vec<[u32; 3]> {
    let mut at = 0;
    let mut line = 0;
    let mut lines = Vec::with_capacity(view.map.lines.len());
    for shown in &view.map.lines {
        let start = usize::from(shown.view.start());
        // A literal with a line feed makes one line of the map several lines of text.
        line += view.text.get(at..start).unwrap_or_default().matches('\n').count() as u32;
        at = start;
        let source = snapshot.range(shown.source);
        lines.push([line, source.start.line, source.end.line]);
    }
    lines
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::features::fixture::{open, uri};

    fn shown(text: &str, options: Value) -> lsp::ViewResult {
        let params = json!({ "textDocument": { "uri": uri() }, "options": options });
        view(&open(text), serde_json::from_value(params).unwrap()).unwrap()
    }

    const SCRIPT: &str =
        "(seq\n (call \"p\" (\"s\" \"f\") [] x)\n (par\n  (null)\n  (call \"q\" (\"s\" \"f\") [x])\n )\n)";

    #[test]
    fn the_view_and_its_lines() {
        let result = shown(SCRIPT, json!({ "indentStep": 2 }));
        expect_test::expect![[r#"
            x <- call "p" ("s", "f") []
            par:
              null
            |
              call "q" ("s", "f") [x]
        "#]]
        .assert_eq(&result.text);
        expect_test::expect!["[[0, 1, 1], [1, 2, 2], [2, 3, 3], [3, 3, 4], [4, 4, 4]]"]
            .assert_eq(&format!("{:?}", result.lines));
        assert_eq!(result.version, 7);
    }

    #[test]
    fn options_may_be_absent_or_an_empty_list() {
        // Lua writes an empty table as a list.
        for options in [json!({}), json!([])] {
            assert_eq!(shown(SCRIPT, options).text, shown(SCRIPT, json!({ "indentStep": 4 })).text);
        }
    }

    #[test]
    fn names_of_virtual_documents() {
        let source = |uri: &str| source_of(&json!({ "uri": uri })).map(|uri| uri.to_string());
        assert_eq!(source("air-view:a.air?file%3A%2F%2F%2Fd%2Fa%2520b.air").unwrap(), "file:///d/a%20b.air");
        for wrong in [
            "file:///a.air",
            "air-view:a.air",
            "air-view:a?%",
            "air-view:a?%zz",
            "air-view:a?nothing",
            "",
            "?",
        ] {
            assert!(source(wrong).is_err(), "{wrong}");
        }
    }
}
