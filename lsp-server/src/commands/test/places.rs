//! Where in sample data a test and its expectations stand.

use std::borrow::Cow;

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

/// The text of sample data, to look places up in.
pub(super) struct Places<'t> {
    plain: Cow<'t, str>,
    lines: LineIndex,
}

impl<'t> Places<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Places { plain: without_comments(text), lines: LineIndex::new(text) }
    }

    /// Where a case begins, or `expect` in sample data that has no cases.
    pub(super) fn test(&self, case: Option<usize>) -> Option<Place> {
        let root = whole(&self.plain).ok()?;
        match case {
            Some(index) => self.of(*member(root, "cases")?.items()?.get(index)?),
            None => self.of(member(root, "expect").unwrap_or(root)),
        }
    }

    /// Where a member of `expect` begins, the case's own or the common one.
    pub(super) fn expectation(&self, case: Option<usize>, key: &str) -> Option<Place> {
        let root = whole(&self.plain).ok()?;
        let own = case.and_then(|index| member(*member(root, "cases")?.items()?.get(index)?, "expect"));
        let expect = own.or_else(|| member(root, "expect"))?;
        let (key, ..) = expect.members()?.into_iter().rev().find(|(_, name, _)| name == key)?;
        self.of(key)
    }

    fn of(&self, part: Part<'_>) -> Option<Place> {
        let at = u32::try_from(part.range().start).ok()?;
        let place = self.lines.line_col(at.into(), Encoding::Utf16);
        Some(Place { line: place.line + 1, column: place.col + 1 })
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
