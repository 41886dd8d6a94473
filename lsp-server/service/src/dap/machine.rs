//! The machine: one request after another.

use air_simulation::recording::{Change, MomentId};
use dapts::{
    Breakpoint as Shown, Capabilities, CompletionsArguments, ContinueArguments, ContinueResponse,
    DisconnectArguments, ExceptionInfoArguments, ExitedEvent, GotoArguments, InitializeRequestArguments,
    InvalidatedAreas, InvalidatedEvent, NextArguments, OutputEventCategory, PauseArguments,
    RestartFrameArguments, SetBreakpointsArguments, SetBreakpointsResponse, SetDataBreakpointsArguments,
    SetExceptionBreakpointsArguments, SetFunctionBreakpointsArguments, SetVariableArguments,
    SetVariableResponse, SourceArguments, SourceResponse, StepBackArguments, StepInArguments,
    StepOutArguments, StoppedEventReason, TerminatedEvent, event,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::breakpoints::{Breakpoint, What, filters, is_hit_condition};
use super::launch::{Files, Launch};
use super::message::{Answer, Out, Refusal, Request, body};
use super::moving::{Step, print};
use super::places::Origin;
use super::session::Session;

/// A debugger of one client.
///
/// ```
/// use air_service::dap::{Debugger, Files};
///
/// struct NoFiles;
/// impl Files for NoFiles {
///     fn read(&self, path: &str) -> Result<String, String> {
///         Err(format!("{path}: there are no files here"))
///     }
///     fn exists(&self, _: &str) -> bool {
///         false
///     }
/// }
///
/// let mut debugger = Debugger::new(Box::new(NoFiles));
/// let launch = r#"{"seq": 1, "type": "request", "command": "launch", "arguments": {"text": "(null)"}}"#;
/// let answers = debugger.handle(launch);
/// assert!(answers.iter().any(|answer| answer.contains(r#""event":"initialized""#)));
/// ```
pub struct Debugger {
    files: Box<dyn Files>,
    out: Out,
    origin: Origin,
    launch: Option<Launch>,
    session: Option<Session>,
    over: bool,
}

impl std::fmt::Debug for Debugger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Debugger").field("over", &self.over).finish_non_exhaustive()
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfThread {
    thread_id: u64,
}

#[derive(Debug, Deserialize)]
struct ToMoment {
    moment: u32,
}

/// Answers that are changed by hand.
const MAX_CHANGES: usize = 1000;

impl Debugger {
    /// A debugger that has not been spoken to yet.
    pub fn new(files: Box<dyn Files>) -> Self {
        let (out, origin) = (Out::default(), Origin::default());
        Debugger { files, out, origin, launch: None, session: None, over: false }
    }

    /// Whether the client has ended the session: nothing more is to be read.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// Takes one message of the client, JSON without a header, and gives those for the client, in order. Whatever comes
    /// in, this never fails.
    pub fn handle(&mut self, message: &str) -> Vec<String> {
        match Request::read(message) {
            Ok(Some(request)) => self.request(&request),
            Ok(None) => {}
            Err(Refusal(text)) => print(&mut self.out, OutputEventCategory::Stderr, format!("{text}\n")),
        }
        self.out.take()
    }

    fn request(&mut self, request: &Request) {
        // What is told after an answer, and not before.
        let mut after = Out::default();
        std::mem::swap(&mut after, &mut self.out);
        let answer = self.answer(request);
        std::mem::swap(&mut after, &mut self.out);
        self.out.respond(request, answer);
        self.out.append(after);
    }

    fn session(&mut self) -> Result<&mut Session, Refusal> {
        self.session.as_mut().ok_or_else(|| "nothing was launched".into())
    }

    fn answer(&mut self, request: &Request) -> Answer {
        match request.command.as_str() {
            "initialize" => {
                let arguments: InitializeRequestArguments = request.arguments()?;
                self.origin = Origin::of(&arguments);
                body(capabilities())
            }
            "launch" => {
                let launch: Launch = request.arguments()?;
                self.launch = Some(launch);
                self.start(Vec::new())?;
                self.out.event::<event::Initialized>(None);
                Ok(Value::Null)
            }
            "attach" => Err("there is nothing to attach to: AIR is debugged by `launch`".into()),
            "configurationDone" => self.configuration_done(),
            "setBreakpoints" => self.set_breakpoints(&request.arguments()?),
            "setFunctionBreakpoints" => self.set_function_breakpoints(&request.arguments()?),
            "setDataBreakpoints" => self.set_data_breakpoints(&request.arguments()?),
            "setExceptionBreakpoints" => self.set_exception_breakpoints(&request.arguments()?),
            "dataBreakpointInfo" => self.session()?.data_breakpoint_info(&request.arguments()?),
            "breakpointLocations" => self.session()?.breakpoint_locations(&request.arguments()?),
            "threads" => self.session()?.threads(),
            "stackTrace" => self.session()?.stack_trace(&request.arguments()?),
            "scopes" => self.session()?.scopes(&request.arguments()?),
            "variables" => self.session()?.variables(&request.arguments()?),
            "evaluate" => self.session()?.evaluate(&request.arguments()?),
            "completions" => {
                let CompletionsArguments { text, column, frame_id, .. } = request.arguments()?;
                self.session()?.completions(&text, column, frame_id)
            }
            "exceptionInfo" => {
                let ExceptionInfoArguments { thread_id } = request.arguments()?;
                self.session()?.exception_info(thread_id)
            }
            "source" => {
                let _: SourceArguments = request.arguments()?;
                let content = self.session()?.recording.script.text.to_string();
                body(SourceResponse { content, mime_type: None })
            }
            "setVariable" => self.set_variable(&request.arguments()?),
            "gotoTargets" => self.session()?.goto_targets(&request.arguments()?),
            "goto" => {
                let GotoArguments { target_id, .. } = request.arguments()?;
                let target = u32::try_from(target_id).ok().and_then(|target| target.checked_sub(1));
                self.jump(target.ok_or("there is no such target")?)
            }
            "air/goto" => {
                let ToMoment { moment } = request.arguments()?;
                self.jump(moment)
            }
            "next" => {
                let NextArguments { thread_id, granularity, .. } = request.arguments()?;
                self.step(Step::Over, thread_id, granularity)
            }
            "stepIn" => {
                let StepInArguments { thread_id, granularity, .. } = request.arguments()?;
                self.step(Step::In, thread_id, granularity)
            }
            "stepOut" => {
                let StepOutArguments { thread_id, granularity, .. } = request.arguments()?;
                self.step(Step::Out, thread_id, granularity)
            }
            "stepBack" => {
                let StepBackArguments { thread_id, granularity, .. } = request.arguments()?;
                self.step(Step::Back, thread_id, granularity)
            }
            "air/previous" => {
                let OfThread { thread_id } = request.arguments()?;
                self.step(Step::Previous, thread_id, None)
            }
            "air/stepBackOut" => {
                let OfThread { thread_id } = request.arguments()?;
                self.step(Step::BackOut, thread_id, None)
            }
            "continue" => {
                let _: ContinueArguments = request.arguments()?;
                let Debugger { session, out, .. } = self;
                if !session.as_mut().ok_or("nothing was launched")?.go_on(out) {
                    self.end();
                }
                body(ContinueResponse { all_threads_continued: Some(true) })
            }
            "reverseContinue" => {
                let Debugger { session, out, .. } = self;
                session.as_mut().ok_or("nothing was launched")?.go_back(out);
                Ok(Value::Null)
            }
            "pause" => {
                let _: PauseArguments = request.arguments()?;
                let Debugger { session, out, .. } = self;
                let session = session.as_mut().ok_or("nothing was launched")?;
                session.stopped(StoppedEventReason::Pause, None, out);
                Ok(Value::Null)
            }
            "restart" => self.restart(request),
            "restartFrame" => {
                let RestartFrameArguments { frame_id } = request.arguments()?;
                let session = self.session()?;
                let place = session.place(Some(frame_id))?;
                let began = place.instr.and_then(|instr| session.began(instr, place.at));
                let began = began.ok_or("this frame began before the particle came here")?;
                self.jump(began.0)
            }
            "air/origins" => self.session()?.origins(&request.arguments()?),
            "air/whyNot" => self.session()?.why_not(&request.arguments()?),
            "air/timeline" => self.session()?.timeline(),
            "terminate" => {
                self.end();
                Ok(Value::Null)
            }
            "disconnect" => {
                let _: DisconnectArguments = request.arguments()?;
                self.over = true;
                Ok(Value::Null)
            }
            command => Err(Refusal(format!("`{command}` is not supported"))),
        }
    }

    /// Runs what was launched.
    fn start(&mut self, changes: Vec<Change>) -> Result<(), Refusal> {
        let launch = self.launch.as_ref().ok_or("nothing was launched")?;
        let launched = launch.load(&*self.files, changes)?;
        self.session = Some(Session::start(launched, self.origin)?);
        Ok(())
    }

    fn configuration_done(&mut self) -> Answer {
        let launch = self.launch.clone().unwrap_or_default();
        let Debugger { session, out, .. } = self;
        let session = session.as_mut().ok_or("nothing was launched")?;
        if let Some(stopped) = &session.recording.report.stopped {
            print(out, OutputEventCategory::Console, format!("The run was stopped: {stopped}\n"));
        }
        if launch.no_debug {
            session.breakpoints.clear();
            session.go_on(out);
            self.end();
        } else if launch.stop_on_entry.unwrap_or(false)
            || session.breakpoints.iter().any(|it| it.log.is_none() && it.hits.first() == Some(&session.at))
        {
            let stops = session
                .breakpoints
                .iter()
                .find(|it| it.log.is_none() && it.hits.first() == Some(&session.at));
            let (reason, id) =
                stops.map_or((StoppedEventReason::Entry, None), |it| (it.reason(), Some(it.id)));
            session.stopped(reason, id, out);
        } else {
            session.go_on(out);
        }
        Ok(Value::Null)
    }

    /// The session is over for the client, which still has to take leave.
    fn end(&mut self) {
        self.out.event::<event::Exited>(ExitedEvent { exit_code: 0 });
        self.out.event::<event::Terminated>(TerminatedEvent { restart: None });
    }

    fn step(&mut self, step: Step, thread: u64, granularity: Option<dapts::SteppingGranularity>) -> Answer {
        let Debugger { session, out, .. } = self;
        let session = session.as_mut().ok_or("nothing was launched")?;
        if !session.step(step, thread, granularity, out)? {
            self.end();
        }
        Ok(Value::Null)
    }

    fn jump(&mut self, moment: u32) -> Answer {
        let Debugger { session, out, .. } = self;
        session.as_mut().ok_or("nothing was launched")?.jump(MomentId(moment), out);
        Ok(Value::Null)
    }

    /// Reads the files again, and begins anew.
    fn restart(&mut self, request: &Request) -> Answer {
        if let Some(arguments) = request.arguments.get("arguments").filter(|it| it.is_object()) {
            let again = Request { arguments: arguments.clone(), ..request.clone() };
            self.launch = Some(again.arguments()?);
        }
        let known = self.session.take().map(|session| (session.breakpoints, session.next_breakpoint));
        self.start(Vec::new())?;
        if let (Some(session), Some((breakpoints, next))) = (self.session.as_mut(), known) {
            session.next_breakpoint = next;
            session.breakpoints = breakpoints;
            find_all(session);
        }
        let Debugger { session, out, .. } = self;
        session.as_mut().ok_or("nothing was launched")?.stopped(StoppedEventReason::Entry, None, out);
        Ok(Value::Null)
    }

    /// Another answer: the run goes on from there in another way.
    fn set_variable(&mut self, arguments: &SetVariableArguments) -> Answer {
        let session = self.session()?;
        let change = session.changed(arguments)?;
        let mut changes = session.changes.clone();
        changes.retain(|known| (&known.peer, known.id) != (&change.peer, change.id));
        if changes.len() >= MAX_CHANGES {
            return Err("too many answers were changed".into());
        }
        changes.push(change.clone());
        let before = self.session.take();
        if let Err(refusal) = self.start(changes) {
            self.session = before;
            return Err(refusal);
        }
        let value = change.result.clone();
        if let (Some(session), Some(before)) = (self.session.as_mut(), before) {
            // Until the answer both runs are the same.
            let at = session.recording.answered_at(&change.peer, change.id);
            let at = at.map(|at| session.recording.stops(false).find(|stop| *stop > at));
            session.go(at.flatten().unwrap_or(before.at));
            session.next_breakpoint = before.next_breakpoint;
            session.breakpoints = before.breakpoints;
            find_all(session);
        }
        let Debugger { session, out, .. } = self;
        out.event::<event::Invalidated>(InvalidatedEvent {
            areas: Some(vec![InvalidatedAreas::All]),
            ..InvalidatedEvent::default()
        });
        session.as_mut().ok_or("nothing was launched")?.stopped(StoppedEventReason::Goto, None, out);
        body(SetVariableResponse { value, ..SetVariableResponse::default() })
    }

    fn set_breakpoints(&mut self, arguments: &SetBreakpointsArguments) -> Answer {
        let session = self.session()?;
        let mine = match (&arguments.source.path, &session.path) {
            (Some(path), Some(mine)) => same_path(path, mine),
            (Some(_), None) => false,
            (None, _) => arguments.source.source_reference == Some(1) || session.path.is_none(),
        };
        if mine {
            session.breakpoints.retain(|it| !matches!(it.stops, What::Instruction(_)));
        }
        let mut breakpoints = Vec::new();
        for wanted in arguments.breakpoints.iter().flatten() {
            let script = &session.recording.script;
            let instr = session.places.breakpoint(script, wanted.line, wanted.column);
            let Some(instr) = instr.filter(|_| mine) else {
                let message = match mine {
                    true => "no instruction begins here",
                    false => "this file is not the one that is debugged",
                };
                breakpoints.push(Shown {
                    line: Some(wanted.line),
                    column: wanted.column,
                    message: Some(message.to_owned()),
                    ..Shown::default()
                });
                continue;
            };
            let span = session.places.of(script, instr);
            let shown = session.set(
                What::Instruction(instr),
                &wanted.condition,
                &wanted.hit_condition,
                &wanted.log_message,
            );
            breakpoints.push(Shown {
                line: Some(span.line),
                column: Some(span.column),
                end_line: Some(span.end_line),
                end_column: Some(span.end_column),
                source: Some(session.source()),
                message: shown.message.or_else(|| {
                    let runs = session.recording.moments_at(instr).next().is_some();
                    (!runs).then(|| session.recording.why_not(instr, session.at).1)
                }),
                verified: shown.verified && session.recording.moments_at(instr).next().is_some(),
                ..shown.shown
            });
        }
        body(SetBreakpointsResponse { breakpoints })
    }

    fn set_function_breakpoints(&mut self, arguments: &SetFunctionBreakpointsArguments) -> Answer {
        let session = self.session()?;
        session.breakpoints.retain(|it| !matches!(it.stops, What::Function(_)));
        let wanted = arguments.breakpoints.iter();
        let breakpoints: Vec<Shown> = wanted
            .map(|wanted| {
                let stops = What::Function(wanted.name.trim().to_owned());
                let set = session.set(stops, &wanted.condition, &wanted.hit_condition, &None);
                let none = session.breakpoints.last().is_some_and(|set| set.hits.is_empty());
                let missing = none.then(|| "nothing of this name is called in this run".to_owned());
                Shown { verified: set.verified && !none, message: set.message.or(missing), ..set.shown }
            })
            .collect();
        Ok(json!({ "breakpoints": breakpoints }))
    }

    fn set_data_breakpoints(&mut self, arguments: &SetDataBreakpointsArguments) -> Answer {
        let session = self.session()?;
        session.breakpoints.retain(|it| !matches!(it.stops, What::Value(_)));
        let wanted = arguments.breakpoints.iter();
        let breakpoints: Vec<Shown> = wanted
            .map(|wanted| {
                let stops = What::Value(wanted.data_id.clone());
                let set = session.set(stops, &wanted.condition, &wanted.hit_condition, &None);
                Shown { verified: set.verified, message: set.message, ..set.shown }
            })
            .collect();
        Ok(json!({ "breakpoints": breakpoints }))
    }

    fn set_exception_breakpoints(&mut self, arguments: &SetExceptionBreakpointsArguments) -> Answer {
        let session = self.session()?;
        session.breakpoints.retain(|it| !matches!(it.stops, What::Errors(_)));
        let plain = arguments.filters.iter().map(|filter| (filter, &None));
        let options = arguments.filter_options.iter().flatten();
        let wanted = plain.chain(options.map(|option| (&option.filter_id, &option.condition)));
        let known = filters();
        let breakpoints: Vec<Shown> = wanted
            .map(|(filter, condition)| {
                let set = session.set(What::Errors(filter.clone()), condition, &None, &None);
                let verified = set.verified && known.iter().any(|known| known.filter == *filter);
                Shown { verified, message: set.message, ..set.shown }
            })
            .collect();
        Ok(json!({ "breakpoints": breakpoints }))
    }
}

/// A breakpoint as it was set.
struct Set {
    shown: Shown,
    verified: bool,
    message: Option<String>,
}

impl Session {
    fn set(
        &mut self,
        stops: What,
        condition: &Option<String>,
        hit_condition: &Option<String>,
        log: &Option<String>,
    ) -> Set {
        let some = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let id = self.next_breakpoint;
        self.next_breakpoint += 1;
        let (condition, hit_condition, log) = (some(condition), some(hit_condition), some(log));
        let message = hit_condition
            .as_deref()
            .filter(|it| !is_hit_condition(it))
            .map(|it| format!("`{it}` is no hit condition: a number is one, and `>= 3`, `% 3`"));
        let verified = message.is_none();
        let mut breakpoint = Breakpoint { id, stops, condition, hit_condition, log, hits: Vec::new() };
        breakpoint.find(&self.recording);
        self.breakpoints.push(breakpoint);
        Set { shown: Shown { id: Some(id), ..Shown::default() }, verified, message }
    }
}

fn find_all(session: &mut Session) {
    let Session { breakpoints, recording, .. } = session;
    for breakpoint in breakpoints {
        breakpoint.find(recording);
    }
}

/// Windows has paths of one file in several writings.
fn same_path(one: &str, other: &str) -> bool {
    let plain = |path: &str| path.replace('\\', "/");
    one == other
        || plain(one).eq_ignore_ascii_case(&plain(other)) && (one.contains(':') || other.contains(':'))
}

/// What this debugger can do; everything of it has a test.
fn capabilities() -> Capabilities {
    let yes = Some(true);
    Capabilities {
        supports_configuration_done_request: yes,
        supports_function_breakpoints: yes,
        supports_conditional_breakpoints: yes,
        supports_hit_conditional_breakpoints: yes,
        supports_evaluate_for_hovers: yes,
        exception_breakpoint_filters: Some(filters()),
        supports_step_back: yes,
        supports_set_variable: yes,
        supports_restart_frame: yes,
        supports_goto_targets_request: yes,
        supports_completions_request: yes,
        supports_restart_request: yes,
        supports_exception_filter_options: yes,
        supports_exception_info_request: yes,
        supports_terminate_request: yes,
        supports_data_breakpoints: yes,
        supports_log_points: yes,
        supports_breakpoint_locations_request: yes,
        supports_stepping_granularity: yes,
        supports_delayed_stack_trace_loading: yes,
        supports_clipboard_context: yes,
        ..Capabilities::default()
    }
}
