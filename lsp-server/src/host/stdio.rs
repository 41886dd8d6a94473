//! The server on standard input and output, from its start to its end.

use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread;
use std::time::{Duration, Instant};

use air_service::{Event, Host, Service};
use tokio::sync::watch;

use super::files::NativeFiles;
use super::log::{self, StandardError};
use super::pool::Pools;
use super::runner::SandboxRunner;
use super::{panic_hook, parent_watch, test_hooks, transport};

/// A turn longer than this is a bug: everything else waits for it.
const SLOW_TURN: Duration = Duration::from_millis(100);

/// What the command line may say.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Process whose end ends the server, where the client names none.
    pub client_process: Option<u32>,
}

/// Serves on standard input and output until the client ends the session.
///
/// The exit code is 0 after `shutdown` and `exit`, else 1, as the protocol says; 2 if the server
/// could not start.
pub fn run_stdio(options: Options) -> ExitCode {
    panic_hook::install();
    let code = log::start().map(|()| hint_at_stdin()).and_then(|()| serve(options)).unwrap_or_else(|error| {
        log::error(&format!("cannot start: {error}"));
        2
    });
    log::flush();
    ExitCode::from(code)
}

/// Who starts the server by hand sees why nothing happens.
fn hint_at_stdin() {
    if std::io::stdin().is_terminal() {
        log::warn("waits for an editor on standard input and is not used by hand; Ctrl-C ends it");
    }
}

fn serve(options: Options) -> std::io::Result<u8> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().thread_name("air-stdio").build()?;
    let (events, queue) = channel();
    let (stop, stopped) = watch::channel(false);
    let service = Service::new(Host {
        files: Arc::new(NativeFiles),
        jobs: Arc::new(Pools::new(&events)?),
        runner: Arc::new(SandboxRunner),
        log: Arc::new(StandardError),
        test_sleep: test_hooks::sleep(),
    });
    let outbox = service.outbox();
    let turns = Turns { service, events: events.clone(), client_process: options.client_process };
    let service = thread::Builder::new().name("air-service".to_owned()).spawn(move || {
        let code = turns.run(&queue);
        let _ = stop.send(true);
        code
    })?;

    // A task, so that a panic inside the transport is an error here.
    let transport = transport::serve(tokio::io::stdin(), tokio::io::stdout(), events, outbox, stopped);
    let serving =
        tokio::task::LocalSet::new().block_on(&runtime, async { tokio::task::spawn_local(transport).await });
    if let Err(error) = serving {
        log::error(&format!("the transport failed: {error}"));
    }
    // A read that nothing waits for any more must not keep the process.
    runtime.shutdown_background();
    Ok(service.join().unwrap_or(1))
}

/// The one thread that has the service.
struct Turns {
    service: Service,
    events: Sender<Event>,
    /// Process to watch if the client names none.
    client_process: Option<u32>,
}

impl Turns {
    /// Runs to the end of the session; the process's exit code.
    fn run(mut self, events: &Receiver<Event>) -> u8 {
        while self.service.exit_code().is_none() {
            let event = match events.try_recv() {
                Ok(event) => event,
                Err(TryRecvError::Empty) => {
                    timed("background work", || self.service.idle());
                    match events.recv() {
                        Ok(event) => event,
                        Err(_) => break,
                    }
                }
                Err(TryRecvError::Disconnected) => break,
            };
            let name = event.name();
            timed(&name, || self.service.handle(event));
            self.watch_client();
        }
        self.service.end()
    }

    fn watch_client(&mut self) {
        let Some(client) = self.service.take_client_process() else { return };
        let Some(process) = client.id.or(self.client_process) else { return };
        let events = self.events.clone();
        parent_watch::watch(process, move || {
            log::info("the process that started the server has ended");
            let _ = events.send(Event::ParentGone);
        });
    }
}

fn timed(name: &str, turn: impl FnOnce()) {
    let begun = Instant::now();
    turn();
    let took = begun.elapsed();
    if took > SLOW_TURN {
        log::info(&format!("{name} held the server for {} ms", took.as_millis()));
    }
}
