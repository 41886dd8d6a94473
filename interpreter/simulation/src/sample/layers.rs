//! Who answers a call: the first of several that has an answer.

use crate::make_up::MakeUp;
use crate::network::{Answer, ServiceCall, Services};
use crate::services::{Conventions, builtin, is_builtin, only_listens};

use super::answers::Rules;

/// Annotations and rules, then what peers and hosts answer by themselves, then made-up values.
#[derive(Debug, Clone)]
pub struct SampleServices {
    /// Annotations and rules of the sample.
    pub rules: Rules,
    /// The host of a compiled script.
    pub conventions: Conventions,
    /// Makes up what no sample and no service answers; `None`: such calls fail.
    pub make_up: Option<MakeUp>,
}

impl Services for SampleServices {
    fn answer(&mut self, call: &ServiceCall<'_>) -> Answer {
        let known =
            self.rules.answer(call).or_else(|| builtin(call)).or_else(|| self.conventions.answer(call));
        match (known, &mut self.make_up) {
            (Some(answer), _) => answer,
            (None, Some(make_up)) => make_up.answer(call),
            (None, None) => Answer::no_service(call.request),
        }
    }
}

/// Whether a call of that service needs no sample: it is a built-in or a convention that only listens.
pub fn answers_itself(service: &str, function: &str) -> bool {
    is_builtin(service, function) || only_listens(service, function)
}
