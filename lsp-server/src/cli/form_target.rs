//! A form of output and where it goes: `json`, or `sarif=out.sarif`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::ValueEnum;
use clap::builder::{PossibleValue, TypedValueParser};

use super::known_words::Offering;

/// One value of `--output-format`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormTarget<F> {
    /// The form.
    pub form: F,
    /// The file; standard output if none.
    pub file: Option<PathBuf>,
}

impl<F: ValueEnum + 'static> FromStr for FormTarget<F> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (form, file) = match text.split_once('=') {
            // As everywhere, a dash is not a file.
            Some((form, "-")) => (form, None),
            Some((form, file)) => (form, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let form = F::from_str(form, true).map_err(|_| {
            let all: Vec<_> = values::<F>().map(|value| value.get_name().to_owned()).collect();
            format!("expected one of {}", all.join(", "))
        })?;
        Ok(FormTarget { form, file })
    }
}

/// The option's parser, with the forms for shells.
pub(crate) fn form_target<F>() -> impl TypedValueParser<Value = FormTarget<F>>
where
    F: ValueEnum + Clone + Send + Sync + 'static,
{
    let read = |text: &str| text.parse::<FormTarget<F>>();
    Offering(read, || values::<F>().map(|value| (value.get_name().to_owned(), about(&value))).collect())
}

fn about(value: &PossibleValue) -> String {
    value.get_help().map(ToString::to_string).unwrap_or_default()
}

fn values<F: ValueEnum + 'static>() -> impl Iterator<Item = PossibleValue> {
    F::value_variants().iter().filter_map(F::to_possible_value)
}

/// Whether standard output is wanted once at most.
///
/// # Errors
/// A sentence that says what to do.
pub(crate) fn one_to_standard_output<F>(targets: &[FormTarget<F>]) -> Result<(), String> {
    match targets.iter().filter(|target| target.file.is_none()).count() {
        0 | 1 => Ok(()),
        _ => Err("only one report can go to standard output; send the others to files with FORM=FILE".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ReportFormat;

    #[test]
    fn targets() {
        let target = FormTarget { form: ReportFormat::Sarif, file: Some("a=b.sarif".into()) };
        assert_eq!("sarif=a=b.sarif".parse(), Ok(target));
        let concise = FormTarget { form: ReportFormat::Concise, file: None };
        assert_eq!("concise=-".parse(), Ok(concise));
        assert_eq!("JSON".parse(), Ok(FormTarget { form: ReportFormat::Json, file: None }));
        let error = FormTarget::<ReportFormat>::from_str("xml").unwrap_err();
        assert_eq!(error, "expected one of full, concise, json, jsonl, sarif, github");
    }
}
