//! A run of a script on simulated peers: request in, report out.

use std::collections::{BTreeMap, BTreeSet};

use air_semantics::Script;
use air_syntax::{Encoding, LineIndex, TextRange, TextSize};
use serde::{Deserialize, Serialize};

use crate::make_up::{ARRAY_LENGTHS, MakeUp};
use crate::network::{
    Answer, Answers, Cause, Fate, Faults, MaxRuns, NamedFault, Network, Observer, Order, Schedule,
    ServiceCall, Services, Setup,
};
use crate::report::{
    self, Facts, Json, Limits, Places, Printed, Problem, Recording, RemarkClass, Report, Status,
};
use crate::sample::given::load;
use crate::sample::{Preparation, Sample, SampleServices, from_json, prepare};
use air_interpreter::Outcome;
use air_interpreter::peers::{Peer, Peers};
use air_interpreter::recorder::{Bound, Place, Recorder, Wait};
use air_interpreter::value::Value;
use air_interpreter::{CallRequest, data::ExecutedState, errors::ExecutionError};

/// What is to be run, and how.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RunRequest {
    /// The script.
    pub text: String,
    /// Sample data: the text of a `NAME.sample.json` or of a scenario.
    pub sample: Option<String>,
    /// Which case of the sample data, if it has several.
    pub case: Option<String>,
    /// Whether values are made up that no sample and no service gives; otherwise their calls fail.
    pub make_up: bool,
    /// How many elements arrays get that are made up; 0 stands for 2.
    pub array_length: u32,
    /// What comes next; `None`: as sample data says, else the oldest.
    pub order: Option<RunOrder>,
    /// What comes first, move by move, as [`Schedule::parse`] reads it; `None`: as sample data says.
    pub schedule: Option<String>,
    /// Whether answers come together; `None`: as sample data says, else together.
    pub answers: Option<Answers>,
    /// What goes wrong by chance.
    pub faults: Faults,
    /// What goes wrong by name, besides what sample data says, as [`NamedFault::parse`] reads it.
    pub named_faults: Vec<String>,
    /// Milliseconds that the particle lives, 0: for ever; `None`: as sample data says, else [`DEFAULT_TTL_MS`](crate::sample::scenario::DEFAULT_TTL_MS).
    pub ttl: Option<u32>,
    /// What the host supplies, before what sample data says: parameters and outside variables by name.
    pub given: BTreeMap<String, Json>,
    /// When it was sent, milliseconds since 1970; `None`: as sample data says, else 0.
    pub timestamp: Option<u64>,
    /// What ends a run early, and how much is reported.
    pub limits: Limits,
}

/// What comes next of all that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunOrder {
    /// The oldest.
    #[default]
    Fifo,
    /// The youngest.
    Lifo,
    /// Any, by a generator with this seed.
    Random(u64),
}

impl std::str::FromStr for RunOrder {
    type Err = String;

    /// `fifo`, `lifo` or `random:SEED`.
    fn from_str(text: &str) -> Result<Self, String> {
        match Order::parse(text) {
            Some(Order::Fifo) => Ok(RunOrder::Fifo),
            Some(Order::Lifo) => Ok(RunOrder::Lifo),
            Some(Order::Random(seed)) => Ok(RunOrder::Random(seed)),
            None => Err(format!("unknown order `{text}`; expected one of fifo, lifo, random:SEED")),
        }
    }
}

impl From<RunOrder> for Order {
    fn from(order: RunOrder) -> Self {
        match order {
            RunOrder::Fifo => Order::Fifo,
            RunOrder::Lifo => Order::Lifo,
            RunOrder::Random(seed) => Order::Random(seed),
        }
    }
}

/// Why a run gave no report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunProblem {
    /// One sentence for people; of sample data with line and column in it.
    pub message: String,
}

impl std::fmt::Display for RunProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for RunProblem {}

/// Runs a script to its end or to a limit. The same request gives the same report.
///
/// A script that AquaVM does not accept gives a report too: each invocation ends with that error.
///
/// With [`RunRequest::make_up`] and no array length given, several lengths are tried ([`ARRAY_LENGTHS`]): the report
/// is of the first with which the script completes or fails, else of the first one.
///
/// # Errors
/// If the sample data cannot be read or has no case of the wanted name.
///
/// ```
/// use air_simulation::run::{RunRequest, run};
///
/// let text = r#"(call %init_peer_id% ("math" "add") [2 3] five)"#.to_owned();
/// let report = run(&RunRequest { text, ..RunRequest::default() })?;
/// assert_eq!(report.outcome.text, "completed: the script reached its end on @init");
/// assert_eq!((&*report.values[0].name, &*report.values[0].values[0].value.short), ("five", "5"));
/// # Ok::<(), air_simulation::run::RunProblem>(())
/// ```
pub fn run(request: &RunRequest) -> Result<Report, RunProblem> {
    run_taped(request, &mut |_| {}, &|| NoTape).map(|taped| taped.report)
}

/// Writes down what happens, beside the report. Nothing of it costs anything where [`NoTape`] is.
pub(crate) trait Tape: Recorder {
    /// Whether places are told apart for it.
    const LISTENS: bool;
    /// The next invocation is on this peer; whether that is a client.
    fn on_peer(&mut self, peer: &Peer, client: bool);
    /// What the recorder is told next happens at this place: a number that is the same on all peers and in all walks.
    fn at(&mut self, place: u64);
    /// The invocation is over.
    fn ran(&mut self, outcome: &Outcome);
    /// A call was answered.
    fn answered(&mut self, call: &ServiceCall<'_>, answer: &Answer);
    /// A particle is sent, to a peer by id.
    fn sent(&mut self, to: &str, fate: Fate);
    /// Why the run ends here, if it does.
    fn full(&self) -> Option<String>;
}

/// Writes down nothing.
#[derive(Debug, Clone, Copy)]
struct NoTape;

impl Recorder for NoTape {}

impl Tape for NoTape {
    const LISTENS: bool = false;
    fn on_peer(&mut self, _: &Peer, _: bool) {}
    fn at(&mut self, _: u64) {}
    fn ran(&mut self, _: &Outcome) {}
    fn answered(&mut self, _: &ServiceCall<'_>, _: &Answer) {}
    fn sent(&mut self, _: &str, _: Fate) {}
    fn full(&self) -> Option<String> {
        None
    }
}

/// A run with what was written down.
pub(crate) struct Taped<T> {
    pub(crate) report: Report,
    pub(crate) tape: T,
    /// All peers, those that were made up on the way included.
    pub(crate) peers: Peers,
    /// [`Preparation::shift`].
    pub(crate) shift: u32,
}

/// [`run`] with a tape for each run that is tried. `change` sees each answer before it counts.
pub(crate) fn run_taped<T: Tape>(
    request: &RunRequest,
    change: &mut dyn FnMut(Changing<'_, '_>),
    tape: &dyn Fn() -> T,
) -> Result<Taped<T>, RunProblem> {
    let sample = sample(request)?;
    let analysis = Script::to_run(request.text.as_str());
    // One length does not suit every script: gates may want more elements than there are, or fewer.
    let lengths = match (request.make_up, request.array_length) {
        (true, 0) => ARRAY_LENGTHS.to_vec(),
        (_, length) => vec![length],
    };
    let mut first = None;
    for length in lengths {
        let taped = run_once(request, &sample, &analysis, length, change, tape())?;
        if matches!(taped.report.outcome.status, Status::Completed | Status::Failed) {
            return Ok(taped);
        }
        first.get_or_insert(taped);
    }
    first.ok_or_else(|| RunProblem { message: "nothing to run".to_owned() })
}

/// A call with the answer that it is about to get.
pub(crate) struct Changing<'c, 'a> {
    pub(crate) call: &'c ServiceCall<'a>,
    pub(crate) answer: &'c mut Answer,
}

/// Services whose answers may be changed.
struct Changed<'c> {
    services: SampleServices,
    change: &'c mut dyn FnMut(Changing<'_, '_>),
}

impl Services for Changed<'_> {
    fn answer(&mut self, call: &ServiceCall<'_>) -> Answer {
        let mut answer = self.services.answer(call);
        (self.change)(Changing { call, answer: &mut answer });
        answer
    }
}

/// The sample data of a request, or its case, with what the request itself gives.
pub(crate) fn sample(request: &RunRequest) -> Result<Sample, RunProblem> {
    let mut sample = match &request.sample {
        Some(text) => read_sample(text, request.case.as_deref())?,
        None => Sample::default(),
    };
    for (name, value) in &request.given {
        sample.given.retain(|(known, _)| known != name);
        sample.given.push((name.clone(), value.value()));
    }
    Ok(sample)
}

fn read_sample(text: &str, case: Option<&str>) -> Result<Sample, RunProblem> {
    let (sample, problems) = from_json(text);
    if let Some(problem) = problems.first() {
        let at = u32::try_from(problem.range.start).unwrap_or_default();
        let place = LineIndex::new(text).line_col(at.into(), Encoding::Utf16);
        let message = format!("sample data: {}:{}: {}", place.line + 1, place.col + 1, problem.message);
        return Err(RunProblem { message });
    }
    match case {
        None => Ok(sample),
        Some(name) => sample.case(name).ok_or_else(|| {
            let names: Vec<&str> = sample.cases.iter().map(|(case, _)| case.name.as_str()).collect();
            RunProblem {
                message: format!("sample data: unknown case `{name}`; expected one of {}", names.join(", ")),
            }
        }),
    }
}

fn run_once<T: Tape>(
    request: &RunRequest,
    sample: &Sample,
    given: &Script,
    array_length: u32,
    change: &mut dyn FnMut(Changing<'_, '_>),
    tape: T,
) -> Result<Taped<T>, RunProblem> {
    // Variables from outside are loaded before the script begins.
    let loaded = load(given);
    let whole = loaded.as_ref().map(|loaded| Script::to_run(loaded.text.as_str()));
    let analysis = whole.as_ref().unwrap_or(given);
    let at = |at: usize| TextSize::try_from(at).unwrap_or_default();
    let offset = loaded.as_ref().map_or(0, |loaded| loaded.offset);
    let places = Places::inside(analysis.hir(), &given.text, at(offset));
    let prepared = prepare(given, sample, request.make_up.then_some(array_length));
    let Preparation { script, mut setup, services, problems, shift, .. } = prepared;
    let mut services = Changed { services, change };
    apply(request, &mut setup)?;
    setup.max_runs = MaxRuns(u32::try_from(request.limits.max_steps).unwrap_or(u32::MAX));
    let init_peer = setup.init_peer.clone();
    let clients = setup.clients.clone();
    let (order, answers, ttl) = (setup.order, setup.answers, setup.particle.ttl);
    let mut watch = Watch {
        both: Both { recording: Recording::new(analysis.hir(), request.limits, &init_peer), tape },
        lost: BTreeSet::new(),
        printed: Vec::new(),
        invocations: 0,
        clients,
        remarks: Vec::new(),
    };
    let mut network = Network::new(&script, setup);
    while network.step(&mut services, &mut watch).is_some() {
        watch.both.recording.on_their_way(network.bytes_on_their_way());
        if let Some(limit) = watch.both.recording.limit().or_else(|| watch.both.tape.full()) {
            network.stop(limit);
        }
    }
    if let Some(message) = network.misfit() {
        return Err(RunProblem { message: message.to_owned() });
    }
    let outcome = network.outcome_parts();
    let schedule = report::Schedule {
        answers: answers.to_string(),
        order: order.to_string(),
        ttl,
        expired: network.expired(),
    };
    let facts = Facts {
        events: report::events(network.events(), network.peers()),
        schedule,
        losses: report::losses(network.events(), network.peers()),
        late: report::late(network.events(), network.unanswered()),
        analysis,
        places: &places,
        peers: network.peers(),
        init_peer: &init_peer,
        lost: &watch.lost,
        stopped: network.stopped(),
        printed: watch.printed,
        steps: network.steps().len() as u64,
        invocations: watch.invocations,
        simulated_ms: network.time(),
        limits: request.limits,
        made: services.services.make_up.as_ref().map(MakeUp::made).unwrap_or_default(),
        array_length: request.make_up.then_some(array_length),
        remarks: watch.remarks,
        call_remarks: std::mem::take(&mut services.services.remarks.all),
        problems: problems.iter().map(|problem| wrong(given, problem)).collect(),
    };
    let Both { recording, tape } = watch.both;
    let report = Report::of(recording, &outcome, facts);
    Ok(Taped { report, tape, peers: network.peers().clone(), shift })
}

/// What the request says about order, time and faults goes before what sample data says.
pub(crate) fn apply(request: &RunRequest, setup: &mut Setup) -> Result<(), RunProblem> {
    if let Some(order) = request.order {
        setup.order = order.into();
        setup.schedule = Schedule::default();
    }
    if let Some(schedule) = &request.schedule {
        setup.schedule = Schedule::parse(schedule)
            .map_err(|error| RunProblem { message: format!("the order cannot be read: {error}") })?;
    }
    setup.answers = request.answers.unwrap_or(setup.answers);
    setup.faults = request.faults;
    for text in &request.named_faults {
        let fault = NamedFault::parse(text)
            .map_err(|message| RunProblem { message: format!("fault `{text}`: {message}") })?;
        setup.named_faults.push(fault);
    }
    setup.particle.ttl = request.ttl.unwrap_or(setup.particle.ttl);
    setup.particle.timestamp = request.timestamp.unwrap_or(setup.particle.timestamp);
    Ok(())
}

/// A wrong annotation; its place is one of the text as it was given.
fn wrong(given: &Script, problem: &crate::sample::Problem) -> Problem {
    let at = |at: usize| TextSize::try_from(at).unwrap_or_default();
    let range = TextRange::new(at(problem.range.start), at(problem.range.end));
    Problem { range: Places::new(given.hir()).span(range), message: problem.message.clone() }
}

/// [`run`] over JSON: a [`RunRequest`] in, a [`Report`] or `{"error": {"message"}}` out. Never fails.
pub fn run_json(request: &[u8]) -> Vec<u8> {
    answer_json(request, |request| run(&request).map(|report| report.to_json()))
}

/// What an entry for hosts answers: JSON, or `{"error": {"message"}}`.
pub(crate) fn answer_json<R: serde::de::DeserializeOwned>(
    request: &[u8],
    answer: impl FnOnce(R) -> Result<String, RunProblem>,
) -> Vec<u8> {
    let request: Result<R, _> = serde_json::from_slice(request);
    let answered =
        request.map_err(|error| RunProblem { message: format!("bad request: {error}") }).and_then(answer);
    match answered {
        Ok(answer) => answer.into_bytes(),
        Err(problem) => {
            let error = air_interpreter::value::object([("message", Value::string(problem.message))]);
            air_interpreter::value::object([("error", error)]).to_json().into_bytes()
        }
    }
}

/// What becomes the report, and a tape.
struct Both<'h, T> {
    recording: Recording<'h>,
    tape: T,
}

impl<T: Tape> Both<'_, T> {
    /// The tape, told where things happen. After the recording: a fold that goes on counts its elements first.
    fn tape(&mut self, place: Place<'_>) -> Option<&mut T> {
        if !T::LISTENS {
            return None;
        }
        self.tape.at(self.recording.place(place));
        Some(&mut self.tape)
    }
}

impl<T: Tape> Recorder for Both<'_, T> {
    fn begins(&mut self, resumed: bool) {
        self.recording.begins(resumed);
        self.tape.begins(resumed);
    }
    fn holds(&mut self, bytes: u64) {
        self.recording.holds(bytes);
    }
    fn stops(&self) -> bool {
        self.recording.stops() || self.tape.stops()
    }
    fn entered(&mut self, place: Place<'_>) {
        self.recording.entered(place);
        if let Some(tape) = self.tape(place) {
            tape.entered(place);
        }
    }
    fn left(&mut self, place: Place<'_>, complete: bool) {
        self.recording.left(place, complete);
        if let Some(tape) = self.tape(place) {
            tape.left(place, complete);
        }
    }
    fn failed(&mut self, place: Place<'_>, error: &ExecutionError) {
        self.recording.failed(place, error);
        if let Some(tape) = self.tape(place) {
            tape.failed(place, error);
        }
    }
    fn bound(&mut self, place: Place<'_>, bound: Bound<'_>) {
        self.recording.bound(place, bound);
        if let Some(tape) = self.tape(place) {
            tape.bound(place, bound);
        }
    }
    fn compared(&mut self, place: Place<'_>, left: &Value, right: &Value) {
        self.recording.compared(place, left, right);
    }
    fn mixed_key(&mut self, place: Place<'_>, key: &str) {
        self.recording.mixed_key(place, key);
    }
    fn wrote(&mut self, place: Place<'_>, position: u32, state: &ExecutedState) {
        if let Some(tape) = self.tape(place) {
            tape.wrote(place, position, state);
        }
    }
    fn requested(&mut self, place: Place<'_>, id: u32, request: &CallRequest) {
        self.recording.requested(place, id, request);
        if let Some(tape) = self.tape(place) {
            tape.requested(place, id, request);
        }
    }
    fn waits(&mut self, place: Place<'_>, wait: Wait<'_>) {
        self.recording.waits(place, wait);
        if let Some(tape) = self.tape(place) {
            tape.waits(place, wait);
        }
    }
}

/// Sees everything that the network does.
struct Watch<'h, T> {
    both: Both<'h, T>,
    lost: BTreeSet<String>,
    printed: Vec<Printed>,
    invocations: u64,
    clients: BTreeSet<String>,
    remarks: Vec<report::InstrRemark>,
}

/// Lines of the script's own output that a report keeps; later ones are left out.
const MAX_PRINTED_LINES: usize = 1000;

impl<T: Tape> Watch<'_, T> {
    /// A run on a client ended with an error, though there was more to do.
    fn dropped(&mut self, peer: &Peer, outcome: &Outcome) {
        let requests = outcome.call_requests.iter().flat_map(|requests| requests.values());
        let calls = requests.map(|it| format!("{}.{}", it.service_id, it.function_name));
        let ways = outcome.next_peer_pks.iter().map(|to| format!("→ {to}"));
        let mut rest: Vec<String> = calls.chain(ways).collect();
        rest.sort();
        rest.dedup();
        if rest.is_empty() {
            return;
        }
        let text = format!(
            "{} is a client, which drops all of a run that ends with an error; a node goes on: {}",
            peer.id,
            rest.join(", ")
        );
        self.remark(RemarkClass::Host, peer, text);
    }

    /// On the run that has ended with an error.
    fn remark(&mut self, class: RemarkClass, peer: &Peer, text: String) {
        if self.remarks.len() < MAX_REMARKS {
            let (instr, peer) = (self.both.recording.last_fault(), peer.id.clone());
            self.remarks.push(report::InstrRemark { class, instr, peer, text });
        }
    }
}

/// Remarks on runs.
const MAX_REMARKS: usize = 100;

impl<T: Tape> Observer for Watch<'_, T> {
    fn begins(&mut self, peer: &Peer, _: &Cause, _: u64) {
        self.both.recording.on_peer(&peer.id);
        self.both.tape.on_peer(peer, self.clients.contains(&peer.id));
    }

    fn recorder(&mut self) -> Option<&mut dyn Recorder> {
        Some(&mut self.both)
    }

    fn stops(&self) -> bool {
        self.both.stops()
    }

    fn ran(&mut self, peer: &Peer, outcome: &Outcome) {
        self.invocations += 1;
        self.both.tape.ran(outcome);
        self.both.recording.ended(outcome.ret_code, &outcome.error_message);
        if air_interpreter::errors::crashes_aquavm(outcome.ret_code) {
            let text = format!(
                "AquaVM itself crashes here: error {} is a word of this tool for it",
                outcome.ret_code
            );
            self.remark(RemarkClass::Reference, peer, text);
        }
        if outcome.ret_code != 0 && self.clients.contains(&peer.id) {
            self.dropped(peer, outcome);
        }
    }

    fn answered(&mut self, call: &ServiceCall<'_>, answer: &Answer) {
        let request = call.request;
        self.both.recording.answered(answer);
        self.both.tape.answered(call, answer);
        if request.service_id == "run-console"
            && request.function_name == "print"
            && self.printed.len() < MAX_PRINTED_LINES
        {
            let words = request
                .arguments
                .iter()
                .map(|word| word.as_str().map_or_else(|| word.to_json(), str::to_owned));
            let text = words.collect::<Vec<_>>().join(" ");
            self.printed.push(Printed { peer: call.peers.show(&call.peer.id).into_owned(), text });
        }
    }

    fn sent(&mut self, _: &Peer, to: &str, fate: Fate) {
        self.both.tape.sent(to, fate);
        if fate == Fate::Lost {
            self.lost.insert(to.to_owned());
        }
    }
}
