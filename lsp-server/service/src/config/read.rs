//! Reading `air.toml`: everything wrong with it at once, each with its place.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde_json::Value;
use toml::de::{DeTable, DeValue};

use super::closest::closest;
use super::levels::Level;
use super::{Config, groups, schema};
use crate::host::Files;

/// The longest configuration that is read, in bytes.
pub const MAX_BYTES: u64 = 1 << 20;
/// Most problems that are told of one file: who has more has another kind of file.
pub const MAX_PROBLEMS: usize = 100;

/// Something wrong in a configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigProblem {
    /// A sentence for people.
    pub message: String,
    /// Line from 1; 0 where the whole file is meant.
    pub line: usize,
    /// Column from 1, in characters.
    pub column: usize,
}

/// A configuration file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// As messages show it: relative to the current folder where it lies below that.
    pub path: PathBuf,
    /// All that is wrong with it; not empty.
    pub problems: Vec<ConfigProblem>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentences().collect::<Vec<_>>().join("\n"))
    }
}

impl ConfigError {
    /// One sentence for each problem, which begins with its place.
    pub fn sentences(&self) -> impl Iterator<Item = String> {
        let path = self.path.display();
        self.problems.iter().map(move |ConfigProblem { message, line, column }| match line {
            0 => format!("{path}: {message}"),
            _ => format!("{path}:{line}:{column}: {message}"),
        })
    }
}

/// Reads a configuration file.
pub fn read(files: &dyn Files, path: &Path) -> Result<Config, ConfigError> {
    from_text(path, files.read(path, MAX_BYTES))
}

/// From the text of a file, or why that could not be read.
pub fn from_text(path: &Path, text: Result<String, impl fmt::Display>) -> Result<Config, ConfigError> {
    let problems = match text {
        Ok(text) => match parse(&text) {
            Ok(config) => return Ok(config),
            Err(problems) => problems,
        },
        Err(error) => {
            vec![ConfigProblem { message: format!("cannot be read: {error}"), line: 0, column: 0 }]
        }
    };
    Err(ConfigError { path: path.to_owned(), problems })
}

/// Reads the text of a configuration file.
pub fn parse(text: &str) -> Result<Config, Vec<ConfigProblem>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut problems = Vec::new();
    for error in errors {
        problems.push((error.span().unwrap_or_default(), error.message().to_owned()));
    }
    if problems.is_empty() {
        check_keys(table.get_ref(), &schema(), &mut problems);
    }
    // Broken syntax and unknown keys are reported all at once, with their places; what is left, wrong types
    // and numbers, serde reports one at a time.
    if problems.is_empty() {
        match toml::from_str::<Config>(text) {
            Ok(config) => return Ok(config),
            Err(error) => {
                problems.push((error.span().unwrap_or_default(), plain(error.message())));
            }
        }
    }
    Err(placed(text, problems))
}

/// Something wrong in these bytes of the file.
type Problem = (Range<usize>, String);

/// The first problems with their lines and columns, and how many there are besides.
fn placed(text: &str, mut problems: Vec<Problem>) -> Vec<ConfigProblem> {
    problems.sort_by_key(|(span, _)| span.start);
    let more = problems.len().saturating_sub(MAX_PROBLEMS);
    let mut placed: Vec<_> = problems.into_iter().take(MAX_PROBLEMS).map(|it| at(text, it)).collect();
    if more > 0 {
        let message = format!("{more} more problems; only the first {MAX_PROBLEMS} are listed");
        placed.push(ConfigProblem { message, line: 0, column: 0 });
    }
    placed
}

/// Compares keys with the schema, the only list of them.
fn check_keys(table: &DeTable<'_>, schema: &Value, problems: &mut Vec<Problem>) {
    let known = |schema: &Value| -> Vec<String> {
        let keys = schema.get("properties").and_then(Value::as_object);
        keys.map(|keys| keys.keys().cloned().collect()).unwrap_or_default()
    };
    let sections = known(schema);
    for (section, value) in table {
        let name: &str = section.get_ref();
        if !sections.iter().any(|known| known == name) {
            problems.push((section.span(), unknown("section", name, &sections)));
            continue;
        }
        let DeValue::Table(keys) = value.get_ref() else {
            problems.push((value.span(), format!("`{name}` is a section: write `[{name}]`")));
            continue;
        };
        if name == "levels" {
            check_levels(keys, problems);
            continue;
        }
        if name == "peers" {
            check_peers(keys, problems);
            continue;
        }
        let section_schema = section_schema(schema, name);
        let known_keys = known(section_schema);
        for (key, value) in keys {
            let name: &str = key.get_ref();
            if !known_keys.iter().any(|known| known == name) {
                problems.push((key.span(), unknown("key", name, &known_keys)));
                continue;
            }
            let property = section_schema.get("properties").and_then(|keys| keys.get(name));
            if let (Some(property), DeValue::Integer(number)) = (property, value.get_ref()) {
                let number = i128::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok();
                let bound = |key: &str| property.get(key).and_then(Value::as_i64).map(i128::from);
                let (min, max) = (bound("minimum"), bound("maximum"));
                let inside = number.is_none_or(|number| {
                    min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max)
                });
                if !inside {
                    let message = match (min, max) {
                        (Some(min), Some(max)) => format!("`{name}` must be a number from {min} to {max}"),
                        _ => format!("`{name}` cannot be {}", number.unwrap_or_default()),
                    };
                    problems.push((value.span(), message));
                }
            }
        }
    }
}

fn check_peers(keys: &DeTable<'_>, problems: &mut Vec<Problem>) {
    for (name, value) in keys {
        if !matches!(value.get_ref(), DeValue::String(_)) {
            let message = format!("`{}` must be a peer id in quotes", name.get_ref());
            problems.push((value.span(), message));
        }
    }
}

fn check_levels(keys: &DeTable<'_>, problems: &mut Vec<Problem>) {
    let mut seen: Vec<(air_analysis::codes::Code, &str)> = Vec::new();
    for (key, value) in keys {
        let level = match value.get_ref() {
            DeValue::String(word) => serde_json::from_value::<Level>(Value::from(word.as_ref())).ok(),
            _ => None,
        };
        let Some(level) = level else {
            let message = format!(
                "unknown level of `{}`; expected one of `allow`, `hint`, `info`, `warning`, `error`",
                key.get_ref()
            );
            problems.push((value.span(), message));
            continue;
        };
        // A diagnostic has a code and a name, and nobody knows which of two levels is meant.
        if let Some(code) = air_analysis::codes::Code::from_str(key.get_ref()) {
            let name: &str = key.get_ref();
            if let Some((_, other)) = seen.iter().find(|(known, _)| *known == code) {
                problems.push((key.span(), format!("`{name}` has a level already, as `{other}`")));
            }
            seen.push((code, name));
        }
        if let Err(message) = groups::expand(&[(key.get_ref(), level)]) {
            problems.push((key.span(), message));
        }
    }
}

fn section_schema<'s>(schema: &'s Value, section: &str) -> &'s Value {
    let property = schema.get("properties").and_then(|properties| properties.get(section));
    let reference = property.and_then(|property| property.get("$ref")).and_then(Value::as_str);
    let target =
        reference.and_then(|reference| reference.strip_prefix('#')).and_then(|path| schema.pointer(path));
    target.or(property).unwrap_or(&Value::Null)
}

fn unknown(what: &str, name: &str, known: &[String]) -> String {
    let close = closest(name, known.iter().map(String::as_str));
    match close {
        Some(close) => format!("unknown {what} `{name}`; did you mean `{close}`?"),
        None => format!("unknown {what} `{name}`; expected one of `{}`", known.join("`, `")),
    }
}

/// Replaces names of Rust's types in serde's messages.
fn plain(message: &str) -> String {
    message
        .replace("expected u8", "expected a whole number")
        .replace("expected u64", "expected a whole number")
        .replace("expected a boolean", "expected true or false")
        .replace("unknown variant", "unknown value")
}

fn at(text: &str, (span, message): Problem) -> ConfigProblem {
    let before = text.get(..span.start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |index| index + 1);
    ConfigProblem {
        message,
        line: 1 + before.matches('\n').count(),
        column: 1 + before.get(line_start..).unwrap_or_default().chars().count(),
    }
}

#[cfg(test)]
mod tests {
    use air_analysis::codes::Code;
    use expect_test::{Expect, expect};

    use super::*;

    #[test]
    fn levels_of_groups() {
        let level = |text: &str, name: &str| parse(text).unwrap().levels.get(Code::from_str(name).unwrap());
        let text = "[levels]\nL004 = 'info'\nhints = 'warning'\nlints = 'allow'\nsyntax = 'error'\n";
        assert_eq!(level(text, "unused-variable"), Some(Level::Info));
        assert_eq!(level(text, "unused-stream"), Some(Level::Warning));
        assert_eq!(level(text, "L008"), Some(Level::Allow));
        assert_eq!(level("[levels]\nhints = 'allow'\n", "L003"), None);
        problems(
            "[levels]\nall = 'warning'\nhint = 'allow'\n[check]\nlevel = 'note'\n",
            expect![[r#"
            air.toml:2:1: `all` cannot be lowered: AquaVM rejects such a script, so it stays an error; `lints` can be
            air.toml:3:1: unknown diagnostic `hint`; did you mean the group `hints`?"#]],
        );
    }

    fn problems(text: &str, expected: Expect) {
        let error = ConfigError { path: "air.toml".into(), problems: parse(text).unwrap_err() };
        expected.assert_eq(&error.to_string());
    }

    #[test]
    fn all_sections() {
        let config = parse(
            "[format]\nindent-width = 4\ncompact = true\n[check]\noutput-format = 'sarif'\n\
             [beautify]\nindent-step = 0\npatterns = true\n[files]\nmax-size = 1_000\n",
        )
        .unwrap();
        assert_eq!(config.format.indent_width, Some(4));
        assert_eq!(config.beautify.indent_step, Some(0));
        assert_eq!(config.files.limit(), 1000);
        assert_eq!(parse("").unwrap(), Config::default());
    }

    #[test]
    fn unknown_keys() {
        problems(
            "[fromat]\nindent-width = 1\n[format]\nindent = 2\nident-width = 2\n",
            expect![[r#"
                air.toml:1:2: unknown section `fromat`; did you mean `format`?
                air.toml:4:1: unknown key `indent`; did you mean `indent-width`?
                air.toml:5:1: unknown key `ident-width`; did you mean `indent-width`?"#]],
        );
    }

    #[test]
    fn the_number_of_problems_is_limited() {
        let many = |line: &dyn Fn(usize) -> String| {
            let text: String = (0..30_000).map(line).collect();
            let found = parse(&text).unwrap_err();
            (found.len(), found.last().map(|it| it.message.clone()).unwrap_or_default())
        };
        let more = "29900 more problems; only the first 100 are listed".to_owned();
        assert_eq!(many(&|index| format!("[section-{index}]\n")), (101, more.clone()));
        assert_eq!(many(&|index| format!("files.key-{index} = 1\n")), (101, more.clone()));
        assert_eq!(many(&|index| format!("peers.p{index} = 1\n")), (101, more.clone()));
        assert_eq!(many(&|index| format!("levels.l{index} = 'x'\n")), (101, more));
        assert_eq!(many(&|_| "=\n".to_owned()).0, 101);
    }

    #[test]
    fn wrong_values() {
        problems(
            "[format]\nindent-width = 9\n",
            expect!["air.toml:2:16: `indent-width` must be a number from 1 to 8"],
        );
        problems(
            "[format]\nindent-width = \"x\"\n",
            expect![[r#"air.toml:2:16: invalid type: string "x", expected a whole number"#]],
        );
        problems(
            "[check]\noutput-format = \"xml\"\n",
            expect![
                "air.toml:2:17: unknown value `xml`, expected one of `full`, `concise`, `json`, `jsonl`, `sarif`, `github`"
            ],
        );
        problems("format = 3\n", expect!["air.toml:1:10: `format` is a section: write `[format]`"]);
    }

    #[test]
    fn peers() {
        let config = parse("[peers]\nrelay = \"12D3\"\n\"my node\" = \"Qm\"\n").unwrap();
        assert_eq!(config.peers["my node"], "Qm");
        problems(
            "[peers]\nrelay = \"12D3\"\nother = 5\n",
            expect!["air.toml:3:9: `other` must be a peer id in quotes"],
        );
    }

    #[test]
    fn levels() {
        problems(
            "[levels]\nundefined-variable = \"allow\"\nundefined-varible = \"error\"\nV001 = 3\n",
            expect![[r#"
                air.toml:2:1: `undefined-variable` cannot be lowered: AquaVM rejects such a script, so it stays an error
                air.toml:3:1: unknown diagnostic `undefined-varible`; did you mean `undefined-variable`? (`air explain --list` shows all)
                air.toml:4:8: unknown level of `V001`; expected one of `allow`, `hint`, `info`, `warning`, `error`"#]],
        );
        parse("[levels]\nundefined-variable = \"error\"").unwrap();
        problems(
            "[levels]\nL004 = \"warning\"\nunused-variable = \"hint\"\n",
            expect!["air.toml:3:1: `unused-variable` has a level already, as `L004`"],
        );
    }

    #[test]
    fn broken_syntax() {
        problems(
            "[format\nindent-width 1\n",
            expect![[r#"
            air.toml:1:8: unclosed table, expected `]`
            air.toml:2:14: key with no value, expected `=`"#]],
        );
    }
}
