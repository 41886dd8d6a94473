//! Renaming a field: only where the script puts it in and takes it out itself, and no service or host sees it.

use air_analysis::Analysis;
use air_analysis::diagnostic::TextEdit;
use air_semantics::resolve::BindingKind;
use air_semantics::shapes::{FieldPlaces, Reach};
use air_syntax::TextRange;

use super::fields;
use super::mentions::symbol_at;
use super::outside::between_quotes;
use super::refusal::Refusal;
use super::symbol::Symbol;

/// Whether the field can be renamed.
pub(super) fn check(analysis: &Analysis, symbol: &Symbol) -> Result<FieldPlaces, Refusal> {
    let (hir, resolution) = (analysis.hir(), analysis.resolution());
    let Some(found) = fields::places(analysis, symbol, Reach::All) else {
        return Err(Refusal::Outside("an index"));
    };
    if let Some((name, place)) = found.from.iter().find_map(|call| fields::called(hir, *call)) {
        return Err(Refusal::FieldFromOutside(format!("`{name}`"), Some(place)));
    }
    let host = found
        .variables
        .iter()
        .filter_map(|id| resolution.binding(*id))
        .find(|binding| binding.writes == 0 && !matches!(binding.kind, BindingKind::Iterator(_)));
    if let Some(host) = host {
        let name = hir.name(host.name);
        return Err(Refusal::FieldFromOutside(format!("the host, which supplies `{name}`"), None));
    }
    if let Some((name, place)) = found.to.iter().find_map(|call| fields::called(hir, *call)) {
        return Err(Refusal::FieldGoesOutside(format!("`{name}`"), Some(place)));
    }
    let open = found.open.first().and_then(|id| hir.operands.get(id.0 as usize)).map(|it| it.range);
    if open.is_some() || found.walked || found.cut {
        return Err(Refusal::FieldUnknown(open));
    }
    if found.keys.is_empty() {
        return Err(Refusal::FieldFromOutside("outside of this script".to_owned(), None));
    }
    Ok(found)
}

/// Edits that give it another name, in text order.
pub(super) fn edits(analysis: &Analysis, symbol: &Symbol, new_name: &str) -> Result<Vec<TextEdit>, Refusal> {
    let found = check(analysis, symbol)?;
    let plain = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-');
    if !new_name.starts_with(|char: char| char.is_ascii_alphabetic()) || !new_name.chars().all(plain) {
        return Err(Refusal::NoField(new_name.to_owned()));
    }
    let hir = analysis.hir();
    let places: Vec<TextRange> =
        fields::of(hir, &found).into_iter().map(|place| between_quotes(hir, place.range)).collect();
    let edits: Vec<TextEdit> =
        places.iter().map(|range| TextEdit { range: *range, new_text: new_name.to_owned() }).collect();
    // The same places must name the same field afterwards, and no others.
    let after = Analysis::after(analysis, air_semantics::text_edit::apply(&analysis.text, &edits));
    let there = places.first().and_then(|first| symbol_at(&after, first.start()));
    let same = there.and_then(|there| fields::places(&after, &there.symbol, Reach::All));
    let same = same.map_or(0, |same| same.keys.len() + same.steps.len());
    if same != places.len() || after.parse.errors().len() != analysis.parse.errors().len() {
        return Err(Refusal::Merges(new_name.to_owned(), "field of that value"));
    }
    Ok(edits)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::names::mentions;
    use crate::names::rename::{prepare, rename};
    use crate::names::testing::cursor;

    fn check(marked: &str, new_name: &str, expected: Expect) {
        let (analysis, offset) = cursor(marked);
        let shown = match rename(&analysis, offset, new_name) {
            Ok(edits) => {
                assert!(prepare(&analysis, offset).is_ok());
                let named = symbol_at(&analysis, offset).unwrap();
                assert!(mentions(&analysis, &named.symbol).len() <= edits.len());
                air_semantics::text_edit::apply(&analysis.text, &edits)
            }
            Err(refusal) => format!("{}: {refusal}", refusal.code()),
        };
        expected.assert_eq(&shown);
    }

    #[test]
    fn a_key_and_its_lenses() {
        check(
            r#"(seq (ap ("name" 1) %m) (seq (canon "p" %m #%m) (seq (ap #%m.$.na$0me.[0] x) (ap ("name" x) %other))))"#,
            "title",
            expect![[
                r#"(seq (ap ("title" 1) %m) (seq (canon "p" %m #%m) (seq (ap #%m.$.title.[0] x) (ap ("name" x) %other))))"#
            ]],
        );
        check(
            r#"(seq (call "p" ("json" "obj") ["na$0me" 1] user) (seq (ap user $all) (seq (canon "p" $all #all) (ap #all.$.[0].name x))))"#,
            "title",
            expect![[
                r#"(seq (call "p" ("json" "obj") ["title" 1] user) (seq (ap user $all) (seq (canon "p" $all #all) (ap #all.$.[0].title x))))"#
            ]],
        );
    }

    #[test]
    fn what_others_see() {
        check(
            r#"(seq (call "p" ("s" "f") [] user) (ap user.$.na$0me x))"#,
            "title",
            expect!["field-from-outside: the name of this field comes from `s.f`"],
        );
        check(
            r#"(seq (call "p" ("json" "obj") ["na$0me" 1] user) (call "p" ("s" "show") [user]))"#,
            "title",
            expect![
                "field-goes-outside: `s.show` receives a value with this field and expects its current name"
            ],
        );
        check(
            "; air: given user\n(ap user.$.na$0me x)",
            "title",
            expect!["field-from-outside: the name of this field comes from the host, which supplies `user`"],
        );
        check(
            r#"(seq (seq (ap ("name" 1) %m) (ap ("other" 2) %m)) (fold %m i (seq (call "p" ("s" "f") [i.$.key]) (next i))))"#.replacen("name", "na$0me", 1).as_str(),
            "title",
            expect!["fields-unknown: the fields of such values are known only when the script runs"],
        );
        check(
            r#"(seq (seq (ap "k" k) (ap (k 1) %m)) (seq (canon "p" %m #%m) (ap #%m.$.na$0me x)))"#,
            "title",
            expect!["fields-unknown: the fields of such values are known only when the script runs"],
        );
    }

    #[test]
    fn names_that_do_not_fit() {
        let script = r#"(seq (call "p" ("json" "obj") ["na$0me" 1 "title" 2] user) (par (ap user.$.name x) (ap user.$.title y)))"#;
        check(
            script,
            "title",
            expect![
                "name-taken: `title` already names another field of that value: afterwards the two could not be told apart"
            ],
        );
        check(
            script,
            "a b",
            expect![
                "not-a-field: `a b` is not a field of a lens: fields begin with a letter and have letters, digits, `_` and `-`"
            ],
        );
    }
}
