//! Rules that answer calls: the first one that fits.

use std::collections::BTreeMap;
use std::rc::Rc;

use air_semantics::hir::InstrId;

use crate::network::{Answer, ServiceCall, Services};
use air_interpreter::peers::Peers;
use air_interpreter::value::Value;
use air_interpreter::{CallRequest, CallServiceResult};

/// One rule; what is `None` or `*` fits everything.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// The one call instruction that it answers: an annotation.
    pub call: Option<InstrId>,
    /// The peer that is asked, `@name` or an id.
    pub peer: Option<String>,
    /// The service.
    pub service: Option<String>,
    /// The function.
    pub function: Option<String>,
    /// The answer to every call that fits.
    pub answer: AnswerSpec,
}

/// What a rule answers.
#[derive(Debug, Clone, PartialEq)]
pub enum AnswerSpec {
    /// `{"ok": value}`
    Ok(Value),
    /// `{"err": [code, value]}`
    Err(i32, Value),
    /// `{"echo": n}`: the n-th argument, `null` if there is none.
    Echo(usize),
    /// `{"args": true}`: all arguments.
    Args,
    /// `{"tetraplets": true}`: those of all arguments.
    Tetraplets,
    /// `{"seq": […]}`: the n-th use of the rule gives the n-th answer, the last one stays.
    Seq(Vec<AnswerSpec>),
    /// `{"by_arg": {"text": …, "*": …}}`: by the first argument, strings as they are, others as compact JSON.
    ByArg(BTreeMap<String, AnswerSpec>),
    /// `{"raw": {"ret_code": 0, "result": "exact text"}}`
    Raw(CallServiceResult),
    /// Annotations only: the n-th use gives that answer, all others the second.
    Nth(BTreeMap<usize, AnswerSpec>, Option<Box<AnswerSpec>>),
    /// Annotations only: by the first argument, `null` for all others.
    Map(BTreeMap<String, Value>),
    /// Annotations only: the n-th argument, a failure if there is none.
    Argument(usize),
    /// Annotations only: the service's name.
    Service,
    /// Annotations only: the function's name.
    Function,
}

impl Rule {
    /// A rule that answers every call.
    pub fn always(answer: AnswerSpec) -> Self {
        Rule { call: None, peer: None, service: None, function: None, answer }
    }

    /// Whether it answers that call.
    pub fn fits(&self, call: &ServiceCall<'_>) -> bool {
        let fits = |wanted: &Option<String>, given: &str| {
            wanted.as_deref().is_none_or(|wanted| wanted == "*" || wanted == given)
        };
        self.call.is_none_or(|instr| instr == call.place.instr)
            && fits(&self.peer, &call.peer.id)
            && fits(&self.service, &call.request.service_id)
            && fits(&self.function, &call.request.function_name)
    }

    /// With ids for names.
    pub fn with_ids(&self, peers: &mut Peers) -> Self {
        let mut text = |text: &Option<String>| text.as_ref().map(|text| peers.id_of(text));
        Rule {
            call: self.call,
            peer: text(&self.peer),
            service: text(&self.service),
            function: text(&self.function),
            answer: self.answer.with_ids(peers),
        }
    }
}

impl AnswerSpec {
    /// Whether the answer depends on how often it was given before.
    pub fn counts(&self) -> bool {
        let mut open = vec![self];
        while let Some(spec) = open.pop() {
            match spec {
                AnswerSpec::Seq(_) | AnswerSpec::Nth(..) => return true,
                AnswerSpec::ByArg(answers) => open.extend(answers.values()),
                _ => {}
            }
        }
        false
    }

    /// The answer to a request for which the rule was used so many times before.
    pub fn answer(&self, request: &CallRequest, uses: usize) -> CallServiceResult {
        let mut spec = self;
        loop {
            spec = match spec {
                AnswerSpec::Seq(answers) => match answers.get(uses).or(answers.last()) {
                    Some(answer) => answer,
                    None => return failure(1, "no answers in seq".to_owned()),
                },
                AnswerSpec::Nth(answers, default) => match answers.get(&uses).or(default.as_deref()) {
                    Some(answer) => answer,
                    None => return failure(1, format!("no answer for use {uses} and no default")),
                },
                AnswerSpec::ByArg(answers) => {
                    let key = first_argument(request);
                    match answers.get(&key).or_else(|| answers.get("*")) {
                        Some(answer) => answer,
                        None => return failure(1, format!("no answer for {key}")),
                    }
                }
                AnswerSpec::Map(values) => {
                    if request.arguments.is_empty() {
                        return failure(1, "no argument to look up".to_owned());
                    }
                    return success(values.get(&first_argument(request)).unwrap_or(&Value::Null));
                }
                AnswerSpec::Ok(value) => return success(value),
                AnswerSpec::Err(ret_code, value) => {
                    return CallServiceResult { ret_code: *ret_code, result: value.to_json() };
                }
                AnswerSpec::Echo(at) => return success(request.arguments.get(*at).unwrap_or(&Value::Null)),
                AnswerSpec::Argument(at) => {
                    return match request.arguments.get(*at) {
                        Some(value) => success(value),
                        None => failure(42, "not enough arguments".to_owned()),
                    };
                }
                AnswerSpec::Service => return success(&Value::from(request.service_id.as_str())),
                AnswerSpec::Function => return success(&Value::from(request.function_name.as_str())),
                AnswerSpec::Args => return success(&Value::array(request.arguments.clone())),
                AnswerSpec::Tetraplets => {
                    let request = air_interpreter::protocol::request_json(request);
                    return success(request.get("tetraplets").unwrap_or(&Value::Null));
                }
                AnswerSpec::Raw(result) => return result.clone(),
            }
        }
    }

    /// With ids for names. Answers nest no deeper than [`MAX_NESTING`](super::members::MAX_NESTING).
    fn with_ids(&self, peers: &mut Peers) -> Self {
        match self {
            AnswerSpec::Ok(value) => AnswerSpec::Ok(peers.value_with_ids(value)),
            AnswerSpec::Err(code, value) => AnswerSpec::Err(*code, peers.value_with_ids(value)),
            AnswerSpec::Seq(answers) => {
                AnswerSpec::Seq(answers.iter().map(|answer| answer.with_ids(peers)).collect())
            }
            AnswerSpec::Nth(answers, default) => AnswerSpec::Nth(
                answers.iter().map(|(at, answer)| (*at, answer.with_ids(peers))).collect(),
                default.as_ref().map(|answer| Box::new(answer.with_ids(peers))),
            ),
            AnswerSpec::ByArg(answers) => AnswerSpec::ByArg(
                answers.iter().map(|(key, answer)| (peers.id_of(key), answer.with_ids(peers))).collect(),
            ),
            AnswerSpec::Map(values) => AnswerSpec::Map(
                values.iter().map(|(key, value)| (peers.id_of(key), peers.value_with_ids(value))).collect(),
            ),
            AnswerSpec::Raw(raw) => AnswerSpec::Raw(CallServiceResult {
                ret_code: raw.ret_code,
                result: peers.id_of(&raw.result),
            }),
            AnswerSpec::Echo(_)
            | AnswerSpec::Argument(_)
            | AnswerSpec::Service
            | AnswerSpec::Function
            | AnswerSpec::Args
            | AnswerSpec::Tetraplets => self.clone(),
        }
    }
}

/// Strings as they are, others as compact JSON; what is not there as JavaScript writes it.
fn first_argument(request: &CallRequest) -> String {
    match request.arguments.first() {
        Some(Value::String(text)) => text.to_string(),
        None => "undefined".to_owned(),
        Some(value) => value.to_json(),
    }
}

fn success(value: &Value) -> CallServiceResult {
    CallServiceResult { ret_code: 0, result: value.to_json() }
}

fn failure(ret_code: i32, text: String) -> CallServiceResult {
    CallServiceResult { ret_code, result: Value::string(text).to_json() }
}

/// Rules, and how often each was used.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    rules: Rc<[Rule]>,
    /// How often each was used.
    uses: Vec<usize>,
}

impl Rules {
    /// Rules that were never used; peers in them are ids.
    pub fn new(rules: Vec<Rule>) -> Self {
        Rules { uses: vec![0; rules.len()], rules: rules.into() }
    }

    /// How often rules were used whose answers depend on it.
    pub fn counted_uses(&self) -> impl Iterator<Item = usize> {
        let counted = self.rules.iter().zip(&self.uses).filter(|(rule, _)| rule.answer.counts());
        counted.map(|(_, uses)| *uses)
    }

    /// The answer of the first rule that fits, if there is one.
    pub fn answer(&mut self, call: &ServiceCall<'_>) -> Option<Answer> {
        let mut rules = self.rules.iter().zip(&mut self.uses);
        let (rule, uses) = rules.find(|(rule, _)| rule.fits(call))?;
        let answer = rule.answer.answer(call.request, *uses);
        *uses += 1;
        Some(Answer::Now(answer))
    }
}

/// Rules alone: what none of them fits has no service.
impl Services for Rules {
    fn answer(&mut self, call: &ServiceCall<'_>) -> Answer {
        Rules::answer(self, call).unwrap_or_else(|| Answer::no_service(call.request))
    }
}
