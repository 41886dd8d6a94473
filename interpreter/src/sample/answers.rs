//! Rules that answer calls: the first one that fits.

use std::collections::BTreeMap;

use crate::invocation::{CallRequest, CallServiceResult};
use crate::network::{Answer, ServiceCall, Services};
use crate::value::Value;

/// One rule; what is `None` or `*` fits everything.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// The id of the peer that is asked.
    pub peer: Option<String>,
    /// The service.
    pub service: Option<String>,
    /// The function.
    pub function: Option<String>,
    /// What is answered.
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
}

impl Rule {
    /// Whether it answers that call.
    pub fn fits(&self, peer: &str, request: &CallRequest) -> bool {
        let fits = |wanted: &Option<String>, given: &str| {
            wanted.as_deref().is_none_or(|wanted| wanted == "*" || wanted == given)
        };
        fits(&self.peer, peer)
            && fits(&self.service, &request.service_id)
            && fits(&self.function, &request.function_name)
    }
}

impl AnswerSpec {
    /// The answer to a request for which the rule was used so many times before.
    pub fn answer(&self, request: &CallRequest, uses: usize) -> CallServiceResult {
        let mut spec = self;
        loop {
            spec = match spec {
                AnswerSpec::Seq(answers) => match answers.get(uses).or(answers.last()) {
                    Some(answer) => answer,
                    None => return failure("no answers in seq".to_owned()),
                },
                AnswerSpec::ByArg(answers) => {
                    let key = match request.arguments.first() {
                        Some(Value::String(text)) => text.to_string(),
                        // As JavaScript writes what is not there.
                        None => "undefined".to_owned(),
                        Some(value) => value.to_json(),
                    };
                    match answers.get(&key).or_else(|| answers.get("*")) {
                        Some(answer) => answer,
                        None => return failure(format!("no answer for {key}")),
                    }
                }
                AnswerSpec::Ok(value) => return success(value),
                AnswerSpec::Err(ret_code, value) => {
                    return CallServiceResult { ret_code: *ret_code, result: value.to_json() };
                }
                AnswerSpec::Echo(at) => return success(request.arguments.get(*at).unwrap_or(&Value::Null)),
                AnswerSpec::Args => return success(&Value::array(request.arguments.clone())),
                AnswerSpec::Tetraplets => {
                    let request = crate::protocol::request_json(request);
                    return success(request.get("tetraplets").unwrap_or(&Value::Null));
                }
                AnswerSpec::Raw(result) => return result.clone(),
            }
        }
    }
}

fn success(value: &Value) -> CallServiceResult {
    CallServiceResult { ret_code: 0, result: value.to_json() }
}

fn failure(text: String) -> CallServiceResult {
    CallServiceResult { ret_code: 1, result: Value::string(text).to_json() }
}

/// Rules, and how often each was used.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    rules: Vec<(Rule, usize)>,
}

impl Rules {
    /// Rules that were never used.
    pub fn new(rules: Vec<Rule>) -> Self {
        Rules { rules: rules.into_iter().map(|rule| (rule, 0)).collect() }
    }

    /// The answer of the first rule that fits, if there is one.
    pub fn answer(&mut self, call: &ServiceCall<'_>) -> Option<Answer> {
        let fits = |(rule, _): &&mut (Rule, usize)| rule.fits(&call.peer.id, call.request);
        let (rule, uses) = self.rules.iter_mut().find(fits)?;
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
