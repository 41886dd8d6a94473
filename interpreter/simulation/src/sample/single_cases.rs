//! Sample data with one of its cases alone: what a run of that case needs.

use super::text::{whole, without_comments};

/// Sample data cut into its cases, so that each can be run by itself without reading all of them again.
///
/// ```
/// use air_simulation::sample::{SingleCases, from_json};
///
/// let text = r#"{"peers": ["@a"], "cases": [{"name": "one"}, {"name": "two"}]}"#;
/// let cases = SingleCases::of(text).unwrap();
/// let (sample, problems) = from_json(&cases.text(1).unwrap());
/// assert_eq!((sample.cases.len(), sample.cases[0].0.name.as_str(), problems.len()), (1, "two", 0));
/// ```
#[derive(Debug)]
pub struct SingleCases {
    /// What is common, up to where a case belongs.
    common: String,
    cases: Vec<String>,
}

impl SingleCases {
    /// Reads the text once; `None` if it is not an object in JSON.
    pub fn of(text: &str) -> Option<SingleCases> {
        let plain = without_comments(text);
        let members = whole(&plain).ok()?.members()?;
        let mut common = String::from("{");
        for (key, _, value) in members.iter().filter(|(_, name, _)| name != "cases") {
            common.extend([key.text(), ":", value.text(), ","]);
        }
        common.push_str("\"cases\":[");
        let cases = members
            .iter()
            .rev()
            .find(|(_, name, _)| name == "cases")
            .and_then(|(_, _, cases)| cases.items())
            .unwrap_or_default();
        Some(SingleCases { common, cases: cases.iter().map(|case| case.text().to_owned()).collect() })
    }

    /// The sample data with this case alone, counted from 0.
    pub fn text(&self, case: usize) -> Option<String> {
        self.cases.get(case).map(|case| format!("{}{case}]}}", self.common))
    }
}
