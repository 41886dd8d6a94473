//! Who answers a call: the first of several that has an answer.

use crate::make_up::MakeUp;
use crate::network::{Answer, ServiceCall, Services};

use super::answers::Rules;

/// Annotations and rules, then what peers answer by themselves, then made-up values.
#[derive(Debug)]
pub struct SampleServices {
    /// Rules of the sample and annotations.
    pub rules: Rules,
    /// Makes up what nobody answers; `None`: such calls fail.
    pub make_up: Option<MakeUp>,
}

impl Services for SampleServices {
    fn answer(&mut self, call: &ServiceCall<'_>) -> Answer {
        if let Some(answer) = self.rules.answer(call) {
            return answer;
        }
        match &mut self.make_up {
            Some(make_up) => make_up.answer(call),
            None => Answer::no_service(call.request),
        }
    }
}

/// Whether a call of that service needs no sample: it is a built-in or a convention that only listens.
pub fn answers_itself(service: &str, function: &str) -> bool {
    matches!(
        (service, function),
        ("op" | "math" | "cmp" | "array" | "json" | "debug" | "peer" | "sig" | "run-console", _)
            | ("errorHandlingSrv", _)
            | ("callbackSrv", "response")
    )
}
