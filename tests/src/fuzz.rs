//! Fuzzing that needs nothing but stable Rust: inputs are made from seeds by small damage, and a target says what has to
//! hold for each. A short run is part of the tests, `AIR_FUZZ=1000000` makes a long one. A failure prints the input and
//! the `AIR_SEED` that repeats it with `AIR_FUZZ=1`.
//!
//! Only the standard library is used, so that tests of any crate can take this file in by its path.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Longer seeds are cut: many short inputs find more than a few long ones.
const MAX_SEED_BYTES: usize = 3_000;

/// Longer inputs are cut.
const MAX_INPUT_BYTES: usize = 6_000;

/// No input takes so long, not even in a debug build on a busy machine.
const MAX_TIME: Duration = Duration::from_secs(20);

/// Makes inputs from seeds and words of the field, and gives each to the target.
pub fn fuzz(target: &str, usual: u64, seeds: &[Vec<u8>], words: &[&str], check: impl Fn(&[u8])) {
    let number = |name: &str| std::env::var(name).ok().and_then(|number| number.parse::<u64>().ok());
    let executions = number("AIR_FUZZ").unwrap_or(usual);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    // The same ones in CI, so that a result depends on the change alone; elsewhere they are fresh.
    let in_ci = std::env::var("CI").is_ok_and(|it| it == "true");
    let first = number("AIR_SEED").unwrap_or(if in_ci { 20_261_123 } else { now.as_secs() << 24 });
    let (begun, mut longest) = (Instant::now(), Duration::ZERO);
    for seed in first..first + executions {
        let input = input(&mut Random::new(seed), seeds, words);
        let start = Instant::now();
        let result = catch_unwind(AssertUnwindSafe(|| check(&input)));
        longest = longest.max(start.elapsed());
        let slow = start.elapsed() > MAX_TIME;
        if result.is_err() || slow {
            println!(
                "{target}: AIR_SEED={seed} AIR_FUZZ=1 repeats it; the input:\n{}",
                String::from_utf8_lossy(&input)
            );
        }
        result.unwrap_or_else(|panic| resume_unwind(panic));
        assert!(!slow, "{target}: {:?}", start.elapsed());
    }
    println!("{target}: {executions} executions in {:?}, the longest {longest:?}", begun.elapsed());
}

/// Files of an extension in folders of the project and of the shared data, as seeds.
pub fn seeds(folders: &[PathBuf], extension: &str, most: usize) -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    let mut open = folders.to_vec();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.to_string_lossy().ends_with(extension) {
                files.push(path);
            }
        }
    }
    files.sort();
    let every = files.len().div_ceil(most.max(1)).max(1);
    let read = |path: &PathBuf| {
        let mut bytes = std::fs::read(path).unwrap_or_default();
        bytes.truncate(MAX_SEED_BYTES);
        bytes
    };
    files.iter().step_by(every).map(read).collect()
}

/// A folder of the shared data, which may be missing.
pub fn shared(folder: &str) -> PathBuf {
    let root = std::env::var_os("AIR_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    root.join(folder)
}

fn input(random: &mut Random, seeds: &[Vec<u8>], words: &[&str]) -> Vec<u8> {
    let mut bytes = if random.chance(20) { Vec::new() } else { random.pick(seeds).clone() };
    for _ in 0..1 + random.below(6) {
        damage(&mut bytes, random, seeds, words);
    }
    bytes.truncate(MAX_INPUT_BYTES);
    bytes
}

const EDGES: [&str; 12] = [
    "0",
    "-1",
    "1",
    "255",
    "65536",
    "2147483648",
    "4294967295",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "1e308",
    "0.1",
];

fn damage(bytes: &mut Vec<u8>, random: &mut Random, seeds: &[Vec<u8>], words: &[&str]) {
    let start = random.below(bytes.len() + 1);
    let most = if random.chance(4) { 300 } else { 12 };
    let length = random.below(most).min(bytes.len() - start);
    let range = start..start + length;
    match random.below(10) {
        0 if length > 0 => bytes[start] ^= 1 << random.below(8),
        1 => bytes.insert(start, random.next() as u8),
        2 => drop(bytes.drain(range)),
        3 => {
            let copy = bytes[range].to_vec();
            let copies = if random.chance(10) { 50 } else { 1 };
            bytes.splice(start..start, copy.repeat(copies));
        }
        4 => {
            let other = random.pick(seeds);
            let from = random.below(other.len() + 1);
            let to = (from + random.below(200)).min(other.len());
            bytes.splice(range, other[from..to].iter().copied());
        }
        5 => drop(bytes.splice(range, random.pick(&EDGES).bytes())),
        6 if length > 0 => bytes[range].reverse(),
        7 => {
            // What stands between two words of the field goes, with one of them.
            let end = (start + 1..bytes.len())
                .find(|at| !bytes[*at].is_ascii_alphanumeric())
                .unwrap_or(bytes.len());
            bytes.splice(start..end, random.pick(words).bytes());
        }
        8 => {
            drop(bytes.splice(range, "é\u{202e}\u{0}\r\n\u{feff}😀`\\".bytes().skip(random.below(8)).take(8)))
        }
        _ => drop(bytes.splice(start..start, random.pick(words).bytes())),
    }
}

/// xorshift64*: the same seed, the same input.
pub struct Random(u64);

impl Random {
    /// From a seed; neighbours are unlike each other.
    pub fn new(seed: u64) -> Random {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        random.next();
        random
    }

    /// The next number.
    #[allow(clippy::should_implement_trait, reason = "it never ends")]
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// Less than `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        ((self.next() >> 33) as usize) % limit.max(1)
    }

    /// True once in `n`.
    pub fn chance(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// One of them.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}
