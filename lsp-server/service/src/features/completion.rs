//! Completion: what fits at the cursor; more about an item when it is asked for.

use air_ide::completion::{Item, ItemKind, MAX_ITEMS, complete, documentation};
use air_syntax::TextRange;
use serde_json::{Value, json};

use super::knowledge::Knowledge;
use super::markup::markup;
use crate::lsp::{self, CompletionItemKind, Url};
use crate::snapshot::Snapshot;

/// What opens the list while typing.
pub(crate) const TRIGGERS: &[&str] = &["(", "\"", ".", "$", "#", "%", ":", ";", "["];

/// `textDocument/completion`.
pub(crate) fn completion(
    snapshot: &Snapshot,
    params: lsp::CompletionParams,
) -> lsp::Result<Option<lsp::CompletionList>> {
    if snapshot.document.is_sample() {
        return Ok(Some(super::sample_document::completion(
            snapshot,
            params.text_document_position.position,
        )));
    }
    // What an item inserts is not escaped.
    if snapshot.document.place().is_some_and(|place| !place.script.holds_quotes()) {
        return Ok(None);
    }
    let offset = snapshot.offset(params.text_document_position.position);
    let found = complete(snapshot.analysis(), offset, &Knowledge::of(snapshot));
    snapshot.check_cancelled()?;
    let replace = snapshot.range(found.replace);
    // Without the rest of a literal its quote would stay.
    let quoted = snapshot.analysis().hir().text_at(found.replace).starts_with('"');
    let insert = match snapshot.client.insert_replace && !quoted {
        true => snapshot.range(found.replace.intersect(TextRange::up_to(offset)).unwrap_or(found.replace)),
        false => replace,
    };
    // Names of other scripts may be on their way.
    let is_incomplete = found.items.len() >= MAX_ITEMS || snapshot.view.workspace.looks();
    let items = found.items.into_iter().enumerate();
    let items = items.map(|(number, item)| converted(snapshot, number, item, (insert, replace))).collect();
    Ok(Some(lsp::CompletionList { is_incomplete, items }))
}

/// With the text that the item replaces: up to the cursor, and the whole word.
fn converted(
    snapshot: &Snapshot,
    number: usize,
    item: Item,
    (insert, replace): (lsp::Range, lsp::Range),
) -> lsp::CompletionItem {
    let snippet = item.snippet && snapshot.client.snippets;
    let text = if item.snippet && !snippet { plain(&item.insert) } else { item.insert };
    let edit = match insert == replace {
        true => lsp::CompletionTextEdit::Edit(lsp::TextEdit { range: replace, new_text: text }),
        false => lsp::CompletionTextEdit::InsertAndReplace(lsp::InsertReplaceEdit {
            new_text: text,
            insert,
            replace,
        }),
    };
    let data = (!item.topic.is_empty()).then(|| json!({ "uri": snapshot.document.uri, "topic": item.topic }));
    lsp::CompletionItem {
        // The order is ours; clients sort by text.
        sort_text: Some(format!("{number:04}")),
        filter_text: Some(item.label.clone()),
        label: item.label,
        kind: Some(kind(item.kind)),
        detail: (!item.detail.is_empty()).then_some(item.detail),
        insert_text_format: Some(if snippet {
            lsp::InsertTextFormat::SNIPPET
        } else {
            lsp::InsertTextFormat::PLAIN_TEXT
        }),
        text_edit: Some(edit),
        data,
        ..Default::default()
    }
}

fn kind(kind: ItemKind) -> CompletionItemKind {
    match kind {
        ItemKind::Instruction => CompletionItemKind::KEYWORD,
        ItemKind::Variable | ItemKind::Iterator => CompletionItemKind::VARIABLE,
        ItemKind::Special => CompletionItemKind::CONSTANT,
        ItemKind::Field => CompletionItemKind::FIELD,
        ItemKind::Peer => CompletionItemKind::CLASS,
        ItemKind::Service => CompletionItemKind::MODULE,
        ItemKind::Function => CompletionItemKind::FUNCTION,
        ItemKind::Comment => CompletionItemKind::SNIPPET,
        ItemKind::Code => CompletionItemKind::ENUM_MEMBER,
        ItemKind::Value => CompletionItemKind::VALUE,
    }
}

/// A snippet for a client without snippets: places to fill in are what they suggest.
fn plain(snippet: &str) -> String {
    let mut text = String::with_capacity(snippet.len());
    let mut chars = snippet.chars().peekable();
    let mut inside = false;
    while let Some(char) = chars.next() {
        match char {
            '\\' => text.extend(chars.next()),
            '$' if chars.next_if_eq(&'{').is_some() => {
                while chars.next_if(char::is_ascii_digit).is_some() {}
                // `:` before a text, `|` before a choice, of which the first counts.
                if chars.next() == Some('|') {
                    let rest: String = chars.by_ref().take_while(|char| *char != '}').collect();
                    text.push_str(rest.split([',', '|']).next().unwrap_or_default());
                } else {
                    inside = true;
                }
            }
            '$' => while chars.next_if(char::is_ascii_digit).is_some() {},
            '}' if inside => inside = false,
            char => text.push(char),
        }
    }
    text
}

/// The document that an item was for.
pub(crate) fn origin(params: &Value) -> lsp::Result<Url> {
    let uri = params.pointer("/data/uri").and_then(Value::as_str);
    let uri = uri.ok_or_else(|| lsp::error(-32602, "params.data.uri is missing"))?;
    Url::parse(uri).map_err(|error| lsp::error(-32602, format!("{uri} is not a URI: {error}")))
}

/// `completionItem/resolve`: with documentation.
pub(crate) fn resolve(
    snapshot: &Snapshot,
    mut item: lsp::CompletionItem,
) -> lsp::Result<lsp::CompletionItem> {
    let topic = item.data.as_ref().and_then(|data| data.get("topic")).and_then(Value::as_str);
    if let Some(text) =
        topic.and_then(|topic| documentation(snapshot.analysis(), topic, &Knowledge::of(snapshot)))
    {
        item.documentation = Some(lsp::Documentation::MarkupContent(markup(snapshot, text)));
    }
    Ok(item)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::features::fixture::{cursor, edited, open_as, uri};

    fn items(snapshot: &Snapshot, position: lsp::Position) -> Vec<lsp::CompletionItem> {
        let params = json!({ "textDocument": { "uri": uri() }, "position": position });
        completion(snapshot, serde_json::from_value(params).unwrap()).unwrap().unwrap().items
    }

    /// The script with the first item chosen.
    fn check(marked: &str, expected: Expect) {
        let (snapshot, position) = cursor(marked);
        let Some(lsp::CompletionTextEdit::Edit(edit)) = items(&snapshot, position).remove(0).text_edit else {
            panic!("an edit")
        };
        expected.assert_eq(&edited(&snapshot, vec![edit]));
    }

    #[test]
    fn the_word_is_replaced() {
        check("(seq (ap 1 result) (ap re$0 y))", expect!["(seq (ap 1 result) (ap result y))"]);
        check("(call \"p\" (\"math\" \"a$0\") [])", expect![[r#"(call "p" ("math" "add") [])"#]]);
        check("(xor (null) (ap :error:.$.m$0 y))", expect!["(xor (null) (ap :error:.$.error_code y))"]);
    }

    #[test]
    fn only_the_name_before_a_lens() {
        check("(seq (ap 1 foobar) (ap f$0.$.a.[0] y))", expect!["(seq (ap 1 foobar) (ap foobar.$.a.[0] y))"]);
        check("(seq (ap 1 foobar) (ap $0.$.a.[0] y))", expect!["(seq (ap 1 foobar) (ap foobar.$.a.[0] y))"]);
    }

    /// Where the client lets its user choose: up to the cursor, or the whole name.
    #[test]
    fn inserted_or_replaced() {
        let able = json!({ "textDocument": { "completion": { "completionItem": { "insertReplaceSupport": true } } } });
        let edit = |text: &str, column: u32| {
            let snapshot = open_as(text, able.clone(), json!({}));
            let edit = items(&snapshot, lsp::Position::new(0, column)).remove(0).text_edit.unwrap();
            serde_json::to_string(&edit).unwrap()
        };
        let range = |start: u32, end: u32| json!({ "start": { "line": 0, "character": start }, "end": { "line": 0, "character": end } });
        let found = edit("(seq (ap 1 foobar) (ap foot.$.a y))", 26);
        let expected = json!({ "newText": "foobar", "insert": range(23, 26), "replace": range(23, 27) });
        assert_eq!(serde_json::from_str::<Value>(&found).unwrap(), expected);
        // There is nothing to choose at its end, and half of a literal cannot stay.
        for (text, column) in [("(seq (ap 1 foobar) (ap foo y))", 26), ("(call p (\"ma\" \"add\") [])", 11)] {
            let found = edit(text, column);
            assert!(!found.contains("insert"), "{found}");
        }
    }

    #[test]
    fn more_when_asked() {
        let (snapshot, position) = cursor("(se$0");
        let item = items(&snapshot, position).into_iter().find(|item| item.label == "seq").unwrap();
        assert_eq!(origin(&serde_json::to_value(&item).unwrap()).unwrap(), uri());
        let Some(lsp::Documentation::MarkupContent(text)) = resolve(&snapshot, item).unwrap().documentation
        else {
            panic!("documentation")
        };
        assert!(text.value.contains("Runs the first instruction"), "{}", text.value);
    }

    #[test]
    fn clients_without_snippets() {
        let snapshot = open_as("(", json!({}), json!({}));
        let first = items(&snapshot, lsp::Position::new(0, 1)).remove(0);
        let Some(lsp::CompletionTextEdit::Edit(edit)) = first.text_edit else { panic!("an edit") };
        assert_eq!(edit.new_text, "call %init_peer_id% (\"service\" \"function\") [] result)");
        assert_eq!(plain("a = ${1|echo,unit|} \\$s $0"), "a = echo $s ");
    }
}
