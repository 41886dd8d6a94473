//! `$0` in, what is offered there out.

use air_semantics::resolve::BindingId;
use expect_test::Expect;

use super::*;
use crate::names::Step;
use crate::names::outside::OutsideKind;
use crate::names::results::{FieldUse, ResultField};
use crate::surroundings::{ErrorCode, ForeignName, Surroundings};

/// One function in another script with a field of its result, one peer with a name, `{"name": "x", "tags": ["a", "b"]}` for every variable.
struct Fixture([ForeignName; 1], [ResultField; 1]);

impl Surroundings for Fixture {
    fn names(&self) -> &[ForeignName] {
        &self.0
    }

    fn fields(&self) -> &[ResultField] {
        &self.1
    }

    fn peers(&self) -> Vec<(String, String)> {
        vec![("@relay".to_owned(), "script.sample.json".to_owned())]
    }

    fn steps(&self, _: BindingId, path: &[Step]) -> Vec<(Step, String)> {
        let field = |name: &str, value: &str| (Step::Field(name.to_owned()), value.to_owned());
        match path {
            [] => vec![field("name", "\"x\""), field("tags", "[\"a\", \"b\"]")],
            [Step::Field(field)] if field == "tags" => {
                vec![(Step::Index(0), "\"a\"".to_owned()), (Step::Index(1), "\"b\"".to_owned())]
            }
            _ => Vec::new(),
        }
    }

    fn error_codes(&self) -> Vec<ErrorCode> {
        vec![ErrorCode { code: 10001, name: "MatchValuesNotEqual", about: "The two sides differ." }]
    }
}

pub(super) fn surroundings() -> impl Surroundings {
    fixture()
}

fn fixture() -> Fixture {
    let kind = OutsideKind::Function;
    let name = ForeignName { kind, service: "s".into(), name: "other".into(), arity: 3 };
    let (service, function) = ("s".into(), "other".into());
    let field =
        ResultField { service, function, path: String::new(), name: "owner".into(), used: FieldUse::Peer };
    Fixture([name], [field])
}

/// What is offered at `$0`: the text that is replaced, and the items.
pub(super) fn offered(marked: &str) -> (String, Vec<Item>) {
    let offset = marked.find("$0").unwrap();
    let analysis = Analysis::new(marked.replacen("$0", "", 1));
    let found = complete(&analysis, (offset as u32).into(), &surroundings());
    (text_of(&analysis, found.replace).to_owned(), found.items)
}

/// Items that a test prints.
const MAX_ITEMS_SHOWN: usize = 8;

/// What is offered at `$0`, the first items in full.
pub(super) fn check(marked: &str, expected: Expect) {
    let (replaced, items) = offered(marked);
    let mut shown = format!("instead of {replaced:?}\n");
    for item in items.iter().take(MAX_ITEMS_SHOWN) {
        shown.push_str(&format!("{:?} {} -> {:?} {}\n", item.kind, item.label, item.insert, item.detail));
    }
    if items.len() > MAX_ITEMS_SHOWN {
        shown.push_str(&format!("and {} more\n", items.len() - MAX_ITEMS_SHOWN));
    }
    expected.assert_eq(&shown);
}

/// The fields that are offered where no value is known.
pub(super) fn fields(marked: &str) -> String {
    struct Others(Fixture);

    impl Surroundings for Others {
        fn fields(&self) -> &[ResultField] {
            &self.0.1
        }
    }

    let offset = marked.find("$0").unwrap();
    let analysis = Analysis::new(marked.replacen("$0", "", 1));
    let found = complete(&analysis, (offset as u32).into(), &Others(fixture()));
    let fields = found.items.into_iter().filter(|item| item.kind == ItemKind::Field);
    fields.map(|item| item.label).collect::<Vec<_>>().join(" ")
}

/// The labels of the first three.
pub(super) fn first(marked: &str) -> String {
    let labels: Vec<_> = offered(marked).1.into_iter().take(3).map(|item| item.label).collect();
    labels.join(" ")
}
