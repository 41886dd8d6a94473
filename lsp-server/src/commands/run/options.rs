//! Values of the options that say what may happen in a run.

use std::path::Path;

use air_interpreter::json;
use air_simulation::network::{Answers, NamedFault, Schedule};
use air_simulation::report::Json;
use air_simulation::run::RunOrder;

use crate::cli::inputs::Input;
use crate::cli::known_words::Offering;

/// Value of `--order`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderArg {
    /// A word.
    Order(RunOrder),
    /// Moves.
    Schedule(String),
}

impl std::str::FromStr for OrderArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(order) = text.parse() {
            return Ok(OrderArg::Order(order));
        }
        let path = Path::new(text);
        let moves = if path.is_file() {
            let input = Input::one(Some(&path.to_owned()), None);
            input.read(MAX_ORDER_BYTES).map_err(|error| error.to_string())?
        } else {
            text.to_owned()
        };
        match Schedule::parse(&moves) {
            Ok(_) => Ok(OrderArg::Schedule(moves)),
            Err(error) if path.is_file() => Err(error.to_string()),
            Err(error) => Err(format!("{}; neither fifo, lifo, random:SEED nor a file", error.message)),
        }
    }
}

/// A file with moves is no longer.
const MAX_ORDER_BYTES: u64 = 8 << 20;

/// Value of `--answers`.
pub(super) fn answers(text: &str) -> Result<Answers, String> {
    Answers::parse(text).ok_or_else(|| "expected one of together, single, random:SEED".to_owned())
}

/// [`answers`] with words for shells.
pub(super) fn answers_offered() -> impl clap::builder::TypedValueParser<Value = Answers> {
    Offering(answers, || words(&["together", "single", "random:1"]))
}

/// Value of `--order`, with words for shells.
pub(super) fn order() -> impl clap::builder::TypedValueParser<Value = OrderArg> {
    let read = |text: &str| text.parse::<OrderArg>();
    Offering(read, || words(&["fifo", "lifo", "random:1"]))
}

fn words(words: &[&str]) -> Vec<(String, String)> {
    words.iter().map(|word| ((*word).to_owned(), String::new())).collect()
}

/// Value of `--fault`: read here for its mistakes, and again where it is used.
pub(super) fn fault(text: &str) -> Result<String, String> {
    NamedFault::parse(text).map(|_| text.to_owned())
}

/// Value of `--given`.
pub(super) fn given(text: &str) -> Result<(String, Json), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=JSON")?;
    let value = json::parse(value)
        .map_err(|error| format!("the value of {name} is not JSON: {error}; a string needs quotes"))?;
    Ok((name.to_owned(), Json::from(&value)))
}
