//! Who answers a call: the first of several that has an answer.

use crate::make_up::MakeUp;
use crate::network::{Answer, PeerKind, ServiceCall, Services};
use crate::services::{Conventions, builtin, elsewhere, is_builtin, only_listens, unknown};
use crate::shorten::shorten;
use air_semantics::hir::InstrId;

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
    /// Whether an unknown service is refused as in recorded scenarios, whatever peer is asked.
    pub recorded: bool,
    /// What is to be said of calls that were made.
    pub remarks: CallRemarks,
}

/// Remarks on calls, one for each call and peer.
#[derive(Debug, Clone, Default)]
pub struct CallRemarks {
    /// In the order of the calls.
    pub all: Vec<CallRemark>,
}

/// Something to be said of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRemark {
    /// The call.
    pub call: InstrId,
    /// The peer that was asked, by id.
    pub peer: String,
    /// Whether the call fails on one of the hosts; if not, only its output tells.
    pub fails: bool,
    /// Whether nobody has the service, and not hosts differ.
    pub unknown: bool,
    /// A sentence.
    pub text: String,
}

/// Remarks of one run.
const MAX_REMARKS: usize = 100;
/// A value in one.
const MAX_VALUE_CHARS: usize = 60;

impl Services for SampleServices {
    fn answer(&mut self, call: &ServiceCall<'_>) -> Answer {
        if let Some(answer) = self.rules.answer(call) {
            return answer;
        }
        if let Some(answer) = builtin(call) {
            self.remarks.add(call, || {
                let other = elsewhere(call, &answer)?;
                let fails =
                    [&answer, &other].iter().any(|it| matches!(it, Answer::Now(it) if it.ret_code != 0));
                Some((false, fails, differs(call, &answer, &other)))
            });
            return answer;
        }
        if let Some(answer) = self.conventions.answer(call) {
            return answer;
        }
        let (service, function) = (&*call.request.service_id, &*call.request.function_name);
        let refusal = || match self.recorded {
            true => Answer::no_service(call.request),
            false => Answer::unknown_service(call.kind, call.request),
        };
        if call.kind == PeerKind::Client && is_builtin(service, function) {
            let peer = &call.peer.id;
            let text = format!("{peer} is a client, which has no `{service}.{function}`; nodes have it");
            self.remarks.add(call, || Some((false, true, text)));
            return refusal();
        }
        self.remarks.add(call, || Some((true, true, unknown(service, function)?)));
        match &mut self.make_up {
            Some(make_up) => make_up.answer(call),
            None => refusal(),
        }
    }
}

impl CallRemarks {
    /// Whether nobody has the service, whether it fails, a sentence; asked once for each call and peer until there is one.
    fn add(&mut self, call: &ServiceCall<'_>, remark: impl FnOnce() -> Option<(bool, bool, String)>) {
        let (instr, peer) = (call.place.instr, &call.peer.id);
        let is_known = |it: &CallRemark| it.call == instr && it.peer == *peer;
        if self.all.len() >= MAX_REMARKS || self.all.iter().any(is_known) {
            return;
        }
        if let Some((unknown, fails, text)) = remark() {
            self.all.push(CallRemark { call: instr, peer: peer.clone(), unknown, fails, text });
        }
    }
}

/// One sentence for what two kinds of hosts give.
fn differs(call: &ServiceCall<'_>, here: &Answer, there: &Answer) -> String {
    let (this, other) = match call.kind {
        PeerKind::Node => ("node", "client"),
        PeerKind::Client => ("client", "node"),
    };
    let (peer, service, function) = (&call.peer.id, &call.request.service_id, &call.request.function_name);
    format!(
        "{peer} is a {this}, where `{service}.{function}` {}; on a {other} it {}",
        said(here),
        said(there)
    )
}

fn said(answer: &Answer) -> String {
    match answer {
        Answer::Now(result) if result.ret_code == 0 => {
            format!("gives {}", shorten(&result.result, MAX_VALUE_CHARS))
        }
        Answer::Now(result) => format!("fails with {}", shorten(&result.result, MAX_VALUE_CHARS)),
        Answer::Later { at, .. } => format!("answers after {at} ms"),
        Answer::Silent => "never answers".to_owned(),
    }
}

/// Whether a call of that service needs no sample: it is a built-in or a convention that only listens.
pub fn answers_itself(service: &str, function: &str) -> bool {
    is_builtin(service, function) || only_listens(service, function)
}
