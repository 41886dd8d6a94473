//! Requests on their way: started, answered, cancelled, outdated.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::Service;
use super::holdable::Holdable;
use super::lifecycle::Phase;
use super::run_queue::{Turn, run_progress};
use crate::document::Document;
use crate::event::{Event, Finished, JobResult};
use crate::host::{Lane, Stop};
use crate::json::Json;
use crate::lsp::{self, Error, Id, MessageType, Url};
use crate::outbox::Reply;
use crate::routes::{self, After, Before, Class, Route};
use crate::snapshot::{Snapshot, TimeSlice};

/// Work on shorter documents is over before a progress bar could be drawn.
const MIN_PROGRESS_BYTES: usize = 1 << 20;

/// Requests that have no answer yet.
#[derive(Debug, Default)]
pub(super) struct Flights {
    flights: HashMap<Id, Flight>,
    last_serial: u64,
    /// Whether no more requests can come.
    closing: bool,
}

#[derive(Debug)]
pub(super) struct Flight {
    /// Distinguishes it from an earlier request with the same id.
    serial: u64,
    pub(super) route: &'static Route,
    uri: Url,
    stop: Stop,
    pub(super) reply: Reply,
    /// Token of a progress that was begun.
    progress: Option<Value>,
    /// Of a request that may wait for news.
    pub(super) holdable: Option<Holdable>,
}

impl Flights {
    pub(super) fn is_empty(&self) -> bool {
        self.flights.is_empty()
    }

    pub(super) fn last(&mut self) {
        self.closing = true;
    }

    pub(super) fn closing(&self) -> bool {
        self.closing
    }

    /// It has no answer yet after all.
    pub(super) fn put_back(&mut self, id: Id, flight: Flight) {
        self.flights.insert(id, flight);
    }

    pub(super) fn any_holdable(&self) -> bool {
        self.flights.values().any(|flight| flight.holdable.is_some())
    }

    /// Those of the holdable requests.
    pub(super) fn extract(&mut self, which: impl Fn(&Holdable) -> bool) -> Vec<(Id, Flight)> {
        let mut which = |_: &Id, flight: &mut Flight| flight.holdable.as_ref().is_some_and(&which);
        self.flights.extract_if(&mut which).collect()
    }

    fn take(&mut self, id: &Id, serial: Option<u64>) -> Option<Flight> {
        let flight = self.flights.get(id)?;
        if serial.is_some_and(|serial| serial != flight.serial) {
            return None;
        }
        self.flights.remove(id)
    }

    /// The runs of a document.
    pub(super) fn take_runs(&mut self, uri: &Url) -> Vec<Flight> {
        let runs =
            self.flights.extract_if(|_, flight| flight.route.class == Class::Run && flight.uri == *uri);
        runs.map(|(_, flight)| flight).collect()
    }

    /// The token of a request's progress, if one was begun.
    pub(super) fn progress(&self, id: &Id, serial: u64) -> Option<&Value> {
        self.flights.get(id).filter(|flight| flight.serial == serial)?.progress.as_ref()
    }

    /// A progress is shown from now on; for which document, if the request has no answer yet.
    pub(super) fn begin_progress(&mut self, serial: u64, token: Value) -> Option<Url> {
        let flight = self.flights.values_mut().find(|flight| flight.serial == serial)?;
        flight.progress = Some(token);
        Some(flight.uri.clone())
    }

    /// The request that a progress is shown for.
    pub(super) fn take_progress(&mut self, token: &Value) -> Option<Flight> {
        let shown = self.flights.extract_if(|_, flight| flight.progress.as_ref() == Some(token)).next();
        shown.map(|(_, flight)| flight)
    }

    /// The session ends.
    pub(super) fn abandon(&mut self) {
        for (_, flight) in self.flights.drain() {
            flight.stop.stop();
            flight.reply.send(Err(Error::request_cancelled()));
        }
    }
}

impl Service {
    pub(super) fn request(&mut self, id: Id, method: &str, params: Value, reply: Reply) {
        self.host.log.debug(method);
        match (method, self.phase) {
            ("initialize", _) => self.initialize(&params, reply),
            (_, Phase::Uninitialized) => {
                reply.send(Err(lsp::error(lsp::SERVER_NOT_INITIALIZED, self.phase.excuse())));
            }
            (_, Phase::ShutDown) => {
                reply.send(Err(lsp::error(-32600, self.phase.excuse())));
            }
            ("shutdown", Phase::Running) => self.shutdown(reply),
            ("workspace/executeCommand", Phase::Running) => self.command(id, &params, reply),
            (_, Phase::Running) => match routes::find(method, self.host.test_sleep.is_some()) {
                Some(route) => self.start(id, route, params, reply),
                None => {
                    let error = lsp::error(-32601, format!("unknown method {method}"));
                    reply.send(Err(error));
                }
            },
        }
    }

    /// Starts a request where its class says.
    pub(super) fn start(&mut self, id: Id, route: &'static Route, params: Value, reply: Reply) {
        self.begin(id, route, params, reply, false);
    }

    /// The same; `again`: it was held, and something has changed since.
    pub(super) fn begin(&mut self, id: Id, route: &'static Route, params: Value, reply: Reply, again: bool) {
        if self.flights.flights.contains_key(&id) {
            reply.send(Err(lsp::error(-32600, format!("a request with id {id} is running"))));
            return;
        }
        let uri = match (route.target)(&params) {
            Ok(uri) => self.as_opened(uri),
            Err(error) => {
                reply.send(Err(error));
                return;
            }
        };
        let document = match uri.scheme() {
            routes::WORKSPACE => Some(self.nothing(&uri)),
            _ => self.snapshot(&uri),
        };
        let fits = |document: &Arc<Document>| {
            (route.any_size || !document.too_large()) && (route.samples || !document.is_sample())
        };
        let Some(document) = document.filter(fits) else {
            self.host.log.info(&format!("{}: {uri} is not open, too large, or not a script", route.method));
            reply.send(match route.class {
                // The user pressed a button and must learn why nothing happens.
                Class::Run => {
                    Err(lsp::error(lsp::REQUEST_FAILED, format!("{uri} is not open: open it and run again")))
                }
                _ => Ok((route.absent)().into()),
            });
            return;
        };
        if let Some(panic) = document.broken(route.method) {
            let message =
                format!("{} failed on this text before; change the text to try again: {panic}", route.method);
            reply.send(Err(lsp::error(-32603, message)));
            return;
        }
        self.before(route.before, &uri, &params);
        self.make_room(route.class, &uri);
        let holdable = (route.after == After::Hold).then(|| {
            // Who asks again has no use for the answer to the same question before.
            self.answer_held();
            Holdable::new(params.clone(), self.background.changes(), again)
        });
        self.flights.last_serial += 1;
        let serial = self.flights.last_serial;
        let stop = Stop::default();
        let view = self.view(route.view, &uri);
        let (client, host) = (Arc::clone(&self.client), self.host.clone());
        let (run_state, slice) = (self.runs.state(&uri), TimeSlice::default());
        let snapshot = Snapshot { document, client, stop: stop.clone(), view, run_state, slice, host };
        let progress = params
            .get("workDoneToken")
            .filter(|_| match route.class {
                Class::Sync => false,
                Class::Run => true,
                Class::Pool | Class::Format | Class::Search => {
                    snapshot.document.text.len() >= MIN_PROGRESS_BYTES
                }
            })
            .cloned();
        if let Some(token) = &progress {
            let value = match route.class {
                Class::Run => run_progress(&uri),
                _ => json!({ "kind": "begin", "title": route.method }),
            };
            self.outbox.notify("$/progress", json!({ "token": token, "value": value }));
        }
        let flight = Flight { serial, route, uri, stop, reply, progress, holdable };
        self.flights.flights.insert(id.clone(), flight);

        let lane = match route.class {
            Class::Sync => {
                let result = route.run_guarded(&snapshot, params);
                return self.done(&id, serial, result);
            }
            Class::Pool => Service::lane_for(snapshot.document.text.len()),
            Class::Format => Lane::Format,
            Class::Search => Lane::Search,
            Class::Run => {
                let hides = snapshot.document.outdate_run();
                return self.enqueue_run(Turn { id, serial, route, snapshot, params, hides });
            }
        };
        self.host.jobs.run(
            lane,
            Box::new(move || {
                // Cancelled before it began: answered long ago.
                let result = match snapshot.check_cancelled() {
                    Ok(()) => route.run_guarded(&snapshot, params),
                    Err(error) => Ok(Err(error)),
                };
                if snapshot.stop.is_set() && matches!(result, Ok(Err(_))) {
                    snapshot.host.log.debug(&format!("{} given up", route.method));
                    return None;
                }
                Some(Event::Job(JobResult(Finished::Request { id, serial, result })))
            }),
        );
    }

    /// What a request starts besides.
    fn before(&mut self, before: Before, uri: &Url, params: &Value) {
        match before {
            Before::Nothing => {}
            Before::LookAround => self.look_around(),
            Before::ExpectRenames => self.expect_renames(params),
            Before::RememberView if self.client.content_refresh => {
                let view = params.get("uri").and_then(Value::as_str).and_then(|view| Url::parse(view).ok());
                if let Some(view) = view {
                    self.background.shown(uri, view);
                }
            }
            Before::RememberView => {}
        }
    }

    /// Names of other scripts for completion, off to the side: the first list may lack them.
    fn look_around(&self) {
        if self.workspace.wants_look() {
            let (workspace, client) = (Arc::clone(&self.workspace), Arc::clone(&self.client));
            let host = self.host.clone();
            self.host.jobs.run(
                Lane::Search,
                Box::new(move || {
                    drop(workspace.files(&host, &client, &Stop::default()));
                    None
                }),
            );
        }
    }

    /// A worker is done. Cancelled and outdated requests were answered before.
    pub(super) fn done(&mut self, id: &Id, serial: u64, result: Result<lsp::Result<Json>, String>) {
        for message in self.workspace.take_messages() {
            self.outbox.notify("window/showMessage", json!({ "type": 2, "message": message }));
        }
        let Some(mut flight) = self.flights.take(id, Some(serial)) else { return };
        let answer = result.unwrap_or_else(|panic| {
            let place = self.describe(&flight.uri);
            self.say(MessageType::ERROR, &format!("{} failed{place}: {panic}", flight.route.method));
            Err(lsp::error(-32603, format!("{} failed: {panic}", flight.route.method)))
        });
        let answer = match flight.route.after {
            After::Nothing => answer,
            After::ApplyEdit => answer.map(|made| self.apply_generated(made.value()).into()),
            After::Hold => match answer {
                Ok(report) => match self.hold_or(id, flight, report) {
                    Some((back, report)) => {
                        flight = back;
                        Ok(report)
                    }
                    None => return,
                },
                Err(error) => Err(error),
            },
        };
        let run = (flight.route.class == Class::Run).then(|| flight.uri.clone());
        if run.is_some() && flight.reply.is_nobodys() {
            self.say_outcome(&flight.uri, &answer);
        }
        self.land(flight, answer);
        if let Some(uri) = run {
            self.results_changed(&uri);
            self.run_shown(serial);
        }
    }

    pub(super) fn cancel(&mut self, params: lsp::CancelRequestParams) {
        if let Some(flight) = self.flights.take(&params.id, None) {
            self.land(flight, Err(Error::request_cancelled()));
        }
    }

    /// The document changed: results for the version before are worth nothing.
    pub(super) fn outdate(&mut self, uri: &Url) {
        let outdated: Vec<_> = self
            .flights
            .flights
            .extract_if(|_, flight| flight.uri == *uri && flight.route.outdated.is_some())
            .collect();
        for (_, flight) in outdated {
            let error = flight.route.outdated.map_or_else(Error::content_modified, |error| error());
            self.land(flight, Err(error));
        }
    }

    /// Answers; the last answer after the end of input ends the session.
    pub(super) fn land(&mut self, flight: Flight, answer: lsp::Result<Json>) {
        flight.stop.stop();
        if let Some(token) = flight.progress {
            self.outbox.notify("$/progress", json!({ "token": token, "value": { "kind": "end" } }));
        }
        flight.reply.send(answer);
        if self.flights.closing && self.flights.is_empty() {
            self.exit();
        }
    }

    /// Names a document in a log line without showing its text.
    pub(super) fn describe(&self, uri: &Url) -> String {
        self.open.get(uri).and_then(|open| open.last()).map_or_else(String::new, |document| {
            let (version, length, digest) = (document.version, document.text.len(), document.digest());
            format!(" on {uri} version {version} ({length} bytes, digest {digest:016x})")
        })
    }
}
