//! Scripts on many scripts at once, results in the order of the scripts.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use super::output::Output;
use super::progress;

/// Stack of every worker, in bytes. No pass recurses over a script; this is for the libraries.
pub const STACK_BYTES: usize = 16 * 1024 * 1024;

/// Runs `work` on every item, on all cores, and hands the results to `take` in the order of the
/// items, each as soon as it and all before it are there. A panic in `work` costs only its item:
/// `take` gets the message as an error.
pub fn in_order<I: Sync, R: Send>(
    items: &[I],
    output: &mut Output,
    work: impl Fn(&I) -> R + Sync,
    mut take: impl FnMut(&mut Output, &I, Result<R, String>),
) {
    let guarded = |item: &I| catch_unwind(AssertUnwindSafe(|| work(item))).map_err(|panic| reason(&*panic));
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(items.len());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.max(1)).stack_size(STACK_BYTES).build();
    let Ok(pool) = pool else {
        // No threads: the calling one has a large stack as well.
        for item in items {
            let result = guarded(item);
            take(output, item, result);
        }
        return;
    };
    let mut bar = progress::Progress::new(items.len(), output);
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    pool.in_place_scope(|scope| {
        let (next, guarded) = (&next, &guarded);
        // One long task a thread, each taking the next item in turn: results come nearly in
        // order, so that few have to wait for an earlier one.
        for _ in 0..threads {
            let sender = sender.clone();
            scope.spawn(move |_| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { return };
                    if sender.send((index, guarded(item))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut wanted = 0;
        loop {
            match receiver.recv_timeout(Duration::from_millis(100)) {
                Ok((index, result)) => {
                    waiting.insert(index, result);
                    bar.step(output);
                }
                Err(mpsc::RecvTimeoutError::Timeout) => bar.look(output),
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
            }
            while let Some(result) = waiting.remove(&wanted) {
                if let Some(item) = items.get(wanted) {
                    take(output, item, result);
                }
                wanted += 1;
            }
        }
    });
    output.set_bar(None);
}

fn reason(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    format!("internal error, please report it with the script: {}", text.as_deref().unwrap_or("panic"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::output::Color;

    #[test]
    fn order_is_kept_and_a_panic_costs_one_item() {
        let items: Vec<u64> = (0..200).collect();
        let mut output = Output::of_process(Color::Never, true, false);
        let mut seen = Vec::new();
        let work = |item: &u64| {
            std::thread::sleep(Duration::from_micros((item * 7919) % 300));
            assert!(*item != 13, "thirteen");
            item * 2
        };
        in_order(&items, &mut output, work, |_, item, result| seen.push((*item, result)));
        assert_eq!(seen.len(), items.len());
        for (index, (item, result)) in seen.into_iter().enumerate() {
            assert_eq!(item, index as u64);
            match item {
                13 => assert!(result.unwrap_err().ends_with("thirteen")),
                _ => assert_eq!(result, Ok(item * 2)),
            }
        }
    }
}
