//! What the last run says about a place: all values with their origin, or why nothing happened.

use air_simulation::report::{NotExecuted, Span, Values};
use air_syntax::{TextRange, TextSize};

use crate::features::markup::Section;
use crate::snapshot::Snapshot;
use air_ide::markdown::{code, escaped, fence};

/// Values that are shown of one operand.
const MAX_VALUES_SHOWN: usize = 10;

/// Longest text of a value.
const MAX_VALUE_BYTES: usize = 2000;

/// What a run says of a place.
pub(crate) struct RunNote {
    /// Its text and range.
    pub section: Section,
    /// Whether it shows the values there, rather than why there are none.
    pub value: bool,
}

/// What the last run of this text says.
pub(crate) fn of_run(snapshot: &Snapshot, offset: TextSize) -> Option<RunNote> {
    let run = snapshot.document.run()?;
    let report = run.result.as_ref().ok()?;
    let values = report.values.iter().filter(|values| values.count > 0);
    let value =
        values.filter(|values| covers(values.range, offset)).min_by_key(|values| length(values.range));
    if let Some(values) = value {
        let section = Section { range: range(values.range), markdown: markdown(values) };
        return Some(RunNote { section, value: true });
    }
    let waits = report.outcome.waiting.iter().filter(|waiting| covers(waiting.range, offset));
    let asleep = not_executed(&report.not_executed, offset);
    let told = asleep
        .map(|part| (part.range, format!("**not executed**: {}", escaped(&part.text))))
        .into_iter()
        .chain(waits.map(|waiting| {
            (waiting.range, format!("**waits** on {}: {}", code(&waiting.peer), escaped(&waiting.text)))
        }));
    told.min_by_key(|(place, _)| length(*place))
        .map(|(place, markdown)| RunNote { section: Section { range: range(place), markdown }, value: false })
}

/// The part around a place that did not run.
pub(crate) fn not_executed(parts: &[NotExecuted], offset: TextSize) -> Option<&NotExecuted> {
    parts.iter().filter(|part| covers(part.range, offset)).min_by_key(|part| length(part.range))
}

/// A range of the text.
pub(crate) fn range(span: Span) -> TextRange {
    TextRange::new(span.start.into(), span.end.max(span.start).into())
}

fn covers(span: Span, offset: TextSize) -> bool {
    range(span).contains_inclusive(offset)
}

fn length(span: Span) -> u32 {
    span.end.saturating_sub(span.start)
}

/// All that is known of the values of an operand.
pub(crate) fn markdown(values: &Values) -> String {
    let mut text = match values.count {
        1 => code(&values.name),
        count => format!("{} had {count} values", code(&values.name)),
    };
    for value in values.values.iter().take(MAX_VALUES_SHOWN) {
        text += &format!("\n\non {}", code(&value.peer));
        for iteration in &value.iteration {
            text += &format!(", iteration {}", iteration.index + 1);
        }
        if value.made_up {
            text += ", made up";
        }
        let json = value.value.json.as_ref().map(|json| air_interpreter::json::print_pretty(&json.value()));
        let json = json.filter(|json| json.len() <= MAX_VALUE_BYTES);
        let cut = || format!("{}  // {} bytes", value.value.short, value.value.size);
        text += &format!("\n{}", fence("json", &json.unwrap_or_else(cut)));
        for tetraplet in value.tetraplets.iter().take(MAX_VALUES_SHOWN) {
            text += &format!("\n- from {}", code(&tetraplet.peer_pk));
            if !tetraplet.service_id.is_empty() || !tetraplet.function_name.is_empty() {
                text +=
                    &format!(" {}", code(&format!("{}.{}", tetraplet.service_id, tetraplet.function_name)));
            }
            if !tetraplet.lens.is_empty() {
                text += &format!(" {}", code(&tetraplet.lens));
            }
        }
        if let Some(cid) = &value.cid {
            text += &format!("\n- `{cid}`");
        }
    }
    if values.values.len() > MAX_VALUES_SHOWN {
        text += "\n\n…";
    }
    text
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::features::fixture::{cursor, uri};
    use crate::features::run::command::run;
    use crate::results::RunParams;

    fn check(marked: &str, expected: Expect) {
        let (snapshot, position) = cursor(marked);
        run(&snapshot, RunParams::of(uri())).unwrap();
        let told = of_run(&snapshot, snapshot.offset(position)).map(|RunNote { section: told, .. }| {
            let range = std::ops::Range::<usize>::from(told.range);
            format!("{}\n\n{}", snapshot.document.text.get(range).unwrap(), told.markdown)
        });
        expected.assert_eq(&told.unwrap_or_default());
    }

    #[test]
    fn a_value_and_its_origin() {
        check(
            "(call %init_peer_id% (\"op\" \"concat_strings\") [\"a\" \"b\"] o$0ut)",
            expect![[r#"
                out

                `out`

                on `@init`
                ```json
                "ab"
                ```
                - from `@init` `op.concat_strings`
                - `bagaaihrayjsdjtxxfsaqcyprnhcsy2tedpwkmddlm7m5hexi4dbaj2ldz3sa`"#]],
        );
    }

    #[test]
    fn why_not() {
        check(
            "(xor (ap 1 x) (ap$0 2 y))",
            expect![[r#"
            (ap 2 y)

            **not executed**: only after an error in the first branch"#]],
        );
    }
}
