//! Instances of a module with limits: each invocation may take so much memory and time; who trapped is not used again.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use air_interpreter::encode_call_results;
use wasmtime::{Config, Engine, InstancePre, Linker, Module, Store, Trap, UpdateDeadline};

use crate::instance::{Host, Instance};
use crate::invocation::{Answer, Invocation, Invoke, RunError};

/// What one invocation may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of memory of one instance.
    pub memory_bytes: u64,
    /// How long an invocation runs; `None` is for ever.
    pub time: Option<Duration>,
    /// Instances that are kept for the next invocation. More run at once if there are more callers.
    pub idle_instances: usize,
}

impl Default for Limits {
    /// 256 MiB, half a minute, one instance for each processor.
    fn default() -> Self {
        Limits {
            memory_bytes: 256 << 20,
            time: Some(Duration::from_secs(30)),
            idle_instances: thread::available_parallelism().map_or(1, usize::from),
        }
    }
}

/// What instances have taken so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MemoryStatistics {
    /// Bytes of the largest instance.
    pub memory_size: u64,
    /// Bytes that one may have.
    pub total_memory_limit: u64,
    /// How often one wanted more.
    pub allocation_rejects: u64,
}

/// Runs a module; clones share its instances, on any number of threads.
#[derive(Clone)]
pub struct Runner {
    shared: Arc<Shared>,
}

impl fmt::Debug for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runner").field("limits", &self.shared.limits).finish_non_exhaustive()
    }
}

struct Shared {
    engine: Engine,
    module: InstancePre<Host>,
    limits: Limits,
    idle: Mutex<Vec<Instance>>,
    largest: AtomicU64,
    rejects: AtomicU64,
}

impl Runner {
    /// Settings that a module's machine code is to be made with: a limit of time needs it.
    pub fn settings() -> Config {
        let mut settings = Config::new();
        settings.epoch_interruption(true);
        settings.generate_address_map(false);
        settings
    }

    /// A runner of a module from an engine with [`Runner::settings`].
    ///
    /// # Errors
    /// If the module imports something or lacks a part of AquaVM's interface.
    pub fn new(engine: &Engine, module: &Module, limits: Limits) -> Result<Runner, RunError> {
        let no_avm = |error: wasmtime::Error| RunError::NotAquaVm(format!("{error:#}"));
        let module = Linker::new(engine).instantiate_pre(module).map_err(no_avm)?;
        let runner = Runner {
            shared: Arc::new(Shared {
                engine: engine.clone(),
                module,
                limits,
                idle: Mutex::default(),
                largest: AtomicU64::new(0),
                rejects: AtomicU64::new(0),
            }),
        };
        let first = runner.shared.fresh()?;
        runner.shared.keep(first);
        Ok(runner)
    }

    /// One invocation.
    ///
    /// # Errors
    /// If there is no outcome; then the instance is thrown away.
    pub fn call(&self, invocation: &Invocation<'_>, prev_data: &[u8]) -> Result<Answer, RunError> {
        let results = encode_call_results(&invocation.call_results);
        let begun = Instant::now();
        let (outcome, memory_delta) = self.shared.run(|instance| {
            instance.invoke(invocation.script, prev_data, invocation.data, &invocation.params, &results)
        })?;
        Ok(Answer { outcome, execution_time: begun.elapsed(), memory_delta })
    }

    /// Data as JSON, for people; what cannot be read gives the reason.
    ///
    /// # Errors
    /// If there is no answer; then the instance is thrown away.
    pub fn to_human_readable_data(&self, data: &[u8]) -> Result<String, RunError> {
        self.shared.run(|instance| instance.readable(data)).map(|(text, _)| text)
    }

    /// What instances have taken so far.
    pub fn memory_statistics(&self) -> MemoryStatistics {
        MemoryStatistics {
            memory_size: self.shared.largest.load(Ordering::Relaxed),
            total_memory_limit: self.shared.limits.memory_bytes,
            allocation_rejects: self.shared.rejects.load(Ordering::Relaxed),
        }
    }
}

impl Invoke for Runner {
    fn invoke(&mut self, invocation: &Invocation<'_>, prev_data: &[u8]) -> Result<Answer, RunError> {
        self.call(invocation, prev_data)
    }
}

impl Shared {
    fn fresh(&self) -> Result<Instance, RunError> {
        let ended = Arc::new(AtomicBool::new(false));
        let host = Host { memory_limit: self.limits.memory_bytes, refused: 0, ended };
        let mut store = Store::new(&self.engine, host);
        store.limiter(|host| host);
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|store| {
            if store.data().ended.load(Ordering::Acquire) {
                Ok(UpdateDeadline::Interrupt)
            } else {
                Ok(UpdateDeadline::Continue(1))
            }
        });
        let made = self.module.instantiate(&mut store);
        let refused = store.data().refused > 0;
        made.and_then(|instance| Instance::new(store, instance)).map_err(|error| {
            if refused {
                RunError::OutOfMemory(self.limits.memory_bytes)
            } else {
                RunError::NotAquaVm(format!("{error:#}"))
            }
        })
    }

    fn keep(&self, instance: Instance) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < self.limits.idle_instances {
            idle.push(instance);
        }
    }

    /// Calls an instance; also by how many bytes its memory grew.
    fn run<T>(&self, call: impl FnOnce(&mut Instance) -> wasmtime::Result<T>) -> Result<(T, u64), RunError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut instance = idle.map_or_else(|| self.fresh(), Ok)?;
        let (before, refused) = (instance.memory_size(), instance.store.data().refused);
        let ended = Arc::clone(&instance.store.data().ended);
        let result = self.watched(&ended, || call(&mut instance));
        let size = instance.memory_size();
        self.largest.fetch_max(size, Ordering::Relaxed);
        let refused = instance.store.data().refused - refused;
        self.rejects.fetch_add(refused, Ordering::Relaxed);
        let error = match result {
            // An answer that came after all is too late.
            Ok(answer) if !ended.load(Ordering::Acquire) => {
                self.keep(instance);
                return Ok((answer, size - before));
            }
            Ok(_) => return Err(RunError::OutOfTime(self.limits.time.unwrap_or_default())),
            Err(error) => error,
        };
        if ended.load(Ordering::Acquire) {
            return Err(RunError::OutOfTime(self.limits.time.unwrap_or_default()));
        }
        if refused > 0 {
            return Err(RunError::OutOfMemory(self.limits.memory_bytes));
        }
        Err(match error.downcast_ref::<Trap>() {
            Some(trap) => RunError::Trap(trap.to_string()),
            None => RunError::NotAquaVm(format!("{error:#}")),
        })
    }

    /// Sets `ended` if the call takes too long.
    fn watched<T>(&self, ended: &AtomicBool, call: impl FnOnce() -> T) -> T {
        let Some(time) = self.limits.time else { return call() };
        let (done, waiting) = channel::<()>();
        thread::scope(|scope| {
            let watch = thread::Builder::new().name("air-avm-watch".to_owned());
            // Without a thread the invocation runs without a limit: it is more than none.
            let _ = watch.spawn_scoped(scope, move || {
                if waiting.recv_timeout(time) == Err(RecvTimeoutError::Timeout) {
                    ended.store(true, Ordering::Release);
                    // All instances of the engine look whether they are to end; the others go on.
                    self.engine.increment_epoch();
                }
            });
            let answer = call();
            drop(done);
            answer
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runners_are_shared_between_threads() {
        fn shared<T: Clone + Send + Sync + 'static>() {}
        shared::<Runner>();
    }
}
