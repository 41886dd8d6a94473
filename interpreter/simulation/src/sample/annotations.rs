//! AquaVM's test annotations: a trailing comment after a call says what its service answers.
//!
//! ```text
//! (call "p" ("s" "f") [] x) ; ok = [1, 2]
//! (call "p" ("s" "f") [] x) ; err = {"ret_code": 1, "result": "no"}
//! (call "p" ("s" "f") [] x) ; seq_ok = {"0": 1, "default": 2}      the n-th use, counted from 0
//! (call "p" ("s" "f") [] x) ; seq_error = {"0": {"ret_code": 0, "result": 1}, "default": …}
//! (call "p" ("s" "f") [] x) ; behaviour = echo | unit | service | function | arg.N | tetraplet
//! (call "p" ("s" "f") [] x) ; map = {"first argument": 1}          `null` for all others
//! ```
//!
//! An annotation belongs to the last call that ends before it on its line. Each call counts its uses for
//! itself, over all peers. Strings `@"name"` inside stand for the peer of that name.

use std::collections::BTreeMap;
use std::ops::Range;

use air_semantics::closest::Closest;
use air_semantics::hir::{Hir, InstrId, InstrKind};
use air_syntax::{SyntaxKind, lexer};

use super::answers::{AnswerSpec, Rule};
use super::scenario::Problem;
use super::text::{Part, whole, without_comments};
use air_interpreter::value::Value;

/// The words before `=`. `dbg_behaviour` is `behaviour`; AquaVM's tests print the call besides.
pub const KEYS: [&str; 7] = ["ok", "err", "seq_ok", "seq_error", "behaviour", "dbg_behaviour", "map"];

/// The words after `behaviour =`; `arg.0` stands for any number.
pub const BEHAVIOURS: [&str; 6] = ["echo", "unit", "service", "function", "arg.0", "tetraplet"];

/// Words that other tools and older versions have, and what they are here.
const ALIASES: [(&str, &str); 6] = [
    ("result", "ok"),
    ("dbg_result", "ok"),
    ("dbg_ok", "ok"),
    ("error", "err"),
    ("seq_result", "seq_ok"),
    ("seq_err", "seq_error"),
];

/// Reads all annotations of a script; wrong ones are left out and reported at their place.
pub fn annotations(hir: &Hir) -> (Vec<Rule>, Vec<Problem>) {
    let (mut rules, mut problems) = (Vec::new(), Vec::new());
    let text: &str = &hir.text;
    // Most scripts have no comment at all.
    if !text.contains(';') {
        return (rules, problems);
    }
    let mut ends: Vec<(u32, InstrId)> = (0_u32..)
        .zip(&hir.instrs)
        .filter(|(_, instr)| instr.kind == InstrKind::Call)
        .map(|(id, instr)| (instr.range.end().into(), InstrId(id)))
        .collect();
    ends.sort_unstable_by_key(|(end, _)| *end);
    let tokens = lexer::lex(text);
    let mut start = 0;
    for (&kind, &end) in tokens.kinds.iter().zip(&tokens.ends) {
        let range = start as usize..end as usize;
        start = end;
        if kind != SyntaxKind::COMMENT {
            continue;
        }
        let Some(found) = text.get(range.clone()).and_then(split) else { continue };
        let before = ends.partition_point(|(end, _)| (*end as usize) <= range.start);
        let call = before.checked_sub(1).and_then(|at| ends.get(at));
        let call = call.filter(|(end, _)| {
            text.get(*end as usize..range.start).is_some_and(|between| !between.contains('\n'))
        });
        let at = |part: Range<usize>| range.start + part.start..range.start + part.end;
        let Some((_, call)) = call else {
            // A comment on a line of its own may be prose: `ok = fine`.
            continue;
        };
        if let Some(meant) = meant(found.key).filter(|_| !KEYS.contains(&found.key)) {
            // With a word of plain English it is one only if the value is: `result = what it gives`.
            if alias(found.key).is_some() && answer(meant, found.value).is_err() {
                continue;
            }
            let message = format!("unknown annotation `{}`; did you mean `{meant}`?", found.key);
            problems.push(Problem { range: at(found.key_at..found.key_at + found.key.len()), message });
            continue;
        }
        match answer(found.key, found.value) {
            Ok(answer) => rules.push(Rule { call: Some(*call), ..Rule::always(answer) }),
            // Nothing after the `=`: the word before it is where to look.
            Err((_, message)) if found.value.is_empty() => {
                problems.push(Problem { range: at(found.key_at..found.key_at + found.key.len()), message });
            }
            Err((part, message)) => problems
                .push(Problem { range: at(found.value_at + part.start..found.value_at + part.end), message }),
        }
    }
    (rules, problems)
}

struct Annotation<'t> {
    key: &'t str,
    value: &'t str,
    /// Where they start in the comment.
    key_at: usize,
    value_at: usize,
}

/// Key and value of a comment that is an annotation.
fn split(comment: &str) -> Option<Annotation<'_>> {
    let body = comment.trim_start_matches(';');
    let (before, value) = body.split_once('=')?;
    let key = before.trim();
    // Other comments may hold anything, `=` too.
    if !KEYS.contains(&key) && meant(key).is_none() {
        return None;
    }
    let inner = value.trim();
    let value_at = comment.len() - value.trim_start().len();
    let key_at = comment.len() - body.len() + (before.len() - before.trim_start().len());
    Some(Annotation { key, value: inner, key_at, value_at })
}

/// The annotation that a misspelt one was meant to be.
fn meant(key: &str) -> Option<&'static str> {
    if let Some(meant) = alias(key) {
        return Some(meant);
    }
    let known = KEYS.iter().copied().filter(|known| known.len() > 2 || key.starts_with(known));
    Closest::default().to(key, known)
}

fn alias(key: &str) -> Option<&'static str> {
    ALIASES.iter().find(|(word, _)| *word == key).map(|(_, meant)| *meant)
}

type Wrong = (Range<usize>, String);

fn answer(key: &str, value: &str) -> Result<AnswerSpec, Wrong> {
    if let "behaviour" | "dbg_behaviour" = key {
        return behaviour(value).ok_or_else(|| {
            (
                0..value.len(),
                format!("unknown behaviour `{value}`; expected one of {}", BEHAVIOURS.join(", ")),
            )
        });
    }
    let text = with_names(value);
    let plain = without_comments(&text);
    let part = whole(&plain).map_err(|(range, message)| {
        (clamp(range, value), format!("expected JSON after `{key} =`: {message}"))
    })?;
    Ok(match key {
        "ok" => AnswerSpec::Ok(part.value()),
        "err" => result(part, value)?,
        "seq_ok" | "seq_error" => {
            let mut nth = BTreeMap::new();
            let mut default = None;
            for (at, key_text, part) in members(part, value, "an object: {\"0\": …, \"default\": …}")? {
                let answer =
                    if key == "seq_ok" { AnswerSpec::Ok(part.value()) } else { result(part, value)? };
                match key_text.parse() {
                    _ if key_text == "default" => default = Some(Box::new(answer)),
                    Ok(number) => {
                        nth.insert(number, answer);
                    }
                    Err(_) => {
                        let message = "expected the number of a call, from \"0\", or \"default\"";
                        return Err((clamp(at.range(), value), message.to_owned()));
                    }
                }
            }
            AnswerSpec::Nth(nth, default)
        }
        _ => AnswerSpec::Map(
            members(part, value, "an object: {\"first argument\": …}")?
                .into_iter()
                .map(|(_, key, part)| (key, part.value()))
                .collect(),
        ),
    })
}

type Members<'t> = Vec<(Part<'t>, String, Part<'t>)>;

fn members<'t>(part: Part<'t>, value: &str, expected: &str) -> Result<Members<'t>, Wrong> {
    part.members().ok_or_else(|| (clamp(part.range(), value), format!("expected {expected}")))
}

/// `{"ret_code": 1, "result": JSON}`
fn result(part: Part<'_>, value: &str) -> Result<AnswerSpec, Wrong> {
    let wrong =
        || (clamp(part.range(), value), "expected {\"ret_code\": number, \"result\": JSON}".to_owned());
    let members = part.members().ok_or_else(wrong)?;
    let find =
        |wanted: &str| members.iter().find(|(_, key, _)| key == wanted).map(|(_, _, part)| part.value());
    let code = find("ret_code").as_ref().and_then(Value::as_i64).and_then(|code| i32::try_from(code).ok());
    match (code, find("result")) {
        (Some(code), Some(result)) => Ok(AnswerSpec::Err(code, result)),
        _ => Err(wrong()),
    }
}

fn behaviour(word: &str) -> Option<AnswerSpec> {
    Some(match word {
        "echo" => AnswerSpec::Echo(0),
        "unit" => AnswerSpec::Ok(Value::from(UNIT)),
        "service" => AnswerSpec::Service,
        "function" => AnswerSpec::Function,
        "tetraplet" => AnswerSpec::Tetraplets,
        _ => AnswerSpec::Argument(word.strip_prefix("arg.")?.parse().ok()?),
    })
}

/// What AquaVM's tests let a service answer that has nothing to say.
const UNIT: &str = "result from unit_call_service";

/// `@"name"` as this crate writes it: `"@name"`. The length stays the same.
fn with_names(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once("@\"") {
        out.push_str(before);
        let end = after.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-'));
        let is_name =
            end.is_some_and(|end| end > 0 && after.get(end..).is_some_and(|rest| rest.starts_with('"')));
        out.push_str(if is_name { "\"@" } else { "@\"" });
        rest = after;
    }
    out.push_str(rest);
    out
}

fn clamp(range: Range<usize>, value: &str) -> Range<usize> {
    // Ids that became names and comments that became spaces move places, so that one may divide a character.
    let start = value.floor_char_boundary(range.start.min(value.len().saturating_sub(1)));
    let end = range.end.clamp(start + usize::from(start < value.len()), value.len().max(start));
    start..value.ceil_char_boundary(end)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use air_semantics::Script;
    use expect_test::{Expect, expect};

    use super::annotations;

    fn check(text: &str, expected: Expect) {
        let analysis = Script::new(text);
        let hir = analysis.hir();
        let (rules, problems) = annotations(hir);
        let mut shown = String::new();
        for rule in rules {
            let call = hir.instr(rule.call.unwrap()).unwrap();
            let _ = writeln!(shown, "{}: {:?}", hir.text_at(call.range), rule.answer);
        }
        for problem in problems {
            let _ = writeln!(shown, "{:?}: {}", text.get(problem.range).unwrap(), problem.message);
        }
        expected.assert_eq(&shown);
    }

    #[test]
    fn every_kind() {
        check(
            r#"(seq (call "p" ("s" "a") [] a) ; ok = [1, @"peer"]
(seq (call "p" ("s" "b") [] b) ; err={"ret_code": 1, "result": "no"}
(seq (call "p" ("s" "c") [] c) ; seq_ok = {"0": 1, "default": 2}
(seq (call "p" ("s" "d") [] d) ; seq_error = {"1": {"ret_code": 0, "result": 1}}
(seq (call "p" ("s" "e") [] e) ;; behaviour=arg.1
(call "p" ("s" "f") [] f))))))) ; map = {"x": null}
"#,
            expect![[r#"
                (call "p" ("s" "a") [] a): Ok(Array(Array { items: [Number(Unsigned(1)), String("@peer")], depth: 1 }))
                (call "p" ("s" "b") [] b): Err(1, String("no"))
                (call "p" ("s" "c") [] c): Nth({0: Ok(Number(Unsigned(1)))}, Some(Ok(Number(Unsigned(2)))))
                (call "p" ("s" "d") [] d): Nth({1: Err(0, Number(Unsigned(1)))}, None)
                (call "p" ("s" "e") [] e): Argument(1)
                (call "p" ("s" "f") [] f): Map({"x": Null})
            "#]],
        );
    }

    #[test]
    fn wrong_ones_are_reported_where_they_are_wrong() {
        check(
            r#"(seq (call "p" ("s" "a") [] a) ; ok = [1,, 2]
(seq (call "p" ("s" "b") [] b) ; err = {"code": 1}
(seq (call "p" ("s" "c") [] c) ; seq_ok = {"first": 1}
(seq (call "p" ("s" "d") [] d) ; behaviour = ecco
(call "p" ("s" "e") [] e))))) ; ok =
; ok = a comment of its own
"#,
            expect![[r#"
                ",": expected JSON after `ok =`: expected value
                "{\"code\": 1}": expected {"ret_code": number, "result": JSON}
                "\"first\"": expected the number of a call, from "0", or "default"
                "ecco": unknown behaviour `ecco`; expected one of echo, unit, service, function, arg.0, tetraplet
                "ok": expected JSON after `ok =`: EOF while parsing a value
            "#]],
        );
    }

    #[test]
    fn other_comments_are_left_alone() {
        check("(call \"p\" (\"s\" \"a\") [] a) ; that is = ok", expect![[r#""#]]);
    }
}
