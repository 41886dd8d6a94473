//! A progress bar: only on a terminal, only after a while.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::output::Output;

/// Shorter work shows no bar.
const DELAY_OF_BAR: Duration = Duration::from_millis(200);

/// How far a run over many scripts is.
pub struct Progress {
    start: Instant,
    total: usize,
    done: usize,
    bar: Option<ProgressBar>,
    /// Whether a bar may appear at all.
    wanted: bool,
}

impl Progress {
    /// For so many scripts.
    pub fn new(total: usize, output: &Output) -> Progress {
        let wanted = output.err_is_terminal() && !output.quiet() && total > 1;
        Progress { start: Instant::now(), total, done: 0, bar: None, wanted }
    }

    /// One more is done.
    pub fn step(&mut self, output: &mut Output) {
        self.done += 1;
        self.look(output);
    }

    /// Shows the bar when it is time.
    pub fn look(&mut self, output: &mut Output) {
        if self.wanted && self.bar.is_none() && self.start.elapsed() >= DELAY_OF_BAR {
            let bar = ProgressBar::with_draw_target(Some(self.total as u64), ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} scripts, {elapsed}") {
                bar.set_style(style);
            }
            output.set_bar(Some(bar.clone()));
            self.bar = Some(bar);
        }
        if let Some(bar) = &self.bar {
            bar.set_position(self.done as u64);
        }
    }
}
