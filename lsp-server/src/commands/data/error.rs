//! An error object of a run: what its code means, and where its instruction stands in the script.

use air_interpreter::value::Value;
use air_interpreter::{ParsedScript, errors};
use air_simulation::report::Span;
use air_syntax::{LineIndex, TextRange, TextSize};

use super::{ScriptText, members, print_json, title};
use crate::cli::output::{Output, visible};

/// Places that are listed; an error object names its instruction, and others may look the same.
const MAX_PLACES: usize = 10;

pub(super) fn show(error: &Value, script: Option<&ScriptText>, as_json: bool, output: &mut Output) {
    let text = |key: &str| error.get(key).and_then(Value::as_str).unwrap_or_default();
    let code = error.get("error_code").and_then(Value::as_i64).unwrap_or_default();
    let page = errors::page(code);
    let places = script.map(|script| places(script, text("instruction"))).unwrap_or_default();
    if as_json {
        let place = |span: &Span| {
            let number = |number: u32| Value::unsigned(number.into());
            let (start, end) = (number(span.start), number(span.end));
            let (line, column) = (number(span.line), number(span.column));
            members([("start", start), ("end", end), ("line", line), ("column", column)])
        };
        let whole = members([
            ("version", Value::unsigned(1)),
            ("kind", "error".into()),
            ("error", error.clone()),
            ("name", page.map_or(Value::Null, |page| page.name.into())),
            ("places", Value::array(places.iter().map(place).collect())),
        ]);
        print_json(&whole, output);
        return;
    }
    title("error", output);
    let name = page.map(|page| format!(" {}", page.name)).unwrap_or_default();
    output.line(format_args!("code: {code}{name}"));
    for key in ["message", "instruction", "peer_id"] {
        if !text(key).is_empty() {
            output.line(format_args!("{key}: {}", visible(text(key))));
        }
    }
    for span in &places {
        let name = script.map(|script| script.name.as_str()).unwrap_or_default();
        output.line(format_args!("at {}:{}:{}", visible(name), span.line, span.column));
    }
    if places.is_empty() && !text("instruction").is_empty() {
        output.note(match script {
            Some(script) => format!("no instruction of {} reads like this one", script.name),
            None => "--script FILE finds the instruction in its script".to_owned(),
        });
    }
    match page {
        Some(page) => output.note(format_args!("{} (`air explain {code}`)", page.about)),
        None => output.note("a code of the script itself, of `fail`, or of a service"),
    }
}

fn places(script: &ScriptText, instruction: &str) -> Vec<Span> {
    let parsed = ParsedScript::new(&script.text);
    let Ok(program) = parsed.program() else { return Vec::new() };
    let lines = LineIndex::new(&script.text);
    let span = |place: std::ops::Range<usize>| {
        let offset = |at: usize| TextSize::new(u32::try_from(at).unwrap_or(u32::MAX));
        Span::new(&lines, TextRange::new(offset(place.start), offset(place.end)))
    };
    program.places(instruction).into_iter().take(MAX_PLACES).map(span).collect()
}
