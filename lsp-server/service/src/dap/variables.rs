//! What is inside of scopes and values, a page at a time.

use air_interpreter::Value;
use air_interpreter::data::ExecutedState;
use air_simulation::recording::{Held, MomentId, Waited};
use air_simulation::report::Fate;
use air_simulation::shorten;
use dapts::{
    Variable, VariablePresentationHint, VariablePresentationHintAttributes, VariablePresentationHintKind,
    VariablesArguments, VariablesArgumentsFilter, VariablesResponse,
};

use super::message::{Answer, Refusal, body};
use super::plain::{hint, variable};
use super::session::{Opened, Place, Session};

/// A value in a list, in characters; where it is asked for by itself there is more.
const MAX_CHARS: usize = 200;
pub(super) const MAX_LONG_CHARS: usize = 100_000;

/// A value of one kind of AquaVM's.
pub(super) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

impl Session {
    /// What is inside.
    pub(super) fn variables(&mut self, arguments: &VariablesArguments) -> Answer {
        let at = usize::try_from(arguments.variables_reference).ok().and_then(|at| at.checked_sub(1));
        let opened = at.and_then(|at| self.opened.get(at)).cloned();
        let opened = opened.ok_or_else(|| {
            let reference = arguments.variables_reference;
            Refusal(format!("there are no variables {reference}: the debugger has moved since"))
        })?;
        let start = usize::try_from(arguments.start.unwrap_or(0)).unwrap_or(usize::MAX);
        let count = arguments.count.filter(|count| *count > 0);
        let count = count.and_then(|count| usize::try_from(count).ok()).unwrap_or(usize::MAX);
        let variables = match opened {
            Opened::Values(place) => self.held(&place, false, start, count),
            Opened::Streams(place) => self.held(&place, true, start, count),
            Opened::Stream(moments) => {
                let moments = (0..).zip(moments).skip(start).take(count);
                moments.filter_map(|(index, at): (usize, _)| self.bound(format!("[{index}]"), at)).collect()
            }
            Opened::Bound(at) => self.inside_of_bound(at, arguments.filter, start, count),
            Opened::Part(value) => self.inside(&value, arguments.filter, start, count),
            Opened::From(at) => self.from(at),
            other => {
                let all = match other {
                    Opened::Particle(at) => self.particle(at),
                    Opened::Errors(at) => self.errors(at),
                    Opened::Failure(at) => self.failure(at),
                    Opened::OnItsWay(at) => self.on_its_way(at),
                    Opened::Kept(at) => self.kept(at),
                    _ => Vec::new(),
                };
                all.into_iter().skip(start).take(count).collect()
            }
        };
        body(VariablesResponse { variables })
    }

    fn held(&mut self, place: &Place, streams: bool, start: usize, count: usize) -> Vec<Variable> {
        let held = self.recording.values_in(place.at, place.instr);
        let wanted = held.iter().filter(|held| held.is_stream() == streams).skip(start).take(count);
        let wanted: Vec<(String, Vec<MomentId>)> = wanted
            .map(|held: &Held<'_>| (held.name.to_string(), held.all().map(|value| value.moment).collect()))
            .collect();
        let shown = wanted.into_iter().filter_map(|(name, moments)| match streams {
            true => Some(self.stream(name, moments)),
            false => self.bound(name, *moments.first()?),
        });
        shown.collect()
    }

    fn stream(&mut self, name: String, moments: Vec<MomentId>) -> Variable {
        let count = moments.len();
        let indexed_variables = u32::try_from(count).ok();
        let value = format!("{count} value{}", if count == 1 { "" } else { "s" });
        let evaluate_name = Some(name.clone());
        let variables_reference = self.open(Opened::Stream(moments));
        let ty = Some("stream".to_owned());
        Variable { ty, evaluate_name, variables_reference, indexed_variables, ..variable(name, value) }
    }

    /// A value with where it comes from.
    pub(super) fn bound(&mut self, name: String, at: MomentId) -> Option<Variable> {
        let value = self.recording.show_value(&self.recording.binding(at)?.value);
        let named = value.as_object().map_or(0, |object| object.members().len()) + 1;
        // Only what a service answered can be answered otherwise.
        let fixed = self.recording.answer_of(at).is_none();
        let attributes = fixed.then(|| vec![VariablePresentationHintAttributes::ReadOnly]);
        Some(Variable {
            ty: Some(type_of(&value).to_owned()),
            evaluate_name: (!name.starts_with('[')).then(|| name.clone()),
            indexed_variables: value.as_array().and_then(|items| u32::try_from(items.len()).ok()),
            named_variables: u32::try_from(named).ok(),
            variables_reference: self.open(Opened::Bound(at)),
            presentation_hint: Some(VariablePresentationHint { attributes, ..hint() }),
            ..variable(name, shown(&value, MAX_CHARS))
        })
    }

    fn inside_of_bound(
        &mut self,
        at: MomentId,
        filter: Option<VariablesArgumentsFilter>,
        start: usize,
        count: usize,
    ) -> Vec<Variable> {
        let Some(binding) = self.recording.binding(at) else { return Vec::new() };
        let value = self.recording.show_value(&binding.value);
        let inside = self.inside(&value, filter, start, count);
        let members = match (filter, &value) {
            (Some(VariablesArgumentsFilter::Indexed), _) => return inside,
            (Some(VariablesArgumentsFilter::Named), Value::Array(_)) => 0,
            _ => count_of(&value),
        };
        let mut variables = inside;
        if start <= members && variables.len() < count {
            let text = self.recording.origins(at).into_iter().next().map(|origin| origin.text);
            variables.push(Variable {
                variables_reference: self.open(Opened::From(at)),
                presentation_hint: Some(VariablePresentationHint {
                    kind: Some(VariablePresentationHintKind::Virtual),
                    attributes: Some(vec![VariablePresentationHintAttributes::ReadOnly]),
                    ..hint()
                }),
                ..variable("(from)", text.unwrap_or_default())
            });
        }
        variables
    }

    /// Elements or members.
    fn inside(
        &mut self,
        value: &Value,
        filter: Option<VariablesArgumentsFilter>,
        start: usize,
        count: usize,
    ) -> Vec<Variable> {
        match (value, filter) {
            (Value::Array(_), None | Some(VariablesArgumentsFilter::Indexed)) => {
                let items = value.as_array().unwrap_or_default();
                let items = (0_usize..).zip(items).skip(start).take(count);
                items.map(|(index, item)| self.part(format!("[{index}]"), item)).collect()
            }
            (Value::Object(object), None | Some(VariablesArgumentsFilter::Named)) => {
                let members = object.members().iter().skip(start).take(count);
                members.map(|(key, item)| self.part(key.to_string(), item)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// A part of a value.
    pub(super) fn part(&mut self, name: String, value: &Value) -> Variable {
        let named = value.as_object().map(|object| object.members().len());
        let variables_reference = match count_of(value) {
            0 => 0,
            _ => self.open(Opened::Part(value.clone())),
        };
        Variable {
            ty: Some(type_of(value).to_owned()),
            indexed_variables: value.as_array().and_then(|items| u32::try_from(items.len()).ok()),
            named_variables: named.and_then(|count| u32::try_from(count).ok()),
            variables_reference,
            ..variable(name, shown(value, MAX_CHARS))
        }
    }

    fn from(&mut self, at: MomentId) -> Vec<Variable> {
        let recording = &self.recording;
        let Some(binding) = recording.binding(at) else { return Vec::new() };
        let tetraplet = &binding.tetraplet;
        let mut variables = vec![
            variable("peer", recording.show(&tetraplet.peer_pk)),
            variable("service", &tetraplet.service_id),
            variable("function", &tetraplet.function_name),
            variable("lens", &tetraplet.lens),
        ];
        variables.retain(|variable| !variable.value.is_empty());
        for (index, origin) in recording.origins(at).into_iter().enumerate().skip(1) {
            variables.push(variable(format!("← {index}"), origin.text));
        }
        variables
    }

    fn particle(&self, at: MomentId) -> Vec<Variable> {
        let recording = &self.recording;
        let report = &recording.report;
        let event = recording.invocation_of(at).map_or(0, |invocation| invocation.event);
        let now = usize::try_from(event).ok().and_then(|event| event.checked_sub(1));
        let event_of = now.and_then(|now| report.events.get(now));
        let mut variables = vec![
            variable("peer", recording.peer_name(at)),
            variable("%init_peer_id%", report.init_peer.as_str()),
            variable("%ttl%", report.schedule.ttl.to_string()),
            variable("event", format!("{event} of {}", report.events.len())),
        ];
        if let Some(event) = event_of {
            variables.push(variable("time", format!("{} ms after the start", event.time)));
            if let Some(order) = &event.order {
                variables.push(variable("order", order.as_str()));
            }
        }
        variables.push(variable("outcome", report.outcome.text.as_str()));
        variables
    }

    fn errors(&mut self, at: MomentId) -> Vec<Variable> {
        let errors = self.recording.errors(at);
        let errors: Vec<(MomentId, i64, String)> = errors
            .into_iter()
            .filter_map(|at| {
                let failure = self.recording.failure(at)?;
                let message = self.recording.show(&failure.message);
                Some((at, failure.code, shorten(&message, MAX_CHARS).into_owned()))
            })
            .collect();
        let shown = |(at, code, value): (MomentId, i64, String)| Variable {
            variables_reference: self.open(Opened::Failure(at)),
            ..variable(code.to_string(), value)
        };
        errors.into_iter().map(shown).collect()
    }

    fn failure(&self, at: MomentId) -> Vec<Variable> {
        let Some(failure) = self.recording.failure(at) else { return Vec::new() };
        let message = self.recording.show(&failure.message);
        let mut variables = vec![
            variable("error_code", failure.code.to_string()),
            variable("message", shorten(&message, MAX_LONG_CHARS)),
            variable("peer", self.recording.peer_name(at)),
        ];
        if let Some(instr) = self.recording.moment(at).instr() {
            let span = self.places.of(&self.recording.script, instr);
            variables.push(variable("place", format!("line {}, column {}", span.line, span.column)));
        }
        variables
    }

    fn on_its_way(&self, at: MomentId) -> Vec<Variable> {
        let all = self.recording.on_its_way(at).into_iter().map(|it| {
            let fate = match it.fate {
                Fate::Arrived { event } => format!("comes as event {event}"),
                Fate::Lost { why } => format!("is lost: {why}"),
                Fate::Expired => "comes too late".to_owned(),
                Fate::Silent => "is never answered".to_owned(),
                Fate::UnderWay => "has not come when the run ends".to_owned(),
            };
            variable(it.what, format!("{fate} (of event {})", it.event))
        });
        all.collect()
    }

    /// The trace, state by state, each with the instruction that wrote it.
    fn kept(&self, at: MomentId) -> Vec<Variable> {
        let recording = &self.recording;
        let states = recording.kept(at).into_iter().map(|state| {
            let instr = recording.moment(state.moment).instr();
            let line = instr.map(|instr| self.places.of(&recording.script, instr).line);
            let place = line.map_or_else(String::new, |line| format!(" (line {line})"));
            let text = match state.state {
                ExecutedState::Par(sizes) => {
                    format!("par: {} left, {} right", sizes.left_size, sizes.right_size)
                }
                ExecutedState::Call(_) => match recording.value_written(state.moment) {
                    Some(value) => format!("call: {}", recording.short(value)),
                    None => "call: without a result".to_owned(),
                },
                ExecutedState::Fold(fold) => format!("fold: {} elements", fold.lore.len()),
                ExecutedState::Ap(_) => "ap".to_owned(),
                ExecutedState::Canon(_) => match recording.value_written(state.moment) {
                    Some(value) => format!("canon: {}", recording.short(value)),
                    None => "canon: asked for".to_owned(),
                },
            };
            variable(state.position.to_string(), text + &place)
        });
        states.collect()
    }

    /// What is waited for at an instruction, in words.
    pub(super) fn wait(&self, waited: &Waited) -> String {
        match waited {
            Waited::Variable(name) => format!("waits for `{name}`"),
            Waited::Stream(name) => format!("waits for a value in `{name}`"),
            Waited::Peer(peer, _) => format!("goes on at {}", self.recording.show(peer)),
            Waited::Host(id) => format!("waits for the answer to call {id}"),
            Waited::Never => "waits for ever".to_owned(),
        }
    }
}

/// A value with the names of peers, in one line.
pub(super) fn shown(value: &Value, most: usize) -> String {
    shorten(&value.to_json(), most).into_owned()
}

fn count_of(value: &Value) -> usize {
    let members = || value.as_object().map_or(0, |object| object.members().len());
    value.as_array().map_or_else(members, <[Value]>::len)
}
