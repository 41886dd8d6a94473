//! OpenTelemetry's traces as JSON (OTLP): one trace, a resource for each peer, a span for each event and each call.
//!
//! The parent of an event is the first one that caused it; further ones are links. A call is a child of the event that
//! asked for it. Times count from 1970, as if the run had begun there: runs have no other clock.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::axis::{EVENT_NANOS, answered_at, begins};
use super::{call_texts, name_of, title, unanswered};
use crate::report::{Asked, Calls, Event, EventKind, Fate, Report};

/// `SPAN_KIND_INTERNAL`, `SPAN_KIND_CLIENT` and `SPAN_KIND_CONSUMER`.
const INTERNAL: u32 = 1;
const CLIENT: u32 = 3;
const CONSUMER: u32 = 5;
/// `STATUS_CODE_ERROR`.
const ERROR: u32 = 2;
/// Numbers of calls' spans begin here, those of events are smaller.
const FIRST_CALL: u64 = 1 << 63;

/// The run as an `ExportTraceServiceRequest` in JSON.
pub fn otlp(report: &Report) -> Value {
    let calls = Calls::of(report);
    let begins = begins(&report.events);
    let run = Run { trace: trace_id(report), end: begins.last().map_or(0, |begin| begin + EVENT_NANOS) };
    let mut of_peers: Vec<(&str, Vec<Value>)> = Vec::new();
    let mut next_call = FIRST_CALL;
    for (event, begin) in report.events.iter().zip(&begins) {
        let peer = event.peer.as_deref().unwrap_or("network");
        let mut spans = vec![run.event(event, title(event, &report.events), *begin)];
        for asked in &event.asked {
            let end = answered_at(asked, &begins);
            spans.push(run.call(&calls, (event, asked), next_call, (*begin, end)));
            next_call += 1;
        }
        match of_peers.iter_mut().find(|(name, _)| *name == peer) {
            Some((_, all)) => all.append(&mut spans),
            None => of_peers.push((peer, spans)),
        }
    }
    let resource = |(peer, spans): (&str, Vec<Value>)| {
        json!({
            "resource": {"attributes": [text("service.name", peer)]},
            "scopeSpans": [{"scope": {"name": "air", "version": env!("CARGO_PKG_VERSION")}, "spans": spans}],
        })
    };
    json!({"resourceSpans": of_peers.into_iter().map(resource).collect::<Vec<_>>()})
}

/// What all spans of a run share.
struct Run {
    trace: String,
    end: u64,
}

impl Run {
    fn event(&self, event: &Event, title: String, begin: u64) -> Value {
        let mut attributes = vec![int("air.event", &event.number), int("air.simulated_ms", &event.time)];
        attributes.extend(event.order.as_ref().map(|order| text("air.order", order)));
        attributes.extend(event.ret_code.map(|code| int("air.ret_code", &code)));
        let kind = if event.kind == EventKind::Delivery { CONSUMER } else { INTERNAL };
        let mut span = self.span(event.number, title, kind, (begin, begin + EVENT_NANOS), attributes);
        let mut causes = event.causes.iter();
        if let Some(cause) = causes.next() {
            span.insert("parentSpanId".to_owned(), span_id(*cause).into());
        }
        let links: Vec<Value> =
            causes.map(|cause| json!({"traceId": self.trace, "spanId": span_id(*cause)})).collect();
        if !links.is_empty() {
            span.insert("links".to_owned(), links.into());
        }
        if let Some(code) = event.ret_code.filter(|code| *code != 0) {
            span.insert("status".to_owned(), json!({"code": ERROR, "message": format!("error {code}")}));
        }
        let lost = event.sent.iter().filter_map(|sent| match &sent.fate {
            Fate::Lost { why } => Some(format!("lost to {}: {why}", sent.to)),
            _ => None,
        });
        let lost: Vec<Value> =
            lost.map(|name| json!({"timeUnixNano": begin.to_string(), "name": name})).collect();
        if !lost.is_empty() {
            span.insert("events".to_owned(), lost.into());
        }
        span.into()
    }

    /// `end` is when the answer came.
    fn call(
        &self,
        calls: &Calls,
        (event, asked): (&Event, &Asked),
        id: u64,
        (begin, end): (u64, Option<u64>),
    ) -> Value {
        let peer = event.peer.as_deref().unwrap_or_default();
        let (arguments, answer) = call_texts(calls, peer, asked);
        let mut attributes = vec![
            text("rpc.service", &asked.service),
            text("rpc.method", &asked.function),
            text("air.arguments", &arguments),
        ];
        let error = match answer {
            Some((value, false)) => {
                attributes.push(text("air.answer", &value));
                None
            }
            Some((error, true)) => Some(error),
            None => unanswered(&asked.fate),
        };
        let end = end.unwrap_or(self.end).max(begin + EVENT_NANOS);
        let mut span = self.span(id, name_of(asked), CLIENT, (begin, end), attributes);
        span.insert("parentSpanId".to_owned(), span_id(event.number).into());
        if let Some(message) = error {
            span.insert("status".to_owned(), json!({"code": ERROR, "message": message}));
        }
        span.into()
    }

    fn span(
        &self,
        id: u64,
        name: String,
        kind: u32,
        (begin, end): (u64, u64),
        attributes: Vec<Value>,
    ) -> Map<String, Value> {
        let members = [
            ("traceId", Value::from(self.trace.clone())),
            ("spanId", span_id(id).into()),
            ("name", name.into()),
            ("kind", kind.into()),
            // 64-bit numbers are strings in the JSON of protobuf.
            ("startTimeUnixNano", begin.to_string().into()),
            ("endTimeUnixNano", end.to_string().into()),
            ("attributes", attributes.into()),
        ];
        members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

fn span_id(number: u64) -> String {
    format!("{number:016x}")
}

/// The same run has the same id.
fn trace_id(report: &Report) -> String {
    let hash = Sha256::digest(report.steps.text());
    hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn text(key: &str, value: &str) -> Value {
    json!({"key": key, "value": {"stringValue": value}})
}

fn int(key: &str, value: &impl ToString) -> Value {
    json!({"key": key, "value": {"intValue": value.to_string()}})
}
