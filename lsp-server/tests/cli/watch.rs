//! `--watch`.

use std::io::{BufRead, BufReader};
use std::process::Child;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::sandbox::{GOOD, Sandbox, UNDEFINED};

/// A program that runs until the test ends.
struct Watching {
    child: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn start(sandbox: &Sandbox, args: &[&str]) -> Watching {
        // One pipe for both streams, so that lines come in the order in which they were written.
        let (reader, writer) = std::io::pipe().unwrap();
        let mut command = sandbox.command(args);
        let child = command.stdout(writer.try_clone().unwrap()).stderr(writer).spawn().unwrap();
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(reader).lines() {
                if sender.send(line.unwrap_or_default()).is_err() {
                    break;
                }
            }
        });
        Watching { child, lines }
    }

    /// Waits for a line with this text.
    #[track_caller]
    fn wait(&self, text: &str) {
        let mut seen = Vec::new();
        loop {
            match self.lines.recv_timeout(Duration::from_secs(60)) {
                Ok(line) if line.contains(text) => return,
                Ok(line) => seen.push(line),
                Err(error) => panic!("{text}: {error}; seen {seen:#?}"),
            }
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn again_after_each_change() {
    let sandbox = Sandbox::new(&[("a.air", GOOD), ("b/c.txt", "")]);
    let watching = Watching::start(&sandbox, &["check", "--watch", "-o", "concise"]);
    watching.wait("watching 2 folders");
    sandbox.write("a.air", UNDEFINED);
    watching.wait("a.air:3:36: error[V001]");
    watching.wait("watching");
    // In another folder, and in one that is new.
    sandbox.write("b/d.air", UNDEFINED);
    watching.wait("b/d.air:3:36: error[V001]");
    watching.wait("watching");
    sandbox.write("n/e.air", UNDEFINED);
    watching.wait("watching 3 folders");
}

#[test]
fn tests_and_runs() {
    let sandbox = Sandbox::new(&[]);
    assert_eq!(sandbox.air("init").code, 0);
    let watching = Watching::start(&sandbox, &["test", "--watch"]);
    watching.wait("2 passed");
    watching.wait("watching");
    let sample = sandbox.read("hello.sample.json");
    sandbox.write("hello.sample.json", sample.replace("[\"Hello, World!\"]", "[\"Bye\"]"));
    watching.wait("1 failed");
    let watching = Watching::start(&sandbox, &["run", "hello.air", "--watch"]);
    watching.wait("watching");
    sandbox.write("hello.sample.json", sample.replace("Hello, World!", "Ahoy"));
    watching.wait("Ahoy");
}

#[test]
fn standard_input_does_not_change() {
    let run = Sandbox::new(&[]).air_with("check --watch -", GOOD);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("--watch needs files"), "{}", run.err);
}
