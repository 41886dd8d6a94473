//! Where in sample data a test and its expectations stand.

use std::collections::HashMap;

use air_simulation::sample::text::{Part, whole, without_comments};
use air_syntax::{Encoding, LineIndex};
use schemars::JsonSchema;
use serde::Serialize;

/// A place in sample data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub(super) struct Place {
    /// Line, from 1.
    pub(super) line: u32,
    /// Column, from 1, in UTF-16 units.
    pub(super) column: u32,
}

/// Where tests and their expectations stand in the text of sample data, which is read once for all of them.
#[derive(Default)]
pub(super) struct Places {
    /// Where the sample data begins, or its `expect`.
    root: Option<Place>,
    common: Option<Expectation>,
    cases: Vec<(Option<Place>, Option<Expectation>)>,
}

/// Where the members of an `expect` stand.
type Expectation = HashMap<String, Option<Place>>;

impl Places {
    pub(super) fn new(text: &str) -> Self {
        let plain = without_comments(text);
        let Ok(root) = whole(&plain) else { return Places::default() };
        let lines = LineIndex::new(text);
        let place = |part: Part<'_>| {
            let at = u32::try_from(part.range().start).ok()?;
            let place = lines.line_col(at.into(), Encoding::Utf16);
            Some(Place { line: place.line + 1, column: place.col + 1 })
        };
        let expectation = |part: Part<'_>| {
            let members = part.members().unwrap_or_default();
            members.into_iter().map(|(key, name, _)| (name, place(key))).collect()
        };
        let expect = member(root, "expect");
        let cases = member(root, "cases").and_then(|cases| cases.items()).unwrap_or_default();
        let case = |case: Part<'_>| (place(case), member(case, "expect").map(expectation));
        Places {
            root: place(expect.unwrap_or(root)),
            common: expect.map(expectation),
            cases: cases.into_iter().map(case).collect(),
        }
    }

    /// Where a case begins, or `expect` in sample data that has no cases.
    pub(super) fn test(&self, case: Option<usize>) -> Option<Place> {
        match case {
            Some(index) => self.cases.get(index)?.0,
            None => self.root,
        }
    }

    /// Where a member of `expect` begins, the case's own or the common one.
    pub(super) fn expectation(&self, case: Option<usize>, key: &str) -> Option<Place> {
        let own = case.and_then(|index| self.cases.get(index)?.1.as_ref());
        *own.or(self.common.as_ref())?.get(key)?
    }
}

/// The member of an object; of several, the last.
pub(super) fn member<'t>(object: Part<'t>, key: &str) -> Option<Part<'t>> {
    object.members()?.into_iter().rev().find(|(_, name, _)| name == key).map(|(_, _, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_cases_and_expectations() {
        let text = "{ // é\n  \"expect\": {\"error\": 1},\n  \"cases\": [\n    {\"name\": \"a\", \"expect\": {\"outcome\": \"failed\"}},\n    {\"name\": \"b\"}]}";
        let places = Places::new(text);
        let at = |place: Option<Place>| place.map(|place| (place.line, place.column));
        assert_eq!(at(places.test(None)), Some((2, 13)));
        assert_eq!(at(places.test(Some(0))), Some((4, 5)));
        assert_eq!(at(places.test(Some(1))), Some((5, 5)));
        assert_eq!(at(places.test(Some(2))), None);
        assert_eq!(at(places.expectation(Some(0), "outcome")), Some((4, 30)));
        assert_eq!(at(places.expectation(Some(0), "error")), None);
        assert_eq!(at(places.expectation(Some(1), "error")), Some((2, 14)));
        assert_eq!(at(places.expectation(None, "error")), Some((2, 14)));
        assert_eq!(at(Places::new("no JSON").test(None)), None);
    }
}
