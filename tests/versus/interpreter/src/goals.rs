//! The goals, and whether they are met.

use std::collections::HashMap;

use crate::cases::Runner;

/// What was measured, by runner, case and size.
#[derive(Default)]
pub struct Figures {
    pub instructions: HashMap<(Runner, &'static str, usize), f64>,
    pub milliseconds: HashMap<(Runner, &'static str, usize), f64>,
    /// CPU time of folds over so many elements on a small stack.
    pub long_folds: HashMap<usize, f64>,
}

impl Figures {
    fn count(&self, runner: Runner, case: &'static str, size: usize) -> f64 {
        self.instructions.get(&(runner, case, size)).copied().unwrap_or(f64::NAN)
    }

    fn time(&self, runner: Runner, case: &'static str, size: usize) -> f64 {
        self.milliseconds.get(&(runner, case, size)).copied().unwrap_or(f64::NAN)
    }

    /// With which power of the size the instructions grow between two sizes.
    fn growth(&self, runner: Runner, case: &'static str, from: usize, to: usize) -> f64 {
        let ratio = self.count(runner, case, to) / self.count(runner, case, from);
        ratio.ln() / (to as f64 / from as f64).ln()
    }
}

struct Goal {
    name: &'static str,
    figure: fn(&Figures) -> f64,
    must: f64,
    stretch: f64,
    /// Counted figures stop a change; times are told and left to people.
    gate: bool,
}

const fn goal(name: &'static str, figure: fn(&Figures) -> f64, must: f64, stretch: f64, gate: bool) -> Goal {
    Goal { name, figure, must, stretch, gate }
}

const GOALS: [Goal; 17] = [
    goal(
        "I1 par of 1000 calls, both invocations, ms",
        |f| f.time(Runner::Ours, "par of calls", 1000),
        7.0,
        4.0,
        false,
    ),
    goal(
        "I1 the same, reference's instructions / ours",
        |f| f.count(Runner::Ours, "par of calls", 1000) / f.count(Runner::Reference, "par of calls", 1000),
        1.0 / 3.0,
        0.2,
        true,
    ),
    goal(
        "I2 ap x 1000 and canon, M instructions",
        |f| f.count(Runner::Ours, "stream and canon", 1000) / 1e6,
        10.0,
        5.0,
        true,
    ),
    goal(
        "I3 1000 sequential calls, session, ms",
        |f| f.time(Runner::Kept, "sequential calls", 1000),
        200.0,
        60.0,
        false,
    ),
    goal(
        "I3 its growth from 100 to 1000, exponent",
        |f| f.growth(Runner::Kept, "sequential calls", 100, 1000),
        1.1,
        1.05,
        true,
    ),
    goal(
        "I4 1000 sequential calls, data in and out, ms",
        |f| f.time(Runner::Compiled, "sequential calls", 1000),
        1500.0,
        600.0,
        false,
    ),
    goal(
        "I4 the same, script read each time, too, ms",
        |f| f.time(Runner::Ours, "sequential calls", 1000),
        1500.0,
        600.0,
        false,
    ),
    goal(
        "I4 100 calls, our instructions / reference's",
        |f| {
            f.count(Runner::Compiled, "sequential calls", 100)
                / f.count(Runner::Reference, "sequential calls", 100)
        },
        0.25,
        0.1,
        true,
    ),
    goal(
        "I5 fold over 100,000 elements on 2 MB, ms",
        |f| f.long_folds.get(&100_000).copied().unwrap_or(f64::NAN),
        1000.0,
        200.0,
        true,
    ),
    goal(
        "I5 fold over 1,000,000 elements on 2 MB, ms",
        |f| f.long_folds.get(&1_000_000).copied().unwrap_or(f64::NAN),
        10_000.0,
        2000.0,
        true,
    ),
    goal("growth of par, 100 to 1000", |f| f.growth(Runner::Ours, "par of calls", 100, 1000), 1.1, 1.0, true),
    goal(
        "growth of par, session, 1000 to 10,000",
        |f| f.growth(Runner::Kept, "par of calls", 1000, 10_000),
        1.1,
        1.0,
        true,
    ),
    goal(
        "growth of streams, 100 to 1000",
        |f| f.growth(Runner::Ours, "stream and canon", 100, 1000),
        1.1,
        1.0,
        true,
    ),
    goal(
        "growth of folds over streams, 100 to 1000",
        |f| f.growth(Runner::Ours, "fold over a stream", 100, 1000),
        1.1,
        1.0,
        true,
    ),
    goal(
        "growth of maps, 100 to 1000",
        |f| f.growth(Runner::Ours, "map and canon", 100, 1000),
        1.1,
        1.0,
        true,
    ),
    goal(
        "growth of folds, empty, 1000 to 10,000",
        |f| f.growth(Runner::Kept, "fold, empty body", 1000, 10_000),
        1.1,
        1.0,
        true,
    ),
    goal(
        "growth of folds with ap, 1000 to 10,000",
        |f| f.growth(Runner::Kept, "fold, ap as body", 1000, 10_000),
        1.1,
        1.0,
        true,
    ),
];

/// Prints the table of goals; whether no gate is closed.
pub fn judge(figures: &Figures) -> bool {
    println!("\n{:<48} {:>9} {:>9} {:>9}", "goal", "figure", "must", "stretch");
    let mut open = true;
    for goal in &GOALS {
        let figure = (goal.figure)(figures);
        let verdict = match () {
            () if figure <= goal.stretch => "stretch met",
            () if figure <= goal.must => "met",
            () if !goal.gate => "over; a time, no gate",
            () => {
                open = false;
                "OVER"
            }
        };
        println!("{:<48} {figure:>9.2} {:>9.2} {:>9.2}  {verdict}", goal.name, goal.must, goal.stretch);
    }
    open
}
