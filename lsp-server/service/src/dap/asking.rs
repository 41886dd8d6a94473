//! Questions: values of expressions, origins, reasons, places to go to; and answers changed by hand.

use air_interpreter::json;
use air_semantics::hir::InstrId;
use air_simulation::recording::{Change, MomentId};
use dapts::{
    BreakpointLocation, BreakpointLocationsArguments, BreakpointLocationsResponse, CompletionItem,
    CompletionsResponse, DataBreakpointAccessType, DataBreakpointInfoArguments, DataBreakpointInfoResponse,
    EvaluateArguments, EvaluateArgumentsContext, EvaluateResponse, ExceptionBreakMode, ExceptionInfoResponse,
    GotoTarget, GotoTargetsArguments, GotoTargetsResponse, SetVariableArguments,
};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::expression::Scene;
use super::message::{Answer, Refusal, body};
use super::plain::{completion, details, target};
use super::session::{Opened, Session};
use super::variables::{MAX_LONG_CHARS, shown, type_of};

/// Arguments of `air/origins` and `air/whyNot`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Question {
    /// A name.
    name: Option<String>,
    frame_id: Option<u64>,
    line: Option<u32>,
    column: Option<u32>,
}

/// Places of one line to go to.
const MAX_TARGETS: usize = 200;

impl Session {
    /// The value of an expression; in the console also `from NAME` and `why LINE`.
    pub(super) fn evaluate(&mut self, arguments: &EvaluateArguments) -> Answer {
        let place = self.place(arguments.frame_id)?;
        let expression = arguments.expression.trim();
        let console = matches!(arguments.context, Some(EvaluateArgumentsContext::Repl));
        if console && let Some(name) = expression.strip_prefix("from ") {
            let origins = self.origins_of(name.trim(), arguments.frame_id)?;
            let lines = origins.iter().map(|(_, depth, text)| format!("{}{text}", "  ".repeat(*depth)));
            let result = lines.collect::<Vec<_>>().join("\n");
            return body(EvaluateResponse { result, ..EvaluateResponse::default() });
        }
        if console && let Some(line) = expression.strip_prefix("why ") {
            let line = line.trim().parse().map_err(|_| Refusal("`why` takes a line".to_owned()))?;
            let (_, result) = self.reason(line, None)?;
            return body(EvaluateResponse { result, ..EvaluateResponse::default() });
        }
        let scene = Scene { recording: &self.recording, at: place.at, instr: place.instr };
        let value = scene.value(expression)?;
        let held = self.recording.value_of(expression, place.at, place.instr);
        let bound = held.as_ref().filter(|held| !held.is_stream()).map(|held| held.latest.moment);
        let stream = held.filter(|held| held.is_stream());
        let stream = stream.map(|held| held.all().map(|value| value.moment).collect::<Vec<_>>());
        let part = self.part(expression.to_owned(), &value);
        let variables_reference = match (bound, stream) {
            (Some(at), _) => self.open(Opened::Bound(at)),
            (None, Some(moments)) => self.open(Opened::Stream(moments)),
            _ => part.variables_reference,
        };
        let long = !matches!(arguments.context, Some(EvaluateArgumentsContext::Watch));
        body(EvaluateResponse {
            result: if long { shown(&value, MAX_LONG_CHARS) } else { part.value },
            ty: Some(type_of(&value).to_owned()),
            variables_reference,
            indexed_variables: part.indexed_variables,
            named_variables: part.named_variables,
            ..EvaluateResponse::default()
        })
    }

    /// Names that have values here and begin with the word before the cursor.
    pub(super) fn completions(&self, text: &str, column: u32, frame: Option<u64>) -> Answer {
        let place = self.place(frame)?;
        let before: String = text.chars().take(column.saturating_sub(1) as usize).collect();
        let word = before.rsplit([' ', '(', '[', '=', '!']).next().unwrap_or_default();
        let values = self.recording.values_in(place.at, place.instr);
        let names = values.iter().filter(|held| held.name.starts_with(word));
        let length = word.chars().count() as u64;
        let target = |held: &air_simulation::recording::Held<'_>| CompletionItem {
            start: Some((before.chars().count() as u64 - length) + 1),
            length: Some(length),
            ..completion(held.name.to_string())
        };
        body(CompletionsResponse { targets: names.map(target).collect() })
    }

    fn origins_of(&self, name: &str, frame: Option<u64>) -> Result<Vec<(MomentId, usize, String)>, Refusal> {
        let place = self.place(frame)?;
        let held = self.recording.value_of(name, place.at, place.instr);
        let held = held.ok_or_else(|| Refusal(format!("`{name}` has no value here")))?;
        let origins = held.all().flat_map(|value| self.recording.origins(value.moment));
        Ok(origins.map(|origin| (origin.moment, origin.depth as usize, origin.text)).collect())
    }

    /// `air/origins`: where a value comes from, each with the moment to go to.
    pub(super) fn origins(&self, question: &Question) -> Answer {
        let name = question.name.as_deref().ok_or("`name` is missing: a variable, stream or map")?;
        let origins = self.origins_of(name, question.frame_id)?;
        let origins = origins.into_iter().map(|(at, depth, text)| {
            let mut origin = self.described(at);
            if let Some(members) = origin.as_object_mut() {
                members.insert("depth".to_owned(), depth.into());
                members.insert("text".to_owned(), text.into());
            }
            origin
        });
        Ok(json!({ "origins": origins.collect::<Vec<_>>() }))
    }

    /// A moment with its place, as our own requests give it.
    pub(super) fn described(&self, at: MomentId) -> Json {
        let recording = &self.recording;
        let span = recording.instr_of(at).map(|instr| self.places.of(&recording.script, instr));
        json!({
            "moment": at.0,
            "peer": recording.peer_name(at),
            "event": recording.invocation_of(at).map(|invocation| invocation.event),
            "line": span.map(|span| span.line),
            "column": span.map(|span| span.column),
            "endLine": span.map(|span| span.end_line),
            "endColumn": span.map(|span| span.end_column),
        })
    }

    /// `air/whyNot`: why what stands at a place has not run.
    pub(super) fn why_not(&self, question: &Question) -> Answer {
        let line = question.line.ok_or("`line` is missing")?;
        let (at, text) = self.reason(line, question.column)?;
        Ok(json!({ "text": text, "goto": at.map(|at| self.described(at)) }))
    }

    fn reason(&self, line: u32, column: Option<u32>) -> Result<(Option<MomentId>, String), Refusal> {
        let instr = self.places.breakpoint(&self.recording.script, line, column);
        let instr = instr.ok_or_else(|| Refusal(format!("no instruction begins on line {line}")))?;
        let (at, mut text) = self.recording.why_not(instr, self.at);
        if let Some(waited) = self.recording.waits_at(instr, self.at) {
            text = format!("now it {}; {text}", self.wait(waited));
        }
        Ok((at, text))
    }

    /// `air/timeline`: the events of the run, each with the moment to go to.
    pub(super) fn timeline(&self) -> Answer {
        let recording = &self.recording;
        let events = recording.report.events.iter().map(|event| {
            let mut described = serde_json::to_value(event).unwrap_or_default();
            let at = recording.stop_of_event(event.number);
            if let (Some(members), Some(at)) = (described.as_object_mut(), at) {
                members.insert("at".to_owned(), self.described(at));
            }
            described
        });
        let events: Vec<Json> = events.collect();
        Ok(json!({ "events": events, "now": self.described(self.at), "peers": recording.peers() }))
    }

    /// The instructions of some lines, where breakpoints can stand.
    pub(super) fn breakpoint_locations(&self, arguments: &BreakpointLocationsArguments) -> Answer {
        let end = arguments.end_line.unwrap_or(arguments.line);
        let found = self.places.on_lines(&self.recording.script, arguments.line, end);
        let location = |(span, _): &(super::places::Span, InstrId)| BreakpointLocation {
            line: span.line,
            column: Some(span.column),
            end_line: Some(span.end_line),
            end_column: Some(span.end_column),
        };
        body(BreakpointLocationsResponse { breakpoints: found.iter().map(location).collect() })
    }

    /// The moments at which something of a line ran.
    pub(super) fn goto_targets(&self, arguments: &GotoTargetsArguments) -> Answer {
        let line = arguments.line;
        let mut targets = Vec::new();
        for (span, instr) in self.places.on_lines(&self.recording.script, line, line) {
            for at in self.recording.moments_at(instr) {
                let iterations = self.recording.iterations_of(at).iter();
                let iterations: String = iterations.map(|at| format!(" #{}", at.index + 1)).collect();
                let event = self.recording.invocation_of(at).map_or(0, |invocation| invocation.event);
                let now = if at == self.at { " (now)" } else { "" };
                let label = format!("{}, event {event}{iterations}{now}", self.recording.peer_name(at));
                targets.push(GotoTarget {
                    column: Some(span.column),
                    end_line: Some(span.end_line),
                    end_column: Some(span.end_column),
                    ..target(u64::from(at.0) + 1, label, span.line)
                });
                if targets.len() >= MAX_TARGETS {
                    return body(GotoTargetsResponse { targets });
                }
            }
        }
        body(GotoTargetsResponse { targets })
    }

    /// The error on which a peer stands.
    pub(super) fn exception_info(&self, thread: u64) -> Answer {
        let at = self.moment_of(thread)?;
        let errors = self.recording.errors(at);
        let last = errors.last().filter(|last| self.recording.failure(at).is_none() || **last == at);
        let failure = last.and_then(|last| self.recording.failure(*last));
        let failure = failure.ok_or("no error came up on this peer until now")?;
        let message = self.recording.show(&failure.message).into_owned();
        body(ExceptionInfoResponse {
            exception_id: failure.code.to_string(),
            description: Some(message.clone()),
            break_mode: if failure.uncatchable {
                ExceptionBreakMode::Unhandled
            } else {
                ExceptionBreakMode::Always
            },
            details: Some(details(message)),
        })
    }

    /// Whether a variable can have a breakpoint: any that has a value here.
    pub(super) fn data_breakpoint_info(&self, arguments: &DataBreakpointInfoArguments) -> Answer {
        let name = arguments.name.as_str();
        let is_name = self.recording.script.hir().names().any(|known| known == name);
        let description = match is_name {
            true => name.to_owned(),
            false => format!("`{name}` is no variable of the script"),
        };
        body(DataBreakpointInfoResponse {
            data_id: is_name.then(|| name.to_owned()),
            description,
            access_types: Some(vec![DataBreakpointAccessType::Write]),
            can_persist: Some(true),
        })
    }

    /// Another answer for the call that gave a variable its value. The peer that asked, the call, and the answer.
    pub(super) fn changed(&self, arguments: &SetVariableArguments) -> Result<Change, Refusal> {
        let at = usize::try_from(arguments.variables_reference).ok().and_then(|at| at.checked_sub(1));
        let opened = at.and_then(|at| self.opened.get(at));
        let name = arguments.name.as_str();
        let moment = match opened {
            Some(Opened::Values(place)) => {
                self.recording.value_of(name, place.at, place.instr).map(|held| held.latest.moment)
            }
            Some(Opened::Stream(moments)) => {
                let index = name.trim_matches(['[', ']']).parse::<usize>().ok();
                index.and_then(|index| moments.get(index)).copied()
            }
            _ => None,
        };
        let moment = moment.ok_or("only whole values can be changed, and not their parts")?;
        let call = self.recording.answer_of(moment);
        let (peer, id) =
            call.ok_or("only what a service answered can be changed: this value is made of others")?;
        let value = json::parse(arguments.value.trim())
            .map_err(|error| format!("`{}` is not JSON: {error}", arguments.value))?;
        let result = self.recording.value_with_ids(&value).to_json();
        Ok(Change { peer: peer.to_owned(), id, ret_code: 0, result })
    }
}
