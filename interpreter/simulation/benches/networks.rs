//! What a simulated run costs: goal I3 by the network.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use air_interpreter::ParsedScript;
use air_interpreter::keys::{ED25519, KeyPair, secret_of_name};
use air_interpreter::peers::Peers;
use air_simulation::network::{Answer, MaxRuns, Network, ServiceCall, Services, Setup, Unwatched};
use divan::Bencher;

fn main() {
    divan::main();
}

fn peer() -> String {
    KeyPair::from_secret(ED25519, &secret_of_name("a")).unwrap().public().peer_id()
}

/// A balanced tree of `keyword` over the steps.
fn tree(keyword: &str, steps: &[String]) -> String {
    match steps {
        [] => "(null)".to_owned(),
        [step] => step.clone(),
        _ => {
            let (left, right) = steps.split_at(steps.len() / 2);
            format!("({keyword} {} {})", tree(keyword, left), tree(keyword, right))
        }
    }
}

fn calls(keyword: &str, count: usize) -> String {
    let peer = peer();
    let steps: Vec<String> =
        (0..count).map(|at| format!(r#"(call "{peer}" ("s" "f") ["x" {at}] v{at})"#)).collect();
    tree(keyword, &steps)
}

/// I3: by the simulator, answers from a service that says the same each time.
#[divan::bench(args = [100, 300, 1000], sample_count = 3, sample_size = 1)]
fn sequential_calls_in_a_network(bencher: Bencher<'_, '_>, count: usize) {
    let text = calls("seq", count);
    bencher.bench_local(|| {
        let script = ParsedScript::new(&text);
        let mut peers = Peers::default();
        let init_peer = peers.named("a");
        let max_runs = MaxRuns(u32::MAX);
        let mut network = Network::new(&script, Setup { init_peer, peers, max_runs, ..Setup::default() });
        network.run(&mut Says("ok"), &mut Unwatched);
        assert_eq!(network.steps()[0].runs.len(), count + 1);
        network.outcome()
    });
}

struct Says(&'static str);

impl Services for Says {
    fn answer(&mut self, _: &ServiceCall<'_>) -> Answer {
        Answer::ok(&self.0.into())
    }
}
