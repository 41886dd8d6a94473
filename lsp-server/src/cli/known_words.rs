//! Values that an option knows, for shells to complete; others are read, too, and judged later.

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};

/// A list of words, each with a line about it.
pub(crate) type WordList = fn() -> Vec<(String, String)>;

/// A parser of texts that offers words.
#[derive(Clone, Copy)]
pub(crate) struct KnownWords(pub(crate) WordList);

impl TypedValueParser for KnownWords {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(offered(self.0)))
    }
}

/// A parser of another type that offers words.
#[derive(Clone)]
pub(crate) struct Offering<P>(pub(crate) P, pub(crate) WordList);

impl<P: TypedValueParser> TypedValueParser for Offering<P>
where
    P::Value: Send + Sync + Clone,
{
    type Value = P::Value;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<P::Value, clap::Error> {
        self.0.parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(offered(self.1)))
    }
}

fn offered(words: WordList) -> impl Iterator<Item = PossibleValue> {
    words().into_iter().map(|(word, about)| PossibleValue::new(word).help(about))
}
