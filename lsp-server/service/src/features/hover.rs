//! Hover: what the text under the pointer is.
//!
//! First what the last run says of the place, then what the text means, with what is known around the script.

use air_ide::hover::{Step, Subject, explain};
use air_ide::markdown::{code, fence};
use air_interpreter::value::Value;
use air_syntax::TextSize;

use super::knowledge::{Knowledge, part};
use super::markup::{Section, markup};
use super::run::hover::of_run;
use super::sample_document;
use crate::lsp;
use crate::snapshot::Snapshot;

/// `textDocument/hover`.
pub(crate) fn hover(snapshot: &Snapshot, params: lsp::HoverParams) -> lsp::Result<Option<lsp::Hover>> {
    let offset = snapshot.offset(params.text_document_position_params.position);
    let sections: Vec<_> = if snapshot.document.is_sample() {
        sample_document::about(snapshot, offset).into_iter().collect()
    } else {
        let run = of_run(snapshot, offset);
        snapshot.check_cancelled()?;
        let meaning = meaning(snapshot, offset, run.as_ref().is_some_and(|told| told.value));
        run.map(|told| told.section).into_iter().chain(meaning).collect()
    };
    snapshot.check_cancelled()?;
    let Some(first) = sections.first() else { return Ok(None) };
    let texts: Vec<_> = sections.iter().map(|section| section.markdown.trim_end()).collect();
    Ok(Some(lsp::Hover {
        range: Some(snapshot.range(first.range)),
        contents: lsp::HoverContents::Markup(markup(snapshot, texts.join("\n\n---\n\n"))),
    }))
}

/// The language and this script, and what is known of it around the script; `told`: its value was shown already.
fn meaning(snapshot: &Snapshot, offset: TextSize, told: bool) -> Option<Section> {
    let found = explain(snapshot.analysis(), offset)?;
    let more = known(snapshot, &found.subject, told);
    let markdown = match more.is_empty() {
        true => found.markdown,
        // A list goes on with a list.
        false => format!("{}\n{more}", found.markdown.trim_end()),
    };
    Some(Section { range: found.range, markdown })
}

/// What settings, sample data and the last run know of it.
fn known(snapshot: &Snapshot, subject: &Subject, told: bool) -> String {
    let values = |variable, path: &[Step]| {
        let around = Knowledge::of(snapshot);
        let values = around.values(variable).into_iter();
        let parts = values.filter_map(|known| Some((part(&known.value, path)?, known.from)));
        let parts = parts.map(|(value, from)| {
            let names = value.as_str().map(|id| around.names_of_peer(id)).unwrap_or_default();
            shown(&value, &from)
                + &if names.is_empty() { String::new() } else { format!("\n{}", named(names)) }
        });
        parts.collect()
    };
    match subject {
        Subject::Variable(variable) if !told => values(*variable, &[]),
        Subject::Part(variable, path) if !told => values(*variable, path),
        Subject::Peer(id) => {
            let around = Knowledge::of(snapshot);
            let names = around.names_of_peer(id).into_iter();
            let mut text: String =
                names.map(|(name, from)| format!("- named {} by {from}\n", code(&name))).collect();
            if let Some(id) = around.id_of_peer(id) {
                text += &format!("- its id in the last run is {}\n", code(&id));
            }
            text
        }
        Subject::InitPeer => match Knowledge::of(snapshot).init_peer() {
            Some(peer) => format!("\n- {} in sample runs\n", code(&peer)),
            None => String::new(),
        },
        Subject::ErrorCode(code) => match air_interpreter::errors::page(*code) {
            Some(page) => format!("\n`{}`: {}\n", page.name, page.about),
            None => String::new(),
        },
        Subject::Variable(_) | Subject::Part(..) | Subject::Other => String::new(),
    }
}

fn named(names: Vec<(String, String)>) -> String {
    names.into_iter().map(|(name, from)| format!("- named {} by {from}\n", code(&name))).collect()
}

/// A value with its origin; what is long is cut.
fn shown(value: &Value, from: &str) -> String {
    const MAX_VALUE_CHARS: usize = 400;
    let pretty = air_interpreter::json::print_pretty(value);
    let json = match pretty.char_indices().nth(MAX_VALUE_CHARS) {
        Some((at, _)) => format!("{}…", pretty.get(..at).unwrap_or_default()),
        None => pretty,
    };
    format!("\nValue in {from}:\n\n{}\n", fence("json", &json))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use air_syntax::TextRange;

    use super::*;
    use crate::features::fixture::{cursor, everything, open_as, text_at, uri};
    use crate::features::run::command::run;
    use crate::results::RunParams;

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
    fn what_sample_data_and_error_pages_say() {
        check(
            "(seq (call \"p\" (\"s\" \"f\") [] x) ; ok = {\"a\": [1, 2]}\n (ap x.$.a$0.[1] y))",
            expect![[r#"
                "a": Markdown
                ```air
                x.$.a
                ```

                Field `a` of the object.

                Value in the annotation of its call:

                ```json
                [
                  1,
                  2
                ]
                ```
            "#]],
        );
        check(
            "(xor (null) (match :error:.$.error_code 1000$01 (null)))",
            expect![[r#"
            "10001": Markdown
            Error code 10001

            `MatchValuesNotEqual`: The two sides of `match` differ. `1` and `1.0` are different values. Put the `match` on the left of a `xor`.
        "#]],
        );
        check(
            "(call %init_$0peer_id% (\"s\" \"f\") [])",
            expect![[r#"
            "%init_peer_id%": Markdown
            ```air
            %init_peer_id%
            ```

            Id of the peer that started the script. It is the only special value that can stand where a peer is expected.
        "#]],
        );
    }

    #[test]
    fn values_of_the_last_run_where_they_are_read() {
        let (snapshot, position) = cursor("(seq (ap 7 x)\n (seq (ap x$0 y) (ap y z)))");
        run(&snapshot, RunParams::of(uri())).unwrap();
        let Some(lsp::Hover { contents: lsp::HoverContents::Markup(text), .. }) = ask(&snapshot, position)
        else {
            panic!("a text")
        };
        expect![[r#"
            ```air
            x
            ```

            Scalar: one value, set once.

            - written in line 1 by `ap` of `7`
            - read once

            Value in the last run, on `@init`:

            ```json
            7
            ```"#]]
        .assert_eq(&text.value);
    }

    #[test]
    fn peers_that_the_settings_name() {
        let settings =
            json!({ "peers": { "bootstrap": "12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxUW" } });
        let text = "(call \"12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxUW\" (\"s\" \"f\") [])";
        let snapshot = open_as(text, everything(), settings);
        let Some(lsp::Hover { contents: lsp::HoverContents::Markup(text), .. }) =
            ask(&snapshot, lsp::Position::new(0, 10))
        else {
            panic!("a text")
        };
        expect![[r#"
            Peer `12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxUW`

            - peer id, made from the peer's key
            - in this script: 1 call
            - named `bootstrap` by the settings (`peers`)"#]]
        .assert_eq(&text.value);
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

    /// Whatever names and literals hold, nothing of them is Markdown.
    #[test]
    fn hostile_names_stay_text() {
        use pulldown_cmark::{Event, Parser, Tag};
        let evils = [
            "p`![evil](https://evil/b.png)`",
            "``` \n# evil\n[evil](https://evil)",
            "</code><img src=evil>\n\n- evil ** `",
            "\\`evil\\` ~~~\n```\nevil\n```",
        ];
        let mut hovers = 0;
        for evil in evils {
            let text = format!(
                "(xor\n (seq\n  (call \"{evil}\" (\"{evil}\" \"{evil}\") [\"{evil}\"] x)\n  (seq (ap \"{evil}\" $s)\n   (seq (ap (\"{evil}\" \"{evil}\") %m) (canon \"{evil}\" $s #c))))\n (fail 1 \"{evil}\"))\n"
            );
            let snapshot = open_as(&text, everything(), json!({}));
            for (offset, _) in text.char_indices() {
                let at = snapshot.range(TextRange::empty(TextSize::try_from(offset).unwrap())).start;
                let Some(found) = ask(&snapshot, at) else { continue };
                let lsp::HoverContents::Markup(markup) = found.contents else { panic!("markup") };
                hovers += 1;
                for event in Parser::new(&markup.value) {
                    let ours = match &event {
                        Event::Start(Tag::Link { dest_url, .. }) => {
                            dest_url.starts_with("https://github.com/")
                        }
                        Event::Start(Tag::Image { .. } | Tag::Heading { .. } | Tag::HtmlBlock) => false,
                        Event::Html(_) | Event::InlineHtml(_) => false,
                        _ => true,
                    };
                    assert!(ours, "{event:?}\n{}", markup.value);
                }
            }
        }
        assert!(hovers > 500, "{hovers}");
    }
}
