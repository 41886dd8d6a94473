//! A run of a script on simulated peers: request in, report out.

use serde::{Deserialize, Serialize};

use crate::report::Limits;

/// What is to be run, and how.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RunRequest {
    /// The script.
    pub text: String,
    /// Sample data: the text of a `NAME.sample.json` or of a scenario.
    pub sample: Option<String>,
    /// Which case of the sample data, if it has several.
    pub case: Option<String>,
    /// Whether values that nobody gives are made up; otherwise their calls fail.
    pub make_up: bool,
    /// How many elements arrays get that are made up; 0 stands for 2.
    pub array_length: u32,
    /// Which delivery comes next.
    pub order: RunOrder,
    /// What ends a run early, and how much is reported.
    pub limits: Limits,
}

/// Which of the deliveries that are under way arrives next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunOrder {
    /// The oldest one.
    #[default]
    Fifo,
    /// The youngest one.
    Lifo,
    /// Any, by a generator with this seed.
    Random(u64),
}

impl std::str::FromStr for RunOrder {
    type Err = String;

    /// `fifo`, `lifo` or `random:SEED`.
    fn from_str(text: &str) -> Result<Self, String> {
        let seed = || text.strip_prefix("random:").and_then(|seed| seed.parse().ok());
        match text {
            "fifo" => Ok(RunOrder::Fifo),
            "lifo" => Ok(RunOrder::Lifo),
            _ => seed()
                .map(RunOrder::Random)
                .ok_or_else(|| format!("`{text}` is none of fifo, lifo, random:SEED")),
        }
    }
}
