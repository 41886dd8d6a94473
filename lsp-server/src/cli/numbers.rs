//! Numbers on the command line.

use clap::builder::TypedValueParser;

/// A number that is not 0.
pub(crate) fn at_least_one() -> impl TypedValueParser<Value = u64> {
    |text: &str| match text.parse::<u64>() {
        Ok(0) => Err("expected a number from 1 on".to_owned()),
        Ok(number) => Ok(number),
        Err(_) => Err("expected a whole number from 1 on".to_owned()),
    }
}
