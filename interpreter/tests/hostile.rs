//! Any bytes as data, call results and scripts: a code comes out, never a panic.
//!
//! `AIR_FUZZ` says how many executions (5,000); the seed is printed and `AIR_SEED` repeats it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod support;

use std::collections::BTreeMap;

use air_interpreter::data::{
    ApResult, CallResult, Envelope, ExecutedState, FoldSubTraceLore, InterpreterData, ParResult,
    SubTraceDesc, ValueRef,
};
use air_interpreter::{CallServiceResult, Outcome, ParsedScript, encode_call_results, invoke};
use support::network::{PEERS, answer, parameters, peer_id};
use support::random::Random;
use support::script::random_script;

fn answers(outcome: &Outcome) -> Vec<u8> {
    let results = outcome.call_requests.iter().flatten().map(|(id, request)| {
        let (ret_code, result) = answer(&request.function_name, "[]");
        (id.to_string(), CallServiceResult { ret_code, result })
    });
    encode_call_results(&results.collect::<BTreeMap<_, _>>())
}

fn scramble(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(4) {
        if bytes.is_empty() {
            bytes.push(random.next() as u8);
        }
        let at = random.below(bytes.len());
        match random.below(5) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = *random.pick(&[0, 1, 0x7f, 0x80, 0xc1, 0xff]),
            2 => bytes.truncate(at),
            3 => bytes.insert(at, random.next() as u8),
            _ => {
                let end = (at + random.below(16)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                let to = random.below(bytes.len());
                bytes.splice(to..to, piece);
            }
        }
    }
}

/// Numbers and kinds of states, which no signature protects.
fn tamper(data: &mut InterpreterData, random: &mut Random) {
    for _ in 0..=random.below(3) {
        let size = data.trace.len();
        if size == 0 {
            return;
        }
        let number = *random.pick(&[0, 1, 2, 3, 7, size as u32, 1000, 0xCAFE_BABE, u32::MAX - 1, u32::MAX]);
        let (from, to) = (random.below(size), random.below(size));
        match random.below(6) {
            0 => data.trace.swap(from, to),
            1 => drop(data.trace.remove(from)),
            2 => {
                let state = data.trace[from].clone();
                data.trace.insert(to, state);
            }
            3 => data.trace.insert(to, ExecutedState::Par(ParResult { left_size: number, right_size: 1 })),
            _ => match &mut data.trace[from] {
                ExecutedState::Par(par) => par.right_size = number,
                ExecutedState::Ap(ap) => {
                    *ap = ApResult { res_generations: vec![number; random.below(3)].into() }
                }
                ExecutedState::Fold(fold) => fold.lore.push(FoldSubTraceLore {
                    value_pos: number.min(size as u32 + 1),
                    subtraces_desc: vec![
                        SubTraceDesc {
                            begin_pos: number,
                            subtrace_len: random.below(4) as u32
                        };
                        2
                    ],
                }),
                ExecutedState::Call(CallResult::Executed(ValueRef::Stream { generation, .. })) => {
                    *generation = number
                }
                _ => {}
            },
        }
    }
}

#[test]
fn anything_gives_a_code() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let executions = number("AIR_FUZZ").unwrap_or(5_000);
    let seed = number("AIR_SEED").unwrap_or_else(|| {
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos() as u64
    });
    println!("seed {seed}");
    let mut random = Random::new(seed);
    let peers = PEERS.map(peer_id);
    let parameters: Vec<_> = (0..3).map(parameters).collect();
    let mut codes: BTreeMap<i64, u64> = BTreeMap::new();
    let mut count = 0;
    while count < executions {
        let text = random_script(&mut random, &peers);
        let script = ParsedScript::new(&text);
        if script.program().is_err() {
            continue;
        }
        let none = encode_call_results(&BTreeMap::new());
        let mut outcome = invoke(&script, &[], &[], &parameters[0], &none);
        for _ in 0..6 {
            let results = answers(&outcome);
            let honest = invoke(&script, &outcome.data, &[], &parameters[0], &results);
            for _ in 0..8 {
                let (mut prev, mut current) = (outcome.data.clone(), honest.data.clone());
                let mut results = results.clone();
                for bytes in [&mut prev, &mut current] {
                    let decoded = Envelope::decode(bytes).ok().and_then(|envelope| {
                        Some((envelope.clone().version, InterpreterData::decode(&envelope.inner_data).ok()?))
                    });
                    match (random.below(4), decoded) {
                        (0, _) => scramble(bytes, &mut random),
                        (1, Some((version, mut data))) => {
                            tamper(&mut data, &mut random);
                            let inner = data.encode().unwrap();
                            let interpreter_version = semver::Version::new(0, 64, 1);
                            *bytes =
                                Envelope { version, interpreter_version, inner_data: (&inner[..]).into() }
                                    .encode();
                        }
                        _ => {}
                    }
                }
                if random.chance(6) {
                    scramble(&mut results, &mut random);
                }
                let mut broken = text.clone().into_bytes();
                let other = if random.chance(12) {
                    scramble(&mut broken, &mut random);
                    Some(ParsedScript::new(&String::from_utf8_lossy(&broken)))
                } else {
                    None
                };
                let at = random.below(3);
                let outcome =
                    invoke(other.as_ref().unwrap_or(&script), &prev, &current, &parameters[at], &results);
                *codes.entry(outcome.ret_code).or_default() += 1;
                count += 1;
            }
            outcome = honest;
        }
    }
    println!("{count} executions: {codes:?}");
    assert!(codes.len() > 4, "{codes:?}");
}
