//! One run: a thread, a fresh memory, and a watch over both.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use wasmtime::{Memory, Store, Trap, UpdateDeadline};

use super::SandboxError;
use super::host::{Host, WASM_STACK_BYTES};
use super::machine_code::Loaded;
use super::{Limits, Stop};

/// How often a run is checked: a stop takes effect within it, and waiting costs nothing.
const WATCH_INTERVAL: Duration = Duration::from_millis(5);

/// Stack of the thread: the engine's own frames come on top of the code's.
const THREAD_STACK_BYTES: usize = WASM_STACK_BYTES + (2 << 20);

/// Where a panic of the module leaves its message, so many bytes long.
const LAST_WORDS_BYTES: usize = 512;

/// Runs an export on a thread of its own and watches it from this one.
pub(super) fn run(
    loaded: &Loaded,
    export: &'static str,
    request: &[u8],
    limits: &Limits,
    stop: &Stop,
) -> Result<Vec<u8>, SandboxError> {
    if stop.is_set() {
        return Err(SandboxError::Stopped);
    }
    let begun = Instant::now();
    let ended = Arc::new(AtomicBool::new(false));
    let host = Host { memory: limits.memory, refused: false, ended: Arc::clone(&ended) };
    let (sender, answer) = channel();
    thread::scope(|scope| {
        let body = || {
            let _ = sender.send(call(loaded, host, export, request, limits));
        };
        let thread = thread::Builder::new().name("air-run".to_owned()).stack_size(THREAD_STACK_BYTES);
        thread
            .spawn_scoped(scope, body)
            .map_err(|error| SandboxError::Unavailable { message: format!("no thread: {error}") })?;
        let mut reason = None;
        loop {
            let left = limits.time.saturating_sub(begun.elapsed());
            match answer.recv_timeout(WATCH_INTERVAL.min(left)) {
                // An answer that came after all is too late.
                Ok(answer) => return reason.map_or(answer, Err),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(SandboxError::Trap { message: "the thread of the run ended".to_owned() });
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
            if stop.is_set() {
                reason = reason.or(Some(SandboxError::Stopped));
            } else if begun.elapsed() >= limits.time {
                reason = reason.or(Some(SandboxError::Time { limit: limits.time }));
            }
            if reason.is_some() {
                ended.store(true, Ordering::Release);
                // All runs of the engine check whether they are to end; the others go on.
                loaded.engine.increment_epoch();
                // Bulk operations on memory do not check the epoch; there is nothing else to do meanwhile.
                if let Ok(_late) = answer.recv_timeout(WATCH_INTERVAL) {
                    return reason.map_or(Err(SandboxError::Stopped), Err);
                }
            }
        }
    })
}

fn call(
    loaded: &Loaded,
    host: Host,
    export: &str,
    request: &[u8],
    limits: &Limits,
) -> Result<Vec<u8>, SandboxError> {
    let mut store = Store::new(&loaded.engine, host);
    store.limiter(|host| host);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|store| {
        if store.data().ended.load(Ordering::Acquire) {
            Ok(UpdateDeadline::Interrupt)
        } else {
            Ok(UpdateDeadline::Continue(1))
        }
    });
    let mut last_words = None;
    let answer = exchange(loaded, &mut store, export, request, limits, &mut last_words);
    answer.map_err(|failure| match failure {
        Failure::Answer(error) => error,
        Failure::Wasm(_) if store.data().refused => SandboxError::Memory { limit: limits.memory },
        Failure::Wasm(error) => {
            let said = last_words.map(|(memory, place)| words(&store, memory, place));
            let said = said.filter(|said| !said.is_empty());
            let message = match (said, error.downcast_ref::<Trap>()) {
                (Some(said), _) => said,
                (None, Some(Trap::StackOverflow)) => "its stack is full".to_owned(),
                (None, Some(trap)) => trap.to_string(),
                (None, None) => error.to_string(),
            };
            SandboxError::Trap { message }
        }
    })
}

enum Failure {
    Wasm(wasmtime::Error),
    Answer(SandboxError),
}

impl From<wasmtime::Error> for Failure {
    fn from(error: wasmtime::Error) -> Self {
        Failure::Wasm(error)
    }
}

/// Where in which memory the module leaves its last words.
type LastWords = Option<(Memory, usize)>;

fn exchange(
    loaded: &Loaded,
    store: &mut Store<Host>,
    export: &str,
    request: &[u8],
    limits: &Limits,
    last_words: &mut LastWords,
) -> Result<Vec<u8>, Failure> {
    let instance = match loaded.module.instantiate(&mut *store) {
        Ok(instance) => instance,
        Err(error) if store.data().refused || error.is::<Trap>() => return Err(error.into()),
        // No code has run: the system has no room for its memory.
        Err(error) => {
            return Err(Failure::Answer(SandboxError::Unavailable { message: format!("{error:#}") }));
        }
    };
    let memory = instance
        .get_memory(&mut *store, "memory")
        .ok_or_else(|| wasmtime::Error::msg("the module exports no memory"))?;
    let allocate = instance.get_typed_func::<u32, u32>(&mut *store, "air_allocate")?;
    let words = instance.get_typed_func::<(), u32>(&mut *store, "air_last_words")?;
    let function = instance.get_typed_func::<(u32, u32), u64>(&mut *store, export)?;

    *last_words = Some((memory, words.call(&mut *store, ())? as usize));
    let length = u32::try_from(request.len())
        .map_err(|_| Failure::Answer(SandboxError::Memory { limit: limits.memory }))?;
    let place = allocate.call(&mut *store, length)?;
    memory.write(&mut *store, place as usize, request).map_err(wasmtime::Error::from)?;
    let answer = function.call(&mut *store, (place, length))?;
    let (place, length) = ((answer >> 32) as usize, (answer & u64::from(u32::MAX)) as usize);
    if length > limits.answer {
        return Err(Failure::Answer(SandboxError::Answer { length, limit: limits.answer }));
    }
    let bytes = memory.data(&*store).get(place..).and_then(|bytes| bytes.get(..length));
    Ok(bytes.ok_or_else(|| wasmtime::Error::msg("the answer lies outside of the memory"))?.to_vec())
}

fn words(store: &Store<Host>, memory: Memory, place: usize) -> String {
    let bytes =
        memory.data(store).get(place..).and_then(|bytes| bytes.get(..LAST_WORDS_BYTES)).unwrap_or_default();
    let said = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    String::from_utf8_lossy(said).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::super::machine_code::{MachineCode, built};
    use super::*;

    fn check(code: MachineCode, expected: Expect) {
        let limits = Limits { memory: 1 << 20, time: Duration::from_millis(200), answer: 100 };
        let ended = run(&code.load().unwrap(), "go", b"request", &limits, &Stop::default());
        let shown = match ended {
            Ok(bytes) => format!("{:?}", String::from_utf8_lossy(&bytes)),
            Err(error) => format!("{}: {error}", error.code()),
        };
        expected.assert_eq(&shown);
    }

    #[test]
    fn an_answer() {
        check(built!("samples/echo.cwasm"), expect![[r#""request""#]]);
    }

    #[test]
    fn ends_that_give_none() {
        check(
            built!("samples/unreachable.cwasm"),
            expect![
                "sandbox-trap: the interpreter failed, which is a bug in it and not in the script: said before"
            ],
        );
        check(
            built!("samples/for_ever.cwasm"),
            expect!["sandbox-time: stopped: the run takes longer than 0.2 s"],
        );
        check(built!("samples/a_megabyte.cwasm"), expect![[r#""""#]]);
        check(
            built!("samples/over_a_megabyte.cwasm"),
            expect!["sandbox-memory: stopped: the run needs more than 1 MiB of memory"],
        );
        check(
            built!("samples/long_answer.cwasm"),
            expect!["sandbox-answer: the run's report has 101 bytes; at most 100 are allowed"],
        );
    }

    #[test]
    fn traps_without_last_words() {
        let bug = "sandbox-trap: the interpreter failed, which is a bug in it and not in the script";
        for (code, what) in [
            (built!("samples/stack.cwasm"), "its stack is full"),
            (built!("samples/answer_outside.cwasm"), "the answer lies outside of the memory"),
            (built!("samples/out_of_bounds.cwasm"), "wasm trap: out of bounds memory access"),
        ] {
            let loaded = code.load().unwrap();
            let error = run(&loaded, "go", b"", &Limits::default(), &Stop::default()).unwrap_err();
            assert_eq!(format!("{}: {error}", error.code()), format!("{bug}: {what}"));
        }
    }

    #[test]
    fn a_module_that_is_not_ours() {
        let loaded = built!("samples/echo.cwasm").load().unwrap();
        let error = run(&loaded, "no", b"", &Limits::default(), &Stop::default()).unwrap_err();
        assert_eq!(error.code(), "sandbox-trap");
    }
}
