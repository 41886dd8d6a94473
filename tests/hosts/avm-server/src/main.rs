//! What Fluence's nodes run AquaVM with, `avm-server` 0.38.0 on wasmtime 13, and in it two modules: the published one, 0.63.0,
//! and ours.
//!
//! ```text
//! air-hosts-avm-server MODULE FOLDER INVOCATIONS
//! ```
//!
//! MODULE is ours. Codes, messages, requests, peers and readable data have to be those of the published one; its memory has
//! to stay where it was after INVOCATIONS. FOLDER gets `ours.json`, an anomaly that `avm-server` wrote with our module in it; the
//! files in it that end in `.anomaly` are read as the nodes' own data, with outcome and particle inside.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use avm_interface::raw_outcome::RawAVMOutcome;
use avm_interface::{CallResults, CallServiceResult, ParticleParameters};
use avm_server::avm_runner::AVMRunner;
use avm_server::{AVMConfig, AVMRuntimeLimits, AnomalyData, DataStore, AVM};
use fluence_keypair::{KeyFormat, KeyPair};
use futures::executor::block_on;
use marine_wasmtime_backend::WasmtimeWasmBackend;

type Fallible<T> = Result<T, Box<dyn Error>>;

const MEMORY_LIMIT_BYTES: u64 = 64 << 20;

/// As far as memory may move between the first invocations and the last.
const MAX_DRIFT_BYTES: usize = 64 << 10;

fn main() -> Fallible<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [module, folder, invocations] = arguments.as_slice() else {
        return Err("usage: air-hosts-avm-server MODULE FOLDER INVOCATIONS".into());
    };
    let (folder, invocations) = (Path::new(folder), invocations.parse()?);
    let published = folder.join("published.wasm");
    fs::write(&published, air_interpreter_wasm::INTERPRETER_WASM)?;

    let theirs = block_on(run("published", &published, 1000.min(invocations)))?;
    let ours = block_on(run("ours", Path::new(module), invocations))?;
    if ours != theirs {
        return Err(format!("differs\n  published {theirs:#?}\n  ours {ours:#?}").into());
    }
    println!("avm-server: {} outcomes as with the published module", ours.len());

    let anomaly = block_on(with_store(Path::new(module)))?;
    fs::write(folder.join("ours.json"), anomaly)?;
    let mut read = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "anomaly") {
            read_anomaly(&fs::read_to_string(&path)?)
                .map_err(|error| format!("{}: {error}", path.display()))?;
            read += 1;
        }
    }
    println!("avm-server: one anomaly written, {read} of ours read");
    Ok(())
}

fn key() -> Fallible<KeyPair> {
    Ok(KeyPair::from_secret_key((1..=32).collect(), KeyFormat::Ed25519)?)
}

/// What can be compared of an outcome.
fn shown(outcome: &RawAVMOutcome, readable: &str) -> String {
    let RawAVMOutcome {
        ret_code, error_message, call_requests, next_peer_pks, soft_limits_triggering, ..
    } = outcome;
    let requests: BTreeMap<_, _> = call_requests.iter().collect();
    let mut peers = next_peer_pks.clone();
    peers.sort();
    // The release that wrote it.
    let readable = readable.replace("0.63.0", "V").replace("0.64.1", "V");
    format!("{ret_code} {error_message:?} {requests:?} {peers:?} {soft_limits_triggering:?} {readable}")
}

async fn run(name: &str, module: &Path, invocations: usize) -> Fallible<Vec<String>> {
    let begun = Instant::now();
    let limits = AVMRuntimeLimits::default();
    let backend = WasmtimeWasmBackend::new(Default::default())?;
    let mut runner = AVMRunner::new(module.to_owned(), Some(MEMORY_LIMIT_BYTES), limits, 0, backend).await?;
    println!("{name}: ready after {} ms", begun.elapsed().as_millis());

    let key = key()?;
    let peer = key.get_peer_id().to_string();
    let one = format!(
        r#"(seq (call "{peer}" ("s" "f") ["text" 1.5] x) (seq (call "{peer}" ("s" "g") [x x.$.a %timestamp%] $s) (par (call "12D3KooWother" ("s" "f") [] y) (fold $s i (seq (ap i $t) (next i))))))"#
    );
    let mut shown_outcomes = Vec::new();
    let mut times = Vec::new();
    let mut prev: Vec<u8> = Vec::new();
    let value = |ret_code: i32, value: serde_json::Value| CallServiceResult { ret_code, result: value };
    let steps: [(&str, CallResults); 6] = [
        (&one, CallResults::new()),
        (&one, [(1, value(0, serde_json::json!({"a": [1, "x"]})))].into()),
        (&one, [(2, value(0, serde_json::json!("y")))].into()),
        (&one, [(77, value(0, serde_json::json!(1)))].into()),
        (r#"(fail 7 "on purpose")"#, CallResults::new()),
        ("(seq", CallResults::new()),
    ];
    for (script, results) in &steps {
        let begun = Instant::now();
        let outcome = runner
            .call(
                *script,
                prev.clone(),
                Vec::new(),
                &peer,
                1,
                2,
                &peer,
                results.clone(),
                &key,
                "p".to_owned(),
            )
            .await?;
        times.push(begun.elapsed());
        let readable = runner.to_human_readable_data(outcome.data.clone()).await?;
        shown_outcomes.push(shown(&outcome, &readable));
        prev.clone_from(&outcome.data);
    }
    let tracing = runner
        .call_tracing(
            "(null)",
            Vec::new(),
            Vec::new(),
            &peer,
            1,
            2,
            &peer,
            CallResults::new(),
            "off".to_owned(),
            0,
            0,
            key.secret()?,
            "p".to_owned(),
        )
        .await?;
    shown_outcomes.push(shown(&tracing, ""));

    let mut before = 0;
    let begun = Instant::now();
    for number in 0..invocations {
        let (script, results) = &steps[number % 2];
        let prev_data = if number % 2 == 0 { Vec::new() } else { prev.clone() };
        let outcome = runner
            .call(*script, prev_data, Vec::new(), &peer, 1, 2, &peer, results.clone(), &key, "p".to_owned())
            .await?;
        if number % 2 == 0 {
            prev = outcome.data;
        }
        if number + 1 == invocations.min(1000) {
            before = runner.memory_stats().memory_size;
        }
    }
    let stats = runner.memory_stats();
    println!(
        "{name}: first invocation {:?}, later {:?}; {invocations} in {} ms; memory {before}, then {} of {:?} bytes, {:?} refused",
        times[0],
        times[1],
        begun.elapsed().as_millis(),
        stats.memory_size,
        stats.total_memory_limit,
        stats.allocation_rejects
    );
    if name == "ours" && stats.memory_size > before + MAX_DRIFT_BYTES {
        return Err("memory grows".into());
    }
    Ok(shown_outcomes)
}

/// A store in memory that takes each invocation with an error for an anomaly.
#[derive(Clone, Default)]
struct Store(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    data: BTreeMap<String, Vec<u8>>,
    anomalies: Vec<String>,
}

impl DataStore for Store {
    type Error = std::io::Error;

    fn initialize(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }

    fn store_data(&mut self, data: &[u8], particle: &str, peer: &str) -> Result<(), Self::Error> {
        self.0.lock().unwrap().data.insert(format!("{particle} {peer}"), data.to_vec());
        Ok(())
    }

    fn read_data(&mut self, particle: &str, peer: &str) -> Result<Vec<u8>, Self::Error> {
        Ok(self.0.lock().unwrap().data.get(&format!("{particle} {peer}")).cloned().unwrap_or_default())
    }

    fn cleanup_data(&mut self, particle: &str, peer: &str) -> Result<(), Self::Error> {
        self.0.lock().unwrap().data.remove(&format!("{particle} {peer}"));
        Ok(())
    }

    fn detect_anomaly(&self, _time: Duration, _memory: usize, outcome: &RawAVMOutcome) -> bool {
        outcome.ret_code != 0
    }

    fn collect_anomaly_data(&mut self, _: &str, _: &str, data: AnomalyData<'_>) -> Result<(), Self::Error> {
        self.0.lock().unwrap().anomalies.push(serde_json::to_string(&data)?);
        Ok(())
    }
}

/// Two steps and an error in `AVM`; the anomaly that it wrote.
async fn with_store(module: &Path) -> Fallible<String> {
    let store = Store::default();
    let config = AVMConfig {
        air_wasm_path: PathBuf::from(module),
        max_heap_size: Some(MEMORY_LIMIT_BYTES),
        logging_mask: 0,
        data_store: Box::new(store.clone()),
    };
    let mut avm = AVM::new(config, WasmtimeWasmBackend::new(Default::default())?)
        .await
        .map_err(|error| error.to_string())?;
    let key = key()?;
    let peer = key.get_peer_id().to_string();
    let script = format!(r#"(seq (call "{peer}" ("s" "f") [] x) (fail 7 "on purpose"))"#);
    let parameters = || ParticleParameters::new(peer.clone().into(), "p".into(), 1, 2, peer.clone().into());
    let first = avm
        .call(script.clone(), Vec::new(), parameters(), CallResults::new(), &key)
        .await
        .map_err(|error| error.to_string())?;
    assert_eq!(first.call_requests.len(), 1);
    let results = [(1, CallServiceResult { ret_code: 0, result: serde_json::json!("x") })].into();
    let second = avm.call(script, Vec::new(), parameters(), results, &key).await;
    assert!(second.is_err(), "the script fails");
    avm.cleanup_data("p", &peer).map_err(|error| error.to_string())?;
    let kept = store.0.lock().unwrap();
    assert!(kept.data.is_empty());
    Ok(kept.anomalies.first().ok_or("no anomaly was written")?.clone())
}

fn read_anomaly(text: &str) -> Fallible<()> {
    let anomaly: AnomalyData<'_> = serde_json::from_str(text)?;
    let outcome: RawAVMOutcome = serde_json::from_slice(&anomaly.avm_outcome)?;
    let particle: ParticleParameters<'_> = serde_json::from_slice(&anomaly.particle)?;
    let results: CallResults = serde_json::from_slice(&anomaly.call_results)?;
    println!(
        "anomaly of {}: code {}, {} requests, {} results, {:?}",
        particle.particle_id,
        outcome.ret_code,
        outcome.call_requests.len(),
        results.len(),
        anomaly.execution_time
    );
    Ok(())
}
