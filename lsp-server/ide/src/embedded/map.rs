//! Which bytes of a script come from which bytes of its host file.

use std::ops::Range;

use air_syntax::{TextRange, TextSize};

/// Stretches of a script in order, each with the bytes of the host that it comes from. Between two of them the host may
/// have bytes that the script lacks: indentation, and line ends that are escaped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Map {
    stretches: Vec<Stretch>,
}

/// Bytes that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stretch {
    script: Range<usize>,
    host: Range<usize>,
    /// Whether they are the same bytes on both sides; else they are an escape or a hole, which cannot be divided.
    same: bool,
}

impl Map {
    /// Adds what comes next on both sides.
    pub(crate) fn push(&mut self, script: Range<usize>, host: Range<usize>, same: bool) {
        if let Some(last) = self.stretches.last_mut()
            && (last.same && same && last.host.end == host.start)
        {
            last.script.end = script.end;
            last.host.end = host.end;
            return;
        }
        self.stretches.push(Stretch { script, host, same });
    }

    /// Takes the script's ends off and counts from the new start.
    pub(crate) fn cut(&mut self, kept: &Range<usize>) {
        self.stretches.retain(|it| it.script.end > kept.start && it.script.start < kept.end);
        for stretch in &mut self.stretches {
            let (before, after) = (
                kept.start.saturating_sub(stretch.script.start),
                stretch.script.end.saturating_sub(kept.end),
            );
            if stretch.same {
                stretch.host.start += before;
                stretch.host.end -= after;
            }
            stretch.script =
                stretch.script.start + before - kept.start..stretch.script.end - after - kept.start;
        }
    }

    /// The host's bytes from the first to the last of the script's.
    pub(crate) fn host(&self) -> Range<usize> {
        let (first, last) = (self.stretches.first(), self.stretches.last());
        first.map_or(0, |first| first.host.start)..last.map_or(0, |last| last.host.end)
    }

    /// The place in the host of a place in the script, right before the byte that comes next there. A place inside of an
    /// escape is the escape's start.
    pub(crate) fn to_host(&self, offset: usize) -> usize {
        let next = self.stretches.partition_point(|it| it.script.end <= offset);
        match self.stretches.get(next) {
            Some(it) if it.same => it.host.start + (offset - it.script.start),
            Some(it) => it.host.start,
            None => self.host().end,
        }
    }

    /// The same for the end of a range: right after the byte that is before it.
    fn end_to_host(&self, offset: usize) -> usize {
        let last = self.stretches.partition_point(|it| it.script.end < offset);
        match self.stretches.get(last) {
            Some(it) if it.same => it.host.start + (offset - it.script.start),
            Some(it) => it.host.end,
            None => self.host().end,
        }
    }

    /// The range in the host; escapes and holes are in it as wholes.
    pub(crate) fn range_to_host(&self, range: TextRange) -> TextRange {
        let (start, end) = (usize::from(range.start()), usize::from(range.end()));
        let host_start = self.to_host(start);
        let host_end = if start == end { host_start } else { self.end_to_host(end).max(host_start) };
        TextRange::new(TextSize::new(host_start as u32), TextSize::new(host_end as u32))
    }

    /// Whether a range of the script begins and ends where the host can be divided.
    pub(crate) fn divides(&self, range: TextRange) -> bool {
        [range.start(), range.end()].into_iter().map(usize::from).any(|offset| {
            let next = self.stretches.partition_point(|it| it.script.end <= offset);
            self.stretches.get(next).is_some_and(|it| !it.same && it.script.start < offset)
        })
    }

    /// The place in the script of a place in the host; the nearest one for bytes that the script lacks.
    pub(crate) fn to_script(&self, offset: usize) -> usize {
        let next = self.stretches.partition_point(|it| it.host.end <= offset);
        match self.stretches.get(next) {
            Some(it) if it.same => it.script.start + offset.saturating_sub(it.host.start),
            Some(it) => it.script.start,
            None => self.stretches.last().map_or(0, |last| last.script.end),
        }
    }
}
