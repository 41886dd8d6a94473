//! Instructions, CPU time, memory.

use std::path::Path;
use std::process::Command;

use rustix::time::{ClockId, clock_gettime};

use crate::bodies::{BODIES, Body};

/// Instructions of doing the work once.
pub fn instructions(name: &str, file: &Path) -> Result<f64, String> {
    let count = |times: &str| -> Result<f64, String> {
        let own = std::env::current_exe().map_err(|error| error.to_string())?;
        let run = Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(own)
            .args(["body", name])
            .arg(file)
            .arg(times)
            .output()
            .map_err(|error| format!("valgrind: {error}; install the package valgrind"))?;
        let report = String::from_utf8_lossy(&run.stderr).into_owned();
        let collected =
            report.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok());
        match collected {
            Some(collected) if run.status.success() => Ok(collected),
            _ => Err(format!("valgrind on {name}: {report}")),
        }
    };
    Ok(count("2")? - count("1")?)
}

/// Median CPU time of each of [`BODIES`] in seconds, taking turns.
pub fn cpu_times(text: &str, rounds: usize) -> Vec<f64> {
    let mut samples = vec![Vec::new(); BODIES.len()];
    for _ in 0..rounds {
        for (body, samples) in BODIES.iter().zip(&mut samples) {
            samples.push(cpu_time(body, text));
        }
    }
    samples.into_iter().map(median).collect()
}

/// CPU time of formatting the large text over that of the middle one, each in a row of its own: what one size
/// leaves in the allocator helps or hinders the other.
pub fn format_growth(middle: &str, large: &str) -> f64 {
    let Some(body) = BODIES.iter().find(|body| body.name == "format") else { return f64::NAN };
    let row = |text: &str, rounds: usize| {
        cpu_time(body, text);
        median((0..rounds).map(|_| cpu_time(body, text)).collect())
    };
    let middle = row(middle, 15);
    row(large, 5) / middle
}

/// Bytes that tree and HIR hold per byte of text.
pub fn memory(file: &Path, bytes: usize) -> Result<f64, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let run = Command::new(own).args(["body", "hold"]).arg(file).arg("1").output();
    let run = run.map_err(|error| error.to_string())?;
    let printed = String::from_utf8_lossy(&run.stdout).into_owned();
    let mut numbers = printed.split_whitespace().filter_map(|word| word.parse::<f64>().ok());
    match (numbers.next(), numbers.next()) {
        (Some(before), Some(after)) => Ok((after - before) / bytes as f64),
        _ => Err(format!("memory: {printed}{}", String::from_utf8_lossy(&run.stderr))),
    }
}

/// Peak of this process's memory in bytes.
pub fn peak() -> Result<u64, String> {
    let status = std::fs::read_to_string("/proc/self/status").map_err(|error| error.to_string())?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    kilobytes.map(|kilobytes| kilobytes * 1024).ok_or_else(|| "no VmHWM".to_owned())
}

fn cpu_time(body: &Body, text: &str) -> f64 {
    let text: std::sync::Arc<str> = text.into();
    let now = || {
        let now = clock_gettime(ClockId::ProcessCPUTime);
        now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
    };
    let start = now();
    (body.run)(&text);
    now() - start
}

fn median(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples.get(samples.len() / 2).copied().unwrap_or(f64::NAN)
}
