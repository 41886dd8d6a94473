//! Ends the server when the process that started it dies.
//!
//! On Linux a thread sleeps in the kernel on the parent's pidfd: no polling, no wake-ups. Elsewhere,
//! and on kernels before 5.3, the end of standard input is what tells.

use super::log;

/// Calls `gone` once, when the process with that id ends or if there is none.
#[cfg(target_os = "linux")]
pub(super) fn watch(pid: u32, gone: impl FnOnce() + Send + 'static) {
    use rustix::event::{PollFd, PollFlags, poll};
    use rustix::process::{Pid, PidfdFlags, pidfd_open};

    let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) else {
        log::warn("the client's process id is not a process id: not watched");
        return;
    };
    let handle = match pidfd_open(pid, PidfdFlags::empty()) {
        Ok(handle) => handle,
        Err(rustix::io::Errno::SRCH) => {
            gone();
            return;
        }
        Err(error) => {
            log::info(&format!(
                "the client's process cannot be watched ({error}): waiting for end of input instead"
            ));
            return;
        }
    };
    let watching =
        std::thread::Builder::new().name("air-parent".to_owned()).stack_size(64 << 10).spawn(move || {
            loop {
                match poll(&mut [PollFd::new(&handle, PollFlags::IN)], None) {
                    Err(rustix::io::Errno::INTR) => {}
                    Ok(_) => break gone(),
                    Err(error) => break log::warn(&format!("watching the client's process failed: {error}")),
                }
            }
        });
    if let Err(error) = watching {
        log::warn(&format!("no thread to watch the client's process: {error}"));
    }
}

/// Not available here: end of input tells.
#[cfg(not(target_os = "linux"))]
pub(super) fn watch(_pid: u32, _gone: impl FnOnce() + Send + 'static) {
    log::info("the client's process is not watched on this system: waiting for end of input instead");
}
