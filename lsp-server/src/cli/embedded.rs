//! One script of a file in another language.

use std::str::FromStr;

use air_ide::embedded::{EmbeddedScript, Role, scripts};
use air_simulation::report::Span;
use air_syntax::{LineIndex, TextRange, TextSize};

use super::inputs::Input;

/// Which of the scripts in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScriptChoice {
    /// The first one is 1.
    Number(usize),
    /// The one that this line, from 1, has a part of.
    Line(u32),
}

impl FromStr for ScriptChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<ScriptChoice, String> {
        let error = || "expected the number of a script, from 1, or a line as `:12`".to_owned();
        match text.strip_prefix(':') {
            Some(line) => line.parse().map(ScriptChoice::Line).map_err(|_| error()),
            None => text.parse().ok().filter(|it| *it > 0).map(ScriptChoice::Number).ok_or_else(error),
        }
    }
}

/// The script that is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The script.
    pub text: String,
    /// What it is called: its places count from its own beginning, not from that of the file.
    pub name: String,
}

/// The script that is meant; the only one without a choice.
///
/// # Errors
/// Which scripts there are, or what the program fills in, so that the script alone cannot run.
pub fn choose(input: &Input, text: &str, choice: Option<ScriptChoice>) -> Result<Chosen, String> {
    let name = input.name();
    let Some(language) = input.host_language() else { return Ok(Chosen { text: text.to_owned(), name }) };
    let found = scripts(language, text);
    let lines = LineIndex::new(text);
    let places = || found.iter().map(|script| script_lines(&lines, script).0.to_string()).collect::<Vec<_>>();
    let chosen = match (choice, found.as_slice()) {
        (_, []) => return Err(format!("{name}: no scripts in this file")),
        (None, [only]) => only,
        (None, _) => {
            return Err(format!(
                "{name}: {} scripts, in lines {}; choose one with --script N or --script :LINE",
                found.len(),
                places().join(", ")
            ));
        }
        (Some(ScriptChoice::Number(number)), _) => found
            .get(number - 1)
            .ok_or_else(|| format!("{name}: no script {number}: the file has {}", found.len()))?,
        (Some(ScriptChoice::Line(line)), _) => {
            let at = |script: &&EmbeddedScript| {
                let (first, last) = script_lines(&lines, script);
                (first..=last).contains(&line)
            };
            // The innermost, where a template is inside of another.
            found.iter().rfind(at).ok_or_else(|| {
                format!(
                    "{name}: no script in line {line}: there are scripts in lines {}",
                    places().join(", ")
                )
            })?
        }
    };
    let unknown = chosen.holes.iter().find(|hole| !matches!(hole.role, Role::Comment | Role::Text(_)));
    if let Some(hole) = unknown {
        let start = TextSize::new(hole.host().start as u32);
        let place = Span::new(&lines, TextRange::empty(start));
        return Err(format!(
            "{name}:{}:{}: the program fills in `{}`, so the script cannot run as it stands; write it out with `air extract` and give a value",
            place.line,
            place.column,
            text.get(hole.host()).unwrap_or_default()
        ));
    }
    let name = format!("{name} (script in line {})", script_lines(&lines, chosen).0);
    Ok(Chosen { text: chosen.text.to_string(), name })
}

/// The first and the last line of a script in its file, from 1.
pub fn script_lines(lines: &LineIndex, script: &EmbeddedScript) -> (u32, u32) {
    let range = script.host_range();
    let line = |offset: usize| Span::new(lines, TextRange::empty(TextSize::new(offset as u32))).line;
    (line(range.start), line(range.end))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn choices() {
        let input = Input::File(PathBuf::from("a.ts"));
        let text = "f(`(ap 1 x)`,\n `(ap 2 ${y})`)\n`(ap \"${z}\" x)`";
        let chosen = |choice: &str| {
            choose(&input, text, Some(choice.parse().unwrap())).map(|chosen| (chosen.text, chosen.name))
        };
        assert_eq!(chosen("1"), Ok(("(ap 1 x)".to_owned(), "a.ts (script in line 1)".to_owned())));
        assert_eq!(chosen(":3"), Ok(("(ap \"hole0_\" x)".to_owned(), "a.ts (script in line 3)".to_owned())));
        for (choice, error) in [
            ("4", "a.ts: no script 4: the file has 3"),
            (":9", "a.ts: no script in line 9: there are scripts in lines 1, 2, 3"),
        ] {
            assert_eq!(chosen(choice).unwrap_err(), error);
        }
        assert!(chosen("2").unwrap_err().starts_with("a.ts:2:9: the program fills in `${y}`"));
        assert!(choose(&input, text, None).unwrap_err().contains("3 scripts, in lines 1, 2, 3"));
        assert!("0".parse::<ScriptChoice>().is_err() && ":x".parse::<ScriptChoice>().is_err());
    }
}
