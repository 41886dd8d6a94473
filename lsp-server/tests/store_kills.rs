//! `air invoke --store` is killed at random moments: no data is lost or torn.
//!
//! `AIR_KILLS` says how often (20). Each process goes on with particles where the last one was killed. What was answered is
//! kept; of the invocation during which the kill came, the data is the old or the new.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use air_interpreter::json;
use air_interpreter::value::Value;

const PARTICLES: usize = 3;
/// Calls of one particle, one after the other; then it has ended and another begins.
const CALLS: usize = 40;

/// One process over the folder.
struct Server {
    child: Child,
    answers: BufReader<std::process::ChildStdout>,
}

impl Server {
    fn start(folder: &Path) -> Server {
        let mut command = Command::new(env!("CARGO_BIN_EXE_air"));
        command.arg("invoke").arg("--store").arg(folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Server { child, answers }
    }

    /// `None` if it was killed before it answered.
    fn ask(&mut self, line: &str) -> Option<Value> {
        writeln!(self.child.stdin.as_mut()?, "{line}").ok()?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer).ok()?;
        if !answer.ends_with('\n') {
            return None;
        }
        let answer = json::parse(&answer).unwrap();
        assert_eq!(answer.get("ret_code"), Some(&Value::unsigned(0)), "{}", answer.to_json());
        Some(answer)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A particle as its host knows it.
struct Particle {
    id: String,
    /// Calls that are known to be answered and kept.
    done: u64,
    /// Whether an invocation with the next answer was under way.
    asked: bool,
}

impl Particle {
    fn line(&self, answer: Option<u64>) -> String {
        let mut script = "(null)".to_owned();
        for number in (0..CALLS).rev() {
            script = format!(r#"(seq (call \"@a\" (\"s\" \"f\") [{number}] x{number}) {script})"#);
        }
        let results = answer.map(|number| {
            let value = "y".repeat(2000);
            format!(r#","call_results":{{"{number}":{{"value":"{value}"}}}}"#)
        });
        format!(
            r#"{{"air":"{script}","params":{{"init_peer_id":"@a","current_peer_id":"@a","particle_id":"{}","timestamp":4000000000000,"ttl":1000}}{}}}"#,
            self.id,
            results.unwrap_or_default()
        )
    }
}

/// How many calls the data says are executed.
fn executed(answer: &Value) -> u64 {
    let data = answer.get("data_json").and_then(|data| data.get("data")).unwrap();
    let trace = data.get("trace").and_then(Value::as_array).unwrap();
    trace.iter().filter(|state| state.to_json().contains("executed")).count() as u64
}

#[test]
fn a_kill_leaves_the_old_data_or_the_new() {
    let kills: usize = std::env::var("AIR_KILLS").map_or(20, |kills| kills.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let mut particles: Vec<Particle> =
        (0..PARTICLES).map(|number| Particle { id: format!("p{number}"), done: 0, asked: false }).collect();
    // The same moments each time would always hit the same instruction.
    let mut seed = std::process::id() as u64 | 1;
    let mut random = move |limit: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed % limit
    };
    let (mut new, mut old, mut asked) = (0, 0, 0);
    for _ in 0..kills {
        let mut server = Server::start(folder.path());
        for particle in &mut particles {
            let answer = server.ask(&particle.line(None)).unwrap();
            let now = executed(&answer);
            assert!(
                now == particle.done || (particle.asked && now == particle.done + 1),
                "{}: {} were answered, {now} are kept",
                particle.id,
                particle.done
            );
            new += usize::from(particle.asked && now > particle.done);
            old += usize::from(particle.asked && now == particle.done);
            (particle.done, particle.asked) = (now, false);
        }
        let id = rustix::process::Pid::from_child(&server.child);
        let after = Duration::from_micros(random(30_000));
        let killer = std::thread::spawn(move || {
            std::thread::sleep(after);
            rustix::process::kill_process(id, rustix::process::Signal::KILL).unwrap();
        });
        loop {
            let particle = &mut particles[random(PARTICLES as u64) as usize];
            if particle.done == CALLS as u64 {
                *particle = Particle { id: format!("{}x", particle.id), done: 0, asked: false };
                if server.ask(&particle.line(None)).is_none() {
                    break;
                }
            }
            (particle.asked, asked) = (true, asked + 1);
            let Some(answer) = server.ask(&particle.line(Some(particle.done + 1))) else { break };
            particle.done += 1;
            assert_eq!(executed(&answer), particle.done);
            particle.asked = false;
        }
        killer.join().unwrap();
    }
    let files = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let unfinished = files.filter(|name| name.to_string_lossy().starts_with(".air-")).count();
    println!(
        "{kills} kills, {asked} invocations; under way: {old} with the old data, {new} with the new; {unfinished} unfinished files"
    );
    assert!(unfinished <= 1, "the next start removes what a kill left");
}
