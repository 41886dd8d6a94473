//! Witnesses with as few moves as possible.

use super::explored::{Explored, schedule};
use super::search::FoundEnd;

/// Runs that are tried for one end.
const MAX_TRIES: usize = 80;

/// Moves that lead to an end: first as many of the found ones as are needed, then without those that are not.
pub(super) fn shrink(explored: &Explored<'_>, end: &FoundEnd) -> Vec<String> {
    let mut tries = 0;
    let mut leads = |moves: &[String]| {
        tries += 1;
        tries <= MAX_TRIES && leads_to(explored, moves, end.hash)
    };
    // By halves: the longer a beginning, the more surely it decides.
    let (mut too_few, mut enough) = (None, end.moves.len());
    while too_few.map_or(0, |few: usize| few + 1) < enough {
        let middle = (too_few.map_or(0, |few| few + 1) + enough) / 2;
        match leads(end.moves.get(..middle).unwrap_or_default()) {
            true => enough = middle,
            false => too_few = Some(middle),
        }
    }
    let mut moves = end.moves.get(..enough).unwrap_or_default().to_vec();
    let mut at = moves.len();
    while at > 0 {
        at -= 1;
        let mut fewer = moves.clone();
        fewer.remove(at);
        if leads(&fewer) {
            moves = fewer;
        }
    }
    moves
}

fn leads_to(explored: &Explored<'_>, moves: &[String], end: u64) -> bool {
    let Some(schedule) = schedule(moves) else { return false };
    explored.end_of(explored.network(schedule)) == Some(end)
}
