//! Instructions and CPU time.

use std::process::Command;

use rustix::time::{ClockId, clock_gettime};

use crate::cases::{Prepared, Runner};

/// Instructions of running a case once: callgrind's difference between twice and once, so that starting and
/// preparing do not count.
pub fn instructions(runner: Runner, case: &str, size: usize) -> Result<f64, String> {
    let count = |times: &str| -> Result<f64, String> {
        let own = std::env::current_exe().map_err(|error| error.to_string())?;
        let run = Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(own)
            .args(["body", runner.name(), case, &size.to_string(), times])
            .output()
            .map_err(|error| format!("valgrind: {error}; install the package valgrind"))?;
        let report = String::from_utf8_lossy(&run.stderr).into_owned();
        let collected =
            report.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok());
        match collected {
            Some(collected) if run.status.success() => Ok(collected),
            _ => Err(format!("valgrind on {} {case} {size}: {report}", runner.name())),
        }
    };
    Ok(count("2")? - count("1")?)
}

/// Median CPU time in milliseconds of each runner, taking turns.
pub fn cpu_times(case: &Prepared, runners: &[Runner], rounds: usize) -> Result<Vec<f64>, String> {
    let mut samples = vec![Vec::new(); runners.len()];
    for _ in 0..rounds {
        for (runner, samples) in runners.iter().zip(&mut samples) {
            let start = now();
            std::hint::black_box(case.run(*runner)?);
            samples.push((now() - start) * 1e3);
        }
    }
    Ok(samples.into_iter().map(median).collect())
}

fn now() -> f64 {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
}

fn median(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples.get(samples.len() / 2).copied().unwrap_or(f64::NAN)
}
